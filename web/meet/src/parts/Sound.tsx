import { useEffect, useRef } from "preact/hooks";
import { useStore } from "../state/context";

/** Plays everybody else's sound, whatever the layout shows. */
export function Sounds() {
  const { others } = useStore();
  return (
    <div hidden>
      {others.value.flatMap((p) =>
        (["audio", "shareAudio"] as const).map((kind) => {
          const track = p.tracks[kind];
          return track !== undefined && <Sound key={`${p.id} ${kind}`} track={track} testid={`${kind}-${p.id}`} />;
        }),
      )}
    </div>
  );
}

function Sound({ track, testid }: { track: MediaStreamTrack; testid: string }) {
  const { speaker } = useStore();
  const ref = useRef<HTMLAudioElement>(null);
  useEffect(() => (ref.current === null ? undefined : speaker.play(ref.current, track)), [speaker, track]);
  return <audio ref={ref} data-testid={testid} />;
}
