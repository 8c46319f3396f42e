package meeting

import (
	"context"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// Peer and StreamRef are the words that the media part shares with the meeting; they live in wire, where both
// can see them.
type (
	Peer      = wire.Peer
	StreamRef = wire.StreamRef
)

// Media forwards. It is the media part as a meeting sees it: nothing but values cross here, so that it can
// later run in another process or on another machine. All calls are safe for concurrent use and act on a
// peer that Attach made known; calls for an unknown peer do nothing and return no error, for it has just left.
type Media interface {
	// Attach makes a peer known; an earlier participation of the same participant id is replaced. No connection exists
	// until it publishes or subscribes.
	Attach(ctx context.Context, peer Peer) error
	// Detach forgets a peer and closes its connections in the background.
	Detach(peer Peer)
	// Publish answers the offer of the sending connection and returns the streams it carries, with their codec.
	// An SDP that cannot be used is a fault 4107 BAD_SDP.
	Publish(ctx context.Context, peer Peer, offer wire.PublishParams) (wire.PublishResult, error)
	// SetStream switches the forwarding of an own stream; enabling asks the publisher for a key frame.
	SetStream(peer Peer, kind wire.Kind, enabled bool)
	// Subscribe sets what the peer receives: the whole set, in any order. Offers that follow from a change
	// come through MediaEvents; streams that are not published yet join the offer when they are.
	Subscribe(peer Peer, streams []StreamRef)
	// Prefer sets what the peer prefers of streams that it receives. A later preference of a stream replaces the
	// earlier one; one of a stream that is not subscribed counts when it is.
	Prefer(peer Peer, preferences []wire.StreamPreference)
	// Pin sets what is pinned of the peer: where bandwidth is short, others are sent that before the rest.
	Pin(peer Peer, state wire.PinState)
	// SetData sets whether the peer may send and receive data messages. The first call opens data channels on its
	// subscribe connection, by an offer.
	SetData(peer Peer, sends, receives bool)
	// Answer takes the answer to the offer of that id; an answer to a replaced offer is dropped.
	Answer(ctx context.Context, peer Peer, answer wire.AnswerParams) error
	// Play answers the offer of a viewer, which receives what Subscribe names: the first picture and the first sound of
	// it. A change of what it names needs no offer. Another Play restarts ICE, or replaces the connection.
	// An SDP that cannot be used is a fault 4107 BAD_SDP.
	Play(ctx context.Context, peer Peer, offer wire.PlayParams) (wire.PlayResult, error)
	// Restart makes a new offer with an ICE restart.
	Restart(ctx context.Context, peer Peer) error
}

// MediaEvents receives what the media part reports to a meeting. Calls do not block and come in order per peer.
type MediaEvents interface {
	SubscribeOffer(peer Peer, offer wire.SubscribeOffer)
	// SpeakerChanged: participantID is "" when nobody speaks. RFC 6464 levels decide.
	SpeakerChanged(sessionID, participantID string)
	// SubscribeLost: the subscribe connection of a peer lost its path for good (ICE failed). The participant stays: the
	// meeting has the connection restarted. A publish connection is the client's to make anew.
	SubscribeLost(peer Peer)
	// ConnectionLost: a connection that the client has offered, to publish or to play, has never come up or is lost for
	// good. f says why; nil: the client has closed it.
	ConnectionLost(peer Peer, f *fault.Error)
	// MediaSilent: nothing comes any more over a connection of the peer that was up, or something does again.
	MediaSilent(peer Peer, silent bool)
	// CodecChanged: the packets of a stream of the peer come with another codec than was announced.
	CodecChanged(peer Peer, stream wire.Stream)
	// StreamState: what the peer is sent of a stream has changed.
	StreamState(peer Peer, state wire.StreamState)
	// Encodings: nobody takes an encoding that the peer sends, or somebody takes it again.
	Encodings(peer Peer, encodings wire.Encodings)
	// QualityLimitation: the connection to the peer became too slow for what it would be sent, or is fast enough again.
	QualityLimitation(peer Peer, limitation wire.QualityLimitation)
	// CodecNotReceived: a stream comes with a codec that the peer, which is to receive it, does not take.
	CodecNotReceived(peer Peer, stream wire.UnreceivedStream)
	// MediaFault: something is wrong with what the peer sends or receives. The meeting reports it, and tells the peer
	// where the catalogue says so.
	MediaFault(peer Peer, f *fault.Error)
}
