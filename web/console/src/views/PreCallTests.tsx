import { FaultCard } from "@klatch/ui";
import type { FaultFields, PreCallDirectionQuality, PreCallMediaQuality } from "@klatch/sdk";
import { Stethoscope } from "lucide";
import { serverRoot } from "../address";
import { account, get, identity, seg } from "../api/client";
import { useLoad } from "../api/load";
import type { PageOf } from "../api/types";
import { durationText } from "../parts/duration";
import { Id } from "../parts/Id";
import { Pager, pageOf } from "../parts/Pager";
import { State } from "../parts/State";
import { Table, type Column } from "../parts/Table";
import { Time } from "../parts/Time";
import { Empty, Loaded, View } from "../parts/View";
import { hrefOf, route, setQuery } from "../route";
import { Choice } from "./Faults";

interface Kept {
  readonly id: string;
  readonly accountId: string;
  readonly createdAt: string;
  readonly outcome: "passed" | "failed" | "aborted";
  readonly failed: readonly string[];
  readonly sdk: string;
  readonly browser: string;
}

interface CheckResult {
  readonly name: string;
  readonly status: string;
  readonly durationMs: number;
  readonly device?: string;
  readonly values?: Readonly<Record<string, number>>;
  readonly fault?: FaultFields;
}

interface Report extends Kept {
  readonly durationMs: number;
  readonly audioOnly: boolean;
  readonly checks: readonly CheckResult[];
  readonly networkQuality?: { readonly uplink: PreCallDirectionQuality; readonly downlink: PreCallDirectionQuality };
  readonly client: Readonly<Record<string, string>>;
}

const columns: readonly Column<Kept>[] = [
  { name: "When", cell: (t) => <Time at={t.createdAt} /> },
  { name: "Outcome", cell: (t) => <State state={t.outcome} /> },
  { name: "Failed", kind: "main", cell: (t) => (t.failed.length > 0 ? t.failed.join(", ") : "–") },
  { name: "Browser", cell: (t) => t.browser || t.sdk || "–" },
  { name: "Report", cell: (t) => <Id id={t.id} what="report id" href={hrefOf(["pre-call-tests", t.id])} /> },
];

const outcomes = ["", "passed", "failed", "aborted"].map((value) => ({ value, name: value || "Every outcome" }));

/** The tests that people have made before their calls. */
export function PreCallTests() {
  const outcome = route.value.query.get("outcome") ?? "";
  const load = useLoad(`${account.value} ${outcome} ${pageOf()}`, (signal) =>
    get<PageOf<Kept>>("/v2/pre-call-tests", { page: pageOf(), perPage: 50, outcome }, signal),
  );
  return (
    <View
      title="Pre-call tests"
      lead="What devices and networks of participants were found to carry before a call."
      testid="pre-call-tests-view"
    >
      <div class="filters">
        <Choice
          label="Outcome"
          testid="pre-call-outcome"
          value={outcome}
          options={outcomes}
          onChange={(v) => setQuery({ outcome: v, page: undefined })}
        />
      </div>
      <Loaded
        load={load}
        isEmpty={(p) => p.data.length === 0}
        empty={
          <Empty icon={Stethoscope} title="No tests yet">
            <p>
              A test is reported here when somebody has made one: on the page <code>/test/</code> of this server, or in
              an app that calls <code>VideoSDK.runPreCallTest</code>.
            </p>
          </Empty>
        }
      >
        {(page) => (
          <>
            <Table
              label="Pre-call tests"
              columns={columns}
              rows={page.data}
              keyOf={(t) => t.id}
              tone={(t) => (t.outcome === "failed" ? "bad" : undefined)}
            />
            <Pager info={page.pageInfo} />
          </>
        )}
      </Loaded>
    </View>
  );
}

const checkColumns: readonly Column<CheckResult>[] = [
  { name: "Check", kind: "main", cell: (c) => c.name },
  { name: "Result", cell: (c) => <State state={c.status === "passed" ? "ok" : c.status} /> },
  { name: "Took", kind: "number", cell: (c) => (c.durationMs > 0 ? durationText(c.durationMs) : "–") },
  { name: "Device", cell: (c) => c.device || "–" },
  {
    name: "Measured",
    cell: (c) =>
      Object.entries(c.values ?? {})
        .map(([name, value]) => `${name} ${value}`)
        .join(", ") || "–",
  },
];

interface Flow {
  readonly name: string;
  readonly of: PreCallMediaQuality;
}

const flowColumns: readonly Column<Flow>[] = [
  { name: "Media", kind: "main", cell: (f) => f.name },
  { name: "Quality", kind: "number", cell: (f) => (f.of.quality > 0 ? `${f.of.quality} of 5` : "–") },
  {
    name: "Rate",
    kind: "number",
    cell: (f) => (f.of.bitrate == null ? "–" : `${Math.round(f.of.bitrate / 1000)} kbit/s`),
  },
  { name: "Lost", kind: "number", cell: (f) => (f.of.packetLoss == null ? "–" : `${f.of.packetLoss} %`) },
  { name: "Round trip", kind: "number", cell: (f) => (f.of.rtt == null ? "–" : `${f.of.rtt} ms`) },
  { name: "Jitter", kind: "number", cell: (f) => (f.of.jitter == null ? "–" : `${f.of.jitter} ms`) },
  { name: "Picture", cell: (f) => (f.of.resolution ? `${f.of.resolution}, ${f.of.fps ?? 0} fps` : "–") },
];

function flowsOf({ networkQuality }: Report): Flow[] {
  if (!networkQuality) return [];
  const { uplink, downlink } = networkQuality;
  const all: readonly (readonly [string, PreCallMediaQuality | null | undefined])[] = [
    ["Audio up", uplink.audio],
    ["Video up", uplink.video],
    ["Audio down", downlink.audio],
    ["Video down", downlink.video],
  ];
  return all.flatMap(([name, of]) => (of ? [{ name, of }] : []));
}

/** One report, at an address that can be pasted into a ticket. */
export function PreCallTest() {
  const id = route.value.path[1] ?? "";
  const from = identity.value?.role === "developer" ? "/v2" : "/admin/v1";
  const load = useLoad<Report>(id, (signal) => get(`${from}/pre-call-tests/${seg(id)}`, {}, signal));
  const report = load.value;
  return (
    <View title="Pre-call test" lead={report && <Time at={report.createdAt} ago />} testid="pre-call-test-view">
      <Loaded load={load}>
        {(r) => (
          <>
            <p>
              <State state={r.outcome} /> <Id id={r.id} what="report id" /> after {durationText(r.durationMs)}
              {r.client["browserUserAgent"] && <span class="soft"> · {r.client["browserUserAgent"]}</span>}
            </p>
            <Table
              label="Checks"
              columns={checkColumns}
              rows={r.checks}
              keyOf={(c) => c.name}
              tone={(c) => (c.status === "failed" ? "bad" : undefined)}
            />
            {r.checks.map(
              (c) => c.fault && <FaultCard key={c.name} fault={c.fault} base={serverRoot.replace(/\/$/, "")} />,
            )}
            {r.networkQuality && (
              <Table label="Quality of the network" columns={flowColumns} rows={flowsOf(r)} keyOf={(f) => f.name} />
            )}
          </>
        )}
      </Loaded>
    </View>
  );
}
