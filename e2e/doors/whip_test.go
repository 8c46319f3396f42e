package doors

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/gate"
	"github.com/klatch/klatch/internal/testpeer"
	"github.com/klatch/klatch/sdk"
)

const fragmentType = "application/trickle-ice-sdpfrag"

// A program of pion publishes, is seen and heard, moves to another path, is muted, cut and removed, and comes back.
func TestWHIPPublisher(t *testing.T) {
	t.Parallel()
	h := open(t)
	account := h.Account(t, nil)
	room, token := account.Meeting(t, nil), account.Token(t)
	bot := join(t, h.URL, room, token, "bot")
	endpoint := h.URL + "/v2/whip?roomId=" + room + "&participantId=cam&displayName=Camera%201"
	cam, refused := testpeer.PublishWHIP(t, endpoint, token, "cam")
	require.Nil(t, refused)
	require.True(t, strings.HasPrefix(cam.Address, h.URL+"/v2/whip/sessions/"), cam.Address)
	sent := func() {
		t.Helper()
		for range 30 {
			readPacket(t, bot, "cam", sdk.Video)
			require.Greater(t, len(readPacket(t, bot, "cam", sdk.Audio).Payload), 20)
		}
	}
	sent()
	require.Equal(t, "Camera 1", participant(bot, "cam").DisplayName())

	// Trickled candidates, and the entity tag of the ICE session (RFC 9725, section 4.3).
	fragment := "a=ice-ufrag:" + attribute(cam.Offer(), "ice-ufrag") +
		"\r\na=ice-pwd:" + attribute(cam.Offer(), "ice-pwd") +
		"\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\na=candidate:1 1 udp 1 198.51.100.99 9 typ host\r\n"
	patch := func(body string, headers ...string) int {
		status, _, answer := cam.Call(http.MethodPatch, cam.Address, body, headers...)
		if status >= 400 {
			testpeer.Refusal(t, status, answer)
		}
		return status
	}
	require.Equal(t, 204, patch(fragment, "Content-Type", fragmentType, "If-Match", cam.ETag))
	require.Equal(t, 428, patch(fragment, "Content-Type", fragmentType))
	require.Equal(t, 412, patch(fragment, "Content-Type", fragmentType, "If-Match", `"other"`))
	other := strings.Replace(fragment, "a=ice-ufrag:", "a=ice-ufrag:other", 1)
	require.Equal(t, 400, patch(other, "Content-Type", fragmentType, "If-Match", cam.ETag), "it restarts nothing")
	require.Equal(t, 415, patch(fragment, "If-Match", cam.ETag))
	require.Equal(t, 400, patch("hello", "Content-Type", fragmentType, "If-Match", cam.ETag))
	require.Equal(t, 413, patch(strings.Repeat("a=x\r\n", 20000), "Content-Type", fragmentType, "If-Match", cam.ETag))
	cam.RestartICE()
	sent()
	require.True(t, cam.Connected())

	// Moderated as anybody.
	ctx := t.Context()
	require.NoError(t, participant(bot, "cam").DisableMic(ctx))
	eventually(t, "muted", func() bool { return participant(bot, "cam").Stream(sdk.Audio) == nil })
	cam.RestartICE()
	readPacket(t, bot, "cam", sdk.Video)
	require.Nil(t, participant(bot, "cam").Stream(sdk.Audio), "an ICE restart does not unmute")
	require.NoError(t, participant(bot, "cam").EnableMic(ctx))
	sent()
	cam.Close()
	eventually(t, "gone", func() bool { return participant(bot, "cam") == nil })

	// Cut without a DELETE, and back under the same id: the former participation is replaced, or has ended.
	cam, refused = testpeer.PublishWHIP(t, endpoint, token, "cam")
	require.Nil(t, refused)
	sent()
	again, refused := testpeer.PublishWHIP(t, endpoint, token, "cam")
	require.Nil(t, refused)
	eventually(t, "replaced", cam.Ended)
	require.Contains(t, cam.Delete().Detail, "whip")
	sent()

	// The same participant goes on with another connection, and nobody sees it leave.
	left := make(chan string, 8)
	defer bot.OnParticipantLeft(func(p *sdk.Participant, _ sdk.LeaveReason) { left <- p.ID() })()
	third, refused := testpeer.PublishWHIP(t, endpoint+"&useExistingPeer=true", token, "cam")
	require.Nil(t, refused)
	require.Contains(t, again.Delete().Detail, "useExistingPeer")
	sent()
	require.Empty(t, left)

	third.Close() // DTLS says goodbye
	require.Equal(t, "cam", <-left)
	last, refused := testpeer.PublishWHIP(t, h.URL+"/v2/whip/"+room, token, "cam")
	require.Nil(t, refused)
	require.Nil(t, last.Delete())
	require.NotEmpty(t, <-left, "an id that the server made")

	// Who was removed cannot ask to be let in again, for it has no socket.
	cam, refused = testpeer.PublishWHIP(t, endpoint, token, "cam")
	require.Nil(t, refused)
	sent()
	require.NoError(t, participant(bot, "cam").Remove(ctx))
	eventually(t, "removed", func() bool { return participant(bot, "cam") == nil && cam.Ended() })
	f := cam.Delete()
	require.Equal(t, "MEDIA_SESSION", f.Reason)
	require.Contains(t, f.Detail, "bot")
	_, refused = testpeer.PublishWHIP(t, endpoint, token, "cam")
	require.NotNil(t, refused)
	require.Equal(t, fault.ReasonByModerator, refused.Reason)
}

