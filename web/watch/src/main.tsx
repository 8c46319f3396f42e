import { effect } from "@preact/signals";
import { render } from "preact";
import { loadPrefs } from "../../meet/src/state/prefs";
import { placeOf } from "./address";
import { App } from "./App";
import "./styles/index.css";
import { Theatre } from "./theatre";

function storageIfAllowed(): Storage | undefined {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
}

const { theme } = loadPrefs(storageIfAllowed());
effect(() => {
  if (theme.value === "auto") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme.value;
});

const place = placeOf(location.href);
const root = document.getElementById("app");
if (root !== null) render(<App theatre={place && new Theatre(place)} theme={theme} />, root);
