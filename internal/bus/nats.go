package bus

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Options are those of a connection to NATS.
type Options struct {
	URL    string  // servers of NATS, separated by commas; they may hold credentials
	Server *Server // or the one inside this process, which Close ends
	Name   string  // of this client
	// Prefix begins all subjects and names of buckets, so that several clusters can share a NATS: a word.
	Prefix string
	Log    *slog.Logger
}

const (
	connectWithin = 2 * time.Second
	reconnectWait = 500 * time.Millisecond
	pingEvery     = time.Second // a dead connection is noticed after pingsOut of them
	pingsOut      = 2
	replicas      = 3           // of a bucket, where there are so many servers
	openWithin    = time.Second // a request that comes while NATS elects a leader is lost
	mendEvery     = 2 * time.Second

	replicasWithin = 15 * time.Second // after the start; then a bucket is made with one replica
	lostAfter      = 10 * time.Second // without a leader

	replicasNotSupported jetstream.ErrorCode = 10074 // one server without a cluster
)

// NATS is a Bus over NATS. It connects, and connects again, by itself.
type NATS struct {
	conn    *nats.Conn
	js      jetstream.JetStream
	server  *Server // nil: of the operator
	prefix  string
	place   string
	hidden  *strings.Replacer // takes credentials out of texts
	log     *slog.Logger
	opened  time.Time
	life    context.Context
	stop    context.CancelFunc
	mending sync.WaitGroup

	mu      sync.Mutex // guards everything below
	cancels map[*int]func()
	buckets map[string]*natsBucket
}

// Open returns a Bus over NATS. A server that cannot be reached is no error: the bus is down until it can.
func Open(o Options) (*NATS, error) {
	b := &NATS{
		opened: time.Now(), server: o.Server, prefix: o.Prefix, log: o.Log, cancels: map[*int]func(){},
		buckets: map[string]*natsBucket{},
	}
	b.place, b.hidden = describe(o.URL)
	options := []nats.Option{
		nats.Name(o.Name), nats.Timeout(connectWithin), nats.RetryOnFailedConnect(true), nats.MaxReconnects(-1),
		nats.ReconnectWait(reconnectWait), nats.ReconnectBufSize(-1), nats.PingInterval(pingEvery),
		nats.MaxPingsOutstanding(pingsOut),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			b.log.Debug("nats: disconnected", "server", b.place, "err", b.text(err))
		}),
		nats.ReconnectHandler(func(*nats.Conn) { b.log.Debug("nats: connected again", "server", b.place) }),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
			b.log.Debug("nats", "server", b.place, "err", b.text(err))
		}),
	}
	if o.Server != nil {
		options = append(options, nats.InProcessServer(o.Server.nats), nats.Token(o.Server.token))
		if addr := o.Server.Addr(); addr != nil {
			b.place = addr.String()
		} else {
			b.place = "this node"
		}
	}
	var err error
	if b.conn, err = nats.Connect(o.URL, options...); err != nil {
		return nil, errors.New(b.text(err)) // without the error itself, whose text may hold credentials
	}
	if b.js, err = jetstream.New(b.conn); err != nil {
		b.conn.Close()
		return nil, err
	}
	b.life, b.stop = context.WithCancel(context.Background())
	b.mending.Go(b.mend)
	return b, nil
}

// describe returns the servers of an address without their credentials, and what takes those out of texts.
func describe(urls string) (place string, hidden *strings.Replacer) {
	var places, secrets []string
	for one := range strings.SplitSeq(urls, ",") {
		u, err := url.Parse(strings.TrimSpace(one))
		if err != nil || u.Host == "" {
			continue
		}
		places = append(places, u.Host)
		if u.User != nil {
			secrets = append(secrets, u.User.String(), "…")
			if password, ok := u.User.Password(); ok && password != "" {
				secrets = append(secrets, password, "…", url.QueryEscape(password), "…")
			} else if token := u.User.Username(); token != "" {
				secrets = append(secrets, token, "…")
			}
		}
	}
	return strings.Join(places, ","), strings.NewReplacer(secrets...)
}

// Place returns where NATS is, without credentials.
func (b *NATS) Place() string { return b.place }

