// src/faults.gen.ts
var e = (e) => ({
	mediaConnectionLostRelayUnreachable: (t, n) => e([
		3101,
		"MEDIA_CONNECTION_LOST",
		"The media connection to the server is lost.",
		"RELAY_UNREACHABLE",
		!1,
		!0,
		"The {connection} connection found no path through a relay in {afterMs} ms: the TURN servers are {servers}. Signaling works.",
		"Open the ports of these TURN servers in the firewalls between: turn.address of Klatch, over UDP and TCP, or those of turn.externalUrls. Where turn.externalUrls names a server that is gone, correct it.",
		"",
		"connection servers afterMs"
	], t, n),
	unsupportedEnvironmentNoSoundHeard: (t, n) => e([
		3104,
		"UNSUPPORTED_ENVIRONMENT",
		"This environment cannot take part in a meeting.",
		"NO_SOUND_HEARD",
		!1,
		!1,
		"A tone was played on {device} for {playedMs} ms, and the user answered that nothing was heard.",
		"Raise the volume, unmute the tab and the system, and select the loudspeaker or headset that is in use as the output of the system; then play the tone again.",
		"",
		"device playedMs"
	], t, n),
	serverCheckFailedLoss: (t, n) => e([
		5108,
		"SERVER_CHECK_FAILED",
		"A check of the server found a problem.",
		"LOSS",
		!1,
		!1,
		"Over {way}, {percent} percent of the packets were lost at a round trip of {rttMs} ms.",
		"Look for a full link, Wi-Fi or a firewall with limits between here and the server; the server itself drops nothing at this rate.",
		"",
		"way percent rttMs"
	], t, n)
}), t = {
	audio: {
		packetLoss: [
			1,
			3,
			8,
			20
		],
		jitter: [
			30,
			60,
			120,
			300
		],
		rtt: [
			250,
			400,
			800,
			1500
		]
	},
	video: {
		packetLoss: [
			2,
			5,
			10,
			20
		],
		jitter: [
			50,
			100,
			200,
			400
		],
		rtt: [
			250,
			400,
			800,
			1500
		]
	}
}, n = [
	.02,
	.05,
	.15,
	.3
], r = [
	5,
	15,
	30,
	50
], i = (e, t) => e === null ? 5 : 5 - t.filter((t) => e >= t).length, a = (e, t = 0) => Math.round(e * 10 ** t) / 10 ** t, o = (e, t = 0) => e === void 0 || !Number.isFinite(e) ? null : a(e, t), s = (e, t, n) => e.find((e) => e.type === t && e.kind === n), c = (e) => e.find(({ type: e, nominated: t, state: n }) => e === "candidate-pair" && t && n !== "failed"), l = (e, t) => e === void 0 ? void 0 : Math.max(0, e - (t ?? 0));
function u(e, t) {
	return e === void 0 || t === void 0 || t === 0 ? void 0 : Math.min(100, 100 * e / t);
}
function d(e, t, n) {
	let r = (e) => {
		let t = n.includes("audio") ? e("audio") : null, r = n.includes("video") ? e("video") : null, i = [t, r].filter((e) => e !== null), a = i.map(({ quality: e }) => e.quality).filter((e) => e > 0);
		return {
			quality: a.length > 0 ? Math.min(...a) : 0,
			factors: [...new Set(i.flatMap(({ factors: e }) => e))],
			audio: t?.quality ?? null,
			video: r?.quality ?? null
		};
	};
	return {
		audioOnly: !n.includes("video"),
		uplink: r((n) => p(e, t, n)),
		downlink: r((n) => m(e, t, n))
	};
}
function f(e, n, r) {
	let { rtt: a, packetLoss: o, jitter: s, bitrate: c } = n, l = {
		rtt: i(a, t[e].rtt),
		packetLoss: i(o, t[e].packetLoss),
		jitter: i(s, t[e].jitter),
		...r
	};
	return {
		quality: {
			quality: c ? Math.max(1, Math.min(...Object.values(l))) : 0,
			...n
		},
		factors: Object.keys(l).filter((e) => (l[e] ?? 5) < 5)
	};
}
function p(e, t, n) {
	let r = t.atMs - e.atMs, i = s(t.sent, "outbound-rtp", n), a = s(e.sent, "outbound-rtp", n), d = s(t.sent, "remote-inbound-rtp", n), p = s(e.sent, "remote-inbound-rtp", n), m = l(i?.bytesSent, a?.bytesSent), g = l(d?.packetsLost, p?.packetsLost), _ = c(t.sent)?.currentRoundTripTime ?? d?.roundTripTime, v = {
		rtt: o(_ === void 0 ? void 0 : _ * 1e3),
		bitrate: o(m === void 0 ? void 0 : m * 8e3 / r),
		packetLoss: o(u(g, l(i?.packetsSent, a?.packetsSent)), 2),
		jitter: o(d?.jitter === void 0 ? void 0 : d.jitter * 1e3),
		bytesSent: i?.bytesSent ?? 0
	};
	if (n === "audio") return f(n, v, {});
	let y = l(i?.framesSent, a?.framesSent), b = i?.qualityLimitationReason ?? "none";
	return f(n, {
		...v,
		fps: o(y === void 0 ? void 0 : y * 1e3 / r),
		resolution: h(i),
		qualityLimitationReason: b
	}, b === "bandwidth" || b === "cpu" ? { [b]: b === "cpu" ? 4 : 3 } : {});
}
function m(e, t, a) {
	let d = t.atMs - e.atMs, p = s(t.received, "inbound-rtp", a), m = s(e.received, "inbound-rtp", a), g = l(p?.bytesReceived, m?.bytesReceived), _ = l(p?.packetsLost, m?.packetsLost), v = l(p?.packetsReceived, m?.packetsReceived), y = c(t.received)?.currentRoundTripTime, b = {
		rtt: o(y === void 0 ? void 0 : y * 1e3),
		bitrate: o(g === void 0 ? void 0 : g * 8e3 / d),
		packetLoss: o(u(_, v === void 0 || _ === void 0 ? void 0 : v + _), 2),
		jitter: o(p?.jitter === void 0 ? void 0 : p.jitter * 1e3),
		bytesReceived: p?.bytesReceived ?? 0
	};
	if (a === "audio") return f(a, b, {});
	let x = l(p?.framesDecoded, m?.framesDecoded), S = l(p?.framesDropped, m?.framesDropped), C = l(p?.totalFreezesDuration, m?.totalFreezesDuration), w = o(u(S, l(p?.framesReceived, m?.framesReceived)), 2);
	return f(a, {
		...b,
		fps: o(x === void 0 ? void 0 : x * 1e3 / d),
		resolution: h(p),
		framesDropped: o(S),
		framesDroppedRatio: w,
		freezeCount: o(l(p?.freezeCount, m?.freezeCount)),
		totalFreezesDuration: o(C, 2)
	}, {
		freeze: i(C === void 0 ? null : C * 1e3 / d, n),
		framesDropped: i(w, r)
	});
}
var h = (e) => e?.frameWidth && e.frameHeight ? `${e.frameWidth}x${e.frameHeight}` : null;
function g(e, t) {
	let n = s(e, "outbound-rtp", t)?.codecId;
	return e.find(({ id: e }) => e === n)?.mimeType?.split("/")[1];
}
// src/precallway.ts
var _ = 12e3, v = 100, y = 1e3, b = class extends Error {};
function x(e, t) {
	return t.catch(() => void 0), new Promise((n, r) => {
		let i = () => r(new b());
		if (e.aborted) return i();
		e.addEventListener("abort", i, { once: !0 }), t.then(n, r).finally(() => e.removeEventListener("abort", i));
	});
}
var S = (e) => new Promise((t) => setTimeout(t, e)), C = class {
	#e;
	at;
	#t;
	#n = () => void 0;
	#r;
	ended;
	#i = !1;
	iceServers = [];
	constructor(e) {
		this.#t = e;
		let { kit: t, serverUrl: n } = e, r = t.readAddress(n, location);
		this.at = {
			meetingId: "",
			sessionId: "",
			participantId: "",
			server: r.base
		}, this.ended = new Promise((e, t) => this.#r = t), this.ended.catch(() => void 0);
		let i = (e) => this.#r?.(new t.VideoSDKError(e));
		this.#e = new t.Signal(r, {
			event: (e) => {
				e.name === "meeting-left" && e.data.fault ? i(e.data.fault) : this.#n(e);
			},
			cut: () => void 0,
			pausing: () => void 0,
			unreachable: () => void 0,
			reached: () => void 0,
			resumed: () => void 0,
			rejoining: i,
			rejoined: () => void 0,
			refused: i,
			closed: i
		}, () => this.at, { joinAttempts: 2 });
	}
	async join(e, t = () => void 0) {
		let { kit: n, token: r, testId: i } = this.#t;
		this.#n = t;
		let a = {
			token: r,
			meetingId: "",
			preCallTest: i,
			name: "",
			mode: e,
			client: {
				sdkType: "js",
				sdkVersion: n.version,
				platform: navigator.platform,
				browserUserAgent: navigator.userAgent
			}
		}, { welcome: o } = await this.#e.join(() => a);
		this.#i = !0, this.iceServers = (o?.iceServers ?? []).map(({ urls: e, username: t, credential: n }) => ({
			urls: [...e],
			...t !== void 0 && { username: t },
			...n !== void 0 && { credential: n }
		}));
	}
	request(e, t = {}) {
		return this.#e.request(e, t);
	}
	async leave() {
		if (this.#i) {
			let e = this.#e.request("leave").catch(() => void 0);
			await Promise.race([e, S(y)]);
		}
		this.#e.close();
	}
}, w = class {
	#e;
	#t;
	#n;
	#r;
	#i = [];
	#a;
	#o;
	#s = !1;
	constructor(e, t) {
		this.#e = e, this.#t = t, this.#n = new C(e), this.#r = new C(e);
	}
	async open() {
		let { kit: e, signal: t, tracks: n } = this.#e, r = Date.now(), i = [], a = (t, n) => {
			let r = e.relaysFor(n.iceServers, this.#t.protocol), a = e.newConnection(r, this.#t.relayed ? "relay" : "all");
			return this.#i.push(a), i.push(new e.Observer(a, t)), a;
		};
		try {
			let e = Promise.race([this.#n.ended, this.#r.ended]);
			e.catch(() => void 0);
			let o = {};
			await x(t, Promise.race([(async () => {
				await this.#r.join("RECV_ONLY", (e) => {
					e.name === "subscribe-offer" && this.#l(e.data, a).catch((e) => o.failure ??= e);
				}), await this.#n.join("SEND_AND_RECV");
				let e = a("publish", this.#n);
				for (this.#a = e, await this.#c(e); !this.#s && !await this.#u(n.length);) {
					if (o.failure !== void 0) throw o.failure;
					if (Date.now() - r > _) throw await this.#d(i, Date.now() - r);
					await S(v);
				}
			})(), e]));
		} catch (t) {
			if (t instanceof b || t instanceof e.VideoSDKError) throw t;
			let n = {
				connection: "publish",
				problem: String(t)
			};
			throw new e.VideoSDKError(e.faults.meetingMediaConnectionFailedNegotiationFailed(n, this.#n.at));
		} finally {
			for (let e of i) e.close();
		}
	}
	async #c(e) {
		let { kit: t, tracks: n } = this.#e;
		for (let r of n) {
			let { maxBitrateBps: n } = t.encodingOf(r, r.kind);
			e.addTransceiver(r, {
				direction: "sendonly",
				sendEncodings: [{ maxBitrate: n }]
			});
		}
		let r = await t.setLocal(e, await e.createOffer()), i = e.getTransceivers().map(({ mid: e, sender: t }) => ({
			kind: t.track?.kind,
			mid: e,
			enabled: !0
		})), a = await this.#n.request("publish", {
			sdp: r,
			streams: i
		});
		await e.setRemoteDescription({
			type: "answer",
			sdp: t.withProtocol(a.sdp, this.#t.protocol)
		});
	}
	async #l(e, t) {
		let { kit: n } = this.#e, r = this.#o ??= t("subscribe", this.#r);
		await r.setRemoteDescription({
			type: "offer",
			sdp: n.withProtocol(e.sdp, this.#t.protocol)
		});
		let i = await n.setLocal(r, await r.createAnswer(), e.sdp);
		await this.#r.request("answer", {
			offerId: e.offerId,
			sdp: i
		});
	}
	async #u(e) {
		let t = await this.stats(this.#o), n = /* @__PURE__ */ new Set();
		for (let { type: e, kind: r, packetsReceived: i = 0 } of t) e === "inbound-rtp" && i > 0 && r && n.add(r);
		return n.size >= e;
	}
	async #d(t, n) {
		let { kit: r } = this.#e, { faults: i, VideoSDKError: a } = r, o = this.#n.at, s = ["publish", "subscribe"], c = this.#i.findIndex((e) => e.connectionState !== "connected"), l = s[Math.max(c, 0)] ?? "publish";
		if (c < 0) {
			let e = (await this.stats(this.#a)).find(({ type: e }) => e === "outbound-rtp"), t = {
				kind: e?.kind ?? "audio",
				packetsSent: e?.packetsSent ?? 0,
				forMs: n
			};
			return new a(i.mediaConnectionLostMediaNotArriving({
				connection: l,
				...t
			}, o));
		}
		let u = await (t[c] ?? t[0])?.why(o);
		if (this.#t.relayed && u?.reason !== "TURN_AUTH_FAILED" && u?.reason !== "DTLS_FAILED") {
			let t = r.relaysFor(this.#n.iceServers, this.#t.protocol).flatMap(({ urls: e }) => e), i = e(r.build).mediaConnectionLostRelayUnreachable;
			return new a(i({
				connection: l,
				servers: t,
				afterMs: n
			}, o));
		}
		if (u?.reason === "UDP_BLOCKED" && this.#t.protocol === "TCP_ONLY") {
			let { address: e, ...t } = u.details;
			return new a(i.mediaConnectionLostNoPath(t, o));
		}
		if (u) return new a(u);
		let d = {
			connection: l,
			localCandidates: [],
			remoteCandidates: [],
			pairs: [],
			afterMs: n
		};
		return new a(i.mediaConnectionLostNoPath(d, o));
	}
	async stats(e) {
		let t = await e?.getStats();
		return t ? [...t.values()] : [];
	}
	async counted() {
		let [e, t] = await Promise.all([this.stats(this.#a), this.stats(this.#o)]);
		return {
			sent: e,
			received: t
		};
	}
	get ended() {
		return Promise.race([this.#n.ended, this.#r.ended]);
	}
	async close() {
		this.#s = !0;
		for (let e of this.#i) e.close();
		await Promise.all([this.#n.leave(), this.#r.leave()]);
	}
}, T = 1e3, E = 3e3, D = 800, O = 5, k = 5e3, A = 5, j = [
	{
		name: "udp",
		way: {
			protocol: "UDP_ONLY",
			relayed: !1
		}
	},
	{
		name: "tcp",
		way: {
			protocol: "TCP_ONLY",
			relayed: !1
		}
	},
	{
		name: "turn",
		way: {
			protocol: "UDP_OVER_TCP",
			relayed: !0
		}
	}
], M = "runPreCallTest", N = 1e4, P = 12e4;
function F(e, t, n, r) {
	try {
		I(e, t);
	} catch (t) {
		if (!(t instanceof e.VideoSDKError)) throw t;
		let { parameter: n } = t.details, r = `ERROR_PRECALL_INVALID_${n === "token" ? "TOKEN" : "CONFIG"}`;
		return Promise.reject(new e.PreCallTestError(r, t.message, t));
	}
	let i = t.samplingDuration ?? 15e3;
	return new L(e, {
		...t,
		samplingDuration: i
	}, n, r).run();
}
function I(e, t) {
	let n = { method: M };
	e.requireArgument(n, "options", t), e.requireToken(n, t.token), e.checkOptions(n, "options", t, {
		token: "string",
		samplingDuration: "number",
		audioOnly: "boolean",
		videoTrack: "object",
		audioTrack: "object",
		videoConfig: (t) => e.checkCameraOptions(n, t, "videoConfig"),
		audioConfig: (t) => e.checkMicrophoneOptions(n, t, "audioConfig"),
		onStatsChange: "function",
		onCheckChange: "function",
		speakerHeard: "boolean"
	});
	let { samplingDuration: r, audioOnly: i } = t, { faults: a, VideoSDKError: o } = e;
	if (r != null && !(r >= N && r <= P)) {
		let e = {
			method: M,
			parameter: "samplingDuration",
			got: String(r)
		};
		throw new o(a.invalidParameterOutOfRange({
			...e,
			want: `${N} to ${P} ms`
		}));
	}
	let s = (e, n, r) => {
		if (r && t[e] != null) throw new o(a.invalidParameterConflict({
			method: M,
			parameter: e,
			other: n
		}));
	};
	s("videoConfig", "videoTrack", t.videoTrack), s("audioConfig", "audioTrack", t.audioTrack), s("videoTrack", "audioOnly: true", i), s("videoConfig", "audioOnly: true", i);
}
var L = class {
	#e;
	#t;
	#n;
	#r;
	#i = Array.from(crypto.getRandomValues(/* @__PURE__ */ new Uint8Array(16)), (e) => e.toString(16).padStart(2, "0")).join("");
	#a = Date.now();
	#o = [];
	#s = [];
	#c = null;
	#l = null;
	#u = null;
	constructor(e, t, n, r) {
		this.#e = e, this.#t = t, this.#n = n, this.#r = r;
	}
	async run() {
		let e;
		try {
			e = await this.#d();
		} catch (e) {
			if (!(e instanceof b)) throw this.#v(), e;
		}
		let t = this.#r.aborted;
		(t || e) && this.#v();
		let n = Date.now() - this.#a, r = await this.#D(t, n);
		if (e && !t) throw new this.#e.PreCallTestError(e.code, e.message, e.fault, r);
		return {
			aborted: t,
			testDuration: n,
			camera: this.#c,
			microphone: this.#l,
			networkQuality: this.#u,
			network: this.#u,
			checks: this.#o,
			reportId: r
		};
	}
	async #d() {
		let { audioOnly: e, speakerHeard: t } = this.#t;
		e ? this.#h("camera") : this.#c = await this.#_("camera", () => this.#b()), this.#l = await this.#_("microphone", () => this.#x()), t === void 0 ? this.#h("speaker") : await this.#g("speaker", () => this.#S(t));
		let n = this.#l?.error ?? this.#c?.error;
		if (!this.#c?.status && !this.#l?.status) {
			if (!n) throw new b();
			return this.#f("ERROR_PRECALL_MEDIA_CHECK_FAILED", n.fault);
		}
		let r = 0, i = await this.#g("signaling", async () => {
			let { relays: e, ...t } = await this.#w();
			return r = e, t;
		});
		if (i) {
			for (let { name: e } of j) this.#h(e);
			return this.#h("network"), this.#f(R(i) ? "ERROR_PRECALL_INVALID_TOKEN" : "ERROR_PRECALL_TEST_FAILED", i);
		}
		let a, o = 0;
		for (let { name: e, way: t } of j) {
			if (e === "turn" && r === 0) {
				this.#h(e);
				continue;
			}
			let n = await this.#g(e, () => this.#T(t));
			n ? a ??= n : o++;
		}
		if (o === 0 && a) return this.#h("network"), this.#f("ERROR_PRECALL_TEST_FAILED", a);
		let s = await this.#g("network", () => this.#E());
		return s && !this.#u ? this.#f("ERROR_PRECALL_TEST_FAILED", s) : void 0;
	}
	#f(e, t) {
		return new this.#e.PreCallTestError(e, t.message, t);
	}
	#p(e) {
		let t = this.#o.findIndex(({ name: t }) => t === e.name);
		t < 0 ? this.#o.push(e) : this.#o[t] = e, this.#m(() => this.#t.onCheckChange?.(e));
	}
	#m(e) {
		try {
			e();
		} catch (e) {
			reportError(e);
		}
	}
	#h(e) {
		this.#p({
			name: e,
			status: "skipped",
			durationMs: 0
		});
	}
	async #g(e, t) {
		if (this.#r.aborted) throw new b();
		let n = Date.now();
		this.#p({
			name: e,
			status: "running",
			durationMs: 0
		});
		let r = () => Date.now() - n;
		try {
			let { status: n = "passed", ...i } = await t();
			this.#p({
				name: e,
				status: n,
				durationMs: r(),
				...i
			});
			return;
		} catch (t) {
			if (t instanceof b || this.#r.aborted) throw this.#p({
				name: e,
				status: "aborted",
				durationMs: r()
			}), new b();
			if (!(t instanceof this.#e.VideoSDKError)) throw t;
			return this.#e.log("WARN", String(t)), this.#p({
				name: e,
				status: "failed",
				durationMs: r(),
				fault: t
			}), t;
		}
	}
	async #_(e, t) {
		let n = null, r = await this.#g(e, async () => {
			let e = await x(this.#r, t());
			return n = e.report, e.found;
		});
		return r ? {
			status: !1,
			error: this.#f(r.name, r)
		} : n;
	}
	#v() {
		for (let e of this.#s) for (let t of e.getTracks()) t.stop();
	}
	#y(e) {
		return this.#s.push(e), this.#r.aborted && this.#v(), e;
	}
	async #b() {
		let { videoTrack: e, videoConfig: t } = this.#t, n = e ?? this.#y(await this.#e.createCameraVideoTrack(t)), r = this.#e.trackOf(n, "video", "runPreCallTest", {}), { width: i = 0, height: a = 0, frameRate: o = 0 } = r.getSettings(), s = Math.round(o);
		return {
			report: {
				status: !0,
				track: n,
				...i > 0 && { captureResolution: `${i}x${a}` },
				...s > 0 && { fps: s }
			},
			found: {
				device: r.label,
				values: {
					width: i,
					height: a,
					fps: s
				}
			}
		};
	}
	async #x() {
		let { audioTrack: e, audioConfig: t } = this.#t, n = e ?? this.#y(await this.#e.createMicrophoneAudioTrack(t)), r = this.#e.trackOf(n, "audio", "runPreCallTest", {}), i = await V(r, D);
		return {
			report: {
				status: !0,
				track: n,
				...i !== void 0 && { level: i }
			},
			found: {
				device: r.label,
				...i !== void 0 && { values: { level: i } }
			}
		};
	}
	#S(t) {
		let { build: n, VideoSDKError: r } = this.#e;
		return t ? Promise.resolve({}) : Promise.reject(new r(e(n).unsupportedEnvironmentNoSoundHeard({
			device: "the output of the system",
			playedMs: 1e3
		})));
	}
	#C() {
		let e = [this.#l?.track?.getAudioTracks()[0], this.#c?.track?.getVideoTracks()[0]];
		return {
			kit: this.#e,
			serverUrl: this.#n,
			token: this.#t.token,
			testId: this.#i,
			tracks: e.filter((e) => e !== void 0),
			signal: this.#r
		};
	}
	async #w() {
		let e = performance.now(), t = new C(this.#C());
		try {
			await x(this.#r, Promise.race([t.join("SIGNALLING_ONLY"), t.ended]));
			let n = performance.now() - e, r = [];
			for (let e = 0; e < O; e++) {
				let e = performance.now();
				await x(this.#r, Promise.race([t.request("ping"), t.ended])), r.push(performance.now() - e);
			}
			r.sort((e, t) => e - t);
			let i = r[2] ?? 0;
			return {
				relays: t.iceServers.length,
				values: {
					connectMs: z(n),
					rttMs: z(i)
				}
			};
		} finally {
			await t.leave();
		}
	}
	async #T(e) {
		let t = new w(this.#C(), e), n = Date.now();
		try {
			await t.open();
			let e = Date.now() - n, r = c((await t.counted()).sent)?.currentRoundTripTime;
			return { values: {
				connectMs: e,
				...r !== void 0 && { rttMs: z(r * 1e3) }
			} };
		} finally {
			await t.close();
		}
	}
	async #E() {
		let t = this.#C(), n = t.tracks.map(({ kind: e }) => e), r = new w(t, {
			protocol: "UDP_OVER_TCP",
			relayed: !1
		}), { samplingDuration: i, onStatsChange: a } = this.#t, o = async () => ({
			atMs: performance.now(),
			...await r.counted()
		});
		try {
			await r.open();
			let t = await o(), s = t, l = t;
			for (; l.atMs - t.atMs < i;) {
				let e = i - (l.atMs - t.atMs);
				await x(this.#r, Promise.race([S(Math.min(T, e)), r.ended]));
				let c = await o(), u = d(l, c, n);
				a && this.#m(() => a(u)), c.atMs - t.atMs <= E && (s = c), l = c;
			}
			let u = d(s, l, n);
			this.#u = u;
			let f = g(l.sent, "audio"), p = g(l.sent, "video");
			this.#l && f && (this.#l.codec = f), this.#c && p && (this.#c.codec = p);
			let m = B(u, l), h = l.sent.find(({ id: e }) => e === c(l.sent)?.localCandidateId)?.protocol ?? "udp";
			if ((m.packetLoss ?? 0) > A) {
				let { build: t, VideoSDKError: n } = this.#e;
				throw new n(e(t).serverCheckFailedLoss({
					way: h.toUpperCase(),
					percent: m.packetLoss ?? 0,
					rttMs: Math.round(m.rttMs ?? 0)
				}));
			}
			return { values: m };
		} finally {
			await r.close();
		}
	}
	async #D(e, t) {
		let { kit: n } = this.#C(), r = {
			testId: this.#i,
			aborted: e,
			audioOnly: this.#t.audioOnly === !0,
			durationMs: t,
			checks: this.#o.map(({ fault: e, ...t }) => ({
				...t,
				...t.device && { device: t.device.slice(0, 200) },
				...e && { fault: {
					code: e.code,
					reason: e.reason,
					id: e.id,
					details: e.details
				} }
			})),
			networkQuality: this.#u ?? void 0,
			client: {
				sdkType: "js",
				sdkVersion: n.version,
				platform: navigator.platform,
				browserUserAgent: navigator.userAgent
			}
		};
		try {
			let e = await fetch(`${n.readAddress(this.#n, location).base}/v2/pre-call-tests`, {
				method: "POST",
				headers: {
					Authorization: this.#t.token,
					"Content-Type": "application/json"
				},
				body: JSON.stringify(r, (e, t) => t === null ? void 0 : t),
				credentials: "omit",
				signal: AbortSignal.timeout(k)
			}), t = await e.json();
			if (e.ok) return t.id;
			n.log("WARN", `the report of the test was not kept: ${JSON.stringify(t)}`);
		} catch (e) {
			n.log("WARN", "the report of the test was not sent", e);
		}
		return "";
	}
}, R = ({ code: e }) => [
	4001,
	4002,
	4006,
	4007,
	4008,
	4024,
	4053
].includes(e), z = (e) => Math.round(e * 10) / 10;
function B({ uplink: e, downlink: t }, n) {
	let r = [e.audio, e.video], i = [t.audio, t.video], a = (e, t) => e.map((e) => e?.[t]).filter((e) => typeof e == "number"), o = {}, s = (e, t, n) => {
		t.length > 0 && (o[e] = n(t));
	}, l = (e) => e.reduce((e, t) => e + t, 0), u = (e) => Math.max(...e);
	s("uplinkBps", a(r, "bitrate"), l), s("downlinkBps", a(i, "bitrate"), l), s("packetLoss", [...a(r, "packetLoss"), ...a(i, "packetLoss")], u), s("jitterMs", [...a(r, "jitter"), ...a(i, "jitter")], u), s("rttMs", [...a(r, "rtt"), ...a(i, "rtt")], u);
	let d = c(n.sent)?.availableOutgoingBitrate;
	return d !== void 0 && (o.availableBps = Math.round(d)), o;
}
async function V(e, t) {
	let n = new AudioContext();
	try {
		if (n.state !== "running" && await Promise.race([n.resume(), S(200)]), n.state !== "running") return;
		let r = n.createAnalyser();
		n.createMediaStreamSource(new MediaStream([e])).connect(r);
		let i = new Float32Array(r.fftSize), a = 0;
		for (let e = Date.now() + t; Date.now() < e; await S(50)) r.getFloatTimeDomainData(i), a = Math.max(a, Math.sqrt(i.reduce((e, t) => e + t * t, 0) / i.length));
		return Math.round(Math.min(1, a) * 1e3) / 1e3;
	} catch {
		return;
	} finally {
		n.close().catch(() => void 0);
	}
}
export { F as run };

