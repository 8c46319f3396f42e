import { Dialog } from "@klatch/ui";
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { AlertRule, Channel, MetricCategory, RuleConfig, Severity } from "../api/alerts";
import { account, get, Problem, request, seg } from "../api/client";
import { useLoad } from "../api/load";
import type { PageOf } from "../api/types";
import { notify } from "../parts/confirm";
import { Loaded, ProblemNote } from "../parts/View";

const path = "/v2/alertRules";

/** What is entered; numbers as they are typed. */
interface Fields {
  name: string;
  severity: Severity;
  summary: string;
  metric: string;
  code: string;
  reason: string;
  roomId: string;
  operator: string;
  threshold: string;
  windowSeconds: string;
  forSeconds: string;
  resolveAfterSeconds: string;
  absent: boolean;
  channels: readonly string[];
}

interface Offered {
  readonly categories: readonly MetricCategory[];
  readonly channels: readonly Channel[];
}

const text = (n: number | undefined, or: string): string => (n === undefined || n === 0 ? or : String(n));

function fieldsOf(rule: AlertRule | undefined): Fields {
  const {
    query,
    condition,
    evaluation = {},
    absentDataAlert,
  } = rule?.ruleConfig ?? {
    query: { metric: "faults" },
    condition: { operator: ">", threshold: 0 },
  };
  return {
    name: rule?.name ?? "",
    severity: rule?.severity ?? "warning",
    summary: rule?.summary ?? "",
    metric: query.metric,
    code: text(query.code, ""),
    reason: query.reason ?? "",
    roomId: query.roomId ?? "",
    operator: condition.operator,
    threshold: String(condition.threshold),
    windowSeconds: text(evaluation.windowSeconds, "300"),
    forSeconds: text(evaluation.forSeconds, "0"),
    resolveAfterSeconds: text(evaluation.resolveAfterSeconds, "0"),
    absent: absentDataAlert?.enabled ?? false,
    channels: rule?.notificationChannelIds ?? [],
  };
}

/** The rule that fields make. What the form does not show stays as it is, unless it is of another metric. */
export function configOf(f: Fields, before: RuleConfig | undefined, filters: readonly string[]): RuleConfig {
  const narrowed = filters.length > 0;
  const same = before?.query.metric === f.metric;
  return {
    ...(before?.labels && { labels: before.labels }),
    ...(same && before?.reduceTo && { reduceTo: before.reduceTo }),
    query: {
      metric: f.metric,
      ...(narrowed && f.code !== "" && { code: Number(f.code) }),
      ...(narrowed && f.reason.trim() !== "" && { reason: f.reason.trim() }),
      ...(narrowed && f.roomId.trim() !== "" && { roomId: f.roomId.trim() }),
    },
    condition: { operator: f.operator, threshold: Number(f.threshold) },
    evaluation: {
      windowSeconds: Number(f.windowSeconds),
      forSeconds: Number(f.forSeconds),
      resolveAfterSeconds: Number(f.resolveAfterSeconds),
    },
    ...(f.absent && { absentDataAlert: { ...before?.absentDataAlert, enabled: true } }),
  };
}

interface Props {
  /** Undefined: a new one. */
  readonly rule: AlertRule | undefined;
  readonly onClose: () => void;
  readonly onSaved: () => void;
}

/** Creates a rule, or changes one. */
export function AlertRuleForm({ rule, onClose, onSaved }: Props) {
  const load = useLoad<Offered>(account.value, async (signal) => {
    const [catalog, channels] = await Promise.all([
      get<{ categories: readonly MetricCategory[] }>(`${path}/metrics/catalog`, {}, signal),
      get<PageOf<Channel>>(`${path}/notification-channel`, { perPage: 50 }, signal),
    ]);
    return { categories: catalog.categories, channels: channels.data };
  });
  return (
    <Dialog
      title={rule === undefined ? "A new alert rule" : `Edit ${rule.name}`}
      testid="rule-dialog"
      onClose={onClose}
    >
      <div class="confirm">
        <Loaded load={load}>
          {(offered) => <Form rule={rule} offered={offered} onClose={onClose} onSaved={onSaved} />}
        </Loaded>
      </div>
    </Dialog>
  );
}

