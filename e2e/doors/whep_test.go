package doors

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testpeer"
	"github.com/klatch/klatch/sdk"
)

// grows waits until a player has received more of a medium: key frames that can be decoded, and sound.
func grows(t *testing.T, what string, of *testpeer.Arrived) {
	t.Helper()
	before := of.Frames.Load()
	eventually(t, what, func() bool { return of.Frames.Load() > before+10 })
}

// A program of pion plays: before there is anything, whoever is there, and somebody it names. Nobody sees it.
func TestWHEPPlayer(t *testing.T) {
	t.Parallel()
	h := open(t)
	account := h.Account(t, map[string]any{"limits": map[string]any{"accountReceivers": 2}})
	room, token := account.Meeting(t, nil), account.Token(t)
	endpoint := h.URL + "/v2/whep?roomId=" + room + "&participantId="
	player, refused := testpeer.PlayWHEP(t, endpoint+"tv", token)
	require.Nil(t, refused)
	eventually(t, "connected", player.Connected)

	ann := join(t, h.URL, room, token, "ann", sending("ann"))
	require.Empty(t, ann.Participants(), "a player is not shown")
	grows(t, "ann is seen", &player.Video)
	grows(t, "ann is heard", &player.Audio)
	require.EqualValues(t, 320, player.Video.Width.Load())

	bob := join(t, h.URL, room, token, "bob", func(o *sdk.Options) {
		o.WebcamEnabled, o.Webcam = true, sdk.TestCard(sdk.CardOptions{Width: 640, Height: 360, Name: "bob", Layers: 1})
	})
	source := func(address, body string) int {
		status, _, answer := player.Call(http.MethodPatch, address, body, "Content-Type", "application/json")
		if status >= 400 {
			testpeer.Refusal(t, status, answer)
		}
		return status
	}
	require.Equal(t, 204, source(player.Address, `{"remotePeerId":"bob"}`))
	eventually(t, "bob is seen", func() bool { return player.Video.Width.Load() == 640 })
	require.Equal(t, 400, source(player.Address, `{"remotePeerId":"bob","layer":1}`))
	require.Equal(t, 400, source(player.Address, `{}`))
	require.Equal(t, 400, source(player.Address, `nonsense`))
	require.Equal(t, 204, source(player.Address, `{"remotePeerId":""}`))
	require.NoError(t, bob.Leave(t.Context()))
	eventually(t, "ann is seen again", func() bool { return player.Video.Width.Load() == 320 })
	player.RestartICE()
	grows(t, "ann is seen after an ICE restart", &player.Video)
	grows(t, "ann is heard", &player.Audio)

	second, refused := testpeer.PlayWHEP(t, endpoint+"tv2&remotePeerId=ann", token)
	require.Nil(t, refused)
	_, refused = testpeer.PlayWHEP(t, endpoint+"tv3", token)
	require.Equal(t, "MAX_RECV_ONLY_LIMIT_REACHED_ON_ORGANIZATION", refused.Name)
	grows(t, "ann is seen by another", &second.Video)
	require.Empty(t, ann.Participants())
	status, answer := h.REST(t, token, http.MethodGet, "/v2/sessions/"+ann.SessionID()+"/participants", nil)
	require.Equal(t, 200, status)
	require.Contains(t, string(answer), `"tv2"`, "who owns the room sees who takes a place")

	require.Nil(t, second.Delete())
	eventually(t, "ended", second.Ended)
	status, answer = h.REST(t, token, http.MethodPost, "/v2/sessions/participants/remove",
		map[string]any{"roomId": room, "participantId": "tv"})
	require.Equal(t, 200, status, string(answer))
	eventually(t, "removed", player.Ended)
	require.Contains(t, player.Delete().Detail, "REST")
}

// What is wrong with an offer has its code; a section with none of the codecs that are sent is rejected alone.
func TestWHEPRefusals(t *testing.T) {
	t.Parallel()
	h := open(t)
	account := h.Account(t, nil)
	room, token := account.Meeting(t, nil), account.Token(t)
	endpoint := h.URL + "/v2/whep?roomId=" + room
	player, refused := testpeer.PlayWHEP(t, endpoint, token)
	require.Nil(t, refused)
	offer := player.Offer()
	for _, tc := range []struct{ name, address, body, want string }{
		{"sends", endpoint, strings.ReplaceAll(offer, "a=recvonly", "a=sendonly"), "BAD_SDP"},
		{"useExistingPeer", endpoint + "&useExistingPeer=true", offer, "BAD_PARAMS"},
		{"no offer", endpoint, "", "BAD_SDP"},
		{"long source", endpoint + "&remotePeerId=" + strings.Repeat("x", 2000), offer, "BAD_PARAMS"},
	} {
		status, _, answer := testpeer.CallHTTP(t, http.MethodPost, tc.address, token, tc.body,
			"Content-Type", "application/sdp")
		require.Equal(t, tc.want, testpeer.Refusal(t, status, answer).Reason, tc.name)
	}

	// It takes H264 alone.
	h264 := strings.NewReplacer("VP8", "X8", "VP9", "X9", "AV1", "X1").Replace(offer)
	status, _, answer := testpeer.CallHTTP(t, http.MethodPost, endpoint+"&participantId=tv", token, h264,
		"Content-Type", "application/sdp")
	require.Equal(t, 201, status, answer)
	require.NotContains(t, answer, "VP8/90000")
}
