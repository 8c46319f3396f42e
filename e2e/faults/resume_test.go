package faults

import (
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/internal/wire"
)

// resuming returns the params with which a session is taken up again.
func resuming(joined wire.JoinResult, lastSeq int64) wire.ResumeParams {
	return wire.ResumeParams{Protocol: wire.Version, SessionID: joined.SessionID, ParticipantID: joined.ParticipantID,
		Secret: joined.Secret, LastSeq: lastSeq}
}

var resumeScenarios = scenarios{
	"3103.WINDOW_PASSED": func(t *T) {
		h := testserver.Start(t, func(c *conf.Config) { c.Meeting.ResumeWindow = 3 * time.Second })
		account := h.Account(t, nil)
		meeting := account.Meeting(t, nil)
		bob, _ := h.Join(t, testserver.JoinParams(account.Token(t), meeting, "bob"))
		ann, joined := h.Join(t, testserver.JoinParams(account.Token(t), meeting, "ann"))
		again := h.Dial(t) // before: a session that was not resumed is remembered for one more window
		ann.Cut()
		t.waits()
		bob.Event(t, "participant-left", nil)
		_, f := again.Call(t, wire.MethodResume, resuming(joined, 0))
		t.ReadFrom(h, f)
		require.Equal(t, 3103, again.Closed(t))
	},
	"3103.SESSION_UNKNOWN": func(t *T) {
		ann, joined := t.Server.Join(t, testserver.JoinParams(t.Account().Token(t), t.Meeting(), "ann"))
		joined.Secret += "x"
		t.secret(joined.Secret)
		t.refusedCall(t.Server.Dial(t), wire.MethodResume, resuming(joined, 0))
		ann.Do(t, wire.MethodPing, map[string]any{}) // who guessed did no harm
	},
	"3103.SECRET_REUSED": func(t *T) {
		_, joined := t.Server.Join(t, testserver.JoinParams(t.Account().Token(t), t.Meeting(), "ann"))
		t.secret(joined.Secret)
		ann := t.Server.Dial(t)
		ann.Do(t, wire.MethodResume, resuming(joined, 0))
		ann.Do(t, wire.MethodPing, map[string]any{})
		t.refusedCall(t.Server.Dial(t), wire.MethodResume, resuming(joined, 0))
		ann.Do(t, wire.MethodPing, map[string]any{}) // the one who is in stays in
	},
	"3103.EVENTS_LOST": func(t *T) {
		meeting := t.Meeting()
		bob, joined := t.Server.Join(t, testserver.JoinParams(t.Account().Token(t), meeting, "bob"))
		bob.Do(t, wire.MethodSubscribeTopic, wire.SubscribeTopicParams{Topic: "CHAT"})
		seq := bob.Seq()
		bob.Cut()
		ann := t.Join(meeting, "ann")
		for range 1100 { // more than a session keeps; all at once, so that the time to resume does not pass
			ann.Post(t, wire.MethodPublishMessage, wire.PublishMessageParams{Topic: "CHAT", Message: "hello"})
		}
		ann.Do(t, wire.MethodPing, struct{}{})
		_, f := t.Server.Dial(t).Call(t, wire.MethodResume, resuming(joined, seq))
		t.Read(f)
	},
}
