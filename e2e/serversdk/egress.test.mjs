// Recordings, livestreams, HLS and webhooks with the vendor's server SDK, unmodified. The Go test starts the server,
// lets ann and bob (bots with picture and sound) into the room, and waits for the RTMP stream.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { test } from "node:test";
import { RoomNotFoundError, ResourceConflictError, ValidationError, VideoSDK } from "@videosdk.live/server-sdk";
import { env, listen } from "./hook.mjs";

const apiEndpoint = env("TEST_URL");
const vsdk = new VideoSDK({ apiKey: env("TEST_API_KEY"), secret: env("TEST_SECRET"), apiEndpoint });
const room = env("TEST_ROOM");
const session = env("TEST_SESSION");
const { events, broken, until, event, url } = listen(vsdk);

/**
 * What composes pictures runs with one of the storages: composing is most of the cost, and knows nothing of where its
 * file goes. What does not compose runs with both.
 */
const only = (storage) => ({ skip: env("TEST_STORAGE") !== storage });

/** Downloads a link without any credential, and lets ffprobe judge what it is. */
async function probe(link) {
  const res = await fetch(link, { headers: { range: "bytes=0-3" } });
  assert.equal(res.status, 206, await res.text());
  return JSON.parse(
    execFileSync("ffprobe", ["-v", "error", "-of", "json", "-show_streams", "-show_format", link], {
      encoding: "utf8",
    }),
  );
}
/** The loudness of each channel, in dB. */
function volumes(link) {
  const of = (channel) =>
    spawnSync("ffmpeg", ["-hide_banner", "-i", link, "-af", `pan=mono|c0=${channel},volumedetect`, "-f", "null", "-"], {
      encoding: "utf8",
    }).stderr.match(/mean_volume: (\S+) dB/)?.[1];
  return { left: Number(of("FL")), right: Number(of("FR")) };
}
/** A red square as the image of a watermark. */
const LOGO =
  "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGP4z8AARAwQCgAf7gP9i18U1AAAAABJRU5ErkJggg==";
/** The color of a point of the first picture. */
const pixel = (link, x, y) => {
  const args = ["-frames:v", "1", "-vf", `crop=2:2:${x}:${y}`, "-pix_fmt", "rgb24", "-f", "rawvideo", "-"];
  return [...execFileSync("ffmpeg", ["-v", "error", "-i", link, ...args], { encoding: "buffer" })];
};
/** What the first pictures of a file are coded as. */
const coded = (link) => {
  const args = ["-map", "0:v", "-c", "copy", "-frames:v", "20", "-f", "md5", "-"];
  return execFileSync("ffmpeg", ["-v", "error", "-i", link, ...args], { encoding: "utf8" });
};
const codecs = (probed) => probed.streams.map((s) => s.codec_name).sort();
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function refused(call, kind, status, name, reason) {
  let error;
  await assert.rejects(call, (e) => ((error = e), true));
  assert.equal(error.constructor, kind, String(error));
  assert.equal(error.httpStatus, status, String(error));
  assert.equal(error.code, name);
  assert.equal(error.details.reason, reason);
  return error;
}

/** Records the room for a second. */
async function recorded(options) {
  const handle = await vsdk.recordings.start(room, options);
  await pause(1500);
  await vsdk.recordings.stop(handle);
  const [{ id }] = (await vsdk.recordings.list({ roomId: room })).data;
  await event("recording-stopped", id);
  return vsdk.recordings.get(id);
}
/** Picture and sound of a file have that length, in seconds. */
async function lasts(link, seconds) {
  const probed = await probe(link);
  assert.deepEqual(codecs(probed), ["aac", "h264"]);
  for (const s of probed.streams) {
    assert.ok(Math.abs(Number(s.duration) - seconds) < 0.5, `${s.codec_type}: ${s.duration}, not ${seconds}`);
  }
}

