// \0rolldown/runtime.js
var e = Object.defineProperty, t = (t, n) => {
	let r = {};
	for (var i in t) e(r, i, {
		get: t[i],
		enumerable: !0
	});
	return n || e(r, Symbol.toStringTag, { value: "Module" }), r;
}, n = {
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
}, r = {
	"3102.DNS": "retry",
	"3102.REFUSED": "retry",
	"3102.CONNECT_TIMEOUT": "retry",
	"3102.NO_ROUTE": "retry",
	"3102.GATEWAY_DOWN": "retry",
	"3102.UPGRADE_STRIPPED": "retry",
	"3102.NO_CONNECTION": "retry",
	"3102.ANSWER_HIDDEN": "retry",
	4106: "retry",
	5101: "retry",
	5102: "retry"
}, i = {
	3079: "retry",
	3102: "retry",
	"3103.WINDOW_PASSED": "rejoin",
	"3103.SESSION_UNKNOWN": "rejoin",
	"3103.EVENTS_LOST": "rejoin",
	4106: "retry",
	"4107.JOIN_EXPECTED": "retry",
	5101: "retry",
	5102: "rejoin"
}, a = {
	3056: !0,
	3065: !0,
	3079: !0
}, o = {
	3011: !0,
	3012: !0,
	3013: !0,
	3044: !0,
	3045: !0,
	3046: !0,
	3063: !0,
	"3101.NO_PATH": !0,
	"3101.UDP_BLOCKED": !0,
	"3101.SERVER_PRIVATE_ADDRESS": !0,
	"3101.TURN_AUTH_FAILED": !0,
	"3101.DTLS_FAILED": !0,
	"3101.MEDIA_NOT_ARRIVING": !0,
	"3101.PATH_LOST": !0,
	4047: !0
};
function s(e, { code: t, reason: n }) {
	return e[`${t}.${n}`] ?? e[t];
}
var c = (e) => s(r, e) ?? "end", l = (e) => s(i, e) ?? "end", u = (e) => s(a, e) ?? !1, d = (e) => s(o, e) ?? !1, f = {
	startingVideoPermissionDenied: (e, t) => p([
		3011,
		"ERROR_STARTING_VIDEO",
		"Some error occured during starting the video",
		"PERMISSION_DENIED",
		!1,
		!1,
		"The browser denied access to the device ({domName}: {domMessage}).",
		"Allow the camera or microphone for this site in the browser's site settings, and for the browser in the system's privacy settings; then call the method again.",
		"",
		"domName domMessage"
	], e, t),
	startingVideoPolicyBlocked: (e, t) => p([
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
	startingVideoDeviceInUse: (e, t) => p([
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
	startingVideoNoDevice: (e, t) => p([
		3011,
		"ERROR_STARTING_VIDEO",
		"Some error occured during starting the video",
		"NO_DEVICE",
		!1,
		!1,
		"No device of this kind is connected ({domName}: {domMessage}).",
		"Connect a camera or microphone and call the method again; VideoSDK.getCameras() and VideoSDK.getMicrophones() list what the browser finds.",
		"",
		"domName domMessage"
	], e, t),
	startingVideoDeviceUnavailable: (e, t) => p([
		3011,
		"ERROR_STARTING_VIDEO",
		"Some error occured during starting the video",
		"DEVICE_UNAVAILABLE",
		!1,
		!1,
		"No device satisfies `{constraint}` ({domName}); the requested device is {deviceId}.",
		"Pass the id of a device that VideoSDK.getCameras() or VideoSDK.getMicrophones() lists now, or choose a lower resolution: the requested device is disconnected or cannot deliver this format.",
		"",
		"domName constraint deviceId"
	], e, t),
	startingVideoDeviceLost: (e, t) => p([
		3011,
		"ERROR_STARTING_VIDEO",
		"Some error occured during starting the video",
		"DEVICE_LOST",
		!1,
		!1,
		"The device {label} stopped while it was in use.",
		"Connect the device again, or select another one with changeWebcam() or changeMic(); then switch the stream on again.",
		"",
		"label"
	], e, t),
	startingVideoNoMediaSent: (e, t) => p([
		3011,
		"ERROR_STARTING_VIDEO",
		"Some error occured during starting the video",
		"NO_MEDIA_SENT",
		!1,
		!1,
		"The {kind} stream was switched on, but no media of it has left this device for {forMs} ms, so it is off now; packets sent before: {packetsSent}, source: {label} ({trackState}).",
		"Make the source deliver media: call resume() of its AudioContext after a click, draw to its canvas, or return frames from Read of a Go source. If it is a device, select another one. The stream is off for everybody until media comes, and then on again by itself.",
		"",
		"kind label trackState packetsSent forMs"
	], e, t),
	startingVideoTrackEnded: (e, t) => p([
		3011,
		"ERROR_STARTING_VIDEO",
		"Some error occured during starting the video",
		"TRACK_ENDED",
		!1,
		!1,
		"The page stopped the track {label} ({trackState}) of the {kind} stream while it was on (packets sent before: {packetsSent}); the stream is off now.",
		"Switch streams off with muteMic, disableWebcam or disableScreenShare instead of track.stop(); switch the stream on again to get a new track.",
		"",
		"kind label trackState packetsSent"
	], e, t),
	startingVideoMutedBySystem: (e, t) => p([
		3011,
		"ERROR_STARTING_VIDEO",
		"Some error occured during starting the video",
		"MUTED_BY_SYSTEM",
		!1,
		!1,
		"The browser, the operating system or a switch of the device has muted {label} ({trackState}) for {forMs} ms, so the {kind} stream is off now; packets sent before: {packetsSent}.",
		"Unmute the device in the system or with its hardware switch, or end the other call that uses it; the stream is then switched on again by itself.",
		"",
		"kind label trackState packetsSent forMs"
	], e, t),
	startingVideoPublishRefused: (e, t) => p([
		3011,
		"ERROR_STARTING_VIDEO",
		"Some error occured during starting the video",
		"PUBLISH_REFUSED",
		!1,
		!1,
		"The media was captured, but the server refused the {kind} stream.",
		"Correct what the fault named by causeId reports, then start the {kind} stream again.",
		"",
		"kind"
	], e, t),
	startingAudioPermissionDenied: (e, t) => p([
		3012,
		"ERROR_STARTING_AUDIO",
		"Some error occured during starting the audio.",
		"PERMISSION_DENIED",
		!1,
		!1,
		"The browser denied access to the device ({domName}: {domMessage}).",
		"Allow the camera or microphone for this site in the browser's site settings, and for the browser in the system's privacy settings; then call the method again.",
		"",
		"domName domMessage"
	], e, t),
	startingAudioPolicyBlocked: (e, t) => p([
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
	startingAudioDeviceInUse: (e, t) => p([
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
	startingAudioNoDevice: (e, t) => p([
		3012,
		"ERROR_STARTING_AUDIO",
		"Some error occured during starting the audio.",
		"NO_DEVICE",
		!1,
		!1,
		"No device of this kind is connected ({domName}: {domMessage}).",
		"Connect a camera or microphone and call the method again; VideoSDK.getCameras() and VideoSDK.getMicrophones() list what the browser finds.",
		"",
		"domName domMessage"
	], e, t),
	startingAudioDeviceUnavailable: (e, t) => p([
		3012,
		"ERROR_STARTING_AUDIO",
		"Some error occured during starting the audio.",
		"DEVICE_UNAVAILABLE",
		!1,
		!1,
		"No device satisfies `{constraint}` ({domName}); the requested device is {deviceId}.",
		"Pass the id of a device that VideoSDK.getCameras() or VideoSDK.getMicrophones() lists now, or choose a lower resolution: the requested device is disconnected or cannot deliver this format.",
		"",
		"domName constraint deviceId"
	], e, t),
	startingAudioDeviceLost: (e, t) => p([
		3012,
		"ERROR_STARTING_AUDIO",
		"Some error occured during starting the audio.",
		"DEVICE_LOST",
		!1,
		!1,
		"The device {label} stopped while it was in use.",
		"Connect the device again, or select another one with changeWebcam() or changeMic(); then switch the stream on again.",
		"",
		"label"
	], e, t),
	startingAudioNoMediaSent: (e, t) => p([
		3012,
		"ERROR_STARTING_AUDIO",
		"Some error occured during starting the audio.",
		"NO_MEDIA_SENT",
		!1,
		!1,
		"The {kind} stream was switched on, but no media of it has left this device for {forMs} ms, so it is off now; packets sent before: {packetsSent}, source: {label} ({trackState}).",
		"Make the source deliver media: call resume() of its AudioContext after a click, draw to its canvas, or return frames from Read of a Go source. If it is a device, select another one. The stream is off for everybody until media comes, and then on again by itself.",
		"",
		"kind label trackState packetsSent forMs"
	], e, t),
	startingAudioTrackEnded: (e, t) => p([
		3012,
		"ERROR_STARTING_AUDIO",
		"Some error occured during starting the audio.",
		"TRACK_ENDED",
		!1,
		!1,
		"The page stopped the track {label} ({trackState}) of the {kind} stream while it was on (packets sent before: {packetsSent}); the stream is off now.",
		"Switch streams off with muteMic, disableWebcam or disableScreenShare instead of track.stop(); switch the stream on again to get a new track.",
		"",
		"kind label trackState packetsSent"
	], e, t),
	startingAudioMutedBySystem: (e, t) => p([
		3012,
		"ERROR_STARTING_AUDIO",
		"Some error occured during starting the audio.",
		"MUTED_BY_SYSTEM",
		!1,
		!1,
		"The browser, the operating system or a switch of the device has muted {label} ({trackState}) for {forMs} ms, so the {kind} stream is off now; packets sent before: {packetsSent}.",
		"Unmute the device in the system or with its hardware switch, or end the other call that uses it; the stream is then switched on again by itself.",
		"",
		"kind label trackState packetsSent forMs"
	], e, t),
	startingAudioPublishRefused: (e, t) => p([
		3012,
		"ERROR_STARTING_AUDIO",
		"Some error occured during starting the audio.",
		"PUBLISH_REFUSED",
		!1,
		!1,
		"The media was captured, but the server refused the {kind} stream.",
		"Correct what the fault named by causeId reports, then start the {kind} stream again.",
		"",
		"kind"
	], e, t),
	startingScreenshareUserCancelled: (e, t) => p([
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
	startingScreensharePermissionDenied: (e, t) => p([
		3013,
		"ERROR_STARTING_SCREENSHARE",
		"Some error occured during starting the screen share.",
		"PERMISSION_DENIED",
		!1,
		!1,
		"The operating system denied the browser access to the screen ({domName}: {domMessage}).",
		"Allow screen recording for the browser in the system's privacy settings, restart the browser and share again.",
		"",
		"domName domMessage"
	], e, t),
	startingScreensharePolicyBlocked: (e, t) => p([
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
	startingScreenshareNoUserGesture: (e, t) => p([
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
	startingScreenshareCaptureFailed: (e, t) => p([
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
	startingScreenshareNoMediaSent: (e, t) => p([
		3013,
		"ERROR_STARTING_SCREENSHARE",
		"Some error occured during starting the screen share.",
		"NO_MEDIA_SENT",
		!1,
		!1,
		"The {kind} stream was switched on, but no media of it has left this device for {forMs} ms, so it is off now; packets sent before: {packetsSent}, source: {label} ({trackState}).",
		"Make the source deliver media: call resume() of its AudioContext after a click, draw to its canvas, or return frames from Read of a Go source. If it is a device, select another one. The stream is off for everybody until media comes, and then on again by itself.",
		"",
		"kind label trackState packetsSent forMs"
	], e, t),
	startingScreenshareTrackEnded: (e, t) => p([
		3013,
		"ERROR_STARTING_SCREENSHARE",
		"Some error occured during starting the screen share.",
		"TRACK_ENDED",
		!1,
		!1,
		"The page stopped the track {label} ({trackState}) of the {kind} stream while it was on (packets sent before: {packetsSent}); the stream is off now.",
		"Switch streams off with muteMic, disableWebcam or disableScreenShare instead of track.stop(); switch the stream on again to get a new track.",
		"",
		"kind label trackState packetsSent"
	], e, t),
	startingScreensharePublishRefused: (e, t) => p([
		3013,
		"ERROR_STARTING_SCREENSHARE",
		"Some error occured during starting the screen share.",
		"PUBLISH_REFUSED",
		!1,
		!1,
		"The screen was captured, but the server refused the {kind} stream.",
		"Correct what the fault named by causeId reports, then start the {kind} stream again.",
		"",
		"kind"
	], e, t),
	actionPerformedBeforeMeetingJoinedNotJoined: (e, t) => p([
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
	actionPerformedBeforeMeetingJoinedInLobby: (e, t) => p([
		3035,
		"ERROR_ACTION_PERFORMED_BEFORE_MEETING_JOINED",
		"The action was performed before the meeting was joined.",
		"IN_LOBBY",
		!1,
		!1,
		"{method} was called while waiting in the lobby.",
		"Wait for the event `meeting-joined`, which fires when a participant in the meeting admits you.",
		"",
		"method"
	], e, t),
	actionPerformedBeforeMeetingJoinedLeft: (e, t) => p([
		3035,
		"ERROR_ACTION_PERFORMED_BEFORE_MEETING_JOINED",
		"The action was performed before the meeting was joined.",
		"LEFT",
		!1,
		!1,
		"{method} was called after the meeting was left.",
		"Call join() to join the meeting again, then call {method}.",
		"",
		"method"
	], e, t),
	meetingMediaConnectionFailedNegotiationFailed: (e, t) => p([
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
	videoProduceCodecNotSupportedNotEncoded: (e, t) => p([
		3045,
		"ERROR_VIDEO_PRODUCE_CODEC_NOT_SUPPORTED",
		"The video codec is not supported on this device.",
		"NOT_ENCODED",
		!1,
		!1,
		"This browser cannot encode {codec}; the {kind} stream is sent with the browser's default codec. It encodes {encodes}.",
		"Pass one of these codecs to createCameraVideoTrack() or createScreenShareVideoTrack(), or leave `codec` out.",
		"codec",
		"kind codec encodes"
	], e, t),
	multistreamNotSupportedCodec: (e, t) => p([
		3046,
		"ERROR_MULTISTREAM_NOT_SUPPORTED",
		"Sending several streams of one picture is not supported.",
		"CODEC",
		!1,
		!1,
		"This browser cannot encode {codec} in layers ({scalabilityMode}); the {kind} stream is sent in one size.",
		"Leave `codec` out to send VP8 in several sizes, or pass multiStream: false to send {codec} in one size without this fault.",
		"codec",
		"kind codec scalabilityMode"
	], e, t),
	multistreamNotSupportedBrowser: (e, t) => p([
		3046,
		"ERROR_MULTISTREAM_NOT_SUPPORTED",
		"Sending several streams of one picture is not supported.",
		"BROWSER",
		!1,
		!1,
		"Sizes in which the {kind} stream was to be sent: {layers}; sizes that this browser sends: {encodings}.",
		"Pass multiStream: false to initMeeting, or use a browser with simulcast: Chromium 74, Firefox 110, Safari 15.4 or newer.",
		"multiStream",
		"kind layers encodings"
	], e, t),
	multistreamNotSupportedServer: (e, t) => p([
		3046,
		"ERROR_MULTISTREAM_NOT_SUPPORTED",
		"Sending several streams of one picture is not supported.",
		"SERVER",
		!1,
		!1,
		"Sizes in which the {kind} stream was offered: {layers}; sizes that the answer of the server takes: {taken}.",
		"Pass multiStream: false to initMeeting, or upgrade the server; nothing may remove a=simulcast from its answer.",
		"multiStream",
		"kind layers taken"
	], e, t),
	alreadyInRequestedStateAlready: (e, t) => p([
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
	operationInProgressInProgress: (e, t) => p([
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
	operationAbortedLeft: (e, t) => p([
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
	operationAbortedCancelled: (e, t) => p([
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
	webcamNotEnabledCameraOff: (e, t) => p([
		3062,
		"ERROR_WEBCAM_NOT_ENABLED",
		"The webcam is not enabled.",
		"CAMERA_OFF",
		!1,
		!1,
		"{method} needs the own camera, which is off.",
		"Call enableWebcam() first, and {method} when webcamOn of the local participant is true.",
		"",
		"method"
	], e, t),
	setWebcamQualityFailedEncoderRefused: (e, t) => p([
		3063,
		"ERROR_SET_WEBCAM_QUALITY_FAILED",
		"The webcam quality could not be set.",
		"ENCODER_REFUSED",
		!1,
		!1,
		"The browser did not take the parameters for the quality {quality} ({domName}: {domMessage}); the camera is sent as before.",
		"Call setWebcamQuality() again when the camera is on; if it still fails, switch the camera off and on, and choose the size with createCameraVideoTrack().",
		"",
		"quality domName domMessage"
	], e, t),
	meetingReconnectingReconnecting: (e, t) => p([
		3065,
		"ERROR_MEETING_RECONNECTING",
		"The meeting is reconnecting.",
		"RECONNECTING",
		!1,
		!0,
		"{method} was not sent: the connection to the server has been gone for {awayMs} ms and is being restored.",
		"Call it again when the event `meeting-state-changed` reports CONNECTED; calls are not repeated by themselves.",
		"",
		"method awayMs"
	], e, t),
	actionNotSupportedOwnStream: (e, t) => p([
		3068,
		"ERROR_ACTION_NOT_SUPPORTED",
		"The action is not supported.",
		"OWN_STREAM",
		!1,
		!1,
		"{method} is for streams that are received; this {kind} stream is an own one.",
		"Use muteMic(), disableWebcam() and disableScreenShare() for own streams, and setWebcamQuality() for the quality of the own camera.",
		"",
		"method kind"
	], e, t),
	actionNotSupportedNotReceived: (e, t) => p([
		3068,
		"ERROR_ACTION_NOT_SUPPORTED",
		"The action is not supported.",
		"NOT_RECEIVED",
		!1,
		!1,
		"{method} needs the {kind} stream of {participantId}, which is off or not received here.",
		"Call it after `stream-enabled` of that participant has fired for the {kind} stream.",
		"",
		"method participantId kind"
	], e, t),
	invalidParameterMissing: (e, t) => p([
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
	invalidParameterWrongType: (e, t) => p([
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
	invalidParameterNotAllowed: (e, t) => p([
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
	invalidParameterOutOfRange: (e, t) => p([
		3073,
		"ERROR_INVALID_PARAMETER",
		"A parameter is missing or invalid.",
		"OUT_OF_RANGE",
		!1,
		!1,
		"{parameter} of {method} is {got}; it must be {want}.",
		"Pass {want} as {parameter}.",
		"",
		"method parameter got want"
	], e, t),
	invalidParameterConflict: (e, t) => p([
		3073,
		"ERROR_INVALID_PARAMETER",
		"A parameter is missing or invalid.",
		"CONFLICT",
		!1,
		!1,
		"{parameter} of {method} has no effect with {other}.",
		"Leave {parameter} out, or change {other}.",
		"{parameter}",
		"method parameter other"
	], e, t),
	invalidParameterNotJSON: (e, t) => p([
		3073,
		"ERROR_INVALID_PARAMETER",
		"A parameter is missing or invalid.",
		"NOT_JSON",
		!1,
		!1,
		"{parameter} of {method} cannot be written as JSON: {problem}.",
		"Pass only strings, numbers, booleans, null, arrays and plain objects as {parameter}; remove functions and circular references, and convert large integers to strings.",
		"",
		"method parameter problem"
	], e, t),
	invalidParameterTooLarge: (e, t) => p([
		3073,
		"ERROR_INVALID_PARAMETER",
		"A parameter is missing or invalid.",
		"TOO_LARGE",
		!1,
		!1,
		"The request {method} has {bytes} bytes; the server takes at most {limit} in one message, so it was not sent.",
		"Shorten what you pass to the call. Upload files elsewhere and send their URL.",
		"",
		"method bytes limit"
	], e, t),
	invalidParameterCameraOff: (e, t) => p([
		3073,
		"ERROR_INVALID_PARAMETER",
		"A parameter is missing or invalid.",
		"CAMERA_OFF",
		!1,
		!1,
		"{method} has no picture to read: the camera of {participantId} ({name}) is off, or this client does not receive it.",
		"Call it while webcamOn of that participant is true. If you stopped receiving the camera, call consumeWebcamStreams() first and wait for the event stream-enabled.",
		"",
		"method participantId name"
	], e, t),
	invalidParameterOwnStream: (e, t) => p([
		3073,
		"ERROR_INVALID_PARAMETER",
		"A parameter is missing or invalid.",
		"OWN_STREAM",
		!1,
		!1,
		"{method} was called on the local participant, whose own streams are not received from the server.",
		"Call it on another participant. To switch an own stream off, call muteMic(), disableWebcam() or disableScreenShare().",
		"",
		"method"
	], e, t),
	invalidParameterTrackNotLive: (e, t) => p([
		3073,
		"ERROR_INVALID_PARAMETER",
		"A parameter is missing or invalid.",
		"TRACK_NOT_LIVE",
		!1,
		!1,
		"{method} needs a live {kind} track; it was given {got}.",
		"Pass a MediaStream, or a MediaStreamTrack, with a track of kind {kind} whose readyState is live; create a new track if the old one was stopped.",
		"",
		"method kind got"
	], e, t),
	invalidParameterUnknownEvent: (e, t) => p([
		3073,
		"ERROR_INVALID_PARAMETER",
		"A parameter is missing or invalid.",
		"UNKNOWN_EVENT",
		!1,
		!1,
		"{method} was called for the event {event}, which this object does not have; the nearest name is {nearest}.",
		"Use {nearest} or another of these events: {allowed}.",
		"",
		"method event nearest allowed"
	], e, t),
	operationTimedOutNoAnswer: (e, t) => p([
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
	mediaConnectionLostNoPath: (e, t) => p([
		3101,
		"MEDIA_CONNECTION_LOST",
		"The media connection to the server is lost.",
		"NO_PATH",
		!1,
		!0,
		"The {connection} connection found no path in {afterMs} ms: none of the candidate pairs {pairs} was answered (local {localCandidates}, server {remoteCandidates}). Signaling works.",
		"Set media.publicIps to an address that this client can reach, and open the server's UDP media port (media.udpAddress) or TCP media port (media.tcpAddress) in the firewalls between.",
		"",
		"connection localCandidates remoteCandidates pairs afterMs"
	], e, t),
	mediaConnectionLostUDPBlocked: (e, t) => p([
		3101,
		"MEDIA_CONNECTION_LOST",
		"The media connection to the server is lost.",
		"UDP_BLOCKED",
		!1,
		!0,
		"{address} answers signaling, but answered nothing that was sent to its media ports within {afterMs} ms; the candidate pairs of the {connection} connection are {pairs} (local {localCandidates}, server {remoteCandidates}).",
		"Open the UDP media port (media.udpAddress) or the TCP media port (media.tcpAddress) of that address in the firewalls between, and in the port forwarding of its router or container.",
		"",
		"connection address localCandidates remoteCandidates pairs afterMs"
	], e, t),
	mediaConnectionLostServerPrivateAddress: (e, t) => p([
		3101,
		"MEDIA_CONNECTION_LOST",
		"The media connection to the server is lost.",
		"SERVER_PRIVATE_ADDRESS",
		!1,
		!0,
		"The server offers media only at addresses of private networks ({remoteCandidates}), none of which answered the {connection} connection in {afterMs} ms (pairs {pairs}); this client reaches signaling at {signaling}.",
		"Set media.publicIps to the public address under which clients reach the server. For a client inside that private network, open the media ports in the firewalls between instead.",
		"",
		"connection remoteCandidates signaling pairs afterMs"
	], e, t),
	mediaConnectionLostTurnAuthFailed: (e, t) => p([
		3101,
		"MEDIA_CONNECTION_LOST",
		"The media connection to the server is lost.",
		"TURN_AUTH_FAILED",
		!1,
		!0,
		"The TURN server {server} refused the credentials that this client was given, with status {status} ({problem}); the {connection} connection found no other path in {afterMs} ms (pairs {pairs}).",
		"If the credentials have expired, join again, which returns new ones, and raise turn.credentialLife where calls last longer. For a server of turn.externalUrls, set turn.externalSecret, or turn.externalUsername and turn.externalPassword, to what that server has, and synchronize the clocks of both servers.",
		"",
		"connection server status problem pairs afterMs"
	], e, t),
	mediaConnectionLostDTLSFailed: (e, t) => p([
		3101,
		"MEDIA_CONNECTION_LOST",
		"The media connection to the server is lost.",
		"DTLS_FAILED",
		!1,
		!0,
		"The {connection} connection has a path ({pair}), and its DTLS handshake failed after {afterMs} ms: {problem}.",
		"Remove what changes or drops DTLS on the path: a proxy that rewrites session descriptions, or a firewall that passes STUN and filters other UDP. To compare, let the client use TCP (media.tcpAddress).",
		"",
		"connection pair problem afterMs"
	], e, t),
	mediaConnectionLostMediaNotArriving: (e, t) => p([
		3101,
		"MEDIA_CONNECTION_LOST",
		"The media connection to the server is lost.",
		"MEDIA_NOT_ARRIVING",
		!1,
		!0,
		"The {kind} stream sends packets (so far: {packetsSent}), and the {connection} connection is up, but for {forMs} ms no receiver report of the server has named the stream: its packets, or the reports on them, are dropped on the way.",
		"Let RTP and RTCP pass as STUN and DTLS do: check firewalls that inspect UDP, the MTU of a VPN, and policies for unknown traffic. To compare, let the client use TCP (media.tcpAddress). The event fault-cleared follows when the stream arrives again.",
		"",
		"connection kind packetsSent forMs"
	], e, t),
	mediaConnectionLostPathLost: (e, t) => p([
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
	signalingUnreachableBadURL: (e, t) => p([
		3102,
		"SIGNALING_UNREACHABLE",
		"The server cannot be reached.",
		"BAD_URL",
		!0,
		!1,
		"The server address {url} cannot be used: {problem}.",
		"Write the address as https://host or http://host:port, as `klatch dev` prints it.",
		"",
		"url problem"
	], e, t),
	signalingUnreachableGatewayDown: (e, t) => p([
		3102,
		"SIGNALING_UNREACHABLE",
		"The server cannot be reached.",
		"GATEWAY_DOWN",
		!0,
		!0,
		"A proxy answers {url} with status {status}: it cannot reach the server behind it (attempt {attempts}).",
		"Start Klatch, or correct the address that the proxy passes this path on to (proxy_pass, upstream); the proxy's error log has its cause.",
		"",
		"url status attempts"
	], e, t),
	signalingUnreachableRedirected: (e, t) => p([
		3102,
		"SIGNALING_UNREACHABLE",
		"The server cannot be reached.",
		"REDIRECTED",
		!0,
		!1,
		"{url} is redirected to {target}; a WebSocket does not follow redirects.",
		"If Klatch runs at {suggested}, use that as the server's address. Otherwise configure the proxy to pass /v1/signal without a redirect, and without a login page in front of it.",
		"",
		"url target suggested"
	], e, t),
	signalingUnreachableForbidden: (e, t) => p([
		3102,
		"SIGNALING_UNREACHABLE",
		"The server cannot be reached.",
		"FORBIDDEN",
		!0,
		!1,
		"A proxy, firewall or login in front of the server refused {url} with status {status}; the answer is not from Klatch.",
		"Configure the proxy, firewall or login in front of Klatch to pass /v1/signal and /healthz without credentials of its own: the token in join authorizes.",
		"",
		"url status"
	], e, t),
	signalingUnreachableWrongPath: (e, t) => p([
		3102,
		"SIGNALING_UNREACHABLE",
		"The server cannot be reached.",
		"WRONG_PATH",
		!0,
		!1,
		"{url} is not Klatch's signaling address; Klatch answers at {suggested}.",
		"Use {suggested} as the server's address.",
		"",
		"url suggested"
	], e, t),
	signalingUnreachablePrefixKept: (e, t) => p([
		3102,
		"SIGNALING_UNREACHABLE",
		"The server cannot be reached.",
		"PREFIX_KEPT",
		!0,
		!1,
		"{url} reaches Klatch, which answers with status {status}: the proxy passes the prefix {prefix} on to it.",
		"Configure the proxy to remove the prefix from the path (nginx: `location {prefix}/ { proxy_pass http://server/; }`, with the slash at the end), or use an address without the prefix.",
		"",
		"url status prefix"
	], e, t),
	signalingUnreachableNotKlatch: (e, t) => p([
		3102,
		"SIGNALING_UNREACHABLE",
		"The server cannot be reached.",
		"NOT_KLATCH",
		!0,
		!0,
		"{url} answered with HTTP status {status}; it is not a Klatch signaling address.",
		"Use the server's base address, without a path unless a proxy puts Klatch under one; a proxy in front of it must pass /v1/signal on.",
		"",
		"url status"
	], e, t),
	signalingUnreachableUpgradeStripped: (e, t) => p([
		3102,
		"SIGNALING_UNREACHABLE",
		"The server cannot be reached.",
		"UPGRADE_STRIPPED",
		!0,
		!0,
		"The server answers over HTTP, but the WebSocket upgrade of {url} did not arrive (status {status}): a proxy in between removes it.",
		"Configure the proxy to pass the Upgrade and Connection headers for /v1/signal (nginx: `proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade;`).",
		"",
		"url status"
	], e, t),
	signalingUnreachableNoConnection: (e, t) => p([
		3102,
		"SIGNALING_UNREACHABLE",
		"The server cannot be reached.",
		"NO_CONNECTION",
		!0,
		!0,
		"The browser could not connect to {url} (attempt {attempts}). It hides the cause from the page: the name, the port, the certificate, a firewall or a redirect.",
		"Open the address in a browser tab, where the browser shows the cause.",
		"",
		"url attempts"
	], e, t),
	signalingUnreachableAnswerHidden: (e, t) => p([
		3102,
		"SIGNALING_UNREACHABLE",
		"The server cannot be reached.",
		"ANSWER_HIDDEN",
		!0,
		!0,
		"A server that is not Klatch answers {url}: its answer has no Access-Control-Allow-Origin header, so the browser hides its status from the page {page} (attempt {attempts}).",
		"Open {url} in a browser tab, or with `curl -i`, to see the status: 502 to 504 come from a proxy that cannot reach Klatch, 401 and 403 from one that refuses, 301 to 308 are redirects, 404 is a wrong path or another web server.",
		"",
		"url page attempts"
	], e, t),
	signalingUnreachableCSPBlocked: (e, t) => p([
		3102,
		"SIGNALING_UNREACHABLE",
		"The server cannot be reached.",
		"CSP_BLOCKED",
		!0,
		!1,
		"The Content-Security-Policy of the page {page} forbids it to connect to {url} ({directive}).",
		"Add {url} and the same address with http or https to the connect-src of that policy.",
		"",
		"url directive page"
	], e, t),
	signalingUnreachableMixedContent: (e, t) => p([
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
	reconnectFailedGaveUp: (e, t) => p([
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
	unsupportedEnvironmentInsecureContext: (e, t) => p([
		3104,
		"UNSUPPORTED_ENVIRONMENT",
		"This environment cannot take part in a meeting.",
		"INSECURE_CONTEXT",
		!1,
		!1,
		"The page {origin} is not secure, so the browser denies it camera, microphone and screen.",
		"Serve the page over https, or from localhost while developing.",
		"",
		"origin"
	], e, t),
	unsupportedEnvironmentNoWEBRTC: (e, t) => p([
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
	unsupportedEnvironmentNoScreenShare: (e, t) => p([
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
	], e, t),
	notOfferedEvent: (e, t) => p([
		3105,
		"NOT_OFFERED",
		"Klatch does not offer this.",
		"EVENT",
		!1,
		!1,
		"{method} was called for the event {event}, which the published API has and Klatch does not offer.",
		"Do not listen for {event} with Klatch. These events are offered: {allowed}.",
		"",
		"method event allowed"
	], e, t),
	invalidAPIKeyKeyMissing: (e, t) => p([
		4001,
		"INVALID_API_KEY",
		"`apikey` provided in the token is empty or invalid, please verify it on the dashboard.",
		"KEY_MISSING",
		!0,
		!1,
		"The token has no `apikey` claim; its claims are {claims}.",
		"Put the API key into the `apikey` claim when you mint the token.",
		"token.apikey",
		"claims"
	], e, t),
	invalidAPIKeyKeyEmpty: (e) => p([
		4001,
		"INVALID_API_KEY",
		"`apikey` provided in the token is empty or invalid, please verify it on the dashboard.",
		"KEY_EMPTY",
		!0,
		!1,
		"The `apikey` claim of the token is empty.",
		"Put the API key into the `apikey` claim when you mint the token, and check that the variable that holds it is set.",
		"token.apikey",
		""
	], {}, e),
	invalidTokenEmpty: (e) => p([
		4002,
		"INVALID_TOKEN",
		"`token` is empty or invalid or might have expired.",
		"EMPTY",
		!0,
		!1,
		"No token was given.",
		"Mint a token on your server and pass it: `token` in join, the Authorization header in REST.",
		"token",
		""
	], {}, e),
	invalidMeetingIDEmpty: (e) => p([
		4003,
		"INVALID_MEETING_ID",
		"`meetingId` is empty or invalid, please verify it or generate new meetingId using the API.",
		"EMPTY",
		!0,
		!1,
		"No meeting id was given.",
		"Pass the roomId that POST /v2/rooms returned.",
		"meetingId",
		""
	], {}, e),
	invalidParticipantIDWhitespace: (e, t) => p([
		4004,
		"INVALID_PARTICIPANT_ID",
		"`participantId` is empty or invalid, it shouldn't contain any whitespaces.",
		"WHITESPACE",
		!0,
		!1,
		"The participant id has white space ({codePoint}) at character {index}.",
		"Use an id without spaces, tabs and line breaks.",
		"participantId",
		"index codePoint"
	], e, t),
	adaptiveSubscriptionNotEnabledBySdkNoObserver: (e, t) => p([
		4047,
		"ADAPTIVE_SUBSCRIPTION_NOT_ENABLED_BY_SDK",
		"Adaptive subscription is not available.",
		"NO_OBSERVER",
		!1,
		!1,
		"This browser does not have {missing}, so what is visible cannot be known. Browser: {userAgent}.",
		"Call setViewPort() with the size of each picture and stream.pause() for those that are not shown, or use a newer browser.",
		"",
		"missing userAgent"
	], e, t),
	adaptiveSubscriptionEnableFailedAlreadyEnabled: (e) => p([
		4048,
		"ADAPTIVE_SUBSCRIPTION_ENABLE_FAILED",
		"Adaptive subscription could not be enabled.",
		"ALREADY_ENABLED",
		!1,
		!1,
		"Adaptive subscription is already enabled in this meeting.",
		"Call disableAdaptiveSubscription() first, or ignore this fault.",
		"",
		""
	], {}, e),
	adaptiveSubscriptionDisableFailedAlreadyDisabled: (e) => p([
		4049,
		"ADAPTIVE_SUBSCRIPTION_DISABLE_FAILED",
		"Adaptive subscription could not be disabled.",
		"ALREADY_DISABLED",
		!1,
		!1,
		"Adaptive subscription is not enabled in this meeting.",
		"Call enableAdaptiveSubscription() first, or ignore this fault.",
		"",
		""
	], {}, e),
	pauseAllStreamsFailedAlreadyPaused: (e, t) => p([
		4057,
		"PAUSE_ALL_STREAMS_FAILED",
		"The streams could not be paused.",
		"ALREADY_PAUSED",
		!1,
		!1,
		"All streams of the kind {kind} are already paused.",
		"Call resumeAllStreams() first, or ignore this fault.",
		"kind",
		"kind"
	], e, t),
	resumeAllStreamsFailedNotPaused: (e, t) => p([
		4058,
		"RESUME_ALL_STREAMS_FAILED",
		"The streams could not be resumed.",
		"NOT_PAUSED",
		!1,
		!1,
		"No stream of the kind {kind} is paused.",
		"Call pauseAllStreams() or stream.pause() first, or ignore this fault.",
		"kind",
		"kind"
	], e, t)
};
function p([e, t, n, r, i, a, o, s, c, l], u, d = {}) {
	let f = {};
	for (let e of l ? l.split(" ") : []) f[e] = re(e, u[e]);
	return {
		code: e,
		name: t,
		message: n,
		reason: r,
		detail: m(o, f),
		remedy: m(s, f),
		...c && { param: m(c, f) },
		...l && { details: f },
		fatal: i,
		retryable: a,
		retryAfterMs: d.retryAfterMs ?? 0,
		id: oe(),
		causeId: d.causeId ?? "",
		at: (/* @__PURE__ */ new Date()).toISOString(),
		docs: `${d.server ?? ""}/errors/${e}#${r}`,
		meetingId: d.meetingId ?? "",
		sessionId: d.sessionId ?? "",
		participantId: d.participantId ?? ""
	};
}
function m(e, t) {
	return e.replace(/\{([A-Za-z]\w*)\}/g, (e, n) => h(t[n]));
}
function h(e) {
	return Array.isArray(e) ? e.length ? e.join(", ") : "none" : e === "" ? "\"\"" : String(e);
}
var ee = 200, te = 1e3, ne = 50;
function re(e, t) {
	let n = e === "problem" || e === "lastWords" ? te : ee;
	if (typeof t == "string") return ie(t, n);
	if (!Array.isArray(t)) return t;
	let r = t.length - ne + 1;
	return (r > 1 ? [...t.slice(0, -r), `… ${r} more`] : t).map((e) => ie(String(e), n));
}
function ie(e, t) {
	let n = Array.from(e.length > 4 * t ? e.slice(0, 2 * t) + e.slice(-2 * t) : e), r = Math.floor(t / 2);
	return (n.length > t ? [
		...n.slice(0, r),
		"…",
		...n.slice(r + 1 - t)
	] : n).join("").replace(/[\p{Cc}\p{Cs}\p{Bidi_Control}\uFFFD]/gu, "·");
}
var ae = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
function oe() {
	let e = "";
	for (let t = Date.now(), n = 0; n < 10; n++, t = Math.floor(t / 32)) e = ae.charAt(t % 32) + e;
	let t = "";
	for (let e of crypto.getRandomValues(/* @__PURE__ */ new Uint8Array(16))) t += ae.charAt(e & 31);
	return "flt_" + e + t;
}
// src/fault.ts
var se = class extends Error {
	toJSON() {
		let { code: e, name: t, message: n, ...r } = this;
		return {
			code: e,
			name: t,
			message: n,
			...r
		};
	}
	toString() {
		return ce(this);
	}
};
function ce({ code: e, name: t, reason: n, detail: r, remedy: i, id: a }) {
	return `${e} ${t} (${n}): ${r} ${i} [${a}]`;
}
var g = class extends se {
	constructor(e) {
		let t = ce(e);
		super(t);
		let { stack: n = "" } = this, r = n.startsWith("Error: ") ? n.slice(n.indexOf(t) + t.length) : `\n${n}`;
		Object.defineProperty(this, "stack", {
			value: `VideoSDKError: ${t}${r}`,
			configurable: !0,
			writable: !0
		}), Object.defineProperty(this, "message", { enumerable: !0 }), Object.assign(this, e);
	}
}, le = [
	"UDP_OVER_TCP",
	"UDP_ONLY",
	"TCP_ONLY"
];
function ue(e, t) {
	if (t === void 0 || le.some((e) => e === t)) return;
	let n = {
		method: e,
		parameter: "preferredProtocol",
		got: String(t),
		allowed: [...le]
	};
	throw new g(f.invalidParameterNotAllowed(n));
}
function de(e, t) {
	let n = t === "UDP_ONLY" ? "tcp" : "udp";
	return t === "UDP_OVER_TCP" ? e : e.replace(RegExp(`^a=candidate:\\S+ \\d+ ${n} .*\\r\\n`, "gim"), "");
}
function fe(e, t) {
	let n = (e) => /^turns:|[?&]transport=tcp\b/i.test(e);
	return t === "UDP_OVER_TCP" ? [...e] : e.map((e) => ({
		...e,
		urls: [e.urls].flat().filter((e) => n(e) === (t === "TCP_ONLY"))
	})).filter(({ urls: e }) => e.length > 0);
}
// src/capture.ts
var pe = { allows: (e) => document.featurePolicy?.allowsFeature(e) }, _ = {
	camera: {
		permissionDenied: f.startingVideoPermissionDenied,
		policyBlocked: f.startingVideoPolicyBlocked,
		inUse: f.startingVideoDeviceInUse,
		noDevice: f.startingVideoNoDevice,
		unavailable: f.startingVideoDeviceUnavailable,
		lost: f.startingVideoDeviceLost,
		publishRefused: f.startingVideoPublishRefused
	},
	microphone: {
		permissionDenied: f.startingAudioPermissionDenied,
		policyBlocked: f.startingAudioPolicyBlocked,
		inUse: f.startingAudioDeviceInUse,
		noDevice: f.startingAudioNoDevice,
		unavailable: f.startingAudioDeviceUnavailable,
		lost: f.startingAudioDeviceLost,
		publishRefused: f.startingAudioPublishRefused
	}
}, me = /permissions?[- ]policy|feature[- ]policy/i;
function he(e, t, n, r, i = pe) {
	let a = _[e], { name: o, message: s, constraint: c } = be(t);
	switch (o) {
		case "NotAllowedError":
		case "PermissionDeniedError":
		case "SecurityError": return o === "SecurityError" || me.test(s) || i.allows(e) === !1 ? a.policyBlocked({
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
function ge(e, t, n = pe) {
	let { name: r, message: i } = be(e), a = {
		domName: r,
		domMessage: i
	};
	switch (r) {
		case "InvalidStateError":
		case "InvalidAccessError": return f.startingScreenshareNoUserGesture(a, t);
		case "NotAllowedError": return me.test(i) || n.allows("display-capture") === !1 ? f.startingScreensharePolicyBlocked({
			...a,
			feature: "display-capture"
		}, t) : /system/i.test(i) ? f.startingScreensharePermissionDenied(a, t) : f.startingScreenshareUserCancelled(a, t);
		case "SecurityError": return f.startingScreensharePolicyBlocked({
			...a,
			feature: "display-capture"
		}, t);
		default: return f.startingScreenshareCaptureFailed(a, t);
	}
}
function _e(e, t, n) {
	return _[e].lost({ label: t }, n);
}
function ve(e, t, n) {
	let r = {
		...n,
		causeId: t
	};
	return e === "audio" ? _.microphone.publishRefused({ kind: e }, r) : e === "video" ? _.camera.publishRefused({ kind: e }, r) : f.startingScreensharePublishRefused({ kind: e }, r);
}
async function v(e, t, n) {
	let r = y(n);
	try {
		return await r.getUserMedia(e === "camera" ? { video: t } : { audio: t });
	} catch (i) {
		let a = xe(t);
		throw new g(he(e, i, {
			deviceId: a,
			label: await Se(r, e, a)
		}, n));
	}
}
async function ye(e, t) {
	let n = y(t);
	if (!("getDisplayMedia" in n)) throw new g(f.unsupportedEnvironmentNoScreenShare({ userAgent: navigator.userAgent }, t));
	try {
		return await n.getDisplayMedia(e);
	} catch (e) {
		throw new g(ge(e, t));
	}
}
function y(e) {
	let t = navigator.mediaDevices;
	if (t) return t;
	throw new g(isSecureContext ? f.unsupportedEnvironmentNoWEBRTC({ userAgent: navigator.userAgent }, e) : f.unsupportedEnvironmentInsecureContext({ origin: location.origin }, e));
}
function be(e) {
	let { name: t, message: n, constraint: r } = typeof e == "object" && e ? e : {};
	return {
		name: typeof t == "string" ? t : "Error",
		message: typeof n == "string" ? n : String(e),
		constraint: typeof r == "string" ? r : ""
	};
}
function xe({ deviceId: e }) {
	let t = typeof e == "object" && !Array.isArray(e) ? e.exact : e;
	return typeof t == "string" ? t : "";
}
async function Se(e, t, n) {
	let r = t === "camera" ? "videoinput" : "audioinput", i = (await e.enumerateDevices().catch(() => [])).filter((e) => e.kind === r);
	return (n ? i.find((e) => e.deviceId === n) : i[0])?.label || n;
}
var b = {
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
}, Ce = [
	"bandwidth_optimized",
	"balanced",
	"high_quality"
], we = 64e3, Te = [
	"l",
	"m",
	"h"
], x = [
	"low",
	"med",
	"high"
], Ee = (e) => e === "video" || e === "share";
function De(e, t, n) {
	let r = t?.multiStream ?? n.multiStream, i = t?.maxLayer ?? n.maxLayer, a = t?.codec, o = Ee(e) && r !== !1 ? e === "share" ? 2 : i ?? 3 : 1, s = (a === "VP9" || a === "AV1") && o > 1, c = a === "VP9" && t?.degradation === "maintain-resolution", l = s ? `L${o}T3_KEY` : void 0;
	return {
		codec: a,
		encodings: s ? 1 : o,
		scalabilityMode: l && c ? "L1T3" : l,
		lacking: c ? l : void 0,
		insisted: o > 1 && (s || r === !0 || i !== void 0)
	};
}
var Oe = (e, t) => e.codec === t.codec && e.encodings === t.encodings && e.scalabilityMode === t.scalabilityMode;
function ke({ encodings: e, scalabilityMode: t }) {
	return e === 1 ? t ? [{ scalabilityMode: t }] : [] : Te.slice(0, e).map((t, n) => ({
		rid: e === 2 && n === 1 ? "h" : t,
		scaleResolutionDownBy: 2 ** (e - 1 - n)
	}));
}
function Ae(e, t) {
	let n = (t) => t.mimeType.split("/")[1]?.toUpperCase() === e.toUpperCase();
	return t.some(n) ? [...t.filter(n), ...t.filter((e) => !n(e))] : void 0;
}
var je = [[518400, 3], [129600, 2]];
function Me(e, { width: t, height: n }, r) {
	let i = (e) => Math.abs(Math.log(e.width * e.height / (t * n)));
	return e === "share" ? 1e3 * Ne(Object.values(b.share), i).kbps : 1e3 * (Ne(Object.values(b.camera), i).kbps[r] ?? 0);
}
function Ne(e, t) {
	return e.reduce((e, n) => t(n) < t(e) ? n : e);
}
function Pe(e, { kind: t, encoding: n, size: r, quality: i, idle: a }) {
	let { encodings: o } = e;
	if (!Ee(t)) {
		for (let e of o) e.maxBitrate = n.maxBitrateBps;
		return;
	}
	let { width: s, height: c } = r ?? b.camera.h720p_w1280p, l = t === "share" ? 3 : je.find(([e]) => s * c >= e)?.[1] ?? 1, u = Math.min(o.length, l), d = 2 ** (x.length - 1 - x.indexOf(i));
	o.forEach((e, r) => {
		let i = Math.max(2 ** Math.max(u - 1 - r, 0), r === 0 ? d : 1);
		e.scaleResolutionDownBy = i, e.maxBitrate = i === 1 ? n.maxBitrateBps : Math.min(n.maxBitrateBps, Me(t, {
			width: s / i,
			height: c / i
		}, n.mode ?? 1)), e.active = r < u && (r === 0 || i >= d) && !a.has(e.rid ?? "");
	});
}
// src/tracks.ts
var Fe = /* @__PURE__ */ new WeakMap(), Ie = {
	audio: { maxBitrateBps: 24e3 },
	video: {
		maxBitrateBps: 15e5,
		degradation: "balanced"
	},
	share: {
		maxBitrateBps: 1e6,
		degradation: "maintain-resolution"
	},
	shareAudio: { maxBitrateBps: we }
};
function Le(e, t) {
	return Fe.get(e) ?? Ie[t];
}
async function Re(e = {}, t = {}) {
	let n = "createCameraVideoTrack", { width: r, height: i, frameRate: a, kbps: o } = Ve(b.camera, e.encoderConfig ?? "h720p_w1280p", n, t), s = Ue(e, n, t), c = Ce.indexOf(e.bitrateMode ?? "balanced"), l = await v("camera", {
		width: { ideal: r },
		height: { ideal: i },
		frameRate: { ideal: a },
		...e.cameraId ? { deviceId: { exact: e.cameraId } } : {},
		...e.facingMode ? { facingMode: { ideal: e.facingMode === "environment" ? "environment" : "user" } } : {}
	}, t), u = e.optimizationMode ?? "motion";
	return S(l, "video", u, {
		maxBitrateBps: (o[c] ?? o[1]) * 1e3,
		degradation: u === "motion" ? "balanced" : "maintain-resolution",
		...c >= 0 && { mode: c },
		...s
	});
}
async function ze(e = {}, t = {}) {
	let { kbps: n, channels: r, speech: i } = Ve(b.audio, e.encoderConfig ?? "speech_standard", "createMicrophoneAudioTrack", t), { noiseSuppression: a = i, echoCancellation: o = i, autoGainControl: s = i } = e.noiseConfig ?? {};
	return S(await v("microphone", {
		noiseSuppression: a,
		echoCancellation: o,
		autoGainControl: s,
		channelCount: { ideal: r },
		...e.microphoneId ? { deviceId: { exact: e.microphoneId } } : {}
	}, t), "audio", i ? "speech" : "music", { maxBitrateBps: n * 1e3 });
}
async function Be(e = {}, t = {}) {
	let n = "createScreenShareVideoTrack", { width: r, height: i, frameRate: a, kbps: o } = Ve(b.share, e.encoderConfig ?? "h720p_15fps", n, t), s = Ue(e, n, t), c = await ye({
		video: {
			width: { max: r },
			height: { max: i },
			frameRate: { max: a }
		},
		audio: e.withAudio !== "disable" && {
			echoCancellation: !1,
			noiseSuppression: !1,
			autoGainControl: !1
		}
	}, t), l = e.optimizationMode ?? "text";
	return S(c, "audio", "music", { maxBitrateBps: we }), S(c, "video", l, {
		maxBitrateBps: o * 1e3,
		...s,
		degradation: l === "motion" ? "balanced" : "maintain-resolution"
	});
}
function S(e, t, n, r) {
	for (let i of e.getTracks().filter((e) => e.kind === t)) i.contentHint = n, Fe.set(i, r);
	return e;
}
function Ve(e, t, n, r) {
	if (Object.hasOwn(e, t)) return e[t];
	let i = {
		method: n,
		parameter: "encoderConfig",
		got: String(t),
		allowed: Object.keys(e)
	};
	throw new g(f.invalidParameterNotAllowed(i, r));
}
var He = [
	"VP8",
	"VP9",
	"AV1",
	"H264"
];
function Ue({ codec: e, multiStream: t, maxLayer: n }, r, i) {
	let a = (e, t, n) => {
		throw new g(f.invalidParameterNotAllowed({
			method: r,
			parameter: e,
			got: String(t),
			allowed: [...n]
		}, i));
	};
	if (e !== void 0 && !He.includes(e) && a("codec", e, He), t !== void 0 && typeof t != "boolean" && a("multiStream", t, ["true", "false"]), n !== void 0 && n !== 2 && n !== 3 && a("maxLayer", n, ["2", "3"]), n !== void 0 && t === !1) {
		let e = {
			method: r,
			parameter: "maxLayer",
			other: "multiStream: false"
		};
		throw new g(f.invalidParameterConflict(e, i));
	}
	return {
		...e !== void 0 && { codec: e },
		...t !== void 0 && { multiStream: t },
		...n !== void 0 && { maxLayer: n }
	};
}
function C(e, t, n, r) {
	let i = e instanceof MediaStream ? e.getTracks() : [e], a = i.find((e) => e instanceof MediaStreamTrack && e.kind === t && e.readyState === "live");
	if (a) return a;
	let o = i.map((e) => e instanceof MediaStreamTrack ? `${e.readyState} ${e.kind}` : typeof e).join(", ");
	throw new g(f.invalidParameterTrackNotLive({
		method: n,
		kind: t,
		got: o || "an empty stream"
	}, r));
}
// src/argument.ts
function We(e, t, n, r) {
	try {
		return JSON.stringify(n);
	} catch (n) {
		let i = n instanceof Error ? n.message.split("\n")[0] ?? "" : String(n);
		throw new g(f.invalidParameterNotJSON({
			method: e,
			parameter: t,
			problem: i
		}, r));
	}
}
function Ge(e, t, n) {
	if (typeof t == "function") return;
	let r = t === null ? "null" : typeof t;
	throw new g(f.invalidParameterWrongType({
		method: e,
		parameter: "listener",
		got: r,
		want: "a function"
	}, n));
}
// src/eventnames.ts
var Ke = /* @__PURE__ */ new Set([
	"transcription-state-changed",
	"transcription-text",
	"media-relay-request-received",
	"media-relay-request-response",
	"media-relay-started",
	"media-relay-stopped",
	"media-relay-error",
	"audio-input-silence",
	"codec-changed",
	"data",
	"whiteboard-started",
	"whiteboard-stopped",
	"e2ee-state-change"
]);
function qe(e, t, n) {
	if (typeof t == "string" && Object.hasOwn(n, t)) return;
	let r = String(t), i = Object.keys(n);
	throw new g(Ke.has(r) ? f.notOfferedEvent({
		method: e,
		event: r,
		allowed: i
	}) : f.invalidParameterUnknownEvent({
		method: e,
		event: r,
		nearest: Je(r, i),
		allowed: i
	}));
}
function Je(e, t) {
	let n = e.slice(0, 64);
	return t.reduce((e, t) => Ye(n, t) < Ye(n, e) ? t : e, t[0] ?? "none");
}
function Ye(e, t) {
	let n = Array.from({ length: t.length + 1 }, (e, t) => t);
	for (let r = 0; r < e.length; r++) {
		let i = [r + 1];
		for (let a = 0; a < t.length; a++) {
			let o = (n[a] ?? 0) + (e[r] === t[a] ? 0 : 1);
			i.push(Math.min(o, (n[a + 1] ?? 0) + 1, (i[a] ?? 0) + 1));
		}
		n = i;
	}
	return n[t.length] ?? 0;
}
// src/emitter.ts
var w = class {
	#e;
	#t;
	#n = Object.create(null);
	constructor(e, t) {
		this.#e = e, this.#t = t;
	}
	on(e, t) {
		return qe(`${this.#e}.on`, e, this.#t), Ge(`${this.#e}.on`, t), this.#n[e] = [...this.#n[e] ?? [], t], () => this.off(e, t);
	}
	once(e, t) {
		let n = this.on(e, (...e) => {
			n(), t(...e);
		});
		return n;
	}
	off(e, t) {
		qe(`${this.#e}.off`, e, this.#t);
		let n = this.#n[e] ?? [], r = t ? n.indexOf(t) : -1;
		this.#n[e] = t ? n.filter((e, t) => t !== r) : [];
	}
	listenerCount(e) {
		return this.#n[e]?.length ?? 0;
	}
	emit(e, ...t) {
		for (let n of this.#n[e] ?? []) try {
			n(...t);
		} catch (e) {
			T(e);
		}
	}
};
function T(e) {
	queueMicrotask(() => {
		throw e;
	});
}
// src/devices.ts
async function Xe() {
	return (await y({}).enumerateDevices()).filter(({ deviceId: e }) => e !== "").map(({ deviceId: e, groupId: t, kind: n, label: r }) => ({
		deviceId: e,
		groupId: t,
		kind: n,
		label: r
	}));
}
async function E(e) {
	return (await Xe()).filter((t) => t.kind === e);
}
var Ze = class extends w {
	constructor() {
		super("VideoSDK", { "device-changed": !0 });
	}
	on(e, t) {
		let n = y({}), r = super.on(e, t);
		return this.listenerCount(e) === 1 && n.addEventListener("devicechange", this.#e), r;
	}
	off(e, t) {
		super.off(e, t), this.listenerCount(e) === 0 && y({}).removeEventListener("devicechange", this.#e);
	}
	#e = () => {
		Xe().then((e) => this.emit("device-changed", e), T);
	};
}, Qe = (e) => e === "audio_video" ? ["audio", "video"] : [e], $e = {
	audio: "microphone",
	video: "camera"
};
async function et(e) {
	let t = Qe(e).map(async (e) => [e, await nt(e)]);
	return new Map(await Promise.all(t));
}
async function tt(e) {
	let t = /* @__PURE__ */ new Map();
	for (let n of Qe(e)) try {
		let e = await v($e[n], {}, {});
		for (let t of e.getTracks()) t.stop();
		t.set(n, !0);
	} catch (e) {
		if (!(e instanceof g) || e.reason !== "PERMISSION_DENIED") throw e;
		t.set(n, !1);
	}
	return t;
}
async function nt(e) {
	try {
		return (await navigator.permissions.query({ name: $e[e] })).state === "granted";
	} catch {
		return (await y({}).enumerateDevices()).some(({ kind: t, label: n }) => t === `${e}input` && n !== "");
	}
}
// src/codes.gen.ts
var rt = /* @__PURE__ */ t({
	ACCOUNT_DEACTIVATED: () => Mt,
	ACCOUNT_DISCONTINUED: () => Nt,
	ADAPTIVE_SUBSCRIPTION_DISABLE_FAILED: () => fn,
	ADAPTIVE_SUBSCRIPTION_ENABLE_FAILED: () => dn,
	ADAPTIVE_SUBSCRIPTION_NOT_ENABLED_BY_SDK: () => un,
	ADD_ON_SERVICES_DISABLED: () => qt,
	APIKEY_DEACTIVATED: () => mn,
	CERTIFICATE_FAILED: () => Zn,
	CHANGE_MODE_FAILED: () => vn,
	CONFIG_INVALID: () => Yn,
	CONFLICT: () => Rn,
	DISABLE_PARTICIPANT_MIC_FAILED: () => xn,
	DISABLE_PARTICIPANT_WEBCAM_FAILED: () => Cn,
	DUPLICATE_PARTICIPANT: () => jt,
	ENABLE_PARTICIPANT_MIC_FAILED: () => bn,
	ENABLE_PARTICIPANT_WEBCAM_FAILED: () => Sn,
	ERROR_ACTION_NOT_SUPPORTED: () => yt,
	ERROR_ACTION_NOT_SUPPORTED_IN_MODE: () => _t,
	ERROR_ACTION_PERFORMED_BEFORE_MEETING_JOINED: () => st,
	ERROR_ALREADY_IN_REQUESTED_STATE: () => dt,
	ERROR_INVALID_MODE: () => vt,
	ERROR_INVALID_PARAMETER: () => bt,
	ERROR_MEETING_MEDIA_CONNECTION_FAILED: () => ct,
	ERROR_MEETING_RECONNECTING: () => gt,
	ERROR_MULTISTREAM_NOT_SUPPORTED: () => ut,
	ERROR_OPERATION_ABORTED: () => pt,
	ERROR_OPERATION_IN_PROGRESS: () => ft,
	ERROR_OPERATION_TIMED_OUT: () => xt,
	ERROR_SET_WEBCAM_QUALITY_FAILED: () => ht,
	ERROR_STARTING_AUDIO: () => at,
	ERROR_STARTING_SCREENSHARE: () => ot,
	ERROR_STARTING_VIDEO: () => it,
	ERROR_VIDEO_PRODUCE_CODEC_NOT_SUPPORTED: () => lt,
	ERROR_WEBCAM_NOT_ENABLED: () => mt,
	HLS_DURATION_LIMIT_REACHED: () => Gn,
	HLS_FAILED: () => Hn,
	INVALID_API_KEY: () => Dt,
	INVALID_LIVESTREAM_CONFIG: () => Vt,
	INVALID_MEETING_ID: () => kt,
	INVALID_MESSAGE: () => In,
	INVALID_PARTICIPANT_ID: () => At,
	INVALID_PERMISSIONS: () => Pt,
	INVALID_TOKEN: () => Ot,
	LIVESTREAM_DURATION_LIMIT_REACHED: () => Wn,
	LIVESTREAM_FAILED: () => Vn,
	LOBBY_DENIED: () => An,
	LOBBY_TIMEOUT: () => jn,
	MAX_HLS_LIMIT_REACHED_ON_ORGANIZATION: () => en,
	MAX_LIVESTREAM_LIMIT_REACHED_ON_ORGANIZATION: () => tn,
	MAX_PARTICIPANT_REACHED: () => Ft,
	MAX_RECORDING_LIMIT_REACHED_ON_ORGANIZATION: () => $t,
	MAX_RECV_ONLY_LIMIT_REACHED_ON_ORGANIZATION: () => ln,
	MAX_SPEAKER_LIMIT_REACHED_ON_ORGANIZATION: () => Zt,
	MAX_SPEAKER_REACHED: () => It,
	MAX_VIEWER_LIMIT_REACHED_ON_ORGANIZATION: () => Qt,
	MEDIA_CONNECTION_LOST: () => St,
	MEETING_ENDED: () => Nn,
	MEETING_ID_DISABLED: () => pn,
	NOT_FOUND: () => Ln,
	NOT_OFFERED: () => Et,
	NOT_PERMITTED: () => Pn,
	PARTICIPANT_REMOVED: () => Mn,
	PAUSE_ALL_STREAMS_FAILED: () => hn,
	PAUSE_STREAM_FAILED: () => Dn,
	PIN_FAILED: () => wn,
	PREV_HLS_STREAMING_PROCESSING: () => Kt,
	PREV_RECORDING_PROCESSING: () => Wt,
	PREV_RTMP_RECORDING_PROCESSING: () => Gt,
	PUBSUB_PUBLISH_FAILED: () => kn,
	RATE_LIMITED: () => Fn,
	RECONNECT_FAILED: () => wt,
	RECORDING_DURATION_LIMIT_REACHED: () => Un,
	RECORDING_FAILED: () => Bn,
	REMOVE_PARTICIPANT_FAILED: () => yn,
	RESPOND_ENTRY_FAILED: () => _n,
	RESUME_ALL_STREAMS_FAILED: () => gn,
	RESUME_STREAM_FAILED: () => On,
	RTMP_INGEST_FAILED: () => Qn,
	RTMP_INGEST_REFUSED: () => zn,
	SERVER_SHUTDOWN: () => qn,
	SERVER_UNAVAILABLE: () => Kn,
	SET_QUALITY_FAILED: () => En,
	SIGNALING_UNREACHABLE: () => Ct,
	STARTUP_FAILED: () => Xn,
	START_COMPOSITE_RECORDING_FAILED: () => sn,
	START_HLS_FAILED: () => Ht,
	START_LIVESTREAM_FAILED: () => zt,
	START_PARTICIPANT_RECORDING_FAILED: () => nn,
	START_RECORDING_FAILED: () => Lt,
	START_TRACK_RECORDING_FAILED: () => an,
	STOP_COMPPOSITE_RECORDING_FAILED: () => cn,
	STOP_HLS_FAILED: () => Ut,
	STOP_LIVESTREAM_FAILED: () => Bt,
	STOP_PARTICIPANT_RECORDING_FAILED: () => rn,
	STOP_RECORDING_FAILED: () => Rt,
	STOP_TRACK_RECORDING_FAILED: () => on,
	UNAUTHORIZED_MEETING_ID: () => Jt,
	UNAUTHORIZED_PARTCIPANT_ID: () => Yt,
	UNAUTHORIZED_ROLE: () => Xt,
	UNPIN_FAILED: () => Tn,
	UNSUPPORTED_ENVIRONMENT: () => Tt,
	WEBHOOK_DELIVERY_FAILED: () => Jn
}), it = 3011, at = 3012, ot = 3013, st = 3035, ct = 3044, lt = 3045, ut = 3046, dt = 3054, ft = 3055, pt = 3056, mt = 3062, ht = 3063, gt = 3065, _t = 3066, vt = 3067, yt = 3068, bt = 3073, xt = 3079, St = 3101, Ct = 3102, wt = 3103, Tt = 3104, Et = 3105, Dt = 4001, Ot = 4002, kt = 4003, At = 4004, jt = 4005, Mt = 4006, Nt = 4007, Pt = 4008, Ft = 4009, It = 4010, Lt = 4011, Rt = 4012, zt = 4013, Bt = 4014, Vt = 4015, Ht = 4016, Ut = 4017, Wt = 4018, Gt = 4019, Kt = 4020, qt = 4021, Jt = 4022, Yt = 4023, Xt = 4024, Zt = 4026, Qt = 4027, $t = 4028, en = 4029, tn = 4030, nn = 4035, rn = 4036, an = 4037, on = 4038, sn = 4039, cn = 4040, ln = 4041, un = 4047, dn = 4048, fn = 4049, pn = 4052, mn = 4053, hn = 4057, gn = 4058, _n = 4059, vn = 4065, yn = 4066, bn = 4067, xn = 4068, Sn = 4069, Cn = 4070, wn = 4071, Tn = 4072, En = 4073, Dn = 4074, On = 4075, kn = 4087, An = 4101, jn = 4102, Mn = 4103, Nn = 4104, Pn = 4105, Fn = 4106, In = 4107, Ln = 4108, Rn = 4109, zn = 4112, Bn = 5001, Vn = 5002, Hn = 5003, Un = 5004, Wn = 5005, Gn = 5006, Kn = 5101, qn = 5102, Jn = 5103, Yn = 5104, Xn = 5105, Zn = 5106, Qn = 5107, $n = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/;
function er(e, t) {
	let n = (t) => {
		throw new g(f.signalingUnreachableBadURL({
			url: nr(e),
			problem: t
		}));
	};
	/^[a-z][a-z0-9+.-]*:\/\//i.test(e) || n(e.trim() === "" ? "it is empty" : "it does not begin with http:// or https://");
	let r = tr(e) ?? n("it is not a valid URL"), i = r.protocol === "https:" || r.protocol === "wss:";
	!i && r.protocol !== "http:" && r.protocol !== "ws:" && n(`its scheme is ${r.protocol.slice(0, -1)}`), (r.username !== "" || r.password !== "") && n("it contains a user name or password"), (r.search !== "" || r.hash !== "") && n("it has a query or fragment");
	let a = r.host + r.pathname.replace(/\/+$/, "");
	if (t.protocol === "https:" && !i && !$n.test(r.hostname)) throw new g(f.signalingUnreachableMixedContent({
		url: e,
		page: t.origin
	}));
	return {
		base: `${i ? "https" : "http"}://${a}`,
		signal: `${i ? "wss" : "ws"}://${a}/v1/signal`
	};
}
function tr(e) {
	try {
		return new URL(e);
	} catch {
		return;
	}
}
function nr(e) {
	return e.replace(/\/\/[^/@]*@/, "//").replace(/[?#].*/s, "");
}
// src/calls.ts
var rr = class {
	#e;
	#t = /* @__PURE__ */ new Set();
	#n = /* @__PURE__ */ new Set();
	constructor(e) {
		this.#e = e;
	}
	reset() {
		this.#t = /* @__PURE__ */ new Set();
	}
	run(e, t, n = {}) {
		return this.handled(this.#r(e, t, n));
	}
	async #r(e, t, { lane: n, whileAway: r }) {
		let i = this.#t, a = n === void 0 || !i.has(n);
		try {
			if (this.#i(e, r ?? !1), !a) throw this.error(f.operationInProgressInProgress, { method: e });
			return n !== void 0 && i.add(n), await t();
		} catch (e) {
			throw e instanceof g ? this.tell(e) : e;
		} finally {
			a && n !== void 0 && i.delete(n);
		}
	}
	#i(e, t) {
		switch (this.#e.phase()) {
			case "new":
			case "joining": throw this.error(f.actionPerformedBeforeMeetingJoinedNotJoined, { method: e });
			case "lobby": throw this.error(f.actionPerformedBeforeMeetingJoinedInLobby, { method: e });
			case "left": throw this.error(f.actionPerformedBeforeMeetingJoinedLeft, { method: e });
			case "joined": {
				let n = this.#e.awayMs();
				if (n !== void 0 && !t) throw this.error(f.meetingReconnectingReconnecting, {
					method: e,
					awayMs: n
				});
			}
		}
	}
	handled(e) {
		return this.#e.events.listenerCount("error") > 0 && e.catch(() => void 0), e;
	}
	tell(e) {
		return this.#n.has(e.id) || (this.#n.add(e.id), d(e) && this.#e.phase() === "joined" && this.#e.report(e), this.#e.events.emit("error", e)), e;
	}
	error(e, t) {
		return new g(e(t, this.#e.where()));
	}
	already(e, t) {
		return this.error(f.alreadyInRequestedStateAlready, {
			method: e,
			state: t
		});
	}
	asFault(e) {
		return e instanceof g ? e : (T(e), this.error(f.signalingUnreachableNotKlatch, {
			url: this.#e.where().server ?? "",
			status: 101
		}));
	}
}, ir = 3e4, ar = {
	playbackHlsUrl: null,
	livestreamUrl: null,
	downstreamUrl: null
}, or = class {
	recording = "";
	livestream = "";
	hls = "";
	urls = ar;
	#e;
	constructor(e) {
		this.#e = e;
	}
	reset() {
		this.recording = this.livestream = this.hls = "", this.urls = ar;
	}
	enter({ recording: e, livestream: t, hls: n }) {
		this.recording = e.status, this.livestream = t.status, this.#i(n);
	}
	reenter({ recording: e, livestream: t, hls: n }) {
		let r = e.status || this.recording && "RECORDING_STOPPED";
		r !== this.recording && this.event({
			name: "recording-state-changed",
			data: { status: r }
		});
		let i = t.status || this.livestream && "LIVESTREAM_STOPPED";
		i !== this.livestream && this.event({
			name: "livestream-state-changed",
			data: { status: i }
		});
		let a = n.status || this.hls && "HLS_STOPPED";
		a !== this.hls && this.event({
			name: "hls-state-changed",
			data: {
				...n,
				status: a
			}
		});
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
	async startLivestream(e, t) {
		let n = "startLivestream";
		if (D(e)) throw this.#r(f.invalidParameterMissing, {
			method: n,
			parameter: "outputs"
		});
		this.#n(n, "outputs", e, "array"), e.forEach((e, t) => {
			let r = `outputs[${t}]`;
			if (D(e)) throw this.#r(f.invalidParameterMissing, {
				method: n,
				parameter: r
			});
			this.#n(n, r, e, "object");
			let { url: i, streamKey: a } = e;
			this.#n(n, `${r}.url`, i, "string"), this.#n(n, `${r}.streamKey`, a, "string");
		}), this.#n(n, "config", t, "object"), await this.#t(n, {
			outputs: e.map(({ url: e, streamKey: t }) => ({
				url: e,
				streamKey: t
			})),
			config: t
		});
	}
	async startHls(e) {
		this.#n("startHls", "config", e, "object"), await this.#t("startHls", { config: e });
	}
	async stop(e) {
		await this.#e.request(e);
	}
	async #t(e, t) {
		let n = Object.entries(t).filter(([, e]) => !D(e));
		await this.#e.request(e, Object.fromEntries(n), ir);
	}
	#n(e, t, n, r) {
		let i = Array.isArray(n) ? "array" : typeof n;
		if (!(D(n) || i === r)) throw this.#r(f.invalidParameterWrongType, {
			method: e,
			parameter: t,
			got: i,
			want: r
		});
	}
	#r(e, t) {
		return new g(e(t, this.#e.where()));
	}
	#i({ status: e, playbackHlsUrl: t, livestreamUrl: n, downstreamUrl: r }) {
		this.hls = e, this.urls = {
			playbackHlsUrl: t || null,
			livestreamUrl: n || null,
			downstreamUrl: r || null
		};
	}
};
function D(e) {
	return e == null;
}
// src/meetingevents.ts
var sr = {
	"meeting-joined": !0,
	"meeting-left": !0,
	"meeting-state-changed": !0,
	"participant-joined": !0,
	"participant-left": !0,
	"participant-mode-changed": !0,
	"speaker-changed": !0,
	"presenter-changed": !0,
	"main-participant-changed": !0,
	"entry-requested": !0,
	"entry-responded": !0,
	"entry-withdrawn": !0,
	"entry-pending": !0,
	"mic-requested": !0,
	"webcam-requested": !0,
	"pin-state-changed": !0,
	"recording-state-changed": !0,
	"livestream-state-changed": !0,
	"hls-state-changed": !0,
	"recording-started": !0,
	"recording-stopped": !0,
	"livestream-started": !0,
	"livestream-stopped": !0,
	"hls-started": !0,
	"hls-stopped": !0,
	"paused-all-streams": !0,
	"resumed-all-streams": !0,
	"quality-limitation": !0,
	error: !0,
	"fault-cleared": !0
};
// src/frame.ts
async function cr(e, t) {
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
var O = (e) => [...e.values()], k = (e) => e.find(({ type: e, nominated: t, state: n }) => e === "candidate-pair" && t && n !== "failed");
function lr(e) {
	return e.find(({ id: t }) => t === k(e)?.localCandidateId)?.networkType ?? navigator.connection?.type;
}
function ur(e, t, n, r) {
	let i = O(t), a = ({ frameWidth: e = 0, frameHeight: t = 0 }) => e * t, o = i.filter(({ type: e }) => e === "outbound-rtp" || e === "inbound-rtp").sort((e, t) => a(t) - a(e)), s = o.filter(({ packetsSent: e = 0, packetsReceived: t = 0 }) => e + t > 0);
	return (s.length > 0 ? s : o.slice(0, 1)).map((t, a, { length: o }) => {
		let s = t.type === "outbound-rtp", c = `${e} ${t.rid ?? ""}`, l = {
			atMs: t.timestamp,
			bytes: t.bytesSent ?? t.bytesReceived ?? 0
		}, u = pr(l, n.get(c));
		n.set(c, l);
		let d = s ? i.find(({ type: e, localId: n, ssrc: r }) => e === "remote-inbound-rtp" && (n === void 0 ? r === t.ssrc : n === t.id)) : t, f = A(d?.roundTripTime ?? k(i)?.currentRoundTripTime), p = A(d?.jitter), { frameWidth: m, frameHeight: h, framesPerSecond: ee } = t, te = e === "video" || e === "share";
		return {
			kind: e,
			bitrateBps: u,
			rttMs: f,
			jitterMs: p,
			packetsLost: d?.packetsLost ?? 0,
			totalPackets: t.packetsSent ?? t.packetsReceived ?? 0,
			codec: i.find(({ id: e }) => e === t.codecId)?.mimeType?.split("/")[1],
			size: m && h ? {
				width: m,
				height: h,
				framerate: ee ?? 0
			} : void 0,
			bitrate: Math.round(u / 1e3),
			rtt: f,
			jitter: p,
			network: lr(i),
			limitation: t.qualityLimitationReason,
			currentSpatialLayer: s && te ? o - 1 - a : r.current,
			preferredSpatialLayer: r.preferred,
			currentTemporalLayer: void 0,
			preferredTemporalLayer: void 0,
			rid: t.rid
		};
	});
}
function dr(e, t) {
	let n = O(e), r = k(n);
	if (!r) return;
	let i = {
		atMs: r.timestamp,
		bytes: (r.bytesSent ?? 0) + (r.bytesReceived ?? 0)
	}, a = (e) => e === void 0 ? e : Math.round(e / 1e3), o = n.find(({ id: e }) => e === r.localCandidateId), s = 0, c = 0;
	for (let { type: e, packetsSent: t = 0, packetsReceived: r = 0, packetsLost: i = 0 } of n) (e === "outbound-rtp" || e === "inbound-rtp") && (s += t + r), (e === "remote-inbound-rtp" || e === "inbound-rtp") && (c += i);
	return {
		sample: i,
		stats: {
			bitrate: Math.round(pr(i, t) / 1e3),
			rtt: A(r.currentRoundTripTime),
			network: lr(n),
			protocol: o?.protocol,
			availableBitrate: a(r.availableOutgoingBitrate),
			totalPackets: s,
			packetsLost: c
		}
	};
}
function fr(e) {
	let t = O(e).filter(({ type: e, active: t }) => e === "outbound-rtp" && t !== !1).map(({ qualityLimitationReason: e = "none" }) => e);
	return t.find((e) => e === "cpu") ?? t.find((e) => e === "bandwidth") ?? "none";
}
function pr({ atMs: e, bytes: t }, n) {
	let r = n ? e - n.atMs : 0;
	return n && r > 0 && t >= n.bytes ? Math.round((t - n.bytes) * 8e3 / r) : 0;
}
function mr(e) {
	let t = 0, n = 0, r = 0;
	for (let { type: i, packetsSent: a = 0, framesSent: o, timestamp: s } of e.values()) i === "remote-inbound-rtp" && (r = Math.max(r, s)), i === "outbound-rtp" && (t += a, n += o ?? a);
	return {
		packets: t,
		media: n,
		reportedAt: r
	};
}
function A(e) {
	return e === void 0 ? void 0 : Math.round(e * 1e3);
}
// src/stream.ts
var hr = {
	state: !0,
	"stream-state-changed": !0
}, gr = class extends w {
	id;
	kind;
	codec;
	#e;
	#t;
	constructor(e, t, n) {
		super("stream", hr), this.id = e.id, this.kind = e.kind, this.codec = e.codec, this.#t = t, this.#e = n;
	}
	get track() {
		return this.#t;
	}
	get paused() {
		return this.#e.isPaused();
	}
	get pauseReason() {
		return this.#e.pauseReason();
	}
	get displaySurface() {
		return this.#t.getSettings().displaySurface;
	}
	async pause() {
		await this.#e.pause(!0, "stream.pause");
	}
	async resume() {
		await this.#e.pause(!1, "stream.resume");
	}
	update(e) {
		this.#t = e;
	}
	tell(e) {
		let t = {
			state: e,
			timestamp: Date.now()
		};
		this.emit("state", t), this.emit("stream-state-changed", t);
	}
	get isWatched() {
		return this.listenerCount("state") + this.listenerCount("stream-state-changed") > 0;
	}
}, _r = {
	"stream-enabled": !0,
	"stream-disabled": !0,
	"media-status-changed": !0,
	"video-quality-changed": !0,
	"stream-paused": !0,
	"stream-resumed": !0
}, j = [
	"low",
	"med",
	"high"
], vr = {
	low: "LOW",
	med: "MEDIUM",
	high: "HIGH"
}, yr = 16384, br = {
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
}, M = class extends w {
	local;
	streams;
	#e;
	#t = /* @__PURE__ */ new Map();
	#n = /* @__PURE__ */ new Map();
	#r = /* @__PURE__ */ new Map();
	#i = /* @__PURE__ */ new Map();
	#a;
	#o = /* @__PURE__ */ new Map();
	#s = /* @__PURE__ */ new Map();
	#c = /* @__PURE__ */ new Map();
	#l;
	#u;
	#d = /* @__PURE__ */ new Map();
	#f;
	#p;
	#m = {
		cam: !1,
		share: !1
	};
	constructor(e, t, n) {
		super("participant", _r), this.#l = e.id, this.#u = e.displayName, this.#f = e.mode, this.#p = e.metaData, this.local = t, this.#e = n, this.streams = this.#t;
	}
	get id() {
		return this.#l;
	}
	get displayName() {
		return this.#u;
	}
	get mode() {
		return this.#f;
	}
	get metaData() {
		return this.#p;
	}
	get pinState() {
		return this.#m;
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
	get quality() {
		return this.#s.get("video")?.quality;
	}
	get screenShareQuality() {
		return this.#s.get("share")?.quality;
	}
	stream(e) {
		return [...this.#t.values()].find((t) => t.kind === e);
	}
	enableMic() {
		return this.#w("audio", !0, "participant.enableMic");
	}
	disableMic() {
		return this.#w("audio", !1, "participant.disableMic");
	}
	enableWebcam() {
		return this.#w("video", !0, "participant.enableWebcam");
	}
	disableWebcam() {
		return this.#w("video", !1, "participant.disableWebcam");
	}
	remove() {
		return this.#C("participant.remove", "removeParticipant", {});
	}
	pin(e = "SHARE_AND_CAM") {
		return this.#T("participant.pin", e, !0);
	}
	unpin(e = "SHARE_AND_CAM") {
		return this.#T("participant.unpin", e, !1);
	}
	consumeMicStreams() {
		return this.#b("audio", !0, "participant.consumeMicStreams");
	}
	consumeWebcamStreams() {
		return this.#b("video", !0, "participant.consumeWebcamStreams");
	}
	stopConsumingMicStreams() {
		return this.#b("audio", !1, "participant.stopConsumingMicStreams");
	}
	stopConsumingWebcamStreams() {
		return this.#b("video", !1, "participant.stopConsumingWebcamStreams");
	}
	captureImage(e = {}) {
		let t = "participant.captureImage";
		return this.#e.call(t, async () => {
			let n = this.stream("video")?.track;
			if (n) return cr(n, e);
			throw new g(f.invalidParameterCameraOff({
				method: t,
				participantId: this.id,
				name: this.displayName
			}, this.#e.where()));
		});
	}
	setQuality(e) {
		return this.#h("participant.setQuality", "video", e);
	}
	setScreenShareQuality(e) {
		return this.#h("participant.setScreenShareQuality", "share", e);
	}
	setViewPort(e, t, n = "video") {
		let r = "participant.setViewPort";
		return this.#e.call(r, async () => {
			let i = this.#e.where();
			if (this.local) throw new g(f.actionNotSupportedOwnStream({
				method: r,
				kind: n
			}, i));
			if (n !== "video" && n !== "share") {
				let e = {
					method: r,
					parameter: "kind",
					got: String(n),
					allowed: ["video", "share"]
				};
				throw new g(f.invalidParameterNotAllowed(e, i));
			}
			for (let [n, a] of Object.entries({
				width: e,
				height: t
			})) {
				if (typeof a == "number" && a >= 1 && a <= yr) continue;
				let e = `a number from 1 to ${yr}`;
				throw new g(f.invalidParameterOutOfRange({
					method: r,
					parameter: n,
					got: String(a),
					want: e
				}, i));
			}
			let a = {
				width: Math.round(e),
				height: Math.round(t)
			};
			await this.#e.preferences.set(this.id, n, a, "quality");
		});
	}
	getVideoStats() {
		return this.#E("video");
	}
	getAudioStats() {
		return this.#E("audio");
	}
	getShareStats() {
		return this.#E("share");
	}
	getShareAudioStats() {
		return this.#E("shareAudio");
	}
	async getTransportStats() {
		let e = await this.#e.transportStats(this.local), t = e && dr(e, this.#a);
		return this.#a = t?.sample, t?.stats;
	}
	#h(e, t, n) {
		return this.#e.call(e, async () => {
			if (!j.includes(n)) {
				let t = {
					method: e,
					parameter: "quality",
					got: String(n),
					allowed: [...j]
				};
				throw new g(f.invalidParameterNotAllowed(t, this.#e.where()));
			}
			this.#g(e, t), await this.#e.preferences.set(this.id, t, { quality: n }, "quality");
		});
	}
	#g(e, t) {
		let n = this.#e.where();
		if (this.local) throw new g(f.actionNotSupportedOwnStream({
			method: e,
			kind: t
		}, n));
		if (!this.stream(t)) throw new g(f.actionNotSupportedNotReceived({
			method: e,
			participantId: this.id,
			kind: t
		}, n));
	}
	#_(e, t, n) {
		return this.#e.call(n, async () => {
			if (this.#g(n, e), this.#e.preferences.isPaused(this.id, e) === t) {
				let e = {
					method: n,
					state: t ? "paused" : "active"
				};
				throw new g(f.alreadyInRequestedStateAlready(e, this.#e.where()));
			}
			let r = t ? "pause" : "resume";
			await this.#e.preferences.set(this.id, e, { paused: t }, r);
		});
	}
	#v(e) {
		return this.#e.preferences.isPaused(this.id, e) || this.#c.has(e);
	}
	forwarded(e) {
		let { kind: t, quality: n } = e, r = this.#s.get(t)?.quality ?? this.#o.get(t);
		this.#s.set(t, e), n && this.#o.set(t, n);
		let i = this.#c.get(t);
		if (e.state === "paused") {
			let n = this.#y(e);
			this.#c.set(t, n), n !== i && this.emit("stream-paused", {
				kind: t,
				reason: n
			});
		} else this.#c.delete(t), i && this.emit("stream-resumed", {
			kind: t,
			reason: i
		}), n && n !== r && this.emit("video-quality-changed", {
			currentQuality: vr[n],
			prevQuality: r && vr[r],
			kind: t
		});
	}
	#y({ kind: e, reason: t = "requested" }) {
		let { preferences: n } = this.#e;
		return t !== "requested" || n.isPaused(this.id, e) ? t : n.of(this.id, e).shown === "hidden" ? "visibility" : t;
	}
	*watched() {
		for (let e of this.#t.values()) {
			let { kind: t, isWatched: n, paused: r } = e;
			this.local || !n || t !== "video" && t !== "share" || (yield {
				key: e,
				kind: t,
				paused: r,
				stats: () => this.#r.get(t)?.receiver?.getStats(),
				tell: (t) => e.tell(t)
			});
		}
	}
	isAnnounced(e) {
		return this.#n.has(e);
	}
	#b(e, t, n) {
		return this.#e.call(n, async () => {
			if (this.local) throw new g(f.invalidParameterOwnStream({ method: n }, this.#e.where()));
			await this.#e.request("consume", {
				participantId: this.id,
				kind: e,
				enabled: t
			}), this.#d.set(e, t);
		});
	}
	async restore() {
		for (let [e, t] of this.#d) await this.#e.request("consume", {
			participantId: this.id,
			kind: e,
			enabled: t
		});
	}
	become({ id: e, displayName: t, mode: n, metaData: r }) {
		this.#l = e, this.#u = t, this.#f = n, this.#p = r;
	}
	reset() {
		for (let e of [
			this.#t,
			this.#n,
			this.#r,
			this.#i,
			this.#s,
			this.#c
		]) e.clear();
	}
	setMode(e) {
		this.#f = e;
	}
	setPinState(e) {
		this.#m = e;
	}
	announce(e, t) {
		let n = this.#n.get(e), r = n !== void 0;
		t ? this.#n.set(e, t) : this.#n.delete(e), n?.id !== t?.id && (this.#s.delete(e), this.#c.delete(e), this.#o.delete(e)), t && !r && !this.local && this.#e.preferences.changed(), r !== !!t && this.emit("media-status-changed", {
			kind: e,
			newStatus: !!t
		}), this.#x(e);
	}
	receive(e, t) {
		t ? this.#r.set(e, t) : this.#r.delete(e), this.#x(e);
	}
	#x(e) {
		let t = this.#n.get(e), n = this.#r.get(e), r = this.stream(e);
		if (t && n) {
			if (r?.track === n.track) return;
			let i = r ?? new gr(t, n.track, this.#S(e));
			i.update(n.track), this.#t.set(i.id, i), this.emit("stream-enabled", i);
		} else if (r) {
			this.#t.delete(r.id);
			for (let t of this.#i.keys()) t.startsWith(`${e} `) && this.#i.delete(t);
			this.emit("stream-disabled", r), this.local || e !== "video" && e !== "share" || r.tell("ended");
		}
	}
	#S(e) {
		return {
			pause: (t, n) => this.#_(e, t, n),
			isPaused: () => this.#v(e),
			pauseReason: () => this.#c.get(e)
		};
	}
	#C(e, t, n) {
		return this.#e.call(e, async () => void await this.#e.request(t, {
			participantId: this.id,
			...n
		}));
	}
	#w(e, t, n) {
		return this.local ? this.#e.own(e, t) : this.#C(n, "requestStream", {
			kind: e,
			enabled: t
		});
	}
	#T(e, t, n) {
		let r = br[t];
		if (!r) {
			let n = {
				method: e,
				parameter: "type",
				got: String(t),
				allowed: Object.keys(br)
			};
			return this.#e.call(e, () => Promise.reject(new g(f.invalidParameterNotAllowed(n, this.#e.where()))));
		}
		let { cam: i, share: a } = this.#m;
		return this.#C(e, "pin", { state: {
			cam: r.cam ? n : i,
			share: r.share ? n : a
		} });
	}
	async #E(e) {
		let t = await (this.local ? this.#e.ownStats(e) : this.#r.get(e)?.receiver?.getStats());
		if (!t) return [];
		let n = this.#s.get(e)?.quality, { quality: r } = this.#e.preferences.of(this.id, e);
		return ur(e, t, this.#i, {
			current: n && j.indexOf(n),
			preferred: r && j.indexOf(r)
		});
	}
}, xr = 500, Sr = 3, Cr = 32;
function wr() {
	return ["IntersectionObserver", "ResizeObserver"].filter((e) => !(e in globalThis));
}
var Tr = class {
	#e;
	#t = /* @__PURE__ */ new Map();
	#n;
	#r;
	#i;
	#a = () => this.#l(!1);
	#o = /* @__PURE__ */ new Map();
	#s = /* @__PURE__ */ new Map();
	#c = !1;
	constructor(e) {
		this.#e = e, this.#n = new IntersectionObserver((e) => {
			for (let { target: t, isIntersecting: n } of e) this.#t.set(t, n);
			this.#a();
		}), this.#r = new ResizeObserver(this.#a), this.#i = setInterval(() => this.#l(!0), xr), document.addEventListener("visibilitychange", this.#a), this.#a();
	}
	close() {
		clearInterval(this.#i), this.#n.disconnect(), this.#r.disconnect(), document.removeEventListener("visibilitychange", this.#a);
		for (let { participantId: e, kind: t } of this.#s.values()) this.#e.show(e, t, void 0);
	}
	#l(e) {
		let t = this.#e.pictures(), n = this.#u(t);
		this.#c ||= n.size > 0;
		for (let e of this.#s.keys()) t.has(e) || (this.#s.delete(e), this.#o.delete(e));
		if (this.#c) for (let [r, i] of t) {
			let t = Er((n.get(r) ?? []).filter((e) => this.#d(e))), a = t ? 0 : (this.#o.get(r) ?? 0) + +!!e;
			this.#o.set(r, a), !t && a < Sr || (this.#s.set(r, i), this.#e.show(i.participantId, i.kind, t ?? "hidden"));
		}
	}
	#u(e) {
		let t = /* @__PURE__ */ new Map(), n = /* @__PURE__ */ new Set();
		for (let r of document.querySelectorAll("video")) {
			if (!(r.srcObject instanceof MediaStream)) continue;
			let i = r.srcObject.getVideoTracks().flatMap(({ id: t }) => e.has(t) ? [t] : []);
			if (i.length !== 0) {
				n.add(r);
				for (let e of i) t.set(e, [...t.get(e) ?? [], r]);
				this.#t.has(r) || (this.#t.set(r, !0), this.#n.observe(r), this.#r.observe(r));
			}
		}
		for (let e of this.#t.keys()) n.has(e) || (this.#t.delete(e), this.#n.unobserve(e), this.#r.unobserve(e));
		return t;
	}
	#d(e) {
		return document.pictureInPictureElement === e || document.visibilityState !== "hidden" && this.#t.get(e) === !0;
	}
};
function Er(e) {
	let t, n = globalThis.devicePixelRatio || 1;
	for (let r of e) {
		let { width: e, height: i } = r.getBoundingClientRect();
		if (e < 1 || i < 1) continue;
		let a = (e) => Math.min(16384, Math.ceil(e * n / Cr) * Cr), o = {
			width: a(e),
			height: a(i)
		};
		(!t || o.width * o.height > t.width * t.height) && (t = o);
	}
	return t;
}
// src/kinds.ts
var N = [
	"audio",
	"video",
	"share",
	"shareAudio"
], Dr = 500, Or = {
	video: 1500,
	share: 5e3
}, kr = class {
	#e;
	#t = /* @__PURE__ */ new WeakMap();
	#n;
	constructor(e) {
		this.#e = e, this.#n = setInterval(() => {
			for (let e of this.#e()) this.#r(e).catch(() => void 0);
		}, Dr);
	}
	close() {
		clearInterval(this.#n);
	}
	async #r(e) {
		let { packetsReceived: t = 0, framesDecoded: n = 0 } = [...(await e.stats())?.values() ?? []].find(({ type: e }) => e === "inbound-rtp") ?? {}, r = Date.now(), i = this.#t.get(e.key) ?? {
			packets: t,
			frames: n,
			packetAt: r,
			frameAt: r,
			state: void 0
		};
		this.#t.set(e.key, i);
		let a = n !== i.frames;
		(t !== i.packets || e.paused) && (i.packetAt = r), (a || e.paused) && (i.frameAt = r), i.packets = t, i.frames = n;
		let o = e.kind === "share" ? Or.share : Or.video, s = i.state === "stuck" || i.state === "frozen", c = i.state;
		a ? c = s ? "recovered" : c ?? "active" : c && r - i.packetAt >= o ? c = "stuck" : c && r - i.frameAt >= o && (c = "frozen"), c && c !== i.state && (i.state = c, e.tell(c));
	}
}, Ar = 100, jr = 1e3, Mr = 500, P = (e, t) => `${t} ${e}`, Nr = /* @__PURE__ */ new Set([
	En,
	Dn,
	On
]), Pr = class {
	#e;
	#t = /* @__PURE__ */ new Map();
	#n = /* @__PURE__ */ new Map();
	#r = /* @__PURE__ */ new Set();
	#i;
	#a = !1;
	constructor(e) {
		this.#e = e;
	}
	of(e, t) {
		return this.#t.get(P(e, t)) ?? {};
	}
	isPaused(e, t) {
		return this.of(e, t).paused ?? this.#r.has(t);
	}
	isKindPaused(e) {
		return this.#r.has(e);
	}
	hasPaused(e) {
		return [...this.#t].some(([t, { paused: n }]) => n === !0 && t.startsWith(`${e} `));
	}
	async set(e, t, n, r) {
		let i = P(e, t), a = this.#t.get(i);
		if (this.#t.set(i, {
			...a,
			...n
		}), this.#e.isOn(e, t)) try {
			await this.#p([[
				i,
				e,
				t
			]], r);
		} catch (e) {
			throw a ? this.#t.set(i, a) : this.#t.delete(i), e;
		}
	}
	show(e, t, n) {
		let r = P(e, t), i = { ...this.#t.get(r) };
		JSON.stringify(i.shown) !== JSON.stringify(n) && (n ? i.shown = n : delete i.shown, this.#t.set(r, i), this.changed());
	}
	async setKinds(e, t) {
		for (let n of e) {
			t ? this.#r.add(n) : this.#r.delete(n);
			for (let [e, t] of this.#t) e.startsWith(`${n} `) && delete t.paused;
		}
		await this.#s();
	}
	changed() {
		this.#o(Ar);
	}
	restore() {
		this.#n.clear(), this.changed();
	}
	forget(e) {
		for (let t of [...this.#t.keys(), ...this.#n.keys()]) t.slice(t.indexOf(" ") + 1) === e && (this.#t.delete(t), this.#n.delete(t));
	}
	close() {
		this.#a = !0, clearTimeout(this.#i);
	}
	#o(e) {
		this.#a || this.#i !== void 0 || (this.#i = setTimeout(() => {
			this.#i = void 0, this.#s().catch(() => this.#o(jr));
		}, e));
	}
	async #s() {
		for (;;) {
			let e = this.#c().filter(([e, t, n]) => this.#d(e, t, n));
			if (e.length === 0) return;
			try {
				await this.#p(e.slice(0, Mr));
			} catch (e) {
				if (e instanceof g && Nr.has(e.code)) return this.#o(jr);
				throw e;
			}
		}
	}
	#c() {
		return [...this.#l()].filter(([, e, t]) => this.#e.isOn(e, t));
	}
	*#l() {
		let e = /* @__PURE__ */ new Set([
			...this.#t.keys(),
			...this.#n.keys(),
			...this.#u()
		]);
		for (let t of e) {
			let e = t.indexOf(" ");
			yield [
				t,
				t.slice(e + 1),
				t.slice(0, e)
			];
		}
	}
	*#u() {
		for (let e of this.#r) for (let t of this.#e.participantIds()) yield P(t, e);
	}
	#d(e, t, n) {
		return (this.#n.get(e) ?? "{}") !== JSON.stringify(this.#f(t, n));
	}
	#f(e, t) {
		let { quality: n, width: r, height: i, shown: a } = this.of(e, t), o = a === void 0 || a === "hidden" ? r !== void 0 && i !== void 0 ? {
			width: r,
			height: i
		} : {} : a;
		return {
			...n && { quality: n },
			...o,
			...(this.isPaused(e, t) || a === "hidden") && { paused: !0 }
		};
	}
	async #p(e, t) {
		let n = e.map(([e, t, n]) => [
			e,
			{
				participantId: t,
				kind: n
			},
			this.#f(t, n)
		]), r = n.map(([e]) => [e, this.#n.get(e)]);
		for (let [e, , t] of n) this.#n.set(e, JSON.stringify(t));
		try {
			await this.#e.request("prefer", {
				streams: n.map(([, e, t]) => ({
					...e,
					...t
				})),
				...t && { change: t }
			});
		} catch (e) {
			for (let [e, t] of r) t === void 0 ? this.#n.delete(e) : this.#n.set(e, t);
			throw e;
		}
	}
}, Fr = /(?=^m=)/m;
function Ir(e, t) {
	let n = t?.split(Fr);
	return e.split(Fr).map((e, t) => {
		let r = n && (n[t] ?? "");
		return e.startsWith("m=audio") ? Lr(e, /^a=rtpmap:(\d+) opus\/.*\r\n/gim, "nack", r) : !e.startsWith("m=video") || !r ? e : Lr(e, /^a=rtcp-fb:(\d+) nack\r\n/gm, "rrtr", r);
	}).join("");
}
function Lr(e, t, n, r) {
	return r !== void 0 && !RegExp(`^a=rtcp-fb:\\d+ ${n}\\s*$`, "m").test(r) ? e : e.replace(t, (t, r) => {
		let i = `a=rtcp-fb:${r} ${n}\r\n`;
		return e.includes(i) ? t : t + i;
	});
}
async function Rr(e, t, n) {
	let r = t.sdp ?? "", i = Ir(r, n);
	if (i !== r && zr()) try {
		return await e.setLocalDescription({
			type: t.type,
			sdp: i
		}), i;
	} catch {}
	return await e.setLocalDescription(t), r;
}
var zr = () => !!RTCRtpSender.getCapabilities("audio")?.codecs.some(({ mimeType: e }) => e.toLowerCase() === "audio/red"), Br = [
	401,
	403,
	441
], F = /* @__PURE__ */ new WeakMap();
function Vr(e) {
	let t = new RTCPeerConnection({
		iceServers: [...e],
		bundlePolicy: "max-bundle"
	});
	return t.addEventListener("icecandidateerror", ({ url: e, errorCode: n, errorText: r }) => {
		Br.includes(n) && F.set(t, {
			server: e,
			status: n,
			problem: Wr(t, e) ?? (r || "without a reason")
		});
	}), t;
}
var Hr = (e) => F.get(e);
function Ur(e, t) {
	e && e.signalingState !== "closed" && (F.delete(e), e.setConfiguration({
		...e.getConfiguration(),
		iceServers: [...t]
	}));
}
function Wr(e, t) {
	let n = e.getConfiguration().iceServers?.find(({ urls: e }) => [e].flat().includes(t)), r = Number.parseInt(n?.username?.split(":")[0] ?? "", 10) * 1e3;
	return r <= Date.now() ? `they expired at ${new Date(r).toISOString()}` : void 0;
}
// src/observer.ts
var Gr = 1e3, Kr = class {
	#e;
	#t;
	#n = Date.now();
	#r;
	#i = [];
	#a = [];
	constructor(e, t) {
		this.#e = e, this.#t = t, this.#r = setInterval(() => void this.#o().catch(() => void 0), Gr);
	}
	close() {
		clearInterval(this.#r);
	}
	async why(e) {
		await this.#o().catch(() => void 0);
		let t = this.#t, n = Date.now() - this.#n, r = this.#i.find(({ answers: e }) => e > 0), i = Yr(this.#e);
		if (i && i.state !== "connected" && (r || Xr(this.#e) || Jr(this.#e.iceConnectionState))) {
			let a = {
				connection: t,
				pair: r?.ends ?? "a pair that is no longer known",
				problem: await Zr(this.#e, i, n),
				afterMs: n
			};
			return f.mediaConnectionLostDTLSFailed(a, e);
		}
		let a = this.#i.map(({ ends: e, checks: t, answers: n }) => `${e} (${t} checks, ${n} answers)`), o = Hr(this.#e);
		if (o) return f.mediaConnectionLostTurnAuthFailed({
			connection: t,
			...o,
			pairs: a,
			afterMs: n
		}, e);
		let s = Qr(this.#e), c = s.map(({ address: e }) => e), l = [...this.#a], u = [...new Set(s.map(({ transport: e, address: t, port: n, type: r }) => `${e} ${t}:${n} ${r}`))], { host: d, hostname: p } = $r(e.server);
		if (c.length > 0 && c.every(ti) && ri(p)) return f.mediaConnectionLostServerPrivateAddress({
			connection: t,
			remoteCandidates: u,
			signaling: d,
			pairs: a,
			afterMs: n
		}, e);
		let m = p === "localhost" ? "127.0.0.1" : p;
		return c.includes(m) ? f.mediaConnectionLostUDPBlocked({
			connection: t,
			address: m,
			localCandidates: l,
			remoteCandidates: u,
			pairs: a,
			afterMs: n
		}, e) : f.mediaConnectionLostNoPath({
			connection: t,
			localCandidates: l,
			remoteCandidates: u,
			pairs: a,
			afterMs: n
		}, e);
	}
	async #o() {
		let e = [...(await this.#e.getStats()).values()], t = new Map(e.filter(({ type: e }) => e.endsWith("-candidate")).map((e) => [e.id, e])), n = [...t.values()].filter(({ type: e }) => e === "local-candidate");
		n.length > 0 && (this.#a = [...new Set(n.map(({ protocol: e, candidateType: t }) => `${e} ${t}`))]);
		let r = e.filter((e) => e.type === "candidate-pair").map((e) => ({
			ends: `${t.get(e.localCandidateId)?.protocol ?? "udp"} ${qr(t.get(e.localCandidateId))} > ${qr(t.get(e.remoteCandidateId))}`,
			checks: e.requestsSent ?? 0,
			answers: e.responsesReceived ?? 0
		})).sort((e, t) => t.answers - e.answers || t.checks - e.checks);
		r.length > 0 && (this.#i = r);
	}
};
function qr(e) {
	return e?.address ? `${e.address}:${e.port ?? 0}` : `a ${e?.candidateType ?? "local"} address`;
}
var Jr = (e) => e === "connected" || e === "completed";
function Yr(e) {
	for (let { sender: t, receiver: n } of e.getTransceivers()) {
		let e = t.transport ?? n.transport;
		if (e) return e;
	}
}
var Xr = (e) => Yr(e)?.state === "failed";
async function Zr(e, t, n) {
	if (t.state !== "failed" && t.state !== "closed") return `it has not finished within ${n} ms, while STUN passes`;
	let [r] = t.getRemoteCertificates?.() ?? [], i = /^a=fingerprint:sha-256 (\S+)/im.exec(e.remoteDescription?.sdp ?? "")?.[1]?.toUpperCase();
	if (r && i && crypto.subtle) {
		let e = new Uint8Array(await crypto.subtle.digest("SHA-256", r));
		return Array.from(e, (e) => e.toString(16).padStart(2, "0").toUpperCase()).join(":") === i ? "the browser ended it with an alert, after it had the right certificate" : "the certificate of the other side does not have the fingerprint that its session description names";
	}
	return "the browser ended it without a reason: a certificate that lacks the fingerprint of the SDP, or a TLS alert";
}
function Qr(e) {
	let t = e.remoteDescription?.sdp.matchAll(/^a=candidate:\S+ \d+ (\w+) \d+ (\S+) (\d+) typ (\w+)/gm) ?? [];
	return Array.from(t, ([, e = "", t = "", n = "", r = ""]) => ({
		transport: e,
		address: t,
		port: n,
		type: r
	}));
}
function $r(e) {
	try {
		let { host: t, hostname: n } = new URL(e ?? "");
		return {
			host: t,
			hostname: n.replace(/^\[|\]$/g, "")
		};
	} catch {
		return {
			host: "",
			hostname: ""
		};
	}
}
var ei = /^(10\.|127\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:|::1$)/i, ti = (e) => ei.test(e), ni = /^[\d.]+$|:/;
function ri(e) {
	return ni.test(e) ? !ti(e) : e.includes(".") && !/\.(local|localhost|internal|lan|home\.arpa)$/i.test(e);
}
// src/silence.ts
var ii = 400, ai = 1e3, oi = class {
	#e;
	#t;
	#n;
	#r;
	#i;
	#a = Date.now();
	#o = !1;
	#s = !1;
	constructor(e, t, n) {
		this.#e = e, this.#t = t, this.#n = n, this.#r = setInterval(() => void this.#c().catch(() => void 0), ii);
	}
	close() {
		clearInterval(this.#r);
	}
	async #c() {
		let e = this.#e.connectionState === "connected", t = this.#i, n = e ? await si(this.#e) ?? t : void 0;
		this.#i = n, !n || !t || n.received !== t.received ? (this.#a = Date.now(), this.#s = !!n && !!t && n.sent > t.sent, n && t && this.#l(!1)) : this.#t(this.#s) ? Date.now() - this.#a >= ai && this.#l(!0) : this.#a = Date.now();
	}
	#l(e) {
		this.#o !== e && (this.#o = e, this.#n(e));
	}
};
async function si(e) {
	let t = e.getTransceivers().map(({ sender: e, receiver: t }) => e?.track ?? t?.track), n = await e.getStats(t.find((e) => e) ?? null);
	for (let e of n.values()) {
		let t = e;
		if (t.type !== "candidate-pair" || !t.nominated || t.state !== "succeeded") continue;
		let { bytesSent: n, bytesReceived: r, responsesReceived: i = 0 } = t;
		if (n !== void 0 && r !== void 0) return {
			sent: n,
			received: r + i
		};
	}
}
// src/path.ts
var ci = 12e3, li = 2500, ui = 1e3, di = 1e4, fi = 5e3, pi = 3, mi = class {
	#e;
	#t;
	#n;
	#r;
	#i = 0;
	#a = 0;
	#o = 0;
	#s;
	#c = !1;
	#l = !1;
	#u;
	#d = !1;
	#f = !1;
	#p;
	constructor(e, t) {
		this.#e = e, this.#t = t;
	}
	watch(e) {
		this.#n !== e && (this.close(), this.#n = e, this.#l = !1, this.#r = new Kr(e, this.#e), this.#u = new oi(e, (e) => this.#t.expects(e), (e) => this.#g(e)), globalThis.addEventListener?.("offline", this.#m), globalThis.addEventListener?.("online", this.#h), e.addEventListener("connectionstatechange", this.#v), this.#x(ci), e.connectionState !== "new" && this.#v());
	}
	close() {
		clearTimeout(this.#p), this.#r?.close(), this.#u?.close(), globalThis.removeEventListener?.("offline", this.#m), globalThis.removeEventListener?.("online", this.#h), this.#n?.removeEventListener("connectionstatechange", this.#v);
	}
	#m = () => {
		this.#d = !0;
	};
	#h = () => {
		this.#d && this.#_(), this.#d = !1;
	};
	#g(e) {
		e ? (this.#t.checkSignaling(), this.#_()) : this.#n?.connectionState === "connected" && (this.#o = 0);
	}
	#_() {
		(this.#i !== 0 || this.#o !== 0) && (this.#f = !0, this.#x(0));
	}
	retry() {
		this.#n?.connectionState !== "connected" && this.#o > 0 && this.#x(0);
	}
	#v = () => {
		switch (this.#n?.connectionState) {
			case "connected":
				clearTimeout(this.#p), this.#r?.close(), this.#i = Date.now(), this.#o = 0, this.#s && this.#t.cleared(this.#s.fault, Date.now() - this.#s.since), this.#s = void 0;
				break;
			case "disconnected":
				this.#y(), this.#x(li);
				break;
			case "failed": this.#y(), this.#x(this.#o === 0 ? 0 : this.#b());
		}
	};
	#y() {
		this.#i > 0 && (this.#a += Date.now() - this.#i), this.#i = 0;
	}
	#b() {
		return Math.min(di, ui * 2 ** this.#o);
	}
	#x(e) {
		clearTimeout(this.#p), this.#p = setTimeout(() => void this.#S(), e);
	}
	async #S() {
		let e = this.#n;
		if (!e) return;
		this.#l ||= Xr(e);
		let t = this.#f;
		e.connectionState === "connected" && !t || e.signalingState === "closed" && !this.#l || (this.#x(Math.max(this.#b(), fi)), this.#c ||= (this.#c = !0, this.#f = !1, e.connectionState !== "connected" && await this.#C(), this.#o++, await (this.#l ? this.#t.replace() : this.#t.restart()).catch(() => void 0), !1));
	}
	async #C() {
		let e = this.#a === 0;
		if (this.#s || !e && this.#o < pi) return;
		let t = this.#t.where(), n = {
			connection: this.#e,
			connectedForMs: this.#a,
			attempts: this.#o
		}, r = e && this.#r ? await this.#r.why(t) : f.mediaConnectionLostPathLost(n, t);
		this.#s = {
			fault: r,
			since: Date.now()
		}, this.#t.fault(r);
	}
}, hi = class {
	#e;
	#t;
	#n;
	#r = Promise.resolve();
	#i = 0;
	constructor(e) {
		this.#e = e;
	}
	offered(e) {
		this.#i = e.offerId, this.#r = this.#r.then(() => e.offerId === this.#i ? this.#u(e) : void 0);
	}
	stats() {
		return this.#t?.getStats();
	}
	retry() {
		this.#n?.retry();
	}
	renewServers() {
		Ur(this.#t, this.#e.relays());
	}
	close() {
		this.#i = -1, this.#n?.close(), this.#t?.close();
	}
	#a() {
		let e = Vr(this.#e.relays());
		return this.#t = e, e;
	}
	#o(e) {
		this.#n ??= new mi("subscribe", {
			fault: (e) => this.#e.fault(e),
			cleared: (e, t) => this.#e.cleared(e, t),
			where: () => this.#e.where(),
			checkSignaling: () => this.#e.checkSignaling(),
			expects: () => this.#e.expects(),
			restart: () => this.#c(),
			replace: () => (this.#s(), this.#c())
		}), this.#n.watch(e);
	}
	forget() {
		this.#n?.close(), this.#n = void 0, this.#i = 0, this.#s();
	}
	#s() {
		this.#t?.close(), this.#t = void 0, this.#e.received([]);
	}
	async #c() {
		await this.#e.request("restartSubscribe", {});
	}
	#l(e) {
		let t = this.#t?.remoteDescription?.sdp;
		return t !== void 0 && gi(t) !== gi(e) && this.#s(), this.#t ?? this.#a();
	}
	async #u(e) {
		let t = this.#l(e.sdp);
		try {
			await t.setRemoteDescription({
				type: "offer",
				sdp: this.#e.described(e.sdp)
			});
			let n = await Rr(t, await t.createAnswer(), e.sdp);
			this.#e.received(this.#d(t, e)), await this.#e.request("answer", {
				offerId: e.offerId,
				sdp: n
			}), this.#t === t && this.#o(t);
		} catch (e) {
			if (this.#i < 0 || this.#t !== t || e instanceof g && e.code === 3056) return;
			let n = {
				connection: "subscribe",
				problem: String(e)
			}, r = e instanceof g ? e.id : "";
			this.#e.fault(f.meetingMediaConnectionFailedNegotiationFailed(n, {
				...this.#e.where(),
				causeId: r
			}));
		}
	}
	#d(e, t) {
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
};
function gi(e) {
	return /^o=\S+ (\S+)/m.exec(e)?.[1] ?? "";
}
// src/receiving.ts
var _i = class {
	#e;
	#t;
	#n;
	#r;
	#i;
	#a = !1;
	constructor(e) {
		this.#e = e, this.#t = this.#s();
	}
	get preferences() {
		return this.#t;
	}
	connect(e) {
		this.#n = new hi({
			...e,
			received: (t) => {
				e.isOver() || this.#e.roster.receive(t);
			},
			expects: () => [...this.#e.roster.participants.values()].some((e) => N.some((t) => e.isAnnounced(t)))
		});
		let { participants: t } = this.#e.roster;
		this.#r = new kr(function* () {
			for (let e of t.values()) yield* e.watched();
		}), this.#a && this.#o();
	}
	close() {
		this.#i?.close(), this.#r?.close(), this.#t.close(), this.#n?.close();
	}
	reset() {
		this.#n = void 0, this.#t = this.#s();
	}
	offered(e) {
		this.#n?.offered(e);
	}
	stats() {
		return this.#n?.stats();
	}
	resumed() {
		this.#n?.retry(), this.#t.changed();
	}
	renewServers() {
		this.#n?.renewServers();
	}
	forget() {
		this.#n?.forget();
	}
	pauseAll(e, t, n) {
		let { calls: r, events: i } = this.#e;
		return r.run(e, async () => {
			if (t !== void 0 && !N.includes(t)) {
				let n = {
					method: e,
					parameter: "kind",
					got: String(t),
					allowed: [...N]
				};
				throw r.error(f.invalidParameterNotAllowed, n);
			}
			let a = t === void 0 ? N : [t], o = this.#t, s = { kind: t ?? "all" };
			if (n && a.every((e) => o.isKindPaused(e))) throw r.error(f.pauseAllStreamsFailedAlreadyPaused, s);
			if (!n && !a.some((e) => o.isKindPaused(e) || o.hasPaused(e))) throw r.error(f.resumeAllStreamsFailedNotPaused, s);
			await o.setKinds(a, n), i.emit(n ? "paused-all-streams" : "resumed-all-streams", s);
		}, { lane: "pauseAll" });
	}
	enableAdaptive(e) {
		let { calls: t } = this.#e;
		return t.run(e, async () => {
			if (this.#a) throw t.error((e, t) => f.adaptiveSubscriptionEnableFailedAlreadyEnabled(t), {});
			let e = wr();
			if (e.length > 0) throw t.error(f.adaptiveSubscriptionNotEnabledBySdkNoObserver, {
				missing: e,
				userAgent: navigator.userAgent
			});
			this.#a = !0, this.#o();
		});
	}
	disableAdaptive(e) {
		let { calls: t } = this.#e;
		return t.run(e, async () => {
			if (!this.#a) throw t.error((e, t) => f.adaptiveSubscriptionDisableFailedAlreadyDisabled(t), {});
			this.#a = !1, this.#i?.close(), this.#i = void 0;
		});
	}
	#o() {
		this.#i = new Tr({
			pictures: () => this.#e.roster.pictures(),
			show: (e, t, n) => this.#t.show(e, t, n)
		});
	}
	#s() {
		return new Pr({
			request: (e, t) => this.#e.request(e, t),
			isOn: (e, t) => this.#e.roster.participants.get(e)?.isAnnounced(t) ?? !1,
			participantIds: () => this.#e.roster.participants.keys()
		});
	}
}, vi = class {
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
	reset() {
		this.participants.clear(), this.pins.clear(), this.#e.local.setPinState({
			cam: !1,
			share: !1
		}), this.#t = this.#n = this.#r = null, this.#i = [];
	}
	enter(e) {
		this.#e.local.become(e.participant);
		for (let t of e.participants) this.#a(t);
		for (let { participantId: t, state: n } of e.pins) this.#l(t, n);
		this.#t = e.activeSpeakerId || null, this.#n = e.presenterId || null;
	}
	reenter(e) {
		let { events: t, local: n } = this.#e;
		n.become(e.participant);
		let r = new Map(e.participants.map((e) => [e.id, e]));
		for (let [e, t] of this.participants) {
			let n = r.get(e);
			if (!n) this.#s(e, {
				code: 1001,
				name: "WEBSOCKET_DISCONNECTED"
			});
			else for (let e of N) t.announce(e, n.streams.find((t) => t.kind === e));
		}
		for (let [e, t] of r) this.participants.has(e) || this.#o(t);
		let i = new Map(e.pins.map(({ participantId: e, state: t }) => [e, t]));
		for (let e of this.pins.keys()) i.has(e) || this.#l(e, {
			cam: !1,
			share: !1
		});
		for (let [e, t] of i) this.#l(e, t);
		this.#t !== (e.activeSpeakerId || null) && (this.#t = e.activeSpeakerId || null, t.emit("speaker-changed", this.#t)), this.#n !== (e.presenterId || null) && (this.#n = e.presenterId || null, t.emit("presenter-changed", this.#n)), this.#d();
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
			case "stream-disabled": {
				let { participantId: e, stream: n, by: r } = t, { local: i } = this.#e;
				return e === i.id ? r !== "" && this.#e.switchedOff(n.kind, i.isAnnounced(n.kind)) : this.participants.get(e)?.announce(n.kind, void 0), !0;
			}
			case "stream-state": return this.participants.get(t.participantId)?.forwarded(t), !0;
			case "speaker-changed": return this.#t = t.participantId || null, n.emit("speaker-changed", this.#t), this.#d(), !0;
			case "presenter-changed": return this.#n = t.participantId || null, n.emit("presenter-changed", this.#n), this.#d(), !0;
			case "pin-state-changed": return this.#l(t.participantId, t.state), n.emit("pin-state-changed", {
				...t,
				peerId: t.participantId
			}), !0;
			default: return !1;
		}
	}
	pictures() {
		let e = this.#i.filter(({ kind: e }) => e === "video" || e === "share");
		return new Map(e.map(({ participantId: e, kind: t, track: n }) => [n.id, {
			participantId: e,
			kind: t
		}]));
	}
	receive(e) {
		let t = this.#i;
		this.#i = e;
		for (let { participantId: n, kind: r } of t) e.some((e) => e.participantId === n && e.kind === r) || this.participants.get(n)?.receive(r, void 0);
		for (let { participantId: t, kind: n, ...r } of e) this.participants.get(t)?.receive(n, r);
	}
	#a(e) {
		let t = new M(e, !1, this.#e.host);
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
		n && (this.participants.delete(e), this.#e.host.preferences.forget(e), this.pins.delete(e), this.#e.events.emit("participant-left", n, t), this.#d());
	}
	#c(e, t) {
		let n = this.#u(e);
		if (n?.setMode(t), n?.local && t !== "SEND_AND_RECV") for (let e of N) this.#e.switchedOff(e);
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
}, yi = class extends Error {
	name = "WireError";
}, I = (e, t, n) => {
	throw new yi(`${e} is ${n === null ? "null" : Array.isArray(n) ? "an array" : typeof n}, not ${t}`);
}, L = (e, t) => typeof e == "string" ? e : I(t, "a string", e), R = (e, t) => typeof e == "number" ? e : I(t, "a number", e), z = (e, t) => typeof e == "boolean" ? e : I(t, "a boolean", e), bi = (e) => typeof e == "object" && !!e && !Array.isArray(e), B = (e, t) => bi(e) ? e : I(t, "an object", e), V = (e) => (t, n) => t == null ? void 0 : e(t, n), H = (e, t) => (n, r) => n == null ? t : e(n, r), U = (e) => (t, n) => t == null ? [] : Array.isArray(t) ? t.map((t, r) => e(t, `${n}[${r}]`)) : I(n, "an array", t), W = (...e) => (t, n) => e.find((e) => e === t) ?? I(n, e.join(" or "), t), G = (e) => (t, n) => {
	if (!bi(t)) return I(n, "an object", t);
	let r = {};
	for (let [i, a] of Object.entries(e)) r[i] = a(t[i], `${n}.${i}`);
	return r;
}, K = W("audio", "video", "share", "shareAudio"), xi = W("SEND_AND_RECV", "RECV_ONLY", "SIGNALLING_ONLY"), Si = G({
	code: R,
	name: L
}), Ci = G({
	cam: z,
	share: z
}), wi = G({
	code: R,
	name: L,
	message: L,
	reason: L,
	detail: L,
	remedy: L,
	param: V(L),
	details: V(B),
	fatal: z,
	retryable: z,
	retryAfterMs: H(R, 0),
	id: L,
	causeId: H(L, ""),
	at: L,
	docs: H(L, ""),
	meetingId: H(L, ""),
	sessionId: H(L, ""),
	participantId: H(L, "")
}), q = (e, t) => {
	let { param: n, details: r, ...i } = wi(e, t);
	return {
		...i,
		...n !== void 0 && { param: n },
		...r && { details: r }
	};
}, J = G({
	id: L,
	kind: K,
	codec: L
}), Ti = G({
	id: L,
	displayName: L,
	mode: xi,
	metaData: V(B),
	streams: U(J),
	joinedAt: L
}), Ei = G({
	participantId: L,
	state: Ci,
	pinnedBy: L
}), Di = G({
	participantId: L,
	name: L,
	metaData: V(B)
}), Oi = G({ status: W("", "RECORDING_STARTING", "RECORDING_STARTED", "RECORDING_STOPPING", "RECORDING_STOPPED") }), ki = G({ status: W("", "LIVESTREAM_STARTING", "LIVESTREAM_STARTED", "LIVESTREAM_STOPPING", "LIVESTREAM_STOPPED") }), Ai = G({
	status: W("", "HLS_STARTING", "HLS_STARTED", "HLS_PLAYABLE", "HLS_STOPPING", "HLS_STOPPED"),
	playbackHlsUrl: H(L, ""),
	livestreamUrl: H(L, ""),
	downstreamUrl: H(L, "")
}), ji = U(G({
	urls: U(L),
	username: V(L),
	credential: V(L)
})), Mi = G({
	participant: Ti,
	participants: U(Ti),
	permissions: U(L),
	activeSpeakerId: H(L, ""),
	presenterId: H(L, ""),
	pins: U(Ei),
	entries: U(Di),
	startedAt: L,
	serverTime: L,
	egress: G({
		recording: Oi,
		livestream: ki,
		hls: Ai
	}),
	iceServers: ji
}), Ni = G({
	state: W("joined", "waiting"),
	meetingId: L,
	sessionId: L,
	participantId: L,
	secret: L,
	resumeWindowMs: R,
	pingIntervalMs: R,
	welcome: V(Mi)
}), Pi = G({
	seq: R,
	secret: L
}), Fi = G({
	sdp: L,
	streams: U(J)
}), Ii = G({
	id: L,
	topic: L,
	message: L,
	senderId: L,
	senderName: L,
	timestamp: L,
	payload: V(B)
}), Li = G({
	id: L,
	timestamp: L
}), Ri = G({ messages: U(Ii) }), zi = G({
	offerId: R,
	sdp: L,
	streams: U(G({
		mid: L,
		participantId: L,
		kind: K,
		streamId: L
	}))
}), Bi = W("low", "med", "high"), Vi = G({
	participantId: L,
	kind: K,
	streamId: L,
	state: W("active", "paused"),
	reason: V(W("bandwidth", "requested")),
	quality: V(Bi),
	width: H(R, 0),
	height: H(R, 0)
}), Y = G({ participantId: L }), Hi = {
	"meeting-joined": G({ welcome: Mi }),
	"meeting-left": G({
		reason: Si,
		fault: V(q)
	}),
	"participant-joined": G({ participant: Ti }),
	"participant-left": G({
		participantId: L,
		reason: Si
	}),
	"participant-mode-changed": G({
		participantId: L,
		mode: xi
	}),
	"stream-enabled": G({
		participantId: L,
		stream: J
	}),
	"stream-disabled": G({
		participantId: L,
		stream: J,
		by: H(L, "")
	}),
	"speaker-changed": Y,
	"presenter-changed": Y,
	"entry-requested": Di,
	"entry-responded": G({
		participantId: L,
		decision: W("allowed", "denied"),
		by: L
	}),
	"entry-withdrawn": Y,
	"entry-pending": G({
		waitedMs: R,
		hosts: R
	}),
	"mic-requested": Y,
	"webcam-requested": Y,
	"pin-state-changed": Ei,
	"pubsub-message": Ii,
	"subscribe-offer": zi,
	"ice-servers-changed": G({ iceServers: ji }),
	"stream-state": Vi,
	encodings: G({
		kind: K,
		active: U(G({
			rid: L,
			active: z
		}))
	}),
	"quality-limitation": G({
		type: W("bandwidth", "congestion"),
		state: W("detected", "resolved"),
		timestamp: L
	}),
	"recording-state-changed": Oi,
	"livestream-state-changed": ki,
	"hls-state-changed": Ai,
	error: G({ fault: q })
};
function Ui(e, t) {
	if (Object.hasOwn(Hi, e)) return {
		name: e,
		data: Hi[e](t, e)
	};
}
var Wi = G({
	seq: R,
	name: L
}), Gi = G({ data: q });
function Ki(e) {
	let t = B(JSON.parse(e), "frame");
	if (t.method !== void 0) {
		let e = B(t.params, "params");
		return {
			type: "event",
			...Wi(e, "params"),
			data: e.data
		};
	}
	return t.error === void 0 ? {
		type: "result",
		id: R(t.id, "id"),
		result: t.result
	} : {
		type: "refusal",
		id: V(R)(t.id, "id"),
		fault: Gi(t.error, "error").data
	};
}
// src/pubsub.ts
var qi = class {
	#e;
	#t = /* @__PURE__ */ new Map();
	constructor(e) {
		this.#e = e;
	}
	reset() {
		this.#t.clear();
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
			Li(await this.#e.request("pubsub.publish", o), "pubsub.publish");
		});
	}
	subscribe(e, t, n = {}) {
		return this.#r("pubSub.subscribe", { topic: e }, async () => {
			Ge("pubSub.subscribe", typeof t == "object" && t ? t.onMessageReceived : t, this.#e.where()), this.#t.set(e, [...this.#t.get(e) ?? [], t]);
			try {
				let { messages: r } = Ri(await this.#e.request("pubsub.subscribe", {
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
			T(e);
		}
	}
	async restore() {
		for (let e of this.#t.keys()) await this.#e.request("pubsub.subscribe", {
			topic: e,
			oldMessageLimit: 0
		});
	}
	#n(e, t) {
		let n = this.#t.get(e) ?? [], r = t ? n.indexOf(t) : -1, i = t ? n.filter((e, t) => t !== r) : [];
		i.length > 0 ? this.#t.set(e, i) : this.#t.delete(e);
	}
	#r(e, t, n) {
		return this.#e.call(e, async () => {
			for (let [n, r] of Object.entries(t)) {
				if (typeof r == "string") continue;
				let t = {
					method: e,
					parameter: n,
					got: typeof r,
					want: "a string"
				};
				throw new g(f.invalidParameterWrongType(t, this.#e.where()));
			}
			return n();
		});
	}
}, Ji = 2e3, Yi = 3, Xi = class {
	#e;
	#t;
	#n;
	#r;
	#i = 0;
	constructor(e) {
		this.#e = e, this.#t = setInterval(() => void this.#a().catch(() => void 0), Ji);
	}
	close() {
		clearInterval(this.#t);
	}
	async #a() {
		let e = await this.#e.reason() ?? "none";
		if (this.#i = e === this.#r ? this.#i + 1 : 1, this.#r = e, this.#i < Yi) return;
		let t = e === "bandwidth" || e === "cpu" ? e : void 0;
		t !== this.#n && (this.#n && this.#e.changed(this.#n, "resolved"), this.#n = t, t && this.#e.changed(t, "detected"));
	}
}, X = {
	tick: 1e3,
	silent: 8e3,
	muted: 5e3,
	unheard: 8e3
}, Zi = {
	audio: {
		silent: f.startingAudioNoMediaSent,
		ended: f.startingAudioTrackEnded
	},
	video: {
		silent: f.startingVideoNoMediaSent,
		ended: f.startingVideoTrackEnded
	},
	share: {
		silent: f.startingScreenshareNoMediaSent,
		ended: f.startingScreenshareTrackEnded
	},
	shareAudio: {
		silent: f.startingScreenshareNoMediaSent,
		ended: f.startingScreenshareTrackEnded
	}
}, Qi = class {
	#e;
	#t = /* @__PURE__ */ new Map();
	#n;
	#r = 0;
	#i = !1;
	constructor(e) {
		this.#e = e;
	}
	start(e, t, n) {
		this.#a(e);
		let r = {
			track: t,
			device: !1,
			media: n?.media ?? 0,
			packets: n?.packets ?? 0,
			reportedAt: n?.reportedAt ?? 0,
			flowed: !1,
			silentMs: 0,
			frames: void 0,
			mutedMs: 0,
			unheardMs: 0,
			muted: void 0,
			silent: void 0,
			unheard: void 0
		};
		this.#t.set(e, r), ta(t).then((e) => r.device = e), this.#r = Date.now(), this.#n ??= setInterval(() => void this.#c(), X.tick);
	}
	stop(e) {
		this.#a(e), this.#t.size === 0 && this.close();
	}
	close() {
		for (let e of this.#t.keys()) this.#a(e);
		clearInterval(this.#n), this.#n = void 0;
	}
	isSilent(e) {
		let t = this.#t.get(e);
		return t?.silent !== void 0 || t?.muted !== void 0;
	}
	#a(e) {
		let t = this.#t.get(e);
		this.#t.delete(e), this.#s(t?.muted), this.#s(t?.silent), this.#s(t?.unheard);
	}
	#o(e) {
		return this.#e.fault(e), {
			fault: e,
			since: Date.now()
		};
	}
	#s(e) {
		e && this.#e.cleared(e.fault, Date.now() - e.since);
	}
	async #c() {
		if (this.#i) return;
		this.#i = !0;
		let e = Date.now(), t = Math.min(e - this.#r, 2 * X.tick);
		this.#r = e;
		try {
			for (let [e, n] of this.#t) await this.#l(e, n, t);
		} finally {
			this.#i = !1;
		}
	}
	async #l(e, t, n) {
		let { track: r } = t, i = await this.#e.sent(e).catch(() => void 0), a = () => this.#t.get(e) === t;
		if (!a()) return;
		let o = {
			kind: e,
			label: r.label,
			trackState: ea(r),
			packetsSent: i?.packets ?? 0
		};
		if (r.readyState === "ended") return this.#t.delete(e), this.#e.fault(Zi[e].ended(o, this.#e.where())), this.#e.ended(e, r);
		if (t.muted) return r.muted ? void 0 : this.#d(e, t);
		if (t.mutedMs = r.muted ? t.mutedMs + n : 0, t.mutedMs >= X.muted && !t.silent && $i(e) && t.device) {
			let n = e === "audio" ? f.startingAudioMutedBySystem : f.startingVideoMutedBySystem;
			return t.muted = this.#o(n({
				...o,
				forMs: t.mutedMs
			}, this.#e.where())), r.addEventListener("unmute", () => this.#d(e, t), { once: !0 }), this.#e.silent(e);
		}
		if (!i || !a()) return;
		if (this.#f(e, t, i, n), i.media !== t.media) {
			let n = i.media > t.media;
			return t.flowed ||= n, t.media = i.media, t.silentMs = 0, !n || !t.silent ? void 0 : (this.#s(t.silent), t.silent = void 0, this.#e.flows(e, r));
		}
		let s = e === "video" || e === "share";
		e === "shareAudio" || s && document.visibilityState === "hidden" || s && t.flowed && !(e === "video" && t.device && this.#u(t)) || (t.silentMs += n, t.silentMs < X.silent || t.silent || (t.silent = this.#o(Zi[e].silent({
			...o,
			forMs: t.silentMs
		}, this.#e.where())), this.#e.silent(e)));
	}
	#u(e) {
		let t = e.frames;
		e.frames = e.track.stats?.totalFrames;
		let n = t !== void 0 && t === e.frames;
		return n || (e.silentMs = 0), n;
	}
	#d(e, t) {
		t.muted && this.#t.get(e) === t && (this.#s(t.muted), t.muted = void 0, t.mutedMs = t.silentMs = t.unheardMs = 0, this.#e.flows(e, t.track));
	}
	#f(e, t, { packets: n, reportedAt: r }, i) {
		let a = n > t.packets;
		if (t.packets = n, r === t.reportedAt ? a && (t.unheardMs += i) : (t.reportedAt = r, t.unheardMs = 0, this.#s(t.unheard), t.unheard = void 0), t.unheardMs < X.unheard || [...this.#t.values()].some(({ unheard: e }) => e)) return;
		let o = {
			connection: "publish",
			kind: e,
			packetsSent: n,
			forMs: t.unheardMs
		};
		t.unheard = this.#o(f.mediaConnectionLostMediaNotArriving(o, this.#e.where()));
	}
}, $i = (e) => e === "audio" || e === "video";
function ea({ readyState: e, enabled: t, muted: n }) {
	return [
		e,
		...t ? [] : ["not enabled"],
		...n ? ["muted"] : []
	].join(", ");
}
async function ta(e) {
	let { deviceId: t = "" } = e.getSettings();
	return (await E(e.kind === "audio" ? "audioinput" : "videoinput").catch(() => [])).some((e) => e.deviceId === t);
}
// src/localmedia.ts
var na = {
	audio: "microphone",
	video: "camera"
}, ra = class {
	#e;
	#t;
	#n;
	#r = /* @__PURE__ */ new Map();
	#i = /* @__PURE__ */ new Map();
	#a;
	#o = !1;
	constructor(e, t, n) {
		this.#e = e, this.#n = t, this.#t = n, this.#a = new Qi({
			sent: (t) => e.sent(t),
			fault: (e) => n.fault(e),
			cleared: (e, t) => n.cleared(e, t),
			where: () => n.where(),
			silent: (e) => this.#f(e),
			flows: (e, t) => void this.#p(e, t).catch(() => void 0),
			ended: (e) => void this.stop(e).catch(() => void 0)
		});
	}
	selected(e) {
		return this.#i.get(e);
	}
	async start(e, t, n) {
		let r = this.#r.get(e), i = t !== void 0 || r?.readyState !== "live", a = t ? C(t, e, n, this.#t.where()) : i ? await this.#s(e) : r;
		a !== r && r?.stop(), await this.#c(e, a);
	}
	async startShare(e, t) {
		let n = e instanceof MediaStream ? e : e ? new MediaStream([e]) : await Be({}, this.#t.where()), r = C(n, "video", t, this.#t.where()), [i] = n.getAudioTracks();
		try {
			await this.#c("share", r), i && await this.#c("shareAudio", i);
		} catch (e) {
			await Promise.allSettled([this.stop("share"), this.stop("shareAudio")]);
			for (let e of n.getTracks()) e.stop();
			throw e;
		}
	}
	isSilent(e) {
		return this.#a.isSilent(e);
	}
	decided(e) {
		this.#a.isSilent(e) && this.stop(e, !1);
	}
	async stop(e, t = !0) {
		this.#a.stop(e), this.#m(e), this.#t.switched(e, void 0), await this.#e.disable(e, t);
	}
	async change(e, t, n, r) {
		if (typeof t == "string" && !n) {
			this.#h(e), this.#i.set(e, {
				deviceId: t,
				label: ""
			});
			return;
		}
		let i = typeof t == "string" ? void 0 : C(t, e, r, this.#t.where());
		e === "video" && !i && this.#h(e);
		let a;
		try {
			a = i ?? await this.#s(e, t);
		} catch (t) {
			throw this.#r.has(e) || await this.stop(e), t;
		}
		if (this.#h(e), this.#u(e, a), n) {
			let t = await this.#e.sent(e), n = await this.#e.replace(e, a, Le(a, e));
			this.#t.switched(e, {
				wire: n,
				track: a
			}), this.#o || this.#a.start(e, a, t);
		} else a.enabled = !1;
	}
	async setQuality(e, t) {
		let n = this.#t.where();
		if (this.#e.quality === e) throw new g(f.alreadyInRequestedStateAlready({
			method: t,
			state: e
		}, n));
		try {
			await this.#e.setQuality(e);
		} catch (t) {
			let { name: r, message: i } = t instanceof Error ? t : {
				name: "Error",
				message: String(t)
			}, a = {
				quality: e,
				domName: r,
				domMessage: i
			};
			throw new g(f.setWebcamQualityFailedEncoderRefused(a, n));
		}
	}
	close() {
		this.#o = !0, this.#a.close();
		for (let e of this.#r.keys()) this.#h(e);
	}
	async #s(e, t = this.#i.get(e)?.deviceId) {
		let n = this.#t.where();
		return C(e === "audio" ? await ze(t ? { microphoneId: t } : {}, n) : await Re({
			encoderConfig: this.#n,
			...t ? { cameraId: t } : {}
		}, n), e, "capture", n);
	}
	async #c(e, t) {
		if (this.#o) return t.stop();
		t.enabled = !0, this.#u(e, t);
		try {
			let n = await this.#e.sent(e), r = await this.#e.enable(e, t, Le(t, e));
			this.#t.switched(e, {
				wire: r,
				track: t
			}), this.#o || this.#a.start(e, t, n);
		} catch (t) {
			throw this.#h(e), this.#l(e, t);
		}
	}
	#l(e, t) {
		return !(t instanceof g) || t.code < 4e3 ? t : (this.#t.fault(t.toJSON()), new g(ve(e, t.id, this.#t.where())));
	}
	#u(e, t) {
		this.#r.set(e, t), t.onended = () => this.#d(e, t), (e === "audio" || e === "video") && this.#i.set(e, {
			deviceId: t.getSettings().deviceId ?? "",
			label: t.label
		});
	}
	#d(e, t) {
		if (this.#r.get(e) !== t) return;
		let n = t.enabled;
		if (this.#h(e), e === "audio" || e === "video") {
			if (this.#i.delete(e), !n) return;
			this.#t.fault(_e(na[e], t.label, this.#t.where()));
		}
		let r = e === "share" ? ["share", "shareAudio"] : [e];
		for (let e of r) this.stop(e).catch(() => void 0);
	}
	#f(e) {
		this.#t.switched(e, void 0), this.#e.pause(e).catch(() => void 0);
	}
	async #p(e, t) {
		let n = await this.#e.resume(e);
		this.#r.get(e) === t && !this.#o && this.#t.switched(e, {
			wire: n,
			track: t
		});
	}
	#m(e) {
		let t = this.#r.get(e);
		e === "audio" && t ? t.enabled = !1 : this.#h(e);
	}
	#h(e) {
		let t = this.#r.get(e);
		this.#r.delete(e), t && (t.onended = null, t.stop());
	}
}, ia = 1e3, aa = /* @__PURE__ */ new Set(), oa = class {
	#e;
	#t = /* @__PURE__ */ new Map();
	#n = /* @__PURE__ */ new Map();
	#r = /* @__PURE__ */ new Set();
	#i = /* @__PURE__ */ new Map();
	#a;
	#o = /* @__PURE__ */ new Map();
	#s = /* @__PURE__ */ new Set();
	#c = /* @__PURE__ */ new Map();
	#l = /* @__PURE__ */ new Map();
	#u = /* @__PURE__ */ new Set();
	#d = /* @__PURE__ */ new Map();
	#f = "high";
	#p;
	#m;
	#h;
	#g = Promise.resolve();
	constructor(e, t = {}) {
		this.#e = e, this.#a = t;
	}
	async enable(e, t, n) {
		return this.#S(async () => {
			let r = De(e, n, this.#a), i = this.#o.get(e);
			this.#p && i && !Oe(i, r) && (this.#o.set(e, r), await this.#y()), this.#o.set(e, r);
			let a = this.#p ?? await this.#T(), o = this.#C(e);
			await o.replaceTrack(t), this.#r.add(e);
			try {
				a.remoteDescription ? await this.#e.request("setStream", {
					kind: e,
					enabled: !0
				}) : await this.#A(a, !1);
			} catch (t) {
				throw this.#r.delete(e), await o.replaceTrack(null), t;
			}
			return this.#t.set(e, {
				track: t,
				encoding: n
			}), await this.#D(e), this.#O(e), this.#w(e);
		});
	}
	async setQuality(e) {
		await this.#S(async () => {
			let t = this.#f;
			this.#f = e;
			try {
				await this.#D("video", !0);
			} catch (e) {
				throw this.#f = t, e;
			}
		});
	}
	get quality() {
		return this.#f;
	}
	encodings(e, t) {
		this.#l.set(e, new Set(t.filter(({ active: e }) => !e).map(({ rid: e }) => e))), this.#S(() => this.#D(e));
	}
	#_(e) {
		let t = this.#l.get(e) ?? aa;
		if (this.#u.has(e)) return t;
		let n = this.#n.get(e)?.sender.getParameters().encodings[0]?.rid;
		return new Set([...t].filter((e) => e !== n));
	}
	async disable(e, t = !0) {
		this.#t.delete(e), this.#u.delete(e), this.#d.delete(e);
		let n = this.#n.get(e)?.sender.replaceTrack(null);
		await this.#S(async () => {
			await n;
			let r = this.#p;
			if (this.#r.delete(e) && t && r) try {
				await this.#e.request("setStream", {
					kind: e,
					enabled: !1
				});
			} catch (e) {
				if (this.#p === r) throw e;
			}
		});
	}
	async pause(e) {
		await this.#S(async () => {
			this.#r.delete(e) && await this.#e.request("setStream", {
				kind: e,
				enabled: !1
			});
		});
	}
	async resume(e) {
		return this.#S(async () => (this.#t.has(e) && !this.#r.has(e) && (await this.#e.request("setStream", {
			kind: e,
			enabled: !0
		}), this.#r.add(e)), this.#w(e)));
	}
	async replace(e, t, n) {
		return this.#S(async () => (await this.#C(e).replaceTrack(t), this.#t.set(e, {
			track: t,
			encoding: n
		}), await this.#D(e), this.#w(e)));
	}
	stats(e) {
		return this.#n.get(e)?.sender.getStats();
	}
	transportStats() {
		return this.#p?.getStats();
	}
	async sent(e) {
		let t = this.#n.get(e)?.sender;
		if (!t || this.#p?.connectionState !== "connected") return;
		let { encodings: n } = t.getParameters();
		if (this.#l.has(e) && n.every(({ active: e }) => !e)) return;
		let r = mr(await t.getStats()), i = this.#d.get(e);
		return i ? !this.#u.has(e) && r.media > i.media && r.reportedAt > i.reportedAt && (this.#u.add(e), this.#l.has(e) && this.#S(() => this.#D(e))) : this.#d.set(e, r), r;
	}
	retry() {
		this.#p || this.#t.size === 0 ? this.#m?.retry() : this.#S(() => this.#b());
	}
	forget() {
		this.#m?.close(), this.#m = void 0, this.#v();
	}
	#v() {
		this.#p?.close(), this.#p = void 0, this.#n.clear(), this.#i.clear(), this.#l.clear(), this.#u.clear(), this.#d.clear(), this.#s.clear();
	}
	async #y() {
		if (this.#t.size === 0) return this.forget();
		this.#v(), await this.#b();
	}
	async #b() {
		if (this.#p || this.#t.size === 0) return;
		let e = await this.#T();
		try {
			await this.#A(e, !1);
			for (let e of this.#t.keys()) await this.#D(e);
		} catch (t) {
			if (this.#p !== e || (this.forget(), !(t instanceof g))) return;
			if (u(t) || l(t) !== "end") return this.#x(t.retryAfterMs);
			this.#e.fault(t.toJSON());
			for (let e of this.#t.keys()) this.#e.dropped(e);
		}
	}
	#x(e) {
		clearTimeout(this.#h), this.#h = setTimeout(() => this.retry(), Math.max(e, ia));
	}
	renewServers() {
		Ur(this.#p, this.#e.relays());
	}
	close() {
		clearTimeout(this.#h), this.#m?.close(), this.#p?.close();
	}
	#S(e) {
		let t = this.#g.then(e);
		return this.#g = t.catch(() => void 0), t;
	}
	#C(e) {
		let t = this.#n.get(e);
		if (!t) throw this.#j(`there is no sender for ${e}`);
		return t.sender;
	}
	#w(e) {
		let t = this.#i.get(e);
		if (!t) throw this.#j(`the answer carries no ${e} stream`);
		return t;
	}
	async #T() {
		let e = Vr(this.#e.relays());
		for (let t of N) {
			let n = this.#o.get(t) ?? De(t, this.#t.get(t)?.encoding, this.#a);
			this.#o.set(t, n), this.#n.set(t, this.#E(e, t, n));
		}
		this.#p = e;
		for (let [e, { track: t }] of this.#t) await this.#n.get(e)?.sender.replaceTrack(t);
		return e;
	}
	#E(e, t, n) {
		let r = t === "audio" || t === "shareAudio" ? "audio" : "video", i = {
			direction: "sendonly",
			sendEncodings: ke(n)
		}, a;
		try {
			a = e.addTransceiver(r, i);
		} catch {
			a = e.addTransceiver(r, { direction: "sendonly" });
		}
		let o = n.codec ?? (t === "audio" ? "red" : void 0);
		if (o === void 0) return a;
		let s = Ae(o, RTCRtpSender.getCapabilities(r)?.codecs ?? []);
		return s && a.setCodecPreferences(s), a;
	}
	async #D(e, t = !1) {
		let n = this.#t.get(e), r = this.#n.get(e)?.sender;
		if (!n || !r) return;
		let { track: i, encoding: a } = n, o = r.getParameters();
		a.degradation && (o.degradationPreference = a.degradation);
		let { width: s, height: c } = i.getSettings();
		Pe(o, {
			kind: e,
			encoding: a,
			size: s && c ? {
				width: s,
				height: c
			} : void 0,
			quality: e === "video" ? this.#f : "high",
			idle: this.#_(e)
		});
		try {
			await r.setParameters(o);
		} catch (e) {
			if (t) throw e;
		}
	}
	#O(e) {
		let t = this.#o.get(e), n = this.#n.get(e)?.sender;
		if (!t || !n || this.#s.has(e)) return;
		this.#s.add(e);
		let r = this.#e.where(), { codec: i, encodings: a, lacking: o, scalabilityMode: s } = t, c = i === void 0 ? [] : RTCRtpSender.getCapabilities("video")?.codecs ?? [];
		if (i !== void 0 && !Ae(i, c)) {
			let t = c.map(({ mimeType: e }) => e.split("/")[1] ?? ""), n = [...new Set(t)].filter((e) => !/^(rtx|red|ulpfec|flexfec.*)$/i.test(e));
			return this.#e.fault(f.videoProduceCodecNotSupportedNotEncoded({
				kind: e,
				codec: i,
				encodes: n
			}, r));
		}
		let { encodings: l } = n.getParameters();
		if (s !== void 0 && i !== void 0) {
			if (!o && l[0]?.scalabilityMode === s) return;
			let t = o ?? s;
			return this.#e.fault(f.multistreamNotSupportedCodec({
				kind: e,
				codec: i,
				scalabilityMode: t
			}, r));
		}
		if (!t.insisted || l.length >= a) return;
		let u = this.#c.get(e) ?? 1;
		this.#e.fault(u < a ? f.multistreamNotSupportedBrowser({
			kind: e,
			layers: a,
			encodings: u
		}, r) : f.multistreamNotSupportedServer({
			kind: e,
			layers: a,
			taken: l.length
		}, r));
	}
	#k(e) {
		this.#m ??= new mi("publish", {
			fault: (e) => this.#e.fault(e),
			cleared: (e, t) => this.#e.cleared(e, t),
			where: () => this.#e.where(),
			checkSignaling: () => this.#e.checkSignaling(),
			expects: (e) => e && this.#t.size > 0,
			restart: () => this.#S(async () => this.#p && this.#A(this.#p, !0)),
			replace: () => this.#S(() => this.#y())
		}), this.#m.watch(e);
	}
	async #A(e, t) {
		let n;
		try {
			n = await Rr(e, await e.createOffer({ iceRestart: t }));
			for (let [t, { sender: n }] of this.#n) e.remoteDescription || this.#c.set(t, n.getParameters().encodings.length);
		} catch (e) {
			throw this.#j(String(e));
		}
		let r = [...this.#n].map(([e, { mid: t }]) => ({
			mid: t ?? "",
			kind: e,
			enabled: this.#r.has(e)
		}));
		try {
			let t = Fi(await this.#e.request("publish", {
				sdp: n,
				streams: r
			}), "publish");
			for (let e of t.streams) this.#i.set(e.kind, e);
			await e.setRemoteDescription({
				type: "answer",
				sdp: ca(this.#e.described(t.sdp))
			}), this.#p === e && this.#k(e);
		} catch (t) {
			throw e.signalingState === "have-local-offer" && await e.setLocalDescription({ type: "rollback" }), t instanceof g ? t : this.#j(String(t));
		}
	}
	#j(e) {
		let t = {
			connection: "publish",
			problem: e
		};
		return new g(f.meetingMediaConnectionFailedNegotiationFailed(t, this.#e.where()));
	}
}, sa = "x-google-start-bitrate=1000";
function ca(e) {
	let t = (e) => e.replace(/^a=rtpmap:(\d+) (?:VP8|VP9|H264|AV1)\/.*\r\n/gm, (t, n) => e.includes(`a=fmtp:${n} `) ? t : `${t}a=fmtp:${n} ${sa}\r\n`).replace(/^a=fmtp:\d+ (?!apt=|x-google)/gm, `$&${sa};`);
	return e.split(/(?=^m=)/m).map((e) => e.startsWith("m=video") ? t(e) : e).join("");
}
// src/sending.ts
var la = class {
	#e;
	#t;
	constructor(e) {
		this.#e = e;
	}
	connect(e) {
		let { events: t, local: n, options: r } = this.#e, i = new oa({
			...e,
			dropped: (e) => this.switchedOff(e)
		}, r), a = r.maxResolution === "sd" ? "h360p_w640p" : "h720p_w1280p", o = (t, r) => {
			e.isOver() || (r && n.receive(t, { track: r.track }), n.announce(t, r?.wire), r || n.receive(t, void 0));
		}, s = new ra(i, a, {
			...e,
			switched: o
		}), c = new Xi({
			reason: async () => {
				if (!n.webcamOn || t.listenerCount("quality-limitation") === 0) return;
				let e = await i.stats("video");
				return e && fr(e);
			},
			changed: (e, n) => t.emit("quality-limitation", {
				type: e,
				state: n,
				timestamp: Date.now(),
				direction: "send"
			})
		});
		this.#t = {
			connection: e,
			publisher: i,
			media: s,
			limitation: c
		};
	}
	close() {
		this.#t?.media.close(), this.#t?.limitation.close(), this.#t?.publisher.close();
	}
	reset() {
		this.#t = void 0;
	}
	selected(e) {
		return this.#t?.media.selected(e);
	}
	stats(e) {
		return this.#t?.publisher.stats(e);
	}
	transportStats() {
		return this.#t?.publisher.transportStats();
	}
	encodings(...e) {
		this.#t?.publisher.encodings(...e);
	}
	retry() {
		this.#t?.publisher.retry();
	}
	renewServers() {
		this.#t?.publisher.renewServers();
	}
	forget() {
		this.#t?.publisher.forget();
	}
	switchedOff(e, t = !0) {
		let n = this.#t?.media;
		n && (t || n.isSilent(e)) && n.stop(e, !t);
	}
	start(e, t, n) {
		let { calls: r, local: i, request: a } = this.#e;
		return r.run(e, async () => {
			let { connection: o, media: s } = this.#n();
			if (this.#r(t)) throw r.already(e, "on");
			if (i.mode !== "SEND_AND_RECV" && await a("setStream", {
				kind: t,
				enabled: !0
			}), await n(s), o.isOver()) throw r.error(f.operationAbortedLeft, { method: e });
		}, { lane: t });
	}
	stop(e, t, n) {
		let { calls: r } = this.#e;
		return r.run(e, async () => {
			let { media: i } = this.#n();
			if (i.decided(t), !this.#r(t)) throw r.already(e, "off");
			await Promise.all([i.stop(t), n && i.stop(n)]);
		}, {
			lane: t,
			whileAway: !0
		});
	}
	change(e, t, n) {
		return this.#e.calls.run(e, () => this.#n().media.change(t, n, this.#r(t), e), { lane: t });
	}
	setQuality(e, t) {
		let { calls: n } = this.#e;
		return n.run(e, async () => {
			if (!x.includes(t)) {
				let r = {
					method: e,
					parameter: "quality",
					got: String(t),
					allowed: [...x]
				};
				throw n.error(f.invalidParameterNotAllowed, r);
			}
			if (!this.#r("video")) throw n.error(f.webcamNotEnabledCameraOff, { method: e });
			await this.#n().media.setQuality(t, e);
		}, { lane: "video" });
	}
	#n() {
		return this.#t;
	}
	#r(e) {
		let { micOn: t, webcamOn: n, screenShareOn: r, screenShareAudioOn: i } = this.#e.local;
		return {
			audio: t,
			video: n,
			share: r,
			shareAudio: i
		}[e];
	}
}, ua = {
	1012: qn,
	1013: Kn
};
function da(e, t) {
	let r = ua[e] ?? e;
	if (r < 3e3 || r >= 6e3) return;
	let [i = "", a = "", o = ""] = t.split(" "), s = n[r];
	if (!(i === "" && e < 3e3)) return {
		code: r,
		name: i || s?.name || "",
		message: s?.message ?? "The server ended the connection.",
		reason: a,
		detail: `The server closed the connection with ${r} ${i} (${a}); the message with the values did not arrive.`,
		remedy: "Look up this code and reason in docs, or this id in the server's log or console.",
		fatal: !0,
		retryable: r >= 5e3,
		retryAfterMs: 0,
		id: o || oe(),
		causeId: "",
		at: (/* @__PURE__ */ new Date()).toISOString(),
		docs: `/errors/${r}#${a}`,
		meetingId: "",
		sessionId: "",
		participantId: ""
	};
}
// src/probe.ts
var fa = 3e3;
async function pa(e, t, n) {
	let r = AbortSignal.timeout(fa), i = e.signal, a = await ha(`${e.base}/v1/signal`, r);
	if (!a) return ma(e, t, n, r);
	let { status: o, redirectedTo: s } = a;
	if (s !== void 0) {
		let e = s.replace(/\/v1\/signal\/?$/, "");
		return f.signalingUnreachableRedirected({
			url: i,
			target: s,
			suggested: e
		}, t);
	}
	if (o === 426) return f.signalingUnreachableUpgradeStripped({
		url: i,
		status: o
	}, t);
	let c = ga(a.body);
	if (c && c.code !== 4108) return c;
	if (_a(o)) return f.signalingUnreachableGatewayDown({
		url: i,
		status: o,
		attempts: n
	}, t);
	if (o === 401 || o === 403 || o === 407) return f.signalingUnreachableForbidden({
		url: i,
		status: o
	}, t);
	let l = await va(e.base, r) ? void 0 : await ya(e.base, r);
	return l ? f.signalingUnreachableWrongPath({
		url: i,
		suggested: l
	}, t) : c ? f.signalingUnreachablePrefixKept({
		url: i,
		status: o,
		prefix: new URL(e.base).pathname
	}, t) : f.signalingUnreachableNotKlatch({
		url: i,
		status: o
	}, t);
}
async function ma(e, t, n, r) {
	let i = e.signal, a = await ya(e.base, r);
	if (a) return f.signalingUnreachableWrongPath({
		url: i,
		suggested: a
	}, t);
	try {
		await fetch(`${e.base}/v1/signal`, {
			mode: "no-cors",
			credentials: "omit",
			cache: "no-store",
			signal: r
		});
	} catch {
		return f.signalingUnreachableNoConnection({
			url: i,
			attempts: n
		}, t);
	}
	return f.signalingUnreachableAnswerHidden({
		url: `${e.base}/v1/signal`,
		page: location.origin,
		attempts: n
	}, t);
}
async function ha(e, t) {
	try {
		let n = await fetch(e, {
			credentials: "omit",
			cache: "no-store",
			signal: t
		}), r = n.redirected ? n.url.replace(/[?#].*/s, "") : void 0;
		return {
			status: n.status,
			redirectedTo: r,
			body: await n.json().catch(() => void 0)
		};
	} catch {
		return;
	}
}
function ga(e) {
	try {
		return q(e, "answer");
	} catch {
		return;
	}
}
var _a = (e) => e >= 502 && e <= 504 || e >= 520 && e <= 527 || e === 530;
async function va(e, t) {
	let n = (await ha(`${e}/healthz`, t))?.body;
	return typeof n == "object" && !!n && n.service === "klatch";
}
async function ya(e, t) {
	let n = new URL(e), r = [];
	for (let e = n.pathname.replace(/\/+$/, ""); e !== "";) e = e.slice(0, e.lastIndexOf("/")), r.push(n.origin + e);
	n.protocol === "http:" && r.push(...[e, ...r].map((e) => e.replace("http:", "https:")));
	let i = await Promise.all(r.map((e) => va(e, t)));
	return r.find((e, t) => i[t]);
}
var ba = class {
	#e = [];
	#t = (e) => {
		e.disposition === "enforce" && this.#e.push(e);
	};
	constructor() {
		globalThis.document?.addEventListener("securitypolicyviolation", this.#t);
	}
	blocked(e) {
		let { host: t, protocol: n } = new URL(e), r = this.#e.find(({ blockedURI: e }) => {
			let r = xa(e);
			return r?.host === t && r.protocol === n;
		});
		return r && {
			directive: r.effectiveDirective,
			page: location.origin
		};
	}
	close() {
		globalThis.document?.removeEventListener("securitypolicyviolation", this.#t);
	}
};
function xa(e) {
	try {
		return new URL(e);
	} catch {
		return;
	}
}
// src/signal.ts
var Sa = {
	connect: 4e3,
	answer: 15e3,
	pong: 8e3,
	check: 700,
	backoff: 300,
	backoffMax: 5e3,
	joinAttempts: 3,
	reach: 7500
}, Ca = 262144;
function wa() {
	return globalThis.navigator?.connection;
}
var Z = class extends Error {
	opened;
	constructor(e) {
		super("unreached"), this.opened = e;
	}
}, Ta = class {
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
	#u = () => ({});
	#d;
	#f = 0;
	#p;
	#m = !1;
	#h = !1;
	#g = !1;
	#_;
	#v;
	constructor(e, t, n, r = {}) {
		this.#e = e, this.#t = t, this.#r = n, this.#n = {
			...Sa,
			...r
		}, globalThis.addEventListener?.("online", this.#A), globalThis.addEventListener?.("offline", this.#k), wa()?.addEventListener("change", this.#O);
	}
	get awayMs() {
		return this.#a === "cut" ? Date.now() - this.#f : 0;
	}
	async join(e) {
		this.#a = "joining", this.#u = e;
		let t = Date.now(), n = new ba();
		try {
			for (let e = 1;; e++) try {
				let e = await this.#b();
				return this.#E(), e;
			} catch (r) {
				if (!(r instanceof Z) || this.#x()) throw r;
				let i = await this.#y(r, n, e);
				if (e >= this.#n.joinAttempts || Date.now() - t > this.#n.reach || this.#x() || c(i) === "end") throw new g(i);
				await this.#I(e);
			}
		} finally {
			n.close();
		}
	}
	async #y({ opened: e }, t, n) {
		if (e) return f.signalingUnreachableNoConnection({
			url: this.#e.signal,
			attempts: n
		}, this.#r());
		let r = await pa(this.#e, this.#r(), n), i = t.blocked(this.#e.signal);
		return i ? f.signalingUnreachableCSPBlocked({
			url: this.#e.signal,
			...i
		}, this.#r()) : r;
	}
	async #b() {
		let e = await this.#w("join", {
			protocol: 1,
			...this.#u()
		}, Ni);
		return this.#l = e, e;
	}
	request(e, t = {}, n = this.#n.answer) {
		return this.#x() ? Promise.reject(this.#S(e)) : this.#R(e, t, !0, n);
	}
	close() {
		if (this.#x()) return;
		this.#a = "closed", globalThis.removeEventListener?.("online", this.#A), globalThis.removeEventListener?.("offline", this.#k), wa()?.removeEventListener("change", this.#O), clearInterval(this.#p);
		let e = this.#o;
		this.#d !== void 0 && e?.readyState === WebSocket.OPEN && e.send(JSON.stringify({
			jsonrpc: "2.0",
			id: ++this.#s,
			method: "leave",
			params: {}
		})), this.#H(1e3), this.#_?.(), this.#v?.();
		for (let [e, { method: t }] of this.#i) this.#B(e)?.reject(this.#S(t));
	}
	#x() {
		return this.#a === "closed";
	}
	#S(e) {
		return new g(f.operationAbortedLeft({ method: e }, this.#r()));
	}
	#C(e) {
		this.#x() || (this.close(), this.#t.closed(e));
	}
	async #w(e, t, n) {
		let r = await this.#T(), i = new Promise((n, i) => {
			r.onclose = ({ code: e, reason: t }) => {
				let n = da(e, t);
				i(n ? new g(n) : new Z(!0));
			}, this.#d = this.#s + 1, this.#R(e, t, !1, this.#n.answer, r).then(n, i);
		});
		try {
			let t = n(await i, e);
			return r.onclose = ({ code: e, reason: t }) => this.#j(e, t), t;
		} catch (e) {
			throw this.#o === r && this.#H(1e3), e;
		} finally {
			this.#d = void 0;
		}
	}
	#T() {
		return new Promise((e, t) => {
			let n;
			try {
				n = new WebSocket(this.#e.signal);
			} catch {
				t(new Z(!1));
				return;
			}
			this.#o = n, this.#v = () => {
				clearTimeout(r), this.#H(1e3), t(new Z(!1));
			};
			let r = setTimeout(this.#v, this.#n.connect);
			n.onclose = this.#v, n.onopen = () => {
				clearTimeout(r), this.#v = void 0, e(n);
			}, n.onmessage = ({ data: e }) => {
				this.#o === n && this.#V(e);
			};
		});
	}
	#E() {
		this.#a = "open", clearInterval(this.#p), this.#p = setInterval(() => this.#D(), this.#l?.pingIntervalMs ?? 2e4);
	}
	#D(e = this.#n.pong) {
		let t = this.#o;
		return this.#R("ping", {}, !1, e).then(() => void 0, () => {
			this.#o === t && this.#a === "open" && this.#j(1006, "");
		});
	}
	check() {
		this.#a !== "open" || this.#m || (this.#m = !0, this.#g = !0, this.#D(this.#n.check).then(() => {
			this.#m = this.#g = !1;
		}));
	}
	#O = () => this.check();
	#k = () => {
		this.#h = !0;
	};
	#A = () => {
		let e = this.#h;
		this.#h = !1, e || this.check(), this.#g = e || this.#a === "cut", this.#a === "open" && e ? this.#j(1006, "") : this.#a === "cut" && e && this.#v?.(), this.#_?.();
	};
	#j(e, t) {
		if (this.#x()) return;
		this.#H(1e3);
		let n = da(e, t);
		if (n && l(n) === "end") return this.#C(n);
		this.#M(n && l(n) === "rejoin" ? n : void 0);
	}
	async #M(e) {
		this.#a = "cut", this.#f = Date.now();
		let t = this.#l?.resumeWindowMs ?? 0, n = this.#f + t;
		clearInterval(this.#p);
		for (let [e, t] of this.#i) clearTimeout(t.timer), t.resend || this.#B(e);
		this.#t.cut();
		let r = e;
		r && this.#N(r);
		let i = 0;
		for (let e = 1; !this.#x(); e++) {
			if (await this.#I(i++), this.#x()) return;
			try {
				r ? await this.#P() : await this.#F();
				return;
			} catch (e) {
				if (this.#x()) return;
				let a = e instanceof g ? e.toJSON() : void 0, o = a ? l(a) : "retry";
				if (a && !r && o === "rejoin" && Date.now() < n) {
					r = a, this.#N(a), n = Date.now() + t, i = 0;
					continue;
				}
				if (a && (o === "end" || o === "rejoin" && !r)) return this.#C({
					...a,
					causeId: a.causeId || (r?.id ?? "")
				});
				a && a.retryAfterMs > 0 && await this.#L(Math.min(a.retryAfterMs, n - Date.now()));
			}
			if (Date.now() > n) {
				let t = {
					attempts: e,
					forMs: this.awayMs
				};
				return this.#C(f.reconnectFailedGaveUp(t, {
					...this.#r(),
					causeId: r?.id ?? ""
				}));
			}
		}
	}
	#N(e) {
		for (let [e, { method: t, began: n }] of this.#i) {
			let r = {
				method: t,
				timeoutMs: Date.now() - n
			};
			this.#B(e)?.reject(new g(f.operationTimedOutNoAnswer(r, this.#r())));
		}
		this.#t.rejoining({
			...e,
			fatal: !1
		});
	}
	async #P() {
		this.#c = 0;
		let e = await this.#b();
		this.#x() || (this.#E(), this.#t.rejoined(e));
	}
	async #F() {
		let { sessionId: e = "", participantId: t = "", secret: n = "" } = this.#l ?? {}, r = {
			protocol: 1,
			sessionId: e,
			participantId: t,
			secret: n,
			lastSeq: this.#c
		}, i = await this.#w("resume", r, Pi);
		if (!this.#x()) {
			this.#l &&= {
				...this.#l,
				secret: i.secret
			}, this.#E();
			for (let [e, t] of [...this.#i].sort(([e], [t]) => e - t)) this.#z(e, t), this.#o?.send(t.frame);
			this.#t.resumed();
		}
	}
	async #I(e) {
		let { backoff: t, backoffMax: n } = this.#n, r = this.#g;
		this.#g = !1, r || await this.#L(Math.min(n, t * 2 ** e) * (.5 + Math.random() / 2));
	}
	async #L(e) {
		await new Promise((t) => {
			let n = setTimeout(t, e);
			this.#_ = () => {
				clearTimeout(n), t();
			};
		}), this.#_ = void 0;
	}
	#R(e, t, n, r, i = this.#a === "open" ? this.#o : void 0) {
		let a = ++this.#s, o;
		try {
			o = We(e, "params", {
				jsonrpc: "2.0",
				id: a,
				method: e,
				params: t
			}, this.#r());
		} catch (e) {
			return Promise.reject(e);
		}
		let s = o.length > Ca / 3 ? new TextEncoder().encode(o).length : 0;
		return s > Ca ? Promise.reject(new g(f.invalidParameterTooLarge({
			method: e,
			bytes: s,
			limit: Ca
		}, this.#r()))) : new Promise((t, s) => {
			let c = {
				method: e,
				began: Date.now(),
				frame: o,
				resend: n,
				timeoutMs: r,
				timer: void 0,
				resolve: t,
				reject: s
			};
			this.#i.set(a, c), i && (this.#z(a, c), i.send(o));
		});
	}
	#z(e, { method: t, timeoutMs: n }) {
		let r = this.#i.get(e);
		r && (r.timer = setTimeout(() => {
			this.#B(e)?.reject(new g(f.operationTimedOutNoAnswer({
				method: t,
				timeoutMs: n
			}, this.#r())));
		}, n));
	}
	#B(e) {
		let t = this.#i.get(e);
		return this.#i.delete(e), clearTimeout(t?.timer), t;
	}
	#V(e) {
		let t;
		try {
			let n = Ki(L(e, "frame"));
			if (n.type === "result") return this.#B(n.id)?.resolve(n.result);
			if (n.type === "refusal") {
				let e = n.id ?? this.#d, t = e === void 0 ? void 0 : this.#B(e);
				return t ? t.reject(new g(n.fault)) : this.#t.refused(n.fault);
			}
			if (n.seq <= this.#c) return;
			if (n.seq > this.#c + 1) return this.#j(1006, "");
			this.#c = n.seq, t = Ui(n.name, n.data);
			let r = t?.name === "meeting-left" ? t.data.fault : void 0;
			if (r && l(r) === "rejoin" && this.#a === "open") {
				this.#H(1e3), this.#M(r);
				return;
			}
		} catch (e) {
			T(e);
			return;
		}
		t && this.#t.event(t);
	}
	#H(e) {
		let t = this.#o;
		this.#o = void 0, t && (t.onclose = t.onmessage = t.onopen = null, t.close(e));
	}
}, Ea = "0.1.0";
// src/identity.ts
function Da(e, { meetingId: t, participantId: n }, r) {
	let i = {
		meetingId: t,
		server: r.replace(/[?#].*/s, "").replace(/\/+$/, "")
	};
	if (e === "") return f.invalidTokenEmpty(i);
	let a = Oa(e);
	if (a && !("apikey" in a)) return f.invalidAPIKeyKeyMissing({ claims: Object.keys(a).sort() }, i);
	if (a?.apikey === "") return f.invalidAPIKeyKeyEmpty(i);
	if (t === "") return f.invalidMeetingIDEmpty(i);
	let o = Array.from(n ?? "").findIndex((e) => /\s/u.test(e));
	if (o < 0) return;
	let s = Array.from(n ?? "")[o]?.codePointAt(0) ?? 0;
	return f.invalidParticipantIDWhitespace({
		index: o,
		codePoint: `U+${s.toString(16).toUpperCase().padStart(4, "0")}`
	}, i);
}
function Oa(e) {
	let [, t = "", n, ...r] = e.split(".");
	if (!(n === void 0 || r.length > 0)) try {
		let e = Uint8Array.from(atob(t.replace(/-/g, "+").replace(/_/g, "/")), (e) => e.charCodeAt(0)), n = JSON.parse(new TextDecoder().decode(e));
		return typeof n == "object" && n && !Array.isArray(n) ? n : void 0;
	} catch {
		return;
	}
}
// src/meeting.ts
var Q = {
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
}, ka = 2e3, Aa = {
	CONFERENCE: "SEND_AND_RECV",
	VIEWER: "SIGNALLING_ONLY"
}, ja = class extends w {
	localParticipant;
	participants;
	pinnedParticipants;
	pubSub;
	#e;
	#t;
	#n;
	#r;
	#i;
	#a;
	#o = "new";
	#s = 0;
	#c = 0;
	#l;
	#u = !1;
	#d = [];
	#f = "DISCONNECTED";
	#p = "";
	#m;
	#h = "";
	#g = "";
	#_ = [];
	#v;
	#y;
	#b;
	constructor(e) {
		super("meeting", sr);
		let { meetingId: t, participantId: n = "", name: r = "", mode: i = "SEND_AND_RECV", metaData: a } = e.options;
		this.#e = e, this.#m = t;
		let o = new rr({
			events: this,
			phase: () => this.#o,
			awayMs: () => this.#f === "RECONNECTING" ? this.#v?.awayMs ?? 0 : void 0,
			report: (e) => void this.#v?.request("report", { fault: e.toJSON() }).catch(() => void 0),
			where: () => this.#G()
		});
		this.#r = o;
		let s = (e, t, n) => this.#B(e, t, n), c = () => this.#a, l = {
			get preferences() {
				return c().preferences;
			},
			transportStats: (e) => e ? this.#i.transportStats() : this.#a.stats(),
			call: (e, t) => o.run(e, t),
			request: s,
			own: (e, t) => e === "audio" ? t ? this.unmuteMic() : this.muteMic() : t ? this.enableWebcam() : this.disableWebcam(),
			ownStats: (e) => this.#i.stats(e),
			where: () => this.#G()
		};
		this.localParticipant = new M({
			id: n,
			displayName: r,
			mode: Ma(i),
			metaData: a
		}, !0, l), this.#t = new vi({
			local: this.localParticipant,
			host: l,
			events: this,
			switchedOff: (e, t) => this.#i.switchedOff(e, t)
		}), this.#i = new la({
			calls: o,
			events: this,
			local: this.localParticipant,
			options: e.options,
			request: s
		}), this.#a = new _i({
			calls: o,
			events: this,
			roster: this.#t,
			request: s
		}), this.#n = new or({
			events: this,
			request: s,
			where: () => this.#G()
		}), this.participants = this.#t.participants, this.pinnedParticipants = this.#t.pins, this.pubSub = new qi(l);
	}
	get id() {
		return this.#m;
	}
	get sessionId() {
		return this.#h;
	}
	get startedAt() {
		return this.#g;
	}
	get state() {
		return this.#f;
	}
	get permissions() {
		return this.#_;
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
		return this.#i.selected("video");
	}
	get selectedMicrophoneDevice() {
		return this.#i.selected("audio");
	}
	join(e = {}) {
		return this.#r.handled(this.#x(e.signal));
	}
	leave() {
		return this.#r.handled(this.#E());
	}
	end() {
		return this.#V("end", async () => {
			try {
				await this.#B("end");
			} catch (e) {
				if (!this.#A()) throw e;
			}
		});
	}
	changeMode(e) {
		return this.#V("changeMode", async () => {
			if (Ma(e) === this.localParticipant.mode) throw this.#W("changeMode", this.localParticipant.mode);
			await this.#B("setMode", { mode: e });
		});
	}
	respondEntry(e, t) {
		return this.#V("respondEntry", async () => void await this.#B("respondEntry", {
			participantId: e,
			decision: t
		}));
	}
	unmuteMic(e) {
		return this.#i.start("unmuteMic", "audio", (t) => t.start("audio", e, "unmuteMic"));
	}
	muteMic() {
		return this.#i.stop("muteMic", "audio");
	}
	enableWebcam(e) {
		return this.#i.start("enableWebcam", "video", (t) => t.start("video", e, "enableWebcam"));
	}
	disableWebcam() {
		return this.#i.stop("disableWebcam", "video");
	}
	enableScreenShare(e) {
		return this.#i.start("enableScreenShare", "share", (t) => t.startShare(e, "enableScreenShare"));
	}
	disableScreenShare() {
		return this.#i.stop("disableScreenShare", "share", "shareAudio");
	}
	changeMic(e) {
		return this.#i.change("changeMic", "audio", e);
	}
	changeWebcam(e) {
		return this.#i.change("changeWebcam", "video", e);
	}
	replaceWebcamStream(e) {
		return this.#i.change("replaceWebcamStream", "video", e);
	}
	startRecording(e, t, n) {
		return this.#V("startRecording", () => this.#n.startRecording(e, t, n));
	}
	stopRecording() {
		return this.#V("stopRecording", () => this.#n.stop("stopRecording"));
	}
	startLivestream(e, t) {
		return this.#V("startLivestream", () => this.#n.startLivestream(e, t));
	}
	stopLivestream() {
		return this.#V("stopLivestream", () => this.#n.stop("stopLivestream"));
	}
	startHls(e) {
		return this.#V("startHls", () => this.#n.startHls(e));
	}
	stopHls() {
		return this.#V("stopHls", () => this.#n.stop("stopHls"));
	}
	setWebcamQuality(e) {
		return this.#i.setQuality("setWebcamQuality", e);
	}
	pauseAllStreams(e) {
		return this.#a.pauseAll("pauseAllStreams", e, !0);
	}
	resumeAllStreams(e) {
		return this.#a.pauseAll("resumeAllStreams", e, !1);
	}
	enableAdaptiveSubscription() {
		return this.#a.enableAdaptive("enableAdaptiveSubscription");
	}
	disableAdaptiveSubscription() {
		return this.#a.disableAdaptive("disableAdaptiveSubscription");
	}
	getMics() {
		return E("audioinput");
	}
	getWebcams() {
		return E("videoinput");
	}
	async #x(e) {
		if (this.#l && await this.#S(this.#l), this.#o === "joined") throw this.#H(this.#W("join", "joined"));
		if (this.#o !== "new" && this.#o !== "left") throw this.#H(this.#U(f.operationInProgressInProgress, { method: "join" }));
		this.#o === "left" && this.#C();
		let t = ++this.#s;
		this.#o = "joining", this.#K("CONNECTING");
		let n = () => {
			t === this.#s && this.#k(Q.manual, this.#U(f.operationAbortedCancelled, { method: "join" }), "DISCONNECTED");
		};
		e?.addEventListener("abort", n);
		try {
			let r = Da(this.#e.token, this.#e.options, this.#e.serverUrl);
			if (e?.aborted) n();
			else if (r) throw new g(r);
			else await this.#w();
			if (this.#A(t)) throw this.#U(f.operationAbortedLeft, { method: "join" });
		} catch (e) {
			if (this.#A(t)) {
				let e = t === this.#s ? this.#y : void 0;
				throw this.#H(e ?? this.#U(f.operationAbortedLeft, { method: "join" }));
			}
			let n = this.#r.asFault(e);
			throw this.#k(Q.joinFailed, n), this.#H(n);
		} finally {
			e?.removeEventListener("abort", n);
		}
	}
	async #S(e) {
		let t = this.#c;
		if (await e, t !== this.#c) throw this.#H(this.#U(f.operationAbortedLeft, { method: "join" }));
	}
	#C() {
		let { participantId: e = "", name: t = "", mode: n = "SEND_AND_RECV", metaData: r } = this.#e.options;
		this.#r.reset(), this.#u = !1, this.#d = [], this.#h = "", this.#g = "", this.#_ = [], this.#y = void 0, this.#v = void 0, this.#i.reset(), this.#a.reset(), this.localParticipant.become({
			id: e,
			displayName: t,
			mode: Ma(n),
			metaData: r,
			streams: [],
			joinedAt: ""
		}), this.#t.reset(), this.#n.reset(), this.pubSub.reset();
	}
	async #w() {
		let { token: e, serverUrl: t, timing: n, options: r } = this.#e;
		if (typeof RTCPeerConnection > "u" && this.localParticipant.mode !== "SIGNALLING_ONLY") throw this.#U(f.unsupportedEnvironmentNoWEBRTC, { userAgent: navigator.userAgent });
		let i = er(t, location);
		this.#p = i.base;
		let a = new Ta(i, {
			event: (e) => this.#M(e),
			cut: () => this.#K("RECONNECTING"),
			resumed: () => this.#F(),
			rejoining: (e) => this.#I(e),
			rejoined: (e) => this.#L(e),
			refused: (e) => void this.#H(new g(e)),
			closed: (e) => this.#D(e)
		}, () => this.#G(), n);
		this.#v = a;
		let { meetingId: o, participantId: s, name: c = "", mode: l, metaData: u, autoConsume: d } = r, p = () => this.#h === "" ? {
			participantId: s,
			mode: l
		} : {
			participantId: this.localParticipant.id,
			mode: this.localParticipant.mode
		}, m = {
			sdkType: "js",
			sdkVersion: Ea,
			platform: navigator.platform,
			browserUserAgent: navigator.userAgent
		}, h = await a.join(() => ({
			token: e,
			meetingId: o,
			name: c,
			metaData: u,
			autoConsume: d,
			client: m,
			...p()
		}));
		if (this.#v !== a) throw this.#U(f.operationAbortedLeft, { method: "join" });
		if (this.#m = h.meetingId, this.#h = h.sessionId, this.localParticipant.become({
			id: h.participantId,
			displayName: c,
			mode: this.localParticipant.mode,
			metaData: u,
			streams: [],
			joinedAt: ""
		}), h.welcome) return this.#T(h.welcome);
		this.#o = "lobby", await new Promise((e, t) => {
			this.#b = {
				resolve: e,
				reject: t
			};
		});
	}
	#T(e) {
		if (this.#o = "joined", this.#_ = e.permissions, this.#g = e.startedAt, this.#d = Na(e.iceServers), this.#u) return this.#R(e);
		this.#u = !0, this.#t.enter(e), this.#n.enter(e.egress), this.#j(), this.#K("CONNECTED"), this.emit("meeting-joined"), this.#t.tell();
		for (let t of e.entries) this.#N(t);
		let { micEnabled: t, webcamEnabled: n, customMicrophoneAudioTrack: r, customCameraVideoTrack: i } = this.#e.options;
		t && this.unmuteMic(r).catch(() => void 0), n && this.enableWebcam(i).catch(() => void 0), this.#b?.resolve();
	}
	async #E() {
		let e = "leave";
		if (this.#c++, this.#l) return this.#l;
		if (this.#o === "new") throw this.#H(this.#U(f.actionPerformedBeforeMeetingJoinedNotJoined, { method: e }));
		if (this.#o === "left") throw this.#H(this.#W(e, "left"));
		let t = this.#v;
		if (t && this.#o !== "joining" && t.awayMs === 0) {
			let e = t.request("leave").catch(() => void 0);
			return this.#l = Promise.race([e, new Promise((e) => setTimeout(e, ka))]).then(() => {
				this.#l = void 0, this.#k(Q.manual, void 0);
			}), this.#l;
		}
		this.#k(Q.manual, void 0);
	}
	#D(e) {
		let t = e.code === 3103 ? Q.exhausted : this.#o === "joined" ? Q.cut : Q.joinFailed;
		this.#k(t, new g(e));
	}
	#O(e, t) {
		this.#k(e, t, t && this.#o !== "joined" ? "FAILED" : "DISCONNECTED");
	}
	#k(e, t, n = t ? "FAILED" : "DISCONNECTED") {
		if (this.#A()) return;
		this.#o = "left", this.#y = t, this.#v?.close(), this.#i.close(), this.#a.close(), this.localParticipant.reset();
		let r = this.#b;
		this.#b = void 0, t && this.#H(t), this.#K(n), r?.reject(t ?? this.#U(f.operationAbortedLeft, { method: "join" })), this.emit("meeting-left", e);
	}
	#A(e = this.#s) {
		return this.#o === "left" || e !== this.#s;
	}
	#j() {
		let e = this.#s, { preferredProtocol: t = "UDP_OVER_TCP" } = this.#e.options, n = {
			relays: () => fe(this.#d, t),
			described: (e) => de(e, t),
			checkSignaling: () => this.#v?.check(),
			request: (e, t) => this.#B(e, t),
			fault: (e) => void this.#H(new g(e)),
			cleared: ({ id: t, code: n, reason: r }, i) => {
				this.#A(e) || this.emit("fault-cleared", {
					id: t,
					code: n,
					reason: r,
					forMs: i
				});
			},
			where: () => this.#G(),
			isOver: () => this.#A(e)
		};
		this.#i.connect(n), this.#a.connect(n);
	}
	#M(e) {
		if (this.#t.event(e) || this.#n.event(e)) return;
		let { name: t, data: n } = e;
		switch (t) {
			case "meeting-joined": return this.#T(n.welcome);
			case "meeting-left": return this.#O(n.reason, n.fault && new g(n.fault));
			case "entry-requested": return this.#N(n);
			case "entry-responded": return this.emit("entry-responded", n.participantId, n.decision);
			case "entry-withdrawn": return this.emit("entry-withdrawn", n.participantId);
			case "entry-pending": return this.emit("entry-pending", n);
			case "mic-requested": return this.emit("mic-requested", this.#P(n.participantId, () => this.unmuteMic()));
			case "webcam-requested": return this.emit("webcam-requested", this.#P(n.participantId, () => this.enableWebcam()));
			case "pubsub-message": return this.pubSub.deliver(n);
			case "ice-servers-changed": return this.#d = Na(n.iceServers), this.#i.renewServers(), this.#a.renewServers();
			case "subscribe-offer": return this.#a.offered(n);
			case "encodings": return this.#i.encodings(n.kind, n.active);
			case "quality-limitation": return this.emit("quality-limitation", {
				type: n.type,
				state: n.state,
				timestamp: Date.parse(n.timestamp),
				direction: "receive"
			});
			case "error":
				this.#H(new g(n.fault));
				return;
		}
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
		this.#K(this.#o === "joined" ? "CONNECTED" : "CONNECTING"), this.#i.retry(), this.#a.resumed();
	}
	#I(e) {
		this.#i.forget(), this.#a.forget(), this.#H(new g(e));
	}
	#L(e) {
		this.#h = e.sessionId;
		let { displayName: t, mode: n, metaData: r } = this.localParticipant;
		if (this.localParticipant.become({
			id: e.participantId,
			displayName: t,
			mode: n,
			metaData: r,
			streams: [],
			joinedAt: ""
		}), e.welcome) return this.#T(e.welcome);
		this.#o = "lobby", this.#K("CONNECTING");
	}
	#R(e) {
		this.#t.reenter(e), this.#n.reenter(e.egress), this.#a.preferences.restore(), this.#i.retry(), this.#K("CONNECTED");
		for (let t of e.entries) this.#N(t);
		let t = [this.pubSub.restore(), ...[...this.participants.values()].map((e) => e.restore())];
		for (let e of t) e.catch((e) => void this.#z(e));
	}
	#z(e) {
		e instanceof g && !u(e) && this.#H(e);
	}
	#B(e, t = {}, n) {
		return this.#v?.request(e, t, n) ?? Promise.reject(this.#U(f.actionPerformedBeforeMeetingJoinedNotJoined, { method: e }));
	}
	#V(e, t) {
		return this.#r.run(e, t);
	}
	#H(e) {
		return this.#r.tell(e);
	}
	#U(e, t) {
		return this.#r.error(e, t);
	}
	#W(e, t) {
		return this.#r.already(e, t);
	}
	#G() {
		return {
			meetingId: this.#m,
			sessionId: this.#h,
			participantId: this.localParticipant.id,
			server: this.#p
		};
	}
	#K(e) {
		e !== this.#f && (this.#f = e, this.emit("meeting-state-changed", { state: e }));
	}
};
function Ma(e) {
	return Aa[e] ?? e;
}
var Na = (e) => e.map(({ urls: e, username: t, credential: n }) => ({
	urls: [...e],
	...t !== void 0 && { username: t },
	...n !== void 0 && { credential: n }
})), Pa = new Ze(), Fa = "", Ia, La = class {
	static config(e, t = {}) {
		$("config", "token", e, "string"), Fa = e, Ia = t.serverUrl;
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
		ue(t, e.preferredProtocol), Ue(e, t), e.metaData !== void 0 && ($(t, "metaData", e.metaData, "object"), We(t, "metaData", e.metaData));
		let n = e.signalingBaseUrl, r = e.serverUrl ?? (n && (n.includes("://") ? n : `${location.protocol}//${n}`)) ?? Ia;
		return new ja({
			token: Fa,
			serverUrl: r ?? location.origin,
			options: e
		});
	}
	static createCameraVideoTrack(e) {
		return Re(e);
	}
	static createMicrophoneAudioTrack(e) {
		return ze(e);
	}
	static createScreenShareVideoTrack(e) {
		return Be(e);
	}
	static getDevices() {
		return Xe();
	}
	static getCameras() {
		return E("videoinput");
	}
	static getMicrophones() {
		return E("audioinput");
	}
	static getPlaybackDevices() {
		return E("audiooutput");
	}
	static on(e, t) {
		return Pa.on(e, t);
	}
	static off(e, t) {
		Pa.off(e, t);
	}
	static checkPermissions(e = "audio_video") {
		return et(e);
	}
	static requestPermission(e = "audio_video") {
		return tt(e);
	}
};
function $(e, t, n, r) {
	if (n == null) throw new g(f.invalidParameterMissing({
		method: e,
		parameter: t
	}));
	let i = Array.isArray(n) ? "array" : typeof n;
	if (i !== r) throw new g(f.invalidParameterWrongType({
		method: e,
		parameter: t,
		got: i,
		want: r
	}));
}
export { rt as Codes, ja as Meeting, M as Participant, qi as PubSub, gr as Stream, La as VideoSDK, g as VideoSDKError, n as VideoSDKErrors };
