import type { FaultFields } from "@klatch/sdk";
import { Icon, Page } from "@klatch/ui";
import { OctagonX } from "lucide";
import { FaultCard } from "../parts/FaultCard";
import { useStore } from "../state/context";

/** An option of the address is wrong: this is for whoever made the link, and nobody joins by it. */
export function RefusedView({ fault }: { fault: FaultFields }) {
  return (
    <Page theme={useStore().prefs.theme} testid="refused-view">
      <main class="card fatal">
        <span class="card-icon">
          <Icon icon={OctagonX} size={28} />
        </span>
        <h1>This link does not work</h1>
        <p>It was put together wrongly. Tell whoever gave it to you; what is wrong with it is below.</p>
        <FaultCard fault={fault} />
      </main>
    </Page>
  );
}
