package rest_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/gate"
	"github.com/klatch/klatch/internal/rest"
)

func TestBadBodies(t *testing.T) {
	w := newFixture(t)
	for _, c := range []struct {
		name, method, path, body string
		code                     int
		reason, field, says      string
	}{
		{"half JSON", "POST", "/v2/rooms", `{"customRoomId":`, 4107, "NOT_JSON", "", "byte 16"},
		{"a member twice", "POST", "/v2/rooms", `{"customRoomId":"aa-bb","customRoomId":"cc-dd"}`, 4107, "BAD_PARAMS",
			"customRoomId", "twice"},
		{"U+0000", "POST", "/v2/rooms", `{"metaData":{"a":["b\u0000"]}}`, 4107, "BAD_PARAMS", "metaData.a[0]", "U+0000"},
		{"two texts", "POST", "/v2/rooms", `{}{}`, 4107, "NOT_JSON", "", "byte 3"},
		{"not UTF-8", "POST", "/v2/rooms", "{\"customRoomId\":\"a\xff\"}", 4107, "NOT_JSON", "", "byte 18"},
		{
			"nested 100000 deep", "POST", "/v2/rooms", `{"autoStartConfig":` + strings.Repeat(`[`, 100000), 4107,
			"NOT_JSON", "", "depth",
		},
		{
			"10 MB", "POST", "/v2/rooms", `{"customRoomId":"` + strings.Repeat("x", 10<<20) + `"}`, 4107, "TOO_LARGE",
			"", "262144",
		},
		{"an array", "POST", "/v2/rooms", `[]`, 4107, "BAD_PARAMS", "body", "expected object"},
		{"a number", "POST", "/v2/rooms", `7`, 4107, "BAD_PARAMS", "body", "expected object"},
		{
			"unknown field", "POST", "/v2/rooms", `{"customRoomID":"x"}`, 4107, "BAD_PARAMS", "customRoomID",
			"no such field",
		},
		{
			"several wrong", "POST", "/v2/rooms", `{"customRoomId":7,"geoFence":[]}`, 4107, "BAD_PARAMS",
			"customRoomId", "also wrong: geoFence",
		},
		{
			"wrong type", "POST", "/v2/rooms", `{"customRoomId":{"a":1}}`, 4107, "BAD_PARAMS", "customRoomId",
			"got an object",
		},
		{
			"wrong type deep", "POST", "/v2/rooms", `{"webhook":{"endPoint":"https://a.b","events":[1]}}`, 4107,
			"BAD_PARAMS", "webhook.events[0]", "expected string, got 1",
		},
		{
			"missing deep", "POST", "/v2/rooms", `{"webhook":{"events":["*"]}}`, 4107, "BAD_PARAMS", "webhook.endPoint",
			"required",
		},
		{
			"custom id too long", "POST", "/v2/rooms", `{"customRoomId":"` + strings.Repeat("x", 300) + `"}`, 4107,
			"BAD_PARAMS", "customRoomId", "128",
		},
		{"empty custom id", "POST", "/v2/rooms", `{"customRoomId":""}`, 4107, "BAD_PARAMS", "customRoomId", ">= 1"},
		{
			"custom id too long in bytes", "POST", "/v2/rooms", `{"customRoomId":"` + strings.Repeat("🎉", 100) + `"}`,
			4107, "BAD_PARAMS", "customRoomId", "400 bytes",
		},
		{
			"custom id of control characters", "POST", "/v2/rooms", `{"customRoomId":"a\u0000b"}`, 4107, "BAD_PARAMS",
			"customRoomId", "U+0000 at character 1",
		},
		{
			"custom id with a blank end", "POST", "/v2/rooms", `{"customRoomId":"a "}`, 4107, "BAD_PARAMS",
			"customRoomId", "white space",
		},
		{
			"webhook without scheme", "POST", "/v2/rooms", `{"webhook":{"endPoint":"example.org","events":["*"]}}`,
			4107, "BAD_PARAMS", "webhook.endPoint", "http",
		},
		{
			"webhook to a file", "POST", "/v2/rooms", `{"webhook":{"endPoint":"file:///etc/passwd","events":["*"]}}`,
			4107, "BAD_PARAMS", "webhook.endPoint", "http",
		},
		{
			"webhook without host", "POST", "/v2/rooms", `{"webhook":{"endPoint":"https:///x","events":["*"]}}`, 4107,
			"BAD_PARAMS", "webhook.endPoint", "host",
		},
		{
			"webhook with a password", "POST", "/v2/rooms",
			`{"webhook":{"endPoint":"https://u:pw@example.org","events":["*"]}}`, 4107, "BAD_PARAMS",
			"webhook.endPoint", "signed",
		},
		{
			"webhook of no event", "POST", "/v2/rooms",
			`{"webhook":{"endPoint":"https://a.b","events":["recording-done"]}}`, 4107, "BAD_PARAMS",
			"webhook.events[0]", "recording-started",
		},
		{
			"auto close of another type", "POST", "/v2/rooms", `{"autoCloseConfig":{"type":"never"}}`, 4107,
			"BAD_PARAMS", "autoCloseConfig.type", "session-ends",
		},
		{
			"auto close before it starts", "POST", "/v2/rooms", `{"autoCloseConfig":{"duration":-1}}`, 4107,
			"BAD_PARAMS", "autoCloseConfig.duration", ">= 1",
		},
		{
			"auto close at 1.5", "POST", "/v2/rooms", `{"autoCloseConfig":{"duration":1.5}}`, 4107, "BAD_PARAMS",
			"autoCloseConfig.duration", "integer",
		},
		{
			"a number past all floats", "POST", "/v2/rooms", `{"autoCloseConfig":{"duration":1e400}}`, 4107,
			"BAD_PARAMS", "body", "out of range",
		},
		{
			"a number past 64 bits", "POST", "/v2/rooms", `{"autoCloseConfig":{"duration":99999999999999999999}}`, 4107,
			"BAD_PARAMS", "autoCloseConfig.duration", "44640",
		},
		{
			"a participant id with a space", "POST", "/v2/rooms", `{"allowedParticipantIds":["a b"]}`, 4107,
			"BAD_PARAMS", "allowedParticipantIds[0]", "white space",
		},
		{"no body", "POST", "/v2/rooms/deactivate", ``, 4107, "BAD_PARAMS", "body", "required"},
		{"no room", "POST", "/v2/rooms/deactivate", `{}`, 4003, "EMPTY", "meetingId", "No meeting id"},
		{"null room", "POST", "/v2/rooms/deactivate", `{"roomId":null}`, 4003, "EMPTY", "meetingId", "No meeting id"},
		{"empty room", "POST", "/v2/recordings/start", `{"roomId":""}`, 4003, "EMPTY", "meetingId", "No meeting id"},
		{
			"no room beside other slips", "POST", "/v2/hls/start", `{"room":"x"}`, 4003, "EMPTY", "meetingId",
			"No meeting id",
		},
		{"status of another word", "POST", "/v2/rooms/x", `{"status":"on"}`, 4107, "BAD_PARAMS", "status", `got "on"`},
		{"end of nothing", "POST", "/v2/sessions/end", `{}`, 4003, "EMPTY", "meetingId", ""},
		{
			"remove nobody", "POST", "/v2/sessions/participants/remove", `{"roomId":"x"}`, 4107, "BAD_PARAMS",
			"participantId", "required",
		},
		{"page of a word", "GET", "/v2/rooms?page=two", ``, 4107, "BAD_PARAMS", "page", "whole number"},
		{"page -1", "GET", "/v2/rooms?page=-1", ``, 4107, "BAD_PARAMS", "page", ">= 1"},
		{"perPage 1e9", "GET", "/v2/rooms?perPage=1000000000", ``, 4107, "BAD_PARAMS", "perPage", "<= 100"},
		{"perPage 0", "GET", "/v2/sessions?perPage=0", ``, 4107, "BAD_PARAMS", "perPage", ">= 1"},
		{
			"page past 64 bits", "GET", "/v2/rooms?page=99999999999999999999999", ``, 4107, "BAD_PARAMS", "page",
			"whole number",
		},
		{"page twice", "GET", "/v2/rooms?page=1&page=2", ``, 4107, "BAD_PARAMS", "page", "2 times"},
		{"a broken escape", "GET", "/v2/rooms?query=%zz", ``, 4107, "BAD_PARAMS", "the query", "%zz"},
		{"a semicolon", "GET", "/v2/rooms?page=1;perPage=2", ``, 4107, "BAD_PARAMS", "the query", "semicolon"},
		{
			"the token in the query", "GET", "/v2/rooms?token=x", ``, 4107, "BAD_PARAMS", "token",
			"no such query parameter",
		},
		{"unknown filter", "GET", "/v2/sessions?roomid=x", ``, 4107, "BAD_PARAMS", "roomid", "no such query parameter"},
		{
			"status of another word in a filter", "GET", "/v2/sessions?status=live", ``, 4107, "BAD_PARAMS", "status",
			"ongoing",
		},
		{
			"date of a word", "GET", "/v2/sessions?startDate=today", ``, 4107, "BAD_PARAMS", "startDate",
			"milliseconds since 1970",
		},
		{
			"date in seconds", "GET", "/v2/sessions?startDate=1795346294", ``, 4107, "BAD_PARAMS", "startDate",
			"in 1970; it takes milliseconds",
		},
		{
			"dates the wrong way round", "GET", "/v2/sessions?startDate=1795346294000&endDate=1695346294000", ``, 4107,
			"BAD_PARAMS", "endDate", "before startDate",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := w.in(t)
			var body any
			if c.method != "GET" {
				body = c.body
			}
			f := w.refused(w.call(w.token, c.method, c.path, body), c.code, c.reason)
			require.Contains(t, f.Detail, c.says)
			require.Equal(t, c.field, f.Param)
			if c.reason == "BAD_PARAMS" {
				require.Equal(t, c.field, f.Details["field"])
				require.True(t, strings.HasPrefix(f.Details["method"].(string), c.method+" /v2/"), f.Details["method"])
			}
		})
	}
}

