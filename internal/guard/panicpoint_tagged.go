//go:build panicpoints

package guard

import (
	"os"
	"sync"
)

// PanicPoint panics when the file beside the program with the ending .panic holds this point and what it works for, in
// two lines; the file is removed, so that one panics. Not for releases.
func PanicPoint(point, of string) {
	panicPoints.Lock()
	defer panicPoints.Unlock()
	program, err := os.Executable()
	if err != nil {
		return
	}
	wanted, err := os.ReadFile(program + ".panic")
	if err == nil && string(wanted) == point+"\n"+of+"\n" && os.Remove(program+".panic") == nil {
		panic("a test: " + point + " of " + of)
	}
}

var panicPoints sync.Mutex // one at a time reads and removes the file
