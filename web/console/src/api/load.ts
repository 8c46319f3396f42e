import { useEffect, useRef, useState } from "preact/hooks";
import { Problem } from "./client";

/** What is known of something that the server was asked for. */
export interface Load<T> {
  /** The newest answer; it stays while the same is asked for again. */
  readonly value: T | undefined;
  readonly problem: Problem | undefined;
  readonly busy: boolean;
  readonly reload: () => void;
}

/**
 * Asks for something when `key` changes, and again by `reload`. An answer to an older question is dropped. With
 * `everyMs` it asks again while the page is visible.
 */
export function useLoad<T>(key: string, load: (signal: AbortSignal) => Promise<T>, everyMs = 0): Load<T> {
  const [state, setState] = useState<{ key: string; value?: T; problem?: Problem; busy: boolean }>({ key, busy: true });
  const [round, setRound] = useState(0);
  const latest = useRef(load);
  latest.current = load;
  useEffect(() => {
    const abort = new AbortController();
    setState((s) => (s.key === key ? { ...s, busy: true } : { key, busy: true }));
    latest.current(abort.signal).then(
      (value) => !abort.signal.aborted && setState({ key, value, busy: false }),
      (e: unknown) => {
        if (abort.signal.aborted) return;
        const problem =
          e instanceof Problem ? e : new Problem(0, String(e), "Reload the page; report this if it stays.");
        setState((s) => ({ ...s, key, problem, busy: false }));
      },
    );
    return () => abort.abort();
  }, [key, round]);
  useEffect(() => {
    if (everyMs === 0) return undefined;
    const timer = setInterval(() => !document.hidden && setRound((r) => r + 1), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  const current = state.key === key ? state : { busy: true };
  return {
    value: "value" in current ? current.value : undefined,
    problem: "problem" in current ? current.problem : undefined,
    busy: current.busy,
    reload: () => setRound((r) => r + 1),
  };
}
