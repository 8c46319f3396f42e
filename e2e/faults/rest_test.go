package faults

import (
	"net/http"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/testserver"
)

// admin makes a call of the admin API that must be refused.
func (t *T) admin(method, path string, body any) {
	t.Helper()
	status, answer := t.Server.Admin(t, method, path, body)
	t.Read(testserver.Refused(t, status, answer))
}

var restScenarios = scenarios{
	"4105.ADMIN_CREDENTIAL": func(t *T) {
		t.rest("", http.MethodGet, "/admin/v1/accounts", nil)
		t.rest("Bearer adm_wrong", http.MethodGet, "/admin/v1/accounts", nil)
		t.rest(t.Account().Token(t), http.MethodGet, "/admin/v1/accounts", nil)
	},
	"4106.REST": func(t *T) {
		h := testserver.Start(t, func(c *conf.Config) { c.Limit.RESTPerSecond = 1 })
		token := h.Account(t, nil).Token(t)
		for range 30 {
			status, answer := h.REST(t, token, http.MethodGet, "/v2/rooms", nil)
			if status == http.StatusTooManyRequests {
				f := testserver.Refused(t, status, answer)
				require.Positive(t, f.RetryAfterMs)
				t.ReadFrom(h, f)
				return
			}
		}
		t.Fatal("nothing was refused")
	},
	"4107.CONTENT_TYPE": func(t *T) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, t.Server.URL+"/v2/rooms",
			strings.NewReader("customRoomId=x"))
		require.NoError(t, err)
		req.Header.Set("Authorization", t.Account().Token(t))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		t.Read(t.send(req))
	},
	"4107.METHOD_NOT_ALLOWED": func(t *T) { t.rest(t.Account().Token(t), http.MethodDelete, "/v2/rooms", nil) },
	"4107.NOT_JSON": func(t *T) {
		t.rest(t.Account().Token(t), http.MethodPost, "/v2/rooms", `{"customRoomId":`)
	},
	"4108.ROUTE": func(t *T) { t.rest(t.Account().Token(t), http.MethodGet, "/v2/rums", nil) },
	"4108.ADMIN_ADDRESS": func(t *T) {
		h := testserver.Start(t, func(c *conf.Config) { c.HTTP.AdminAddress = "127.0.0.1:0" })
		for _, path := range []string{"/admin/v1/accounts", "/metrics"} {
			status, answer := h.REST(t, "", http.MethodGet, path, nil)
			t.ReadFrom(h, testserver.Refused(t, status, answer))
		}
	},
	"4108.SESSION": func(t *T) {
		t.rest(t.Account().Token(t), http.MethodGet, "/v2/sessions/nosuch", nil)
	},
	"4108.PARTICIPANT": func(t *T) {
		meeting := t.Meeting()
		_, joined := t.Server.Join(t, testserver.JoinParams(t.Account().Token(t), meeting, "ann"))
		t.rest(t.Account().Token(t), http.MethodGet, "/v2/sessions/"+joined.SessionID+"/participants/nobody", nil)
		t.rest(t.Account().Token(t), http.MethodPost, "/v2/sessions/participants/remove",
			map[string]any{"roomId": meeting, "participantId": "nobody"})
	},
	"4108.ACCOUNT": func(t *T) { t.admin(http.MethodGet, "/admin/v1/accounts/nosuch", nil) },
	"4108.FAULT": func(t *T) {
		t.rest(t.Account().Token(t), http.MethodGet, "/v2/faults/flt_01JD0000000000000000000000", nil)
	},
	"4108.KEY": func(t *T) { t.admin(http.MethodGet, "/admin/v1/keys/nosuch", nil) },
	"4109.NO_LIVE_SESSION": func(t *T) {
		t.rest(t.Account().Token(t), http.MethodPost, "/v2/sessions/end", map[string]any{"roomId": t.Meeting()})
	},
	"4107.OTHER_ROOM": func(t *T) {
		params := testserver.JoinParams(t.Account().Token(t), t.Meeting(), "ann")
		_, joined := t.Server.Join(t, params)
		f := t.rest(t.Account().Token(t), http.MethodPost, "/v2/sessions/end",
			map[string]any{"roomId": t.Meeting(), "sessionId": joined.SessionID})
		require.Equal(t, params.MeetingID, f.Details["belongsTo"])
	},
	"4109.STATE": func(t *T) {
		key := "/admin/v1/keys/" + t.Account().Key
		t.Server.MustAdmin(t, http.MethodPost, key+"/revoke", nil)
		t.admin(http.MethodPost, key+"/activate", nil)
	},
}

// send sends a request that must be refused.
func (t *T) send(req *http.Request) *fault.Error {
	t.Helper()
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer func() { _ = res.Body.Close() }() // read to its end
	answer := readAll(t, res.Body)
	f := testserver.Refused(t, res.StatusCode, answer)
	t.recordAnswer(f)
	return f
}
