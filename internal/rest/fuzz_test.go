package rest_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
)

// Whatever comes, it ends in a room or in a fault of the catalogue that is the client's.
func FuzzNewRoom(f *testing.F) {
	for _, body := range []string{
		``, `{}`, `null`, `[]`, `{"customRoomId":"a"}`, `{"customRoomId":"\ud800"}`,
		`{"webhook":{"endPoint":"https://a.b","events":["*"]}}`,
		`{"autoCloseConfig":{"duration":1e2}}`,
		`{"autoStartConfig":{"recording":{"a":` + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + `}}}`,
		`{"autoStartConfig":{"composite":{"participants":[{"participantId":"a","kind":"audio"}]}}}`,
		`{"allowedParticipantIds":["a","\u0000"]}`, `{"multiComposition":{"recording":null}}`, "\ufeff{}",
		"{\"a\":\"\xff\"}", `{"geoFence":1e999}`,
	} {
		f.Add([]byte(body))
	}
	w, _ := newEgressFixture(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		w.in(t).
			fuzzed(
				httptest.NewRequestWithContext(
					t.Context(), http.MethodPost, "/v2/rooms", strings.NewReader(string(body)),
				),
			)
	})
}

// Ids and filters come in paths and queries.
func FuzzAddress(f *testing.F) {
	for _, address := range [][2]string{
		{"abcd-efgh-ijkl", "page=1"}, {"../../x", "page=-1&perPage=x"}, {"%2e%2e", "query=%00"}, {"\x00", "a;b"},
		{"🎉", "startDate=9e9"}, {"a/b", "page=1&page=2"},
	} {
		f.Add(address[0], address[1])
	}
	w := newFixture(f)
	f.Fuzz(func(t *testing.T, id, query string) {
		for _, path := range []string{"/v2/rooms/", "/v2/sessions/", "/v2/rooms/validate/"} {
			req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
			req.URL = &url.URL{Path: path + id, RawPath: path + url.PathEscape(id), RawQuery: query}
			w.in(t).fuzzed(req)
		}
	})
}

func (w *fixture) fuzzed(req *http.Request) {
	req.Header.Set("Authorization", w.token)
	recorder := httptest.NewRecorder()
	w.server.Config.Handler.ServeHTTP(recorder, req)
	if recorder.Code == http.StatusOK {
		require.True(w.t, json.Valid(recorder.Body.Bytes()))
		return
	}
	var got fault.Error
	require.NoError(w.t, json.Unmarshal(recorder.Body.Bytes(), &got), recorder.Body.String())
	require.Contains(w.t, []int{4003, 4107, 4108}, got.Code, got.Error())
	require.Equal(w.t, got.HTTPStatus(), recorder.Code)
}
