package rest

import (
	"cmp"
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/store"
)

// FaultEntry is a fault of the timeline.
type FaultEntry struct {
	AccountID string         `json:"accountId" doc:"\"\" where no account is known, as with an unknown key."`
	SDK       string         `json:"sdk" doc:"Software that the fault came from or was told to, with its version: web/0.9.0, go/0.9.0, curl/8.5. \"\" for none."`
	Browser   string         `json:"browser" doc:"Browser and its main version: Chrome/141. \"\" for none."`
	Lasts     bool           `json:"lasts" doc:"It is a condition, which lasts until clearedAt."`
	ClearedAt *fault.Instant `json:"clearedAt,omitempty" doc:"Of a condition that is over: when it ended."`
	Fault
}

// FaultView is a fault with what led to it, and what it led to.
type FaultView struct {
	FaultEntry
	Causes       []FaultEntry   `json:"causes" doc:"What led to it: the fault named by causeId, then the cause of that one, and so on; at most 10."`
	Consequences []FaultEntry   `json:"consequences" doc:"Faults whose causeId names this one, oldest first; the newest 50."`
	Count24h     int            `json:"count24h" doc:"Faults of the same code and reason in the same account, in this hour and the 23 before."`
	FirstSeen    *fault.Instant `json:"firstSeen,omitempty" doc:"When the first one of the same code and reason occurred in the account, of those that are still counted."`
	FirstSDK     string         `json:"firstSdk" doc:"Software that the first one came from."`
}

// FaultGroup counts faults that have something in common.
type FaultGroup struct {
	Key    string        `json:"key" doc:"What they have in common: CODE.REASON, code, browser, SDK or roomId. \"\" for those that have none."`
	Code   int           `json:"code,omitempty" doc:"With group=reason and group=code."`
	Name   string        `json:"name,omitempty" doc:"Published name of the code."`
	Reason string        `json:"reason,omitempty" doc:"With group=reason."`
	Count  int           `json:"count"`
	First  fault.Instant `json:"first" doc:"When the oldest of them occurred."`
	Last   fault.Instant `json:"last" doc:"When the newest of them occurred."`
	LastID string        `json:"lastId" doc:"Id of the newest."`
	Trend  []int         `json:"trend" minItems:"24" maxItems:"24" doc:"Their number in 24 equal steps of trend.stepSec, the last of which holds the end of the time."`
}

// FaultTrend is the time of the counts in groups.
type FaultTrend struct {
	From    fault.Instant `json:"from" doc:"Begin of the first step."`
	To      fault.Instant `json:"to"`
	StepSec int           `json:"stepSec" doc:"Length of a step in seconds: whole hours."`
}

// FaultList is a page of faults, or with the parameter group their groups.
type FaultList struct {
	Page[FaultEntry]
	Groups  []FaultGroup `json:"groups,omitempty" doc:"With the parameter group, the largest first, at most 100; data is then empty."`
	Trend   *FaultTrend  `json:"trend,omitempty"`
	Sampled bool         `json:"sampled,omitempty" doc:"Only the newest 10000 faults that the filter selects were counted."`
}

// FaultQuery filters faults. All filters hold together.
type FaultQuery struct {
	PageQuery
	RoomID        string    `query:"roomId" doc:"roomId or customRoomId."`
	SessionID     string    `query:"sessionId" maxLength:"128"`
	ParticipantID string    `query:"participantId" maxLength:"128"`
	Code          int       `query:"code" minimum:"0" maximum:"9999"`
	Reason        string    `query:"reason" maxLength:"64"`
	SDK           string    `query:"sdk" maxLength:"48" doc:"A name, or a name and a version: web, web/0.9.0."`
	Browser       string    `query:"browser" maxLength:"48" doc:"A name, or a name and a main version: Chrome, Chrome/141."`
	CauseID       string    `query:"causeId" maxLength:"64" doc:"Faults that follow from this one."`
	Q             string    `query:"q" maxLength:"200" doc:"An id, a code, a reason, a name of a code, or any text in the fault. A text is looked for in the newest 10000 faults that the other filters select."`
	Since         time.Time `query:"since" doc:"RFC 3339; inclusive."`
	Until         time.Time `query:"until" doc:"RFC 3339; inclusive."`
	Group         string    `query:"group" enum:"reason,code,browser,sdk,room" doc:"Answers groups with their counts in place of faults, without since those of the last 24 hours. since and until count in whole hours here."`
}

type (
	faultPath struct {
		FaultID string `path:"faultId" maxLength:"64" doc:"The id of the fault: flt_ and a ULID."`
	}
	sessionFaultsInput struct {
		SessionPath
		PageQuery
	}
	faultsInput struct {
		FaultQuery
		AccountID string `query:"accountId" maxLength:"64"`
		MeetingID string `query:"meetingId" maxLength:"128" doc:"Same as roomId."`
	}
)

