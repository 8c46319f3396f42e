package rest

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/record"
)

// Drills make faults happen on purpose; drill.Runner implements it. Errors are *fault.Error. An accountID of "" means
// all accounts.
type Drills interface {
	Kinds() []record.DrillKind
	// Start begins a drill that is one of Kinds, in a place that fits it.
	Start(ctx context.Context, q record.DrillRequest) (record.Drill, error)
	List(accountID string) []record.Drill
	// Settled waits until the fault has come, or will not.
	Settled(ctx context.Context, accountID, id string) (record.Drill, error)
	// End waits until everything is as before.
	End(ctx context.Context, accountID, id string) (record.Drill, error)
}

// noDrills are those of a server that makes none.
type noDrills struct{}

func (noDrills) Kinds() []record.DrillKind  { return nil }
func (noDrills) List(string) []record.Drill { return nil }

func (noDrills) Start(context.Context, record.DrillRequest) (record.Drill, error) {
	return record.Drill{}, fault.RateLimitedDrills("this server", 0, 0)
}

func (noDrills) Settled(_ context.Context, _, id string) (record.Drill, error) {
	return record.Drill{}, fault.NotFoundDrill(id)
}

func (noDrills) End(_ context.Context, _, id string) (record.Drill, error) {
	return record.Drill{}, fault.NotFoundDrill(id)
}

// DrillKind is a drill that can be made.
type DrillKind struct {
	Fault   string   `json:"fault" doc:"CODE.REASON"`
	Code    int      `json:"code"`
	Name    string   `json:"name" doc:"Of the code."`
	Does    string   `json:"does" doc:"What the drill does, in words."`
	Place   string   `json:"place" enum:"meeting,account,own-account" doc:"The narrowest place in which it can be made: a meeting that exists, an account in a meeting of its own, or an account of its own, because it changes the account."`
	TakesMs int64    `json:"takesMs" doc:"About how long the fault takes to come."`
	Remedy  string   `json:"remedy" doc:"What the fault says what to do, with names for what varies."`
	Tells   []string `json:"tells" doc:"Who is told of the fault."`
}

// Drill is one that was made.
type Drill struct {
	ID        string        `json:"id"`
	FaultKey  string        `json:"faultKey" doc:"CODE.REASON that it makes."`
	Does      string        `json:"does"`
	State     string        `json:"state" enum:"running,holding,ended,failed" doc:"running until the fault comes; holding while its cause lasts, so that it can be made again; ended or failed when everything is as before."`
	AccountID string        `json:"accountId"`
	RoomID    string        `json:"roomId"`
	Link      string        `json:"link,omitempty" doc:"Of a page in which the fault occurs, while the drill holds."`
	Token     string        `json:"token,omitempty" doc:"With which the fault occurs, while the drill holds."`
	Snippet   string        `json:"snippet,omitempty" doc:"A script or command in which the fault occurs, while the drill holds."`
	Fault     *Fault        `json:"fault,omitempty" doc:"That came."`
	Recorded  bool          `json:"recorded" doc:"The fault is in the timeline: GET /v2/faults/{id}."`
	Problem   *Fault        `json:"problem,omitempty" doc:"Why the fault did not come: 5108 DRILL."`
	StartedAt fault.Instant `json:"startedAt"`
	EndsAt    fault.Instant `json:"endsAt" doc:"When it ends by itself at the latest."`
}

// NewDrill asks for a drill.
type NewDrill struct {
	Fault       string `json:"fault" minLength:"4" maxLength:"64" doc:"CODE.REASON of the list of drills, or a code, which is the first drill of it."`
	MeetingID   string `json:"meetingId,omitempty" maxLength:"128" doc:"roomId or customRoomId of the meeting in which the fault is to occur. Absent: a meeting of the drill's own."`
	HoldSeconds int    `json:"holdSeconds,omitempty" minimum:"0" maximum:"1800" doc:"How long the cause lasts after the fault came, and with it the link, the token or the snippet. Then, or with DELETE, everything is as before. Absent: it ends at once."`
	WaitSeconds *int   `json:"waitSeconds,omitempty" minimum:"0" maximum:"30" default:"15" doc:"How long the answer waits for the fault. A drill that is still running then is read with GET."`
}

// NewAdminDrill asks for a drill in any account.
type NewAdminDrill struct {
	NewDrill
	AccountID string `json:"accountId,omitempty" maxLength:"64" doc:"In which the fault is to occur; required with meetingId. Absent: an account that is there for drills only."`
}

// DrillList is what can be made, and what was made.
type DrillList struct {
	Page[Drill]
	Kinds []DrillKind `json:"kinds" doc:"All drills that can be made here."`
}

type (
	drillPath struct {
		DrillID string `path:"drillId" maxLength:"64"`
	}
	adminDrillsInput struct {
		PageQuery
		AccountID string `query:"accountId" maxLength:"64"`
	}
)

