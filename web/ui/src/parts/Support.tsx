import type { FaultFields } from "@klatch/sdk";
import { ExternalLink } from "lucide";
import type { ComponentChildren } from "preact";
import { t } from "../text";
import { CopyButton } from "./CopyButton";
import { FaultFacts } from "./FaultFacts";
import { docsAddress, faultText, withNames } from "./faultText";
import { Icon } from "./Icon";

/** What support needs and a person in a call does not: folded away. */
export function Support({ children }: { children: ComponentChildren }) {
  return (
    <details class="support" data-testid="fault-support">
      <summary>{t("supportDetails")}</summary>
      <div class="support-body">{children}</div>
    </details>
  );
}

/** The same of a fault. Its detail and remedy are for developers, and English in every language. */
export function FaultSupport({
  fault,
  base,
  names,
}: {
  fault: FaultFields;
  base: string;
  names: ReadonlyMap<string, string>;
}) {
  const docs = docsAddress(fault.docs, base);
  return (
    <Support>
      <p data-testid="fault-detail" lang="en" dir="ltr">
        {withNames(fault.detail, fault, names)}
      </p>
      <p data-testid="fault-remedy" lang="en" dir="ltr">
        {withNames(fault.remedy, fault, names)}
      </p>
      <FaultFacts fault={fault} />
      <div class="fault-actions">
        <CopyButton text={() => faultText(fault)} label={t("copyAll")} testid="fault-copy" />
        {docs !== undefined && (
          <a class="button small" href={docs} target="_blank" rel="noopener noreferrer" data-testid="fault-docs">
            <Icon icon={ExternalLink} size={16} directed /> {t("docs")}
          </a>
        )}
      </div>
    </Support>
  );
}
