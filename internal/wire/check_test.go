package wire_test

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

func ptr[T any](v T) *T { return &v }

// valid has params of every type that Check accepts.
var valid = []wire.Params{
	wire.NoParams{},
	wire.JoinParams{
		Protocol: wire.Version, Token: "token", MeetingID: "abcd-efgh-ijkl", ParticipantID: ptr("ann"), Name: "Ann",
		Mode: "CONFERENCE", MetaData: json.RawMessage(`{"a":[1]}`), AutoConsume: ptr(false),
		Client: wire.ClientInfo{SDKType: "js", SDKVersion: "1", Platform: "linux", BrowserUserAgent: "x"},
	},
	wire.ResumeParams{Protocol: wire.Version, SessionID: "s", ParticipantID: "ann", Secret: "secret", LastSeq: 0},
	wire.PublishParams{SDP: "v=0", Streams: []wire.PublishedStream{
		{MID: "0", Kind: wire.Audio, Enabled: true}, {MID: "1", Kind: wire.ShareAudio},
		{MID: "2", Kind: wire.Share, DisplaySurface: wire.WindowSurface},
	}},
	wire.SetStreamParams{Kind: wire.Share},
	wire.SetStreamParams{Kind: wire.Share, Enabled: true, DisplaySurface: wire.MonitorSurface},
	wire.ConsumeParams{ParticipantID: "ann", Kind: wire.Video, Enabled: true},
	wire.PreferParams{Streams: []wire.StreamPreference{
		{ParticipantID: "ann", Kind: wire.Video, Quality: wire.Low, Width: 320, Height: 180},
		{ParticipantID: "ann", Kind: wire.Audio, Paused: true},
	}, Change: wire.ChangePause},
	wire.AnswerParams{OfferID: 1, SDP: "v=0"},
	wire.PlayParams{SDP: "v=0"},
	wire.SetModeParams{Mode: "RECV_ONLY"},
	wire.RespondEntryParams{ParticipantID: "ann", Decision: wire.Denied},
	wire.RequestStreamParams{ParticipantID: "ann", Kind: wire.Video},
	wire.ParticipantParams{ParticipantID: "ann"},
	wire.LeaveParams{Reason: wire.LeavesForAnother},
	wire.PinParams{ParticipantID: "ann", State: wire.PinState{Cam: true}},
	wire.RestrictParams{Audio: new(false), Video: new(true), Share: new(true), Chat: new(true)},
	wire.PublishMessageParams{Topic: "chat", Message: "hello", SendOnly: []string{"ann"}, Payload: json.RawMessage(`{}`)},
	wire.SubscribeTopicParams{Topic: "chat", OldMessageLimit: ptr(0)},
	wire.TopicParams{Topic: "chat"},
	wire.SetValueParams{Key: "k", Value: ptr("")},
	wire.KeyParams{Key: "k"},
	wire.ObserveValueParams{Key: "k"},
	wire.StopObservingParams{Key: "k"},
	wire.ReportParams{Fault: *fault.StartingVideoSourceAbsent("clip.ivf")},
	wire.ReportClearedParams{ID: "flt_01JD0000000000000000000000"},
	wire.StatsParams{
		DurationMs: 10_000, Camera: "usb", Microphone: "built-in",
		Streams: []wire.StreamMeasure{{Direction: wire.Send, Kind: wire.Video, Limitation: "none"}},
		Path:    &wire.PathMeasure{Candidate: "host", Protocol: "udp", Network: "wifi"},
	},
	wire.StartRecordingParams{},
	wire.StartLivestreamParams{},
	wire.StartHLSParams{},
}

// judgedElsewhere lists the fields whose size Check leaves to somebody else, with who that is.
var judgedElsewhere = map[string]string{
	"JoinParams.token":         "gate: 4002",
	"JoinParams.meetingId":     "gate: 4003",
	"JoinParams.participantId": "gate: 4004",

	"StartRecordingParams.config":     "egress, for REST too",
	"StartRecordingParams.webhookUrl": "egress, for REST too",
	"StartRecordingParams.awsDirPath": "egress, for REST too",
	"StartRecordingParams.onFailure":  "egress, for REST too",
	"StartLivestreamParams.outputs":   "egress, for REST too",
	"StartLivestreamParams.config":    "egress, for REST too",
	"StartLivestreamParams.onFailure": "egress, for REST too",
	"StartHLSParams.config":           "egress, for REST too",
	"StartHLSParams.onFailure":        "egress, for REST too",
}

