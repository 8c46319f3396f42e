// Publishes a picture and a sound that tell the time, with nothing but the API of browsers and docs/protocol.md.
//
// The picture has 16 columns: a row with the bits of the milliseconds since zero, the lowest first, a row with their
// complement, and below them red on the left and blue on the right. The sound is 400 Hz, with 1600 Hz on top of it in the
// first tenth of each second since zero.
(async ({ server, token, meetingId, participantId, codec, scalabilityMode }) => {
  // Both return a track of the sound, and the seconds since zero that it has come to, which move in steps.
  async function playWithWebAudio() {
    const context = new AudioContext({ sampleRate: 48000 });
    await context.resume();
    const sound = context.createMediaStreamDestination();
    const zero = context.currentTime + 0.5;
    for (const [frequency, level] of [[400, 0.2], [1600, 0]]) {
      const source = new OscillatorNode(context, { frequency }), gain = new GainNode(context, { gain: level });
      for (let second = 0; frequency === 1600 && second < 60; second++) {
        gain.gain.setValueAtTime(0.4, zero + second);
        gain.gain.setValueAtTime(0, zero + second + 0.1);
      }
      source.connect(gain).connect(sound);
      source.start();
    }
    return [sound.stream.getAudioTracks()[0], () => context.currentTime - zero];
  }
  // Firefox runs no AudioContext on a machine without a sound card; it does play a file.
  async function playFile() {
    const rate = 48000, samples = new Int16Array(60 * rate);
    for (let i = 0; i < samples.length; i++) {
      const beep = i % rate < rate / 10 ? 0.4 * Math.sin(2 * Math.PI * 1600 * i / rate) : 0;
      samples[i] = 32767 * (beep + 0.2 * Math.sin(2 * Math.PI * 400 * i / rate));
    }
    const head = new DataView(new ArrayBuffer(44)), text = (at, s) => [...s].forEach((c, i) => head.setUint8(at + i, c.charCodeAt(0)));
    text(0, "RIFF"); head.setUint32(4, 36 + samples.byteLength, true); text(8, "WAVEfmt ");
    head.setUint32(16, 16, true); head.setUint16(20, 1, true); head.setUint16(22, 1, true); head.setUint32(24, rate, true);
    head.setUint32(28, 2 * rate, true); head.setUint16(32, 2, true); head.setUint16(34, 16, true);
    text(36, "data"); head.setUint32(40, samples.byteLength, true);
    const audio = window.playing = new Audio(URL.createObjectURL(new Blob([head, samples], { type: "audio/wav" })));
    const stream = audio.mozCaptureStream();
    const added = new Promise((done) => { stream.onaddtrack = done; });
    await audio.play();
    if (!stream.getAudioTracks().length) await added;
    return [stream.getAudioTracks()[0], () => audio.currentTime];
  }
  const [track, position] = await ("mozCaptureStream" in Audio.prototype ? playFile() : playWithWebAudio());

  const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 360 });
  const draw = canvas.getContext("2d", { alpha: false });
  let ahead = Infinity; // of performance.now() before the position of the sound
  const paint = () => {
    ahead = Math.min(ahead, performance.now() / 1000 - position());
    const ms = Math.max(0, Math.round((performance.now() / 1000 - ahead) * 1000));
    for (let bit = 0; bit < 16; bit++) {
      const set = (ms >> bit) & 1;
      draw.fillStyle = set ? "#fff" : "#000";
      draw.fillRect(40 * bit, 0, 40, 60);
      draw.fillStyle = set ? "#000" : "#fff";
      draw.fillRect(40 * bit, 60, 40, 60);
    }
    draw.fillStyle = "rgb(200 60 60)";
    draw.fillRect(0, 120, 320, 240);
    draw.fillStyle = "rgb(60 60 200)";
    draw.fillRect(320, 120, 320, 240);
  };
  paint();
  setInterval(paint, 1000 / 15);

  const socket = new WebSocket(server.replace("http", "ws") + "/v1/signal"), waiting = {};
  await new Promise((done) => { socket.onopen = done; });
  socket.onmessage = (e) => { const m = JSON.parse(e.data); waiting[m.id]?.(m); };
  let calls = 0;
  const call = (method, params) => new Promise((done, failed) => {
    const id = ++calls;
    waiting[id] = (m) => m.error ? failed(new Error(JSON.stringify(m.error))) : done(m.result);
    socket.send(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
  });
  await call("join", {
    protocol: 1, token, meetingId, participantId, name: participantId, autoConsume: false, client: { sdkType: "page" },
  });
  const pc = window.publishing = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
  const sendEncodings = scalabilityMode ? [{ scalabilityMode, maxBitrate: 2_000_000 }] : [{ maxBitrate: 2_000_000 }];
  const video = pc.addTransceiver(canvas.captureStream().getVideoTracks()[0], { direction: "sendonly", sendEncodings });
  if (codec) {
    video.setCodecPreferences(RTCRtpSender.getCapabilities("video").codecs.filter((c) => c.mimeType === "video/" + codec));
  }
  const audio = pc.addTransceiver(track, { direction: "sendonly" });
  await pc.setLocalDescription(await pc.createOffer());
  const answer = await call("publish", { sdp: pc.localDescription.sdp, streams: [
    { mid: video.mid, kind: "video", enabled: true }, { mid: audio.mid, kind: "audio", enabled: true }] });
  await pc.setRemoteDescription({ type: "answer", sdp: answer.sdp });
  if (pc.connectionState !== "connected") {
    await new Promise((done) => pc.addEventListener("connectionstatechange", () => pc.connectionState === "connected" && done()));
  }
  if (scalabilityMode) { // a machine that is busy shall lose pictures, not layers
    const parameters = video.sender.getParameters();
    await video.sender.setParameters({ ...parameters, degradationPreference: "maintain-resolution" });
  }
  // Browsers begin with a smaller picture, or without the upper layers.
  for (let tries = 0, large = 0; tries < 300 && large < 10; tries++) {
    const stats = [...(await video.sender.getStats()).values()];
    large = stats.some((s) => s.type === "outbound-rtp" && s.frameWidth === 640) ? large + 1 : 0;
    await new Promise((done) => setTimeout(done, 100));
  }
})
