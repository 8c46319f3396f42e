package store

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// A panic in the watch over the lock is logged, and the watch goes on.
func TestLockWatchSurvivesAPanic(t *testing.T) {
	l := &serverLock{config: &pgx.ConnConfig{}, lost: make(chan error, 1), ended: make(chan struct{})} // pgx panics over such a config
	logged := make(chan string, 1)
	l.watch(&Store{}, "incarnation", 5*time.Millisecond, func(problem string) { logged <- problem })
	require.Contains(t, <-logged, "panic in the watch over the lock of the database")
	select {
	case <-l.ended:
		t.Fatal("the watch has ended")
	case <-l.lost:
		t.Fatal("the database is called lost")
	case <-time.After(20 * time.Millisecond): // several checks
	}
	l.release()
}
