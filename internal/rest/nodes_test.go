package rest_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// Without a cluster there is a list too, and who is no operator does not see it.
func TestNodes(t *testing.T) {
	w := newFixture(t)
	r := w.admin(http.MethodGet, "/admin/v1/nodes", nil)
	require.Equal(t, http.StatusOK, r.status, r.body)
	w.refused(w.call(w.token, http.MethodGet, "/admin/v1/nodes", nil), 4105, "ADMIN_CREDENTIAL")
}
