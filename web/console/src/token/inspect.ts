/**
 * Judges a token as the server does (docs/protocol.md), without the server: what only the database knows, such as
 * whether the key exists, stays open. Nothing here sends or keeps a token.
 */
export interface Finding {
  readonly level: "problem" | "hint";
  /** The fault with which the server refuses it; absent for hints. */
  readonly code?: number;
  readonly reason?: string;
  readonly what: string;
  readonly remedy: string;
}

export interface Inspection {
  readonly findings: readonly Finding[];
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
  /** What was signed, and the signature, for a check with the secret. */
  readonly signed?: string;
  readonly signature?: Uint8Array;
}

/** The server refuses longer ones. */
export const maxTokenBytes = 8192;

/** How far the clocks of two machines may differ, in seconds: auth.leeway has this default. */
export const leewaySec = 60;

const permissions = ["allow_join", "ask_join", "allow_mod"];
const roles = ["rtc", "crawler"];
const latest = 253_402_300_799; // the end of the year 9999: later dates are milliseconds

class Refusal extends Error {
  readonly finding: Finding;
  constructor(finding: Finding) {
    super(finding.what);
    this.finding = finding;
  }
}

const problem = (code: number, reason: string, what: string, remedy: string): Finding => ({
  level: "problem",
  code,
  reason,
  what,
  remedy,
});

const hint = (what: string, remedy: string): Finding => ({ level: "hint", what, remedy });

function malformed(what: string): Refusal {
  const remedy = "Pass the complete token as the library returned it, without `Bearer` and without quotes.";
  return new Refusal(problem(4002, "MALFORMED", `This is not a JSON Web Token: ${what}.`, remedy));
}

/** Looks at a token at a moment (milliseconds since 1970). */
export function inspect(raw: string, now: number): Inspection {
  let header: Record<string, unknown> | undefined;
  let claims: Record<string, unknown> | undefined;
  try {
    checkWrapping(raw);
    const parts = raw.split(".");
    if (parts.length !== 3) throw malformed(partsText(parts.length));
    const [head = "", payload = "", signature = ""] = parts;
    header = objectOf("header", head);
    claims = objectOf("payload", payload);
    const signatureBytes = bytesOf("signature", signature);
    return {
      findings: [...headerFindings(header), ...claimFindings(claims, now)],
      header,
      claims,
      signed: `${head}.${payload}`,
      signature: signatureBytes,
    };
  } catch (e) {
    if (!(e instanceof Refusal)) throw e;
    return { findings: [e.finding], ...(header && { header }), ...(claims && { claims }) };
  }
}

