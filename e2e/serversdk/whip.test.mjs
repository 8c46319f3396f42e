// whip and whep of the vendor's server SDK, unmodified. The SDK makes addresses and tokens; the Go test publishes and
// plays with them, and says over standard input when the next step may come.
import assert from "node:assert/strict";
import { createInterface } from "node:readline";
import { RoomNotFoundError, VideoSDK, VideoSDKError } from "@videosdk.live/server-sdk";

const { TEST_URL: apiEndpoint, TEST_API_KEY: apiKey, TEST_SECRET: secret, TEST_ROOM: room } = process.env;
const vsdk = new VideoSDK({ apiKey, secret, apiEndpoint });
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const say = (what) => console.log(JSON.stringify(what));
const next = async () => (await lines.next()).value;

const ingress = vsdk.whip.create(room, { participantId: "cam", name: "Camera", useExistingPeer: true });
const playback = vsdk.whep.create(room, { participantId: "tv", source: { participantId: "cam" } });
say({ whip: ingress, whep: playback });
assert.equal(await next(), "up");

await vsdk.whep.delete(playback);
await vsdk.whip.delete(ingress);
await assert.rejects(vsdk.whip.delete(ingress), (e) => {
  assert.ok(e instanceof RoomNotFoundError || e instanceof VideoSDKError, String(e));
  return true;
});
say({ deleted: true });
assert.equal(await next(), "up again");

// By the address of the Location header.
const sessionId = new URL(await next()).pathname.split("/").at(-1);
await vsdk.whip.delete({ ...ingress, sessionId });
await assert.rejects(vsdk.whip.delete({ ...ingress, sessionId }), (e) => {
  assert.equal(e.httpStatus, 404);
  assert.equal(e.details.reason, "MEDIA_SESSION");
  return true;
});
say({ deleted: true });
process.exit(0);
