import { applyTheme, loadSettings, storageIfAllowed, type Theme, themes } from "@klatch/ui";
import { render } from "preact";
import { placeOf } from "./address";
import { App } from "./App";
import "./styles/index.css";
import { WatchSession } from "./session";

const { theme } = loadSettings<{ theme: Theme }>(
  storageIfAllowed("localStorage"),
  { theme: "auto" },
  { theme: themes },
);
applyTheme(theme);

const place = placeOf(location.href);
const root = document.getElementById("app");
if (root !== null) render(<App session={place && new WatchSession(place)} theme={theme} />, root);
