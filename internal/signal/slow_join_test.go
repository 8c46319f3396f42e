package signal_test

import (
	"context"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/meeting"
	"github.com/klatch/klatch/internal/signal"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/internal/wire"
)

type silent struct{}

func (silent) Report(context.Context, *fault.Error) {}

// The time to join runs for the client, not for a server that waits for its database: the join is answered, with what
// the server waits for, and the socket may join again.
func TestSlowJoinIsNotRefused(t *testing.T) {
	s := signal.New(signal.Options{JoinTimeout: 200 * time.Millisecond, Reporter: silent{},
		Admit: func(ctx context.Context, _ wire.JoinParams) (meeting.JoinRequest, error) {
			<-ctx.Done()
			wait := time.NewTimer(300 * time.Millisecond) // the database gives up later than the join
			defer wait.Stop()
			<-wait.C
			return meeting.JoinRequest{}, fault.ServerUnavailableStore("the query for an API key").Because(ctx.Err())
		}})
	front := httptest.NewServer(s)
	defer front.Close()
	defer func() { require.NoError(t, s.Close(context.WithoutCancel(t.Context()))) }()
	socket := (&testserver.Server{URL: front.URL}).Dial(t)
	for range 2 {
		_, f := socket.Call(t, wire.MethodJoin, testserver.JoinParams("token", "abcd-efgh-ijkl", "ann"))
		require.Equal(t, "STORE", f.Reason)
		require.Positive(t, f.RetryAfterMs)
	}
	require.Equal(t, 4107, socket.Closed(t), "and then it is the client who waits")
}

// A join that the server refuses after long is one that has arrived: whoever may try again has the whole time to do so.
func TestTimeToJoinBeginsAnewWithARefusal(t *testing.T) {
	t.Parallel()
	const timeout = 2 * time.Second
	s := signal.New(signal.Options{JoinTimeout: timeout, Reporter: silent{},
		Admit: func(context.Context, wire.JoinParams) (meeting.JoinRequest, error) {
			wait := time.NewTimer(timeout * 3 / 4)
			defer wait.Stop()
			<-wait.C
			return meeting.JoinRequest{}, fault.ServerUnavailableNodeLost("node-1").RetryAfter(timeout / 2)
		}})
	front := httptest.NewServer(s)
	defer front.Close()
	defer func() { require.NoError(t, s.Close(context.WithoutCancel(t.Context()))) }()
	socket := (&testserver.Server{URL: front.URL}).Dial(t)
	for range 2 {
		_, f := socket.Call(t, wire.MethodJoin, testserver.JoinParams("token", "abcd-efgh-ijkl", "ann"))
		require.Equal(t, "NODE_LOST", f.Reason)
		<-time.After(time.Duration(f.RetryAfterMs) * time.Millisecond)
	}
	require.Equal(t, 4107, socket.Closed(t), "and then it is the client who waits")
}
