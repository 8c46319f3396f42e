package signal

import (
	"bytes"
	"context"
	"fmt"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/ident"
	"github.com/klatch/klatch/internal/ratelimit"
	"github.com/klatch/klatch/internal/wire"
)

// The two requests with which a socket gets its session.
var handshakes = map[string]func(ctx context.Context, c *conn, req wire.Request) error{
	wire.MethodJoin:   join,
	wire.MethodResume: resume,
}

// join lets the gate judge, then the meeting, and answers. Nothing about a meeting is said before the gate has
// spoken; what is refused here is only the shape of the request.
func join(ctx context.Context, c *conn, req wire.Request) error {
	if c.server.closed.Load() {
		return fault.ServerUnavailableDraining()
	}
	var params wire.JoinParams
	if f := decodeParams(req, &params, nil); f != nil {
		return f
	}
	if p := checkJoin(params); p != (problem{}) {
		return fault.InvalidMessageBadParams(req.Method, p.field, p.what)
	}
	// A join waits no longer than a socket may wait for one: clients give up a request after RequestTimeout.
	ctx, cancel := context.WithTimeout(ctx, min(c.server.opts.RequestTimeout, c.server.opts.JoinTimeout))
	defer cancel()

	admitted, err := c.server.opts.Admit(ctx, params)
	if err != nil {
		return err
	}
	session, secret := c.server.newSession(admitted.AccountID)
	participant, result, err := c.server.opts.Meetings.Join(ctx, admitted, session)
	if err != nil {
		return fault.From(err).Of(admitted.AccountID).Within(admitted.MeetingID, "", admitted.ParticipantID)
	}
	result.ResumeWindowMs = c.server.opts.ResumeWindow.Milliseconds()
	result.PingIntervalMs = c.server.opts.PingInterval.Milliseconds()
	session.enter(c, participant, result, secret, req.ID)
	return nil
}

func checkJoin(p wire.JoinParams) problem {
	if p.Protocol != wire.Version {
		return problem{"protocol", fmt.Sprintf("is %d; this server speaks version %d", p.Protocol, wire.Version)}
	}
	if bad := atMost("name", p.Name, wire.MaxNameBytes); bad != (problem{}) {
		return bad
	}
	if bad := ident.NameProblem(p.Name); bad != "" {
		return problem{"name", bad}
	}
	if raw := bytes.TrimSpace(p.MetaData); len(raw) > 0 && raw[0] != '{' && string(raw) != "null" {
		return problem{"metaData", "is " + kindOf(raw) + "; it takes an object"}
	}
	return atMost("metaData", string(p.MetaData), wire.MaxMetaDataBytes)
}

// resume takes up a session with its secret. The wrong secret and the unknown session get the same answer.
func resume(_ context.Context, c *conn, req wire.Request) error {
	var params wire.ResumeParams
	if f := decodeParams(req, &params, []string{"sessionId", "participantId", "secret", "lastSeq"}); f != nil {
		return f
	}
	if params.Protocol != wire.Version {
		return fault.InvalidMessageBadParams(req.Method, "protocol", fmt.Sprintf("is %d; this server speaks version %d", params.Protocol, wire.Version))
	}
	if f := c.server.opts.Limiter.Check(c.client, ratelimit.FailedResumes); f != nil {
		return f
	}
	session := c.server.find(params)
	if session == nil {
		_ = c.server.opts.Limiter.Take(c.client, ratelimit.FailedResumes)
		return fault.ReconnectFailedSessionUnknown()
	}
	if f := session.resume(c, params, req.ID); f != nil {
		return f
	}
	return nil
}
