// Package webhook sends the events of meetings to the endpoints of integrators: the events of the outbox,
// signed, in the order of each meeting, until each is taken.
//
// The store writes the outbox in the transaction that an event reports, so nothing is lost with the process; the
// package owns the sending: attempts, their times, the signing key, and the fault (5103) when an endpoint fails. Names
// and bodies of the events are the published ones. internal/server starts and stops it.
package webhook

import (
	"cmp"
	"context"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/record"
)

// Outbox keeps what is to be sent; the store implements it.
type Outbox interface {
	Announced() <-chan struct{}
	DueWebhooks(ctx context.Context, now time.Time, limit int, except []string) ([]record.Delivery, error)
	ClaimWebhook(ctx context.Context, d record.Delivery, until time.Time) (bool, error)
	ReleaseWebhook(ctx context.Context, d record.Delivery) error
	SaveWebhookAttempt(ctx context.Context, a record.Attempt) error
	WebhookDelivered(ctx context.Context, id int64, at time.Time) error
	WebhookFailed(ctx context.Context, d record.Delivery, problem string, next time.Time, unreachable bool) error
	SetWebhookAside(ctx context.Context, id int64, problem string, at time.Time) error
	UnsubscribeWebhook(ctx context.Context, d record.Delivery, problem string, at time.Time) (dropped int, err error)
	ExpireWebhooks(ctx context.Context, before, at time.Time) ([]record.Expired, error)
	TrimWebhooks(ctx context.Context, before time.Time) error
	FailingWebhooks(ctx context.Context) (map[string]int, error)
	WaitingWebhooks(ctx context.Context) (int, error)
	// Once reports whether this server, of those that share the outbox, does a periodic task now.
	Once(ctx context.Context, task string, every time.Duration) (bool, error)
}

// Options of New. A zero value is the default beside it.
type Options struct {
	Outbox  Outbox
	Signer  *Signer
	Logger  *slog.Logger
	Metrics prometheus.Registerer
	Report  func(ctx context.Context, f *fault.Error)
	// Raise and Clear begin and end what lasts: an endpoint that does not take events. Outages of one group have one
	// cause. nil: Report takes their beginnings.
	Raise func(key, group string, f *fault.Error)
	Clear func(key string)

	AllowPrivateTargets bool          // else only addresses of the public internet are called
	RetryFor            time.Duration // 72 h; then an event is given up
	Timeout             time.Duration // 10 s for one attempt
	FirstRetry          time.Duration // 1 s; doubled by each failure
	LastRetry           time.Duration // 1 h; the longest pause
}

const (
	maxAttempts    = 64 // attempts at a time
	maxTries       = 8  // of Try, at a time
	maxPerEndpoint = 4  // of them for one endpoint, so that a slow one leaves room for others
	pollInterval   = time.Second
	expireInterval = time.Minute
	outageInterval = 5 * time.Second     // between looks at outages whose end another server may have seen
	keepEnded      = 30 * 24 * time.Hour // ended deliveries, for the delivery summaries of REST
)

// Deliverer sends the outbox.
//
// Shape: loop. One goroutine decides and writes the outbox; each attempt is a goroutine that it waits for.
type Deliverer struct {
	opts    Options
	client  *http.Client
	metrics metrics

	tries    chan struct{} // of Try
	stop     chan struct{}
	loopDone chan struct{}
	attempts context.Context // of those under way
	cancel   context.CancelFunc
	once     sync.Once

	// Of the loop alone.
	results  chan result
	running  int
	busy     map[string]int     // endpoint: attempts under way
	outages  map[string]*outage // endpoint
	expireAt time.Time
	lookAt   time.Time // at the outages that another server may have seen the end of
}

// outage is an endpoint that does not take events. It is reported once and ends when no failed delivery waits
// any more.
type outage struct {
	unreachable    bool
	givenUp        bool // reported, too
	deliversOthers bool // it has taken another event since
}

type result struct {
	delivery record.Delivery
	answer   answer
	err      error
	at       time.Time
	took     time.Duration
}

