package published

import (
	"testing"
	"time"

	"github.com/klatch/klatch/internal/gate"
)

func init() {
	topics["names"] = func(t *testing.T, v visit) {
		tess := v.account.Grant(t, gate.Grant{Permissions: []string{"allow_join"}, ParticipantID: "tess", ExpiresIn: time.Hour})
		v.finish(t, v.open(t, "names", "tess", tess))
	}
}
