// Command gen makes tones.bin: for each tone the Opus packets of a loop. It needs ffmpeg with libopus and is run by
// hand (go generate ./sdk/testcard); its result is committed.
package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"

	"github.com/klatch/klatch/sdk/testcard"
	"github.com/pion/webrtc/v4/pkg/media/oggreader"
)

// Packets of the steady state: the encoder needs some to settle.
const from, to = 20, 30

func main() {
	var out bytes.Buffer
	for _, hz := range testcard.Frequencies {
		packets, err := encode(hz)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		for _, packet := range packets {
			out.WriteByte(byte(len(packet) >> 8))
			out.WriteByte(byte(len(packet)))
			out.Write(packet)
		}
	}
	if err := os.WriteFile("tones.bin", out.Bytes(), 0o644); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func encode(hz int) ([][]byte, error) {
	command := exec.Command(
		"ffmpeg",
		"-v",
		"error",
		"-f",
		"lavfi",
		"-i",
		fmt.Sprintf("sine=frequency=%d:sample_rate=48000:duration=1", hz),
		"-af",
		"volume=4dB",
		"-c:a",
		"libopus",
		"-b:a",
		"32k",
		"-vbr",
		"off",
		"-application",
		"audio",
		"-frame_duration",
		"20",
		"-page_duration",
		"20000",
		"-f",
		"ogg",
		"-",
	)
	command.Stderr = os.Stderr
	ogg, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("ffmpeg: %w", err)
	}
	reader, _, err := oggreader.NewWith(bytes.NewReader(ogg))
	if err != nil {
		return nil, err
	}
	var packets [][]byte
	for len(packets) <= to {
		packet, _, err := reader.ParseNextPage()
		if err != nil {
			return nil, err
		}
		if !bytes.HasPrefix(packet, []byte("OpusTags")) {
			packets = append(packets, packet)
		}
	}
	return packets[from:to], nil
}
