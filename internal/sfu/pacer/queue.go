package pacer

// queue is a first-in, first-out queue whose memory is used again. Its owner bounds it.
type queue[T any] struct {
	entries []entry[T] // a ring; its length is a power of two
	head, n int
	bytes   int64 // sum of the sizes
}

type entry[T any] struct {
	item T
	size int
}

const (
	firstEntries = 16
	// keptEntries is the room that an empty queue keeps; more is needed once in a while, for a large key frame.
	keptEntries = 64
)

func (q *queue[T]) at(i int) *entry[T] { return &q.entries[(q.head+i)&(len(q.entries)-1)] }

func (q *queue[T]) push(item T, size int) {
	if q.n == len(q.entries) {
		larger := make([]entry[T], max(2*q.n, firstEntries))
		for i := range q.n {
			larger[i] = *q.at(i)
		}
		q.entries, q.head = larger, 0
	}
	q.n++
	q.bytes += int64(size)
	*q.at(q.n - 1) = entry[T]{item, size}
}

// pop removes the first entry of a queue that is not empty.
func (q *queue[T]) pop() (T, int) {
	first := q.at(0)
	item, size := first.item, first.size
	*first = entry[T]{} // holds nothing any more
	q.head++
	q.n--
	q.bytes -= int64(size)
	q.shrink()
	return item, size
}

// shrink returns the memory of an empty queue that was long.
func (q *queue[T]) shrink() {
	if q.n == 0 && len(q.entries) > keptEntries {
		q.entries, q.head = nil, 0
	}
}

// remove removes what discard is true for.
func (q *queue[T]) remove(discard func(T) bool) {
	kept := 0
	for i := range q.n {
		e := *q.at(i)
		if discard(e.item) {
			q.bytes -= int64(e.size)
			continue
		}
		*q.at(kept) = e
		kept++
	}
	for i := kept; i < q.n; i++ {
		*q.at(i) = entry[T]{}
	}
	q.n = kept
	q.shrink()
}
