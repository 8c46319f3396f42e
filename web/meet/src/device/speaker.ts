import { signal } from "@preact/signals";

/**
 * Plays the sound of others. Browsers may refuse to play before the person has clicked once; then `blocked`
 * is true and `unblock`, called from a click, starts everything.
 */
export class Speaker {
  readonly blocked = signal(false);
  readonly #elements = new Set<HTMLAudioElement>();
  #sinkId = "";

  /** Plays a track in an element; returns the undo. */
  play(element: HTMLAudioElement, track: MediaStreamTrack): () => void {
    element.srcObject = new MediaStream([track]);
    this.#elements.add(element);
    void this.#route(element);
    void this.#start(element);
    return () => {
      this.#elements.delete(element);
      element.srcObject = null;
    };
  }

  async unblock(): Promise<void> {
    this.blocked.value = false;
    await Promise.all([...this.#elements].map((e) => this.#start(e)));
  }

  /** Whether the browser lets a page choose the output. */
  static get selectable(): boolean {
    return "setSinkId" in HTMLMediaElement.prototype;
  }

  async choose(sinkId: string): Promise<void> {
    this.#sinkId = sinkId;
    await Promise.all([...this.#elements].map((e) => this.#route(e)));
  }

  async #start(element: HTMLAudioElement): Promise<void> {
    try {
      await element.play();
    } catch (error) {
      // AbortError: the element was given another track meanwhile, which starts on its own.
      if (error instanceof DOMException && error.name === "NotAllowedError") this.blocked.value = true;
    }
  }

  async #route(element: HTMLAudioElement): Promise<void> {
    if (!Speaker.selectable || (this.#sinkId === "" && element.sinkId === "")) return;
    try {
      await element.setSinkId(this.#sinkId);
    } catch {
      // The chosen output is gone: the browser keeps playing on its default one, which is what people expect.
    }
  }
}
