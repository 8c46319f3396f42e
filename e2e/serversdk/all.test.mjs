// Every method of the published server SDK: what this server does not offer it refuses with 4110, and never with a 404,
// which that SDK takes for a room that does not exist. The methods are those of the package, found by reflection: one
// that a later version adds fails here until this test knows it.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { VideoSDK } from "@videosdk.live/server-sdk";

const { TEST_URL: apiEndpoint, TEST_API_KEY: apiKey, TEST_SECRET: secret } = process.env;
const vsdk = new VideoSDK({ apiKey, secret, apiEndpoint, maxRetries: 0 });
const sheet = join(tmpdir(), `klatch-batch-${process.pid}.csv`);
writeFileSync(sheet, "number\n1\n");

/** What a method is called with, where it is not ("id", {}). */
const given = {
  "agents.dispatch": [{ agentId: "a", roomId: "r" }],
  "agents.connect": [{ agentId: "a", roomId: "r" }],
  "agents.generalDispatch": [{ agentId: "a", roomId: "r" }],
  "agents.deploy": [{ name: "a", image: "b/c", env: { A: "1" } }],
  "batchcall.upload": [{ filePath: sheet }],
  "batchcall.records.update": ["id", "record", {}],
  "batchcall.records.delete": ["id", ["record"]],
  "batchcall.cancel": ["id", "all"],
  "sip.routingRules.create": [{ name: "n", type: "inbound" }],
  "sip.calls.create": [{ callTo: "1", callFrom: "2", roomId: "r" }],
  "sip.calls.switchRoom": ["id", { roomId: "r" }],
  "resourcePool.release": [["id"]],
};
/** Namespaces and methods that are offered; the other tests of this directory call them. */
const offered = [
  /^(rooms|sessions|participants|recordings|hls|rtmp|transcodings|whip|whep|webhooks|api)\./,
  /^(incidents|alertRules)\.(?!metrics\.models$)/,
];

/** The names of all methods of an object and of the resources below it. */
function methodsOf(object, path) {
  const found = [];
  for (const name of Object.getOwnPropertyNames(Object.getPrototypeOf(object))) {
    if (name !== "constructor" && typeof object[name] === "function")
      found.push([[...path, name].join("."), object, name]);
  }
  for (const [name, value] of Object.entries(object)) {
    if (value && typeof value === "object" && /Resource$/.test(value.constructor.name)) {
      found.push(...methodsOf(value, [...path, name]));
    }
  }
  return found;
}

test("every method of the SDK is offered, or refused as not offered", async () => {
  const internal = /^[a-z]+\.(fetch\w+|send|runUpload|pollUntilParsed)$/;
  const all = Object.entries(vsdk)
    .filter(
      ([name, value]) =>
        value && typeof value === "object" && /Resource$/.test(value.constructor.name) && name !== "http",
    )
    .flatMap(([name, value]) => methodsOf(value, [name]))
    .filter(([path]) => !internal.test(path));
  const rest = all.filter(([path]) => !offered.some((is) => is.test(path)));
  assert.ok(all.length > 130 && rest.length > 55, `${all.length} methods, ${rest.length} of them not offered`);
  const wrong = [];
  await Promise.all(
    rest.map(async ([path, object, name]) => {
      const args =
        given[path] ?? (/(^|\.)(create|list|acquire|test)$/.test(path) ? [{}] : ["id", {}]);
      try {
        await object[name](...args);
        wrong.push(`${path} succeeded`);
      } catch (error) {
        const fault = error.details;
        if (
          error.httpStatus !== 501 ||
          fault?.code !== 4110 ||
          fault.reason !== "NOT_OFFERED" ||
          !fault.details.feature
        ) {
          wrong.push(`${path}: ${error.constructor.name} ${error.httpStatus} ${error.code} ${error.message}`);
        }
      }
    }),
  );
  assert.deepEqual(wrong.sort(), []);
});

test("what is not offered says so only to those who may call", async () => {
  const stranger = new VideoSDK({ apiKey, secret: `${secret}x`, apiEndpoint, maxRetries: 0 });
  await assert.rejects(
    stranger.sip.calls.list(),
    (error) => error.httpStatus === 401 && error.code === "INVALID_TOKEN",
  );
});

test("published fields that are not offered are refused by name", async () => {
  for (const [field, call] of [
    ["templateUrl", () => vsdk.recordings.start("r", { composition: { layout: { custom: "https://example.org" } } })],
    ["templateUrl", () => vsdk.hls.start("r", { templateUrl: "https://example.org" })],
    [
      "templateUrl",
      () =>
        vsdk.rtmp.start("r", {
          streams: [{ url: "rtmp://a/b", streamKey: "c" }],
          composition: { layout: { custom: "u" } },
        }),
    ],
    ["resourceId", () => vsdk.recordings.start("r", { resourceId: "x" })],
    ["preSignedUrl", () => vsdk.recordings.start("r", { preSignedUrl: "x" })],
    ["transcription.enabled", () => vsdk.recordings.start("r", { transcription: { enabled: true } })],
    ["transcription.enabled", () => vsdk.hls.start("r", { transcription: { enabled: true } })],
    ["config.quality", () => vsdk.recordings.start("r", { composition: { layout: "grid", quality: "ultra" } })],
    ["metadata", () => vsdk.recordings.participant.start("r", { participantId: "ann", metadata: {} })],
    ["preSignedURL", () => vsdk.recordings.composite.start("r", { preSignedUrl: "x" })],
    ["autoStartConfig.hls.templateUrl", () => vsdk.rooms.create({ autoStartConfig: { hls: { templateUrl: "u" } } })],
    [
      "presignedOutputUrl",
      () => vsdk.transcodings.meetingRecordingMerge({ recordingIds: ["a"], presignedOutputUrl: "https://example.org" }),
    ],
    [
      "recordingIds[0].presignedUrl",
      () => vsdk.transcodings.meetingRecordingMerge({ recordingIds: [{ id: "a", presignedUrl: "https://a.b" }] }),
    ],
    ["withTranscription", () => vsdk.recordings.list({ withTranscription: true })],
  ]) {
    await assert.rejects(call(), (error) => {
      assert.equal(error.httpStatus, 501, `${field}: ${error}`);
      assert.equal(error.details.code, 4110);
      assert.equal(error.details.param, field);
      return true;
    });
  }
});
