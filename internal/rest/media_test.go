package rest_test

import (
	"context"

	"github.com/klatch/klatch/internal/meeting"
	"github.com/klatch/klatch/internal/wire"
)

// noMedia stands in for forwarding: REST never touches media, and who joins here publishes nothing.
type noMedia struct{ meeting.Media }

func (noMedia) Attach(context.Context, meeting.Peer) error  { return nil }
func (noMedia) Detach(meeting.Peer)                         {}
func (noMedia) SetStream(meeting.Peer, wire.Kind, bool)     {}
func (noMedia) Subscribe(meeting.Peer, []meeting.StreamRef) {}
