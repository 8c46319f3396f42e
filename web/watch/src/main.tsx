import { applyTheme, loadSettings, storageIfAllowed, type Theme, themes } from "@klatch/ui";
import { render } from "preact";
import { placeOf } from "./address";
import { App } from "./App";
import "./styles/index.css";
import { Theatre } from "./theatre";

const { theme } = loadSettings<{ theme: Theme }>(
  storageIfAllowed("localStorage"),
  { theme: "auto" },
  { theme: themes },
);
applyTheme(theme);

const place = placeOf(location.href);
const root = document.getElementById("app");
if (root !== null) render(<App theatre={place && new Theatre(place)} theme={theme} />, root);