// New starts the sending. Close ends it.
func New(o Options) *Deliverer {
	o.RetryFor = cmp.Or(o.RetryFor, 72*time.Hour)
	o.Timeout = cmp.Or(o.Timeout, 10*time.Second)
	o.FirstRetry = cmp.Or(o.FirstRetry, time.Second)
	o.LastRetry = cmp.Or(o.LastRetry, time.Hour)
	if o.Raise == nil {
		o.Raise = func(_, _ string, f *fault.Error) { o.Report(context.Background(), f) }
		o.Clear = func(string) {}
	}
	d := &Deliverer{
		opts: o, client: newClient(o.AllowPrivateTargets, o.Timeout), metrics: newMetrics(o),
		stop: make(chan struct{}), loopDone: make(chan struct{}), tries: make(chan struct{}, maxTries),
		results: make(chan result), busy: map[string]int{}, outages: map[string]*outage{},
	}
	d.attempts, d.cancel = context.WithCancel(context.Background())
	go d.loop()
	return d
}

// Close stops sending: attempts under way come to their end, or are cut off when ctx ends and made again after the next
// start.
func (d *Deliverer) Close(ctx context.Context) {
	d.once.Do(func() { close(d.stop) })
	select {
	case <-d.loopDone:
	case <-ctx.Done():
		d.cancel()
		<-d.loopDone
	}
	d.cancel()
	d.client.CloseIdleConnections()
}

func (d *Deliverer) loop() {
	defer close(d.loopDone)
	tick := time.NewTicker(min(pollInterval, d.opts.FirstRetry))
	defer tick.Stop()
	d.guarded("the start of the webhooks", d.loadOutages)
	for {
		d.guarded("the sweep of the webhooks", d.expire)
		d.guarded("the end of outages", d.endOutages)
		d.guarded("the start of webhook deliveries", d.startDue)
		select {
		case r := <-d.results:
			d.guarded("the end of a webhook delivery", func() { d.finish(r) })
		case <-d.opts.Outbox.Announced():
		case <-tick.C:
		case <-d.stop:
			for d.running > 0 {
				r := <-d.results
				d.guarded("the end of a webhook delivery", func() { d.finish(r) })
			}
			return
		}
	}
}

// guarded limits a panic to one step of the loop; what it did not finish is tried again.
func (d *Deliverer) guarded(what string, step func()) {
	if err := guard.Do(what, step); err != nil {
		d.opts.Report(context.Background(), fault.From(err))
	}
}

// loadOutages loads the outages that were reported before a restart.
func (d *Deliverer) loadOutages() {
	ctx, cancel := d.storeContext()
	defer cancel()
	failing, err := d.opts.Outbox.FailingWebhooks(ctx)
	if err != nil {
		d.opts.Logger.Error("webhooks", "err", err)
	}
	for endpoint := range failing {
		d.outages[endpoint] = &outage{}
	}
}

// startDue starts an attempt for each delivery that is due, within the limits.
func (d *Deliverer) startDue() {
	ctx, cancel := d.storeContext()
	defer cancel()
	for d.running < maxAttempts {
		var full []string
		for endpoint := range d.busy {
			if d.busy[endpoint] >= d.attemptLimit(endpoint) {
				full = append(full, endpoint)
			}
		}
		now := time.Now()
		due, err := d.opts.Outbox.DueWebhooks(ctx, now, maxAttempts-d.running, full)
		if err != nil {
			d.opts.Logger.Error("webhooks", "err", err)
			return
		}
		began := 0
		for _, delivery := range due {
			if d.busy[delivery.EndPoint] >= d.attemptLimit(delivery.EndPoint) {
				continue
			}
			claimed, err := d.opts.Outbox.ClaimWebhook(ctx, delivery, now.Add(3*d.opts.Timeout))
			if err != nil {
				d.opts.Logger.Error("webhooks", "err", err)
				return
			}
			if !claimed {
				continue
			}
			began++
			d.running++
			d.busy[delivery.EndPoint]++
			go func() {
				r := result{delivery: delivery, at: time.Now()}
				r.err = guard.Run("the delivery of a webhook", func() (err error) {
					r.answer, err = d.attempt(d.attempts, delivery)
					return err
				})
				r.took = time.Since(r.at)
				d.results <- r
			}()
		}
		if began == 0 {
			return
		}
	}
}