// Err returns why the bus is down at the moment, without credentials; nil: it is connected.
func (b *NATS) Err() error {
	if b.conn.IsConnected() {
		return nil
	}
	if err := b.conn.LastError(); err != nil {
		return errors.New(b.text(err))
	}
	return ErrDown
}

// Peers returns how many other nodes the server inside this process is connected to; 0 where there is none.
func (b *NATS) Peers() int {
	if b.server == nil {
		return 0
	}
	return b.server.Peers()
}

func (b *NATS) text(err error) string {
	if err == nil {
		return ""
	}
	return b.hidden.Replace(err.Error())
}

// wrap returns the error of a call in the terms of this package.
func (b *NATS) wrap(what string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, nats.ErrNoResponders):
		return fmt.Errorf("%s: %w", what, ErrNoResponders)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		if !b.conn.IsConnected() {
			return fmt.Errorf("%s: %w", what, errors.Join(ErrDown, err))
		}
		return fmt.Errorf("%s: %w", what, err)
	case errors.Is(err, nats.ErrConnectionClosed), errors.Is(err, nats.ErrReconnectBufExceeded),
		errors.Is(err, nats.ErrDisconnected):
		return fmt.Errorf("%s: %w", what, ErrDown)
	}
	return fmt.Errorf("%s: %s", what, b.text(err))
}

func (b *NATS) subject(s string) string { return b.prefix + "." + s }

// Publish implements Bus.
func (b *NATS) Publish(_ context.Context, subject string, data []byte) error {
	if !b.conn.IsConnected() {
		return ErrDown
	}
	return b.wrap("publish", b.conn.Publish(b.subject(subject), data))
}

// Subscribe implements Bus.
func (b *NATS) Subscribe(subject string, f func(data []byte)) (cancel func(), err error) {
	cancel, err = b.subscribe(subject, func(m *nats.Msg) { f(m.Data) })
	if err != nil {
		return nil, err
	}
	return b.keep(cancel), nil
}

func (b *NATS) subscribe(subject string, f func(*nats.Msg)) (cancel func(), err error) {
	sub, err := b.conn.Subscribe(b.subject(subject), f)
	if err != nil {
		return nil, b.wrap("subscribe", err)
	}
	ended := make(chan struct{})
	sub.SetClosedHandler(func(string) { close(ended) })
	_ = sub.SetPendingLimits(maxPending, maxPending<<10)
	return func() {
		_ = sub.Unsubscribe()
		<-ended
	}, nil
}

// keep remembers what Close has to cancel.
func (b *NATS) keep(cancel func()) func() {
	key := new(int)
	cancel = sync.OnceFunc(cancel)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.cancels[key] = cancel
	return func() {
		b.mu.Lock()
		delete(b.cancels, key)
		b.mu.Unlock()
		cancel()
	}
}

// Request implements Bus.
func (b *NATS) Request(ctx context.Context, subject string, data []byte) ([]byte, error) {
	if !b.conn.IsConnected() {
		return nil, ErrDown
	}
	m, err := b.conn.RequestWithContext(ctx, b.subject(subject), data)
	if err != nil {
		return nil, b.wrap("request", err)
	}
	return m.Data, nil
}

// Answer implements Bus.
func (b *NATS) Answer(
	subject string,
	f func(ctx context.Context, data []byte) []byte,
) (cancel func(), err error) {
	a := newAnswering(f)
	end, err := b.subscribe(subject, func(m *nats.Msg) {
		a.handle(m.Data, func(data []byte) {
			if err := m.Respond(data); err != nil {
				b.log.Debug("nats: answer", "subject", subject, "err", b.text(err))
			}
		})
	})
	if err != nil {
		a.close()
		return nil, err
	}
	return b.keep(func() {
		a.cancel() // so that a request that waits for room does not keep end waiting
		end()
		a.close()
	}), nil
}

// Close implements Bus. It ends the server inside this process too.
func (b *NATS) Close() {
	b.stop()
	b.mending.Wait()
	b.mu.Lock()
	cancels := b.cancels
	b.cancels = map[*int]func(){}
	b.mu.Unlock()
	for _, cancel := range cancels {
		cancel()
	}
	b.conn.Close()
	if b.server != nil {
		b.server.Close()
	}
}

// Bucket implements Bus. It succeeds while NATS is away: a bucket is made when it is used first, and again when NATS
// has lost it.
func (b *NATS) Bucket(_ context.Context, name string) (Bucket, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.buckets[name] == nil {
		b.buckets[name] = &natsBucket{bus: b, name: b.prefix + "_" + name}
	}
	return b.buckets[name], nil
}

