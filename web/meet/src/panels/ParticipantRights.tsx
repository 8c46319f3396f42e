import { useStore } from "../state/context";
import { rightNames, rights } from "../state/rights";
import { t } from "../text/inside";

/** What moderators let participants do. */
export function ParticipantRights() {
  const store = useStore();
  const { restrictions } = store.room.value;
  const busy = store.busy.value.has("rights");
  return (
    <fieldset class="rights" data-testid="rights">
      <legend>{t("participantsMay")}</legend>
      {rights.map((right) => (
        <label key={right} class="check">
          <input
            type="checkbox"
            role="switch"
            data-testid={`right-${right}`}
            checked={!restrictions[right]}
            aria-busy={busy}
            onChange={(e) => {
              const given = e.currentTarget.checked;
              // It shows what holds, not what was asked for.
              e.currentTarget.checked = !restrictions[right];
              void store.setRight(right, given);
            }}
          />{" "}
          {t(rightNames[right])}
        </label>
      ))}
    </fieldset>
  );
}
