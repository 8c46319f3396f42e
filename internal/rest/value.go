package rest

import (
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/blob"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/store"
)

// body is the answer of an operation whose whole answer is T.
type body[T any] struct {
	Body T
}

func notFound(err error) bool {
	_, ok := errors.AsType[*record.NotFoundError](err)
	return ok
}

// storeFault returns the fault for a failed operation of the store. Errors that mean something to the caller were
// handled before.
func storeFault(err error) error {
	if failed, ok := errors.AsType[*store.Error](err); ok {
		return fault.ServerUnavailableStore(failed.Op).Because(err)
	}
	return err
}

func asBlob(err error) (*blob.Error, bool) { return errors.AsType[*blob.Error](err) }

func itoa(n int) string { return strconv.Itoa(n) }

func nullIfEmpty(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func emptyIfNil(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

func fromMs(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// encoded returns the JSON in which the store keeps a value that only REST reads; nil for nil.
func encoded[T any](value *T) json.RawMessage {
	if value == nil {
		return nil
	}
	text, err := json.Marshal(value)
	if err != nil {
		return nil // no T of ours fails: they came from JSON
	}
	return text
}

// decoded reads what encoded returned.
func decoded[T any](text json.RawMessage) *T {
	var value T
	if len(text) == 0 || json.Unmarshal(text, &value) != nil {
		return nil
	}
	return &value
}
