// Runs before anything else of the page: the token of a link leaves the address and the session history at once, even when
// the rest of the page does not load. src/link.ts goes on with `klatchAddress`; a reload finds the token in sessionStorage.
(({ href, hash, search, origin, pathname }) => {
  globalThis.klatchAddress = href;
  if (hash === "" && search === "") return;
  history.replaceState(null, "", origin + pathname);
  try {
    const token = new URLSearchParams(hash.slice(1)).get("token");
    const id = decodeURIComponent(pathname.slice(pathname.lastIndexOf("/meet/") + 6).replace(/\/+$/, ""));
    if (token) sessionStorage.setItem(`klatch.token.${id}`, token.trim());
  } catch {
    // Storage is blocked, or the id is not well escaped: a reload asks for the link again.
  }
})(location);
