/**
 * The console on made-up data, to look at while one works on it: `npm run stories -w console`, then
 * /?place=sessions/ses_live&theme=dark, with &role=developer, &state=empty, &state=error or &state=loading. No server
 * is involved and nothing here is shipped.
 */
import { answerFor } from "./fixture";

const query = new URLSearchParams(location.search);
const place = query.get("place") ?? "";
const root = new URL(".", location.href).pathname;
(globalThis as { klatchConsole?: unknown }).klatchConsole = { base: `${root}console/` };
history.replaceState(null, "", `${root}console/${place}`);
const theme = query.get("theme");
if (theme !== null) localStorage.setItem("klatch.prefs", JSON.stringify({ theme }));

const state = query.get("state") ?? "content";
globalThis.fetch = async (input, init) => {
  const url = new URL(String(input), location.href);
  const path = url.pathname.slice(root.length - 1);
  if (state === "loading" && !path.startsWith("/console") && path !== "/admin/v1/accounts")
    await new Promise(() => undefined);
  const { status, body } = answerFor(
    init?.method ?? "GET",
    path,
    url.searchParams,
    query.get("role") ?? "operator",
    state,
  );
  return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
};
globalThis.EventSource = class extends EventTarget {
  onopen: (() => void) | null = null;
  constructor() {
    super();
    setTimeout(() => this.onopen?.(), 10);
  }
  close(): void {}
} as unknown as typeof EventSource;
await import("../src/main");
