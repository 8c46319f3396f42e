package faults

import (
	"fmt"
	"maps"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/internal/wire"
)

// preCallJoin returns the params of a join of a pre-call test.
func preCallJoin(token, id string) wire.JoinParams {
	return wire.JoinParams{
		Protocol: wire.Version, Token: token, PreCallTest: "test-of-a-client-" + id,
		Client: wire.ClientInfo{SDKType: "raw"},
	}
}

var preCallScenarios = scenarios{
	"4105.PRE_CALL_TEST": func(t *T) {
		params := preCallJoin(t.Account().Token(t), "alone")
		one, joined := t.Server.Join(t, params)
		require.NotNil(t, joined.Welcome)
		require.Zero(t, joined.StatsIntervalMs, "no quality is recorded of a test")
		other, _ := t.Server.Join(t, params)
		one.Event(t, "participant-joined", nil)
		for method, params := range map[string]any{
			wire.MethodPublishMessage: wire.PublishMessageParams{Topic: "CHAT", Message: "hi"},
			wire.MethodSetValue:       map[string]any{"key": "k", "value": "v"},
			wire.MethodSetMode:        wire.SetModeParams{Mode: "RECV_ONLY"},
			wire.MethodStartRecording: map[string]any{},
			wire.MethodOpenData:       map[string]any{},
		} {
			_, f := other.Call(t, method, params)
			require.NotNil(t, f, method)
			require.Equal(t, "PRE_CALL_TEST", f.Reason, method)
		}
		_, f := one.Call(t, wire.MethodEnd, map[string]any{})
		t.Read(f)

		// Nothing of the test is counted, listed or recorded.
		for _, path := range []string{"/v2/sessions", "/admin/v1/sessions"} {
			call := t.Server.Admin
			if path == "/v2/sessions" {
				token := t.Account().Token(t)
				call = func(tb testing.TB, method, path string, body any) (int, []byte) {
					return t.Server.REST(tb, token, method, path, body)
				}
			}
			status, answer := call(t, http.MethodGet, path, nil)
			require.Equal(t, http.StatusOK, status)
			require.NotContains(t, string(answer), joined.SessionID, path)
		}

		// The tests of another account are others, whatever they are called.
		stranger := params
		stranger.Token = t.Server.Account(t, nil).Token(t)
		_, apart := t.Server.Join(t, stranger)
		require.Empty(t, apart.Welcome.Participants)
		require.NotEqual(t, joined.SessionID, apart.SessionID)
	},
	"4106.PRE_CALL_TESTS": func(t *T) {
		h := testserver.Start(t, func(c *conf.Config) { c.Limit.PreCallTestsPerToken = 2 })
		account := h.Account(t, nil)
		token := account.Token(t, "ask_join")
		for _, id := range []string{"1", "1", "2", "1"} {
			h.Join(t, preCallJoin(token, id))
		}
		f := h.TryJoin(t, preCallJoin(token, "3"))
		require.Contains(t, f.Detail, "with this token")
		require.Positive(t, f.RetryAfterMs)
		t.ReadFrom(h, f)
		h.Join(t, preCallJoin(account.Token(t), "3")) // another token
	},
	"4106.PRE_CALL_TESTS_RUNNING": func(t *T) {
		h := testserver.Start(t, func(c *conf.Config) { c.Limit.PreCallTests = 1 })
		h.Join(t, preCallJoin(h.Account(t, nil).Token(t), "1"))
		t.ReadFrom(h, h.TryJoin(t, preCallJoin(h.Account(t, nil).Token(t), "1")))
	},
	"4108.PRE_CALL_TEST": func(t *T) {
		t.rest(t.Account().Token(t), http.MethodGet, "/v2/pre-call-tests/pct_none", nil)
	},
}

// failsPreCall runs a pre-call test with sound alone until one of its checks fails, with this scenario's fault.
func (p *tab) failsPreCall(page, options string) *fault.Error {
	p.Helper()
	token := p.Account().Token(p)
	p.secret(token)
	p.navigate(page)
	return p.fails(fmt.Sprintf(`/* at the server of a meeting */
		VideoSDK.config(%[1]q, { serverUrl: %[2]q });
		const audioTrack = await %[3]s;
		throw await new Promise((failed) => {
			const test = VideoSDK.runPreCallTest({ token: %[1]q, audioOnly: true, audioTrack, samplingDuration: 10000, %[4]s
				onCheckChange: (check) => { if (check.fault) { failed(check.fault); test.stop(); } } });
			test.then((result) => failed(new Error(JSON.stringify(result.checks))), (error) => failed(error.fault ?? error));
		});`, token, p.Server.URL, tone, options))
}

// withPreCall adds what pages find in a pre-call test.
func withPreCall(group pageScenarios) pageScenarios {
	maps.Copy(group, pageScenarios{
		"3101.RELAY_UNREACHABLE": func(p *tab) {
			p.Server = testserver.Start(p, func(c *conf.Config) {
				c.TURN.ExternalURLs = []string{"turn:" + closedPort(p) + "?transport=tcp"}
				c.TURN.ExternalUsername, c.TURN.ExternalPassword = "u", "p"
			})
			f := p.failsPreCall("/", "")
			require.Contains(p, fmt.Sprint(f.Details["servers"]), "transport=tcp")
		},
		"3104.SCRIPT_NOT_LOADED": func(p *tab) {
			f := p.failsPreCall("/one-script", "")
			require.Equal(p, "precall.mjs", f.Details["script"])
		},
		"3104.NO_SOUND_HEARD": func(p *tab) { p.failsPreCall("/", "speakerHeard: false,") },
	})
	return group
}
