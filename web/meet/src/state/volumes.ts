import { signal } from "@preact/signals";

/** How loud each participant is here, in percent. A reload keeps it; the next session of this tab does not. */
export class Volumes {
  readonly #percents = signal<Readonly<Record<string, number>>>({});

  constructor(
    private readonly storage: Storage | undefined,
    private readonly key: string,
  ) {
    this.#percents.value = read(storage?.getItem(key) ?? "");
  }

  of(id: string): number {
    return this.#percents.value[id] ?? 100;
  }

  set(id: string, percent: number): void {
    this.#percents.value = { ...this.#percents.value, [id]: percent };
    this.storage?.setItem(this.key, JSON.stringify(this.#percents.value));
  }
}

function read(kept: string): Record<string, number> {
  try {
    const known: unknown = JSON.parse(kept);
    return Object.fromEntries(
      Object.entries(known ?? {}).filter(([, v]) => typeof v === "number" && v >= 0 && v <= 100),
    ) as Record<string, number>;
  } catch {
    return {}; // nothing, or nothing of ours
  }
}

/**
 * The steps in which a volume can be set. On an iPhone only its buttons do that: a page can silence somebody there, and
 * nothing between.
 */
export function volumeStep(): number {
  const audio = document.createElement("audio");
  audio.volume = 0.5;
  return audio.volume === 0.5 ? 5 : 100;
}
