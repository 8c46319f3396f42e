package clients

import (
	"encoding/json"
	"math"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
)

// sentNow is an expression: what the page sends of its camera over one second, as its own getStats says it.
const sentNow = `(async () => {
  const read = async () => {
    const sum = { bytes: 0, width: 0, height: 0, rtt: 0, at: performance.now() };
    for (const pc of window.__connections) {
      if (pc.connectionState !== "connected") continue;
      for (const s of (await pc.getStats()).values()) {
        if (s.type === "outbound-rtp" && s.kind === "video") {
          sum.bytes += s.bytesSent ?? 0;
          if ((s.frameWidth ?? 0) > sum.width) { sum.width = s.frameWidth; sum.height = s.frameHeight; }
        }
        if (s.type === "candidate-pair" && s.nominated) sum.rtt = Math.max(sum.rtt, (s.currentRoundTripTime ?? 0) * 1000);
      }
    }
    return sum;
  };
  const before = await read();
  await new Promise((done) => setTimeout(done, 1000));
  const now = await read();
  return { kbps: (now.bytes - before.bytes) * 8 / (now.at - before.at), width: now.width, height: now.height, rtt: now.rtt };
})()`

type sentVideo struct {
	Kbps, Width, Height, RTT float64
}

// requireStats checks that what the server answers of each participant is near what its own client says.
func requireStats(
	t *testing.T,
	h *testserver.Server,
	token, room string,
	pages map[string]*testbrowser.Page,
	bot *sdk.Meeting,
) {
	t.Helper()
	var sessions struct {
		Data []struct {
			ID           string
			Participants []struct{ ParticipantID, Name string }
		}
	}
	get(t, h, token, "/v2/sessions?status=ongoing&roomId="+room, &sessions)
	require.Len(t, sessions.Data, 1)
	for _, p := range sessions.Data[0].Participants {
		path := "/v2/sessions/" + sessions.Data[0].ID + "/participants/" + p.ParticipantID + "/stats"
		if page := pages[p.Name]; page != nil {
			awaitStats(t, h, token, path, p.Name, func() (own sentVideo) {
				page.Eval(sentNow, &own)
				return own
			}, true)
		}
		if p.ParticipantID == bot.LocalParticipant().ID() {
			bot.LocalParticipant().GetVideoStats() // rates are those since the last call
			awaitStats(t, h, token, path, p.Name, func() (own sentVideo) {
				time.Sleep(time.Second) // over which the rate is taken
				for _, s := range bot.LocalParticipant().GetVideoStats() {
					own.Kbps += float64(s.Bitrate)
				}
				return own
			}, false)
		}
	}
}

// awaitStats waits until the newest entries of a participant are near what it says itself.
func awaitStats(
	t *testing.T,
	h *testserver.Server,
	token, path, name string,
	sent func() sentVideo,
	browser bool,
) {
	t.Helper()
	type entry struct {
		Bitrate, TotalPackets, RTT float64
		Size                       struct{ Width, Height float64 }
		Server                     struct{ Bitrate, TotalPackets float64 }
	}
	var answer struct {
		SDKInfo    struct{ SDKType, SDKVersion string }
		Connection struct{ Candidate, Protocol, Camera string }
		Stats      []struct {
			QualityScore struct{ Audio, Video *float64 }
		}
		Streams []struct {
			Direction, Kind string
			Stats           []entry
		}
	}
	near := func(got, want, share, slack float64) bool { return math.Abs(got-want) <= want*share+slack }
	var own sentVideo
	var out entry
	var received float64
	for deadline := time.Now().Add(2 * timeout); ; { // entries come every ten seconds, later on a busy machine
		own, out, received = sent(), entry{}, 0
		get(t, h, token, path, &answer)
		for _, s := range answer.Streams {
			last := s.Stats[len(s.Stats)-1]
			switch s.Direction + " " + s.Kind {
			case "send video":
				out = last
			case "recv video":
				received = last.Bitrate
			}
		}
		sized := !browser || out.Size.Width == own.Width && out.Size.Height == own.Height && own.Width > 0
		if own.Kbps > 0 && sized && received > 0 && near(out.Bitrate, own.Kbps, 0.5, 20) &&
			near(out.Server.Bitrate, out.Bitrate, 0.5, 20) && near(out.RTT, own.RTT, 1, 30) {
			break
		}
		require.True(t, time.Now().Before(deadline), "%s says %+v, the server answers %+v and receives %v kbit/s",
			name, own, out, received)
	}
	require.Contains(t, []string{"host", "prflx"}, answer.Connection.Candidate, name)
	require.Contains(t, []string{"udp", "tcp"}, answer.Connection.Protocol, name)
	require.NotEmpty(t, answer.SDKInfo.SDKType)
	require.NotEmpty(t, answer.SDKInfo.SDKVersion)
	if browser {
		require.NotEmpty(t, answer.Connection.Camera, name)
	}
	score := answer.Stats[len(answer.Stats)-1].QualityScore
	require.NotNil(t, score.Video, name)
	require.NotNil(t, score.Audio, name)
}

func get(t *testing.T, h *testserver.Server, token, path string, into any) {
	t.Helper()
	status, body := h.REST(t, token, "GET", path, nil)
	require.Equal(t, http.StatusOK, status, "%s", body)
	require.NoError(t, json.Unmarshal(body, into), "%s", body)
}
