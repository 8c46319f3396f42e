import { AudioPlayer, useParticipant, VideoPlayer, withAdaptiveObservers } from "@klatch/react";

/** A picture that is received in the size in which it is shown, and not at all while it is out of sight. */
const Picture = withAdaptiveObservers(VideoPlayer);

/** One participant. */
export function Tile({ id, handRaised }: { id: string; handRaised: boolean }) {
  const { displayName, isLocal, webcamOn, micOn, isActiveSpeaker, connectionState } = useParticipant(id);
  return (
    <figure data-id={id} data-name={displayName} className={isActiveSpeaker ? "speaks" : ""}>
      {webcamOn ? <Picture participantId={id} /> : <div className="initial">{displayName.slice(0, 1)}</div>}
      {!isLocal && <AudioPlayer participantId={id} />}
      <figcaption>
        {displayName}
        {isLocal && " (you)"}
        {!micOn && <span data-mark="muted"> muted</span>}
        {handRaised && <span data-mark="hand"> ✋</span>}
        {connectionState === "RECONNECTING" && <span data-mark="away"> reconnecting…</span>}
      </figcaption>
    </figure>
  );
}
