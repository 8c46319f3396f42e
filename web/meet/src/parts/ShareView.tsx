import { Icon } from "@klatch/ui";
import { MonitorUp, MonitorX } from "lucide";
import type { Person } from "../state/room";
import { LowBandwidth } from "./LowBandwidth";
import { useStore } from "../state/context";
import { Video } from "./Video";

/** A shared screen. One's own is not shown: a picture of itself in itself makes people dizzy. */
export function ShareView({ person }: { person: Person }) {
  const store = useStore();
  if (person.local) {
    return (
      <section class="share own-share" aria-label="Your screen share" data-testid="share-view">
        <Icon icon={MonitorUp} size={48} />
        <h2>You are sharing your screen</h2>
        <p>Everybody in the meeting sees it.</p>
        <button type="button" class="button danger" data-testid="share-stop" onClick={() => void store.toggleShare()}>
          <Icon icon={MonitorX} /> Stop sharing
        </button>
      </section>
    );
  }
  return (
    <section class="share" aria-label={`Screen of ${person.name}`} data-testid="share-view">
      {person.tracks.share === undefined ? (
        <p class="share-wait">The screen of {person.name} is on its way…</p>
      ) : (
        <Video track={person.tracks.share} contain label={`Screen of ${person.name}`} />
      )}
      {person.lowBandwidth.includes("share") && (
        <div class="tile-marks">
          <LowBandwidth of={`${person.id}-share`} />
        </div>
      )}
      <div class="tile-name">
        <Icon icon={MonitorUp} size={15} />
        <span class="tile-name-text">{person.name} is sharing</span>
      </div>
    </section>
  );
}
