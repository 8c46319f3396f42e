/**
 * Makes a participant's token in the page, for the call at the end of the checklist: HS256 (RFC 7515). Undefined where
 * the browser has no cryptography, which is on plain http from another machine.
 */
export async function mint(
  apiKey: string,
  secret: string,
  claims: Readonly<Record<string, unknown>>,
  now: number,
): Promise<string | undefined> {
  if (globalThis.crypto?.subtle === undefined) return undefined;
  const bytes = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(new TextEncoder().encode(text));
  const iat = Math.floor(now / 1000);
  const head = base64url(bytes(JSON.stringify({ alg: "HS256", typ: "JWT" })));
  const payload = base64url(bytes(JSON.stringify({ apikey: apiKey, version: 2, iat, exp: iat + 3600, ...claims })));
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", bytes(secret), algorithm, false, ["sign"]);
  const signature = await crypto.subtle.sign("HMAC", key, bytes(`${head}.${payload}`));
  return `${head}.${payload}.${base64url(new Uint8Array(signature))}`;
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
