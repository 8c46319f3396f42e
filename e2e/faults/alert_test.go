package faults

import (
	"encoding/json"
	"net/http"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/store"
)

var alertScenarios = scenarios{
	"4108.ALERT_RULE": func(t *T) {
		t.rest(t.Account().Token(t), http.MethodGet, "/v2/alertRules/alr_none", nil)
	},
	"4108.NOTIFICATION_CHANNEL": func(t *T) {
		t.rest(t.Account().Token(t), http.MethodDelete, "/v2/alertRules/notification-channel/nch_none", nil)
	},
	"4108.INCIDENT": func(t *T) {
		t.rest(t.Account().Token(t), http.MethodPut, "/v2/incidents/inc_none/resolve", nil)
	},
	"4109.FULL": func(t *T) {
		token, path := t.Account().Token(t), "/v2/alertRules/notification-channel"
		channel := map[string]any{"type": "webhook", "config": map[string]any{"endpoint": "https://example.org/x"}}
		var ids []string
		for range store.MaxNotificationChannels {
			status, answer := t.Server.REST(t, token, http.MethodPost, path, channel)
			require.Equal(t, http.StatusOK, status, "%s", answer)
			var made struct{ Channel struct{ ChannelID string } }
			require.NoError(t, json.Unmarshal(answer, &made))
			ids = append(ids, made.Channel.ChannelID)
		}
		t.rest(token, http.MethodPost, path, channel)
		for _, id := range ids { // the remedy
			status, answer := t.Server.REST(t, token, http.MethodDelete, path+"/"+id, nil)
			require.Equal(t, http.StatusOK, status, string(answer))
		}
	},
}
