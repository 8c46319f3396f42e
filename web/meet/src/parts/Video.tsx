import { useEffect, useRef } from "preact/hooks";

/** Shows a video track, without its sound: sound plays in `Sound`. */
export function Video({
  track,
  mirrored = false,
  contain = false,
  label,
}: {
  track: MediaStreamTrack;
  mirrored?: boolean;
  contain?: boolean;
  label: string;
}) {
  const ref = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const video = ref.current;
    if (video === null) return;
    // autoplay starts it; a muted video needs no permission.
    video.srcObject = new MediaStream();
    return () => {
      video.srcObject = null;
    };
  }, []);
  useEffect(() => {
    const stream = ref.current?.srcObject as MediaStream | null | undefined;
    // In the same stream and in this order: the last picture stays until another track shows one.
    for (const before of stream?.getTracks() ?? []) stream?.removeTrack(before);
    stream?.addTrack(track);
  }, [track]);
  return (
    <video
      ref={ref}
      class={`video${mirrored ? " mirrored" : ""}${contain ? " contain" : ""}`}
      aria-label={label}
      muted
      autoPlay
      playsInline
    />
  );
}
