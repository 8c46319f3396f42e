// Runs before anything else of the page: what stands in the fragment and is not the signature of an HLS address, such as the
// token of a link that was meant for the meeting page, leaves the address and the session history at once. The signature
// stays, for a reload; it expires. Its shape is that of src/address.ts. What a WHEP link says (src/whep.ts) is kept for
// this tab alone.
if (/^#(?=.*\btoken=)(?=.*\broom=)/.test(location.hash)) {
  globalThis.klatchWatch = location.hash.slice(1);
  try {
    sessionStorage.setItem(`klatch-watch ${location.pathname}`, globalThis.klatchWatch);
  } catch {
    // a browser that keeps nothing cannot reload the page
  }
  history.replaceState(null, "", `${location.origin}${location.pathname}${location.search}#player=whep`);
} else if (
  location.hash !== "" &&
  location.hash !== "#player=whep" &&
  !/^#[0-9]{1,12}\.[0-9]{1,12}\.[\w-]{43}$/.test(location.hash)
)
  history.replaceState(null, "", location.origin + location.pathname + location.search);
