import { effect } from "@preact/signals";
import { render } from "preact";
import { App } from "./App";
import { takeLink } from "./link";
import { loadPrefs } from "./state/prefs";
import { Store } from "./state/store";
import "./styles/index.css";

function storageIfAllowed(name: "localStorage" | "sessionStorage"): Storage | undefined {
  try {
    return window[name];
  } catch {
    // Blocked by the browser's settings: the page works, it only remembers nothing.
    return undefined;
  }
}

const session = storageIfAllowed("sessionStorage");
const { klatchAddress } = globalThis as { klatchAddress?: string };
const link = takeLink(location, history, session, klatchAddress);
const prefs = loadPrefs(storageIfAllowed("localStorage"));
if (link.name !== "") prefs.name.value = link.name;
const store = new Store(link, prefs);

effect(() => {
  const theme = prefs.theme.value;
  if (theme === "auto") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
});
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
window.addEventListener("pagehide", () => store.abandon());

const root = document.getElementById("app");
if (root !== null) render(<App store={store} />, root);