func (a *API) faultRoutes() {
	tags := []string{"Faults"}
	secured(a, huma.Operation{
		OperationID: "list-faults", Method: http.MethodGet, Path: "/v2/faults",
		Summary: "List the faults of the account, newest first, or count them", Tags: tags,
		Description: "Faults of the account: refused joins, calls and REST requests with a valid token, failed recordings " +
			"and streams, and what the SDKs found on their devices. They are kept as docs/faults.md says. At most 10000 can " +
			"be paged through; `total` counts no more of them. Narrow the filter with `until` to see older ones.",
	}, a.listAccountFaults)
	secured(a, huma.Operation{
		OperationID: "get-fault", Method: http.MethodGet, Path: "/v2/faults/{faultId}",
		Summary: "Read a fault by its id, with its causes and consequences", Tags: tags,
	}, func(ctx context.Context, who Caller, in *faultPath) (*body[FaultView], error) {
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
		return a.faultView(ctx, who.Account.ID, entry, func(other record.Fault) bool {
			return who.MayUse(record.Meeting{ID: other.MeetingID}, other.MeetingID) == nil
		})
	})
	secured(a, huma.Operation{
		OperationID: "list-session-faults", Method: http.MethodGet, Path: "/v2/sessions/{sessionId}/faults",
		Summary: "List the faults of a session, newest first", Tags: tags,
	}, func(ctx context.Context, who Caller, in *sessionFaultsInput) (*body[FaultList], error) {
		session, err := a.session(ctx, who, in.SessionID)
		if err != nil {
			return nil, err
		}
		return a.faults(ctx, record.FaultFilter{AccountID: who.Account.ID, SessionID: session.ID},
			FaultQuery{PageQuery: in.PageQuery})
	})
	adminOnly(a, huma.Operation{
		OperationID: "admin-list-faults", Method: http.MethodGet, Path: "/admin/v1/faults",
		Summary: "Read the fault timeline, newest first, or count it", Tags: []string{"Admin: overview"},
	}, func(ctx context.Context, in *faultsInput) (*body[FaultList], error) {
		return a.faults(ctx, record.FaultFilter{AccountID: in.AccountID, MeetingID: cmp.Or(in.RoomID, in.MeetingID)},
			in.FaultQuery)
	})
	adminOnly(a, huma.Operation{
		OperationID: "admin-get-fault", Method: http.MethodGet, Path: "/admin/v1/faults/{faultId}",
		Summary: "Read a fault by its id, with its causes and consequences", Tags: []string{"Admin: overview"},
	}, func(ctx context.Context, in *faultPath) (*body[FaultView], error) {
		entry, err := a.opts.Store.Fault(ctx, "", in.FaultID)
		if notFound(err) {
			return nil, fault.NotFoundFault(in.FaultID)
		}
		if err != nil {
			return nil, storeFault(err)
		}
		return a.faultView(ctx, "", entry, func(record.Fault) bool { return true })
	})
	adminOnly(a, huma.Operation{
		OperationID: "admin-list-session-faults", Method: http.MethodGet, Path: "/admin/v1/sessions/{sessionId}/faults",
		Summary: "List the faults of a session, newest first", Tags: []string{"Admin: overview"},
	}, func(ctx context.Context, in *sessionFaultsInput) (*body[FaultList], error) {
		return a.faults(ctx, record.FaultFilter{SessionID: in.SessionID}, FaultQuery{PageQuery: in.PageQuery})
	})
}

func (a *API) listAccountFaults(ctx context.Context, who Caller, in *FaultQuery) (*body[FaultList], error) {
	meetingID, none, err := a.filteredRoom(ctx, who, in.RoomID)
	if err != nil || none {
		return answer(FaultList{Page: Page[FaultEntry]{in.info(0), []FaultEntry{}}}, err)
	}
	return a.faults(ctx, record.FaultFilter{AccountID: who.Account.ID, MeetingID: meetingID}, *in)
}

// faults reads a page of the timeline, or counts it. filter holds the account and the room.
func (a *API) faults(ctx context.Context, filter record.FaultFilter, query FaultQuery) (*body[FaultList], error) {
	if query.Page > 1 && (query.Page-1)*query.PerPage >= store.FaultsPaged {
		return nil, fault.InvalidMessageBadParams(methodOf(ctx), "page",
			"the newest 10000 faults can be paged through; set until to the time of the last one to see older ones")
	}
	filter.SessionID, filter.ParticipantID = cmp.Or(query.SessionID, filter.SessionID), query.ParticipantID
	filter.Code, filter.Reason, filter.SDK, filter.Browser = query.Code, query.Reason, query.SDK, query.Browser
	filter.CauseID, filter.From, filter.To = query.CauseID, query.Since, query.Until
	if !searchFor(&filter, strings.TrimSpace(query.Q)) {
		return a.faultByID(ctx, filter, query)
	}
	if query.Group != "" {
		return a.faultGroups(ctx, filter, query)
	}
	list, err := a.opts.Store.Faults(ctx, filter, query.page())
	if err != nil {
		return nil, storeFault(err)
	}
	page := FaultList{Page: Page[FaultEntry]{query.info(list.Total), []FaultEntry{}}}
	for _, entry := range list.Items {
		page.Data = append(page.Data, a.faultEntry(ctx, entry))
	}
	return &body[FaultList]{page}, nil
}

