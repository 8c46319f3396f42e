import { applyTheme, loadPersonTexts, loadSettings, storageIfAllowed, type Theme, themes } from "@klatch/ui";
import { render } from "preact";
import { placeOf } from "./address";
import { App } from "./App";
import "./styles/index.css";
import { WatchSession } from "./session";
import { whepOf } from "./whep";

const { theme } = loadSettings<{ theme: Theme }>(
  storageIfAllowed("localStorage"),
  { theme: "auto" },
  { theme: themes },
);
applyTheme(theme);

// What the link said is no longer in the address: see public/address.js.
const said =
  (globalThis as { klatchWatch?: string }).klatchWatch ??
  (location.hash === "#player=whep"
    ? storageIfAllowed("sessionStorage")?.getItem(`klatch-watch ${location.pathname}`)
    : undefined);
const whep = whepOf(location.href, said ?? "");
const place = placeOf(location.href);
const session = place === undefined ? undefined : new WatchSession({ ...place, whep });
const root = document.getElementById("app");
if (root !== null) render(<App session={session} theme={theme} />, root);
void loadPersonTexts();
