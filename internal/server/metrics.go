package server

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

func newRegistry() *prometheus.Registry {
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	return registry
}

// measure publishes the counts that the parts keep anyway; they are read when Prometheus asks.
func (s *Server) measure() {
	gauge := func(name, help string, read func() float64) {
		s.metrics.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, read))
	}
	counter := func(name, help string, read func() uint64) {
		s.metrics.MustRegister(
			prometheus.NewCounterFunc(
				prometheus.CounterOpts{Name: name, Help: help},
				func() float64 { return float64(read()) },
			),
		)
	}
	gauge("klatch_sessions", "Running sessions.", func() float64 { return float64(s.meetings.Counts().Sessions) })
	gauge(
		"klatch_participants",
		"Participants in sessions.",
		func() float64 { return float64(s.meetings.Counts().Participants) },
	)
	gauge("klatch_waiting", "People in lobbies.", func() float64 { return float64(s.meetings.Counts().Waiting) })
	gauge(
		"klatch_egress_jobs",
		"Recordings, livestreams and HLS streams that run.",
		func() float64 { return float64(s.egress.Count()) },
	)
	gauge("klatch_rtmp_publishers", "Encoders that publish over RTMP.",
		func() float64 { return float64(s.ingest.Count()) })
	gauge("klatch_signaling_sockets", "Open signaling sockets.", func() float64 {
		sockets, _ := s.signal.Stats()
		return float64(sockets)
	})
	gauge("klatch_streams", "Published streams.", func() float64 { return float64(s.media.Stats().Streams) })
	gauge(
		"klatch_subscriptions",
		"Streams that somebody receives, counted per receiver.",
		func() float64 { return float64(s.media.Stats().Subscribers) },
	)
	counter(
		"klatch_rtp_packets_received_total",
		"RTP packets from publishers.",
		func() uint64 { return s.media.Stats().PacketsIn },
	)
	counter(
		"klatch_rtp_packets_sent_total",
		"RTP packets to subscribers.",
		func() uint64 { return s.media.Stats().PacketsOut },
	)
	counter(
		"klatch_rtp_bytes_received_total",
		"RTP bytes from publishers.",
		func() uint64 { return s.media.Stats().BytesIn },
	)
	counter(
		"klatch_rtp_bytes_sent_total",
		"RTP payload bytes to subscribers.",
		func() uint64 { return s.media.Stats().BytesOut },
	)
	counter(
		"klatch_rtp_packets_dropped_total",
		"RTP packets the kernel had no room for.",
		func() uint64 { return s.media.Stats().Dropped },
	)
	counter(
		"klatch_rtp_packets_resent_total",
		"RTP packets sent again after a NACK.",
		func() uint64 { return s.media.Stats().Resent },
	)
	counter(
		"klatch_key_frame_requests_total",
		"Key frames asked of publishers.",
		func() uint64 { return s.media.Stats().PLIsOut },
	)
	s.measureCertificates(gauge)
	s.measureTURN(gauge, counter)
	s.measureQuality(gauge, counter)
	s.measureNode(gauge)
}
