import { IconButton } from "@klatch/ui";
import { X } from "lucide";
import { useStore } from "../state/context";

export function PanelHead({ title, close }: { title: string; close: string }) {
  const store = useStore();
  return (
    <header class="panel-head">
      <h2 tabIndex={-1} data-panel-title>
        {title}
      </h2>
      <IconButton icon={X} label={close} testid="panel-close" onClick={() => (store.screen.panel.value = null)} />
    </header>
  );
}
