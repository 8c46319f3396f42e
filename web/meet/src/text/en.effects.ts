import type { Entries } from "@klatch/ui";

/** What is said of background and noise: it is loaded with them. */
export const enEffects = {
  background: "Background",
  asItIs: "As it is",
  blurred: "Blurred",
  aPicture: "A picture",
  ownPicture: "A picture of your own",
  noImage: "{file} is no picture that this browser can read.",
  suppressNoise: "Suppress noise around you",
  switching: "Switching…",
  frameTakes: "The background takes {ms} ms for each picture.",
  noiseTakes: "Suppressing noise takes {percent} of one processor.",
} as const satisfies Entries;
