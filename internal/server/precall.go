package server

import (
	"context"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/gate"
	"github.com/klatch/klatch/internal/meeting"
	"github.com/klatch/klatch/internal/precall"
	"github.com/klatch/klatch/internal/ratelimit"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/wire"
)

// admitter checks a join and makes a request to the meeting of it.
type admitter func(context.Context, wire.JoinParams) (meeting.JoinRequest, error)

// admitTests returns the function that checks the joins of pre-call tests, and leaves others to meetings.
func admitTests(checker *gate.Gate, tests *precall.Tests, limiter *ratelimit.Limiter, meetings admitter) admitter {
	return func(ctx context.Context, params wire.JoinParams) (meeting.JoinRequest, error) {
		if params.PreCallTest == "" {
			return meetings(ctx, params)
		}
		from := ratelimit.ClientOf(ctx)
		if err := limiter.TakeJoin(from); err != nil {
			return meeting.JoinRequest{}, err
		}
		checkedAt := time.Now()
		who, err := checker.PreCallTest(ctx, params.Token)
		if err != nil {
			return meeting.JoinRequest{}, limiter.Refused(from, err)
		}
		client := precall.Client{AccountID: who.Account.ID, TokenSum: who.TokenSum, Address: from}
		if err := tests.Join(client, params.PreCallTest); err != nil {
			return meeting.JoinRequest{}, fault.From(err).WithAccount(who.Account.ID)
		}
		mode, _ := wire.ParseMode(params.Mode) // params.Check refuses any other
		return meeting.JoinRequest{
			AccountID: who.Account.ID,
			APIKey:    who.APIKey,
			// No id of a meeting has a slash, and no test is of two accounts.
			MeetingID:   "pre-call-test/" + who.Account.ID + "/" + params.PreCallTest,
			Name:        params.Name,
			Mode:        mode,
			MetaData:    params.MetaData,
			AutoConsume: params.AutoConsume == nil || *params.AutoConsume,
			Client:      params.Client,
			TokenSum:    who.TokenSum,
			MayJoin:     true,
			Test:        true,
			AutoClose:   record.AutoClose{DurationMin: int(precall.Life / time.Minute)},
			CheckedAt:   checkedAt,
		}, nil
	}
}
