package testserver

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/wire"
)

// Reply waits for an answer to a request of that id and takes it, so that the next call waits for another one.
func (s *Socket) Reply(t testing.TB, id int64) wire.Response {
	t.Helper()
	var got wire.Response
	require.True(t, s.await(func() bool {
		i := slices.IndexFunc(s.answers, func(r wire.Response) bool { return r.ID != nil && *r.ID == id })
		if i < 0 {
			return false
		}
		got = s.answers[i]
		s.answers = slices.Delete(s.answers, i, i+1)
		return true
	}), "no answer to %d came", id)
	return got
}
