package signal

import (
	"context"
	"crypto/rand"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/ratelimit"
	"github.com/klatch/klatch/internal/trace"
	"github.com/klatch/klatch/internal/wire"
)

// handshakes are the two requests with which a socket gets its session. They answer by themselves.
var handshakes = map[string]method[*conn]{
	wire.MethodJoin:   newMethod(join),
	wire.MethodResume: newMethod(resume),
}

// join lets the gate judge, then the meeting, and answers. Nothing about a meeting is said before the gate has spoken.
func join(ctx context.Context, c *conn, id int64, params wire.JoinParams) (_ any, err error) {
	if c.server.closed.Load() {
		return nil, fault.ServerUnavailableDraining()
	}
	// A join waits no longer than a socket may wait for one: clients give up a request after RequestTimeout.
	ctx, cancel := context.WithTimeout(ctx, min(c.server.opts.RequestTimeout, c.server.opts.JoinTimeout))
	defer cancel()

	software := params.Client.FaultClient()
	if known := c.software.Load(); known != nil && software.Browser == "" {
		software.Browser = known.Browser
	}
	c.software.Store(&software)
	ctx, span := trace.StartServer(trace.Extract(c.server.opts.Trace.With(ctx), params.Traceparent), "join")
	defer func() { // from here on the fault has its id
		if err != nil {
			err = fault.From(err)
		}
		span.End(err)
	}()
	checking, check := trace.Start(ctx, "check the token")
	admitted, err := c.server.opts.Admit(checking, params)
	if err != nil {
		err = fault.From(err)
	}
	check.End(err)
	if err != nil {
		return nil, err
	}
	span.Set("klatch.meeting.id", admitted.MeetingID, "klatch.participant.id", admitted.ParticipantID)
	if err := c.locateJoin(ctx, admitted); err != nil {
		return nil, err
	}
	admitted.Place = rand.Text()
	session := c.server.newSession(admitted.AccountID, admitted.Place)
	session.software = software // before the meeting may tell it something
	session.trace = trace.Detached(context.Background(), ctx)
	entering, enter := trace.Start(ctx, "enter the meeting")
	participant, result, err := c.server.opts.Meetings.Join(entering, admitted, session)
	if err != nil {
		err = fault.From(err)
	}
	enter.End(err)
	if err != nil {
		return nil, fault.From(err).WithAccount(admitted.AccountID).
			WithDefaultMeeting(admitted.MeetingID, "", admitted.ParticipantID)
	}
	span.Set("klatch.session.id", result.SessionID, "klatch.join.state", string(result.State))
	result.ResumeWindowMs = c.server.opts.ResumeWindow.Milliseconds()
	result.PingIntervalMs = c.server.opts.PingInterval.Milliseconds()
	result.TokenLeewayMs = c.server.opts.TokenLeeway.Milliseconds()
	if !admitted.Hidden && !admitted.Test {
		result.StatsIntervalMs = c.server.opts.StatsInterval.Milliseconds()
	}
	session.enter(c, participant, result, id)
	return nil, nil
}

// resume takes up a session with its secret. The wrong secret and the unknown session get the same answer.
func resume(ctx context.Context, c *conn, id int64, params wire.ResumeParams) (any, error) {
	if f := c.server.opts.Limiter.Check(c.client, ratelimit.FailedResumes); f != nil {
		return nil, f
	}
	session := c.server.find(params)
	if session == nil {
		var err error
		if session, err = c.locateResume(ctx, params); err != nil {
			return nil, err
		}
	}
	if session == nil {
		_ = c.server.opts.Limiter.Take(c.client, ratelimit.FailedResumes)
		return nil, fault.ReconnectFailedSessionUnknown()
	}
	if f := session.resume(c, params, id); f != nil {
		return nil, f
	}
	return nil, nil
}
