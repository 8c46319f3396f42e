// Package placement chooses the node of a meeting, and of a job of egress, by what is known of the nodes. It is
// arithmetic: the same nodes and the same want lead to the same choice on every node.
//
// A meeting stays where it was placed until its node drains or is lost. Nothing moves to even out the load: a move
// costs everybody in the meeting a new negotiation of media.
package placement

import (
	"cmp"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	// similar is how much busier than the least loaded one a node may be and count as equal.
	similar = 0.05
	// Of many nodes, only some are compared for one key: the eighth part, and no fewer than three. Loads are a second
	// old, and all nodes place at once: the least loaded of a hundred would get everything that comes in that second.
	fewest, part = 3, 8
)

// Node is one that is alive.
type Node struct {
	Name     string
	Region   string
	Version  string   // of the program: 1.4.0
	Roles    []string // what it does: meetings, egress
	Draining bool     // it is about to stop
	Load     Load
}

// Load is what a node does.
type Load struct {
	Meetings, Participants, Jobs int
	CPU                          float64 // use of all its processors, 0 to 1
	Full                         bool    // it takes nothing new
}

// score is how loaded a node is. The processors count as they are; what has come so recently that they do not show it
// yet counts through the numbers: 1000 participants, or 40 jobs, are about a machine.
func (l Load) score() float64 {
	return l.CPU + float64(l.Participants+2*l.Meetings+25*l.Jobs)/1000
}

// Want is what a node is looked for.
type Want struct {
	Key  string // id of the meeting or job: of nodes that are equally loaded, different keys choose different ones
	Role string // which the node must have

	// GeoFence is the region in which the meeting must live, and nowhere else; empty: anywhere. It is not observed where
	// no node names a region: such a cluster is one region, whatever it is called.
	GeoFence string
	Region   string // that is preferred: where whoever asks is
	Version  string // that wrote what the node goes on with; older ones are used where there is no other
	Near     string // name of a node that is preferred to equally loaded ones
	Not      string // name of a node that is used only where there is no other: the meeting's own, for its jobs

	// Running says that it runs already and needs another node. A full one is better than none.
	Running bool
}

// Choose returns the name of the node for want; false: there is none, and Why returns the reason.
func Choose(nodes []Node, want Want) (name string, ok bool) {
	left, _ := fitting(nodes, want)
	if len(left) == 0 {
		return "", false
	}
	// Each preference keeps the nodes that meet it, if there are any.
	left = prefer(left, func(n *Node) bool { return !n.Load.Full })
	left = prefer(left, func(n *Node) bool { return n.Name != want.Not })
	left = prefer(left, func(n *Node) bool { return want.Region == "" || n.Region == want.Region })
	left = prefer(left, func(n *Node) bool { return want.Version == "" || compareVersions(n.Version, want.Version) >= 0 })
	weights := make(map[string]uint64, len(left))
	for _, n := range left {
		weights[n.Name] = weight(want.Key, n.Name)
	}
	slices.SortFunc(left, func(a, b *Node) int {
		return cmp.Or(-cmp.Compare(weights[a.Name], weights[b.Name]), cmp.Compare(a.Name, b.Name))
	})
	some := left[:min(len(left), max(fewest, len(left)/part))]
	least := some[0].Load.score()
	for _, n := range some {
		least = min(least, n.Load.score())
	}
	for _, n := range left {
		if n.Name == want.Near && n.Load.score() <= least+similar {
			return n.Name, true
		}
	}
	i := slices.IndexFunc(some, func(n *Node) bool { return n.Load.score() <= least+similar })
	return some[i].Name, true
}

// prefer returns the nodes for which good is true, or all if it is true for none.
func prefer(nodes []*Node, good func(*Node) bool) []*Node {
	var kept []*Node
	for _, n := range nodes {
		if good(n) {
			kept = append(kept, n)
		}
	}
	if len(kept) == 0 {
		return nodes
	}
	return kept
}

// weight is the rank of a node for a key.
func weight(key, name string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(key))
	h.Write([]byte{0})
	h.Write([]byte(name))
	x := h.Sum64() // names that differ in the last letter have close sums: mix them, as MurmurHash3 ends
	x = (x ^ x>>33) * 0xff51afd7ed558ccd
	x = (x ^ x>>33) * 0xc4ceb9fe1a85ec53
	return x ^ x>>33
}

