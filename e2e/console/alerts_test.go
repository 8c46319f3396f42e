package console

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testserver"
)

// choose sets a select as a person does.
func choose(p *testbrowser.Page, id, value string) {
	p.Until(id+" is there", at(id))
	p.Eval(fmt.Sprintf(`%s.value = %s, %[1]s.dispatchEvent(new Event("change", { bubbles: true })), 0`, at(id), js(value)),
		nil)
}

// A developer creates an alert rule with the keyboard; a fault opens its incident, which is shown without a reload and
// leads to the fault; it is acknowledged, resolved, and the rule is changed, paused and deleted. Support reads all of
// it and changes nothing.
func TestAlertRulesAndIncidents(t *testing.T) {
	t.Parallel()
	h := testserver.Start(t, func(c *conf.Config) { c.Alerts.Interval = time.Second })
	account := h.Account(t, nil)
	room := account.Meeting(t, nil)
	invite := func(role string) string {
		status, body := h.Admin(t, http.MethodPost, "/admin/v1/accounts/"+account.ID+"/invites", map[string]any{"role": role})
		require.Equal(t, http.StatusOK, status, string(body))
		var made struct {
			Link string `json:"link"`
		}
		require.NoError(t, json.Unmarshal(body, &made))
		return made.Link
	}
	status, answer := h.REST(t, account.Token(t), http.MethodPost, "/v2/alertRules/notification-channel", map[string]any{
		"type": "webhook", "name": "operations", "config": map[string]any{"endpoint": "https://example.com/alerts"}})
	require.Equal(t, http.StatusOK, status, string(answer))

	b := testbrowser.Open(t)
	p := b.Page(t, invite("developer"))
	p.Until("the link signs in", at("console"))
	script, err := os.ReadFile(axe)
	require.NoError(t, err)
	p.Eval(string(script)+"; 0", nil)
	open(p, "/console/incidents", "incidents-view")
	p.Until("there is none", at("empty"))
	look(t, p, "/console/incidents-empty")
	p.Look(1280, 800, false, false)
	open(p, "/console/alert-rules", "alert-rules-view")
	p.Until("there is no rule", at("empty"))
	look(t, p, "/console/alert-rules-empty")
	p.Look(1280, 800, false, false)

	p.Eval(at("rule-create")+".focus(), 0", nil)
	p.Press("\r")
	p.Until("the form is open", at("rule-name"))
	look(t, p, "/console/alert-rule-form")
	p.Look(1280, 800, false, false)
	fill(p, "rule-name", "refused ends")
	choose(p, "rule-severity", "critical")
	fill(p, "rule-code", "4102")
	fill(p, "rule-reason", "NO_SUCH_REASON")
	fill(p, "rule-windowSeconds", "15")
	p.Click(testbrowser.TestID("rule-channel"))
	p.Click(testbrowser.TestID("rule-save"))
	p.Until("the server refuses the reason", at("rule-form")+`.querySelector('[data-testid="view-problem"]')`)
	require.Contains(t, p.Text(testbrowser.TestID("rule-form")), "no such reason of 4102")
	look(t, p, "/console/alert-rule-form-problem")
	p.Look(1280, 800, false, false)

	member, _ := h.Join(t, testserver.JoinParams(account.Token(t, "allow_join"), room, "ann"))
	_, f := member.Call(t, "end", map[string]any{})
	require.NotNil(t, f)
	fill(p, "rule-code", fmt.Sprint(f.Code))
	fill(p, "rule-reason", f.Reason)
	fill(p, "rule-room", room)
	p.Press("\r") // in a field: the form is sent
	p.Until("the rule is listed", at("rule-link"))
	require.Contains(t, p.Text("main"), fmt.Sprintf("%d %s of %s above 0 in 15 s", f.Code, f.Reason, room))

	open(p, "/console/incidents", "incidents-view")
	refused(t, member)
	p.Until("the incident is shown by itself", at("incident-link"))
	require.Contains(t, p.Text("main"), "refused ends")
	look(t, p, "/console/incidents")
	p.Look(1280, 800, false, false)
	choose(p, "incidents-status", "resolved")
	p.Until("none is resolved", at("empty"))
	choose(p, "incidents-status", "")
	p.Until("it is listed again", at("incident-acknowledge"))
	p.Click(testbrowser.TestID("incident-acknowledge"))
	p.Until("it is acknowledged", `document.querySelector("main tbody .state")?.textContent === "acknowledged"`)
	p.Click(testbrowser.TestID("incident-link"))
	p.Until("the incident is open", at("incident-fault"))
	look(t, p, "/console/incident")
	p.Look(1280, 800, false, false)
	var incident string
	p.Eval("location.pathname", &incident)
	p.Click(testbrowser.TestID("incident-fault"))
	p.Until("it leads to its fault", at("fault-remedy"))
	require.Contains(t, html(p), f.Reason)

	open(p, incident, "incident-view")
	p.Until("it can be resolved, or is", at("incident-delete"))
	p.Eval(`document.querySelector('[data-testid="incident-resolve"]')?.click(), 0`, nil)
	p.Until("it asks, or the evaluation was sooner", at("confirm-yes")+` || !`+at("incident-resolve"))
	p.Eval(`document.querySelector('[data-testid="confirm-yes"]')?.click(), 0`, nil)
	p.Until("it is resolved", `document.querySelector("main .state")?.textContent === "resolved"`)
	p.Click(`main .facts a[href*="alert-rules"]`)
	p.Until("the rule is open with its incident", at("alert-rule-view")+` && `+at("incident-link"))
	look(t, p, "/console/alert-rule")
	p.Look(1280, 800, false, false)

	support := testbrowser.Open(t).Page(t, invite("support")) // a browser has one sign-in
	support.Until("support is signed in", at("console"))
	for _, path := range []string{"/console/alert-rules", "/console/incidents"} {
		open(support, path+"?account="+account.ID, path[len("/console/"):]+"-view")
		support.Until("support sees it", `document.querySelector("main tbody tr")`)
		for _, button := range []string{"rule-create", "rule-edit", "rule-pause", "rule-delete", "incident-resolve"} {
			var there bool
			support.Eval(at(button)+" !== null", &there)
			require.False(t, there, "%s has %s", path, button)
		}
	}

	p.Click(testbrowser.TestID("rule-edit"))
	p.Until("the form has what the rule has",
		at("rule-name")+`?.value === "refused ends" && `+at("rule-channel")+".checked")
	fill(p, "rule-name", "ends that were refused")
	choose(p, "rule-severity", "info")
	p.Click(testbrowser.TestID("rule-save"))
	p.Until("it is changed", `document.querySelector("main h1")?.textContent === "ends that were refused"`)
	status, answer = h.REST(t, account.Token(t), http.MethodGet, "/v2/alertRules", nil)
	require.Equal(t, http.StatusOK, status)
	var rules struct {
		Data []struct {
			Severity               string
			NotificationChannelIDs []string `json:"notificationChannelIds"`
			RuleConfig             struct {
				Query map[string]any
			}
		}
	}
	require.NoError(t, json.Unmarshal(answer, &rules))
	require.Len(t, rules.Data, 1)
	require.Equal(t, "info", rules.Data[0].Severity)
	require.Len(t, rules.Data[0].NotificationChannelIDs, 1)
	require.Equal(t, f.Reason, rules.Data[0].RuleConfig.Query["reason"])

	p.Click(testbrowser.TestID("rule-pause"))
	p.Click(testbrowser.TestID("confirm-yes"))
	p.Until("it is paused", `document.querySelector("main .state")?.textContent === "paused"`)
	p.Click(testbrowser.TestID("rule-delete"))
	p.Click(testbrowser.TestID("confirm-yes"))
	p.Until("there is no rule any more", at("alert-rules-view")+" && "+at("empty"))
	open(p, incident, "incident-view")
	p.Until("its incidents stay", at("incident-delete"))
	p.Click(testbrowser.TestID("incident-delete"))
	p.Click(testbrowser.TestID("confirm-yes"))
	id := incident[strings.LastIndex(incident, "/")+1:] // there may be another one of the rule, which was changed
	p.Until("it is deleted", at("incidents-view")+fmt.Sprintf(
		` && !document.querySelector(".skeleton") && !document.querySelector('[data-row="%s"]')`, id))
	open(p, incident, "incident-view")
	p.Until("nothing is at its address", at("view-problem"))
	require.Contains(t, p.Text("main"), "4108")
}
