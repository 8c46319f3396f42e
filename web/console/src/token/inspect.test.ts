import { describe, expect, it } from "vitest";
import { inspect, signedWith } from "./inspect";
import { mint } from "./mint";

const now = 1_795_331_262_000;
const sec = now / 1000;

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const tokenOf = (claims: unknown, header: unknown = { alg: "HS256" }): string => `${part(header)}.${part(claims)}.c2ln`;
const good = { apikey: "k", permissions: ["allow_join"], version: 2, exp: sec + 600 };

/** The refusals of a token, as code and reason. */
const refusals = (raw: string): string[] =>
  inspect(raw, now)
    .findings.filter((f) => f.level === "problem")
    .map((f) => `${f.code} ${f.reason}`);

describe("inspect", () => {
  it("finds nothing wrong with a good token", () => {
    const found = inspect(tokenOf(good), now);
    expect(found.findings).toEqual([]);
    expect(found.claims).toEqual(good);
  });

  it.each([
    ["", "4002 EMPTY"],
    ["a".repeat(20_000), "4002 TOO_LARGE"],
    ["Bearer x.y.z", "4002 MALFORMED"],
    ['"x.y.z"', "4002 MALFORMED"],
    ["<token>", "4002 MALFORMED"],
    ["  ", "4002 MALFORMED"],
    ["undefined", "4002 MALFORMED"],
    ["a.b", "4002 MALFORMED"],
    ["a.b.c.d.e", "4002 MALFORMED"],
    [`${tokenOf(good)}=`, "4002 MALFORMED"],
    [tokenOf(good).replace(".", ".+"), "4002 MALFORMED"],
    [tokenOf([1]), "4002 MALFORMED"],
    [tokenOf(good, { alg: "none" }), "4002 ALG_NOT_ALLOWED"],
    [tokenOf(good, { alg: "RS256" }), "4002 ALG_NOT_ALLOWED"],
    [tokenOf(good, {}), "4002 MALFORMED"],
    [tokenOf(good, { alg: "HS256", crit: ["b64"] }), "4002 MALFORMED"],
    [tokenOf({ ...good, apikey: undefined }), "4001 KEY_MISSING"],
    [tokenOf({ ...good, apikey: "" }), "4001 KEY_EMPTY"],
    [tokenOf({ ...good, apikey: 5 }), "4002 CLAIM_TYPE"],
    [tokenOf({ ...good, exp: sec - 101 }), "4002 EXPIRED"],
    [tokenOf({ ...good, exp: now }), "4002 CLAIM_TYPE"],
    [tokenOf({ ...good, exp: "soon" }), "4002 CLAIM_TYPE"],
    [tokenOf({ ...good, nbf: sec + 300 }), "4002 NOT_YET_VALID"],
    [tokenOf({ ...good, iat: sec + 300 }), "4002 NOT_YET_VALID"],
    [tokenOf({ ...good, permissions: undefined }), "4008 PERMISSIONS_MISSING"],
    [tokenOf({ ...good, permissions: [] }), "4008 PERMISSIONS_MISSING"],
    [tokenOf({ ...good, permissions: "allow_join" }), "4008 NOT_AN_ARRAY"],
    [tokenOf({ ...good, permissions: ["join"] }), "4008 UNKNOWN_PERMISSION"],
    [tokenOf({ ...good, permissions: ["ask_join", "allow_mod"] }), "4008 CONFLICT"],
    [tokenOf({ ...good, roles: "rtc" }), "4002 CLAIM_TYPE"],
    [tokenOf({ ...good, roles: ["admin"] }), "4024 UNKNOWN_ROLE"],
    [tokenOf({ ...good, roomId: "abcd-efgh-ijkl", version: 1 }), "4002 VERSION"],
    [tokenOf({ ...good, roomId: 5 }), "4002 CLAIM_TYPE"],
    [tokenOf({ ...good, version: "2" }), "4002 CLAIM_TYPE"],
  ])("refuses %s", (raw, want) => expect(refusals(raw)).toContain(want));

  it("allows a minute of clock difference", () => {
    expect(refusals(tokenOf({ ...good, exp: sec - 59 }))).toEqual([]);
    expect(refusals(tokenOf({ ...good, iat: sec + 59 }))).toEqual([]);
  });

  it("warns of what is accepted and unwise", () => {
    const hints = inspect(tokenOf({ ...good, exp: undefined, roles: ["rtc", "crawler"], secret: "x" }), now).findings;
    expect(hints.map((f) => f.level)).toEqual(["hint", "hint", "hint"]);
  });
});

describe("the signature", () => {
  it("is checked with the secret, in the page", async () => {
    const token = (await mint("k", "s3cret", { permissions: ["allow_join"] }, now)) ?? "";
    const found = inspect(token, now);
    expect(found.findings).toEqual([]);
    expect(await signedWith(found, "s3cret")).toBe(true);
    expect(await signedWith(found, "other")).toBe(false);
  });
  it("is open for what is no token", async () => expect(await signedWith(inspect("x", now), "s")).toBeUndefined());
});