// mend looks after the replicas of buckets.
func (b *NATS) mend() {
	ticker := time.NewTicker(mendEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
		case <-b.life.Done():
			return
		}
		b.mu.Lock()
		var all []*natsBucket
		for _, bucket := range b.buckets {
			all = append(all, bucket)
		}
		b.mu.Unlock()
		for _, bucket := range all {
			bucket.mend(b.life)
		}
	}
}

// natsBucket is a Bucket in JetStream.
type natsBucket struct {
	bus  *NATS
	name string

	led    time.Time // when it had a leader; of mend
	single bool      // it has one replica; of mend

	mu sync.Mutex // guards everything below
	kv jetstream.KeyValue
}

func (k *natsBucket) config(replicas int) jetstream.KeyValueConfig {
	return jetstream.KeyValueConfig{
		Bucket: k.name, TTL: Life, Storage: jetstream.MemoryStorage, Replicas: replicas, History: 1,
	}
}

// open returns the bucket and makes it where there is none.
func (k *natsBucket) open(ctx context.Context) (jetstream.KeyValue, error) {
	if !k.bus.conn.IsConnected() {
		return nil, ErrDown
	}
	k.mu.Lock()
	kv := k.kv
	k.mu.Unlock()
	if kv != nil {
		return kv, nil
	}
	ctx, cancel := context.WithTimeout(ctx, openWithin)
	defer cancel()
	kv, err := k.bus.js.KeyValue(ctx, k.name)
	if errors.Is(err, jetstream.ErrBucketNotFound) {
		kv, err = k.create(ctx)
	}
	if err != nil {
		return nil, k.bus.wrap("bucket "+k.name, err)
	}
	k.mu.Lock()
	k.kv = kv
	k.mu.Unlock()
	return kv, nil
}

// create makes the bucket with as many replicas as it shall have, or with one where NATS is one server, or where too
// few have been there for a while.
func (k *natsBucket) create(ctx context.Context) (jetstream.KeyValue, error) {
	kv, err := k.bus.js.CreateKeyValue(ctx, k.config(replicas))
	if errors.Is(err, jetstream.ErrBucketExists) { // another node was faster
		return k.bus.js.KeyValue(ctx, k.name)
	}
	api, ok := errors.AsType[*jetstream.APIError](err)
	if ok && (api.ErrorCode == replicasNotSupported || time.Since(k.bus.opened) > replicasWithin) && ctx.Err() == nil {
		kv, err = k.bus.js.CreateKeyValue(ctx, k.config(1))
	}
	return kv, err
}

// mend adds replicas to a bucket that was made with one, once there are more servers. One whose only server
// is lost is made anew, without its values.
func (k *natsBucket) mend(ctx context.Context) {
	k.mu.Lock()
	opened := k.kv != nil
	k.mu.Unlock()
	if !opened || !k.bus.conn.IsConnected() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, openWithin)
	defer cancel()
	stream, err := k.bus.js.Stream(ctx, "KV_"+k.name)
	switch {
	case errors.Is(err, jetstream.ErrStreamNotFound):
		k.forget(err)
	case err == nil && stream.CachedInfo().Cluster != nil && stream.CachedInfo().Cluster.Leader != "":
		k.led = time.Now()
		config := stream.CachedInfo().Config
		if k.single = config.Replicas == 1; config.Replicas < replicas {
			config.Replicas = replicas
			if _, err := k.bus.js.UpdateStream(ctx, config); err != nil {
				k.bus.log.Debug("nats: a bucket has one replica", "bucket", k.name, "err", k.bus.text(err))
			}
		}
	case k.single && time.Since(k.led) > lostAfter:
		err := k.bus.js.DeleteStream(ctx, "KV_"+k.name)
		k.bus.log.Debug("nats: the only replica of a bucket is lost", "bucket", k.name, "err", k.bus.text(err))
		k.forget(jetstream.ErrStreamNotFound)
	}
}

