import { Icon } from "@klatch/ui";
import { LogOut } from "lucide";
import { render } from "preact";
import { mainOf } from "../layout/main";
import { StoreContext, useStore } from "../state/context";
import type { Store } from "../state/store";
import { t } from "../text/inside";
import { ShareView } from "./ShareView";
import { Tile } from "./Tile";
import { toolsOf } from "./tools";

/** https://wicg.github.io/document-picture-in-picture/ */
interface DocumentPictureInPicture {
  readonly window: Window | null;
  requestWindow(options: { readonly width: number; readonly height: number }): Promise<Window>;
}

/** The browser's windows with controls; none inside of another page, which may not open one. */
function windows(): DocumentPictureInPicture | undefined {
  const { documentPictureInPicture } = globalThis as { documentPictureInPicture?: DocumentPictureInPicture };
  return window.top === window ? documentPictureInPicture : undefined;
}

export function canPictureInPicture(): boolean {
  return windows() !== undefined || document.pictureInPictureEnabled === true;
}

/**
 * Shows the large picture above the windows of other programs, with the controls where the browser can; the same again
 * ends that. Rejects where the browser refuses, or there is no picture.
 */
export async function togglePictureInPicture(store: Store): Promise<void> {
  if (closePictureInPicture()) return;
  const api = windows();
  if (api !== undefined) return show(await api.requestWindow({ width: 420, height: 300 }), store);
  const videos = document.querySelectorAll<HTMLVideoElement>(".stage video:not(.mirrored)");
  const [large] = [...videos].filter((v) => v.videoWidth > 0).toSorted((a, b) => b.clientWidth - a.clientWidth);
  if (large === undefined) throw new Error(t("noPictureYet"));
  await large.requestPictureInPicture();
}

/** Reports whether there was something to close. */
export function closePictureInPicture(): boolean {
  const open = windows()?.window;
  open?.close();
  if (document.pictureInPictureElement) void document.exitPictureInPicture();
  return Boolean(open ?? document.pictureInPictureElement);
}

function show(above: Window, store: Store): void {
  const { document: page } = above;
  page.title = document.title;
  // A sheet belongs to one document, and a <style> is against the policy of the page.
  const sheet = new (above as Window & typeof globalThis).CSSStyleSheet();
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
  above.addEventListener("pagehide", () => {
    looks.disconnect();
    scheme.removeEventListener("change", copyLook);
    render(null, page.body);
  });
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
