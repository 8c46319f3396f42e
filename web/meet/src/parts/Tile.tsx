import { Icon, IconButton } from "@klatch/ui";
import { Hand, Maximize2, MicOff, Minimize2, Pin } from "lucide";
import { LowBandwidth } from "./LowBandwidth";
import type { Person } from "../state/room";
import { useStore } from "../state/context";
import { Avatar } from "./Avatar";
import { Video } from "./Video";

/** One participant: picture or avatar, name, and the marks of what they do. */
export function Tile({ person, large = false }: { person: Person; large?: boolean }) {
  const store = useStore();
  const { room } = store;
  const { focusId } = store.screen;
  const speaking = room.value.speakerId === person.id && person.on.audio;
  const track = person.on.video ? person.tracks.video : undefined;
  const kept = focusId.value === person.id;
  const away = person.connectionState === "RECONNECTING";
  const label = person.local ? `${person.name} (you)` : person.name;
  return (
    <article
      class={`tile${speaking ? " speaking" : ""}${large ? " large" : ""}${track === undefined ? " no-video" : ""}${away ? " away" : ""}`}
      data-testid={`tile-${person.id}`}
      data-local={person.local}
      aria-label={[
        label,
        away && "reconnecting",
        !person.on.audio && "muted",
        !person.on.video && "camera off",
        speaking && "speaking",
        person.handAt > 0 && "hand raised",
        person.on.video && person.lowBandwidth.includes("video") && "picture paused, low bandwidth",
      ]
        .filter(Boolean)
        .join(", ")}
      onDblClick={() => store.screen.focus(person.id)}
    >
      {track === undefined ? (
        <Avatar id={person.id} name={person.name} />
      ) : (
        <Video track={track} mirrored={person.local} label={`Camera of ${label}`} />
      )}
      {away && (
        <p class="tile-away" data-testid={`away-${person.id}`}>
          Reconnecting…
        </p>
      )}
      <div class="tile-marks">
        {person.handAt > 0 && (
          <span class="mark hand" data-testid={`hand-${person.id}`}>
            <Icon icon={Hand} size={16} />
            <span class="mark-text">Hand raised</span>
          </span>
        )}
        {person.on.video && person.lowBandwidth.includes("video") && <LowBandwidth of={person.id} />}
        {person.pin.cam && (
          <span class="mark" title="Pinned for everybody">
            <Icon icon={Pin} size={16} />
          </span>
        )}
      </div>
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
        <IconButton
          icon={kept ? Minimize2 : Maximize2}
          label={kept ? `Stop keeping ${label} large` : `Keep ${label} large`}
          testid={`focus-${person.id}`}
          pressed={kept}
          onClick={() => store.screen.focus(person.id)}
        />
      </div>
    </article>
  );
}
