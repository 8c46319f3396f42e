package sdk_test

import (
	"context"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testprocess"
	"github.com/klatch/klatch/internal/wire"
	"github.com/klatch/klatch/sdk"
)

// programs are sources of programs that tests of the whole product run: klatch doctor, and the client of drills.
var programs = []string{"../internal/doctor/media.go", "../internal/drill/client.go"}

// serverCall is a call whose options go to the server, with a value for each that no default is.
type serverCall struct {
	options any
	values  map[string]any
	make    func(ctx context.Context, m *sdk.Meeting, options any) error
}

var serverCalls = []serverCall{
	{sdk.RecordingOptions{}, map[string]any{
		"Config": &sdk.EgressConfig{Theme: sdk.ThemeLight}, "WebhookURL": "https://example.org/hook", "AWSDirPath": "there",
		"OnFailure": sdk.RestartOnFailure,
	}, func(ctx context.Context, m *sdk.Meeting, o any) error {
		return m.StartRecording(ctx, o.(sdk.RecordingOptions))
	}},
	{sdk.LivestreamOptions{}, map[string]any{
		"Config": &sdk.EgressConfig{Theme: sdk.ThemeLight}, "OnFailure": sdk.RestartOnFailure,
	}, func(ctx context.Context, m *sdk.Meeting, o any) error {
		return m.StartLivestream(ctx, nil, o.(sdk.LivestreamOptions))
	}},
	{sdk.HLSOptions{}, map[string]any{
		"Config": &sdk.EgressConfig{Theme: sdk.ThemeLight}, "OnFailure": sdk.RestartOnFailure,
	}, func(ctx context.Context, m *sdk.Meeting, o any) error { return m.StartHLS(ctx, o.(sdk.HLSOptions)) }},
	{sdk.LivestreamOutput{}, map[string]any{
		"URL": "rtmp://example.org/live", "StreamKey": "key",
	}, func(ctx context.Context, m *sdk.Meeting, o any) error {
		return m.StartLivestream(ctx, []sdk.LivestreamOutput{o.(sdk.LivestreamOutput)}, sdk.LivestreamOptions{})
	}},
	{sdk.PublishOptions{}, map[string]any{
		"Persist": true, "SendOnly": []string{"bob"}, "Payload": map[string]any{"n": 1}, "Object": true,
	}, func(ctx context.Context, m *sdk.Meeting, o any) error {
		_, err := m.PubSub().Publish(ctx, "CHAT", "{}", o.(sdk.PublishOptions))
		return err
	}},
	{sdk.SubscribeOptions{}, map[string]any{
		"OldMessageLimit": new(5),
	}, func(ctx context.Context, m *sdk.Meeting, o any) error {
		_, err := m.PubSub().Subscribe(ctx, "CHAT", func(sdk.Message) {}, o.(sdk.SubscribeOptions))
		return err
	}},
	{sdk.PinState{}, map[string]any{
		"Cam": true, "Share": true,
	}, func(ctx context.Context, m *sdk.Meeting, o any) error {
		return m.LocalParticipant().Pin(ctx, o.(sdk.PinState))
	}},
}

// Every field of the options of calls that ask the server changes what it is asked. A field without a value here fails.
func TestEveryOptionReachesTheServer(t *testing.T) {
	t.Parallel()
	s := script(t, nil)
	m := s.join(nil)
	for _, call := range serverCalls {
		asks := func(options any) string {
			before := len(s.asked())
			require.NoError(t, call.make(t.Context(), m, options))
			text, err := json.Marshal(s.asked()[before:])
			require.NoError(t, err)
			return regexp.MustCompile(`"id":\d+`).ReplaceAllString(string(text), "")
		}
		kind := reflect.TypeOf(call.options)
		plain := asks(call.options)
		for i := range kind.NumField() {
			name := kind.Field(i).Name
			value := call.values[name]
			require.NotNil(t, value, "%s.%s has no value", kind, name)
			options := reflect.New(kind).Elem()
			options.Field(i).Set(reflect.ValueOf(value))
			require.NotEqual(t, plain, asks(options.Interface()), "%s.%s is taken and ignored", kind, name)
		}
	}
}

// asked returns the requests so far.
func (s *scripted) asked() []wire.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// A program that is told to end leaves the meeting, where it asked for that.
func TestLeaveOnSignal(t *testing.T) {
	const place = "KLATCH_TEST_LEAVE_ON_SIGNAL"
	if url := os.Getenv(place); url != "" { // the program
		m, err := sdk.InitMeeting(sdk.Options{
			URL: url, Token: "token", MeetingID: "abcd-efgh-ijkl", ParticipantID: "ann", LeaveOnSignal: true,
		})
		require.NoError(t, err)
		require.NoError(t, m.Join(t.Context()))
		require.NoError(t, syscall.Kill(os.Getpid(), syscall.SIGTERM))
		<-m.Done()
		select {} // the signal ends it
	}
	t.Parallel()
	s := script(t, nil)
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestLeaveOnSignal$")
	cmd.Env = append(os.Environ(), place+"="+s.url)
	testprocess.Start(t, cmd)
	require.Eventually(t, func() bool {
		return slices.ContainsFunc(s.asked(), func(r wire.Request) bool { return r.Method == wire.MethodLeave })
	}, 15*time.Second, 20*time.Millisecond, "it did not leave")
}

