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
	cpu   time.Duration // user and system
	rssKB int64
}

// clockTick is USER_HZ, which Linux fixes at 100 for /proc.
const clockTick = 10 * time.Millisecond

// usage reads /proc/PID/stat (proc(5)): fields 14 and 15 are CPU ticks, 24 resident pages.

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
	return process{
		cpu:   time.Duration(number(14)+number(15)) * clockTick,
		rssKB: number(24) * int64(os.Getpagesize()) / 1024,
	}, nil
}
