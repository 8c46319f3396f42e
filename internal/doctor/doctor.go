// Package doctor checks a server. From outside it does what a client does: it looks up the name, reads the certificate,
// opens the signaling socket, joins, and sends media over each way there is. On the machine of the server it checks
// what the settings name: encoder, fonts, disk, database, storage, certificates, limits. From outside it uses the Go
// SDK, so that what it finds is what clients find.
package doctor

import (
	"context"
	"time"

	"github.com/klatch/klatch/fault"
)

// Finding is what one check found. Fault is set when it failed: what is wrong, and what to do about it.
type Finding struct {
	Check  string       `json:"check"`
	OK     bool         `json:"ok"`
	Detail string       `json:"detail"`
	Fault  *fault.Error `json:"fault,omitempty"`
}

// Tell takes each finding when it is made.
type Tell func(Finding)

// ok passes on that a check found nothing wrong.
func (tell Tell) ok(check, detail string) bool {
	tell(Finding{Check: check, OK: true, Detail: detail})
	return true
}

// failed passes on what a check found.
func (tell Tell) failed(check string, err error) bool {
	f := fault.From(err)
	tell(Finding{Check: check, Detail: f.Detail, Fault: f})
	return false
}

// judge passes on detail when f is nil, else f.
func (tell Tell) judge(check, detail string, f *fault.Error) bool {
	if f != nil {
		return tell.failed(check, f)
	}
	return tell.ok(check, detail)
}

// checkTime bounds one check.
const checkTime = 15 * time.Second

// all makes checks that do not need each other and reports whether all are well.
func all(ctx context.Context, checks ...func(context.Context) bool) bool {
	well := true
	for _, check := range checks {
		limited, cancel := context.WithTimeout(ctx, checkTime)
		well = check(limited) && well
		cancel()
	}
	return well
}
