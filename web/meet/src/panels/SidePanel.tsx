import { useLayoutEffect, useRef } from "preact/hooks";
import { useStore } from "../state/context";
import { ChatPanel } from "./ChatPanel";
import { EgressPanel } from "./EgressPanel";
import { PeoplePanel } from "./PeoplePanel";
import { ProblemsPanel } from "./ProblemsPanel";

const panels = { chat: ChatPanel, people: PeoplePanel, problems: ProblemsPanel, egress: EgressPanel };

/** The panel at the side; on a phone it fills the screen. It takes the focus when it opens and gives it back. */
export function SidePanel() {
  const { panel } = useStore().screen;
  const ref = useRef<HTMLElement>(null);
  const open = panel.value;
  useLayoutEffect(() => {
    if (open === null) return;
    const before = document.activeElement;
    // On a touch screen a focused field would bring up the keyboard over the messages.
    const field = matchMedia("(hover: none)").matches
      ? null
      : ref.current?.querySelector<HTMLElement>("[data-autofocus]");
    (field ?? ref.current?.querySelector<HTMLElement>("[data-panel-title]"))?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, [open]);
  if (open === null) return null;
  const Content = panels[open];
  return (
    <aside class="side" ref={ref} data-testid={`${open}-panel`}>
      <Content />
    </aside>
  );
}
