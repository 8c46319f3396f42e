package faults

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/testpeer"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/internal/wire"
)

// whipScenarios are of publishers and players without a signaling socket.
var whipScenarios = scenarios{
	"3101.NO_CHECKS": func(t *T) {
		t.lostParticipation(func(room string) string {
			req := t.whipRequest(http.MethodPost, "/v2/whip?participantId=cam&roomId="+room, silentOffer)
			res, err := http.DefaultClient.Do(req)
			require.NoError(t, err)
			require.NoError(t, res.Body.Close())
			require.Equal(t, http.StatusCreated, res.StatusCode)
			return t.Server.URL + res.Header.Get("Location")
		})
	},
	"3101.CONSENT_LOST": func(t *T) {
		t.lostParticipation(func(room string) string {
			cam := t.whip(room)
			require.Eventually(t, cam.Connected, testserver.Timeout, 20*time.Millisecond)
			cam.Silence()
			return cam.Address
		})
	},
	"4008.NO_LOBBY": func(t *T) {
		req := t.whipRequest(http.MethodPost, "/v2/whip?roomId="+t.Meeting(), silentOffer)
		req.Header.Set("Authorization", "Bearer "+t.Account().Token(t, "ask_join"))
		t.Read(t.send(req))
	},
	"4067.CANNOT_ANSWER": cannotAnswer(wire.Audio),
	"4069.CANNOT_ANSWER": cannotAnswer(wire.Video),
	"4106.TOKEN_OFFERS": func(t *T) {
		h := testserver.Start(t, func(c *conf.Config) { c.Limit.RESTPerSecond = 1 })
		account := h.Account(t, nil)
		token, room := account.Token(t), account.Meeting(t, nil)
		for range 40 { // what is wrong with an offer is judged behind it
			status, _, answer := testpeer.CallHTTP(t, http.MethodPost, h.URL+"/v2/whip?roomId="+room, token, "x",
				"Content-Type", "application/sdp")
			if status == http.StatusTooManyRequests {
				f := testpeer.Refusal(t, status, answer)
				t.recordAnswer(f)
				t.ReadFrom(h, f)
				return
			}
		}
		require.Fail(t, "each offer is looked at")
	},
	"4107.MEDIA_TYPE": func(t *T) {
		req := t.whipRequest(http.MethodPost, "/v2/whip?roomId="+t.Meeting(), "{}")
		req.Header.Set("Content-Type", "application/json")
		t.Read(t.send(req))
	},
	"4107.IF_MATCH_MISSING": func(t *T) { t.Read(t.send(t.fragment(""))) },
	"4107.IF_MATCH_STALE":   func(t *T) { t.Read(t.send(t.fragment(`"former"`))) },
	"4108.MEDIA_SESSION": func(t *T) {
		cam := t.whip(t.Meeting())
		require.Nil(t, cam.Delete())
		t.Read(t.send(t.whipRequest(http.MethodDelete, strings.TrimPrefix(cam.Address, t.Server.URL), "")))
	},
}

// silentOffer is of a client that never sends a connectivity check. It sends sound.
const silentOffer = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\n" +
	"m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=sendonly\r\na=rtcp-mux\r\n" +
	"a=rtpmap:111 opus/48000/2\r\na=ice-ufrag:abcd\r\na=ice-pwd:0123456789abcdef012345\r\na=setup:actpass\r\n" +
	"a=fingerprint:sha-256 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:" +
	"00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF\r\n"

// whip publishes a test card and a tone as the participant cam.
func (t *T) whip(room string) *testpeer.HTTPPeer {
	t.Helper()
	cam, refused := testpeer.PublishWHIP(t, t.Server.URL+"/v2/whip?participantId=cam&roomId="+room,
		t.Account().Token(t), "cam")
	require.Nil(t, refused)
	return cam
}

func (t *T) whipRequest(method, path, body string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, t.Server.URL+path, strings.NewReader(body))
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer "+t.Account().Token(t))
	req.Header.Set("Content-Type", "application/sdp")
	return req
}

// fragment returns a request with trickled candidates of a publisher.
func (t *T) fragment(match string) *http.Request {
	t.Helper()
	cam := t.whip(t.Meeting())
	req := t.whipRequest(http.MethodPatch, strings.TrimPrefix(cam.Address, t.Server.URL),
		"a=ice-ufrag:abcd\r\na=ice-pwd:0123456789abcdef012345\r\n")
	req.Header.Set("Content-Type", "application/trickle-ice-sdpfrag")
	if match != "" {
		req.Header.Set("If-Match", match)
	}
	return req
}

// lostParticipation reads the fault with which the participation of a publisher ends, as the owner of the meeting and
// the publisher's next request find it.
func (t *T) lostParticipation(publish func(room string) (address string)) {
	t.Helper()
	address := publish(t.Meeting())
	t.waits()
	var ended *fault.Error
	require.Eventually(t, func() bool {
		req := t.whipRequest(http.MethodPatch, strings.TrimPrefix(address, t.Server.URL), "x")
		req.Header.Set("Content-Type", "application/trickle-ice-sdpfrag")
		ended = t.send(req)
		return ended.Code == fault.CodeNotFound
	}, 60*time.Second, 500*time.Millisecond)
	require.NotEmpty(t, ended.CauseID)
	var f fault.Error
	require.Eventually(t, func() bool {
		status, answer := t.Server.REST(t, t.Account().Token(t), http.MethodGet, "/v2/faults/"+ended.CauseID, nil)
		return status == http.StatusOK && json.Unmarshal(answer, &f) == nil
	}, testserver.Timeout, 20*time.Millisecond)
	t.Read(&f)
}

// cannotAnswer asks for a stream of a publisher that sends the other one alone.
func cannotAnswer(kind wire.Kind) func(*T) {
	return func(t *T) {
		meeting := t.Meeting()
		moderator := t.Join(meeting, "moderator", "allow_join", "allow_mod")
		offer := silentOffer
		if kind == wire.Audio {
			offer = strings.NewReplacer("m=audio", "m=video", "opus/48000/2", "VP8/90000").Replace(offer)
		}
		res, err := http.DefaultClient.Do(t.whipRequest(http.MethodPost, "/v2/whip?participantId=cam&roomId="+meeting, offer))
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		require.Equal(t, http.StatusCreated, res.StatusCode)
		t.refusedCall(moderator, wire.MethodRequestStream, stream("cam", kind, true))
	}
}
