package rest

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/record"
)

// Invite is a sign-in link of the console, without its secret.
type Invite struct {
	InviteID  string         `json:"inviteId"`
	AccountID string         `json:"accountId"`
	Role      string         `json:"role" enum:"developer,support" doc:"A developer may use this account alone; support reads all accounts."`
	State     string         `json:"state" enum:"open,used,expired,revoked"`
	CreatedAt fault.Instant  `json:"createdAt"`
	ExpiresAt fault.Instant  `json:"expiresAt"`
	UsedAt    *fault.Instant `json:"usedAt"`
	RevokedAt *fault.Instant `json:"revokedAt"`
}

// CreatedInvite is a sign-in link with its secret, which is shown this once.
type CreatedInvite struct {
	Invite
	Link string `json:"link" doc:"Opens the console and signs in, once. The secret stands after the #, which browsers do not send."`
}

// NewInvite is what a sign-in link is made with.
type NewInvite struct {
	Role       string `json:"role,omitempty" enum:"developer,support" default:"developer"`
	TTLSeconds int    `json:"ttlSeconds,omitempty" minimum:"60" maximum:"2592000" default:"86400" doc:"How long the link can be used."`
}

// ConsoleSession is somebody who is, or was, signed in to the console.
type ConsoleSession struct {
	ConsoleSessionID string         `json:"consoleSessionId"`
	Role             string         `json:"role" enum:"operator,developer,support"`
	AccountID        string         `json:"accountId" doc:"Of the sign-in link; \"\" for the operator."`
	InviteID         string         `json:"inviteId" doc:"Of the sign-in link; \"\" for the operator."`
	Address          string         `json:"address" doc:"At the sign-in."`
	UserAgent        string         `json:"userAgent" doc:"At the sign-in."`
	CreatedAt        fault.Instant  `json:"createdAt"`
	SeenAt           fault.Instant  `json:"seenAt" doc:"The last request, to the minute."`
	ExpiresAt        fault.Instant  `json:"expiresAt"`
	EndedAt          *fault.Instant `json:"endedAt"`
	EndedBy          string         `json:"endedBy" doc:"sign-out, sign-out-everywhere, sign-in, limit, operator, invite-revoked; \"\": it has not ended, or it has expired."`
}

type (
	createInviteInput struct {
		AccountPath
		Body NewInvite
	}
	invitePath struct {
		AccountPath
		InviteID string `path:"inviteId"`
	}
	listConsoleSessionsInput struct {
		PageQuery
		AccountID string `query:"accountId" maxLength:"64"`
	}
	consoleSessionPath struct {
		ConsoleSessionID string `path:"consoleSessionId"`
	}
)

func (a *API) inviteRoutes() {
	const path = "/admin/v1/accounts/{accountId}/invites"
	tags := []string{"Admin: console"}
	adminOnly(a, huma.Operation{
		OperationID: "admin-create-invite", Method: http.MethodPost, Path: path, Tags: tags,
		Summary: "Create a sign-in link of the console",
	}, a.createInvite)
	adminOnly(a, huma.Operation{
		OperationID: "admin-list-invites", Method: http.MethodGet, Path: path, Tags: tags,
		Summary: "List the sign-in links of an account, newest first",
	}, a.listInvites)
	adminOnly(a, huma.Operation{
		OperationID: "admin-revoke-invite", Method: http.MethodPost, Path: path + "/{inviteId}/revoke", Tags: tags,
		Summary: "Revoke a sign-in link, and end the session that it began",
	}, func(ctx context.Context, in *invitePath) (*body[Invite], error) {
		invite, err := a.opts.Store.RevokeInvite(ctx, in.AccountID, in.InviteID, time.Now())
		if notFound(err) {
			return nil, fault.NotFoundInvite(in.InviteID)
		}
		if err != nil {
			return nil, storeFault(err)
		}
		return &body[Invite]{inviteJSON(invite)}, nil
	})
	adminOnly(a, huma.Operation{
		OperationID: "admin-list-console-sessions", Method: http.MethodGet, Path: "/admin/v1/console-sessions", Tags: tags,
		Summary: "List who is or was signed in to the console, newest first",
	}, a.listConsoleSessions)
	adminOnly(a, huma.Operation{
		OperationID: "admin-end-console-session", Method: http.MethodPost,
		Path: "/admin/v1/console-sessions/{consoleSessionId}/end", Tags: tags, Summary: "Sign somebody out of the console",
	}, func(ctx context.Context, in *consoleSessionPath) (*body[ConsoleSession], error) {
		session, err := a.opts.Store.EndConsoleSession(ctx, in.ConsoleSessionID, record.EndedByOperator, time.Now())
		if notFound(err) {
			return nil, fault.NotFoundConsoleSession(in.ConsoleSessionID)
		}
		if err != nil {
			return nil, storeFault(err)
		}
		return &body[ConsoleSession]{consoleSessionJSON(session)}, nil
	})
}

