import { CircleCheck, CircleX } from "lucide";
import { Icon } from "@klatch/ui";
import { get } from "../api/client";
import { useLoad } from "../api/load";
import type { PageOf } from "../api/types";
import { durationText } from "../parts/duration";
import { State } from "../parts/State";
import { Table, type Column } from "../parts/Table";
import { Loaded } from "../parts/View";

interface Lease {
  readonly place: string;
  readonly works: boolean;
  readonly renewedMs: number;
  readonly problem: string;
}

interface ClusterNode {
  readonly name: string;
  readonly incarnation: string;
  readonly address: string;
  readonly version: string;
  readonly region: string;
  readonly roles: readonly string[];
  readonly draining: boolean;
  readonly self: boolean;
  readonly meetings: number;
  readonly participants: number;
  readonly jobs: number;
  /** 0 to 1 of all processors. */
  readonly cpu: number;
  readonly leases: readonly Lease[];
  /** While an operator drains it. */
  readonly drain?: Drain;
}

interface Drain {
  readonly meetings: number;
  readonly forMs: number;
  /** Why meetings stay; "" for none. */
  readonly problem: string;
  readonly waiting: readonly DrainJob[];
}

interface DrainJob {
  readonly id: string;
  readonly kind: string;
  readonly roomId: string;
  readonly state: string;
  readonly forMs: number;
  readonly problem: string;
}

/** What the drain of a node waits for. */
function Draining({ name, drain }: { readonly name: string; readonly drain: Drain }) {
  const rest = [
    ...(drain.meetings > 0 ? [`${drain.meetings} ${drain.meetings === 1 ? "meeting" : "meetings"}`] : []),
    ...(drain.waiting.length > 0 ? [`${drain.waiting.length} ${drain.waiting.length === 1 ? "job" : "jobs"}`] : []),
  ];
  return (
    <div data-testid="drain">
      <p class="soft quiet">
        <b>{name}</b> has been drained for {durationText(drain.forMs)};{" "}
        {rest.length === 0 ? "nothing is left on it." : `it still has ${rest.join(" and ")}.`}
        {drain.problem !== "" && ` ${drain.problem}`}
      </p>
      {drain.waiting.length > 0 && (
        <ul class="capabilities">
          {drain.waiting.map((j) => (
            <li key={j.id} data-job={j.id}>
              <b>{j.kind}</b>
              <span class={j.problem === "" ? "soft" : ""}>
                of {j.roomId}: {j.state.toLowerCase()} for {durationText(j.forMs)}
                {j.problem !== "" && `: ${j.problem}`}
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

const columns: readonly Column<ClusterNode>[] = [
  {
    name: "Node",
    kind: "main",
    cell: (n) => (
      <span class="where">
        <b>{n.name}</b>
        <small class="soft">
          {n.address}
          {n.self && ", answers here"}
        </small>
      </span>
    ),
  },
  { name: "State", cell: (n) => <State state={n.draining ? "draining" : "serving"} /> },
  { name: "Version", cell: (n) => n.version },
  { name: "Region", cell: (n) => n.region || <span class="soft">–</span> },
  { name: "Roles", cell: (n) => n.roles.join(", ") },
  { name: "Meetings", kind: "number", cell: (n) => n.meetings },
  { name: "Participants", kind: "number", cell: (n) => n.participants },
  { name: "Jobs", kind: "number", cell: (n) => n.jobs },
  {
    name: "CPU",
    kind: "number",
    cell: (n) => (
      <span class="load">
        <meter min={0} max={1} high={0.8} value={n.cpu} aria-label={`Processors of ${n.name}`} />
        {Math.round(n.cpu * 100)} %
      </span>
    ),
  },
];

/** The nodes of the cluster that are alive, and whether the one that answers can renew its lease. */
export function NodeList() {
  const nodes = useLoad(
    "nodes",
    (signal) => get<PageOf<ClusterNode>>("/admin/v1/nodes", { perPage: 100 }, signal),
    5000,
  );
  return (
    <section class="block" data-testid="nodes">
      <h2>Nodes</h2>
      <Loaded load={nodes}>
        {({ data, pageInfo }) => {
          if (data.length === 1 && data[0]?.name === "")
            return (
              <p class="soft quiet" data-testid="node-alone">
                This server runs alone. How several run as one says{" "}
                <a
                  href="https://github.com/klatch/klatch/blob/main/docs/cluster.md"
                  target="_blank"
                  rel="noopener noreferrer"
                >
                  docs/cluster.md
                </a>
                ; a server becomes a node with the setting <code>cluster.address</code>.
              </p>
            );
          const versions = new Set(data.map((n) => n.version));
          return (
            <>
              <Table
                label="Nodes of the cluster"
                columns={columns}
                rows={data}
                keyOf={(n) => n.incarnation}
                tone={(n) => (n.draining ? "warn" : undefined)}
              />
              {pageInfo.total > data.length && (
                <p class="soft quiet">
                  {data.length} of {pageInfo.total} nodes.
                </p>
              )}
              {versions.size > 1 && (
                <p class="soft quiet">
                  Versions differ: {[...versions].join(", ")}. That is right during an upgrade and nowhere else.
                </p>
              )}
              {data.map((n) => n.drain && <Draining key={n.incarnation} name={n.name} drain={n.drain} />)}
              <ul class="capabilities">
                {data
                  .filter((n) => n.self)
                  .flatMap((n) => n.leases)
                  .map((l) => (
                    <li key={l.place} data-ready={l.works}>
                      <Icon icon={l.works ? CircleCheck : CircleX} size={18} />
                      <b>lease in {l.place}</b>
                      <span class={l.works ? "soft" : ""}>
                        {l.works ? "renewed" : "not renewed for"} {durationText(l.renewedMs)}
                        {l.works && " ago"}
                        {l.problem !== "" && `: ${l.problem}`}
                      </span>
                    </li>
                  ))}
              </ul>
            </>
          );
        }}
      </Loaded>
    </section>
  );
}
