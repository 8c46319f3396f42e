import type { FaultFields } from "@klatch/sdk";

/** What identifies a fault in a report. */
export function FaultFacts({ fault }: { fault: FaultFields }) {
  return (
    <dl class="fault-facts">
      <div>
        <dt>Code</dt>
        <dd>
          <b data-testid="fault-code">{fault.code}</b> <span data-testid="fault-name">{fault.name}</span>
        </dd>
      </div>
      <div>
        <dt>Reason</dt>
        <dd data-testid="fault-reason">{fault.reason}</dd>
      </div>
      <div>
        <dt>Message</dt>
        <dd class="prose" data-testid="fault-message">
          {fault.message}
        </dd>
      </div>
      <div>
        <dt>Id</dt>
        <dd data-testid="fault-id">{fault.id}</dd>
      </div>
    </dl>
  );
}
