package server_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The table of judgements in docs/ARCHITECTURE.md names functions that exist.
func TestJudgementsExist(t *testing.T) {
	page, err := os.ReadFile("../../docs/ARCHITECTURE.md")
	require.NoError(t, err)
	_, section, found := strings.Cut(string(page), "## What is checked, and where")
	require.True(t, found)
	section, _, _ = strings.Cut(section, "\n## ")
	functions := map[string]map[string]bool{} // by package
	named := 0
	for line := range strings.Lines(section) {
		_, cells, _ := strings.Cut(strings.TrimPrefix(line, "| "), " |") // the first cell holds methods of the protocol
		for _, match := range regexp.MustCompile("`([a-z]+)\\.((?:\\w+\\.)?\\w+)`").FindAllStringSubmatch(cells, -1) {
			pkg, function := match[1], match[2]
			if functions[pkg] == nil {
				functions[pkg] = functionsOf(t, pkg)
			}
			require.True(t, functions[pkg][function], "%s.%s does not exist", pkg, function)
			named++
		}
	}
	require.Greater(t, named, 50)
}

// functionsOf returns the functions of a package, as Name or Type.Name.
func functionsOf(t *testing.T, pkg string) map[string]bool {
	names := map[string]bool{}
	for _, dir := range []string{"../../internal/" + pkg, "../../" + pkg} {
		sources, err := filepath.Glob(dir + "/*.go")
		require.NoError(t, err)
		for _, source := range sources {
			file, err := parser.ParseFile(token.NewFileSet(), source, nil, parser.SkipObjectResolution)
			require.NoError(t, err)
			for _, decl := range file.Decls {
				if f, ok := decl.(*ast.FuncDecl); ok {
					names[receiver(f)+f.Name.Name] = true
				}
			}
		}
	}
	return names
}

func receiver(f *ast.FuncDecl) string {
	if f.Recv == nil {
		return ""
	}
	kind := f.Recv.List[0].Type
	if pointer, ok := kind.(*ast.StarExpr); ok {
		kind = pointer.X
	}
	if name, ok := kind.(*ast.Ident); ok {
		return name.Name + "."
	}
	return ""
}
