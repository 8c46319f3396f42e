package worker

import (
	"time"

	"github.com/klatch/klatch/internal/depacket"
	"github.com/klatch/klatch/internal/jitter"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/mix"
	"github.com/klatch/klatch/sdk"
)

// trackFeed writes one stream to the current file.
type trackFeed struct {
	passthrough *passthrough
	stream      *sdk.Stream
	reorderer   *reorderer
	monitor     *streamMonitor
	report      reportSlot
	undo        func()

	// Used by the reorderer's goroutine only.
	sync       *avSync
	assembler  *frameAssembler // nil: sound
	times      timeline
	unplaced   []unplacedItem // of which the timeline is not sure yet
	now        time.Time
	keyFrameAt time.Time // when a key frame was last asked for, or came
	wantsKey   bool      // frames were passed over
}

// unplacedItem waits for its place.
type unplacedItem struct {
	rtpTime uint32
	put     func(at time.Time)
}

// maxUnplaced bounds what waits; the timeline is sure long before.
const maxUnplaced = 256

// place calls put with the time of an RTP time, at once or with what comes next.
func (f *trackFeed) place(rtpTime uint32, offset func(time.Duration), put func(at time.Time)) {
	f.unplaced = append(f.unplaced, unplacedItem{rtpTime, put})
	if _, sure := f.times.place(rtpTime, f.now); !sure && len(f.unplaced) < maxUnplaced {
		return
	}
	if d, ok := f.report.takeOffset(&f.times); ok {
		offset(d)
	}
	f.flushUnplaced()
}

func (f *trackFeed) flushUnplaced() {
	for _, p := range f.unplaced {
		p.put(f.times.timeOf(p.rtpTime))
	}
	clear(f.unplaced)
	f.unplaced = f.unplaced[:0]
}

func (f *trackFeed) handlePacket(p jitter.Packet, now time.Time) {
	f.now = now
	if f.assembler != nil {
		f.assembler.push(p, now)
		return
	}
	if length := mix.PacketDuration(p.Payload); length > 0 {
		f.monitor.usable()
		f.place(p.Timestamp, f.sync.setAudioOffset, func(at time.Time) {
			if t := f.passthrough.currentSegment(); t != nil && t.sound {
				t.interleaver.addAudio(at, length, p.Payload)
			}
		})
	}
}

func (f *trackFeed) handleFrame(frame depacket.Frame) {
	if frame.Key {
		f.keyFrameAt = f.now
	}
	codec := f.assembler.codec
	f.place(frame.RTPTime, f.sync.setVideoOffset, func(at time.Time) { f.writeFrame(codec, frame, at) })
}

// writeFrame writes a frame to the file for its codec and shape, which may have to be begun.
func (f *trackFeed) writeFrame(codec string, frame depacket.Frame, at time.Time) {
	t := f.passthrough.currentSegment()
	if f.wantsKey && !frame.Key || t == nil {
		return
	}
	f.wantsKey = false
	if !t.accepts(codec, frame) {
		if t = f.passthrough.nextSegment(t, codec, frame.Key); t == nil {
			f.skipToKeyFrame()
			return
		}
	}
	if frame.Key && t.firstKey == nil {
		t.firstKey = &frame
	}
	if !t.interleaver.addVideo(at, f.sync.lead(maxLead), frame) {
		f.skipToKeyFrame()
	}
}

// skipToKeyFrame drops the frames up to the next key frame, and asks for that.
func (f *trackFeed) skipToKeyFrame() {
	f.wantsKey = true
	if f.now.Sub(f.keyFrameAt) > askAgain {
		f.keyFrameAt = f.now
		f.stream.RequestKeyFrame()
	}
}

// handleTimer asks for key frames where they are needed and do not come by themselves.
func (f *trackFeed) handleTimer(now time.Time) time.Time {
	every := keyFrameInterval
	if f.passthrough.spec.Format == job.M3U8 {
		every = playlistKeyFrameInterval
	}
	if f.assembler == nil || now.Sub(f.keyFrameAt) < every {
		return time.Time{}
	}
	f.keyFrameAt = now
	f.stream.RequestKeyFrame()
	return time.Time{}
}

// playlistKeyFrameInterval is how often a playlist wants a key frame.
const playlistKeyFrameInterval = 2 * time.Second

func (f *trackFeed) close() {
	f.undo()
	f.reorderer.close()
	f.monitor.close()
	f.flushUnplaced()
	if f.passthrough.spec.Kind == job.Track {
		f.passthrough.finishSegment()
		return
	}
	if t := f.passthrough.currentSegment(); t != nil && f.assembler != nil && !f.passthrough.ending.Load() {
		t.interleaver.switchCameraOff()
	}
}
