package record

import (
	"encoding/json"
	"time"
)

// PreCallTest is the report of a pre-call test. In lists Report is nil.
type PreCallTest struct {
	ID        string
	AccountID string
	CreatedAt time.Time
	Outcome   string   // passed, failed or aborted
	Failed    []string // names of the checks that failed
	SDK       string   // as Client of a fault
	Browser   string
	Report    json.RawMessage
}
