package clients

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testbrowser"
)

// control asks the sound system that startSound has started for a change.
func control(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "pactl", args...).CombinedOutput()
	require.NoError(t, err, "pactl %s: %s", strings.Join(args, " "), out)
	return strings.TrimSpace(string(out))
}

// plugIn adds a microphone of that name to the sound system, which is the default from then on, and returns what takes
// it away again.
func plugIn(t *testing.T, name string) (unplug func()) {
	t.Helper()
	control(t, "load-module", "module-null-sink", "sink_name=into_"+name)
	module := control(t, "load-module", "module-remap-source", "source_name="+name, "master=into_"+name+".monitor",
		"source_properties=device.description="+name)
	control(t, "set-default-source", name)
	return func() { control(t, "unload-module", module) }
}

// defaultMicrophone sends the microphone that is the default of the system.
const defaultMicrophone = `(async () => {
  const { VideoSDK } = await import("/sdk/klatch.mjs");
  VideoSDK.config(%q, { serverUrl: location.origin });
  const meeting = window.meeting = VideoSDK.initMeeting({ meetingId: %q, participantId: "ann", name: "Ann",
    micEnabled: false, webcamEnabled: false });
  await meeting.join();
  await meeting.unmuteMic();
  window.sentSince = performance.now();
})()`

// A microphone that is plugged in becomes the default of the system, and the old one is still sent: until it is
// unplugged.
func TestDefaultMicrophoneChangesInFirefox(t *testing.T) {
	startSound(t)
	plugIn(t, "inner")
	h := open(t)
	account := h.Account(t, nil)
	room, token := account.Meeting(t, nil), account.Token(t)
	firefox := testbrowser.OpenFirefox(t, testbrowser.Pref{Name: "media.navigator.streams.fake", Value: false})
	page := firefox.Page(t, h.URL+"/")
	page.Eval(fmt.Sprintf(defaultMicrophone, token, room), nil)
	page.Until("the SDK has looked, as it does every 2 s", "performance.now() - sentSince > 3_000")
	unplug := plugIn(t, "headset")
	changed := awaitTold(t, h, token, "ann", "DEVICE_CHANGED", false)
	require.Equal(t, "audio", changed.Details["kind"])
	require.Equal(t, "inner", changed.Details["label"])
	require.Equal(t, "headset", changed.Details["defaultLabel"])
	unplug()
	awaitTold(t, h, token, "ann", "DEVICE_CHANGED", true)
}