// Every type of params in this package has a Check, and the tests below have an example of it.
func TestEveryParamsTypeHasACheck(t *testing.T) {
	sources, err := filepath.Glob("*.go")
	require.NoError(t, err)
	declared, checked := []string{}, map[string]bool{}
	for _, source := range sources {
		file, err := parser.ParseFile(token.NewFileSet(), source, nil, 0)
		require.NoError(t, err)
		for _, decl := range file.Decls {
			switch d := decl.(type) {
			case *ast.FuncDecl:
				if d.Recv != nil && d.Name.Name == "Check" {
					checked[d.Recv.List[0].Type.(*ast.Ident).Name] = true
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					if s, ok := spec.(*ast.TypeSpec); ok && strings.HasSuffix(s.Name.Name, "Params") {
						declared = append(declared, s.Name.Name)
					}
				}
			}
		}
	}
	examples := map[string]bool{}
	for _, params := range valid {
		examples[reflect.TypeOf(params).Name()] = true
	}
	for _, name := range declared {
		if name == "Params" || name == "EventParams" { // the interface; what the server sends
			continue
		}
		require.True(t, checked[name], "%s comes from outside and has no Check", name)
		require.True(t, examples[name], "%s has no example in this test", name)
	}
}

func TestCheckAcceptsValidParams(t *testing.T) {
	for _, params := range valid {
		require.Nil(t, params.Check(), "%T", params)
	}
}

// Whatever field of whatever message is too large, the fault names it.
func TestCheckBoundsEveryField(t *testing.T) {
	for _, params := range valid {
		kind := reflect.TypeOf(params)
		for i := range kind.NumField() {
			oversized(kind.Field(i).Type, reflect.ValueOf(params).Field(i), func(path string, value reflect.Value) {
				name := jsonName(kind.Field(i))
				if _, elsewhere := judgedElsewhere[kind.Name()+"."+name]; elsewhere {
					return
				}
				copied := reflect.New(kind).Elem()
				copied.Set(reflect.ValueOf(params))
				copied.Field(i).Set(value)
				f := copied.Interface().(wire.Params).Check()
				require.NotNil(t, f, "%s.%s%s is not bounded", kind.Name(), name, path)
				require.Less(t, len(f.Error()), 1000, "the fault repeats the value")
				if f.Reason == "BAD_PARAMS" && kind.Name() != "ReportParams" {
					require.Contains(t, f.Param, name)
				}
			})
		}
	}
}

func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

// oversized calls with for each text and list within a value, with a copy of the value in which that one is too large.
func oversized(kind reflect.Type, value reflect.Value, with func(path string, value reflect.Value)) {
	const size = wire.MaxFrameBytes
	large := reflect.New(kind).Elem()
	large.Set(value)
	switch kind.Kind() {
	case reflect.String:
		large.SetString(strings.Repeat("x", size))
		with("", large)
	case reflect.Slice:
		if kind.Elem().Kind() == reflect.Uint8 {
			large.SetBytes([]byte(`{"a":"` + strings.Repeat("x", size) + `"}`))
			with("", large)
			return
		}
		large.Set(reflect.MakeSlice(kind, 100_000, 100_000))
		with("", large)
		for i := range value.Len() {
			oversized(kind.Elem(), value.Index(i), func(path string, item reflect.Value) {
				list := reflect.MakeSlice(kind, value.Len(), value.Len())
				reflect.Copy(list, value)
				list.Index(i).Set(item)
				with(fmt.Sprintf("[%d]%s", i, path), list)
			})
		}
	case reflect.Struct:
		for i := range kind.NumField() {
			if !kind.Field(i).IsExported() || kind == reflect.TypeFor[fault.Error]() {
				continue // of a fault, Rebuild takes what the catalogue has
			}
			oversized(kind.Field(i).Type, value.Field(i), func(path string, item reflect.Value) {
				changed := reflect.New(kind).Elem()
				changed.Set(value)
				changed.Field(i).Set(item)
				with("."+jsonName(kind.Field(i))+path, changed)
			})
		}
	}
}

