// The calls of alertRules and incidents of the published server SDK, with their effects on a real server.
import assert from "node:assert/strict";
import http from "node:http";
import { after, before, test } from "node:test";
import { VideoSDK } from "@videosdk.live/server-sdk";
import { env } from "./hook.mjs";

const apiEndpoint = env("TEST_URL");
const vsdk = new VideoSDK({ apiKey: env("TEST_API_KEY"), secret: env("TEST_SECRET"), apiEndpoint, maxRetries: 0 });
const other = new VideoSDK({
  apiKey: env("TEST_OTHER_API_KEY"),
  secret: env("TEST_OTHER_SECRET"),
  apiEndpoint,
  maxRetries: 0,
});
const room = env("TEST_ROOM");
const port = Number(env("TEST_HOOK_PORT"));
const url = (path) => `http://127.0.0.1:${port}${path}`;

/** What came at each path. The webhook of the room fails until it is mended. */
const came = [];
let broken = true;
const server = http.createServer((req, res) => {
  const parts = [];
  req.on("data", (part) => parts.push(part));
  req.on("end", async () => {
    const raw = Buffer.concat(parts);
    if (req.url === "/room" && broken) res.statusCode = 503;
    else if (req.url === "/slack") came.push({ path: req.url, body: JSON.parse(raw) });
    else came.push({ path: req.url, ...(await vsdk.webhooks.verify(raw, req.headers["videosdk-signature"])) });
    res.end("ok");
  });
});
before(() => new Promise((resolve) => server.listen(port, "127.0.0.1", resolve)));
after(() => {
  server.close();
  server.closeAllConnections();
});

