package faults

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/store"
	"github.com/klatch/klatch/internal/testserver"
)

// noAccount lists what is refused before a signature holds, or belongs to no account: its timeline entry names none.
var noAccount = []string{
	"4105.HLS_LINK",
	"4105.NOT_SIGNED_IN", "4105.SIGN_IN_TOKEN", "4105.INVITE_UNKNOWN", "4105.CONSOLE_UNKNOWN", "4105.OTHER_ORIGIN",
	"4105.OPERATOR_ADDRESS", "4106.ADDRESS_SIGN_INS", "4106.SERVER_SIGN_INS",
	"3102.UPGRADE_STRIPPED", "3103.SESSION_UNKNOWN",
	"4001.KEY_MISSING", "4001.KEY_EMPTY", "4001.UNKNOWN_KEY",
	"4002.EMPTY", "4002.TOO_LARGE", "4002.MALFORMED", "4002.ALG_NOT_ALLOWED",
	"4105.ADMIN_CREDENTIAL", "4105.LINK", "4106.HLS_WAITING", "4106.MESSAGES", "4110.NO_CLUSTER",
	"4106.ADDRESS_REQUESTS", "4106.ADDRESS_CONNECTIONS", "4106.ADDRESS_SOCKETS", "4106.ADDRESS_JOINS",
	"4106.SERVER_CONNECTIONS", "4106.SERVER_SOCKETS", "4106.ADDRESS_TURN_REQUESTS",
	"4106.THROUGHPUT_BYTES", "4106.THROUGHPUT_TRANSFERS", "4110.THROUGHPUT",
	"4112.UNKNOWN_KEY", "4112.APPLICATION", "4112.NOT_PUBLISHING", "4112.NOT_RTMP", "4112.HANDSHAKE_TIMEOUT",
	"4112.MALFORMED",
	"4106.FAILED_TOKENS", "4106.FAILED_ADMIN_TOKENS", "4106.FAILED_RESUMES", "5101.OPEN_FILES",
	"4107.NOT_JSONRPC", "4107.NOT_WEBSOCKET", "4107.BINARY", "4107.JOIN_EXPECTED", "4107.HLS_DIRECTIVE",
	"4108.ACCOUNT", "4108.KEY", "4108.FILE", "4109.STATE",
	"5101.RECORDING_UNAVAILABLE", "5101.STORAGE_LOW", "5101.STORE_BUSY", "5101.DRAINING",
	"5101.BUS_DOWN", "5101.CLUSTER_SECRET",
	"5101.PUBLIC_ADDRESS", "5101.HLS_LATE", "5101.STORAGE",
	"5106.FILE", "5106.EXPIRES_SOON", "5106.CERTIFICATE_EXPIRED", "5106.DNS", "5106.UNREACHABLE", "5106.CHALLENGE_REFUSED",
	"5106.CAA",
	"5106.RATE_LIMITED", "5106.DOMAIN_REFUSED", "5106.ACCOUNT_REFUSED", "5106.AUTHORITY_UNREACHABLE",
	"5106.AUTHORITY_FAILED", "5106.STORAGE",
}

// checkAudiences checks that every audience of the catalogue entry received what the scenario produced, that the
// log has one line for each fault, and that the fault can be found by its id.
func (t *T) checkAudiences() {
	t.Helper()
	if t.Skipped() {
		return
	}
	told := testserver.DeliveriesIn(t)
	some := func(holds func(f *fault.Error) bool) bool { return slices.ContainsFunc(t.seen, holds) }
	for _, who := range t.Entry.Tells {
		switch who {
		case "console": // below, each
		case "operator":
			for _, f := range t.seen {
				require.True(t, told.Audience(f.ID, who) || t.operatorInformed(f),
					"the operator is not told of %v: the log has it below warn, or the metrics do not count it", f)
			}
		default:
			require.Eventually(t, func() bool { return some(func(f *fault.Error) bool { return told.Audience(f.ID, who) }) },
				testserver.Timeout, 20*time.Millisecond, "%s promises to tell the %s, and nobody received any of %v", t.Entry.Key(),
				who, t.seen)
		}
	}
	reported := t.Entry.Origin == "server" || slices.Contains(t.Entry.Tells, "console")
	for _, f := range t.seen {
		// what ends a command before it serves has no console
		if reported && !slices.Contains(t.withoutServer, f.ID) && !told.Audience(f.ID, "operator") {
			t.checkRecorded(f)
		}
	}
}

