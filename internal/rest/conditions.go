package rest

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/record"
)

// Conditions are the faults that last; incident.Log implements it.
type Conditions interface {
	Lasting() []record.Condition
}

// ConditionEntry is a fault that lasts.
type ConditionEntry struct {
	FaultEntry
	Since fault.Instant `json:"since" doc:"When it began."`
	ForMs int64         `json:"forMs" doc:"How long it has lasted."`
	Shown bool          `json:"shown" doc:"false while it has not lasted long enough to be told to anybody."`
	Node  string        `json:"node" doc:"Name of the node on which it lasts, as cluster.node; \"\" of the node that answers."`
}

type (
	conditionsInput struct {
		PageQuery
		RoomID string `query:"roomId" doc:"roomId or customRoomId."`
	}
	adminConditionsInput struct {
		PageQuery
		AccountID string `query:"accountId" maxLength:"64"`
	}
)

func (a *API) conditionRoutes() {
	secured(a, huma.Operation{
		OperationID: "list-conditions", Method: http.MethodGet, Path: "/v2/conditions",
		Summary: "List the faults of the account that last now, newest first", Tags: []string{"Faults"},
		Description: "A condition is a fault that lasts, such as a webhook endpoint that does not answer. It is a fault of " +
			"GET /v2/faults as soon as it has lasted long enough to be told, and leaves this list when it is over.",
	}, func(ctx context.Context, who Caller, in *conditionsInput) (*body[Page[ConditionEntry]], error) {
		meetingID, none, err := a.filteredRoom(ctx, who, in.RoomID)
		if err != nil || none {
			return answer(Page[ConditionEntry]{in.info(0), []ConditionEntry{}}, err)
		}
		return a.conditions(ctx, in.PageQuery, func(c record.Condition) bool {
			return c.Fault.Account() == who.Account.ID && (meetingID == "" || c.Fault.MeetingID == meetingID)
		}), nil
	})
	adminOnly(a, huma.Operation{
		OperationID: "admin-list-conditions", Method: http.MethodGet, Path: "/admin/v1/conditions",
		Summary: "List the faults that last now, newest first", Tags: []string{"Admin: overview"},
		Description: "Also those of the server itself, whose accountId is \"\": storage nearly full, a certificate that " +
			"expires soon, no ffmpeg. Those of all nodes of a cluster; a node that does not answer within 2 s is left out.",
	}, func(ctx context.Context, in *adminConditionsInput) (*body[Page[ConditionEntry]], error) {
		return a.conditions(ctx, in.PageQuery, func(c record.Condition) bool {
			return in.AccountID == "" || c.Fault.Account() == in.AccountID
		}), nil
	})
}

// conditions returns a page of those that last and are wanted.
func (a *API) conditions(
	ctx context.Context,
	query PageQuery,
	wanted func(record.Condition) bool,
) *body[Page[ConditionEntry]] {
	var lasting []record.Condition
	if a.opts.Conditions != nil {
		lasting = a.opts.Conditions.Lasting()
	}
	if a.opts.Cluster != nil {
		lasting = append(lasting, a.opts.Cluster.Conditions(ctx)...)
	}
	lasting = slices.DeleteFunc(lasting, func(c record.Condition) bool { return !wanted(c) })
	slices.SortFunc(lasting, func(x, y record.Condition) int {
		return cmp.Or(y.Since.Compare(x.Since), cmp.Compare(x.Fault.ID, y.Fault.ID))
	})
	page := Page[ConditionEntry]{query.info(len(lasting)), []ConditionEntry{}}
	for _, c := range slice(query, lasting) {
		page.Data = append(page.Data, ConditionEntry{
			FaultEntry: a.faultEntry(ctx, record.Fault{AccountID: c.Fault.Account(), Error: c.Fault}),
			Since:      fault.InstantOf(c.Since.UTC().Truncate(time.Millisecond)),
			ForMs:      time.Since(c.Since).Milliseconds(), Shown: c.Shown,
			Node: c.Node,
		})
	}
	return &body[Page[ConditionEntry]]{page}
}
