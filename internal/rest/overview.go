package rest

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/meeting"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/version"
)

// LiveSession is a running session as the operator sees it.
type LiveSession struct {
	SessionID    string        `json:"sessionId"`
	MeetingID    string        `json:"meetingId"`
	AccountID    string        `json:"accountId"`
	StartedAt    fault.Instant `json:"startedAt"`
	Participants int           `json:"participants"`
	Waiting      int           `json:"waiting" doc:"Number of participants in the lobby."`
}

type (
	liveInput struct {
		PageQuery
		AccountID string `query:"accountId"`
	}
	accountPageInput struct {
		AccountPath
		PageQuery
	}
)

func (a *API) overviewRoutes() {
	adminOnly(a, huma.Operation{
		OperationID: "admin-get-readiness", Method: http.MethodGet, Path: "/admin/v1/readiness",
		Summary: "Read what the server can do and cannot at the moment", Tags: []string{"Admin: overview"},
		Description: "The same as /readyz with all details, and always with the status 200.",
	}, a.readiness)
	adminOnly(a, huma.Operation{
		OperationID: "admin-list-rooms", Method: http.MethodGet, Path: "/admin/v1/accounts/{accountId}/rooms",
		Summary: "List the rooms of an account, newest first", Tags: []string{"Admin: overview"},
	}, a.listAccountRooms)
	adminOnly(a, huma.Operation{
		OperationID: "admin-list-account-sessions", Method: http.MethodGet,
		Path: "/admin/v1/accounts/{accountId}/sessions", Summary: "List the sessions of an account, newest first",
		Tags: []string{"Admin: overview"},
	}, a.listAccountSessions)
	adminOnly(a, huma.Operation{
		OperationID: "admin-list-live-sessions", Method: http.MethodGet, Path: "/admin/v1/sessions",
		Summary: "List the running sessions, newest first", Tags: []string{"Admin: overview"},
	}, a.listLive)
	adminOnly(a, huma.Operation{
		OperationID: "admin-end-session", Method: http.MethodPost, Path: "/admin/v1/sessions/{sessionId}/end",
		Summary: "End a running session", Tags: []string{"Admin: overview"},
	}, a.endLive)
}

// Readiness is whether the server can take new calls, and what it can do and cannot.
type Readiness struct {
	Ready        bool                  `json:"ready"`
	Version      string                `json:"version"`
	Capabilities map[string]Capability `json:"capabilities" doc:"database, media, encoder, fonts, connections and what the settings add, by name."`
}

// Capability is one thing that the server can do, or cannot at the moment.
type Capability struct {
	Ready  bool   `json:"ready"`
	Detail string `json:"detail,omitempty"`
	Code   int    `json:"code,omitempty" doc:"Of the fault that lasts."`
	Reason string `json:"reason,omitempty" doc:"Of the same."`
}

func (a *API) readiness(ctx context.Context, _ *struct{}) (*body[Readiness], error) {
	ready, capabilities := a.opts.Readiness(ctx)
	return &body[Readiness]{Readiness{ready, version.Number, capabilities}}, nil
}

func (a *API) listAccountRooms(ctx context.Context, in *accountPageInput) (*body[Page[Room]], error) {
	if _, err := a.opts.Store.Account(ctx, in.AccountID); err != nil {
		return nil, adminFault(err)
	}
	list, err := a.opts.Store.Meetings(ctx, in.AccountID, in.page())
	if err != nil {
		return nil, adminFault(err)
	}
	return &body[Page[Room]]{Page[Room]{in.info(list.Total), a.roomsJSON(ctx, list.Items)}}, nil
}

func (a *API) listAccountSessions(ctx context.Context, in *accountPageInput) (*body[Page[Session]], error) {
	if _, err := a.opts.Store.Account(ctx, in.AccountID); err != nil {
		return nil, adminFault(err)
	}
	list, err := a.opts.Store.Sessions(ctx, in.AccountID, record.SessionFilter{}, in.page())
	if err != nil {
		return nil, adminFault(err)
	}
	page := Page[Session]{in.info(list.Total), []Session{}}
	for _, session := range list.Items {
		page.Data = append(page.Data, a.sessionJSON(ctx, session))
	}
	return &body[Page[Session]]{page}, nil
}

func (a *API) listLive(ctx context.Context, in *liveInput) (*body[Page[LiveSession]], error) {
	all := a.live(ctx, in.AccountID)
	slices.SortFunc(all, func(x, y meeting.LiveSession) int {
		return cmp.Or(y.StartedAt.Compare(x.StartedAt), cmp.Compare(x.SessionID, y.SessionID))
	})
	page := Page[LiveSession]{in.info(len(all)), []LiveSession{}}
	for _, live := range slice(in.PageQuery, all) {
		page.Data = append(page.Data, liveJSON(live))
	}
	return &body[Page[LiveSession]]{page}, nil
}

func (a *API) endLive(ctx context.Context, in *SessionPath) (*body[LiveSession], error) {
	for _, live := range a.live(ctx, "") {
		if live.SessionID != in.SessionID {
			continue
		}
		if err := a.here(ctx, live.AccountID, live.MeetingID); err != nil {
			return nil, err
		}
		_, err := a.opts.Meetings.EndSession(ctx, live.AccountID, live.MeetingID, live.SessionID)
		if errors.Is(err, meeting.ErrNotLive) {
			break
		}
		return &body[LiveSession]{liveJSON(live)}, err
	}
	return nil, fault.ConflictNoLiveSession(in.SessionID)
}

func liveJSON(live meeting.LiveSession) LiveSession {
	return LiveSession{
		SessionID: live.SessionID, MeetingID: live.MeetingID, AccountID: live.AccountID,
		StartedAt: fault.InstantOf(live.StartedAt), Participants: live.Participants, Waiting: live.Waiting,
	}
}
