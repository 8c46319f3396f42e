import { applyTheme, identity, loadPersonTexts, storageIfAllowed } from "@klatch/ui";
import { effect } from "@preact/signals";
import { render } from "preact";
import { App } from "./App";
import { embed } from "./embedding";
import { takeLink } from "./link";
import { applyColor, prefsWith, takeOptions } from "./options";
import { loadPrefs } from "./state/prefs";
import { Store } from "./state/store";
import { applyLanguage, language, languageOf } from "./text/language";
import "./styles/index.css";

const session = storageIfAllowed("sessionStorage");
const { klatchAddress } = globalThis as { klatchAddress?: string };
const address = klatchAddress ?? location.href;
const link = takeLink(location, history, session, address);
const asked = takeOptions(address, link.meetingId, session);
const { branding, joinScreen } = asked.options;
const prefs = prefsWith(loadPrefs(storageIfAllowed("localStorage")), asked.options);
const store = new Store(link, prefs, asked);

applyTheme(prefs.theme);
applyLanguage(document.documentElement);
if (branding?.color !== undefined) applyColor(document.documentElement.style, branding.color);
if (branding?.enabled === false) identity.value = null;
else if (branding?.name !== undefined || branding?.logoURL !== undefined)
  identity.value = {
    name: branding.name ?? "",
    logo: branding.logoURL ?? "",
    poweredBy: branding.poweredBy !== false,
  };
effect(() => {
  const { phase, unread } = store.room.value;
  const id = store.link.value.meetingId;
  const news = unread > 0 ? `(${unread}) ` : "";
  document.title = `${news}${phase === "meeting" ? `${id} · ` : ""}${identity.value?.name ?? ""}`;
});

// A link with another token pasted into this tab changes only the fragment and loads nothing.
window.addEventListener("hashchange", () => {
  const next = takeLink(location, history, session);
  const { phase } = store.room.value;
  if (next.token !== "" && phase !== "meeting" && phase !== "joining" && phase !== "lobby") store.useLink(next);
});

/** For so long nothing is shown while a language is loaded; then the page begins in English. */
const languageWithinMs = 3000;

function begin(): void {
  if (joinScreen?.visible === false && link.token !== "" && asked.fault === null) void store.joinUnasked();
  const root = document.getElementById("app");
  if (root !== null) render(<App store={store} />, root);
  embed(store, window.parent, window);
}
void Promise.race([
  store.showLanguage(languageOf(prefs.language.value, navigator.languages)),
  new Promise((done) => setTimeout(done, languageWithinMs)),
]).then(begin);

/** What the first view does not need follows it at once: neither a join nor a fault shall wait for the network. */
function loadTheRest(): void {
  if (language() === "en") void loadPersonTexts();
  void store.load().catch(() => undefined); // whoever joins is told
}
if (document.readyState === "complete") loadTheRest();
else window.addEventListener("load", loadTheRest, { once: true });
