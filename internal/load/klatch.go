package load

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
	"github.com/pion/webrtc/v4"
)

// klatch drives a Klatch server through docs/protocol.md.
type klatch struct {
	api       *webrtc.API
	url       string
	token     string
	meetingID string
}

// Klatch is a Target for the meeting of a Klatch server. The token may not name a participant.
func Klatch(url, token, meetingID string) (Target, error) {
	api, err := connections(url)
	return &klatch{api: api, url: strings.TrimRight(url, "/"), token: token, meetingID: meetingID}, err
}

// Join measures from dialing the server.
func (k *klatch) Join(ctx context.Context, name string, publishes, receives bool) (*Peer, error) {
	peer := &Peer{name: name, hangUp: func() {}}
	mode := wire.RecvOnly
	var err error
	if receives {
		if peer.sub, err = newSubscriber(k.api, time.Now()); err != nil {
			return nil, err
		}
	}
	if publishes {
		mode = wire.SendAndRecv
		if peer.pub, err = newPublisher(k.api, name); err != nil {
			return nil, err
		}
	}
	c, err := k.dial(ctx, peer.sub)
	if err != nil {
		return nil, err
	}
	peer.hangUp = c.close
	err = c.request(
		ctx,
		wire.MethodJoin,
		wire.JoinParams{Protocol: wire.Version, Token: k.token, MeetingID: k.meetingID,
			ParticipantID: &name, Name: name, Mode: string(mode), AutoConsume: &receives,
			Client: wire.ClientInfo{SDKType: "load"}},
		nil,
	)
	if err != nil || !publishes {
		return peer, err
	}
	offer, err := peer.pub.offer()
	if err != nil {
		return nil, err
	}
	streams := []wire.PublishedStream{
		{MID: "0", Kind: wire.Audio, Enabled: true},
		{MID: "1", Kind: wire.Video, Enabled: true},
	}
	var answer wire.PublishResult
	if err := c.request(ctx, wire.MethodPublish, wire.PublishParams{SDP: offer, Streams: streams}, &answer); err != nil {
		return nil, err
	}
	return peer, peer.pub.start(answer.SDP)
}

// LimitError is a refusal for the limits of one address, from which all the load comes.
type LimitError struct{ Fault *fault.Error }

func (e *LimitError) Error() string {
	return fmt.Sprintf("%d %s (%s): %s All load comes from one address: for the measurement start the server with "+
		"limit.joinsPerAddress and limit.socketsPerAddress 0 (no limit), or bring fewer peers a second with --join-every.",
		e.Fault.Code, e.Fault.Name, e.Fault.Reason, e.Fault.Detail)
}

// Unwrap returns the fault.
func (e *LimitError) Unwrap() error { return e.Fault }

// explained returns an error of a join with the settings that are in its way.
func explained(err error) error {
	reasons := []string{fault.ReasonAddressJoins, fault.ReasonAddressSockets, fault.ReasonServerSockets}
	if f, ok := errors.AsType[*fault.Error](err); ok && fault.Is(f, fault.CodeRateLimited, reasons...) {
		return &LimitError{f}
	}
	return err
}

// call is one signaling connection.
type call struct {
	conn    *websocket.Conn
	ctx     context.Context // ends with close
	cancel  context.CancelFunc
	reading sync.WaitGroup
	last    int64 // id of the last request

	mu      sync.Mutex // guards everything below
	waiting map[int64]chan wire.Response
	refused *fault.Error // with which the server ended the connection
}

func (k *klatch) dial(ctx context.Context, s *Subscriber) (*call, error) {
	conn, _, err := websocket.Dial(ctx, strings.Replace(k.url, "http", "ws", 1)+"/v1/signal", nil)
	if err != nil {
		return nil, err
	}
	conn.SetReadLimit(1 << 20)
	c := &call{conn: conn, waiting: map[int64]chan wire.Response{}}
	c.ctx, c.cancel = context.WithCancel(context.Background())
	c.reading.Go(func() { c.read(s) })
	return c, nil
}

func (c *call) request(ctx context.Context, method string, params, result any) error {
	raw, err := json.Marshal(params)
	if err != nil {
		return err
	}
	answered := make(chan wire.Response, 1)
	c.mu.Lock()
	c.last++
	id := c.last
	c.waiting[id] = answered
	c.mu.Unlock()
	if err := wsjson.Write(ctx, c.conn, wire.Request{JSONRPC: "2.0", ID: id, Method: method, Params: raw}); err != nil {
		return err
	}
	select {
	case response := <-answered:
		if response.Error != nil {
			return response.Error.Data
		}
		if result != nil {
			return json.Unmarshal(response.Result, result)
		}
		return nil
	case <-c.ctx.Done():
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.refused != nil {
			return c.refused
		}
		return fmt.Errorf("%s: the connection ended", method)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// read hands responses to their requests and answers offers, in order, in a goroutine of its own.
func (c *call) read(s *Subscriber) {
	defer c.cancel()
	offers := make(chan wire.SubscribeOffer, 16)
	defer close(offers)
	if s != nil {
		c.reading.Go(func() {
			for offer := range offers {
				if sdp, err := s.answer(offer.SDP); err == nil {
					_ = c.request(c.ctx, wire.MethodAnswer, wire.AnswerParams{OfferID: offer.OfferID, SDP: sdp}, nil)
				}
			}
		})
	}
	for {
		var message struct {
			wire.Response
			Params wire.EventParams `json:"params"`
		}
		if err := wsjson.Read(c.ctx, c.conn, &message); err != nil {
			return
		}
		if message.ID != nil {
			c.mu.Lock()
			answered := c.waiting[*message.ID]
			delete(c.waiting, *message.ID)
			c.mu.Unlock()
			if answered != nil {
				answered <- message.Response
			}
			continue
		}
		if message.Error != nil {
			c.mu.Lock()
			c.refused = message.Error.Data
			c.mu.Unlock()
			continue
		}
		if s != nil && message.Params.Name == (wire.SubscribeOffer{}).EventName() {
			var offer wire.SubscribeOffer
			if json.Unmarshal(message.Params.Data, &offer) == nil {
				offers <- offer
			}
		}
	}
}

func (c *call) close() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	_ = c.request(ctx, wire.MethodLeave, struct{}{}, nil)
	cancel()
	c.cancel()
	_ = c.conn.CloseNow()
	c.reading.Wait()
}
