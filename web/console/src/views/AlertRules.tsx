import { Icon } from "@klatch/ui";
import { BellRing, Pause, Pencil, Play, Plus, Trash2 } from "lucide";
import { useState } from "preact/hooks";
import { type AlertRule as Rule, conditionText, type Incident } from "../api/alerts";
import { account, get, request, seg } from "../api/client";
import { useLoad } from "../api/load";
import type { PageOf } from "../api/types";
import { act } from "../parts/act";
import { confirmed } from "../parts/confirm";
import { Id } from "../parts/Id";
import { Pager, pageOf } from "../parts/Pager";
import { mayChange } from "../parts/rights";
import { State } from "../parts/State";
import { Table, type Column } from "../parts/Table";
import { Time } from "../parts/Time";
import { Empty, Loaded, View } from "../parts/View";
import { hrefOf, navigate, route } from "../route";
import { AlertRuleForm } from "./AlertRuleForm";
import { Fact, IncidentTable, useReloadOnIncident } from "./Incidents";

const path = "/v2/alertRules";

async function toggle(rule: Rule): Promise<boolean> {
  const call = (enabled: boolean) => request("PUT", `${path}/${seg(rule.alertRuleId)}`, { body: { enabled } });
  if (rule.status === "paused") return act(call(true), "The rule is active.");
  const text = <p>An incident of it that goes on is resolved, and none opens until the rule is active again.</p>;
  return (await confirmed(`Pause “${rule.name}”?`, text, "Pause")) && act(call(false), "The rule is paused.");
}

async function remove(rule: Rule): Promise<boolean> {
  const text = <p>Its incidents stay; one that goes on is resolved.</p>;
  return (
    (await confirmed(`Delete “${rule.name}”?`, text, "Delete")) &&
    act(request("DELETE", `${path}/${seg(rule.alertRuleId)}`), "The rule is deleted.")
  );
}

interface ActionsProps {
  readonly rule: Rule;
  readonly onEdit: () => void;
  readonly onChange: () => void;
  readonly onDelete: () => void;
}

function Actions({ rule, onEdit, onChange, onDelete }: ActionsProps) {
  if (!mayChange()) return null;
  const paused = rule.status === "paused";
  return (
    <span class="row-actions">
      <button
        type="button"
        class="button small"
        aria-label={`Edit ${rule.name}`}
        data-testid="rule-edit"
        onClick={onEdit}
      >
        <Icon icon={Pencil} size={14} /> Edit
      </button>
      <button
        type="button"
        class="button small"
        aria-label={`${paused ? "Activate" : "Pause"} ${rule.name}`}
        data-testid="rule-pause"
        onClick={() => void toggle(rule).then((changed) => changed && onChange())}
      >
        <Icon icon={paused ? Play : Pause} size={14} /> {paused ? "Activate" : "Pause"}
      </button>
      <button
        type="button"
        class="button small"
        aria-label={`Delete ${rule.name}`}
        data-testid="rule-delete"
        onClick={() => void remove(rule).then((deleted) => deleted && onDelete())}
      >
        <Icon icon={Trash2} size={14} /> Delete
      </button>
    </span>
  );
}

