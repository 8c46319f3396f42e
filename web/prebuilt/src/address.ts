import { checkPageOptions, type PageOptions } from "./options.js";

/** How the page names itself where one of its options is refused. */
const method = "the address of the meeting page";

/** The names that are the page's own and no options. */
const own = new Set(["token", "parentOrigin"]);

type Tree = { [name: string]: string | boolean | Tree };

/** Options as they stand in an address: "joinScreen.visible" and its value. */
export function toParameters(options: PageOptions): [string, string][] {
  const flat = (value: unknown, path: string): [string, string][] =>
    value === undefined || value === null
      ? []
      : typeof value === "object"
        ? Object.entries(value).flatMap(([name, inner]) => flat(inner, path === "" ? name : `${path}.${name}`))
        : [[path, String(value)]];
  return flat(options, "");
}

/**
 * Reads the options of an address: those of the query and of the fragment, which wins. Throws a fault that names the
 * first that is wrong.
 */
export function fromAddress(url: URL): PageOptions {
  const tree: Tree = Object.create(null) as Tree;
  for (const parameters of [url.searchParams, new URLSearchParams(url.hash.replace(/^#/, ""))]) {
    for (const [path, value] of parameters) if (!own.has(path)) put(tree, path.split(".").slice(0, 4), value);
  }
  checkPageOptions(method, tree);
  return tree as PageOptions;
}

function put(tree: Tree, [name = "", ...rest]: string[], value: string): void {
  if (rest.length === 0) {
    tree[name] = value === "true" ? true : value === "false" ? false : value;
    return;
  }
  const inner = tree[name];
  const next: Tree = typeof inner === "object" ? inner : (Object.create(null) as Tree);
  tree[name] = next;
  put(next, rest, value);
}
