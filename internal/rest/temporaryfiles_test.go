package rest_test

import (
	"encoding/base64"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/blob"
	"github.com/klatch/klatch/internal/gate"
	"github.com/klatch/klatch/internal/meeting"
	"github.com/klatch/klatch/internal/rest"
	"github.com/klatch/klatch/internal/wire"
)

// Files that participants upload: who may, what is refused, and when a file is gone.
func TestTemporaryFiles(t *testing.T) {
	const limit, perMeeting = 100, 250
	var kept *blob.Temporary
	dir := t.TempDir()
	w := newFixture(t, func(o *rest.Options) {
		kept = blob.NewTemporary(blob.TemporaryOptions{
			Kept: blob.NewDisk(filepath.Join(dir, "files"), nil), Records: o.Store, Logger: slog.Default(),
			Dir: filepath.Join(dir, "uploads"), Life: time.Hour, FileBytes: limit, MeetingBytes: perMeeting,
		})
		o.Temporary = kept
	})
	room, other := w.newRoom(nil)["roomId"].(string), w.newRoom(nil)["roomId"].(string)
	path := func(room string) string { return "/base64-upload?roomId=" + room }
	body := func(n int) map[string]any {
		content := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", n)))
		return map[string]any{"fileName": "käse.txt", "base64Data": content}
	}
	uploaded := w.call(w.token, "POST", path(room), body(limit)).ok()
	address := strings.TrimPrefix(uploaded["url"].(string), w.server.URL)
	fetched := w.call("Bearer "+w.token, "GET", address, nil)
	require.Equal(t, []any{http.StatusOK, strings.Repeat("x", limit)}, []any{fetched.status, fetched.body})
	require.Equal(t, "attachment; filename*=utf-8''k%C3%A4se.txt", fetched.header.Get("Content-Disposition"))

	require.Equal(t, map[string]any{"fileBytes": float64(limit), "lifeMs": 3_600_000.0},
		w.call(w.token, "GET", path(room), nil).ok())
	// No browser runs or shows what comes from here, whatever it is called.
	for _, name := range []string{"page.html", "picture.svg", "picture.png", "code.js"} {
		at := w.call(w.token, "POST", path(other), map[string]any{"fileName": name, "base64Data": "PHN2Zz4="}).ok()
		got := w.call(w.token, "GET", strings.TrimPrefix(at["url"].(string), w.server.URL), nil)
		require.Equal(t, []string{"attachment; filename=" + name, "nosniff"},
			[]string{got.header.Get("Content-Disposition"), got.header.Get("X-Content-Type-Options")})
		if name != "picture.png" {
			require.Equal(t, "application/octet-stream", got.header.Get("Content-Type"), name)
		}
	}

	t.Run("who may", func(t *testing.T) {
		w := w.in(t)
		guest := w.mint(gate.Grant{APIKey: w.key.ID, Permissions: []string{gate.AskJoin}}, w.secret)
		elsewhere := w.mint(gate.Grant{APIKey: w.key.ID, MeetingID: other}, w.secret)
		for _, call := range []struct{ method, path string }{
			{"POST", path(room)}, {"GET", path(room)}, {"GET", address},
		} {
			for _, refused := range []struct {
				token  string
				code   int
				reason string
			}{
				{"", 4002, "EMPTY"}, {w.otherToken, 4003, "NOT_FOUND"}, {elsewhere, 4022, "MISMATCH"},
				{guest, 4105, "NEEDS_PERMISSION"},
			} {
				// Nothing is read of the body before the token is good.
				w.refused(w.call(refused.token, call.method, call.path, "no JSON"), refused.code, refused.reason)
			}
		}
		admission, err := gate.New(w.store, gate.Options{}).Join(t.Context(), wire.JoinParams{Token: guest, MeetingID: room})
		require.NoError(t, err)
		request := meeting.JoinRequest{
			AccountID: w.account.ID, MeetingID: room, ParticipantID: "guest", MayJoin: true, // a host has let it in
			Mode: wire.SignallingOnly, TokenSum: admission.TokenSum,
		}
		_, _, err = w.meetings.Join(t.Context(), request, inside{})
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, w.call(guest, "GET", address, nil).status)
		w.refused(w.call(w.token, "GET", strings.Replace(address, room, other, 1), nil), 3075, "NOT_FOUND")
	})
	t.Run("what is refused", func(t *testing.T) {
		w := w.in(t)
		w.refused(w.call(w.token, "POST", path(room), body(limit+1)), 3074, "TOO_LARGE")
		w.refused(w.call(w.token, "POST", path(room), strings.Repeat(" ", 20_000)), 3074, "TOO_LARGE")
		for _, bad := range []string{
			`{`, `[]`, `{}`, `{"fileName":"a"}`, `{"fileName":"a","base64Data":"x"}`, `{"fileName":"a","base64Data":""}`,
			`{"fileName":"a/b","base64Data":"eA=="}`, `{"fileName":"a\u0000","base64Data":"eA=="}`,
			`{"fileName":"a","base64Data":"eA==","more":1}`, `{"fileName":1,"base64Data":"eA=="}`,
		} {
			answer := w.call(w.token, "POST", path(room), bad)
			require.Contains(t, answer.body, `"code":4107`, bad)
		}
		require.Equal(t, http.StatusOK, w.call(w.token, "POST", path(room), body(limit)).status)
		full := w.refused(w.call(w.token, "POST", path(room), body(limit)), 3074, "MEETING_FULL")
		require.Equal(t, http.StatusInsufficientStorage, full.Status)
		require.EqualValues(t, 2*limit, full.Details["usedBytes"])
		require.Equal(t, http.StatusOK, w.call(w.token, "POST", path(other), body(limit)).status)
	})
	t.Run("expiry", func(t *testing.T) {
		w := w.in(t)
		require.NoError(t, kept.RemoveExpired(t.Context(), time.Now()))
		require.Equal(t, http.StatusOK, w.call(w.token, "GET", address, nil).status)
		later := time.Now().Add(2 * time.Hour)
		require.NoError(t, kept.RemoveExpired(t.Context(), later))
		w.refused(w.call(w.token, "GET", address, nil), 3075, "EXPIRED")
		require.NoDirExists(t, filepath.Join(dir, "files", "temporary"))
		require.Equal(t, http.StatusOK, w.call(w.token, "POST", path(room), body(limit)).status)
		require.NoError(t, kept.RemoveExpired(t.Context(), later.Add(8*24*time.Hour)))
		w.refused(w.call(w.token, "GET", address, nil), 3075, "NOT_FOUND")
		left, err := filepath.Glob(filepath.Join(dir, "uploads", "*"))
		require.NoError(t, err)
		require.Empty(t, left)
	})
}

// inside is a participant who is told nothing.
type inside struct{}

func (inside) Notify(wire.Event)                     {}
func (inside) Moved(*fault.Error)                    {}
func (inside) Closed(wire.LeaveReason, *fault.Error) {}
