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
    video.srcObject = new MediaStream([track]);
    // autoplay starts it; a muted video needs no permission.
    return () => {
      video.srcObject = null;
    };
  }, [track]);
  return (
    <video
      ref={ref}
      class={`video${mirrored ? " mirrored" : ""}${contain ? " contain" : ""}`}
      aria-label={label}
      muted
      autoPlay
      playsInline
      disablePictureInPicture
    />
  );
}
