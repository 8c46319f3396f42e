import { CopyButton, docsAddress, faultText, Icon, titleOf } from "@klatch/ui";
import { ArrowUpRight, ExternalLink, Waypoints } from "lucide";
import { serverRoot } from "../address";
import type { FaultDetail, FaultEntry } from "../api/types";
import { durationText } from "../parts/duration";
import { Id } from "../parts/Id";
import { CodeChip } from "../parts/State";
import { Time } from "../parts/Time";
import { timeOf } from "../parts/time";
import { hrefOf } from "../route";

/** The address of a fault in the console. */
export const faultHref = (f: { readonly id: string }): string => hrefOf(["faults", f.id]);

/** The address of the session view at the moment of a fault. */
export function momentHref(f: FaultEntry): string | undefined {
  if (f.sessionId === "") return undefined;
  return hrefOf(["sessions", f.sessionId], { fault: f.id, ...(f.accountId && { account: f.accountId }) });
}

/**
 * What happened, why, and what to do: the whole of a fault. `inSession` leaves out what the session view shows itself.
 */
export function FaultBody({ fault, inSession = false }: { fault: FaultDetail; inSession?: boolean }) {
  const docs = docsAddress(fault.docs, serverRoot.replace(/\/$/, ""));
  const moment = momentHref(fault);
  return (
    <div class="fault-full" data-testid="fault-full" data-id={fault.id}>
      <p class="fault-lead">
        <CodeChip code={fault.code} reason={fault.reason} fatal={fault.fatal} />
        <span class="soft">{fault.name}</span>
        <Lasting fault={fault} />
      </p>
      <Section title="What happened">
        {titleOf(fault) !== undefined && <b class="fault-heading">{titleOf(fault)}. </b>}
        <span data-testid="fault-detail">{fault.detail}</span>
      </Section>
      <Section title="Why">
        <Chain fault={fault} />
      </Section>
      <Section title="What to do" strong>
        <span data-testid="fault-remedy">{fault.remedy}</span>
        {fault.retryable && (
          <span class="soft">
            {" "}
            The same call may succeed later
            {fault.retryAfterMs > 0 && <>, after {durationText(fault.retryAfterMs)}</>}.
          </span>
        )}
      </Section>
      <p class="fault-seen soft" data-testid="fault-seen">
        {seenText(fault)}
      </p>
      <div class="fault-actions">
        {moment !== undefined && !inSession && (
          <a class="button small" href={moment} data-testid="fault-session">
            <Icon icon={Waypoints} size={15} /> Show in the session
          </a>
        )}
        {inSession && (
          <a class="button small" href={faultHref(fault)} data-testid="fault-open">
            <Icon icon={ArrowUpRight} size={15} /> Open on its own
          </a>
        )}
        <CopyButton text={() => new URL(faultHref(fault), location.href).href} label="Copy link" testid="fault-link" />
        <CopyButton text={() => faultText(fault)} label="Copy all" testid="fault-copy" />
        {docs !== undefined && (
          <a class="button small" href={docs} target="_blank" rel="noopener noreferrer">
            <Icon icon={ExternalLink} size={15} /> Docs
          </a>
        )}
      </div>
      <Facts fault={fault} />
      <details class="json">
        <summary>JSON</summary>
        <pre data-testid="fault-json">{JSON.stringify(fault, undefined, 2)}</pre>
        <CopyButton text={() => JSON.stringify(fault, undefined, 2)} label="Copy JSON" testid="fault-copy-json" />
      </details>
    </div>
  );
}

function Section({
  title,
  strong = false,
  children,
}: {
  title: string;
  strong?: boolean;
  children: preact.ComponentChildren;
}) {
  return (
    <section class={`fault-section${strong ? " strong" : ""}`}>
      <h2>{title}</h2>
      <div>{children}</div>
    </section>
  );
}

function Lasting({ fault }: { fault: FaultDetail }) {
  if (fault.clearedAt)
    return (
      <span class="state" data-tone="good">
        over after {durationText(timeOf(fault.clearedAt) - timeOf(fault.at))}
      </span>
    );
  if (fault.lasts !== true) return null;
  return (
    <span class="state" data-tone="bad">
      lasts
    </span>
  );
}