func TestBodyTimeout(t *testing.T) {
	w := newFixture(t, func(o *rest.Options) { o.Limits.BodyTimeout = 100 * time.Millisecond })
	begin := func() *net.TCPConn {
		conn, err := net.Dial("tcp", w.server.Listener.Addr().String())
		require.NoError(t, err)
		t.Cleanup(func() { _ = conn.Close() })
		_, err = fmt.Fprintf(
			conn,
			"POST /v2/rooms HTTP/1.1\r\nHost: x\r\nAuthorization: %s\r\n"+
				"Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"cust",
			w.token,
		)
		require.NoError(t, err)
		return conn.(*net.TCPConn)
	}
	read := func(conn net.Conn) problem {
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		require.NoError(t, err)
		defer resp.Body.Close()
		text, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		return w.refused(answer{t, resp.StatusCode, resp.Header, string(text)}, 4107, "NOT_JSON")
	}
	cut := begin()
	require.NoError(t, cut.CloseWrite())
	require.Contains(t, read(cut).Detail, "breaks off")
	require.Contains(t, read(begin()).Detail, "did not come within 100ms")
}

func TestContentType(t *testing.T) {
	w := newFixture(t)
	for given, taken := range map[string]bool{
		"application/json": true, "application/json; charset=utf-8": true, "": true,
		"Application/JSON": true, "APPLICATION/JSON;charset=UTF-8": true,
		"text/plain": false, "application/x-www-form-urlencoded": false, "multipart/form-data; boundary=x": false,
		";;": false, "application/xml+json": false,
	} {
		t.Run(given, func(t *testing.T) {
			w := w.in(t)
			req, err := http.NewRequestWithContext(
				t.Context(),
				"POST",
				w.server.URL+"/v2/rooms",
				strings.NewReader(`{}`),
			)
			require.NoError(t, err)
			req.Header.Set("Authorization", w.token)
			req.Header.Set("Content-Type", given)
			got := w.send(req)
			if taken {
				got.ok()
			} else {
				f := w.refused(got, 4107, "CONTENT_TYPE")
				require.Equal(t, given, f.Details["got"])
			}
		})
	}
}

