// The vendor's server SDK, unmodified: only apiEndpoint differs from what its documentation shows. The Go test
// starts the server, lets ann and bob join, and tells the rest by environment variables.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import {
  AuthenticationError,
  Grant,
  PermissionError,
  RateLimitError,
  ResourceConflictError,
  RoomNotFoundError,
  ValidationError,
  VideoSDK,
  VideoSDKError,
} from "@videosdk.live/server-sdk";

const env = (name) => {
  assert.ok(process.env[name], `${name} is not set`);
  return process.env[name];
};
const apiEndpoint = env("TEST_URL");
const apiKey = env("TEST_API_KEY");
const secret = env("TEST_SECRET");
const liveRoom = env("TEST_ROOM"); // ann and bob are in it
const liveSession = env("TEST_SESSION");

const vsdk = new VideoSDK({ apiKey, secret, apiEndpoint });

/** The error that a call must end with, held against what every error of that SDK must carry. */
async function refused(call, kind, status, name, reason) {
  let error;
  await assert.rejects(call, (e) => ((error = e), true));
  assert.equal(error.constructor, kind, String(error));
  assert.equal(error.httpStatus, status);
  assert.equal(error.code, name);
  const fault = error.details;
  assert.equal(fault.reason, reason);
  assert.equal(error.message, fault.message);
  assert.equal(error.requestId, fault.id);
  assert.ok(fault.detail && fault.remedy && fault.docs.startsWith(apiEndpoint));
  return error;
}

test("rooms: create, get, validate, list, end", async () => {
  const room = await vsdk.rooms.create();
  assert.match(room.roomId, /^[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}$/);
  assert.equal(room.disabled, false);
  assert.equal(room.links.get_room, `${apiEndpoint}/v2/rooms/${room.roomId}`);

  const options = {
    customRoomId: "vendor room/1 🎉",
    geoFence: "eu001",
    webhook: { url: "https://example.org/hook", events: ["session-*", "recording-stopped"] },
    autoCloseConfig: { afterInactiveSeconds: 60, type: "session-end-and-deactivate" },
    autoStartConfig: { recording: { config: { layout: { type: "GRID", priority: "SPEAKER", gridSize: 4 } } } },
    multiComposition: { recording: true, hls: false },
    allowedParticipantIds: ["ann", "bob"],
  };
  const full = await vsdk.rooms.create(options);
  assert.equal(full.customRoomId, options.customRoomId);
  assert.equal(full.geoFence, options.geoFence);
  assert.deepEqual(full.webhook, { endPoint: options.webhook.url, events: options.webhook.events });
  assert.deepEqual(full.autoCloseConfig, { type: options.autoCloseConfig.type, duration: 60 });
  assert.deepEqual(full.autoStartConfig, options.autoStartConfig);
  assert.deepEqual(full.allowedParticipantIds, options.allowedParticipantIds);
  assert.equal((await vsdk.rooms.create({ customRoomId: options.customRoomId })).roomId, full.roomId);

  assert.equal((await vsdk.rooms.get(room.roomId)).roomId, room.roomId);
  const byCustomId = await vsdk.rooms.get(options.customRoomId);
  assert.equal(byCustomId.roomId, full.roomId);
  assert.equal(byCustomId.user.id, byCustomId.userId);

  assert.deepEqual(await vsdk.rooms.validate("zzzz-zzzz-zzzz"), { valid: false, roomId: "zzzz-zzzz-zzzz" });
  const valid = await vsdk.rooms.validate(options.customRoomId);
  assert.equal(valid.valid, true);
  assert.equal(valid.roomId, full.roomId);

  const ids = [];
  const first = await vsdk.rooms.list({ perPage: 1 });
  assert.equal(first.data.length, 1);
  assert.equal(first.total, 3);
  assert.ok(first.hasNextPage);
  for await (const each of first) ids.push(each.roomId);
  assert.deepEqual(new Set(ids), new Set([room.roomId, full.roomId, liveRoom]));
  assert.equal((await vsdk.rooms.list({ query: options.customRoomId })).data[0].roomId, full.roomId);

  const ended = await vsdk.rooms.end(room.roomId);
  assert.equal(ended.disabled, true);
  assert.equal(ended.roomId, room.roomId);
  assert.equal((await vsdk.rooms.get(room.roomId)).disabled, true);
});

