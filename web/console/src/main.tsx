import { render } from "preact";
import { App } from "./App";
import { followLinks } from "./route";
import "./styles/index.css";

// The views have addresses of different depth, and a relative icon would be looked for anew from each.
const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
if (icon !== null) icon.setAttribute("href", icon.href);
followLinks();
const root = document.getElementById("app");
if (root !== null) render(<App />, root);
