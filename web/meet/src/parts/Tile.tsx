import { Icon, IconButton, locale } from "@klatch/ui";
import { computed } from "@preact/signals";
import { Hand, Maximize2, MicOff, Minimize2, Pin, SwitchCamera } from "lucide";
import { canFlip, facesAway, flipCamera } from "../device/facing";
import { ConnectionMark } from "./ConnectionMark";
import { LowBandwidth } from "./LowBandwidth";
import type { Person } from "../state/room";
import { useStore } from "../state/context";
import { t } from "../text/inside";
import { Avatar } from "./Avatar";
import { TileReactions } from "./Reactions";
import { Video } from "./Video";

const lists = computed(() => new Intl.ListFormat(locale.value, { type: "unit", style: "short" }));

/** One participant: picture or avatar, name, and the marks of what they do. */
export function Tile({ person, large = false }: { person: Person; large?: boolean }) {
  const store = useStore();
  const { room } = store;
  const { focusId } = store.screen;
  const speaking = room.value.speakerId === person.id && person.on.audio;
  const track = person.on.video ? person.tracks.video : undefined;
  const kept = focusId.value === person.id;
  const away = person.connectionState === "RECONNECTING";
  const label = person.local ? t("nameAndYou", { name: person.name }) : person.name;
  return (
    <article
      class={["tile", speaking && "speaking", large && "large", track === undefined && "no-video", away && "away"]
        .filter(Boolean)
        .join(" ")}
      data-testid={`tile-${person.id}`}
      data-local={person.local}
      aria-label={lists.value.format(
        [
          label,
          away && t("tileReconnecting"),
          !person.on.audio && t("tileMuted"),
          !person.on.video && t("tileCameraOff"),
          speaking && t("tileSpeaking"),
          person.handAt > 0 && t("tileHandRaised"),
          person.on.video && person.lowBandwidth.includes("video") && t("tilePaused"),
        ].filter((part) => part !== false),
      )}
      onDblClick={() => store.screen.focus(person.id)}
    >
      {track === undefined ? (
        <Avatar id={person.id} name={person.name} />
      ) : (
        <Video track={track} mirrored={person.local && !facesAway(track)} label={t("cameraOf", { name: label })} />
      )}
      {away && (
        <p class="tile-away" data-testid={`away-${person.id}`}>
          {t("reconnecting")}
        </p>
      )}
      <div class="tile-marks">
        {person.handAt > 0 && (
          <span class="mark hand" data-testid={`hand-${person.id}`}>
            <Icon icon={Hand} size={16} />
            <span class="mark-text">{t("handRaised")}</span>
          </span>
        )}
        {person.on.video && person.lowBandwidth.includes("video") && <LowBandwidth of={person.id} />}
        {person.pin.cam && (
          <span class="mark" title={t("pinnedForAll")}>
            <Icon icon={Pin} size={16} />
          </span>
        )}
      </div>
      <TileReactions id={person.id} />
      <div class="tile-name">
        {!person.on.audio && <Icon icon={MicOff} size={15} />}
        {speaking && (
          <span class="waves" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
        )}
        <span class="tile-name-text" dir="auto">
          {label}
        </span>
      </div>
      <div class="tile-actions">
        <ConnectionMark person={person} />
        {person.local && store.has("cam") && canFlip(store) && (
          <IconButton
            icon={SwitchCamera}
            label={t("flipCameraLong")}
            testid="tile-flip"
            onClick={() => void flipCamera(store)}
          />
        )}
        <IconButton
          icon={kept ? Minimize2 : Maximize2}
          label={t(kept ? "stopKeepingLarge" : "keepLarge", { name: label })}
          testid={`focus-${person.id}`}
          pressed={kept}
          onClick={() => store.screen.focus(person.id)}
        />
      </div>
    </article>
  );
}
