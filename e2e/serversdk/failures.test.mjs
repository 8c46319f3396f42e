// Everything fails for its real cause while the vendor's server SDK watches: workers are killed, files are damaged, and
// the session ends. The Go test starts the server, lets ann in, and takes the livestream.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { VideoSDK } from "@videosdk.live/server-sdk";
import { env, listen } from "./hook.mjs";

const apiEndpoint = env("TEST_URL");
const vsdk = new VideoSDK({ apiKey: env("TEST_API_KEY"), secret: env("TEST_SECRET"), apiEndpoint });
const room = env("TEST_ROOM");
const session = env("TEST_SESSION");
const { events, broken, event, until } = listen(vsdk);

/** The processes of the workers of the server, which are children of the Go test. */
function workers() {
  const found = [];
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
      const parent = /^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1];
      if (words.includes(env("TEST_WORKER")) && parent === env("TEST_SERVER_PID")) found.push(Number(pid));
    } catch {
      // the process has ended meanwhile
    }
  }
  return found;
}

const kinds = {
  "recording-failed": 5001,
  "livestream-failed": 5002,
  "hls-failed": 5003,
  "participant-recording-failed": 5001,
  "participant-track-recording-failed": 5001,
  "composite-recording-failed": 5001,
};
let hls;

test("a worker that is killed: every kind of job fails", async () => {
  const config = { mode: "audio" }; // no picture is composed
  const [, , started] = await Promise.all([
    vsdk.recordings.start(room, { config }),
    vsdk.rtmp.start(room, {
      streams: [{ url: env("TEST_RTMP_URL"), streamKey: env("TEST_RTMP_KEY") }],
      composition: { quality: "low" },
    }),
    vsdk.hls.start(room, { config }),
    vsdk.recordings.participant.start(room, { participantId: "ann" }),
    vsdk.recordings.track.start(room, { participantId: "ann", kind: "audio" }),
    vsdk.recordings.composite.start(room, { participants: [{ participantId: "ann" }], config }),
  ]);
  hls = started.id;
  await event("hls-playable", hls);
  const killed = workers();
  assert.equal(killed.length, Object.keys(kinds).length);
  for (const pid of killed) process.kill(pid, "SIGKILL");
  for (const [type, code] of Object.entries(kinds)) {
    const { data } = await event(type);
    assert.equal(data.fault.code, code, type);
    assert.equal(data.fault.reason, "WORKER_DIED", type);
    assert.equal(data.sessionId, session);
    // The same fault comes as an error of the room.
    await until(`the error of ${type}`, () =>
      events.find((e) => e.type === "error" && e.data.fault.id === data.fault.id),
    );
  }
  const [recording] = (await vsdk.recordings.list({ roomId: room })).data;
  assert.equal(recording.status, "FAILED");
  assert.equal(recording.fault.reason, "WORKER_DIED");
});

test("files that are damaged: what is made of them fails", async () => {
  let damaged = 0;
  const damage = (dir) => {
    for (const name of readdirSync(dir)) {
      const path = join(dir, name);
      if (statSync(path).isDirectory()) damage(path);
      else if (/\.(webm|m4s|mp4)$/.test(name)) {
        writeFileSync(path, "no media");
        damaged++;
      }
    }
  };
  damage(env("TEST_FILES"));
  assert.ok(damaged >= 3, `${damaged} files`);
  const { recording } = await vsdk.recordings.merge.create({
    sessionId: session,
    channel1: [{ participantId: "ann" }],
    channel2: [{ participantId: "ann", type: "track" }],
  });
  const transcoding = await vsdk.transcodings.hlsToMp4({ hlsId: hls });
  const [whole] = (await vsdk.recordings.list({ roomId: room })).data;
  const joined = await vsdk.transcodings.meetingRecordingMerge({ recordingIds: [whole.id] });
  const [ann] = (await vsdk.recordings.participant.list({ roomId: room })).data;
  const composed = await vsdk.transcodings.merge({ recordingIds: [ann.id] });
  for (const [type, id] of [
    ["merge-recording-failed", recording.id],
    ["transcoding-failed", transcoding.id],
    ["meeting-recording-merge-failed", joined.id],
    ["composite-merge-failed", composed.id],
  ]) {
    const { data } = await event(type, id);
    assert.ok(data.fault.code && data.fault.remedy, JSON.stringify(data));
  }
  assert.equal((await vsdk.recordings.merge.get(recording.id)).status, "failed");
  assert.equal((await vsdk.transcodings.get(transcoding.id)).status, "failed");
});

test("the end of the session: everybody leaves", async () => {
  await vsdk.sessions.end({ roomId: room });
  assert.equal((await event("participant-left")).data.participantId, "ann");
  assert.ok((await event("session-ended")).data.end);
  assert.deepEqual(broken, []);
});