// Refusal is why no node was chosen.
type Refusal int

// The reasons, in the order in which they are judged.
const (
	None     Refusal = iota // a node was chosen
	NoNode                  // no node has the role
	NoRegion                // none of those is in the region of geoFence
	Draining                // all of those are about to stop
	Full                    // all of those are full
)

// String returns a text for logs.
func (r Refusal) String() string {
	switch r {
	case NoNode:
		return "no node has the role"
	case NoRegion:
		return "no node is in the region"
	case Draining:
		return "all nodes are draining"
	case Full:
		return "all nodes are full"
	default:
		return "none"
	}
}

// Why returns why Choose finds no node.
func Why(nodes []Node, want Want) Refusal {
	_, why := fitting(nodes, want)
	return why
}

// fitting returns the nodes that may be chosen at all, or why there are none.
func fitting(nodes []Node, want Want) ([]*Node, Refusal) {
	regions := slices.ContainsFunc(nodes, func(n Node) bool { return n.Region != "" })
	var left []*Node
	for i := range nodes {
		left = append(left, &nodes[i])
	}
	for _, rule := range []struct {
		fits func(*Node) bool
		why  Refusal
	}{
		{func(n *Node) bool { return slices.Contains(n.Roles, want.Role) }, NoNode},
		{func(n *Node) bool { return want.GeoFence == "" || !regions || n.Region == want.GeoFence }, NoRegion},
		{func(n *Node) bool { return !n.Draining }, Draining},
		{func(n *Node) bool { return want.Running || !n.Load.Full }, Full},
	} {
		left = slices.DeleteFunc(left, func(n *Node) bool { return !rule.fits(n) })
		if len(left) == 0 {
			return nil, rule.why
		}
	}
	return left, None
}

// compareVersions compares versions number by number; what follows a - or + does not count.
func compareVersions(a, b string) int {
	x, y := numbers(a), numbers(b)
	for i := range max(len(x), len(y)) {
		var p, q int
		if i < len(x) {
			p = x[i]
		}
		if i < len(y) {
			q = y[i]
		}
		if p != q {
			return cmp.Compare(p, q)
		}
	}
	return 0
}

func numbers(version string) []int {
	if i := strings.IndexAny(version, "-+"); i >= 0 {
		version = version[:i]
	}
	var numbers []int
	for part := range strings.SplitSeq(strings.TrimPrefix(version, "v"), ".") {
		n, _ := strconv.Atoi(part)
		numbers = append(numbers, n)
	}
	return numbers
}

// recent is how long a choice counts beside what a node reports: until its next report shows it.
const recent = 2 * time.Second

// usual is how many participants a meeting is taken to have until its node reports them.
const usual = 4

// Recent are the choices of the last seconds of one node, which the loads that others report do not show yet. Its zero
// value is ready. It is not safe for concurrent use.
type Recent struct{ choices []choice }

type choice struct {
	at   time.Duration
	node string
	load Load
}

// Chose remembers that a meeting, or with job a job, was placed on a node.
func (r *Recent) Chose(now time.Duration, node string, job bool) {
	load := Load{Meetings: 1, Participants: usual}
	if job {
		load = Load{Jobs: 1}
	}
	r.choices = append(r.choices, choice{at: now, node: node, load: load})
}

// With returns the nodes with what was chosen lately on top of their loads.
func (r *Recent) With(nodes []Node, now time.Duration) []Node {
	r.choices = slices.DeleteFunc(r.choices, func(c choice) bool { return now-c.at >= recent })
	if len(r.choices) == 0 {
		return nodes
	}
	added := make(map[string]Load, len(nodes))
	for _, c := range r.choices {
		sum := added[c.node]
		sum.Meetings += c.load.Meetings
		sum.Participants += c.load.Participants
		sum.Jobs += c.load.Jobs
		added[c.node] = sum
	}
	nodes = slices.Clone(nodes)
	for i := range nodes {
		l, sum := &nodes[i].Load, added[nodes[i].Name]
		l.Meetings += sum.Meetings
		l.Participants += sum.Participants
		l.Jobs += sum.Jobs
	}
	return nodes
}
