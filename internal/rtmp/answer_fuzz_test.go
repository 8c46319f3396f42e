package rtmp

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Whatever a server answers after the handshake, publishing begins or fails with a cause, and no word shows the key.
func FuzzServerAnswers(f *testing.F) {
	const key = "live_hunter2"
	target, err := ParseTarget("rtmp://127.0.0.1/app", key)
	require.NoError(f, err)
	say := func(values ...any) []byte {
		return appendMessage(
			nil,
			128,
			commandChunks,
			message{kind: typeCommandAMF0, payload: appendAMF(nil, values...)},
		)
	}
	good := bytes.Join([][]byte{
		say("_result", 1.0, nil, object{{"code", "NetConnection.Connect.Success"}}), say("_result", 4.0, nil, 1.0),
		say("onStatus", 0.0, nil, object{{"level", "status"}, {"code", "NetStream.Publish.Start"}}),
	}, nil)
	f.Add(true, good)
	f.Add(
		true,
		say("_error", 1.0, nil, object{{"code", "NetConnection.Connect.Rejected"}, {"description", "no " + key}}),
	)
	f.Add(true, say("_result", 1.0, nil, object{}))
	f.Add(
		true,
		appendMessage(
			nil,
			128,
			controlChunks,
			message{kind: typeSetChunkSize, payload: []byte{0x7f, 0xff, 0xff, 0xff}},
		),
	)
	f.Add(true, []byte{})
	f.Add(false, []byte("HTTP/1.1 400 Bad Request\r\n\r\n"))
	f.Add(false, append([]byte{3}, make([]byte, 2*handshakeSize)...))
	f.Fuzz(func(t *testing.T, handshake bool, answers []byte) {
		ours, theirs := net.Pipe()
		served := make(chan struct{})
		go func() {
			defer close(served)
			defer func() { _ = theirs.Close() }()
			if handshake {
				hello := make([]byte, 1+handshakeSize)
				if _, err := io.ReadFull(theirs, hello); err != nil {
					return
				}
				go func() {
					_, _ = theirs.Write(append(append([]byte{version}, make([]byte, handshakeSize)...), hello[1:]...))
				}()
				if _, err := io.ReadFull(theirs, make([]byte, handshakeSize)); err != nil {
					return
				}
			}
			go func() { _, _ = io.Copy(io.Discard, bufio.NewReader(theirs)) }()
			_ = theirs.SetWriteDeadline(time.Now().Add(100 * time.Millisecond))
			_, _ = theirs.Write(answers)
		}()
		a := &attempt{
			target:  target,
			began:   time.Now(),
			options: Options{HandshakeTimeout: 100 * time.Millisecond, WriteTimeout: 100 * time.Millisecond},
		}
		p, err := a.publish(t.Context(), ours)
		if err == nil {
			err = p.Close()
		}
		_ = ours.Close()
		<-served
		if err == nil {
			return
		}
		told, ok := errors.AsType[*Error](err)
		require.True(t, ok, "%T %v", err, err)
		require.NotZero(t, told.Cause)
		require.NotContains(t, told.Status, key)
		require.LessOrEqual(t, len(told.Status), 400)
	})
}
