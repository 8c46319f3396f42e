package workerticket

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTickets(t *testing.T) {
	t.Parallel()
	type payload struct{ Job string }
	key := []byte("0123456789abcdef0123456789abcdef")
	ticket, err := Sign(key, payload{"job-1"})
	require.NoError(t, err)
	var got payload
	require.True(t, Open(key, ticket, &got))
	require.Equal(t, "job-1", got.Job)

	other, err := Sign(key, payload{"job-2"})
	require.NoError(t, err)
	body, _, _ := strings.Cut(ticket, ".")
	_, signature, _ := strings.Cut(other, ".")
	for name, bad := range map[string]string{
		"nothing": "", "no signature": body, "an empty one": body + ".", "of another": body + "." + signature,
		"no base64": body + ".%%%", "too long": strings.Repeat("a", maxBytes) + ticket,
	} {
		require.False(t, Open(key, bad, &got), name)
	}
	require.False(t, Open([]byte("another key"), ticket, &got))
}
