// Command lint runs the analyzers of go vet, staticcheck, errorlint and ineffassign over Go packages, in one pass and
// with one cache. A finding that is wrong is silenced where it stands, with its reason:
//
//	//lint:ignore SA2001 the reader waits here while the test holds the lock
package main

import (
	"os"

	"github.com/gordonklaus/ineffassign/pkg/ineffassign"
	"github.com/polyfloyd/go-errorlint/errorlint"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/suite/vet"
	"honnef.co/go/tools/analysis/lint"
	"honnef.co/go/tools/lintcmd"
	"honnef.co/go/tools/simple"
	"honnef.co/go/tools/staticcheck"
	"honnef.co/go/tools/stylecheck"
	"honnef.co/go/tools/unused"
)

func main() {
	cmd := lintcmd.NewCommand("lint")
	cmd.ParseFlags(os.Args[1:])
	cmd.AddAnalyzers(simple.Analyzers...)
	cmd.AddAnalyzers(staticcheck.Analyzers...)
	cmd.AddAnalyzers(stylecheck.Analyzers...)
	cmd.AddAnalyzers(unused.Analyzer)
	cmd.AddAnalyzers(wrap(errorlint.NewAnalyzer()), wrap(ineffassign.Analyzer))
	for _, a := range vet.Suite {
		if a.Name != "scannererr" { // the output of a process that was killed ends with an error
			cmd.AddAnalyzers(wrap(a))
		}
	}
	cmd.Run()
}

func wrap(a *analysis.Analyzer) *lint.Analyzer {
	return lint.InitializeAnalyzer(&lint.Analyzer{Doc: &lint.RawDocumentation{Title: a.Doc}, Analyzer: a})
}
