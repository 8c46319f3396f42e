package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const withPerson = `
- code: 4002
  name: INVALID_TOKEN
  message: text
  tells: [caller]
  person: {what: This link does not work., do: Ask the host for a new one.}
  reasons:
    - {reason: EMPTY, detail: d, remedy: r}
    - reason: EXPIRED
      detail: d
      remedy: r
      person: {what: This link has expired., do: Ask the host for a new one.}
`

func textsOf(t *testing.T, catalogue string) ([]personText, error) {
	t.Helper()
	codes, err := parseCodes([]byte(catalogue))
	require.NoError(t, err)
	return personTexts(codes)
}

func TestPersonTexts(t *testing.T) {
	texts, err := textsOf(t, withPerson)
	require.NoError(t, err)
	require.Equal(t, []personText{
		{"4002", person{"This link does not work.", "Ask the host for a new one."}},
		{"4002.EXPIRED", person{"This link has expired.", "Ask the host for a new one."}},
	}, texts)

	_, err = textsOf(
		t,
		strings.Replace(withPerson, "  person: {what: This link does not work., do: Ask the host for a new one.}\n",
			"", 1),
	)
	require.ErrorContains(t, err, "4002.EMPTY: a page can show it")
	_, err = textsOf(
		t,
		strings.ReplaceAll(strings.Replace(withPerson, "[caller]", "[operator]", 1), "person:", "person: # "),
	)
	require.NoError(t, err, "what only the operator learns needs no text for people in a call")
}

func TestPersonTextsAreForPeople(t *testing.T) {
	for _, text := range []string{
		"Mint a new token on your server.", "Run `klatch admin key activate`.", "Mozilla/5.0 cannot share a screen.",
		"The participant p0 denied the request.", "ws://example.com is not secure.", "Ask p_9f2 to do it.",
		"Set media.udpAddress.",
		"Call enableScreenShare again.", "Open port 3478.", "The encoder died.", "Check the API.", "It failed with 4002.",
		"Is it plugged in?", "No full stop", "", "Ask {byName} to do it.", "The permission allow_mod is missing.",
	} {
		require.Error(t, checkPerson(person{text, "Try again."}), text)
		require.Error(t, checkPerson(person{"It did not work.", text}), text)
	}
	for _, text := range []string{
		"Switch off a VPN if you use one.", "Target {output} of the livestream was lost.", "Copy the stream key again.",
		"There is no room left.", "Open the link in Chrome, Edge, Firefox or Safari.",
	} {
		require.NoError(t, checkPerson(person{text, text}), text)
	}
}

func TestCatalogueSpeaksToPeople(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join("..", "catalogue.yaml"))
	require.NoError(t, err)
	texts, err := textsOf(t, string(raw))
	require.NoError(t, err)
	outputs := map[string]bool{}
	entries, err := parse(raw)
	require.NoError(t, err)
	for _, e := range entries {
		for _, p := range e.Params {
			outputs[e.Key()] = outputs[e.Key()] || p.Key == "output"
		}
	}
	for _, text := range texts {
		if strings.Contains(text.What+text.Do, "{output}") {
			require.True(t, outputs[text.Key], "%s has no output", text.Key)
		}
	}
}
