package ratelimit

import (
	"container/list"
	"net/netip"
)

// Queue is what waits for something, in the order in which it came, of all networks and of each. Past a bound its user
// closes the oldest: whoever does at once what is waited for gets through while others fill the queue. The zero value
// is empty. It is not safe for concurrent use.
type Queue[T comparable] struct {
	all    list.List // of T
	byAddr map[netip.Prefix]*list.List
	places map[T]place
}

type place struct {
	network       netip.Prefix
	inAll, inAddr *list.Element
}

// Add puts v at the end. One that is there already keeps its place.
func (q *Queue[T]) Add(network netip.Prefix, v T) {
	if _, ok := q.places[v]; ok {
		return
	}
	if q.places == nil {
		q.places, q.byAddr = map[T]place{}, map[netip.Prefix]*list.List{}
	}
	if q.byAddr[network] == nil {
		q.byAddr[network] = list.New()
	}
	q.places[v] = place{network, q.all.PushBack(v), q.byAddr[network].PushBack(v)}
}

// Remove takes v out. It reports whether v was there.
func (q *Queue[T]) Remove(v T) bool {
	at, ok := q.places[v]
	if !ok {
		return false
	}
	delete(q.places, v)
	q.all.Remove(at.inAll)
	q.byAddr[at.network].Remove(at.inAddr)
	if q.byAddr[at.network].Len() == 0 {
		delete(q.byAddr, at.network)
	}
	return true
}

// Len returns how many there are.
func (q *Queue[T]) Len() int { return q.all.Len() }

// LenOf returns how many there are of a network.
func (q *Queue[T]) LenOf(network netip.Prefix) int {
	if of := q.byAddr[network]; of != nil {
		return of.Len()
	}
	return 0
}

// Oldest returns what came first, if there is any.
func (q *Queue[T]) Oldest() (v T, ok bool) { return front[T](&q.all) }

// OldestOf returns what came first of a network, if there is any.
func (q *Queue[T]) OldestOf(network netip.Prefix) (v T, ok bool) {
	if of := q.byAddr[network]; of != nil {
		return front[T](of)
	}
	return v, false
}

// PastBound returns what must go: the oldest of a network that has more than perNetwork, else the oldest of all when
// there are more than total. A bound of 0 is none.
func (q *Queue[T]) PastBound(network netip.Prefix, perNetwork, total int) (v T, ok bool) {
	switch {
	case perNetwork > 0 && q.LenOf(network) > perNetwork:
		return q.OldestOf(network)
	case total > 0 && q.Len() > total:
		return q.Oldest()
	}
	return v, false
}

// All returns what is in the queue, in its order.
func (q *Queue[T]) All() []T {
	all := make([]T, 0, q.all.Len())
	for at := q.all.Front(); at != nil; at = at.Next() {
		all = append(all, at.Value.(T))
	}
	return all
}

func front[T any](l *list.List) (v T, ok bool) {
	if first := l.Front(); first != nil {
		return first.Value.(T), true
	}
	return v, false
}
