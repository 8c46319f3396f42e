import { Icon } from "@klatch/ui";
import { BellRing, Check, CircleCheckBig, ShieldCheck, Trash2, TriangleAlert } from "lucide";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { type Incident as IncidentRecord, valueText } from "../api/alerts";
import { account, get, request, seg } from "../api/client";
import { onEvent } from "../api/events";
import { useLoad } from "../api/load";
import type { PageOf } from "../api/types";
import { act } from "../parts/act";
import { confirmed } from "../parts/confirm";
import { Id } from "../parts/Id";
import { Pager, pageOf } from "../parts/Pager";
import { mayChange } from "../parts/rights";
import { State } from "../parts/State";
import { Table, type Column } from "../parts/Table";
import { Duration, Time } from "../parts/Time";
import { Empty, Loaded, View } from "../parts/View";
import { hrefOf, navigate, route, setQuery } from "../route";
import { faultHref } from "./FaultBody";
import { Choice } from "./Faults";

const path = "/v2/incidents";

const states = ["", "open", "acknowledged", "resolved"].map((value) => ({ value, name: value || "Every state" }));
const severities = ["", "critical", "warning", "info"].map((value) => ({ value, name: value || "Every severity" }));

/** Asks again when an incident begins, ends or is acknowledged. */
export function useReloadOnIncident(reload: () => void): void {
  useEffect(() => onEvent(({ name }) => (name === "missed" || name.startsWith("incident-")) && reload()), [reload]);
}

const acknowledge = (i: IncidentRecord): Promise<boolean> =>
  act(request("PUT", `${path}/${seg(i.incidentId)}/acknowledge`), "The incident is acknowledged; it goes on.");

async function resolve(i: IncidentRecord): Promise<boolean> {
  const text = (
    <p>
      “{i.alertName}” opens another incident only when its condition has not held meanwhile. The evaluation resolves an
      incident by itself when the condition has stopped holding.
    </p>
  );
  if (!(await confirmed("Resolve this incident?", text, "Resolve"))) return false;
  return act(request("PUT", `${path}/${seg(i.incidentId)}/resolve`), "The incident is resolved.");
}

function Actions({ of, onChange }: { of: IncidentRecord; onChange: () => void }) {
  if (!mayChange() || of.status === "resolved") return null;
  const then = (changed: boolean): void => void (changed && onChange());
  return (
    <span class="row-actions">
      {of.status === "open" && (
        <button
          type="button"
          class="button small"
          aria-label={`Acknowledge ${of.alertName}`}
          data-testid="incident-acknowledge"
          onClick={() => void acknowledge(of).then(then)}
        >
          <Icon icon={Check} size={14} /> Acknowledge
        </button>
      )}
      <button
        type="button"
        class="button small"
        aria-label={`Resolve ${of.alertName}`}
        data-testid="incident-resolve"
        onClick={() => void resolve(of).then(then)}
      >
        <Icon icon={CircleCheckBig} size={14} /> Resolve
      </button>
    </span>
  );
}

/** Incidents, the newest first. */
export function IncidentTable({ incidents, onChange }: { incidents: readonly IncidentRecord[]; onChange: () => void }) {
  const columns: readonly Column<IncidentRecord>[] = [
    {
      name: "Incident",
      kind: "main",
      cell: (i) => (
        <a class="strong-link" href={hrefOf(["incidents", i.incidentId])} data-testid="incident-link">
          {i.alertName}
        </a>
      ),
    },
    { name: "State", cell: (i) => <State state={i.status} /> },
    { name: "Severity", cell: (i) => <State state={i.severity} /> },
    { name: "Value", cell: (i) => <span class="time">{valueText(i)}</span> },
    { name: "Opened", cell: (i) => <Time at={i.firedAt} /> },
    { name: "Cleared", cell: (i) => <Time at={i.resolvedAt} /> },
    {
      name: "Fault",
      cell: (i) =>
        i.faultId === "" ? (
          <span class="soft">–</span>
        ) : (
          <a href={faultHref({ id: i.faultId })} title={i.faultId} aria-label={`Open the fault ${i.faultId}`}>
            Open
          </a>
        ),
    },
    { name: "Actions", kind: "actions", cell: (i) => <Actions of={i} onChange={onChange} /> },
  ];
  return (
    <Table
      label="Incidents"
      columns={columns}
      rows={incidents}
      keyOf={(i) => i.incidentId}
      tone={(i) => (i.status === "resolved" ? undefined : i.severity === "critical" ? "bad" : "warn")}
    />
  );
}