/** The alert rules of the account. */
export function AlertRules() {
  const [edited, setEdited] = useState<Rule | "new" | undefined>();
  const load = useLoad(`${account.value} ${pageOf()}`, (signal) =>
    get<PageOf<Rule>>(path, { page: pageOf(), perPage: 50 }, signal),
  );
  useReloadOnIncident(load.reload);
  const columns: readonly Column<Rule>[] = [
    {
      name: "Rule",
      kind: "main",
      cell: (r) => (
        <a class="strong-link" href={hrefOf(["alert-rules", r.alertRuleId])} data-testid="rule-link">
          {r.name}
        </a>
      ),
    },
    { name: "State", cell: (r) => <State state={r.status} /> },
    { name: "Severity", cell: (r) => <State state={r.severity} /> },
    { name: "Condition", cell: (r) => conditionText(r.ruleConfig) },
    { name: "Channels", kind: "number", cell: (r) => r.notificationChannelIds.length },
    { name: "Last incident", cell: (r) => <Time at={r.lastTriggered} /> },
    {
      name: "Actions",
      kind: "actions",
      cell: (r) => <Actions rule={r} onEdit={() => setEdited(r)} onChange={load.reload} onDelete={load.reload} />,
    },
  ];
  return (
    <View
      title="Alert rules"
      lead="A rule watches a metric of this account, and opens an incident while its condition holds."
      testid="alert-rules-view"
      actions={
        mayChange() && (
          <button type="button" class="button small primary" data-testid="rule-create" onClick={() => setEdited("new")}>
            <Icon icon={Plus} size={15} /> Create
          </button>
        )
      }
    >
      <Loaded
        load={load}
        isEmpty={(p) => p.data.length === 0}
        empty={
          <Empty icon={BellRing} title="No alert rule yet">
            <p>
              {mayChange()
                ? "Create one, such as on faults of a code, on webhooks that fail, or on lost packets."
                : "A developer of this account or the operator creates one."}
            </p>
          </Empty>
        }
      >
        {(page) => (
          <>
            <Table label="Alert rules" columns={columns} rows={page.data} keyOf={(r) => r.alertRuleId} />
            <Pager info={page.pageInfo} />
          </>
        )}
      </Loaded>
      {edited !== undefined && (
        <AlertRuleForm
          rule={edited === "new" ? undefined : edited}
          onClose={() => setEdited(undefined)}
          onSaved={() => (setEdited(undefined), load.reload())}
        />
      )}
    </View>
  );
}

/** One rule, with its incidents. */
export function AlertRule() {
  const id = route.value.path[1] ?? "";
  const [edits, setEdits] = useState(false);
  const load = useLoad(`${account.value} ${id}`, async (signal) => {
    const { alertRule } = await get<{ alertRule: Rule }>(`${path}/${seg(id)}`, {}, signal);
    return alertRule;
  });
  const rule = load.value;
  return (
    <View
      title={rule?.name ?? "Alert rule"}
      lead={rule && conditionText(rule.ruleConfig)}
      testid="alert-rule-view"
      actions={
        rule && (
          <Actions
            rule={rule}
            onEdit={() => setEdits(true)}
            onChange={load.reload}
            onDelete={() => navigate(hrefOf(["alert-rules"]))}
          />
        )
      }
    >
      <Loaded load={load}>
        {(r) => (
          <>
            <p>
              <State state={r.status} /> <State state={r.severity} /> {r.description}
            </p>
            <dl class="facts">
              <Fact name="Last incident">
                <Time at={r.lastTriggered} />
              </Fact>
              <Fact name="Channels">
                {r.notificationChannels?.map((c) => `${c.name || c.channelId} (${c.type})`).join(", ") || "none"}
              </Fact>
              <Fact name="Made">
                <Time at={r.createdAt} />
              </Fact>
              <Fact name="Changed">
                <Time at={r.updatedAt} />
              </Fact>
              <Fact name="Rule">
                <Id id={r.alertRuleId} what="id of the rule" />
              </Fact>
            </dl>
            <IncidentsOf rule={r} />
          </>
        )}
      </Loaded>
      {edits && rule !== undefined && (
        <AlertRuleForm rule={rule} onClose={() => setEdits(false)} onSaved={() => (setEdits(false), load.reload())} />
      )}
    </View>
  );
}

/** The newest incidents that have the name of a rule; those of other rules of that name are left out. */
function IncidentsOf({ rule }: { rule: Rule }) {
  const load = useLoad(`${rule.alertRuleId} ${rule.name}`, async (signal) => {
    const page = await get<PageOf<Incident>>("/v2/incidents", { query: rule.name, perPage: 50 }, signal);
    return page.data.filter((i) => i.alertRuleId === rule.alertRuleId);
  });
  useReloadOnIncident(load.reload);
  return (
    <section class="block">
      <h2>Incidents</h2>
      <Loaded load={load} isEmpty={(list) => list.length === 0} empty={<p class="soft">It has opened none.</p>}>
        {(list) => <IncidentTable incidents={list} onChange={load.reload} />}
      </Loaded>
    </section>
  );
}
