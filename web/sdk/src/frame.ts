/** How long a picture is waited for, in ms: a track that gives no frames never starts to play. */
const FRAME_MS = 5_000;

/** No frame came within FRAME_MS. */
export class NoFrameError extends Error {
  override readonly name = "NoFrameError";
  readonly waitedMs = FRAME_MS;
}

/**
 * Draws the present picture of a video track and returns it as JPEG in base64, without the beginning of a data URL.
 * Where the size has another shape, the whole picture is in the middle of it.
 */
export async function captureFrame(track: MediaStreamTrack, wantWidth?: number, wantHeight?: number): Promise<string> {
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  video.srcObject = new MediaStream([track]);
  try {
    await playing(video);
    const canvas = document.createElement("canvas");
    const { videoWidth, videoHeight } = video;
    const width = wantWidth ?? ((wantHeight ?? videoHeight) * videoWidth) / videoHeight;
    canvas.width = Math.max(1, Math.round(width));
    canvas.height = Math.max(1, Math.round(wantHeight ?? (width * videoHeight) / videoWidth));
    const context = canvas.getContext("2d");
    if (!context) throw new Error("no 2d context");
    const scale = Math.min(canvas.width / videoWidth, canvas.height / videoHeight);
    const [w, h] = [videoWidth * scale, videoHeight * scale];
    context.drawImage(video, (canvas.width - w) / 2, (canvas.height - h) / 2, w, h);
    return canvas.toDataURL("image/jpeg").replace(/^[^,]*,/, "");
  } finally {
    video.srcObject = null;
  }
}

async function playing(video: HTMLVideoElement): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NoFrameError()), FRAME_MS);
  });
  try {
    await Promise.race([video.play(), late]);
  } finally {
    clearTimeout(timer);
  }
}
