import type { FaultFields } from "@klatch/sdk";
import { FaultCard as Card } from "@klatch/ui";
import { useStore } from "../state/context";

/** A fault of this meeting, with the names of those in it. */
export function FaultCard({ fault, onDismiss }: { fault: FaultFields; onDismiss?: () => void }) {
  const store = useStore();
  return <Card fault={fault} base={store.link.value.base} names={store.room.value.names} onDismiss={onDismiss} />;
}
