import { ExternalLink, OctagonX, TriangleAlert, X } from "lucide";
import type { FaultFields } from "@klatch/sdk";
import { useStore } from "../state/context";
import { CopyButton } from "./CopyButton";
import { docsAddress, faultText, withNames } from "./faultText";
import { Icon } from "./Icon";
import { IconButton } from "./IconButton";

/** What the detail leaves open: which device, which stream. The rest say it themselves. */
const titles: Readonly<Record<number, string>> = {
  3011: "The camera did not start",
  3012: "The microphone did not start",
  3013: "The screen share did not start",
  4011: "The recording did not start",
  4012: "The recording did not stop",
  4013: "The livestream did not start",
  4014: "The livestream did not stop",
  4015: "The livestream did not start",
  4016: "The watch page did not start",
  4017: "The watch page did not stop",
  4018: "The last recording is still being finished",
  4019: "The last livestream is still being finished",
  4020: "The last watch page is still being finished",
  5001: "The recording failed",
  5002: "The livestream failed",
  5003: "The watch page failed",
  5004: "The recording reached its time limit",
  5005: "The livestream reached its time limit",
  5006: "The watch page reached its time limit",
};

/**
 * A fault with all that a person and a developer need: what happened and what to do in words, and the exact
 * code, name, reason and id to report.
 */
export function FaultCard({ fault, onDismiss }: { fault: FaultFields; onDismiss?: () => void }) {
  const store = useStore();
  const { names } = store.room.value;
  const docs = docsAddress(fault.docs, store.link.value.base);
  return (
    <section class={`fault${fault.fatal ? " fatal" : ""}`} data-testid="fault-panel" data-code={fault.code} aria-label={`Problem ${fault.code} ${fault.name}`}>
      <Icon icon={fault.fatal ? OctagonX : TriangleAlert} size={22} />
      <div class="fault-body">
        {titles[fault.code] !== undefined && <h2 class="fault-title">{titles[fault.code]}</h2>}
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
