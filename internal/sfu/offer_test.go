package sfu

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/payload"
	"github.com/klatch/klatch/internal/wire"
)

// lastSection applies f to the last media section of a description.
func lastSection(text string, f func(string) string) string {
	at := strings.LastIndex(text, "m=")
	return text[:at] + f(text[at:])
}

var credentials = regexp.MustCompile(`a=ice-(ufrag|pwd):`)

// Offers as other clients than browsers and pion make them are answered, and media flows.
func TestOffersOfOtherClients(t *testing.T) {
	for name, edit := range map[string]func(string) string{
		"no line end at the end":  func(s string) string { return strings.TrimRight(s, "\r\n") },
		"bare line feeds":         func(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") },
		"spaces at the line ends": func(s string) string { return strings.ReplaceAll(s, "\r\n", " \r\n") },
		"a byte order mark":       func(s string) string { return "\ufeff" + s },
		"a session without a name": func(s string) string {
			return regexp.MustCompile(`(?m)^s=.*\r\n`).ReplaceAllString(s, "s= \r\n")
		},
		"RTP/AVPF": func(s string) string { return strings.ReplaceAll(s, "UDP/TLS/RTP/SAVPF", "RTP/AVPF") },
		"codec names in the other case": func(s string) string {
			return strings.NewReplacer("VP8/", "vp8/", "opus/", "OPUS/").Replace(s)
		},
		"empty lines":  func(s string) string { return strings.ReplaceAll(s, "\r\n", "\r\n\r\n") },
		"no direction": func(s string) string { return strings.ReplaceAll(s, "a=sendonly\r\n", "") },
		"direction of the session": func(s string) string {
			return strings.Replace(strings.ReplaceAll(s, "a=sendonly\r\n", ""), "t=0 0\r\n", "t=0 0\r\na=sendonly\r\n", 1)
		},
		"sendrecv": func(s string) string { return strings.ReplaceAll(s, "a=sendonly\r\n", "a=sendrecv\r\n") },
		"bundle-only": func(s string) string { // Firefox
			return lastSection(s, func(s string) string {
				return strings.Replace(strings.Replace(s, " 9 ", " 0 ", 1), "a=mid:", "a=bundle-only\r\na=mid:", 1)
			})
		},
		"rtcp-mux in the first section alone": func(s string) string {
			return lastSection(s, func(s string) string { return strings.Replace(s, "a=rtcp-mux\r\n", "", 1) })
		},
		"a transport for each section": func(s string) string { // aiortc
			return lastSection(s, func(s string) string { return credentials.ReplaceAllString(s, "${0}other") })
		},
		"4000 candidates": func(s string) string {
			var lines strings.Builder
			for i := range 4000 {
				fmt.Fprintf(&lines, "a=candidate:%d 1 udp 1 127.0.0.1 9 typ host\r\n", i)
			}
			return s + lines.String()
		},
		"no SSRCs": func(s string) string { return regexp.MustCompile(`(?m)^a=ssrc.*\r\n`).ReplaceAllString(s, "") },
		"no SSRCs and no mid in packets": func(s string) string {
			s = regexp.MustCompile(`(?m)^a=extmap.*sdes:mid\r\n`).ReplaceAllString(s, "")
			return regexp.MustCompile(`(?m)^a=ssrc.*\r\n`).ReplaceAllString(s, "")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHub(t)
			ann, bob := h.join("s", "ann"), h.join("s", "bob")
			ann.editOffer = edit
			require.Len(t, ann.publish(both).Streams, 2)
			bob.subscribe(camera("ann"), mic("ann"))
			defer ann.source(wire.Video).run(10 * time.Millisecond)()
			defer ann.source(wire.Audio).run(10 * time.Millisecond)()
			video, audio := bob.got("ann", wire.Video), bob.got("ann", wire.Audio)
			eventually(t, "media", func() bool { return video.count() > 10 && audio.count() > 10 })
			eventually(t, "sender reports, by which players keep sound and picture together",
				func() bool { return bob.reports.Load() > 1 })
			require.Empty(t, h.told())
		})
	}
}

