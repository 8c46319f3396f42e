import { useEffect, useState } from "preact/hooks";
import { elapsed } from "./duration";

/** A clock that counts from `since`, in ms. */
export function Elapsed({ since }: { since: number }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <span class="elapsed" role="timer" aria-live="off">
      {elapsed(now - since)}
    </span>
  );
}
