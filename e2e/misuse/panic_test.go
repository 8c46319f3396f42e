package misuse

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/internal/wire"
	"github.com/klatch/klatch/sdk"
)

// panicServer is a server with points at which its work panics on demand (guard.PanicPoint): a build of its own, which
// no release is.
type panicServer struct {
	*testserver.Server
	program string
	account testserver.Account
	in      *bystanders
}

// makePanic has the next work of that kind for that meeting, participant or endpoint panic.
func (p *panicServer) makePanic(t *testing.T, point, of string) {
	t.Helper()
	require.NoError(t, os.WriteFile(p.program+".new", []byte(point+"\n"+of+"\n"), 0o600))
	require.NoError(t, os.Rename(p.program+".new", p.program+".panic"))
}

// requirePanicked waits for the panic, whose stack must be in the log.
func (p *panicServer) requirePanicked(t *testing.T, point, of string, stack ...string) {
	t.Helper()
	require.Eventually(t, func() bool {
		_, err := os.Stat(p.program + ".panic")
		return os.IsNotExist(err)
	}, testserver.Timeout, 5*time.Millisecond, "nothing panicked")
	for _, text := range append(stack, "a test: "+point+" of "+of) {
		require.Eventually(t, func() bool {
			return p.Logged(text)
		}, testserver.Timeout, 5*time.Millisecond, "the log has no %q", text)
	}
}

// join joins a meeting of the account with a bot.
func (p *panicServer) join(t *testing.T, meeting, id string, sends bool) *victim {
	t.Helper()
	v := &victim{faults: make(chan *fault.Error, 32)}
	var err error
	v.Meeting, err = sdk.InitMeeting(sdk.Options{
		URL: p.URL, Token: p.account.Token(t), MeetingID: meeting, ParticipantID: id, Name: id,
		WebcamEnabled: sends, Webcam: sdk.TestCard(sdk.CardOptions{Width: 320, Height: 180, Name: id}),
	})
	require.NoError(t, err)
	v.OnError(func(f *fault.Error) { v.faults <- f })
	require.NoError(t, v.Join(t.Context()))
	t.Cleanup(func() { _ = v.Leave(context.WithoutCancel(t.Context())) }) // it may be out
	return v
}

// victim is somebody whose meeting, stream or job a panic ends.
type victim struct {
	*sdk.Meeting
	faults chan *fault.Error
}

// told waits for a fault.
func (v *victim) told(t *testing.T, key string) *fault.Error {
	t.Helper()
	deadline := time.After(testserver.Timeout)
	for {
		select {
		case f := <-v.faults:
			if fmt.Sprintf("%d.%s", f.Code, f.Reason) == key {
				return f
			}
			t.Log(f)
		case <-deadline:
			require.FailNow(t, "nobody was told", key)
		}
	}
}

// receives waits for a packet of somebody's camera.
func (v *victim) receives(t *testing.T, from string) {
	t.Helper()
	require.Eventually(t, func() bool {
		p := v.Participant(from)
		return p != nil && p.Stream(sdk.Video) != nil
	}, testserver.Timeout, 5*time.Millisecond, "%s does not publish", from)
	ctx, cancel := context.WithTimeout(t.Context(), testserver.Timeout)
	defer cancel()
	_, err := v.Participant(from).Stream(sdk.Video).ReadRTP(ctx)
	require.NoError(t, err, "no media of %s", from)
}

// A panic ends one meeting, connection, delivery or job, with its fault and the stack in the log, and nothing of
// anybody else.
func TestPanics(t *testing.T) {
	program := filepath.Join(t.TempDir(), "klatch")
	out, err := exec.Command("go", "build", "-tags", "panicpoints", "-o", program, "github.com/klatch/klatch/cmd/klatch").
		CombinedOutput()
	require.NoError(t, err, string(out))
	h := testserver.Spawn(t, program, map[string]string{"webhook.allowPrivateTargets": "true", "log.level": "info"})
	p := &panicServer{Server: h, program: program, account: h.Account(t, nil), in: startBystanders(t, h)}
	p.in.watchEvents(t)
	for name, panics := range map[string]func(*testing.T, *panicServer){
		"the loop of a meeting":     panicInMeeting,
		"a subscribe connection":    panicInSubscriber,
		"a publish connection":      panicInPublisher,
		"the delivery of a webhook": panicInWebhook,
		"the worker of a job":       panicInJob("worker", "4011.WORKER_DIED", "worker.go"),
		"the supervision of a job":  panicInJob("supervision", "5001.SUPERVISION_FAILED", "run.go"),
	} {
		t.Run(name, func(t *testing.T) { panics(t, p) })
		p.in.checkUndisturbed(t)
	}
	require.Equal(t, 1, h.Starts())
	require.True(t, h.Running())
}

// checkUndisturbed checks that media still arrives, and that nobody was told of a fault or of a change in the meeting.
// What depends on how busy the machine is may change.
func (in *bystanders) checkUndisturbed(t *testing.T) {
	t.Helper()
	in.mu.Lock()
	before := in.packets
	in.mu.Unlock()
	require.Eventually(t, func() bool {
		in.mu.Lock()
		defer in.mu.Unlock()
		return in.packets >= before+20
	}, testserver.Timeout, 5*time.Millisecond, "no media arrives any more")
	in.mu.Lock()
	defer in.mu.Unlock()
	for _, e := range in.events {
		require.Regexp(t, `^\w+: (stream-paused|stream-resumed|video-quality-changed|quality-limitation)`, e)
	}
}