test("sessions and participants: list, get, remove, end", async () => {
  const sessions = await vsdk.sessions.list({ roomId: liveRoom, status: "ongoing" });
  assert.deepEqual(
    sessions.data.map((s) => s.id),
    [liveSession],
  );
  assert.equal((await vsdk.sessions.list({ startDate: Date.now() + 3_600_000 })).data.length, 0);
  assert.equal(
    (await vsdk.sessions.list({ startDate: Date.now() - 3_600_000, endDate: Date.now(), query: liveRoom })).data.length,
    1,
  );

  const session = await vsdk.sessions.get(liveSession);
  assert.equal(session.roomId, liveRoom);
  assert.equal(session.status, "ongoing");
  assert.equal(session.end, null);

  for (const page of [
    await vsdk.sessions.listParticipants(liveSession),
    await vsdk.sessions.listActiveParticipants(liveSession),
    await vsdk.participants.list(liveRoom),
  ]) {
    assert.deepEqual(page.data.map((p) => p.participantId).sort(), ["ann", "bob"]);
    assert.equal(page.total, 2);
  }
  const onePerPage = [];
  for await (const p of await vsdk.participants.list(liveRoom, { perPage: 1 })) onePerPage.push(p.participantId);
  assert.deepEqual(onePerPage, ["ann", "bob"]);

  for (const ann of [
    await vsdk.sessions.getParticipant(liveSession, "ann"),
    await vsdk.participants.get(liveRoom, "ann"),
  ]) {
    assert.equal(ann.name, "ann");
    assert.equal(ann.timelog.length, 1);
    assert.equal(ann.timelog[0].end, null);
    assert.deepEqual(ann.events, { mic: [], webcam: [], screenShare: [], screenShareAudio: [] });
    assert.equal(ann.deviceInfo.sdkType, "test");
  }

  // What ann has reported comes with the next measurement, once a second.
  let stats;
  for (const end = Date.now() + 10_000; Date.now() < end && !stats?.stats.length; ) {
    stats = await vsdk.sessions.getStats(liveSession);
    await setTimeout(50);
  }
  assert.equal(stats.sessionId, liveSession);
  assert.equal(stats.meetingId, liveRoom);
  assert.equal(stats.stats[0].averageSendVideoBitrate, 1234);
  assert.equal(stats.stats[0].sendVideoPacketLost, 5);
  assert.ok(stats.stats[0].qualityScore.video > 7 && stats.stats[0].qualityScore.video < 10);
  const own = await vsdk.sessions.getParticipantStats(liveSession, "ann");
  assert.equal(own.participantName, "ann");
  assert.equal(own.deviceInfo.sdkType, "test");
  assert.equal(own.network, "wifi");
  assert.deepEqual(own.stats, stats.stats, "nobody else was measured");
  assert.equal(own.resolutionUsage[0]["720"], 100);
  const stranger = vsdk.sessions.getParticipantStats(liveSession, "kim");
  await refused(stranger, RoomNotFoundError, 404, "NOT_FOUND", "PARTICIPANT");

  const removed = await vsdk.participants.remove(liveRoom, "bob");
  assert.equal(removed, "Participant removed successfully");
  assert.deepEqual(
    (await vsdk.participants.list(liveRoom)).data.map((p) => p.participantId),
    ["ann"],
  );
  const bob = await vsdk.sessions.getParticipant(liveSession, "bob");
  assert.notEqual(bob.timelog[0].end, null);
  await refused(
    vsdk.sessions.removeParticipant({ sessionId: liveSession, participantId: "bob" }),
    RoomNotFoundError,
    404,
    "NOT_FOUND",
    "PARTICIPANT",
  );

  const ended = await vsdk.sessions.end({ meetingId: liveRoom, force: true });
  assert.equal(ended.id, liveSession);
  assert.equal(ended.status, "ended");
  assert.notEqual(ended.end, null);
  assert.equal((await vsdk.sessions.get(liveSession)).status, "ended");
  await refused(vsdk.sessions.end({ roomId: liveRoom }), ResourceConflictError, 409, "CONFLICT", "NO_LIVE_SESSION");
  assert.equal((await vsdk.sessions.end({ roomId: liveRoom, ignoreClosed: true })).id, liveSession);
  assert.equal((await vsdk.participants.list(liveRoom)).data.length, 0);
  await assert.rejects(vsdk.participants.get(liveRoom, "ann"), RoomNotFoundError);
});

