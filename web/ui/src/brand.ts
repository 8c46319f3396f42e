import { signal } from "@preact/signals";

/** Whose page this is. */
export interface Identity {
  readonly name: string;
  /** An image; empty: none, or the mark of Klatch. */
  readonly logo: string;
  /** Whether it is said that Klatch is behind it. */
  readonly poweredBy: boolean;
}

/** Shown at the top of pages; null: nothing is. */
export const identity = signal<Identity | null>({ name: "Klatch", logo: "", poweredBy: false });
