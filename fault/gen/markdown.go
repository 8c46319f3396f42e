package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/klatch/klatch/fault"
)

var bands = []struct {
	first int
	title string
	about string
}{
	{3000, "3xxx: found on the device",
		"The SDK or the browser found it before or without the server: devices, wrong calls, the way to the server."},
	{4000, "4xxx: refused by the server",
		"The server judged a request and did not do it. A fatal one is also the close code of the WebSocket."},
	{5000, "5xxx: stopped while running, or the server itself",
		"Something that ran stopped, or the server cannot serve. The WebSocket closes with 1012 or 1013."},
}

// markdown returns docs/errors.md, the reference for readers without a running server.
func markdown(entries []fault.Entry, list []numbered, texts []personText) []byte {
	var b strings.Builder
	persons := map[string]person{}
	for _, t := range texts {
		persons[t.Key] = t.person
	}
	b.WriteString(mdHead)
	for i, band := range bands {
		end := 1 << 30
		if i+1 < len(bands) {
			end = bands[i+1].first
		}
		var within []fault.Entry
		for _, e := range entries {
			if e.Code >= band.first && e.Code < end {
				within = append(within, e)
			}
		}
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n| code | name | message | reasons |\n| --- | --- | --- | --- |\n", band.title,
			band.about)
		for _, group := range fault.ByCode(within) {
			c := group[0]
			links := make([]string, 0, len(group))
			for _, e := range group {
				links = append(links, fmt.Sprintf("[%s](#%s)", e.Reason, anchor(e)))
			}
			name := c.Name
			if c.Published {
				name = "**" + name + "**"
			}
			fmt.Fprintf(&b, "| [%d](#%d) | %s | %s | %s |\n", c.Code, c.Code, name, cell(c.Message), strings.Join(links, ", "))
		}
		for _, group := range fault.ByCode(within) {
			section(&b, group, persons)
		}
	}
	b.WriteString(mdUnraised)
	for _, row := range unraised(entries, list) {
		fmt.Fprintf(&b, "| %d | %s |\n", row.Code, row.Name)
	}
	return []byte(b.String())
}

func section(b *strings.Builder, group []fault.Entry, persons map[string]person) {
	c := group[0]
	fmt.Fprintf(b, "\n### <a id=\"%d\"></a>%d %s\n\n> %s\n", c.Code, c.Code, c.Name, inline(c.Message))
	for _, e := range group {
		fmt.Fprintf(b, "\n#### <a id=\"%s\"></a>%s\n\n%s\n\n**What to do:** %s\n\n", anchor(e), e.Reason, inline(e.Detail),
			inline(e.Remedy))
		if shown(e) {
			p, own := persons[e.Key()]
			if !own {
				p = persons[strconv.Itoa(e.Code)]
			}
			fmt.Fprintf(b, "**In a call:** %s %s\n\n", p.What, p.Do)
		}
		facts := []string{
			"found by " + originWords[e.Origin],
			"told to " + strings.Join(e.Tells, ", "),
			"fatal " + yesNo(e.Fatal),
			"retryable " + yesNo(e.Retryable),
		}
		if e.Origin == "server" {
			facts = append(facts, fmt.Sprintf("HTTP %d", e.HTTP))
		}
		if e.Param != "" {
			facts = append(facts, "param `"+e.Param+"`")
		}
		if len(e.Params) > 0 {
			keys := make([]string, 0, len(e.Params))
			for _, p := range e.Params {
				keys = append(keys, fmt.Sprintf("`%s` (%s)", p.Key, paramTypes[p.Type].words))
			}
			if e.StartingCode != 0 {
				keys = append(keys, fmt.Sprintf("`startingCode` (%d)", e.StartingCode))
			}
			facts = append(facts, "details "+strings.Join(keys, ", "))
		}
		if e.Condition {
			facts = append(facts, conditionWords(e))
		}
		if words := recoveryWords[e.OnResume]; words != "" {
			facts = append(facts, words)
		}
		if e.Pending != "" {
			facts = append(facts, "not raised yet: comes with "+e.Pending)
		}
		b.WriteString(strings.Join(facts, " · ") + "\n")
	}
}

var originWords = map[string]string{"server": "the server", "client": "both SDKs", "browser": "the browser SDK",
	"go": "the Go SDK"}

var recoveryWords = map[fault.Recovery]string{
	fault.Retry: "an SDK that had joined tries again", fault.Rejoin: "an SDK that had joined joins anew",
}

// conditionWords returns that a fault lasts, and from when on it is shown.
func conditionWords(e fault.Entry) string {
	words := "lasts until `fault-cleared`"
	if e.Fatal {
		words = "while not fatal, lasts until `fault-cleared`"
	}
	if e.ShowAfterMs > 0 {
		words += fmt.Sprintf(", shown after %v", time.Duration(e.ShowAfterMs)*time.Millisecond)
	}
	return words
}

