package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/guard"
)

// One server uses a Postgres database at a time: a second one would end the sessions of the first as orphans, and take
// its jobs. A server therefore holds an advisory lock on a connection of its own from before it reads the first row
// until it ends. Postgres releases the lock when the connection ends, so a server that was killed holds nothing up for
// long. The nodes of a cluster share the lock: they know of each other, and a server that is alone keeps them out.
//
// The key is "klat" and 1; an advisory lock is one of the database, not of the whole Postgres.
const (
	lockClass        = 0x6b6c6174
	lockObject       = 1
	migrationsObject = 2 // held by the node that migrates
)

const (
	lockAskEvery = 250 * time.Millisecond
	lockTimeout  = 5 * time.Second // of one question on the connection of the lock
)

// InUseError reports that another server holds the database.
type InUseError struct {
	Holder string // which, as far as the database knows
	Waited time.Duration
	// Cluster reports that this server is alone and those that hold it are nodes of a cluster, Alone that this one is a
	// node and the other is alone.
	Cluster, Alone bool
}

func (e *InUseError) Error() string {
	switch {
	case e.Cluster:
		return fmt.Sprintf("store: nodes of a cluster use this database (%s); waited %v", e.Holder, e.Waited)
	case e.Alone:
		return fmt.Sprintf("store: a Klatch that is no node uses this database (%s); waited %v", e.Holder, e.Waited)
	}
	return fmt.Sprintf("store: another Klatch uses this database (%s); waited %v", e.Holder, e.Waited)
}

// PooledError reports that a setting leads through a connection pooler where a direct connection is needed.
type PooledError struct{ Setting string }

func (e *PooledError) Error() string {
	return "store: " + e.Setting + " leads to Postgres through a connection pooler"
}

// OtherDatabaseError reports that the lock is in another database than the tables.
type OtherDatabaseError struct{}

func (*OtherDatabaseError) Error() string {
	return "store: database.lockUrl leads to another database than database.url"
}

// serverLock is the lock on Postgres.
//
// Shape: loop. After acquire, one goroutine owns the connection.
type serverLock struct {
	config  *pgx.ConnConfig
	setting string // that names the address
	shared  bool   // with other nodes of a cluster
	conn    *pgx.Conn

	lost  chan error // one error, when the database is not this server's any more
	stop  context.CancelFunc
	ended chan struct{}
}

// acquire takes the lock, waiting for up to wait for the server that has it. waiting is called once if it must wait.
func acquireLock(
	ctx context.Context,
	url, setting string,
	shared bool,
	wait time.Duration,
	waiting func(holder string),
) (*serverLock, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, &OpenError{Problem: "the address in " + setting + " is not valid", err: err}
	}
	host, err := os.Hostname()
	if err != nil {
		host = "unknown host"
	}
	config.RuntimeParams["application_name"] = fmt.Sprintf("klatch on %.40s, pid %d", host, os.Getpid())
	config.DefaultQueryExecMode = pgx.QueryExecModeExec // works through poolers, so that they can be recognized
	l := &serverLock{
		config:  config,
		setting: setting,
		shared:  shared,
		lost:    make(chan error, 1),
		ended:   make(chan struct{}),
	}
	started := time.Now()
	for told := false; ; {
		held, err := l.try(ctx)
		if err != nil {
			return nil, errors.Join(err, l.disconnect())
		}
		if held {
			return l, nil
		}
		holder, byCluster := l.holder(ctx)
		if waited := time.Since(started); waited >= wait {
			return nil, errors.Join(&InUseError{
				Holder: holder, Waited: waited.Round(time.Millisecond), Cluster: byCluster && !shared,
				Alone: !byCluster && shared,
			}, l.disconnect())
		}
		if !told && waiting != nil {
			told = true
			waiting(holder)
		}
		select {
		case <-time.After(lockAskEvery):
		case <-ctx.Done():
			return nil, errors.Join(ctx.Err(), l.disconnect())
		}
	}
}

