package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/klatch/klatch/internal/load"
)

// report writes docs/benchmarks.md: medians, ranges, and the ratio that holds on other machines.
func report(results map[string]map[string][]load.Result, servers []string, rounds int, duration time.Duration) string {
	var b strings.Builder
	fmt.Fprintf(&b, `# Benchmarks

Written by %s, which repeats this on your machine; it needs root, Debian's janus and two free CPUs. The server has
one CPU, the load the other; a fresh server for each measurement of %s, %d rounds, medians with the range behind. CPU is the server's
own (user and system), per packet that reached a subscriber. Machines are shared and noisy: microseconds move by a third between
runs, the **ratio to Janus in the same run** moves far less, so it is the figure to compare.

A publisher sends 150 video packets of 1170 bytes a second in bursts of two and 50 audio packets; subscribers are real WebRTC clients
(ICE, DTLS, SRTP). Delay runs from the stamp at the sender to the receiving program. First packet and first key frame
count from dialing the server. Memory is what a peer adds to the
anonymous resident memory (RssAnon) of a server that has returned what its start needed.

Measured on %s, %s.

| scenario | server | us CPU per packet | ratio to Janus | delay ms p50 / p95 / p99 | first packet ms p50 / p95 | first key frame ms p50 | kB per peer | lost |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
`, "`make bench`", duration, rounds, time.Now().UTC().Format("2 January 2006"), machine())
	for _, s := range scenarios {
		janus := median(results[s.name]["janus"], func(r load.Result) float64 { return r.CPUPerPkt })
		for _, server := range servers {
			rs := results[s.name][server]
			mid := func(f func(load.Result) float64) float64 { return median(rs, f) }
			cpu := func(r load.Result) float64 { return r.CPUPerPkt }
			low, high := span(rs, cpu)
			ratio := "-"
			if janus > 0 {
				ratio = fmt.Sprintf("%.2f", mid(cpu)/janus)
			}
			fmt.Fprintf(
				&b,
				"| %s | %s | **%.1f** (%.1f-%.1f) | %s | %.2f / %.2f / %.2f | %.0f / %.0f | %.0f | %.0f | %.2f %% |\n",
				s.name,
				server,
				mid(cpu),
				low,
				high,
				ratio,
				mid(
					func(r load.Result) float64 { return r.Latency.P50 },
				),
				mid(func(r load.Result) float64 { return r.Latency.P95 }),
				mid(func(r load.Result) float64 { return r.Latency.P99 }),
				mid(
					func(r load.Result) float64 { return r.FirstRTP.P50 },
				),
				mid(func(r load.Result) float64 { return r.FirstRTP.P95 }),
				mid(func(r load.Result) float64 { return r.FirstKey.P50 }),
				mid(
					func(r load.Result) float64 { return float64(r.MemoryPerPeer) },
				),
				mid(func(r load.Result) float64 { return r.LostPercent }),
			)
		}
	}
	return b.String()
}

func values(rs []load.Result, f func(load.Result) float64) []float64 {
	var out []float64
	for _, r := range rs {
		out = append(out, f(r))
	}
	slices.Sort(out)
	return out
}

func median(rs []load.Result, f func(load.Result) float64) float64 {
	if v := values(rs, f); len(v) > 0 {
		return v[len(v)/2]
	}
	return 0
}

func span(rs []load.Result, f func(load.Result) float64) (low, high float64) {
	v := values(rs, f)
	if len(v) == 0 {
		return 0, 0
	}
	return v[0], v[len(v)-1]
}

// machine names the processor and the kernel.
func machine() string {
	cpu, _ := os.ReadFile("/proc/cpuinfo")
	name := "unknown CPU"
	for line := range strings.Lines(string(cpu)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == "model name" {
			name = strings.TrimSpace(value)
			break
		}
	}
	kernel, _ := os.ReadFile("/proc/sys/kernel/osrelease")
	return fmt.Sprintf("%s, Linux %s", name, strings.TrimSpace(string(kernel)))
}
