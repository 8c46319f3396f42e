package sdk_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestExportsNoInternalType holds what a program outside this module can use: it cannot name a type of internal/.
func TestExportsNoInternalType(t *testing.T) {
	for _, path := range []string{"github.com/klatch/klatch/sdk", "github.com/klatch/klatch/sdk/testcard"} {
		pkg := load(t, path)
		w := &walker{t: t, seen: map[types.Type]bool{}}
		for _, name := range pkg.Scope().Names() {
			if object := pkg.Scope().Lookup(name); object.Exported() {
				w.walk(object.Type(), pkg.Name()+"."+name)
			}
		}
		require.Greater(t, len(w.seen), 5, "the types of %s were found", path)
	}
}

// load type-checks a package from the export data of the build cache.
func load(t *testing.T, path string) *types.Package {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-export", "-deps", "-json=ImportPath,Export", path).
		Output()
	require.NoError(t, err)
	exports := map[string]string{}
	for list := json.NewDecoder(bytes.NewReader(out)); ; {
		var one struct{ ImportPath, Export string }
		err := list.Decode(&one)
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		exports[one.ImportPath] = one.Export
	}
	open := func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) }
	pkg, err := importer.ForCompiler(token.NewFileSet(), "gc", open).Import(path)
	require.NoError(t, err)
	return pkg
}

// walker follows everything that a user of a type can reach: exported fields and methods, elements, and signatures.
type walker struct {
	t    *testing.T
	seen map[types.Type]bool
}

func (w *walker) walk(t types.Type, at string) {
	if t = types.Unalias(t); w.seen[t] {
		return
	}
	w.seen[t] = true
	switch t := t.(type) {
	case *types.Named:
		w.named(t, at)
	case *types.Pointer:
		w.walk(t.Elem(), at)
	case *types.Slice:
		w.walk(t.Elem(), at)
	case *types.Array:
		w.walk(t.Elem(), at)
	case *types.Chan:
		w.walk(t.Elem(), at)
	case *types.Map:
		w.walk(t.Key(), at)
		w.walk(t.Elem(), at)
	case *types.Signature:
		w.tuple(t.Params(), at)
		w.tuple(t.Results(), at)
	case *types.Struct:
		for field := range t.Fields() {
			if field.Exported() || field.Embedded() {
				w.walk(field.Type(), at+"."+field.Name())
			}
		}
	case *types.Interface:
		for method := range t.Methods() {
			w.walk(method.Type(), at+"."+method.Name())
		}
	}
}

func (w *walker) named(t *types.Named, at string) {
	object := t.Obj()
	if object.Pkg() == nil || !strings.HasPrefix(object.Pkg().Path(), "github.com/klatch/klatch/") {
		return
	}
	if strings.Contains(object.Pkg().Path(), "/internal/") {
		w.t.Errorf("%s is or holds %s", at, t)
		return
	}
	w.walk(t.Underlying(), at)
	for method := range t.Methods() {
		if method.Exported() {
			w.walk(method.Type(), fmt.Sprintf("%s.%s", at, method.Name()))
		}
	}
}

func (w *walker) tuple(list *types.Tuple, at string) {
	for v := range list.Variables() {
		w.walk(v.Type(), at)
	}
}
