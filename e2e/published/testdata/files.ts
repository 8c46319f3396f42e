import { check, equal, given, rejects, run } from "./page.js";
import { VideoSDK } from "@videosdk.live/js-sdk";

run(async () => {
  VideoSDK.config(given.token);
  const meet = (name: string) =>
    VideoSDK.initMeeting({ meetingId: given.meetingId, name, signalingBaseUrl: given.server } as never);
  const [ann, bob] = [meet("Ann"), meet("Bob")];
  const { token } = given;
  await rejects("before joining", () => ann.uploadBase64File({ base64Data: "eA==", token, fileName: "a" }), {
    code: 3035,
  });
  await Promise.all([ann.join(), bob.join()]);

  const bytes = crypto.getRandomValues(new Uint8Array(50_001));
  const base64Data = btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ""));
  const url = await ann.uploadBase64File({ base64Data, token, fileName: "noise.bin" });
  check(`an address: ${url}`, url !== null && url.startsWith(given.server));
  equal("what bob fetches", await bob.fetchBase64File({ url: url!, token }), base64Data);
  equal("without a token", (await fetch(url!)).status, 401);

  // Ours: how far it is, and a way to end it.
  const shares: number[] = [];
  const onProgress = (share: number): void => void shares.push(share);
  await ann.uploadBase64File({ base64Data, token, fileName: "noise.bin", onProgress } as never);
  equal("what has been sent in the end", shares.at(-1), 1);
  const ended = { base64Data, token, fileName: "a", signal: AbortSignal.abort() };
  await rejects("what was ended", () => ann.uploadBase64File(ended as never), { code: 3056, reason: "CANCELLED" });

  const refused = async (name: string, options: object, is: object): Promise<void> =>
    rejects(name, () => ann.uploadBase64File({ base64Data: "eA==", token, fileName: "a", ...options }), is as never);
  await refused("without a name", { fileName: "" }, { code: 3073, reason: "MISSING" });
  await refused("a data URL", { base64Data: "data:text/plain;base64,eA==" }, { code: 3073, reason: "OUT_OF_RANGE" });
  await refused("another token", { token: "x.y.z" }, { code: 3074, reason: "REFUSED" });
  const large = "AAAA".repeat((10 << 20) / 3 + 1000);
  await refused("too large", { base64Data: large }, { code: 3074, reason: "TOO_LARGE" });
  const fetching = (name: string, address: string, is: object): Promise<void> =>
    rejects(name, () => bob.fetchBase64File({ url: address, token }), is as never);
  await fetching("elsewhere", "https://example.org/secret", { code: 3073, reason: "OUT_OF_RANGE" });
  await fetching("another file", url!.replace(/[^/]+$/, "nosuch"), { code: 3075, reason: "NOT_FOUND" });
  await Promise.all([ann.leave(), bob.leave()]);
});
