import { ExternalLink, OctagonX, TriangleAlert, X } from "lucide";
import type { FaultFields } from "@klatch/sdk";
import { useStore } from "../state/context";
import { CopyButton } from "./CopyButton";
import { docsAddress, faultText, withNames } from "./faultText";
import { titleOf } from "./faultTitle";
import { Icon } from "./Icon";
import { IconButton } from "./IconButton";

/**
 * A fault with all that a person and a developer need: what happened and what to do in words, and the exact
 * code, name, reason and id to report.
 */
export function FaultCard({ fault, onDismiss }: { fault: FaultFields; onDismiss?: () => void }) {
  const store = useStore();
  const { names } = store.room.value;
  const title = titleOf(fault);
  const docs = docsAddress(fault.docs, store.link.value.base);
  return (
    <section class={`fault${fault.fatal ? " fatal" : ""}`} data-testid="fault-panel" data-code={fault.code} aria-label={`Problem ${fault.code} ${fault.name}`}>
      <Icon icon={fault.fatal ? OctagonX : TriangleAlert} size={22} />
      <div class="fault-body">
        {title !== undefined && <h2 class="fault-title">{title}</h2>}
        <p class="fault-detail" data-testid="fault-detail">{withNames(fault.detail, fault, names)}</p>
        <p class="fault-remedy"><strong>What to do:</strong> <span data-testid="fault-remedy">{withNames(fault.remedy, fault, names)}</span></p>
        <dl class="fault-facts">
          <div><dt>Code</dt><dd><b data-testid="fault-code">{fault.code}</b> <span data-testid="fault-name">{fault.name}</span></dd></div>
          <div><dt>Reason</dt><dd data-testid="fault-reason">{fault.reason}</dd></div>
          <div><dt>Message</dt><dd class="prose" data-testid="fault-message">{fault.message}</dd></div>
          <div><dt>Id</dt><dd data-testid="fault-id">{fault.id}</dd></div>
        </dl>
        <div class="fault-actions">
          <CopyButton text={() => faultText(fault)} label="Copy all" testid="fault-copy" />
          {docs !== undefined && (
            <a class="button small" href={docs} target="_blank" rel="noopener noreferrer" data-testid="fault-docs">
              <Icon icon={ExternalLink} size={16} /> Docs
            </a>
          )}
        </div>
      </div>
      {onDismiss !== undefined && <IconButton icon={X} label="Dismiss" testid="fault-dismiss" onClick={onDismiss} />}
    </section>
  );
}
