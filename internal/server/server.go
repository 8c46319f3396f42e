// Package server puts the parts of Klatch together: it starts them in order, serves HTTP, and drains and stops
// them in reverse. It knows every part and decides nothing that a part could decide itself.
package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/alert"
	"github.com/klatch/klatch/internal/blob"
	"github.com/klatch/klatch/internal/certificate"
	"github.com/klatch/klatch/internal/cluster"
	"github.com/klatch/klatch/internal/cluster/directory"
	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/drill"
	"github.com/klatch/klatch/internal/egress"
	"github.com/klatch/klatch/internal/errorpage"
	"github.com/klatch/klatch/internal/feed"
	"github.com/klatch/klatch/internal/gate"
	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/hls"
	"github.com/klatch/klatch/internal/incident"
	"github.com/klatch/klatch/internal/ingest"
	"github.com/klatch/klatch/internal/meeting"
	"github.com/klatch/klatch/internal/precall"
	"github.com/klatch/klatch/internal/quality"
	"github.com/klatch/klatch/internal/ratelimit"
	"github.com/klatch/klatch/internal/rest"
	"github.com/klatch/klatch/internal/sfu"
	"github.com/klatch/klatch/internal/signal"
	"github.com/klatch/klatch/internal/signin"
	"github.com/klatch/klatch/internal/store"
	"github.com/klatch/klatch/internal/throughput"
	"github.com/klatch/klatch/internal/trace"
	"github.com/klatch/klatch/internal/turn"
	"github.com/klatch/klatch/internal/webhook"
	"github.com/klatch/klatch/internal/whip"
	"github.com/klatch/klatch/internal/wire"
	"github.com/prometheus/client_golang/prometheus"
)

// Options are what the configuration file does not say.
type Options struct {
	Config  *conf.Config
	Logger  *slog.Logger
	Version string
	// Loopback advertises loopback media addresses, for clients on this machine: dev and tests.
	Loopback bool
	// LocalMedia takes media from this machine alone, whatever address the ports listen on: dev.
	LocalMedia bool
	// WorkerCommand starts the process of an egress job; nil: the hidden command of this program.
	WorkerCommand []string
}

// Server is a running Klatch.
type Server struct {
	conf       *conf.Config
	log        *slog.Logger
	version    string
	url        string
	adminToken string
	loopback   bool
	worker     []string // command of an egress job

	Store        *store.Store
	node         *cluster.Node
	processors   *cpu
	takeover     *takeover            // nil: a server alone
	drainer      *drainer             // nil: a server alone
	directory    *directory.Directory // nil on a server that is alone
	transports   sync.Map             // record.NodeID: http.RoundTripper
	wrongSecrets map[string]bool      // hosts of nodes whose secret differs; of lookAtCluster
	incidents    *incident.Log
	events       *feed.Feed         // of the event streams
	presentation fault.Presentation // of the faults that leave the server
	meetings     *meeting.Meetings
	media        *sfu.SFU
	addresses    *publicAddresses
	turn         *turn.Server       // nil where it is not enabled
	quality      *quality.Collector // nil where nothing is measured
	alerts       *alert.Alerts
	trace        *trace.Tracer // nil where no traces are made
	places       sync.Map      // session id: sessionPlace, of those that run
	egress       *egress.Manager
	causes       drill.Causes
	drills       *drill.Runner
	ingest       *ingest.Server
	rtmp, rtmps  net.Addr // nil: not taken
	archive      *blob.Archive
	temporary    *blob.Temporary
	webhooks     *webhook.Deliverer
	signal       *signal.Server
	whip         *whip.Server
	signIn       *signin.SignIn
	throughput   *throughput.Meter
	hls          *hls.Handler
	hlsLinks     *hls.Links
	http         *http.Server
	metrics      *prometheus.Registry
	limiter      *ratelimit.Limiter
	offers       *ratelimit.Tokens
	public       *listener
	readiness    *readiness

	certificates certificate.Source // nil where the public address does not speak TLS
	redirect     *http.Server       // at http.redirectAddress; nil without one

	admin    *http.Server // at http.adminAddress; nil without one
	adminURL string
	workers  *http.Server // for workers on this machine, where the public one speaks TLS

	background sync.WaitGroup
	stop       context.CancelFunc // ends the background work
	failed     chan error         // the HTTP server ended by itself, or the database was lost
}