// Nothing is taken and ignored: every field of every struct that a call of this package takes is set by a test, which
// sees what it does. The fields are read from the source, and so is what the tests set: a field of a literal of that
// type, or an assignment.
func TestEveryOptionIsSetByATest(t *testing.T) {
	t.Parallel()
	fields := optionFields(t)
	require.Greater(t, len(fields), 10)
	set := map[string]bool{}
	for _, root := range []string{".", "../e2e", "../internal", "../cmd"} {
		err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			if err == nil && entry.Name() == "node_modules" {
				return filepath.SkipDir
			}
			if err == nil && strings.HasSuffix(path, "_test.go") {
				collectSet(t, path, set)
			}
			return err
		})
		require.NoError(t, err)
	}
	for _, program := range programs {
		collectSet(t, program, set)
	}
	for of, names := range fields {
		if slices.ContainsFunc(serverCalls, func(c serverCall) bool { return reflect.TypeOf(c.options).Name() == of }) {
			continue // TestEveryOptionReachesTheServer walks it
		}
		for _, name := range names {
			at := of + "." + name
			if set[at] || set["."+name] && of == "Options" {
				continue
			}
			t.Errorf("no test sets %s", at)
		}
	}
}

// optionFields returns the exported fields of the structs that exported functions and methods take, and of the structs
// in those.
func optionFields(t *testing.T) map[string][]string {
	t.Helper()
	structs := map[string]*ast.StructType{}
	var wanted []string
	sources, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, source := range sources {
		if strings.HasSuffix(source, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), source, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.TypeSpec:
				if body, is := n.Type.(*ast.StructType); is && n.Name.IsExported() {
					structs[n.Name.Name] = body
				}
			case *ast.FuncDecl:
				if n.Name.IsExported() {
					for _, parameter := range n.Type.Params.List {
						wanted = append(wanted, named(parameter.Type))
					}
				}
			}
			return true
		})
	}
	fields := map[string][]string{}
	for len(wanted) > 0 {
		name := wanted[0]
		wanted = wanted[1:]
		body := structs[name]
		if body == nil || fields[name] != nil || !isOption(body) {
			continue
		}
		for _, field := range body.Fields.List {
			wanted = append(wanted, named(field.Type))
			for _, id := range field.Names {
				if id.IsExported() {
					fields[name] = append(fields[name], id.Name)
				}
			}
		}
	}
	return fields
}

// isOption reports whether a struct is made by callers: it has no fields of its own.
func isOption(body *ast.StructType) bool {
	return !slices.ContainsFunc(body.Fields.List, func(f *ast.Field) bool {
		return slices.ContainsFunc(f.Names, func(id *ast.Ident) bool { return !id.IsExported() })
	})
}

// named returns the name of a type of this package, behind pointers and lists.
func named(of ast.Expr) string {
	switch of := of.(type) {
	case *ast.Ident:
		return of.Name
	case *ast.StarExpr:
		return named(of.X)
	case *ast.ArrayType:
		return named(of.Elt)
	case *ast.Ellipsis:
		return named(of.Elt)
	}
	return ""
}

// collectSet adds what the literals and assignments of a file set, as Type.Field or .Field.
func collectSet(t *testing.T, path string, set map[string]bool) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	require.NoError(t, err)
	usesSDK := slices.ContainsFunc(file.Imports, func(i *ast.ImportSpec) bool {
		return i.Path.Value == `"github.com/klatch/klatch/sdk"`
	})
	if !usesSDK && file.Name.Name != "sdk" {
		return
	}
	var literal func(of string, body *ast.CompositeLit)
	literal = func(of string, body *ast.CompositeLit) {
		for _, element := range body.Elts {
			pair, is := element.(*ast.KeyValueExpr)
			if inner, is := element.(*ast.CompositeLit); is && inner.Type == nil {
				literal(of, inner) // an element of a list
			}
			if !is {
				continue
			}
			if key, is := pair.Key.(*ast.Ident); is {
				set[of+"."+key.Name] = true
			}
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CompositeLit:
			of := n.Type
			if list, is := of.(*ast.ArrayType); is {
				of = list.Elt
			}
			switch of := of.(type) {
			case *ast.SelectorExpr:
				if pkg, is := of.X.(*ast.Ident); is && pkg.Name == "sdk" {
					literal(of.Sel.Name, n)
				}
			case *ast.Ident:
				if file.Name.Name == "sdk" {
					literal(of.Name, n)
				}
			}
		case *ast.AssignStmt:
			for _, to := range n.Lhs {
				if selector, is := to.(*ast.SelectorExpr); is {
					set["."+selector.Sel.Name] = true
				}
			}
		}
		return true
	})
}