// forget has the bucket made again when it is used next, where err says that NATS has lost it.
func (k *natsBucket) forget(err error) {
	if errors.Is(err, jetstream.ErrStreamNotFound) || errors.Is(err, jetstream.ErrBucketNotFound) ||
		errors.Is(err, jetstream.ErrNoStreamResponse) || errors.Is(err, nats.ErrNoResponders) {
		k.mu.Lock()
		k.kv = nil
		k.mu.Unlock()
	}
}

// failed returns the error of a call in the terms of this package.
func (k *natsBucket) failed(what string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, jetstream.ErrKeyExists), errors.Is(err, jetstream.ErrKeyRevisionMismatch):
		return ErrConflict
	case errors.Is(err, jetstream.ErrKeyNotFound), errors.Is(err, jetstream.ErrKeyDeleted):
		return ErrNotFound
	}
	k.forget(err)
	return k.bus.wrap(what+" "+k.name, err)
}

// Get implements Bucket.
func (k *natsBucket) Get(ctx context.Context, key string) (Entry, error) {
	kv, err := k.open(ctx)
	if err != nil {
		return Entry{}, err
	}
	e, err := kv.Get(ctx, key)
	if err != nil {
		return Entry{}, k.failed("get", err)
	}
	return Entry{Key: key, Value: e.Value(), Revision: e.Revision()}, nil
}

// Create implements Bucket.
func (k *natsBucket) Create(ctx context.Context, key string, value []byte) (uint64, error) {
	kv, err := k.open(ctx)
	if err != nil {
		return 0, err
	}
	revision, err := kv.Create(ctx, key, value)
	return revision, k.failed("create", err)
}

// Update implements Bucket.
func (k *natsBucket) Update(ctx context.Context, key string, value []byte, revision uint64) (uint64, error) {
	kv, err := k.open(ctx)
	if err != nil {
		return 0, err
	}
	revision, err = kv.Update(ctx, key, value, revision)
	return revision, k.failed("update", err)
}

// Delete implements Bucket.
func (k *natsBucket) Delete(ctx context.Context, key string) error {
	kv, err := k.open(ctx)
	if err != nil {
		return err
	}
	return k.failed("delete", kv.Delete(ctx, key))
}

// List implements Bucket. One request asks for the last message of each key (JetStream batched direct get, ADR-31 of
// NATS), which any replica answers, also while a leader is elected. A watcher of the client library would make a
// consumer for each list.
func (k *natsBucket) List(ctx context.Context) ([]Entry, error) {
	if _, err := k.open(ctx); err != nil {
		return nil, err
	}
	prefix := "$KV." + k.name + "."
	request, err := json.Marshal(map[string]any{"multi_last": []string{prefix + ">"}, "batch": maxEntries})
	if err != nil {
		return nil, err
	}
	inbox := k.bus.conn.NewRespInbox()
	sub, err := k.bus.conn.SubscribeSync(inbox)
	if err != nil {
		return nil, k.bus.wrap("list "+k.name, err)
	}
	defer func() { _ = sub.Unsubscribe() }()
	if err := k.bus.conn.PublishRequest("$JS.API.DIRECT.GET.KV_"+k.name, inbox, request); err != nil {
		return nil, k.bus.wrap("list "+k.name, err)
	}
	var entries []Entry
	for {
		m, err := sub.NextMsgWithContext(ctx)
		if err != nil {
			k.forget(err)
			return nil, k.bus.wrap("list "+k.name, err)
		}
		switch status := m.Header.Get("Status"); status {
		case "":
		case "204": // the end
			return entries, nil
		case "404": // there are none
			return nil, nil
		case "503":
			k.forget(nats.ErrNoResponders)
			return nil, fmt.Errorf("list %s: %w", k.name, ErrNoResponders)
		default:
			return nil, fmt.Errorf("list %s: NATS answers %s %s", k.name, status, m.Header.Get("Description"))
		}
		revision, err := strconv.ParseUint(m.Header.Get("Nats-Sequence"), 10, 64)
		if err != nil {
			return nil, fmt.Errorf("list %s: %w", k.name, err)
		}
		if slices.Contains([]string{"DEL", "PURGE"}, m.Header.Get("KV-Operation")) ||
			m.Header.Get("Nats-Marker-Reason") != "" {
			continue
		}
		entries = append(entries, Entry{
			Key: strings.TrimPrefix(m.Header.Get("Nats-Subject"), prefix), Value: bytes.Clone(m.Data), Revision: revision,
		})
	}
}
