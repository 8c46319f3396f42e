import type { FaultFields } from "@klatch/sdk";
import { ExternalLink, OctagonX, TriangleAlert } from "lucide";
import { t } from "../text";
import { CopyButton } from "./CopyButton";
import { FaultFacts } from "./FaultFacts";
import { docsAddress, faultText, withNames } from "./faultText";
import { titleOf } from "./faultTitle";
import { Icon } from "./Icon";
import { ProblemCard } from "./ProblemCard";

interface Props {
  fault: FaultFields;
  /** Where the server is, for the link to the documentation. */
  base: string;
  /** Names of participants by id. */
  names?: ReadonlyMap<string, string>;
  onDismiss?: (() => void) | undefined;
}

const nobody: ReadonlyMap<string, string> = new Map();

/**
 * A fault with all that a developer needs: what happened and what to do, with the values of the incident, and the exact
 * code, name, reason and id to report. `PersonCard` is for somebody in a call.
 */
export function FaultCard({ fault, base, names = nobody, onDismiss }: Props) {
  const docs = docsAddress(fault.docs, base);
  const actions = (
    <>
      <CopyButton text={() => faultText(fault)} label={t("copyAll")} testid="fault-copy" />
      {docs !== undefined && (
        <a class="button small" href={docs} target="_blank" rel="noopener noreferrer" data-testid="fault-docs">
          <Icon icon={ExternalLink} size={16} /> {t("docs")}
        </a>
      )}
    </>
  );
  return (
    <ProblemCard
      icon={fault.fatal ? OctagonX : TriangleAlert}
      fatal={fault.fatal}
      title={titleOf(fault)}
      detail={withNames(fault.detail, fault, names)}
      remedy={withNames(fault.remedy, fault, names)}
      testid="fault-panel"
      label={t("problem", { code: String(fault.code), name: fault.name })}
      code={fault.code}
      actions={actions}
      onDismiss={onDismiss}
    >
      <FaultFacts fault={fault} />
    </ProblemCard>
  );
}
