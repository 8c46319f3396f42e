package testserver_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testserver"
)

func TestImpreciseTimes(t *testing.T) {
	require.Empty(t, testserver.ImpreciseTimes(
		`{"at":"2026-11-22T07:07:42.120Z","title":"2026-11-22T07:07 the plan","n":1}`))
	for _, imprecise := range []string{
		`"2026-11-22T07:07:42.12Z"`, `"2026-11-22T07:07:42Z"`, `"2026-11-22T07:07:42.120345Z"`,
		`"2026-11-22T07:07:42.120+00:00"`, `"2026-11-22T08:07:42.120+01:00"`, `"2026-11-22T07:07:42"`,
	} {
		require.Equal(t, []string{imprecise}, testserver.ImpreciseTimes(`{"at":`+imprecise+`}`))
	}
}
