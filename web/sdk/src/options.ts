import { type FaultContext, faults, VideoSDKError } from "./fault.js";
import { nearest } from "./nearest.js";

/**
 * What one option may be: a type, one of some values, an object with options of its own, or what a function accepts,
 * which throws otherwise.
 */
export type Rule =
  | "string"
  | "number"
  | "boolean"
  | "object"
  | "function"
  | "array"
  | readonly (string | number)[]
  | { readonly fields: Readonly<Record<string, Rule>> }
  | ((value: unknown, parameter: string, call: Call) => void);

/** The options of one call: the compiler sees that none is missing and none is too many. */
export type Rules<Options> = { readonly [Name in keyof Required<Options>]: Rule };

/** The call whose options are checked. */
export interface Call {
  readonly method: string;
  readonly at?: FaultContext | undefined;
}

/**
 * Checks the options of a call. Throws 3073 for a name that the call does not know, a wrong type and a value that is
 * none of those allowed. undefined and null stand for an option that is absent. `prefix` is put before the names.
 */
export function checkOptions<Options extends object>(
  call: Call,
  parameter: string,
  options: unknown,
  rules: Rules<Options>,
  prefix = "",
): void {
  checkFields(call, parameter, prefix, options, rules);
}

/** Checks a positional argument. */
export function checkArgument(call: Call, parameter: string, value: unknown, rule: Rule): void {
  if (isAbsent(value)) return;
  if (typeof rule === "function") return rule(value, parameter, call);
  if (typeof rule === "object" && "fields" in rule) return checkFields(call, parameter, parameter, value, rule.fields);
  if (typeof rule === "object") {
    if (rule.includes(value as string)) return;
    const wrong = { method: call.method, parameter, got: String(value), allowed: rule.map(String) };
    // What creates a track has a published code of its own for its options.
    const make = call.method.startsWith("create")
      ? faults.invalidCustomTrackConfigNotAllowed
      : faults.invalidParameterNotAllowed;
    throw new VideoSDKError(make(wrong, call.at));
  }
  const got = Array.isArray(value) ? "array" : typeof value;
  if (got === rule) return;
  throw new VideoSDKError(
    faults.invalidParameterWrongType({ method: call.method, parameter, got, want: rule }, call.at),
  );
}

/** Throws 3073 where an argument is absent. */
export function requireArgument({ method, at }: Call, parameter: string, value: unknown): void {
  if (isAbsent(value)) throw new VideoSDKError(faults.invalidParameterMissing({ method, parameter }, at));
}

/** Throws the published code of a missing token, 4002, and 3073 for one that is not a text. */
export function requireToken(call: Call, token: unknown): void {
  checkArgument(call, "token", token, "string");
  if (isAbsent(token) || (token as string).trim() === "") throw new VideoSDKError(faults.invalidTokenEmpty(call.at));
}

/** Throws the published code of a missing meeting id, 4003, and 3073 for one that is not a text. */
export function requireMeetingId(call: Call, meetingId: unknown): void {
  checkArgument(call, "meetingId", meetingId, "string");
  if (isAbsent(meetingId)) throw new VideoSDKError(faults.invalidMeetingIDEmpty(call.at));
}

export function isAbsent(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

function checkFields(
  call: Call,
  parameter: string,
  prefix: string,
  options: unknown,
  rules: Readonly<Record<string, Rule>>,
): void {
  if (isAbsent(options)) return;
  checkArgument(call, parameter, options, "object");
  for (const [name, value] of Object.entries(options)) {
    const path = prefix === "" ? name : `${prefix}.${name}`;
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (rule === undefined) {
      if (value === undefined) continue;
      const allowed = Object.keys(rules);
      const unknown = { method: call.method, parameter: path, nearest: nearest(name, allowed), allowed };
      throw new VideoSDKError(faults.invalidParameterUnknownOption(unknown, call.at));
    }
    checkArgument(call, path, value, rule);
  }
}
