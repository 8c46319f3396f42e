package faults

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/wire"
)

// badConfigs are configs that say what cannot be done, with the field that is to blame.
var badConfigs = map[string]string{
	`7`:                               "config",
	`[]`:                              "config",
	`{"layout":"GRID"}`:               "config.layout",
	`{"layout":{"type":"ROUND"}}`:     "config.layout.type",
	`{"layout":{"type":7}}`:           "config.layout.type",
	`{"layout":{"priority":"LOUD"}}`:  "config.layout.priority",
	`{"layout":{"gridSize":26}}`:      "config.layout.gridSize",
	`{"layout":{"gridSize":-1}}`:      "config.layout.gridSize",
	`{"layout":{"gridSize":"four"}}`:  "config.layout.gridSize",
	`{"layout":{"gridSize":1e99}}`:    "config.layout.gridSize",
	`{"theme":"PINK"}`:                "config.theme",
	`{"quality":true}`:                "config.quality",
	`{"quality":"../high"}`:           "config.quality",
	`{"mode":"-i /etc/passwd"}`:       "config.mode",
	`{"orientation":"upside-down"}`:   "config.orientation",
	`{"transcription":{"enabled":1}}`: "config.transcription.enabled",
}

// wrongType is what a config has whose type is wrong.
var wrongType = regexp.MustCompile(`^[^{]|"layout":"|"type":7|"gridSize":"|"quality":true|"transcription"`)

// configScenarios are starts whose parameters are wrong: by type, by value, or meant to harm.
var configScenarios = scenarios{
	"4107.BAD_PARAMS": func(t *T) {
		s := t.setUp(recording)
		s.joinPage()
		params := func(config string) map[string]any { return map[string]any{"config": json.RawMessage(config)} }
		for config, field := range badConfigs {
			for _, method := range []string{wire.MethodStartRecording, wire.MethodStartHLS} {
				require.Equal(t, field, t.refusedCall(s.bob, method, params(config)).Param, "%s %s", method, config)
			}
			if !wrongType.MatchString(config) { // those the browser SDK refuses itself

				for _, call := range []string{"startRecording(null, null, " + config + ")", "startHls(" + config + ")"} {
					require.Equal(t, field, s.una.refused(call).Param, call)
				}
			}
			body := params(config)
			body["roomId"] = s.meeting
			f := t.rest(s.token, http.MethodPost, recording.path+"/start", body)
			require.True(t, strings.HasSuffix(f.Param, field), "%s: %s", config, f.Param)
		}
		for field, values := range map[string][]any{
			"awsDirPath": {7, "../../etc", "/../etc", "a\x00b", strings.Repeat("d", 10<<10)},
			"webhookUrl": {7, "file:///etc/passwd", "javascript:alert(1)", "http://a\nb/",
				"http://a/" + strings.Repeat("u", 10<<10)},
			"onFailure": {7, "explode"},
		} {
			for _, value := range values {
				f := t.refusedCall(s.bob, wire.MethodStartRecording, map[string]any{field: value})
				require.Equal(t, field, f.Param, "%v", value)
				if call, ok := startRecordingInPage(field, value); ok {
					require.Equal(t, field, s.una.refused(call).Param, call)
				}
				f = t.rest(s.token, http.MethodPost, recording.path+"/start", map[string]any{"roomId": s.meeting, field: value})
				require.True(t, strings.HasSuffix(f.Param, field), "%v: %s", value, f.Param)
			}
		}
	},
}

// startRecordingInPage is the call of the browser SDK with one such argument, where it takes one and lets it through.
func startRecordingInPage(field string, value any) (call string, ok bool) {
	text, ok := value.(string)
	raw, _ := json.Marshal(text) // a string is JSON
	switch field {
	case "webhookUrl":
		return "startRecording(" + string(raw) + ")", ok
	case "awsDirPath":
		return "startRecording(null, " + string(raw) + ")", ok
	}
	return "", false
}
