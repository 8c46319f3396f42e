package faults

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/sdk"
)

// egressNames match the codes about what carries a meeting out.
var egressNames = regexp.MustCompile(`RECORDING|LIVESTREAM|HLS|ADD_ON`)

// noPage lists the reasons of such codes that no page reads, and why.
var noPage = map[string]string{
	"NO_SESSION":       "nobody is in the meeting, so no page is",
	"SERVER_RESTARTED": "it is found by the next server, when the pages of the last one are out",
}

// inPages reports whether a page with the browser SDK must read a fault of recordings, livestreams or HLS: where it can
// start and stop the job, or is in the meeting when something becomes of it.
func inPages(e fault.Entry) bool {
	told := slices.ContainsFunc([]string{"caller", "moderators", "meeting"}, func(who string) bool {
		return slices.Contains(e.Tells, who)
	})
	onlyREST := slices.ContainsFunc(egressKinds, func(k egressKind) bool {
		return k.method == "" && (e.Code == k.start || e.Code == k.stop)
	})
	return egressNames.MatchString(e.Name) && told && !onlyREST && noPage[e.Reason] == ""
}

func TestPagesReadEgressFaults(t *testing.T) {
	for reason := range noPage {
		require.True(t, slices.ContainsFunc(fault.Catalogue(), func(e fault.Entry) bool {
			return e.Reason == reason && egressNames.MatchString(e.Name)
		}),
			"%s is excused and not in the catalogue", reason)
	}
	for _, k := range egressKinds {
		for _, code := range []int{k.start, k.stop, k.failed} {
			require.True(t, slices.ContainsFunc(fault.Catalogue(), func(e fault.Entry) bool {
				return e.Code == code && egressNames.MatchString(e.Name)
			}),
				"%d would be read in no page", code)
		}
	}
}

// startInPage is the call of the browser SDK that starts a job.
func (k egressKind) startInPage(outputs ...sdk.LivestreamOutput) string {
	text := func(v any) string {
		raw, _ := json.Marshal(v) // plain fields
		return string(raw)
	}
	config := text(cheapConfig(k.kind))
	switch k.kind {
	case job.Livestream:
		return "startLivestream(" + text(outputs) + ", " + config + ")"
	case job.HLS:
		return "startHls(" + config + ")"
	}
	return "startRecording(null, null, " + config + ")"
}

// joinPage lets una join, in the tab that the meetings of a scenario use one after another.
func (s *egressSetup) joinPage() {
	s.t.Helper()
	if s.t.tab == nil {
		s.t.tab = s.t.shared.browser().open(s.t)
	}
	s.una = s.t.tab
	s.una.navigate("/")
	s.una.make(s.token, s.meeting, "una")
	s.una.run("meeting.join().then(() => true)", nil)
}

// checkPageTold checks in una's page that a job ended with a fault: the error event, once, the last state event and the
// property. Then it closes the page.
func (s *egressSetup) checkPageTold(f *fault.Error) {
	s.t.Helper()
	s.una.awaitSame(f)
	want := strings.ToUpper(s.k.method) + "_STOPPED"
	var states []string
	s.una.until(func() bool {
		s.una.run("Promise.resolve([meeting.states.at(-1), meeting."+strings.ToLower(s.k.method)+"State])", &states)
		return states[0] == want && states[1] == want
	}, want+" does not come")
	s.checkPageEvent(f)
}

// checkPageEvent checks that the page has the event of a fault whose job goes on.
func (s *egressSetup) checkPageEvent(f *fault.Error) {
	s.t.Helper()
	s.una.awaitSame(f)
	s.una.checkEvent(f)
	s.una.close()
	s.t.tab = nil
}
