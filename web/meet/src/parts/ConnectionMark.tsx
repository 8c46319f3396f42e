import { Icon } from "@klatch/ui";
import { Signal, SignalLow, SignalMedium } from "lucide";
import { useStore } from "../state/context";
import type { Person } from "../state/room";
import { t } from "../text/inside";

const icons = { good: Signal, fair: SignalMedium, poor: SignalLow } as const;
const words = { good: "connectionGood", fair: "connectionFair", poor: "connectionPoor" } as const;

/** How well somebody's media flows; opens the numbers behind it. What is not good is always in sight. */
export function ConnectionMark({ person }: { person: Person }) {
  const store = useStore();
  const quality = store.connectionQuality.value.get(person.id);
  const { name } = person;
  const label = quality === undefined ? t("connectionOf", { name }) : t(words[quality], { name });
  return (
    <button
      type="button"
      class={`icon-button connection-quality ${quality ?? ""}`}
      aria-label={label}
      aria-haspopup="dialog"
      title={label}
      data-testid={`connection-${person.id}`}
      onClick={() => store.screen.showConnection(person.id)}
    >
      <Icon icon={icons[quality ?? "good"]} />
    </button>
  );
}
