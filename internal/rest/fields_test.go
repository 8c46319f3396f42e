package rest_test

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/rest"
)

// Nothing is taken and ignored. These tests walk every field and query parameter of every request in the OpenAPI
// document. For what starts, prepares or stops jobs they give each field a value and see that it reaches the job, or is
// refused by name; TestEveryQueryOfAListSelects does so for lists; for the rest, seenBy names the test that sees the
// effect. A field that is in none of them fails.

// document is what these tests read of the OpenAPI document.
type document struct {
	Paths map[string]map[string]struct {
		OperationID string `json:"operationId"`
		Parameters  []struct {
			Name, In string
			Schema   parameterSchema
		}
		RequestBody *struct {
			Content map[string]struct{ Schema schema }
		}
		Responses map[string]struct {
			Content map[string]struct{ Schema schema }
		}
	}
	Components struct{ Schemas map[string]schema }
}

type parameterSchema struct {
	Type             string
	Minimum, Maximum *float64
	Enum             []any
}

type schema struct {
	Ref        string `json:"$ref"`
	Properties map[string]schema
	Items      *schema
	OneOf      []schema
}

func openDocument(t *testing.T) document {
	t.Helper()
	raw, err := rest.New(rest.Options{}).OpenAPI()
	require.NoError(t, err)
	var doc document
	require.NoError(t, json.Unmarshal(raw, &doc))
	return doc
}

