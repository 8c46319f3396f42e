package drill_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/drill"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/rest"
	"github.com/klatch/klatch/internal/testserver"
)

func TestMain(m *testing.M) {
	testserver.UseProgramForWorkers()
	m.Run()
}

// start makes a drill over the admin API.
func start(t *testing.T, h *testserver.Server, q map[string]any) rest.Drill {
	t.Helper()
	status, answer := h.Admin(t, http.MethodPost, "/admin/v1/drills", q)
	require.Equal(t, http.StatusOK, status, string(answer))
	return read(t, answer)
}

func read(t *testing.T, answer []byte) (d rest.Drill) {
	t.Helper()
	require.NoError(t, json.Unmarshal(answer, &d), string(answer))
	return d
}

// end ends a drill, after which nothing of it is left.
func end(t *testing.T, h *testserver.Server, id string) {
	t.Helper()
	status, answer := h.Admin(t, http.MethodDelete, "/admin/v1/drills/"+id, nil)
	require.Equal(t, http.StatusOK, status, string(answer))
	require.Equal(t, "ended", read(t, answer).State)
}

// Every drill makes its fault happen on a real server, and the timeline has those that a server can know.
func TestDrills(t *testing.T) {
	t.Parallel()
	h := testserver.Start(t)
	kinds := drill.Kinds()
	require.GreaterOrEqual(t, len(kinds), 70)
	bands := map[string]int{}
	for _, k := range kinds {
		bands[k.Key[:2]]++
		entries := fault.Find(k.Key)
		require.NotEmpty(t, entries, "the catalogue has no %s", k.Key)
		require.NotEmpty(t, repairs[k.Key].says, "what does somebody do who reads of %s?", k.Key)
		if k.Takes > 0 {
			continue // TestSlowDrills, and one of them in e2e/console
		}
		t.Run(k.Key, func(t *testing.T) {
			t.Parallel()
			judge(t, h, k.Key)
		})
	}
	for _, band := range []string{"30", "31", "40", "41", "50", "51"} {
		require.GreaterOrEqual(t, bands[band], 4, band)
	}
}

// judge makes a drill and sees that exactly its fault came.
func judge(t *testing.T, h *testserver.Server, key string) {
	t.Helper()
	d := start(t, h, map[string]any{"fault": key, "waitSeconds": 30})
	require.Nil(t, d.Problem)
	require.NotNil(t, d.Fault)
	require.Equal(t, key, strconv.Itoa(d.Fault.Code)+"."+d.Fault.Reason)
	require.NotEmpty(t, d.Fault.Detail)
	require.NotEmpty(t, d.Fault.Remedy)
	require.Equal(t, "ended", d.State)
	for _, word := range repairs[key].says {
		require.Contains(t, d.Fault.Detail+" "+d.Fault.Remedy, word, "how does one know to %s?", repairs[key].does)
	}
	entry, _ := fault.Lookup(d.Fault.Code, d.Fault.Reason)
	if entry.Reported() || d.Fault.Code >= 4000 && !entry.SDK && entry.Origin == "server" {
		require.True(t, d.Recorded, "it is not in the timeline")
	}
	status, _ := h.Admin(t, http.MethodGet, "/admin/v1/faults/"+d.Fault.ID, nil)
	require.Equal(t, d.Recorded, status == http.StatusOK)
}

// The drills that take seconds, with what kills encoders: make drills.
func TestSlowDrills(t *testing.T) {
	if os.Getenv("KLATCH_DRILLS") == "" {
		t.Skip("KLATCH_DRILLS is not set: make drills")
	}
	h := testserver.Start(t)
	for _, k := range drill.Kinds() {
		if k.Takes > 0 {
			t.Run(k.Key, func(t *testing.T) { judge(t, h, k.Key) })
		}
	}
}

