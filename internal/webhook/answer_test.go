package webhook

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAnswersAreKeptWithoutSecrets(t *testing.T) {
	t.Parallel()
	const endpoint, signature = "https://hooks.example.org/in/s3cret-path?key=abcd1234", "c2lnbmF0dXJl"
	for _, c := range []struct{ name, content, want string }{
		{"plain", "no such tenant", "no such tenant"},
		{"the address", "POST /in/s3cret-path?key=abcd1234 failed", "POST [removed] failed"},
		{"a value of the address", "bad key abcd1234", "bad key [removed]"},
		{"the signature", "got c2lnbmF0dXJl", "got [removed]"},
		{"a token", "token was eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.c2ln", "token was [removed]"},
		{"JSON", `{"error":"denied","apiKey":"k-123","clientSecret": "x\"y"}`,
			`{"error":"denied","apiKey":[removed],"clientSecret": [removed]}`},
		{"a header", "Authorization: Bearer abc.def\nrest", "Authorization: [removed]\nrest"},
		{"a form", "password=hunter2&user=ann", "password=[removed]&user=ann"},
		{"binary", "\x00\xff\x1b[2J", "\uFFFD\uFFFD\uFFFD[2J"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, withoutSecrets([]byte(c.content), endpoint, signature))
		})
	}
	long := withoutSecrets([]byte(strings.Repeat("a", 1022)+"ü"+strings.Repeat("token=x ", 400)), endpoint, signature)
	require.LessOrEqual(t, len(long), shownAnswer)
	require.NotContains(t, long, "token=x")
}