func TestCheck(t *testing.T) {
	join := func(change func(*wire.JoinParams)) wire.Params {
		p := wire.JoinParams{Protocol: wire.Version, Token: "not a token either", Name: "Ann"}
		change(&p)
		return p
	}
	publish := func(change func(*wire.PublishParams)) wire.Params {
		p := wire.PublishParams{SDP: "v=0", Streams: []wire.PublishedStream{
			{MID: "0", Kind: wire.Audio}, {MID: "1", Kind: wire.Video},
		}}
		change(&p)
		return p
	}
	prefer := func(streams ...wire.StreamPreference) wire.Params { return wire.PreferParams{Streams: streams} }
	video := func(width, height int, quality wire.Quality) wire.StreamPreference {
		return wire.StreamPreference{ParticipantID: "ann", Kind: wire.Video, Width: width, Height: height, Quality: quality}
	}
	for _, tt := range []struct {
		name        string
		params      wire.Params
		want, field string
	}{
		{"no protocol", join(func(p *wire.JoinParams) { p.Protocol = 0 }), "4107.BAD_PARAMS", "protocol"},
		{"newer protocol", join(func(p *wire.JoinParams) { p.Protocol = 2 }), "4107.BAD_PARAMS", "protocol"},
		{"long name", join(func(p *wire.JoinParams) { p.Name = strings.Repeat("é", 129) }), "4107.BAD_PARAMS", "name"},
		{"name of two lines", join(func(p *wire.JoinParams) { p.Name = "Ann\nBoss" }), "4107.BAD_PARAMS", "name"},
		{"metaData an array", join(func(p *wire.JoinParams) { p.MetaData = []byte(` [1]`) }), "4107.BAD_PARAMS", "metaData"},
		{"metaData a string", join(func(p *wire.JoinParams) { p.MetaData = []byte(`"x"`) }), "4107.BAD_PARAMS", "metaData"},
		{"metaData broken", join(func(p *wire.JoinParams) { p.MetaData = []byte(`{"x"`) }), "4107.BAD_PARAMS", "metaData"},
		{"unknown mode", join(func(p *wire.JoinParams) { p.Mode = "LISTENER" }), "3067.UNKNOWN_MODE", "mode"},

		{"resume of a newer protocol", wire.ResumeParams{Protocol: 2}, "4107.BAD_PARAMS", "protocol"},
		{"negative seq", wire.ResumeParams{Protocol: 1, LastSeq: -1}, "4107.BAD_PARAMS", "lastSeq"},

		{"no SDP", publish(func(p *wire.PublishParams) { p.SDP = "" }), "4107.BAD_SDP", "sdp"},
		{"long SDP", publish(func(p *wire.PublishParams) { p.SDP = strings.Repeat("v", wire.MaxSDPBytes+1) }),
			"4107.BAD_SDP", "sdp"},
		{"kind", publish(func(p *wire.PublishParams) { p.Streams[1].Kind = "smell" }),
			"4107.BAD_PARAMS", "streams[1].kind"},
		{"kind twice", publish(func(p *wire.PublishParams) { p.Streams[1].Kind = wire.Audio }),
			"4107.BAD_PARAMS", "streams[1].kind"},
		{"no mid", publish(func(p *wire.PublishParams) { p.Streams[0].MID = "" }), "4107.BAD_PARAMS", "streams[0].mid"},
		{"long mid", publish(func(p *wire.PublishParams) { p.Streams[0].MID = strings.Repeat("m", wire.MaxMIDBytes+1) }),
			"4107.BAD_PARAMS", "streams[0].mid"},
		{"mid twice", publish(func(p *wire.PublishParams) { p.Streams[1].MID = "0" }),
			"4107.BAD_PARAMS", "streams[1].mid"},
		{"answer to no offer", wire.AnswerParams{SDP: "v=0"}, "4107.BAD_PARAMS", "offerId"},
		{"empty answer", wire.AnswerParams{OfferID: 1}, "4107.BAD_SDP", "sdp"},
		{"empty offer of a player", wire.PlayParams{}, "4107.BAD_SDP", "sdp"},
		{"long answer", wire.AnswerParams{OfferID: 1, SDP: strings.Repeat("v", wire.MaxSDPBytes+1)}, "4107.BAD_SDP", "sdp"},
		{
			"surface of a share", wire.SetStreamParams{Kind: wire.Share, Enabled: true, DisplaySurface: "screen"},
			"4107.BAD_PARAMS", "displaySurface",
		},
		{
			"surface of a camera", wire.SetStreamParams{Kind: wire.Video, Enabled: true, DisplaySurface: "window"},
			"4107.BAD_PARAMS", "displaySurface",
		},
		{
			"surface of a share that ends", wire.SetStreamParams{Kind: wire.Share, DisplaySurface: "window"},
			"4107.BAD_PARAMS", "displaySurface",
		},
		{
			"surface of an offered camera", wire.PublishParams{SDP: "v=0", Streams: []wire.PublishedStream{
				{MID: "0", Kind: wire.Video, DisplaySurface: "window"},
			}}, "4107.BAD_PARAMS", "streams[0].displaySurface",
		},
		{"kind of an own stream", wire.SetStreamParams{Kind: "VIDEO"}, "4107.BAD_PARAMS", "kind"},
		{"kind of another's", wire.ConsumeParams{Kind: ""}, "4107.BAD_PARAMS", "kind"},

		{"no preference", prefer(), "4107.BAD_PARAMS", "streams"},
		{"preference of nobody", prefer(wire.StreamPreference{Kind: wire.Video}),
			"4107.BAD_PARAMS", "streams[0].participantId"},
		{"preference of an unknown kind", prefer(wire.StreamPreference{ParticipantID: "ann", Kind: "smell"}),
			"4107.BAD_PARAMS", "streams[0].kind"},
		{"unknown quality", prefer(video(0, 0, ""), wire.StreamPreference{ParticipantID: "bob", Kind: wire.Share,
			Quality: "medium"}), "4107.BAD_PARAMS", "streams[1].quality"},
		{"quality of sound", prefer(wire.StreamPreference{ParticipantID: "ann", Kind: wire.Audio, Quality: wire.Low}),
			"4107.BAD_PARAMS", "streams[0].quality"},
		{"size of sound", prefer(wire.StreamPreference{ParticipantID: "ann", Kind: wire.ShareAudio, Width: 2, Height: 2}),
			"4107.BAD_PARAMS", "streams[0].width"},
		{"width alone", prefer(video(640, 0, "")), "4107.BAD_PARAMS", "streams[0].height"},
		{"height alone", prefer(video(0, 360, "")), "4107.BAD_PARAMS", "streams[0].width"},
		{"negative width", prefer(video(-1, 360, "")), "4107.BAD_PARAMS", "streams[0].width"},
		{"huge height", prefer(video(640, wire.MaxPixels+1, "")), "4107.BAD_PARAMS", "streams[0].height"},
		{"stream preferred twice", prefer(video(640, 360, ""), video(0, 0, wire.Low)), "4107.BAD_PARAMS", "streams[1]"},
		{"unknown change", wire.PreferParams{Streams: []wire.StreamPreference{video(0, 0, "")}, Change: "mute"},
			"4107.BAD_PARAMS", "change"},

		{"no mode", wire.SetModeParams{}, "3067.UNKNOWN_MODE", "mode"},
		{"decision", wire.RespondEntryParams{Decision: "maybe"}, "4107.BAD_PARAMS", "decision"},
		{"share by request", wire.RequestStreamParams{Kind: wire.Share}, "4107.BAD_PARAMS", "kind"},

		{"no topic", wire.PublishMessageParams{}, "4087.BAD_TOPIC", "topic"},
		{"topic with a null byte", wire.PublishMessageParams{Topic: "a\x00b"}, "4087.BAD_TOPIC", "topic"},
		{"topic of two lines", wire.PublishMessageParams{Topic: "a\nb"}, "4087.BAD_TOPIC", "topic"},
		{"topic that is not UTF-8", wire.PublishMessageParams{Topic: "\xff"}, "4087.BAD_TOPIC", "topic"},
		{"object a list", wire.PublishMessageParams{Topic: "t", Message: "[1]", Object: true}, "4107.BAD_PARAMS", "message"},
		{"object of nothing", wire.PublishMessageParams{Topic: "t", Object: true}, "4107.BAD_PARAMS", "message"},
		{"payload a string", wire.PublishMessageParams{Topic: "t", Payload: []byte(`"text"`)}, "4107.BAD_PARAMS", "payload"},
		{"topic to subscribe to", wire.SubscribeTopicParams{Topic: "a\nb"}, "4088.BAD_TOPIC", "topic"},
		{"negative limit", wire.SubscribeTopicParams{Topic: "t", OldMessageLimit: ptr(-1)},
			"4107.BAD_PARAMS", "oldMessageLimit"},
		{"topic to unsubscribe from", wire.TopicParams{}, "4089.BAD_TOPIC", "topic"},
		{"no key to set", wire.SetValueParams{}, "4045.BAD_KEY", "key"},
		{"value of too many bytes", wire.SetValueParams{Key: "k", Value: ptr(strings.Repeat("é", 513))},
			"3072.VALUE", "value"},
		{"key to get", wire.KeyParams{Key: "a\x00b"}, "4046.BAD_KEY", "key"},
		{"key to observe", wire.ObserveValueParams{Key: strings.Repeat("k", 129)}, "4085.BAD_KEY", "key"},
		{"key not to observe", wire.StopObservingParams{Key: "\xff"}, "4086.BAD_KEY", "key"},

		{"fault of the server", wire.ReportParams{Fault: *fault.ServerUnavailableInternal()},
			"4107.BAD_PARAMS", "fault.reason"},
		{"fault without a reason", wire.ReportParams{Fault: fault.Error{Code: 3011}}, "4107.BAD_PARAMS", "fault"},
		{"fault of the future", wire.ReportParams{Fault: *fault.StartingVideoSourceAbsent("clip.ivf"), AgoMs: -1},
			"4107.BAD_PARAMS", "agoMs"},
		{"fault of long ago", wire.ReportParams{Fault: *fault.StartingVideoSourceAbsent("clip.ivf"), AgoMs: 3_600_001},
			"4107.BAD_PARAMS", "agoMs"},
		{"end of nothing", wire.ReportClearedParams{ID: "flt_"}, "4107.BAD_PARAMS", "id"},
		{"end of long ago", wire.ReportClearedParams{ID: "flt_01JD0000000000000000000000", AgoMs: 3_600_001},
			"4107.BAD_PARAMS", "agoMs"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := tt.params.Check()
			require.NotNil(t, f)
			entry, ok := f.Entry()
			require.True(t, ok)
			require.Equal(t, tt.want, entry.Key(), f.Detail)
			require.Equal(t, tt.field, f.Param, f.Detail)
		})
	}
}

// A message that is too large is told with its size and the limit.
func TestMessageTooLarge(t *testing.T) {
	p := wire.PublishMessageParams{Topic: "t", Message: strings.Repeat("x", wire.MaxMessageBytes), Payload: []byte(`{}`)}
	want := map[string]any{"bytes": int64(wire.MaxMessageBytes + 2), "limit": int64(wire.MaxMessageBytes)}
	require.Equal(t, want, p.Check().Details)
}

// The tags name fields that exist under that name, so that the decoder finds them.
func TestRequiredFieldsHaveNames(t *testing.T) {
	for _, params := range valid {
		kind := reflect.TypeOf(params)
		for i := range kind.NumField() {
			if kind.Field(i).Tag.Get("required") == "true" {
				name, options, _ := strings.Cut(kind.Field(i).Tag.Get("json"), ",")
				require.NotEmpty(t, name, "%s.%s", kind.Name(), kind.Field(i).Name)
				require.False(t, slices.Contains(strings.Split(options, ","), "omitempty"), "%s.%s", kind.Name(), name)
			}
		}
	}
}
