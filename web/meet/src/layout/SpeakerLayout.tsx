import { ShareThumbnail, ShareView } from "../parts/ShareView";
import { Tile } from "../parts/Tile";
import { useStore } from "../state/context";
import { t } from "../text/inside";
import { mainOf } from "./main";
import { useSize } from "./useSize";

/** One large, the others in a strip: beside it on wide stages, below it on tall ones. */
export function SpeakerLayout() {
  const store = useStore();
  const [ref, stage] = useSize<HTMLDivElement>();
  const room = store.room.value;
  const main = mainOf(room, store.screen.focusId.value, store.screen.shareId.value);
  const large = room.people.find((p) => p.id === main?.id);
  const strip = store.screen.order.value
    .flatMap((id) => store.shown.value.find((p) => p.id === id) ?? [])
    .filter((p) => main?.kind === "share" || p.id !== main?.id);
  const shares = room.people.filter((p) => p.on.share && !(main?.kind === "share" && main.id === p.id));
  return (
    <div
      class={`speaker-layout ${stage.width > stage.height ? "wide" : "tall"}`}
      ref={ref}
      data-testid="speaker-layout"
    >
      <div class="speaker-main">
        {large !== undefined &&
          (main?.kind === "share" ? <ShareView person={large} /> : <Tile key={large.id} person={large} large />)}
      </div>
      {strip.length + shares.length > 0 && (
        <ul class="strip" aria-label={t("otherParticipants")} tabIndex={0}>
          {shares.map((p) => (
            <li key={`share ${p.id}`}>
              <ShareThumbnail person={p} />
            </li>
          ))}
          {strip.map((p) => (
            <li key={p.id}>
              <Tile person={p} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