test("errors: each kind comes out as its class", async () => {
  const wrong = new VideoSDK({ apiKey, secret: `${secret}x`, apiEndpoint });
  await refused(wrong.rooms.list(), AuthenticationError, 401, "INVALID_TOKEN", "SIGNATURE_MISMATCH");
  const unknown = new VideoSDK({ apiKey: "nobody", secret, apiEndpoint });
  await refused(unknown.rooms.create(), AuthenticationError, 401, "INVALID_API_KEY", "UNKNOWN_KEY");
  const expired = new VideoSDK({
    token: VideoSDK.generateToken({ apiKey, secretKey: secret, claims: {}, expiresIn: 1 }),
    apiEndpoint,
  });
  assert.ok((await expired.rooms.list()).data, "the server allows a minute of clock difference");
  await refused(
    new VideoSDK({ token: "not a token", apiEndpoint }).rooms.list(),
    AuthenticationError,
    401,
    "INVALID_TOKEN",
    "MALFORMED",
  );

  const participant = vsdk
    .accessToken()
    .setParticipant("ann")
    .grant(Grant.AllowJoin)
    .forRoom(liveRoom)
    .expiresIn("15m")
    .toJwt();
  await refused(
    new VideoSDK({ token: participant, apiEndpoint }).rooms.list(),
    PermissionError,
    403,
    "UNAUTHORIZED_ROLE",
    "REST_NEEDS_CRAWLER",
  );
  const api = vsdk.accessToken().forRoom(liveRoom).forApi().toJwt();
  assert.equal((await new VideoSDK({ token: api, apiEndpoint }).rooms.get(liveRoom)).roomId, liveRoom);
  const other = await vsdk.rooms.create();
  await refused(
    new VideoSDK({ token: api, apiEndpoint }).rooms.get(other.roomId),
    PermissionError,
    403,
    "UNAUTHORIZED_MEETING_ID",
    "MISMATCH",
  );

  await refused(vsdk.rooms.get("zzzz-zzzz-zzzz"), RoomNotFoundError, 404, "INVALID_MEETING_ID", "NOT_FOUND");
  await refused(vsdk.sessions.get("nothing"), RoomNotFoundError, 404, "NOT_FOUND", "SESSION");
  await refused(vsdk.sessions.end({ roomId: other.roomId }), ResourceConflictError, 409, "CONFLICT", "NO_LIVE_SESSION");

  const bad = await refused(
    vsdk.rooms.create({ autoCloseConfig: { afterInactiveSeconds: -1 } }),
    ValidationError,
    400,
    "INVALID_MESSAGE",
    "BAD_PARAMS",
  );
  assert.equal(bad.details.param, "autoCloseConfig.duration");
  await refused(vsdk.rooms.list({ perPage: 1e9 }), ValidationError, 400, "INVALID_MESSAGE", "BAD_PARAMS");
  await refused(
    vsdk.rooms.create({ webhook: { url: "ftp://example.org", events: ["*"] } }),
    ValidationError,
    400,
    "INVALID_MESSAGE",
    "BAD_PARAMS",
  );
  await refused(vsdk.api.get("/v2/no-such-thing"), RoomNotFoundError, 404, "NOT_FOUND", "ROUTE");
  await refused(vsdk.api.delete("/v2/rooms"), VideoSDKError, 405, "INVALID_MESSAGE", "METHOD_NOT_ALLOWED");
});

test("errors: too many requests say when to come back", async () => {
  const narrow = new VideoSDK({
    apiKey: env("TEST_NARROW_API_KEY"),
    secret: env("TEST_NARROW_SECRET"),
    apiEndpoint: env("TEST_NARROW_URL"),
    maxRetries: 0,
  });
  let error;
  for (let i = 0; i < 100 && !error; i++) {
    await narrow.rooms.list().catch((e) => (error = e));
  }
  assert.equal(error?.constructor, RateLimitError);
  assert.equal(error.code, "RATE_LIMITED");
  assert.ok(error.details.retryAfterMs > 0);
  const raw = await fetch(`${env("TEST_NARROW_URL")}/v2/rooms`, {
    headers: { authorization: narrow.generateToken() },
  });
  assert.equal(raw.status, 429);
  assert.ok(Number(raw.headers.get("retry-after")) >= 1);
});
