package published

import (
	"testing"
	"time"

	"github.com/klatch/klatch/internal/gate"
)

func init() {
	topics["entry"] = func(t *testing.T, v visit) {
		tess := v.account.Grant(t,
			gate.Grant{Permissions: []string{"allow_join"}, ParticipantID: "tess", ExpiresIn: time.Hour})
		v.finish(t, v.open(t, "entry", "tess", tess))
	}
}
