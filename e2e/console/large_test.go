package console

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"

	"github.com/klatch/klatch/internal/quality"
	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/internal/wire"
)

// largeSession is a session that fillSession has made.
type largeSession struct {
	ID           string
	Participants int
	Length       time.Duration
}

// fillSession writes a session that is over into the database of a running server, with statements of the database
// itself: every participant switches streams on and off and is measured every 10 s, some come back, some have faults;
// with recordings and webhooks. It returns at once what a meeting would take hours for.
func fillSession(
	t testing.TB,
	h *testserver.Server,
	account testserver.Account,
	room string,
	want largeSession,
) {
	t.Helper()
	file := "file:" + filepath.Join(h.Dir, "klatch.db") + "?_pragma=busy_timeout(10000)&_pragma=synchronous(0)"
	db, err := sql.Open("sqlite", file)
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	tx, err := db.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	exec := func(query string, args ...any) {
		_, err := tx.ExecContext(t.Context(), query, args...)
		require.NoError(t, err, query)
	}
	numbers := func(n int) string {
		return fmt.Sprintf(`WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < %d) `, n-1)
	}
	start := time.Now().Add(-want.Length - time.Hour).Truncate(time.Minute)
	from, length, people := start.UnixMilli(), want.Length.Milliseconds(), want.Participants
	exec(`INSERT INTO sessions (id, account_id, meeting_id, started_at, ended_at) VALUES (?, ?, ?, ?, ?)`,
		want.ID, account.ID, room, from, from+length)
	const agent = `{"sdkType":"web","sdkVersion":"0.9.0","platform":"desktop","browserUserAgent":"Mozilla/5.0 (X11; Linux x86_64) ` +
		`AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"}`
	// Everybody is there from the first minutes on; every fifth leaves halfway, and comes back.
	exec(numbers(people)+`INSERT INTO stays (session_id, participant_id, api_key, name, meta_data, client, joined_at,
		left_at, leave_code) SELECT ?1, 'p' || i, ?2, 'Participant ' || i, '', ?3, ?4 + i*200,
		CASE i % 5 WHEN 0 THEN ?4 + ?5/2 ELSE ?4 + ?5 END, 1002 FROM n`, want.ID, account.Key, agent, from, length)
	exec(numbers((people+4)/5)+`INSERT INTO stays (session_id, participant_id, api_key, name, meta_data, client, joined_at,
		left_at, leave_code) SELECT ?1, 'p' || (i*5), ?2, 'Participant ' || (i*5), '', ?3, ?4 + ?5/2 + 30000, ?4 + ?5,
		1002 FROM n`, want.ID, account.Key, agent, from, length)
	exec(`INSERT INTO intervals (stay_id, what, started_at, ended_at)
		SELECT id, ?, joined_at, left_at FROM stays WHERE session_id = ?`, wire.SendAndRecv, want.ID)
	// Of each 14 minutes the microphone is on for 9, the camera for all but the last minute.
	for kind, on := range map[wire.Kind]int{wire.Audio: 540_000, wire.Video: 780_000} {
		exec(numbers(int(want.Length/(14*time.Minute))+1)+`INSERT INTO intervals (stay_id, what, started_at, ended_at, codec)
			SELECT s.id, ?1, s.joined_at + i*840000, MIN(s.joined_at + i*840000 + ?2, s.left_at), ?3 FROM n, stays s
			WHERE s.session_id = ?4 AND s.joined_at + i*840000 < s.left_at`,
			kind, on, map[wire.Kind]string{wire.Audio: "opus", wire.Video: "VP8"}[kind], want.ID)
	}
	exec(`INSERT INTO intervals (stay_id, what, started_at, ended_at) SELECT id, 'absence', joined_at + 600000,
		joined_at + 620000 FROM stays WHERE session_id = ? AND id % 4 = 0`, want.ID)
	// Four faults of each participant, one of which is a condition that was over after 20 s.
	exec(numbers(people*4)+`INSERT INTO faults (id, account_id, code, reason, meeting_id, session_id, participant_id, at,
		cleared_at, body, sdk, sdk_name, browser, browser_name)
		SELECT printf('flt_%026d', i), ?1, c, r, ?2, ?3, 'p' || (i % ?4), at, CASE c WHEN 3101 THEN at + 20000 END,
		json_object('code', c, 'reason', r, 'name', 'NAME', 'message', 'Something did not work.', 'detail',
			'The camera was off for ' || i || ' ms because another program uses it.', 'remedy', 'Close the other program.',
			'details', json_object('forMs', i), 'id', printf('flt_%026d', i), 'meetingId', ?2, 'sessionId', ?3,
			'participantId', 'p' || (i % ?4), 'at', strftime('%Y-%m-%dT%H:%M:%fZ', at/1000.0, 'unixepoch'), 'fatal', json('false'), 'retryable', json('false')),
		'web/0.9.0', 'web', 'Chrome/141', 'Chrome'
		FROM (SELECT i, CASE i/?4 WHEN 0 THEN 3101 ELSE 3011 END AS c,
			CASE i/?4 WHEN 0 THEN 'UDP_BLOCKED' ELSE 'NO_MEDIA_SENT' END AS r, ?5 + (i*7919 % 7000)*?6/7000 AS at FROM n)`,
		account.ID, room, want.ID, people, from, length)
	exec(numbers(people*2)+`INSERT INTO webhooks (meeting_id, session_id, job_id, endpoint, event, body, made_at, next_at,
		attempts, done_at, delivered, account_id) SELECT ?1, ?2, '', 'https://hooks.example.com/klatch',
		CASE i % 2 WHEN 0 THEN 'participant-joined' ELSE 'participant-left' END, '{}', at, at, 1, at + 90, TRUE, ?3
		FROM (SELECT i, ?4 + i*?5/?6 AS at FROM n)`, room, want.ID, account.ID, from, length, people*2)
	exec(`INSERT INTO webhook_attempts (delivery_id, n, at, duration_ms, status, reason, answer)
		SELECT id, 1, made_at, 85, 200, '', 'ok' FROM webhooks WHERE session_id = ?`, want.ID)
	// Some minutes of measurements, which repeat: the times of samples are relative to their row.
	const minutes = 8
	for m := range minutes {
		packed := minute(start, m)
		exec(numbers(people*int(want.Length/time.Minute)/minutes)+`INSERT INTO quality
			(day, session_id, participant_id, at, samples)
			SELECT at/86400000, ?1, 'p' || p, at, ?2 FROM (SELECT i % ?3 AS p, ?4 + (i/?3*?5 + (i % ?3 + ?6) % ?5)*60000 AS at FROM n)`,
			want.ID, packed, people, from, minutes, m)
	}
	require.NoError(t, tx.Commit())
}

