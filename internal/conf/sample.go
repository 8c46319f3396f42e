package conf

import (
	"fmt"
	"strings"
)

// Sample is a configuration file with every setting, its effect, variable and default.
func Sample() string {
	var b strings.Builder
	b.WriteString("# klatch.yaml: every setting with its default. Uncomment what you change.\n")
	section := ""
	for _, s := range Default().settings() {
		group, name, _ := strings.Cut(s.key, ".")
		if group != section {
			fmt.Fprintf(&b, "\n%s:\n", group)
			section = group
		}
		fmt.Fprintf(&b, "  # %s (%s)\n  # %s: %s\n", s.help, envName(s.key), name, quoted(s.into.String()))
	}
	return b.String()
}

func quoted(v string) string {
	if v == "" || strings.ContainsAny(v, ":#,") {
		return `"` + v + `"`
	}
	return v
}

// Reference is docs/configuration.md.
func Reference() string {
	var b strings.Builder
	b.WriteString(`# Configuration

` + "`klatch serve --config klatch.yaml`" + ` reads the file, then the environment, then flags; later ones win. An unknown setting or a
bad value stops the server before it opens a socket, with fault [5104](errors.md) naming file and line.
` + "`klatch serve --sample`" + ` prints a file with all settings. Durations are written as ` + "`90s`, `5m`" + `.
White space around a value is dropped: a secret that was read from a file ends with a newline. Variables that Kubernetes makes for
services whose name begins with klatch (` + "`KLATCH_PORT=tcp://…`" + `) are ignored.
No setting can be changed while the server runs: restart it; clients come back by themselves.

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
