package server

import (
	"os"
	"testing"

	"github.com/klatch/klatch/internal/store/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main{M: m}.Run()) }