func TestContentEncoding(t *testing.T) {
	w := newFixture(t)
	for encoding, taken := range map[string]bool{"identity": true, "Identity": true, "gzip": false, "br": false} {
		req, err := http.NewRequestWithContext(
			t.Context(),
			"POST",
			w.server.URL+"/v2/rooms",
			strings.NewReader("\ufeff{}"),
		)
		require.NoError(t, err)
		req.Header.Set("Authorization", w.token)
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Content-Encoding", encoding)
		if got := w.send(req); taken {
			got.ok()
		} else {
			require.Contains(t, w.refused(got, 4107, "CONTENT_TYPE").Detail, encoding)
		}
	}
}

func TestRoutes(t *testing.T) {
	w := newFixture(t)
	for _, path := range []string{
		"/v2", "/v2/", "/v2/room", "/v2/rooms//", "/v2/rooms/a/b/c", "/v2//rooms", "/v2/rooms/../rooms", "/v2/./rooms",
		"/admin", "/admin/v2/accounts",
		"/v2/transcriptions", "/docs", "/schemas/Room.json", "/etc/passwd",
	} {
		f := w.refused(w.call(w.token, "GET", path, nil), 4108, "ROUTE")
		require.Equal(t, "GET", f.Details["method"])
	}
	for _, c := range []struct {
		method, path string
		allowed      []any
	}{
		{"DELETE", "/v2/rooms", []any{"GET", "POST"}},
		{"PUT", "/v2/rooms/x", []any{"GET", "POST"}},
		{"POST", "/v2/sessions/x/participants", []any{"GET"}},
		{"PATCH", "/v2/sessions/end", []any{"GET", "POST"}}, // GET reads a session of that name
		{"DELETE", "/admin/v1/accounts/x", []any{"GET", "PATCH"}},
		{"BREW", "/v2/sessions/participants/remove", []any{"POST"}},
		{"POST", "/openapi.json", []any{"GET"}},
	} {
		got := w.call(w.token, c.method, c.path, nil)
		f := w.refused(got, 4107, "METHOD_NOT_ALLOWED")
		require.Equal(t, c.allowed, f.Details["allowed"], c.path)
		require.Subset(t, strings.Split(got.header.Get("Allow"), ", "), c.allowed, c.path)
	}
}

