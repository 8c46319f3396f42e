import { play } from "./autoplay.js";
import type { FaultContext } from "./fault.js";
import { checkOptions, type Rules } from "./options.js";
import type { Quality, RenderAudioOptions, RenderVideoOptions, StreamKind } from "./types.js";

type Picture = "video" | "share";
type Sound = "audio" | "shareAudio";

/** How long the size of an element must stand still until it is asked for, in ms. */
const SETTLE_MS = 300;

export interface RendererOwner {
  /** The class of the containers of a participant. */
  readonly className: string;
  readonly local: boolean;
  track(kind: StreamKind): MediaStreamTrack | undefined;
  /** The best size that is wanted of a picture: one of three, or that of its element in pixels of the screen. */
  want(kind: Picture, most: { readonly quality?: Quality; readonly width?: number; readonly height?: number }): void;
  where(): FaultContext;
}

interface Shown {
  readonly container: HTMLDivElement;
  readonly video: HTMLVideoElement;
  quality: "auto" | Quality;
}

const videoOptions: Rules<RenderVideoOptions> = {
  type: ["video", "share"],
  maxQuality: ["auto", "high", "med", "low"],
  videostyle: "object",
  containerStyle: "object",
};

const audioOptions: Rules<RenderAudioOptions> = { type: ["audio", "shareAudio"] };

/**
 * Renderer makes the elements that show and play the streams of a participant, one for each, and keeps them current.
 */
export class Renderer {
  readonly #owner: RendererOwner;
  readonly #pictures = new Map<Picture, Shown>();
  readonly #sounds = new Map<Sound, HTMLAudioElement>();

  constructor(owner: RendererOwner) {
    this.#owner = owner;
  }

  video(options: RenderVideoOptions = {}): HTMLDivElement {
    const call = { method: "participant.renderVideo", at: this.#owner.where() };
    checkOptions<RenderVideoOptions>(call, "options", options, videoOptions);
    const { videostyle, containerStyle } = options;
    const type = options.type ?? "video";
    const maxQuality = options.maxQuality ?? "auto";
    const shown = this.#pictures.get(type) ?? this.#newPicture(type);
    Object.assign(shown.container.style, containerStyle);
    Object.assign(shown.video.style, videostyle);
    // high is no limit, which ends the one of an earlier call.
    if (!this.#owner.local && maxQuality !== shown.quality)
      this.#owner.want(type, { quality: maxQuality === "auto" ? "high" : maxQuality });
    shown.quality = maxQuality;
    this.update(type);
    return shown.container;
  }

  audio(options: RenderAudioOptions = {}): HTMLAudioElement {
    const call = { method: "participant.renderAudio", at: this.#owner.where() };
    checkOptions<RenderAudioOptions>(call, "options", options, audioOptions);
    const type = options.type ?? "audio";
    const element = this.#sounds.get(type) ?? this.#newSound(type);
    this.update(type);
    return element;
  }

  /** The stream of that kind is another one, or none. */
  update(kind: StreamKind): void {
    const track = this.#owner.track(kind);
    const element = kind === "video" || kind === "share" ? this.#pictures.get(kind)?.video : this.#sounds.get(kind);
    if (!element) return;
    const shown = element.srcObject instanceof MediaStream ? element.srcObject : undefined;
    const [before] = shown?.getTracks() ?? [];
    if (shown && before && track && before !== track) {
      // In the same stream and in this order: the last picture stays until the next one is there.
      shown.removeTrack(before);
      shown.addTrack(track);
    } else if (before !== track) element.srcObject = track ? new MediaStream([track]) : null;
    if (element instanceof HTMLVideoElement) element.style.visibility = track ? "" : "hidden";
    if (track) play(element);
  }

  #newPicture(type: Picture): Shown {
    const container = document.createElement("div");
    container.className = `video-container ${this.#owner.className}`;
    container.style.position = "relative";
    const video = document.createElement("video");
    // Its sound is another stream; and a browser plays no sound that the user has not asked for.
    Object.assign(video, { muted: true, autoplay: true, playsInline: true });
    Object.assign(video.style, { width: "100%", height: "100%", objectFit: type === "share" ? "contain" : "cover" });
    container.append(video);
    const shown: Shown = { container, video, quality: "auto" };
    this.#pictures.set(type, shown);
    if (!this.#owner.local) this.#follow(type, shown);
    return shown;
  }

  /** Asks for the size of the element, as long as no quality is asked for. */
  #follow(type: Picture, shown: Shown): void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = (): void => {
      const { width, height } = shown.container.getBoundingClientRect();
      if (shown.quality !== "auto" || width < 1 || height < 1) return;
      const inPixels = (of: number): number => Math.min(16_384, Math.ceil(of * (globalThis.devicePixelRatio || 1)));
      this.#owner.want(type, { width: inPixels(width), height: inPixels(height) });
    };
    new ResizeObserver(() => {
      clearTimeout(timer);
      timer = setTimeout(ask, SETTLE_MS);
    }).observe(shown.container);
  }

  #newSound(type: Sound): HTMLAudioElement {
    const element = document.createElement("audio");
    // Of oneself it is there for the page's layout; nobody wants to hear it.
    Object.assign(element, { autoplay: true, muted: this.#owner.local });
    element.style.display = "none";
    this.#sounds.set(type, element);
    return element;
  }
}
