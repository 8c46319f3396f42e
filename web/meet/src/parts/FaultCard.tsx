import type { FaultFields } from "@klatch/sdk";
import { PersonCard } from "@klatch/ui";
import { useStore } from "../state/context";

/** A fault of this meeting, with the names of those in it. */
export function FaultCard({ fault }: { fault: FaultFields }) {
  const store = useStore();
  return <PersonCard fault={fault} base={store.link.value.base} names={store.room.value.names} />;
}
