package serversdk

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testpeer"
	"github.com/klatch/klatch/internal/testserver"
)

// What the vendor's SDK makes for WHIP and WHEP works with programs that are not ours, and it ends them.
func TestVendorServerSDKWHIP(t *testing.T) {
	node, err := exec.LookPath("node")
	require.NoError(t, err, "this test runs the vendor's SDK: install node 18 or later")
	install(t)
	h := testserver.Start(t)
	account := h.Account(t, nil)
	room := account.Meeting(t, nil)
	watcher := enter(t, h, account.Token(t), room, "ann")
	require.NotEmpty(t, watcher)

	cmd := exec.CommandContext(t.Context(), node, "whip.test.mjs")
	cmd.Env = append(os.Environ(), "TEST_URL="+h.URL, "TEST_API_KEY="+account.Key, "TEST_SECRET="+account.Secret,
		"TEST_ROOM="+room)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	lines := bufio.NewScanner(out)
	said := func(into any) {
		t.Helper()
		require.True(t, lines.Scan(), "the script has ended")
		require.NoError(t, json.Unmarshal(lines.Bytes(), into), lines.Text())
	}
	say := func(text string) {
		t.Helper()
		_, err := fmt.Fprintln(in, text)
		require.NoError(t, err)
	}
	var made struct{ WHIP, WHEP struct{ URL, Token string } }
	said(&made)
	cam, refused := testpeer.PublishWHIP(t, made.WHIP.URL, made.WHIP.Token, "cam")
	require.Nil(t, refused)
	tv, refused := testpeer.PlayWHEP(t, made.WHEP.URL, made.WHEP.Token)
	require.Nil(t, refused)
	require.Eventually(t, func() bool { return tv.Video.Frames.Load() > 5 && tv.Audio.Frames.Load() > 5 },
		20*time.Second, 20*time.Millisecond, "seen and heard")
	say("up")
	var done struct{ Deleted bool }
	said(&done)
	require.Eventually(t, func() bool { return cam.Ended() && tv.Ended() }, 5*time.Second, 20*time.Millisecond,
		"an alert of DTLS ends them, and not the silence, which ICE finds out after 30 s")

	// The token alone, as that SDK sends it.
	status, _, answer := testpeer.CallHTTP(t, "POST", made.WHIP.URL, "", cam.Offer(),
		"Authorization", made.WHIP.Token, "Content-Type", "application/sdp")
	require.Equal(t, 201, status, answer)
	again, refused := testpeer.PublishWHIP(t, made.WHIP.URL, made.WHIP.Token, "cam")
	require.Nil(t, refused)
	// Before DTLS is up no alert can end it (RFC 6347, section 4.1.2.1 leaves one without keys to be ignored).
	require.Eventually(t, again.Connected, 20*time.Second, 20*time.Millisecond)
	say("up again")
	say(again.Address)
	said(&done)
	require.Eventually(t, again.Ended, 5*time.Second, 20*time.Millisecond)
	require.NoError(t, cmd.Wait())
}