// Start opens the data, takes the ports and serves. Its error is a *fault.Error (5105), and then nothing is left open.
func Start(ctx context.Context, opts Options) (_ *Server, err error) {
	s := &Server{
		conf:     opts.Config,
		log:      opts.Logger,
		version:  opts.Version,
		loopback: opts.Loopback,
		worker:   opts.WorkerCommand,
		metrics:  newRegistry(),
		failed:   make(chan error, 2), // the HTTP server and the database, one each
	}
	if len(s.conf.ServiceLinks) > 0 {
		s.log.Debug("ignored variables that Kubernetes makes for services", "variables", s.conf.ServiceLinks)
	}
	var opened undo
	defer func() {
		if err != nil {
			opened.run()
		}
	}()

	secretKey, err := s.openData()
	if err != nil {
		return nil, err
	}
	if s.Store, err = s.openStore(ctx, secretKey); err != nil {
		return nil, err
	}
	opened.add(func() { _ = s.Store.Close() })
	s.processors = newCPU()
	if s.node, err = s.openNode(ctx, secretKey); err != nil {
		return nil, err
	}
	opened.add(func() { _ = s.node.Close(ctx) })
	if !s.node.IsAlone() {
		s.Store.SetNode(s.node.ID, s.node.Holds)
	}

	// The HTTP port first: its number is part of every link.
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", s.conf.HTTP.Address)
	if err != nil {
		return nil, listenFault(err, s.conf.HTTP.Address, "http.address")
	}
	opened.add(func() { _ = listener.Close() })
	s.url = s.conf.HTTP.PublicURL
	if s.url == "" {
		s.url = s.conf.LocalURL(listener.Addr().String())
	}

	redirect, err := s.openRedirect(ctx)
	if err != nil {
		return nil, err
	}
	if redirect != nil {
		opened.add(func() { _ = redirect.Close() })
	}
	admin, err := s.openAdmin(ctx)
	if err != nil {
		return nil, err
	}
	if admin != nil {
		opened.add(func() { _ = admin.Close() })
	}

	s.presentation = fault.Presentation{
		BaseURL: s.url, Kept: true, Provider: s.conf.Provider.Name, Support: s.conf.Provider.Support,
	}
	s.Store.SetPresentation(s.presentation)
	s.events = feed.New(s.eventLimits())
	s.trace = trace.Open(trace.Options{
		Endpoint: s.conf.Tracing.Endpoint, Ratio: float64(s.conf.Tracing.Percent) / 100, Version: s.version,
		Node: s.node.ID().Name, Log: s.log, Metrics: s.metrics,
	})
	opened.add(func() { s.trace.Close(ctx) })
	s.alerts = s.openAlerts() // before faults come
	s.incidents = incident.New(incident.Options{
		Logger: s.log, Timeline: s.Store, Metrics: s.metrics, Published: s.publishFault,
	})
	opened.add(s.incidents.Close)

	s.openTakeover()
	s.hlsLinks = hls.NewLinks(secretKey, s.conf.HLS.LinkLife, s.conf.Egress.MaxDuration)
	s.meetings = meeting.New(
		meeting.Options{
			Records:             records{s.Store, eventBus{s.events, s.node}, &s.places},
			Refuse:              s.overloaded,
			Usage:               s.sharedUsage(),
			Report:              s.incidents.Report,
			Raise:               func(key string, f *fault.Error) { s.incidents.Raise(key, storeGroup, f) },
			Clear:               s.incidents.Clear,
			LobbyTimeout:        s.conf.Meeting.LobbyTimeout,
			ReturnWindow:        s.conf.Meeting.ResumeWindow,
			HLSAddress:          s.hlsAddress,
			FileAddress:         s.fileAddress,
			MessageBytes:        s.conf.Limit.MessageBytesPerSecond,
			MeetingMessageBytes: s.conf.Limit.MeetingMessageBytesPerSecond,
			Owners:              s.owners(),
			Listener:            func(p *meeting.Participant) meeting.Listener { return s.signal.Restored(p) },
		},
	)
	s.openDirectory()
	s.joinCluster()
	if s.media, err = s.openMedia(opts); err != nil {
		return nil, err
	}
	opened.add(func() { _ = s.media.Close() })
	opened.add(s.addresses.stop)
	s.meetings.SetMedia(s.media)

	workers, err := s.listenForWorkers(listener)
	if err != nil {
		return nil, err
	}
	if workers != listener {
		opened.add(func() { _ = workers.Close() })
	}
	var api *rest.API
	var links *blob.Links
	// Requests arrive only after api is set.
	refuse := func(w http.ResponseWriter, r *http.Request, err error) { api.Refuse(w, r, err) }
	if s.archive, links, err = s.openStorage(ctx, secretKey, refuse); err != nil {
		return nil, err
	}
	opened.add(s.archive.Close)
	var signer *webhook.Signer
	if s.webhooks, signer, err = s.openWebhooks(); err != nil {
		return nil, err
	}
	opened.add(func() { s.webhooks.Close(context.Background()) })
	if s.egress, err = s.openEgress(ctx, workers, s.archive, s.watchJobs(s.archive)); err != nil {
		return nil, err
	}
	opened.add(func() { _ = s.egress.Close(context.Background()) })
	s.meetings.SetEgress(s.egress)
	s.takeOverJobs()
	streams, err := s.openHLS(s.archive, refuse)
	if err != nil {
		return nil, err
	}
	opened.add(func() { _ = streams.Close() })
	s.egress.SetSources(egressSources{s.archive, streams})
	stills, err := s.openStillExtractor(streams, s.archive)
	if err != nil {
		return nil, err
	}

	s.answerOthers()
	s.limiter = ratelimit.New(limitsPerAddress(s.conf))
	s.offers = ratelimit.NewTokens(s.conf.Limit.RESTPerSecond)
	encoders, err := s.openIngest(ctx, workers)
	if err != nil {
		return nil, err
	}
	for _, l := range encoders {
		if l != nil {
			opened.add(func() { _ = l.Close() })
		}
	}
	if s.certificates, err = s.openCertificates(listener.Addr(), redirect); err != nil {
		return nil, err
	}
	if s.certificates != nil {
		opened.add(s.certificates.Close)
	}
	relays, credentials, err := s.openTURN(secretKey)
	if err != nil {
		return nil, err
	}
	if s.turn = relays; relays != nil {
		opened.add(relays.Close)
	}
	checker := gate.New(
		drill.Keys{Lookup: s.Store, Causes: &s.causes},
		gate.Options{Leeway: s.conf.Token.Leeway, Used: s.Store.KeyUsed},
	)
	s.openQuality()
	tests := precall.New(precall.Limits{
		PerAddress: s.conf.Limit.PreCallTestsPerAddress, PerToken: s.conf.Limit.PreCallTestsPerToken,
		Running: s.conf.Limit.PreCallTests,
	})
	s.throughput = throughput.New(
		throughput.Options{BytesPerAddress: s.conf.Limit.ThroughputBytesPerAddress, Refuse: refuse},
	)
	s.signal = signal.New(
		signal.Options{
			StatsInterval: s.statsInterval(),
			Measurements:  s.quality,
			Trace:         s.trace,

			Admit:        admitTests(checker, tests, s.limiter, admit(checker, s.egress, s.ingest, s.limiter, &s.causes)),
			Limiter:      s.limiter,
			Meetings:     s.meetings,
			Reporter:     s.incidents,
			Conditions:   s.incidents,
			Presentation: s.presentation,
			CheckOrigin:  s.checkOrigin,
			ICEServers:   s.iceServers(credentials),

			ICEServersLife: s.iceServersLife(),

			TicketKey:    s.node.Key("resume"),
			Node:         s.node.ID().Name,
			Cluster:      s.signalCluster(),
			TokenLeeway:  s.conf.Token.Leeway,
			ResumeWindow: s.conf.Meeting.ResumeWindow,
			RateLimit:    s.conf.Limit.MessagesPerSecond * 10,
			RateWindow:   10 * time.Second,
		},
	)
	s.signIn = signin.New(signin.Options{
		Store:        s.Store,
		Limiter:      s.limiter,
		AdminToken:   s.adminToken,
		SessionLife:  s.conf.Console.SessionLife,
		IdleLife:     s.conf.Console.IdleLife,
		Sessions:     s.conf.Console.Sessions,
		AuditLife:    s.conf.Console.AuditLife,
		PublicURL:    s.conf.HTTP.PublicURL,
		HTTPS:        s.conf.IsHTTPS(),
		AdminAddress: admin != nil,
		Refuse:       refuse,
		Report:       s.incidents.Report,
	})
	s.openDrills(workers)
	opened.add(s.drills.Close)
	publicAddress := "" // that of the request, unless it may have come in on the admin address
	if admin != nil {
		publicAddress = s.url
	}
	api = rest.New(
		rest.Options{
			Store:         s.Store,
			Gate:          checker,
			Meetings:      s.meetings,
			Cluster:       s.restCluster(refuse),
			Egress:        s.egress,
			Files:         s.archive,
			Temporary:     s.temporary,
			Stills:        stills,
			Ingest:        rtmpAddresses{s.ingest, s},
			Console:       s.signIn,
			Readiness:     s.capabilities,
			Quality:       s.restQuality(),
			Alerts:        restAlerts{s.alerts, s.publishIncident},
			Webhooks:      s.webhooks,
			Trace:         s.trace,
			PreCall:       tests,
			PreCallKept:   s.conf.PreCall.PerAccount,
			HLSAddresses:  s.hlsAddresses,
			UserStorage:   s.conf.UsesS3(),
			Bucket:        s.conf.Storage.S3Bucket,
			WebhookKey:    signer.PublicKey(),
			AdminToken:    s.adminToken,
			BaseURL:       s.conf.HTTP.PublicURL,
			PublicAddress: publicAddress,
			CheckOrigin:   s.checkOrigin,
			Limiter:       s.limiter,
			Limits:        rest.Limits{Requests: s.conf.Limit.RESTPerSecond * 10, Window: 10 * time.Second},
			Report:        s.incidents.Report,
			Conditions:    s.incidents,
			Drills:        s.drills,
			Nodes:         s.nodes,
			Drainer:       s.restDrainer(),
			Events:        s.events,
			EventLimits:   s.eventLimits(),
			Presentation:  s.presentation,
			Page:          errorpage.Refuse,
		},
	)
	s.whip = whip.New(whip.Options{
		Admit:        admitDirect(checker, s.limiter, &s.causes),
		Caller:       checker.REST,
		Meetings:     s.meetings,
		Cluster:      s.whipCluster(refuse),
		Limiter:      s.limiter,
		Tokens:       s.offers,
		PublishOffer: sfu.PublishOffer,
		CheckPlay:    sfu.CheckPlay,
		ICEServers:   s.iceServers(credentials),
		CheckOrigin:  s.checkOrigin,
		Refuse:       refuse,
		BaseURL:      s.conf.HTTP.PublicURL,
	})
	s.measure()

	if s.public, err = s.limitListener(listener, api.Refuse); err != nil {
		return nil, err
	}
	s.serveOtherNodes(s.routes(api, streams, links), api.Refuse)
	s.readiness = newReadiness(s.log, s.readinessChecks()...)
	s.http = &http.Server{
		Handler:           s.limited(s.routes(api, streams, links), api.Refuse),
		ReadHeaderTimeout: 10 * time.Second, // between two requests: listener.closeIdle
		MaxHeaderBytes:    maxHeader,
		HTTP2:             http2Limits(),
		ConnState:         s.public.stateChanged,
		ConnContext:       withConn,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
	if s.certificates != nil {
		s.http.TLSConfig = s.certificates.TLSConfig()
	}
	if redirect != nil {
		if err := s.prepareRedirect(&redirect, api.Refuse); err != nil {
			return nil, err
		}
	}

	background, stop := context.WithCancel(context.Background())
	s.stop = stop
	s.hls = streams
	if workers != listener {
		s.workers = &http.Server{Handler: s.workerRoutes(api), ReadHeaderTimeout: 10 * time.Second}
		s.background.Go(func() { _ = s.workers.Serve(workers) }) // until Close
	}
	if admin != nil {
		s.admin = &http.Server{
			Handler:           s.limited(s.adminRoutes(api), api.Refuse),
			ReadHeaderTimeout: 10 * time.Second,
			IdleTimeout:       idleTimeout,
			ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
		}
		s.background.Go(func() { _ = s.admin.Serve(admin) }) // until Close
	}
	s.background.Go(func() { s.recordAlive(background) })
	if s.takeover != nil {
		s.background.Go(func() { s.takeover.run(background) })
		s.background.Go(func() { s.shareLimits(background, api.Limit()) })
	}
	if s.quality != nil {
		s.background.Go(func() { s.quality.Run(background) })
	}
	s.background.Go(func() { s.guardDatabase(background) })
	s.background.Go(func() { s.temporary.Run(background) })
	s.background.Go(func() { s.watchConditions(background) })
	s.background.Go(func() { s.trim(background) })
	s.background.Go(func() { s.alerts.Run(background) })
	s.background.Go(func() { s.serve(s.public) })
	if s.directory != nil {
		s.background.Go(func() { s.watchRelays(background) })
	}
	s.serveIngest(encoders)
	if redirect != nil {
		s.background.Go(func() { _ = s.redirect.Serve(redirect) }) // until Close
	}
	if s.certificates != nil {
		s.background.Go(func() { s.certificates.Run(background) })
	}
	s.startNode()
	s.log.Info("started", "url", s.url, "admin", s.adminURL, "version", s.version, "media", fmt.Sprint(s.media.Addrs()))
	return s, nil
}

// admit returns the function that checks a join with the gate and makes a request to the meeting of the result. The
// workers of egress jobs and of RTMP publishers send a ticket instead of a token.
func admit(
	checker *gate.Gate,
	jobs *egress.Manager,
	encoders *ingest.Server,
	limiter *ratelimit.Limiter,
	causes *drill.Causes,
) func(context.Context, wire.JoinParams) (meeting.JoinRequest, error) {
	return func(ctx context.Context, params wire.JoinParams) (meeting.JoinRequest, error) {
		if to, ok := jobs.Admit(params.Token, cluster.From(ctx)); ok {
			return meeting.JoinRequest{
				AccountID: to.AccountID, MeetingID: to.MeetingID, SessionID: to.SessionID, ParticipantID: to.ParticipantID,
				Hidden: true, Mode: wire.RecvOnly, AutoConsume: params.AutoConsume == nil || *params.AutoConsume,
				Client: params.Client,
			}, nil
		}
		token, encoder, isEncoder, err := encoders.Admit(ctx, params.Token, cluster.From(ctx))
		switch {
		case err != nil:
			return meeting.JoinRequest{}, err
		case isEncoder: // its join was counted when its key was known
			params.Token = token
			params.Client.SDKType = "rtmp"
			return judgeCounted(ctx, checker.Join, limiter, causes, encoder, params)
		}
		return judge(ctx, checker.Join, limiter, causes, params)
	}
}

// admitDirect is admit for participants without a signaling socket.
func admitDirect(
	checker *gate.Gate,
	limiter *ratelimit.Limiter,
	causes *drill.Causes,
) func(context.Context, wire.JoinParams) (meeting.JoinRequest, error) {
	return func(ctx context.Context, params wire.JoinParams) (meeting.JoinRequest, error) {
		return judge(ctx, checker.JoinDirect, limiter, causes, params)
	}
}

// gateCheck checks a join with the gate.
type gateCheck func(context.Context, wire.JoinParams) (gate.Admission, error)

// judge checks a join, within the limits of its address, and makes a request to the meeting of the result.
func judge(
	ctx context.Context,
	join gateCheck,
	limiter *ratelimit.Limiter,
	causes *drill.Causes,
	params wire.JoinParams,
) (meeting.JoinRequest, error) {
	from := ratelimit.ClientOf(ctx)
	if !ratelimit.IsCounted(ctx) { // else the node that relays it has counted it
		if err := limiter.TakeJoin(from); err != nil {
			return meeting.JoinRequest{}, err
		}
	}
	return judgeCounted(ctx, join, limiter, causes, from, params)
}

// judgeCounted is judge for a join that its address has been charged for.
func judgeCounted(
	ctx context.Context,
	join gateCheck,
	limiter *ratelimit.Limiter,
	causes *drill.Causes,
	from netip.Addr,
	params wire.JoinParams,
) (meeting.JoinRequest, error) {
	checkedAt := time.Now()
	a, err := join(ctx, params)
	if err != nil {
		return meeting.JoinRequest{}, limiter.Refused(from, err)
	}
	if f := causes.Refusal(a.Meeting.ID); f != nil {
		return meeting.JoinRequest{}, f.WithAccount(a.AccountID).WithMeeting(a.Meeting.ID, "", a.ParticipantID)
	}
	return meeting.JoinRequest{
		AccountID:     a.AccountID,
		APIKey:        a.APIKey,
		MeetingID:     a.Meeting.ID,
		ParticipantID: a.ParticipantID,
		Name:          a.Name,
		Mode:          a.Mode,
		MetaData:      a.MetaData,
		AutoConsume:   a.AutoConsume,
		Client:        a.Client,
		TokenSum:      a.TokenSum,
		MayJoin:       a.MayJoin,
		MayModerate:   a.MayModerate,
		MayEnd:        a.MayEnd,
		MayEgress:     a.MayEgress,
		Limits:        causes.Limits(a.Meeting.ID, a.Limits),
		AutoClose:     a.AutoClose,
		CheckedAt:     checkedAt,
	}, nil
}

func (s *Server) openMedia(opts Options) (*sfu.SFU, error) {
	s.addresses = newPublicAddresses(s.conf.Media.PublicIPs, s.log, s.raiseOwn, s.clearOwn)
	public := s.addresses.fixed
	udp, udpSetting := s.conf.MediaUDP()
	tcp, tcpSetting := s.conf.MediaTCP()
	media, err := sfu.New(sfu.Options{
		UDPAddr:    udp,
		TCPAddr:    tcp,
		PublicIPs:  public,
		Loopback:   opts.Loopback,
		LocalOnly:  opts.LocalMedia,
		PublishBps: int64(s.conf.Limit.PublishBps),
		Serves:     s.serves(),
		Data: sfu.DataLimits{
			Messages: s.conf.Limit.DataMessagesPerSecond, Bytes: s.conf.Limit.DataBytesPerSecond,
			MeetingMessages: s.conf.Limit.MeetingDataMessagesPerSecond,
			MeetingBytes:    s.conf.Limit.MeetingDataBytesPerSecond,
		},
		Events: s.meetings,
		Logger: s.log,
	})
	if listen, ok := errors.AsType[*sfu.ListenError](err); ok {
		setting := udpSetting
		if listen.Network == "tcp" {
			setting = tcpSetting
		}
		return nil, listenFault(err, listen.Address, setting)
	}
	if family, ok := errors.AsType[*sfu.FamilyError](err); ok {
		return nil, fault.ConfigInvalidBadValue(
			"media.publicIps",
			"configuration",
			family.Addr.String(),
			fmt.Sprintf(
				"addresses of a family in which this machine has one at %s, where it has %v",
				udpSetting, family.Hosts,
			),
		).Because(err)
	}
	if err != nil {
		return nil, fault.From(fmt.Errorf("media: %w", err))
	}
	s.addresses.start(media)
	return media, nil
}

func (s *Server) serve(listener *listener) {
	var err error
	if s.conf.IsTLS() {
		err = s.serveTLS(listener)
	} else {
		err = s.http.Serve(listener)
	}
	if !errors.Is(err, http.ErrServerClosed) {
		s.failed <- fmt.Errorf("serve %s: %w", listener.Addr(), err)
	}
}

// recordAlive writes to the database every 30 s that this server runs. The sessions of a server that was killed then
// end at the last of these times, and not when its database was last changed.
func (s *Server) recordAlive(ctx context.Context) {
	ticker := time.NewTicker(30 * time.Second)
	defer ticker.Stop()
	for {
		err := guard.Run("the liveness record", func() error {
			return errors.Join(s.Store.Alive(ctx, time.Now()), s.Store.SaveKeyUse(ctx))
		})
		if err != nil && ctx.Err() == nil {
			s.log.Error("liveness record", "err", err)
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

// guardDatabase ends this server when another one has taken over its database: what it writes no longer counts.
func (s *Server) guardDatabase(ctx context.Context) {
	select {
	case err := <-s.Store.Lost():
		s.log.Error("database", "err", err)
		by := "unknown"
		if lost, ok := errors.AsType[*store.LostError](err); ok {
			by = lost.By
		}
		s.failed <- fault.StartupFailedDatabaseLost(by).Because(err)
	case <-ctx.Done():
	}
}

// URL is the public address, without a slash at its end.
func (s *Server) URL() string { return s.url }

// AdminURL is the address of metrics, readiness and the admin API, without a slash at its end.
func (s *Server) AdminURL() string { return s.adminURL }

// Reload loads the certificate files again, or asks the ACME authority at once for the certificates that are missing.
// Connections that are open keep theirs.
func (s *Server) Reload() {
	s.log.Info("reloading")
	if s.certificates != nil {
		s.certificates.Reload()
	}
}

// AdminToken is the credential of the admin API.
func (s *Server) AdminToken() string { return s.adminToken }

// Failed returns a channel that receives the error which ends the server: its HTTP server has failed, or another server
// has taken over its database.
func (s *Server) Failed() <-chan error { return s.failed }

// Close stops in the reverse order of Start: recordings and streams are finished, everybody in a meeting is told
// (5102), sessions end and are recorded, sockets and media close, the timeline is written, the store closes. It returns
// when nothing of the server runs, or with ctx's error when that takes longer than ctx allows.
func (s *Server) Close(ctx context.Context) error {
	counts := s.meetings.Counts()
	s.log.Info("stopping", "sessions", counts.Sessions, "participants", counts.Participants)
	var errs []error
	s.drainMeetings(ctx)
	s.drills.Close()
	s.ingest.StopAccepting()
	s.drainJobs(ctx)
	if err := s.egress.Close(ctx); err != nil {
		errs = append(errs, fmt.Errorf("egress: %w", err))
	}
	if err := s.meetings.Close(ctx, fault.ServerShutdownStopped(counts.Sessions)); err != nil {
		errs = append(errs, fmt.Errorf("meetings: %w", err))
	}
	s.ingest.Close()
	if err := s.signal.Close(ctx); err != nil {
		errs = append(errs, fmt.Errorf("signaling: %w", err))
	}
	s.whip.Close()
	s.hls.Drain() // of streams whose jobs have ended nobody waits any more
	s.public.closeWaiting()
	s.events.Close()
	if err := s.http.Shutdown(ctx); err != nil {
		errs = append(errs, fmt.Errorf("http: %w", err), s.http.Close())
	}
	if s.redirect != nil {
		_ = s.redirect.Close() // its answers are short
	}
	if s.admin != nil {
		_ = s.admin.Close() // its answers describe a server that is gone
	}
	if s.workers != nil {
		_ = s.workers.Close() // the workers ended with their jobs
	}
	s.readiness.close()
	s.archive.Close()
	s.webhooks.Close(ctx) // what is not taken now waits in the store
	s.stop()
	s.background.Wait()
	if s.quality != nil {
		if err := s.quality.Flush(ctx); err != nil {
			errs = append(errs, fmt.Errorf("measurements of quality: %w", err))
		}
	}
	_ = s.hls.Close() // read-only
	if s.turn != nil {
		s.turn.Close()
	}
	if err := s.media.Close(); err != nil {
		errs = append(errs, fmt.Errorf("media: %w", err))
	}
	s.incidents.Close()
	s.trace.Close(ctx)
	if err := s.Store.SaveKeyUse(ctx); err != nil {
		errs = append(errs, fmt.Errorf("store: %w", err))
	}
	if err := s.node.Close(ctx); err != nil { // after the last write that needs the lease
		errs = append(errs, fmt.Errorf("cluster: %w", err))
	}
	if err := s.Store.Close(); err != nil {
		errs = append(errs, fmt.Errorf("store: %w", err))
	}
	s.log.Info("stopped")
	return errors.Join(errs...)
}

// undo remembers how to close what a failing start has opened.
type undo []func()

func (u *undo) add(f func()) { *u = append(*u, f) }

func (u *undo) run() {
	for i := len(*u) - 1; i >= 0; i-- {
		(*u)[i]()
	}
}
