package conf

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net"
	"net/netip"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/klatch/klatch/fault"
)

// envPrefix starts every variable that sets something: http.publicUrl is KLATCH_HTTP_PUBLIC_URL.
const envPrefix = "KLATCH_"

// otherEnv are variables of the commands, not settings of the server.
var otherEnv = []string{"KLATCH_API_KEY", "KLATCH_SECRET", "KLATCH_URL", "KLATCH_TOKEN"}

// Override sets a setting from a flag of a command, after file and environment.
type Override struct{ Key, Flag, Value string }

// Load reads defaults, then the file at path ("" for none), then environ (in the form of os.Environ), then
// overrides. The error is a *fault.Error: 5104 with the file and line, the variable or the flag.
func Load(path string, environ []string, overrides ...Override) (*Config, error) {
	c := Default()
	if path != "" {
		if err := c.readFile(path); err != nil {
			return nil, err
		}
	}
	if err := c.readEnv(environ); err != nil {
		return nil, err
	}
	for _, o := range overrides {
		if err := c.set(o.Key, o.Value, o.Flag); err != nil {
			return nil, err
		}
	}
	c.derive()
	return c, c.check()
}

// derive sets the defaults that follow from other settings: one that speaks HTTPS with certificates of its own is at
// the ports of HTTPS and HTTP.
func (c *Config) derive() {
	given := c.given
	c.given = nil
	c.deriveCluster(given)
	for _, key := range []string{"turn.address", "turn.host"} {
		if given[key] && !c.TURN.Enabled {
			c.idle = cmp.Or(c.idle, key)
		}
	}
	if !c.UsesACME() {
		return
	}
	if !given["http.address"] {
		c.HTTP.Address = ":443"
	}
	if !given["http.redirectAddress"] {
		c.HTTP.RedirectAddress = ":80"
	}
	if c.HTTP.PublicURL == "" {
		c.HTTP.PublicURL = "https://" + c.HTTP.ACME[0]
		if _, port, err := net.SplitHostPort(c.HTTP.Address); err == nil && port != "443" && port != "0" {
			c.HTTP.PublicURL += ":" + port
		}
	}
}

// check checks what depends on more than one setting.
func (c *Config) check() error {
	if c.UsesACME() && c.HTTP.CertFile+c.HTTP.KeyFile != "" {
		return fault.ConfigInvalidExclusiveSettings("http.acme", "http.certFile")
	}
	for _, s := range []struct{ key, value string }{
		{"http.acmeEmail", c.HTTP.ACMEEmail}, {"http.acmeDirectory", c.HTTP.ACMEDirectory},
		{"http.acmeRootFile", c.HTTP.ACMERootFile},
	} {
		if s.value != "" && !c.UsesACME() {
			return fault.ConfigInvalidNeedsSetting(s.key, "http.acme")
		}
	}
	if c.HTTP.RedirectAddress != "" && !c.IsTLS() {
		return fault.ConfigInvalidNeedsSetting("http.redirectAddress", "http.acme or http.certFile")
	}
	if c.HTTP.CertFile != "" && c.HTTP.KeyFile == "" {
		return fault.ConfigInvalidNeedsSetting("http.certFile", "http.keyFile")
	}
	if c.HTTP.KeyFile != "" && c.HTTP.CertFile == "" {
		return fault.ConfigInvalidNeedsSetting("http.keyFile", "http.certFile")
	}
	if c.Ingest.RTMPSAddress != "" && !c.IsTLS() {
		return fault.ConfigInvalidNeedsSetting("ingest.rtmpsAddress", "http.acme or http.certFile")
	}
	if c.Database.LockURL != "" && !isPostgres(c.Database.URL) {
		return fault.ConfigInvalidNeedsSetting("database.lockUrl", "database.url with a postgres:// address")
	}
	if c.Database.LockURL != "" && !isPostgres(c.Database.LockURL) {
		return fault.ConfigInvalidBadValue(
			"database.lockUrl",
			"configuration",
			fmt.Sprintf("%d characters", len(c.Database.LockURL)),
			"a postgres:// address",
		)
	}
	if err := c.checkTURN(); err != nil {
		return err
	}
	if err := c.checkCluster(); err != nil {
		return err
	}
	if err := c.checkListeners(); err != nil {
		return err
	}
	missing, given := "", ""
	for _, s := range []struct{ key, value string }{
		{"storage.s3Endpoint", c.Storage.S3Endpoint}, {"storage.s3Bucket", c.Storage.S3Bucket},
		{"storage.s3AccessKey", c.Storage.S3AccessKey}, {"storage.s3SecretKey", c.Storage.S3SecretKey},
	} {
		if s.value == "" {
			missing = cmp.Or(missing, s.key)
		} else {
			given = cmp.Or(given, s.key)
		}
	}
	if missing != "" && given != "" {
		return fault.ConfigInvalidNeedsSetting(given, missing)
	}
	return nil
}

