// Checks at the door: what arrives is unknown until one of these has looked at it. A check returns the value with
// its type or throws a WireError that names the field; nothing behind it looks again.

/** Something arrived that the protocol does not allow: a bug of the server or of this SDK. */
export class WireError extends Error {
  override readonly name = "WireError";
}

export type Check<T> = (value: unknown, at: string) => T;
export type Checked<C> = C extends Check<infer T> ? T : never;

const fail = (at: string, want: string, value: unknown): never => {
  const got = value === null ? "null" : Array.isArray(value) ? "an array" : typeof value;
  throw new WireError(`${at} is ${got}, not ${want}`);
};

export const string: Check<string> = (v, at) => (typeof v === "string" ? v : fail(at, "a string", v));
export const number: Check<number> = (v, at) => (typeof v === "number" ? v : fail(at, "a number", v));
export const boolean: Check<boolean> = (v, at) => (typeof v === "boolean" ? v : fail(at, "a boolean", v));

const isRecord = (v: unknown): v is Record<string, unknown> => typeof v === "object" && v !== null && !Array.isArray(v);

/** A JSON object of somebody else's making: metadata, payloads. */
export const record: Check<Readonly<Record<string, unknown>>> = (v, at) => (isRecord(v) ? v : fail(at, "an object", v));

/** Absent and null are undefined: Go writes null for what is nil. */
export const optional =
  <T>(check: Check<T>): Check<T | undefined> =>
  (v, at) =>
    v === undefined || v === null ? undefined : check(v, at);

/** Absent is the given value. */
export const fallback =
  <T>(check: Check<T>, value: T): Check<T> =>
  (v, at) =>
    v === undefined || v === null ? value : check(v, at);

/** null is the empty list: Go writes so for a nil slice. */
export const list =
  <T>(check: Check<T>): Check<readonly T[]> =>
  (v, at) => {
    if (v === undefined || v === null) return [];
    return Array.isArray(v) ? v.map((item, i) => check(item, `${at}[${i}]`)) : fail(at, "an array", v);
  };

export const oneOf =
  <const T extends string>(...values: T[]): Check<T> =>
  (v, at) =>
    values.find((value) => value === v) ?? fail(at, values.join(" or "), v);

/** An object with at least these fields; further ones, of a newer server, are dropped. */
export const object =
  <F extends Record<string, Check<unknown>>>(fields: F): Check<{ readonly [K in keyof F]: Checked<F[K]> }> =>
  (v, at) => {
    if (!isRecord(v)) return fail(at, "an object", v);
    const out: Record<string, unknown> = {};
    for (const [key, check] of Object.entries(fields)) out[key] = check(v[key], `${at}.${key}`);
    return out as { readonly [K in keyof F]: Checked<F[K]> };
  };
