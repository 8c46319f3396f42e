// Package doctor checks a running server from outside, as a client does: its address, certificate, readiness, clock,
// signaling, joining and media; and, on the machine of the server, its settings for HTTPS.
// It uses the Go SDK, so that what it finds is what clients find.
package doctor

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/sdk"
)

// Doctor examines one server.
type Doctor struct {
	URL              string
	MeetingID, Token string        // both set: joining and media are checked, too
	Tell             func(Finding) // gets each finding when it is made
}

// Finding is what one check found. Fault is set when it failed with one.
type Finding struct {
	Check  string       `json:"check"`
	OK     bool         `json:"ok"`
	Detail string       `json:"detail"`
	Fault  *fault.Error `json:"fault,omitempty"`
}

func (d *Doctor) tell(f Finding) bool {
	d.Tell(f)
	return f.OK
}

// checkTime bounds one check.
const checkTime = 15 * time.Second

// Examine makes the checks in the order in which they need each other and stops where the rest cannot work. It reports
// whether all is well.
func (d *Doctor) Examine(ctx context.Context) bool {
	if !d.signaling(ctx) {
		return false
	}
	well := d.certificate(ctx)
	well = d.readiness(ctx) && well
	if d.MeetingID == "" || d.Token == "" {
		return well
	}
	return d.media(ctx) && well
}

// signaling joins without a token: the server that refuses with 4002 EMPTY is Klatch, and its socket works.
func (d *Doctor) signaling(ctx context.Context) bool {
	began := time.Now()
	err := d.join(ctx, sdk.Options{Token: "-", MeetingID: "doctor"})
	if fault.Is(err, fault.CodeInvalidToken) {
		return d.tell(
			Finding{
				Check:  "signaling",
				OK:     true,
				Detail: fmt.Sprintf("%s answers in %d ms", d.URL, time.Since(began).Milliseconds()),
			},
		)
	}
	return d.tell(failure("signaling", err))
}

func failure(check string, err error) Finding {
	f := fault.From(err)
	if f == nil {
		return Finding{Check: check, Detail: "the server let in somebody without a token"}
	}
	return Finding{Check: check, Detail: f.Detail, Fault: f}
}

// join joins and leaves again.
func (d *Doctor) join(ctx context.Context, o sdk.Options) error {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	o.URL, o.JoinAttempts = d.URL, 1
	m, err := sdk.InitMeeting(o)
	if err != nil {
		return err
	}
	if err := m.Join(ctx); err != nil {
		return err
	}
	return m.Leave(ctx)
}

// allowedSkew is what a token's times survive: the default of token.leeway.
const allowedSkew = time.Minute

// readiness asks the server what it can do, and compares the clocks by its Date header.
func (d *Doctor) readiness(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, d.URL+"/readyz", nil)
	if err != nil {
		return d.tell(Finding{Check: "readiness", Detail: err.Error()})
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return d.tell(Finding{Check: "readiness", Detail: err.Error()})
	}
	defer func() { _ = res.Body.Close() }() // read-only
	var ready struct {
		Ready        bool `json:"ready"`
		Capabilities map[string]struct {
			Ready  bool   `json:"ready"`
			Detail string `json:"detail"`
		} `json:"capabilities"`
	}
	if err := json.NewDecoder(io.LimitReader(res.Body, 64<<10)).Decode(&ready); err != nil {
		return d.tell(Finding{Check: "readiness", Detail: "/readyz does not answer in JSON: a proxy in between?"})
	}
	detail := "everything the server needs works"
	for name, c := range ready.Capabilities {
		if !c.Ready {
			detail = name + ": " + c.Detail
		}
	}
	well := d.tell(Finding{Check: "readiness", OK: ready.Ready, Detail: detail})

	served, err := http.ParseTime(res.Header.Get("Date"))
	if err != nil {
		return well
	}
	skew := time.Since(served).Truncate(time.Second)
	return d.tell(
		Finding{
			Check:  "clock",
			OK:     skew.Abs() < allowedSkew,
			Detail: fmt.Sprintf("this machine is %s from the server; tokens allow %s", skew, allowedSkew),
		},
	) &&
		well
}

// media joins twice: one publishes the test card and the tone, the other receives them.
func (d *Doctor) media(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	speaker, err := sdk.InitMeeting(
		sdk.Options{
			URL:           d.URL,
			Token:         d.Token,
			MeetingID:     d.MeetingID,
			Name:          "doctor (sends)",
			MicEnabled:    true,
			WebcamEnabled: true,
			ManualConsume: true,
		},
	)
	if err != nil {
		return d.tell(failure("join", err))
	}
	listener, err := sdk.InitMeeting(
		sdk.Options{
			URL:       d.URL,
			Token:     d.Token,
			MeetingID: d.MeetingID,
			Name:      "doctor (receives)",
			Mode:      sdk.RecvOnly,
		},
	)
	if err != nil {
		return d.tell(failure("join", err))
	}
	faults := make(chan *fault.Error, 8)
	heard := make(chan sdk.Kind, 64)
	for _, m := range []*sdk.Meeting{speaker, listener} {
		m.OnError(func(f *fault.Error) {
			select {
			case faults <- f:
			default:
			}
		})
	}
	listen := func(p *sdk.Participant, s *sdk.Stream) {
		if p.ID() == speaker.LocalParticipant().ID() {
			go func() {
				if _, err := s.ReadRTP(ctx); err == nil {
					heard <- s.Kind()
				}
			}()
		}
	}
	listener.OnStreamEnabled(listen)
	if err := speaker.Join(ctx); err != nil {
		return d.tell(failure("join", err))
	}
	defer func() { _ = speaker.Leave(context.WithoutCancel(ctx)) }()
	began := time.Now()
	if err := listener.Join(ctx); err != nil {
		return d.tell(failure("join", err))
	}
	defer func() { _ = listener.Leave(context.WithoutCancel(ctx)) }()
	d.tell(
		Finding{
			Check:  "join",
			OK:     true,
			Detail: fmt.Sprintf("in the meeting after %d ms", time.Since(began).Milliseconds()),
		},
	)
	if p := listener.Participant(speaker.LocalParticipant().ID()); p != nil {
		for _, s := range p.Streams() {
			listen(p, s)
		}
	}
	got := map[sdk.Kind]bool{}
	for len(got) < 2 {
		select {
		case kind := <-heard:
			got[kind] = true
		case f := <-faults:
			return d.tell(failure("media", f))
		case <-ctx.Done():
			return d.tell(
				Finding{
					Check: "media",
					Detail: fmt.Sprintf(
						"of audio and video, %d arrived within %s: are the media ports open for UDP or TCP?",
						len(got),
						checkTime,
					),
				},
			)
		}
	}
	return d.tell(
		Finding{
			Check:  "media",
			OK:     true,
			Detail: fmt.Sprintf("audio and video arrive %d ms after joining", time.Since(began).Milliseconds()),
		},
	)
}
