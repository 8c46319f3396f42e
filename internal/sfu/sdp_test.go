package sfu

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Candidates cost an attacker little and a parser much, so none comes to the parser, however many there are.
func TestCandidatesAreDropped(t *testing.T) {
	const plain = "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n"
	candidates := strings.Repeat("a=candidate:1 1 udp 1 127.0.0.1 9 typ host\r\n", 4000)
	scanned, err := scanSDP(plain+candidates+"a=remote-candidates:1 127.0.0.1 9\r\na=end-of-candidates\r\n", 1)
	require.NoError(t, err)
	require.Equal(t, plain, scanned)
}
