package fault

import (
	"errors"
	"fmt"
	"math"
	"regexp"
)

// IsID reports whether s has the form of the id of a fault.
func IsID(s string) bool { return idForm.MatchString(s) }

var idForm = regexp.MustCompile(`^flt_[0-9A-HJKMNP-TV-Z]{26}$`)

// Rebuild makes a fault that came from outside anew: code, reason and details must be the catalogue's, the words are
// made from it, and the id is kept, so that one incident has one id everywhere. Of a fault that may last, so is that it
// is not fatal. Everything else is dropped.
func Rebuild(from Error) (*Error, error) {
	entry, ok := byKey[Entry{Code: from.Code, Reason: from.Reason}.Key()]
	if !ok {
		return nil, fmt.Errorf("the catalogue has no %d %.40q", from.Code, from.Reason)
	}
	if !idForm.MatchString(from.ID) {
		return nil, errors.New("id must be flt_ and a ULID")
	}
	if from.CauseID != "" && !idForm.MatchString(from.CauseID) {
		return nil, errors.New("causeId must be flt_ and a ULID")
	}
	params := entry.Params
	members := len(params)
	if entry.StartingCode != 0 { // the catalogue knows it
		if _, sent := from.Details[startingCode]; sent {
			members++
		}
	}
	if len(from.Details) != members {
		return nil, fmt.Errorf("details has %d members; %s has %d", len(from.Details), entry.Key(), members)
	}
	values := make([]any, len(params))
	for n, param := range params {
		value, ok := convert(from.Details[param.Key], param.Type)
		if !ok {
			return nil, fmt.Errorf("details.%s must be there and of type %s", param.Key, param.Type)
		}
		values[n] = value
	}
	f := build(entry, values...)
	f.ID, f.CauseID = from.ID, from.CauseID
	if entry.Condition && !from.Fatal {
		f.Fatal = false
	}
	return f, nil
}

// convert takes a value as encoding/json decodes it, or as a constructor sets it.
func convert(value any, kind string) (any, bool) {
	switch v := value.(type) {
	case string:
		return v, kind == "string"
	case bool:
		return v, kind == "bool"
	case int64:
		return v, kind == "int"
	case float64:
		if kind == "int" {
			return int64(v), v == math.Trunc(v) && math.Abs(v) < 1<<53
		}
		return v, kind == "float"
	case []string:
		return v, kind == "strings"
	case []any:
		list := make([]string, 0, len(v))
		for _, item := range v {
			s, ok := item.(string)
			if !ok {
				return nil, false
			}
			list = append(list, s)
		}
		return list, kind == "strings"
	}
	return nil, false
}
