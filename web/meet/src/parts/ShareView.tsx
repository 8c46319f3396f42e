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
        <p class="share-wait">
          The screen of <bdi>{person.name}</bdi> is on its way…
        </p>
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
        <span class="tile-name-text">
          <bdi>{person.name}</bdi> is sharing
        </span>
      </div>
    </section>
  );
}

/** A shared screen that does not stand large; a click shows it large. */
export function ShareThumbnail({ person }: { person: Person }) {
  const store = useStore();
  const label = person.local ? "your screen" : `the screen of ${person.name}`;
  const track = person.local ? undefined : person.tracks.share;
  return (
    <button
      type="button"
      class="share share-thumbnail"
      aria-label={`Show ${label} large`}
      data-testid={`share-thumbnail-${person.id}`}
      onClick={() => store.screen.chooseShare(person.id)}
    >
      {track === undefined ? <Icon icon={MonitorUp} size={28} /> : <Video track={track} contain label="" />}
      <span class="tile-name">
        <Icon icon={MonitorUp} size={15} />
        <span class="tile-name-text" dir="auto">
          {person.local ? "Your screen" : person.name}
        </span>
      </span>
    </button>
  );
}