// checkRecorded checks that the log has one line about a fault, and the timeline an entry.
func (t *T) checkRecorded(f *fault.Error) {
	t.Helper()
	var line testserver.LogLine
	var entry *timelineEntry
	require.Eventually(t, func() bool {
		for _, h := range t.servers() {
			if lines := h.FaultLines(f.ID); len(lines) > 0 {
				require.Len(t, lines, 1, "the log tells more than once of %v", f)
				line = lines[0]
				entry = t.entry(h, f.ID)
				return entry != nil || t.Entry.Key() == "5101.STORE" // whose database takes no timeline either
			}
		}
		return false
	}, testserver.Timeout, 20*time.Millisecond, "log and timeline do not both know %v", f)
	require.Contains(t, []string{"INFO", "WARN", "ERROR"}, line.Level)
	if entry == nil || slices.Contains(noAccount, t.Entry.Key()) {
		return
	}
	if !slices.Contains([]int{3067, 4107, 4108}, f.Code) { // for its shape a call is refused before its token is looked at
		require.NotEmpty(t, entry.AccountID, "the timeline does not say whose %v is", f)
	}
	require.Equal(t, entry.MeetingID, line.Meeting)
	if testserver.DeliveriesIn(t).RefusedJoin(f.ID) && !slices.Contains([]int{3067, 3103, 4003, 4022, 4107}, f.Code) &&
		f.Reason != "SIGNATURE_MISMATCH" && f.Reason != "SECRET_ALTERED" &&
		!strings.HasPrefix(f.Reason, "PRE_CALL_TEST") { // which joins no meeting
		require.NotEmpty(t, entry.MeetingID, "the timeline does not say where %v was refused", f)
	}
}

// operatorInformed reports whether the log has a fault at warn or above and the metrics count it.
func (t *T) operatorInformed(f *fault.Error) bool {
	t.Helper()
	for _, h := range t.servers() {
		lines := h.FaultLines(f.ID)
		if len(lines) == 0 {
			continue
		}
		if lines[0].Level != "WARN" && lines[0].Level != "ERROR" {
			return false
		}
		return !h.Running() || h.Starts() > 1 ||
			strings.Contains(metrics(t, h),
				fmt.Sprintf("klatch_faults_total{code=\"%d\",name=%q,reason=%q}", f.Code, f.Name, f.Reason))
	}
	return false
}

func metrics(t *T, h *testserver.Server) string {
	t.Helper()
	status, text := h.Admin(t, http.MethodGet, "/metrics", nil)
	require.Equal(t, http.StatusOK, status)
	return string(text)
}

// servers are the servers of the scenario: the one it is in, those it was in, and those it has opened.
func (t *T) servers() []*testserver.Server {
	all := append(testserver.StartedBy(t), t.visited...)
	return append(all, t.Server)
}

// timelineEntry is a fault as the console shows it.
type timelineEntry struct {
	AccountID string `json:"accountId"`
	fault.Error
}

// entry finds a fault in the timeline of a server; in the database, where the server has stopped. Whoever has a token
// of its account finds it by its id, too.
func (t *T) entry(h *testserver.Server, id string) *timelineEntry {
	t.Helper()
	if !h.Running() {
		kept, err := store.Open(t.Context(), h.Dir+"/klatch.db", secretKey(t, h))
		require.NoError(t, err)
		defer func() { require.NoError(t, kept.Close()) }()
		found, err := kept.Fault(t.Context(), "", id)
		if err != nil {
			return nil
		}
		return &timelineEntry{found.AccountID, *found.Error}
	}
	status, answer := h.Admin(t, http.MethodGet, "/admin/v1/faults/"+id, nil)
	if status == http.StatusServiceUnavailable { // the database was spoiled by the scenario
		return &timelineEntry{}
	}
	if status != http.StatusOK {
		return nil
	}
	entry := &timelineEntry{}
	require.NoError(t, json.Unmarshal(answer, entry))
	require.Equal(t, id, entry.ID)
	if t.account != nil && entry.AccountID == t.account.ID && entry.Code != 4006 && entry.Code != 4007 &&
		entry.Code != 4053 && entry.Reason != "KEY_REVOKED" {
		status, answer := h.REST(t, t.account.Token(t), http.MethodGet, "/v2/faults/"+id, nil)
		require.Contains(t, []int{http.StatusOK, http.StatusTooManyRequests}, status, string(answer))
		require.Contains(t, string(answer), id)
	}
	return entry
}

func secretKey(t *T, h *testserver.Server) []byte {
	t.Helper()
	key, err := store.LoadSecretKey(h.Dir + "/secret-key")
	require.NoError(t, err)
	return key
}
