import { find, type Entry, type Result } from "./rank";

/** Makes an element of the page. */
function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string>,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null;
}

/**
 * Puts the search into its place: a combobox (WAI-ARIA Authoring Practices) with a list of links. The index is loaded
 * when the field gets the focus for the first time.
 */
export function addSearch(place: HTMLElement): void {
  const root = place.dataset["root"] ?? "./";
  const input = make("input", {
    type: "search",
    role: "combobox",
    placeholder: "Search, or an error code",
    "aria-label": "Search the documentation and the errors",
    "aria-expanded": "false",
    "aria-controls": "results",
    "aria-autocomplete": "list",
    autocomplete: "off",
    spellcheck: "false",
  });
  const list = make("div", { id: "results", class: "results", role: "listbox", "aria-label": "Results", hidden: "" });
  const status = make("p", { class: "search-status", role: "status" });
  place.append(input, make("kbd", { "aria-hidden": "true" }, "/"), list, status);
  place.hidden = false;

  let loading: Promise<Entry[]> | undefined;
  let results: Result[] = [];
  let chosen = -1;

  const load = (): Promise<Entry[]> => {
    loading ??= fetch(`${root}${place.dataset["index"] ?? ""}`).then((response) => {
      if (!response.ok) throw new Error(`the index answers ${response.status}`);
      return response.json() as Promise<Entry[]>;
    });
    return loading;
  };

  const choose = (at: number): void => {
    chosen = at;
    for (const [i, option] of [...list.children].entries()) option.setAttribute("aria-selected", String(i === at));
    const option = list.children[at];
    if (option === undefined) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    }
  };

  const show = (text: string): void => {
    list.replaceChildren(
      ...results.map(({ entry, excerpt }, i) =>
        make(
          "a",
          { id: `result-${i}`, role: "option", tabindex: "-1", href: root + entry.u, "aria-selected": "false" },
          make("b", {}, entry.c === undefined ? entry.t : `${entry.c} ${entry.t}`),
          make("span", {}, entry.c !== undefined ? "error" : entry.p === entry.t ? "" : entry.p),
          make("small", {}, excerpt),
        ),
      ),
    );
    list.hidden = results.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    status.textContent = text;
    status.classList.toggle("offscreen", results.length > 0);
    choose(results.length > 0 ? 0 : -1);
  };

  const search = async (): Promise<void> => {
    const asked = input.value.trim();
    results = [];
    if (asked === "") {
      show("");
      return;
    }
    let entries: Entry[];
    try {
      entries = await load();
    } catch (err) {
      loading = undefined; // the next letter tries again
      show(`The search index could not be loaded: ${err instanceof Error ? err.message : String(err)}`);
      return;
    }
    if (input.value.trim() !== asked) return; // there are newer letters
    results = find(entries, asked);
    show(results.length === 0 ? `Nothing is found for “${asked}”.` : `${results.length} results`);
  };

  input.addEventListener("focus", () => {
    load().catch(() => {
      loading = undefined; // the search says so
    });
    if (input.value !== "") void search();
  });
  input.addEventListener("input", () => void search());
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (results.length > 0) choose((chosen + step + results.length) % results.length);
    } else if (event.key === "Enter") {
      const option = list.children[chosen];
      if (option instanceof HTMLElement) option.click();
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (input.value === "") input.blur();
      input.value = "";
      results = [];
      show("");
    }
  });
  const close = (): void => {
    results = [];
    show("");
  };
  list.addEventListener("click", () => {
    close(); // a link to this very page loads nothing
    input.value = "";
    input.blur();
  });
  place.addEventListener("focusout", (event) => {
    if (!(event.relatedTarget instanceof Node && place.contains(event.relatedTarget))) close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    event.preventDefault();
    input.focus();
  });
}
