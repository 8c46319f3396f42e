package workerprocess

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// childOf returns the first child of a process that has an argument.
func childOf(parent int, argument string) (*os.Process, bool) {
	entries, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return nil, false
	}
	for _, dir := range entries {
		stat, err := os.ReadFile(filepath.Join(dir, "stat"))
		if err != nil {
			continue // it has ended
		}
		// proc(5): the command in parentheses, the state, the parent
		_, rest, _ := strings.Cut(string(stat), ") ")
		if fields := strings.Fields(rest); len(fields) < 2 || fields[1] != strconv.Itoa(parent) {
			continue
		}
		line, err := os.ReadFile(filepath.Join(dir, "cmdline"))
		if err != nil || !slices.Contains(strings.Split(string(line), "\x00"), argument) {
			continue
		}
		if pid, err := strconv.Atoi(filepath.Base(dir)); err == nil {
			child, err := os.FindProcess(pid)
			return child, err == nil
		}
	}
	return nil, false
}