// minute makes the measurements of one participant in one minute; minutes differ.
func minute(start time.Time, m int) []byte {
	var samples []quality.Sample
	for i := range 6 {
		sample := quality.Sample{At: start.Add(time.Duration(10*i) * time.Second)}
		path := quality.Entry{Key: quality.PathKey}
		path.Set(quality.PathDuration, 100)
		path.Set(quality.PathProtocol, 0)
		path.Set(quality.PathRTT, float64(300+70*m))
		sample.Entries = append(sample.Entries, path)
		for _, direction := range []wire.Direction{wire.Send, wire.Recv} {
			for _, kind := range []wire.Kind{wire.Audio, wire.Video} {
				e := quality.Entry{Key: quality.KeyOf(direction, kind)}
				e.Set(quality.Streams, 1)
				e.Set(quality.Bitrate, float64(900+(i*7919+m*104729)%300))
				e.Set(quality.Packets, 1000)
				e.Set(quality.Lost, float64(i*m%7*12))
				e.Set(quality.Jitter, float64(20+10*m))
				e.Set(quality.RTT, float64(300+70*m))
				e.Set(quality.ServerPackets, 1000)
				e.Set(quality.ServerLost, float64(i*m%7*12))
				sample.Entries = append(sample.Entries, e)
			}
		}
		samples = append(samples, sample)
	}
	return quality.Pack(samples)
}

