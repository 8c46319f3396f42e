// Runs before anything else of the page: the token of a link leaves the address and the session history at once, even when
// the rest of the page does not load. A reload finds it in sessionStorage.
(({ hash, search, origin, pathname }) => {
  const token = new URLSearchParams(hash.slice(1)).get("token")?.trim() ?? "";
  if (hash !== "" || search !== "") history.replaceState(null, "", origin + pathname);
  globalThis.klatchToken = token;
  try {
    if (token !== "") sessionStorage.setItem("klatch.test.token", token);
    else globalThis.klatchToken = sessionStorage.getItem("klatch.test.token") ?? "";
  } catch {
    // Storage is blocked: a reload asks for the token again.
  }
})(location);
