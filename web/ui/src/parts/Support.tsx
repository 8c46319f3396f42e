import type { FaultFields } from "@klatch/sdk";
import { ExternalLink } from "lucide";
import type { ComponentChildren } from "preact";
import { CopyButton } from "./CopyButton";
import { FaultFacts } from "./FaultFacts";
import { docsAddress, faultText, withNames } from "./faultText";
import { Icon } from "./Icon";

/** What support needs and a person in a call does not: folded away. */
export function Support({ children }: { children: ComponentChildren }) {
  return (
    <details class="support" data-testid="fault-support">
      <summary>Details for support</summary>
      <div class="support-body">{children}</div>
    </details>
  );
}

/** The same of a fault. */
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
      <p data-testid="fault-detail">{withNames(fault.detail, fault, names)}</p>
      <p data-testid="fault-remedy">{withNames(fault.remedy, fault, names)}</p>
      <FaultFacts fault={fault} />
      <div class="fault-actions">
        <CopyButton text={() => faultText(fault)} label="Copy all" testid="fault-copy" />
        {docs !== undefined && (
          <a class="button small" href={docs} target="_blank" rel="noopener noreferrer" data-testid="fault-docs">
            <Icon icon={ExternalLink} size={16} /> Docs
          </a>
        )}
      </div>
    </Support>
  );
}