test("recordings: start, stop, list, get, delete", only("disk"), async () => {
  await refused(vsdk.recordings.stop(room), ResourceConflictError, 409, "STOP_RECORDING_FAILED", "NOT_RUNNING");
  const handle = await vsdk.recordings.start(room, {
    composition: { layout: "grid", gridSize: 4, quality: "low", theme: "DARK" },
    dirPath: "vendor/recordings",
    webhookUrl: url("/per-call"),
  });
  assert.equal(handle.raw, "Recording started successfully");
  await refused(vsdk.recordings.start(room), ResourceConflictError, 409, "START_RECORDING_FAILED", "ALREADY_RUNNING");
  await pause(1500);
  const running = (await vsdk.recordings.list({ roomId: room })).data[0];
  assert.equal(running.status, "STARTED");
  assert.equal(running.end, null);
  await refused(vsdk.recordings.delete(running.id), ResourceConflictError, 409, "CONFLICT", "STATE");
  assert.equal(await vsdk.recordings.stop(handle), "Recording ended successfully");
  const stopped = await event("recording-stopped", running.id);

  const page = await vsdk.recordings.list({ roomId: room, sessionId: session });
  assert.equal(page.total, 1);
  const recording = await vsdk.recordings.get(page.data[0].id);
  assert.equal(recording.roomId, room);
  assert.equal(recording.sessionId, session);
  assert.notEqual(recording.end, null);
  const { file } = recording;
  assert.match(file.filePath, new RegExp(`^vendor/recordings/${session}/${recording.id}/`));
  assert.equal(stopped.data.filePath, file.filePath);
  assert.equal(file.type, "video");
  assert.equal(file.meta.format, "mp4");
  assert.deepEqual(file.meta.resolution, { width: 854, height: 480 });
  assert.ok(file.size > 10_000);
  for (const link of [file.fileUrl, stopped.data.fileUrl]) {
    const probed = await probe(link);
    assert.deepEqual(codecs(probed), ["aac", "h264"]);
    assert.ok(
      Math.abs(Number(probed.format.duration) - file.meta.duration) < 0.5,
      `${probed.format.duration} is not ${file.meta.duration}`,
    );
    assert.ok(file.meta.duration > 1);
  }
  // Both endpoints were told: the room's, and that of the call.
  const told = await until("all deliveries", async () => {
    const { webhook } = await vsdk.recordings.get(recording.id);
    return webhook.successCount === webhook.totalCount && webhook.totalCount === 8 && webhook;
  });
  const order = ["recording-starting", "recording-started", "recording-stopping", "recording-stopped"];
  assert.deepEqual([...new Set(told.data.map((d) => d.type))], order);
  for (const path of ["/room", "/per-call"]) {
    assert.deepEqual(
      events.filter((e) => e.path === path && e.data.id === recording.id).map((e) => e.type),
      order,
    );
  }

  // Recordings of the room end to end: two of one kind, which are copied, and one of sound alone, which is not.
  const again = await recorded({ composition: { layout: "grid", quality: "low" } });
  const sound = await recorded({ config: { mode: "audio" } });
  const joined = await vsdk.transcodings.meetingRecordingMerge({
    recordingIds: [{ id: again.id }, recording.id],
    webhookUrl: url("/per-join"),
  });
  assert.equal(joined.task, "meeting-recording-merge");
  assert.equal(joined.status, "pending");
  assert.deepEqual(joined.recordingIds, [again.id, recording.id]);
  const mixed = await vsdk.transcodings.meetingRecordingMerge({ recordingIds: [recording.id, sound.id] });
  const dropped = await vsdk.transcodings.meetingRecordingMerge({ recordingIds: [sound.id] });
  assert.equal((await vsdk.transcodings.cancel(dropped.id)).status, "cancelled");
  for (const [id, parts] of [
    [joined.id, [recording, again]],
    [mixed.id, [recording, sound]],
  ]) {
    await event("meeting-recording-merge-started", id);
    const { data } = await event("meeting-recording-merge-completed", id);
    const whole = await vsdk.transcodings.get(id);
    assert.equal(whole.status, "completed");
    assert.deepEqual(data.recordingIds, whole.recordingIds);
    assert.equal(data.filePath, whole.file.filePath);
    assert.deepEqual(whole.file.meta.resolution, { width: 854, height: 480 });
    await lasts(whole.file.fileUrl, parts[0].file.meta.duration + parts[1].file.meta.duration);
  }
  const copied = (await vsdk.transcodings.get(joined.id)).file.fileUrl;
  assert.equal(coded(copied), coded(recording.file.fileUrl), "recordings of one kind are not encoded anew");
  await event("meeting-recording-merge-cancelled", dropped.id);
  assert.deepEqual(
    events.filter((e) => e.path === "/per-join").map((e) => [e.type, e.data.id]),
    ["started", "completed"].map((state) => [`meeting-recording-merge-${state}`, joined.id]),
  );

  assert.equal(await vsdk.recordings.delete(recording.id), "Room recording deleted successfully");
  await refused(vsdk.recordings.get(recording.id), RoomNotFoundError, 404, "NOT_FOUND", "JOB");
  assert.equal((await fetch(file.fileUrl)).status, 404);
});

