import { type IconNode, X } from "lucide";
import type { ComponentChildren } from "preact";
import { t } from "../text";
import { Icon } from "./Icon";
import { IconButton } from "./IconButton";

interface Props {
  icon: IconNode;
  /** Whether it ended what the person was doing. */
  fatal: boolean;
  title?: string | undefined;
  detail: string;
  remedy: string;
  testid: string;
  label?: string;
  code?: number;
  /** Facts for a report. */
  children: ComponentChildren;
  actions: ComponentChildren;
  onDismiss?: (() => void) | undefined;
}

/** What went wrong and what to do, with facts for a report. */
export function ProblemCard({
  icon,
  fatal,
  title,
  detail,
  remedy,
  testid,
  label,
  code,
  children,
  actions,
  onDismiss,
}: Props) {
  return (
    <section class={`fault${fatal ? " fatal" : ""}`} data-testid={testid} data-code={code} aria-label={label}>
      <Icon icon={icon} size={22} />
      <div class="fault-body">
        {title !== undefined && <h2 class="fault-title">{title}</h2>}
        {detail !== "" && (
          <p class="fault-detail" data-testid="fault-detail">
            {detail}
          </p>
        )}
        <p class="fault-remedy">
          <strong>{t("whatToDo")}</strong> <span data-testid="fault-remedy">{remedy}</span>
        </p>
        {children}
        <div class="fault-actions">{actions}</div>
      </div>
      {onDismiss !== undefined && (
        <IconButton icon={X} label={t("dismiss")} testid="fault-dismiss" onClick={onDismiss} />
      )}
    </section>
  );
}
