// Package faults makes every fault of the catalogue happen on the real server, and reads it where an integrator
// would: from a raw signaling socket, REST, the Go SDK, the browser SDK in Chromium, the command line. A scenario
// produces the real cause; nothing is stubbed. TestEveryReasonHasAScenario fails for a reason without one.
package faults

import (
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/ffmpeg"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/internal/wire"
	"github.com/klatch/klatch/sdk"
)

// scenarios maps a key of the catalogue, such as "4002.EXPIRED", to what makes it happen.
type scenarios map[string]func(*T)

// all joins the scenarios of every file; a key that stands in two of them is run in both.
var all = []scenarios{
	tokenScenarios, identityScenarios, accountScenarios,
	forwardingScenarios, lobbyScenarios, moderationScenarios, sessionScenarios, messageScenarios, resumeScenarios,
	restScenarios, serverScenarios, limitScenarios, clientScenarios, commandScenarios,
	configScenarios, startScenarios, outputScenarios, runScenarios, storageScenarios, stillScenarios, webhookScenarios,
	publishedScenarios, fileScenarios,
	hlsScenarios, whipScenarios, ingestScenarios, turnScenarios,
	certificateScenarios, conditionScenarios, dataScenarios, signInScenarios, doctorScenarios, drillScenarios,
	alertScenarios, preCallScenarios, clusterScenarios,
}

// each yields the scenarios of all groups in a fixed order.
func each(yield func(key string, run func(*T)) bool) {
	for _, group := range all {
		for _, key := range slices.Sorted(maps.Keys(group)) {
			if !yield(key, group[key]) {
				return
			}
		}
	}
}

// long matches the scenarios that take the longest. They begin first, so that nothing waits for one of them alone.
var long = regexp.MustCompile(`^(4104\.AUTO_CLOSED|3101\.\w+|3103\.WINDOW_PASSED|500\d\.(ENCODER|WORKER)_STALLED)$`)

const askedWithError = "web/sdk/test asks the classifier with Chromium's error"

const severalNodes = "needs several nodes; internal/egress has managers on one database, e2e/cluster has servers"

// elsewhere lists what cannot be produced on this machine's real server, with the reason and where it is tested.
var elsewhere = map[string]string{
	"3016.PERMISSION_DENIED":    "only macOS and ChromeOS refuse a screen by the system; " + askedWithError,
	"3017.PERMISSION_DISMISSED": "a browser without a window asks nobody; " + askedWithError,
	"3018.PERMISSION_DISMISSED": "a browser without a window asks nobody; " + askedWithError,
	"3019.DENIED_BY_SYSTEM":     "only macOS and Windows refuse devices by the system; " + askedWithError,
	"3020.DENIED_BY_SYSTEM":     "only macOS and Windows refuse devices by the system; " + askedWithError,
	"3023.DEVICE_IN_USE":        "only Windows and ChromeOS tell browsers that a device is in use; " + askedWithError,
	"3024.DEVICE_IN_USE":        "only Windows and ChromeOS tell browsers that a device is in use; " + askedWithError,
	"3106.DEVICE_CHANGED": "Chromium on Linux does not tell which device is the default, also not with PulseAudio; " +
		"e2e/clients has microphones that come and go in Firefox",
	"3011.BACKGROUND_FAILED": "the meeting page makes it, not the SDK; e2e/meeting has several causes of it",
	"3011.MUTED_BY_SYSTEM":   "Chromium on Linux mutes no camera; e2e/clients has Firefox's switch for it",
	"5101.INTERNAL": "seeing it outside is a bug; that a panic becomes it is tested in internal/signal, " +
		"meeting, webhook, incident and rest",
	"4106.DATA_SLOW_RECEIVER": "needs a client that stops its SCTP alone; internal/sfu has a receiver that takes nothing",
	"4107.INCOMPLETE":         "comes after 30 s; internal/signal waits for less",
	"5102.MOVING":             "needs several nodes; internal/server has some on one database, e2e/cluster drains one",
	"5001.NODE_LOST":          severalNodes,
	"5002.NODE_LOST":          severalNodes,
	"5003.NODE_LOST":          severalNodes,
	"5101.NO_EGRESS_NODE":     severalNodes,
	"5101.NODE_LOST":          "needs several nodes; e2e/cluster takes them away, internal/cluster calls them",
	"5101.NODE_OVERLOADED":    "needs processors that are busy; e2e/cluster keeps them busy",
	"5101.NODE_LATE":          "needs several nodes; internal/cluster has one that does not answer a call",
}

