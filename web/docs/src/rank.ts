/** What the search finds: a section of a page, or a reason of a fault. internal/docs writes the index of them. */
export interface Entry {
  /** Its address, relative to that of the documentation. */
  readonly u: string;
  /** The page. */
  readonly p: string;
  /** The heading of the section, or the reason. */
  readonly t: string;
  readonly x: string;
  /** The code of a fault. */
  readonly c?: number;
  readonly r?: string;
}

export interface Result {
  readonly entry: Entry;
  /** The part of the text that shows the first word that was asked for. */
  readonly excerpt: string;
}

/** How many results are shown: more are not read. */
const most = 12;
/** The characters of an excerpt. */
const excerptLength = 140;

const words = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [];

/**
 * Returns how well an entry answers a query, 0 for not at all. Each word of the query must be in it, at the beginning
 * of a word. A fault whose code or reason is asked for comes first.
 */
function score(entry: Entry, query: readonly string[]): number {
  const title = words(entry.t);
  const page = words(entry.p);
  const text = entry.x.toLowerCase();
  let sum = 0;
  for (const word of query) {
    if (entry.c !== undefined && (String(entry.c) === word || entry.r?.toLowerCase() === word)) sum += 1000;
    else if (title.includes(word)) sum += 60;
    else if (title.some((each) => each.startsWith(word))) sum += 40;
    else if (page.includes(word)) sum += 30;
    else if (page.some((each) => each.startsWith(word))) sum += 20;
    else if (new RegExp(`(?<![\\p{L}\\p{N}_])${word}`, "u").test(text)) sum += entry.c === undefined ? 5 : 4;
    else return 0;
  }
  // A page whose name is asked for is better than one of its sections.
  return title.join(" ") === query.join(" ") ? sum + 50 : sum;
}

function excerpt(text: string, query: readonly string[]): string {
  const at = Math.max(0, text.toLowerCase().indexOf(query[0] ?? ""));
  const begin = at < excerptLength / 2 ? 0 : text.lastIndexOf(" ", at - excerptLength / 4) + 1;
  const part = text.slice(begin, begin + excerptLength);
  return `${begin > 0 ? "… " : ""}${part}${begin + excerptLength < text.length ? " …" : ""}`;
}

/** Returns the entries that answer a query, the best first. */
export function find(entries: readonly Entry[], asked: string): Result[] {
  const query = words(asked);
  if (query.length === 0) return [];
  return entries
    .map((entry, at) => ({ entry, at, score: score(entry, query) }))
    .filter((each) => each.score > 0)
    .sort((a, b) => b.score - a.score || a.at - b.at)
    .slice(0, most)
    .map(({ entry }) => ({ entry, excerpt: excerpt(entry.x, query) }));
}
