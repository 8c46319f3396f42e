package server_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// inside are times in JSON that no client reads, as "package Type.Field".
var inside = map[string]bool{
	"meeting leaver.At":         true, // kept in SQL, to restore a session
	"meeting savedState.Locked": true, // the same
	"record IncidentEvent.At":   true, // kept in SQL; IncidentEventBody shows it
}

// Times have one precision wherever a client reads them: a field of JSON is a fault.Instant and never a time.Time,
// whose JSON has as many digits as it happens to need.
func TestTimesOfJSONAreInstants(t *testing.T) {
	instants := 0
	for _, dir := range []string{
		"../../fault", "../../sdk", "../drill", "../feed", "../meeting", "../quality", "../record", "../rest", "../signal",
		"../signin", "../webhook", "../whip", "../wire",
	} {
		sources, err := filepath.Glob(dir + "/*.go")
		require.NoError(t, err)
		require.NotEmpty(t, sources, dir)
		for _, source := range sources {
			if strings.HasSuffix(source, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), source, nil, parser.SkipObjectResolution)
			require.NoError(t, err)
			var of string
			ast.Inspect(file, func(n ast.Node) bool {
				if named, is := n.(*ast.TypeSpec); is {
					of = named.Name.Name
				}
				field, is := n.(*ast.Field)
				if !is || field.Tag == nil || len(field.Names) == 0 {
					return true
				}
				tag, err := strconv.Unquote(field.Tag.Value)
				require.NoError(t, err)
				if name, tagged := reflect.StructTag(tag).Lookup("json"); !tagged || name == "-" {
					return true
				}
				ast.Inspect(field.Type, func(n ast.Node) bool {
					if selector, is := n.(*ast.SelectorExpr); is {
						switch at := file.Name.Name + " " + of + "." + field.Names[0].Name; {
						case selector.Sel.Name == "Instant":
							instants++
						case selector.Sel.Name == "Time" && !inside[at]:
							t.Errorf("%s: %s is a time.Time in JSON; make it a fault.Instant", source, at)
						}
					}
					return true
				})
				return true
			})
		}
	}
	require.Greater(t, instants, 90)
}