// Every drill is made, and what the console shows of its fault is written to the file that KLATCH_DRILLS names, without
// the name of the drill: so that somebody reads whether the text alone leads to the repair. The repairs stand at
// its end.
func TestConsoleText(t *testing.T) {
	path := os.Getenv("KLATCH_DRILLS")
	if path == "" {
		t.Skip("KLATCH_DRILLS is not set: make drills")
	}
	h := testserver.Start(t)
	var text, keys strings.Builder
	for n, k := range drill.Kinds() {
		d := start(t, h, map[string]any{"fault": k.Key, "waitSeconds": 30})
		if !assert.NotNil(t, d.Fault, "%s: %v", k.Key, d.Problem) {
			continue
		}
		shown := rest.FaultView{FaultEntry: rest.FaultEntry{Fault: *d.Fault}}
		if d.Recorded {
			status, answer := h.Admin(t, http.MethodGet, "/admin/v1/faults/"+d.Fault.ID, nil)
			require.Equal(t, http.StatusOK, status, string(answer))
			require.NoError(t, json.Unmarshal(answer, &shown))
		}
		f := shown.Fault
		fmt.Fprintf(&text, "## %d\n\n%d %s (%s)\n\nWhat happened: %s\nWhy: %s",
			n+1, f.Code, f.Name, f.Reason, f.Detail, f.Message)
		for _, cause := range shown.Causes {
			fmt.Fprintf(&text, " Because: %d %s, %s", cause.Code, cause.Reason, cause.Detail)
		}
		for _, effect := range shown.Consequences {
			fmt.Fprintf(&text, " And so: %d %s, %s", effect.Code, effect.Reason, effect.Detail)
		}
		fmt.Fprintf(&text, "\nWhat to do: %s\n", f.Remedy)
		context := map[string]any{"fatal": f.Fatal, "retryable": f.Retryable, "retryAfterMs": f.RetryAfterMs,
			"field": f.Param, "meeting": f.MeetingID, "session": f.SessionID, "participant": f.ParticipantID,
			"sdk": shown.SDK, "details": f.Details}
		raw, err := json.Marshal(context)
		require.NoError(t, err)
		fmt.Fprintf(&text, "Context: %s\n\n", raw)
		fmt.Fprintf(&keys, "%d. %s: %s\n", n+1, k.Key, repairs[k.Key].does)
	}
	fmt.Fprintf(&text, "# What they were, and what one does\n\n%s", keys.String())
	require.NoError(t, os.WriteFile(path, []byte(text.String()), 0o600))
}

func TestFind(t *testing.T) {
	t.Parallel()
	d, ok := drill.Find("4009.limit")
	require.True(t, ok)
	require.Equal(t, "4009.LIMIT", d.Key)
	d, ok = drill.Find("5103")
	require.True(t, ok)
	require.Equal(t, "5103.DNS", d.Key)
	_, ok = drill.Find("9999")
	require.False(t, ok)
}

// While a drill holds, its fault occurs again with what it answered; afterwards the same is nobody's token.
func TestHold(t *testing.T) {
	t.Parallel()
	h := testserver.Start(t)
	d := start(t, h, map[string]any{"fault": "4009.LIMIT", "holdSeconds": 600})
	require.Equal(t, "holding", d.State)
	require.Equal(t, h.URL+"/meet/"+d.RoomID+"#token="+d.Token, d.Link)
	refused := func() *fault.Error {
		s := h.Dial(t)
		_, f := s.Call(t, "join", testserver.JoinParams(d.Token, d.RoomID, "ann"))
		require.NotNil(t, f)
		return f
	}
	require.Equal(t, 4009, refused().Code)
	end(t, h, d.ID)
	require.Equal(t, 4001, refused().Code)

	d = start(t, h, map[string]any{"fault": "4107.BAD_PARAMS", "holdSeconds": 600})
	require.Contains(t, d.Snippet, "curl -X POST '"+h.URL+"/v2/rooms' -H 'Authorization: "+d.Token+"'")
	status, answer := h.REST(t, d.Token, http.MethodPost, "/v2/rooms", map[string]any{"customRoomId": 7})
	require.Equal(t, "BAD_PARAMS", testserver.Refused(t, status, answer).Reason)
	end(t, h, d.ID)

	var account struct{ State string }
	status, answer = h.Admin(t, http.MethodGet, "/admin/v1/accounts/"+d.AccountID, nil)
	require.Equal(t, http.StatusOK, status)
	require.NoError(t, json.Unmarshal(answer, &account))
	require.Equal(t, "deactivated", account.State)
}