// try asks for the lock once, on a connection that is made if there is none.
func (l *serverLock) try(ctx context.Context) (held bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, lockTimeout)
	defer cancel()
	fresh := l.conn == nil
	if fresh {
		if l.conn, err = pgx.ConnectConfig(ctx, l.config); err != nil {
			return false, err
		}
	}
	var process uint32
	if err := l.conn.QueryRow(ctx, `SELECT pg_backend_pid()`).Scan(&process); err != nil {
		return false, err
	}
	if process != l.conn.PgConn().PID() { // a pooler answers the start of a connection itself, and makes up its key
		return false, &PooledError{Setting: l.setting}
	}
	if fresh {
		l.keepAlive(ctx)
	}
	query := `SELECT pg_try_advisory_lock($1::int, $2::int)`
	if l.shared {
		query = `SELECT pg_try_advisory_lock_shared($1::int, $2::int)`
	}
	err = l.conn.QueryRow(ctx, query, lockClass, lockObject).Scan(&held)
	return held, err
}

// lockMigrations keeps other nodes from migrating until unlock.
func (l *serverLock) lockMigrations(ctx context.Context) (unlock func(), err error) {
	_, err = l.conn.Exec(ctx, `SELECT pg_advisory_lock($1::int, $2::int)`, lockClass, migrationsObject)
	return func() {
		ctx, cancel := context.WithTimeout(context.Background(), lockTimeout)
		defer cancel()
		// A connection that fails here releases the lock itself.
		_, _ = l.conn.Exec(ctx, `SELECT pg_advisory_unlock($1::int, $2::int)`, lockClass, migrationsObject)
	}, err
}

// keepAlive lets Postgres notice within half a minute that this machine is gone: with its defaults it holds the lock
// for two hours. An idle connection is what it is, whatever the operator lets Postgres do to others.
func (l *serverLock) keepAlive(ctx context.Context) {
	for _, setting := range []string{
		"tcp_keepalives_idle = 10", "tcp_keepalives_interval = 5", "tcp_keepalives_count = 4",
		"idle_session_timeout = 0",
	} {
		_, _ = l.conn.Exec(ctx, "SET "+setting) // an older Postgres does not know the last one
	}
}

// holder describes who has the lock, one of them where nodes of a cluster share it. A role that may not see others'
// connections learns only that there is one.
func (l *serverLock) holder(ctx context.Context) (who string, cluster bool) {
	ctx, cancel := context.WithTimeout(ctx, lockTimeout)
	defer cancel()
	var process int
	var name, address string
	var since time.Time
	err := l.conn.QueryRow(
		ctx,
		`SELECT a.pid, COALESCE(a.application_name, ''), COALESCE(host(a.client_addr), 'a local socket'),
		COALESCE(a.backend_start, now()), l.mode = 'ShareLock'
		FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid WHERE l.locktype = 'advisory' AND l.granted
		AND l.classid = $1::oid AND l.objid = $2::oid AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
		ORDER BY a.backend_start LIMIT 1`,
		lockClass, lockObject,
	).
		Scan(&process, &name, &address, &since, &cluster)
	if err != nil {
		return "a server that the database does not describe", l.shared
	}
	return fmt.Sprintf(
		"%s, connected from %s since %s (Postgres process %d)",
		strings.TrimSpace(name),
		address,
		fault.InstantOf(since).String(),
		process,
	), cluster
}

// isSameDatabase reports whether a pool sees the lock: it is in the same database.
func (l *serverLock) isSameDatabase(ctx context.Context, s *Store) (bool, error) {
	var seen bool
	err := s.row(
		ctx,
		s.write,
		`SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid = ? AND classid = CAST(? AS oid)
		AND objid = CAST(? AS oid) AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))`,
		int64(l.conn.PgConn().PID()),
		int64(lockClass),
		int64(lockObject),
	).
		Scan(&seen)
	return seen, err
}

