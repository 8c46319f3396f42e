import { Icon } from "@klatch/ui";
import { LogOut } from "lucide";
import { render } from "preact";
import { useEffect } from "preact/hooks";
import { mainOf } from "../layout/main";
import { StoreContext, useStore } from "../state/context";
import type { Store } from "../state/store";
import { t } from "../text/inside";
import { above } from "./pictureinpicture";
import { ShareView } from "./ShareView";
import { Tile } from "./Tile";
import { toolsOf } from "./tools";

/** What is in the window of picture in picture while there is one. */
export function AboveWindow() {
  const store = useStore();
  const open = above.value;
  useEffect(() => (open === null ? undefined : show(open, store)), [open, store]);
  return null;
}

/** Shows it, and returns how to end that. */
function show(window: Window, store: Store): () => void {
  const { document: page } = window;
  page.title = document.title;
  // A sheet belongs to one document, and a <style> is against the policy of the page.
  const sheet = new (window as Window & typeof globalThis).CSSStyleSheet();
  const all = [...document.styleSheets, ...document.adoptedStyleSheets].flatMap(({ cssRules }) => [...cssRules]);
  sheet.replaceSync(all.map(({ cssText }) => cssText).join("\n"));
  page.adoptedStyleSheets = [sheet];
  const copyLook = (): void => {
    for (const { name, value } of document.documentElement.attributes)
      if (name !== "style") page.documentElement.setAttribute(name, value);
    page.documentElement.style.cssText = document.documentElement.style.cssText;
    // The window may be dark where the page is light.
    page.documentElement.dataset["theme"] = getComputedStyle(document.documentElement).colorScheme;
  };
  copyLook();
  const looks = new MutationObserver(copyLook);
  looks.observe(document.documentElement, { attributes: true });
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  scheme.addEventListener("change", copyLook);
  render(
    <StoreContext.Provider value={store}>
      <Above />
    </StoreContext.Provider>,
    page.body,
  );
  return () => {
    looks.disconnect();
    scheme.removeEventListener("change", copyLook);
    render(null, page.body);
  };
}

/** Who stands large, or somebody else where that is oneself, over microphone, camera and Leave. */
function Above() {
  const store = useStore();
  const room = store.room.value;
  const main = mainOf(room, store.screen.focusId.value, store.screen.shareId.value);
  const chosen = room.people.find((p) => p.id === main?.id && !p.local);
  const large = chosen ?? store.others.value[0] ?? store.self.value;
  const tools = toolsOf(store);
  return (
    <main class="above" data-testid="above">
      {large !== undefined &&
        (chosen !== undefined && main?.kind === "share" ? (
          <ShareView person={large} />
        ) : (
          <Tile key={large.id} person={large} large />
        ))}
      <div class="above-tools">
        {([tools.mic, tools.cam] as const)
          .filter((tool) => tool.possible)
          .map((tool) => (
            <button
              key={tool.testid}
              type="button"
              class={`tool${tool.off ? " off" : ""}`}
              aria-label={tool.label}
              title={tool.label}
              aria-busy={tool.busy}
              data-testid={tool.testid}
              onClick={tool.run}
            >
              <span class="tool-face">
                <Icon icon={tool.icon} size={22} />
              </span>
            </button>
          ))}
        {store.has("leave") && (
          <button
            type="button"
            class="tool leave"
            aria-label={t("leaveMeeting")}
            title={t("leave")}
            data-testid="leave-button"
            onClick={() => void store.leave()}
          >
            <span class="tool-face">
              <Icon icon={LogOut} directed />
            </span>
          </button>
        )}
      </div>
    </main>
  );
}
