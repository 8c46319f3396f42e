import { type Fault, faults, VideoSDKError } from "@klatch/sdk";
import { toParameters } from "./address.js";
import { type Command, type FromPage, type PrebuiltEvent, type PrebuiltEvents } from "./messages.js";
import { checkPageOptions, type PageOptions } from "./options.js";

/** What `init` takes, beside the options of the page. */
export interface PrebuiltConfig extends PageOptions {
  readonly meetingId: string;
  /** Minted by your server for this participant. */
  readonly token: string;
  /** The id of the element that the meeting fills. Default: the whole window. */
  readonly containerId?: string | null;
  /** The address of the server. Default: where this script was loaded from. The npm package needs it. */
  readonly serverUrl?: string;
}

type Listener<Event extends PrebuiltEvent> = (...data: PrebuiltEvents[Event]) => void;

/** How long the page may take to load. */
const readyWithinMs = 30_000;

/** Empty for the npm package, whose module is no script of the page, and where a page is made on a server. */
const loadedFrom =
  typeof document !== "undefined" && document.currentScript instanceof HTMLScriptElement
    ? document.currentScript.src
    : "";

/** A meeting in an element of this page, under the published name of the prebuilt. */
export class VideoSDKMeeting {
  #frame: HTMLIFrameElement | undefined;
  #origin = "";
  #listeners = new Map<PrebuiltEvent, Set<(data: unknown) => void>>();
  #answers = new Map<number, () => void>();
  #number = 0;

  /**
   * Shows the meeting. Resolves when its page is there. Rejects with the fault that names what is wrong with the
   * configuration (3073, 3105), or with 3102 where the page does not load.
   */
  async init(config: PrebuiltConfig): Promise<void> {
    const method = "VideoSDKMeeting.init";
    const { meetingId, token, containerId, serverUrl, ...options } = (config ?? {}) as PrebuiltConfig;
    for (const [parameter, value] of Object.entries({ token, meetingId })) {
      if (typeof value !== "string" || value === "")
        throw new VideoSDKError(faults.invalidParameterMissing({ method, parameter }));
    }
    checkPageOptions(method, options);
    const base = baseOf(serverUrl ?? loadedFrom);
    if (base === undefined) throw new VideoSDKError(faults.invalidParameterMissing({ method, parameter: "serverUrl" }));
    const container = containerOf(method, containerId);
    this.destroy();

    const fragment = new URLSearchParams([
      ["token", token],
      ["parentOrigin", location.origin],
      ...toParameters(await withLogo(method, options)),
    ]);
    const frame = document.createElement("iframe");
    frame.title = "Meeting";
    frame.allow =
      "camera; microphone; display-capture; autoplay; fullscreen; picture-in-picture; speaker-selection; " +
      "clipboard-write; screen-wake-lock";
    frame.style.cssText =
      container === document.body
        ? "border:0;position:fixed;inset:0;width:100%;height:100%;z-index:2147483647"
        : "border:0;display:block;width:100%;height:100%";
    frame.src = `${base}/meet/${encodeURIComponent(meetingId)}#${fragment}`;
    this.#frame = frame;
    this.#origin = new URL(base).origin;
    addEventListener("message", this.#onMessage);
    const ready = new Promise<void>((resolve, reject) => {
      const done = (): void => {
        clearTimeout(timer);
        for (const undo of undos) undo();
      };
      const undos = [
        this.on("ready", () => (done(), resolve())),
        this.on("error", (fault) => (done(), reject(new VideoSDKError(fault as Fault)))), // an option is refused
      ];
      const timer = setTimeout(() => {
        done();
        reject(new VideoSDKError(faults.signalingUnreachableNoConnection({ url: base, attempts: 1 })));
      }, readyWithinMs);
    });
    container.append(frame);
    await ready;
  }

  /** Calls fn for each event of that name. Returns what undoes it. */
  on<Event extends PrebuiltEvent>(event: Event, fn: Listener<Event>): () => void {
    const set = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, set);
    const listener = fn as (data: unknown) => void;
    set.add(listener);
    return () => void set.delete(listener);
  }

