/** Storage of this browser; undefined where its settings forbid it: a page then works and remembers nothing. */
export function storageIfAllowed(name: "localStorage" | "sessionStorage"): Storage | undefined {
  try {
    return window[name];
  } catch {
    return undefined;
  }
}
