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
          return track !== undefined && <Sound key={`${p.id} ${kind}`} of={p.id} track={track} kind={kind} />;
        }),
      )}
    </div>
  );
}

function Sound({ of, track, kind }: { of: string; track: MediaStreamTrack; kind: string }) {
  const { speaker, volumes } = useStore();
  const percent = volumes?.of(of) ?? 100;
  const ref = useRef<HTMLAudioElement>(null);
  useEffect(() => (ref.current === null ? undefined : speaker.play(ref.current, track)), [speaker, track]);
  useEffect(() => {
    if (ref.current === null) return;
    ref.current.volume = percent / 100;
    ref.current.muted = percent === 0; // where a page cannot set the volume, it can do this
  }, [percent]);
  return <audio ref={ref} data-testid={`${kind}-${of}`} />;
}
