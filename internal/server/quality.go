package server

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/klatch/klatch/internal/quality"
	"github.com/klatch/klatch/internal/rest"
	"github.com/klatch/klatch/internal/wire"
)

// openQuality makes what measures the quality of meetings, unless nothing is to be kept.
func (s *Server) openQuality() {
	if s.conf.Quality.KeepDays == 0 {
		return
	}
	s.quality = quality.New(quality.Options{
		Media:    s.media,
		Store:    s.Store,
		Report:   s.incidents.Report,
		Log:      s.log,
		Interval: s.conf.Quality.Interval,
		Keep:     time.Duration(s.conf.Quality.KeepDays) * 24 * time.Hour,
		Observe:  s.observeAlerts(s.observeQuality()),
	})
}

// statsInterval returns how often clients report; 0: never.
func (s *Server) statsInterval() time.Duration {
	if s.quality == nil {
		return 0
	}
	return s.quality.Interval()
}

func (s *Server) restQuality() rest.Quality {
	if s.quality == nil {
		return nil
	}
	return s.quality
}

// observeQuality returns what counts each sample for Prometheus. Labels name media and direction, and nothing of which
// there may be many.
func (s *Server) observeQuality() func(*quality.Sample) {
	histogram := func(name, help string, labels []string, buckets ...float64) *prometheus.HistogramVec {
		h := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: help, Buckets: buckets}, labels)
		s.metrics.MustRegister(h)
		return h
	}
	scores := histogram("klatch_quality_score", "Quality of each sample of a participant, from 0 to 10.",
		[]string{"media"}, 2, 4, 5, 6, 7, 8, 9, 9.5, 10)
	streams := []string{"media", "direction"}
	losses := histogram("klatch_quality_packet_loss_ratio", "Packets lost of those sent, in each sample of a stream.",
		streams, 0, 0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
	jitters := histogram("klatch_quality_jitter_seconds", "Jitter of arriving packets, in each sample of a stream.",
		streams, 0.001, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5)
	trips := histogram("klatch_quality_round_trip_seconds", "Round-trip time between a participant and the server.",
		nil, 0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2)
	names := [...]string{quality.Audio: "audio", quality.Video: "video"}
	return func(sample *quality.Sample) {
		for of, score := range sample.Scores() {
			if score.OK {
				scores.WithLabelValues(names[of]).Observe(score.Value)
			}
		}
		if ms := sample.RoundTripMs(); ms > 0 {
			trips.WithLabelValues().Observe(ms / 1000)
		}
		for i := range sample.Entries {
			e := &sample.Entries[i]
			if e.Key == quality.PathKey {
				continue
			}
			direction, kind := e.Key.Stream()
			labels := []string{names[quality.MediaTypeOf(kind)], string(direction)}
			if ratio, ok := e.LossRatio(); ok {
				losses.WithLabelValues(labels...).Observe(ratio)
			}
			jitter := quality.Jitter
			if direction == wire.Send {
				jitter = quality.ServerJitter
			}
			if tenths, ok := e.Get(jitter); ok {
				jitters.WithLabelValues(labels...).Observe(tenths / 10_000)
			}
		}
	}
}

// measureQuality publishes the counts of what measures.
func (s *Server) measureQuality(
	gauge func(name, help string, read func() float64),
	counter func(name, help string, read func() uint64),
) {
	if s.quality == nil {
		return
	}
	gauge("klatch_quality_participants", "Participants whose quality is measured.",
		func() float64 { return float64(s.quality.Counts().Participants) })
	counter("klatch_quality_samples_total", "Samples of the quality of a participant.",
		func() uint64 { return s.quality.Counts().Samples })
	counter("klatch_quality_reports_total", "Reports of clients about their own quality that were taken.",
		func() uint64 { return s.quality.Counts().Reports })
	counter("klatch_quality_reports_unused_total", "Reports that came too often and are in no sample.",
		func() uint64 { return s.quality.Counts().Unused })
	counter("klatch_quality_rows_written_total", "Minutes of a participant that the store has taken.",
		func() uint64 { return s.quality.Counts().Rows })
	counter("klatch_quality_write_failures_total", "Times that the store did not take or remove measurements.",
		func() uint64 { return s.quality.Counts().Failures })
	counter("klatch_quality_rows_dropped_total", "Minutes of a participant that are lost: the store failed for too long.",
		func() uint64 { return s.quality.Counts().Dropped })
}
