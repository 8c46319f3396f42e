package load

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/pion/webrtc/v4"

	"github.com/klatch/klatch/fault"
)

// whep is a Klatch server whose subscribers are WHEP players. Publishers use docs/protocol.md.
type whep struct{ klatch }

// WHEP is Klatch with subscribers that know WHEP alone. Each plays one publisher, so that with several publishers it is
// sent less than a subscriber of Klatch.
func WHEP(url, token, meetingID string) (Target, error) {
	k, err := Klatch(url, token, meetingID)
	if err != nil {
		return nil, err
	}
	return &whep{*k.(*klatch)}, nil
}

// Join measures from sending the offer.
func (w *whep) Join(ctx context.Context, name string, publishes, receives bool) (*Peer, error) {
	if publishes {
		return w.klatch.Join(ctx, name, publishes, false)
	}
	sub, err := newSubscriber(w.api, time.Now())
	if err != nil {
		return nil, err
	}
	session, err := w.play(ctx, sub, name)
	if err != nil {
		sub.close()
		return nil, err
	}
	return &Peer{name: name, sub: sub, hangUp: func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		if res, err := w.call(ctx, http.MethodDelete, session, ""); err == nil {
			_ = res.Body.Close() // it is empty
		}
	}}, nil
}

// play posts the offer of a player, and returns the address of its session.
func (w *whep) play(ctx context.Context, sub *Subscriber, name string) (session string, err error) {
	for _, kind := range []webrtc.RTPCodecType{webrtc.RTPCodecTypeAudio, webrtc.RTPCodecTypeVideo} {
		if _, err := sub.pc.AddTransceiverFromKind(kind,
			webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}); err != nil {
			return "", err
		}
	}
	offer, err := sub.pc.CreateOffer(nil)
	if err != nil {
		return "", err
	}
	if err := sub.pc.SetLocalDescription(offer); err != nil {
		return "", err
	}
	query := url.Values{"roomId": {w.meetingID}, "participantId": {name}}
	endpoint := w.url + "/v2/whep?" + query.Encode()
	res, err := w.call(ctx, http.MethodPost, endpoint, offer.SDP)
	if err != nil {
		return "", err
	}
	defer func() { _ = res.Body.Close() }() // read to its end
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return "", err
	}
	if res.StatusCode != http.StatusCreated {
		var f fault.Error
		if err := json.Unmarshal(answer, &f); err != nil || f.Code == 0 {
			return "", fmt.Errorf("POST %s: HTTP %d", endpoint, res.StatusCode)
		}
		return "", &f
	}
	location, err := res.Request.URL.Parse(res.Header.Get("Location"))
	if err != nil {
		return "", err
	}
	err = sub.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: string(answer)})
	go hasten(sub.pc)
	return location.String(), err
}

func (w *whep) call(ctx context.Context, method, address, body string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+w.token)
	req.Header.Set("Content-Type", "application/sdp")
	return http.DefaultClient.Do(req)
}
