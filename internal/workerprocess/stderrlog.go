package workerprocess

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"strings"
)

const (
	maxLogLine    = 16 << 10
	maxStderrTail = 400
)

// stderrLog passes a worker's stderr on to the server's log, and keeps the end of its warnings.
type stderrLog struct {
	log     *slog.Logger
	secrets []string
	tail    []byte
}

func (l *stderrLog) follow(stderr io.Reader) {
	lines := bufio.NewReaderSize(stderr, maxLogLine)
	for {
		line, cut, err := lines.ReadLine()
		for cut && err == nil { // the rest of a line that is too long is dropped
			_, cut, err = lines.ReadLine()
		}
		if len(line) > 0 {
			l.line(l.redact(string(line)))
		}
		if err != nil {
			return
		}
	}
}

func (l *stderrLog) redact(line string) string {
	for _, secret := range l.secrets {
		if secret != "" {
			line = strings.ReplaceAll(line, secret, "***")
		}
	}
	return line
}

// line logs one line: the attributes of slog's JSON, anything else as text.
func (l *stderrLog) line(line string) {
	var record map[string]any
	if json.Unmarshal([]byte(line), &record) != nil {
		l.remember(line)
		l.log.Warn("worker", "line", line)
		return
	}
	level := slog.LevelInfo
	text, _ := record["level"].(string)
	_ = level.UnmarshalText([]byte(text)) // an unknown level is info
	message, _ := record["msg"].(string)
	attrs := make([]slog.Attr, 0, len(record))
	for key, value := range record {
		if key != "level" && key != "msg" && key != "time" {
			attrs = append(attrs, slog.Any(key, value))
		}
	}
	if level >= slog.LevelWarn {
		l.remember(fmt.Sprint(message, " ", record["err"]))
	}
	l.log.LogAttrs(context.Background(), level, "worker: "+message, attrs...)
}

func (l *stderrLog) remember(line string) {
	l.tail = append(append(l.tail, line...), '\n')
	if over := len(l.tail) - maxStderrTail; over > 0 {
		l.tail = append([]byte(nil), l.tail[over:]...)
	}
}

// lastWarnings returns the end of what is not info. It may be called when follow has returned.
func (l *stderrLog) lastWarnings() string {
	return strings.ReplaceAll(string(bytes.TrimSpace(bytes.ToValidUTF8(l.tail, nil))), "\n", "; ")
}