func attribute(sdp, name string) string {
	_, rest, _ := strings.Cut(sdp, "a="+name+":")
	value, _, _ := strings.Cut(rest, "\r\n")
	return value
}

// Whatever is wrong with a request has its code, and costs nobody a place.
func TestWHIPRefusals(t *testing.T) {
	t.Parallel()
	h := open(t)
	account := h.Account(t, map[string]any{"limits": map[string]any{"participants": 2}})
	room, token := account.Meeting(t, nil), account.Token(t)
	other := account.Meeting(t, nil)
	bot := join(t, h.URL, room, token, "bot")
	endpoint := h.URL + "/v2/whip?roomId=" + room + "&participantId=cam"
	cam, refused := testpeer.PublishWHIP(t, endpoint, token, "cam")
	require.Nil(t, refused)
	offer := cam.Offer()
	expired := account.Grant(t, gate.Grant{
		Permissions: []string{"allow_join"}, IssuedAt: time.Now().Add(-2 * time.Hour), ExpiresIn: time.Hour,
	})
	for _, tc := range []struct {
		name, method, address, token, body string
		headers                            []string
		want                               string
		status                             int
	}{
		{"no token", "POST", endpoint, "", offer, nil, "EMPTY", 401},
		{"expired", "POST", endpoint, expired, offer, nil, "EXPIRED", 401},
		{"garbage token", "POST", endpoint, "abc", offer, nil, "MALFORMED", 401},
		{"lobby", "POST", endpoint, account.Token(t, "ask_join"), offer, nil, "NO_LOBBY", 403},
		{"no entry", "POST", endpoint, account.Token(t, "allow_mod"), offer, nil, "NO_ENTRY", 403},
		{"other room", "POST", endpoint, account.Grant(t, gate.Grant{
			Permissions: []string{"allow_join"}, MeetingID: other, ExpiresIn: time.Hour}), offer, nil, "MISMATCH", 403},
		{"unknown room", "POST", h.URL + "/v2/whip?roomId=none-none-none", token, offer, nil, "NOT_FOUND", 404},
		{"no room", "POST", h.URL + "/v2/whip", token, offer, nil, "EMPTY", 400},
		{"two rooms", "POST", h.URL + "/v2/whip/" + other + "?roomId=" + room, token, offer, nil, "BAD_PARAMS", 400},
		{"full", "POST", endpoint + "2", token, offer, nil, "LIMIT", 403},
		{"bad participant id", "POST", endpoint + "%20x", token, offer, nil, "WHITESPACE", 400},
		{"unknown query", "POST", endpoint + "&codec=vp8", token, offer, nil, "BAD_PARAMS", 400},
		{"token in the address", "POST", endpoint + "&token=" + token, "", offer, nil, "BAD_PARAMS", 400},
		{"twice", "POST", endpoint + "&roomId=" + room, token, offer, nil, "BAD_PARAMS", 400},
		{"useExistingPeer", "POST", endpoint + "&useExistingPeer=1", token, offer, nil, "BAD_PARAMS", 400},
		{"with an SDK", "POST", h.URL + "/v2/whip?participantId=bot&useExistingPeer=true&roomId=" + room, token, offer, nil,
			"BAD_PARAMS", 400},
		{"GET", "GET", endpoint, token, "", nil, "METHOD_NOT_ALLOWED", 405},
		{"PUT", "PUT", cam.Address, token, "", nil, "METHOD_NOT_ALLOWED", 405},
		{"JSON", "POST", endpoint, token, "{}", []string{"Content-Type", "application/json"}, "MEDIA_TYPE", 415},
		{"empty", "POST", endpoint, token, "", nil, "BAD_SDP", 400},
		{"garbage", "POST", endpoint, token, "\x00\xffv=0", nil, "BAD_SDP", 400},
		{"giant", "POST", endpoint, token, strings.Repeat("a", 300<<10), nil, "TOO_LARGE", 413},
		{"receives", "POST", endpoint, token, strings.ReplaceAll(offer, "a=sendonly", "a=recvonly"), nil, "BAD_SDP", 400},
		{"codec", "POST", endpoint, token, strings.NewReplacer("VP8", "H265", "VP9", "H266", "H264", "H267", "AV1", "H268").
			Replace(offer), nil, "BAD_SDP", 400},
		{"no session", "DELETE", h.URL + "/v2/whip/sessions/none", token, "", nil, "MEDIA_SESSION", 404},
		{"of the other protocol", "DELETE", strings.Replace(cam.Address, "whip", "whep", 1), token, "", nil,
			"MEDIA_SESSION", 404},
		{"another account", "DELETE", cam.Address, h.Account(t, nil).Token(t), "", nil, "MEDIA_SESSION", 404},
		{"no path", "POST", h.URL + "/v2/whip/a/b", token, offer, nil, "ROUTE", 404},
	} {
		headers := tc.headers
		if headers == nil && tc.method == "POST" {
			headers = []string{"Content-Type", "application/sdp"}
		}
		status, _, answer := testpeer.CallHTTP(t, tc.method, tc.address, tc.token, tc.body, headers...)
		f := testpeer.Refusal(t, status, answer)
		require.Equal(t, tc.want, f.Reason, "%s: %s", tc.name, f.Detail)
		require.Equal(t, tc.status, status, tc.name)
		if strings.Contains(tc.address, "&token=") {
			require.NotContains(t, answer, token)
		}
	}
	status, header, _ := testpeer.CallHTTP(t, "OPTIONS", endpoint, "", "")
	require.Equal(t, 204, status)
	require.Equal(t, "application/sdp", header.Get("Accept-Post"))
	require.Contains(t, header.Get("Access-Control-Allow-Headers"), "If-Match")
	require.Contains(t, header.Get("Access-Control-Expose-Headers"), "Location")
	for range 20 {
		readPacket(t, bot, "cam", sdk.Video)
	}
	require.Equal(t, 2, len(bot.Participants())+1, "nobody else came or left")

	// Its account is closed: everybody is out, and the next request says why.
	h.MustAdmin(t, http.MethodPost, "/admin/v1/accounts/"+account.ID+"/deactivate", nil)
	eventually(t, "out", cam.Ended)
	require.True(t, fault.Is(cam.Delete(), fault.CodeNotFound))
}

