package rest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/gate"
	"github.com/klatch/klatch/internal/precall"
	"github.com/klatch/klatch/internal/rest"
)

// preCallReport returns a report with every field, of which change may leave out or add something.
func preCallReport(testID string, change func(map[string]any)) map[string]any {
	blocked := fault.MediaConnectionLostNoPath("publish", []string{"udp host"}, []string{"tcp 192.0.2.1:4001 host"},
		[]string{"tcp a > b (5 checks, 0 answers)"}, 9000000000)
	media := map[string]any{
		"quality": 4, "rtt": 31, "bitrate": 900_000, "packetLoss": 1.25, "jitter": 7, "bytesSent": 100, "bytesReceived": 90,
		"fps": 30, "resolution": "1280x720", "qualityLimitationReason": "none", "framesDropped": 1,
		"framesDroppedRatio": 0.5, "freezeCount": 2, "totalFreezesDuration": 0.25,
	}
	direction := map[string]any{"quality": 4, "factors": []any{"packetLoss"}, "audio": media, "video": media}
	report := map[string]any{
		"testId": testID, "aborted": false, "audioOnly": true, "durationMs": 17_000,
		"checks": []any{
			map[string]any{"name": "camera", "status": "passed", "durationMs": 300, "device": "FaceTime",
				"values": map[string]any{"width": 1280}},
			map[string]any{"name": "tcp", "status": "failed", "durationMs": 9000, "fault": map[string]any{
				"code": blocked.Code, "reason": blocked.Reason, "id": blocked.ID, "details": blocked.Details,
			}},
		},
		"networkQuality": map[string]any{"audioOnly": true, "uplink": direction, "downlink": direction},
		"client": map[string]any{"sdkType": "js", "sdkVersion": "0.1.0", "platform": "Linux",
			"browserUserAgent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/141.0.0.0 Safari/537.36"},
	}
	if change != nil {
		change(report)
	}
	return report
}

func TestPreCallTests(t *testing.T) {
	w := newFixture(t, func(o *rest.Options) {
		o.PreCall, o.PreCallKept = precall.New(precall.Limits{PerToken: 4}), 2
	})
	const path = "/v2/pre-call-tests"
	id := func(n int) string { return fmt.Sprintf("0123456789abcdef%d", n) }
	participant := w.mint(gate.Grant{APIKey: w.key.ID, Roles: []string{gate.RoleRTC},
		Permissions: []string{gate.AskJoin}}, w.secret)

	kept := w.call(participant, "POST", path, preCallReport(id(1), nil)).ok()
	require.Equal(t, "failed", kept["outcome"])
	require.Equal(t, []any{"tcp"}, kept["failed"])
	require.Equal(t, "js/0.1.0", kept["sdk"])
	require.Equal(t, "Chrome/141", kept["browser"])
	reportID := kept["id"].(string)
	require.True(t, strings.HasPrefix(reportID, "pct_"))

	read := w.call(w.token, "GET", path+"/"+reportID, nil).ok()
	sent := preCallReport(id(1), nil)
	for _, field := range []string{"testId", "aborted", "audioOnly"} {
		require.Equal(t, sent[field], read[field], field)
	}
	require.JSONEq(t, inJSON(t, sent["networkQuality"]), inJSON(t, read["networkQuality"]))
	require.JSONEq(t, inJSON(t, sent["client"]), inJSON(t, read["client"]))
	require.InDelta(t, 17_000, read["durationMs"], 0)
	checks := read["checks"].([]any)
	require.JSONEq(t, inJSON(t, sent["checks"].([]any)[0]), inJSON(t, checks[0]))
	failed := checks[1].(map[string]any)["fault"].(map[string]any)
	require.Contains(t, failed["detail"], "found no path in 9000 ms", "the text is the catalogue's")
	require.Contains(t, failed["remedy"], "media.tcpAddress")

	require.Equal(t, read, w.call("Bearer "+adminToken, "GET", "/admin/v1/pre-call-tests/"+reportID, nil).ok())
	w.refused(w.call(w.otherToken, "GET", path+"/"+reportID, nil), 4108, "PRE_CALL_TEST")
	w.refused(w.call(w.token, "GET", path+"/pct_none", nil), 4108, "PRE_CALL_TEST")
	require.Empty(t, w.call(w.otherToken, "GET", path, nil).ok()["data"])
	w.refused(w.call(participant, "GET", path, nil), 4024, "REST_NEEDS_CRAWLER")
	w.refused(w.call(w.mint(gate.Grant{APIKey: "nobody"}, w.secret), "POST", path, preCallReport(id(2), nil)),
		4001, "UNKNOWN_KEY")

	f := w.refused(w.call(participant, "POST", path, preCallReport(id(1), nil)), 4107, "BAD_PARAMS")
	require.Equal(t, "testId", f.Param, "a test is reported once")
	for name, change := range map[string]func(map[string]any){
		"checks[1].fault": func(r map[string]any) { delete(r["checks"].([]any)[1].(map[string]any), "fault") },
		"checks[1].name":  func(r map[string]any) { r["checks"].([]any)[1].(map[string]any)["name"] = "camera" },
		"checks[0].values": func(r map[string]any) {
			many := map[string]any{}
			for n := range 17 {
				many[fmt.Sprint(n)] = n
			}
			r["checks"].([]any)[0].(map[string]any)["values"] = many
		},
	} {
		f := w.refused(w.call(participant, "POST", path, preCallReport(id(2), change)), 4107, "BAD_PARAMS")
		require.Equal(t, name, f.Param)
	}
	f = w.refused(w.call(participant, "POST", path, preCallReport(id(2), func(r map[string]any) {
		r["checks"].([]any)[1].(map[string]any)["fault"].(map[string]any)["reason"] = "MADE_UP"
	})), 4107, "BAD_PARAMS")
	require.Contains(t, f.Detail, "MADE_UP")
	w.refused(w.call(participant, "POST", path, preCallReport(id(2), func(r map[string]any) {
		r["checks"].([]any)[1].(map[string]any)["fault"].(map[string]any)["details"].(map[string]any)["pairs"] =
			[]any{strings.Repeat("x", 17<<10)}
	})), 4107, "TOO_LARGE")

	report := func(n int, change func(map[string]any)) answer {
		nextMillisecond()
		return w.call(participant, "POST", path, preCallReport(id(n), change))
	}
	passed := func(r map[string]any) { r["checks"] = r["checks"].([]any)[:1] }
	require.Equal(t, "passed", report(2, passed).ok()["outcome"])
	require.Equal(t, "aborted", report(3, func(r map[string]any) {
		passed(r)
		r["aborted"] = true
	}).ok()["outcome"])
	listed := w.call(w.token, "GET", path, nil).ok()["data"].([]any)
	require.Len(t, listed, 2, "the oldest has gone")
	require.Equal(t, "aborted", listed[0].(map[string]any)["outcome"])
	require.Len(t, w.call(w.token, "GET", path+"?outcome=passed", nil).ok()["data"], 1)

	require.Equal(t, http.StatusOK, report(4, passed).status)
	f = w.refused(report(5, passed), 4106, "PRE_CALL_TESTS")
	require.Positive(t, f.RetryAfterMs)
}

func inJSON(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	require.NoError(t, err)
	return string(text)
}
