package signal

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/wire"
)

func testTicket() Ticket {
	return Ticket{
		AccountID: "acc_1", MeetingID: "abcd-efgh-ijkl", SessionID: "gdsgmchtnsf3r7blh7eoilzhta", ParticipantID: "ann<&>",
		Place: "ABCDEFGHIJKLMNOPQRSTUVWXYZ", Generation: 3, Node: "eu-1", Nonce: newNonce(),
	}
}

func TestTicket(t *testing.T) {
	t.Parallel()
	key, made := []byte("a key of all nodes"), testTicket()
	secret := made.seal(key)
	got, ok := openTicket(key, secret)
	require.True(t, ok)
	require.Equal(t, made, got)

	again := made
	again.Nonce = newNonce()
	require.NotEqual(t, secret, again.seal(key), "two tickets of one generation are two secrets")

	longest := strings.Repeat(`"`, wire.MaxIDBytes) // JSON takes two bytes for each
	made = Ticket{
		AccountID: longest, MeetingID: longest, SessionID: longest, ParticipantID: longest, Place: made.Place,
		Generation: 1 << 62, Node: longest, Nonce: newNonce(),
	}
	require.LessOrEqual(t, len(made.seal(key)), wire.MaxSecretBytes)
}

// What was not made with the key is no ticket, whatever it looks like.
func TestForgedTicket(t *testing.T) {
	t.Parallel()
	key, made := []byte("a key of all nodes"), testTicket()
	secret := made.seal(key)
	head, sum, _ := strings.Cut(strings.TrimPrefix(secret, ticketPrefix), ".")
	other := made
	other.ParticipantID = "bob"
	payloadOfOther, _, _ := strings.Cut(strings.TrimPrefix(other.seal([]byte("another key")), ticketPrefix), ".")
	for name, forged := range map[string]string{
		"empty":            "",
		"prefix":           ticketPrefix,
		"two dots":         ticketPrefix + ".",
		"without sum":      ticketPrefix + head,
		"empty sum":        ticketPrefix + head + ".",
		"half a sum":       ticketPrefix + head + "." + sum[:20],
		"other payload":    ticketPrefix + payloadOfOther + "." + sum,
		"another key":      made.seal([]byte("another key")),
		"another version":  strings.Replace(secret, "kt1.", "kt2.", 1),
		"a byte more":      secret + "A",
		"a trailing line":  secret + "\n",
		"longer than that": ticketPrefix + strings.Repeat("A", wire.MaxSecretBytes) + "." + sum,
	} {
		_, ok := openTicket(key, forged)
		require.False(t, ok, name)
	}
}

func FuzzTicket(f *testing.F) {
	key := []byte("a key of all nodes")
	f.Add(testTicket().seal(key))
	f.Add("kt1.e30.AAAA")
	f.Fuzz(func(t *testing.T, secret string) {
		ticket, ok := openTicket(key, secret)
		if ok { // only what was made with the key opens
			require.Equal(t, secret, ticket.seal(key))
		}
	})
}