func (a *API) createInvite(ctx context.Context, in *createInviteInput) (*body[CreatedInvite], error) {
	invite, secret, err := a.opts.Store.CreateInvite(ctx, record.NewInvite{
		AccountID: in.AccountID, Role: record.Role(in.Body.Role),
		ExpiresAt: time.Now().Add(time.Duration(in.Body.TTLSeconds) * time.Second),
	})
	if err != nil {
		return nil, adminFault(err)
	}
	base := a.base(requestOf(ctx))
	if a.opts.PublicAddress != "" && invite.Role == record.RoleDeveloper {
		base = a.opts.PublicAddress // this request may have come to another one
	}
	return &body[CreatedInvite]{CreatedInvite{
		inviteJSON(invite), fmt.Sprintf("%s/console#invite=%s", base, secret),
	}}, nil
}

func (a *API) listInvites(ctx context.Context, in *accountPageInput) (*body[Page[Invite]], error) {
	if _, err := a.opts.Store.Account(ctx, in.AccountID); err != nil {
		return nil, adminFault(err)
	}
	list, err := a.opts.Store.Invites(ctx, in.AccountID, in.page())
	if err != nil {
		return nil, storeFault(err)
	}
	page := Page[Invite]{in.info(list.Total), []Invite{}}
	for _, invite := range list.Items {
		page.Data = append(page.Data, inviteJSON(invite))
	}
	return &body[Page[Invite]]{page}, nil
}

func (a *API) listConsoleSessions(
	ctx context.Context, in *listConsoleSessionsInput,
) (*body[Page[ConsoleSession]], error) {
	list, err := a.opts.Store.ConsoleSessions(ctx, record.ConsoleSessionFilter{AccountID: in.AccountID}, in.page())
	if err != nil {
		return nil, storeFault(err)
	}
	page := Page[ConsoleSession]{in.info(list.Total), []ConsoleSession{}}
	for _, session := range list.Items {
		page.Data = append(page.Data, consoleSessionJSON(session))
	}
	return &body[Page[ConsoleSession]]{page}, nil
}

func inviteJSON(i record.Invite) Invite {
	return Invite{InviteID: i.ID, AccountID: i.AccountID, Role: string(i.Role), State: string(i.State(time.Now())),
		CreatedAt: fault.InstantOf(i.CreatedAt), ExpiresAt: fault.InstantOf(i.ExpiresAt),
		UsedAt: fault.InstantOrNull(i.UsedAt), RevokedAt: fault.InstantOrNull(i.RevokedAt)}
}

func consoleSessionJSON(s record.ConsoleSession) ConsoleSession {
	return ConsoleSession{ConsoleSessionID: s.ID, Role: string(s.Role), AccountID: s.AccountID, InviteID: s.InviteID,
		Address: s.Address, UserAgent: s.UserAgent, CreatedAt: fault.InstantOf(s.CreatedAt),
		SeenAt: fault.InstantOf(s.SeenAt), ExpiresAt: fault.InstantOf(s.ExpiresAt),
		EndedAt: fault.InstantOrNull(s.EndedAt), EndedBy: string(s.EndedBy)}
}