// Ids are only ever looked up: nothing in them reaches SQL, a path or a header.
func TestHostileIDs(t *testing.T) {
	w := newFixture(t)
	for _, id := range []string{
		`'%20OR%201=1--`, `%22%3BDROP%20TABLE%20meetings%3B--`, `..%2f..%2fetc%2fpasswd`, `%2e%2e`, `%00`, `a%00b`,
		`%ff%fe`, `%F0%9F%8E%89`, `%0d%0aX-Evil:%201`,
		`%25x`, `*xx`, `%3Cscript%3E`, strings.Repeat("x", 128), `%E2%80%AE`,
	} {
		t.Run(id[:min(len(id), 20)], func(t *testing.T) {
			w := w.in(t)
			reason := "NOT_FOUND"
			// a quote, white space, a bracket: none of them begins an id
			if id[0] == '\'' || slices.Contains([]string{"%22", "%0d", "%3C"}, id[:3]) {
				reason = "MALFORMED"
			}
			w.refused(w.call(w.token, "GET", "/v2/rooms/"+id, nil), 4003, reason)
			w.refused(w.call(w.token, "GET", "/v2/rooms/validate/"+id, nil), 4003, reason)
			w.refused(w.call(w.token, "GET", "/v2/sessions/"+id, nil), 4108, "SESSION")
			w.refused(w.call(w.token, "GET", "/v2/sessions/"+id+"/participants/"+id, nil), 4108, "SESSION")
			require.Empty(t, w.call(w.token, "GET", "/v2/sessions?roomId="+id, nil).ok()["data"])
			w.refused(w.admin("GET", "/admin/v1/accounts/"+id, nil), 4108, "ACCOUNT")
			w.refused(w.admin("POST", "/admin/v1/keys/"+id+"/revoke", nil), 4108, "KEY")
		})
	}
	w.refused(w.call(w.token, "GET", "/v2/rooms/"+strings.Repeat("x", 4000), nil), 4003, "TOO_LONG")
	w.newRoom(nil) // the tables still stand
}

