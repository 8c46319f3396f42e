// Runs before anything else of the page. It keeps where the console is served, which may be behind a path prefix, and the
// invitation of a sign-in link, which leaves the address and the session history at once, even when the rest of the page
// does not load. src/address.ts reads both.
(({ hash, origin, pathname, search }) => {
  globalThis.klatchConsole = { base: new URL(".", document.currentScript.src).pathname };
  if (hash === "") return;
  history.replaceState(null, "", origin + pathname + search);
  const invite = new URLSearchParams(hash.slice(1)).get("invite");
  if (invite) globalThis.klatchConsole.invite = invite.trim();
})(location);