// elsewhereByReason is elsewhere for the reasons of all kinds of recordings and streams.
var elsewhereByReason = map[string]string{
	"WORKER_NOT_STARTED": "the program of a server that runs cannot be taken away; internal/egress names one that does " +
		"not exist",
	"WORKER_FAILED": "a worker that joins gives up only for what ends a running job too; internal/egress has a " +
		"worker that reports it",
	"SUPERVISION_FAILED": "it is a bug in Klatch; internal/egress makes the supervision of one job panic",
}

// excuse returns why a reason has no scenario here, or "".
func excuse(e fault.Entry) string { return cmp.Or(elsewhere[e.Key()], elsewhereByReason[e.Reason]) }

// Many scenarios wait for a period of the product to pass, such as the one after which an encoder counts as stalled. At
// most maxWorking scenarios work at the same time; with those that wait, at most maxOpen have begun.
const (
	maxWorking = 4
	maxOpen    = 20
)

var working = make(chan struct{}, maxWorking) // holds one for each scenario that works

// begin waits until the scenario may work.
func (t *T) begin() {
	working <- struct{}{}
	t.waits = sync.OnceFunc(func() { <-working })
	t.Cleanup(t.waits)
}

func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", strconv.Itoa(maxOpen)); err != nil {
		panic(err)
	}
	testserver.UseProgramForWorkers()
	// Read from a disk for the first time, and beside so many servers that start at once, ffmpeg may take longer than it
	// has to answer. This process remembers the answer; where there is none, the scenarios say so.
	_, _ = ffmpeg.Probe(context.Background(), "ffmpeg")
	code := m.Run()
	if built != "" {
		_ = os.RemoveAll(built) // a temporary directory
	}
	os.Exit(code)
}

func TestEveryReasonHasAScenario(t *testing.T) {
	known := map[string]bool{}
	have := map[string]bool{}
	for _, group := range all {
		for key := range group {
			have[key] = true
		}
	}
	for _, group := range browserGroups {
		for key := range group.scenarios {
			have[key] = true
		}
	}
	for _, e := range fault.Catalogue() {
		known[e.Key()] = true
		switch {
		case e.Pending != "" && have[e.Key()]:
			t.Errorf("%s has a scenario and is still pending %s in the catalogue", e.Key(), e.Pending)
		case e.Pending == "" && !have[e.Key()] && excuse(e) == "":
			t.Errorf("%s has no scenario that makes the real server report it", e.Key())
		case have[e.Key()] && excuse(e) != "":
			t.Errorf("%s has a scenario and is excused as well", e.Key())
		}
	}
	for key := range have {
		if !known[key] {
			t.Errorf("the scenario %s is for a reason that is not in the catalogue", key)
		}
	}
	for key := range elsewhere {
		if !known[key] {
			t.Errorf("%s is excused and not in the catalogue", key)
		}
	}
}