// A token that shows itself to be a participant's gets nothing from any route: what a route asks of the shape of a
// request comes first, and after that comes the token.
func TestParticipantTokenIsNoAdministrator(t *testing.T) {
	w := newFixture(t)
	room := w.newRoom(nil)["roomId"].(string)
	guests := map[string]string{
		"REST_PARTICIPANT_TOKEN": w.mint(gate.Grant{APIKey: w.key.ID, Permissions: []string{gate.AskJoin}}, w.secret),
		"REST_NEEDS_CRAWLER": w.mint(
			gate.Grant{APIKey: w.key.ID, Roles: []string{gate.RoleRTC}, MeetingID: room},
			w.secret,
		),
	}
	ops := w.operations()
	require.Greater(t, len(ops), 30)
	for _, op := range ops {
		for reason, token := range guests {
			answer := w.in(t).call(token, op.method, op.path, op.body)
			switch {
			case op.path == "/v2/public/rsa-public-key":
				answer.ok()
			case strings.HasPrefix(op.path, "/admin/"):
				require.Contains(t, []int{400, 401}, answer.status, "%s %s: %s", op.method, op.path, answer.body)
			case op.method != "GET" && (strings.Contains(
				answer.body, `"code":4107`,
			) || strings.Contains(answer.body, `"code":4003`) &&
				strings.Contains(answer.body, `"EMPTY"`)): // not yet judged: its body lacks something
			default:
				w.in(t).refused(answer, 4024, reason)
			}
		}
	}
}

// operation is one of the document, with values for what its path names.
type operation struct {
	method, path string
	body         any
}

func (w *fixture) operations() (all []operation) {
	w.t.Helper()
	var doc struct {
		Paths map[string]map[string]any `json:"paths"`
	}
	require.NoError(w.t, json.Unmarshal([]byte(w.call("", "GET", "/openapi.json", nil).body), &doc))
	variable := regexp.MustCompile(`\{[^}]*\}`)
	for path, methods := range doc.Paths {
		if strings.HasPrefix(path, "/v2/whip") || strings.HasPrefix(path, "/v2/whep") {
			continue // described here, and served by internal/whip
		}
		if path == "/base64-upload" || strings.HasPrefix(path, "/temporary-files/") {
			continue // for participants: TestTemporaryFiles
		}
		for method := range methods {
			op := operation{method: strings.ToUpper(method), path: variable.ReplaceAllString(path, "x")}
			if op.method != "GET" && op.method != "DELETE" {
				op.body = map[string]any{}
			}
			all = append(all, op)
		}
	}
	return all
}

// A slash at the end of a path changes nothing: the same answer, with the body and the token that came.
func TestTrailingSlash(t *testing.T) {
	w := newFixture(t)
	ids := regexp.MustCompile(`flt_[0-9A-Z]+`)
	times := regexp.MustCompile(`"at":"[^"]*"`)
	same := func(a answer) (int, string) {
		return a.status, times.ReplaceAllString(ids.ReplaceAllString(strings.ReplaceAll(a.body, "/ ", " "), "ID"), "")
	}
	for _, op := range w.operations() {
		token := w.token
		if strings.HasPrefix(op.path, "/admin/") {
			token = "Bearer wrong"
		}
		status, body := same(w.call(token, op.method, op.path, "null"))
		slashed, slashedBody := same(w.call(token, op.method, op.path+"/", "null"))
		require.Equal(t, status, slashed, "%s %s/: %s", op.method, op.path, slashedBody)
		if op.method != "POST" || !strings.HasPrefix(op.path, "/v2/rooms") { // each makes a room of its own
			require.Equal(t, body, slashedBody, "%s %s/", op.method, op.path)
		}
	}
	room := w.call(w.token, "POST", "/v2/rooms/", map[string]any{"customRoomId": "standup"}).ok()
	require.Equal(t, "standup", room["customRoomId"])
	require.Equal(t, room["roomId"], w.call(w.token, "GET", "/v2/rooms/standup/", nil).ok()["roomId"])
	require.Equal(t, room["roomId"], w.call(w.token, "GET", "/v2/rooms/validate/standup/", nil).ok()["roomId"])
	w.call(w.token, "GET", "/v2/rooms/?page=1&perPage=1", nil).ok()
	w.call("", "GET", "/openapi.json/", nil)
	require.Equal(t, http.StatusOK, w.call("", "GET", "/openapi.json/", nil).status)
	w.refused(w.call(w.token, "GET", "/v2/rums/", nil), 4108, "ROUTE")
	w.refused(w.call(w.token, "GET", "/v2/rooms//", nil), 4108, "ROUTE")
	w.refused(w.call(w.token, "DELETE", "/v2/rooms/", nil), 4107, "METHOD_NOT_ALLOWED")
	w.refused(w.call(w.token, "GET", "/v2/rooms/a%2F/", nil), 4003, "NOT_FOUND") // an escaped slash is part of the id
}