function Form({ rule, offered, onClose, onSaved }: Props & { readonly offered: Offered }) {
  const [fields, setFields] = useState(() => fieldsOf(rule));
  const [problem, setProblem] = useState<Problem | undefined>();
  const [busy, setBusy] = useState(false);
  const refusal = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (problem !== undefined) refusal.current?.scrollIntoView({ block: "nearest" });
  }, [problem]);
  const set = (change: Partial<Fields>): void => setFields({ ...fields, ...change });
  const metric = offered.categories.flatMap((c) => c.metrics).find((m) => m.metric === fields.metric);
  const filters = metric?.filters ?? [];
  const measured = metric?.kind === "measured";
  const save = async (): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    const body = {
      name: fields.name.trim(),
      severity: fields.severity,
      summary: fields.summary.trim(),
      ruleConfig: configOf({ ...fields, absent: fields.absent && measured }, rule?.ruleConfig, filters),
      notificationChannelIds: fields.channels,
    };
    try {
      await (rule === undefined
        ? request("POST", path, { body })
        : request("PUT", `${path}/${seg(rule.alertRuleId)}`, { body }));
      notify(rule === undefined ? "The rule is created." : "The rule is changed.");
      onSaved();
    } catch (e) {
      if (!(e instanceof Problem)) throw e;
      setProblem(e);
      setBusy(false);
    }
  };
  const number = (name: "threshold" | "windowSeconds" | "forSeconds" | "resolveAfterSeconds", min?: number) => (
    <input
      type="number"
      required
      step={name === "threshold" ? "any" : 1}
      {...(min !== undefined && { min, max: 3600 })}
      value={fields[name]}
      data-testid={`rule-${name}`}
      onInput={(e) => set({ [name]: e.currentTarget.value })}
    />
  );
  return (
    <form
      class="form-fields"
      data-testid="rule-form"
      onSubmit={(e) => {
        e.preventDefault();
        void save();
      }}
    >
      <Labeled label="Name">
        <input
          type="text"
          required
          maxLength={256}
          value={fields.name}
          data-testid="rule-name"
          onInput={(e) => set({ name: e.currentTarget.value })}
        />
      </Labeled>
      <Labeled label="Severity">
        <select
          value={fields.severity}
          data-testid="rule-severity"
          onChange={(e) => set({ severity: e.currentTarget.value as Severity })}
        >
          {["info", "warning", "critical"].map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
      </Labeled>
      <Labeled label="Metric" note={metric?.description}>
        <select
          value={fields.metric}
          data-testid="rule-metric"
          onChange={(e) => set({ metric: e.currentTarget.value })}
        >
          {offered.categories.map((c) => (
            <optgroup key={c.category} label={c.category}>
              {c.metrics.map((m) => (
                <option key={m.metric} value={m.metric}>
                  {m.name}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      </Labeled>
      {filters.length > 0 && (
        <fieldset>
          <legend>Only faults of</legend>
          <Labeled label="Code">
            <input
              type="number"
              min={1000}
              max={9999}
              placeholder="every code"
              value={fields.code}
              data-testid="rule-code"
              onInput={(e) => set({ code: e.currentTarget.value })}
            />
          </Labeled>
          <Labeled label="Reason">
            <input
              type="text"
              maxLength={64}
              placeholder="every reason"
              value={fields.reason}
              data-testid="rule-reason"
              onInput={(e) => set({ reason: e.currentTarget.value })}
            />
          </Labeled>
          <Labeled label="Meeting">
            <input
              type="text"
              maxLength={128}
              placeholder="every meeting"
              value={fields.roomId}
              data-testid="rule-room"
              onInput={(e) => set({ roomId: e.currentTarget.value })}
            />
          </Labeled>
        </fieldset>
      )}
      <fieldset>
        <legend>Condition</legend>
        <Labeled label="Value is">
          <select
            value={fields.operator}
            data-testid="rule-operator"
            onChange={(e) => set({ operator: e.currentTarget.value })}
          >
            <option value=">">above</option>
            <option value="<">below</option>
            <option value="=">equal to</option>
            <option value="!=">other than</option>
          </select>
        </Labeled>
        <Labeled label={metric === undefined || metric.unit === "" ? "Threshold" : `Threshold (${metric.unit})`}>
          {number("threshold")}
        </Labeled>
        <Labeled label="Window (seconds)">{number("windowSeconds", 15)}</Labeled>
        <Labeled label="Holds for (seconds)">{number("forSeconds", 0)}</Labeled>
        <Labeled label="Resolved after (seconds)">{number("resolveAfterSeconds", 0)}</Labeled>
        {measured && (
          <label class="check">
            <input type="checkbox" checked={fields.absent} onChange={(e) => set({ absent: e.currentTarget.checked })} />
            Also where there are no values
          </label>
        )}
      </fieldset>
      <fieldset>
        <legend>Channels that are told</legend>
        {offered.channels.length === 0 && (
          <p class="soft">
            This account has none. A server makes them with <code>POST {path}/notification-channel</code>; incidents are
            shown here also without.
          </p>
        )}
        {offered.channels.map((c) => (
          <label key={c.channelId} class="check">
            <input
              type="checkbox"
              checked={fields.channels.includes(c.channelId)}
              data-testid="rule-channel"
              onChange={(e) =>
                set({
                  channels: e.currentTarget.checked
                    ? [...fields.channels, c.channelId]
                    : fields.channels.filter((id) => id !== c.channelId),
                })
              }
            />
            {c.name || c.channelId} <span class="soft">({c.type})</span>
          </label>
        ))}
      </fieldset>
      <Labeled label="Summary" note="What incidents are announced with; without it, what the rule found.">
        <input
          type="text"
          maxLength={512}
          value={fields.summary}
          data-testid="rule-summary"
          onInput={(e) => set({ summary: e.currentTarget.value })}
        />
      </Labeled>
      <div ref={refusal}>{problem !== undefined && <ProblemNote problem={problem} />}</div>
      <div class="confirm-actions">
        <button type="button" class="button" onClick={onClose}>
          Cancel
        </button>
        <button type="submit" class="button primary" disabled={busy} data-testid="rule-save">
          {rule === undefined ? "Create" : "Save"}
        </button>
      </div>
    </form>
  );
}

/** A field with its label above it. */
function Labeled({ label, note, children }: { label: string; note?: string | undefined; children: ComponentChildren }) {
  return (
    <label class="labeled">
      <span>{label}</span>
      {children}
      {note !== undefined && note !== "" && <small class="soft">{note}</small>}
    </label>
  );
}
