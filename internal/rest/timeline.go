package rest

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/wire"
)

// Timeline is what happened in a session, on a common time axis.
type Timeline struct {
	SessionID    string                `json:"sessionId"`
	RoomID       string                `json:"roomId"`
	CustomRoomID *string               `json:"customRoomId"`
	StartedAt    fault.Instant         `json:"startedAt"`
	EndedAt      *fault.Instant        `json:"endedAt" doc:"Null while the session goes on."`
	Participants []TimelineParticipant `json:"participants" doc:"One for each participation, in their order: who comes back is there again."`
	Streams      []TimelineStream      `json:"streams"`
	Jobs         []TimelineJob         `json:"jobs" doc:"The newest 1000."`
	Webhooks     []TimelineWebhook     `json:"webhooks" doc:"The newest 1000 deliveries."`
	Faults       []TimelineFault       `json:"faults" doc:"The newest 1000, newest first."`
	Truncated    bool                  `json:"truncated" doc:"true: a list is longer than this answer has it."`
}

// TimelineParticipant is one participation.
type TimelineParticipant struct {
	ParticipantID string              `json:"participantId"`
	Name          string              `json:"name"`
	JoinedAt      fault.Instant       `json:"joinedAt"`
	LeftAt        *fault.Instant      `json:"leftAt" doc:"Null while it goes on."`
	Reason        string              `json:"reason" doc:"The published leave reason, such as MANUAL_LEAVE_CALLED; \"\" while it goes on, and where the server ended without writing it."`
	ReasonCode    int                 `json:"reasonCode" doc:"The published code of the same; 0 for none."`
	SDK           string              `json:"sdk" doc:"Type and version."`
	Platform      string              `json:"platform"`
	Browser       string              `json:"browser" doc:"The user agent."`
	Modes         []TimelineMode      `json:"modes"`
	Reconnects    []TimelineReconnect `json:"reconnects" doc:"Cuts of the signaling after which it resumed; the first 200."`
}

// TimelineMode is a stretch in which a participant had a mode.
type TimelineMode struct {
	Mode      string         `json:"mode"`
	StartedAt fault.Instant  `json:"startedAt"`
	EndedAt   *fault.Instant `json:"endedAt"`
}

// TimelineReconnect is a stretch in which the signaling of a participant was cut.
type TimelineReconnect struct {
	LostAt    fault.Instant `json:"lostAt"`
	ResumedAt fault.Instant `json:"resumedAt"`
}

// TimelineStream is a stretch in which a stream was on.
type TimelineStream struct {
	ParticipantID string         `json:"participantId"`
	Kind          string         `json:"kind" enum:"audio,video,share,shareAudio"`
	StartedAt     fault.Instant  `json:"startedAt"`
	EndedAt       *fault.Instant `json:"endedAt" doc:"Null while it is on."`
	Codec         string         `json:"codec" doc:"VP8, H264, VP9, AV1 or opus; \"\" where it is not known. Of a stream that changed it, the last one."`
}

// TimelineJob is a recording, livestream or HLS of the session.
type TimelineJob struct {
	ID        string         `json:"id"`
	Kind      string         `json:"kind"`
	Status    string         `json:"status"`
	CreatedAt fault.Instant  `json:"createdAt"`
	StartedAt *fault.Instant `json:"startedAt"`
	EndedAt   *fault.Instant `json:"endedAt"`
	Fault     *Fault         `json:"fault" doc:"With which it ended; null: as asked, or it runs."`
}

// TimelineWebhook is an event on its way to an endpoint.
type TimelineWebhook struct {
	ID       string           `json:"id" doc:"Of the delivery."`
	Event    string           `json:"event"`
	At       fault.Instant    `json:"at"`
	State    string           `json:"state" enum:"waiting,delivered,failed"`
	Endpoint string           `json:"endpoint" doc:"Scheme and host."`
	Attempts []WebhookAttempt `json:"attempts"`
}

// TimelineFault is what a timeline shows of a fault; GET /v2/faults/{faultId} has the whole.
type TimelineFault struct {
	ID            string         `json:"id"`
	At            fault.Instant  `json:"at"`
	Lasts         bool           `json:"lasts" doc:"It is a condition, which lasts until clearedAt."`
	ClearedAt     *fault.Instant `json:"clearedAt" doc:"When a condition was over; null while it lasts, and of a fault of one moment."`
	Code          int            `json:"code"`
	Reason        string         `json:"reason"`
	Detail        string         `json:"detail"`
	Fatal         bool           `json:"fatal"`
	ParticipantID string         `json:"participantId" doc:"\"\" for a fault of the whole session."`
}

// maxTimelineParts bounds the jobs, the deliveries and the faults of a timeline; participations and streams have their
// own bound.
const maxTimelineParts = 1000

func (a *API) timelineRoutes() {
	secured(a, huma.Operation{
		OperationID: "get-session-timeline", Method: http.MethodGet, Path: "/v2/sessions/{sessionId}/timeline",
		Summary: "Read what happened in a session: who came and went, streams, jobs, webhooks, faults",
		Tags:    []string{"Sessions"},
	}, func(ctx context.Context, who Caller, in *SessionPath) (*body[Timeline], error) {
		session, err := a.session(ctx, who, in.SessionID)
		if err != nil {
			return nil, err
		}
		return answer(a.timeline(ctx, session))
	})
}