// leaves returns the paths of the fields of a schema that are no objects.
func (d document) leaves(s schema, at string) []string {
	if s.Ref != "" {
		return d.leaves(d.Components.Schemas[s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]], at)
	}
	var out []string
	for _, form := range s.OneOf {
		out = append(out, d.leaves(form, at)...)
	}
	if s.Items != nil {
		out = append(out, d.leaves(*s.Items, at+"[]")...)
	}
	for name, property := range s.Properties {
		path := strings.TrimPrefix(at+"."+name, ".")
		below := d.leaves(property, path)
		if len(below) == 0 || slices.ContainsFunc(property.OneOf, func(f schema) bool { return f.Ref == "" }) {
			below = append(below, path)
		}
		out = append(out, below...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// samples are values that no default is, by the end of a field's path.
var samples = []struct {
	field string
	value any
}{
	{"layout.type", "SPOTLIGHT"}, {"layout.priority", "PIN"}, {"layout.gridSize", 4}, {"theme", "LIGHT"},
	{"mode", "audio"},
	{"quality", "high"}, {"orientation", "portrait"}, {"recording.enabled", true}, {"config.fileFormat", "webm"},
	{"transcription.enabled", true}, {"summary.enabled", true},
	{"webhookUrl", "https://example.org/hook"}, {"awsDirPath", "there"}, {"bucketDirPath", "there"},
	{"fileFormat", "mp4"}, {"onFailure.action", "close-room"}, {"onFailure.waitTime", 7}, {"onFailure", "restart"},
	{"sessionId", "another"}, {"roomId", "another"}, {"outputs[].url", "rtmp://other.example.org/live"},
	{"outputs[].streamKey", "other"}, {"participants[].participantId", "bob"}, {"participants[].kind", "audio"},
	{"participantId", "bob"}, {"track/kind", "video"},
	{"watermarks[].type", "pubsub"}, {"watermarks[].imageUrl", "https://example.org/logo.png"},
	{"watermarks[].imageBase64", "iVBORw0K"}, {"watermarks[].text", "SECRET"}, {"watermarks[].timezone", "Asia/Kolkata"},
	{"watermarks[].topic", "CHAT"},
}

// inert are fields without an effect of their own, with the reason.
var inert = map[string]string{
	"transcription.summary.prompt": "belongs to a switch that is refused when it is on",
}

func sampleOf(path, field string) any {
	for _, s := range samples {
		if strings.HasSuffix(field, s.field) || s.field == "track/"+field && strings.Contains(path, "track") {
			return s.value
		}
	}
	return nil
}

// with returns a copy of a body in which the field at a path has a value.
func with(body map[string]any, path string, value any) map[string]any {
	text, _ := json.Marshal(body)
	var out map[string]any
	_ = json.Unmarshal(text, &out)
	at := out
	steps := strings.Split(path, ".")
	for i, step := range steps {
		name, isList := strings.CutSuffix(step, "[]")
		if i == len(steps)-1 {
			at[name] = value
			break
		}
		var next map[string]any
		if isList {
			list, _ := at[name].([]any)
			if len(list) == 0 {
				list = []any{map[string]any{}}
				at[name] = list
			}
			next = list[0].(map[string]any)
		} else if next, _ = at[name].(map[string]any); next == nil {
			next = map[string]any{}
			at[name] = next
		}
		at = next
	}
	if failure, is := out["onFailure"].(map[string]any); is {
		failure["action"] = "close-room"
	}
	for _, w := range asList(out["watermarks"]) {
		if w.(map[string]any)["type"] == nil {
			w.(map[string]any)["type"] = "custom"
		}
	}
	for _, p := range asList(out["participants"]) {
		if p.(map[string]any)["participantId"] == nil {
			p.(map[string]any)["participantId"] = "ann"
		}
	}
	return out
}

func asList(value any) []any {
	list, _ := value.([]any)
	return list
}

// requestRecorder is an Egress that keeps what it is asked for.
type requestRecorder struct {
	rest.Egress
	asked   job.Request
	stopped job.StopRequest
}

func (r *requestRecorder) Start(_ context.Context, q job.Request) (record.Job, error) {
	r.asked = q
	return record.Job{}, fault.ServerUnavailableDraining()
}

func (r *requestRecorder) Check(job.Request) error { return nil }

func (r *requestRecorder) Stop(_ context.Context, q job.StopRequest) (record.Job, error) {
	r.stopped = q
	return record.Job{}, fault.ServerUnavailableDraining()
}

func (r *requestRecorder) Latest(j record.Job) record.Job { return j }

func TestEveryFieldOfAStartReachesTheJob(t *testing.T) {
	recorder := &requestRecorder{}
	w := newFixture(t, func(o *rest.Options) { o.Egress = recorder })
	roomID := w.newRoom(nil)["roomId"].(string)
	w.newRoom(map[string]any{"customRoomId": "another"})
	doc := openDocument(t)
	walked := 0
	for path, methods := range doc.Paths {
		if !strings.HasSuffix(path, "/start") {
			continue
		}
		base := map[string]any{"roomId": roomID}
		if strings.Contains(path, "participant") {
			base["participantId"] = "ann"
		}
		if strings.Contains(path, "track") {
			base["kind"] = "audio"
		}
		if strings.Contains(path, "livestreams") {
			base["outputs"] = []any{map[string]any{"url": "rtmp://example.org/live", "streamKey": "key"}}
		}
		ask := func(body map[string]any) (job.Request, answer) {
			recorder.asked = job.Request{}
			a := w.call(w.token, "POST", path, body)
			return recorder.asked, a
		}
		plain, _ := ask(base)
		require.NotEmpty(t, plain.Kind, path)
		for _, field := range doc.leaves(methods["post"].RequestBody.Content["application/json"].Schema, "") {
			walked++
			if slices.ContainsFunc(keysOf(inert), func(end string) bool { return strings.HasSuffix(field, end) }) {
				continue
			}
			value := sampleOf(path, field)
			require.NotNil(t, value, "%s: %s has no sample", path, field)
			got, a := ask(with(base, field, value))
			if got.Kind == "" { // refused by name
				require.Contains(t, a.body, field, "%s: %s", path, a.body)
				require.NotEqual(t, http.StatusOK, a.status)
				continue
			}
			require.False(t, reflect.DeepEqual(plain, got), "%s takes %s and ignores it", path, field)
		}
	}
	require.Greater(t, walked, 90)
}

func keysOf(m map[string]string) []string {
	var keys []string
	for key := range m {
		keys = append(keys, key)
	}
	return keys
}

func TestEveryFieldOfANewRoomHasAnEffect(t *testing.T) {
	doc := openDocument(t)
	// The others are kept with the room; these tests see what they do.
	kept := map[string]string{
		"allowedParticipantIds": "TestAllowedParticipants", "autoCloseConfig.duration": "TestAutoClose",
		"autoCloseConfig.type": "TestAutoClose", "customRoomId": "TestRoomLife", "geoFence": "", "name": "TestRoomLife",
		"multiComposition.hls": "TestMultiComposition", "multiComposition.recording": "TestMultiComposition",
		"multiComposition.rtmp": "TestMultiComposition", "region": "TestRegionIsAnotherNameOfGeoFence",
		"webhook.endPoint": "TestDelivery", "webhook.events": "TestDelivery",
	}
	for _, field := range doc.leaves(doc.Paths["/v2/rooms"]["post"].RequestBody.Content["application/json"].Schema, "") {
		inside, auto := strings.CutPrefix(field, "autoStartConfig.")
		if !auto {
			require.Contains(t, kept, field, "%s is not known to have an effect", field)
			continue
		}
		if slices.ContainsFunc(keysOf(inert), func(end string) bool { return strings.HasSuffix(field, end) }) {
			continue
		}
		value := sampleOf("", inside)
		require.NotNil(t, value, "%s has no sample", field)
		part, _, _ := strings.Cut(inside, ".")
		base := map[string]any{part: map[string]any{}}
		changed := with(base, inside, value)
		if section := changed[part].(map[string]any); section["participants"] != nil ||
			strings.Contains(inside, "onFailure.") {
			fixed := with(section, "webhookUrl", section["webhookUrl"]) // completes lists and onFailure
			if section["webhookUrl"] == nil {
				delete(fixed, "webhookUrl")
			}
			changed[part] = fixed
		}
		jobsOf := func(config map[string]any) ([]job.Request, error) {
			text, err := json.Marshal(config)
			require.NoError(t, err)
			return rest.AutoStartJobs(text)
		}
		plain, err := jobsOf(base)
		require.NoError(t, err)
		got, err := jobsOf(changed)
		if err != nil {
			require.ErrorContains(t, err, inside)
			continue
		}
		require.False(t, reflect.DeepEqual(plain, got), "%s is taken and ignored", field)
	}
}

// seenBy are the tests that see the effect of the other fields and query parameters, by a pattern of
// "operation field"; a query parameter begins with a question mark.
var seenBy = []struct{ fields, test string }{
	{`^(list|get)-recordings? \?withTranscription$`, "published fields that are not offered are refused by name"},
	{`^get-(session|participant|session-participant)-stats \?`, "TestStats"},
	{`^(upload-temporary-file|get-temporary-file-limits) `, "TestTemporaryFiles"},
	{`^(admin-)?create-drill (fault|holdSeconds|waitSeconds|accountId|meetingId)$`, "TestInNamedMeeting"},
	{`^admin-list-drills \?accountId$`, "TestDrillsOfOtherAccounts"},
	{`^report-pre-call-test `, "TestPreCallTests"},
	{`^create-stream-key `, "/v2/stream-keys"},
	{`^(stop|end)-(hls|livestream|recording|\w+-recording) `, "TestEveryFieldOfAStopReachesTheJob"},
	{`^(stop|end)-session (roomId|meetingId|sessionId|ignoreClosed)$`, "TestSessionLife"},
	{`^(un)?lock-session (roomId|meetingId|sessionId)$`, "TestSessionLife"},
	{`^restrict-session (roomId|meetingId|sessionId|audio|video|share|chat)$`, "TestSessionLife"},
	{`^(stop|end)-session vsdkForceKill$`, "TestSessionLife"},
	{`^remove-participant `, "TestSessionLife"},
	{`^(deactivate|update)-room `, "TestRoomLife"},
	{`^capture-hls `, "TestCapture"},
	{`^merge-recordings `, "recordings of a participant and of a track"},
	{`^merge-transcoding `, "TestCompositeMerge"},
	{`^merge-meeting-recordings `, "TestMeetingRecordingMerge"},
	{`^transcode-hls-to-mp4 `, "hls: start, active, list, play, capture, stop, delete"},
	{`^start-WHIP(-in-room)? \?displayName$`, "TestWHIPPublisher"},
	{`^(start|change)-WHEP\S* \??(displayName|remotePeerId)$`, "TestWHEPPlayer"},
	{`^(start|end|change)-WH(I|E)P`, "TestVendorServerSDKWHIP"},
	{`^admin-(create|update)-account limits\.(account\w+|recordings|livestreams|hls)$`, "limitReached"},
	{`^admin-(create|update)-account settings\.(addOnsDisabled|restRequiresCrawler)$`, "limitReached"},
	{`^admin-(create|update)-account settings\.everyoneMay\w+$`, "TestAccountPermissions"},
	{`^admin-(create|update)-account settings\.faultDays$`, "TestFaultDaysOfAccount"},
	{`^admin-(create|update)-account settings\.drills$`, "TestInNamedMeeting"},
	{`^admin-(list|create|update|discontinue)-(accounts?|account-sessions|rooms|live-sessions) `, "TestAccounts"},
	{`^(admin-)?list-conditions `, "TestConditions"},
	{`^(admin-)?read-events `, "TestEventStream"},
	{`^admin-(list|create)-keys? `, "TestKeys"},
	{`^(admin-)?list-audit `, "TestAuditLog"},
	{`^admin-(list|create)-invites? `, "TestInvites"},
	{`^admin-list-console-sessions `, "TestInvites"},
	{`^(admin-rotate|rotate|create)-key `, "TestOwnKeys"},
	{`^\w+-(alert|notification|metric|incident)\S* `, "TestVendorServerSDKAlerts"},
	{`^list-webhook-deliveries `, "TestTimelineAndDeliveries"},
	{`^(admin-)?list-\S+ \?`, "TestEveryQueryOfAListSelects"},
}

// walks are the tests of seenBy that give each field a value, whatever its name is.
var walks = []string{"TestEveryFieldOfAStopReachesTheJob", "TestEveryQueryOfAListSelects"}

// Each of the other fields has a test, and a file of that test sets the field.
func TestEveryOtherFieldHasATest(t *testing.T) {
	tests := testFiles(t)
	doc := openDocument(t)
	for path, methods := range doc.Paths {
		for _, op := range methods {
			if strings.HasSuffix(path, "/start") || op.OperationID == "create-room" {
				continue
			}
			var fields []string
			for _, p := range op.Parameters {
				if p.In == "query" {
					fields = append(fields, "?"+p.Name)
				}
			}
			if op.RequestBody != nil {
				fields = append(fields, doc.leaves(op.RequestBody.Content["application/json"].Schema, "")...)
			}
			for _, field := range fields {
				name := op.OperationID + " " + field
				i := slices.IndexFunc(seenBy, func(s struct{ fields, test string }) bool {
					return regexp.MustCompile(s.fields).MatchString(name)
				})
				if i < 0 {
					t.Errorf("%s is not known to have an effect", name)
					continue
				}
				var found, sets bool
				for _, text := range tests {
					if strings.Contains(text, seenBy[i].test) {
						found = true
						sets = sets || slices.Contains(walks, seenBy[i].test) || setsField(text, field)
					}
				}
				if !found {
					t.Errorf("%s: there is no test %s", name, seenBy[i].test)
				} else if !sets {
					t.Errorf("%s: no file of %s sets it", name, seenBy[i].test)
				}
			}
		}
	}
}

// setsField reports whether a test has the field as the key of an object or in a query.
func setsField(text, field string) bool {
	name := field[strings.LastIndexAny(field, ".?")+1:]
	name = strings.TrimSuffix(name, "[]")
	return regexp.MustCompile(`(?i)\b`+regexp.QuoteMeta(name)+`(\\?["'])?\s*[:=]`).MatchString(text) ||
		strings.Contains(text, `"`+name+`"`)
}

// testFiles returns the text of the files among whose tests seenBy looks.
func testFiles(t *testing.T) []string {
	t.Helper()
	var texts []string
	byDir := map[string]string{}
	for _, pattern := range []string{
		"*_test.go", "../egress/*_test.go", "../../e2e/serversdk/*", "../../e2e/doors/*_test.go",
		"../../e2e/faults/*_test.go", "../drill/*_test.go", "../gate/*_test.go", "../store/*_test.go",
	} {
		files, err := filepath.Glob(pattern)
		require.NoError(t, err)
		for _, name := range files {
			if filepath.Base(name) == "fields_test.go" || filepath.Base(name) == "node_modules" {
				continue
			}
			content, err := os.ReadFile(name)
			require.NoError(t, err)
			if dir := filepath.Dir(name); strings.Contains(dir, "e2e") { // one program in files of two languages
				byDir[dir] += string(content)
				continue
			}
			texts = append(texts, string(content))
		}
	}
	return slices.AppendSeq(texts, maps.Values(byDir))
}
