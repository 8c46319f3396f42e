// Package conf is the server's configuration: one struct, one list of settings with unit, default and
// effect, from which the file, the environment, docs/configuration.md and the sample all follow. An unknown
// setting or a bad value is a fault (5104) that names setting and line, before any socket opens.
package conf

import (
	"log/slog"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// Config holds every setting, valid after Load.
type Config struct {
	HTTP struct {
		Address   string // host:port that browsers and SDKs reach
		PublicURL string // how they reach it; "" derives it from Address
		CertFile  string // PEM; with KeyFile, HTTPS is served
		KeyFile   string

		ACME          []string // domain names whose certificates an ACME authority issues; HTTPS is served
		ACMEEmail     string   // contact that the authority gets
		ACMEDirectory string   // address of the authority; "": Let's Encrypt
		ACMERootFile  string   // PEM of the root that signed the authority's own certificate; "": the system's roots

		RedirectAddress string // host:port of plain HTTP, which leads to HTTPS; "": none

		TrustedProxies []netip.Prefix // whose X-Forwarded-For is believed

		AdminAddress string        // host:port of metrics, readiness and the admin API; "" leaves them on Address
		Origins      []string      // of pages that may connect and call REST; none: all
		HSTS         time.Duration // max-age of Strict-Transport-Security where clients use https; 0: none
	}
	Media struct {
		Address    string   // host:port for media over UDP and TCP
		UDPAddress string   // "" for Address
		TCPAddress string   // "" for Address; for clients behind a firewall without UDP
		PublicIPs  []string // addresses written into SDP instead of the machine's own; "stun:host:port" asks for some
	}
	TURN struct {
		Enabled        bool          // the server's own TURN server
		Address        string        // host:port over UDP and TCP; "": only over TLS, where HTTPS is served
		Host           string        // name or address that clients use; "" for that of HTTP.PublicURL
		CredentialLife time.Duration // of the credentials that a join returns

		ExternalURLs     []string // TURN servers of the operator
		ExternalSecret   string   // shared with them: credentials expire; or the two below
		ExternalUsername string
		ExternalPassword string
	}
	Data struct {
		Dir       string // database, secret key, admin token
		SecretKey string // 64 hexadecimal digits; "" for the one kept in Dir
	}
	Database struct {
		URL      string        // "" for SQLite in Data.Dir
		LockURL  string        // direct address, where URL leads through a pooler
		LockWait time.Duration // for another server to let go of the database
	}
	Admin struct {
		Token string // "" for the one kept in Data.Dir
	}
	Console struct {
		SessionLife time.Duration // at most, from the sign-in
		IdleLife    time.Duration // without a request
		Sessions    int           // of one account and role
		AuditLife   time.Duration
	}
	Provider struct {
		Name    string // stands for "VideoSDK" in published messages
		Support string // stands for "support@videosdk.live"
	}
	Meeting struct {
		LobbyTimeout time.Duration
		ResumeWindow time.Duration
	}
	Quality struct {
		KeepDays int           // of measurements; 0: nothing is measured
		Interval time.Duration // between two of them
	}
	Alerts struct {
		Interval time.Duration // between two evaluations of the alert rules
		KeepDays int           // of resolved incidents
	}
	Tracing struct {
		Endpoint string // base URL of an OTLP/HTTP receiver; "": no traces
		Percent  int    // of the traces that begin here
	}
	PreCall struct {
		KeepFor    time.Duration // of reports
		PerAccount int           // reports of one account
	}
	Token struct {
		Leeway time.Duration
	}
	Egress struct {
		Dir                 string // where jobs write; "" for Data.Dir/egress
		FFmpeg              string // program
		MaxDuration         time.Duration
		MinFreeMB           int           // storage that must be free to start a job
		AllowPrivateTargets bool          // RTMP targets in private networks
		RetryTargetsFor     time.Duration // a target that was live
	}
	Ingest struct {
		RTMPAddress     string        // host:port for encoders; "": no RTMP
		RTMPSAddress    string        // the same over TLS
		ReconnectWindow time.Duration // in which an encoder may come back before it has left
	}
	Storage struct {
		Dir           string // of kept files; "" for Data.Dir/files
		LinkLife      time.Duration
		TemporaryLife time.Duration // of files that participants upload
		S3Endpoint    string        // set with the others below: files are kept in a bucket
		S3Region      string
		S3Bucket      string
		S3AccessKey   string
		S3SecretKey   string
	}
	HLS struct {
		LinkLife time.Duration // 0: addresses do not end
	}
	Webhook struct {
		AllowPrivateTargets bool
		RetryFor            time.Duration
	}
	Faults struct {
		KeepFor    time.Duration // where the account has no faultDays
		PerAccount int           // faults of one account
		PerReason  int           // faults of one reason of one account
	}
	Limit struct {
		MessagesPerSecond int // signaling requests per connection
		RESTPerSecond     int // REST requests per API key
		HLSWaiting        int // requests that wait for one HLS stream
		TemporaryFileMB   int // MiB of one file that a participant uploads
		TemporaryFilesMB  int // MiB of those of a meeting together
		PublishBps        int // bits per second that a participant may send; 0: no bound

		PreCallTests           int // pre-call tests that run at once; 0 for no limit, here and below
		PreCallTestsPerAddress int // that may be started in ten minutes
		PreCallTestsPerToken   int // the same with one token

		ThroughputBytesPerAddress int // that measurements of the network transfer in a minute; 0: nothing is measured

		MessageBytesPerSecond        int // pubsub of one participant; 0 for no limit, here and below
		MeetingMessageBytesPerSecond int // pubsub of one session

		DataMessagesPerSecond        int // data messages of one participant
		DataBytesPerSecond           int
		MeetingDataMessagesPerSecond int // of one session
		MeetingDataBytesPerSecond    int

		RequestsPerAddress      int // per second; also the four below
		JoinsPerAddress         int
		FailedTokensPerAddress  int
		FailedAdminPerAddress   int
		FailedResumesPerAddress int
		SignInsPerAddress       int
		SignIns                 int // of all addresses
		Drills                  int // that have not ended
		SocketsPerAddress       int // signaling sockets that have not joined
		PendingSockets          int // the same of all addresses
		ConnectionsPerAddress   int // connections that have not sent a whole request, and those between two
		PendingConnections      int // the same of all addresses
		TURNRequestsPerAddress  int // per second: requests of clients that have no relay
		RelaysPerAddress        int // allocations of the TURN server
		RelaysPerParticipant    int

		RTMPPublishers int // encoders at once

		EventStreams           int // of one account at once
		EventStreamsPerAddress int
	}
	Cluster struct {
		Address     string   // host:port of the link to other nodes; "": this server is alone
		Advertise   string   // what others dial; "" for Address
		Node        string   // name of this node; "" for the host name
		Secret      string   // shared by all nodes
		NATSURL     string   // servers of a NATS of the operator, separated by commas
		NATSAddress string   // host:port of the routes of the NATS server inside this node
		Routes      []string // host:port of the routes of the others
		Region      string
		Roles       []string // meetings, egress
		CPULimit    int      // percent of all processors; 0: none
	}
	Stop struct {
		Timeout time.Duration // from the signal to the end of the process
	}
	Log struct {
		Level  slog.Level
		Format string // json or text
	}

	given map[string]bool // settings that were set, while Load runs
	idle  string          // a setting that was set and depends on turn.enabled, which is not

	unused string // a setting of a cluster that was set without cluster.address

	ServiceLinks []string // variables that begin with KLATCH_ and were made by Kubernetes: ignored
}

// Default returns the configuration of a server with nothing set.
func Default() *Config {
	c := &Config{}
	c.HTTP.Address = ":4000"
	c.HTTP.HSTS = 720 * time.Hour
	c.HTTP.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	c.Media.Address = ":4001"
	c.TURN.Address = ":3478"
	c.TURN.CredentialLife = 24 * time.Hour
	c.Data.Dir = "klatch-data"
	c.Database.LockWait = 30 * time.Second
	c.Console.SessionLife = 12 * time.Hour
	c.Console.IdleLife = 2 * time.Hour
	c.Console.Sessions = 20
	c.Console.AuditLife = 2160 * time.Hour
	c.Meeting.LobbyTimeout = 5 * time.Minute
	c.Meeting.ResumeWindow = time.Minute
	c.Quality.KeepDays = 30
	c.Quality.Interval = 10 * time.Second
	c.Alerts.Interval = 10 * time.Second
	c.Alerts.KeepDays = 90
	c.Tracing.Percent = 100
	c.Token.Leeway = time.Minute
	c.Egress.FFmpeg = "ffmpeg"
	c.Egress.MaxDuration = 2 * time.Hour
	c.Egress.MinFreeMB = 256
	c.Egress.RetryTargetsFor = time.Minute
	c.Ingest.ReconnectWindow = 15 * time.Second
	c.Storage.LinkLife = 24 * time.Hour
	c.Storage.TemporaryLife = 24 * time.Hour
	c.Webhook.RetryFor = 72 * time.Hour
	c.Limit.MessagesPerSecond = 50
	c.Limit.RESTPerSecond = 50
	c.Limit.HLSWaiting = 4096
	c.Limit.TemporaryFileMB = 10
	c.Limit.TemporaryFilesMB = 100
	c.Limit.PublishBps = 20_000_000
	c.Limit.PreCallTests = 50
	c.Limit.PreCallTestsPerAddress = 20
	c.Limit.PreCallTestsPerToken = 200
	c.Limit.ThroughputBytesPerAddress = 200_000_000
	c.Limit.MessageBytesPerSecond = 64 << 10
	c.Limit.MeetingMessageBytesPerSecond = 512 << 10
	c.Limit.DataMessagesPerSecond = 200
	c.Limit.DataBytesPerSecond = 256 << 10
	c.Limit.MeetingDataMessagesPerSecond = 1000
	c.Limit.MeetingDataBytesPerSecond = 1 << 20
	c.Limit.RequestsPerAddress = 200
	c.Limit.JoinsPerAddress = 50
	c.Limit.FailedTokensPerAddress = 10
	c.Limit.FailedAdminPerAddress = 1
	c.Limit.FailedResumesPerAddress = 20
	c.Limit.SignInsPerAddress = 1
	c.Limit.SignIns = 20
	c.Limit.Drills = 8
	c.Limit.SocketsPerAddress = 100
	c.Limit.PendingSockets = 1024
	c.Limit.ConnectionsPerAddress = 256
	c.Limit.PendingConnections = 2048
	c.Limit.TURNRequestsPerAddress = 100
	c.Limit.RelaysPerAddress = 1000
	c.Limit.RelaysPerParticipant = 64
	c.Limit.RTMPPublishers = 32
	c.Limit.EventStreams = 20
	c.Limit.EventStreamsPerAddress = 20
	c.PreCall.KeepFor = 720 * time.Hour
	c.PreCall.PerAccount = 10_000
	c.Faults.KeepFor = 720 * time.Hour
	c.Faults.PerAccount = 100_000
	c.Faults.PerReason = 1000
	c.Cluster.Roles = []string{RoleMeetings, RoleEgress}
	c.Cluster.CPULimit = 90
	c.Stop.Timeout = 20 * time.Second
	c.Log.Level = slog.LevelInfo
	c.Log.Format = "json"
	return c
}

// IsTLS reports whether the server speaks HTTPS itself.
func (c *Config) IsTLS() bool { return c.HTTP.CertFile != "" || c.UsesACME() }

// UsesACME reports whether the server's certificates come from an ACME authority.
func (c *Config) UsesACME() bool { return len(c.HTTP.ACME) > 0 }

// IsHTTPS reports whether clients reach the server over HTTPS: its own, or that of a proxy in front.
func (c *Config) IsHTTPS() bool { return c.IsTLS() || strings.HasPrefix(c.HTTP.PublicURL, "https:") }

// MediaUDP returns the address for media over UDP and the setting that it comes from.
func (c *Config) MediaUDP() (address, setting string) {
	if c.Media.UDPAddress != "" {
		return c.Media.UDPAddress, "media.udpAddress"
	}
	return c.Media.Address, "media.address"
}

// MediaTCP returns the address for media over TCP and the setting that it comes from.
func (c *Config) MediaTCP() (address, setting string) {
	if c.Media.TCPAddress != "" {
		return c.Media.TCPAddress, "media.tcpAddress"
	}
	return c.Media.Address, "media.address"
}

// UsesS3 reports whether finished recordings are kept in a bucket.
func (c *Config) UsesS3() bool { return c.Storage.S3Endpoint != "" }

// IsCluster reports whether the server is a node of a cluster.
func (c *Config) IsCluster() bool { return c.Cluster.Address != "" }

// LocalURL returns the address at which a program on this machine reaches a server that listens on addr ("host:port").
func (c *Config) LocalURL(addr string) string {
	if c.IsTLS() {
		return (&url.URL{Scheme: "https", Host: reachable(addr)}).String()
	}
	return LocalHTTP(addr)
}

// LocalHTTP is LocalURL for plain HTTP.
func LocalHTTP(addr string) string {
	return (&url.URL{Scheme: "http", Host: reachable(addr)}).String()
}
