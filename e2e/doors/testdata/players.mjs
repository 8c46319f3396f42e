// The clients of WHIP and WHEP of the npm package registry, as a page uses them.
import { WebRTCPlayer } from "@eyevinn/webrtc-player";
import { WHIPClient } from "@eyevinn/whip-web-client";

globalThis.publish = async (endpoint, authkey) => {
  const media = await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 360 }, audio: true });
  const client = (globalThis.client = new WHIPClient({ endpoint, opts: { authkey, noTrickleIce: true } }));
  await client.setIceServersFromEndpoint?.().catch(() => undefined);
  await client.ingest(media);
  return client.getResourceUrl();
};

globalThis.play = async (endpoint, authkey) => {
  const element = Object.assign(document.createElement("video"), { muted: true, autoplay: true });
  const video = document.body.appendChild(element);
  globalThis.video = video;
  const player = (globalThis.player = new WebRTCPlayer({ video, type: "whep", statsTypeFilter: "^inbound-rtp" }));
  await player.load(new URL(endpoint), `Bearer ${authkey}`);
};
