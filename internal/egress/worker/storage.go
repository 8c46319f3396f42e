package worker

import "path/filepath"

// dir is where the job writes; "" when it writes nothing. The server has seen that there is room before it started the
// job.
func (w *worker) dir() string {
	switch {
	case w.spec.HLSDir != "":
		return w.spec.HLSDir
	case w.spec.File != "":
		return filepath.Dir(w.spec.File)
	}
	return ""
}