// searchFor puts the text of a search into a filter: words of the catalogue find what they name, by an index. It
// reports whether the text is no id, which is found without a filter.
func searchFor(filter *record.FaultFilter, text string) bool {
	if text == "" {
		return true
	}
	if strings.HasPrefix(text, "flt_") {
		filter.Text = text
		return false
	}
	found := fault.Find(text)
	if len(found) == 0 || filter.Code != 0 || filter.Reason != "" {
		filter.Text = text
		return true
	}
	codes, reasons := map[int]bool{}, map[string]bool{}
	for _, e := range found {
		codes[e.Code], reasons[e.Reason] = true, true
	}
	if len(codes) == 1 {
		filter.Code = found[0].Code
	}
	if len(reasons) == 1 {
		filter.Reason = found[0].Reason
	}
	if len(codes) > 1 && len(reasons) > 1 {
		filter.Text = text
	}
	return true
}

// faultByID answers a search for an id: the fault with it, if the rest of the filter selects that, and what follows
// from it.
func (a *API) faultByID(ctx context.Context, filter record.FaultFilter, query FaultQuery) (*body[FaultList], error) {
	page := FaultList{Page: Page[FaultEntry]{query.info(0), []FaultEntry{}}}
	entry, err := a.opts.Store.Fault(ctx, filter.AccountID, filter.Text)
	if err != nil && !notFound(err) {
		return nil, storeFault(err)
	}
	if err == nil && (filter.MeetingID == "" || filter.MeetingID == entry.MeetingID) && query.Page == 1 {
		page.PageInfo = query.info(1)
		page.Data = append(page.Data, a.faultEntry(ctx, entry))
	}
	return &body[FaultList]{page}, nil
}

func (a *API) faultGroups(ctx context.Context, filter record.FaultFilter, query FaultQuery) (*body[FaultList], error) {
	by := record.FaultGroup(query.Group)
	counts, err := a.opts.Store.FaultGroups(ctx, filter, by, time.Now())
	if err != nil {
		return nil, storeFault(err)
	}
	out := FaultList{
		Page: Page[FaultEntry]{query.info(len(counts.Groups) + counts.More), []FaultEntry{}}, Groups: []FaultGroup{},
		Trend: &FaultTrend{
			From:    fault.InstantOf(counts.From),
			To:      fault.InstantOf(counts.To),
			StepSec: int(counts.Step / time.Second),
		}, Sampled: counts.Sampled,
	}
	for _, c := range counts.Groups {
		g := FaultGroup{
			Key: c.Key, Code: c.Code, Reason: c.Reason, Count: c.Count, First: fault.InstantOf(c.First),
			Last: fault.InstantOf(c.Last), LastID: c.LastID,
			Trend: c.ByHours[:],
		}
		switch by {
		case record.ByReason:
			g.Key = fault.Entry{Code: c.Code, Reason: c.Reason}.Key()
		case record.ByCode:
			g.Key, _, _ = strings.Cut(fault.Entry{Code: c.Code}.Key(), ".")
		}
		if entries := fault.Find(strings.TrimSuffix(g.Key, ".")); c.Code != 0 && len(entries) > 0 {
			g.Name = entries[0].Name
		}
		out.Groups = append(out.Groups, g)
	}
	return &body[FaultList]{out}, nil
}

// faultView adds to a fault what it follows from and what follows from it, as far as the caller may see them.
func (a *API) faultView(
	ctx context.Context,
	accountID string,
	entry record.Fault,
	mayRead func(record.Fault) bool,
) (*body[FaultView], error) {
	causes, effects, err := a.opts.Store.FaultCauses(ctx, accountID, entry.Error)
	if err != nil {
		return nil, storeFault(err)
	}
	history, err := a.opts.Store.FaultHistory(ctx, entry.AccountID, entry.Code, entry.Reason, time.Now())
	if err != nil {
		return nil, storeFault(err)
	}
	view := FaultView{
		FaultEntry: a.faultEntry(ctx, entry), Causes: []FaultEntry{}, Consequences: []FaultEntry{},
		Count24h: history.Count24h, FirstSDK: history.FirstSDK,
	}
	view.FirstSeen = fault.InstantOrNull(history.FirstSeen)
	for _, cause := range causes {
		if mayRead(cause) {
			view.Causes = append(view.Causes, a.faultEntry(ctx, cause))
		}
	}
	for _, effect := range effects {
		if mayRead(effect) {
			view.Consequences = append(view.Consequences, a.faultEntry(ctx, effect))
		}
	}
	return &body[FaultView]{view}, nil
}

func (a *API) faultEntry(ctx context.Context, entry record.Fault) FaultEntry {
	client := entry.Client()
	shown := FaultEntry{
		AccountID: entry.AccountID, SDK: client.SDK, Browser: client.Browser, Lasts: entry.Lasts(),
		Fault: Fault(*a.present(requestOf(ctx), entry.Error)),
	}
	shown.ClearedAt = fault.InstantOrNull(entry.ClearedAt)
	return shown
}
