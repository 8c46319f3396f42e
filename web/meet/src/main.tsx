import { applyTheme, loadPersonTexts, storageIfAllowed } from "@klatch/ui";
import { effect } from "@preact/signals";
import { render } from "preact";
import { App } from "./App";
import { takeLink } from "./link";
import { loadPrefs } from "./state/prefs";
import { Store } from "./state/store";
import "./styles/index.css";

const session = storageIfAllowed("sessionStorage");
const { klatchAddress } = globalThis as { klatchAddress?: string };
const link = takeLink(location, history, session, klatchAddress);
const prefs = loadPrefs(storageIfAllowed("localStorage"));
if (link.name !== "") prefs.name.value = link.name;
const store = new Store(link, prefs);

applyTheme(prefs.theme);
effect(() => {
  const { phase, unread } = store.room.value;
  const id = store.link.value.meetingId;
  document.title = `${unread > 0 ? `(${unread}) ` : ""}${phase === "meeting" ? `${id} · ` : ""}Klatch`;
});

// A link with another token pasted into this tab changes only the fragment and loads nothing.
window.addEventListener("hashchange", () => {
  const next = takeLink(location, history, session);
  const { phase } = store.room.value;
  if (next.token !== "" && phase !== "meeting" && phase !== "joining" && phase !== "lobby") store.useLink(next);
});

const root = document.getElementById("app");
if (root !== null) render(<App store={store} />, root);
void loadPersonTexts();
