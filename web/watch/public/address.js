// Runs before anything else of the page: what stands in the fragment and is not the signature of an HLS address, such as the
// token of a link that was meant for the meeting page, leaves the address and the session history at once. The signature
// stays, for a reload; it expires. Its shape is that of src/address.ts.
if (location.hash !== "" && !/^#[0-9]{1,12}\.[0-9]{1,12}\.[\w-]{43}$/.test(location.hash))
  history.replaceState(null, "", location.origin + location.pathname + location.search);
