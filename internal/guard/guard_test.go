package guard

import (
	"errors"
	"io"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
)

func TestRun(t *testing.T) {
	t.Parallel()
	var nilMap map[string]int
	for name, tc := range map[string]struct {
		f    func() error
		says string
		is   error
	}{
		"a value":             {func() error { panic("boom") }, "panic in the test: boom", nil},
		"an error":            {func() error { panic(io.ErrUnexpectedEOF) }, "unexpected EOF", io.ErrUnexpectedEOF},
		"a runtime error":     {func() error { nilMap["x"] = 1; return nil }, "assignment to entry in nil map", nil},
		"an ordinary failure": {func() error { return io.EOF }, "EOF", io.EOF},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := Run("the test", tc.f)
			require.ErrorContains(t, err, tc.says)
			if tc.is != nil {
				require.ErrorIs(t, err, tc.is)
			}
		})
	}
	require.NoError(t, Do("the test", func() {}))
}

func TestPanicHasTheStackAndOneFault(t *testing.T) {
	t.Parallel()
	err := Do("the test", func() { var p *fault.Error; _ = p.Code })
	require.ErrorContains(t, err, "guard_test.go", "the stack leads to the line")
	_, isRuntime := errors.AsType[runtime.Error](err)
	require.True(t, isRuntime)
	f := fault.From(err)
	require.Equal(t, 5101, f.Code)
	require.Equal(t, "INTERNAL", f.Reason)
	require.ErrorIs(t, f, err)
}
