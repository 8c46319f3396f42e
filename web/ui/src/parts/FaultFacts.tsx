import type { FaultFields } from "@klatch/sdk";
import { t } from "../text";

/** What identifies a fault in a report. */
export function FaultFacts({ fault }: { fault: FaultFields }) {
  return (
    <dl class="fault-facts">
      <div>
        <dt>{t("factCode")}</dt>
        <dd>
          <b data-testid="fault-code">{fault.code}</b> <span data-testid="fault-name">{fault.name}</span>
        </dd>
      </div>
      <div>
        <dt>{t("factReason")}</dt>
        <dd data-testid="fault-reason">{fault.reason}</dd>
      </div>
      <div>
        <dt>{t("factMessage")}</dt>
        <dd class="prose" lang="en" dir="ltr" data-testid="fault-message">
          {fault.message}
        </dd>
      </div>
      <div>
        <dt>{t("factId")}</dt>
        <dd data-testid="fault-id">{fault.id}</dd>
      </div>
    </dl>
  );
}