func anchor(e fault.Entry) string { return fmt.Sprintf("%d-%s", e.Code, strings.ToLower(e.Reason)) }

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// inline keeps a text literal outside its own backticks: no HTML, no emphasis.
func inline(s string) string {
	parts := strings.Split(s, "`")
	for i := 0; i < len(parts); i += 2 {
		parts[i] = strings.NewReplacer("<", "&lt;", "*", `\*`, "_", `\_`).Replace(parts[i])
	}
	return strings.Join(parts, "`")
}

func cell(s string) string { return strings.ReplaceAll(inline(s), "|", `\|`) }

const mdUnraised = `
## Published codes that Klatch does not raise

` + "`Errors` has them, so that code which names them compiles; [ADR 0008](adr/0008-published-error-codes.md) says for each why no" + `
fault has it.

| code | name |
| --- | --- |
`

const mdHead = `<!-- Code generated by fault/gen from catalogue.yaml; DO NOT EDIT. -->

# Errors

Whatever goes wrong reaches you as one **fault**: the ` + "`error`" + ` event of both SDKs, the error that the failed
call returns or rejects with (the same object, the same ` + "`id`" + `), JSON-RPC ` + "`error.data`" + `, the REST body
(` + "`application/problem+json`" + `), the webhook and the log line. It has the same fields everywhere:

` + "```json" + `
{
  "code": 4002,
  "name": "INVALID_TOKEN",
  "message": "` + "`token`" + ` is empty or invalid or might have expired.",
  "reason": "EXPIRED",
  "detail": "The token expired 101 s ago; the server allows 60 s of clock difference.",
  "remedy": "Mint a new token on your server and join again.",
  "param": "token.exp",
  "details": {"exp": 1795331161, "serverTime": 1795331262, "expiredForSec": 101, "leewaySec": 60},
  "fatal": true,
  "retryable": false,
  "retryAfterMs": 0,
  "id": "flt_01KAN2Z3QH8Y7M4V0C9T5W6XRD",
  "causeId": "",
  "at": "2026-11-22T07:07:42.120Z",
  "docs": "https://meet.example.com/errors/4002#EXPIRED",
  "consoleUrl": "https://meet.example.com/console/faults/flt_01KAN2Z3QH8Y7M4V0C9T5W6XRD",
  "meetingId": "abcd-efgh-ijkl",
  "sessionId": "…",
  "participantId": "…"
}
` + "```" + `

- ` + "`code`, `name`, `message`" + ` say what broke. The 25 in **bold** below are those of the published error event page, to
  the letter; ` + "`VideoSDKErrors`" + ` in both SDKs maps their codes to them. An operator may put its own name and
  contact into a message, and 4007 carries the words it wrote for that account. Match on ` + "`code`" + `, never on ` + "`message`" + `.
- ` + "`reason`" + ` says why: one cause each. ` + "`detail`" + ` tells it with the values of the incident, ` + "`details`" + ` holds the same
  values under stable keys, ` + "`param`" + ` names the offending field. ` + "`remedy`" + ` says what to do next.
- **In a call**, below, is what the pages of Klatch show to people instead of ` + "`detail`" + ` and ` + "`remedy`" + `, which are for developers and
  support; the pages keep them, with code, reason and id, under *Details for support*.
- ` + "`fatal`" + `: the session ends, or does not begin. ` + "`retryable`" + `: the same call may succeed later, unchanged;
  ` + "`retryAfterMs`" + ` says when, where that is known.
- ` + "`id`" + ` is the same on every road and in the server's log. ` + "`causeId`" + ` names the fault this one follows from.
- ` + "`docs`" + ` is the page of the reason, ` + "`consoleUrl`" + ` that of this fault in the console: for the operator and the developers of
  the account, with its causes, its session and its webhooks. It is "" where no server is told of the fault.
- A fault that *lasts* is a condition: it is told when it begins, after the delay below, and ` + "`fault-cleared`" + ` with its ` + "`id`" + ` and
  ` + "`forMs`" + ` tells that it is over ([faults.md](faults.md)).
- No field ever holds a token, a secret or a stream key.

A running server shows each code under ` + "`/errors/CODE`" + `; ` + "`klatch errors CODE`" + ` prints it. Below, ` + "`{key}`" + ` in a
text stands for the value of ` + "`details.key`" + `. Who is told: the *caller* (its call fails), the *participant* (an ` + "`error`" + `
event), everybody in the *meeting*, its *moderators*, the *webhook*, the *console*, and the *operator* (log, metrics, readiness).
`
