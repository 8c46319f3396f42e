package drill

import (
	"context"
	"net"
	"path/filepath"
	"strings"
	"time"

	"github.com/klatch/klatch/internal/gate"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/sdk"
)

// clientDrills are faults that a client finds: what an app asks of its devices and of the SDK, and a server that cannot
// be reached.
var clientDrills = []drill{
	{key: "3011.SOURCE_ABSENT", how: "switches on a camera whose source is a file that does not exist",
		run: joined(func(ctx context.Context, _ *environment, m *sdk.Meeting) error {
			return m.EnableWebcam(ctx, absentFile("camera.ivf"))
		})},
	{key: "3012.SOURCE_ABSENT", how: "switches on a microphone whose source is a file that does not exist",
		run: joined(func(ctx context.Context, _ *environment, m *sdk.Meeting) error {
			return m.UnmuteMic(ctx, absentFile("microphone.ogg"))
		})},
	{key: "3012.SOURCE_FORMAT", how: "switches on a microphone whose source is a picture",
		run: joined(func(ctx context.Context, _ *environment, m *sdk.Meeting) error {
			return m.UnmuteMic(ctx, sdk.TestCard(sdk.CardOptions{}))
		})},
	{key: "3035.NOT_JOINED", how: "mutes the microphone before the meeting is joined", place: record.DrillInAccount,
		run: func(ctx context.Context, e *environment) error {
			m, err := e.ready()
			if err != nil {
				return err
			}
			return m.MuteMic(ctx)
		},
		snippet: page("meeting.muteMic();")},
	{key: "3035.LEFT", how: "switches the camera on after the meeting was left",
		run: joined(func(ctx context.Context, _ *environment, m *sdk.Meeting) error {
			if err := m.Leave(ctx); err != nil {
				return err
			}
			return m.EnableWebcam(ctx, nil)
		}),
		snippet: page(`meeting.on("meeting-left", () => meeting.enableWebcam());`,
			`meeting.on("meeting-joined", () => meeting.leave());`, "meeting.join();")},
	{key: "3054.ALREADY", how: "mutes a microphone that is muted",
		run:     joined(func(ctx context.Context, _ *environment, m *sdk.Meeting) error { return m.MuteMic(ctx) }),
		snippet: page(`meeting.on("meeting-joined", () => meeting.muteMic());`, "meeting.join();")},
	{key: "3066.MODE", how: "switches the camera on in a mode that only receives",
		run: func(ctx context.Context, e *environment) error {
			m, err := e.join(ctx, gate.Grant{}, func(o *sdk.Options) { o.Mode = sdk.RecvOnly })
			if err != nil {
				return err
			}
			return m.EnableWebcam(ctx, nil)
		},
		snippet: page(`meeting.on("meeting-joined", () => meeting.enableWebcam());`, "meeting.join();")},
	{key: "3067.UNKNOWN_MODE", how: "joins in a mode that does not exist", place: record.DrillInAccount,
		run:     joinAs(func(o *sdk.Options) { o.Mode = "LISTENER" }),
		snippet: page("meeting.join();")},
	{key: "3072.VALUE", how: "puts a value into the realtime store that is too large",
		run: joined(func(ctx context.Context, _ *environment, m *sdk.Meeting) error {
			value := strings.Repeat("drill ", 20_000)
			return m.RealtimeStore().SetValue(ctx, "drill", &value)
		})},
	{key: "3073.OUT_OF_RANGE", how: "makes a meeting of the SDK with a negative time limit", place: record.DrillInAccount,
		run: joinAs(func(o *sdk.Options) { o.RequestTimeout = -time.Second })},
	{key: "3102.BAD_URL", how: "joins at an address that is none", place: record.DrillInAccount,
		run: joinAs(func(o *sdk.Options) { o.URL = "meet.invalid" })},
	{key: "3102.DNS", how: "joins at a server whose name does not exist", place: record.DrillInAccount,
		run: joinAs(func(o *sdk.Options) { o.URL = "https://nosuch.invalid" })},
	{key: "3102.REFUSED", how: "joins at an address of this machine at which no server listens",
		place: record.DrillInAccount,
		run: func(ctx context.Context, e *environment) error {
			address, err := closedPort()
			if err != nil {
				return err
			}
			return joinAs(func(o *sdk.Options) { o.URL = "http://" + address })(ctx, e)
		}},
	{key: "3102.NOT_HTTP", how: "joins at a server that does not speak HTTP", place: record.DrillInAccount,
		run: func(ctx context.Context, e *environment) error {
			address, err := e.speak("SSH-2.0-drill\r\n")
			if err != nil {
				return err
			}
			return joinAs(func(o *sdk.Options) { o.URL = "http://" + address })(ctx, e)
		}},
	{key: "3101.UDP_BLOCKED",
		how: "publishes from a client whose packets over UDP do not arrive, and which may not use TCP", takes: 12 * time.Second,
		run: func(ctx context.Context, e *environment) error {
			m, err := e.join(ctx, gate.Grant{}, func(o *sdk.Options) {
				o.PreferredProtocol, o.Simulate = sdk.UDPOnly, sdk.UDPCut
			})
			if err != nil {
				return err
			}
			go func() { _ = m.UnmuteMic(ctx, nil) }() // the fault comes as an event
			return nil
		}},
}

func absentFile(name string) sdk.Source {
	return sdk.FileSource(filepath.Join("nosuch", name), sdk.FileOptions{})
}

// page is a script for a page that has loaded the browser SDK.
func page(lines ...string) string {
	begin := `VideoSDK.config("{token}");
const meeting = VideoSDK.initMeeting({ meetingId: "{meeting}", name: "Drill" });
meeting.on("error", (e) => console.log(e.code, e.reason, e.detail, e.remedy));
`
	return begin + strings.Join(lines, "\n")
}

// ready makes a meeting of the SDK that has not been joined.
func (e *environment) ready() (*sdk.Meeting, error) {
	token, err := e.mint(gate.Grant{})
	if err != nil {
		return nil, err
	}
	return e.prepare(token)
}

// joined acts as somebody who is in the meeting and may moderate.
func joined(
	act func(ctx context.Context, e *environment, m *sdk.Meeting) error,
) func(context.Context, *environment) error {
	return func(ctx context.Context, e *environment) error {
		m, err := e.join(ctx, gate.Grant{Permissions: []string{gate.AllowJoin, gate.AllowMod}})
		if err != nil {
			return err
		}
		return act(ctx, e, m)
	}
}

func joinWith(g gate.Grant, change ...func(*sdk.Options)) func(context.Context, *environment) error {
	return func(ctx context.Context, e *environment) error {
		_, err := e.join(ctx, g, change...)
		return err
	}
}

func joinAs(change func(*sdk.Options)) func(context.Context, *environment) error {
	return joinWith(gate.Grant{}, change)
}

// closedPort returns an address of this machine at which nobody listens.
func closedPort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// speak listens until the drill ends, and answers every connection with a text.
func (e *environment) speak(text string) (address string, err error) {
	return e.listen(func(conn net.Conn) {
		_, _ = conn.Write([]byte(text)) // whoever is gone learns it from its own end
	})
}
