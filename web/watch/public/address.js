// Runs before anything else of the page: whatever stands in the fragment, such as the token of a link that was meant for the
// meeting page, leaves the address and the session history at once. This page needs none of it.
if (location.hash !== "") history.replaceState(null, "", location.origin + location.pathname + location.search);