// attemptLimit returns how many attempts an endpoint may have at a time; one that cannot be reached has one.
func (d *Deliverer) attemptLimit(endpoint string) int {
	if out := d.outages[endpoint]; out != nil && out.unreachable {
		return 1
	}
	return maxPerEndpoint
}

// finish records how an attempt ended.
func (d *Deliverer) finish(r result) {
	endpoint := r.delivery.EndPoint
	d.running--
	if d.busy[endpoint]--; d.busy[endpoint] == 0 {
		delete(d.busy, endpoint)
	}
	ctx, cancel := d.storeContext()
	defer cancel()
	var err error
	if r.err == nil || d.attempts.Err() == nil { // else cut off by Close
		d.keepAttempt(ctx, r)
	}
	switch {
	case r.err == nil:
		d.metrics.attempts.WithLabelValues("delivered").Inc()
		d.metrics.seconds.Observe(r.took.Seconds())
		if err = d.opts.Outbox.WebhookDelivered(ctx, r.delivery.ID, time.Now()); err == nil {
			err = d.recovered(ctx, r.delivery, true)
		}
	case d.attempts.Err() != nil: // cut off by Close
		err = d.opts.Outbox.ReleaseWebhook(ctx, r.delivery)
	case statusOf(r.err) == http.StatusGone:
		err = d.unsubscribe(ctx, r.delivery)
	case d.isPoison(r):
		err = d.setAside(ctx, r)
	default:
		d.metrics.attempts.WithLabelValues("failed").Inc()
		f, unreachable := d.diagnose(r.delivery, r.err)
		pause := d.backoff(r.delivery.Attempts)
		f = of(r.delivery, f.Because(r.err)).RetryAfter(pause)
		known := d.outages[endpoint] == nil && d.isFailing(ctx, endpoint)
		err = d.opts.Outbox.WebhookFailed(ctx, r.delivery, f.Reason, time.Now().Add(pause), unreachable)
		d.failed(endpoint, f, unreachable, known)
	}
	if err != nil {
		d.opts.Logger.Error("webhooks", "event", r.delivery.Event, "meeting", r.delivery.MeetingID, "err", err)
	}
}

// of puts into a fault what its delivery belongs to.
func of(delivery record.Delivery, f *fault.Error) *fault.Error {
	if delivery.MeetingID == "" {
		return f.WithAccount(delivery.AccountID)
	}
	return f.WithMeeting(delivery.MeetingID, delivery.SessionID, "")
}

// Try sends a body once, signed, to an endpoint that nothing else is sent to by it, and returns why it was not taken.
// Few are sent at a time; the others wait, as long as ctx lasts.
func (d *Deliverer) Try(ctx context.Context, endpoint, event string, body []byte) *fault.Error {
	select {
	case d.tries <- struct{}{}:
		defer func() { <-d.tries }()
	case <-ctx.Done():
		return fault.WebhookDeliveryFailedTimeout(Origin(endpoint), event, d.opts.Timeout).Because(ctx.Err())
	}
	delivery := record.Delivery{EndPoint: endpoint, Event: event, Body: body}
	err := guard.Run("the test of a webhook", func() error {
		_, err := d.attempt(ctx, delivery)
		return err
	})
	if err == nil {
		return nil
	}
	f, _ := d.diagnose(delivery, err)
	return f.Because(err)
}

// keepAttempt keeps what an attempt brought, for whoever looks for the cause.
func (d *Deliverer) keepAttempt(ctx context.Context, r result) {
	a := record.Attempt{
		DeliveryID: r.delivery.ID, Number: r.delivery.Attempts + 1, At: r.at, Took: r.took, Status: r.answer.status,
		Answer: r.answer.text,
	}
	switch {
	case r.err == nil:
	case r.answer.status == http.StatusGone:
		a.Reason = reasonGone
	default:
		f, _ := d.diagnose(r.delivery, r.err)
		a.Reason = f.Reason
	}
	if err := d.opts.Outbox.SaveWebhookAttempt(ctx, a); err != nil {
		d.opts.Logger.Error("webhooks", "event", r.delivery.Event, "meeting", r.delivery.MeetingID, "err", err)
	}
}

