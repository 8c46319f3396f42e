package sdk_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/sdk"
)

// TestEgressConfigIsTheServers holds every field and value of EgressConfig against what the server reads.
func TestEgressConfigIsTheServers(t *testing.T) {
	config := sdk.EgressConfig{
		Layout: sdk.EgressLayout{Type: sdk.LayoutSidebar, Priority: sdk.PriorityPin, GridSize: 7},
		Theme:  sdk.ThemeLight, Mode: sdk.EgressAudioOnly, Quality: sdk.QualityHigh, Orientation: sdk.OrientationPortrait,
		Recording: &sdk.Switch{Enabled: true}, FileFormat: sdk.FileWebM, Transcription: &sdk.Switch{},
	}
	raw, err := json.Marshal(config)
	require.NoError(t, err)
	got, err := job.ReadConfig("startRecording", raw)
	require.NoError(t, err)
	back, err := json.Marshal(got)
	require.NoError(t, err)
	require.JSONEq(t, string(raw), string(back))

	require.Equal(t, job.LayoutTypes, list[job.LayoutType](sdk.LayoutGrid, sdk.LayoutSpotlight, sdk.LayoutSidebar))
	require.Equal(t, job.Priorities, list[job.Priority](sdk.PrioritySpeaker, sdk.PriorityPin))
	require.Equal(t, job.Themes, list[job.Theme](sdk.ThemeDefault, sdk.ThemeDark, sdk.ThemeLight))
	require.Equal(t, job.Modes, list[job.Mode](sdk.EgressVideoAndAudio, sdk.EgressAudioOnly))
	require.Equal(t, job.Qualities, list[job.Quality](sdk.QualityMed, sdk.QualityLow, sdk.QualityHigh))
	require.Equal(t, job.Orientations, list[job.Orientation](sdk.OrientationLandscape, sdk.OrientationPortrait))
}

func list[To, From ~string](values ...From) (converted []To) {
	for _, value := range values {
		converted = append(converted, To(value))
	}
	return converted
}