// A drill in a meeting that exists is met by its participants, and leaves nothing behind.
func TestInNamedMeeting(t *testing.T) {
	t.Parallel()
	h := testserver.Start(t)
	account := h.Account(t, map[string]any{"settings": map[string]any{"drills": true}})
	room := account.Meeting(t, nil)
	join := func(who string) (*testserver.Socket, *fault.Error) {
		s := h.Dial(t)
		_, f := s.Call(t, "join", testserver.JoinParams(account.Token(t), room, who))
		return s, f
	}
	_, f := join("ann")
	require.Nil(t, f)
	before := state(t, h, account, room)
	for _, key := range []string{"4009.LIMIT", "4011.STORAGE_FULL", "5101.DRAINING", "4013.REFUSED"} {
		status, answer := h.REST(t, account.Token(t), http.MethodPost, "/v2/drills",
			map[string]any{"fault": key, "meetingId": room, "holdSeconds": 600})
		require.Equal(t, http.StatusOK, status, string(answer))
		d := read(t, answer)
		require.Equal(t, "holding", d.State, string(answer))
		require.Equal(t, room, d.RoomID)
		require.True(t, d.Recorded)
		switch key {
		case "4009.LIMIT", "5101.DRAINING":
			_, f := join("bob")
			require.NotNil(t, f)
			require.Equal(t, key, strconv.Itoa(f.Code)+"."+f.Reason)
		case "4011.STORAGE_FULL":
			status, answer := h.REST(t, account.Token(t), http.MethodPost, "/v2/recordings/start",
				map[string]any{"roomId": room})
			require.Equal(t, "STORAGE_FULL", testserver.Refused(t, status, answer).Reason)
		}
		other := h.Account(t, map[string]any{"settings": map[string]any{"drills": true}})
		status, answer = h.REST(t, other.Token(t), http.MethodGet, "/v2/drills/"+d.ID, nil)
		require.Equal(t, "DRILL", testserver.Refused(t, status, answer).Reason)
		status, answer = h.REST(t, account.Token(t), http.MethodPost, "/v2/drills",
			map[string]any{"fault": "4010.LIMIT", "meetingId": room})
		require.Equal(t, "DRILLS", testserver.Refused(t, status, answer).Reason, "one in a meeting at a time")

		status, answer = h.REST(t, account.Token(t), http.MethodDelete, "/v2/drills/"+d.ID, nil)
		require.Equal(t, http.StatusOK, status, string(answer))
		require.Equal(t, before, state(t, h, account, room), key)
		bob, f := join("bob")
		require.Nil(t, f, key)
		_, f = bob.Call(t, "leave", map[string]any{})
		require.Nil(t, f)
	}
}

// state is what a drill must not change: the account, its rooms, keys, recordings and livestreams.
func state(t *testing.T, h *testserver.Server, account testserver.Account, room string) string {
	t.Helper()
	var all strings.Builder
	for _, path := range []string{"/v2/account", "/v2/rooms", "/v2/rooms/" + room, "/v2/recordings", "/v2/livestreams"} {
		status, answer := h.REST(t, account.Token(t), http.MethodGet, path, nil)
		require.Equal(t, http.StatusOK, status, string(answer))
		all.Write(answer)
	}
	status, answer := h.Admin(t, http.MethodGet, "/admin/v1/keys?accountId="+account.ID, nil)
	require.Equal(t, http.StatusOK, status)
	var keys struct{ PageInfo struct{ Total int } }
	require.NoError(t, json.Unmarshal(answer, &keys))
	all.WriteString(strconv.Itoa(keys.PageInfo.Total))
	return all.String()
}

