import { Icon } from "@klatch/ui";
import { MonitorUp, MonitorX } from "lucide";
import type { Person } from "../state/room";
import { LowBandwidth } from "./LowBandwidth";
import { useStore } from "../state/context";
import { rich, t } from "../text/inside";
import { Video } from "./Video";

/** A shared screen. One's own is not shown: a picture of itself in itself makes people dizzy. */
export function ShareView({ person }: { person: Person }) {
  const store = useStore();
  if (person.local) {
    return (
      <section class="share own-share" aria-label={t("yourScreenShare")} data-testid="share-view">
        <Icon icon={MonitorUp} size={48} />
        <h2>{t("youShare")}</h2>
        <p>{t("youShareHint")}</p>
        <button type="button" class="button danger" data-testid="share-stop" onClick={() => void store.toggleShare()}>
          <Icon icon={MonitorX} /> {t("stopSharing")}
        </button>
      </section>
    );
  }
  return (
    <section class="share" aria-label={t("screenOf", { name: person.name })} data-testid="share-view">
      {person.tracks.share === undefined ? (
        <p class="share-wait">{rich("screenComing", { name: <bdi>{person.name}</bdi> })}</p>
      ) : (
        <Video track={person.tracks.share} contain label={t("screenOf", { name: person.name })} />
      )}
      {person.lowBandwidth.includes("share") && (
        <div class="tile-marks">
          <LowBandwidth of={`${person.id}-share`} />
        </div>
      )}
      <div class="tile-name">
        <Icon icon={MonitorUp} size={15} />
        <span class="tile-name-text">{rich("isSharing", { name: <bdi>{person.name}</bdi> })}</span>
      </div>
    </section>
  );
}

/** A shared screen that does not stand large; a click shows it large. */
export function ShareThumbnail({ person }: { person: Person }) {
  const store = useStore();
  const label = person.local ? t("showYourScreenLarge") : t("showScreenLarge", { name: person.name });
  const track = person.local ? undefined : person.tracks.share;
  return (
    <button
      type="button"
      class="share share-thumbnail"
      aria-label={label}
      data-testid={`share-thumbnail-${person.id}`}
      onClick={() => store.screen.chooseShare(person.id)}
    >
      {track === undefined ? <Icon icon={MonitorUp} size={28} /> : <Video track={track} contain label="" />}
      <span class="tile-name">
        <Icon icon={MonitorUp} size={15} />
        <span class="tile-name-text" dir="auto">
          {person.local ? t("yourScreen") : person.name}
        </span>
      </span>
    </button>
  );
}