function checkWrapping(raw: string): void {
  if (raw === "")
    throw new Refusal(
      problem(4002, "EMPTY", "No token was given.", "Mint a token on your server and pass it as `token`."),
    );
  const bytes = new TextEncoder().encode(raw).length;
  if (bytes > maxTokenBytes)
    throw new Refusal(
      problem(
        4002,
        "TOO_LARGE",
        `The token has ${bytes} bytes; the limit is ${maxTokenBytes}.`,
        "Pass the token alone; a token for Klatch has well under 1 kB.",
      ),
    );
  const scheme = /^(Bearer|Basic|JWT|Token)(?=$|[ :=])/i.exec(raw);
  if (scheme !== null) throw malformed(`it starts with "${scheme[0]}"; pass the token alone`);
  if (/^["'`]|["'`]$/.test(raw)) throw malformed("it has quotes around it");
  if (/^[<{[]/.test(raw)) throw malformed(`it starts with "${raw.charAt(0)}"; that is another format or a placeholder`);
  if (raw.trim() === "") throw malformed("it is only white space");
  if (raw.trim() !== raw) throw malformed("it has white space at its start or end");
  if (["undefined", "null", "NaN"].includes(raw))
    throw malformed(`it is the word "${raw}"; the program that passed it has no token`);
}

function partsText(count: number): string {
  if (count === 1) return "it has no dots, a token has two; an API key or its secret is not a token";
  if (count === 5) return "it has 5 parts between dots, as an encrypted token (JWE) has; a signed one has 3";
  return `it has ${count} parts between dots, a token has 3`;
}

function bytesOf(name: string, part: string): Uint8Array {
  if (part === "") throw malformed(`its ${name} is empty`);
  const bad = /[^A-Za-z0-9_-]/.exec(part);
  if (bad !== null) {
    const at = `at character ${bad.index}`;
    if ("+/=".includes(bad[0]))
      throw malformed(`its ${name} is base64, not base64url without padding: "${bad[0]}" ${at}`);
    if (/\s/.test(bad[0])) throw malformed(`its ${name} has white space ${at}`);
    throw malformed(`its ${name} has a character ${at} that base64url does not have`);
  }
  if (part.length % 4 === 1) throw malformed(`its ${name} is not base64url, as if it were cut off`);
  const text = atob(part.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (c) => c.charCodeAt(0));
}

function objectOf(name: string, part: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytesOf(name, part)));
  } catch (e) {
    if (e instanceof Refusal) throw e;
    throw malformed(`its ${name} is not JSON`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw malformed(`its ${name} is ${kindOf(value)}, not a JSON object`);
  return value as Record<string, unknown>;
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  const kind = typeof value;
  return kind === "object" ? "an object" : `a ${kind}`;
}

function headerFindings(header: Record<string, unknown>): Finding[] {
  if ("crit" in header)
    return [malformed("its header demands extensions (crit) that the server does not have").finding];
  const alg = header["alg"];
  if (alg === undefined) return [malformed("its header names no alg").finding];
  if (typeof alg !== "string") return [malformed(`the alg in its header is ${kindOf(alg)}, not a string`).finding];
  if (alg === "HS256") return [];
  const remedy = "Sign the token with HS256 and the secret of the API key.";
  return [problem(4002, "ALG_NOT_ALLOWED", `The token is signed with ${alg}; only HS256 is accepted.`, remedy)];
}

const wrongType = (claim: string, got: string, want: string): Finding =>
  problem(
    4002,
    "CLAIM_TYPE",
    `The claim \`${claim}\` is ${got}; it must be ${want}.`,
    `Mint the token with ${want} as \`${claim}\`.`,
  );

function claimFindings(claims: Record<string, unknown>, now: number): Finding[] {
  return [
    ...keyFindings(claims),
    ...timeFindings(claims, Math.floor(now / 1000)),
    ...scopeFindings(claims),
    ...permissionFindings(claims),
    ...secretFindings(claims),
  ];
}

function keyFindings(claims: Record<string, unknown>): Finding[] {
  const remedy = "Put the API key that the token is signed for into the claim `apikey`.";
  if (!("apikey" in claims)) {
    const names = Object.keys(claims).toSorted().join(", ");
    return [
      problem(4001, "KEY_MISSING", `The token has no claim \`apikey\`; its claims are: ${names || "none"}.`, remedy),
    ];
  }
  if (typeof claims["apikey"] !== "string") return [wrongType("apikey", kindOf(claims["apikey"]), "a string")];
  return claims["apikey"] === "" ? [problem(4001, "KEY_EMPTY", "The claim `apikey` is empty.", remedy)] : [];
}

function timeFindings(claims: Record<string, unknown>, now: number): Finding[] {
  const found: Finding[] = [];
  const times: Record<string, number> = {};
  for (const name of ["exp", "nbf", "iat"]) {
    const value = claims[name];
    if (value === undefined) continue;
    if (typeof value !== "number") found.push(wrongType(name, kindOf(value), "a number, the seconds since 1970"));
    else if (value > latest)
      found.push(wrongType(name, "a date past the year 9999, as milliseconds are", "a number, the seconds since 1970"));
    else times[name] = Math.floor(value);
  }
  const { exp, nbf, iat } = times;
  if (exp !== undefined && now - exp >= leewaySec)
    found.push(
      problem(
        4002,
        "EXPIRED",
        `The token expired ${now - exp} s ago; a server allows ${leewaySec} s of clock difference ` +
          "unless it is configured otherwise.",
        "Mint a new token on your server and join again.",
      ),
    );
  for (const [name, from] of [
    ["nbf", nbf],
    ["iat", iat],
  ] as const)
    if (from !== undefined && from - now > leewaySec)
      found.push(
        problem(
          4002,
          "NOT_YET_VALID",
          `The token's ${name} is ${from - now} s in the future.`,
          `Correct the clock of the machine that mints tokens, or remove the claim ${name}.`,
        ),
      );
  if (claims["exp"] === undefined)
    found.push(
      hint(
        "The token has no `exp`: whoever gets hold of it can use it for ever.",
        "Mint tokens with an `exp` of minutes to hours.",
      ),
    );
  else if (exp !== undefined && exp - now > 7 * 86_400)
    found.push(
      hint(
        `The token is valid for ${Math.floor((exp - now) / 86_400)} more days.`,
        "Mint tokens for hours, one per participant.",
      ),
    );
  return found;
}

function scopeFindings(claims: Record<string, unknown>): Finding[] {
  const found: Finding[] = [];
  for (const name of ["roomId", "participantId"])
    if (name in claims && typeof claims[name] !== "string")
      found.push(wrongType(name, kindOf(claims[name]), "a string"));
  const list = claims["roles"];
  const strings =
    Array.isArray(list) && list.every((item) => typeof item === "string") ? (list as string[]) : undefined;
  if (list !== undefined && strings === undefined) found.push(wrongType("roles", kindOf(list), "an array of strings"));
  const unknown = strings?.find((role) => !roles.includes(role));
  if (unknown !== undefined)
    found.push(
      problem(
        4024,
        "UNKNOWN_ROLE",
        `The role "${unknown}" does not exist; there are: ${roles.join(", ")}.`,
        "Use the role rtc for participants and crawler for REST calls of your server.",
      ),
    );
  const scoped = ["roles", "roomId", "participantId"].filter((name) => name in claims);
  const version = claims["version"];
  if (version !== undefined && typeof version !== "number")
    found.push(wrongType("version", kindOf(version), "the number 2"));
  else if (scoped.length > 0 && version !== 2)
    found.push(
      problem(
        4002,
        "VERSION",
        `The token's \`version\` is ${version === undefined ? "missing" : String(version)}; ` +
          `the claims ${scoped.join(", ")} require version 2.`,
        'Put `"version": 2` into the token.',
      ),
    );
  else if (version !== 2)
    found.push(
      hint(
        "Without `version` 2 the token only joins: REST calls refuse it.",
        'Put `"version": 2` into the token if it calls REST.',
      ),
    );
  if (strings?.includes("crawler") && strings.includes("rtc"))
    found.push(
      hint(
        "The token joins meetings and calls REST.",
        "Give participants a token with the role rtc alone; keep this one on your server.",
      ),
    );
  return found;
}

function permissionFindings(claims: Record<string, unknown>): Finding[] {
  const value = claims["permissions"];
  const remedy = 'Put `"permissions": ["allow_join"]` into the token; add "allow_mod" for moderators.';
  if (value === undefined || value === null)
    return [problem(4008, "PERMISSIONS_MISSING", "The token has no `permissions`.", remedy)];
  if (!Array.isArray(value))
    return [problem(4008, "NOT_AN_ARRAY", `\`permissions\` is ${kindOf(value)}, not an array of strings.`, remedy)];
  if (value.length === 0) return [problem(4008, "PERMISSIONS_MISSING", "`permissions` is an empty array.", remedy)];
  for (const [i, item] of value.entries())
    if (typeof item !== "string")
      return [problem(4008, "NOT_AN_ARRAY", `\`permissions\` is an array with ${kindOf(item)} at index ${i}.`, remedy)];
  const unknown = (value as string[]).find((item) => !permissions.includes(item));
  if (unknown !== undefined)
    return [
      problem(
        4008,
        "UNKNOWN_PERMISSION",
        `The permission "${unknown}" does not exist; there are: ${permissions.join(", ")}.`,
        remedy,
      ),
    ];
  if (value.includes("ask_join") && value.length > 1 && (value.includes("allow_join") || value.includes("allow_mod")))
    return [
      problem(
        4008,
        "CONFLICT",
        `\`permissions\` has ask_join beside ${value.filter((v) => v !== "ask_join").join(" and ")}.`,
        "Use ask_join alone for whoever waits in the lobby, or allow_join for direct entry.",
      ),
    ];
  return [];
}

function secretFindings(claims: Record<string, unknown>): Finding[] {
  const bad = Object.keys(claims).find((name) => /secret|password/i.test(name));
  if (bad === undefined) return [];
  return [
    hint(
      `The claim \`${bad}\` can be read by everybody who has the token.`,
      "Remove it, and revoke the API key if it was its secret.",
    ),
  ];
}

/**
 * Reports whether the signature is the one of this secret; undefined where the browser has no cryptography (plain
 * http).
 */
export async function signedWith(inspection: Inspection, secret: string): Promise<boolean | undefined> {
  const { signed, signature } = inspection;
  if (signed === undefined || signature === undefined || globalThis.crypto?.subtle === undefined) return undefined;
  const bytes = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(new TextEncoder().encode(text));
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", bytes(secret), algorithm, false, ["verify"]);
  return crypto.subtle.verify("HMAC", key, Uint8Array.from(signature), bytes(signed));
}