// What is not to be made is refused, by its own name.
func TestRefusals(t *testing.T) {
	t.Parallel()
	h := testserver.Start(t)
	off := h.Account(t, nil)
	room := off.Meeting(t, nil)
	refused := func(token string, q map[string]any) *fault.Error {
		path := "/v2/drills"
		if token == "" {
			status, answer := h.Admin(t, http.MethodPost, "/admin/v1/drills", q)
			return testserver.Refused(t, status, answer)
		}
		status, answer := h.REST(t, token, http.MethodPost, path, q)
		return testserver.Refused(t, status, answer)
	}
	require.Equal(t, "DRILLS_OFF", refused(off.Token(t), map[string]any{"fault": "4009.LIMIT"}).Reason)
	f := refused("", map[string]any{"fault": "4009.LIMIT", "accountId": off.ID, "meetingId": room})
	require.Equal(t, "DRILLS_OFF", f.Reason, "the operator sets the switch as well")
	require.Contains(t, f.Remedy, "settings.drills")

	on := h.Account(t, map[string]any{"settings": map[string]any{"drills": true}})
	for param, q := range map[string]map[string]any{
		"fault":     {"fault": "4006.DEACTIVATED"},
		"meetingId": {"fault": "4108.ROUTE", "meetingId": on.Meeting(t, nil)},
	} {
		f := refused(on.Token(t), q)
		require.Equal(t, "BAD_PARAMS", f.Reason)
		require.Equal(t, param, f.Param)
	}
	require.Equal(t, "fault", refused(on.Token(t), map[string]any{"fault": "4999.NOTHING"}).Param)
	require.Equal(t, "accountId", refused("", map[string]any{"fault": "4009.LIMIT", "meetingId": room}).Param)
	require.Equal(t, 4003, refused(on.Token(t), map[string]any{"fault": "4009.LIMIT", "meetingId": room}).Code)
}

// Nobody sees or ends the drills of another account, and the operator selects those of one.
func TestDrillsOfOtherAccounts(t *testing.T) {
	t.Parallel()
	h := testserver.Start(t)
	settings := map[string]any{"settings": map[string]any{"drills": true}}
	one, two := h.Account(t, settings), h.Account(t, settings)
	status, answer := h.REST(t, one.Token(t), http.MethodPost, "/v2/drills",
		map[string]any{"fault": "4009.LIMIT", "holdSeconds": 600})
	require.Equal(t, http.StatusOK, status, string(answer))
	id := read(t, answer).ID
	for _, method := range []string{http.MethodGet, http.MethodDelete} {
		status, answer := h.REST(t, two.Token(t), method, "/v2/drills/"+id, nil)
		require.Equal(t, "DRILL", testserver.Refused(t, status, answer).Reason)
	}
	for account, want := range map[string]int{one.ID: 1, two.ID: 0} {
		var list rest.DrillList
		status, answer := h.Admin(t, http.MethodGet, "/admin/v1/drills?accountId="+account, nil)
		require.Equal(t, http.StatusOK, status, string(answer))
		require.NoError(t, json.Unmarshal(answer, &list))
		require.Len(t, list.Data, want)
	}
	end(t, h, id)
}

// The list holds what can be made, for a developer without what changes the account.
func TestList(t *testing.T) {
	t.Parallel()
	h := testserver.Start(t)
	on := h.Account(t, map[string]any{"settings": map[string]any{"drills": true}})
	status, answer := h.REST(t, on.Token(t), http.MethodPost, "/v2/drills", map[string]any{"fault": "4108.ROUTE"})
	require.Equal(t, http.StatusOK, status, string(answer))
	status, answer = h.REST(t, on.Token(t), http.MethodGet, "/v2/drills", nil)
	require.Equal(t, http.StatusOK, status, string(answer))
	var list rest.DrillList
	require.NoError(t, json.Unmarshal(answer, &list))
	require.Len(t, list.Data, 1)
	require.Equal(t, "4108.ROUTE", list.Data[0].FaultKey)
	for _, k := range list.Kinds {
		require.NotEqual(t, string(record.DrillInOwnAccount), k.Place)
		require.NotEmpty(t, k.Name)
	}
}
