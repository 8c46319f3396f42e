// src/faults.gen.ts
var e = {
	3011: {
		code: 3011,
		name: "ERROR_STARTING_VIDEO",
		message: "Some error occured during starting the video"
	},
	3012: {
		code: 3012,
		name: "ERROR_STARTING_AUDIO",
		message: "Some error occured during starting the audio."
	},
	3013: {
		code: 3013,
		name: "ERROR_STARTING_SCREENSHARE",
		message: "Some error occured during starting the screen share."
	},
	4001: {
		code: 4001,
		name: "INVALID_API_KEY",
		message: "`apikey` provided in the token is empty or invalid, please verify it on the dashboard."
	},
	4002: {
		code: 4002,
		name: "INVALID_TOKEN",
		message: "`token` is empty or invalid or might have expired."
	},
	4003: {
		code: 4003,
		name: "INVALID_MEETING_ID",
		message: "`meetingId` is empty or invalid, please verify it or generate new meetingId using the API."
	},
	4004: {
		code: 4004,
		name: "INVALID_PARTICIPANT_ID",
		message: "`participantId` is empty or invalid, it shouldn't contain any whitespaces."
	},
	4005: {
		code: 4005,
		name: "DUPLICATE_PARTICIPANT",
		message: "Leaving meeting, since this `participantId` joined from another device."
	},
	4006: {
		code: 4006,
		name: "ACCOUNT_DEACTIVATED",
		message: "It seems your account is deactivated by VideoSDK for some reason, you can reach out to us at `support@videosdk.live`."
	},
	4007: {
		code: 4007,
		name: "ACCOUNT_DISCONTINUED",
		message: "_Server will respond you with specific message._"
	},
	4008: {
		code: 4008,
		name: "INVALID_PERMISSIONS",
		message: "`permissions` provided in the token are invalid, please don't use `allow_join` or `allow_mod` with `ask_join`."
	},
	4009: {
		code: 4009,
		name: "MAX_PARTICIPANT_REACHED",
		message: "You have reached max partcipant limit in a meeting to increase contact at support@videosdk.live :)"
	},
	4011: {
		code: 4011,
		name: "START_RECORDING_FAILED",
		message: "Recording start request failed due to an unknown error."
	},
	4012: {
		code: 4012,
		name: "STOP_RECORDING_FAILED",
		message: "Recording stop request failed due to an unknown error."
	},
	4013: {
		code: 4013,
		name: "START_LIVESTREAM_FAILED",
		message: "Livestream start request failed due to an unknown error."
	},
	4014: {
		code: 4014,
		name: "STOP_LIVESTREAM_FAILED",
		message: "Livestream stop request failed due to an unknown error."
	},
	4015: {
		code: 4015,
		name: "INVALID_LIVESTREAM_CONFIG",
		message: "Livestream 'outputs' configuration provided was invalid."
	},
	4016: {
		code: 4016,
		name: "START_HLS_FAILED",
		message: "HLS start request failed due to an unknown error."
	},
	4017: {
		code: 4017,
		name: "STOP_HLS_FAILED",
		message: "HLS stop request failed due to an unknown error."
	},
	4018: {
		code: 4018,
		name: "PREV_RECORDING_PROCESSING",
		message: "Previous recording session is being processed, please try again after few seconds!"
	},
	4019: {
		code: 4019,
		name: "PREV_RTMP_RECORDING_PROCESSING",
		message: "Previous RTMP recording session is being processed, please try again after few seconds!"
	},
	4020: {
		code: 4020,
		name: "PREV_HLS_STREAMING_PROCESSING",
		message: "Previous HLS streaming session is being processed, please try again after few seconds!"
	},
	5001: {
		code: 5001,
		name: "RECORDING_FAILED",
		message: "Recording stopped due to an unknown error."
	},
	5002: {
		code: 5002,
		name: "LIVESTREAM_FAILED",
		message: "Livestream stopped due to an unknown error."
	},
	5003: {
		code: 5003,
		name: "HLS_FAILED",
		message: "HLS stopped due to an unknown error."
	}
}, t = {
	startingVideoPermissionDenied: (e, t) => n([
		3011,
		"ERROR_STARTING_VIDEO",
		"Some error occured during starting the video",
		"PERMISSION_DENIED",
		!1,
		!1,
		"The browser refused the device ({domName}: {domMessage}).",
		"Allow the device for this site in the browser's address bar (or the system's privacy settings) and switch it on again.",
		"",
		"domName domMessage"
	], e, t),
	startingVideoPolicyBlocked: (e, t) => n([
		3011,
		"ERROR_STARTING_VIDEO",
		"Some error occured during starting the video",
		"POLICY_BLOCKED",
		!1,
		!1,
		"A permissions policy of this page or its iframe blocks `{feature}` ({domName}: {domMessage}).",
		"Give the iframe allow=\"camera; microphone; display-capture\", or change the Permissions-Policy header of the page.",
		"",
		"domName domMessage feature"
	], e, t),
	startingVideoDeviceInUse: (e, t) => n([
		3011,
		"ERROR_STARTING_VIDEO",
		"Some error occured during starting the video",
		"DEVICE_IN_USE",
		!1,
		!1,
		"The device {label} is connected, but it could not be started ({domName}: {domMessage}).",
		"Close other programs and tabs that use the device and switch it on again; if it still fails, unplug it and plug it in again.",
		"",
		"domName domMessage label"
	], e, t),
	startingVideoNoDevice: (e, t) => n([
		3011,
		"ERROR_STARTING_VIDEO",
		"Some error occured during starting the video",
		"NO_DEVICE",
		!1,
		!1,
		"No device of this kind is connected ({domName}: {domMessage}).",
		"Connect a device and switch it on again.",
		"",
		"domName domMessage"
	], e, t),
	startingVideoDeviceUnavailable: (e, t) => n([
		3011,
		"ERROR_STARTING_VIDEO",
		"Some error occured during starting the video",
		"DEVICE_UNAVAILABLE",
		!1,
		!1,
		"No device satisfies `{constraint}` ({domName}); the requested device is {deviceId}.",
		"Choose a device from the current list or ask for a lower resolution: the requested device is unplugged or cannot deliver this format.",
		"",
		"domName constraint deviceId"
	], e, t),
	startingVideoDeviceLost: (e, t) => n([
		3011,
		"ERROR_STARTING_VIDEO",
		"Some error occured during starting the video",
		"DEVICE_LOST",
		!1,
		!1,
		"The device {label} stopped while it was in use.",
		"Plug the device in again or choose another one, and switch it on again.",
		"",
		"label"
	], e, t),
	startingVideoPublishRefused: (e, t) => n([
		3011,
		"ERROR_STARTING_VIDEO",
		"Some error occured during starting the video",
		"PUBLISH_REFUSED",
		!1,
		!1,
		"The media was captured, but the server refused the {kind} stream.",
		"Correct what the fault with the id in causeId reports, then start the {kind} again.",
		"",
		"kind"
	], e, t),
	startingAudioPermissionDenied: (e, t) => n([
		3012,
		"ERROR_STARTING_AUDIO",
		"Some error occured during starting the audio.",
		"PERMISSION_DENIED",
		!1,
		!1,
		"The browser refused the device ({domName}: {domMessage}).",
		"Allow the device for this site in the browser's address bar (or the system's privacy settings) and switch it on again.",
		"",
		"domName domMessage"
	], e, t),
	startingAudioPolicyBlocked: (e, t) => n([
		3012,
		"ERROR_STARTING_AUDIO",
		"Some error occured during starting the audio.",
		"POLICY_BLOCKED",
		!1,
		!1,
		"A permissions policy of this page or its iframe blocks `{feature}` ({domName}: {domMessage}).",
		"Give the iframe allow=\"camera; microphone; display-capture\", or change the Permissions-Policy header of the page.",
		"",
		"domName domMessage feature"
	], e, t),
	startingAudioDeviceInUse: (e, t) => n([
		3012,
		"ERROR_STARTING_AUDIO",
		"Some error occured during starting the audio.",
		"DEVICE_IN_USE",
		!1,
		!1,
		"The device {label} is connected, but it could not be started ({domName}: {domMessage}).",
		"Close other programs and tabs that use the device and switch it on again; if it still fails, unplug it and plug it in again.",
		"",
		"domName domMessage label"
	], e, t),
	startingAudioNoDevice: (e, t) => n([
		3012,
		"ERROR_STARTING_AUDIO",
		"Some error occured during starting the audio.",
		"NO_DEVICE",
		!1,
		!1,
		"No device of this kind is connected ({domName}: {domMessage}).",
		"Connect a device and switch it on again.",
		"",
		"domName domMessage"
	], e, t),
	startingAudioDeviceUnavailable: (e, t) => n([
		3012,
		"ERROR_STARTING_AUDIO",
		"Some error occured during starting the audio.",
		"DEVICE_UNAVAILABLE",
		!1,
		!1,
		"No device satisfies `{constraint}` ({domName}); the requested device is {deviceId}.",
		"Choose a device from the current list or ask for a lower resolution: the requested device is unplugged or cannot deliver this format.",
		"",
		"domName constraint deviceId"
	], e, t),
	startingAudioDeviceLost: (e, t) => n([
		3012,
		"ERROR_STARTING_AUDIO",
		"Some error occured during starting the audio.",
		"DEVICE_LOST",
		!1,
		!1,
		"The device {label} stopped while it was in use.",
		"Plug the device in again or choose another one, and switch it on again.",
		"",
		"label"
	], e, t),
	startingAudioPublishRefused: (e, t) => n([
		3012,
		"ERROR_STARTING_AUDIO",
		"Some error occured during starting the audio.",
		"PUBLISH_REFUSED",
		!1,
		!1,
		"The media was captured, but the server refused the {kind} stream.",
		"Correct what the fault with the id in causeId reports, then start the {kind} again.",
		"",
		"kind"
	], e, t),
	startingScreenshareUserCancelled: (e, t) => n([
		3013,
		"ERROR_STARTING_SCREENSHARE",
		"Some error occured during starting the screen share.",
		"USER_CANCELLED",
		!1,
		!1,
		"The picker was closed without choosing a screen ({domName}: {domMessage}).",
		"Start the share again and choose a screen, window or tab.",
		"",
		"domName domMessage"
	], e, t),
	startingScreensharePermissionDenied: (e, t) => n([
		3013,
		"ERROR_STARTING_SCREENSHARE",
		"Some error occured during starting the screen share.",
		"PERMISSION_DENIED",
		!1,
		!1,
		"The system does not let the browser record the screen ({domName}: {domMessage}).",
		"Allow screen recording for the browser in the system's privacy settings, restart the browser and share again.",
		"",
		"domName domMessage"
	], e, t),
	startingScreensharePolicyBlocked: (e, t) => n([
		3013,
		"ERROR_STARTING_SCREENSHARE",
		"Some error occured during starting the screen share.",
		"POLICY_BLOCKED",
		!1,
		!1,
		"A permissions policy of this page or its iframe blocks `{feature}` ({domName}: {domMessage}).",
		"Give the iframe allow=\"display-capture\", or change the Permissions-Policy header of the page.",
		"",
		"domName domMessage feature"
	], e, t),
	startingScreenshareNoUserGesture: (e, t) => n([
		3013,
		"ERROR_STARTING_SCREENSHARE",
		"Some error occured during starting the screen share.",
		"NO_USER_GESTURE",
		!1,
		!1,
		"The browser starts a share only from a click or key press ({domName}: {domMessage}).",
		"Call enableScreenShare from the handler of a click.",
		"",
		"domName domMessage"
	], e, t),
	startingScreenshareCaptureFailed: (e, t) => n([
		3013,
		"ERROR_STARTING_SCREENSHARE",
		"Some error occured during starting the screen share.",
		"CAPTURE_FAILED",
		!1,
		!1,
		"The screen was chosen but could not be captured ({domName}: {domMessage}).",
		"Choose another screen or window; if all fail, restart the browser.",
		"",
		"domName domMessage"
	], e, t),
	startingScreensharePublishRefused: (e, t) => n([
		3013,
		"ERROR_STARTING_SCREENSHARE",
		"Some error occured during starting the screen share.",
		"PUBLISH_REFUSED",
		!1,
		!1,
		"The screen was captured, but the server refused the {kind} stream.",
		"Correct what the fault with the id in causeId reports, then start the {kind} again.",
		"",
		"kind"
	], e, t),
	actionPerformedBeforeMeetingJoinedNotJoined: (e, t) => n([
		3035,
		"ERROR_ACTION_PERFORMED_BEFORE_MEETING_JOINED",
		"The action was performed before the meeting was joined.",
		"NOT_JOINED",
		!1,
		!1,
		"{method} was called before join() had finished.",
		"Wait for the promise of join() or the `meeting-joined` event, then call it.",
		"",
		"method"
	], e, t),
	actionPerformedBeforeMeetingJoinedInLobby: (e, t) => n([
		3035,
		"ERROR_ACTION_PERFORMED_BEFORE_MEETING_JOINED",
		"The action was performed before the meeting was joined.",
		"IN_LOBBY",
		!1,
		!1,
		"{method} was called while waiting in the lobby.",
		"Wait for `meeting-joined`: it fires when somebody inside lets you in.",
		"",
		"method"
	], e, t),
	actionPerformedBeforeMeetingJoinedLeft: (e, t) => n([
		3035,
		"ERROR_ACTION_PERFORMED_BEFORE_MEETING_JOINED",
		"The action was performed before the meeting was joined.",
		"LEFT",
		!1,
		!1,
		"{method} was called after the meeting was left.",
		"Make a new meeting with initMeeting and join it; a meeting object is used once.",
		"",
		"method"
	], e, t),
	meetingMediaConnectionFailedNegotiationFailed: (e, t) => n([
		3044,
		"ERROR_MEETING_MEDIA_CONNECTION_FAILED",
		"The media connection could not be set up.",
		"NEGOTIATION_FAILED",
		!1,
		!0,
		"The {connection} connection could not be negotiated: {problem}.",
		"Update the SDK and the browser; if it fails again, report this id together with the browser's version.",
		"",
		"connection problem"
	], e, t),
	alreadyInRequestedStateAlready: (e, t) => n([
		3054,
		"ERROR_ALREADY_IN_REQUESTED_STATE",
		"Already in the requested state.",
		"ALREADY",
		!1,
		!1,
		"{method} changed nothing: the state is already {state}.",
		"Read the state (micOn, webcamOn, mode, meeting state) before the call, or ignore this fault.",
		"",
		"method state"
	], e, t),
	operationInProgressInProgress: (e, t) => n([
		3055,
		"ERROR_OPERATION_IN_PROGRESS",
		"The same operation is already in progress.",
		"IN_PROGRESS",
		!1,
		!1,
		"{method} was called again before its first call had finished.",
		"Wait for the first call's result before calling again; disable the button meanwhile.",
		"",
		"method"
	], e, t),
	operationAbortedLeft: (e, t) => n([
		3056,
		"ERROR_OPERATION_ABORTED",
		"The operation was aborted before it finished.",
		"LEFT",
		!1,
		!1,
		"{method} had not finished when the meeting was left.",
		"Wait for the call before leaving if its result matters; otherwise ignore this fault.",
		"",
		"method"
	], e, t),
	operationAbortedCancelled: (e, t) => n([
		3056,
		"ERROR_OPERATION_ABORTED",
		"The operation was aborted before it finished.",
		"CANCELLED",
		!1,
		!1,
		"{method} was cancelled by its context or AbortSignal.",
		"Give the call more time if its result matters; otherwise ignore this fault.",
		"",
		"method"
	], e, t),
	meetingReconnectingReconnecting: (e, t) => n([
		3065,
		"ERROR_MEETING_RECONNECTING",
		"The meeting is reconnecting.",
		"RECONNECTING",
		!1,
		!0,
		"{method} was not sent: the connection to the server has been gone for {awayMs} ms and is being restored.",
		"Call again after `meeting-state-changed` says CONNECTED; calls are not replayed.",
		"",
		"method awayMs"
	], e, t),
	invalidParameterMissing: (e, t) => n([
		3073,
		"ERROR_INVALID_PARAMETER",
		"A parameter is missing or invalid.",
		"MISSING",
		!1,
		!1,
		"{method} was called without {parameter}.",
		"Pass {parameter} to {method}.",
		"",
		"method parameter"
	], e, t),
	invalidParameterWrongType: (e, t) => n([
		3073,
		"ERROR_INVALID_PARAMETER",
		"A parameter is missing or invalid.",
		"WRONG_TYPE",
		!1,
		!1,
		"{parameter} of {method} is {got}; it must be {want}.",
		"Pass {want} as {parameter}.",
		"",
		"method parameter got want"
	], e, t),
	invalidParameterNotAllowed: (e, t) => n([
		3073,
		"ERROR_INVALID_PARAMETER",
		"A parameter is missing or invalid.",
		"NOT_ALLOWED",
		!1,
		!1,
		"{parameter} of {method} is {got}; it must be one of {allowed}.",
		"Pass one of these values as {parameter}: {allowed}.",
		"",
		"method parameter got allowed"
	], e, t),
	operationTimedOutNoAnswer: (e, t) => n([
		3079,
		"ERROR_OPERATION_TIMED_OUT",
		"The operation timed out.",
		"NO_ANSWER",
		!1,
		!0,
		"The server did not answer {method} within {timeoutMs} ms.",
		"Check the network and the server's load, then call again.",
		"",
		"method timeoutMs"
	], e, t),
	mediaConnectionLostUDPBlocked: (e, t) => n([
		3101,
		"MEDIA_CONNECTION_LOST",
		"The media connection to the server is lost.",
		"UDP_BLOCKED",
		!1,
		!0,
		"The {connection} connection found no path in {afterMs} ms: local {localCandidates}, server {remoteCandidates}. Signaling works, so media ports are probably blocked.",
		"Open the server's UDP media port (media.udpAddress) or its TCP media port (media.tcpAddress) in the firewall between; if one is open, check that media.publicIps names an address this client can reach.",
		"",
		"connection localCandidates remoteCandidates afterMs"
	], e, t),
	mediaConnectionLostPathLost: (e, t) => n([
		3101,
		"MEDIA_CONNECTION_LOST",
		"The media connection to the server is lost.",
		"PATH_LOST",
		!1,
		!0,
		"The {connection} connection worked for {connectedForMs} ms and then lost its path; ICE restarts without success: {attempts}.",
		"Check the network of this client; the SDK keeps trying while signaling is up.",
		"",
		"connection connectedForMs attempts"
	], e, t),
	signalingUnreachableBadUrl: (e, t) => n([
		3102,
		"SIGNALING_UNREACHABLE",
		"The server cannot be reached.",
		"BAD_URL",
		!0,
		!1,
		"The server address {url} cannot be used: {problem}.",
		"Give the address as http(s)://host[:port], as `klatch dev` prints it.",
		"",
		"url problem"
	], e, t),
	signalingUnreachableNotKlatch: (e, t) => n([
		3102,
		"SIGNALING_UNREACHABLE",
		"The server cannot be reached.",
		"NOT_KLATCH",
		!0,
		!0,
		"{url} answered with HTTP status {status}; it is not a Klatch signaling address.",
		"Use the server's base address without a path, unless a proxy puts Klatch under one.",
		"",
		"url status"
	], e, t),
	signalingUnreachableUpgradeStripped: (e, t) => n([
		3102,
		"SIGNALING_UNREACHABLE",
		"The server cannot be reached.",
		"UPGRADE_STRIPPED",
		!0,
		!0,
		"The server answers over HTTP, but the WebSocket upgrade of {url} did not arrive (status {status}): a proxy in between removes it.",
		"Let the proxy pass the Upgrade and Connection headers for /v1/signal.",
		"",
		"url status"
	], e, t),
	signalingUnreachableNoConnection: (e, t) => n([
		3102,
		"SIGNALING_UNREACHABLE",
		"The server cannot be reached.",
		"NO_CONNECTION",
		!0,
		!0,
		"No connection to {url}; the browser does not tell a page why (name, port, certificate or firewall).",
		"Open the address in a tab of its own: the browser shows the cause there.",
		"",
		"url"
	], e, t),
	signalingUnreachableMixedContent: (e, t) => n([
		3102,
		"SIGNALING_UNREACHABLE",
		"The server cannot be reached.",
		"MIXED_CONTENT",
		!0,
		!1,
		"The page {page} is secure and the server address {url} is not; browsers block that.",
		"Serve Klatch over https and use its https address.",
		"",
		"url page"
	], e, t),
	reconnectFailedGaveUp: (e, t) => n([
		3103,
		"RECONNECT_FAILED",
		"The connection could not be restored.",
		"GAVE_UP",
		!0,
		!1,
		"The server was not reached for {forMs} ms; attempts: {attempts}.",
		"Check the network, then join again.",
		"",
		"attempts forMs"
	], e, t),
	unsupportedEnvironmentInsecureContext: (e, t) => n([
		3104,
		"UNSUPPORTED_ENVIRONMENT",
		"This environment cannot take part in a meeting.",
		"INSECURE_CONTEXT",
		!1,
		!1,
		"The page {origin} is not secure, so the browser gives it no camera, microphone or screen.",
		"Serve the page over https, or from localhost while developing.",
		"",
		"origin"
	], e, t),
	unsupportedEnvironmentNoWEBRTC: (e, t) => n([
		3104,
		"UNSUPPORTED_ENVIRONMENT",
		"This environment cannot take part in a meeting.",
		"NO_WEBRTC",
		!0,
		!1,
		"This browser has no RTCPeerConnection ({userAgent}).",
		"Use a current Chrome, Edge, Firefox or Safari, and switch off extensions that block WebRTC.",
		"",
		"userAgent"
	], e, t),
	unsupportedEnvironmentNoScreenShare: (e, t) => n([
		3104,
		"UNSUPPORTED_ENVIRONMENT",
		"This environment cannot take part in a meeting.",
		"NO_SCREEN_SHARE",
		!1,
		!1,
		"This browser cannot share a screen ({userAgent}).",
		"Share from a desktop browser; hide the control where navigator.mediaDevices.getDisplayMedia is missing.",
		"",
		"userAgent"
	], e, t)
};
function n([e, t, n, i, a, o, c, l, d, f], p, m = {}) {
	let h = {};
	for (let e of f ? f.split(" ") : []) h[e] = s(p[e]);
	return {
		code: e,
		name: t,
		message: n,
		reason: i,
		detail: r(c, h),
		remedy: r(l, h),
		...d && { param: r(d, h) },
		...f && { details: h },
		fatal: a,
		retryable: o,
		retryAfterMs: m.retryAfterMs ?? 0,
		id: u(),
		causeId: m.causeId ?? "",
		at: (/* @__PURE__ */ new Date()).toISOString(),
		docs: `${m.server ?? ""}/errors/${e}#${i}`,
		meetingId: m.meetingId ?? "",
		sessionId: m.sessionId ?? "",
		participantId: m.participantId ?? ""
	};
}
function r(e, t) {
	return e.replace(/\{([A-Za-z]\w*)\}/g, (e, n) => i(t[n]));
}
function i(e) {
	return Array.isArray(e) ? e.length ? e.join(", ") : "none" : e === "" ? "\"\"" : String(e);
}
var a = 200, o = 20;
function s(e) {
	return typeof e == "string" ? c(e) : Array.isArray(e) ? e.slice(0, o).map((e) => c(String(e))) : e;
}
function c(e) {
	let t = Array.from(e.slice(0, 402));
	return (t.length > a ? t.slice(0, a).join("") + "…" : t.join("")).replace(/[\p{Cc}\p{Cs}\p{Bidi_Control}\uFFFD]/gu, "·");
}
var l = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
function u() {
	let e = "";
	for (let t = Date.now(), n = 0; n < 10; n++, t = Math.floor(t / 32)) e = l.charAt(t % 32) + e;
	let t = "";
	for (let e of crypto.getRandomValues(/* @__PURE__ */ new Uint8Array(16))) t += l.charAt(e & 31);
	return "flt_" + e + t;
}
// src/fault.ts
var d = class extends Error {
	toJSON() {
		let { code: e, name: t, message: n, ...r } = this;
		return {
			code: e,
			name: t,
			message: n,
			...r
		};
	}
}, f = class extends d {
	constructor(e) {
		super(e.message), Object.defineProperty(this, "message", { enumerable: !0 }), Object.assign(this, e);
	}
}, p = { allows: (e) => document.featurePolicy?.allowsFeature(e) }, m = {
	camera: {
		permissionDenied: t.startingVideoPermissionDenied,
		policyBlocked: t.startingVideoPolicyBlocked,
		inUse: t.startingVideoDeviceInUse,
		noDevice: t.startingVideoNoDevice,
		unavailable: t.startingVideoDeviceUnavailable,
		lost: t.startingVideoDeviceLost,
		publishRefused: t.startingVideoPublishRefused
	},
	microphone: {
		permissionDenied: t.startingAudioPermissionDenied,
		policyBlocked: t.startingAudioPolicyBlocked,
		inUse: t.startingAudioDeviceInUse,
		noDevice: t.startingAudioNoDevice,
		unavailable: t.startingAudioDeviceUnavailable,
		lost: t.startingAudioDeviceLost,
		publishRefused: t.startingAudioPublishRefused
	}
}, h = /permissions?[- ]policy|feature[- ]policy/i;
function ee(e, t, n, r, i = p) {
	let a = m[e], { name: o, message: s, constraint: c } = ae(t);
	switch (o) {
		case "NotAllowedError":
		case "PermissionDeniedError":
		case "SecurityError": return o === "SecurityError" || h.test(s) || i.allows(e) === !1 ? a.policyBlocked({
			domName: o,
			domMessage: s,
			feature: e
		}, r) : a.permissionDenied({
			domName: o,
			domMessage: s
		}, r);
		case "NotFoundError":
		case "DevicesNotFoundError": return a.noDevice({
			domName: o,
			domMessage: s
		}, r);
		case "OverconstrainedError":
		case "ConstraintNotSatisfiedError":
		case "TypeError": return a.unavailable({
			domName: o,
			constraint: c || s,
			deviceId: n.deviceId
		}, r);
		default: return a.inUse({
			domName: o,
			domMessage: s,
			label: n.label
		}, r);
	}
}
function te(e, n, r = p) {
	let { name: i, message: a } = ae(e), o = {
		domName: i,
		domMessage: a
	};
	switch (i) {
		case "InvalidStateError":
		case "InvalidAccessError": return t.startingScreenshareNoUserGesture(o, n);
		case "NotAllowedError": return h.test(a) || r.allows("display-capture") === !1 ? t.startingScreensharePolicyBlocked({
			...o,
			feature: "display-capture"
		}, n) : /system/i.test(a) ? t.startingScreensharePermissionDenied(o, n) : t.startingScreenshareUserCancelled(o, n);
		case "SecurityError": return t.startingScreensharePolicyBlocked({
			...o,
			feature: "display-capture"
		}, n);
		default: return t.startingScreenshareCaptureFailed(o, n);
	}
}
function ne(e, t, n) {
	return m[e].lost({ label: t }, n);
}
function re(e, n, r) {
	let i = {
		...r,
		causeId: n
	};
	return e === "audio" ? m.microphone.publishRefused({ kind: e }, i) : e === "video" ? m.camera.publishRefused({ kind: e }, i) : t.startingScreensharePublishRefused({ kind: e }, i);
}
async function g(e, t, n) {
	let r = _(n);
	try {
		return await r.getUserMedia(e === "camera" ? { video: t } : { audio: t });
	} catch (i) {
		let a = oe(t);
		throw new f(ee(e, i, {
			deviceId: a,
			label: await se(r, e, a)
		}, n));
	}
}
async function ie(e, n) {
	let r = _(n);
	if (!("getDisplayMedia" in r)) throw new f(t.unsupportedEnvironmentNoScreenShare({ userAgent: navigator.userAgent }, n));
	try {
		return await r.getDisplayMedia(e);
	} catch (e) {
		throw new f(te(e, n));
	}
}
function _(e) {
	let n = navigator.mediaDevices;
	if (n) return n;
	throw new f(isSecureContext ? t.unsupportedEnvironmentNoWEBRTC({ userAgent: navigator.userAgent }, e) : t.unsupportedEnvironmentInsecureContext({ origin: location.origin }, e));
}
function ae(e) {
	let { name: t, message: n, constraint: r } = typeof e == "object" && e ? e : {};
	return {
		name: typeof t == "string" ? t : "Error",
		message: typeof n == "string" ? n : String(e),
		constraint: typeof r == "string" ? r : ""
	};
}
function oe({ deviceId: e }) {
	let t = typeof e == "object" && !Array.isArray(e) ? e.exact : e;
	return typeof t == "string" ? t : "";
}
async function se(e, t, n) {
	let r = t === "camera" ? "videoinput" : "audioinput", i = (await e.enumerateDevices().catch(() => [])).filter((e) => e.kind === r);
	return (n ? i.find((e) => e.deviceId === n) : i[0])?.label || n;
}
var v = {
	camera: {
		h90p_w160p: {
			width: 160,
			height: 90,
			frameRate: 15,
			kbps: [
				60,
				100,
				150
			]
		},
		h180p_w320p: {
			width: 320,
			height: 180,
			frameRate: 15,
			kbps: [
				100,
				150,
				250
			]
		},
		h360p_w640p: {
			width: 640,
			height: 360,
			frameRate: 20,
			kbps: [
				200,
				400,
				600
			]
		},
		h540p_w960p: {
			width: 960,
			height: 540,
			frameRate: 25,
			kbps: [
				350,
				550,
				800
			]
		},
		h720p_w1280p: {
			width: 1280,
			height: 720,
			frameRate: 30,
			kbps: [
				1e3,
				1500,
				2e3
			]
		},
		h1080p_w1920p: {
			width: 1920,
			height: 1080,
			frameRate: 30,
			kbps: [
				1600,
				2200,
				2700
			]
		},
		h1440p_w2560p: {
			width: 2560,
			height: 1440,
			frameRate: 30,
			kbps: [
				5e3,
				5500,
				6e3
			]
		},
		h2160p_w3840p: {
			width: 3840,
			height: 2160,
			frameRate: 30,
			kbps: [
				8e3,
				8500,
				9e3
			]
		}
	},
	share: {
		h360p_30fps: {
			width: 640,
			height: 360,
			frameRate: 30,
			kbps: 400
		},
		h720p_5fps: {
			width: 1280,
			height: 720,
			frameRate: 5,
			kbps: 1e3
		},
		h720p_15fps: {
			width: 1280,
			height: 720,
			frameRate: 15,
			kbps: 1e3
		},
		h1080p_15fps: {
			width: 1920,
			height: 1080,
			frameRate: 15,
			kbps: 1500
		},
		h1080p_30fps: {
			width: 1920,
			height: 1080,
			frameRate: 30,
			kbps: 2e3
		}
	},
	audio: {
		speech_low_quality: {
			kbps: 16,
			channels: 1,
			speech: !0
		},
		speech_standard: {
			kbps: 24,
			channels: 1,
			speech: !0
		},
		music_standard: {
			kbps: 32,
			channels: 1,
			speech: !1
		},
		standard_stereo: {
			kbps: 64,
			channels: 2,
			speech: !1
		},
		high_quality: {
			kbps: 128,
			channels: 1,
			speech: !1
		},
		high_quality_stereo: {
			kbps: 192,
			channels: 2,
			speech: !1
		}
	}
}, ce = [
	"bandwidth_optimized",
	"balanced",
	"high_quality"
], y = 64e3, b = /* @__PURE__ */ new WeakMap(), le = {
	audio: { maxBitrateBps: 24e3 },
	video: {
		maxBitrateBps: 15e5,
		degradation: "balanced"
	},
	share: {
		maxBitrateBps: 1e6,
		degradation: "maintain-resolution"
	},
	shareAudio: { maxBitrateBps: y }
};
function x(e, t) {
	return b.get(e) ?? le[t];
}
async function ue(e = {}, t = {}) {
	let { width: n, height: r, frameRate: i, kbps: a } = C(v.camera, e.encoderConfig ?? "h720p_w1280p", "createCameraVideoTrack", t), o = ce.indexOf(e.bitrateMode ?? "balanced"), s = await g("camera", {
		width: { ideal: n },
		height: { ideal: r },
		frameRate: { ideal: i },
		...e.cameraId ? { deviceId: { exact: e.cameraId } } : {},
		...e.facingMode ? { facingMode: { ideal: e.facingMode === "environment" ? "environment" : "user" } } : {}
	}, t), c = e.optimizationMode ?? "motion";
	return S(s, "video", c, {
		maxBitrateBps: (a[o] ?? a[1]) * 1e3,
		degradation: c === "motion" ? "balanced" : "maintain-resolution"
	});
}
async function de(e = {}, t = {}) {
	let { kbps: n, channels: r, speech: i } = C(v.audio, e.encoderConfig ?? "speech_standard", "createMicrophoneAudioTrack", t), { noiseSuppression: a = i, echoCancellation: o = i, autoGainControl: s = i } = e.noiseConfig ?? {};
	return S(await g("microphone", {
		noiseSuppression: a,
		echoCancellation: o,
		autoGainControl: s,
		channelCount: { ideal: r },
		...e.microphoneId ? { deviceId: { exact: e.microphoneId } } : {}
	}, t), "audio", i ? "speech" : "music", { maxBitrateBps: n * 1e3 });
}
async function fe(e = {}, t = {}) {
	let { width: n, height: r, frameRate: i, kbps: a } = C(v.share, e.encoderConfig ?? "h720p_15fps", "createScreenShareVideoTrack", t), o = await ie({
		video: {
			width: { max: n },
			height: { max: r },
			frameRate: { max: i }
		},
		audio: e.withAudio !== "disable" && {
			echoCancellation: !1,
			noiseSuppression: !1,
			autoGainControl: !1
		}
	}, t), s = e.optimizationMode ?? "text";
	return S(o, "audio", "music", { maxBitrateBps: y }), S(o, "video", s, {
		maxBitrateBps: a * 1e3,
		degradation: s === "motion" ? "balanced" : "maintain-resolution"
	});
}
function S(e, t, n, r) {
	for (let i of e.getTracks().filter((e) => e.kind === t)) i.contentHint = n, b.set(i, r);
	return e;
}
function C(e, n, r, i) {
	if (Object.hasOwn(e, n)) return e[n];
	let a = {
		method: r,
		parameter: "encoderConfig",
		got: String(n),
		allowed: Object.keys(e)
	};
	throw new f(t.invalidParameterNotAllowed(a, i));
}
function w(e, n, r, i) {
	let a = e instanceof MediaStream ? e.getTracks() : [e], o = a.find((e) => e instanceof MediaStreamTrack && e.kind === n && e.readyState === "live");
	if (o) return o;
	let s = {
		method: r,
		parameter: "track",
		got: a.map((e) => e instanceof MediaStreamTrack ? `${e.readyState} ${e.kind}` : typeof e).join(", ") || "an empty stream",
		want: `a live ${n} track`
	};
	throw new f(t.invalidParameterWrongType(s, i));
}
// src/argument.ts
function pe(e, n, r, i) {
	try {
		return JSON.stringify(r);
	} catch (r) {
		let a = r instanceof Error ? r.message.split("\n")[0] ?? "" : String(r);
		throw new f(t.invalidParameterWrongType({
			method: e,
			parameter: n,
			got: a,
			want: "values that JSON can hold"
		}, i));
	}
}
function me(e, n, r) {
	if (typeof n == "function") return;
	let i = n === null ? "null" : typeof n;
	throw new f(t.invalidParameterWrongType({
		method: e,
		parameter: "listener",
		got: i,
		want: "a function"
	}, r));
}
// src/emitter.ts
var T = class {
	#e = Object.create(null);
	on(e, t) {
		return me("on", t), this.#e[e] = [...this.#e[e] ?? [], t], () => this.off(e, t);
	}
	once(e, t) {
		let n = this.on(e, (...e) => {
			n(), t(...e);
		});
		return n;
	}
	off(e, t) {
		let n = this.#e[e] ?? [], r = t ? n.indexOf(t) : -1;
		this.#e[e] = t ? n.filter((e, t) => t !== r) : [];
	}
	listenerCount(e) {
		return this.#e[e]?.length ?? 0;
	}
	emit(e, ...t) {
		for (let n of this.#e[e] ?? []) try {
			n(...t);
		} catch (e) {
			E(e);
		}
	}
};
function E(e) {
	queueMicrotask(() => {
		throw e;
	});
}
// src/devices.ts
async function D() {
	return (await _({}).enumerateDevices()).filter(({ deviceId: e }) => e !== "").map(({ deviceId: e, groupId: t, kind: n, label: r }) => ({
		deviceId: e,
		groupId: t,
		kind: n,
		label: r
	}));
}
async function O(e) {
	return (await D()).filter((t) => t.kind === e);
}
var he = class extends T {
	on(e, t) {
		return this.listenerCount(e) === 0 && _({}).addEventListener("devicechange", this.#e), super.on(e, t);
	}
	off(e, t) {
		super.off(e, t), this.listenerCount(e) === 0 && _({}).removeEventListener("devicechange", this.#e);
	}
	#e = () => {
		D().then((e) => this.emit("device-changed", e), E);
	};
}, ge = (e) => e === "audio_video" ? ["audio", "video"] : [e], _e = {
	audio: "microphone",
	video: "camera"
};
async function ve(e) {
	let t = ge(e).map(async (e) => [e, await be(e)]);
	return new Map(await Promise.all(t));
}
async function ye(e) {
	let t = /* @__PURE__ */ new Map();
	for (let n of ge(e)) try {
		let e = await g(_e[n], {}, {});
		for (let t of e.getTracks()) t.stop();
		t.set(n, !0);
	} catch (e) {
		if (!(e instanceof f) || e.reason !== "PERMISSION_DENIED") throw e;
		t.set(n, !1);
	}
	return t;
}
async function be(e) {
	try {
		return (await navigator.permissions.query({ name: _e[e] })).state === "granted";
	} catch {
		return (await _({}).enumerateDevices()).some(({ kind: t, label: n }) => t === `${e}input` && n !== "");
	}
}
// src/address.ts
var xe = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/;
function Se(e, n) {
	let r = (n) => {
		throw new f(t.signalingUnreachableBadUrl({
			url: we(e),
			problem: n
		}));
	};
	/^[a-z][a-z0-9+.-]*:\/\//i.test(e) || r(e.trim() === "" ? "it is empty" : "it does not begin with http:// or https://");
	let i = Ce(e) ?? r("it is not a valid URL"), a = i.protocol === "https:" || i.protocol === "wss:";
	!a && i.protocol !== "http:" && i.protocol !== "ws:" && r(`its scheme is ${i.protocol.slice(0, -1)}`), (i.username !== "" || i.password !== "") && r("it contains a user name or password"), (i.search !== "" || i.hash !== "") && r("it has a query or fragment");
	let o = i.host + i.pathname.replace(/\/+$/, "");
	if (n.protocol === "https:" && !a && !xe.test(i.hostname)) throw new f(t.signalingUnreachableMixedContent({
		url: e,
		page: n.origin
	}));
	return {
		base: `${a ? "https" : "http"}://${o}`,
		signal: `${a ? "wss" : "ws"}://${o}/v1/signal`
	};
}
function Ce(e) {
	try {
		return new URL(e);
	} catch {
		return;
	}
}
function we(e) {
	return e.replace(/\/\/[^/@]*@/, "//").replace(/[?#].*/s, "");
}
// src/egress.ts
var Te = 3e4, Ee = {
	playbackHlsUrl: null,
	livestreamUrl: null,
	downstreamUrl: null
}, De = class {
	recording = "";
	livestream = "";
	hls = "";
	urls = Ee;
	#e;
	constructor(e) {
		this.#e = e;
	}
	enter({ recording: e, livestream: t, hls: n }) {
		this.recording = e.status, this.livestream = t.status, this.#i(n);
	}
	event({ name: e, data: t }) {
		let { events: n } = this.#e;
		switch (e) {
			case "recording-state-changed": return this.recording = t.status, n.emit(e, { status: t.status }), t.status === "RECORDING_STARTED" && n.emit("recording-started"), t.status === "RECORDING_STOPPED" && n.emit("recording-stopped"), !0;
			case "livestream-state-changed": return this.livestream = t.status, n.emit(e, { status: t.status }), t.status === "LIVESTREAM_STARTED" && n.emit("livestream-started"), t.status === "LIVESTREAM_STOPPED" && n.emit("livestream-stopped"), !0;
			case "hls-state-changed": return this.#i(t), n.emit(e, {
				status: t.status,
				...this.urls
			}), t.status === "HLS_STARTED" && n.emit("hls-started", this.urls), t.status === "HLS_STOPPED" && n.emit("hls-stopped"), !0;
			default: return !1;
		}
	}
	async startRecording(e, t, n) {
		let r = "startRecording";
		this.#n(r, "webhookUrl", e, "string"), this.#n(r, "awsDirPath", t, "string"), this.#n(r, "config", n, "object"), await this.#t(r, {
			webhookUrl: e,
			awsDirPath: t,
			config: n
		});
	}
	async startLivestream(e, n) {
		let r = "startLivestream";
		if (k(e)) throw this.#r(t.invalidParameterMissing, {
			method: r,
			parameter: "outputs"
		});
		this.#n(r, "outputs", e, "array"), e.forEach((e, n) => {
			let i = `outputs[${n}]`;
			if (k(e)) throw this.#r(t.invalidParameterMissing, {
				method: r,
				parameter: i
			});
			this.#n(r, i, e, "object");
			let { url: a, streamKey: o } = e;
			this.#n(r, `${i}.url`, a, "string"), this.#n(r, `${i}.streamKey`, o, "string");
		}), this.#n(r, "config", n, "object"), await this.#t(r, {
			outputs: e.map(({ url: e, streamKey: t }) => ({
				url: e,
				streamKey: t
			})),
			config: n
		});
	}
	async startHls(e) {
		this.#n("startHls", "config", e, "object"), await this.#t("startHls", { config: e });
	}
	async stop(e) {
		await this.#e.request(e);
	}
	async #t(e, t) {
		let n = Object.entries(t).filter(([, e]) => !k(e));
		await this.#e.request(e, Object.fromEntries(n), Te);
	}
	#n(e, n, r, i) {
		let a = Array.isArray(r) ? "array" : typeof r;
		if (!(k(r) || a === i)) throw this.#r(t.invalidParameterWrongType, {
			method: e,
			parameter: n,
			got: a,
			want: i
		});
	}
	#r(e, t) {
		return new f(e(t, this.#e.where()));
	}
	#i({ status: e, playbackHlsUrl: t, livestreamUrl: n, downstreamUrl: r }) {
		this.hls = e, this.urls = {
			playbackHlsUrl: t || null,
			livestreamUrl: n || null,
			downstreamUrl: r || null
		};
	}
};
function k(e) {
	return e == null;
}
// src/localmedia.ts
var Oe = {
	audio: "microphone",
	video: "camera"
}, ke = class {
	#e;
	#t;
	#n;
	#r = /* @__PURE__ */ new Map();
	#i = /* @__PURE__ */ new Map();
	#a = !1;
	constructor(e, t, n) {
		this.#e = e, this.#n = t, this.#t = n;
	}
	selected(e) {
		return this.#i.get(e);
	}
	async start(e, t, n) {
		let r = this.#r.get(e), i = t !== void 0 || r?.readyState !== "live", a = t ? w(t, e, n, this.#t.where()) : i ? await this.#o(e) : r;
		a !== r && r?.stop(), await this.#s(e, a);
	}
	async startShare(e, t) {
		let n = e instanceof MediaStream ? e : e ? new MediaStream([e]) : await fe({}, this.#t.where()), r = w(n, "video", t, this.#t.where()), [i] = n.getAudioTracks();
		try {
			await this.#s("share", r), i && await this.#s("shareAudio", i);
		} catch (e) {
			await Promise.allSettled([this.stop("share"), this.stop("shareAudio")]);
			for (let e of n.getTracks()) e.stop();
			throw e;
		}
	}
	async stop(e, t = !0) {
		this.#d(e), this.#t.switched(e, void 0), await this.#e.disable(e, t);
	}
	async change(e, t, n, r) {
		if (typeof t == "string" && !n) {
			this.#f(e), this.#i.set(e, {
				deviceId: t,
				label: ""
			});
			return;
		}
		let i = typeof t == "string" ? void 0 : w(t, e, r, this.#t.where());
		e === "video" && !i && this.#f(e);
		let a;
		try {
			a = i ?? await this.#o(e, t);
		} catch (t) {
			throw this.#r.has(e) || await this.stop(e), t;
		}
		if (this.#f(e), this.#l(e, a), n) {
			let t = await this.#e.replace(e, a, x(a, e));
			this.#t.switched(e, {
				wire: t,
				track: a
			});
		} else a.enabled = !1;
	}
	close() {
		this.#a = !0;
		for (let e of this.#r.keys()) this.#f(e);
	}
	async #o(e, t = this.#i.get(e)?.deviceId) {
		let n = this.#t.where();
		return w(e === "audio" ? await de(t ? { microphoneId: t } : {}, n) : await ue({
			encoderConfig: this.#n,
			...t ? { cameraId: t } : {}
		}, n), e, "capture", n);
	}
	async #s(e, t) {
		if (this.#a) return t.stop();
		t.enabled = !0, this.#l(e, t);
		try {
			let n = await this.#e.enable(e, t, x(t, e));
			this.#t.switched(e, {
				wire: n,
				track: t
			});
		} catch (t) {
			throw this.#f(e), this.#c(e, t);
		}
	}
	#c(e, t) {
		return !(t instanceof f) || [
			3056,
			3065,
			3066,
			3079
		].includes(t.code) ? t : (this.#t.fault(t.toJSON()), new f(re(e, t.id, this.#t.where())));
	}
	#l(e, t) {
		this.#r.set(e, t), t.onended = () => this.#u(e, t), (e === "audio" || e === "video") && this.#i.set(e, {
			deviceId: t.getSettings().deviceId ?? "",
			label: t.label
		});
	}
	#u(e, t) {
		if (this.#r.get(e) !== t) return;
		let n = t.enabled;
		if (this.#f(e), e === "audio" || e === "video") {
			if (this.#i.delete(e), !n) return;
			this.#t.fault(ne(Oe[e], t.label, this.#t.where()));
		}
		let r = e === "share" ? ["share", "shareAudio"] : [e];
		for (let e of r) this.stop(e).catch(() => void 0);
	}
	#d(e) {
		let t = this.#r.get(e);
		e === "audio" && t ? t.enabled = !1 : this.#f(e);
	}
	#f(e) {
		let t = this.#r.get(e);
		this.#r.delete(e), t && (t.onended = null, t.stop());
	}
};
// src/frame.ts
async function Ae(e, t) {
	let n = document.createElement("video");
	n.muted = !0, n.playsInline = !0, n.srcObject = new MediaStream([e]);
	try {
		await n.play();
		let e = document.createElement("canvas"), r = t.width ? t.width / n.videoWidth : t.height ? t.height / n.videoHeight : 1;
		return e.width = Math.round(t.width ?? n.videoWidth * r), e.height = Math.round(t.height ?? n.videoHeight * r), e.getContext("2d")?.drawImage(n, 0, 0, e.width, e.height), e.toDataURL("image/png");
	} finally {
		n.srcObject = null;
	}
}
// src/stats.ts
function je(e, t, n) {
	let r = [...t.values()], i = r.find(({ type: e }) => e === "outbound-rtp" || e === "inbound-rtp");
	if (!i) return;
	let a = i.type === "outbound-rtp" ? r.find(({ type: e }) => e === "remote-inbound-rtp") : i, o = r.find(({ type: e, nominated: t }) => e === "candidate-pair" && t), s = a?.roundTripTime ?? o?.currentRoundTripTime, c = i.bytesSent ?? i.bytesReceived ?? 0, l = {
		atMs: i.timestamp,
		bytes: c
	}, u = n ? l.atMs - n.atMs : 0, d = r.find(({ id: e }) => e === i.codecId)?.mimeType, { frameWidth: f, frameHeight: p, framesPerSecond: m } = i;
	return {
		sample: l,
		stats: {
			kind: e,
			bitrateBps: n && u > 0 ? Math.round((c - n.bytes) * 8e3 / u) : 0,
			rttMs: A(s),
			jitterMs: A(a?.jitter),
			packetsLost: a?.packetsLost ?? 0,
			totalPackets: i.packetsSent ?? i.packetsReceived ?? 0,
			codec: d?.split("/")[1],
			size: f && p ? {
				width: f,
				height: p,
				framerate: m ?? 0
			} : void 0
		}
	};
}
function A(e) {
	return e === void 0 ? void 0 : Math.round(e * 1e3);
}
// src/stream.ts
var j = class {
	id;
	kind;
	codec;
	#e;
	#t;
	#n = !1;
	constructor(e, t, n) {
		this.id = e.id, this.kind = e.kind, this.codec = e.codec, this.#t = t, this.#e = n;
	}
	get track() {
		return this.#t;
	}
	get paused() {
		return this.#n;
	}
	get displaySurface() {
		return this.#t.getSettings().displaySurface;
	}
	async pause() {
		await this.#e(!1, "stream.pause");
	}
	async resume() {
		await this.#e(!0, "stream.resume");
	}
	update(e) {
		this.#t = e;
	}
	setPaused(e) {
		this.#n = e;
	}
}, M = {
	SHARE_AND_CAM: {
		cam: !0,
		share: !0
	},
	CAM: {
		cam: !0,
		share: !1
	},
	SHARE: {
		cam: !1,
		share: !0
	}
}, N = class extends T {
	local;
	streams;
	#e;
	#t = /* @__PURE__ */ new Map();
	#n = /* @__PURE__ */ new Map();
	#r = /* @__PURE__ */ new Map();
	#i = /* @__PURE__ */ new Map();
	#a = /* @__PURE__ */ new Set();
	#o;
	#s;
	#c;
	#l;
	#u = {
		cam: !1,
		share: !1
	};
	constructor(e, t, n) {
		super(), this.#o = e.id, this.#s = e.displayName, this.#c = e.mode, this.#l = e.metaData, this.local = t, this.#e = n, this.streams = this.#t;
	}
	get id() {
		return this.#o;
	}
	get displayName() {
		return this.#s;
	}
	get mode() {
		return this.#c;
	}
	get metaData() {
		return this.#l;
	}
	get pinState() {
		return this.#u;
	}
	get isLocal() {
		return this.local;
	}
	get micOn() {
		return this.#n.has("audio");
	}
	get webcamOn() {
		return this.#n.has("video");
	}
	get screenShareOn() {
		return this.#n.has("share");
	}
	get screenShareAudioOn() {
		return this.#n.has("shareAudio");
	}
	stream(e) {
		return [...this.#t.values()].find((t) => t.kind === e);
	}
	enableMic() {
		return this.#m("audio", !0, "participant.enableMic");
	}
	disableMic() {
		return this.#m("audio", !1, "participant.disableMic");
	}
	enableWebcam() {
		return this.#m("video", !0, "participant.enableWebcam");
	}
	disableWebcam() {
		return this.#m("video", !1, "participant.disableWebcam");
	}
	remove() {
		return this.#p("participant.remove", "removeParticipant", {});
	}
	pin(e = "SHARE_AND_CAM") {
		return this.#h("participant.pin", e, !0);
	}
	unpin(e = "SHARE_AND_CAM") {
		return this.#h("participant.unpin", e, !1);
	}
	consumeMicStreams() {
		return this.#d("audio", !0, "participant.consumeMicStreams");
	}
	consumeWebcamStreams() {
		return this.#d("video", !0, "participant.consumeWebcamStreams");
	}
	stopConsumingMicStreams() {
		return this.#d("audio", !1, "participant.stopConsumingMicStreams");
	}
	stopConsumingWebcamStreams() {
		return this.#d("video", !1, "participant.stopConsumingWebcamStreams");
	}
	captureImage(e = {}) {
		let n = "participant.captureImage";
		return this.#e.call(n, async () => {
			let r = this.stream("video")?.track;
			if (r) return Ae(r, e);
			throw new f(t.invalidParameterMissing({
				method: n,
				parameter: "a camera that is on and received"
			}, this.#e.where()));
		});
	}
	getVideoStats() {
		return this.#g("video");
	}
	getAudioStats() {
		return this.#g("audio");
	}
	getShareStats() {
		return this.#g("share");
	}
	getShareAudioStats() {
		return this.#g("shareAudio");
	}
	#d(e, n, r) {
		return this.#e.call(r, async () => {
			if (this.local) {
				let e = {
					method: r,
					parameter: "participant",
					got: "oneself",
					allowed: ["another participant"]
				};
				throw new f(t.invalidParameterNotAllowed(e, this.#e.where()));
			}
			let i = this.stream(e), a = i?.paused ?? !1;
			r.startsWith("stream.") && i?.setPaused(!n);
			try {
				await this.#e.request("consume", {
					participantId: this.id,
					kind: e,
					enabled: n
				});
			} catch (e) {
				throw i?.setPaused(a), e;
			}
		});
	}
	become({ id: e, displayName: t, mode: n, metaData: r }) {
		this.#o = e, this.#s = t, this.#c = n, this.#l = r;
	}
	setMode(e) {
		this.#c = e;
	}
	setPinState(e) {
		this.#u = e;
	}
	announce(e, t) {
		let n = this.#n.has(e);
		t ? this.#n.set(e, t) : this.#n.delete(e), n !== !!t && this.emit("media-status-changed", {
			kind: e,
			newStatus: !!t
		}), this.#f(e);
	}
	receive(e, t) {
		t ? this.#r.set(e, t) : this.#r.delete(e), this.#f(e);
	}
	#f(e) {
		let t = this.#n.get(e), n = this.#r.get(e), r = this.stream(e);
		if (t && n) {
			if (r?.track === n.track && !this.#a.has(e)) return;
			let i = r ?? new j(t, n.track, (t, n) => this.#d(e, t, n));
			if (i.update(n.track), i.paused) return;
			this.#a.delete(e), this.#t.set(i.id, i), this.emit("stream-enabled", i);
		} else r && t && r.paused ? this.#a.add(e) : r && (this.#a.delete(e), this.#t.delete(r.id), this.#i.delete(e), this.emit("stream-disabled", r));
	}
	#p(e, t, n) {
		return this.#e.call(e, async () => void await this.#e.request(t, {
			participantId: this.id,
			...n
		}));
	}
	#m(e, t, n) {
		return this.local ? this.#e.own(e, t) : this.#p(n, "requestStream", {
			kind: e,
			enabled: t
		});
	}
	#h(e, n, r) {
		let i = M[n];
		if (!i) {
			let r = {
				method: e,
				parameter: "type",
				got: String(n),
				allowed: Object.keys(M)
			};
			return this.#e.call(e, () => Promise.reject(new f(t.invalidParameterNotAllowed(r, this.#e.where()))));
		}
		let { cam: a, share: o } = this.#u;
		return this.#p(e, "pin", { state: {
			cam: i.cam ? r : a,
			share: i.share ? r : o
		} });
	}
	async #g(e) {
		let t = await (this.local ? this.#e.ownStats(e) : this.#r.get(e)?.receiver?.getStats()), n = t && je(e, t, this.#i.get(e));
		return n ? (this.#i.set(e, n.sample), [n.stats]) : [];
	}
}, Me = [
	"audio",
	"video",
	"share",
	"shareAudio"
], Ne = class {
	participants = /* @__PURE__ */ new Map();
	pins = /* @__PURE__ */ new Map();
	#e;
	#t = null;
	#n = null;
	#r = null;
	#i = [];
	constructor(e) {
		this.#e = e;
	}
	get speakerId() {
		return this.#t;
	}
	get presenterId() {
		return this.#n;
	}
	get mainId() {
		return this.#r;
	}
	enter(e) {
		this.#e.local.become(e.participant);
		for (let t of e.participants) this.#a(t);
		for (let { participantId: t, state: n } of e.pins) this.#l(t, n);
		this.#t = e.activeSpeakerId || null, this.#n = e.presenterId || null;
	}
	tell() {
		let { events: e } = this.#e;
		for (let t of this.participants.values()) e.emit("participant-joined", t);
		this.#t && e.emit("speaker-changed", this.#t), this.#n && e.emit("presenter-changed", this.#n), this.#d();
	}
	event({ name: e, data: t }) {
		let { events: n } = this.#e;
		switch (e) {
			case "participant-joined": return this.#o(t.participant), !0;
			case "participant-left": return this.#s(t.participantId, t.reason), !0;
			case "participant-mode-changed": return this.#c(t.participantId, t.mode), !0;
			case "stream-enabled": return this.participants.get(t.participantId)?.announce(t.stream.kind, t.stream), !0;
			case "stream-disabled": return this.participants.get(t.participantId)?.announce(t.stream.kind, void 0), t.participantId === this.#e.local.id && t.by !== "" && this.#e.switchedOff(t.stream.kind), !0;
			case "speaker-changed": return this.#t = t.participantId || null, n.emit("speaker-changed", this.#t), this.#d(), !0;
			case "presenter-changed": return this.#n = t.participantId || null, n.emit("presenter-changed", this.#n), this.#d(), !0;
			case "pin-state-changed": return this.#l(t.participantId, t.state), n.emit("pin-state-changed", {
				...t,
				peerId: t.participantId
			}), !0;
			default: return !1;
		}
	}
	receive(e) {
		let t = this.#i;
		this.#i = e;
		for (let { participantId: n, kind: r } of t) e.some((e) => e.participantId === n && e.kind === r) || this.participants.get(n)?.receive(r, void 0);
		for (let { participantId: t, kind: n, ...r } of e) this.participants.get(t)?.receive(n, r);
	}
	#a(e) {
		let t = new N(e, !1, this.#e.host);
		this.participants.set(e.id, t);
		for (let n of e.streams) t.announce(n.kind, n);
		return t;
	}
	#o(e) {
		let t = this.#a(e);
		this.#e.events.emit("participant-joined", t);
		for (let { participantId: n, kind: r, ...i } of this.#i) n === e.id && t.receive(r, i);
		this.#d();
	}
	#s(e, t) {
		let n = this.participants.get(e);
		n && (this.participants.delete(e), this.pins.delete(e), this.#e.events.emit("participant-left", n, t), this.#d());
	}
	#c(e, t) {
		let n = this.#u(e);
		if (n?.setMode(t), n?.local && t !== "SEND_AND_RECV") for (let e of Me) this.#e.switchedOff(e);
		this.#e.events.emit("participant-mode-changed", {
			participantId: e,
			mode: t
		});
	}
	#l(e, t) {
		this.#u(e)?.setPinState(t), t.cam || t.share ? this.pins.set(e, t) : this.pins.delete(e);
	}
	#u(e) {
		return e === this.#e.local.id ? this.#e.local : this.participants.get(e);
	}
	#d() {
		let e = [
			this.#n,
			this.#t,
			this.#r,
			...this.participants.keys()
		].map((e) => e ? this.#u(e) : void 0).find(Boolean) ?? this.#e.local;
		e.id !== this.#r && (this.#r = e.id, this.#e.events.emit("main-participant-changed", e));
	}
}, Pe = class extends Error {
	name = "WireError";
}, P = (e, t, n) => {
	throw new Pe(`${e} is ${n === null ? "null" : Array.isArray(n) ? "an array" : typeof n}, not ${t}`);
}, F = (e, t) => typeof e == "string" ? e : P(t, "a string", e), I = (e, t) => typeof e == "number" ? e : P(t, "a number", e), L = (e, t) => typeof e == "boolean" ? e : P(t, "a boolean", e), R = (e) => typeof e == "object" && !!e && !Array.isArray(e), z = (e, t) => R(e) ? e : P(t, "an object", e), B = (e) => (t, n) => t == null ? void 0 : e(t, n), V = (e, t) => (n, r) => n == null ? t : e(n, r), H = (e) => (t, n) => t == null ? [] : Array.isArray(t) ? t.map((t, r) => e(t, `${n}[${r}]`)) : P(n, "an array", t), U = (...e) => (t, n) => e.find((e) => e === t) ?? P(n, e.join(" or "), t), W = (e) => (t, n) => {
	if (!R(t)) return P(n, "an object", t);
	let r = {};
	for (let [i, a] of Object.entries(e)) r[i] = a(t[i], `${n}.${i}`);
	return r;
}, Fe = U("audio", "video", "share", "shareAudio"), Ie = U("SEND_AND_RECV", "RECV_ONLY", "SIGNALLING_ONLY"), Le = W({
	code: I,
	name: F
}), Re = W({
	cam: L,
	share: L
}), ze = W({
	code: I,
	name: F,
	message: F,
	reason: F,
	detail: F,
	remedy: F,
	param: B(F),
	details: B(z),
	fatal: L,
	retryable: L,
	retryAfterMs: V(I, 0),
	id: F,
	causeId: V(F, ""),
	at: F,
	docs: V(F, ""),
	meetingId: V(F, ""),
	sessionId: V(F, ""),
	participantId: V(F, "")
}), G = (e, t) => {
	let { param: n, details: r, ...i } = ze(e, t);
	return {
		...i,
		...n !== void 0 && { param: n },
		...r && { details: r }
	};
}, K = W({
	id: F,
	kind: Fe,
	codec: F
}), q = W({
	id: F,
	displayName: F,
	mode: Ie,
	metaData: B(z),
	streams: H(K),
	joinedAt: F
}), Be = W({
	participantId: F,
	state: Re,
	pinnedBy: F
}), Ve = W({
	participantId: F,
	name: F,
	metaData: B(z)
}), He = W({ status: U("", "RECORDING_STARTING", "RECORDING_STARTED", "RECORDING_STOPPING", "RECORDING_STOPPED") }), Ue = W({ status: U("", "LIVESTREAM_STARTING", "LIVESTREAM_STARTED", "LIVESTREAM_STOPPING", "LIVESTREAM_STOPPED") }), We = W({
	status: U("", "HLS_STARTING", "HLS_STARTED", "HLS_PLAYABLE", "HLS_STOPPING", "HLS_STOPPED"),
	playbackHlsUrl: V(F, ""),
	livestreamUrl: V(F, ""),
	downstreamUrl: V(F, "")
}), Ge = W({
	participant: q,
	participants: H(q),
	permissions: H(F),
	activeSpeakerId: V(F, ""),
	presenterId: V(F, ""),
	pins: H(Be),
	entries: H(Ve),
	startedAt: F,
	serverTime: F,
	egress: W({
		recording: He,
		livestream: Ue,
		hls: We
	}),
	iceServers: H(W({
		urls: H(F),
		username: B(F),
		credential: B(F)
	}))
}), Ke = W({
	state: U("joined", "waiting"),
	meetingId: F,
	sessionId: F,
	participantId: F,
	secret: F,
	resumeWindowMs: I,
	pingIntervalMs: I,
	welcome: B(Ge)
}), qe = W({ seq: I }), Je = W({
	sdp: F,
	streams: H(K)
}), Ye = W({
	id: F,
	topic: F,
	message: F,
	senderId: F,
	senderName: F,
	timestamp: F,
	payload: B(z)
}), Xe = W({
	id: F,
	timestamp: F
}), Ze = W({ messages: H(Ye) }), Qe = W({
	offerId: I,
	sdp: F,
	streams: H(W({
		mid: F,
		participantId: F,
		kind: Fe,
		streamId: F
	}))
}), J = W({ participantId: F }), $e = {
	"meeting-joined": W({ welcome: Ge }),
	"meeting-left": W({
		reason: Le,
		fault: B(G)
	}),
	"participant-joined": W({ participant: q }),
	"participant-left": W({
		participantId: F,
		reason: Le
	}),
	"participant-mode-changed": W({
		participantId: F,
		mode: Ie
	}),
	"stream-enabled": W({
		participantId: F,
		stream: K
	}),
	"stream-disabled": W({
		participantId: F,
		stream: K,
		by: V(F, "")
	}),
	"speaker-changed": J,
	"presenter-changed": J,
	"entry-requested": Ve,
	"entry-responded": W({
		participantId: F,
		decision: U("allowed", "denied"),
		by: F
	}),
	"entry-withdrawn": J,
	"entry-pending": W({
		waitedMs: I,
		hosts: I
	}),
	"mic-requested": J,
	"webcam-requested": J,
	"pin-state-changed": Be,
	"pubsub-message": Ye,
	"subscribe-offer": Qe,
	"recording-state-changed": He,
	"livestream-state-changed": Ue,
	"hls-state-changed": We,
	error: W({ fault: G })
};
function et(e, t) {
	if (Object.hasOwn($e, e)) return {
		name: e,
		data: $e[e](t, e)
	};
}
var tt = W({
	seq: I,
	name: F
}), nt = W({ data: G });
function rt(e) {
	let t = z(JSON.parse(e), "frame");
	if (t.method !== void 0) {
		let e = z(t.params, "params");
		return {
			type: "event",
			...tt(e, "params"),
			data: e.data
		};
	}
	return t.error === void 0 ? {
		type: "result",
		id: I(t.id, "id"),
		result: t.result
	} : {
		type: "refusal",
		id: B(I)(t.id, "id"),
		fault: nt(t.error, "error").data
	};
}
// src/pubsub.ts
var it = class {
	#e;
	#t = /* @__PURE__ */ new Map();
	constructor(e) {
		this.#e = e;
	}
	publish(e, t, n = {}, r) {
		return this.#r("pubSub.publish", {
			topic: e,
			message: t
		}, async () => {
			let { persist: i = !1, sendOnly: a = [] } = n, o = {
				topic: e,
				message: t,
				persist: i,
				sendOnly: a,
				...r && { payload: r }
			};
			Xe(await this.#e.request("pubsub.publish", o), "pubsub.publish");
		});
	}
	subscribe(e, t, n = {}) {
		return this.#r("pubSub.subscribe", { topic: e }, async () => {
			me("pubSub.subscribe", typeof t == "object" && t ? t.onMessageReceived : t, this.#e.where()), this.#t.set(e, [...this.#t.get(e) ?? [], t]);
			try {
				let { messages: r } = Ze(await this.#e.request("pubsub.subscribe", {
					topic: e,
					...n
				}), "pubsub.subscribe");
				return typeof t == "object" && t.onOldMessagesReceived?.(r, { isLast: !0 }), r;
			} catch (n) {
				throw this.#n(e, t), n;
			}
		});
	}
	unsubscribe(e, t) {
		return this.#r("pubSub.unsubscribe", { topic: e }, async () => {
			this.#n(e, t), this.#t.has(e) || await this.#e.request("pubsub.unsubscribe", { topic: e });
		});
	}
	deliver(e) {
		for (let t of this.#t.get(e.topic) ?? []) try {
			typeof t == "function" ? t(e) : t.onMessageReceived(e);
		} catch (e) {
			E(e);
		}
	}
	#n(e, t) {
		let n = this.#t.get(e) ?? [], r = t ? n.indexOf(t) : -1, i = t ? n.filter((e, t) => t !== r) : [];
		i.length > 0 ? this.#t.set(e, i) : this.#t.delete(e);
	}
	#r(e, n, r) {
		return this.#e.call(e, async () => {
			for (let [r, i] of Object.entries(n)) {
				if (typeof i == "string") continue;
				let n = {
					method: e,
					parameter: r,
					got: typeof i,
					want: "a string"
				};
				throw new f(t.invalidParameterWrongType(n, this.#e.where()));
			}
			return r();
		});
	}
}, at = 12e3, ot = 2500, st = 1e3, ct = 1e4, lt = 5e3, ut = 3, dt = class {
	#e;
	#t;
	#n;
	#r = Date.now();
	#i = 0;
	#a = 0;
	#o = 0;
	#s = !1;
	#c = !1;
	#l;
	constructor(e, t, n) {
		this.#e = e, this.#t = t, this.#n = n, e.addEventListener("connectionstatechange", this.#u), this.#p(at);
	}
	close() {
		clearTimeout(this.#l), this.#e.removeEventListener("connectionstatechange", this.#u);
	}
	retry() {
		this.#e.connectionState !== "connected" && this.#o > 0 && this.#p(0);
	}
	#u = () => {
		switch (this.#e.connectionState) {
			case "connected":
				clearTimeout(this.#l), this.#i = Date.now(), this.#o = 0, this.#s = !1;
				break;
			case "disconnected":
				this.#d(), this.#p(ot);
				break;
			case "failed": this.#d(), this.#p(this.#o === 0 ? 0 : this.#f());
		}
	};
	#d() {
		this.#i > 0 && (this.#a += Date.now() - this.#i), this.#i = 0;
	}
	#f() {
		return Math.min(ct, st * 2 ** this.#o);
	}
	#p(e) {
		clearTimeout(this.#l), this.#l = setTimeout(() => void this.#m(), e);
	}
	async #m() {
		this.#e.connectionState !== "connected" && this.#e.signalingState !== "closed" && (this.#p(Math.max(this.#f(), lt)), this.#c ||= (this.#c = !0, await this.#h(), this.#o++, await this.#n.restart().catch(() => void 0), !1));
	}
	async #h() {
		let e = this.#a === 0;
		if (this.#s || !e && this.#o < ut) return;
		this.#s = !0;
		let n = this.#t, r = this.#n.where();
		this.#n.fault(e ? t.mediaConnectionLostUDPBlocked({
			connection: n,
			...await ft(this.#e),
			afterMs: Date.now() - this.#r
		}, r) : t.mediaConnectionLostPathLost({
			connection: n,
			connectedForMs: this.#a,
			attempts: this.#o
		}, r));
	}
};
async function ft(e) {
	let t = [...(await e.getStats()).values()].filter(({ type: e }) => e === "local-candidate").map(({ protocol: e, candidateType: t }) => `${e} ${t}`), n = e.remoteDescription?.sdp.matchAll(/^a=candidate:\S+ \d+ (\w+) \d+ (\S+) (\d+) typ (\w+)/gm) ?? [], r = Array.from(n, ([, e, t, n, r]) => `${e} ${t}:${n} ${r}`);
	return {
		localCandidates: [...new Set(t)],
		remoteCandidates: [...new Set(r)]
	};
}
// src/publisher.ts
var pt = [
	"audio",
	"video",
	"share",
	"shareAudio"
], mt = class {
	#e;
	#t = /* @__PURE__ */ new Map();
	#n = /* @__PURE__ */ new Set();
	#r = /* @__PURE__ */ new Map();
	#i;
	#a;
	#o = Promise.resolve();
	constructor(e) {
		this.#e = e;
	}
	async enable(e, t, n) {
		return this.#s(async () => {
			let r = this.#i ?? this.#u(), i = this.#c(e);
			await i.replaceTrack(t), this.#n.add(e);
			try {
				r.remoteDescription ? await this.#e.request("setStream", {
					kind: e,
					enabled: !0
				}) : await this.#d(r, !1);
			} catch (t) {
				throw this.#n.delete(e), await i.replaceTrack(null), t;
			}
			return await ht(i, n), this.#l(e);
		});
	}
	async disable(e, t = !0) {
		let n = this.#t.get(e)?.sender.replaceTrack(null);
		await this.#s(async () => {
			await n, this.#n.delete(e) && t && await this.#e.request("setStream", {
				kind: e,
				enabled: !1
			});
		});
	}
	async replace(e, t, n) {
		return this.#s(async () => (await this.#c(e).replaceTrack(t), await ht(this.#c(e), n), this.#l(e)));
	}
	stats(e) {
		return this.#t.get(e)?.sender.getStats();
	}
	retry() {
		this.#a?.retry();
	}
	close() {
		this.#a?.close(), this.#i?.close();
	}
	#s(e) {
		let t = this.#o.then(e);
		return this.#o = t.catch(() => void 0), t;
	}
	#c(e) {
		let t = this.#t.get(e);
		if (!t) throw this.#f(`there is no sender for ${e}`);
		return t.sender;
	}
	#l(e) {
		let t = this.#r.get(e);
		if (!t) throw this.#f(`the answer carries no ${e} stream`);
		return t;
	}
	#u() {
		let e = new RTCPeerConnection({
			iceServers: [...this.#e.iceServers],
			bundlePolicy: "max-bundle"
		});
		for (let t of pt) {
			let n = t === "audio" || t === "shareAudio" ? "audio" : "video";
			this.#t.set(t, e.addTransceiver(n, { direction: "sendonly" }));
		}
		return this.#a = new dt(e, "publish", {
			fault: (e) => this.#e.fault(e),
			where: () => this.#e.where(),
			restart: () => this.#s(() => this.#d(e, !0))
		}), this.#i = e, e;
	}
	async #d(e, t) {
		let n;
		try {
			let r = await e.createOffer({ iceRestart: t });
			await e.setLocalDescription(r), n = r.sdp ?? "";
		} catch (e) {
			throw this.#f(String(e));
		}
		let r = [...this.#t].map(([e, { mid: t }]) => ({
			mid: t ?? "",
			kind: e,
			enabled: this.#n.has(e)
		}));
		try {
			let t = Je(await this.#e.request("publish", {
				sdp: n,
				streams: r
			}), "publish");
			for (let e of t.streams) this.#r.set(e.kind, e);
			await e.setRemoteDescription({
				type: "answer",
				sdp: gt(t.sdp)
			});
		} catch (t) {
			throw e.signalingState === "have-local-offer" && await e.setLocalDescription({ type: "rollback" }), t instanceof f ? t : this.#f(String(t));
		}
	}
	#f(e) {
		let n = {
			connection: "publish",
			problem: e
		};
		return new f(t.meetingMediaConnectionFailedNegotiationFailed(n, this.#e.where()));
	}
};
async function ht(e, { maxBitrateBps: t, degradation: n }) {
	let r = e.getParameters();
	for (let e of r.encodings) e.maxBitrate = t;
	n && (r.degradationPreference = n), await e.setParameters(r).catch(() => void 0);
}
var Y = "x-google-start-bitrate=1000";
function gt(e) {
	let t = (e) => e.replace(/^a=rtpmap:(\d+) (?:VP8|VP9|H264|AV1)\/.*\r\n/gm, (t, n) => e.includes(`a=fmtp:${n} `) ? t : `${t}a=fmtp:${n} ${Y}\r\n`).replace(/^a=fmtp:\d+ (?!apt=|x-google)/gm, `$&${Y};`);
	return e.split(/(?=^m=)/m).map((e) => e.startsWith("m=video") ? t(e) : e).join("");
}
// src/close.ts
var _t = {
	1012: 5102,
	1013: 5101
};
function vt(t, n) {
	let r = _t[t] ?? t;
	if (r < 3e3 || r >= 6e3) return;
	let [i = "", a = "", o = ""] = n.split(" "), s = e[r];
	if (!(i === "" && t < 3e3)) return {
		code: r,
		name: i || s?.name || "",
		message: s?.message ?? "The server ended the connection.",
		reason: a,
		detail: `The server closed the connection with ${r} ${i} (${a}); the message with the values did not arrive.`,
		remedy: "Look up this code and reason in docs, or this id in the server's log or console.",
		fatal: !0,
		retryable: r >= 5e3,
		retryAfterMs: 0,
		id: o || u(),
		causeId: "",
		at: (/* @__PURE__ */ new Date()).toISOString(),
		docs: `/errors/${r}#${a}`,
		meetingId: "",
		sessionId: "",
		participantId: ""
	};
}
// src/probe.ts
var yt = 5e3;
async function bt(e, n) {
	let r, i;
	try {
		r = await fetch(`${e.base}/healthz`, {
			credentials: "omit",
			cache: "no-store",
			signal: AbortSignal.timeout(yt)
		}), i = await r.json().catch(() => void 0);
	} catch {
		return t.signalingUnreachableNoConnection({ url: e.signal }, n);
	}
	let { status: a } = r;
	return typeof i == "object" && i && i.service === "klatch" ? t.signalingUnreachableUpgradeStripped({
		url: e.signal,
		status: a
	}, n) : t.signalingUnreachableNotKlatch({
		url: e.signal,
		status: a
	}, n);
}
// src/signal.ts
var xt = {
	connect: 1e4,
	answer: 15e3,
	pong: 8e3,
	backoff: 300,
	backoffMax: 5e3,
	joinAttempts: 3
}, X = 262144, Z = class extends Error {
	opened;
	constructor(e) {
		super("unreached"), this.opened = e;
	}
}, St = class {
	#e;
	#t;
	#n;
	#r;
	#i = /* @__PURE__ */ new Map();
	#a = "new";
	#o;
	#s = 0;
	#c = 0;
	#l;
	#u = 0;
	#d;
	#f;
	#p;
	constructor(e, t, n, r = {}) {
		this.#e = e, this.#t = t, this.#r = n, this.#n = {
			...xt,
			...r
		}, globalThis.addEventListener?.("online", this.#x);
	}
	get awayMs() {
		return this.#a === "cut" ? Date.now() - this.#u : 0;
	}
	async join(e) {
		this.#a = "joining";
		for (let n = 1;; n++) try {
			let t = await this.#_("join", {
				protocol: 1,
				...e
			}, Ke);
			return this.#l = t, this.#y(), t;
		} catch (e) {
			if (!(e instanceof Z) || this.#m()) throw e;
			let r = await bt(this.#e, this.#r());
			if (!(e.opened || r.reason !== "NOT_KLATCH" || r.details.status >= 500) || n >= this.#n.joinAttempts || this.#m()) throw new f(e.opened ? t.signalingUnreachableNoConnection({ url: this.#e.signal }, this.#r()) : r);
			await this.#T(n);
		}
	}
	request(e, t = {}, n = this.#n.answer) {
		return this.#m() ? Promise.reject(this.#h(e)) : this.#E(e, t, !0, n);
	}
	close() {
		if (!this.#m()) {
			this.#a = "closed", globalThis.removeEventListener?.("online", this.#x), clearInterval(this.#d), this.#A(1e3), this.#f?.(), this.#p?.();
			for (let [e, { method: t }] of this.#i) this.#O(e)?.reject(this.#h(t));
		}
	}
	#m() {
		return this.#a === "closed";
	}
	#h(e) {
		return new f(t.operationAbortedLeft({ method: e }, this.#r()));
	}
	#g(e) {
		this.#m() || (this.close(), this.#t.closed(e));
	}
	async #_(e, t, n) {
		let r = await this.#v(), i = new Promise((n, i) => {
			r.onclose = ({ code: e, reason: t }) => {
				let n = vt(e, t);
				i(n ? new f(n) : new Z(!0));
			}, this.#E(e, t, !1, this.#n.answer, r).then(n, i);
		});
		try {
			let t = n(await i, e);
			return r.onclose = ({ code: e, reason: t }) => this.#S(e, t), t;
		} catch (e) {
			throw this.#o === r && this.#A(1e3), e;
		}
	}
	#v() {
		return new Promise((e, t) => {
			let n;
			try {
				n = new WebSocket(this.#e.signal);
			} catch {
				t(new Z(!1));
				return;
			}
			this.#o = n, this.#p = () => {
				clearTimeout(r), this.#A(1e3), t(new Z(!1));
			};
			let r = setTimeout(this.#p, this.#n.connect);
			n.onclose = this.#p, n.onopen = () => {
				clearTimeout(r), this.#p = void 0, e(n);
			}, n.onmessage = ({ data: e }) => {
				this.#o === n && this.#k(e);
			};
		});
	}
	#y() {
		this.#a = "open", clearInterval(this.#d), this.#d = setInterval(() => this.#b(), this.#l?.pingIntervalMs ?? 2e4);
	}
	#b() {
		let e = this.#o;
		this.#E("ping", {}, !1, this.#n.pong).catch(() => {
			this.#o === e && this.#a === "open" && this.#S(1006, "");
		});
	}
	#x = () => {
		this.#a === "open" ? this.#b() : this.#f?.();
	};
	#S(e, t) {
		if (this.#m()) return;
		this.#A(1e3);
		let n = vt(e, t);
		if (n && n.code !== 4106) return this.#g(n);
		if (e === 1e3) return this.#g(void 0);
		this.#C();
	}
	async #C() {
		this.#a = "cut", this.#u = Date.now(), clearInterval(this.#d);
		for (let [e, t] of this.#i) clearTimeout(t.timer), t.again || this.#O(e);
		this.#t.cut();
		for (let e = 1; !this.#m(); e++) {
			if (await this.#T(e - 1), this.#m() || await this.#w()) return;
			if (this.awayMs > (this.#l?.resumeWindowMs ?? 0)) return this.#g(t.reconnectFailedGaveUp({
				attempts: e,
				forMs: this.awayMs
			}, this.#r()));
		}
	}
	async #w() {
		let { sessionId: e = "", participantId: t = "", secret: n = "" } = this.#l ?? {}, r = {
			protocol: 1,
			sessionId: e,
			participantId: t,
			secret: n,
			lastSeq: this.#c
		};
		try {
			await this.#_("resume", r, qe);
		} catch (e) {
			return this.#m() ? !0 : !(e instanceof f) || e.code >= 5e3 || e.code === 4106 || e.code === 3079 ? !1 : (this.#g(e.toJSON()), !0);
		}
		if (this.#m()) return !0;
		this.#y();
		for (let [e, t] of [...this.#i].sort(([e], [t]) => e - t)) this.#D(e, t), this.#o?.send(t.frame);
		return this.#t.resumed(), !0;
	}
	async #T(e) {
		let { backoff: t, backoffMax: n } = this.#n, r = Math.min(n, t * 2 ** e) * (.5 + Math.random() / 2);
		await new Promise((e) => {
			let t = setTimeout(e, r);
			this.#f = () => {
				clearTimeout(t), e();
			};
		}), this.#f = void 0;
	}
	#E(e, n, r, i, a = this.#a === "open" ? this.#o : void 0) {
		let o = ++this.#s, s;
		try {
			s = pe(e, "params", {
				jsonrpc: "2.0",
				id: o,
				method: e,
				params: n
			}, this.#r());
		} catch (e) {
			return Promise.reject(e);
		}
		let c = s.length > X / 3 ? new TextEncoder().encode(s).length : 0;
		if (c > X) {
			let n = {
				method: e,
				parameter: "params",
				got: `${c} bytes`,
				allowed: [`at most ${X} bytes`]
			};
			return Promise.reject(new f(t.invalidParameterNotAllowed(n, this.#r())));
		}
		return new Promise((t, n) => {
			let c = {
				method: e,
				frame: s,
				again: r,
				timeoutMs: i,
				timer: void 0,
				resolve: t,
				reject: n
			};
			this.#i.set(o, c), a && (this.#D(o, c), a.send(s));
		});
	}
	#D(e, { method: n, timeoutMs: r }) {
		let i = this.#i.get(e);
		i && (i.timer = setTimeout(() => {
			this.#O(e)?.reject(new f(t.operationTimedOutNoAnswer({
				method: n,
				timeoutMs: r
			}, this.#r())));
		}, r));
	}
	#O(e) {
		let t = this.#i.get(e);
		return this.#i.delete(e), clearTimeout(t?.timer), t;
	}
	#k(e) {
		let t;
		try {
			let n = rt(F(e, "frame"));
			if (n.type === "result") return this.#O(n.id)?.resolve(n.result);
			if (n.type === "refusal") {
				let e = n.id === void 0 ? void 0 : this.#O(n.id);
				return e ? e.reject(new f(n.fault)) : this.#t.refused(n.fault);
			}
			if (n.seq <= this.#c) return;
			if (n.seq > this.#c + 1) return this.#S(1006, "");
			this.#c = n.seq, t = et(n.name, n.data);
		} catch (e) {
			E(e);
			return;
		}
		t && this.#t.event(t);
	}
	#A(e) {
		let t = this.#o;
		this.#o = void 0, t && (t.onclose = t.onmessage = t.onopen = null, t.close(e));
	}
}, Ct = class {
	#e;
	#t;
	#n;
	#r = Promise.resolve();
	#i = 0;
	constructor(e) {
		this.#e = e;
	}
	offered(e) {
		this.#i = e.offerId, this.#r = this.#r.then(() => e.offerId === this.#i ? this.#o(e) : void 0);
	}
	retry() {
		this.#n?.retry();
	}
	close() {
		this.#i = -1, this.#n?.close(), this.#t?.close();
	}
	#a() {
		let e = new RTCPeerConnection({
			iceServers: [...this.#e.iceServers],
			bundlePolicy: "max-bundle"
		});
		return this.#n = new dt(e, "subscribe", {
			fault: (e) => this.#e.fault(e),
			where: () => this.#e.where(),
			restart: async () => void await this.#e.request("restartSubscribe", {})
		}), this.#t = e, e;
	}
	async #o(e) {
		let n = this.#t ?? this.#a();
		try {
			await n.setRemoteDescription({
				type: "offer",
				sdp: e.sdp
			});
			let t = await n.createAnswer();
			await n.setLocalDescription(t), this.#e.received(this.#s(n, e)), await this.#e.request("answer", {
				offerId: e.offerId,
				sdp: t.sdp ?? ""
			});
		} catch (e) {
			if (this.#i < 0 || e instanceof f && e.code === 3056) return;
			let n = {
				connection: "subscribe",
				problem: String(e)
			}, r = e instanceof f ? e.id : "";
			this.#e.fault(t.meetingMediaConnectionFailedNegotiationFailed(n, {
				...this.#e.where(),
				causeId: r
			}));
		}
	}
	#s(e, t) {
		let n = new Map(e.getTransceivers().map((e) => [e.mid, e.receiver]));
		return t.streams.flatMap(({ mid: e, participantId: t, kind: r }) => {
			let i = n.get(e);
			return i ? [{
				participantId: t,
				kind: r,
				track: i.track,
				receiver: i
			}] : [];
		});
	}
}, wt = "0.1.0", Q = {
	cut: {
		code: 1001,
		name: "WEBSOCKET_DISCONNECTED"
	},
	manual: {
		code: 1101,
		name: "MANUAL_LEAVE_CALLED"
	},
	exhausted: {
		code: 1102,
		name: "WEBSOCKET_CONNECTION_ATTEMPTS_EXHAUSTED"
	},
	joinFailed: {
		code: 1103,
		name: "JOIN_ROOM_FAILED"
	}
}, Tt = 2e3, Et = {
	CONFERENCE: "SEND_AND_RECV",
	VIEWER: "SIGNALLING_ONLY"
}, Dt = /* @__PURE__ */ new Set([
	3011,
	3012,
	3013,
	3044,
	3101,
	3104
]), Ot = class extends T {
	localParticipant;
	participants;
	pinnedParticipants;
	pubSub;
	#e;
	#t;
	#n;
	#r = /* @__PURE__ */ new Set();
	#i = /* @__PURE__ */ new Set();
	#a = "new";
	#o = "DISCONNECTED";
	#s = "";
	#c;
	#l = "";
	#u = "";
	#d = [];
	#f;
	#p;
	#m;
	#h;
	#g;
	#_;
	constructor(e) {
		super();
		let { meetingId: t, participantId: n = "", name: r = "", mode: i = "SEND_AND_RECV", metaData: a } = e.options;
		this.#e = e, this.#c = t;
		let o = {
			call: (e, t) => this.#L(e, t),
			request: (e, t) => this.#I(e, t),
			own: (e, t) => e === "audio" ? t ? this.unmuteMic() : this.muteMic() : t ? this.enableWebcam() : this.disableWebcam(),
			ownStats: (e) => this.#p?.stats(e),
			where: () => this.#G()
		};
		this.localParticipant = new N({
			id: n,
			displayName: r,
			mode: kt(i),
			metaData: a
		}, !0, o), this.#t = new Ne({
			local: this.localParticipant,
			host: o,
			events: this,
			switchedOff: (e) => this.#M(e)
		}), this.#n = new De({
			events: this,
			request: (e, t, n) => this.#I(e, t, n),
			where: () => this.#G()
		}), this.participants = this.#t.participants, this.pinnedParticipants = this.#t.pins, this.pubSub = new it(o);
	}
	get id() {
		return this.#c;
	}
	get sessionId() {
		return this.#l;
	}
	get startedAt() {
		return this.#u;
	}
	get state() {
		return this.#o;
	}
	get permissions() {
		return this.#d;
	}
	get activeSpeakerId() {
		return this.#t.speakerId;
	}
	get activePresenterId() {
		return this.#t.presenterId;
	}
	get mainParticipantId() {
		return this.#t.mainId;
	}
	get recordingState() {
		return this.#n.recording;
	}
	get livestreamState() {
		return this.#n.livestream;
	}
	get hlsState() {
		return this.#n.hls;
	}
	get hlsUrls() {
		return this.#n.urls;
	}
	get selectedCameraDevice() {
		return this.#h?.selected("video");
	}
	get selectedMicrophoneDevice() {
		return this.#h?.selected("audio");
	}
	join(e = {}) {
		return this.#B(this.#v(e.signal));
	}
	leave() {
		return this.#B(this.#x());
	}
	end() {
		return this.#L("end", async () => {
			try {
				await this.#I("end");
			} catch (e) {
				if (!this.#w()) throw e;
			}
		});
	}
	changeMode(e) {
		return this.#L("changeMode", async () => {
			if (kt(e) === this.localParticipant.mode) throw this.#U("changeMode", this.localParticipant.mode);
			await this.#I("setMode", { mode: e });
		});
	}
	respondEntry(e, t) {
		return this.#L("respondEntry", async () => void await this.#I("respondEntry", {
			participantId: e,
			decision: t
		}));
	}
	unmuteMic(e) {
		return this.#E("unmuteMic", "audio", (t) => t.start("audio", e, "unmuteMic"));
	}
	muteMic() {
		return this.#D("muteMic", "audio");
	}
	enableWebcam(e) {
		return this.#E("enableWebcam", "video", (t) => t.start("video", e, "enableWebcam"));
	}
	disableWebcam() {
		return this.#D("disableWebcam", "video");
	}
	enableScreenShare(e) {
		return this.#E("enableScreenShare", "share", (t) => t.startShare(e, "enableScreenShare"));
	}
	disableScreenShare() {
		return this.#D("disableScreenShare", "share", "shareAudio");
	}
	changeMic(e) {
		return this.#O("changeMic", "audio", e);
	}
	changeWebcam(e) {
		return this.#O("changeWebcam", "video", e);
	}
	replaceWebcamStream(e) {
		return this.#O("replaceWebcamStream", "video", e);
	}
	startRecording(e, t, n) {
		return this.#L("startRecording", () => this.#n.startRecording(e, t, n));
	}
	stopRecording() {
		return this.#L("stopRecording", () => this.#n.stop("stopRecording"));
	}
	startLivestream(e, t) {
		return this.#L("startLivestream", () => this.#n.startLivestream(e, t));
	}
	stopLivestream() {
		return this.#L("stopLivestream", () => this.#n.stop("stopLivestream"));
	}
	startHls(e) {
		return this.#L("startHls", () => this.#n.startHls(e));
	}
	stopHls() {
		return this.#L("stopHls", () => this.#n.stop("stopHls"));
	}
	getMics() {
		return O("audioinput");
	}
	getWebcams() {
		return O("videoinput");
	}
	async #v(e) {
		if (this.#a === "left") throw this.#V(this.#H(t.actionPerformedBeforeMeetingJoinedLeft, { method: "join" }));
		if (this.#a === "joined") throw this.#V(this.#U("join", "joined"));
		if (this.#a !== "new") throw this.#V(this.#H(t.operationInProgressInProgress, { method: "join" }));
		this.#a = "joining", this.#K("CONNECTING");
		let n = () => this.#C(Q.manual, this.#H(t.operationAbortedCancelled, { method: "join" }), "DISCONNECTED");
		e?.addEventListener("abort", n);
		try {
			if (e?.aborted ? n() : await this.#y(), this.#w()) throw this.#g ?? this.#H(t.operationAbortedLeft, { method: "join" });
		} catch (e) {
			let n = this.#w() ? this.#g ?? this.#H(t.operationAbortedLeft, { method: "join" }) : this.#W(e);
			throw this.#C(Q.joinFailed, n), this.#V(n);
		} finally {
			e?.removeEventListener("abort", n);
		}
	}
	async #y() {
		let { token: e, serverUrl: n, timing: r, options: i } = this.#e;
		if (typeof RTCPeerConnection > "u" && this.localParticipant.mode !== "SIGNALLING_ONLY") throw this.#H(t.unsupportedEnvironmentNoWEBRTC, { userAgent: navigator.userAgent });
		let a = Se(n, location);
		this.#s = a.base;
		let o = new St(a, {
			event: (e) => this.#j(e),
			cut: () => this.#K("RECONNECTING"),
			resumed: () => this.#F(),
			refused: (e) => void this.#V(new f(e)),
			closed: (e) => this.#S(e)
		}, () => this.#G(), r);
		this.#f = o;
		let { meetingId: s, participantId: c, name: l = "", mode: u, metaData: d, autoConsume: p } = i, m = {
			sdkType: "js",
			sdkVersion: wt,
			platform: navigator.platform,
			browserUserAgent: navigator.userAgent
		}, h = await o.join({
			token: e,
			meetingId: s,
			participantId: c,
			name: l,
			mode: u,
			metaData: d,
			autoConsume: p,
			client: m
		});
		if (this.#c = h.meetingId, this.#l = h.sessionId, this.localParticipant.become({
			id: h.participantId,
			displayName: l,
			mode: this.localParticipant.mode,
			metaData: d,
			streams: [],
			joinedAt: ""
		}), h.welcome) return this.#b(h.welcome);
		this.#a = "lobby", await new Promise((e, t) => {
			this.#_ = {
				resolve: e,
				reject: t
			};
		});
	}
	#b(e) {
		this.#a = "joined", this.#d = e.permissions, this.#u = e.startedAt, this.#t.enter(e), this.#n.enter(e.egress), this.#T(e.iceServers.map(({ urls: e, username: t, credential: n }) => ({
			urls: [...e],
			...t !== void 0 && { username: t },
			...n !== void 0 && { credential: n }
		}))), this.#K("CONNECTED"), this.emit("meeting-joined"), this.#t.tell();
		for (let t of e.entries) this.#N(t);
		let { micEnabled: t, webcamEnabled: n, customMicrophoneAudioTrack: r, customCameraVideoTrack: i } = this.#e.options;
		t && this.unmuteMic(r).catch(() => void 0), n && this.enableWebcam(i).catch(() => void 0), this.#_?.resolve();
	}
	async #x() {
		let e = "leave";
		if (this.#a === "new") throw this.#V(this.#H(t.actionPerformedBeforeMeetingJoinedNotJoined, { method: e }));
		if (this.#a === "left") throw this.#V(this.#U(e, "left"));
		let n = this.#f;
		n && this.#a !== "joining" && n.awayMs === 0 && await Promise.race([n.request("leave").catch(() => void 0), new Promise((e) => setTimeout(e, Tt))]), this.#C(Q.manual, void 0);
	}
	#S(e) {
		if (!e) return this.#C(Q.cut, void 0);
		let t = e.code === 3103 ? Q.exhausted : this.#a === "joined" ? Q.cut : Q.joinFailed;
		this.#C(t, new f(e));
	}
	#C(e, n, r = n ? "FAILED" : "DISCONNECTED") {
		this.#w() || (this.#a = "left", this.#g = n, this.#f?.close(), this.#h?.close(), this.#p?.close(), this.#m?.close(), n && this.#V(n), this.#K(r), this.emit("meeting-left", e), this.#_?.reject(n ?? this.#H(t.operationAbortedLeft, { method: "join" })));
	}
	#w() {
		return this.#a === "left";
	}
	#T(e) {
		let t = {
			iceServers: e,
			request: (e, t) => this.#I(e, t),
			fault: (e) => void this.#V(new f(e)),
			where: () => this.#G(),
			received: (e) => this.#t.receive(e),
			switched: (e, t) => {
				t && this.localParticipant.receive(e, { track: t.track }), this.localParticipant.announce(e, t?.wire), t || this.localParticipant.receive(e, void 0);
			}
		};
		this.#p = new mt(t), this.#m = new Ct(t), this.#h = new ke(this.#p, this.#e.options.maxResolution === "sd" ? "h360p_w640p" : "h720p_w1280p", t);
	}
	#E(e, n, r) {
		return this.#L(e, async () => {
			if (this.#A(n)) throw this.#U(e, "on");
			if (this.localParticipant.mode !== "SEND_AND_RECV" && await this.#I("setStream", {
				kind: n,
				enabled: !0
			}), await r(this.#k()), this.#w()) throw this.#H(t.operationAbortedLeft, { method: e });
		}, { lane: n });
	}
	#D(e, t, n) {
		return this.#L(e, async () => {
			if (!this.#A(t)) throw this.#U(e, "off");
			let r = this.#k();
			await Promise.all([r.stop(t), n && r.stop(n)]);
		}, {
			lane: t,
			whileAway: !0
		});
	}
	#O(e, t, n) {
		return this.#L(e, () => this.#k().change(t, n, this.#A(t), e), { lane: t });
	}
	#k() {
		return this.#h;
	}
	#A(e) {
		let { micOn: t, webcamOn: n, screenShareOn: r, screenShareAudioOn: i } = this.localParticipant;
		return {
			audio: t,
			video: n,
			share: r,
			shareAudio: i
		}[e];
	}
	#j(e) {
		if (this.#t.event(e) || this.#n.event(e)) return;
		let { name: t, data: n } = e;
		switch (t) {
			case "meeting-joined": return this.#b(n.welcome);
			case "meeting-left": return this.#C(n.reason, n.fault && new f(n.fault));
			case "entry-requested": return this.#N(n);
			case "entry-responded": return this.emit("entry-responded", n.participantId, n.decision);
			case "entry-withdrawn": return this.emit("entry-withdrawn", n.participantId);
			case "entry-pending": return this.emit("entry-pending", n);
			case "mic-requested": return this.emit("mic-requested", this.#P(n.participantId, () => this.unmuteMic()));
			case "webcam-requested": return this.emit("webcam-requested", this.#P(n.participantId, () => this.enableWebcam()));
			case "pubsub-message": return this.pubSub.deliver(n);
			case "subscribe-offer": return this.#m?.offered(n);
			case "error":
				this.#V(new f(n.fault));
				return;
		}
	}
	#M(e) {
		this.#h?.stop(e, !1);
	}
	#N({ participantId: e, name: t, metaData: n }) {
		let r = {
			participantId: e,
			name: t,
			metaData: n,
			allow: () => this.respondEntry(e, "allowed"),
			deny: () => this.respondEntry(e, "denied")
		};
		this.emit("entry-requested", r);
	}
	#P(e, t) {
		return {
			participantId: e,
			accept: t,
			reject: () => void 0
		};
	}
	#F() {
		this.#K(this.#a === "joined" ? "CONNECTED" : "CONNECTING"), this.#p?.retry(), this.#m?.retry();
	}
	#I(e, n = {}, r) {
		return this.#f?.request(e, n, r) ?? Promise.reject(this.#H(t.actionPerformedBeforeMeetingJoinedNotJoined, { method: e }));
	}
	#L(e, t, n = {}) {
		return this.#B(this.#R(e, t, n));
	}
	async #R(e, n, { lane: r, whileAway: i }) {
		let a = r === void 0 || !this.#r.has(r);
		try {
			if (this.#z(e, i ?? !1), !a) throw this.#H(t.operationInProgressInProgress, { method: e });
			return r !== void 0 && this.#r.add(r), await n();
		} catch (e) {
			throw e instanceof f ? this.#V(e) : e;
		} finally {
			a && r !== void 0 && this.#r.delete(r);
		}
	}
	#z(e, n) {
		switch (this.#a) {
			case "new":
			case "joining": throw this.#H(t.actionPerformedBeforeMeetingJoinedNotJoined, { method: e });
			case "lobby": throw this.#H(t.actionPerformedBeforeMeetingJoinedInLobby, { method: e });
			case "left": throw this.#H(t.actionPerformedBeforeMeetingJoinedLeft, { method: e });
			case "joined": {
				let r = this.#f?.awayMs ?? 0;
				if (this.#o === "RECONNECTING" && !n) throw this.#H(t.meetingReconnectingReconnecting, {
					method: e,
					awayMs: r
				});
			}
		}
	}
	#B(e) {
		return this.listenerCount("error") > 0 && e.catch(() => void 0), e;
	}
	#V(e) {
		return this.#i.has(e.id) || (this.#i.add(e.id), Dt.has(e.code) && this.#a === "joined" && this.#f?.request("report", { fault: e.toJSON() }).catch(() => void 0), this.emit("error", e)), e;
	}
	#H(e, t) {
		return new f(e(t, this.#G()));
	}
	#U(e, n) {
		return this.#H(t.alreadyInRequestedStateAlready, {
			method: e,
			state: n
		});
	}
	#W(e) {
		return e instanceof f ? e : (E(e), this.#H(t.signalingUnreachableNotKlatch, {
			url: this.#s,
			status: 101
		}));
	}
	#G() {
		return {
			meetingId: this.#c,
			sessionId: this.#l,
			participantId: this.localParticipant.id,
			server: this.#s
		};
	}
	#K(e) {
		e !== this.#o && (this.#o = e, this.emit("meeting-state-changed", { state: e }));
	}
};
function kt(e) {
	return Et[e] ?? e;
}
// src/videosdk.ts
var At = new he(), jt = "", Mt, Nt = class {
	static config(e, t = {}) {
		$("config", "token", e, "string"), jt = e, Mt = t.serverUrl;
	}
	static initMeeting(e) {
		let t = "initMeeting";
		$(t, "options", e, "object"), $(t, "meetingId", e.meetingId, "string");
		for (let n of [
			"participantId",
			"name",
			"mode",
			"serverUrl",
			"signalingBaseUrl"
		]) e[n] !== void 0 && $(t, n, e[n], "string");
		for (let n of [
			"micEnabled",
			"webcamEnabled",
			"autoConsume",
			"multiStream"
		]) e[n] !== void 0 && $(t, n, e[n], "boolean");
		e.metaData !== void 0 && ($(t, "metaData", e.metaData, "object"), pe(t, "metaData", e.metaData));
		let n = e.signalingBaseUrl, r = e.serverUrl ?? (n && (n.includes("://") ? n : `${location.protocol}//${n}`)) ?? Mt;
		return new Ot({
			token: jt,
			serverUrl: r ?? location.origin,
			options: e
		});
	}
	static createCameraVideoTrack(e) {
		return ue(e);
	}
	static createMicrophoneAudioTrack(e) {
		return de(e);
	}
	static createScreenShareVideoTrack(e) {
		return fe(e);
	}
	static getDevices() {
		return D();
	}
	static getCameras() {
		return O("videoinput");
	}
	static getMicrophones() {
		return O("audioinput");
	}
	static getPlaybackDevices() {
		return O("audiooutput");
	}
	static on(e, t) {
		return At.on(e, t);
	}
	static off(e, t) {
		At.off(e, t);
	}
	static checkPermissions(e = "audio_video") {
		return ve(e);
	}
	static requestPermission(e = "audio_video") {
		return ye(e);
	}
};
function $(e, n, r, i) {
	if (r == null) throw new f(t.invalidParameterMissing({
		method: e,
		parameter: n
	}));
	let a = Array.isArray(r) ? "array" : typeof r;
	if (a !== i) throw new f(t.invalidParameterWrongType({
		method: e,
		parameter: n,
		got: a,
		want: i
	}));
}
export { Ot as Meeting, N as Participant, it as PubSub, j as Stream, Nt as VideoSDK, f as VideoSDKError, e as VideoSDKErrors };