func TestTokensAndKeys(t *testing.T) {
	w := newFixture(t)
	for _, c := range []struct {
		name, token string
		code        int
		reason      string
	}{
		{"none", "", 4002, "EMPTY"},
		{"not a token", "hello", 4002, "MALFORMED"},
		{"a megabyte of dots", strings.Repeat(".", 500_000), 4002, "TOO_LARGE"},
		{
			"of another key's secret", w.mint(gate.Grant{APIKey: w.key.ID}, "another secret of the right length"), 4002,
			"SIGNATURE_MISMATCH",
		},
		{"of an unknown key", w.mint(gate.Grant{APIKey: "nobody"}, w.secret), 4001, "UNKNOWN_KEY"},
		{
			"for joining only", w.mint(gate.Grant{APIKey: w.key.ID, Roles: []string{gate.RoleRTC}}, w.secret), 4024,
			"REST_NEEDS_CRAWLER",
		},
		{"the admin token", "Bearer " + adminToken, 4002, "MALFORMED"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := w.in(t)
			w.refused(w.call(c.token, "GET", "/v2/rooms", nil), c.code, c.reason)
		})
	}
	w.call("Bearer "+w.token, "GET", "/v2/rooms", nil).ok() // as in the old published examples
	w.call(w.mint(gate.Grant{APIKey: w.key.ID, Roles: []string{gate.RoleCrawler}}, w.secret), "GET", "/v2/rooms", nil).
		ok()

	w.refused(w.call("", "POST", "/v2/rooms", `{"customRoomId":7}`), 4107, "BAD_PARAMS") // shape comes before the token

	w.admin("POST", "/admin/v1/keys/"+w.key.ID+"/deactivate", nil).ok()
	w.refused(w.call(w.token, "GET", "/v2/rooms", nil), 4053, "DEACTIVATED")
	w.admin("POST", "/admin/v1/keys/"+w.key.ID+"/activate", nil).ok()
	w.admin("POST", "/admin/v1/accounts/"+w.account.ID+"/deactivate", nil).ok()
	w.refused(w.call(w.token, "GET", "/v2/rooms", nil), 4006, "DEACTIVATED")
	w.admin("POST", "/admin/v1/accounts/"+w.account.ID+"/discontinue", map[string]any{"message": "Pay invoice 7."}).ok()
	require.Equal(
		t,
		"Pay invoice 7.",
		w.refused(w.call(w.token, "GET", "/v2/rooms", nil), 4007, "DISCONTINUED").Message,
	)
	w.admin("POST", "/admin/v1/accounts/"+w.account.ID+"/activate", nil).ok()
	w.call(w.token, "GET", "/v2/rooms", nil).ok()
	w.admin("POST", "/admin/v1/keys/"+w.key.ID+"/revoke", nil).ok()
	w.refused(w.call(w.token, "GET", "/v2/rooms", nil), 4001, "KEY_REVOKED")
}

func TestRateLimit(t *testing.T) {
	w := newFixture(t, func(o *rest.Options) { o.Limits = rest.Limits{Requests: 3, Window: time.Minute} })
	for range 3 {
		w.call(w.token, "GET", "/v2/rooms", nil).ok()
	}
	got := w.call(w.token, "GET", "/v2/rooms", nil)
	f := w.refused(got, 4106, "REST")
	require.InDelta(t, 20_000, f.RetryAfterMs, 2000)
	require.Regexp(t, `^(19|20|21)$`, got.header.Get("Retry-After"))
	w.call(w.otherToken, "GET", "/v2/rooms", nil).ok() // another key has a bucket of its own
	stranger := w.mint(gate.Grant{APIKey: w.key.ID}, "another secret of the right length")
	// who cannot sign takes nothing from a bucket
	w.refused(w.call(stranger, "GET", "/v2/rooms", nil), 4002, "SIGNATURE_MISMATCH")
}

