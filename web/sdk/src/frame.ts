/** Draws the present picture of a video track and returns it as a PNG data URL. */
export async function captureFrame(
  track: MediaStreamTrack,
  size: { width?: number; height?: number },
): Promise<string> {
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  video.srcObject = new MediaStream([track]);
  try {
    await video.play();
    const canvas = document.createElement("canvas");
    const scale = size.width ? size.width / video.videoWidth : size.height ? size.height / video.videoHeight : 1;
    canvas.width = Math.round(size.width ?? video.videoWidth * scale);
    canvas.height = Math.round(size.height ?? video.videoHeight * scale);
    canvas.getContext("2d")?.drawImage(video, 0, 0, canvas.width, canvas.height);
    return canvas.toDataURL("image/png");
  } finally {
    video.srcObject = null;
  }
}