  leave = (): Promise<void> => this.#ask("leave");
  end = (): Promise<void> => this.#ask("end");
  toggleMic = (): Promise<void> => this.#ask("toggleMic");
  toggleWebcam = (): Promise<void> => this.#ask("toggleWebcam");
  toggleScreenShare = (): Promise<void> => this.#ask("toggleScreenShare");
  toggleHand = (): Promise<void> => this.#ask("toggleHand");
  toggleChat = (): Promise<void> => this.#ask("toggleChat");
  toggleParticipantList = (): Promise<void> => this.#ask("toggleParticipantList");
  toggleLayout = (): Promise<void> => this.#ask("toggleLayout");

  /** Takes the meeting away, and leaves it. */
  destroy(): void {
    removeEventListener("message", this.#onMessage);
    this.#frame?.remove();
    this.#frame = undefined;
    for (const resolve of this.#answers.values()) resolve();
    this.#answers.clear();
  }

  /** Resolves when the page has done it. What fails is an `error` event. */
  #ask(command: Command): Promise<void> {
    const frame = this.#frame?.contentWindow;
    if (frame === null || frame === undefined)
      return Promise.reject(new VideoSDKError(faults.actionPerformedBeforeMeetingJoinedNotJoined({ method: command })));
    const number = ++this.#number;
    frame.postMessage({ klatch: 1, command, number }, this.#origin);
    return new Promise((resolve) => this.#answers.set(number, resolve));
  }

  #onMessage = ({ source, origin, data }: MessageEvent<FromPage | undefined>): void => {
    if (source !== this.#frame?.contentWindow || origin !== this.#origin || data?.klatch !== 1) return;
    if ("answer" in data) {
      this.#answers.get(data.answer)?.();
      this.#answers.delete(data.answer);
      return;
    }
    for (const listener of this.#listeners.get(data.event) ?? []) listener(data.data);
  };
}

/** Everything before /sdk/ or the end of the address; undefined where it is none. */
function baseOf(address: string): string | undefined {
  if (!/^https?:\/\//i.test(address) || !URL.canParse(address)) return undefined;
  const { origin, pathname } = new URL(address);
  return origin + pathname.replace(/\/sdk\/[^/]*$/, "").replace(/\/+$/, "");
}

function containerOf(method: string, id: string | null | undefined): HTMLElement {
  if (id === undefined || id === null) return document.body;
  const container = document.getElementById(id);
  if (container === null) {
    const want = "the id of an element of this page";
    throw new VideoSDKError(
      faults.invalidParameterOutOfRange({ method, parameter: "containerId", got: String(id), want }),
    );
  }
  return container;
}

/** The page loads images from its own server alone, so a logo from elsewhere travels in the address. */
async function withLogo(method: string, options: PageOptions): Promise<PageOptions> {
  const logoURL = options.branding?.logoURL;
  if (logoURL === undefined || logoURL.startsWith("data:") || options.branding?.enabled === false) return options;
  try {
    const response = await fetch(logoURL);
    if (!response.ok) throw new Error(`status ${response.status}`);
    const image = await response.blob();
    const branding = { ...options.branding, logoURL: await dataAddress(image) };
    checkPageOptions(method, { branding });
    return { ...options, branding };
  } catch (error) {
    if (error instanceof VideoSDKError) throw error;
    const want = "an image that this page may fetch: of its own origin, or served with Access-Control-Allow-Origin";
    throw new VideoSDKError(
      faults.invalidParameterOutOfRange({ method, parameter: "branding.logoURL", got: logoURL.slice(0, 80), want }),
    );
  }
}

function dataAddress(image: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error ?? new Error("cannot be read"));
    reader.readAsDataURL(image);
  });
}
