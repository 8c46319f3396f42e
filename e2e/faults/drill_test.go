package faults

import (
	"encoding/json"
	"net/http"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/testserver"
)

var drillScenarios = scenarios{
	"4105.DRILLS_OFF": func(t *T) {
		t.rest(t.Account().Token(t), http.MethodPost, "/v2/drills", map[string]any{"fault": "4009.LIMIT"})
	},
	"4106.DRILLS": func(t *T) {
		h := testserver.Start(t, func(c *conf.Config) { c.Limit.Drills = 0 })
		token := h.Account(t, map[string]any{"settings": map[string]any{"drills": true}}).Token(t)
		status, answer := h.REST(t, token, http.MethodPost, "/v2/drills", map[string]any{"fault": "4009.LIMIT"})
		t.ReadFrom(h, testserver.Refused(t, status, answer))
	},
	"4108.DRILL": func(t *T) { t.rest(t.Account().Token(t), http.MethodGet, "/v2/drills/drl_none", nil) },
	"5108.DRILL": func(t *T) { // a recording is to fail, and no ffmpeg is there to begin it
		h := testserver.Start(t, func(c *conf.Config) { c.Egress.FFmpeg = "/nosuch/ffmpeg" })
		account := h.Account(t, map[string]any{"settings": map[string]any{"drills": true}})
		status, answer := h.REST(t, account.Token(t), http.MethodPost, "/v2/drills",
			map[string]any{"fault": "5001.ENCODER_DIED", "waitSeconds": 30})
		require.Equal(t, http.StatusOK, status, string(answer))
		var drill struct{ Problem *fault.Error }
		require.NoError(t, json.Unmarshal(answer, &drill))
		require.NotNil(t, drill.Problem, string(answer))
		f := drill.Problem
		require.NotEmpty(t, f.CauseID, "the fault that came instead")
		require.Contains(t, f.Detail, "ENCODER_MISSING")
		t.ReadFrom(h, f)
	},
}
