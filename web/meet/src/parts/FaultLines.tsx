import { PersonLine } from "@klatch/ui";
import { WithoutBackground } from "./WithoutBackground";
import { useStore } from "../state/context";
import { isBackgroundFailed } from "../state/trouble";
import { t } from "../text/inside";

/** The newest faults, a line each, above the stage: they cover nothing. `LiveRegion` has said them. */
export function FaultLines() {
  const store = useStore();
  const { faults, names } = store.room.value;
  const lines = store.lines.value;
  if (lines.length === 0 || store.screen.panel.value === "problems") return null;
  const more = store.room.value.openFaults.length - lines.length;
  return (
    <div class="fault-lines" data-testid="fault-lines">
      {lines.map((id) => {
        const fault = faults.find((f) => f.id === id);
        return (
          fault !== undefined && (
            <PersonLine
              key={id}
              fault={fault}
              base={store.link.value.base}
              names={names}
              onDismiss={() => store.dispatch({ type: "fault-dismissed", id })}
            >
              {isBackgroundFailed(fault) && <WithoutBackground />}
            </PersonLine>
          )
        );
      })}
      {more > 0 && (
        <button
          type="button"
          class="button small"
          data-testid="fault-others"
          onClick={() => store.screen.togglePanel("problems")}
        >
          {t("moreProblems", { count: more })}
        </button>
      )}
    </div>
  );
}
