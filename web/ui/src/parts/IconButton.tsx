import type { IconNode } from "lucide";
import { Icon } from "./Icon";

interface Props {
  icon: IconNode;
  /** As of an icon. */
  directed?: boolean;
  label: string;
  testid: string;
  onClick: () => void;
  disabled?: boolean;
  pressed?: boolean;
  /** Of what it shows and hides. */
  expanded?: boolean;
  danger?: boolean;
}

/** A small round button without visible words. */
export function IconButton({
  icon,
  directed = false,
  label,
  testid,
  onClick,
  disabled = false,
  pressed,
  expanded,
  danger = false,
}: Props) {
  return (
    <button
      type="button"
      class={`icon-button${danger ? " danger" : ""}`}
      aria-label={label}
      title={label}
      data-testid={testid}
      disabled={disabled}
      {...(pressed !== undefined && { "aria-pressed": pressed })}
      {...(expanded !== undefined && { "aria-expanded": expanded })}
      onClick={onClick}
    >
      <Icon icon={icon} directed={directed} />
    </button>
  );
}
