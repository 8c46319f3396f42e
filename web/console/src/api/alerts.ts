/** What the REST calls of alert rules, channels and incidents answer. */
export type Severity = "info" | "warning" | "critical";

export interface RuleConfig {
  readonly query: {
    readonly metric: string;
    readonly code?: number;
    readonly reason?: string;
    readonly roomId?: string;
  };
  readonly condition: { readonly operator: string; readonly threshold: number };
  readonly evaluation?: {
    readonly windowSeconds?: number;
    readonly forSeconds?: number;
    readonly resolveAfterSeconds?: number;
  };
  readonly absentDataAlert?: { readonly enabled: boolean; readonly forSeconds?: number };
  readonly labels?: Readonly<Record<string, string>>;
  readonly reduceTo?: string;
}

export interface AlertRule {
  readonly alertRuleId: string;
  readonly name: string;
  readonly severity: Severity;
  readonly description: string;
  readonly summary: string;
  readonly ruleConfig: RuleConfig;
  readonly timeAggregation: string;
  readonly notificationChannelIds: readonly string[];
  /** In the answer for one rule. */
  readonly notificationChannels?: readonly Channel[];
  readonly status: "active" | "paused";
  readonly lastTriggered: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface Metric {
  readonly metric: string;
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  readonly kind: "counted" | "present" | "measured";
  readonly filters: readonly string[];
}

export interface MetricCategory {
  readonly category: string;
  readonly metrics: readonly Metric[];
}

export interface Channel {
  readonly channelId: string;
  readonly name: string;
  readonly type: string;
  readonly config: Readonly<Record<string, string>>;
}

export interface Incident {
  readonly incidentId: string;
  readonly alertRuleId: string;
  readonly alertName: string;
  readonly metric: string;
  readonly status: "open" | "acknowledged" | "resolved";
  readonly severity: Severity;
  readonly summary: string;
  readonly description: string;
  readonly value: number | null;
  readonly operator: string;
  readonly threshold: number;
  readonly unit: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly faultId: string;
  readonly firedAt: string;
  readonly acknowledgedAt: string | null;
  readonly resolvedAt: string | null;
  readonly events: readonly {
    readonly type: string;
    readonly at: string;
    readonly by: string;
    readonly detail: string;
  }[];
}

const signs: Readonly<Record<string, string>> = { ">": "above", "<": "below", "=": "equal to", "!=": "other than" };

const numberText = (n: number): string => String(Math.round(n * 100) / 100);

/** What a rule waits for, in words: "faults 4009 LIMIT above 0 in 300 s". */
export function conditionText({ query, condition, evaluation }: RuleConfig): string {
  const faults = [query.code, query.reason].filter(Boolean).join(" ");
  return [
    query.metric,
    faults,
    query.roomId !== undefined && query.roomId !== "" ? `of ${query.roomId}` : "",
    signs[condition.operator] ?? condition.operator,
    numberText(condition.threshold),
    `in ${evaluation?.windowSeconds ?? 300} s`,
    evaluation?.forSeconds ? `for ${evaluation.forSeconds} s` : "",
  ]
    .filter((part) => part !== "")
    .join(" ");
}

/** The value with which an incident began, and what it was compared with: "3 (above 0 faults)". */
export function valueText({ value, operator, threshold, unit }: Incident): string {
  const limit = `${signs[operator] ?? operator} ${numberText(threshold)}${unit === "" ? "" : ` ${unit}`}`;
  return `${value === null ? "no values" : numberText(value)} (${limit})`;
}