func panicInMeeting(t *testing.T, p *panicServer) {
	meeting, other := p.account.Meeting(t, nil), p.account.Meeting(t, nil)
	var sockets []*testserver.Socket
	for _, id := range []string{"ann", "bob"} {
		s, _ := p.Join(t, testserver.JoinParams(p.account.Token(t), meeting, id))
		sockets = append(sockets, s)
	}
	neighbor, _ := p.Join(t, testserver.JoinParams(p.account.Token(t), other, "cat"))
	p.makePanic(t, "meeting", meeting)
	_, refused := sockets[0].Call(t, wire.MethodPublishMessage, map[string]any{"topic": "CHAT", "message": "hello"})
	require.NotNil(t, refused)
	for _, s := range sockets {
		f := s.AwaitRemoval(t)
		require.Equal(t, "5101.INTERNAL", fmt.Sprintf("%d.%s", f.Code, f.Reason))
		require.Equal(t, refused.ID, f.ID, "one incident")
		require.Equal(t, meeting, f.MeetingID)
	}
	p.requirePanicked(t, "meeting", meeting, refused.ID, "room.go")
	neighbor.Do(t, wire.MethodPublishMessage, map[string]any{"topic": "CHAT", "message": "hello"})
	again, _ := p.Join(t, testserver.JoinParams(p.account.Token(t), meeting, "ann"))
	again.Do(t, wire.MethodPing, struct{}{})
}

func panicInSubscriber(t *testing.T, p *panicServer) {
	meeting := p.account.Meeting(t, nil)
	p.join(t, meeting, "sender", true)
	receiver, neighbor := p.join(t, meeting, "receiver", false), p.join(t, meeting, "neighbor", false)
	receiver.receives(t, "sender")
	neighbor.receives(t, "sender")
	p.makePanic(t, "subscribe", "receiver")
	p.join(t, meeting, "second", true) // which the receiver is offered
	f := receiver.told(t, "5101.INTERNAL")
	p.requirePanicked(t, "subscribe", "receiver", f.ID, "subscriber.go")
	receiver.receives(t, "second")
	receiver.receives(t, "sender")
	neighbor.receives(t, "second")
	require.Empty(t, neighbor.faults)
}

func panicInPublisher(t *testing.T, p *panicServer) {
	meeting := p.account.Meeting(t, nil)
	sender, neighbor := p.join(t, meeting, "publisher", true), p.join(t, meeting, "other", true)
	neighbor.receives(t, "publisher")
	p.makePanic(t, "publish", "publisher")
	f := sender.told(t, "5101.INTERNAL")
	p.requirePanicked(t, "publish", "publisher", f.ID, "upconn.go")
	sender.receives(t, "other")
	neighbor.receives(t, "publisher")
	require.Empty(t, neighbor.faults)
}

func panicInWebhook(t *testing.T, p *panicServer) {
	var here, there atomic.Int32
	endpoint := func(count *atomic.Int32) string {
		s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // its status is the answer
			count.Add(1)
		}))
		t.Cleanup(s.Close)
		return s.URL
	}
	victim, neighbor := endpoint(&here), endpoint(&there)
	p.makePanic(t, "webhook", victim)
	for _, url := range []string{victim, neighbor} {
		meeting := p.account.Meeting(t, map[string]any{
			"webhook": map[string]any{"endPoint": url, "events": []string{"participant-joined"}},
		})
		p.Join(t, testserver.JoinParams(p.account.Token(t), meeting, "ann"))
	}
	p.requirePanicked(t, "webhook", victim, "attempt.go", "SERVER_UNAVAILABLE")
	for _, count := range []*atomic.Int32{&there, &here} { // the victim's with its next attempt
		require.Eventually(t, func() bool { return count.Load() > 0 }, testserver.Timeout, 5*time.Millisecond)
	}
}

// panicInJob has a recording panic, beside another one.
func panicInJob(point, key string, stack ...string) func(*testing.T, *panicServer) {
	return func(t *testing.T, p *panicServer) {
		meeting, other := p.account.Meeting(t, nil), p.account.Meeting(t, nil)
		ann, bob := p.join(t, meeting, "ann", true), p.join(t, other, "bob", true)
		require.NoError(t, bob.StartRecording(t.Context(), sdk.RecordingOptions{}))
		if point == "supervision" {
			require.NoError(t, ann.StartRecording(t.Context(), sdk.RecordingOptions{}))
			p.makePanic(t, point, meeting)
		} else {
			p.makePanic(t, point, meeting)
			require.Error(t, ann.StartRecording(t.Context(), sdk.RecordingOptions{}))
		}
		f := ann.told(t, key)
		p.requirePanicked(t, point, meeting, append(stack, f.ID)...)
		require.NoError(t, bob.StopRecording(t.Context()))
		require.Empty(t, bob.faults)
		var files []string
		require.Eventually(t, func() bool {
			_, body := p.REST(t, p.account.Token(t), http.MethodGet, "/v2/recordings?roomId="+other, nil)
			files = strings.Split(string(body), `"fileUrl"`)
			return len(files) == 2
		}, testserver.Timeout, 20*time.Millisecond, "the other recording is not complete")
	}
}
