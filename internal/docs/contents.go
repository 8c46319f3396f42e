package docs

import (
	"io/fs"
	"path"
	"slices"
	"strings"
)

// group is a part of the navigation.
type group struct {
	title   string
	entries []entry
}

// entry is a page of the navigation. It has a file, or the address of another page of the server, relative to that of
// the documentation.
type entry struct {
	label string
	file  string
	href  string
}

// contents is the navigation. A test holds that it lists every page of docs/.
var contents = []group{
	{"Begin", []entry{
		{label: "Overview", file: "README.md"},
		{label: "Five first things", file: "docs/quickstart.md"},
		{label: "Tokens", file: "docs/tokens.md"},
		{label: "Examples", file: "examples/README.md"},
		{label: "Embedding the meeting page", file: "docs/embed.md"},
		{label: "Accessibility of the meeting page", file: "docs/accessibility.md"},
		{label: "React", file: "docs/react.md"},
		{label: "Moving from VideoSDK", file: "docs/videosdk.md"},
		{label: "Moving from LiveKit", file: "docs/livekit.md"},
		{label: "Troubleshooting", file: "docs/troubleshooting.md"},
	}},
	{"Build", []entry{
		{label: "REST", file: "docs/rest.md"},
		{label: "Webhooks", file: "docs/webhooks.md"},
		{label: "Messages and shared values", file: "docs/data.md"},
		{label: "Recordings, livestreams, HLS", file: "docs/egress.md"},
		{label: "Watching over HLS", file: "docs/hls.md"},
		{label: "WHIP and WHEP", file: "docs/whip.md"},
		{label: "RTMP into a meeting", file: "docs/rtmp-in.md"},
		{label: "Test before a call", file: "docs/precall.md"},
		{label: "Faults over REST", file: "docs/faults.md"},
		{label: "Drills", file: "docs/drills.md"},
	}},
	{"Operate", []entry{
		{label: "A server, step by step", file: "docs/deploy.md"},
		{label: "Operating a server", file: "docs/operating.md"},
		{label: "Configuration", file: "docs/configuration.md"},
		{label: "Networks and firewalls", file: "docs/network.md"},
		{label: "More than one machine", file: "docs/cluster.md"},
		{label: "Console", file: "docs/console.md"},
		{label: "Alerts", file: "docs/alerts.md"},
		{label: "Quality measurements", file: "docs/stats.md"},
		{label: "Benchmarks", file: "docs/benchmarks.md"},
	}},
	{"Reference", []entry{
		{label: "Errors", file: "docs/errors.md"},
		{label: "REST API", href: "../api/"},
		{label: "Signaling protocol", file: "docs/protocol.md"},
		{label: "Architecture", file: "docs/ARCHITECTURE.md"},
		{label: "Decisions", file: decisions},
		{label: "Changes", file: "CHANGELOG.md"},
		{label: "Contributing", file: "CONTRIBUTING.md"},
		{label: "Security", file: "SECURITY.md"},
	}},
}

// decisions is the folder of the records of decisions, which has a page that lists them.
const decisions = "docs/adr"

// address returns where the page of a document is, below the address of the documentation.
func address(file string) string {
	switch file {
	case "README.md":
		return ""
	case "examples/README.md":
		return "examples"
	}
	return strings.ToLower(strings.TrimSuffix(strings.TrimPrefix(file, "docs/"), ".md"))
}

// documents returns the files that become pages, in a stable order.
func documents(files fs.FS) ([]string, error) {
	var names []string
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/adr/*.md", "examples/*.md"} {
		found, err := fs.Glob(files, pattern)
		if err != nil {
			return nil, err
		}
		names = append(names, found...)
	}
	return names, nil
}

// listed returns the group and the label of a file in the navigation, empty for one that is not there.
func listed(file string) (title, label string) {
	for _, g := range contents {
		i := slices.IndexFunc(g.entries, func(e entry) bool {
			return e.file != "" && (e.file == file || e.file == decisions && path.Dir(file) == decisions)
		})
		if i >= 0 {
			return g.title, g.entries[i].label
		}
	}
	return "", ""
}
