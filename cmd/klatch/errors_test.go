package main

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/klatch/klatch/fault"
	"github.com/stretchr/testify/require"
)

func TestErrors(t *testing.T) {
	for _, tc := range []struct {
		name   string
		args   []string
		code   int
		out    []string
		errOut []string
	}{
		{"all", []string{"errors"}, 0,
			[]string{"CODE", "4002", "INVALID_TOKEN", "SIGNATURE_MISMATCH", "DUPLICATE_PARTICIPANT"}, nil},
		{"code", []string{"errors", "4002"}, 0,
			[]string{"4002 INVALID_TOKEN", "`token` is empty or invalid", "EXPIRED", "what to do", "expiredForSec (int)",
				"HTTP status    401"}, nil},
		{"name in small letters", []string{"errors", "invalid_token"}, 0, []string{"4002 INVALID_TOKEN"}, nil},
		{"reason", []string{"errors", "DEVICE_IN_USE"}, 0,
			[]string{"3023 ERROR_CAMERA_IN_USE", "3024 ERROR_MICROPHONE_IN_USE"},
			nil},
		{"misspelled", []string{"errors", "INVALID_TOKN"}, 1, nil, []string{`"INVALID_TOKN"`, "INVALID_TOKEN"}},
		{"no such number", []string{"errors", "4000", "--json"}, 1, nil, []string{"4001", "4002"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var out, errOut bytes.Buffer
			require.Equal(t, tc.code, run(context.Background(), tc.args, &out, &errOut), errOut.String())
			for _, want := range tc.out {
				require.Contains(t, out.String(), want)
			}
			for _, want := range tc.errOut {
				require.Contains(t, errOut.String(), want)
			}
			require.Equal(t, tc.out == nil, out.Len() == 0)
			require.Equal(t, tc.errOut == nil, errOut.Len() == 0)
		})
	}
}

func TestErrorsAsJSONLines(t *testing.T) {
	var out, errOut bytes.Buffer
	require.Zero(t, run(context.Background(), []string{"errors", "--json"}, &out, &errOut), errOut.String())
	var entries []fault.Entry
	for line := range strings.Lines(out.String()) {
		var e fault.Entry
		require.NoError(t, json.Unmarshal([]byte(line), &e), line)
		entries = append(entries, e)
	}
	require.Equal(t, fault.Catalogue(), entries)
}

func TestFaultOfACommandNamesWhatExplainsIt(t *testing.T) {
	t.Parallel()
	code, _, text := klatch(t, "token", "--api-key", "key")
	require.Equal(t, 1, code)
	require.Contains(t, text, "more           klatch errors 3073\n")
	_, _, line := klatch(t, "token", "--api-key", "key", "--json")
	require.Contains(t, line, `"more":"klatch errors 3073"`)
}