func TestScenarios(t *testing.T) {
	t.Parallel()
	shared := testserver.Start(t, func(c *conf.Config) { c.Webhook.AllowPrivateTargets = true })
	others := &sharedServers{t: t, open: map[string]func() *testserver.Server{}}
	others.browser = sync.OnceValue(func() *chromium { return startChromium(t, shared, maxMembers) })
	for _, longest := range []bool{true, false} {
		for key, run := range each {
			if longest != long.MatchString(key) {
				continue
			}
			t.Run(key, func(t *testing.T) {
				t.Parallel()
				code, reason, _ := strings.Cut(key, ".")
				found := fault.Find(code + "." + reason)
				require.Len(t, found, 1, "not in the catalogue")
				s := &T{T: t, Server: shared, Entry: found[0], shared: others, pages: shared}
				s.begin()
				run(s)
				require.Positive(t, s.reads, "the scenario read no fault")
				if inPages(s.Entry) {
					require.Positive(t, s.tabReads, "no page read the fault")
				}
				s.checkAudiences()
			})
		}
	}
}

// T is one scenario: a test that knows which fault it must produce.
type T struct {
	*testing.T
	Server *testserver.Server // shared with other scenarios: change nothing but accounts of one's own
	Entry  fault.Entry

	shared        *sharedServers
	pages         *testserver.Server // shared, whatever Server is now
	account       *testserver.Account
	reads         int
	seen          []*fault.Error       // what check has taken
	withoutServer []string             // ids of those that an SDK found before it had a server
	sink          *webhookSink         // of its meetings, where webhooks carry the fault
	visited       []*testserver.Server // where it was before
	secrets       []string
	setup         *egressSetup // the last one

	waits func() // lets another scenario work: from here on, this one waits most of the time

	tab      *tab // the only one it opens
	tabReads int  // those of the reads that were in a page
}

// Account returns this scenario's account, made at the first call.
func (t *T) Account() testserver.Account {
	if t.account == nil {
		made := t.Server.Account(t, nil)
		t.account = &made
		t.secrets = append(t.secrets, made.Secret)
	}
	return *t.account
}

// Join lets somebody with allow_join and allow_mod into a meeting of the shared server.
func (t *T) Join(meetingID, participantID string, permissions ...string) *testserver.Socket {
	t.Helper()
	socket, _ := t.Server.Join(t, testserver.JoinParams(t.Account().Token(t, permissions...), meetingID, participantID))
	return socket
}

// Meeting makes a meeting in this scenario's account.
func (t *T) Meeting() string { return t.meetingWith(map[string]any{}) }

// meetingWith makes a meeting with settings. It has a webhook where the fault of the scenario goes to one.
func (t *T) meetingWith(settings map[string]any) string {
	if slices.Contains(t.Entry.Tells, "webhook") {
		if t.sink == nil {
			t.sink = newWebhookSink(t)
		}
		settings["webhook"] = map[string]any{"endPoint": t.sink.URL, "events": []string{"*"}}
	}
	return t.Account().Meeting(t, settings)
}