func (c *Config) checkTURN() error {
	t := c.TURN
	fixed := t.ExternalUsername + t.ExternalPassword
	switch {
	case c.idle != "":
		return fault.ConfigInvalidNeedsSetting(c.idle, "turn.enabled")
	case t.Enabled && t.Address == "" && !c.IsTLS():
		return fault.ConfigInvalidNeedsSetting(
			"turn.enabled", "turn.address, or http.acme or http.certFile for TURN over TLS")
	case t.ExternalSecret != "" && fixed != "":
		return fault.ConfigInvalidExclusiveSettings("turn.externalSecret", "turn.externalUsername")
	case t.ExternalUsername != "" && t.ExternalPassword == "":
		return fault.ConfigInvalidNeedsSetting("turn.externalUsername", "turn.externalPassword")
	case t.ExternalPassword != "" && t.ExternalUsername == "":
		return fault.ConfigInvalidNeedsSetting("turn.externalPassword", "turn.externalUsername")
	case t.ExternalSecret != "" && len(t.ExternalURLs) == 0:
		return fault.ConfigInvalidNeedsSetting("turn.externalSecret", "turn.externalUrls")
	case fixed != "" && len(t.ExternalURLs) == 0:
		return fault.ConfigInvalidNeedsSetting("turn.externalUsername", "turn.externalUrls")
	case len(t.ExternalURLs) > 0 && t.ExternalSecret+fixed == "":
		return fault.ConfigInvalidNeedsSetting("turn.externalUrls", "turn.externalSecret or turn.externalUsername")
	}
	return nil
}

// checkListeners finds two settings for one TCP port: the server would tell that another program uses it.
func (c *Config) checkListeners() error {
	type listener struct{ key, host, port, address string }
	var before []listener
	media := "media.address"
	if c.Media.TCPAddress != "" {
		media = "media.tcpAddress"
	}
	for _, l := range []listener{
		{key: "http.address", address: c.HTTP.Address},
		{key: "http.adminAddress", address: c.HTTP.AdminAddress},
		{key: "http.redirectAddress", address: c.HTTP.RedirectAddress},
		{key: media, address: cmp.Or(c.Media.TCPAddress, c.Media.Address)},
		{key: "turn.address", address: c.TURN.Address},
		{key: "ingest.rtmpAddress", address: c.Ingest.RTMPAddress},
		{key: "ingest.rtmpsAddress", address: c.Ingest.RTMPSAddress},
		{key: "cluster.address", address: c.Cluster.Address},
		{key: "cluster.natsAddress", address: c.Cluster.NATSAddress},
	} {
		var err error
		if l.host, l.port, err = net.SplitHostPort(l.address); err != nil || l.port == "0" {
			continue // not set, or a free port each
		}
		for _, other := range before {
			if l.port == other.port && (l.host == other.host || isAnyHost(l.host) || isAnyHost(other.host)) {
				return fault.ConfigInvalidBadValue(l.key, "configuration", l.address,
					fmt.Sprintf("at another port than %s, which is %s", other.key, other.address))
			}
		}
		before = append(before, l)
	}
	return nil
}

func isAnyHost(host string) bool {
	ip := net.ParseIP(host)
	return host == "" || ip != nil && ip.IsUnspecified()
}

func isPostgres(url string) bool {
	return strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://")
}