// A session of 200 participants and 2 hours is open in less than 2 s: the page itself notes when the lanes are drawn.
// Other tests use the machine too, so that one round of some counts. For the curves, which come later, the processor time
// of the page, the server and this test counts: on a machine of their own they are there before 2 s.
func TestLargeSessionOpens(t *testing.T) {
	const limit, rounds = 2 * time.Second, 5
	h := testserver.Start(t)
	account := h.Account(t, nil)
	large := largeSession{ID: "large", Participants: 200, Length: 2 * time.Hour}
	fillSession(t, h, account, account.Meeting(t, nil), large)
	p := operator(t, testbrowser.Open(t), h, "/console/token?account="+account.ID)
	p.ProcessorTime()
	when := func(mark string) time.Duration {
		var ms float64
		p.Eval(fmt.Sprintf(`performance.getEntriesByName(%q)[0].startTime`, mark), &ms)
		return time.Duration(ms * float64(time.Millisecond)).Round(time.Millisecond)
	}
	lanes, used := time.Hour, time.Hour
	for round := 0; round < rounds && lanes > limit; round++ {
		before := processorTime(t)
		p.Eval(fmt.Sprintf(`location.href = "/console/sessions/%s?account=%s", 0`, large.ID, account.ID), nil)
		p.UntilIn(time.Minute, "the curves are drawn", `performance.getEntriesByName("curves-drawn").length`)
		page, server := p.ProcessorTime(), processorTime(t)-before
		lanes, used = min(lanes, when("lanes-drawn")), min(used, page+server)
		t.Logf("the lanes are drawn after %v, the curves after %v; processor time: page %v, server %v", when("lanes-drawn"),
			when("curves-drawn"), page.Round(time.Millisecond), server.Round(time.Millisecond))
	}
	require.Less(t, lanes, limit)
	require.Less(t, used, limit)
	var sizes []struct {
		Name string
		Size int
	}
	p.Eval(`performance.getEntriesByType("resource").filter((r) => r.name.includes("/v2/") && r.transferSize > 0)
		.map((r) => ({name: r.name, size: r.encodedBodySize}))`, &sizes)
	total := 0
	for _, r := range sizes {
		t.Logf("%d kB for %s", r.Size/1000, r.Name)
		total += r.Size
	}
	require.Less(t, total, 500_000, "on its way over a network")
	require.Len(t, sizes, 2, "what happened, and how well")

	// Scrolling to the last lane and zooming in 20 steps draws what is visible alone.
	before := p.ProcessorTime()
	p.Eval(`new Promise((done) => {
		const frame = document.querySelector(".timeline-frame");
		let step = 0;
		const next = () => {
			if (step++ === 40) return done();
			if (step % 2) frame.scrollTop += frame.scrollHeight / 20;
			else document.querySelector('[data-testid="tl-in"]').click();
			requestAnimationFrame(next);
		};
		next();
	})`, nil)
	perStep := (p.ProcessorTime() - before) / 40
	t.Logf("a step of scrolling or zooming takes %v", perStep.Round(100*time.Microsecond))
	require.Less(t, perStep, 50*time.Millisecond)
	p.Until("the visible lanes have all their measurements", `performance.getEntriesByType("resource")
		.some((r) => r.name.includes("/participants/"))`)
}

// processorTime returns what this process has used: the server runs in it.
func processorTime(t testing.TB) time.Duration {
	t.Helper()
	var used syscall.Rusage
	require.NoError(t, syscall.Getrusage(syscall.RUSAGE_SELF, &used))
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
