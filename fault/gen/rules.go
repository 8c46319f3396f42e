package main

import (
	"bytes"
	"encoding/json"
	"strconv"

	"github.com/klatch/klatch/fault"
)

// rule is what holds for a code, or where its reasons differ for a code and reason: "3102", "3103.EVENTS_LOST".
type rule struct{ Key, Value string }

// rulesOf returns the rules whose value is not empty, in the order of the catalogue: one for a code where all its
// reasons agree, so that a reason that an older SDK does not know is treated like them.
func rulesOf(entries []fault.Entry, value func(fault.Entry) string) (list []rule) {
	for _, group := range fault.ByCode(entries) {
		same := true
		for _, e := range group {
			same = same && value(e) == value(group[0])
		}
		if same {
			group = group[:1]
		}
		for _, e := range group {
			if value(e) == "" {
				continue
			}
			key := e.Key()
			if same {
				key = strconv.Itoa(e.Code)
			}
			list = append(list, rule{key, value(e)})
		}
	}
	return list
}

func onConnect(e fault.Entry) string { return string(e.OnConnect) }
func onResume(e fault.Entry) string  { return string(e.OnResume) }

func unanswered(e fault.Entry) string { return mark(e.Unanswered) }
func passing(e fault.Entry) string    { return mark(e.Passes) }
func reported(e fault.Entry) string   { return mark(e.Reported()) }

func mark(b bool) string {
	if b {
		return "true"
	}
	return ""
}

// recoveryJSON returns what the tests of the browser SDK hold its behavior against.
func recoveryJSON(entries []fault.Entry) []byte {
	type row struct {
		Code     int            `json:"code"`
		Name     string         `json:"name"`
		Reason   string         `json:"reason"`
		OnResume fault.Recovery `json:"onResume"`
		Passes   bool           `json:"passes"`
		Reported bool           `json:"reported"`
	}
	var out bytes.Buffer
	out.WriteString("[\n")
	for i, e := range entries {
		line, err := json.Marshal(row{e.Code, e.Name, e.Reason, e.OnResume, e.Passes, e.Reported()})
		if err != nil {
			panic(err) // strings, a number and a boolean always encode
		}
		out.Write(line)
		if i < len(entries)-1 {
			out.WriteString(",")
		}
		out.WriteString("\n")
	}
	out.WriteString("]\n")
	return out.Bytes()
}
