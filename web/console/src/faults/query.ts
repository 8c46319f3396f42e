/** What a search for faults asks the server. */
export interface FaultQuery {
  id?: string;
  code?: string;
  reason?: string;
  roomId?: string;
  sessionId?: string;
  participantId?: string;
  sdk?: string;
  browser?: string;
  q?: string;
}

const fields: Readonly<Record<string, keyof FaultQuery>> = {
  id: "id",
  code: "code",
  reason: "reason",
  room: "roomId",
  meeting: "roomId",
  session: "sessionId",
  participant: "participantId",
  sdk: "sdk",
  browser: "browser",
};

/** The words that may stand before a colon, for the help below the field. */
export const fieldNames: readonly string[] = Object.keys(fields);

const wordsOf = (text: string): string[] => text.match(/[a-z]+:"[^"]*"|"[^"]*"|\S+/gi) ?? [];
const unquoted = (text: string): string => text.replace(/^"|"$/g, "");

/**
 * Reads what was typed into the search: an id of a fault, a code, a reason, an id of a meeting, `field:value`, or
 * anything, which is searched in the text. `4009.LIMIT` is a code and a reason.
 */
export function parseSearch(text: string): FaultQuery {
  const query: FaultQuery = {};
  const rest: string[] = [];
  for (const word of wordsOf(text.trim())) {
    const colon = word.indexOf(":");
    const field = colon > 0 ? fields[word.slice(0, colon).toLowerCase()] : undefined;
    const value = unquoted(field === undefined ? word : word.slice(colon + 1));
    if (field !== undefined) {
      if (value !== "") query[field] = value;
    } else if (/^flt_[0-9A-Za-z]+$/.test(value)) query.id = value;
    else if (/^[3-5]\d{3}$/.test(value)) query.code = value;
    else if (/^[3-5]\d{3}[.#/][A-Z][A-Z0-9_]*$/.test(value)) {
      query.code = value.slice(0, 4);
      query.reason = value.slice(5);
    } else if (/^[A-Z][A-Z0-9]*_[A-Z0-9_]*$/.test(value) || /^(LIMIT|EXPIRED|MALFORMED|EMPTY)$/.test(value))
      query.reason = value;
    else if (/^[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}$/.test(value)) query.roomId = value;
    else rest.push(value);
  }
  if (rest.length > 0) query.q = rest.join(" ");
  return query;
}

/** Adds a field to a search, or replaces it. */
export function withField(text: string, field: string, value: string): string {
  const others = wordsOf(text).filter((word) => !word.toLowerCase().startsWith(`${field}:`));
  const quoted = /[\s"]/.test(value) ? `"${value.replaceAll('"', "")}"` : value;
  return [...others, `${field}:${quoted}`].join(" ");
}
