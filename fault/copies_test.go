package fault

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestMethodsReturnCopies(t *testing.T) {
	f := AccountDeactivatedDeactivated("2026-05-01T00:00:00Z").WithMeeting("abcd-efgh-ijkl", "s1", "ann")
	before := *f
	for _, tc := range []struct {
		name   string
		change func(*Error) *Error
	}{
		{"Because", func(f *Error) *Error { return f.Because(ServerUnavailableInternal()) }},
		{"CausedBy", func(f *Error) *Error { return f.CausedBy(newID()) }},
		{"WithMeeting", func(f *Error) *Error { return f.WithMeeting("other", "other", "other") }},
		{"WithDefaultMeeting", func(f *Error) *Error {
			return InvalidTokenEmpty().
				WithDefaultMeeting("other", "other", "other")
		}},
		{"WithAccount", func(f *Error) *Error { return f.WithAccount("account") }},
		{"WithFatal", func(f *Error) *Error { return f.WithFatal(!f.Fatal) }},
		{"RetryAfter", func(f *Error) *Error { return f.RetryAfter(time.Second) }},
		{"WithMessage", func(f *Error) *Error { return f.WithMessage("Closed.") }},
		{"Presentation", Presentation{"https://a.example", true, "Us", "help@a.example"}.Of},
	} {
		t.Run(tc.name, func(t *testing.T) {
			changed := tc.change(f)
			require.NotEqual(t, before, *changed)
			require.Equal(t, before, *f)
		})
	}
}

// One incident is told over two wires at once, each with its own place and presentation. Run with the race detector.
func TestTwoWiresDoNotSeeEachOthersChanges(t *testing.T) {
	shared := AccountDeactivatedDeactivated("2026-05-01T00:00:00Z")
	var wires sync.WaitGroup
	for _, name := range []string{"rest", "signaling", "webhook", "timeline"} {
		wires.Go(func() {
			presentation := Presentation{BaseURL: "https://" + name, Kept: true, Provider: name, Support: name + "@example.com"}
			for range 100 {
				sent := presentation.Of(shared.WithMeeting(name, "", name).WithAccount(name).
					WithFatal(name == "rest").Because(errors.New(name)))
				require.Equal(t, "https://"+name+"/errors/4006#DEACTIVATED", sent.Docs)
				require.Equal(t, "https://"+name+"/console/faults/"+shared.ID, sent.ConsoleURL)
				require.Contains(t, sent.Message,
					"deactivated by "+name+" for some reason, you can reach out to us at `"+name+"@example.com`")
				require.Equal(t, []string{name, name, name}, []string{sent.MeetingID, sent.ParticipantID, sent.Account()})
				require.Equal(t, shared.ID, sent.ID)
			}
		})
	}
	wires.Wait()
	require.Equal(t, "/errors/4006#DEACTIVATED", shared.Docs)
	require.Empty(t, shared.MeetingID+shared.Account()+shared.ConsoleURL)
}

// A method that returns a changed copy does nothing when its result is dropped. No other type of the repository has
// methods of these names that are called for their effect.
func TestChangedCopiesAreUsed(t *testing.T) {
	copies := map[string]bool{
		"Because": true, "CausedBy": true, "WithMeeting": true, "WithDefaultMeeting": true, "WithAccount": true,
		"WithFatal": true, "RetryAfter": true,
		"WithMessage": true,
	}
	fset := token.NewFileSet()
	require.NoError(t, filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == ".git"):
			return filepath.SkipDir
		case entry.IsDir() || !strings.HasSuffix(path, ".go"):
			return nil
		}
		file, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			statement, ok := n.(*ast.ExprStmt)
			if !ok {
				return true
			}
			if call, ok := statement.X.(*ast.CallExpr); ok {
				if method, ok := call.Fun.(*ast.SelectorExpr); ok && copies[method.Sel.Name] {
					t.Errorf("%s: the result of %s is dropped", fset.Position(call.Pos()), method.Sel.Name)
				}
			}
			return true
		})
		return nil
	}))
}
