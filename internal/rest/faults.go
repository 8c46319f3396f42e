package rest

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/record"
)

type (
	faultPath struct {
		FaultID string `path:"faultId" maxLength:"64" doc:"The id of the fault: flt_ and a ULID."`
	}
	accountFaultsInput struct {
		PageQuery
		RoomID        string    `query:"roomId" doc:"roomId or customRoomId."`
		SessionID     string    `query:"sessionId" maxLength:"128"`
		ParticipantID string    `query:"participantId" maxLength:"128"`
		Code          int       `query:"code" minimum:"0" maximum:"9999"`
		Reason        string    `query:"reason" maxLength:"64"`
		Since         time.Time `query:"since" doc:"RFC 3339; inclusive."`
		Until         time.Time `query:"until" doc:"RFC 3339; inclusive."`
	}
	sessionFaultsInput struct {
		SessionPath
		PageQuery
	}
)

func (a *API) faultRoutes() {
	tags := []string{"Faults"}
	secured(a, huma.Operation{
		OperationID: "list-faults", Method: http.MethodGet, Path: "/v2/faults",
		Summary: "List the faults of the account, newest first", Tags: tags,
		Description: "Faults of the account: refused joins, calls and REST requests with a valid token, failed recordings " +
			"and streams, and what the SDKs found on their devices. Faults are kept for 30 days, or shorter while very " +
			"many occur.",
	}, a.listAccountFaults)
	secured(a, huma.Operation{
		OperationID: "get-fault", Method: http.MethodGet, Path: "/v2/faults/{faultId}",
		Summary: "Read a fault by its id", Tags: tags,
	}, func(ctx context.Context, who Caller, in *faultPath) (*body[FaultEntry], error) {
		entry, err := a.opts.Store.Fault(ctx, who.Account.ID, in.FaultID)
		if notFound(err) {
			return nil, fault.NotFoundFault(in.FaultID)
		}
		if err != nil {
			return nil, storeFault(err)
		}
		if err := mayUse(who, record.Meeting{ID: entry.MeetingID}, entry.MeetingID); err != nil {
			return nil, err
		}
		return a.faultBody(ctx, entry), nil
	})
	secured(a, huma.Operation{
		OperationID: "list-session-faults", Method: http.MethodGet, Path: "/v2/sessions/{sessionId}/faults",
		Summary: "List the faults of a session, newest first", Tags: tags,
	}, func(ctx context.Context, who Caller, in *sessionFaultsInput) (*body[Page[FaultEntry]], error) {
		session, err := a.session(ctx, who, in.SessionID)
		if err != nil {
			return nil, err
		}
		return a.faults(ctx, record.FaultFilter{AccountID: who.Account.ID, SessionID: session.ID}, in.PageQuery)
	})
	adminOnly(a, huma.Operation{
		OperationID: "admin-get-fault", Method: http.MethodGet, Path: "/admin/v1/faults/{faultId}",
		Summary: "Read a fault by its id", Tags: []string{"Admin: overview"},
	}, func(ctx context.Context, in *faultPath) (*body[FaultEntry], error) {
		entry, err := a.opts.Store.Fault(ctx, "", in.FaultID)
		if notFound(err) {
			return nil, fault.NotFoundFault(in.FaultID)
		}
		if err != nil {
			return nil, storeFault(err)
		}
		return a.faultBody(ctx, entry), nil
	})
}

func (a *API) listAccountFaults(
	ctx context.Context,
	who Caller,
	in *accountFaultsInput,
) (*body[Page[FaultEntry]], error) {
	meetingID, none, err := a.filteredRoom(ctx, who, in.RoomID)
	if err != nil || none {
		return answer(Page[FaultEntry]{in.info(0), []FaultEntry{}}, err)
	}
	return a.faults(ctx, record.FaultFilter{
		AccountID: who.Account.ID, MeetingID: meetingID, SessionID: in.SessionID, ParticipantID: in.ParticipantID,
		Code: in.Code, Reason: in.Reason, From: in.Since, To: in.Until,
	}, in.PageQuery)
}

// faults reads a page of the timeline.
func (a *API) faults(ctx context.Context, filter record.FaultFilter, query PageQuery) (*body[Page[FaultEntry]], error) {
	list, err := a.opts.Store.Faults(ctx, filter, query.page())
	if err != nil {
		return nil, storeFault(err)
	}
	page := Page[FaultEntry]{query.info(list.Total), []FaultEntry{}}
	for _, entry := range list.Items {
		page.Data = append(page.Data, a.faultBody(ctx, entry).Body)
	}
	return &body[Page[FaultEntry]]{page}, nil
}

func (a *API) faultBody(ctx context.Context, entry record.Fault) *body[FaultEntry] {
	return &body[FaultEntry]{FaultEntry{entry.AccountID, Fault(*a.present(requestOf(ctx), entry.Error))}}
}