func (a *API) timeline(ctx context.Context, session record.Session) (Timeline, error) {
	out := Timeline{
		SessionID: session.ID, RoomID: session.MeetingID, CustomRoomID: nullIfEmpty(session.CustomID),
		StartedAt: fault.InstantOf(session.StartedAt), EndedAt: fault.InstantOrNull(session.EndedAt),
		Participants: []TimelineParticipant{},
		Streams:      []TimelineStream{}, Jobs: []TimelineJob{}, Webhooks: []TimelineWebhook{}, Faults: []TimelineFault{},
	}
	found, err := a.opts.Store.Timeline(ctx, session.AccountID, session.ID)
	if err != nil {
		return out, storeFault(err)
	}
	out.Truncated = found.Truncated
	out.addParticipants(found)
	for _, s := range found.Streams {
		out.Streams = append(out.Streams, TimelineStream{
			ParticipantID: s.ParticipantID, Kind: s.Kind, StartedAt: fault.InstantOf(s.Start),
			EndedAt: fault.InstantOrNull(s.End), Codec: s.Codec,
		})
	}
	for number := 1; len(out.Jobs) < maxTimelineParts; number++ {
		jobs, err := a.opts.Store.Jobs(ctx, session.AccountID, record.JobFilter{SessionID: session.ID},
			record.Page{Number: number, Size: 100})
		if err != nil {
			return out, storeFault(err)
		}
		for _, j := range jobs.Items {
			out.Jobs = append(out.Jobs, a.timelineJob(ctx, j))
		}
		if len(jobs.Items) == 0 || len(out.Jobs) >= jobs.Total {
			break
		}
		out.Truncated = out.Truncated || jobs.Total > maxTimelineParts
	}
	for number := 1; len(out.Webhooks) < maxTimelineParts; number++ {
		deliveries, err := a.opts.Store.Deliveries(ctx, record.DeliveryFilter{
			AccountID: session.AccountID, SessionID: session.ID}, record.Page{Number: number, Size: 100})
		if err != nil {
			return out, storeFault(err)
		}
		for _, d := range deliveries.Items {
			shown := deliveryJSON(d)
			out.Webhooks = append(out.Webhooks, TimelineWebhook{
				shown.ID, shown.Event, shown.MadeAt, shown.State, shown.Endpoint, shown.Attempts})
		}
		if len(deliveries.Items) == 0 || len(out.Webhooks) >= deliveries.Total {
			break
		}
		out.Truncated = out.Truncated || deliveries.Total > maxTimelineParts
	}
	for number := 1; len(out.Faults) < maxTimelineParts; number++ {
		faults, err := a.opts.Store.Faults(ctx, record.FaultFilter{
			AccountID: session.AccountID, SessionID: session.ID}, record.Page{Number: number, Size: 100})
		if err != nil {
			return out, storeFault(err)
		}
		for _, f := range faults.Items {
			out.Faults = append(out.Faults, TimelineFault{
				f.ID, f.At, f.Lasts(), fault.InstantOrNull(f.ClearedAt), f.Code, f.Reason, f.Detail, f.Fatal, f.ParticipantID})
		}
		if len(faults.Items) == 0 || len(out.Faults) >= faults.Total {
			break
		}
		out.Truncated = out.Truncated || faults.Total > maxTimelineParts
	}
	return out, nil
}

// addParticipants adds a participant for each stay, with the modes and reconnects that began in it.
func (t *Timeline) addParticipants(found record.Timeline) {
	stays := map[string][]int{} // by participant: indexes, in the order of time
	for i, s := range found.Stays {
		stays[s.ParticipantID] = append(stays[s.ParticipantID], i)
		p := TimelineParticipant{
			ParticipantID: s.ParticipantID, Name: s.Name, JoinedAt: fault.InstantOf(s.JoinedAt),
			LeftAt: fault.InstantOrNull(s.LeftAt),
			SDK:    strings.TrimSpace(s.SDKType + " " + s.SDKVersion), Platform: s.Platform, Browser: s.UserAgent,
			Modes: []TimelineMode{}, Reconnects: []TimelineReconnect{},
		}
		if s.LeaveCode != 0 {
			reason := wire.LeaveCode(s.LeaveCode).Reason()
			p.Reason, p.ReasonCode = reason.Name, int(reason.Code)
		}
		t.Participants = append(t.Participants, p)
	}
	of := func(participantID string, at time.Time) *TimelineParticipant {
		var last *TimelineParticipant
		for _, i := range stays[participantID] {
			if last == nil || !t.Participants[i].JoinedAt.After(at) {
				last = &t.Participants[i]
			}
		}
		return last
	}
	for _, m := range found.Modes {
		if p := of(m.ParticipantID, m.Start); p != nil {
			p.Modes = append(p.Modes, TimelineMode{string(m.Mode), fault.InstantOf(m.Start), fault.InstantOrNull(m.End)})
		}
	}
	for _, absence := range found.Absences {
		if p := of(absence.ParticipantID, absence.Start); p != nil {
			p.Reconnects = append(p.Reconnects, TimelineReconnect{fault.InstantOf(absence.Start), fault.InstantOf(absence.End)})
		}
	}
}

func (a *API) timelineJob(ctx context.Context, j record.Job) TimelineJob {
	out := TimelineJob{ID: j.ID, Kind: string(j.Kind), Status: string(j.State), CreatedAt: fault.InstantOf(j.CreatedAt),
		StartedAt: fault.InstantOrNull(j.StartedAt), EndedAt: fault.InstantOrNull(j.EndedAt)}
	if j.Fault != nil {
		shown := Fault(*a.present(requestOf(ctx), j.Fault))
		out.Fault = &shown
	}
	return out
}
