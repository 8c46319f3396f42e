package console

import (
	"fmt"
	"net/http"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testserver"
)

// rowOf is the row of a node, as JavaScript; undefined while there is none.
func rowOf(name string) string {
	const rows = `[...document.querySelectorAll("[data-testid=nodes] tbody tr")]`
	return fmt.Sprintf(`%s.find((r) => r.querySelector("b").textContent === %s)`, rows, js(name))
}

func stateOf(name string) string { return rowOf(name) + `?.querySelector(".state").textContent` }

// The view of the server has the nodes of its cluster, and follows what happens to them.
func TestNodesOfACluster(t *testing.T) {
	t.Parallel()
	nodes := testserver.StartNodes(t, []string{"amsterdam-1", "frankfurt-1", "frankfurt-2"})
	p := operator(t, testbrowser.Open(t), nodes[0], "/console/node")
	for _, name := range []string{"amsterdam-1", "frankfurt-1", "frankfurt-2"} {
		p.Until(name+" serves", stateOf(name)+` === "serving"`)
	}
	p.Until("who answers is marked", rowOf("amsterdam-1")+`.textContent.includes("answers here")`)
	p.Until("both leases are renewed", `document.querySelectorAll('[data-testid=nodes] [data-ready=true]').length === 2`)
	status, answer := nodes[1].Admin(t, http.MethodPost, "/admin/v1/drain", nil)
	require.Equal(t, http.StatusOK, status, string(answer))
	p.Until("one is draining", stateOf("frankfurt-1")+` === "draining"`)
	p.Until("what that waits for is listed",
		`/frankfurt-1 has been drained for .*; nothing is left on it/.test(
			document.querySelector("[data-testid=drain]")?.textContent)`)
	script, err := os.ReadFile(axe)
	require.NoError(t, err)
	p.Eval(string(script)+"; 0", nil) // the policy of the page does not bind the debugger
	look(t, p, "console/nodes")
}
