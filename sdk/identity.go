package sdk

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/klatch/klatch/fault"
)

// checkIdentity finds before the network what the server would refuse for certain, under the codes of the published
// error event: 4001, 4002, 4003, 4004. What needs a key to judge, the server judges.
func checkIdentity(o Options) *fault.Error {
	if o.Token == "" {
		return fault.InvalidTokenEmpty()
	}
	if f := checkAPIKey(o.Token); f != nil {
		return f
	}
	if o.MeetingID == "" && o.PreCallTest == "" {
		return fault.InvalidMeetingIDEmpty()
	}
	for i, char := range []rune(o.ParticipantID) {
		if unicode.IsSpace(char) {
			return fault.InvalidParticipantIDWhitespace(i, fmt.Sprintf("%U", char))
		}
	}
	return nil
}

// checkAPIKey looks at the apikey claim of what is a token by its shape; of anything else the server says what is
// wrong.
func checkAPIKey(token string) *fault.Error {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return nil
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return nil
	}
	var claims map[string]json.RawMessage
	if json.Unmarshal(payload, &claims) != nil || claims == nil {
		return nil
	}
	key, there := claims["apikey"]
	switch {
	case !there:
		return fault.InvalidAPIKeyKeyMissing(slices.Sorted(maps.Keys(claims)))
	case string(key) == `""`:
		return fault.InvalidAPIKeyKeyEmpty()
	}
	return nil
}
