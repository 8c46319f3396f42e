import type { JSX as Preact } from "preact";

declare global {
  /** Where, beside the script, the models of the background are, and their files: see vite.config.ts. */
  const MODEL_FOLDER: string;
  const MODEL_FILES: readonly string[];

  /** For elements that are made with an h that was handed in. */
  namespace JSX {
    type Element = Preact.Element;
    type IntrinsicElements = Preact.IntrinsicElements;
    type IntrinsicAttributes = Preact.IntrinsicAttributes;
  }
}
