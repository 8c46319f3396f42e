/**
 * The states of the watch page that are hard to reach by hand: `npm run stories -w watch`, then /?story=ended&theme=dark.
 * Nothing here is shipped.
 */
import type { Theme } from "@klatch/ui";
import { signal } from "@preact/signals";
import { render } from "preact";
import { App } from "../src/App";
import { unplayable } from "../src/problem";
import "../src/styles/index.css";
import { Theatre, type Phase } from "../src/theatre";

const phases: readonly Phase[] = ["waiting", "missing", "unreachable", "playing", "lost", "ended", "failed"];
const extra = ["late", "earlier", "hushed", "stalled", "replay", "nolink"];

const query = new URLSearchParams(location.search);
const name = query.get("story");
const theme = query.get("theme");
if (theme !== null) document.documentElement.dataset["theme"] = theme;
const root = document.getElementById("app");
if (root !== null && name !== null) {
  const theatre = new Theatre({ id: "x", full: "", live: "" });
  theatre.start = () => () => undefined; // stands still in the state below
  theatre.phase.value = phases.find((p) => p === name) ?? "playing";
  theatre.problem.value = unplayable("fragParsingError 200 Found no media in fragment");
  theatre.hushed.value = name === "hushed";
  theatre.stalled.value = name === "stalled";
  theatre.complete.value = name === "replay";
  theatre.late.value =
    name === "late"
      ? { behind: 7.3, extra: 4.6 }
      : name === "earlier"
        ? { behind: 754, extra: 752 }
        : { behind: 2.7, extra: 0 };
  if (name === "earlier") theatre.from.value = "start";
  render(<App theatre={name === "nolink" ? undefined : theatre} theme={signal<Theme>("auto")} />, root);
} else if (root !== null) {
  render(
    <ul>
      {[...phases, ...extra].map((s) => (
        <li key={s}>
          <a href={`?story=${s}`}>{s}</a> <a href={`?story=${s}&theme=dark`}>dark</a>
        </li>
      ))}
    </ul>,
    root,
  );
}
