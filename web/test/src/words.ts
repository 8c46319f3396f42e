import type { PreCallCheck } from "@klatch/sdk";

/** What a test has come to, in words. */
export interface Outcome {
  readonly ok: boolean;
  readonly title: string;
  readonly text: string;
}

export function outcomeOf(checks: readonly PreCallCheck[], aborted: boolean, failure: string): Outcome {
  const failed = checks.filter(({ status }) => status === "failed").map(({ name }) => name);
  if (failure !== "") return { ok: false, title: "The test could not be made", text: failure };
  if (aborted) return { ok: false, title: "The test was stopped", text: "What was found until then is below." };
  if (failed.length === 0)
    return { ok: true, title: "You are ready for a call", text: "Everything that was checked works." };
  const ways = checks.filter(({ name }) => name === "udp" || name === "tcp" || name === "turn");
  const onlyWays = failed.every((name) => name === "udp" || name === "tcp" || name === "turn");
  if (onlyWays && ways.some(({ status }) => status === "passed"))
    return {
      ok: false,
      title: "Calls work, but not on every way",
      text: "Media reach the server, though your network blocks a way that may be better. What to do stands below.",
    };
  return { ok: false, title: "Something needs your attention", text: "What to do stands below each problem." };
}

const mbps = (bps: number): string => `${(bps / 1e6).toFixed(bps < 1e6 ? 2 : 1)} Mbit/s`;

/** The measurements of a check, with their units. */
export function valuesOf({ values = {} }: PreCallCheck): string[] {
  const say = (name: string, words: (value: number) => string): string[] => {
    const value = values[name];
    return value === undefined ? [] : [words(value)];
  };
  return [
    ...(values["width"] ? [`${values["width"]}×${values["height"]} at ${values["fps"]} frames per second`] : []),
    ...say("level", (level) => (level === 0 ? "no sound at all" : `loudness ${Math.round(level * 100)} %`)),
    ...say("uplinkBps", (bps) => `sends ${mbps(bps)}`),
    ...say("downlinkBps", (bps) => `receives ${mbps(bps)}`),
    ...say("connectMs", (ms) => `connected after ${Math.round(ms)} ms`),
    ...say("rttMs", (ms) => `round trip ${Math.round(ms)} ms`),
    ...say("jitterMs", (ms) => `jitter ${Math.round(ms)} ms`),
    ...say("packetLoss", (percent) => `lost ${percent} %`),
  ];
}
