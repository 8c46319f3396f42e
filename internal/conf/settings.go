package conf

import "time"

// setting is one row of the configuration: its key in the file, and where its value goes.
type setting struct {
	key  string
	help string // effect, with unit; the default is added from the value
	into value
}

// settings lists all of them, in the order of the sample file.
func (c *Config) settings() []setting {
	return []setting{
		{
			"http.address",
			"Address and port for browsers, SDKs and REST. Not set beside http.acme: :443.",
			address{&c.HTTP.Address},
		},
		{
			"http.publicUrl",
			"How clients reach the server, as https://meet.example.com; faults link to it. Empty: made from " +
				"the first name of http.acme, or from http.address.",
			baseURL{&c.HTTP.PublicURL},
		},
		{
			"http.certFile",
			"Certificate chain in PEM. With http.keyFile set, the server speaks HTTPS itself. A file that changes is " +
				"loaded within 10 s, and on SIGHUP; calls go on.",
			text{&c.HTTP.CertFile},
		},
		{"http.keyFile", "Private key of the certificate, in PEM.", text{&c.HTTP.KeyFile}},
		{
			"http.acme",
			"Domain names of this server, separated by commas, instead of http.certFile: their certificates come from an " +
				"ACME authority (Let's Encrypt), which must reach this server at port 443 or 80 of each name, and are " +
				"renewed. With this setting you accept the authority's terms of service.",
			domains{&c.HTTP.ACME},
		},
		{
			"http.acmeEmail",
			"Address at which the ACME authority may reach you. Empty: it gets none.",
			email{&c.HTTP.ACMEEmail},
		},
		{
			"http.acmeDirectory",
			"Directory address of the ACME authority. Empty: Let's Encrypt.",
			secureURL{&c.HTTP.ACMEDirectory},
		},
		{
			"http.acmeRootFile",
			"Root certificate in PEM with which the connection to an ACME authority of your own is checked. Empty: the " +
				"system's roots.",
			text{&c.HTTP.ACMERootFile},
		},
		{
			"http.redirectAddress",
			"Address and port of plain HTTP that leads clients to HTTPS and answers the ACME authority. Not set beside " +
				"http.acme: :80. Empty: nothing listens there.",
			optionalAddress{&c.HTTP.RedirectAddress},
		},
		{
			"http.trustedProxies",
			"Addresses and networks of reverse proxies in front of this server, separated by commas: the last " +
				"address in X-Forwarded-For that is not one of them is the client's, for the limits per address.",
			networks{&c.HTTP.TrustedProxies},
		},
		{
			"http.adminAddress",
			"Address and port, best of the loopback interface or a private network, for /metrics, /readyz with " +
				"its details and the admin API, over plain HTTP; they are then gone from http.address. Empty: they " +
				"are on http.address, where /metrics and the details take the admin token.",
			optionalAddress{&c.HTTP.AdminAddress},
		},
		{
			"http.origins",
			"Pages that may join and call REST, as origins separated by commas, such as " +
				"https://app.example.com,https://*.example.org; the server's own pages always may. Others get 3102 " +
				"ORIGIN_REFUSED. HLS plays everywhere. Empty: all pages, for a token authorizes whoever has it.",
			origins{&c.HTTP.Origins},
		},
		{
			"http.hsts",
			"How long browsers shall use https only (Strict-Transport-Security), sent where http.certFile is set " +
				"or http.publicUrl begins with https. 0s: not sent.",
			duration{&c.HTTP.HSTS, 0, 17520 * time.Hour},
		},
		{
			"media.address",
			"Address and port for all media, over UDP and, for clients that cannot use UDP, over TCP. Open the port in the " +
				"firewall for both.",
			address{&c.Media.Address},
		},
		{
			"media.udpAddress",
			"Address and port for media over UDP, where they differ. Empty: media.address.",
			optionalAddress{&c.Media.UDPAddress},
		},
		{
			"media.tcpAddress",
			"Address and port for media over TCP, where they differ. Empty: media.address.",
			optionalAddress{&c.Media.TCPAddress},
		},
		{
			"media.publicIps",
			"Addresses clients send media to, IPv4 and IPv6, separated by commas, where they differ from the machine's own " +
				"(NAT): all are announced. stun:host:port asks that STUN server under which addresses it sees this machine, at " +
				"the start and once a minute. Empty: the machine's addresses.",
			ips{&c.Media.PublicIPs},
		},
		{
			"turn.enabled",
			"true: the server is also a TURN server, for clients whose network lets nothing else through. It relays to the " +
				"media port of this server and nowhere else. Where the server has a certificate, TURN over TLS shares the " +
				"port of HTTPS.",
			boolean{&c.TURN.Enabled},
		},
		{
			"turn.address",
			"Address and port for TURN over UDP and TCP. Open the port in the firewall for both. Empty: only over TLS.",
			optionalAddress{&c.TURN.Address},
		},
		{
			"turn.host",
			"Name or IP address under which clients reach turn.address. Empty: the host of http.publicUrl, or without that " +
				"the addresses at which the server takes media.",
			host{&c.TURN.Host},
		},
		{
			"turn.credentialLife",
			"How long the credentials for TURN that a join or resume returns can be used. A relay in use goes on after that.",
			duration{&c.TURN.CredentialLife, time.Minute, 720 * time.Hour},
		},
		{
			"turn.externalUrls",
			"TURN servers of your own (coturn, for example) that clients may use as well, separated by commas: " +
				"turn:turn.example.com:3478?transport=udp,turns:turn.example.com:443?transport=tcp. They need " +
				"turn.externalSecret, or turn.externalUsername and turn.externalPassword.",
			turnURLs{&c.TURN.ExternalURLs},
		},
		{
			"turn.externalSecret",
			"Secret shared with these servers (coturn: static-auth-secret), of which credentials are made that expire after " +
				"turn.credentialLife.",
			hidden{&c.TURN.ExternalSecret},
		},
		{
			"turn.externalUsername",
			"Name for these servers, where they have fixed credentials. Everybody who joins a meeting learns it.",
			hidden{&c.TURN.ExternalUsername},
		},
		{
			"turn.externalPassword",
			"Password for these servers, where they have fixed credentials. Everybody who joins a meeting learns it.",
			hidden{&c.TURN.ExternalPassword},
		},
		{"data.dir", "Directory of the database, the secret key and the admin token.", text{&c.Data.Dir}},
		{
			"data.secretKey",
			"The key that encrypts API secrets, 64 hexadecimal digits (openssl rand -hex 32), the same on all nodes of a " +
				"cluster. For a database that has one, it is what data.dir/secret-key of its server holds. Empty: made once " +
				"and kept in data.dir/secret-key.",
			secretKey{&c.Data.SecretKey},
		},
		{
			"database.url",
			"postgres://user@host/name, or sqlite:///path/klatch.db. Empty: SQLite in data.dir.",
			database{&c.Database.URL},
		},
		{
			"database.lockUrl",
			"Direct postgres:// address of the same database, where database.url leads through a connection " +
				"pooler (pgbouncer): the lock that keeps a second server out needs a connection of its own. Empty: " +
				"database.url is direct.",
			database{&c.Database.LockURL},
		},
		{
			"database.lockWait",
			"How long a server that starts waits for another one to let go of the database; then it refuses to " +
				"start (5105 DATABASE_IN_USE).",
			duration{&c.Database.LockWait, 0, time.Hour},
		},
		{
			"admin.token",
			"Credential of the admin API, at least 16 characters. Empty: made once and kept in " +
				"data.dir/admin-token.",
			secret{&c.Admin.Token},
		},
		{
			"console.sessionLife",
			"How long a sign-in to the console lasts at most.",
			duration{&c.Console.SessionLife, time.Second, 720 * time.Hour},
		},
		{
			"console.idleLife",
			"How long a sign-in to the console lasts without a request.",
			duration{&c.Console.IdleLife, time.Second, 720 * time.Hour},
		},
		{
			"console.sessions",
			"How many may be signed in to the console with one role of one account; past it the oldest is signed out.",
			count{&c.Console.Sessions, 1, 10_000},
		},
		{
			"console.auditLife",
			"How long entries of the audit log are kept; of one actor of one account at most 10000.",
			duration{&c.Console.AuditLife, time.Hour, 10 * 365 * 24 * time.Hour},
		},
		{"provider.name", "Your name in the published messages, instead of VideoSDK.", text{&c.Provider.Name}},
		{
			"provider.support",
			"Your contact in the published messages, instead of support@videosdk.live.",
			text{&c.Provider.Support},
		},
		{
			"meeting.lobbyTimeout",
			"How long a request to enter may wait for an answer before it ends with 4102.",
			duration{&c.Meeting.LobbyTimeout, time.Second, 24 * time.Hour},
		},
		{
			"meeting.resumeWindow",
			"How long a place is kept when a client's connection is cut.",
			duration{&c.Meeting.ResumeWindow, time.Second, time.Hour},
		},
		{
			"quality.keepDays",
			"For how many days measurements of quality are kept (docs/stats.md): at most 1 kB for each minute of a " +
				"participant. 0: nothing is measured and no client reports.",
			count{&c.Quality.KeepDays, 0, 3650},
		},
		{
			"quality.interval",
			"How often the quality of each participant is measured, by the server and by the client.",
			duration{&c.Quality.Interval, time.Second, time.Minute},
		},
		{
			"alerts.interval",
			"How often the alert rules of accounts are evaluated (docs/alerts.md).",
			duration{&c.Alerts.Interval, time.Second, time.Minute},
		},
		{
			"alerts.keepDays",
			"For how many days resolved incidents are kept; of an account 1000 at most.",
			count{&c.Alerts.KeepDays, 1, 3650},
		},
		{
			"tracing.endpoint",
			"Base URL of an OTLP/HTTP receiver of OpenTelemetry traces, such as http://localhost:4318; spans are posted " +
				"to its " +
				"/v1/traces. Empty: no traces. docs/operating.md describes them.",
			baseURL{&c.Tracing.Endpoint},
		},
		{
			"tracing.percent",
			"How many of 100 traces that begin here are sent. A trace that a client has begun is sent where the client says so.",
			count{&c.Tracing.Percent, 0, 100},
		},
		{
			"token.leeway",
			"Clock difference that is forgiven when a token's times are checked.",
			duration{&c.Token.Leeway, 0, 10 * time.Minute},
		},
		{
			"egress.dir",
			"Directory in which recordings and HLS are made. Empty: data.dir/egress.",
			text{&c.Egress.Dir},
		},
		{
			"egress.ffmpeg",
			"The ffmpeg program, with libx264 and aac: a path, or a name that is found in PATH.",
			text{&c.Egress.FFmpeg},
		},
		{
			"egress.maxDuration",
			"How long one recording, livestream or HLS may run; then it is stopped with 5004, 5005 or 5006.",
			duration{&c.Egress.MaxDuration, time.Second, 240 * time.Hour},
		},
		{
			"egress.minFreeMb",
			"Free storage in MiB without which nothing is started (STORAGE_FULL).",
			count{&c.Egress.MinFreeMB, 1, 1_000_000},
		},
		{
			"egress.allowPrivateTargets",
			"true lets livestreams go to private and loopback addresses, and the images of watermarks come from there, " +
				"also over http.",
			boolean{&c.Egress.AllowPrivateTargets},
		},
		{
			"egress.retryTargetsFor",
			"How long a livestream target that was live and broke is tried again; then it is lost (5002 " +
				"OUTPUT_LOST).",
			duration{&c.Egress.RetryTargetsFor, time.Second, 24 * time.Hour},
		},
		{
			"ingest.rtmpAddress",
			"Address and port at which encoders such as OBS publish into meetings over RTMP (docs/rtmp-in.md), as :1935. " +
				"Empty: none.",
			optionalAddress{&c.Ingest.RTMPAddress},
		},
		{
			"ingest.rtmpsAddress",
			"The same over TLS (RTMPS), with the certificate of http.certFile or http.acme, as :1936. Empty: none.",
			optionalAddress{&c.Ingest.RTMPSAddress},
		},
		{
			"ingest.reconnectWindow",
			"How long the place of an RTMP publisher is kept when its connection breaks: the encoder comes back with the " +
				"same key, and others see no leave.",
			duration{&c.Ingest.ReconnectWindow, time.Second, 10 * time.Minute},
		},
		{
			"storage.dir",
			"Directory in which finished recordings and HLS are kept. Empty: data.dir/files.",
			text{&c.Storage.Dir},
		},
		{
			"storage.linkLife",
			"How long a link to a file can be used; REST returns a fresh one with every answer. Links of a bucket " +
				"end after 168h at the latest.",
			duration{&c.Storage.LinkLife, time.Minute, 8760 * time.Hour},
		},
		{
			"storage.temporaryLife",
			"How long files are kept that participants upload (uploadBase64File).",
			duration{&c.Storage.TemporaryLife, time.Minute, 8760 * time.Hour},
		},
		{
			"storage.s3Endpoint",
			"http or https address of an S3 server, without a path: finished recordings and HLS are kept there " +
				"and not in storage.dir.",
			baseURL{&c.Storage.S3Endpoint},
		},
		{"storage.s3Region", "Region of the bucket. Empty: us-east-1.", text{&c.Storage.S3Region}},
		{"storage.s3Bucket", "Name of the bucket, which exists.", text{&c.Storage.S3Bucket}},
		{"storage.s3AccessKey", "Access key of the bucket.", hidden{&c.Storage.S3AccessKey}},
		{
			"storage.s3SecretKey",
			"Secret of the access key; better set as a variable than in the file.",
			hidden{&c.Storage.S3SecretKey},
		},
		{
			"hls.linkLife",
			"How long an address of an HLS stream can be used: it is signed, every answer and event has a fresh " +
				"one, and a player that plays on renews it (docs/hls.md). 0s: addresses are not signed and do not " +
				"end, and whoever has one may watch.",
			duration{&c.HLS.LinkLife, 0, 8760 * time.Hour},
		},
		{
			"webhook.allowPrivateTargets",
			"true lets webhooks go to private and loopback addresses.",
			boolean{&c.Webhook.AllowPrivateTargets},
		},
		{
			"webhook.retryFor",
			"How long an event that an endpoint does not take is tried again.",
			duration{&c.Webhook.RetryFor, time.Second, 720 * time.Hour},
		},
		{
			"preCall.keepFor",
			"How long reports of pre-call tests can be read over REST (docs/precall.md).",
			duration{&c.PreCall.KeepFor, time.Hour, 8784 * time.Hour},
		},
		{
			"preCall.perAccount",
			"Reports of pre-call tests of one account that are kept; past that the oldest go. One takes about 4 kB.",
			count{&c.PreCall.PerAccount, 1, 1_000_000},
		},
		{
			"faults.keepFor",
			"How long faults can be read over REST, where the account has no faultDays of its own (docs/faults.md).",
			duration{&c.Faults.KeepFor, time.Hour, 8784 * time.Hour},
		},
		{
			"faults.perAccount",
			"Faults of one account that are kept; past that the oldest go. One takes about 2 kB.",
			count{&c.Faults.PerAccount, 100, 10_000_000},
		},
		{
			"faults.perReason",
			"Faults of one reason of one account that are kept, so that a flood of one takes nothing from the others. All " +
				"are counted, also those that are not kept.",
			count{&c.Faults.PerReason, 10, 10_000_000},
		},
		{
			"limit.messagesPerSecond",
			"Signaling requests per second and connection, on average; past it 4106.",
			count{&c.Limit.MessagesPerSecond, 1, 100_000},
		},
		{
			"limit.restPerSecond",
			"REST requests per second and API key, and offers over WHIP and WHEP per second and token, on average; past " +
				"it 4106.",
			count{&c.Limit.RESTPerSecond, 1, 100_000},
		},
		{
			"limit.hlsWaiting",
			"Requests that may wait at once for the next part of one HLS stream, one for each player at the live " +
				"edge; past it 4106.",
			count{&c.Limit.HLSWaiting, 1, 1_000_000},
		},
		{
			"limit.temporaryFileMb",
			"Size in MiB of a file that a participant uploads (uploadBase64File); past it 3074 TOO_LARGE.",
			count{&c.Limit.TemporaryFileMB, 1, 100},
		},
		{
			"limit.temporaryFilesMb",
			"Size in MiB of the files of one meeting that have not expired; past it 3074 MEETING_FULL.",
			count{&c.Limit.TemporaryFilesMB, 1, 1_000_000},
		},
		{
			"limit.publishBps",
			"Bits per second that a participant may send, all streams together; what comes above is dropped, with" +
				" 4106. 0: no bound.",
			count{&c.Limit.PublishBps, 0, 1_000_000_000},
		},
		{
			"limit.preCallTests",
			"Pre-call tests that run on this server at once (docs/precall.md); past it 4106. 0: no limit.",
			count{&c.Limit.PreCallTests, 0, 1_000_000},
		},
		{
			"limit.preCallTestsPerAddress",
			"Pre-call tests that a client address (an IPv4 address or an IPv6 /64) may start in ten minutes; past it 4106. " +
				"0: no limit.",
			count{&c.Limit.PreCallTestsPerAddress, 0, 1_000_000},
		},
		{
			"limit.preCallTestsPerToken",
			"Pre-call tests that may be started in ten minutes with one token. 0: no limit.",
			count{&c.Limit.PreCallTestsPerToken, 0, 1_000_000},
		},
		{
			"limit.throughputBytesPerAddress",
			"Bytes that measurements of the network (`getNetworkStats`, docs/precall.md) may transfer to and from a client" +
				" address (an IPv4 address or an IPv6 /64) in a minute, on average; past it 4106. One takes up to 36 MB. 0:" +
				" nothing is measured, and the calls are refused with 4110.",
			count{&c.Limit.ThroughputBytesPerAddress, 0, 1 << 40},
		},
		{
			"limit.messageBytesPerSecond",
			"Bytes of pubsub messages per second that one participant may publish, on average; past it 4106. 0: " +
				"no limit.",
			count{&c.Limit.MessageBytesPerSecond, 0, 1 << 30},
		},
		{
			"limit.meetingMessageBytesPerSecond",
			"The same of all participants of a session together: a participant that subscribes to everything " +
				"receives as much. 0: no limit.",
			count{&c.Limit.MeetingMessageBytesPerSecond, 0, 1 << 30},
		},
		{
			"limit.dataMessagesPerSecond",
			"Data messages per second that one participant may send (`send`), on average: reliable ones wait for their " +
				"turn in the client, unreliable ones are dropped with 4106. 0: no limit.",
			count{&c.Limit.DataMessagesPerSecond, 0, 1_000_000},
		},
		{
			"limit.dataBytesPerSecond",
			"Bytes of data messages per second that one participant may send, counted as above. 0: no limit.",
			count{&c.Limit.DataBytesPerSecond, 0, 1 << 30},
		},
		{
			"limit.meetingDataMessagesPerSecond",
			"Data messages per second of all participants of a session together. 0: no limit.",
			count{&c.Limit.MeetingDataMessagesPerSecond, 0, 1_000_000},
		},
		{
			"limit.meetingDataBytesPerSecond",
			"Bytes of data messages per second of all participants of a session together. 0: no limit.",
			count{&c.Limit.MeetingDataBytesPerSecond, 0, 1 << 30},
		},
		{
			"limit.requestsPerAddress",
			"HTTP requests per second and client address (an IPv4 address or an IPv6 /64), on average; ten times " +
				"as many may come at once; past it 4106. HLS and files count only when refused. 0: no limit.",
			count{&c.Limit.RequestsPerAddress, 0, 1_000_000},
		},
		{
			"limit.joinsPerAddress",
			"Joins per second and client address, counted as above. 0: no limit.",
			count{&c.Limit.JoinsPerAddress, 0, 1_000_000},
		},
		{
			"limit.failedTokensPerAddress",
			"Refused tokens per second and client address, counted as above; past it no token from there is " +
				"looked at. 0: no limit.",
			count{&c.Limit.FailedTokensPerAddress, 0, 1_000_000},
		},
		{
			"limit.failedAdminPerAddress",
			"Wrong admin tokens per second and client address, counted as above. 0: no limit.",
			count{&c.Limit.FailedAdminPerAddress, 0, 1_000_000},
		},
		{
			"limit.failedResumesPerAddress",
			"Resumes of unknown sessions per second and client address, counted as above. 0: no limit.",
			count{&c.Limit.FailedResumesPerAddress, 0, 1_000_000},
		},
		{
			"limit.signInsPerAddress",
			"Sign-ins to the console per second and client address, counted as above, right ones too. 0: no limit.",
			count{&c.Limit.SignInsPerAddress, 0, 1_000_000},
		},
		{
			"limit.signIns",
			"The same of all addresses together. 0: no limit.",
			count{&c.Limit.SignIns, 0, 1_000_000},
		},
		{
			"limit.drills",
			"Drills that may run or hold at once (docs/drills.md); past it 4106. 0: none are made.",
			count{&c.Limit.Drills, 0, 1000},
		},
		{
			"limit.socketsPerAddress",
			"Signaling sockets of one client address that may be open and not have joined. 0: no limit.",
			count{&c.Limit.SocketsPerAddress, 0, 1_000_000},
		},
		{
			"limit.pendingSockets",
			"The same of all addresses together. 0: no limit.",
			count{&c.Limit.PendingSockets, 0, 1_000_000},
		},
		{
			"limit.connectionsPerAddress",
			"Connections of one address that may be open and not have sent a whole request, and as many between two " +
				"requests unless it is a trusted proxy; past it the one that waited longest is closed. 0: no limit.",
			count{&c.Limit.ConnectionsPerAddress, 0, 1_000_000},
		},
		{
			"limit.pendingConnections",
			"The same of all addresses together. 0: no limit.",
			count{&c.Limit.PendingConnections, 0, 1_000_000},
		},
		{
			"limit.turnRequestsPerAddress",
			"Requests per second and client address to the TURN server from clients that have no relay yet, on average; ten " +
				"times as many may come at once; past it none is answered. A relay takes two. 0: no limit.",
			count{&c.Limit.TURNRequestsPerAddress, 0, 1_000_000},
		},
		{
			"limit.relaysPerAddress",
			"Relays (allocations) of the TURN server that clients of one address may have at once. 0: no limit.",
			count{&c.Limit.RelaysPerAddress, 0, 1_000_000},
		},
		{
			"limit.relaysPerParticipant",
			"The same of one participant. A browser makes one for each of its network addresses, each way to the TURN " +
				"server and each of its two connections. 0: no limit.",
			count{&c.Limit.RelaysPerParticipant, 0, 1_000_000},
		},
		{
			"limit.rtmpPublishers",
			"Encoders that may publish over RTMP at once; each takes a process, and most of a processor core where its video " +
				"has B-frames. 0: no limit.",
			count{&c.Limit.RTMPPublishers, 0, 100_000},
		},
		{
			"limit.eventStreams",
			"Event streams (GET /v2/events) that may be open for one account at once, and as many for the admin API.",
			count{&c.Limit.EventStreams, 1, 10_000},
		},
		{
			"limit.eventStreamsPerAddress",
			"Event streams that may be open from one address at once.",
			count{&c.Limit.EventStreamsPerAddress, 1, 10_000},
		},
		{
			"cluster.address",
			"Address and port, best of a private network, at which other nodes reach this one. With this setting the server " +
				"is a node of a cluster (docs/cluster.md), which takes cluster.secret, cluster.natsUrl or " +
				"cluster.natsAddress, Postgres, storage.s3Endpoint and data.secretKey. Empty: the server is alone.",
			optionalAddress{&c.Cluster.Address},
		},
		{
			"cluster.advertise",
			"Host and port that other nodes dial, where they differ from cluster.address: of the machine itself, without a " +
				"proxy. Empty: cluster.address.",
			target{&c.Cluster.Advertise},
		},
		{
			"cluster.node",
			"Name of this node, which no other node has: letters, digits, - and _, 64 characters at most. Empty: the host " +
				"name up to its first dot.",
			nodeName{&c.Cluster.Node},
		},
		{
			"cluster.secret",
			"Secret that all nodes share, at least 32 characters (openssl rand -hex 32): who knows it is a node. Better set " +
				"as a variable than in the file.",
			clusterSecret{&c.Cluster.Secret},
		},
		{
			"cluster.natsUrl",
			"Servers of a NATS with JetStream of your own, separated by commas: nats://user:password@nats.example.com:4222, " +
				"or tls:// for TLS.",
			natsURL{&c.Cluster.NATSURL},
		},
		{
			"cluster.natsAddress",
			"Instead of cluster.natsUrl: address and port at which the NATS server inside this node takes those of other " +
				"nodes. Clients cannot connect there.",
			optionalAddress{&c.Cluster.NATSAddress},
		},
		{
			"cluster.routes",
			"The cluster.natsAddress of the other nodes as they are reached from here, separated by commas: " +
				"10.0.0.2:4003,10.0.0.3:4003. The own one may be among them, so that all nodes can have the same list.",
			targets{&c.Cluster.Routes},
		},
		{
			"cluster.region",
			"Region of this node: meetings are placed in the region that their geoFence names.",
			region{&c.Cluster.Region},
		},
		{
			"cluster.roles",
			"What this node does, separated by commas: meetings (it owns meetings), egress (it runs recordings, " +
				"livestreams and HLS).",
			roles{&c.Cluster.Roles},
		},
		{
			"cluster.cpuLimit",
			"Use of all its processors, in percent over some ten seconds, past which this node takes no new meeting and no " +
				"job. Where all nodes are past theirs, joins that would begin a meeting are refused (5101 OVERLOADED). " +
				"Halfway from there to 100, so are joins of meetings that run on the node (5101 NODE_OVERLOADED); whoever is " +
				"in them stays. 0: no limit.",
			count{&c.Cluster.CPULimit, 0, 100},
		},
		{
			"stop.timeout",
			"How long the server may take to stop after SIGTERM or SIGINT: a node of a cluster moves its meetings to other " +
				"nodes, recordings are finished, sessions end. Whatever stops the process (TimeoutStopSec, stop_grace_period, " +
				"terminationGracePeriodSeconds) must wait longer.",
			duration{&c.Stop.Timeout, time.Second, time.Hour},
		},
		{"log.level", "debug, info, warn or error.", level{&c.Log.Level}},
		{"log.format", "json or text.", choice{&c.Log.Format, []string{"json", "text"}}},
	}
}
