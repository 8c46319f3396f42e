package cluster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/klatch/klatch/internal/bus"
	"github.com/klatch/klatch/internal/cluster/lease"
	"github.com/klatch/klatch/internal/record"
)

// leaseBucket is the bucket of the leases.
const leaseBucket = "nodes"

// fenceTries is how often a renewal is compared and written anew, where another one of the same node came between.
const fenceTries = 3

// busArbiter is the place for leases in a bucket of NATS: one key for each incarnation. The version of a lease is the
// number of its renewal and not the revision of its value: revisions begin again when NATS loses its data, and a node
// that was away meanwhile would take a new renewal for the one that it knows.
type busArbiter struct {
	bus bus.Bus

	mu       sync.Mutex // guards everything below
	renewals uint64     // of this process
	own      record.NodeID
	revision uint64 // of the last renewal of own; 0: none is known
}

// busLease is the value of a key.
type busLease struct {
	Renewal uint64          `json:"renewal"`
	Info    json.RawMessage `json:"info,omitempty"`
	Fenced  bool            `json:"fenced,omitempty"`
}

func leaseKey(id record.NodeID) string { return id.Name + "." + id.Incarnation }

// Renew implements lease.Arbiter.
func (a *busArbiter) Renew(ctx context.Context, id record.NodeID, info json.RawMessage) error {
	bucket, err := a.bus.Bucket(ctx, leaseBucket)
	if err != nil {
		return err
	}
	a.mu.Lock()
	if a.own != id {
		a.own, a.revision = id, 0
	}
	a.renewals++
	revision, renewal := a.revision, a.renewals
	a.mu.Unlock()
	value, err := json.Marshal(busLease{Renewal: renewal, Info: info})
	if err != nil {
		return err
	}
	for range fenceTries {
		if revision == 0 {
			revision, err = bucket.Create(ctx, leaseKey(id), value)
		} else {
			revision, err = bucket.Update(ctx, leaseKey(id), value, revision)
		}
		if err == nil {
			a.mu.Lock()
			if a.own == id && revision > a.revision {
				a.revision = revision
			}
			a.mu.Unlock()
			return nil
		}
		if !errors.Is(err, bus.ErrConflict) {
			return err
		}
		// It was fenced, or a renewal whose answer did not come was written, or NATS has lost the bucket.
		entry, err := bucket.Get(ctx, leaseKey(id))
		switch {
		case errors.Is(err, bus.ErrNotFound):
			revision = 0
			continue
		case err != nil:
			return err
		}
		var found busLease
		if err := json.Unmarshal(entry.Value, &found); err != nil {
			return fmt.Errorf("lease of %s: %w", leaseKey(id), err)
		}
		if found.Fenced {
			return lease.ErrFenced
		}
		revision = entry.Revision
	}
	return fmt.Errorf("lease of %s: %w", leaseKey(id), bus.ErrConflict)
}

// List implements lease.Arbiter.
func (a *busArbiter) List(ctx context.Context) ([]lease.Lease, error) {
	bucket, err := a.bus.Bucket(ctx, leaseBucket)
	if err != nil {
		return nil, err
	}
	entries, err := bucket.List(ctx)
	if err != nil {
		return nil, err
	}
	var leases []lease.Lease
	for _, e := range entries {
		var value busLease
		name, incarnation, ok := strings.Cut(e.Key, ".")
		if err := json.Unmarshal(e.Value, &value); err != nil || !ok {
			continue // not of a node
		}
		leases = append(leases, lease.Lease{
			ID: record.NodeID{Name: name, Incarnation: incarnation}, Version: value.Renewal, Info: value.Info,
			Fenced: value.Fenced,
		})
	}
	return leases, nil
}

// Fence implements lease.Arbiter.
func (a *busArbiter) Fence(ctx context.Context, id record.NodeID, version uint64) (bool, error) {
	bucket, err := a.bus.Bucket(ctx, leaseBucket)
	if err != nil {
		return false, err
	}
	value, err := json.Marshal(busLease{Renewal: max(version, 1), Fenced: true})
	if err != nil {
		return false, err
	}
	if version == 0 {
		_, err = bucket.Create(ctx, leaseKey(id), value)
	} else {
		var entry bus.Entry
		if entry, err = bucket.Get(ctx, leaseKey(id)); err != nil {
			return false, ignoreNotFound(err)
		}
		var found busLease
		if err := json.Unmarshal(entry.Value, &found); err != nil {
			return false, fmt.Errorf("lease of %s: %w", leaseKey(id), err)
		}
		if found.Fenced || found.Renewal != version {
			return false, nil
		}
		_, err = bucket.Update(ctx, leaseKey(id), value, entry.Revision)
	}
	if errors.Is(err, bus.ErrConflict) {
		return false, nil
	}
	return err == nil, err
}

func ignoreNotFound(err error) error {
	if errors.Is(err, bus.ErrNotFound) {
		return nil
	}
	return err
}

// place is one of the two places of leases, with what is known of its calls.
type place struct {
	lease.Arbiter
	renewed, failed, fenced atomic.Uint64 // renewals by result

	mu  sync.Mutex // guards everything below
	at  time.Time  // of the last renewal that was acknowledged
	err error      // of the last renewal; nil: it was acknowledged
}

// Renew implements lease.Arbiter.
func (p *place) Renew(ctx context.Context, id record.NodeID, info json.RawMessage) error {
	err := p.Arbiter.Renew(ctx, id, info)
	switch {
	case err == nil:
		p.renewed.Add(1)
	case errors.Is(err, lease.ErrFenced):
		p.fenced.Add(1)
	case errors.Is(ctx.Err(), context.Canceled): // the node is closing
		return err
	default:
		p.failed.Add(1)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err = err; err == nil {
		p.at = time.Now()
	}
	return err
}

// PlaceStatus is how one of the two places of leases works.
type PlaceStatus struct {
	Name                    string        // postgres or nats
	Since                   time.Duration // the last renewal that was acknowledged
	Err                     error         // of the last renewal; nil: it was acknowledged
	Renewed, Failed, Fenced uint64        // renewals by result
}

// Works reports whether a renewal was acknowledged lately.
func (s PlaceStatus) Works() bool { return s.Since < lease.Hold }

func (p *place) status(name string, opened time.Time) PlaceStatus {
	p.mu.Lock()
	defer p.mu.Unlock()
	at := p.at
	if at.IsZero() {
		at = opened
	}
	return PlaceStatus{
		Name: name, Since: time.Since(at), Err: p.err, Renewed: p.renewed.Load(), Failed: p.failed.Load(),
		Fenced: p.fenced.Load(),
	}
}
