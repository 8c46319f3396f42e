package placement

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var both = []string{"meetings", "egress"}

func TestChoose(t *testing.T) {
	busy := func(participants int) Load { return Load{Participants: participants} }
	for name, c := range map[string]struct {
		nodes []Node
		want  Want
		is    string // "": none
		why   Refusal
	}{
		"no node": {nil, Want{}, "", NoNode},
		"the least loaded": {
			[]Node{{Name: "a", Load: busy(200)}, {Name: "b", Load: busy(80)}, {Name: "c", Load: busy(300)}},
			Want{}, "b", None,
		},
		"busy processors count more than few participants": {
			[]Node{{Name: "a", Load: Load{CPU: 0.7}}, {Name: "b", Load: busy(300)}}, Want{}, "b", None,
		},
		"without the role": {
			[]Node{{Name: "a", Roles: []string{"egress"}}, {Name: "b", Load: busy(500)}}, Want{}, "b", None,
		},
		"only nodes without the role": {[]Node{{Name: "a", Roles: []string{"egress"}}}, Want{}, "", NoNode},
		"draining": {
			[]Node{{Name: "a", Draining: true}, {Name: "b", Load: busy(500)}}, Want{}, "b", None,
		},
		"all draining": {[]Node{{Name: "a", Draining: true}}, Want{Running: true}, "", Draining},
		"in the region of geoFence": {
			[]Node{{Name: "a", Region: "us001"}, {Name: "b", Region: "eu001", Load: busy(800)}},
			Want{GeoFence: "eu001"}, "b", None,
		},
		"nothing in the region of geoFence": {
			[]Node{{Name: "a", Region: "us001"}, {Name: "b"}}, Want{GeoFence: "eu001", Running: true}, "", NoRegion,
		},
		"only draining nodes in the region of geoFence": {
			[]Node{{Name: "a", Region: "us001"}, {Name: "b", Region: "eu001", Draining: true}},
			Want{GeoFence: "eu001"}, "", Draining,
		},
		"a cluster that names no region is one": {[]Node{{Name: "a"}}, Want{GeoFence: "eu001"}, "a", None},
		"geoFence before the region of who asks": {
			[]Node{{Name: "a", Region: "us001"}, {Name: "b", Region: "eu001"}},
			Want{GeoFence: "eu001", Region: "us001"}, "b", None,
		},
		"the region of who asks": {
			[]Node{{Name: "a", Region: "us001"}, {Name: "b", Region: "eu001", Load: busy(500)}},
			Want{Region: "eu001"}, "b", None,
		},
		"the region of who asks is full": {
			[]Node{{Name: "a", Region: "us001"}, {Name: "b", Region: "eu001", Load: Load{CPU: 0.95, Full: true}}},
			Want{Region: "eu001"}, "a", None,
		},
		"all full":              {[]Node{{Name: "a", Load: Load{CPU: 0.95, Full: true}}}, Want{}, "", Full},
		"all full, and it runs": {[]Node{{Name: "a", Load: Load{CPU: 0.95, Full: true}}}, Want{Running: true}, "a", None},
		"one full, and it runs": {
			[]Node{{Name: "a", Load: Load{CPU: 0.95, Full: true}}, {Name: "b", Load: busy(2000)}},
			Want{Running: true}, "b", None,
		},
		"near, as loaded": {
			[]Node{{Name: "a"}, {Name: "b", Load: busy(30)}, {Name: "c"}}, Want{Near: "b"}, "b", None,
		},
		"near, and more loaded":    {[]Node{{Name: "a"}, {Name: "b", Load: busy(90)}}, Want{Near: "b"}, "a", None},
		"a job beside its meeting": {[]Node{{Name: "a"}, {Name: "b", Load: busy(500)}}, Want{Not: "a"}, "b", None},
		"a job where else is none": {[]Node{{Name: "a"}}, Want{Not: "a"}, "a", None},
		"a job where else is full": {
			[]Node{{Name: "a"}, {Name: "b", Load: Load{CPU: 0.95, Full: true}}}, Want{Not: "a"}, "a", None,
		},
		"not an older version": {
			[]Node{{Name: "a", Version: "1.9.3"}, {Name: "b", Version: "1.10.0", Load: busy(500)}},
			Want{Version: "1.10.0-rc1"}, "b", None,
		},
		"only older versions": {[]Node{{Name: "a", Version: "1.9.3"}}, Want{Version: "v1.10"}, "a", None},
		"a newer version will do": {
			[]Node{{Name: "a", Version: "2.0.0"}, {Name: "b", Version: "1.10.0", Load: busy(500)}},
			Want{Version: "1.10.0"}, "a", None,
		},
		"a version that is no such": {[]Node{{Name: "a", Version: "?"}}, Want{Version: "x.y"}, "a", None},
	} {
		t.Run(name, func(t *testing.T) {
			for i := range c.nodes {
				if c.nodes[i].Roles == nil {
					c.nodes[i].Roles = both
				}
			}
			c.want.Role = "meetings"
			is, ok := Choose(c.nodes, c.want)
			require.Equal(t, c.is, is)
			require.Equal(t, c.is != "", ok)
			require.Equal(t, c.why, Why(c.nodes, c.want))
			slices.Reverse(c.nodes)
			is, _ = Choose(c.nodes, c.want)
			require.Equal(t, c.is, is, "the order does not matter")
		})
	}
}