// An offer of several sections without a bundle cannot be answered by a server with one transport, and says so.
func TestUnbundledOffers(t *testing.T) {
	h := newHub(t)
	ann := h.join("s", "ann")
	ann.publish(both)
	mids := []string{ann.published.Streams[0].MID, ann.published.Streams[1].MID}
	slices.Sort(mids)
	group := regexp.MustCompile(`a=group:BUNDLE.*\r\n`)
	manyMaps, manyFormats := "", ""
	for pt := range 128 {
		manyMaps += fmt.Sprintf("a=rtpmap:%d VP8/90000\r\n", pt)
		manyFormats += fmt.Sprintf(" %d", pt)
	}
	for name, tc := range map[string]struct{ sdp, want string }{
		"no group": {group.ReplaceAllString(ann.published.SDP, ""), "2 media sections and no a=group:BUNDLE"},
		"one not in it": {group.ReplaceAllString(ann.published.SDP, "a=group:BUNDLE "+mids[0]+"\r\n"),
			"the mid " + mids[1] + " is not in the a=group:BUNDLE"},
		"too many formats": {strings.Replace(strings.Replace(ann.published.SDP, "a=rtpmap:96", manyMaps+"a=rtpmap:96", 1),
			"SAVPF 96", "SAVPF"+manyFormats+" 96", 1),
			"formats of codecs that the server takes; at most 64"},
		"no multiplexed RTCP": {strings.ReplaceAll(ann.published.SDP, "a=rtcp-mux\r\n", ""), "has no a=rtcp-mux"},
		"the server as DTLS client": {strings.ReplaceAll(ann.published.SDP, "a=setup:actpass", "a=setup:passive"),
			"a=setup:passive"},
		"too many lines": {ann.published.SDP + strings.Repeat("a=x:y\r\n", 5000), "lines besides candidates"},
		"too many medias": {ann.published.SDP + strings.Repeat("m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n", 3000),
			"it has 3002 media sections; 24 are taken"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := h.sfu.Publish(
				context.Background(),
				ann.peer,
				wire.PublishParams{SDP: tc.sdp, Streams: ann.published.Streams},
			)
			f, ok := errors.AsType[*fault.Error](err)
			require.True(t, ok, "%v", err)
			require.Equal(t, "BAD_SDP", f.Reason)
			require.Contains(t, f.Detail, tc.want)
		})
	}
}

// The simulcast encodings of an offer are taken, at most three, and the answer says which.
func TestSimulcastOffer(t *testing.T) {
	h := newHub(t)
	ann := h.join("s", "ann")
	ann.publish(map[wire.Kind]string{wire.Video: webrtc.MimeTypeVP8})
	offer := regexp.MustCompile(`(?m)^a=(ssrc|extmap.*rtp-stream-id).*\r\n`).ReplaceAllString(ann.published.SDP, "")
	rids := "a=rid:q send\r\na=rid:h send\r\na=rid:f send\r\n"
	extension := "a=extmap:14 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\r\n"
	for name, tc := range map[string]struct{ sdp, want string }{
		"three":        {offer + rids + "a=simulcast:send q;h;f\r\n" + extension, "a=simulcast:recv q;h;f\r\n"},
		"one paused":   {offer + rids + "a=simulcast:send q;h;~f\r\n" + extension, "a=simulcast:recv q;h;f\r\n"},
		"alternatives": {offer + rids + "a=simulcast:send q,h;f\r\n" + extension, "a=simulcast:recv q;f\r\n"},
		"four": {offer + rids + "a=rid:e send\r\na=simulcast:send q;h;f;e\r\n" + extension,
			"a=simulcast:recv h;f;e\r\n"},
		"no extension for rids": {offer + rids + "a=simulcast:send q;h;f\r\n", ""},
		"nothing to send":       {offer + rids + "a=simulcast:recv q\r\n" + extension, ""},
		"both directions":       {offer + rids + "a=simulcast:recv q send h;f\r\n" + extension, "a=simulcast:recv h;f\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			eve := wire.Peer{SessionID: "s", ParticipantID: "eve"}
			require.NoError(t, h.sfu.Attach(context.Background(), eve))
			defer h.sfu.Detach(eve)
			result, err := h.sfu.Publish(
				context.Background(),
				eve,
				wire.PublishParams{SDP: tc.sdp, Streams: ann.published.Streams},
			)
			require.NoError(t, err)
			require.Contains(t, result.SDP, tc.want)
			require.Equal(t, strings.Count(tc.want, ";")+1, max(1, strings.Count(result.SDP, "a=rid:")))
			require.Equal(t, tc.want != "", strings.Contains(result.SDP, "a=rid:"))
		})
	}
}