func (a *API) drillRoutes() {
	tags := []string{"Drills"}
	const about = "A drill makes the real cause of a fault happen: an expired token, a full meeting, an encoder that is " +
		"killed. The account needs the setting `drills`; else 4105 DRILLS_OFF. Whoever is in a named meeting " +
		"meets the fault too."
	secured(a, huma.Operation{
		OperationID: "create-drill", Method: http.MethodPost, Path: "/v2/drills", Tags: tags,
		Summary: "Make a fault happen in the account, on purpose", Description: about,
	}, func(ctx context.Context, who Caller, in *struct{ Body NewDrill }) (*body[Drill], error) {
		return a.startDrill(ctx, in.Body, &who, who.Account.ID)
	})
	secured(a, huma.Operation{
		OperationID: "list-drills", Method: http.MethodGet, Path: "/v2/drills", Tags: tags,
		Summary: "List the drills that can be made, and those that were made in the account, newest first",
	}, func(ctx context.Context, who Caller, in *PageQuery) (*body[DrillList], error) {
		if err := mayUse(who, record.Meeting{}, "every room"); err != nil {
			return nil, err
		}
		return a.listDrills(ctx, *in, who.Account.ID, true)
	})
	secured(a, huma.Operation{
		OperationID: "get-drill", Method: http.MethodGet, Path: "/v2/drills/{drillId}", Tags: tags, Summary: "Read a drill",
	}, func(ctx context.Context, who Caller, in *drillPath) (*body[Drill], error) {
		return a.getDrill(ctx, &who, who.Account.ID, in.DrillID)
	})
	secured(a, huma.Operation{
		OperationID: "end-drill", Method: http.MethodDelete, Path: "/v2/drills/{drillId}", Tags: tags,
		Summary: "End a drill: everything is as before",
	}, func(ctx context.Context, who Caller, in *drillPath) (*body[Drill], error) {
		return a.endDrill(ctx, &who, who.Account.ID, in.DrillID)
	})
	tags = []string{"Admin: drills"}
	adminOnly(a, huma.Operation{
		OperationID: "admin-create-drill", Method: http.MethodPost, Path: "/admin/v1/drills", Tags: tags,
		Summary: "Make a fault happen on purpose", Description: about + " An account that is there for drills only is used " +
			"where none is named; it is deactivated at the end.",
	}, func(ctx context.Context, in *struct{ Body NewAdminDrill }) (*body[Drill], error) {
		if in.Body.MeetingID != "" && in.Body.AccountID == "" {
			return nil, fault.InvalidMessageBadParams(methodOf(ctx), "accountId", "it is required with meetingId")
		}
		if in.Body.AccountID != "" {
			if _, err := a.opts.Store.Account(ctx, in.Body.AccountID); err != nil {
				return nil, adminFault(err)
			}
		}
		return a.startDrill(ctx, in.Body.NewDrill, nil, in.Body.AccountID)
	})
	adminOnly(a, huma.Operation{
		OperationID: "admin-list-drills", Method: http.MethodGet, Path: "/admin/v1/drills", Tags: tags,
		Summary: "List the drills that can be made, and those that were made, newest first",
	}, func(ctx context.Context, in *adminDrillsInput) (*body[DrillList], error) {
		return a.listDrills(ctx, in.PageQuery, in.AccountID, in.AccountID != "")
	})
	adminOnly(a, huma.Operation{
		OperationID: "admin-get-drill", Method: http.MethodGet, Path: "/admin/v1/drills/{drillId}", Tags: tags,
		Summary: "Read a drill",
	}, func(ctx context.Context, in *drillPath) (*body[Drill], error) {
		return a.getDrill(ctx, nil, "", in.DrillID)
	})
	adminOnly(a, huma.Operation{
		OperationID: "admin-end-drill", Method: http.MethodDelete, Path: "/admin/v1/drills/{drillId}", Tags: tags,
		Summary: "End a drill: everything is as before",
	}, func(ctx context.Context, in *drillPath) (*body[Drill], error) {
		return a.endDrill(ctx, nil, "", in.DrillID)
	})
}

