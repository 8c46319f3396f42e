import { render } from "preact";
import { App } from "./App";
import { followLinks } from "./route";
import "./styles/index.css";

followLinks();
const root = document.getElementById("app");
if (root !== null) render(<App />, root);
