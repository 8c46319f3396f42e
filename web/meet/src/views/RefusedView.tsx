import type { FaultFields } from "@klatch/sdk";
import { Icon, Page } from "@klatch/ui";
import { OctagonX } from "lucide";
import { FaultCard } from "../parts/FaultCard";
import { useStore } from "../state/context";
import { t } from "../text";

/** An option of the address is wrong: this is for whoever made the link, and nobody joins by it. */
export function RefusedView({ fault }: { fault: FaultFields }) {
  return (
    <Page theme={useStore().prefs.theme} testid="refused-view">
      <main class="card fatal">
        <span class="card-icon">
          <Icon icon={OctagonX} size={28} />
        </span>
        <h1>{t("linkWrong")}</h1>
        <p>{t("linkWrongWhy")}</p>
        <FaultCard fault={fault} />
      </main>
    </Page>
  );
}
