import { CopyButton, faultText, Icon } from "@klatch/ui";
import { CircleCheck } from "lucide";
import { FaultCard } from "../parts/FaultCard";
import { useStore } from "../state/context";
import { t } from "../text/inside";
import { PanelHead } from "./PanelHead";

/** Every fault of this visit, newest first. */
export function ProblemsPanel() {
  const store = useStore();
  const { faults } = store.room.value;
  return (
    <>
      <PanelHead title={t("problems")} close={t("closeProblems")} />
      {faults.length === 0 ? (
        <div class="panel-empty">
          <Icon icon={CircleCheck} size={36} />
          <p>{t("noProblems")}</p>
        </div>
      ) : (
        <div class="problems" data-testid="problems-list">
          <CopyButton
            text={() => faults.map(faultText).join("\n\n")}
            label={t("copyAllCount", { count: faults.length })}
            testid="problems-copy"
          />
          {faults.toReversed().map((f) => (
            <FaultCard key={f.id} fault={f} />
          ))}
        </div>
      )}
    </>
  );
}
