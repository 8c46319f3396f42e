/** The token with which this page calls the API. It is kept here alone: not in the address, a storage or an example. */
let token = "";

/** Keeps what the caller typed. A prefix "Bearer " is taken off, since the admin API alone wants it. */
export function setToken(typed: string): void {
  token = typed.trim().replace(/^Bearer\s+/i, "");
}

/** What examples show in the place of the token. */
export const placeholder = "TOKEN";

/** Returns the Authorization header of a call to a path, or undefined without a token. */
function authorization(url: string): string | undefined {
  if (token === "") return undefined;
  return new URL(url, location.href).pathname.includes("/admin/v1") ? `Bearer ${token}` : token;
}

/** A request of Swagger UI, as far as it is changed here. */
export interface CallRequest {
  url: string;
  headers: Record<string, string>;
  userFetch?: typeof fetch;
}

/**
 * Makes a request carry the token. Swagger UI shows the request that this returns, so that it holds the placeholder;
 * the token itself is put in by the function that sends it.
 */
export function authorize(request: CallRequest): CallRequest {
  const real = authorization(request.url);
  if (real === undefined) return request;
  request.headers = { ...request.headers, Authorization: real.replace(token, () => placeholder) };
  request.userFetch = (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set("Authorization", real);
    return fetch(input, { ...init, headers });
  };
  return request;
}
