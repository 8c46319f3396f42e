import type { FaultFields } from "@klatch/sdk";
import { ChevronDown, ChevronUp, OctagonX, TriangleAlert, X } from "lucide";
import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";
import { personText } from "../person";
import { t } from "../text";
import { Icon } from "./Icon";
import { IconButton } from "./IconButton";
import { FaultSupport } from "./Support";

interface Props {
  fault: FaultFields;
  /** Where the server is, for the link to the documentation. */
  base: string;
  /** Names of participants by id. */
  names?: ReadonlyMap<string, string>;
}

interface LineProps extends Props {
  /** What can be done about it at once. */
  children?: ComponentChildren;
  onDismiss: () => void;
}

const nobody: ReadonlyMap<string, string> = new Map();

/** A fault for somebody in a call: what happened and what to do, and folded below it what support needs. */
export function PersonCard({ fault, base, names = nobody }: Props) {
  const { what, todo } = personText(fault);
  return (
    <section
      class={`fault${fault.fatal ? " fatal" : ""}`}
      data-testid="fault-panel"
      data-code={fault.code}
      aria-label={what}
    >
      <Icon icon={fault.fatal ? OctagonX : TriangleAlert} size={22} />
      <div class="fault-body">
        <p class="fault-what" data-testid="fault-what">
          {what}
        </p>
        <p data-testid="fault-todo">{todo}</p>
        <FaultSupport fault={fault} base={base} names={names} />
      </div>
    </section>
  );
}

/** The same in one line, with the rest behind "More". */
export function PersonLine({ fault, base, names = nobody, children, onDismiss }: LineProps) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const { what, todo } = personText(fault);
  return (
    <section class="fault-line" data-testid="fault-line" data-code={fault.code} data-reason={fault.reason}>
      <Icon icon={TriangleAlert} size={18} />
      <p class="fault-what" data-testid="fault-what">
        {what}
      </p>
      <button
        type="button"
        class="button small"
        aria-expanded={open}
        aria-controls={id}
        aria-label={open ? t("lessAbout", { what }) : t("moreAbout", { what })}
        data-testid="fault-more"
        onClick={() => setOpen(!open)}
      >
        {open ? t("less") : t("more")} <Icon icon={open ? ChevronUp : ChevronDown} size={16} />
      </button>
      <IconButton icon={X} label={t("dismissThis", { what })} testid="fault-dismiss" onClick={onDismiss} />
      {Boolean(children) && <div class="fault-action">{children}</div>}
      <div class="fault-more" id={id} hidden={!open}>
        {open && (
          <>
            <p data-testid="fault-todo">{todo}</p>
            <FaultSupport fault={fault} base={base} names={names} />
          </>
        )}
      </div>
    </section>
  );
}