func TestStoreFailure(t *testing.T) {
	w := newFixture(t)
	room := w.newRoom(nil)["roomId"].(string)
	require.NoError(t, w.store.Close())
	f := w.refused(w.call(w.token, "GET", "/v2/rooms/"+room, nil), 5101, "STORE")
	require.True(t, f.Retryable)
	require.NotContains(t, f.Detail, "sql", "the driver's words stay in the log")
	for _, path := range []string{
		"/admin/v1/accounts", "/admin/v1/keys", "/admin/v1/faults", "/admin/v1/accounts/x", "/admin/v1/keys/x",
	} {
		w.refused(w.admin("GET", path, nil), 5101, "STORE")
	}
	w.refused(w.admin("POST", "/admin/v1/accounts", `{}`), 5101, "STORE")
}

// A panic anywhere below is one INTERNAL fault, whose id finds the chain in the log.
func TestPanic(t *testing.T) {
	w := newFixture(t, func(o *rest.Options) { o.Store = nil })
	f := w.refused(w.admin("GET", "/admin/v1/accounts", nil), 5101, "INTERNAL")
	require.NotContains(t, f.Detail, "nil pointer")
	for _, reported := range w.all {
		if reported.ID == f.ID {
			require.ErrorContains(t, reported.Unwrap(), "nil pointer")
			require.ErrorContains(t, reported.Unwrap(), "accounts.go", "the log has the stack")
		}
	}
}

func TestCORS(t *testing.T) {
	w := newFixture(t)
	req, err := http.NewRequestWithContext(t.Context(), "OPTIONS", w.server.URL+"/v2/rooms", nil)
	require.NoError(t, err)
	req.Header.Set("Origin", "http://localhost:5173")
	req.Header.Set("Access-Control-Request-Method", "POST")
	got := w.send(req)
	require.Equal(t, http.StatusNoContent, got.status)
	require.Equal(t, "*", got.header.Get("Access-Control-Allow-Origin"))
	require.Equal(t, "Authorization, Content-Type", got.header.Get("Access-Control-Allow-Headers"))
	require.Contains(t, got.header.Get("Access-Control-Allow-Methods"), "POST")
	require.Empty(t, got.header.Get("Access-Control-Allow-Credentials"))
	require.Equal(
		t,
		"*",
		w.call("", "GET", "/v2/rooms", nil).header.Get("Access-Control-Allow-Origin"),
		"a refusal can be read too",
	)
}

func TestDocsLinks(t *testing.T) {
	w := newFixture(t, func(o *rest.Options) { o.BaseURL = "https://meet.example.org/klatch" })
	f := w.refused(w.call("", "GET", "/v2/rooms", nil), 4002, "EMPTY")
	require.Equal(t, "https://meet.example.org/klatch/errors/4002#EMPTY", f.Docs)
	require.Equal(
		t,
		"https://meet.example.org/klatch/v2/rooms/",
		strings.TrimRight(
			w.newRoom(nil)["links"].(map[string]any)["get_room"].(string),
			"abcdefghijklmnopqrstuvwxyz0123456789-",
		),
	)

	w = newFixture(t)
	req, err := http.NewRequestWithContext(t.Context(), "GET", w.server.URL+"/v2/rooms", nil)
	require.NoError(t, err)
	req.Host = "behind.example.org"
	req.Header.Set("X-Forwarded-Proto", "https")
	f = w.refused(w.send(req), 4002, "EMPTY")
	require.Equal(t, "https://behind.example.org/errors/4002#EMPTY", f.Docs)
}

// Every field of the fault is there under its own name, and the body reads back as the same fault.
func TestProblemIsTheFault(t *testing.T) {
	w := newFixture(t)
	got := w.call(w.token, "GET", "/v2/rooms/zzzz-zzzz-zzzz", nil)
	f := w.refused(got, 4003, "NOT_FOUND")
	var fields map[string]any
	require.NoError(t, json.Unmarshal([]byte(got.body), &fields))
	for _, name := range []string{
		"code", "name", "message", "reason", "detail", "remedy", "param", "details", "fatal", "retryable",
		"retryAfterMs",
		"id", "causeId", "at", "docs", "consoleUrl", "meetingId", "sessionId", "participantId", "error", "errorCode", "type",
		"title", "status",
	} {
		require.Contains(t, fields, name)
	}
	require.Len(t, fields, 24)
	require.Equal(t, "zzzz-zzzz-zzzz", f.Details["requested"])
}
