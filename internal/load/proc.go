package load

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"time"
)

// process is what a process has used.
type process struct {
	cpu      time.Duration // user and system
	memoryKB int64         // resident, without the pages of files, which the page cache holds in any case
}

// ProcessorTime returns what a process of this machine has used of its processors, user and system, in steps of 10 ms.
func ProcessorTime(pid int) (time.Duration, error) {
	p, err := usage(pid)
	return p.cpu, err
}

// clockTick is USER_HZ, which Linux fixes at 100 for /proc.
const clockTick = 10 * time.Millisecond

// usage reads /proc/PID/stat and /proc/PID/status (proc(5)): fields 14 and 15 of the first are CPU ticks, RssAnon of
// the second is memory.
func usage(pid int) (process, error) {
	if pid == 0 {
		return process{}, nil
	}
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return process{}, fmt.Errorf("server process: %w", err)
	}
	_, rest, ok := bytes.Cut(raw, []byte(") ")) // the name may hold spaces
	fields := bytes.Fields(rest)
	if !ok || len(fields) < 22 {
		return process{}, fmt.Errorf("/proc/%d/stat: %d fields", pid, len(fields))
	}
	number := func(field int) int64 { // field as counted in proc(5)
		n, _ := strconv.ParseInt(string(fields[field-3]), 10, 64)
		return n
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return process{}, fmt.Errorf("server process: %w", err)
	}
	_, anonymous, _ := bytes.Cut(status, []byte("\nRssAnon:"))
	var memory int64
	if _, err := fmt.Fscanf(bytes.NewReader(anonymous), "%d kB", &memory); err != nil {
		return process{}, fmt.Errorf("/proc/%d/status: RssAnon: %w", pid, err)
	}
	return process{cpu: time.Duration(number(14)+number(15)) * clockTick, memoryKB: memory}, nil
}
