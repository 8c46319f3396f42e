import { signal } from "@preact/signals";

/** The present moment, which moves every second while the page is visible. */
export const now = signal(Date.now());

if (typeof document !== "undefined")
  setInterval(() => {
    if (!document.hidden) now.value = Date.now();
  }, 1000);
