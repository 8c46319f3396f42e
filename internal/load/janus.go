package load

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/coder/websocket"
	"github.com/pion/webrtc/v4"
)

// janus drives Janus' videoroom plugin over its WebSocket API (https://janus.conf.meetecho.com/docs/videoroom).
type janus struct {
	api  *webrtc.API
	url  string
	room int

	mu    sync.Mutex // guards everything below
	feeds []int64    // publishers so far
}

// Janus makes a room on a Janus server, and is a Target for it. url is ws://host:port.
func Janus(ctx context.Context, url string) (Target, error) {
	api, err := connections(url)
	if err != nil {
		return nil, err
	}
	j := &janus{api: api, url: url, room: int(time.Now().UnixMilli() % 1_000_000_000)}
	s, err := j.dial(ctx)
	if err != nil {
		return nil, err
	}
	defer s.close()
	handle, err := s.attach(ctx)
	if err != nil {
		return nil, err
	}
	_, err = s.ask(
		ctx,
		handle,
		map[string]any{"request": "create", "room": j.room, "publishers": 100, "bitrate": 8_000_000,
			"videocodec": "vp8", "audiocodec": "opus", "notify_joining": false},
		"",
	)
	return j, err
}

func (j *janus) Join(ctx context.Context, name string, publishes, receives bool) (*Peer, error) {
	peer := &Peer{name: name}
	began := time.Now()
	s, err := j.dial(ctx)
	if err != nil {
		return nil, err
	}
	peer.hangUp = s.close
	if receives {
		if peer.sub, err = newSubscriber(j.api, began); err != nil {
			return nil, err
		}
		s.listener = &janusListener{session: s, sub: peer.sub, room: j.room}
	}
	if !publishes {
		j.mu.Lock()
		feeds := append([]int64(nil), j.feeds...)
		j.mu.Unlock()
		return peer, s.listener.hear(ctx, feeds)
	}
	if peer.pub, err = newPublisher(j.api, name); err != nil {
		return nil, err
	}
	handle, err := s.attach(ctx)
	if err != nil {
		return nil, err
	}
	joined, err := s.ask(
		ctx,
		handle,
		map[string]any{"request": "join", "ptype": "publisher", "room": j.room, "display": name},
		"",
	)
	if err != nil {
		return nil, err
	}
	j.mu.Lock()
	j.feeds = append(j.feeds, joined.Plugindata.Data.ID)
	j.mu.Unlock()
	offer, err := peer.pub.offer()
	if err != nil {
		return nil, err
	}
	answer, err := s.ask(ctx, handle, map[string]any{"request": "publish"}, "offer", offer)
	if err != nil {
		return nil, err
	}
	if err := peer.pub.start(answer.JSEP.SDP); err != nil {
		return nil, err
	}
	return peer, s.hearAll(ctx, joined)
}

// janusListener is the receiving half of a peer: one handle that subscribes to more and more feeds.
type janusListener struct {
	session *janusSession
	sub     *Subscriber
	room    int

	mu     sync.Mutex // one subscription at a time; guards everything below
	handle int64
}

