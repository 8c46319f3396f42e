package meeting

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/wire"
)

func (a *client) says(topic, text string, change ...func(*wire.PublishMessageParams)) error {
	params := wire.PublishMessageParams{Topic: topic, Message: text}
	for _, c := range change {
		c(&params)
	}
	_, err := a.p.PublishMessage(a.s.t.Context(), params)
	return err
}

func persist(p *wire.PublishMessageParams) { p.Persist = true }
func to(ids ...string) func(*wire.PublishMessageParams) {
	return func(p *wire.PublishMessageParams) { p.SendOnly = ids }
}

// subscribes returns the texts of the old messages.
func (a *client) subscribes(topic string, limit ...int) []string {
	a.s.t.Helper()
	params := wire.SubscribeTopicParams{Topic: topic}
	if len(limit) > 0 {
		params.OldMessageLimit = &limit[0]
	}
	result, err := a.p.SubscribeTopic(a.s.t.Context(), params)
	a.succeeds(err)
	return texts(result.Messages)
}

func texts(messages []wire.Message) []string {
	out := []string{}
	for _, m := range messages {
		out = append(out, m.Message)
	}
	return out
}

// read returns the texts that came since.
func (a *client) read() []string {
	a.s.wait()
	a.mu.Lock()
	defer a.mu.Unlock()
	var messages []wire.Message
	for _, e := range a.events {
		if m, is := e.(wire.Message); is {
			messages = append(messages, m)
		}
	}
	a.events = nil
	return texts(messages)
}

func TestTopics(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		ann, bob, cat := s.client("ann").join(), s.client("bob", mode(wire.SignallingOnly)).join(), s.client("cat").join()
		for _, a := range []*client{ann, bob} {
			require.Empty(t, a.subscribes("CHAT"))
		}
		ann.clearEvents()
		result, err := ann.p.PublishMessage(s.ctx(), wire.PublishMessageParams{
			Topic: "CHAT", Message: "hello \U0001F980", Payload: json.RawMessage(`{"x":1}`),
		})
		ann.succeeds(err)
		want := wire.Message{
			ID: result.ID, Topic: "CHAT", Message: "hello \U0001F980", SenderID: "ann", SenderName: "I am ann",
			Timestamp: result.Timestamp, Payload: json.RawMessage(`{"x":1}`),
		}
		ann.expectEvents(want)
		bob.clearEvents()
		cat.succeeds(cat.says("CHAT", "2"))
		require.Equal(t, []string{"2"}, bob.read())
		require.Empty(t, cat.read(), "cat did not subscribe")

		ann.read()
		ann.succeeds(ann.says("CHAT", "for cat", to("cat", "nobody"))).succeeds(ann.says("CHAT", "for bob", to("bob", "bob")))
		require.Equal(t, []string{"for bob"}, bob.read())
		require.Equal(t, []string{"for cat", "for bob"}, ann.read(), "the sender has its own")
		ann.succeeds(ann.says("CHAT", "for all", to()))
		require.Equal(t, []string{"for all"}, bob.read(), "an empty list is everybody, as published")
		bob.succeeds(bob.p.UnsubscribeTopic(s.ctx(), wire.TopicParams{Topic: "CHAT"}))
		bob.succeeds(bob.p.UnsubscribeTopic(s.ctx(), wire.TopicParams{Topic: "never"}))
		ann.succeeds(ann.says("CHAT", "3"))
		require.Empty(t, bob.read())
	})
}

// Who gets a private message is told that it is one, live and from the history; to whom it went only its sender.
func TestPrivateMessages(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		ann, bob, cat := s.client("ann").join(), s.client("bob").join(), s.client("cat").join()
		for _, a := range []*client{ann, bob, cat} {
			require.Empty(t, a.subscribes("CHAT"))
			a.clearEvents()
		}
		result, err := ann.p.PublishMessage(s.ctx(), wire.PublishMessageParams{
			Topic: "CHAT", Message: "psst", Persist: true, SendOnly: []string{"bob", "dan"},
		})
		ann.succeeds(err)
		read := wire.Message{
			ID: result.ID, Topic: "CHAT", Message: "psst", SenderID: "ann", SenderName: "I am ann",
			Timestamp: result.Timestamp, Private: true,
		}
		sent := read
		sent.SendOnly = []string{"bob", "dan"}
		ann.expectEvents(sent)
		bob.expectEvents(read)
		require.Empty(t, cat.read())
		for a, want := range map[*client][]wire.Message{ann: {sent}, bob: {read}, cat: {}, s.client("dan").join(): {read}} {
			got, err := a.p.SubscribeTopic(s.ctx(), wire.SubscribeTopicParams{Topic: "CHAT"})
			a.succeeds(err)
			require.Equal(t, want, got.Messages, a.name)
		}
	})
}

