const tones: Readonly<Record<string, string>> = {
  ongoing: "live",
  started: "live",
  playable: "live",
  live: "live",
  active: "good",
  enabled: "good",
  delivered: "good",
  resolved: "good",
  completed: "good",
  ready: "good",
  serving: "good",
  ok: "good",
  starting: "warn",
  stopping: "warn",
  retrying: "warn",
  pending: "warn",
  waiting: "warn",
  draining: "warn",
  degraded: "warn",
  acknowledged: "warn",
  warning: "warn",
  paused: "warn",
  deactivated: "warn",
  failed: "bad",
  lost: "bad",
  revoked: "bad",
  discontinued: "bad",
  disabled: "bad",
  missing: "bad",
  down: "bad",
  open: "bad",
  opened: "bad",
  critical: "bad",
};

/** The state of something, as a word with a color. */
export function State({ state }: { state: string }) {
  const word = state.toLowerCase().replaceAll("_", " ");
  return (
    <span class="state" data-tone={tones[word] ?? "plain"}>
      {word}
    </span>
  );
}

/** A code and its reason, as one chip. */
export function CodeChip({ code, reason, fatal = false }: { code: number; reason: string; fatal?: boolean }) {
  return (
    <span class={`chip${fatal ? " fatal" : ""}`}>
      <b>{code}</b> {reason}
    </span>
  );
}
