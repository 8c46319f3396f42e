package conf

import (
	"fmt"
	"strings"
)

// Sample returns a configuration file with every setting, its effect, variable and default, all of them commented out.
func Sample() string { return sample(nil) }

// Packaged returns the configuration file of the Linux packages: Sample with what their systemd unit needs.
func Packaged() string { return sample(map[string]string{"data.dir": "/var/lib/klatch"}) }

// sample writes the settings; those in set have that value and count.
func sample(set map[string]string) string {
	var b strings.Builder
	b.WriteString("# klatch.yaml: every setting with its default. Uncomment what you change.\n")
	section := ""
	for _, s := range Default().settings() {
		group, name, _ := strings.Cut(s.key, ".")
		if group != section {
			fmt.Fprintf(&b, "\n%s:\n", group)
			section = group
		}
		mark, value := "# ", s.into.String()
		if own, ok := set[s.key]; ok {
			mark, value = "", own
		}
		for _, line := range wrap(fmt.Sprintf("%s (%s)", s.help, envName(s.key)), sampleWidth) {
			fmt.Fprintf(&b, "  # %s\n", line)
		}
		fmt.Fprintf(&b, "  %s%s: %s\n", mark, name, quoted(value))
	}
	return b.String()
}

const sampleWidth = 110 // columns of a comment

// wrap breaks a text between words into lines of at most so many bytes, where its words are shorter.
func wrap(text string, width int) (lines []string) {
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines, line = append(lines, line), ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}

func quoted(v string) string {
	if v == "" || strings.ContainsAny(v, ":#,") {
		return `"` + v + `"`
	}
	return v
}

// Reference returns docs/configuration.md.
func Reference() string {
	var b strings.Builder
	b.WriteString(`# Configuration

` + "`klatch serve --config klatch.yaml`" + ` reads the file, then the environment, then flags; later ones win. An unknown
setting or a bad value stops the server before it opens a socket, with fault [5104](errors.md) naming file and line.
` + "`klatch serve --sample`" + ` prints a file with all settings. Durations are written as ` + "`90s`, `5m`" + `.
White space around a value is dropped: a secret that was read from a file ends with a newline. Variables that Kubernetes
makes for services whose name begins with klatch (` + "`KLATCH_PORT=tcp://…`" + `) are ignored.
No setting can be changed while the server runs: restart it; clients come back by themselves. Certificate files are the
exception: the server loads them when they change, and on SIGHUP ([operating.md](operating.md)).

| setting | variable | default | effect |
| --- | --- | --- | --- |
`)
	for _, s := range Default().settings() {
		value := s.into.String()
		if value != "" {
			value = "`" + value + "`"
		}
		fmt.Fprintf(&b, "| `%s` | `%s` | %s | %s |\n", s.key, envName(s.key), value, s.help)
	}
	return b.String()
}
