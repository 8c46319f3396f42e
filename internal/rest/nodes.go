package rest

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
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
	Draining     bool        `json:"draining" doc:"true: it is about to stop, and nothing new is placed on it."`
	Self         bool        `json:"self" doc:"true of the node that answers."`
	Meetings     int         `json:"meetings" doc:"Sessions that live on it."`
	Participants int         `json:"participants"`
	Jobs         int         `json:"jobs" doc:"Recordings, livestreams and HLS that it makes."`
	CPU          float64     `json:"cpu" doc:"Use of all its processors, 0 to 1."`
	Leases       []NodeLease `json:"leases" doc:"Of the node that answers: where it renews its lease. It may serve while one of both works."`
}

// NodeLease is one of the places in which a node renews its lease.
type NodeLease struct {
	Place     string `json:"place" doc:"postgres or nats."`
	Works     bool   `json:"works" doc:"A renewal was acknowledged lately."`
	RenewedMs int64  `json:"renewedMs" doc:"How long ago the last renewal was acknowledged."`
	Problem   string `json:"problem" doc:"What the last renewal failed with; \"\": nothing."`
}

func (a *API) nodeRoutes() {
	adminOnly(a, huma.Operation{
		OperationID: "admin-list-nodes", Method: http.MethodGet, Path: "/admin/v1/nodes",
		Summary: "List the nodes of the cluster that are alive", Tags: []string{"Admin: overview"},
		Description: "The node that answers is the first one. A server that is alone is the only one.",
	}, func(_ context.Context, in *struct{ PageQuery }) (*body[Page[NodeEntry]], error) {
		var nodes []NodeEntry
		if a.opts.Nodes != nil {
			nodes = a.opts.Nodes()
		}
		page := Page[NodeEntry]{in.info(len(nodes)), []NodeEntry{}}
		page.Data = append(page.Data, slice(in.PageQuery, nodes)...)
		return &body[Page[NodeEntry]]{page}, nil
	})
}
