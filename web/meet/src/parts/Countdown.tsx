import { useEffect, useState } from "preact/hooks";

/** Whole seconds until a moment, in ms, and `done` once it has come. */
export function useCountdown(until: number, done?: () => void): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 250);
    const end = done && setTimeout(done, until - Date.now());
    return () => {
      clearInterval(timer);
      if (end !== undefined) clearTimeout(end);
    };
  }, [until]);
  return Math.max(0, Math.ceil((until - now) / 1000));
}