// reasonGone is the reason of the fault of an endpoint that answers 410.
const reasonGone = "GONE"

// A refusal of the request (4xx) will be repeated however often the same event is sent. After poisonTries the event is
// set aside, so that the later ones of its meeting are sent. A status that concerns the endpoint as a whole (a wrong
// path, a missing right) does so only when the endpoint has taken other events meanwhile, or after patientTries: an
// hour or two.
const (
	maxPoisonAttempts   = 4
	maxEndpointAttempts = 12
)

// isPoison reports whether an attempt was the last one that its event gets.
func (d *Deliverer) isPoison(r result) bool {
	status, tries := statusOf(r.err), r.delivery.Attempts+1
	switch status {
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests: // ask for another attempt
		return false
	case http.StatusUnauthorized,
		http.StatusForbidden,
		http.StatusNotFound,
		http.StatusMethodNotAllowed,
		http.StatusProxyAuthRequired:
		out := d.outages[r.delivery.EndPoint]
		return tries >= maxEndpointAttempts || tries >= maxPoisonAttempts && out != nil && out.deliversOthers
	}
	return status/100 == 4 && tries >= maxPoisonAttempts
}

// setAside ends the delivery of one event and reports it; the later ones go on in their order.
func (d *Deliverer) setAside(ctx context.Context, r result) error {
	d.metrics.attempts.WithLabelValues("set_aside").Inc()
	f := of(r.delivery, fault.WebhookDeliveryFailedSetAside(
		Origin(r.delivery.EndPoint), r.delivery.Event, statusOf(r.err), r.delivery.Attempts+1,
	).Because(r.err))
	if err := d.opts.Outbox.SetWebhookAside(ctx, r.delivery.ID, f.Reason, time.Now()); err != nil {
		return err
	}
	d.opts.Report(ctx, f)
	return d.recovered(ctx, r.delivery, false)
}

// unsubscribe ends what waits for an endpoint that answered 410, and reports it.
func (d *Deliverer) unsubscribe(ctx context.Context, delivery record.Delivery) error {
	dropped, err := d.opts.Outbox.UnsubscribeWebhook(ctx, delivery, reasonGone, time.Now())
	if err != nil {
		return err
	}
	d.metrics.attempts.WithLabelValues("unsubscribed").Add(float64(dropped))
	d.opts.Report(ctx, of(delivery, fault.WebhookDeliveryFailedGone(Origin(delivery.EndPoint), delivery.Event, dropped)))
	return d.recovered(ctx, delivery, false)
}

// backoff returns the time to the next attempt: twice as long after each, between half and all of it, so that what
// failed together does not come together again.
func (d *Deliverer) backoff(attempts int) time.Duration {
	pause := d.opts.LastRetry
	if attempts < 30 {
		pause = min(d.opts.FirstRetry<<attempts, pause)
	}
	return pause/2 + rand.N(pause/2+1)
}

// isFailing reports whether another server has found that an endpoint does not take events, and reported it.
func (d *Deliverer) isFailing(ctx context.Context, endpoint string) bool {
	failing, err := d.opts.Outbox.FailingWebhooks(ctx)
	if err != nil {
		d.opts.Logger.Error("webhooks", "err", err)
	}
	return failing[endpoint] > 0
}

// endOutages ends the outages of endpoints that took from another server what had failed.
func (d *Deliverer) endOutages() {
	now := time.Now()
	if len(d.outages) == 0 || now.Before(d.lookAt) {
		return
	}
	d.lookAt = now.Add(min(outageInterval, d.opts.LastRetry))
	ctx, cancel := d.storeContext()
	defer cancel()
	failing, err := d.opts.Outbox.FailingWebhooks(ctx)
	if err != nil {
		d.opts.Logger.Error("webhooks", "err", err)
		return
	}
	for endpoint := range d.outages {
		if failing[endpoint] == 0 && d.busy[endpoint] == 0 {
			d.endOutage(endpoint)
		}
	}
}

func (d *Deliverer) endOutage(endpoint string) {
	delete(d.outages, endpoint)
	d.opts.Clear(outageKey(endpoint))
}