// Nodes that are equally loaded share what comes, though nobody knows what the others have just chosen.
func TestEqualNodesShare(t *testing.T) {
	var nodes []Node
	for i := range 10 {
		nodes = append(nodes, Node{Name: fmt.Sprintf("node-%d", i), Roles: both})
	}
	chosen := map[string]int{}
	for i := range 1000 {
		name, ok := Choose(nodes, Want{Key: fmt.Sprintf("m%d", i), Role: "meetings"})
		require.True(t, ok)
		chosen[name]++
	}
	for _, n := range nodes {
		require.InDelta(t, 100, chosen[n.Name], 40, n.Name)
	}
}

func TestRecent(t *testing.T) {
	var r Recent
	nodes := []Node{{Name: "a", Roles: both}, {Name: "b", Roles: both, Load: Load{Meetings: 1, Participants: 99}}}
	for range 20 {
		r.Chose(time.Second, "a", false)
	}
	r.Chose(time.Second, "b", true)
	with := r.With(nodes, 2*time.Second)
	require.Equal(t, Load{Meetings: 20, Participants: 20 * usual}, with[0].Load)
	require.Equal(t, Load{Meetings: 1, Participants: 99, Jobs: 1}, with[1].Load)
	require.Equal(t, Load{}, nodes[0].Load, "what was reported stays as it is")
	require.Equal(t, nodes, r.With(nodes, 3*time.Second), "by then the nodes report it")
}

// cloud is a cluster whose nodes report their load once a second, and place meetings by what they know of each other.
type cloud struct {
	rng      *rand.Rand
	now      time.Duration
	nodes    []Node             // as they are
	reported []Node             // as the others know them
	placers  map[string]*Recent // of each node
	where    map[int]int        // meeting: index of its node
	people   map[int]int        // meeting: how many
	moves    int
}

// meetingSize returns how many people a meeting will have: many small ones, and few with hundreds.
func (c *cloud) meetingSize() int {
	switch p := c.rng.IntN(100); {
	case p < 40:
		return 2
	case p < 80:
		return 3 + c.rng.IntN(6)
	case p < 97:
		return 10 + c.rng.IntN(20)
	default:
		return 50 + c.rng.IntN(150)
	}
}

func (c *cloud) place(meeting, size int, running bool) {
	at := ""
	for at == "" || c.nodes[c.index(at)].Draining {
		at = c.nodes[c.rng.IntN(len(c.nodes))].Name
	}
	placer := c.placers[at]
	if placer == nil {
		placer = &Recent{}
		c.placers[at] = placer
	}
	want := Want{Key: fmt.Sprint(meeting), Role: "meetings", Running: running}
	name, ok := Choose(placer.With(c.reported, c.now), want)
	if !ok {
		panic("no node for a meeting")
	}
	placer.Chose(c.now, name, false)
	i := c.index(name)
	c.where[meeting], c.people[meeting] = i, size
	c.load(i, 1, size)
}

func (c *cloud) index(name string) int {
	return slices.IndexFunc(c.nodes, func(n Node) bool { return n.Name == name })
}