// startDrill begins a drill and waits for its fault. who is nil for the operator; accountID "" is an account for drills
// alone.
func (a *API) startDrill(ctx context.Context, in NewDrill, who *Caller, accountID string) (*body[Drill], error) {
	kind, problem := a.drillOf(in.Fault)
	named := in.MeetingID != ""
	switch {
	case problem != "":
	case kind.Place == record.DrillInOwnAccount && accountID != "":
		problem = "the drill " + kind.Key + " changes its account, so it is made in an account of its own: POST " +
			"/admin/v1/drills without accountId"
	case kind.Place == record.DrillInAccount && named:
		return nil, fault.InvalidMessageBadParams(methodOf(ctx), "meetingId",
			"the fault of the drill "+kind.Key+" does not occur in a meeting that exists; leave it out")
	}
	if problem != "" {
		return nil, fault.InvalidMessageBadParams(methodOf(ctx), "fault", problem)
	}
	q := record.DrillRequest{Fault: kind.Key, AccountID: accountID, Hold: time.Duration(in.HoldSeconds) * time.Second}
	switch {
	case named && who == nil:
		room, err := a.opts.Gate.Meeting(ctx, accountID, in.MeetingID)
		if err != nil {
			return nil, err
		}
		q.MeetingID = room.ID
	case named:
		room, err := a.meeting(ctx, *who, in.MeetingID)
		if err != nil {
			return nil, err
		}
		q.MeetingID = room.ID
	case who != nil:
		if err := mayUse(*who, record.Meeting{}, "every room"); err != nil {
			return nil, err
		}
	}
	scopeOf(ctx).meetingID = q.MeetingID
	drill, err := a.opts.Drills.Start(ctx, q)
	if err != nil {
		return nil, err
	}
	wait := 15
	set(&wait, in.WaitSeconds)
	limited, cancel := context.WithTimeout(ctx, time.Duration(wait)*time.Second)
	defer cancel()
	return a.drillBody(ctx)(a.opts.Drills.Settled(limited, "", drill.ID))
}

// drillOf finds the drill that a request names, or returns why there is none.
func (a *API) drillOf(name string) (kind record.DrillKind, problem string) {
	name = strings.ToUpper(name)
	var keys []string
	for _, k := range a.opts.Drills.Kinds() {
		if code, _, _ := strings.Cut(k.Key, "."); k.Key == name || code == name {
			return k, ""
		}
		keys = append(keys, k.Key)
	}
	return record.DrillKind{}, "there is no drill of that name; there are " + strings.Join(keys, ", ")
}

func (a *API) listDrills(
	ctx context.Context, query PageQuery, accountID string, named bool,
) (*body[DrillList], error) {
	made := a.opts.Drills.List(accountID)
	list := DrillList{Page: Page[Drill]{query.info(len(made)), []Drill{}}, Kinds: []DrillKind{}}
	for _, d := range slice(query, made) {
		list.Data = append(list.Data, a.drillJSON(ctx, d))
	}
	for _, k := range a.opts.Drills.Kinds() {
		if named && k.Place == record.DrillInOwnAccount {
			continue
		}
		shown := DrillKind{Fault: k.Key, Does: k.How, Place: string(k.Place), TakesMs: k.Takes.Milliseconds()}
		if entries := fault.Find(k.Key); len(entries) > 0 {
			e := entries[0]
			shown.Code, shown.Name, shown.Remedy, shown.Tells = e.Code, e.Name, e.Remedy, e.Tells
		}
		list.Kinds = append(list.Kinds, shown)
	}
	return &body[DrillList]{list}, nil
}

func (a *API) getDrill(ctx context.Context, who *Caller, accountID, id string) (*body[Drill], error) {
	settled, cancel := context.WithCancel(ctx)
	cancel() // it does not wait
	drill, err := a.opts.Drills.Settled(settled, accountID, id)
	if err == nil && who != nil {
		err = mayUse(*who, record.Meeting{ID: drill.MeetingID}, drill.MeetingID)
	}
	return a.drillBody(ctx)(drill, err)
}

func (a *API) endDrill(ctx context.Context, who *Caller, accountID, id string) (*body[Drill], error) {
	if _, err := a.getDrill(ctx, who, accountID, id); err != nil {
		return nil, err
	}
	return a.drillBody(ctx)(a.opts.Drills.End(ctx, accountID, id))
}

// drillBody returns what makes an answer of a drill.
func (a *API) drillBody(ctx context.Context) func(record.Drill, error) (*body[Drill], error) {
	return func(d record.Drill, err error) (*body[Drill], error) {
		if err != nil {
			return nil, err
		}
		return &body[Drill]{a.drillJSON(ctx, d)}, nil
	}
}

func (a *API) drillJSON(ctx context.Context, d record.Drill) Drill {
	base := cmp.Or(a.opts.PublicAddress, a.base(requestOf(ctx)))
	shown := Drill{
		ID: d.ID, FaultKey: d.Key, Does: d.How, State: string(d.State), AccountID: d.AccountID, RoomID: d.MeetingID,
		Token: d.Token, Recorded: d.Recorded, StartedAt: fault.InstantOf(d.StartedAt), EndsAt: fault.InstantOf(d.EndsAt),
	}
	switch {
	case d.Snippet != "":
		shown.Snippet = strings.NewReplacer("{server}", base, "{token}", d.Token, "{meeting}", d.MeetingID).
			Replace(d.Snippet)
	case d.Token != "":
		shown.Link = base + "/meet/" + url.PathEscape(d.MeetingID) + "#token=" + url.QueryEscape(d.Token)
	}
	if d.Fault != nil {
		f := Fault(*a.present(requestOf(ctx), d.Fault))
		shown.Fault = &f
	}
	if d.Problem != nil {
		f := Fault(*a.present(requestOf(ctx), d.Problem))
		shown.Problem = &f
	}
	return shown
}
