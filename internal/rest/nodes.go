package rest

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/job"
)

// NodeEntry is a node of the cluster, as the one that answers knows it.
type NodeEntry struct {
	Name         string      `json:"name" doc:"As cluster.node; \"\" of a server that is alone."`
	Incarnation  string      `json:"incarnation" doc:"Of this run; a node that has lost its leases has a new one."`
	Address      string      `json:"address" doc:"host:port at which other nodes reach it; \"\" of a server that is alone."`
	URL          string      `json:"url" doc:"Public address, as clients reach it."`
	Version      string      `json:"version"`
	Region       string      `json:"region" doc:"As cluster.region."`
	Roles        []string    `json:"roles" doc:"As cluster.roles."`
	Draining     bool        `json:"draining" doc:"true: it is being drained or is about to stop, and nothing new is placed on it."`
	Self         bool        `json:"self" doc:"true of the node that answers."`
	Meetings     int         `json:"meetings" doc:"Sessions that live on it."`
	Participants int         `json:"participants"`
	Jobs         int         `json:"jobs" doc:"Recordings, livestreams and HLS that it makes."`
	CPU          float64     `json:"cpu" doc:"Use of all its processors, 0 to 1."`
	Drain        *Drain      `json:"drain,omitempty" doc:"What its drain waits for, while an operator drains it; absent where it does not answer within 2 s."`
	Leases       []NodeLease `json:"leases" doc:"Of the node that answers: where it renews its lease. It may serve while one of both works."`
}

// NodeLease is one of the places in which a node renews its lease.
type NodeLease struct {
	Place     string `json:"place" doc:"postgres or nats."`
	Works     bool   `json:"works" doc:"A renewal was acknowledged lately."`
	RenewedMs int64  `json:"renewedMs" doc:"How long ago the last renewal was acknowledged."`
	Problem   string `json:"problem" doc:"What the last renewal failed with; \"\": nothing."`
}

// Drainer drains the node that answers. Errors are *fault.Error.
type Drainer interface {
	// Drain begins to move the meetings of the node to other nodes, where that has not begun yet.
	Drain() (Drain, error)
	// State reports whether the node is drained.
	State() (Drain, error)
	// Undrain lets the node take meetings again.
	Undrain() (Drain, error)
}

// Drain is whether the node that answers is drained, and what still runs on it.
type Drain struct {
	Node     string `json:"node" doc:"Name of the node that answers."`
	State    string `json:"state" enum:"serving,draining,drained" doc:"drained: no meeting and no job is left on it."`
	Meetings int    `json:"meetings" doc:"Meetings that still live on it."`
	Jobs     int    `json:"jobs" doc:"Recordings, livestreams, HLS and transcodings that it still makes."`
	Problem  string `json:"problem" doc:"Why meetings were left when it last tried to move them; \"\": none were. It tries again."`

	ForMs   int64      `json:"forMs" doc:"How long it has been drained; 0 while it serves."`
	Waiting []DrainJob `json:"waiting" doc:"The jobs that the drain waits for, oldest first; [] while it serves."`
}

// DrainJob is a job that keeps a node from being drained.
type DrainJob struct {
	ID      string    `json:"id"`
	Kind    job.Kind  `json:"kind"`
	RoomID  string    `json:"roomId"`
	State   job.State `json:"state" doc:"STOPPING: its file or stream is being finished and uploaded."`
	ForMs   int64     `json:"forMs" doc:"How long it has been in its way: since the drain began, or the job did after that."`
	Problem string    `json:"problem" doc:"Why no other node goes on with it, as it was last tried; \"\": it moves, starts or ends. A transcoding does not move."`
}

func (a *API) nodeRoutes() {
	adminOnly(a, huma.Operation{
		OperationID: "admin-list-nodes", Method: http.MethodGet, Path: "/admin/v1/nodes",
		Summary: "List the nodes of the cluster that are alive", Tags: []string{"Admin: overview"},
		Description: "The node that answers is the first one. A server that is alone is the only one.",
	}, func(ctx context.Context, in *struct{ PageQuery }) (*body[Page[NodeEntry]], error) {
		var nodes []NodeEntry
		if a.opts.Nodes != nil {
			nodes = a.opts.Nodes(ctx)
		}
		page := Page[NodeEntry]{in.info(len(nodes)), []NodeEntry{}}
		page.Data = append(page.Data, slice(in.PageQuery, nodes)...)
		return &body[Page[NodeEntry]]{page}, nil
	})
	adminOnly(a, huma.Operation{
		OperationID: "admin-drain-node", Method: http.MethodPost, Path: "/admin/v1/drain",
		Summary: "Drain the node that answers", Tags: []string{"Admin: overview"},
		Description: "Nothing new is placed on the node. Its meetings move to other nodes one by one, under the same " +
			"session, and other nodes go on with its recordings, livestreams and HLS, each as another job: see " +
			"docs/cluster.md. The node goes on running. The answer comes at once; GET has what is left. A " +
			"server that is alone refuses with 4110 NO_CLUSTER.",
	}, func(ctx context.Context, _ *struct{}) (*body[Drain], error) {
		return a.drain(ctx, Drainer.Drain)
	})
	adminOnly(a, huma.Operation{
		OperationID: "admin-get-drain", Method: http.MethodGet, Path: "/admin/v1/drain",
		Summary: "Read whether the node that answers is drained", Tags: []string{"Admin: overview"},
	}, func(ctx context.Context, _ *struct{}) (*body[Drain], error) {
		return a.drain(ctx, Drainer.State)
	})
	adminOnly(a, huma.Operation{
		OperationID: "admin-undrain-node", Method: http.MethodDelete, Path: "/admin/v1/drain",
		Summary: "Let the node that answers take meetings again", Tags: []string{"Admin: overview"},
		Description: "Meetings and jobs that have moved stay where they are.",
	}, func(ctx context.Context, _ *struct{}) (*body[Drain], error) {
		return a.drain(ctx, Drainer.Undrain)
	})
}

func (a *API) drain(ctx context.Context, call func(Drainer) (Drain, error)) (*body[Drain], error) {
	if a.opts.Drainer == nil {
		return nil, fault.RequestNotOfferedNoCluster(methodOf(ctx))
	}
	state, err := call(a.opts.Drainer)
	if err != nil {
		return nil, err
	}
	return &body[Drain]{state}, nil
}