// incarnationName is the row of meta that names the server whose database this is. Nodes of a cluster share a value
// that begins with clusterPrefix.
const (
	incarnationName = "server"
	clusterPrefix   = "cluster "
)

// watch keeps the lock: it asks the connection for a sign of life, and takes the lock again on a new one when it is
// dead. Where another server has had the database meanwhile, lost receives a LostError.
func (l *serverLock) watch(s *Store, incarnation string, every time.Duration, logged func(problem string)) {
	ctx, cancel := context.WithCancel(context.Background())
	l.stop = cancel
	go func() {
		defer close(l.ended)
		tick := time.NewTicker(every)
		defer tick.Stop()
		for down := false; ; {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			var again bool
			err := guard.Run("the watch over the lock of the database", func() (err error) {
				again, err = l.check(ctx, s, incarnation)
				return err
			})
			var lost *LostError
			switch {
			case ctx.Err() != nil:
				return
			case errors.As(err, &lost):
				l.lost <- err
				return
			case err != nil && !down:
				logged(
					"the connection that holds the lock of the database is dead, and cannot be made again yet: " + err.Error(),
				)
			case err == nil && again:
				logged("the connection that holds the lock of the database was dead; the lock is held again")
			}
			down = err != nil
		}
	}()
}

// LostError reports that another server has the database, or has had it.
type LostError struct{ By string }

func (e *LostError) Error() string {
	return "store: the database was lost to another server: " + e.By
}

// check keeps the lock; again means that it was taken again.
func (l *serverLock) check(ctx context.Context, s *Store, incarnation string) (again bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, 2*lockTimeout)
	defer cancel()
	if l.conn != nil {
		if err := l.alive(ctx); err == nil {
			return false, nil
		}
		_ = l.disconnect() // it is dead
	}
	held, err := l.try(ctx)
	if err != nil {
		return false, errors.Join(err, l.disconnect())
	}
	if !held {
		by, _ := l.holder(ctx)
		return false, &LostError{By: by}
	}
	var now []byte
	if err := s.row(ctx, s.write, `SELECT value FROM meta WHERE name = ?`, incarnationName).Scan(&now); err != nil {
		return false, errors.Join(err, l.disconnect()) // releases the lock, to be asked again
	}
	if string(now) != incarnation {
		return false, &LostError{By: "it has gone again, and has ended the sessions of this one"}
	}
	return true, nil
}

func (l *serverLock) alive(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, lockTimeout)
	defer cancel()
	_, err := l.conn.Exec(ctx, `SELECT 1`)
	return err
}

func (l *serverLock) disconnect() error {
	if l.conn == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), lockTimeout)
	defer cancel()
	err := l.conn.Close(ctx)
	l.conn = nil
	return err
}

// release releases the lock.
func (l *serverLock) release() {
	if l.stop != nil {
		l.stop()
		<-l.ended
	}
	_ = l.disconnect() // Postgres releases the lock with the connection, however that ends
}

// claim writes this server into the database that it holds. A node leaves what other nodes wrote there.
func (s *Store) claim(ctx context.Context) (incarnation string, err error) {
	incarnation = rand.Text()
	if s.server.shared {
		incarnation = clusterPrefix + incarnation
	}
	var held []byte
	err = s.row(ctx, s.write, `INSERT INTO meta (name, value) VALUES (?, ?)
		ON CONFLICT (name) DO UPDATE SET value = CASE WHEN ? AND meta.value LIKE ? THEN meta.value ELSE excluded.value END
		RETURNING value`, incarnationName, []byte(incarnation), s.server.shared, []byte(clusterPrefix+"%")).Scan(&held)
	return string(held), err
}

// Lost fires when another server has taken the database over: this one must stop, for its sessions have been ended in
// it. It never fires on SQLite, whose lock ends with the process.
func (s *Store) Lost() <-chan error {
	if s.server == nil {
		return nil
	}
	return s.server.lost
}