func (c *Config) readFile(path string) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		if pathErr, ok := errors.AsType[*fs.PathError](err); ok {
			err = pathErr.Err
		}
		return fault.ConfigInvalidUnreadable(path, err.Error()).Because(err)
	}
	if bytes.HasPrefix(raw, []byte("\xff\xfe")) || bytes.HasPrefix(raw, []byte("\xfe\xff")) {
		return fault.ConfigInvalidSyntax(path, 1, "the file is UTF-16; save it as UTF-8")
	}
	raw = bytes.TrimPrefix(raw, []byte("\ufeff")) // what editors of Windows put before UTF-8
	file, err := parser.ParseBytes(raw, 0)
	if err != nil {
		return syntaxFault(path, err)
	}
	read := false
	for _, doc := range file.Docs {
		if doc.Body == nil {
			continue
		}
		if read {
			return fault.ConfigInvalidSyntax(path, doc.Body.GetToken().Position.Line,
				"a second document begins before this line (---); the settings are one document")
		}
		read = true
		if _, list := doc.Body.(*ast.SequenceNode); list {
			return fault.ConfigInvalidBadValue(orFile(""), fmt.Sprintf("%s, line %d", path,
				doc.Body.GetToken().Position.Line), "a list", "sections with settings in them")
		}
		if err := c.readNode(path, "", doc.Body); err != nil {
			return err
		}
	}
	return nil
}

// syntaxFault takes the line and the bare message out of the parser's error.
func syntaxFault(path string, err error) error {
	line, message := 0, err.Error()
	if syntax, ok := errors.AsType[yaml.Error](err); ok {
		message = syntax.GetMessage()
		if token := syntax.GetToken(); token != nil {
			line = token.Position.Line
		}
	}
	return fault.ConfigInvalidSyntax(path, line, message).Because(err)
}

// readNode walks the sections of the file down to its settings.
func (c *Config) readNode(path, prefix string, node ast.Node) error {
	where := func() string { return fmt.Sprintf("%s, line %d", path, node.GetToken().Position.Line) }
	switch n := node.(type) {
	case nil, *ast.NullNode, *ast.CommentGroupNode:
		return nil
	case *ast.MappingNode:
		for _, v := range n.Values {
			if err := c.readNode(path, prefix, v); err != nil {
				return err
			}
		}
		return nil
	case *ast.MappingValueNode:
		key := strings.Trim(n.Key.String(), `"'`)
		if prefix != "" {
			key = prefix + "." + key
		}
		if c.find(key) == nil && !c.isSection(key) {
			return fault.ConfigInvalidUnknownSetting(key, where(), c.nearest(key))
		}
		return c.readNode(path, key, n.Value)
	case *ast.SequenceNode:
		var items []string
		for _, item := range n.Values {
			items = append(items, scalarText(item))
		}
		return c.set(prefix, strings.Join(items, ","), where())
	case ast.ScalarNode:
		if c.find(prefix) == nil {
			return fault.ConfigInvalidBadValue(
				orFile(prefix),
				where(),
				scalarText(node),
				"a section with settings in it",
			)
		}
		return c.set(prefix, scalarText(n), where())
	default:
		return fault.ConfigInvalidBadValue(orFile(prefix), where(), node.Type().String(), "plain values")
	}
}

func orFile(key string) string {
	if key == "" {
		return "the file"
	}
	return key
}

func scalarText(node ast.Node) string {
	if s, ok := node.(ast.ScalarNode); ok {
		return fmt.Sprint(s.GetValue())
	}
	return node.String()
}

func (c *Config) readEnv(environ []string) error {
	names := map[string]string{}
	for _, s := range c.settings() {
		names[envName(s.key)] = s.key
	}
	for _, pair := range environ {
		name, value, _ := strings.Cut(pair, "=")
		if !strings.HasPrefix(name, envPrefix) || slices.Contains(otherEnv, name) {
			continue
		}
		key, ok := names[name]
		if !ok && isServiceLink(name, value) {
			c.ServiceLinks = append(c.ServiceLinks, name)
			continue
		}
		if !ok {
			near := cmp.Or(elsewhere[name], closest(name, slices.Collect(maps.Keys(names))))
			return fault.ConfigInvalidUnknownSetting(name, "environment", near)
		}
		if err := c.set(key, value, "environment variable "+name); err != nil {
			return err
		}
	}
	return nil
}

// elsewhere are names that other programs use for what is called differently here.
var elsewhere = map[string]string{
	"KLATCH_PORT":       "KLATCH_HTTP_ADDRESS",
	"KLATCH_HOST":       "KLATCH_HTTP_ADDRESS",
	"KLATCH_LISTEN":     "KLATCH_HTTP_ADDRESS",
	"KLATCH_ADDRESS":    "KLATCH_HTTP_ADDRESS",
	"KLATCH_PUBLIC_URL": "KLATCH_HTTP_PUBLIC_URL",
	"KLATCH_DATABASE":   "KLATCH_DATABASE_URL",
	"KLATCH_DEBUG":      "KLATCH_LOG_LEVEL",
}