// What one address asks before a token holds is bounded, and a body that is not wanted is not read.
func TestWHIPFlood(t *testing.T) {
	t.Parallel()
	h := open(t, func(c *conf.Config) { c.Limit.JoinsPerAddress, c.Limit.FailedTokensPerAddress = 2, 1 })
	room := h.Account(t, nil).Meeting(t, nil)
	reasons := map[string]int{}
	for range 40 {
		status, header, answer := testpeer.CallHTTP(t, http.MethodPost, h.URL+"/v2/whip?roomId="+room, "x.y.z",
			strings.Repeat("x", 100<<10), "Content-Type", "application/sdp")
		f := testpeer.Refusal(t, status, answer)
		reasons[f.Reason]++
		if status == http.StatusTooManyRequests {
			require.NotEmpty(t, header.Get("Retry-After"))
		}
	}
	require.LessOrEqual(t, reasons["MALFORMED"], 15, "tokens are looked at no more often than that: %v", reasons)
	require.Equal(t, 40-reasons["MALFORMED"], reasons["FAILED_TOKENS"]+reasons["ADDRESS_JOINS"], "%v", reasons)
	for range 30 {
		status, _, answer := testpeer.CallHTTP(t, http.MethodDelete, h.URL+"/v2/whip/sessions/guess", "", "")
		require.Contains(t, []int{404, 429}, status, answer)
	}
}
