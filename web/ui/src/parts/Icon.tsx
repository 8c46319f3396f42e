import { h } from "preact";
import type { IconNode } from "lucide";

interface IconProps {
  icon: IconNode;
  size?: number;
  /** It points along the text, and the other way where text runs from right to left. */
  directed?: boolean;
}

/** A picture from Lucide's set. It is decoration: the control around it has the words. */
export function Icon({ icon, size = 20, directed = false }: IconProps) {
  return (
    <svg
      class={directed ? "icon directed" : "icon"}
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {icon.map(([tag, attributes], i) => h(tag, { key: i, ...attributes } as Record<string, unknown>))}
    </svg>
  );
}
