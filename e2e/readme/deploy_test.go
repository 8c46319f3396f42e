package readme

import (
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/testserver"
)

// TestDeployPage loads the settings of docs/deploy.md, makes an account, a key and a meeting with its commands, backs
// the server up and joins that meeting on one that was restored.
func TestDeployPage(t *testing.T) {
	t.Parallel()
	for _, settings := range blocks(t, "deploy.md", "yaml", "") {
		file := filepath.Join(t.TempDir(), "klatch.yaml")
		require.NoError(t, os.WriteFile(file, []byte(settings), 0o600))
		_, err := conf.Load(file, nil)
		require.NoError(t, err, settings)
	}

	h := testserver.Start(t)
	backup := t.TempDir()
	shell := func(commands string) string {
		commands = strings.NewReplacer(
			"http://127.0.0.1:4002", h.AdminURL(), "https://meet.example.com", h.URL, "/var/lib/klatch", h.Dir,
			"/var/backups/klatch", backup,
		).Replace(commands)
		shell := exec.CommandContext(t.Context(), "sh", "-eu", "-c", commands)
		shell.Env = append(os.Environ(), "PATH="+filepath.Dir(testserver.Program(t))+":"+os.Getenv("PATH"))
		out, err := shell.CombinedOutput()
		require.NoError(t, err, "%s\n%s", commands, out)
		return string(out)
	}
	commands := blocks(t, "deploy.md", "sh", "")
	require.Len(t, commands, 3)
	made := shell(commands[0])
	find := func(text, pattern string) string {
		found := regexp.MustCompile(pattern).FindStringSubmatch(text)
		require.NotNil(t, found, text)
		return found[1]
	}
	key, secret := find(made, `(?m)^(\S+)  \S+  acme  `), find(made, `(?m)^\S+  (\S+)  acme  `)
	tried := shell(strings.NewReplacer("SECRET=SECRET", "SECRET="+secret, "KEY ", key+" ").Replace(commands[1]))
	meeting, token := find(tried, `\b([a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4})\b`), find(tried, `(?m)^(ey\S+)$`)
	join(t, h, token, meeting)

	shell(commands[2])
	restored := testserver.Start(t, func(c *conf.Config) { c.Data.Dir = backup })
	join(t, restored, token, meeting)
	key1, key2 := publicKey(t, h), publicKey(t, restored)
	require.Equal(t, key1, key2, "webhooks are signed as before")
}

func publicKey(t *testing.T, h *testserver.Server) string {
	t.Helper()
	response, err := http.Get(h.URL + "/v2/public/rsa-public-key")
	require.NoError(t, err)
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return string(answer)
}

// TestCommandsOfTheDocs holds each command line that begins with klatch, in the README, the docs and the examples,
// against the help of the program: the command is there, takes the flags, and takes arguments where some are given.
func TestCommandsOfTheDocs(t *testing.T) {
	program := testserver.Program(t)
	pages, err := filepath.Glob("../../docs/*.md")
	require.NoError(t, err)
	pages = append(pages, "../../README.md", examples+"README.md", "../../CONTRIBUTING.md")
	helps := map[string]string{}
	help := func(words []string) string {
		path := strings.Join(words, " ")
		if _, known := helps[path]; !known {
			out, err := exec.CommandContext(t.Context(), program, append(slices.Clone(words), "--help")...).CombinedOutput()
			require.NoError(t, err, "klatch %s --help: %s", path, out)
			helps[path] = string(out)
		}
		return helps[path]
	}
	line := regexp.MustCompile("(?m)(?:^|`|\\$ |\\(|KLATCH_[A-Z]+=\\S+ )klatch ([^`\n|#);&<>]+)")
	seen := 0
	for _, page := range pages {
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		joined := strings.ReplaceAll(string(text), "\\\n", " ")
		for _, match := range line.FindAllStringSubmatch(joined, -1) {
			problem := wrongUse(strings.Fields(quoted.ReplaceAllString(match[1], "WORD")), help)
			require.Empty(t, problem, "%s: klatch %s", page, match[1])
			seen++
		}
	}
	require.Greater(t, seen, 40)
	require.NotEmpty(t, wrongUse(strings.Fields("admin key create ACCOUNT"), help))
	require.NotEmpty(t, wrongUse(strings.Fields("token --key K"), help))
	require.NotEmpty(t, wrongUse(strings.Fields("frobnicate"), help))
}

var (
	quoted     = regexp.MustCompile(`"[^"]*"|'[^']*'`)
	subcommand = regexp.MustCompile(`(?m)^  ([a-z][a-z-]*)  `)
	usage      = regexp.MustCompile(`(?m)^  klatch (.*)$`)
)

// wrongUse says what the help of a command does not know of the words of a command line.
func wrongUse(words []string, help func(words []string) string) string {
	var path []string
	for len(words) > 0 {
		known := false
		for _, match := range subcommand.FindAllStringSubmatch(help(path), -1) {
			known = known || match[1] == words[0]
		}
		if !known {
			break
		}
		path, words = append(path, words[0]), words[1:]
	}
	if len(path) == 0 && len(words) > 0 && !strings.HasPrefix(words[0], "-") {
		return "no command " + words[0]
	}
	text := help(path)
	arguments := false
	_, lines, _ := strings.Cut(text, "\nUsage:\n")
	lines, _, _ = strings.Cut(lines, "\n\n")
	for _, match := range usage.FindAllStringSubmatch(lines, -1) {
		rest := strings.TrimPrefix(match[1], strings.Join(path, " "))
		arguments = arguments || strings.Trim(strings.ReplaceAll(rest, "[flags]", ""), " ") != ""
	}
	_, flags, _ := strings.Cut(text, "\nFlags:\n")
	for i := 0; i < len(words); i++ {
		name, _, assigned := strings.Cut(words[i], "=")
		switch {
		case strings.HasPrefix(name, "--"):
			flag := regexp.MustCompile(`(?m)` + regexp.QuoteMeta(name) + `( [a-z]+)?(\[=[^\]]*\])?  `).FindStringSubmatch(flags)
			if flag == nil && name != "--help" {
				return "no flag " + name
			}
			if flag != nil && flag[1] != "" && flag[2] == "" && !assigned {
				i++ // its value
			}
		case name == "…" || name == "...":
			return ""
		case !arguments:
			return "no argument " + name
		}
	}
	return ""
}
