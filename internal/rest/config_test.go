package rest_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/rest"
)

// The document describes a config with the values that egress takes: each value of an enum and each bound passes
// job.Config.Check, and what lies outside does not. So a config is the same over REST and over signaling.
func TestConfigSchemaAgreesWithCheck(t *testing.T) {
	document, err := rest.New(rest.Options{}).OpenAPI()
	require.NoError(t, err)
	var api struct {
		Components struct {
			Schemas map[string]struct {
				Properties map[string]struct {
					Enum             []any
					Default          any
					Minimum, Maximum *float64
				}
			}
		}
	}
	require.NoError(t, json.Unmarshal(document, &api))
	check := func(at []string, value any) error {
		for _, name := range slices.Backward(at) {
			value = map[string]any{name: value}
		}
		raw, err := json.Marshal(value)
		require.NoError(t, err)
		config, err := job.ReadConfig("start", raw)
		if err != nil {
			return err
		}
		if wrong := config.Check(job.Recording); wrong != nil {
			return wrong
		}
		return nil
	}
	schemas := map[string][]string{"EgressConfig": nil, "EgressLayout": {"layout"}, "Transcription": {"transcription"},
		"TranscriptionSummary": {"transcription", "summary"}}
	checked := 0
	for name, at := range schemas {
		require.Contains(t, api.Components.Schemas, name)
		for field, schema := range api.Components.Schemas[name].Properties {
			at := append(slices.Clone(at), field)
			for _, value := range schema.Enum {
				require.NoError(t, check(at, value), "%v %v", at, value)
				checked++
			}
			if len(schema.Enum) > 0 {
				var outside any = true
				if reflect.TypeOf(schema.Enum[0]).Kind() == reflect.String {
					outside = "another"
				}
				require.Error(t, check(at, outside), "%v", at)
			}
			if schema.Minimum != nil {
				require.NoError(t, check(at, *schema.Minimum), "%v", at)
				require.Error(t, check(at, *schema.Minimum-1), "%v", at)
			}
			if schema.Maximum != nil {
				require.NoError(t, check(at, *schema.Maximum), "%v", at)
				require.Error(t, check(at, *schema.Maximum+1), "%v", at)
			}
			if schema.Default != nil {
				require.NoError(t, check(at, schema.Default), "%v", at)
			}
		}
	}
	require.GreaterOrEqual(t, checked, 19, "a list of values is not in the document")
}

// A config is read from a call as it is from a REST body, and null leaves a part out.
func TestConfigOfCallsAndBodies(t *testing.T) {
	w, _ := newEgressFixture(t)
	roomID := w.newRoom(nil)["roomId"].(string)
	w.join(roomID, "ann")
	for body, field := range map[string]string{
		`{"layout":{"type":"ROUND"}}`:                    "config.layout.type",
		`{"layout":{"gridSize":26}}`:                     "config.layout.gridSize",
		`{"layout":[]}`:                                  "config.layout",
		`{"color":"red"}`:                                "config.color",
		`{"transcription":{"summary":{"enabled":true}}}`: "config.transcription.summary.enabled",
		`{"layout":null,"theme":null,"recording":null,"transcription":null}`: "",
		`null`: "",
	} {
		config, err := job.ReadConfig("startRecording", json.RawMessage(body))
		if err == nil {
			if wrong := config.Check(job.Recording); wrong != nil {
				err = job.Request{Method: "startRecording", Under: "config."}.Refuse(wrong)
			}
		}
		given := map[string]any{"roomId": roomID, "config": json.RawMessage(body)}
		answer := w.call(w.token, "POST", "/v2/recordings/start", given)
		if field == "" {
			require.NoError(t, err, body)
			w.refused(answer, 4011, "WORKER_DIED") // the worker of this test; the config has passed
			continue
		}
		if strings.HasPrefix(field, "config.transcription") {
			require.ErrorContains(t, err, "4110")
			require.Equal(t, field, fault.From(err).Param)
			require.Equal(t, field, w.refused(answer, 4110, "NOT_OFFERED").Details["field"], body)
			continue
		}
		require.ErrorContains(t, err, field)
		require.Equal(t, field, w.refused(answer, 4107, "BAD_PARAMS").Details["field"], body)
	}
}
