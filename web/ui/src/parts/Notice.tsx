import type { IconNode } from "lucide";
import type { ComponentChildren } from "preact";
import { Icon } from "./Icon";

interface Props {
  icon: IconNode;
  text: string;
  testid?: string;
  /** Buttons. */
  children: ComponentChildren;
}

/** Something that wants an answer. */
export function Notice({ icon, text, testid, children }: Props) {
  return (
    <section class="notice" data-testid={testid}>
      <Icon icon={icon} size={22} />
      <p title={text}>{text}</p>
      <div class="notice-actions">{children}</div>
    </section>
  );
}
