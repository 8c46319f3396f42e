package faults

import (
	"fmt"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/internal/wire"
	"github.com/klatch/klatch/sdk"
)

// floods sends unreliable messages from a Go program to a server with other limits until it is told of a fault.
func (t *T) floods(change func(*conf.Config)) {
	h := testserver.Start(t, change)
	account := h.Account(t, nil)
	c := t.client(h.URL, account.Token(t), account.Meeting(t, nil), nil)
	require.NoError(t, c.Join(t.Context()))
	for range 100 {
		_, err := c.Send(t.Context(), []byte("x"), sdk.SendOptions{Unreliable: true})
		require.NoError(t, err)
	}
	var f *fault.Error
	require.Eventually(t, func() bool { f = c.find(t.Entry); return f != nil }, testserver.Timeout, 10*time.Millisecond)
	t.ReadFrom(h, f)
}

var dataScenarios = scenarios{
	"4106.DATA_RATE":         func(t *T) { t.floods(func(c *conf.Config) { c.Limit.DataMessagesPerSecond = 5 }) },
	"4106.MEETING_DATA_RATE": func(t *T) { t.floods(func(c *conf.Config) { c.Limit.MeetingDataMessagesPerSecond = 5 }) },

	"3072.VALUE": func(t *T) {
		value := strings.Repeat("x", wire.MaxValueBytes+1)
		t.refusedCall(t.Join(t.Meeting(), "ann"), wire.MethodSetValue, wire.SetValueParams{Key: "k", Value: &value})
		c := t.joined(nil)
		t.checkFailed(c, c.RealtimeStore().SetValue(t.Context(), "k", &value))
	},
	"4045.BAD_KEY": func(t *T) {
		t.refusedCall(t.Join(t.Meeting(), "ann"), wire.MethodSetValue, wire.SetValueParams{})
	},
	"4045.STORE_FULL": func(t *T) {
		ann := t.Join(t.Meeting(), "ann")
		value := strings.Repeat("x", wire.MaxValueBytes)
		var full *fault.Error
		for i := 0; i < 1000 && full == nil; i++ {
			_, full = ann.Call(t, wire.MethodSetValue, wire.SetValueParams{Key: fmt.Sprint(i), Value: &value})
		}
		t.Read(full)
	},
	"4046.BAD_KEY": func(t *T) {
		t.refusedCall(t.Join(t.Meeting(), "ann"), wire.MethodGetValue, wire.KeyParams{Key: "a\nb"})
	},
	"4085.BAD_KEY": func(t *T) {
		t.refusedCall(t.Join(t.Meeting(), "ann"), wire.MethodObserveValue,
			wire.ObserveValueParams{Key: strings.Repeat("k", wire.MaxKeyBytes+1)})
	},
	"4085.TOO_MANY_KEYS": func(t *T) {
		ann := t.Join(t.Meeting(), "ann")
		var full *fault.Error
		for i := 0; i < 1000 && full == nil; i++ {
			_, full = ann.Call(t, wire.MethodObserveValue, wire.ObserveValueParams{Key: fmt.Sprint(i)})
		}
		t.Read(full)
	},
	"4086.BAD_KEY": func(t *T) {
		t.refusedCall(t.Join(t.Meeting(), "ann"), wire.MethodStopObserving, wire.StopObservingParams{})
	},
	"4086.UNKNOWN_OBSERVER": func(t *T) {
		c := t.joined(nil)
		t.checkFailed(c, c.RealtimeStore().StopObserving(t.Context(), "observer-9"))
	},
	"4088.BAD_TOPIC": func(t *T) {
		t.refusedCall(t.Join(t.Meeting(), "ann"), wire.MethodSubscribeTopic, wire.SubscribeTopicParams{Topic: "a\nb"})
	},
	"4089.BAD_TOPIC": func(t *T) {
		t.refusedCall(t.Join(t.Meeting(), "ann"), wire.MethodUnsubscribeTopic, wire.TopicParams{})
	},
	"3068.PAYLOAD_TOO_LARGE": func(t *T) {
		c := t.joined(nil)
		_, err := c.Send(t.Context(), make([]byte, wire.MaxDataBytes+1), sdk.SendOptions{})
		t.checkFailed(c, err)
	},
}

// keepsChannels has a page keep the connections and data channels that the SDK makes.
const keepsChannels = `{
	const create = RTCPeerConnection.prototype.createDataChannel;
	window.channels = {};
	RTCPeerConnection.prototype.createDataChannel = function (label, init) {
		window.connection = this;
		return (window.channels[label] = create.call(this, label, init));
	};
}; Promise.resolve(true)`

// dataPages are what pages do with data messages.
var dataPages = pageScenarios{
	"3048.DATA_CHANNEL_PENDING": func(p *tab) {
		p.navigate("/")
		p.run(`{
			const set = RTCPeerConnection.prototype.setRemoteDescription;
			RTCPeerConnection.prototype.setRemoteDescription = function (description) {
				return /m=application/.test(description.sdp) ? new Promise(() => {}) : set.call(this, description);
			};
		}; Promise.resolve(true)`, nil)
		p.joins("ann")
		p.refused(`send("x")`)
	},
	"3068.PAYLOAD_TYPE": func(p *tab) {
		p.navigate("/")
		p.joins("ann")
		for _, payload := range []string{"{}", "5", "null", "[1]"} {
			p.refused("send(" + payload + ")")
		}
	},
	"3068.PAYLOAD_TOO_LARGE": func(p *tab) {
		p.navigate("/")
		p.joins("ann")
		p.refused(`send("x".repeat(15361))`)
	},
	"3070.BUFFER_FULL": func(p *tab) { // the server reads no faster than its limit
		p.navigate("/")
		p.joins("ann")
		p.checkEvent(p.fails(`for (;;) await meeting.send("x".repeat(15360))`))
	},
	"3070.CHANNEL_REFUSED": func(p *tab) {
		p.navigate("/")
		p.run(`RTCDataChannel.prototype.send = () => { throw new DOMException("no", "OperationError") };
			Promise.resolve(true)`,
			nil)
		p.joins("ann")
		p.refused(`send("x")`)
	},
	"4107.DATA_TOO_LARGE": func(p *tab) {
		p.navigate("/")
		p.run(keepsChannels, nil)
		p.joins("ann")
		p.run(`meeting.send("x").then(() => channels.reliable.send("x".repeat(15361)))`, nil)
		p.awaitEvent()
	},
	"4107.DATA_CHANNELS": func(p *tab) {
		p.navigate("/")
		p.run(keepsChannels, nil)
		p.joins("ann")
		p.run(`meeting.send("x").then(() => { window.connection.createDataChannel("own") })`, nil)
		p.awaitEvent()
	},
}