func (c *cloud) load(node, meetings, people int) {
	l := &c.nodes[node].Load
	l.Meetings += meetings
	l.Participants += people
	l.CPU = float64(l.Participants) / 2000
}

// tick is half a second; every other one, all nodes report.
func (c *cloud) tick(n int) {
	c.now += 500 * time.Millisecond
	if n%2 == 0 {
		c.reported = slices.Clone(c.nodes)
	}
}

// balance returns the most loaded of the nodes that are not draining, over their mean.
func (c *cloud) balance() float64 {
	most, sum, n := 0, 0, 0
	for i := range c.nodes {
		if p := c.nodes[i].Load.Participants; !c.nodes[i].Draining {
			most, sum, n = max(most, p), sum+p, n+1
		}
	}
	return float64(most) / (float64(sum) / float64(n))
}

// empty moves the meetings of a node elsewhere, as a drain and a takeover do, so many per half second.
func (c *cloud) empty(node, perTick int) {
	c.nodes[node].Draining = true
	c.reported = slices.Clone(c.nodes)
	done := 0
	for meeting := range 20000 {
		if at, ok := c.where[meeting]; !ok || at != node {
			continue
		}
		size := c.people[meeting]
		c.load(node, -1, -size)
		c.place(meeting, size, true)
		c.moves++
		if done++; done%perTick == 0 {
			c.tick(done / perTick)
		}
	}
}

// 10,000 meetings of mixed sizes on 100 nodes: they are spread, and only those of a node that is lost or drains move.
func TestTenThousandMeetings(t *testing.T) {
	c := &cloud{
		rng: rand.New(rand.NewPCG(14, 0)), placers: map[string]*Recent{}, where: map[int]int{}, people: map[int]int{},
	}
	for i := range 100 {
		c.nodes = append(c.nodes, Node{Name: fmt.Sprintf("klatch-%d", i), Roles: both})
	}
	c.reported = slices.Clone(c.nodes)
	people := 0
	for meeting := range 10000 {
		size := c.meetingSize()
		people += size
		c.place(meeting, size, false)
		if meeting%50 == 49 {
			c.tick(meeting / 50) // 100 a second
		}
	}
	t.Logf("%d people in 10000 meetings on 100 nodes: most loaded over mean %.3f", people, c.balance())
	require.Less(t, c.balance(), 1.35)

	was := map[int]int{}
	move := func(what string, do func()) {
		clear(was)
		for m, n := range c.where {
			was[m] = n
		}
		c.moves = 0
		do()
		left := 0
		for m, n := range c.where {
			if was[m] != n {
				require.True(t, c.nodes[was[m]].Draining, "meeting %d moved though its node stays", m)
				left++
			}
		}
		require.GreaterOrEqual(t, c.moves, left, "more than that only where the next node drains too")
		t.Logf("%s: %d meetings moved, most loaded over mean %.3f", what, c.moves, c.balance())
	}
	move("one node is lost", func() { c.empty(0, 1000) })
	require.InDelta(t, 100, c.moves, 60)
	require.Less(t, c.balance(), 1.4)
	move("ten nodes are lost at once", func() {
		for i := 1; i <= 10; i++ {
			c.nodes[i].Draining = true
		}
		for i := 1; i <= 10; i++ {
			c.empty(i, 1000)
		}
	})
	require.Less(t, c.balance(), 1.4)
	move("ten nodes come", func() {
		for i := range 10 {
			c.nodes = append(c.nodes, Node{Name: fmt.Sprintf("klatch-%d", 100+i), Roles: both})
		}
		c.reported = slices.Clone(c.nodes)
	})
	require.Zero(t, c.moves)

	move("2000 meetings end and 4000 begin", func() {
		for m := range 2000 {
			c.load(c.where[m], -1, -c.people[m])
			delete(c.where, m)
			delete(was, m)
		}
		for m := 10000; m < 14000; m++ {
			c.place(m, c.meetingSize(), false)
			was[m] = c.where[m]
			if m%50 == 49 {
				c.tick(m / 50)
			}
		}
	})
	require.Less(t, c.balance(), 1.4)
	move("20 nodes drain one after the other", func() {
		for i := 20; i < 40; i++ {
			c.empty(i, 5)
		}
	})
	require.Less(t, c.balance(), 1.4)
}