// Header extensions are taken where the server uses them. Without the one for the orientation of video senders turn
// pictures themselves (RFC 7742, section 4), so that each receiver has them upright.
func TestHeaderExtensions(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	ann, bob := h.join("s", "ann"), h.join("s", "bob")
	all := []string{
		"urn:ietf:params:rtp-hdrext:sdes:mid", "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
		"urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id", sdp.TransportCCURI, sdp.ABSSendTimeURI,
		payload.DescriptorURI, "urn:3gpp:video-orientation", "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay",
	}
	ann.editOffer = func(offer string) string {
		offer = regexp.MustCompile(`(?m)^a=extmap:.*\r\n`).ReplaceAllString(offer, "")
		for i, uri := range all {
			offer += fmt.Sprintf("a=extmap:%d %s\r\n", i+1, uri)
		}
		return offer
	}
	extensions := func(text string) (found []string) {
		for _, uri := range all {
			if strings.Contains(text, " "+uri+"\r\n") {
				found = append(found, uri)
			}
		}
		return found
	}
	result := ann.publish(vp8)
	require.Equal(t, []string{all[0], all[1], all[2], all[3], all[5]}, extensions(result.SDP))
	bob.subscribe(camera("ann"))
	eventually(t, "an offer", func() bool { return bob.offersSeen() > 0 })
	require.Equal(t, []string{all[3], all[4], all[5]}, extensions(bob.lastOffer().SDP))
}

// What is wrong with an offer is named with its section and line.
func TestWhatIsWrongWithAnOffer(t *testing.T) {
	h := newHub(t)
	ann := h.join("s", "ann")
	ann.publish(map[wire.Kind]string{wire.Video: webrtc.MimeTypeVP8})
	rids := "a=extmap:14 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\r\na=rid:q send\r\na=rid:h send\r\na=rid:f recv\r\n"
	offer := regexp.MustCompile(`(?m)^a=(ssrc|extmap.*rtp-stream-id).*\r\n`).ReplaceAllString(ann.published.SDP, "") + rids
	long := strings.Repeat("x", 17)
	for name, tc := range map[string]struct{ sdp, want string }{
		"long rid": {offer + "a=rid:" + long + " send\r\na=simulcast:send q;" + long + "\r\n",
			`the mid 0 has the rid "` + long + `"; it takes 1 to 16 letters`},
		"strange rid":                {offer + "a=rid:q.1 send\r\na=simulcast:send q.1;h\r\n", `the mid 0 has the rid "q.1"`},
		"no rid":                     {offer + "a=simulcast:send q;\r\n", `the mid 0 has the rid ""`},
		"rid twice":                  {offer + "a=simulcast:send q;q\r\n", "a=simulcast of the mid 0 names the rid q twice"},
		"unknown rid":                {offer + "a=simulcast:send q;z\r\n", "names the rid z, which has no line a=rid:z send"},
		"rid of the other direction": {offer + "a=simulcast:send q;f\r\n", "the rid f, which has no line a=rid:f send"},
		"no direction":               {offer + "a=simulcast:q;h;f\r\n", "a=simulcast:q;h;f of the mid 0 is not"},
		"odd direction":              {offer + "a=simulcast:both q;h\r\n", "of the mid 0 has the direction both"},
		"ice-lite":                   {strings.Replace(offer, "t=0 0\r\n", "t=0 0\r\na=ice-lite\r\n", 1), "a=ice-lite"},
		"odd line of the session": {strings.Replace(offer, "t=0 0\r\n", "t=0 0\r\nx~\r\n", 1),
			`before the media sections, the line "x~" cannot be read`},
		"odd line of a section": {strings.Replace(offer, "a=mid:", "b~c\r\na=mid:", 1),
			`in media section 0, the line "b~c" cannot be read`},
		"odd port": {strings.Replace(offer, "m=video 9 ", "m=video nine ", 1), `in media section 0, the line "m=video nine `},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := h.sfu.Publish(t.Context(), ann.peer, wire.PublishParams{SDP: tc.sdp, Streams: ann.published.Streams})
			f, ok := errors.AsType[*fault.Error](err)
			require.True(t, ok, "%v", err)
			require.Equal(t, "BAD_SDP", f.Reason)
			require.Contains(t, f.Detail, tc.want)
		})
	}
}

func TestPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p pace
		start := time.Now()
		for range offersBurst + 10 {
			require.NoError(t, p.wait(t.Context(), 1))
		}
		require.InDelta(t, 10.0/offersPerSecond, time.Since(start).Seconds(), 0.5)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		require.ErrorIs(t, p.wait(ctx, 1), context.Canceled)
	})
}