async function until(what, check, seconds = 30) {
  for (const deadline = Date.now() + seconds * 1000; ; ) {
    const found = await check();
    if (found) return found;
    assert.ok(Date.now() < deadline, `${what} did not come: ${JSON.stringify(came)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
const told = (type, id) => until(type, () => came.find((e) => e.type === type && e.data.incidentId === id));
const incidentOf = (rule, status) =>
  until(`an incident of ${rule.name}`, async () => {
    const { data } = await vsdk.incidents.list({ status });
    return data.find((i) => i.alertRuleId === rule.alertRuleId);
  });
const refused = async (call, field, code = 4107) => {
  await assert.rejects(call, (error) => {
    assert.equal(error.details?.code, code, `${field}: ${error} ${JSON.stringify(error.details)}`);
    assert.equal(error.details.param, field);
    assert.ok(error.details.remedy);
    return true;
  });
};
const config = (metric, operator, threshold, more = {}) => ({
  query: { metric },
  condition: { operator, threshold },
  ...more,
});

let channel;
test("notification channels: create, get, list, update, test, delete", async () => {
  channel = await vsdk.alertRules.channels.create({
    type: "webhook",
    name: "ops",
    config: { endpoint: url("/alerts") },
  });
  assert.equal((await vsdk.alertRules.channels.get(channel.channelId)).config.endpoint, url("/alerts"));
  const slack = await vsdk.alertRules.channels.create({ type: "slack", config: { webhookUrl: url("/slack/secret") } });
  assert.doesNotMatch(JSON.stringify(slack), /secret/);
  const page = await vsdk.alertRules.channels.list({ perPage: 1 });
  assert.deepEqual([page.total, page.data[0].channelId], [2, channel.channelId]);
  const names = [];
  for await (const each of page) names.push(each.type);
  assert.deepEqual(names, ["webhook", "slack"]);

  const renamed = await vsdk.alertRules.channels.update(slack.channelId, { name: "chat" });
  assert.deepEqual([renamed.name, renamed.type], ["chat", "slack"]);
  await refused(() => vsdk.alertRules.channels.update(slack.channelId, { config: slack.config }), "config.webhookUrl");
  const moved = await vsdk.alertRules.channels.update(slack.channelId, { type: "webhook", config: { url: url("/x") } });
  assert.deepEqual([moved.type, moved.config.endpoint], ["webhook", url("/x")]);
  assert.ok((await vsdk.alertRules.channels.delete(slack.channelId)).message);
  await assert.rejects(
    vsdk.alertRules.channels.get(slack.channelId),
    (e) => e.details.reason === "NOTIFICATION_CHANNEL",
  );

  assert.equal((await vsdk.alertRules.channels.test({ type: "webhook", config: { url: url("/try") } })).success, true);
  assert.equal(came.find((e) => e.path === "/try").type, "alert-test");
  await vsdk.alertRules.channels.test({ type: "slack", config: { webhookUrl: url("/slack") } });
  assert.match(came.find((e) => e.path === "/slack").body.text, /^\[test\] info: A test/);
  const closed = { type: "webhook", config: { endpoint: `http://127.0.0.1:${env("TEST_CLOSED_PORT")}/` } };
  await assert.rejects(vsdk.alertRules.channels.test(closed), (error) => {
    assert.deepEqual([error.details.code, error.details.reason], [5103, "CONNECT"]);
    return true;
  });
});

test("metrics: catalog, series, participants; models are not offered", async () => {
  const { categories } = await vsdk.alertRules.metrics.catalog({ domain: "rtc" });
  const all = categories.flatMap((c) => c.metrics);
  assert.ok(all.length >= 12 && all.every((m) => m.metric && m.unit && m.reduceTo.length));
  for (const { metric } of all) {
    const series = await vsdk.alertRules.metrics.query({ metric, window: "5m" });
    assert.deepEqual([series.metric, Array.isArray(series.points)], [metric, true]);
    const count = await vsdk.alertRules.metrics.participantCount(metric);
    assert.equal(count.participantCount, 0, metric);
  }
  await refused(() => vsdk.alertRules.metrics.query({ metric: "faults", window: "25h" }), "window");
  await refused(() => vsdk.alertRules.metrics.query({ metric: "nothing" }), "metric");
  await assert.rejects(vsdk.alertRules.metrics.models("faults"), (e) => e.details.code === 4110);
  await refused(() => vsdk.alertRules.metrics.catalog({ domain: "agent" }), "domain", 4110);
});

test("a webhook that fails: one incident, told, acknowledged, and resolved when the cause is gone", async () => {
  const rule = await vsdk.alertRules.create({
    name: "webhooks down",
    severity: "critical",
    description: "see the runbook",
    ruleConfig: config("conditions", ">", 0, {
      query: { metric: "conditions", code: 5103, reason: "STATUS", roomId: room },
      labels: { team: "calls" },
      evaluation: { forSeconds: 0, resolveAfterSeconds: 0 },
    }),
    notificationChannelIds: [channel.channelId],
  });
  assert.deepEqual([rule.status, rule.version, rule.domain], ["active", 1, "rtc"]);
  assert.equal(rule.notificationChannels[0].channelId, channel.channelId);
  await assert.rejects(vsdk.alertRules.channels.delete(channel.channelId), (e) => e.details.code === 4109);

  const sent = await fetch(`${apiEndpoint}/v2/webhooks/${room}/test`, {
    method: "POST",
    headers: { Authorization: env("TEST_TOKEN") },
  });
  assert.equal(sent.status, 200);
  const incident = await incidentOf(rule, "open");
  assert.deepEqual([incident.severity, incident.metric, incident.value], ["critical", "conditions", 1]);
  assert.equal(incident.labels.team, "calls");
  assert.match(incident.faultId, /^flt_/);
  const opened = await told("incident-opened", incident.incidentId);
  assert.equal(opened.data.faultId, incident.faultId);
  assert.ok((await vsdk.alertRules.get(rule.alertRuleId)).lastTriggered);

  const seen = await vsdk.incidents.acknowledge(incident.incidentId);
  assert.deepEqual([seen.status, Boolean(seen.acknowledgedAt)], ["acknowledged", true]);
  broken = false;
  const over = await told("incident-resolved", incident.incidentId);
  assert.equal(over.data.status, "resolved");
  const whole = await vsdk.incidents.get(incident.incidentId);
  assert.deepEqual(
    whole.events.map((e) => [e.type, e.by]),
    [
      ["opened", "evaluation"],
      ["acknowledged", "user"],
      ["resolved", "evaluation"],
    ],
  );
  assert.equal(came.filter((e) => e.type === "incident-opened").length, 1, "it opens once");
  await assert.rejects(vsdk.incidents.acknowledge(incident.incidentId), (e) => e.details.code === 4109);

  assert.deepEqual((await vsdk.incidents.list({ query: "RUNBOOK", severity: "critical" })).data.length, 1);
  assert.equal((await vsdk.incidents.list({ query: "nothing such" })).data.length, 0);
  assert.equal((await vsdk.incidents.list({ metricCategory: "usage" })).data.length, 0);
  assert.equal((await other.incidents.list()).data.length, 0);
  await assert.rejects(other.incidents.get(incident.incidentId), (e) => e.details.reason === "INCIDENT");
  assert.ok((await vsdk.incidents.delete(incident.incidentId)).message);
  await assert.rejects(vsdk.incidents.get(incident.incidentId), (e) => e.httpStatus === 404);
  assert.ok((await vsdk.alertRules.delete(rule.alertRuleId)).message);
});

test("rules: counted faults, resolved by hand, changed, paused, listed, deleted", async () => {
  const rule = await vsdk.alertRules.create({
    name: "unknown rooms",
    severity: "info",
    summary: "somebody asks for rooms that are not there",
    timeAggregation: "sum",
    ruleConfig: config("faults", ">", 1, {
      query: { metric: "faults", code: 4003 },
      evaluation: { windowSeconds: 600 },
      reduceTo: "sum",
    }),
  });
  for (let i = 0; i < 2; i++) await assert.rejects(vsdk.rooms.get("none-none-none"));
  const incident = await incidentOf(rule, "open");
  assert.deepEqual([incident.value, incident.summary], [2, rule.summary]);
  assert.equal((await vsdk.incidents.resolve(incident.incidentId)).status, "resolved");

  const idle = await vsdk.alertRules.create({
    name: "idle",
    severity: "info",
    ruleConfig: config("concurrent_sessions", "<", 1),
  });
  await incidentOf(idle, "open"); // several evaluations later
  assert.equal((await vsdk.incidents.list({ status: "open" })).data.length, 1, "what was resolved by hand stays so");

  const paused = await vsdk.alertRules.update(idle.alertRuleId, { enabled: false, name: "quiet", severity: "warning" });
  assert.deepEqual([paused.status, paused.version, paused.name, paused.severity], ["paused", 2, "quiet", "warning"]);
  assert.equal((await vsdk.incidents.list({ status: "open" })).data.length, 0, "pausing resolves it");
  const raised = await vsdk.alertRules.update(rule.alertRuleId, { ruleConfig: config("faults", ">", 1e6) });
  assert.deepEqual([raised.ruleConfig.condition.threshold, raised.version], [1e6, 2]);

  const names = async (params) => (await vsdk.alertRules.list(params)).data.map((r) => r.name);
  assert.deepEqual(await names({}), ["unknown rooms", "quiet"]);
  assert.deepEqual(await names({ status: "paused" }), ["quiet"]);
  assert.deepEqual(await names({ metricCategory: "faults", domain: "rtc" }), ["unknown rooms"]);
  assert.deepEqual(await names({ page: 2, perPage: 1 }), ["quiet"]);
  await refused(() => names({ domain: "agent" }), "domain", 4110);
  await refused(() => names({ region: "us" }), "region", 4110);
  assert.deepEqual((await other.alertRules.list()).data, []);
  await assert.rejects(other.alertRules.get(rule.alertRuleId), (e) => e.details.reason === "ALERT_RULE");
  for (const each of [rule, idle]) await vsdk.alertRules.delete(each.alertRuleId);
  await assert.rejects(vsdk.alertRules.get(rule.alertRuleId), (e) => e.httpStatus === 404);
});

test("hostile values are refused by name", async () => {
  const good = { name: "r", severity: "info", ruleConfig: config("faults", ">", 0) };
  const rule = (ruleConfig) => ({ ...good, ruleConfig: { ...good.ruleConfig, ...ruleConfig } });
  for (const [field, body, code] of [
    ["name", { ...good, name: "" }],
    ["name", { ...good, name: "a\u0007" }],
    ["severity", { ...good, severity: "fatal" }],
    ["domain", { ...good, domain: "agent" }, 4110],
    ["nope", { ...good, nope: 1 }],
    ["timeAggregation", { ...good, timeAggregation: "max" }],
    ["notificationChannelIds", { ...good, notificationChannelIds: ["nch_none"] }],
    ["ruleConfig.query.metric", rule({ query: { metric: "cpu" } })],
    ["ruleConfig.query.metric", rule({ query: {} })],
    ["ruleConfig.query.code", rule({ query: { metric: "recording_failures", code: 4001 } })],
    ["ruleConfig.query.code", rule({ query: { metric: "packet_loss", code: 4001 } })],
    ["ruleConfig.query.reason", rule({ query: { metric: "faults", reason: "NONE_SUCH" } })],
    ["ruleConfig.condition.operator", rule({ condition: { operator: ">=", threshold: 1 } })],
    ["ruleConfig.condition.threshold", rule({ condition: { operator: ">", threshold: "1" } })],
    ["ruleConfig.condition.threshold", rule({ condition: { operator: ">", threshold: 1e13 } })],
    ["ruleConfig.evaluation.windowSeconds", rule({ evaluation: { windowSeconds: 1 } })],
    ["ruleConfig.evaluation.forSeconds", rule({ evaluation: { forSeconds: -1 } })],
    ["ruleConfig.reduceTo", rule({ query: { metric: "jitter" }, reduceTo: "sum" })],
    ["ruleConfig.absentDataAlert.enabled", rule({ absentDataAlert: { enabled: true } })],
    ["ruleConfig.labels", rule({ labels: { a: "x".repeat(300) } })],
    ["ruleConfig.formula", rule({ formula: "A/B" }), 4110],
    ["ruleConfig.additionalQueries", rule({ additionalQueries: { B: {} } }), 4110],
  ]) {
    await refused(() => vsdk.alertRules.create(body), field, code);
  }
  for (const [field, body, code] of [
    ["type", { type: "email", config: {} }, 4110],
    ["config.to", { type: "email", config: { to: ["a@example.org"] } }, 4110],
    ["config.botToken", { type: "slack", config: { botToken: "xoxb", channelId: "C1" } }, 4110],
    ["type", { type: "on_call", config: {} }, 4110],
    ["type", { type: "pager", config: {} }],
    ["config.endpoint", { type: "webhook", config: {} }],
    ["config.endpoint", { type: "webhook", config: { endpoint: "ftp://example.org" } }],
    ["config.url", { type: "webhook", config: { url: "https://user:x@example.org" } }],
    ["config.webhookUrl", { type: "webhook", config: { webhookUrl: "https://example.org" } }],
    ["config.webhookUrl", { type: "slack", config: { webhookUrl: "" } }],
  ]) {
    await refused(() => vsdk.alertRules.channels.create(body), field, code);
  }
});