/** What alert rules have found: open, acknowledged, resolved. */
export function Incidents() {
  const { query } = route.value;
  const filter = { status: query.get("status") ?? "", severity: query.get("severity") ?? "" };
  const load = useLoad(JSON.stringify([account.value, filter, pageOf()]), (signal) =>
    get<PageOf<IncidentRecord>>(path, { ...filter, page: pageOf(), perPage: 50 }, signal),
  );
  useReloadOnIncident(load.reload);
  const filtered = filter.status !== "" || filter.severity !== "";
  return (
    <View
      title="Incidents"
      lead="While the condition of an alert rule holds there is one incident, and its channels are told of it."
      testid="incidents-view"
      actions={
        <a class="button small" href={hrefOf(["alert-rules"])}>
          <Icon icon={BellRing} size={15} /> Alert rules
        </a>
      }
    >
      <div class="filters">
        <Choice
          label="State"
          testid="incidents-status"
          value={filter.status}
          options={states}
          onChange={(status) => setQuery({ status, page: undefined })}
        />
        <Choice
          label="Severity"
          testid="incidents-severity"
          value={filter.severity}
          options={severities}
          onChange={(severity) => setQuery({ severity, page: undefined })}
        />
      </div>
      <Loaded
        load={load}
        isEmpty={(p) => p.data.length === 0}
        empty={
          filtered ? (
            <Empty icon={ShieldCheck} title="No incident matches">
              <p>None has this state and severity.</p>
            </Empty>
          ) : (
            <Empty icon={ShieldCheck} title="No incident yet">
              <p>
                One opens when the condition of an <a href={hrefOf(["alert-rules"])}>alert rule</a> holds.
              </p>
            </Empty>
          )
        }
      >
        {(page) => (
          <>
            <IncidentTable incidents={page.data} onChange={load.reload} />
            <Pager info={page.pageInfo} />
          </>
        )}
      </Loaded>
    </View>
  );
}

type Happened = IncidentRecord["events"][number];

const eventColumns: readonly Column<Happened>[] = [
  { name: "When", cell: (e) => <Time at={e.at} /> },
  { name: "What", cell: (e) => <State state={e.type} /> },
  { name: "By", cell: (e) => e.by },
  { name: "Detail", kind: "main", cell: (e) => e.detail },
];

/** One incident, at an address that can be pasted into a ticket. */
export function Incident() {
  const id = route.value.path[1] ?? "";
  const load = useLoad(`${account.value} ${id}`, (signal) => get<IncidentRecord>(`${path}/${seg(id)}`, {}, signal));
  useReloadOnIncident(load.reload);
  const remove = async (): Promise<void> => {
    const text = <p>It is in no list any more. One that goes on ends without being announced.</p>;
    if (!(await confirmed("Delete this incident?", text, "Delete"))) return;
    if (await act(request("DELETE", `${path}/${seg(id)}`), "The incident is deleted.")) navigate(hrefOf(["incidents"]));
  };
  return (
    <View
      title={load.value?.alertName ?? "Incident"}
      lead={load.value && <Time at={load.value.firedAt} ago />}
      testid="incident-view"
      actions={
        load.value &&
        mayChange() && (
          <>
            <Actions of={load.value} onChange={load.reload} />
            <button type="button" class="button small" data-testid="incident-delete" onClick={() => void remove()}>
              <Icon icon={Trash2} size={14} /> Delete
            </button>
          </>
        )
      }
    >
      <Loaded load={load}>
        {(i) => (
          <>
            <p>
              <State state={i.status} /> <State state={i.severity} /> {i.summary}
            </p>
            {i.description !== "" && <p class="soft">{i.description}</p>}
            <dl class="facts">
              <Fact name="Value">
                {i.metric}: {valueText(i)}
              </Fact>
              <Fact name="Opened">
                <Time at={i.firedAt} />
              </Fact>
              <Fact name="Acknowledged">
                <Time at={i.acknowledgedAt} />
              </Fact>
              <Fact name="Cleared">
                <Time at={i.resolvedAt} />
              </Fact>
              <Fact name="Lasted">
                <Duration from={i.firedAt} to={i.resolvedAt} />
              </Fact>
              <Fact name="Rule">
                <Id id={i.alertRuleId} what="id of the rule" href={hrefOf(["alert-rules", i.alertRuleId])} />
              </Fact>
              <Fact name="Incident">
                <Id id={i.incidentId} what="id of the incident" />
              </Fact>
              {Object.entries(i.labels).map(([name, value]) => (
                <Fact key={name} name={name}>
                  {value}
                </Fact>
              ))}
            </dl>
            {i.faultId !== "" && (
              <p>
                <a class="button small" href={faultHref({ id: i.faultId })} data-testid="incident-fault">
                  <Icon icon={TriangleAlert} size={15} /> The newest fault that was counted
                </a>
              </p>
            )}
            <section class="block">
              <h2>What happened to it</h2>
              <Table
                label="What happened to the incident"
                columns={eventColumns}
                rows={i.events}
                keyOf={(e) => `${e.at} ${e.type}`}
              />
            </section>
          </>
        )}
      </Loaded>
    </View>
  );
}

/** A fact of a list of facts. */
export function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
