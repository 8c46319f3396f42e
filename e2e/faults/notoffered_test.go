package faults

import (
	"net/http"
	"syscall"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/testserver"
)

// publishedScenarios are requests that the published API has: those that are not offered here, and those whose limits
// and consequences are ours.
var publishedScenarios = scenarios{
	"4110.NOT_OFFERED": func(t *T) {
		token := t.Account().Token(t)
		f := t.rest(token, http.MethodPost, "/v2/sip/call", map[string]any{"to": "1"})
		require.Empty(t, f.Param)
		f = t.rest(token, http.MethodPost, "/v2/rooms", map[string]any{
			"autoStartConfig": map[string]any{"recording": map[string]any{"templateUrl": "https://example.org"}},
		})
		require.Equal(t, "autoStartConfig.recording.templateUrl", f.Param)
	},
	"4110.NO_CLUSTER": func(t *T) {
		t.admin(http.MethodPost, "/admin/v1/drain", nil)
		t.admin(http.MethodDelete, "/admin/v1/drain", nil)
	},
	"4104.ON_FAILURE": func(t *T) {
		t.onOwnProcess()
		s := t.setUp(egressKinds[0])
		body := s.k.startBody(s.meeting)
		body["onFailure"] = map[string]any{"action": "close-room", "waitTime": 0}
		status, answer := t.Server.REST(t, s.token, http.MethodPost, s.k.path+"/start", body)
		require.Equal(t, http.StatusOK, status, string(answer))
		require.NoError(t, syscall.Kill(s.worker(), syscall.SIGKILL))
		t.Read(s.bob.AwaitRemoval(t))
	},
	"4109.SAME_RECORDINGS": func(t *T) {
		t.onOwnProcess()
		s := t.setUp(egressKinds[0])
		s.start()
		require.NoError(t, s.k.stopBySDK(t.Context(), s.ann))
		recording := s.awaitState("STOPPED").ID
		var f *fault.Error
		for range 100 { // one that is over meanwhile is not in the way
			status, answer := t.Server.REST(t, s.token, http.MethodPost, "/v2/transcodings/meeting-recording-merge",
				map[string]any{"recordingIds": []any{recording}})
			if status != http.StatusOK {
				f = testserver.Refused(t, status, answer)
				break
			}
		}
		require.NotNil(t, f, "the same recordings are joined twice at a time")
		t.Read(f)
	},
	"4106.TRANSCODINGS": func(t *T) {
		t.onOwnProcess()
		s := t.setUp(egressKinds[2])
		s.start()
		s.awaitState("PLAYABLE")
		require.NoError(t, s.k.stopBySDK(t.Context(), s.ann))
		stream := s.awaitState("STOPPED").ID
		var f *fault.Error
		for range 100 {
			status, answer := t.Server.REST(t, s.token, http.MethodPost, "/v2/transcodings/hls-to-mp4",
				map[string]any{"hlsId": stream})
			if status != http.StatusOK {
				f = testserver.Refused(t, status, answer)
				break
			}
		}
		require.NotNil(t, f, "the queue has no end")
		t.Read(f)
		require.Positive(t, f.RetryAfterMs)
	},
}
