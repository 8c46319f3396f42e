package rest_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"
)

// An id is one however its accents were typed, in every place of a request.
func TestIDsAreNormalized(t *testing.T) {
	const composed, decomposed = "caf\u00e9", "cafe\u0301"
	w := newFixture(t)
	made := w.newRoom(map[string]any{"customRoomId": decomposed, "allowedParticipantIds": []string{"jose\u0301"}})
	require.Equal(t, composed, made["customRoomId"])
	require.Equal(t, []any{"jos\u00e9"}, made["allowedParticipantIds"])
	require.Equal(t, made["roomId"], w.newRoom(map[string]any{"customRoomId": composed})["roomId"])
	for _, id := range []string{composed, decomposed} {
		require.Equal(t, made["roomId"], w.call(w.token, "GET", "/v2/rooms/"+url.PathEscape(id), nil).ok()["roomId"])
		require.Len(t, w.call(w.token, "GET", "/v2/rooms?query="+url.QueryEscape(id), nil).ok()["data"], 1)
		require.Equal(
			t,
			made["roomId"],
			w.call(w.token, "POST", "/v2/rooms/deactivate", map[string]any{"roomId": id}).ok()["roomId"],
		)
	}
	problem := w.refused(
		w.call(w.token, "POST", "/v2/rooms", map[string]any{"customRoomId": "caf\u202ee"}),
		4107,
		"BAD_PARAMS",
	)
	require.Contains(t, problem.Detail, "U+202E at character 3")
}