// failed notes that an endpoint did not take an event; known is whether another server has reported that.
func (d *Deliverer) failed(endpoint string, f *fault.Error, unreachable, known bool) {
	out := d.outages[endpoint]
	if out == nil && known {
		out = &outage{}
		d.outages[endpoint] = out
	}
	if out == nil {
		out = &outage{}
		d.outages[endpoint] = out
		group := ""
		if unreachable { // whoever it is that does not answer there, all its endpoints fail
			group = outageKey(Origin(endpoint))
		}
		d.opts.Raise(outageKey(endpoint), group, f)
	}
	out.unreachable = unreachable
}

// outageKey names the condition of an endpoint, or the group of those of one origin.
func outageKey(endpoint string) string { return "webhook " + endpoint }

// recovered ends the outage of an endpoint when no failed delivery waits for it any more. took is whether it took this
// one.
func (d *Deliverer) recovered(ctx context.Context, taken record.Delivery, took bool) error {
	out := d.outages[taken.EndPoint]
	if out == nil {
		return nil
	}
	out.unreachable = false
	out.deliversOthers = out.deliversOthers || took
	failing, err := d.opts.Outbox.FailingWebhooks(ctx)
	if err != nil || failing[taken.EndPoint] > 0 {
		return err
	}
	d.endOutage(taken.EndPoint)
	if !took {
		return nil
	}
	d.opts.Logger.Info("a webhook endpoint takes events again", "endpoint", Origin(taken.EndPoint))
	return nil
}

// expire ends the delivery of what is too old, and removes what ended long ago.
func (d *Deliverer) expire() {
	now := time.Now()
	if now.Before(d.expireAt) {
		return
	}
	pause := min(expireInterval, max(d.opts.RetryFor/4, time.Millisecond))
	d.expireAt = now.Add(pause)
	ctx, cancel := d.storeContext()
	defer cancel()
	if mine, err := d.opts.Outbox.Once(ctx, "the sweep of the webhooks", pause); err != nil || !mine {
		if err != nil {
			d.opts.Logger.Error("webhooks", "err", err)
		}
		return
	}
	expired, err := d.opts.Outbox.ExpireWebhooks(ctx, now.Add(-d.opts.RetryFor), now)
	if err == nil {
		err = d.opts.Outbox.TrimWebhooks(ctx, now.Add(-keepEnded))
	}
	if err != nil {
		d.opts.Logger.Error("webhooks", "err", err)
	}
	for _, e := range expired {
		d.metrics.attempts.WithLabelValues("given_up").Add(float64(e.Events))
		out := d.outages[e.EndPoint]
		if out != nil && out.givenUp {
			continue
		}
		if out == nil {
			out = &outage{}
			d.outages[e.EndPoint] = out
		}
		out.givenUp = true
		d.opts.Report(
			ctx,
			of(record.Delivery{AccountID: e.AccountID, MeetingID: e.MeetingID},
				fault.WebhookDeliveryFailedGivenUp(Origin(e.EndPoint), e.Events, d.opts.RetryFor)),
		)
	}
}

// storeContext returns the context of one step with the database; it is valid while Close waits.
func (d *Deliverer) storeContext() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), 10*time.Second)
}

type metrics struct {
	attempts *prometheus.CounterVec
	seconds  prometheus.Histogram
}

func newMetrics(o Options) metrics {
	m := metrics{
		attempts: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "klatch_webhook_attempts_total",
			Help: "Attempts to deliver webhooks that were taken or failed, and events that were given up."}, []string{
			"result",
		}),
		seconds: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "klatch_webhook_delivery_seconds",
			Help: "How long endpoints took to take a webhook.", Buckets: []float64{.01, .05, .1, .5, 1, 5, 10}}),
	}
	if o.Metrics != nil {
		o.Metrics.MustRegister(m.attempts, m.seconds, prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "klatch_webhook_waiting", Help: "Events that are not delivered yet.",
		}, func() float64 {
			ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
			defer cancel()
			n, err := o.Outbox.WaitingWebhooks(ctx)
			if err != nil {
				return -1
			}
			return float64(n)
		}))
	}
	return m
}
