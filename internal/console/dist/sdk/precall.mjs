// src/precallquality.ts
var e = {
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
}, t = [
	.02,
	.05,
	.15,
	.3
], n = [
	5,
	15,
	30,
	50
], r = (e, t) => e === null ? 5 : 5 - t.filter((t) => e >= t).length, i = (e, t = 0) => Math.round(e * 10 ** t) / 10 ** t, a = (e, t = 0) => e === void 0 || !Number.isFinite(e) ? null : i(e, t), o = (e, t, n) => e.find((e) => e.type === t && e.kind === n), s = (e) => e.find(({ type: e, nominated: t, state: n }) => e === "candidate-pair" && t && n !== "failed"), c = (e, t) => e === void 0 ? void 0 : Math.max(0, e - (t ?? 0));
function l(e, t) {
	return e === void 0 || t === void 0 || t === 0 ? void 0 : Math.min(100, 100 * e / t);
}
function u(e, t, n) {
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
		uplink: r((n) => f(e, t, n)),
		downlink: r((n) => p(e, t, n))
	};
}
function d(t, n, i) {
	let { rtt: a, packetLoss: o, jitter: s, bitrate: c } = n, l = {
		rtt: r(a, e[t].rtt),
		packetLoss: r(o, e[t].packetLoss),
		jitter: r(s, e[t].jitter),
		...i
	};
	return {
		quality: {
			quality: c ? Math.max(1, Math.min(...Object.values(l))) : 0,
			...n
		},
		factors: Object.keys(l).filter((e) => (l[e] ?? 5) < 5)
	};
}
function f(e, t, n) {
	let r = t.atMs - e.atMs, i = o(t.sent, "outbound-rtp", n), u = o(e.sent, "outbound-rtp", n), f = o(t.sent, "remote-inbound-rtp", n), p = o(e.sent, "remote-inbound-rtp", n), h = c(i?.bytesSent, u?.bytesSent), g = c(f?.packetsLost, p?.packetsLost), _ = s(t.sent)?.currentRoundTripTime ?? f?.roundTripTime, v = {
		rtt: a(_ === void 0 ? void 0 : _ * 1e3),
		bitrate: a(h === void 0 ? void 0 : h * 8e3 / r),
		packetLoss: a(l(g, c(i?.packetsSent, u?.packetsSent)), 2),
		jitter: a(f?.jitter === void 0 ? void 0 : f.jitter * 1e3),
		bytesSent: i?.bytesSent ?? 0
	};
	if (n === "audio") return d(n, v, {});
	let y = c(i?.framesSent, u?.framesSent), b = i?.qualityLimitationReason ?? "none";
	return d(n, {
		...v,
		fps: a(y === void 0 ? void 0 : y * 1e3 / r),
		resolution: m(i),
		qualityLimitationReason: b
	}, b === "bandwidth" || b === "cpu" ? { [b]: b === "cpu" ? 4 : 3 } : {});
}
function p(e, i, u) {
	let f = i.atMs - e.atMs, p = o(i.received, "inbound-rtp", u), h = o(e.received, "inbound-rtp", u), g = c(p?.bytesReceived, h?.bytesReceived), _ = c(p?.packetsLost, h?.packetsLost), v = c(p?.packetsReceived, h?.packetsReceived), y = s(i.received)?.currentRoundTripTime, b = {
		rtt: a(y === void 0 ? void 0 : y * 1e3),
		bitrate: a(g === void 0 ? void 0 : g * 8e3 / f),
		packetLoss: a(l(_, v === void 0 || _ === void 0 ? void 0 : v + _), 2),
		jitter: a(p?.jitter === void 0 ? void 0 : p.jitter * 1e3),
		bytesReceived: p?.bytesReceived ?? 0
	};
	if (u === "audio") return d(u, b, {});
	let x = c(p?.framesDecoded, h?.framesDecoded), S = c(p?.framesDropped, h?.framesDropped), C = c(p?.totalFreezesDuration, h?.totalFreezesDuration), w = a(l(S, c(p?.framesReceived, h?.framesReceived)), 2);
	return d(u, {
		...b,
		fps: a(x === void 0 ? void 0 : x * 1e3 / f),
		resolution: m(p),
		framesDropped: a(S),
		framesDroppedRatio: w,
		freezeCount: a(c(p?.freezeCount, h?.freezeCount)),
		totalFreezesDuration: a(C, 2)
	}, {
		freeze: r(C === void 0 ? null : C * 1e3 / f, t),
		framesDropped: r(w, n)
	});
}
var m = (e) => e?.frameWidth && e.frameHeight ? `${e.frameWidth}x${e.frameHeight}` : null;
function h(e, t) {
	let n = o(e, "outbound-rtp", t)?.codecId;
	return e.find(({ id: e }) => e === n)?.mimeType?.split("/")[1];
}
// src/precallway.ts
var g = 12e3, _ = 100, v = 1e3, y = class extends Error {};
function b(e, t) {
	return t.catch(() => void 0), new Promise((n, r) => {
		let i = () => r(new y());
		if (e.aborted) return i();
		e.addEventListener("abort", i, { once: !0 }), t.then(n, r).finally(() => e.removeEventListener("abort", i));
	});
}
var x = (e) => new Promise((t) => setTimeout(t, e)), S = class {
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
			await Promise.race([e, x(v)]);
		}
		this.#e.close();
	}
}, C = class {
	#e;
	#t;
	#n;
	#r;
	#i = [];
	#a;
	#o;
	#s = !1;
	constructor(e, t) {
		this.#e = e, this.#t = t, this.#n = new S(e), this.#r = new S(e);
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
			await b(t, Promise.race([(async () => {
				await this.#r.join("RECV_ONLY", (e) => {
					e.name === "subscribe-offer" && this.#l(e.data, a).catch((e) => o.failure ??= e);
				}), await this.#n.join("SEND_AND_RECV");
				let e = a("publish", this.#n);
				for (this.#a = e, await this.#c(e); !this.#s && !await this.#u(n.length);) {
					if (o.failure !== void 0) throw o.failure;
					if (Date.now() - r > g) throw await this.#d(i, Date.now() - r);
					await x(_);
				}
			})(), e]));
		} catch (t) {
			if (t instanceof y || t instanceof e.VideoSDKError) throw t;
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
	async #d(e, t) {
		let { kit: n } = this.#e, { faults: r, VideoSDKError: i } = n, a = this.#n.at, o = ["publish", "subscribe"], s = this.#i.findIndex((e) => e.connectionState !== "connected"), c = o[Math.max(s, 0)] ?? "publish";
		if (s < 0) {
			let e = (await this.stats(this.#a)).find(({ type: e }) => e === "outbound-rtp"), n = {
				kind: e?.kind ?? "audio",
				packetsSent: e?.packetsSent ?? 0,
				forMs: t
			};
			return new i(r.mediaConnectionLostMediaNotArriving({
				connection: c,
				...n
			}, a));
		}
		let l = await (e[s] ?? e[0])?.why(a);
		if (this.#t.relayed && l?.reason !== "TURN_AUTH_FAILED" && l?.reason !== "DTLS_FAILED") {
			let e = n.relaysFor(this.#n.iceServers, this.#t.protocol).flatMap(({ urls: e }) => e);
			return new i(r.mediaConnectionLostRelayUnreachable({
				connection: c,
				servers: e,
				afterMs: t
			}, a));
		}
		if (l?.reason === "UDP_BLOCKED" && this.#t.protocol === "TCP_ONLY") {
			let { address: e, ...t } = l.details;
			return new i(r.mediaConnectionLostNoPath(t, a));
		}
		if (l) return new i(l);
		let u = {
			connection: c,
			localCandidates: [],
			remoteCandidates: [],
			pairs: [],
			afterMs: t
		};
		return new i(r.mediaConnectionLostNoPath(u, a));
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
}, w = 1e3, T = 3e3, E = 800, D = 5, O = 5e3, k = 5, A = [
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
], j = "runPreCallTest", M = 1e4, N = 12e4;
function P(e, t, n, r) {
	try {
		F(e, t);
	} catch (t) {
		if (!(t instanceof e.VideoSDKError)) throw t;
		let { parameter: n } = t.details, r = `ERROR_PRECALL_INVALID_${n === "token" ? "TOKEN" : "CONFIG"}`;
		return Promise.reject(new e.PreCallTestError(r, t.message, t));
	}
	let i = t.samplingDuration ?? 15e3;
	return new I(e, {
		...t,
		samplingDuration: i
	}, n, r).run();
}
function F(e, t) {
	let n = { method: j };
	e.requireArgument(n, "options", t), e.checkOptions(n, "options", t, {
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
	}), e.requireArgument(n, "token", t.token?.trim() || void 0);
	let { samplingDuration: r, audioOnly: i } = t, { faults: a, VideoSDKError: o } = e;
	if (r != null && !(r >= M && r <= N)) {
		let e = {
			method: j,
			parameter: "samplingDuration",
			got: String(r)
		};
		throw new o(a.invalidParameterOutOfRange({
			...e,
			want: `${M} to ${N} ms`
		}));
	}
	let s = (e, n, r) => {
		if (r && t[e] != null) throw new o(a.invalidParameterConflict({
			method: j,
			parameter: e,
			other: n
		}));
	};
	s("videoConfig", "videoTrack", t.videoTrack), s("audioConfig", "audioTrack", t.audioTrack), s("videoTrack", "audioOnly: true", i), s("videoConfig", "audioOnly: true", i);
}
var I = class {
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
			if (!(e instanceof y)) throw this.#v(), e;
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
			if (!n) throw new y();
			return this.#f("ERROR_PRECALL_MEDIA_CHECK_FAILED", n.fault);
		}
		let r = 0, i = await this.#g("signaling", async () => {
			let { relays: e, ...t } = await this.#w();
			return r = e, t;
		});
		if (i) {
			for (let { name: e } of A) this.#h(e);
			return this.#h("network"), this.#f(L(i) ? "ERROR_PRECALL_INVALID_TOKEN" : "ERROR_PRECALL_TEST_FAILED", i);
		}
		let a, o = 0;
		for (let { name: e, way: t } of A) {
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
		if (this.#r.aborted) throw new y();
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
			if (t instanceof y || this.#r.aborted) throw this.#p({
				name: e,
				status: "aborted",
				durationMs: r()
			}), new y();
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
			let e = await b(this.#r, t());
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
		let { audioTrack: e, audioConfig: t } = this.#t, n = e ?? this.#y(await this.#e.createMicrophoneAudioTrack(t)), r = this.#e.trackOf(n, "audio", "runPreCallTest", {}), i = await B(r, E);
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
	#S(e) {
		let { faults: t, VideoSDKError: n } = this.#e;
		return e ? Promise.resolve({}) : Promise.reject(new n(t.unsupportedEnvironmentNoSoundHeard({
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
		let e = performance.now(), t = new S(this.#C());
		try {
			await b(this.#r, Promise.race([t.join("SIGNALLING_ONLY"), t.ended]));
			let n = performance.now() - e, r = [];
			for (let e = 0; e < D; e++) {
				let e = performance.now();
				await b(this.#r, Promise.race([t.request("ping"), t.ended])), r.push(performance.now() - e);
			}
			r.sort((e, t) => e - t);
			let i = r[2] ?? 0;
			return {
				relays: t.iceServers.length,
				values: {
					connectMs: R(n),
					rttMs: R(i)
				}
			};
		} finally {
			await t.leave();
		}
	}
	async #T(e) {
		let t = new C(this.#C(), e), n = Date.now();
		try {
			await t.open();
			let e = Date.now() - n, r = s((await t.counted()).sent)?.currentRoundTripTime;
			return { values: {
				connectMs: e,
				...r !== void 0 && { rttMs: R(r * 1e3) }
			} };
		} finally {
			await t.close();
		}
	}
	async #E() {
		let e = this.#C(), t = e.tracks.map(({ kind: e }) => e), n = new C(e, {
			protocol: "UDP_OVER_TCP",
			relayed: !1
		}), { samplingDuration: r, onStatsChange: i } = this.#t, a = async () => ({
			atMs: performance.now(),
			...await n.counted()
		});
		try {
			await n.open();
			let e = await a(), o = e, c = e;
			for (; c.atMs - e.atMs < r;) {
				let s = r - (c.atMs - e.atMs);
				await b(this.#r, Promise.race([x(Math.min(w, s)), n.ended]));
				let l = await a(), d = u(c, l, t);
				i && this.#m(() => i(d)), l.atMs - e.atMs <= T && (o = l), c = l;
			}
			let l = u(o, c, t);
			this.#u = l;
			let d = h(c.sent, "audio"), f = h(c.sent, "video");
			this.#l && d && (this.#l.codec = d), this.#c && f && (this.#c.codec = f);
			let p = z(l, c), m = c.sent.find(({ id: e }) => e === s(c.sent)?.localCandidateId)?.protocol ?? "udp";
			if ((p.packetLoss ?? 0) > k) {
				let { faults: e, VideoSDKError: t } = this.#e;
				throw new t(e.serverCheckFailedLoss({
					way: m.toUpperCase(),
					percent: p.packetLoss ?? 0,
					rttMs: Math.round(p.rttMs ?? 0)
				}));
			}
			return { values: p };
		} finally {
			await n.close();
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
				signal: AbortSignal.timeout(O)
			}), t = await e.json();
			if (e.ok) return t.id;
			n.log("WARN", `the report of the test was not kept: ${JSON.stringify(t)}`);
		} catch (e) {
			n.log("WARN", "the report of the test was not sent", e);
		}
		return "";
	}
}, L = ({ code: e }) => [
	4001,
	4002,
	4006,
	4007,
	4008,
	4024,
	4053
].includes(e), R = (e) => Math.round(e * 10) / 10;
function z({ uplink: e, downlink: t }, n) {
	let r = [e.audio, e.video], i = [t.audio, t.video], a = (e, t) => e.map((e) => e?.[t]).filter((e) => typeof e == "number"), o = {}, c = (e, t, n) => {
		t.length > 0 && (o[e] = n(t));
	}, l = (e) => e.reduce((e, t) => e + t, 0), u = (e) => Math.max(...e);
	c("uplinkBps", a(r, "bitrate"), l), c("downlinkBps", a(i, "bitrate"), l), c("packetLoss", [...a(r, "packetLoss"), ...a(i, "packetLoss")], u), c("jitterMs", [...a(r, "jitter"), ...a(i, "jitter")], u), c("rttMs", [...a(r, "rtt"), ...a(i, "rtt")], u);
	let d = s(n.sent)?.availableOutgoingBitrate;
	return d !== void 0 && (o.availableBps = Math.round(d)), o;
}
async function B(e, t) {
	let n = new AudioContext();
	try {
		if (n.state !== "running" && await Promise.race([n.resume(), x(200)]), n.state !== "running") return;
		let r = n.createAnalyser();
		n.createMediaStreamSource(new MediaStream([e])).connect(r);
		let i = new Float32Array(r.fftSize), a = 0;
		for (let e = Date.now() + t; Date.now() < e; await x(50)) r.getFloatTimeDomainData(i), a = Math.max(a, Math.sqrt(i.reduce((e, t) => e + t * t, 0) / i.length));
		return Math.round(Math.min(1, a) * 1e3) / 1e3;
	} catch {
		return;
	} finally {
		n.close().catch(() => void 0);
	}
}
export { P as run };