// Kubernetes makes known to every pod the services in its namespace. Those whose name begins with "klatch" make
// variables that begin as ours do:
// https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables.
var (
	linkName = regexp.MustCompile(
		`^KLATCH_(?:[A-Z0-9_]+?_)??(SERVICE_HOST|SERVICE_PORT(?:_[A-Z0-9_]+)?|PORT(?:_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)?)$`,
	)
	// The links of Docker, before it had networks: https://docs.docker.com/engine/network/links/#environment-variables.
	dockerName = regexp.MustCompile(`^KLATCH_(?:[A-Z0-9_]+_)?NAME$`)
	dockerEnv  = regexp.MustCompile(`^KLATCH_ENV_[A-Za-z0-9_]+$`)
	dockerLink = regexp.MustCompile(`^/[\w.-]+/[\w.-]+$`)
	linkURL    = regexp.MustCompile(`^(?:tcp|udp|sctp)://\S+:\d+$`)
	linkPort   = regexp.MustCompile(`^\d{1,5}$`)
	linkProto  = regexp.MustCompile(`^(?:tcp|udp|sctp)$`)
)

// isServiceLink reports whether Kubernetes or Docker made a variable: its name and its value are of that form.
func isServiceLink(name, value string) bool {
	if dockerName.MatchString(name) && dockerLink.MatchString(value) || dockerEnv.MatchString(name) {
		return true
	}
	kind := linkName.FindStringSubmatch(name)
	if kind == nil {
		return false
	}
	_, notIP := netip.ParseAddr(value)
	switch {
	case kind[1] == "SERVICE_HOST", strings.HasSuffix(kind[1], "_ADDR"):
		return notIP == nil
	case strings.HasPrefix(kind[1], "SERVICE_PORT"), strings.HasSuffix(kind[1], "_PORT"):
		return linkPort.MatchString(value) || linkURL.MatchString(value) // the port of a service klatch-service
	case strings.HasSuffix(kind[1], "_PROTO"):
		return linkProto.MatchString(value)
	}
	return linkURL.MatchString(value)
}

// envName turns http.publicUrl into KLATCH_HTTP_PUBLIC_URL.
func envName(key string) string {
	var b strings.Builder
	b.WriteString(envPrefix)
	for _, r := range key {
		switch {
		case r == '.':
			b.WriteByte('_')
		case r >= 'A' && r <= 'Z':
			b.WriteByte('_')
			b.WriteRune(r)
		default:
			b.WriteString(strings.ToUpper(string(r)))
		}
	}
	return b.String()
}

func (c *Config) set(key, text, where string) error {
	s := c.find(key)
	if s == nil {
		return fault.ConfigInvalidUnknownSetting(key, where, c.nearest(key))
	}
	if c.given == nil {
		c.given = map[string]bool{}
	}
	c.given[key] = true
	text = strings.TrimSpace(text) // a file that a secret was read from ends with a newline
	if want, ok := s.into.set(text); !ok {
		shown := text
		switch s.into.(type) {
		// An address of a database or of NATS may hold a password.
		case secret, hidden, database, secretKey, clusterSecret, natsURL:
			shown = fmt.Sprintf("%d characters", len(text))
		case turnURLs:
			if strings.Contains(text, "@") { // somebody put the credentials where URLs of other schemes have them
				shown = fmt.Sprintf("%d characters with an @", len(text))
			}
		}
		return fault.ConfigInvalidBadValue(key, where, shown, want)
	}
	return nil
}

func (c *Config) find(key string) *setting {
	all := c.settings()
	if i := slices.IndexFunc(all, func(s setting) bool { return s.key == key }); i >= 0 {
		return &all[i]
	}
	return nil
}

func (c *Config) isSection(key string) bool {
	return slices.ContainsFunc(c.settings(), func(s setting) bool { return strings.HasPrefix(s.key, key+".") })
}

func (c *Config) nearest(key string) string {
	var keys []string
	for _, s := range c.settings() {
		keys = append(keys, s.key)
	}
	return closest(key, keys)
}
