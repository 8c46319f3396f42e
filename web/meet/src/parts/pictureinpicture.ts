import { signal } from "@preact/signals";
import { t } from "../text/inside";

/** https://wicg.github.io/document-picture-in-picture/ */
interface DocumentPictureInPicture {
  readonly window: Window | null;
  requestWindow(options: { readonly width: number; readonly height: number }): Promise<Window>;
}

/** The browser's windows with controls; none inside of another page, which may not open one. */
function windows(): DocumentPictureInPicture | undefined {
  const { documentPictureInPicture } = globalThis as { documentPictureInPicture?: DocumentPictureInPicture };
  return window.top === window ? documentPictureInPicture : undefined;
}

/** The window with controls that is open. */
export const above = signal<Window | null>(null);

export function canPictureInPicture(): boolean {
  return windows() !== undefined || document.pictureInPictureEnabled === true;
}

/**
 * Shows the large picture above the windows of other programs, with the controls where the browser can; the same again
 * ends that. Rejects where the browser refuses, or there is no picture.
 */
export async function togglePictureInPicture(): Promise<void> {
  if (closePictureInPicture()) return;
  const api = windows();
  if (api !== undefined) {
    const opened = await api.requestWindow({ width: 420, height: 300 });
    opened.addEventListener("pagehide", () => (above.value = null));
    above.value = opened;
    return;
  }
  const videos = document.querySelectorAll<HTMLVideoElement>(".stage video:not(.mirrored)");
  const [large] = [...videos].filter((v) => v.videoWidth > 0).toSorted((a, b) => b.clientWidth - a.clientWidth);
  if (large === undefined) throw new Error(t("noPictureYet"));
  await loaded(large);
  await large.requestPictureInPicture();
}

/** For so long a browser takes a key or a click as the person's, less a second. */
const activeMs = 4000;

/** Waits for a video that has just got another stream: until it has loaded, browsers refuse to show it elsewhere. */
async function loaded(video: HTMLVideoElement): Promise<void> {
  if (video.readyState >= HTMLMediaElement.HAVE_METADATA) return;
  await new Promise<void>((done, failed) => {
    video.addEventListener("loadedmetadata", () => done(), { once: true });
    setTimeout(() => failed(new Error(t("noPictureYet"))), activeMs);
  });
}

/** Reports whether there was something to close. */
export function closePictureInPicture(): boolean {
  const open = windows()?.window;
  open?.close();
  if (document.pictureInPictureElement) void document.exitPictureInPicture();
  return Boolean(open ?? document.pictureInPictureElement);
}
