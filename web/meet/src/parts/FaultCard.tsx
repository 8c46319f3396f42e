import type { FaultFields } from "@klatch/sdk";
import { PersonCard } from "@klatch/ui";
import { useStore } from "../state/context";

/** A fault of this meeting, with the names of those in it. */
export function FaultCard({ fault }: { fault: FaultFields }) {
  const store = useStore();
  const inside = store.inside.value;
  return (
    <PersonCard fault={fault} base={store.link.value.base} names={store.room.value.names}>
      {inside !== null && <inside.WithoutBackground fault={fault} />}
    </PersonCard>
  );
}