// Apps of the published SDK publish objects: all who receive one are told so, from the history too.
func TestMessagesThatAreObjects(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		ann, bob := s.client("ann").join(), s.client("bob").join()
		require.Empty(t, bob.subscribes("POLL"))
		bob.clearEvents()
		result, err := ann.p.PublishMessage(s.ctx(), wire.PublishMessageParams{
			Topic: "POLL", Message: `{"question":"Tea?"}`, Object: true, Persist: true,
		})
		ann.succeeds(err)
		want := wire.Message{
			ID: result.ID, Topic: "POLL", Message: `{"question":"Tea?"}`, SenderID: "ann", SenderName: "I am ann",
			Timestamp: result.Timestamp, Object: true,
		}
		bob.expectEvents(want)
		cat := s.client("cat").join()
		got, err := cat.p.SubscribeTopic(s.ctx(), wire.SubscribeTopicParams{Topic: "POLL"})
		cat.succeeds(err)
		require.Equal(t, []wire.Message{want}, got.Messages)
	})
}

func TestPersistentMessages(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		ann, bob := s.client("ann").join(), s.client("bob").join()
		ann.succeeds(ann.says("CHAT", "gone"))
		for i := range 4 {
			ann.succeeds(ann.says("CHAT", fmt.Sprint(i), persist))
		}
		ann.succeeds(ann.says("CHAT", "secret", persist, to("bob"))).succeeds(ann.says("OTHER", "x", persist))
		require.Equal(t, []string{"0", "1", "2", "3", "secret"}, bob.subscribes("CHAT"))
		require.Equal(t, []string{"3", "secret"}, bob.subscribes("CHAT", 2), "subscribing again is no second subscription")
		require.Equal(t, []string{"0", "1", "2", "3", "secret"}, ann.subscribes("CHAT"))
		cat := s.client("cat").join()
		require.Empty(t, cat.subscribes("CHAT", 0))
		require.Equal(t, []string{"0", "1", "2", "3"}, cat.subscribes("CHAT", 9))
		bob.clearEvents()
		ann.succeeds(ann.says("CHAT", "once"))
		require.Equal(t, []string{"once"}, bob.read())
		s.wait()
		require.Len(t, s.records.session(ann.p.SessionID()).messages, 6)
		ann.succeeds(ann.p.End(s.ctx()))
		require.Empty(t, s.client("ann").join().subscribes("CHAT"), "kept for the session")
	})
}

func TestHistoryAndTopicLimits(t *testing.T) {
	runScenario(t, Options{HistoryMessages: 3, HistoryBytes: 2000}, func(s *scenario) {
		ann := s.client("ann").join()
		ann.succeeds(ann.says("t", "1", persist))
		f := s.refused("4087.HISTORY_FULL", ann.says("t", strings.Repeat("x", 1900), persist))
		require.Equal(t, map[string]any{"limit": int64(2000), "unit": "bytes"}, f.Details)
		ann.succeeds(ann.says("t", "2", persist)).succeeds(ann.says("t", "3", persist))
		f = s.refused("4087.HISTORY_FULL", ann.says("t", "4", persist))
		require.Equal(t, map[string]any{"limit": int64(3), "unit": "messages"}, f.Details)
		ann.succeeds(ann.says("t", "4"))

		for i := range maxTopics {
			ann.subscribes(fmt.Sprint("topic ", i))
		}
		_, err := ann.p.SubscribeTopic(s.ctx(), wire.SubscribeTopicParams{Topic: "one more"})
		s.refused("4088.TOO_MANY_TOPICS", err)
		ann.subscribes("topic 3")
		ann.succeeds(ann.p.UnsubscribeTopic(s.ctx(), wire.TopicParams{Topic: "topic 3"}))
		ann.subscribes("one more")
	})
}

func TestMessageOrder(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		var people []*client
		for i := range 5 {
			a := s.client(fmt.Sprint("p", i)).join()
			a.subscribes("CHAT")
			people = append(people, a)
		}
		for _, a := range people {
			a.clearEvents()
		}
		var all sync.WaitGroup
		for _, a := range people {
			all.Go(func() {
				for n := range 20 {
					if err := a.says("CHAT", fmt.Sprint(a.name, " ", n)); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		first := people[0].read()
		require.Len(t, first, 100)
		for _, a := range people[1:] {
			require.Equal(t, first, a.read())
		}
	})
}
