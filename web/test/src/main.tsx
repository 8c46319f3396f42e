import { applyTheme, loadSettings, storageIfAllowed, type Theme, themes } from "@klatch/ui";
import { render } from "preact";
import { App } from "./App";
import { Run } from "./run";
import "./styles/index.css";

const { theme } = loadSettings<{ theme: Theme }>(
  storageIfAllowed("localStorage"),
  { theme: "auto" },
  { theme: themes },
);
applyTheme(theme);

// What the link said is no longer in the address: see public/address.js.
const token = (globalThis as { klatchToken?: string }).klatchToken ?? "";
const run = new Run(new URL("..", location.href).href.replace(/\/$/, ""), token);
const root = document.getElementById("app");
if (root !== null) render(<App run={run} theme={theme} />, root);