/** The causes before a fault, itself, and what followed from it. */
function Chain({ fault }: { fault: FaultDetail }) {
  const causes = fault.causes ?? [];
  const consequences = fault.consequences ?? [];
  if (causes.length === 0 && consequences.length === 0)
    return (
      <p>
        {fault.message}
        {fault.causeId !== "" && (
          <>
            {" "}
            It follows from <Id id={fault.causeId} href={hrefOf(["faults", fault.causeId])} />.
          </>
        )}
        {fault.causeId === "" && <span class="soft"> It follows from no other fault.</span>}
      </p>
    );
  return (
    <ol class="chain" data-testid="fault-chain">
      {/* The first cause stands first: what happened reads from above. */}
      {causes.toReversed().map((f) => (
        <Link key={f.id} fault={f} kind="cause" />
      ))}
      <li class="chain-self">
        <b class="soft">This fault</b> <CodeChip code={fault.code} reason={fault.reason} fatal={fault.fatal} />{" "}
        <span>{fault.detail}</span>
      </li>
      {consequences.map((f) => (
        <Link key={f.id} fault={f} kind="consequence" />
      ))}
    </ol>
  );
}

function Link({ fault, kind }: { fault: FaultEntry; kind: "cause" | "consequence" }) {
  return (
    <li data-kind={kind}>
      <b class="soft">{kind === "cause" ? "Cause" : "Consequence"}</b>
      <a href={faultHref(fault)}>
        <CodeChip code={fault.code} reason={fault.reason} fatal={fault.fatal} />
      </a>{" "}
      <span>{fault.detail}</span>
    </li>
  );
}

/** "Seen 14 times in 24 h, first on 3 Nov with web/0.9.0." */
export function seenText({ count24h, firstSeen, firstSdk }: FaultDetail): string {
  const parts: string[] = [];
  if (count24h !== undefined) parts.push(count24h <= 1 ? "Seen once in 24 h" : `Seen ${count24h} times in 24 h`);
  if (firstSeen) {
    const on = new Date(firstSeen).toLocaleDateString(undefined, { day: "numeric", month: "short", year: "numeric" });
    parts.push(`first on ${on}${firstSdk ? ` with ${firstSdk}` : ""}`);
  }
  return parts.length === 0 ? "" : `${parts.join(", ")}.`;
}

function Facts({ fault }: { fault: FaultDetail }) {
  const rows: readonly (readonly [string, preact.ComponentChildren])[] = [
    ["Id", <Id key="id" id={fault.id} what="fault id" />],
    ["At", <Time key="at" at={fault.at} millis />],
    ...(fault.clearedAt ? [["Over at", <Time key="over" at={fault.clearedAt} millis />] as const] : []),
    [
      "Meeting",
      <Id
        key="m"
        id={fault.meetingId}
        what="meeting id"
        href={fault.meetingId === "" ? undefined : hrefOf(["meetings", fault.meetingId])}
      />,
    ],
    ["Session", <Id key="s" id={fault.sessionId} what="session id" href={momentHref(fault)} />],
    [
      "Participant",
      <Id
        key="p"
        id={fault.participantId}
        what="participant id"
        href={fault.participantId === "" ? undefined : hrefOf(["participants", fault.participantId])}
      />,
    ],
    ...(fault.accountId ? [["Account", <Id key="a" id={fault.accountId} what="account id" />] as const] : []),
    ...(fault.sdk ? [["SDK", fault.sdk] as const] : []),
    ...(fault.browser ? [["Browser", fault.browser] as const] : []),
    ...(fault.param ? [["Field", <code key="f">{fault.param}</code>] as const] : []),
    ["Ends the session", fault.fatal ? "yes" : "no"],
  ];
  const details = Object.entries(fault.details ?? {});
  return (
    <dl class="facts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
      {details.map(([name, value]) => (
        <div key={`details ${name}`}>
          <dt>
            <code>{name}</code>
          </dt>
          <dd>
            <code>{typeof value === "string" ? value : JSON.stringify(value)}</code>
          </dd>
        </div>
      ))}
    </dl>
  );
}
