/** Made-up answers of views that were added after the others: nodes, drills, alert rules, incidents, pre-call tests. */
const ago = (s: number): string => new Date(Date.now() - s * 1000).toISOString();

const node = {
  version: "0.9.0",
  roles: ["meetings", "egress"],
  draining: false,
  self: false,
  leases: [],
};

export const nodes = [
  {
    ...node,
    name: "amsterdam-1",
    incarnation: "a",
    address: "10.0.0.2:4002",
    region: "eu-west",
    self: true,
    meetings: 41,
    participants: 312,
    jobs: 3,
    cpu: 0.46,
    leases: [
      { place: "NATS", works: true, renewedMs: 640, problem: "" },
      { place: "the database", works: true, renewedMs: 910, problem: "" },
    ],
  },
  {
    ...node,
    name: "frankfurt-1",
    incarnation: "b",
    address: "10.0.0.3:4002",
    region: "eu-central",
    meetings: 58,
    participants: 407,
    jobs: 1,
    cpu: 0.83,
  },
  {
    ...node,
    name: "frankfurt-2",
    incarnation: "c",
    address: "10.0.0.4:4002",
    region: "eu-central",
    draining: true,
    meetings: 2,
    participants: 9,
    jobs: 0,
    cpu: 0.04,
  },
];

const drillKinds = [
  ["3101.UDP_BLOCKED", "MEDIA_CONNECTION_LOST", "cuts the UDP path of a client", "account", 12_000],
  ["4002.EXPIRED", "INVALID_TOKEN", "joins with a token that expired an hour ago", "account", 300],
  ["4009.LIMIT", "MAX_PARTICIPANT_REACHED", "joins a meeting that is full", "meeting", 400],
  ["4013.REFUSED", "START_LIVESTREAM_FAILED", "starts a livestream to a port where nothing listens", "meeting", 2000],
  ["5001.ENCODER_DIED", "RECORDING_FAILED", "kills the encoder of a recording", "meeting", 9000],
  ["5103.DNS", "WEBHOOK_DELIVERY_FAILED", "sends a webhook to a host that does not exist", "account", 800],
] as const;

export const drillsOf = (fault: unknown): { kinds: unknown; data: readonly unknown[] } => ({
  kinds: drillKinds.map(([key, name, does, place, takesMs]) => ({
    fault: key,
    code: Number(key.slice(0, 4)),
    name,
    does,
    place,
    takesMs,
  })),
  data: [
    {
      id: "drl_1",
      faultKey: "4009.LIMIT",
      does: "joins a meeting that is full",
      state: "holding",
      accountId: "acc_demo",
      link: "https://meet.example.com/meet/r8xk-2mvd-90qa",
      fault,
      recorded: true,
      startedAt: ago(40),
      endsAt: ago(-260),
    },
  ],
});

const ruleConfig = {
  query: { metric: "faults", code: 3101 },
  condition: { operator: ">", threshold: 5 },
  evaluation: { windowSeconds: 300 },
};

const rule = {
  alertRuleId: "alr_1",
  name: "Media paths are lost",
  severity: "critical",
  description: "More than five clients lost their media path within five minutes.",
  summary: "",
  ruleConfig,
  timeAggregation: "count",
  notificationChannelIds: ["chn_1"],
  notificationChannels: [
    { channelId: "chn_1", name: "On call", type: "webhook", config: { url: "https://hooks.example.com/on-call" } },
  ],
  status: "active",
  lastTriggered: ago(1500),
  createdAt: ago(900_000),
  updatedAt: ago(90_000),
};

export const rules = [
  rule,
  {
    ...rule,
    alertRuleId: "alr_2",
    name: "Recordings fail",
    severity: "warning",
    ruleConfig: { ...ruleConfig, query: { metric: "faults", code: 5001 }, condition: { operator: ">", threshold: 0 } },
    lastTriggered: ago(86_000),
  },
  { ...rule, alertRuleId: "alr_3", name: "Quality of sound", severity: "info", status: "paused", lastTriggered: null },
];

const incident = {
  incidentId: "inc_1",
  alertRuleId: "alr_1",
  alertName: "Media paths are lost",
  metric: "faults",
  status: "open",
  severity: "critical",
  summary: "faults 3101 above 5 in 300 s",
  description: "More than five clients lost their media path within five minutes.",
  value: 9,
  operator: ">",
  threshold: 5,
  unit: "faults",
  labels: {},
  firedAt: ago(1500),
  acknowledgedAt: null,
  resolvedAt: null,
};

export const incidentsOf = (faultId: string): readonly Readonly<Record<string, unknown>>[] => [
  { ...incident, faultId, events: [{ type: "fired", at: ago(1500), by: "evaluation", detail: "9 faults" }] },
  {
    ...incident,
    incidentId: "inc_2",
    alertRuleId: "alr_2",
    alertName: "Recordings fail",
    severity: "warning",
    status: "resolved",
    value: 1,
    threshold: 0,
    faultId,
    firedAt: ago(86_000),
    acknowledgedAt: ago(85_600),
    resolvedAt: ago(84_000),
    events: [],
  },
];

const test = {
  accountId: "acc_demo",
  sdk: "web/0.9.0",
  durationMs: 18_400,
  audioOnly: false,
  client: { browser: "Chrome/141" },
};

export const preCallTests = [
  { ...test, id: "pct_1", createdAt: ago(120), outcome: "passed", failed: [], browser: "Chrome/141" },
  { ...test, id: "pct_2", createdAt: ago(900), outcome: "failed", failed: ["udp"], browser: "Firefox/140" },
  { ...test, id: "pct_3", createdAt: ago(7000), outcome: "aborted", failed: [], browser: "Safari/18" },
].map((t) => ({
  ...t,
  checks: ["camera", "microphone", "speaker", "signaling", "udp", "tcp", "network"].map((name, i) => ({
    name,
    status: t.failed.includes(name) ? "failed" : "passed",
    durationMs: 400 + 300 * i,
    values: {},
  })),
}));
