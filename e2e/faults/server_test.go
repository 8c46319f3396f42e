package faults

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/internal/wire"
)

// database opens the database of the server beside it, as another program on the machine could.
func database(t testing.TB, h *testserver.Server) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(h.Dir, "klatch.db")+"?_pragma=busy_timeout(15000)")
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() }) // nothing was written through it that must last
	return db
}

var serverScenarios = scenarios{
	"5101.STORE": func(t *T) {
		h := testserver.Start(t)
		account := h.Account(t, nil)
		token := account.Token(t)
		meeting := account.Meeting(t, nil)

		// Somebody else's write holds the database: joins wait for it, one after another, and none is the client's fault.
		tx, err := database(t, h).BeginTx(t.Context(), nil)
		require.NoError(t, err)
		_, err = tx.ExecContext(t.Context(), `UPDATE meetings SET updated_at = updated_at`)
		require.NoError(t, err)
		sockets, ids := [2]*testserver.Socket{}, [2]int64{}
		for i := range sockets {
			sockets[i] = h.Dial(t)
			ids[i] = sockets[i].Post(t, wire.MethodJoin, testserver.JoinParams(token, meeting, fmt.Sprint("p", i)))
		}
		t.waits()
		for i, socket := range sockets {
			answer := socket.Reply(t, ids[i])
			require.NotNil(t, answer.Error)
			t.ReadFrom(h, answer.Error.Data)
			require.Positive(t, answer.Error.Data.RetryAfterMs)
		}
		require.NoError(t, tx.Rollback())
		_, err = database(t, h).ExecContext(t.Context(), `ALTER TABLE meetings RENAME TO lost`)
		require.NoError(t, err)
		t.ReadFrom(h, h.TryJoin(t, testserver.JoinParams(token, meeting, "ann")))
		status, answer := h.REST(t, token, http.MethodGet, "/v2/rooms", nil)
		t.ReadFrom(h, testserver.Refused(t, status, answer))

		whole := testserver.Start(t)
		account = whole.Account(t, nil)
		ann, _ := whole.Join(t, testserver.JoinParams(account.Token(t), account.Meeting(t, nil), "ann"))
		said := wire.PublishMessageParams{Topic: "CHAT", Message: "hello", Persist: true}
		ann.Do(t, wire.MethodPublishMessage, said)
		_, err = database(t, whole).ExecContext(t.Context(), `ALTER TABLE messages RENAME TO lost`)
		require.NoError(t, err)
		_, f := ann.Call(t, wire.MethodPublishMessage, said)
		require.NotNil(t, f, "ok means that it is written")
		require.Positive(t, f.RetryAfterMs)
		t.ReadFrom(whole, f)
	},
	"5101.DRAINING": func(t *T) {
		h := testserver.Start(t)
		account := h.Account(t, nil)
		token := account.Token(t)
		meeting := account.Meeting(t, nil)
		inside, _ := h.Join(t, testserver.JoinParams(token, meeting, "ann"))
		late := h.Dial(t)

		// Somebody else's write keeps the server from recording the end of the session: it drains for that long.
		other := database(t, h)
		tx, err := other.BeginTx(t.Context(), nil)
		require.NoError(t, err)
		_, err = tx.ExecContext(t.Context(), `UPDATE meetings SET updated_at = updated_at`)
		require.NoError(t, err)
		closed := make(chan error, 1)
		go func() {
			ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
			defer cancel()
			closed <- h.InProcess.Close(ctx)
		}()
		inside.AwaitRemoval(t)
		_, f := late.Call(t, wire.MethodJoin, testserver.JoinParams(token, meeting, "bob"))
		require.NoError(t, tx.Rollback())
		require.NoError(t, <-closed)
		h.Forget()
		t.ReadFrom(h, f)
	},
	"5102.STOPPED": func(t *T) {
		h := testserver.Start(t)
		account := h.Account(t, nil)
		meeting := account.Meeting(t, nil)
		ann, _ := h.Join(t, testserver.JoinParams(account.Token(t), meeting, "ann"))
		guest, _ := h.Join(t, testserver.JoinParams(account.Token(t, "ask_join"), meeting, "guest"))
		h.Close(t)
		for _, socket := range []*testserver.Socket{ann, guest} {
			t.ReadFrom(h, socket.AwaitRemoval(t))
		}
	},
}

// While the database hangs, the answer comes at once and blames nothing else.
func TestReadinessDuringAnOutage(t *testing.T) {
	t.Parallel()
	h := testserver.Start(t)
	require.Eventually(t, func() bool {
		return h.Ready(t, "encoder") == "" && h.Ready(t, "database") == ""
	}, testserver.Timeout, 100*time.Millisecond)
	other := database(t, h)
	tx, err := other.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	_, err = tx.ExecContext(t.Context(), `UPDATE meetings SET updated_at = updated_at`)
	require.NoError(t, err)
	var said string
	require.Eventually(t, func() bool { // a good answer is used again for two seconds
		began := time.Now()
		said = h.Ready(t, "database")
		require.Less(t, time.Since(began), 2*time.Second)
		return said != ""
	}, testserver.Timeout, 50*time.Millisecond)
	require.Contains(t, said, "did not answer within")
	require.Empty(t, h.Ready(t, "encoder"))
	require.NoError(t, tx.Rollback())
	require.Eventually(t, func() bool { return h.Ready(t, "database") == "" }, testserver.Timeout, 50*time.Millisecond)
}

func readAll(t testing.TB, r io.Reader) []byte {
	t.Helper()
	raw, err := io.ReadAll(r)
	require.NoError(t, err)
	return raw
}
