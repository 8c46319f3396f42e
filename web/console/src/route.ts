import { signal } from "@preact/signals";
import { base } from "./address";

/** A place in the console: the segments of its path, decoded, and its query. */
export interface Route {
  readonly path: readonly string[];
  readonly query: URLSearchParams;
}

/** Reads the path and query of a URL; undefined when it is not below `root`. */
export function parseRoute(pathname: string, search: string, root: string): Route | undefined {
  if (!`${pathname}/`.startsWith(root)) return undefined;
  const segments = pathname.slice(root.length).split("/").filter(Boolean);
  return { path: segments.map(decoded), query: new URLSearchParams(search) };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

export type Query = Readonly<Record<string, string | number | undefined>>;

/** Returns the address of a place: path segments are escaped, empty values of the query are left out. */
export function addressOf(root: string, path: readonly string[], query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== "") search.set(name, String(value));
  const tail = search.size > 0 ? `?${search.toString()}` : "";
  return root + path.map(encodeURIComponent).join("/") + tail;
}

const start: Route = { path: [], query: new URLSearchParams() };
const read = (): Route => parseRoute(location.pathname, location.search, base) ?? start;

/** Where the reader is. */
export const route = signal<Route>(typeof location === "undefined" ? start : read());

/** Returns the address of a view of this console; the account that is shown stays in it. */
export function hrefOf(path: readonly string[], query: Query = {}): string {
  const account = route.value.query.get("account") ?? undefined;
  return addressOf(base, path, { account, ...query });
}

/** Goes to an address of this console. */
export function navigate(href: string, { replace = false }: { replace?: boolean } = {}): void {
  if (replace) history.replaceState(null, "", href);
  else history.pushState(null, "", href);
  route.value = read();
}

/** Changes the query of the present view, without a step in the history unless `push`. */
export function setQuery(changes: Query, { push = false }: { push?: boolean } = {}): void {
  const query: Record<string, string | number | undefined> = Object.fromEntries(route.value.query);
  navigate(addressOf(base, route.value.path, { ...query, ...changes }), { replace: !push });
}

/** Makes links of the console change the view instead of loading the page again. */
export function followLinks(): void {
  addEventListener("popstate", () => (route.value = read()));
  document.addEventListener("click", (e) => {
    if (e.defaultPrevented || e.button !== 0 || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return;
    const link = (e.target as Element | null)?.closest("a");
    if (!link || link.target !== "" || link.hasAttribute("download") || link.origin !== location.origin) return;
    if (parseRoute(link.pathname, link.search, base) === undefined || link.hash !== "") return;
    e.preventDefault();
    navigate(link.pathname + link.search);
    scrollTo(0, 0);
  });
}