var (
	idShape   = regexp.MustCompile(`^flt_[0-7][0-9A-HJKMNP-TV-Z]{25}$`)
	unfilled  = regexp.MustCompile(`\{[a-zA-Z]\w*\}`)
	codeWords = regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`)
)

// Read takes a fault that the shared server has given, and checks all of it.
func (t *T) Read(f *fault.Error) {
	t.Helper()
	t.ReadFrom(t.Server, f)
}

// ReadFrom takes a fault of another server.
func (t *T) ReadFrom(h *testserver.Server, f *fault.Error) {
	t.Helper()
	t.check(f)
	if !slices.Contains(t.visited, h) {
		t.visited = append(t.visited, h)
	}
	if t.Entry.Origin == "server" {
		require.True(t, strings.HasPrefix(f.Docs, h.URL+"/errors/"), "docs %q is no link to the server", f.Docs)
		require.Equal(t, h.URL+"/console/faults/"+f.ID, f.ConsoleURL)
		require.Eventually(t, func() bool {
			return h.Logged(f.ID)
		}, testserver.Timeout, 10*time.Millisecond, "the log does not know %s", f.ID)
	}
}

// check asserts what holds for this fault wherever it is read.
func (t *T) check(f *fault.Error) {
	t.Helper()
	require.NotNil(t, f, "no fault came")
	e := t.Entry
	require.Equal(t, e.Key(), fmt.Sprintf("%d.%s", f.Code, f.Reason), "%v", f)
	require.Equal(t, e.Name, f.Name)
	if f.Code != 4007 { // carries the operator's words
		require.Equal(t, e.Message, f.Message)
	}
	require.Regexp(t, codeWords, f.Reason)
	require.NotEmpty(t, f.Remedy)
	require.NotEmpty(t, f.Detail)
	for _, text := range []string{f.Detail, f.Remedy, f.Param} {
		require.NotRegexp(t, unfilled, text)
	}
	members := len(e.Params)
	if e.StartingCode != 0 {
		members++
		require.EqualValues(t, e.StartingCode, f.Details["startingCode"])
	}
	require.Len(t, f.Details, members)
	for _, p := range e.Params {
		require.Contains(t, f.Details, p.Key)
	}
	require.Regexp(t, idShape, f.ID)
	require.Equal(t, e.Fatal, f.Fatal)
	require.Equal(t, e.Retryable, f.Retryable)
	require.WithinDuration(t, time.Now(), f.At.Time, 2*time.Minute)

	raw, err := json.Marshal(f)
	require.NoError(t, err)
	for _, secret := range t.secrets {
		require.NotContains(t, string(raw), secret, "a secret is in the fault")
	}
	t.checkDocs(f.Docs)
	t.reads++
	if !slices.ContainsFunc(t.seen, func(other *fault.Error) bool { return other.ID == f.ID }) {
		t.seen = append(t.seen, f)
	}
}

// checkDocs opens the page of the fault: every server serves the same ones.
func (t *T) checkDocs(link string) {
	t.Helper()
	at := strings.Index(link, "/errors/")
	require.GreaterOrEqual(t, at, 0, "docs is %q", link)
	page, anchor, _ := strings.Cut(link[at:], "#")
	require.Equal(t, t.Entry.Reason, anchor)
	base := t.Server.URL
	if strings.HasPrefix(base, "https:") { // its certificate is what failed
		base = t.pages.URL
	}
	res, err := http.Get(base + page)
	require.NoError(t, err)
	defer func() { _ = res.Body.Close() }() // read to its end
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, res.StatusCode)
	require.Contains(t, string(body), `id="`+anchor+`"`)
}

// refused tries to join with these params on a raw socket and with the Go SDK.
func (t *T) refused(params wire.JoinParams) {
	t.Helper()
	t.secret(params.Token)
	t.Read(t.Server.TryJoin(t, params))

	if t.Entry.SDK { // found before the network: no meeting is made
		o := sdk.Options{URL: t.Server.URL, Token: params.Token, MeetingID: params.MeetingID}
		if params.ParticipantID != nil {
			o.ParticipantID = *params.ParticipantID
		}
		_, err := sdk.InitMeeting(o)
		t.checkReturned(err)
		return
	}
	if params.ParticipantID == nil || *params.ParticipantID == "" {
		return // the SDK leaves the id to the server
	}
	c := t.client(t.Server.URL, params.Token, params.MeetingID, func(o *sdk.Options) {
		o.ParticipantID, o.Mode = *params.ParticipantID, sdk.Mode(params.Mode)
	})
	t.checkFailed(c, c.Join(t.Context()))
}

// secret names a value that no fault may show.
func (t *T) secret(value string) {
	if len(value) > 20 {
		t.secrets = append(t.secrets, value)
	}
}

// rest makes a call that must be refused.
func (t *T) rest(token, method, path string, body any) *fault.Error {
	t.Helper()
	t.secret(token)
	status, answer := t.Server.REST(t, token, method, path, body)
	f := testserver.Refused(t, status, answer)
	t.Read(f)
	return f
}

// refusedCall makes a signaling call that must be refused.
func (t *T) refusedCall(s *testserver.Socket, method string, params any) *fault.Error {
	t.Helper()
	_, f := s.Call(t, method, params)
	t.Read(f)
	return f
}