func (l *janusListener) hear(ctx context.Context, feeds []int64) error {
	if len(feeds) == 0 {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	streams := []map[string]any{}
	for _, feed := range feeds {
		streams = append(streams, map[string]any{"feed": feed})
	}
	request := map[string]any{"request": "subscribe", "streams": streams}
	if l.handle == 0 {
		handle, err := l.session.attach(ctx)
		if err != nil {
			return err
		}
		l.handle = handle
		request = map[string]any{"request": "join", "ptype": "subscriber", "room": l.room, "streams": streams}
	}
	offer, err := l.session.ask(ctx, l.handle, request, "")
	if err != nil {
		return err
	}
	sdp, err := l.sub.answer(offer.JSEP.SDP)
	if err != nil {
		return err
	}
	_, err = l.session.ask(ctx, l.handle, map[string]any{"request": "start"}, "answer", sdp)
	return err
}

// janusSession is one signaling connection.
type janusSession struct {
	conn     *websocket.Conn
	id       int64
	listener *janusListener
	ctx      context.Context // ends with close
	cancel   context.CancelFunc
	running  sync.WaitGroup

	mu      sync.Mutex // guards everything below
	last    int
	waiting map[string]chan janusMessage
}

type janusMessage struct {
	Janus       string `json:"janus"`
	Transaction string `json:"transaction"`
	Data        struct {
		ID int64 `json:"id"`
	} `json:"data"`
	Error *struct {
		Code   int    `json:"code"`
		Reason string `json:"reason"`
	} `json:"error"`
	Plugindata struct {
		Data struct {
			ID         int64  `json:"id"`
			Error      string `json:"error"`
			Publishers []struct {
				ID int64 `json:"id"`
			} `json:"publishers"`
		} `json:"data"`
	} `json:"plugindata"`
	JSEP struct {
		SDP string `json:"sdp"`
	} `json:"jsep"`
}

func (j *janus) dial(ctx context.Context) (*janusSession, error) {
	conn, _, err := websocket.Dial(ctx, j.url, &websocket.DialOptions{Subprotocols: []string{"janus-protocol"}})
	if err != nil {
		return nil, err
	}
	conn.SetReadLimit(1 << 20)
	s := &janusSession{conn: conn, waiting: map[string]chan janusMessage{}}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.running.Go(s.read)
	s.running.Go(s.keepAlive)
	created, err := s.send(ctx, map[string]any{"janus": "create"}, "success")
	s.id = created.Data.ID
	return s, err
}

func (s *janusSession) attach(ctx context.Context) (int64, error) {
	attached, err := s.send(
		ctx,
		map[string]any{"janus": "attach", "plugin": "janus.plugin.videoroom", "session_id": s.id},
		"success",
	)
	return attached.Data.ID, err
}

// ask sends a plugin message, with a description where one is given, and waits for the plugin's event.
func (s *janusSession) ask(
	ctx context.Context,
	handle int64,
	body map[string]any,
	jsepType string,
	sdp ...string,
) (janusMessage, error) {
	message := map[string]any{"janus": "message", "session_id": s.id, "handle_id": handle, "body": body}
	if jsepType != "" {
		message["jsep"] = map[string]any{"type": jsepType, "sdp": sdp[0]}
	}
	answer, err := s.send(ctx, message, "event", "success")
	if err == nil && answer.Plugindata.Data.Error != "" {
		err = fmt.Errorf("janus: %v: %s", body["request"], answer.Plugindata.Data.Error)
	}
	return answer, err
}

// send waits for a message of one of the kinds; "ack" in between only says that an event will follow.
func (s *janusSession) send(ctx context.Context, message map[string]any, kinds ...string) (janusMessage, error) {
	answered := make(chan janusMessage, 4)
	s.mu.Lock()
	s.last++
	transaction := strconv.Itoa(s.last)
	s.waiting[transaction] = answered
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		delete(s.waiting, transaction)
		s.mu.Unlock()
	}()
	message["transaction"] = transaction
	raw, err := json.Marshal(message) // without the newline of an Encoder, which Janus takes for a second message
	if err != nil {
		return janusMessage{}, err
	}
	if err := s.conn.Write(ctx, websocket.MessageText, raw); err != nil {
		return janusMessage{}, err
	}
	for {
		select {
		case answer := <-answered:
			if answer.Error != nil {
				return answer, fmt.Errorf("janus: %s (%d)", answer.Error.Reason, answer.Error.Code)
			}
			for _, kind := range kinds {
				if answer.Janus == kind {
					return answer, nil
				}
			}
		case <-s.ctx.Done():
			return janusMessage{}, fmt.Errorf("janus: the connection ended")
		case <-ctx.Done():
			return janusMessage{}, ctx.Err()
		}
	}
}

func (s *janusSession) read() {
	defer s.cancel()
	for {
		_, raw, err := s.conn.Read(s.ctx)
		if err != nil {
			return
		}
		var message janusMessage
		if json.Unmarshal(raw, &message) != nil {
			continue
		}
		s.mu.Lock()
		answered := s.waiting[message.Transaction]
		s.mu.Unlock()
		if answered != nil {
			answered <- message
			continue
		}
		if len(message.Plugindata.Data.Publishers) > 0 { // somebody new publishes
			s.running.Go(func() { _ = s.hearAll(s.ctx, message) })
		}
	}
}

// hearAll subscribes to the publishers that a message names, where this peer receives.
func (s *janusSession) hearAll(ctx context.Context, message janusMessage) error {
	if s.listener == nil {
		return nil
	}
	var feeds []int64
	for _, p := range message.Plugindata.Data.Publishers {
		feeds = append(feeds, p.ID)
	}
	return s.listener.hear(ctx, feeds)
}

// keepAlive: Janus ends a session that is silent for 60 s.
func (s *janusSession) keepAlive() {
	for sleep(s.ctx, 20*time.Second) == nil {
		_, _ = s.send(s.ctx, map[string]any{"janus": "keepalive", "session_id": s.id}, "ack")
	}
}

func (s *janusSession) close() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	_, _ = s.send(ctx, map[string]any{"janus": "destroy", "session_id": s.id}, "success")
	cancel()
	s.cancel()
	_ = s.conn.CloseNow()
	s.running.Wait()
}