test("recordings of a participant and of a track", async () => {
  assert.match(
    await vsdk.recordings.participant.start(room, { participantId: "ann", dirPath: "vendor/people" }),
    /started/,
  );
  assert.match(
    await vsdk.recordings.track.start(room, { participantId: "bob", kind: "audio", fileFormat: "webm" }),
    /started/,
  );
  await refused(
    vsdk.recordings.participant.start(room, { participantId: "nobody" }),
    ResourceConflictError,
    409,
    "START_PARTICIPANT_RECORDING_FAILED",
    "NO_SUCH_PARTICIPANT",
  );
  await pause(1500);
  assert.match(await vsdk.recordings.participant.stop(room, "ann"), /ended/);
  assert.match(await vsdk.recordings.track.stop(room, "bob", "audio"), /ended/);
  await event("participant-recording-stopped");
  await event("participant-track-recording-stopped");

  const [ann] = (await vsdk.recordings.participant.list({ roomId: room, participantId: "ann" })).data;
  assert.equal((await vsdk.recordings.participant.list({ roomId: room, participantId: "bob" })).total, 0);
  assert.equal(ann.participantName, "ann");
  const whole = await vsdk.recordings.participant.get(ann.id);
  assert.deepEqual(codecs(await probe(whole.files[0].fileUrl)), ["opus", "vp8"]);
  const [bob] = (await vsdk.recordings.track.list({ sessionId: session })).data;
  assert.equal(bob.kind, "audio");
  const track = await vsdk.recordings.track.get(bob.id);
  assert.deepEqual(codecs(await probe(track.files[0].fileUrl)), ["opus"]);
  assert.equal(track.files[0].type, "audio");
  await assert.rejects(vsdk.recordings.track.get(ann.id), RoomNotFoundError, "a recording of another kind");

  // The sound of both in two channels: ann on the left, bob on the right.
  const merged = await vsdk.recordings.merge.create({
    sessionId: session,
    channel1: [{ participantId: "ann" }],
    channel2: [{ participantId: "bob", type: "track", recordingId: bob.id }],
    dirPath: "vendor/merged",
    webhookUrl: url("/per-merge"),
  });
  assert.match(merged.message, /started/);
  assert.equal(merged.recording.sessionId, session);
  assert.deepEqual(merged.recording.channel1, [{ participantId: "ann", recordingId: ann.id }]);
  const done = await until("the merge", () =>
    events.find((e) => e.path === "/per-merge" && e.data.id === merged.recording.id),
  );
  assert.equal(done.type, "merge-recording-completed");
  await event("merge-recording-completed", merged.recording.id);
  const muxed = await vsdk.recordings.merge.get(merged.recording.id);
  assert.equal(muxed.status, "completed");
  assert.match(muxed.file.filePath, /^vendor\/merged\//);
  assert.equal(done.data.filePath, muxed.file.filePath);
  const sound = await probe(muxed.file.fileUrl);
  assert.deepEqual(
    sound.streams.map((s) => [s.codec_name, s.channels]),
    [["aac", 2]],
  );
  assert.ok(Math.abs(Number(sound.format.duration) - muxed.file.meta.duration) < 1, sound.format.duration);
  const loud = volumes(muxed.file.fileUrl);
  assert.ok(loud.left > -50 && loud.right > -50, `both are heard: ${JSON.stringify(loud)}`);
  assert.equal((await vsdk.recordings.merge.list({ sessionId: session, status: "completed" })).data.length, 1);
  assert.equal((await vsdk.recordings.merge.list({ id: merged.recording.id })).total, 1);
  assert.equal((await vsdk.recordings.merge.list({ status: "failed" })).total, 0);
  await refused(
    vsdk.recordings.merge.create({
      sessionId: session,
      channel1: [{ participantId: "ann" }],
      channel2: [{ participantId: "ann", recordingId: bob.id, type: "track" }],
    }),
    ValidationError,
    400,
    "INVALID_MESSAGE",
    "BAD_PARAMS",
  );
  await refused(
    vsdk.recordings.merge.create({
      sessionId: session,
      channel1: [{ participantId: "nobody" }],
      channel2: [{ participantId: "ann" }],
    }),
    RoomNotFoundError,
    404,
    "NOT_FOUND",
    "JOB",
  );

  // Both in one picture, and what is said in it.
  const both = [ann.id, bob.id];
  const composed = await vsdk.transcodings.merge({
    recordingIds: both,
    task: "composite-merge",
    webhookUrl: url("/per-composite"),
    watermark: { type: "image", image: LOGO },
  });
  assert.equal(composed.task, "composite-merge");
  assert.deepEqual(composed.recordingIds, both);
  await refused(
    vsdk.transcodings.merge({ recordingIds: [bob.id, ann.id] }),
    ResourceConflictError,
    409,
    "CONFLICT",
    "SAME_RECORDINGS",
  );
  const dropped = await vsdk.transcodings.merge({ recordingIds: [ann.id] });
  assert.equal((await vsdk.transcodings.cancel(dropped.id)).status, "cancelled");
  const clock = await vsdk.transcodings.merge({
    recordingIds: [ann.id],
    watermark: { type: "timestamp", startTime: "2026-05-05T10:00:00" },
  });
  await event("composite-merge-started", composed.id);
  const { data } = await event("composite-merge-completed", composed.id);
  await event("composite-merge-cancelled", dropped.id);
  await event("composite-merge-completed", clock.id);
  const picture = await vsdk.transcodings.get(composed.id);
  assert.equal(picture.status, "completed");
  assert.equal(data.filePath, picture.file.filePath);
  assert.deepEqual(picture.file.meta.resolution, { width: 1280, height: 720 });
  await lasts(picture.file.fileUrl, picture.file.meta.duration);
  await lasts((await vsdk.transcodings.get(clock.id)).file.fileUrl, whole.files[0].meta.duration);
  const [red, green] = pixel(picture.file.fileUrl, 1200, 640);
  assert.ok(red > 200 && green < 60, `the logo is red: ${red} ${green}`);
  const heard = volumes(picture.file.fileUrl);
  assert.ok(heard.left > -50 && heard.right > -50, JSON.stringify(heard));
  assert.deepEqual(
    events.filter((e) => e.path === "/per-composite").map((e) => [e.type, e.data.recordingIds]),
    ["started", "completed"].map((state) => [`composite-merge-${state}`, both]),
  );
  assert.equal((await vsdk.transcodings.list({ sessionId: session, status: "cancelled" })).data[0].id, dropped.id);
  await refused(vsdk.transcodings.merge({ recordingIds: [] }), ValidationError, 400, "INVALID_MESSAGE", "BAD_PARAMS");

  assert.match(await vsdk.recordings.participant.delete(ann.id), /deleted/);
  assert.match(await vsdk.recordings.track.delete(bob.id), /deleted/);
});

test("composite recordings", only("disk"), async () => {
  const handle = await vsdk.recordings.composite.start(room, {
    participants: [{ participantId: "ann", kind: ["video", "audio"] }, { participantId: "bob" }],
    dirPath: "vendor/composites",
    watermarks: [
      { type: "custom", imageBase64: LOGO, text: "CONFIDENTIAL", timezone: "Asia/Kolkata" },
      { type: "pubsub", topic: "CAPTIONS" },
    ],
  });
  assert.ok(handle.id);
  assert.equal(handle.sessionId, session);
  await pause(1500);
  assert.equal(await vsdk.recordings.composite.stop(handle), "composite recording ended successfully.");
  await event("composite-recording-stopped", handle.id);
  const composite = await vsdk.recordings.composite.get(handle.id);
  assert.deepEqual(
    composite.participants.map((p) => p.participantId),
    ["ann", "bob"],
  );
  assert.deepEqual(composite.participants[0].kind, ["video", "audio"]);
  assert.deepEqual(composite.watermarks, [
    { type: "custom", text: "CONFIDENTIAL", timezone: "Asia/Kolkata" },
    { type: "pubsub", topic: "CAPTIONS" },
  ]);
  // The logo is red: 720p, 20 pixels from the edges, below it two lines of 38 pixels.
  const [red, green] = pixel(composite.file.fileUrl, 1200, 570);
  assert.ok(red > 200 && green < 60, `${red} ${green}`);
  assert.deepEqual(codecs(await probe(composite.file.fileUrl)), ["aac", "h264"]);
  assert.equal((await vsdk.recordings.composite.list({ roomId: room })).total, 1);
  assert.match(await vsdk.recordings.composite.delete(handle.id), /deleted/);
  await assert.rejects(vsdk.recordings.composite.stop({ roomId: room, recordingId: handle.id }), RoomNotFoundError);
});

test("hls: start, active, list, play, capture, stop, delete", only("bucket"), async () => {
  await assert.rejects(vsdk.hls.get(room), RoomNotFoundError, "none is active");
  const handle = await vsdk.hls.start(room, {
    composition: { layout: "spotlight", quality: "low" },
    recording: { enabled: true },
  });
  assert.ok(handle.id);
  assert.equal(handle.raw.roomId, room);
  const playable = await event("hls-playable", handle.id);
  const active = await vsdk.hls.get(room);
  assert.equal(active.id, handle.id);
  for (const url of [active.playbackHlsUrl, active.livestreamUrl, playable.data.downstreamUrl]) {
    assert.deepEqual(
      codecs(
        JSON.parse(execFileSync("ffprobe", ["-v", "error", "-of", "json", "-show_streams", url], { encoding: "utf8" })),
      ),
      ["aac", "h264"],
    );
  }

  // A picture of it: of this moment, and of one that has passed.
  const now = await vsdk.hls.capture({ roomId: room });
  assert.equal(now.roomId, room);
  assert.deepEqual([now.meta.width, now.meta.height, now.meta.format], [854, 480, "jpg"]);
  assert.ok(now.message && Math.abs(Date.now() - Date.parse(now.meta.createdAt)) < 60_000);
  assert.equal(now.filePath, `${session}/${handle.id}/${now.fileName}`);
  const links = [now.fileUrl];
  for (const [format, codec] of [
    ["jpg", "mjpeg"],
    ["png", "png"],
    ["webp", "webp"],
  ]) {
    const still = await vsdk.hls.capture({ roomId: room, format, width: 320, time: 1.5 });
    const probed = await probe(still.fileUrl);
    assert.deepEqual(
      probed.streams.map((s) => [s.codec_name, s.width, s.height]),
      [[codec, 320, 180]],
    );
    assert.equal(Number(probed.format.size), still.fileSize);
    assert.ok(still.fileName.endsWith(`.${format}`));
    links.push(still.fileUrl);
  }
  await refused(vsdk.hls.capture({ roomId: room, width: 5000 }), ValidationError, 400, "INVALID_MESSAGE", "BAD_PARAMS");
  await refused(
    vsdk.hls.capture({ roomId: room, time: 9999 }),
    ValidationError,
    400,
    "INVALID_MESSAGE",
    "BEYOND_STREAM",
  );

  assert.equal(await vsdk.hls.stop(handle), "HLS ended successfully");
  await event("hls-stopped", handle.id);
  const stream = await vsdk.hls.getById(handle.id);
  assert.notEqual(stream.end, null);
  assert.ok(stream.duration > 1);
  assert.equal((await vsdk.hls.list({ roomId: room })).total, 1);
  assert.equal((await fetch(stream.playbackHlsUrl)).status, 200, "kept to be watched later");
  await refused(vsdk.hls.capture({ roomId: room }), RoomNotFoundError, 404, "NOT_FOUND", "JOB");
  links.push((await vsdk.hls.capture({ roomId: room, time: 0, height: 48 })).fileUrl);
  assert.ok(stream.file.size > 10_000, "recording: {enabled: true} writes a file");

  // The stream as one file.
  const transcoding = await vsdk.transcodings.hlsToMp4({
    hlsId: handle.id,
    webhookUrl: url("/per-transcoding"),
  });
  assert.equal(transcoding.hlsId, handle.id);
  assert.equal(transcoding.task, "hls-to-mp4");
  await event("transcoding-completed", transcoding.id);
  const whole = await vsdk.transcodings.get(transcoding.id);
  assert.equal(whole.status, "completed");
  const mp4 = await probe(whole.file.fileUrl);
  assert.deepEqual(codecs(mp4), ["aac", "h264"]);
  assert.ok(Math.abs(Number(mp4.format.duration) - stream.duration) < 1, mp4.format.duration);
  assert.equal((await vsdk.transcodings.list({ hlsId: handle.id, status: "completed" })).total, 1);
  assert.equal((await vsdk.transcodings.list({ hlsId: "another" })).total, 0);
  await refused(vsdk.transcodings.cancel(whole.id), ResourceConflictError, 409, "CONFLICT", "STATE");
  await refused(vsdk.transcodings.hlsToMp4({}), ValidationError, 400, "INVALID_MESSAGE", "BAD_PARAMS");

  assert.equal(await vsdk.hls.delete(handle.id), "Room Hls Recording deleted successfully !");
  for (const link of [stream.playbackHlsUrl, ...links]) assert.equal((await fetch(link)).status, 404, link);
});

test("rtmp: start, list, get, stop", only("disk"), async () => {
  await refused(
    vsdk.rtmp.start(room, { streams: [{ url: "file:///etc/passwd", streamKey: "x" }] }),
    ValidationError,
    400,
    "INVALID_LIVESTREAM_CONFIG",
    "SCHEME",
  );
  await assert.rejects(vsdk.rtmp.start(room, { streams: [] }), ValidationError);
  const streamKey = env("TEST_RTMP_KEY");
  const handle = await vsdk.rtmp.start(room, {
    streams: [{ url: env("TEST_RTMP_URL"), streamKey }],
    composition: { layout: "grid", quality: "low" },
  });
  assert.equal(handle.raw, "Livestream started successfully");
  const [running] = (await vsdk.rtmp.list({ roomId: room })).data;
  assert.deepEqual(
    running.outputs.map((o) => o.url),
    [env("TEST_RTMP_URL")],
  );
  assert.ok(!JSON.stringify(running).includes(streamKey), "the stream key is never shown");
  await pause(1500);
  assert.equal(await vsdk.rtmp.stop(handle), "Livestream ended successfully");
  await event("livestream-stopped", running.id);
  assert.notEqual((await vsdk.rtmp.get(running.id)).end, null);
});

test("webhooks: every one verified, in the order of the meeting", async () => {
  assert.deepEqual(broken, []);
  assert.match(await vsdk.webhooks.getPublicKey(), /^-----BEGIN PUBLIC KEY-----/);
  const toRoom = events.filter((e) => e.path === "/room");
  assert.deepEqual(
    toRoom.map((e) => e.sequence),
    toRoom.map((_, i) => i + 1),
    "in order, none missing, none twice",
  );
  assert.deepEqual(
    toRoom.slice(0, 3).map((e) => [e.type, e.data.participantId]),
    [
      ["session-started", undefined],
      ["participant-joined", "ann"],
      ["participant-joined", "bob"],
    ],
  );
  for (const e of toRoom) {
    assert.equal(e.webhookType, e.type);
    assert.equal(e.data.meetingId, room);
    assert.equal(e.data.sessionId, session);
  }
});
