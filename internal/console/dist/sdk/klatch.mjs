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
		"{method} needs the camera of {participantId} ({name}), which is off, or which this client does not receive.",
		"Call {method} while webcamOn of that participant is true: enableWebcam() switches it on, and consumeWebcamStreams() has it received again.",
		"",
		"method participantId name"
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
	invalidModeUnknownMode: (e, t) => p([
		3067,
		"ERROR_INVALID_MODE",
		"The mode is not valid.",
		"UNKNOWN_MODE",
		!1,
		!1,
		"The mode {mode} does not exist; the modes are {allowed}.",
		"Use one of the modes {allowed}.",
		"mode",
		"mode allowed"
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
	captureImageFailedNoFrame: (e, t) => p([
		3069,
		"ERROR_CAPTURE_IMAGE_FAILED",
		"The image could not be captured.",
		"NO_FRAME",
		!1,
		!1,
		"The camera of {participantId} ({name}) is on, but no picture of it arrived within {waitedMs} ms.",
		"Call {method} again when the picture moves; a stream that was paused needs stream.resume() first.",
		"",
		"method participantId name waitedMs"
	], e, t),
	captureImageFailedNotDrawn: (e, t) => p([
		3069,
		"ERROR_CAPTURE_IMAGE_FAILED",
		"The image could not be captured.",
		"NOT_DRAWN",
		!1,
		!1,
		"The browser could not draw the picture of {participantId} ({name}) ({domName}: {domMessage}).",
		"Pass a smaller width and height to {method}.",
		"",
		"method participantId name domName domMessage"
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
	invalidParameterUnknownOption: (e, t) => p([
		3073,
		"ERROR_INVALID_PARAMETER",
		"A parameter is missing or invalid.",
		"UNKNOWN_OPTION",
		!1,
		!1,
		"{method} was given {parameter}, which it does not know; the nearest name is {nearest}.",
		"Use {nearest}, or leave {parameter} out; {method} knows these names there: {allowed}.",
		"",
		"method parameter nearest allowed"
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
	notOfferedNotOffered: (e, t) => p([
		3105,
		"NOT_OFFERED",
		"Klatch does not offer this.",
		"NOT_OFFERED",
		!1,
		!1,
		"{method} is for {feature}, which the published API has and Klatch does not offer.",
		"Do not call {method} with Klatch; docs/videosdk.md lists what is offered in its place.",
		"",
		"method feature"
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
	for (let e of l ? l.split(" ") : []) f[e] = ie(e, u[e]);
	return {
		code: e,
		name: t,
		message: n,
		reason: r,
		detail: m(o, f),
		remedy: m(s, f),
		...c && h(c, f),
		...l && { details: f },
		fatal: i,
		retryable: a,
		retryAfterMs: d.retryAfterMs ?? 0,
		id: se(),
		causeId: d.causeId ?? "",
		at: (/* @__PURE__ */ new Date()).toISOString(),
		docs: `${d.server ?? ""}/errors/${e}#${r}`,
		meetingId: d.meetingId ?? "",
		sessionId: d.sessionId ?? "",
		participantId: d.participantId ?? ""
	};
}
function m(e, t) {
	return e.replace(/\{([A-Za-z]\w*)\}/g, (e, n) => ee(t[n]));
}
function h(e, t) {
	let n = /^\{(\w+)\}$/.exec(e)?.[1];
	return n !== void 0 && t[n] === "" ? {} : { param: m(e, t) };
}
function ee(e) {
	return Array.isArray(e) ? e.length ? e.join(", ") : "none" : e === "" ? "\"\"" : String(e);
}
var te = 200, ne = 1e3, re = 50;
function ie(e, t) {
	let n = e === "problem" || e === "lastWords" ? ne : te;
	if (typeof t == "string") return ae(t, n);
	if (!Array.isArray(t)) return t;
	let r = t.length - re + 1;
	return (r > 1 ? [...t.slice(0, -r), `… ${r} more`] : t).map((e) => ae(String(e), n));
}
function ae(e, t) {
	let n = Array.from(e.length > 4 * t ? e.slice(0, 2 * t) + e.slice(-2 * t) : e), r = Math.floor(t / 2);
	return (n.length > t ? [
		...n.slice(0, r),
		"…",
		...n.slice(r + 1 - t)
	] : n).join("").replace(/[\p{Cc}\p{Cs}\p{Bidi_Control}\uFFFD]/gu, "·");
}
var oe = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
function se() {
	let e = "";
	for (let t = Date.now(), n = 0; n < 10; n++, t = Math.floor(t / 32)) e = oe.charAt(t % 32) + e;
	let t = "";
	for (let e of crypto.getRandomValues(/* @__PURE__ */ new Uint8Array(16))) t += oe.charAt(e & 31);
	return "flt_" + e + t;
}
// src/fault.ts
var ce = class extends Error {
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
		return le(this);
	}
};
function le({ code: e, name: t, reason: n, detail: r, remedy: i, id: a }) {
	return `${e} ${t} (${n}): ${r} ${i} [${a}]`;
}
var g = class extends ce {
	constructor(e) {
		let t = le(e);
		super(t);
		let { stack: n = "" } = this, r = n.startsWith("Error: ") ? n.slice(n.indexOf(t) + t.length) : `\n${n}`;
		Object.defineProperty(this, "stack", {
			value: `VideoSDKError: ${t}${r}`,
			configurable: !0,
			writable: !0
		}), Object.defineProperty(this, "message", { enumerable: !0 }), Object.assign(this, e);
	}
}, ue = { allows: (e) => document.featurePolicy?.allowsFeature(e) }, _ = {
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
}, de = /permissions?[- ]policy|feature[- ]policy/i;
function fe(e, t, n, r, i = ue) {
	let a = _[e], { name: o, message: s, constraint: c } = ve(t);
	switch (o) {
		case "NotAllowedError":
		case "PermissionDeniedError":
		case "SecurityError": return o === "SecurityError" || de.test(s) || i.allows(e) === !1 ? a.policyBlocked({
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
function pe(e, t, n = ue) {
	let { name: r, message: i } = ve(e), a = {
		domName: r,
		domMessage: i
	};
	switch (r) {
		case "InvalidStateError":
		case "InvalidAccessError": return f.startingScreenshareNoUserGesture(a, t);
		case "NotAllowedError": return de.test(i) || n.allows("display-capture") === !1 ? f.startingScreensharePolicyBlocked({
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
function me(e, t, n) {
	return _[e].lost({ label: t }, n);
}
function he(e, t, n) {
	let r = {
		...n,
		causeId: t
	};
	return e === "audio" ? _.microphone.publishRefused({ kind: e }, r) : e === "video" ? _.camera.publishRefused({ kind: e }, r) : f.startingScreensharePublishRefused({ kind: e }, r);
}
async function ge(e, t, n) {
	let r = v(n);
	try {
		return await r.getUserMedia(e === "camera" ? { video: t } : { audio: t });
	} catch (i) {
		let a = ye(t);
		throw new g(fe(e, i, {
			deviceId: a,
			label: await be(r, e, a)
		}, n));
	}
}
async function _e(e, t) {
	let n = v(t);
	if (!("getDisplayMedia" in n)) throw new g(f.unsupportedEnvironmentNoScreenShare({ userAgent: navigator.userAgent }, t));
	try {
		return await n.getDisplayMedia(e);
	} catch (e) {
		throw new g(pe(e, t));
	}
}
function v(e) {
	let t = navigator.mediaDevices;
	if (t) return t;
	throw new g(isSecureContext ? f.unsupportedEnvironmentNoWEBRTC({ userAgent: navigator.userAgent }, e) : f.unsupportedEnvironmentInsecureContext({ origin: location.origin }, e));
}
function ve(e) {
	let { name: t, message: n, constraint: r } = typeof e == "object" && e ? e : {};
	return {
		name: typeof t == "string" ? t : "Error",
		message: typeof n == "string" ? n : String(e),
		constraint: typeof r == "string" ? r : ""
	};
}
function ye({ deviceId: e }) {
	let t = typeof e == "object" && !Array.isArray(e) ? e.exact : e;
	return typeof t == "string" ? t : "";
}
async function be(e, t, n) {
	let r = t === "camera" ? "videoinput" : "audioinput", i = (await e.enumerateDevices().catch(() => [])).filter((e) => e.kind === r);
	return (n ? i.find((e) => e.deviceId === n) : i[0])?.label || n;
}
var y = {
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
		h216p_w384p: {
			width: 384,
			height: 216,
			frameRate: 15,
			kbps: [
				120,
				200,
				350
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
		},
		h120p_w160p: {
			width: 160,
			height: 120,
			frameRate: 15,
			kbps: [
				60,
				100,
				150
			]
		},
		h180p_w240p: {
			width: 240,
			height: 180,
			frameRate: 15,
			kbps: [
				100,
				150,
				250
			]
		},
		h240p_w320p: {
			width: 320,
			height: 240,
			frameRate: 15,
			kbps: [
				120,
				200,
				350
			]
		},
		h360p_w480p: {
			width: 480,
			height: 360,
			frameRate: 20,
			kbps: [
				200,
				400,
				600
			]
		},
		h480p_w640p: {
			width: 640,
			height: 480,
			frameRate: 25,
			kbps: [
				300,
				500,
				700
			]
		},
		h540p_w720p: {
			width: 720,
			height: 540,
			frameRate: 30,
			kbps: [
				350,
				550,
				800
			]
		},
		h720p_w960p: {
			width: 960,
			height: 720,
			frameRate: 30,
			kbps: [
				900,
				1300,
				1600
			]
		},
		h1080p_w1440p: {
			width: 1440,
			height: 1080,
			frameRate: 30,
			kbps: [
				1600,
				2200,
				2700
			]
		},
		h1440p_w1920p: {
			width: 1920,
			height: 1440,
			frameRate: 30,
			kbps: [
				3500,
				4e3,
				4500
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
		h480p_15fps: {
			width: 854,
			height: 480,
			frameRate: 15,
			kbps: 300
		},
		h480p_30fps: {
			width: 854,
			height: 480,
			frameRate: 30,
			kbps: 500
		},
		h720p_5fps: {
			width: 1280,
			height: 720,
			frameRate: 5,
			kbps: 400
		},
		h720p_15fps: {
			width: 1280,
			height: 720,
			frameRate: 15,
			kbps: 1e3
		},
		h720p_30fps: {
			width: 1280,
			height: 720,
			frameRate: 30,
			kbps: 1500
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
}, xe = [
	"bandwidth_optimized",
	"balanced",
	"high_quality"
], Se = 64e3, Ce = [
	"l",
	"m",
	"h"
], we = [
	"low",
	"med",
	"high"
], Te = (e) => e === "video" || e === "share";
function Ee(e, t, n) {
	let r = t?.multiStream ?? n.multiStream, i = t?.maxLayer ?? n.maxLayer, a = t?.codec, o = Te(e) && r !== !1 ? e === "share" ? 2 : i ?? 3 : 1, s = (a === "VP9" || a === "AV1") && o > 1, c = a === "VP9" && t?.degradation === "maintain-resolution", l = s ? `L${o}T3_KEY` : void 0;
	return {
		codec: a,
		encodings: s ? 1 : o,
		scalabilityMode: l && c ? "L1T3" : l,
		lacking: c ? l : void 0,
		insisted: o > 1 && (s || r === !0 || i !== void 0)
	};
}
var De = (e, t) => e.codec === t.codec && e.encodings === t.encodings && e.scalabilityMode === t.scalabilityMode;
function Oe({ encodings: e, scalabilityMode: t }) {
	return e === 1 ? t ? [{ scalabilityMode: t }] : [] : Ce.slice(0, e).map((t, n) => ({
		rid: e === 2 && n === 1 ? "h" : t,
		scaleResolutionDownBy: 2 ** (e - 1 - n)
	}));
}
function ke(e, t) {
	let n = (t) => t.mimeType.split("/")[1]?.toUpperCase() === e.toUpperCase();
	return t.some(n) ? [...t.filter(n), ...t.filter((e) => !n(e))] : void 0;
}
var Ae = [[518400, 3], [129600, 2]];
function je({ width: e, height: t }, n) {
	return 1e3 * (Ne(Object.values(y.camera), (n) => Math.abs(Math.log(n.width * n.height / (e * t)))).kbps[n] ?? 0);
}
function Me(e, { maxBitrateBps: t, mode: n = 1 }, r, i) {
	return e === "share" ? t / i : Math.min(t, je({
		width: r.width / i,
		height: r.height / i
	}, n));
}
function Ne(e, t) {
	return e.reduce((e, n) => t(n) < t(e) ? n : e);
}
function Pe(e, { kind: t, encoding: n, size: r, quality: i, idle: a }) {
	let { encodings: o } = e;
	if (!Te(t)) {
		for (let e of o) e.maxBitrate = n.maxBitrateBps;
		return;
	}
	let { width: s, height: c } = r ?? y.camera.h720p_w1280p, l = t === "share" ? 3 : Ae.find(([e]) => s * c >= e)?.[1] ?? 1, u = Math.min(o.length, l), d = 2 ** (we.length - 1 - we.indexOf(i));
	o.forEach((e, r) => {
		let i = Math.max(2 ** Math.max(u - 1 - r, 0), r === 0 ? d : 1);
		e.scaleResolutionDownBy = i, e.maxBitrate = i === 1 ? n.maxBitrateBps : Me(t, n, {
			width: s,
			height: c
		}, i), e.active = r < u && (r === 0 || i >= d) && !a.has(e.rid ?? "");
	});
}
// src/codes.gen.ts
var Fe = /* @__PURE__ */ t({
	ACCOUNT_DEACTIVATED: () => dt,
	ACCOUNT_DISCONTINUED: () => ft,
	ADAPTIVE_SUBSCRIPTION_DISABLE_FAILED: () => Wt,
	ADAPTIVE_SUBSCRIPTION_ENABLE_FAILED: () => Ut,
	ADAPTIVE_SUBSCRIPTION_NOT_ENABLED_BY_SDK: () => Ht,
	ADD_ON_SERVICES_DISABLED: () => Et,
	APIKEY_DEACTIVATED: () => Kt,
	CERTIFICATE_FAILED: () => jn,
	CHANGE_MODE_FAILED: () => Xt,
	CONFIG_INVALID: () => kn,
	CONFLICT: () => _n,
	DISABLE_PARTICIPANT_MIC_FAILED: () => $t,
	DISABLE_PARTICIPANT_WEBCAM_FAILED: () => tn,
	DUPLICATE_PARTICIPANT: () => ut,
	ENABLE_PARTICIPANT_MIC_FAILED: () => Qt,
	ENABLE_PARTICIPANT_WEBCAM_FAILED: () => en,
	ERROR_ACTION_NOT_SUPPORTED: () => Ze,
	ERROR_ACTION_NOT_SUPPORTED_IN_MODE: () => Ye,
	ERROR_ACTION_PERFORMED_BEFORE_MEETING_JOINED: () => ze,
	ERROR_ALREADY_IN_REQUESTED_STATE: () => Ue,
	ERROR_CAPTURE_IMAGE_FAILED: () => Qe,
	ERROR_INVALID_MODE: () => Xe,
	ERROR_INVALID_PARAMETER: () => $e,
	ERROR_MEETING_MEDIA_CONNECTION_FAILED: () => Be,
	ERROR_MEETING_RECONNECTING: () => Je,
	ERROR_MULTISTREAM_NOT_SUPPORTED: () => He,
	ERROR_OPERATION_ABORTED: () => Ge,
	ERROR_OPERATION_IN_PROGRESS: () => We,
	ERROR_OPERATION_TIMED_OUT: () => et,
	ERROR_SET_WEBCAM_QUALITY_FAILED: () => qe,
	ERROR_STARTING_AUDIO: () => Le,
	ERROR_STARTING_SCREENSHARE: () => Re,
	ERROR_STARTING_VIDEO: () => Ie,
	ERROR_VIDEO_PRODUCE_CODEC_NOT_SUPPORTED: () => Ve,
	ERROR_WEBCAM_NOT_ENABLED: () => Ke,
	HLS_DURATION_LIMIT_REACHED: () => Tn,
	HLS_FAILED: () => Sn,
	INVALID_API_KEY: () => ot,
	INVALID_LIVESTREAM_CONFIG: () => bt,
	INVALID_MEETING_ID: () => ct,
	INVALID_MESSAGE: () => hn,
	INVALID_PARTICIPANT_ID: () => lt,
	INVALID_PERMISSIONS: () => pt,
	INVALID_TOKEN: () => st,
	LIVESTREAM_DURATION_LIMIT_REACHED: () => wn,
	LIVESTREAM_FAILED: () => xn,
	LOBBY_DENIED: () => ln,
	LOBBY_TIMEOUT: () => un,
	MAX_HLS_LIMIT_REACHED_ON_ORGANIZATION: () => Nt,
	MAX_LIVESTREAM_LIMIT_REACHED_ON_ORGANIZATION: () => Pt,
	MAX_PARTICIPANT_REACHED: () => mt,
	MAX_RECORDING_LIMIT_REACHED_ON_ORGANIZATION: () => Mt,
	MAX_RECV_ONLY_LIMIT_REACHED_ON_ORGANIZATION: () => Vt,
	MAX_SPEAKER_LIMIT_REACHED_ON_ORGANIZATION: () => At,
	MAX_SPEAKER_REACHED: () => ht,
	MAX_VIEWER_LIMIT_REACHED_ON_ORGANIZATION: () => jt,
	MEDIA_CONNECTION_LOST: () => tt,
	MEETING_ENDED: () => fn,
	MEETING_ID_DISABLED: () => Gt,
	NOT_FOUND: () => gn,
	NOT_OFFERED: () => at,
	NOT_PERMITTED: () => pn,
	PARTICIPANT_REMOVED: () => dn,
	PAUSE_ALL_STREAMS_FAILED: () => qt,
	PAUSE_STREAM_FAILED: () => on,
	PIN_FAILED: () => nn,
	PREV_HLS_STREAMING_PROCESSING: () => Tt,
	PREV_RECORDING_PROCESSING: () => Ct,
	PREV_RTMP_RECORDING_PROCESSING: () => wt,
	PUBSUB_PUBLISH_FAILED: () => cn,
	RATE_LIMITED: () => mn,
	RECONNECT_FAILED: () => rt,
	RECORDING_DURATION_LIMIT_REACHED: () => Cn,
	RECORDING_FAILED: () => bn,
	REMOVE_PARTICIPANT_FAILED: () => Zt,
	REQUEST_NOT_OFFERED: () => vn,
	RESPOND_ENTRY_FAILED: () => Yt,
	RESUME_ALL_STREAMS_FAILED: () => Jt,
	RESUME_STREAM_FAILED: () => sn,
	RTMP_INGEST_FAILED: () => Mn,
	RTMP_INGEST_REFUSED: () => yn,
	SERVER_SHUTDOWN: () => Dn,
	SERVER_UNAVAILABLE: () => En,
	SET_QUALITY_FAILED: () => an,
	SIGNALING_UNREACHABLE: () => nt,
	STARTUP_FAILED: () => An,
	START_COMPOSITE_RECORDING_FAILED: () => zt,
	START_HLS_FAILED: () => xt,
	START_LIVESTREAM_FAILED: () => vt,
	START_PARTICIPANT_RECORDING_FAILED: () => Ft,
	START_RECORDING_FAILED: () => gt,
	START_TRACK_RECORDING_FAILED: () => Lt,
	STOP_COMPPOSITE_RECORDING_FAILED: () => Bt,
	STOP_HLS_FAILED: () => St,
	STOP_LIVESTREAM_FAILED: () => yt,
	STOP_PARTICIPANT_RECORDING_FAILED: () => It,
	STOP_RECORDING_FAILED: () => _t,
	STOP_TRACK_RECORDING_FAILED: () => Rt,
	UNAUTHORIZED_MEETING_ID: () => Dt,
	UNAUTHORIZED_PARTCIPANT_ID: () => Ot,
	UNAUTHORIZED_ROLE: () => kt,
	UNPIN_FAILED: () => rn,
	UNSUPPORTED_ENVIRONMENT: () => it,
	WEBHOOK_DELIVERY_FAILED: () => On
}), Ie = 3011, Le = 3012, Re = 3013, ze = 3035, Be = 3044, Ve = 3045, He = 3046, Ue = 3054, We = 3055, Ge = 3056, Ke = 3062, qe = 3063, Je = 3065, Ye = 3066, Xe = 3067, Ze = 3068, Qe = 3069, $e = 3073, et = 3079, tt = 3101, nt = 3102, rt = 3103, it = 3104, at = 3105, ot = 4001, st = 4002, ct = 4003, lt = 4004, ut = 4005, dt = 4006, ft = 4007, pt = 4008, mt = 4009, ht = 4010, gt = 4011, _t = 4012, vt = 4013, yt = 4014, bt = 4015, xt = 4016, St = 4017, Ct = 4018, wt = 4019, Tt = 4020, Et = 4021, Dt = 4022, Ot = 4023, kt = 4024, At = 4026, jt = 4027, Mt = 4028, Nt = 4029, Pt = 4030, Ft = 4035, It = 4036, Lt = 4037, Rt = 4038, zt = 4039, Bt = 4040, Vt = 4041, Ht = 4047, Ut = 4048, Wt = 4049, Gt = 4052, Kt = 4053, qt = 4057, Jt = 4058, Yt = 4059, Xt = 4065, Zt = 4066, Qt = 4067, $t = 4068, en = 4069, tn = 4070, nn = 4071, rn = 4072, an = 4073, on = 4074, sn = 4075, cn = 4087, ln = 4101, un = 4102, dn = 4103, fn = 4104, pn = 4105, mn = 4106, hn = 4107, gn = 4108, _n = 4109, vn = 4110, yn = 4112, bn = 5001, xn = 5002, Sn = 5003, Cn = 5004, wn = 5005, Tn = 5006, En = 5101, Dn = 5102, On = 5103, kn = 5104, An = 5105, jn = 5106, Mn = 5107, Nn = {
	RECORDING_STARTING: "RECORDING_STARTING",
	RECORDING_STARTED: "RECORDING_STARTED",
	RECORDING_STOPPING: "RECORDING_STOPPING",
	RECORDING_STOPPED: "RECORDING_STOPPED"
}, Pn = {
	LIVESTREAM_STARTING: "LIVESTREAM_STARTING",
	LIVESTREAM_STARTED: "LIVESTREAM_STARTED",
	LIVESTREAM_STOPPING: "LIVESTREAM_STOPPING",
	LIVESTREAM_STOPPED: "LIVESTREAM_STOPPED"
}, Fn = {
	HLS_STARTING: "HLS_STARTING",
	HLS_STARTED: "HLS_STARTED",
	HLS_PLAYABLE: "HLS_PLAYABLE",
	HLS_STOPPING: "HLS_STOPPING",
	HLS_STOPPED: "HLS_STOPPED"
}, In = {
	TRANSCRIPTION_STARTING: "TRANSCRIPTION_STARTING",
	TRANSCRIPTION_STARTED: "TRANSCRIPTION_STARTED",
	TRANSCRIPTION_STOPPING: "TRANSCRIPTION_STOPPING",
	TRANSCRIPTION_STOPPED: "TRANSCRIPTION_STOPPED"
}, Ln = {
	TRANSLATION_STARTING: "TRANSLATION_STARTING",
	TRANSLATION_STARTED: "TRANSLATION_STARTED",
	TRANSLATION_STOPPING: "TRANSLATION_STOPPING",
	TRANSLATION_STOPPED: "TRANSLATION_STOPPED"
}, Rn = {
	CONFERENCE: "CONFERENCE",
	VIEWER: "VIEWER",
	SEND_AND_RECV: "SEND_AND_RECV",
	SIGNALLING_ONLY: "SIGNALLING_ONLY",
	RECV_ONLY: "RECV_ONLY"
}, zn = {
	AUDIO: "audio",
	VIDEO: "video",
	AUDIO_AND_VIDEO: "audio_video"
}, Bn = {
	WEBSOCKET_DISCONNECTED: 1001,
	REMOVE_PEER: 1002,
	REMOVE_PEER_VIEWER_MODE_CHANGED: 1003,
	REMOVE_PEER_MEDIA_RELAY_STOP: 1004,
	SWITCH_ROOM: 1005,
	ROOM_CLOSE: 1006,
	UNKNOWN: 1007,
	REMOVE_ALL: 1008,
	MEETING_END_API: 1009,
	REMOVE_PEER_API: 1010,
	DUPLICATE_PARTICIPANT: 1011,
	MANUAL_LEAVE_CALLED: 1101,
	WEBSOCKET_CONNECTION_ATTEMPTS_EXHAUSTED: 1102,
	JOIN_ROOM_FAILED: 1103,
	SWITCH_ROOM_FAILED: 1104
}, Vn = {
	HIGH_QUALITY: "high_quality",
	BALANCED: "balanced",
	BANDWIDTH_OPTIMIZED: "bandwidth_optimized"
}, Hn = {
	RELIABLE: "RELIABLE",
	UNRELIABLE: "UNRELIABLE"
}, b = {
	NONE: "NONE",
	ERROR: "ERROR",
	WARN: "WARN",
	INFO: "INFO",
	DEBUG: "DEBUG",
	ALL: "ALL"
}, Un = {
	IDLE: "idle",
	LISTENING: "listening",
	THINKING: "thinking",
	SPEAKING: "speaking"
}, Wn = {
	CHARACTER_SPEAKING: "CHARACTER_SPEAKING",
	CHARACTER_THINKING: "CHARACTER_THINKING",
	CHARACTER_LISTENING: "CHARACTER_LISTENING"
}, Gn = {
	TEXT: "text",
	CO_PILOT: "co_pilot",
	AUTO_PILOT: "auto_pilot",
	VISION_PILOT: "vision_pilot"
}, Kn = {
	DROP: "drop",
	QUEUE: "queue"
}, x = {
	VP8: "VP8",
	VP9: "VP9",
	AV1: "AV1",
	H264: "H264"
}, qn = {
	errors: Fe,
	recordingEvents: Nn,
	livestreamEvents: Pn,
	hlsEvents: Fn,
	transcriptionEvents: In,
	translationEvents: Ln,
	modes: Rn,
	permission: zn,
	reliabilityMode: Hn,
	leaveReason: Bn,
	BitrateMode: Vn,
	LogLevel: b,
	AgentState: Un,
	characterState: Wn,
	characterMode: Gn,
	VideoCodec: x,
	RealtimeOverflow: Kn
};
// src/nearest.ts
function Jn(e, t) {
	let n = e.slice(0, 64).toLowerCase();
	return t.reduce((e, t) => Yn(n, t.toLowerCase()) < Yn(n, e.toLowerCase()) ? t : e, t[0] ?? "none");
}
function Yn(e, t) {
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
// src/options.ts
function S(e, t, n, r, i = "") {
	Xn(e, t, i, n, r);
}
function C(e, t, n, r) {
	if (T(n)) return;
	if (typeof r == "function") return r(n, t, e);
	if (typeof r == "object" && "fields" in r) return Xn(e, t, t, n, r.fields);
	if (typeof r == "object") {
		if (r.includes(n)) return;
		let i = {
			method: e.method,
			parameter: t,
			got: String(n),
			allowed: r.map(String)
		};
		throw new g(f.invalidParameterNotAllowed(i, e.at));
	}
	let i = Array.isArray(n) ? "array" : typeof n;
	if (r !== "any" && i !== r) throw new g(f.invalidParameterWrongType({
		method: e.method,
		parameter: t,
		got: i,
		want: r
	}, e.at));
}
function w({ method: e, at: t }, n, r) {
	if (T(r)) throw new g(f.invalidParameterMissing({
		method: e,
		parameter: n
	}, t));
}
function T(e) {
	return e == null;
}
function Xn(e, t, n, r, i) {
	if (!T(r)) {
		C(e, t, r, "object");
		for (let [t, a] of Object.entries(r)) {
			let r = n === "" ? t : `${n}.${t}`, o = Object.hasOwn(i, t) ? i[t] : void 0;
			if (o === void 0) {
				if (a === void 0) continue;
				let n = Object.keys(i), o = {
					method: e.method,
					parameter: r,
					nearest: Jn(t, n),
					allowed: n
				};
				throw new g(f.invalidParameterUnknownOption(o, e.at));
			}
			C(e, r, a, o);
		}
	}
}
// src/tracks.ts
var Zn = [
	"motion",
	"text",
	"detail"
], Qn = {
	cameraId: "string",
	facingMode: [
		"user",
		"front",
		"environment"
	],
	encoderConfig: Object.keys(y.camera),
	optimizationMode: Zn,
	bitrateMode: xe,
	codec: Object.values(x),
	multiStream: "boolean",
	maxLayer: [2, 3]
}, $n = {
	microphoneId: "string",
	encoderConfig: Object.keys(y.audio),
	noiseConfig: { fields: {
		noiseSuppression: "boolean",
		noiseSuppresion: "boolean",
		echoCancellation: "boolean",
		autoGainControl: "boolean"
	} }
}, er = {
	encoderConfig: Object.keys(y.share),
	optimizationMode: Zn,
	withAudio: ["enable", "disable"],
	codec: Object.values(x),
	multiStream: "boolean"
}, tr = /* @__PURE__ */ new WeakMap(), nr = {
	audio: { maxBitrateBps: 24e3 },
	video: {
		maxBitrateBps: 15e5,
		degradation: "balanced"
	},
	share: {
		maxBitrateBps: 1e6,
		degradation: "maintain-resolution"
	},
	shareAudio: { maxBitrateBps: Se }
};
function rr(e, t) {
	return tr.get(e) ?? nr[t];
}
async function ir(e = {}, t = {}) {
	S({
		method: "createCameraVideoTrack",
		at: t
	}, "options", e, Qn);
	let n = "createCameraVideoTrack", { width: r, height: i, frameRate: a, kbps: o } = sr(y.camera, e.encoderConfig ?? "h720p_w1280p", n, t), s = lr(e, n, t), c = xe.indexOf(e.bitrateMode ?? "balanced"), l = await ge("camera", {
		width: { ideal: r },
		height: { ideal: i },
		frameRate: { ideal: a },
		...e.cameraId ? { deviceId: { exact: e.cameraId } } : {},
		...e.facingMode ? { facingMode: { ideal: e.facingMode === "environment" ? "environment" : "user" } } : {}
	}, t), u = e.optimizationMode ?? "motion";
	return E(l, "video", u, {
		maxBitrateBps: (o[c] ?? o[1]) * 1e3,
		degradation: u === "motion" ? "balanced" : "maintain-resolution",
		...c >= 0 && { mode: c },
		...s
	});
}
async function ar(e = {}, t = {}) {
	S({
		method: "createMicrophoneAudioTrack",
		at: t
	}, "options", e, $n);
	let { kbps: n, channels: r, speech: i } = sr(y.audio, e.encoderConfig ?? "speech_standard", "createMicrophoneAudioTrack", t), { noiseSuppresion: a, echoCancellation: o, autoGainControl: s } = e.noiseConfig ?? {};
	return E(await ge("microphone", {
		noiseSuppression: e.noiseConfig?.noiseSuppression ?? a ?? i,
		echoCancellation: o ?? i,
		autoGainControl: s ?? i,
		channelCount: { ideal: r },
		...e.microphoneId ? { deviceId: { exact: e.microphoneId } } : {}
	}, t), "audio", i ? "speech" : "music", { maxBitrateBps: n * 1e3 });
}
async function or(e = {}, t = {}) {
	S({
		method: "createScreenShareVideoTrack",
		at: t
	}, "options", e, er);
	let n = "createScreenShareVideoTrack", { width: r, height: i, frameRate: a, kbps: o } = sr(y.share, e.encoderConfig ?? "h720p_15fps", n, t), s = lr(e, n, t), c = await _e({
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
	return E(c, "audio", "music", { maxBitrateBps: Se }), E(c, "video", l, {
		maxBitrateBps: o * 1e3,
		...s,
		degradation: l === "motion" ? "balanced" : "maintain-resolution"
	});
}
function E(e, t, n, r) {
	for (let i of e.getTracks().filter((e) => e.kind === t)) i.contentHint = n, tr.set(i, r);
	return e;
}
function sr(e, t, n, r) {
	if (Object.hasOwn(e, t)) return e[t];
	let i = {
		method: n,
		parameter: "encoderConfig",
		got: String(t),
		allowed: Object.keys(e)
	};
	throw new g(f.invalidParameterNotAllowed(i, r));
}
var cr = Object.values(x);
function lr({ codec: e, multiStream: t, maxLayer: n }, r, i) {
	let a = (e, t, n) => {
		throw new g(f.invalidParameterNotAllowed({
			method: r,
			parameter: e,
			got: String(t),
			allowed: [...n]
		}, i));
	};
	if (e !== void 0 && !cr.includes(e) && a("codec", e, cr), t !== void 0 && typeof t != "boolean" && a("multiStream", t, ["true", "false"]), n !== void 0 && n !== 2 && n !== 3 && a("maxLayer", n, ["2", "3"]), n !== void 0 && t === !1) {
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
function D(e, t, n, r) {
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
function ur(e, t, n, r) {
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
function dr(e, t, n) {
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
function fr(e, t, n) {
	if (typeof t == "string" && Object.hasOwn(n, t)) return;
	let r = String(t), i = Object.keys(n);
	throw new g(f.invalidParameterUnknownEvent({
		method: e,
		event: r,
		nearest: Jn(r, i),
		allowed: i
	}));
}
// src/log.ts
var pr = Object.values(b), mr = {
	ERROR: "error",
	WARN: "warn",
	INFO: "info",
	DEBUG: "debug"
}, hr = pr.indexOf("NONE");
function gr(e) {
	hr = pr.indexOf(e);
}
var _r = (e) => pr.indexOf(e) <= hr;
function O(e, ...t) {
	_r(e) && console[e === "ALL" ? "debug" : mr[e]]("[klatch]", ...t);
}
// src/emitter.ts
var k = class {
	#e;
	#t;
	#n = Object.create(null);
	constructor(e, t) {
		this.#e = e, this.#t = t;
	}
	on(e, t) {
		return fr(`${this.#e}.on`, e, this.#t), dr(`${this.#e}.on`, t), this.#n[e] = [...this.#n[e] ?? [], t], () => this.off(e, t);
	}
	once(e, t) {
		let n = this.on(e, (...e) => {
			n(), t(...e);
		});
		return n;
	}
	off(e, t) {
		fr(`${this.#e}.off`, e, this.#t);
		let n = this.#n[e] ?? [], r = t ? n.indexOf(t) : -1;
		this.#n[e] = t ? n.filter((e, t) => t !== r) : [];
	}
	listenerCount(e) {
		return this.#n[e]?.length ?? 0;
	}
	emit(e, ...t) {
		O("DEBUG", this.#e, e, ...t);
		for (let n of this.#n[e] ?? []) try {
			n(...t);
		} catch (e) {
			A(e);
		}
	}
};
function A(e) {
	queueMicrotask(() => {
		throw e;
	});
}
// src/deviceinfo.ts
var j = class {
	deviceId;
	groupId;
	kind;
	label;
	constructor(e, t, n, r) {
		this.deviceId = e, this.groupId = t, this.kind = n, this.label = r;
	}
}, vr = class extends j {
	facingMode;
	constructor(e, t, n, r, i) {
		super(e, t, n, r), this.facingMode = i ?? (/\b(back|rear|environment)\b/i.test(r) ? "environment" : "front");
	}
}, yr = class extends j {}, br = class extends j {};
function xr(e) {
	let { deviceId: t, groupId: n, kind: r, label: i } = e;
	if (r === "audioinput") return new yr(t, n, r, i);
	if (r === "audiooutput") return new br(t, n, r, i);
	let { facingMode: a = [] } = "getCapabilities" in e ? e.getCapabilities() : {};
	return new vr(t, n, r, i, a.includes("environment") ? "environment" : void 0);
}
// src/devices.ts
async function Sr() {
	return (await v({}).enumerateDevices()).filter(({ deviceId: e }) => e !== "").map(xr);
}
async function M(e) {
	return (await Sr()).filter((t) => t.kind === e);
}
var Cr = class extends k {
	constructor() {
		super("VideoSDK", { "device-changed": !0 });
	}
	on(e, t) {
		let n = v({}), r = super.on(e, t);
		return this.listenerCount(e) === 1 && n.addEventListener("devicechange", this.#e), r;
	}
	off(e, t) {
		super.off(e, t), this.listenerCount(e) === 0 && v({}).removeEventListener("devicechange", this.#e);
	}
	#e = () => {
		Sr().then((e) => this.emit("device-changed", { devices: e }), A);
	};
};
function wr(e, t) {
	return C({ method: e }, "permissions", t, Object.values(zn)), t === "audio" || t === "video" ? [t] : ["audio", "video"];
}
var Tr = {
	audio: "microphone",
	video: "camera"
};
async function Er(e) {
	let t = wr("checkPermissions", e).map(async (e) => [e, await Or(e)]);
	return new Map(await Promise.all(t));
}
async function Dr(e) {
	let t = /* @__PURE__ */ new Map();
	for (let n of wr("requestPermission", e)) try {
		let e = await ge(Tr[n], {}, {});
		for (let t of e.getTracks()) t.stop();
		t.set(n, !0);
	} catch (e) {
		if (!(e instanceof g) || e.reason !== "PERMISSION_DENIED") throw e;
		t.set(n, !1);
	}
	return t;
}
async function Or(e) {
	try {
		return (await navigator.permissions.query({ name: Tr[e] })).state === "granted";
	} catch {
		return (await v({}).enumerateDevices()).some(({ kind: t, label: n }) => t === `${e}input` && n !== "");
	}
}
// src/address.ts
var kr = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/;
function Ar(e, t) {
	let n = (t) => {
		throw new g(f.signalingUnreachableBadURL({
			url: Mr(e),
			problem: t
		}));
	};
	/^[a-z][a-z0-9+.-]*:\/\//i.test(e) || n(e.trim() === "" ? "it is empty" : "it does not begin with http:// or https://");
	let r = jr(e) ?? n("it is not a valid URL"), i = r.protocol === "https:" || r.protocol === "wss:";
	!i && r.protocol !== "http:" && r.protocol !== "ws:" && n(`its scheme is ${r.protocol.slice(0, -1)}`), (r.username !== "" || r.password !== "") && n("it contains a user name or password"), (r.search !== "" || r.hash !== "") && n("it has a query or fragment");
	let a = r.host + r.pathname.replace(/\/+$/, "");
	if (t.protocol === "https:" && !i && !kr.test(r.hostname)) throw new g(f.signalingUnreachableMixedContent({
		url: e,
		page: t.origin
	}));
	return {
		base: `${i ? "https" : "http"}://${a}`,
		signal: `${i ? "wss" : "ws"}://${a}/v1/signal`
	};
}
function jr(e) {
	try {
		return new URL(e);
	} catch {
		return;
	}
}
function Mr(e) {
	return e.replace(/\/\/[^/@]*@/, "//").replace(/[?#].*/s, "");
}
// src/calls.ts
var Nr = class {
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
		if (this.#n.has(e.id)) return e;
		this.#n.add(e.id), O(e.fatal ? "ERROR" : "WARN", String(e));
		let { reports: t } = this.#e;
		return t && d(e) && this.#e.phase() === "joined" && this.#e.report(e), this.#e.events.emit("error", e), e;
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
		return e instanceof g ? e : (A(e), this.error(f.signalingUnreachableNotKlatch, {
			url: this.#e.where().server ?? "",
			status: 101
		}));
	}
};
// src/unoffered.ts
function N(e, t) {
	return new g(f.notOfferedNotOffered({
		method: e,
		feature: t
	}));
}
var Pr = (e) => (t, n, { method: r }) => {
	throw N(`${r} with ${n}`, e);
};
function Fr(e, t) {
	if (t?.enabled || t?.summary?.enabled) throw N(`${e} with transcription`, "transcription");
}
var Ir = class extends k {
	get transcriptionState() {
		return "TRANSCRIPTION_STOPPED";
	}
	get isE2EEEnabled() {
		return !1;
	}
	startTranscription(e) {
		return this.refused(N("startTranscription", "transcription"));
	}
	stopTranscription() {
		return this.refused(N("stopTranscription", "transcription"));
	}
	requestMediaRelay(e) {
		return this.refused(N("requestMediaRelay", "media relay between meetings"));
	}
	stopMediaRelay(e) {
		return this.refused(N("stopMediaRelay", "media relay between meetings"));
	}
	startWhiteboard() {
		return this.refused(N("startWhiteboard", "a whiteboard"));
	}
	stopWhiteboard() {
		return this.refused(N("stopWhiteboard", "a whiteboard"));
	}
}, Lr = 3e4, Rr = {}, zr = { fields: {
	enabled: "boolean",
	summary: { fields: {
		enabled: "boolean",
		prompt: "string"
	} }
} }, Br = {
	layout: (e, t, n) => {
		typeof e != "object" || Array.isArray(e) || C(n, t, e, { fields: {
			type: "any",
			priority: "any",
			gridSize: "any"
		} });
	},
	theme: "any",
	quality: "any",
	orientation: "any",
	transcription: "any"
}, Vr = {
	...Br,
	fileFormat: "any",
	mode: "any"
}, Hr = {
	...Br,
	mode: "any",
	recording: "any"
}, Ur = {
	...Br,
	mode: "any",
	recording: "any"
}, Wr = {
	url: "string",
	streamKey: "string"
}, Gr = class {
	recording = "RECORDING_STOPPED";
	livestream = "LIVESTREAM_STOPPED";
	hls = "HLS_STOPPED";
	urls = Rr;
	#e;
	constructor(e) {
		this.#e = e;
	}
	reset() {
		this.recording = "RECORDING_STOPPED", this.livestream = "LIVESTREAM_STOPPED", this.hls = "HLS_STOPPED", this.urls = Rr;
	}
	enter({ recording: e, livestream: t, hls: n }) {
		this.recording = e.status || "RECORDING_STOPPED", this.livestream = t.status || "LIVESTREAM_STOPPED", this.#r(n);
	}
	reenter({ recording: e, livestream: t, hls: n }) {
		let r = e.status || "RECORDING_STOPPED";
		r !== this.recording && this.event({
			name: "recording-state-changed",
			data: { status: r }
		});
		let i = t.status || "LIVESTREAM_STOPPED";
		i !== this.livestream && this.event({
			name: "livestream-state-changed",
			data: { status: i }
		});
		let a = n.status || "HLS_STOPPED";
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
			case "recording-state-changed": return this.recording = t.status || "RECORDING_STOPPED", n.emit(e, { status: this.recording }), t.status === "RECORDING_STARTED" && n.emit("recording-started"), t.status === "RECORDING_STOPPED" && n.emit("recording-stopped"), !0;
			case "livestream-state-changed": return this.livestream = t.status || "LIVESTREAM_STOPPED", n.emit(e, { status: this.livestream }), t.status === "LIVESTREAM_STARTED" && n.emit("livestream-started"), t.status === "LIVESTREAM_STOPPED" && n.emit("livestream-stopped"), !0;
			case "hls-state-changed": return this.#r(t), n.emit(e, {
				status: this.hls,
				...this.urls
			}), t.status === "HLS_STARTED" && n.emit("hls-started", this.urls), t.status === "HLS_STOPPED" && n.emit("hls-stopped"), !0;
			default: return !1;
		}
	}
	async startRecording(e, t, n, r) {
		let i = this.#n("startRecording");
		C(i, "webhookUrl", e, "string"), C(i, "awsDirPath", t, "string"), Kr(i, n, Vr, r), await this.#t(i.method, {
			webhookUrl: e,
			awsDirPath: t,
			config: n
		});
	}
	async startLivestream(e, t) {
		let n = this.#n("startLivestream");
		w(n, "outputs", e), C(n, "outputs", e, "array"), e.forEach((e, t) => {
			w(n, `outputs[${t}]`, e), C(n, `outputs[${t}]`, e, { fields: Wr });
		}), Kr(n, t, Hr, void 0), await this.#t(n.method, {
			outputs: e,
			config: t
		});
	}
	async startHls(e, t) {
		let n = this.#n("startHls");
		Kr(n, e, Ur, t), await this.#t(n.method, { config: e });
	}
	async stop(e) {
		await this.#e.request(e);
	}
	async #t(e, t) {
		let n = Object.entries(t).filter(([, e]) => !T(e));
		await this.#e.request(e, Object.fromEntries(n), Lr);
	}
	#n(e) {
		return {
			method: e,
			at: this.#e.where()
		};
	}
	#r({ status: e, playbackHlsUrl: t, livestreamUrl: n, downstreamUrl: r }) {
		this.hls = e || "HLS_STOPPED", this.urls = {
			...t && { playbackHlsUrl: t },
			...n && { livestreamUrl: n },
			...r && { downstreamUrl: r }
		};
	}
};
function Kr(e, t, n, r) {
	C(e, "config", t, "object"), C(e, "transcription", r, zr), Fr(e.method, r), T(t) || (S(e, "config", t, n, "config"), Fr(e.method, t.transcription));
}
// src/meetingevents.ts
var qr = {
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
	"audio-input-silence": !0,
	"codec-changed": !0,
	error: !0,
	"fault-cleared": !0,
	"transcription-state-changed": !0,
	"transcription-text": !0,
	"whiteboard-started": !0,
	"whiteboard-stopped": !0,
	"media-relay-started": !0,
	"media-relay-stopped": !0,
	"media-relay-error": !0,
	"media-relay-request-response": !0,
	"media-relay-request-received": !0
}, Jr = 5e3, Yr = class extends Error {
	name = "NoFrameError";
	waitedMs = Jr;
};
async function Xr(e, t) {
	let n = document.createElement("video");
	n.muted = !0, n.playsInline = !0, n.srcObject = new MediaStream([e]);
	try {
		await Zr(n);
		let e = document.createElement("canvas"), { videoWidth: r, videoHeight: i } = n, { width: a = (t.height ?? i) * r / i } = t, { height: o = a * i / r } = t;
		e.width = Math.round(a), e.height = Math.round(o);
		let s = e.getContext("2d");
		if (!s) throw Error("no 2d context");
		let c = Math.min(e.width / r, e.height / i), [l, u] = [r * c, i * c];
		return s.drawImage(n, (e.width - l) / 2, (e.height - u) / 2, l, u), e.toDataURL("image/jpeg").replace(/^[^,]*,/, "");
	} finally {
		n.srcObject = null;
	}
}
async function Zr(e) {
	let t, n = new Promise((e, n) => {
		t = setTimeout(() => n(new Yr()), Jr);
	});
	try {
		await Promise.race([e.play(), n]);
	} finally {
		clearTimeout(t);
	}
}
// src/rates.ts
var Qr = 1e3, $r = 200, ei = 1e4, ti = class {
	#e = /* @__PURE__ */ new Map();
	at(e, t) {
		let n = (this.#e.get(e) ?? []).filter(({ atMs: e, bytes: n }) => t.atMs - e <= ei && n <= t.bytes && e < t.atMs), r = n.findLastIndex(({ atMs: e }) => t.atMs - e >= Qr), i = n.slice(Math.max(r, 0));
		this.#e.set(e, [...i, t]);
		let [a] = i, o = a ? t.atMs - a.atMs : 0;
		return a && o >= $r ? Math.round((t.bytes - a.bytes) * 8e3 / o) : void 0;
	}
	forget(e) {
		for (let t of this.#e.keys()) t.startsWith(e) && this.#e.delete(t);
	}
}, ni = 300, ri = {
	video: ["video", "share"],
	audio: ["audio", "shareAudio"]
}, ii = [
	"auto",
	"high",
	"med",
	"low"
], ai = class {
	#e;
	#t = /* @__PURE__ */ new Map();
	#n = /* @__PURE__ */ new Map();
	constructor(e) {
		this.#e = e;
	}
	video(e = {}) {
		let t = "participant.renderVideo", n = this.#e.where(), { type: r = "video", maxQuality: i = "auto", videostyle: a, containerStyle: o } = e;
		si(t, "type", r, ri.video, n), si(t, "maxQuality", i, ii, n);
		let s = this.#t.get(r) ?? this.#r(r);
		return Object.assign(s.container.style, o), Object.assign(s.video.style, a), !this.#e.local && i !== s.quality && this.#e.want(r, { quality: i === "auto" ? "high" : i }), s.quality = i, this.update(r), s.container;
	}
	audio({ type: e = "audio" } = {}) {
		si("participant.renderAudio", "type", e, ri.audio, this.#e.where());
		let t = this.#n.get(e) ?? this.#a(e);
		return this.update(e), t;
	}
	update(e) {
		let t = this.#e.track(e), n = e === "video" || e === "share" ? this.#t.get(e)?.video : this.#n.get(e);
		if (!n) return;
		let [r] = n.srcObject instanceof MediaStream ? n.srcObject.getTracks() : [];
		r !== t && (n.srcObject = t ? new MediaStream([t]) : null), n instanceof HTMLVideoElement && (n.style.visibility = t ? "" : "hidden"), t && oi(n);
	}
	#r(e) {
		let t = document.createElement("div");
		t.className = `video-container ${this.#e.className}`, t.style.position = "relative";
		let n = document.createElement("video");
		Object.assign(n, {
			muted: !0,
			autoplay: !0,
			playsInline: !0
		}), Object.assign(n.style, {
			width: "100%",
			height: "100%",
			objectFit: e === "share" ? "contain" : "cover"
		}), t.append(n);
		let r = {
			container: t,
			video: n,
			quality: "auto"
		};
		return this.#t.set(e, r), this.#e.local || this.#i(e, r), r;
	}
	#i(e, t) {
		let n, r = () => {
			let { width: n, height: r } = t.container.getBoundingClientRect();
			if (t.quality !== "auto" || n < 1 || r < 1) return;
			let i = (e) => Math.min(16384, Math.ceil(e * (globalThis.devicePixelRatio || 1)));
			this.#e.want(e, {
				width: i(n),
				height: i(r)
			});
		};
		new ResizeObserver(() => {
			clearTimeout(n), n = setTimeout(r, ni);
		}).observe(t.container);
	}
	#a(e) {
		let t = document.createElement("audio");
		return Object.assign(t, {
			autoplay: !0,
			muted: this.#e.local
		}), t.style.display = "none", this.#n.set(e, t), t;
	}
};
function oi(e) {
	e.play().catch((t) => {
		if (t instanceof DOMException && t.name === "NotAllowedError") for (let t of ["pointerup", "keydown"]) document.addEventListener(t, () => void e.play().catch(() => void 0), { once: !0 });
	});
}
function si(e, t, n, r, i) {
	if (!(typeof n == "string" && r.includes(n))) throw new g(f.invalidParameterNotAllowed({
		method: e,
		parameter: t,
		got: String(n),
		allowed: [...r]
	}, i));
}
// src/stats.ts
var P = (e) => [...e.values()], ci = (e) => e.find(({ type: e, nominated: t, state: n }) => e === "candidate-pair" && t && n !== "failed");
function li(e) {
	return (e.find(({ id: t }) => t === ci(e)?.localCandidateId)?.networkType ?? navigator.connection?.type ?? "unknown").toUpperCase();
}
var F = (e) => Math.round((e ?? 0) / 10) / 100;
function ui(e, t, n) {
	let r = P(t);
	return fi(pi(r).map((t) => hi(e, r, t, n)));
}
function di(e, t, n, r) {
	let i = P(t);
	return fi(pi(i).map((t, a, { length: o }) => {
		let { stats: s, complete: c } = hi(e, i, t, n), l = t.type === "outbound-rtp", { frameWidth: u = 0, frameHeight: d = 0, framesPerSecond: f = 0 } = t, p = l ? o - 1 - a : r.current ?? 0, m = l ? mi(t) - 1 : 0;
		return {
			stats: {
				...s,
				size: {
					width: u,
					height: d,
					framerate: f
				},
				limitation: {
					reason: t.qualityLimitationReason ?? "none",
					durations: { ...t.qualityLimitationDurations },
					resolutionChanges: t.qualityLimitationResolutionChanges ?? 0
				},
				currentSpatialLayer: p,
				preferredSpatialLayer: l ? p : r.preferred ?? p,
				currentTemporalLayer: m,
				preferredTemporalLayer: m,
				rid: t.rid
			},
			complete: c
		};
	}));
}
function fi(e) {
	return {
		stats: e.map(({ stats: e }) => e),
		complete: e.every((e) => e.complete)
	};
}
function pi(e) {
	let t = ({ frameWidth: e = 0, frameHeight: t = 0 }) => e * t, n = e.filter(({ type: e }) => e === "outbound-rtp" || e === "inbound-rtp").sort((e, n) => t(n) - t(e)), r = n.filter(({ packetsSent: e = 0, packetsReceived: t = 0 }) => e + t > 0);
	return r.length > 0 ? r : n.slice(0, 1);
}
var mi = ({ scalabilityMode: e }) => Number(/T(\d)/.exec(e ?? "")?.[1] ?? 1);
function hi(e, t, n, r) {
	let i = n.bytesSent ?? n.bytesReceived ?? 0, a = r.at(`${e} ${n.rid ?? ""}`, {
		atMs: n.timestamp,
		bytes: i
	}), o = n.type === "outbound-rtp" ? t.find(({ type: e, localId: t, ssrc: r }) => e === "remote-inbound-rtp" && (t === void 0 ? r === n.ssrc : t === n.id)) : n, s = bi(o?.roundTripTime ?? ci(t)?.currentRoundTripTime), c = bi(o?.jitter);
	return {
		complete: a !== void 0,
		stats: {
			kind: e,
			bitrate: F(a),
			rtt: s ?? 0,
			jitter: c ?? 0,
			packetsLost: o?.packetsLost ?? 0,
			totalPackets: n.packetsSent ?? n.packetsReceived ?? 0,
			codec: t.find(({ id: e }) => e === n.codecId)?.mimeType?.split("/")[1] ?? "",
			network: li(t),
			bitrateBps: a ?? 0,
			rttMs: s,
			jitterMs: c
		}
	};
}
function gi(e, t, n) {
	let r = e && _i("send", P(e), n), i = t && _i("receive", P(t), n), a = r?.pair ?? i?.pair;
	if (!a) return;
	let o = [...e ? P(e) : [], ...t ? P(t) : []], s = r?.pair.availableOutgoingBitrate;
	return {
		complete: [r, i].every((e) => e === void 0 || e.rate !== void 0),
		stats: {
			send: {
				outgoingBitrate: r ? F(r.rate) : null,
				totalSentBytes: r?.bytes ?? null
			},
			receive: {
				incomingBitrate: i ? F(i.rate) : null,
				totalReceivedBytes: i?.bytes ?? null
			},
			rtt: bi(a.currentRoundTripTime),
			protocol: o.find(({ id: e }) => e === a.localCandidateId)?.protocol,
			availableBitrate: s === void 0 ? void 0 : F(s)
		}
	};
}
function _i(e, t, n) {
	let r = ci(t);
	if (!r) return;
	let i = (e === "send" ? r.bytesSent : r.bytesReceived) ?? 0;
	return {
		pair: r,
		bytes: i,
		rate: n.at(e, {
			atMs: r.timestamp,
			bytes: i
		})
	};
}
function vi(e) {
	let t = P(e).filter(({ type: e, active: t }) => e === "outbound-rtp" && t !== !1).map(({ qualityLimitationReason: e = "none" }) => e);
	return t.find((e) => e === "cpu") ?? t.find((e) => e === "bandwidth") ?? "none";
}
function yi(e) {
	let t = 0, n = 0, r = 0;
	for (let { type: i, packetsSent: a = 0, framesSent: o, timestamp: s } of e.values()) i === "remote-inbound-rtp" && (r = Math.max(r, s)), i === "outbound-rtp" && (t += a, n += o ?? a);
	return {
		packets: t,
		media: n,
		reportedAt: r
	};
}
function bi(e) {
	return e === void 0 ? void 0 : Math.round(e * 1e5) / 100;
}
// src/stream.ts
var xi = {
	state: !0,
	"stream-state-changed": !0
}, Si = class extends k {
	id;
	kind;
	codec;
	#e;
	#t;
	constructor(e, t, n) {
		super("stream", xi), this.id = e.id, this.kind = e.kind, this.codec = e.codec, this.#t = t, this.#e = n;
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
}, Ci = {
	"stream-enabled": !0,
	"stream-disabled": !0,
	"media-status-changed": !0,
	"video-quality-changed": !0,
	"stream-paused": !0,
	"stream-resumed": !0,
	"e2ee-state-change": !0,
	"agent-state-changed": !0,
	"agent-transcription-received": !0,
	"agent-metrics": !0
}, I = [
	"low",
	"med",
	"high"
], wi = {
	low: "LOW",
	med: "MEDIUM",
	high: "HIGH"
}, Ti = 16384, Ei = 500, Di = {
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
}, L = class extends k {
	local;
	streams;
	#e;
	#t = /* @__PURE__ */ new Map();
	#n = /* @__PURE__ */ new Map();
	#r = /* @__PURE__ */ new Map();
	#i = new ti();
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
		super("participant", Ci), this.#l = e.id, this.#u = e.displayName, this.#f = e.mode, this.#p = e.metaData, this.local = t, this.#e = n, this.streams = this.#t, this.#a = new ai({
			className: `participant-video-${e.id}`,
			local: t,
			track: (e) => this.stream(e)?.track,
			want: (e, t) => void n.preferences.set(this.id, e, t, "quality").catch(() => void 0),
			where: () => n.where()
		});
	}
	get id() {
		return this.#l;
	}
	get displayName() {
		return this.#u;
	}
	get mode() {
		return this.#e.modeName(this.#f);
	}
	get presentMode() {
		return this.#f;
	}
	get metaData() {
		return this.#p ?? {};
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
		return this.#g("video");
	}
	get screenShareQuality() {
		return this.#g("share");
	}
	stream(e) {
		return [...this.#t.values()].find((t) => t.kind === e);
	}
	enableMic() {
		return this.#E("audio", !0, "participant.enableMic");
	}
	disableMic() {
		return this.#E("audio", !1, "participant.disableMic");
	}
	enableWebcam() {
		return this.#E("video", !0, "participant.enableWebcam");
	}
	disableWebcam() {
		return this.#E("video", !1, "participant.disableWebcam");
	}
	remove() {
		return this.#T("participant.remove", "removeParticipant", {});
	}
	pin(e = "SHARE_AND_CAM") {
		return this.#D("participant.pin", e, !0);
	}
	unpin(e = "SHARE_AND_CAM") {
		return this.#D("participant.unpin", e, !1);
	}
	consumeMicStreams() {
		return this.#S("audio", !0, "participant.consumeMicStreams");
	}
	consumeWebcamStreams() {
		return this.#S("video", !0, "participant.consumeWebcamStreams");
	}
	stopConsumingMicStreams() {
		return this.#S("audio", !1, "participant.stopConsumingMicStreams");
	}
	stopConsumingWebcamStreams() {
		return this.#S("video", !1, "participant.stopConsumingWebcamStreams");
	}
	renderVideo(e) {
		return this.#a.video(e);
	}
	renderAudio(e) {
		return this.#a.audio(e);
	}
	captureImage(e = {}) {
		let t = "participant.captureImage";
		return this.#e.call(t, async () => {
			let n = this.#e.where(), r = Object.fromEntries(Object.entries(e).filter(([, e]) => e !== void 0));
			for (let [e, n] of Object.entries(r)) this.#h(t, e, n);
			let i = this.stream("video")?.track;
			if (!i) {
				let e = {
					method: t,
					participantId: this.id,
					name: this.displayName
				};
				throw new g(f.webcamNotEnabledCameraOff(e, n));
			}
			try {
				return await Xr(i, r);
			} catch (e) {
				let r = {
					method: t,
					participantId: this.id,
					name: this.displayName
				};
				if (e instanceof Yr) throw new g(f.captureImageFailedNoFrame({
					...r,
					waitedMs: e.waitedMs
				}, n));
				let { name: i, message: a } = e;
				throw new g(f.captureImageFailedNotDrawn({
					...r,
					domName: i,
					domMessage: a
				}, n));
			}
		});
	}
	setQuality(e) {
		return this.#_("participant.setQuality", "video", e);
	}
	setScreenShareQuality(e) {
		return this.#_("participant.setScreenShareQuality", "share", e);
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
			for (let [n, i] of Object.entries({
				width: e,
				height: t
			})) this.#h(r, n, i);
			let a = {
				width: Math.round(e),
				height: Math.round(t)
			};
			await this.#e.preferences.set(this.id, n, a, "quality");
		});
	}
	getVideoStats() {
		return this.#A("video");
	}
	getShareStats() {
		return this.#A("share");
	}
	getAudioStats() {
		return this.#k("audio");
	}
	getShareAudioStats() {
		return this.#k("shareAudio");
	}
	async getTransportStats() {
		return this.local ? await Oi(async () => {
			let [e, t] = await Promise.all([this.#e.transportStats(!0), this.#e.transportStats(!1)]);
			return gi(e, t, this.#i);
		}) ?? null : null;
	}
	#h(e, t, n) {
		if (typeof n == "number" && n >= 1 && n <= Ti) return;
		let r = {
			method: e,
			parameter: t,
			got: String(n),
			want: `a number from 1 to ${Ti}`
		};
		throw new g(f.invalidParameterOutOfRange(r, this.#e.where()));
	}
	#g(e) {
		let t = this.local ? void 0 : this.#e.preferences.of(this.id, e).quality;
		return this.#s.get(e)?.quality ?? this.#o.get(e) ?? t ?? "high";
	}
	#_(e, t, n) {
		return this.#e.call(e, async () => {
			if (!I.includes(n)) {
				let t = {
					method: e,
					parameter: "quality",
					got: String(n),
					allowed: [...I]
				};
				throw new g(f.invalidParameterNotAllowed(t, this.#e.where()));
			}
			this.#v(e, t), await this.#e.preferences.set(this.id, t, { quality: n }, "quality");
		});
	}
	#v(e, t) {
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
	#y(e, t, n) {
		return this.#e.call(n, async () => {
			if (this.#v(n, e), this.#e.preferences.isPaused(this.id, e) === t) {
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
	#b(e) {
		return this.#e.preferences.isPaused(this.id, e) || this.#c.has(e);
	}
	forwarded(e) {
		let { kind: t, quality: n } = e, r = this.#s.get(t)?.quality ?? this.#o.get(t);
		this.#s.set(t, e), n && this.#o.set(t, n);
		let i = this.#c.get(t);
		if (e.state === "paused") {
			let n = this.#x(e);
			this.#c.set(t, n), n !== i && this.emit("stream-paused", {
				kind: t,
				reason: n
			});
		} else this.#c.delete(t), i && this.emit("stream-resumed", {
			kind: t,
			reason: i
		}), n && n !== r && this.emit("video-quality-changed", {
			currentQuality: wi[n],
			prevQuality: r && wi[r],
			kind: t
		});
	}
	#x({ kind: e, reason: t = "requested" }) {
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
	#S(e, t, n) {
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
		let e = [...this.#n.keys(), ...this.#r.keys()];
		for (let e of [
			this.#t,
			this.#n,
			this.#r,
			this.#s,
			this.#c
		]) e.clear();
		this.#i.forget("");
		for (let t of e) this.#a.update(t);
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
			peerId: this.id,
			kind: e,
			newStatus: !!t
		}), this.#C(e);
	}
	receive(e, t) {
		t ? this.#r.set(e, t) : this.#r.delete(e), this.#C(e);
	}
	#C(e) {
		let t = this.#n.get(e), n = this.#r.get(e), r = this.stream(e);
		if (t && n) {
			if (r?.track === n.track) return;
			let i = r ?? new Si(t, n.track, this.#w(e));
			i.update(n.track), this.#t.set(i.id, i), this.#a.update(e), this.emit("stream-enabled", i);
		} else r && (this.#t.delete(r.id), this.#i.forget(`${e} `), this.#a.update(e), this.emit("stream-disabled", r), this.local || e !== "video" && e !== "share" || r.tell("ended"));
	}
	#w(e) {
		return {
			pause: (t, n) => this.#y(e, t, n),
			isPaused: () => this.#b(e),
			pauseReason: () => this.#c.get(e)
		};
	}
	#T(e, t, n) {
		return this.#e.call(e, async () => void await this.#e.request(t, {
			participantId: this.id,
			...n
		}));
	}
	#E(e, t, n) {
		return this.local ? this.#e.own(e, t) : this.#T(n, "requestStream", {
			kind: e,
			enabled: t
		});
	}
	#D(e, t, n) {
		let r = Di[t];
		if (!r) {
			let n = {
				method: e,
				parameter: "type",
				got: String(t),
				allowed: Object.keys(Di)
			};
			return this.#e.call(e, () => Promise.reject(new g(f.invalidParameterNotAllowed(n, this.#e.where()))));
		}
		let { cam: i, share: a } = this.#m;
		return this.#T(e, "pin", { state: {
			cam: r.cam ? n : i,
			share: r.share ? n : a
		} });
	}
	#O(e) {
		return this.local ? this.#e.ownStats(e) : this.#r.get(e)?.receiver?.getStats();
	}
	async #k(e) {
		return await Oi(async () => {
			let t = await this.#O(e);
			return t && ui(e, t, this.#i);
		}) ?? [];
	}
	async #A(e) {
		return await Oi(async () => {
			let t = await this.#O(e), n = this.#s.get(e)?.quality, { quality: r } = this.#e.preferences.of(this.id, e), i = {
				current: n && I.indexOf(n),
				preferred: r && I.indexOf(r)
			};
			return t && di(e, t, this.#i, i);
		}) ?? [];
	}
};
async function Oi(e) {
	let t = await e();
	return !t || t.complete ? t?.stats : (await new Promise((e) => setTimeout(e, Ei)), (await e())?.stats);
}
// src/adaptive.ts
var ki = 500, Ai = 3, ji = 32;
function Mi() {
	return ["IntersectionObserver", "ResizeObserver"].filter((e) => !(e in globalThis));
}
var Ni = class {
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
		}), this.#r = new ResizeObserver(this.#a), this.#i = setInterval(() => this.#l(!0), ki), document.addEventListener("visibilitychange", this.#a), this.#a();
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
			let t = Pi((n.get(r) ?? []).filter((e) => this.#d(e))), a = t ? 0 : (this.#o.get(r) ?? 0) + +!!e;
			this.#o.set(r, a), !t && a < Ai || (this.#s.set(r, i), this.#e.show(i.participantId, i.kind, t ?? "hidden"));
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
function Pi(e) {
	let t, n = globalThis.devicePixelRatio || 1;
	for (let r of e) {
		let { width: e, height: i } = r.getBoundingClientRect();
		if (e < 1 || i < 1) continue;
		let a = (e) => Math.min(16384, Math.ceil(e * n / ji) * ji), o = {
			width: a(e),
			height: a(i)
		};
		(!t || o.width * o.height > t.width * t.height) && (t = o);
	}
	return t;
}
// src/kinds.ts
var R = [
	"audio",
	"video",
	"share",
	"shareAudio"
], Fi = 500, Ii = {
	video: 1500,
	share: 5e3
}, Li = class {
	#e;
	#t = /* @__PURE__ */ new WeakMap();
	#n;
	constructor(e) {
		this.#e = e, this.#n = setInterval(() => {
			for (let e of this.#e()) this.#r(e).catch(() => void 0);
		}, Fi);
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
		let o = e.kind === "share" ? Ii.share : Ii.video, s = i.state;
		a ? s = s === "freeze-detected" ? "freeze-resolved" : s === "freeze-resolved" ? s : "active" : s && r - i.packetAt >= o ? s = "stuck" : s && r - i.frameAt >= o && (s = "freeze-detected"), s && s !== i.state && (i.state = s, e.tell(s));
	}
}, Ri = 100, zi = 1e3, Bi = 500, z = (e, t) => `${t} ${e}`, Vi = /* @__PURE__ */ new Set([
	an,
	on,
	sn
]), Hi = class {
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
		return this.#t.get(z(e, t)) ?? {};
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
		let i = z(e, t), a = this.#t.get(i);
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
		let r = z(e, t), i = { ...this.#t.get(r) };
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
		this.#o(Ri);
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
			this.#i = void 0, this.#s().catch(() => this.#o(zi));
		}, e));
	}
	async #s() {
		for (;;) {
			let e = this.#c().filter(([e, t, n]) => this.#d(e, t, n));
			if (e.length === 0) return;
			try {
				await this.#p(e.slice(0, Bi));
			} catch (e) {
				if (e instanceof g && Vi.has(e.code)) return this.#o(zi);
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
		for (let e of this.#r) for (let t of this.#e.participantIds()) yield z(t, e);
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
}, Ui = /(?=^m=)/m;
function Wi(e, t) {
	let n = t?.split(Ui);
	return e.split(Ui).map((e, t) => {
		let r = n && (n[t] ?? "");
		return e.startsWith("m=audio") ? Gi(e, /^a=rtpmap:(\d+) opus\/.*\r\n/gim, "nack", r) : !e.startsWith("m=video") || !r ? e : Gi(e, /^a=rtcp-fb:(\d+) nack\r\n/gm, "rrtr", r);
	}).join("");
}
function Gi(e, t, n, r) {
	return r !== void 0 && !RegExp(`^a=rtcp-fb:\\d+ ${n}\\s*$`, "m").test(r) ? e : e.replace(t, (t, r) => {
		let i = `a=rtcp-fb:${r} ${n}\r\n`;
		return e.includes(i) ? t : t + i;
	});
}
async function Ki(e, t, n) {
	let r = t.sdp ?? "", i = Wi(r, n);
	if (i !== r && qi()) try {
		return await e.setLocalDescription({
			type: t.type,
			sdp: i
		}), i;
	} catch {}
	return await e.setLocalDescription(t), r;
}
var qi = () => !!RTCRtpSender.getCapabilities("audio")?.codecs.some(({ mimeType: e }) => e.toLowerCase() === "audio/red"), Ji = [
	401,
	403,
	441
], Yi = /* @__PURE__ */ new WeakMap();
function Xi(e) {
	let t = new RTCPeerConnection({
		iceServers: [...e],
		bundlePolicy: "max-bundle"
	});
	return t.addEventListener("icecandidateerror", ({ url: e, errorCode: n, errorText: r }) => {
		Ji.includes(n) && Yi.set(t, {
			server: e,
			status: n,
			problem: $i(t, e) ?? (r || "without a reason")
		});
	}), t;
}
var Zi = (e) => Yi.get(e);
function Qi(e, t) {
	e && e.signalingState !== "closed" && (Yi.delete(e), e.setConfiguration({
		...e.getConfiguration(),
		iceServers: [...t]
	}));
}
function $i(e, t) {
	let n = e.getConfiguration().iceServers?.find(({ urls: e }) => [e].flat().includes(t)), r = Number.parseInt(n?.username?.split(":")[0] ?? "", 10) * 1e3;
	return r <= Date.now() ? `they expired at ${new Date(r).toISOString()}` : void 0;
}
// src/observer.ts
var ea = 1e3, ta = class {
	#e;
	#t;
	#n = Date.now();
	#r;
	#i = [];
	#a = [];
	constructor(e, t) {
		this.#e = e, this.#t = t, this.#r = setInterval(() => void this.#o().catch(() => void 0), ea);
	}
	close() {
		clearInterval(this.#r);
	}
	async why(e) {
		await this.#o().catch(() => void 0);
		let t = this.#t, n = Date.now() - this.#n, r = this.#i.find(({ answers: e }) => e > 0), i = ia(this.#e);
		if (i && i.state !== "connected" && (r || aa(this.#e) || ra(this.#e.iceConnectionState))) {
			let a = {
				connection: t,
				pair: r?.ends ?? "a pair that is no longer known",
				problem: await oa(this.#e, i, n),
				afterMs: n
			};
			return f.mediaConnectionLostDTLSFailed(a, e);
		}
		let a = this.#i.map(({ ends: e, checks: t, answers: n }) => `${e} (${t} checks, ${n} answers)`), o = Zi(this.#e);
		if (o) return f.mediaConnectionLostTurnAuthFailed({
			connection: t,
			...o,
			pairs: a,
			afterMs: n
		}, e);
		let s = sa(this.#e), c = s.map(({ address: e }) => e), l = [...this.#a], u = [...new Set(s.map(({ transport: e, address: t, port: n, type: r }) => `${e} ${t}:${n} ${r}`))], { host: d, hostname: p } = ca(e.server);
		if (c.length > 0 && c.every(ua) && fa(p)) return f.mediaConnectionLostServerPrivateAddress({
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
			ends: `${t.get(e.localCandidateId)?.protocol ?? "udp"} ${na(t.get(e.localCandidateId))} > ${na(t.get(e.remoteCandidateId))}`,
			checks: e.requestsSent ?? 0,
			answers: e.responsesReceived ?? 0
		})).sort((e, t) => t.answers - e.answers || t.checks - e.checks);
		r.length > 0 && (this.#i = r);
	}
};
function na(e) {
	return e?.address ? `${e.address}:${e.port ?? 0}` : `a ${e?.candidateType ?? "local"} address`;
}
var ra = (e) => e === "connected" || e === "completed";
function ia(e) {
	for (let { sender: t, receiver: n } of e.getTransceivers()) {
		let e = t.transport ?? n.transport;
		if (e) return e;
	}
}
var aa = (e) => ia(e)?.state === "failed";
async function oa(e, t, n) {
	if (t.state !== "failed" && t.state !== "closed") return `it has not finished within ${n} ms, while STUN passes`;
	let [r] = t.getRemoteCertificates?.() ?? [], i = /^a=fingerprint:sha-256 (\S+)/im.exec(e.remoteDescription?.sdp ?? "")?.[1]?.toUpperCase();
	if (r && i && crypto.subtle) {
		let e = new Uint8Array(await crypto.subtle.digest("SHA-256", r));
		return Array.from(e, (e) => e.toString(16).padStart(2, "0").toUpperCase()).join(":") === i ? "the browser ended it with an alert, after it had the right certificate" : "the certificate of the other side does not have the fingerprint that its session description names";
	}
	return "the browser ended it without a reason: a certificate that lacks the fingerprint of the SDP, or a TLS alert";
}
function sa(e) {
	let t = e.remoteDescription?.sdp.matchAll(/^a=candidate:\S+ \d+ (\w+) \d+ (\S+) (\d+) typ (\w+)/gm) ?? [];
	return Array.from(t, ([, e = "", t = "", n = "", r = ""]) => ({
		transport: e,
		address: t,
		port: n,
		type: r
	}));
}
function ca(e) {
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
var la = /^(10\.|127\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:|::1$)/i, ua = (e) => la.test(e), da = /^[\d.]+$|:/;
function fa(e) {
	return da.test(e) ? !ua(e) : e.includes(".") && !/\.(local|localhost|internal|lan|home\.arpa)$/i.test(e);
}
// src/silence.ts
var pa = 400, ma = 1e3, ha = class {
	#e;
	#t;
	#n;
	#r;
	#i;
	#a = Date.now();
	#o = !1;
	#s = !1;
	constructor(e, t, n) {
		this.#e = e, this.#t = t, this.#n = n, this.#r = setInterval(() => void this.#c().catch(() => void 0), pa);
	}
	close() {
		clearInterval(this.#r);
	}
	async #c() {
		let e = this.#e.connectionState === "connected", t = this.#i, n = e ? await ga(this.#e) ?? t : void 0;
		this.#i = n, !n || !t || n.received !== t.received ? (this.#a = Date.now(), this.#s = !!n && !!t && n.sent > t.sent, n && t && this.#l(!1)) : this.#t(this.#s) ? Date.now() - this.#a >= ma && this.#l(!0) : this.#a = Date.now();
	}
	#l(e) {
		this.#o !== e && (this.#o = e, this.#n(e));
	}
};
async function ga(e) {
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
var _a = 12e3, va = 2500, ya = 1e3, ba = 1e4, xa = 5e3, Sa = 3, Ca = class {
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
		this.#n !== e && (this.close(), this.#n = e, this.#l = !1, this.#r = new ta(e, this.#e), this.#u = new ha(e, (e) => this.#t.expects(e), (e) => this.#g(e)), globalThis.addEventListener?.("offline", this.#m), globalThis.addEventListener?.("online", this.#h), e.addEventListener("connectionstatechange", this.#v), this.#x(_a), e.connectionState !== "new" && this.#v());
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
				this.#y(), this.#x(va);
				break;
			case "failed": this.#y(), this.#x(this.#o === 0 ? 0 : this.#b());
		}
	};
	#y() {
		this.#i > 0 && (this.#a += Date.now() - this.#i), this.#i = 0;
	}
	#b() {
		return Math.min(ba, ya * 2 ** this.#o);
	}
	#x(e) {
		clearTimeout(this.#p), this.#p = setTimeout(() => void this.#S(), e);
	}
	async #S() {
		let e = this.#n;
		if (!e) return;
		this.#l ||= aa(e);
		let t = this.#f;
		e.connectionState === "connected" && !t || e.signalingState === "closed" && !this.#l || (this.#x(Math.max(this.#b(), xa)), this.#c ||= (this.#c = !0, this.#f = !1, e.connectionState !== "connected" && await this.#C(), this.#o++, await (this.#l ? this.#t.replace() : this.#t.restart()).catch(() => void 0), !1));
	}
	async #C() {
		let e = this.#a === 0;
		if (this.#s || !e && this.#o < Sa) return;
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
}, wa = class {
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
		Qi(this.#t, this.#e.relays());
	}
	close() {
		this.#i = -1, this.#n?.close(), this.#t?.close();
	}
	#a() {
		let e = Xi(this.#e.relays());
		return this.#t = e, e;
	}
	#o(e) {
		this.#n ??= new Ca("subscribe", {
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
		return t !== void 0 && Ta(t) !== Ta(e) && this.#s(), this.#t ?? this.#a();
	}
	async #u(e) {
		let t = this.#l(e.sdp);
		try {
			await t.setRemoteDescription({
				type: "offer",
				sdp: this.#e.described(e.sdp)
			});
			let n = await Ki(t, await t.createAnswer(), e.sdp);
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
function Ta(e) {
	return /^o=\S+ (\S+)/m.exec(e)?.[1] ?? "";
}
// src/receiving.ts
var Ea = class {
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
		this.#n = new wa({
			...e,
			received: (t) => {
				e.isOver() || this.#e.roster.receive(t);
			},
			expects: () => [...this.#e.roster.participants.values()].some((e) => R.some((t) => e.isAnnounced(t)))
		});
		let { participants: t } = this.#e.roster;
		this.#r = new Li(function* () {
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
			if (t !== void 0 && !R.includes(t)) {
				let n = {
					method: e,
					parameter: "kind",
					got: String(t),
					allowed: [...R]
				};
				throw r.error(f.invalidParameterNotAllowed, n);
			}
			let a = t === void 0 ? R : [t], o = this.#t, s = { kind: t ?? "all" };
			if (n && a.every((e) => o.isKindPaused(e))) throw r.error(f.pauseAllStreamsFailedAlreadyPaused, s);
			if (!n && !a.some((e) => o.isKindPaused(e) || o.hasPaused(e))) throw r.error(f.resumeAllStreamsFailedNotPaused, s);
			await o.setKinds(a, n), i.emit(n ? "paused-all-streams" : "resumed-all-streams", s);
		}, { lane: "pauseAll" });
	}
	enableAdaptive(e) {
		let { calls: t } = this.#e;
		return t.run(e, async () => {
			if (this.#a) throw t.error((e, t) => f.adaptiveSubscriptionEnableFailedAlreadyEnabled(t), {});
			let e = Mi();
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
		this.#i = new Ni({
			pictures: () => this.#e.roster.pictures(),
			show: (e, t, n) => this.#t.show(e, t, n)
		});
	}
	#s() {
		return new Hi({
			request: (e, t) => this.#e.request(e, t),
			isOn: (e, t) => this.#e.roster.participants.get(e)?.isAnnounced(t) ?? !1,
			participantIds: () => this.#e.roster.participants.keys()
		});
	}
}, Da = class {
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
			else for (let e of R) t.announce(e, n.streams.find((t) => t.kind === e));
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
		let t = new L(e, !1, this.#e.host);
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
		if (n?.setMode(t), n?.local && t !== "SEND_AND_RECV") for (let e of R) this.#e.switchedOff(e);
		this.#e.events.emit("participant-mode-changed", {
			participantId: e,
			mode: this.#e.host.modeName(t)
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
}, Oa = class extends Error {
	name = "WireError";
}, B = (e, t, n) => {
	throw new Oa(`${e} is ${n === null ? "null" : Array.isArray(n) ? "an array" : typeof n}, not ${t}`);
}, V = (e, t) => typeof e == "string" ? e : B(t, "a string", e), H = (e, t) => typeof e == "number" ? e : B(t, "a number", e), U = (e, t) => typeof e == "boolean" ? e : B(t, "a boolean", e), ka = (e) => typeof e == "object" && !!e && !Array.isArray(e), W = (e, t) => ka(e) ? e : B(t, "an object", e), G = (e) => (t, n) => t == null ? void 0 : e(t, n), K = (e, t) => (n, r) => n == null ? t : e(n, r), q = (e) => (t, n) => t == null ? [] : Array.isArray(t) ? t.map((t, r) => e(t, `${n}[${r}]`)) : B(n, "an array", t), J = (...e) => (t, n) => e.find((e) => e === t) ?? B(n, e.join(" or "), t), Y = (e) => (t, n) => {
	if (!ka(t)) return B(n, "an object", t);
	let r = {};
	for (let [i, a] of Object.entries(e)) r[i] = a(t[i], `${n}.${i}`);
	return r;
}, Aa = J("audio", "video", "share", "shareAudio"), ja = J("SEND_AND_RECV", "RECV_ONLY", "SIGNALLING_ONLY"), Ma = Y({
	code: H,
	name: V
}), Na = Y({
	cam: U,
	share: U
}), Pa = Y({
	code: H,
	name: V,
	message: V,
	reason: V,
	detail: V,
	remedy: V,
	param: G(V),
	details: G(W),
	fatal: U,
	retryable: U,
	retryAfterMs: K(H, 0),
	id: V,
	causeId: K(V, ""),
	at: V,
	docs: K(V, ""),
	meetingId: K(V, ""),
	sessionId: K(V, ""),
	participantId: K(V, "")
}), Fa = (e, t) => {
	let { param: n, details: r, ...i } = Pa(e, t);
	return {
		...i,
		...n !== void 0 && { param: n },
		...r && { details: r }
	};
}, Ia = Y({
	id: V,
	kind: Aa,
	codec: V
}), La = Y({
	id: V,
	displayName: V,
	mode: ja,
	metaData: G(W),
	streams: q(Ia),
	joinedAt: V
}), Ra = Y({
	participantId: V,
	state: Na,
	pinnedBy: V
}), za = Y({
	participantId: V,
	name: V,
	metaData: G(W)
}), Ba = Y({ status: J("", "RECORDING_STARTING", "RECORDING_STARTED", "RECORDING_STOPPING", "RECORDING_STOPPED") }), Va = Y({ status: J("", "LIVESTREAM_STARTING", "LIVESTREAM_STARTED", "LIVESTREAM_STOPPING", "LIVESTREAM_STOPPED") }), Ha = Y({
	status: J("", "HLS_STARTING", "HLS_STARTED", "HLS_PLAYABLE", "HLS_STOPPING", "HLS_STOPPED"),
	playbackHlsUrl: K(V, ""),
	livestreamUrl: K(V, ""),
	downstreamUrl: K(V, "")
}), Ua = q(Y({
	urls: q(V),
	username: G(V),
	credential: G(V)
})), Wa = Y({
	participant: La,
	participants: q(La),
	permissions: q(V),
	activeSpeakerId: K(V, ""),
	presenterId: K(V, ""),
	pins: q(Ra),
	entries: q(za),
	startedAt: V,
	serverTime: V,
	egress: Y({
		recording: Ba,
		livestream: Va,
		hls: Ha
	}),
	iceServers: Ua
}), Ga = Y({
	state: J("joined", "waiting"),
	meetingId: V,
	sessionId: V,
	participantId: V,
	secret: V,
	resumeWindowMs: H,
	pingIntervalMs: H,
	welcome: G(Wa)
}), Ka = Y({
	seq: H,
	secret: V
}), qa = Y({
	sdp: V,
	streams: q(Ia)
}), Ja = Y({
	id: V,
	topic: V,
	message: V,
	senderId: V,
	senderName: V,
	timestamp: V,
	payload: G(W)
}), Ya = Y({
	id: V,
	timestamp: V
}), Xa = Y({ messages: q(Ja) }), Za = Y({
	offerId: H,
	sdp: V,
	streams: q(Y({
		mid: V,
		participantId: V,
		kind: Aa,
		streamId: V
	}))
}), Qa = J("low", "med", "high"), $a = Y({
	participantId: V,
	kind: Aa,
	streamId: V,
	state: J("active", "paused"),
	reason: G(J("bandwidth", "requested")),
	quality: G(Qa),
	width: K(H, 0),
	height: K(H, 0)
}), X = Y({ participantId: V }), eo = {
	"meeting-joined": Y({ welcome: Wa }),
	"meeting-left": Y({
		reason: Ma,
		fault: G(Fa)
	}),
	"participant-joined": Y({ participant: La }),
	"participant-left": Y({
		participantId: V,
		reason: Ma
	}),
	"participant-mode-changed": Y({
		participantId: V,
		mode: ja
	}),
	"stream-enabled": Y({
		participantId: V,
		stream: Ia
	}),
	"stream-disabled": Y({
		participantId: V,
		stream: Ia,
		by: K(V, "")
	}),
	"speaker-changed": X,
	"presenter-changed": X,
	"entry-requested": za,
	"entry-responded": Y({
		participantId: V,
		decision: J("allowed", "denied"),
		by: V
	}),
	"entry-withdrawn": X,
	"entry-pending": Y({
		waitedMs: H,
		hosts: H
	}),
	"mic-requested": X,
	"webcam-requested": X,
	"pin-state-changed": Ra,
	"pubsub-message": Ja,
	"subscribe-offer": Za,
	"ice-servers-changed": Y({ iceServers: Ua }),
	"stream-state": $a,
	encodings: Y({
		kind: Aa,
		active: q(Y({
			rid: V,
			active: U
		}))
	}),
	"quality-limitation": Y({
		type: J("bandwidth", "congestion"),
		state: J("detected", "resolved"),
		timestamp: V
	}),
	"recording-state-changed": Ba,
	"livestream-state-changed": Va,
	"hls-state-changed": Ha,
	error: Y({ fault: Fa })
};
function to(e, t) {
	if (Object.hasOwn(eo, e)) return {
		name: e,
		data: eo[e](t, e)
	};
}
var no = Y({
	seq: H,
	name: V
}), ro = Y({ data: Fa });
function io(e) {
	let t = W(JSON.parse(e), "frame");
	if (t.method !== void 0) {
		let e = W(t.params, "params");
		return {
			type: "event",
			...no(e, "params"),
			data: e.data
		};
	}
	return t.error === void 0 ? {
		type: "result",
		id: H(t.id, "id"),
		result: t.result
	} : {
		type: "refusal",
		id: G(H)(t.id, "id"),
		fault: ro(t.error, "error").data
	};
}
// src/pubsub.ts
var ao = class {
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
			Ya(await this.#e.request("pubsub.publish", o), "pubsub.publish");
		});
	}
	subscribe(e, t, n = {}) {
		return this.#r("pubSub.subscribe", { topic: e }, async () => {
			dr("pubSub.subscribe", typeof t == "object" && t ? t.onMessageReceived : t, this.#e.where()), this.#t.set(e, [...this.#t.get(e) ?? [], t]);
			try {
				let { messages: r } = Xa(await this.#e.request("pubsub.subscribe", {
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
			A(e);
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
}, oo = 2e3, so = 3, co = class {
	#e;
	#t;
	#n;
	#r;
	#i = 0;
	constructor(e) {
		this.#e = e, this.#t = setInterval(() => void this.#a().catch(() => void 0), oo);
	}
	close() {
		clearInterval(this.#t);
	}
	async #a() {
		let e = await this.#e.reason() ?? "none";
		if (this.#i = e === this.#r ? this.#i + 1 : 1, this.#r = e, this.#i < so) return;
		let t = e === "bandwidth" || e === "cpu" ? e : void 0;
		t !== this.#n && (this.#n && this.#e.changed(this.#n, "resolved"), this.#n = t, t && this.#e.changed(t, "detected"));
	}
}, Z = {
	tick: 1e3,
	silent: 8e3,
	muted: 5e3,
	unheard: 8e3
}, lo = {
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
}, uo = class {
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
		this.#t.set(e, r), mo(t).then((e) => r.device = e), this.#r = Date.now(), this.#n ??= setInterval(() => void this.#c(), Z.tick);
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
		let e = Date.now(), t = Math.min(e - this.#r, 2 * Z.tick);
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
			trackState: po(r),
			packetsSent: i?.packets ?? 0
		};
		if (r.readyState === "ended") return this.#t.delete(e), this.#e.fault(lo[e].ended(o, this.#e.where())), this.#e.ended(e, r);
		if (t.muted) return r.muted ? void 0 : this.#d(e, t);
		if (t.mutedMs = r.muted ? t.mutedMs + n : 0, t.mutedMs >= Z.muted && !t.silent && fo(e) && t.device) {
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
		e === "shareAudio" || s && document.visibilityState === "hidden" || s && t.flowed && !(e === "video" && t.device && this.#u(t)) || (t.silentMs += n, t.silentMs < Z.silent || t.silent || (t.silent = this.#o(lo[e].silent({
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
		if (t.packets = n, r === t.reportedAt ? a && (t.unheardMs += i) : (t.reportedAt = r, t.unheardMs = 0, this.#s(t.unheard), t.unheard = void 0), t.unheardMs < Z.unheard || [...this.#t.values()].some(({ unheard: e }) => e)) return;
		let o = {
			connection: "publish",
			kind: e,
			packetsSent: n,
			forMs: t.unheardMs
		};
		t.unheard = this.#o(f.mediaConnectionLostMediaNotArriving(o, this.#e.where()));
	}
}, fo = (e) => e === "audio" || e === "video";
function po({ readyState: e, enabled: t, muted: n }) {
	return [
		e,
		...t ? [] : ["not enabled"],
		...n ? ["muted"] : []
	].join(", ");
}
async function mo(e) {
	let { deviceId: t = "" } = e.getSettings();
	return (await M(e.kind === "audio" ? "audioinput" : "videoinput").catch(() => [])).some((e) => e.deviceId === t);
}
// src/localmedia.ts
function ho(e, t = "", n = "", r = "") {
	return new (e === "audio" ? yr : vr)(t, n, `${e}input`, r);
}
var go = {
	audio: "microphone",
	video: "camera"
}, _o = class {
	#e;
	#t;
	#n;
	#r = /* @__PURE__ */ new Map();
	#i = /* @__PURE__ */ new Map();
	#a;
	#o = !1;
	constructor(e, t, n) {
		this.#e = e, this.#n = t, this.#t = n, this.#a = new uo({
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
		let r = this.#r.get(e), i = t !== void 0 || r?.readyState !== "live", a = t ? D(t, e, n, this.#t.where()) : i ? await this.#s(e) : r;
		a !== r && r?.stop(), await this.#c(e, a);
	}
	async startShare(e, t) {
		let n = e instanceof MediaStream ? e : e ? new MediaStream([e]) : await or({}, this.#t.where()), r = D(n, "video", t, this.#t.where()), [i] = n.getAudioTracks();
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
			this.#h(e), this.#i.set(e, ho(e, t));
			let n = (await navigator.mediaDevices.enumerateDevices()).find((n) => n.deviceId === t && n.kind === `${e}input`);
			n && this.#i.get(e)?.deviceId === t && this.#i.set(e, xr(n));
			return;
		}
		let i = typeof t == "string" ? void 0 : D(t, e, r, this.#t.where());
		e === "video" && !i && this.#h(e);
		let a;
		try {
			a = i ?? await this.#s(e, t);
		} catch (t) {
			throw this.#r.has(e) || await this.stop(e), t;
		}
		if (this.#h(e), this.#u(e, a), n) {
			let t = await this.#e.sent(e), n = await this.#e.replace(e, a, rr(a, e));
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
		return D(e === "audio" ? await ar(t ? { microphoneId: t } : {}, n) : await ir(t ? {
			encoderConfig: this.#n.encoderConfig ?? "h720p_w1280p",
			cameraId: t
		} : this.#n, n), e, "capture", n);
	}
	async #c(e, t) {
		if (this.#o) return t.stop();
		t.enabled = !0, this.#u(e, t);
		try {
			let n = await this.#e.sent(e), r = await this.#e.enable(e, t, rr(t, e));
			this.#t.switched(e, {
				wire: r,
				track: t
			}), this.#o || this.#a.start(e, t, n);
		} catch (t) {
			throw this.#h(e), this.#l(e, t);
		}
	}
	#l(e, t) {
		return !(t instanceof g) || t.code < 4e3 ? t : (this.#t.fault(t.toJSON()), new g(he(e, t.id, this.#t.where())));
	}
	#u(e, t) {
		if (this.#r.set(e, t), t.onended = () => this.#d(e, t), e !== "audio" && e !== "video") return;
		let { deviceId: n, groupId: r } = t.getSettings();
		this.#i.set(e, ho(e, n, r, t.label));
	}
	#d(e, t) {
		if (this.#r.get(e) !== t) return;
		let n = t.enabled;
		if (this.#h(e), e === "audio" || e === "video") {
			if (this.#i.delete(e), !n) return;
			this.#t.fault(me(go[e], t.label, this.#t.where()));
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
}, vo = 1e3, yo = /* @__PURE__ */ new Set(), bo = class {
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
			let r = Ee(e, n, this.#a), i = this.#o.get(e);
			this.#p && i && !De(i, r) && (this.#o.set(e, r), await this.#y()), this.#o.set(e, r);
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
		let t = this.#l.get(e) ?? yo;
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
		let r = yi(await t.getStats()), i = this.#d.get(e);
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
		clearTimeout(this.#h), this.#h = setTimeout(() => this.retry(), Math.max(e, vo));
	}
	renewServers() {
		Qi(this.#p, this.#e.relays());
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
		let e = Xi(this.#e.relays());
		for (let t of R) {
			let n = this.#o.get(t) ?? Ee(t, this.#t.get(t)?.encoding, this.#a);
			this.#o.set(t, n), this.#n.set(t, this.#E(e, t, n));
		}
		this.#p = e;
		for (let [e, { track: t }] of this.#t) await this.#n.get(e)?.sender.replaceTrack(t);
		return e;
	}
	#E(e, t, n) {
		let r = t === "audio" || t === "shareAudio" ? "audio" : "video", i = {
			direction: "sendonly",
			sendEncodings: Oe(n)
		}, a;
		try {
			a = e.addTransceiver(r, i);
		} catch {
			a = e.addTransceiver(r, { direction: "sendonly" });
		}
		let o = n.codec ?? (t === "audio" ? "red" : void 0);
		if (o === void 0) return a;
		let s = ke(o, RTCRtpSender.getCapabilities(r)?.codecs ?? []);
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
		if (i !== void 0 && !ke(i, c)) {
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
		this.#m ??= new Ca("publish", {
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
			n = await Ki(e, await e.createOffer({ iceRestart: t }));
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
			let t = qa(await this.#e.request("publish", {
				sdp: n,
				streams: r
			}), "publish");
			for (let e of t.streams) this.#i.set(e.kind, e);
			await e.setRemoteDescription({
				type: "answer",
				sdp: So(this.#e.described(t.sdp))
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
}, xo = "x-google-start-bitrate=1000";
function So(e) {
	let t = (e) => e.replace(/^a=rtpmap:(\d+) (?:VP8|VP9|H264|AV1)\/.*\r\n/gm, (t, n) => e.includes(`a=fmtp:${n} `) ? t : `${t}a=fmtp:${n} ${xo}\r\n`).replace(/^a=fmtp:\d+ (?!apt=|x-google)/gm, `$&${xo};`);
	return e.split(/(?=^m=)/m).map((e) => e.startsWith("m=video") ? t(e) : e).join("");
}
// src/sending.ts
var Co = (e) => e === "user" || e === "front", wo = class {
	#e;
	#t;
	constructor(e) {
		this.#e = e;
	}
	connect(e) {
		let { events: t, local: n, options: r } = this.#e, i = new bo({
			...e,
			dropped: (e) => this.switchedOff(e)
		}, r), { defaultCamera: a } = r, o = { encoderConfig: r.maxResolution === "sd" ? "h360p_w640p" : "h720p_w1280p" };
		a && (o.facingMode = Co(a) ? "user" : "environment");
		let s = (t, r) => {
			e.isOver() || (r && n.receive(t, { track: r.track }), n.announce(t, r?.wire), r || n.receive(t, void 0));
		}, c = new _o(i, o, {
			...e,
			switched: s
		}), l = new co({
			reason: async () => {
				if (!n.webcamOn || t.listenerCount("quality-limitation") === 0) return;
				let e = await i.stats("video");
				return e && vi(e);
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
			media: c,
			limitation: l
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
			if (i.presentMode !== "SEND_AND_RECV" && await a("setStream", {
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
			if (!we.includes(t)) {
				let r = {
					method: e,
					parameter: "quality",
					got: String(t),
					allowed: [...we]
				};
				throw n.error(f.invalidParameterNotAllowed, r);
			}
			let { id: r, displayName: i } = this.#e.local;
			if (!this.#r("video")) throw n.error(f.webcamNotEnabledCameraOff, {
				method: e,
				participantId: r,
				name: i
			});
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
}, To = {
	1012: Dn,
	1013: En
};
function Eo(e, t) {
	let r = To[e] ?? e;
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
		id: o || se(),
		causeId: "",
		at: (/* @__PURE__ */ new Date()).toISOString(),
		docs: `/errors/${r}#${a}`,
		meetingId: "",
		sessionId: "",
		participantId: ""
	};
}
// src/probe.ts
var Do = 3e3;
async function Oo(e, t, n) {
	let r = AbortSignal.timeout(Do), i = e.signal, a = await Ao(`${e.base}/v1/signal`, r);
	if (!a) return ko(e, t, n, r);
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
	let c = jo(a.body);
	if (c && c.code !== 4108) return c;
	if (Mo(o)) return f.signalingUnreachableGatewayDown({
		url: i,
		status: o,
		attempts: n
	}, t);
	if (o === 401 || o === 403 || o === 407) return f.signalingUnreachableForbidden({
		url: i,
		status: o
	}, t);
	let l = await No(e.base, r) ? void 0 : await Po(e.base, r);
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
async function ko(e, t, n, r) {
	let i = e.signal, a = await Po(e.base, r);
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
async function Ao(e, t) {
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
function jo(e) {
	try {
		return Fa(e, "answer");
	} catch {
		return;
	}
}
var Mo = (e) => e >= 502 && e <= 504 || e >= 520 && e <= 527 || e === 530;
async function No(e, t) {
	let n = (await Ao(`${e}/healthz`, t))?.body;
	return typeof n == "object" && !!n && n.service === "klatch";
}
async function Po(e, t) {
	let n = new URL(e), r = [];
	for (let e = n.pathname.replace(/\/+$/, ""); e !== "";) e = e.slice(0, e.lastIndexOf("/")), r.push(n.origin + e);
	n.protocol === "http:" && r.push(...[e, ...r].map((e) => e.replace("http:", "https:")));
	let i = await Promise.all(r.map((e) => No(e, t)));
	return r.find((e, t) => i[t]);
}
var Fo = class {
	#e = [];
	#t = (e) => {
		e.disposition === "enforce" && this.#e.push(e);
	};
	constructor() {
		globalThis.document?.addEventListener("securitypolicyviolation", this.#t);
	}
	blocked(e) {
		let { host: t, protocol: n } = new URL(e), r = this.#e.find(({ blockedURI: e }) => {
			let r = Io(e);
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
function Io(e) {
	try {
		return new URL(e);
	} catch {
		return;
	}
}
// src/signal.ts
var Lo = {
	connect: 4e3,
	answer: 15e3,
	pong: 8e3,
	check: 700,
	backoff: 300,
	backoffMax: 5e3,
	joinAttempts: 3,
	reach: 7500
}, Ro = 262144;
function zo() {
	return globalThis.navigator?.connection;
}
var Q = class extends Error {
	opened;
	constructor(e) {
		super("unreached"), this.opened = e;
	}
}, Bo = class {
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
			...Lo,
			...r
		}, globalThis.addEventListener?.("online", this.#A), globalThis.addEventListener?.("offline", this.#k), zo()?.addEventListener("change", this.#O);
	}
	get awayMs() {
		return this.#a === "cut" ? Date.now() - this.#f : 0;
	}
	async join(e) {
		this.#a = "joining", this.#u = e;
		let t = Date.now(), n = new Fo();
		try {
			for (let e = 1;; e++) try {
				let e = await this.#b();
				return this.#E(), e;
			} catch (r) {
				if (!(r instanceof Q) || this.#x()) throw r;
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
		let r = await Oo(this.#e, this.#r(), n), i = t.blocked(this.#e.signal);
		return i ? f.signalingUnreachableCSPBlocked({
			url: this.#e.signal,
			...i
		}, this.#r()) : r;
	}
	async #b() {
		let e = await this.#w("join", {
			protocol: 1,
			...this.#u()
		}, Ga);
		return this.#l = e, e;
	}
	request(e, t = {}, n = this.#n.answer) {
		return this.#x() ? Promise.reject(this.#S(e)) : this.#R(e, t, !0, n);
	}
	close() {
		if (this.#x()) return;
		this.#a = "closed", globalThis.removeEventListener?.("online", this.#A), globalThis.removeEventListener?.("offline", this.#k), zo()?.removeEventListener("change", this.#O), clearInterval(this.#p);
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
				let n = Eo(e, t);
				i(n ? new g(n) : new Q(!0));
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
				t(new Q(!1));
				return;
			}
			this.#o = n, this.#v = () => {
				clearTimeout(r), this.#H(1e3), t(new Q(!1));
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
		let n = Eo(e, t);
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
		}, i = await this.#w("resume", r, Ka);
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
			o = ur(e, "params", {
				jsonrpc: "2.0",
				id: a,
				method: e,
				params: t
			}, this.#r());
		} catch (e) {
			return Promise.reject(e);
		}
		let s = o.length > Ro / 3 ? new TextEncoder().encode(o).length : 0;
		return s > Ro ? Promise.reject(new g(f.invalidParameterTooLarge({
			method: e,
			bytes: s,
			limit: Ro
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
			let n = io(V(e, "frame"));
			if (n.type === "result") return this.#B(n.id)?.resolve(n.result);
			if (n.type === "refusal") {
				let e = n.id ?? this.#d, t = e === void 0 ? void 0 : this.#B(e);
				return t ? t.reject(new g(n.fault)) : this.#t.refused(n.fault);
			}
			if (n.seq <= this.#c) return;
			if (n.seq > this.#c + 1) return this.#j(1006, "");
			this.#c = n.seq, t = to(n.name, n.data);
			let r = t?.name === "meeting-left" ? t.data.fault : void 0;
			if (r && l(r) === "rejoin" && this.#a === "open") {
				this.#H(1e3), this.#M(r);
				return;
			}
		} catch (e) {
			A(e);
			return;
		}
		t && this.#t.event(t);
	}
	#H(e) {
		let t = this.#o;
		this.#o = void 0, t && (t.onclose = t.onmessage = t.onopen = null, t.close(e));
	}
}, Vo = [
	"UDP_OVER_TCP",
	"UDP_ONLY",
	"TCP_ONLY"
];
function Ho(e, t) {
	let n = t === "UDP_ONLY" ? "tcp" : "udp";
	return t === "UDP_OVER_TCP" ? e : e.replace(RegExp(`^a=candidate:\\S+ \\d+ ${n} .*\\r\\n`, "gim"), "");
}
function Uo(e, t) {
	let n = (e) => /^turns:|[?&]transport=tcp\b/i.test(e);
	return t === "UDP_OVER_TCP" ? [...e] : e.map((e) => ({
		...e,
		urls: [e.urls].flat().filter((e) => n(e) === (t === "TCP_ONLY"))
	})).filter(({ urls: e }) => e.length > 0);
}
// src/version.ts
var Wo = "0.1.0";
// src/identity.ts
function Go(e, { meetingId: t, participantId: n }, r) {
	let i = {
		meetingId: t,
		server: r.replace(/[?#].*/s, "").replace(/\/+$/, "")
	};
	if (e === "") return f.invalidTokenEmpty(i);
	let a = Jo(e);
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
var Ko = "abcdefghjkmnpqrstuvwxyz23456789";
function qo(e, { participantId: t }) {
	if (t !== void 0) return t;
	let n = Jo(e)?.participantId;
	if (typeof n == "string" && n !== "") return n;
	let r = crypto.getRandomValues(/* @__PURE__ */ new Uint32Array(8));
	return Array.from(r, (e, t) => Ko[e % (t === 0 ? 23 : 31)]).join("");
}
function Jo(e) {
	let [, t = "", n, ...r] = e.split(".");
	if (!(n === void 0 || r.length > 0)) try {
		let e = Uint8Array.from(atob(t.replace(/-/g, "+").replace(/_/g, "/")), (e) => e.charCodeAt(0)), n = JSON.parse(new TextDecoder().decode(e));
		return typeof n == "object" && n && !Array.isArray(n) ? n : void 0;
	} catch {
		return;
	}
}
// src/modes.ts
var Yo = {
	SEND_AND_RECV: "SEND_AND_RECV",
	RECV_ONLY: "RECV_ONLY",
	SIGNALLING_ONLY: "SIGNALLING_ONLY",
	CONFERENCE: "SEND_AND_RECV",
	VIEWER: "SIGNALLING_ONLY"
}, Xo = {
	SEND_AND_RECV: "CONFERENCE",
	SIGNALLING_ONLY: "VIEWER"
};
function Zo(e) {
	if (Object.hasOwn(Yo, e)) return Yo[e];
	throw new g(f.invalidModeUnknownMode({
		mode: e.slice(0, 64),
		allowed: [...new Set(Object.values(Yo))]
	}));
}
var Qo = class {
	#e = !1;
	used(e) {
		e === "CONFERENCE" || e === "VIEWER" ? this.#e = !0 : Object.hasOwn(Xo, e) && (this.#e = !1);
	}
	of(e) {
		return this.#e && Xo[e] || e;
	}
}, $ = {
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
}, $o = 2e3, es = class extends Ir {
	localParticipant;
	participants;
	pinnedParticipants;
	pubSub;
	#e;
	#t;
	#n;
	#r;
	#i = new Qo();
	#a;
	#o;
	#s = "new";
	#c = 0;
	#l = 0;
	#u;
	#d = !1;
	#f = [];
	#p = "DISCONNECTED";
	#m = "";
	#h;
	#g = "";
	#_ = "";
	#v = [];
	#y;
	#b;
	#x;
	constructor(e) {
		super("meeting", qr);
		let { meetingId: t, name: n = "", mode: r = "SEND_AND_RECV", metaData: i, debugMode: a = !0 } = e.options, o = qo(e.token, e.options);
		this.#e = {
			...e,
			options: {
				...e.options,
				participantId: o
			}
		}, this.#h = t, this.#i.used(r);
		let s = new Nr({
			events: this,
			phase: () => this.#s,
			reports: a,
			awayMs: () => this.#p === "RECONNECTING" ? this.#y?.awayMs ?? 0 : void 0,
			report: (e) => void this.#y?.request("report", { fault: e.toJSON() }).catch(() => void 0),
			where: () => this.#K()
		});
		this.#r = s;
		let c = (e, t, n) => this.#V(e, t, n), l = () => this.#o, u = {
			get preferences() {
				return l().preferences;
			},
			transportStats: (e) => e ? this.#a.transportStats() : this.#o.stats(),
			call: (e, t) => s.run(e, t),
			request: c,
			own: (e, t) => e === "audio" ? t ? this.unmuteMic() : this.muteMic() : t ? this.enableWebcam() : this.disableWebcam(),
			ownStats: (e) => this.#a.stats(e),
			modeName: (e) => this.#i.of(e),
			where: () => this.#K()
		};
		this.localParticipant = new L({
			id: o,
			displayName: n,
			mode: Zo(r),
			metaData: i
		}, !0, u), this.#t = new Da({
			local: this.localParticipant,
			host: u,
			events: this,
			switchedOff: (e, t) => this.#a.switchedOff(e, t)
		}), this.#a = new wo({
			calls: s,
			events: this,
			local: this.localParticipant,
			options: e.options,
			request: c
		}), this.#o = new Ea({
			calls: s,
			events: this,
			roster: this.#t,
			request: c
		}), this.#n = new Gr({
			events: this,
			request: c,
			where: () => this.#K()
		}), this.participants = this.#t.participants, this.pinnedParticipants = this.#t.pins, this.pubSub = new ao(u);
	}
	get id() {
		return this.#h;
	}
	get sessionId() {
		return this.#g;
	}
	get startedAt() {
		return this.#_;
	}
	get state() {
		return this.#p;
	}
	get permissions() {
		return this.#v;
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
		return this.#a.selected("video");
	}
	get selectedMicrophoneDevice() {
		return this.#a.selected("audio");
	}
	join(e = {}) {
		return this.#r.handled(this.#S(e.signal));
	}
	leave() {
		return this.#r.handled(this.#D());
	}
	end() {
		return this.#H("end", async () => {
			try {
				await this.#V("end");
			} catch (e) {
				if (!this.#j()) throw e;
			}
		});
	}
	changeMode(e) {
		return this.#H("changeMode", async () => {
			let t = Zo(e);
			if (this.#i.used(e), t === this.localParticipant.presentMode) throw this.#G("changeMode", e);
			await this.#V("setMode", { mode: e });
		});
	}
	respondEntry(e, t) {
		return this.#H("respondEntry", async () => void await this.#V("respondEntry", {
			participantId: e,
			decision: t
		}));
	}
	unmuteMic(e) {
		return this.#a.start("unmuteMic", "audio", (t) => t.start("audio", e, "unmuteMic"));
	}
	muteMic() {
		return this.#a.stop("muteMic", "audio");
	}
	enableWebcam(e) {
		return this.#a.start("enableWebcam", "video", (t) => t.start("video", e, "enableWebcam"));
	}
	disableWebcam() {
		return this.#a.stop("disableWebcam", "video");
	}
	enableScreenShare(e) {
		return this.#a.start("enableScreenShare", "share", (t) => t.startShare(e, "enableScreenShare"));
	}
	disableScreenShare() {
		return this.#a.stop("disableScreenShare", "share", "shareAudio");
	}
	changeMic(e) {
		return this.#a.change("changeMic", "audio", e);
	}
	changeWebcam(e) {
		return this.#a.change("changeWebcam", "video", e);
	}
	replaceWebcamStream(e) {
		return this.#a.change("replaceWebcamStream", "video", e);
	}
	startRecording(e, t, n, r) {
		return this.#H("startRecording", () => this.#n.startRecording(e, t, n, r));
	}
	stopRecording() {
		return this.#H("stopRecording", () => this.#n.stop("stopRecording"));
	}
	startLivestream(e, t) {
		return this.#H("startLivestream", () => this.#n.startLivestream(e, t));
	}
	stopLivestream() {
		return this.#H("stopLivestream", () => this.#n.stop("stopLivestream"));
	}
	startHls(e, t) {
		return this.#H("startHls", () => this.#n.startHls(e, t));
	}
	stopHls() {
		return this.#H("stopHls", () => this.#n.stop("stopHls"));
	}
	setWebcamQuality(e) {
		return this.#a.setQuality("setWebcamQuality", e);
	}
	pauseAllStreams(e) {
		return this.#o.pauseAll("pauseAllStreams", e, !0);
	}
	resumeAllStreams(e) {
		return this.#o.pauseAll("resumeAllStreams", e, !1);
	}
	enableAdaptiveSubscription() {
		return this.#o.enableAdaptive("enableAdaptiveSubscription");
	}
	disableAdaptiveSubscription() {
		return this.#o.disableAdaptive("disableAdaptiveSubscription");
	}
	getMics() {
		return M("audioinput");
	}
	getWebcams() {
		return M("videoinput");
	}
	async #S(e) {
		if (this.#u && await this.#C(this.#u), this.#s === "joined") throw this.#U(this.#G("join", "joined"));
		if (this.#s !== "new" && this.#s !== "left") throw this.#U(this.#W(f.operationInProgressInProgress, { method: "join" }));
		this.#s === "left" && this.#w();
		let t = ++this.#c;
		this.#s = "joining", this.#q("CONNECTING");
		let n = () => {
			t === this.#c && this.#A($.manual, this.#W(f.operationAbortedCancelled, { method: "join" }), "DISCONNECTED");
		};
		e?.addEventListener("abort", n);
		try {
			let r = Go(this.#e.token, this.#e.options, this.#e.serverUrl);
			if (e?.aborted) n();
			else if (r) throw new g(r);
			else await this.#T();
			if (this.#j(t)) throw this.#W(f.operationAbortedLeft, { method: "join" });
		} catch (e) {
			if (this.#j(t)) {
				let e = t === this.#c ? this.#b : void 0;
				throw this.#U(e ?? this.#W(f.operationAbortedLeft, { method: "join" }));
			}
			let n = this.#r.asFault(e);
			throw this.#A($.joinFailed, n), this.#U(n);
		} finally {
			e?.removeEventListener("abort", n);
		}
	}
	async #C(e) {
		let t = this.#l;
		if (await e, t !== this.#l) throw this.#U(this.#W(f.operationAbortedLeft, { method: "join" }));
	}
	#w() {
		let { participantId: e = "", name: t = "", mode: n = "SEND_AND_RECV", metaData: r } = this.#e.options;
		this.#r.reset(), this.#d = !1, this.#f = [], this.#g = "", this.#_ = "", this.#v = [], this.#b = void 0, this.#y = void 0, this.#a.reset(), this.#o.reset(), this.localParticipant.become({
			id: e,
			displayName: t,
			mode: Zo(n),
			metaData: r,
			streams: [],
			joinedAt: ""
		}), this.#t.reset(), this.#n.reset(), this.pubSub.reset();
	}
	async #T() {
		let { token: e, serverUrl: t, timing: n, options: r } = this.#e;
		if (typeof RTCPeerConnection > "u" && this.localParticipant.presentMode !== "SIGNALLING_ONLY") throw this.#W(f.unsupportedEnvironmentNoWEBRTC, { userAgent: navigator.userAgent });
		let i = Ar(t, location);
		this.#m = i.base;
		let a = new Bo(i, {
			event: (e) => this.#N(e),
			cut: () => this.#q("RECONNECTING"),
			resumed: () => this.#I(),
			rejoining: (e) => this.#L(e),
			rejoined: (e) => this.#R(e),
			refused: (e) => void this.#U(new g(e)),
			closed: (e) => this.#O(e)
		}, () => this.#K(), n);
		this.#y = a;
		let { meetingId: o, participantId: s, name: c = "", mode: l, metaData: u, autoConsume: d } = r, p = () => this.#g === "" ? {
			participantId: s,
			mode: l
		} : {
			participantId: this.localParticipant.id,
			mode: this.localParticipant.presentMode
		}, m = {
			sdkType: "js",
			sdkVersion: Wo,
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
		if (this.#y !== a) throw this.#W(f.operationAbortedLeft, { method: "join" });
		if (this.#h = h.meetingId, this.#g = h.sessionId, this.localParticipant.become({
			id: h.participantId,
			displayName: c,
			mode: this.localParticipant.presentMode,
			metaData: u,
			streams: [],
			joinedAt: ""
		}), h.welcome) return this.#E(h.welcome);
		this.#s = "lobby", await new Promise((e, t) => {
			this.#x = {
				resolve: e,
				reject: t
			};
		});
	}
	#E(e) {
		if (this.#s = "joined", this.#v = e.permissions, this.#_ = e.startedAt, this.#f = ts(e.iceServers), this.#d) return this.#z(e);
		this.#d = !0, this.#t.enter(e), this.#n.enter(e.egress), this.#M(), this.#q("CONNECTED"), this.emit("meeting-joined"), this.#t.tell();
		for (let t of e.entries) this.#P(t);
		let { micEnabled: t, webcamEnabled: n, customMicrophoneAudioTrack: r, customCameraVideoTrack: i } = this.#e.options;
		t && this.unmuteMic(r).catch(() => void 0), n && this.enableWebcam(i).catch(() => void 0), this.#x?.resolve();
	}
	async #D() {
		let e = "leave";
		if (this.#l++, this.#u) return this.#u;
		if (this.#s === "new") throw this.#U(this.#W(f.actionPerformedBeforeMeetingJoinedNotJoined, { method: e }));
		if (this.#s === "left") throw this.#U(this.#G(e, "left"));
		let t = this.#y;
		if (t && this.#s !== "joining" && t.awayMs === 0) {
			let e = t.request("leave").catch(() => void 0);
			return this.#u = Promise.race([e, new Promise((e) => setTimeout(e, $o))]).then(() => {
				this.#u = void 0, this.#A($.manual, void 0);
			}), this.#u;
		}
		this.#A($.manual, void 0);
	}
	#O(e) {
		let t = e.code === 3103 ? $.exhausted : this.#s === "joined" ? $.cut : $.joinFailed;
		this.#A(t, new g(e));
	}
	#k(e, t) {
		this.#A(e, t, t && this.#s !== "joined" ? "FAILED" : "DISCONNECTED");
	}
	#A(e, t, n = t ? "FAILED" : "DISCONNECTED") {
		if (this.#j()) return;
		this.#s = "left", this.#b = t, this.#y?.close(), this.#a.close(), this.#o.close(), this.localParticipant.reset();
		let r = this.#x;
		this.#x = void 0, t && this.#U(t), this.#q(n), r?.reject(t ?? this.#W(f.operationAbortedLeft, { method: "join" })), this.emit("meeting-left", e);
	}
	#j(e = this.#c) {
		return this.#s === "left" || e !== this.#c;
	}
	#M() {
		let e = this.#c, { preferredProtocol: t = "UDP_OVER_TCP" } = this.#e.options, n = {
			relays: () => Uo(this.#f, t),
			described: (e) => Ho(e, t),
			checkSignaling: () => this.#y?.check(),
			request: (e, t) => this.#V(e, t),
			fault: (e) => void this.#U(new g(e)),
			cleared: ({ id: t, code: n, reason: r }, i) => {
				this.#j(e) || this.emit("fault-cleared", {
					id: t,
					code: n,
					reason: r,
					forMs: i
				});
			},
			where: () => this.#K(),
			isOver: () => this.#j(e)
		};
		this.#a.connect(n), this.#o.connect(n);
	}
	#N(e) {
		if (O("ALL", "received", e.name, e.data), this.#t.event(e) || this.#n.event(e)) return;
		let { name: t, data: n } = e;
		switch (t) {
			case "meeting-joined": return this.#E(n.welcome);
			case "meeting-left": return this.#k(n.reason, n.fault && new g(n.fault));
			case "entry-requested": return this.#P(n);
			case "entry-responded": return this.emit("entry-responded", n.participantId, n.decision);
			case "entry-withdrawn": return this.emit("entry-withdrawn", n.participantId);
			case "entry-pending": return this.emit("entry-pending", n);
			case "mic-requested": return this.emit("mic-requested", this.#F(n.participantId, () => this.unmuteMic()));
			case "webcam-requested": return this.emit("webcam-requested", this.#F(n.participantId, () => this.enableWebcam()));
			case "pubsub-message": return this.pubSub.deliver(n);
			case "ice-servers-changed": return this.#f = ts(n.iceServers), this.#a.renewServers(), this.#o.renewServers();
			case "subscribe-offer": return this.#o.offered(n);
			case "encodings": return this.#a.encodings(n.kind, n.active);
			case "quality-limitation": return this.emit("quality-limitation", {
				type: n.type,
				state: n.state,
				timestamp: Date.parse(n.timestamp),
				direction: "receive"
			});
			case "error":
				this.#U(new g(n.fault));
				return;
		}
	}
	#P({ participantId: e, name: t, metaData: n }) {
		let r = {
			participantId: e,
			name: t,
			metaData: n,
			allow: () => this.respondEntry(e, "allowed"),
			deny: () => this.respondEntry(e, "denied")
		};
		this.emit("entry-requested", r);
	}
	#F(e, t) {
		return {
			participantId: e,
			accept: t,
			reject: () => void 0
		};
	}
	#I() {
		this.#q(this.#s === "joined" ? "CONNECTED" : "CONNECTING"), this.#a.retry(), this.#o.resumed();
	}
	#L(e) {
		this.#a.forget(), this.#o.forget(), this.#U(new g(e));
	}
	#R(e) {
		this.#g = e.sessionId;
		let { displayName: t, presentMode: n, metaData: r } = this.localParticipant;
		if (this.localParticipant.become({
			id: e.participantId,
			displayName: t,
			mode: n,
			metaData: r,
			streams: [],
			joinedAt: ""
		}), e.welcome) return this.#E(e.welcome);
		this.#s = "lobby", this.#q("CONNECTING");
	}
	#z(e) {
		this.#t.reenter(e), this.#n.reenter(e.egress), this.#o.preferences.restore(), this.#a.retry(), this.#q("CONNECTED");
		for (let t of e.entries) this.#P(t);
		let t = [this.pubSub.restore(), ...[...this.participants.values()].map((e) => e.restore())];
		for (let e of t) e.catch((e) => void this.#B(e));
	}
	#B(e) {
		e instanceof g && !u(e) && this.#U(e);
	}
	#V(e, t = {}, n) {
		return this.#y?.request(e, t, n) ?? Promise.reject(this.#W(f.actionPerformedBeforeMeetingJoinedNotJoined, { method: e }));
	}
	#H(e, t) {
		return this.#r.run(e, t);
	}
	refused(e) {
		return this.#r.handled(Promise.reject(this.#U(e)));
	}
	#U(e) {
		return this.#r.tell(e);
	}
	#W(e, t) {
		return this.#r.error(e, t);
	}
	#G(e, t) {
		return this.#r.already(e, t);
	}
	#K() {
		return {
			meetingId: this.#h,
			sessionId: this.#g,
			participantId: this.localParticipant.id,
			server: this.#m
		};
	}
	#q(e) {
		e !== this.#p && (this.#p = e, O("INFO", `meeting ${this.#h}`, e), this.emit("meeting-state-changed", { state: e }));
	}
}, ts = (e) => e.map(({ urls: e, username: t, credential: n }) => ({
	urls: [...e],
	...t !== void 0 && { username: t },
	...n !== void 0 && { credential: n }
})), ns = {
	meetingId: "string",
	participantId: "string",
	name: "string",
	micEnabled: "boolean",
	webcamEnabled: "boolean",
	mode: (e, t, n) => {
		C(n, t, e, "string"), Zo(e);
	},
	metaData: (e, t, n) => {
		C(n, t, e, "object"), ur(n.method, t, e);
	},
	autoConsume: "boolean",
	customCameraVideoTrack: "object",
	customMicrophoneAudioTrack: "object",
	maxResolution: ["hd", "sd"],
	multiStream: "boolean",
	maxLayer: [2, 3],
	preferredProtocol: Vo,
	serverUrl: "string",
	signalingBaseUrl: "string",
	defaultCamera: [
		"user",
		"front",
		"environment",
		"enviornment",
		"back"
	],
	codecSwitchEnabled: "boolean",
	debugMode: "boolean",
	pubsubWorkerUrl: Pr("a PubSub worker, which it does not need")
};
function rs(e) {
	let t = { method: "initMeeting" };
	w(t, "options", e), S(t, "options", e, ns), w(t, "meetingId", e.meetingId);
	let n = Object.fromEntries(Object.entries(e).filter(([, e]) => e != null));
	return lr(n, t.method), n;
}
// src/precall.ts
var is = class {
	code = "";
	message = "";
};
function as(e) {
	let t = Promise.reject(N("runPreCallTest", "a test before the call"));
	return Object.assign(t, { stop: () => Promise.resolve() });
}
// src/videosdk.ts
var os = new Cr(), ss = "", cs, ls, us = class {
	static Constants = qn;
	static config(e, t) {
		let n = { method: "config" };
		w(n, "token", e), C(n, "token", e, "string"), S(n, "options", t, { serverUrl: "string" }), ss = e, cs = t?.serverUrl;
	}
	static initMeeting(e) {
		let t = rs(e), n = t.signalingBaseUrl, r = t.serverUrl ?? (n && (n.includes("://") ? n : `${location.protocol}//${n}`)) ?? cs;
		return new es({
			token: ss,
			serverUrl: r ?? ls ?? location.origin,
			options: t
		});
	}
	static createCameraVideoTrack(e) {
		return ir(e);
	}
	static createMicrophoneAudioTrack(e) {
		return ar(e);
	}
	static createScreenShareVideoTrack(e) {
		return or(e);
	}
	static getDevices() {
		return Sr();
	}
	static getCameras() {
		return M("videoinput");
	}
	static getMicrophones() {
		return M("audioinput");
	}
	static getPlaybackDevices() {
		return M("audiooutput");
	}
	static on(e, t) {
		return os.on(e, t);
	}
	static off(e, t) {
		os.off(e, t);
	}
	static checkPermissions(e) {
		return Er(e);
	}
	static requestPermission(e) {
		return Dr(e);
	}
	static setLogLevel(e) {
		C({ method: "setLogLevel" }, "logLevel", e, Object.values(b)), gr(e ?? "INFO");
	}
	static setKeyProvider(e) {
		throw N("setKeyProvider", "end-to-end encryption");
	}
	static runPreCallTest(e) {
		return as(e);
	}
	static getNetworkStats(e) {
		return Promise.reject(N("getNetworkStats", "a measurement of the network before the call"));
	}
}, ds = class extends L {
	isAgent = !0;
	agentId = "";
	agentState = "idle";
}, fs = class {
	constructor(e) {}
	setSharedKey(e) {
		return Promise.reject(N("setSharedKey", "end-to-end encryption"));
	}
}, ps = {
	ERROR_GET_VIDEO_MEDIA: 3011,
	ERROR_GET_AUDIO_MEDIA: 3012,
	ERROR_GET_DISPLAY_MEDIA: 3013,
	ERROR_GET_VIDEO_MEDIA_PERMISSION_DENIED: 3014,
	ERROR_GET_AUDIO_MEDIA_PERMISSION_DENIED: 3015,
	ERROR_GET_DISPLAY_MEDIA_PERMISSION_DENIED: 3016,
	ERROR_CAMERA_ACCESS_DENIED_OR_DISMISSED: 3017,
	ERROR_MICROPHONE_ACCESS_DENIED_OR_DISMISSED: 3018,
	ERROR_CAMERA_PERMISSION_DENIED_BY_OS: 3019,
	ERROR_MICROPHONE_PERMISSION_DENIED_BY_OS: 3020,
	ERROR_CAMERA_NOT_FOUND: 3021,
	ERROR_MICROPHONE_NOT_FOUND: 3022,
	ERROR_CAMERA_IN_USE: 3023,
	ERROR_MICROPHONE_IN_USE: 3024,
	ERROR_CAMERA_PERMISSION_OR_AUTOPLAY_ISSUE: 3025,
	ERROR_VIDEO_SOURCE_INITIATION_FAILED: 3026,
	ERROR_WEBCAM_TRACK_ENDED: 3027,
	ERROR_MICROPHONE_TRACK_ENDED: 3028,
	ERROR_INVALID_CUSTOM_VIDEO_TRACK: 3029,
	ERROR_INVALID_CUSTOM_AUDIO_TRACK: 3030,
	ERROR_CUSTOM_VIDEO_TRACK_ENDED: 3031,
	ERROR_CUSTOM_AUDIO_TRACK_ENDED: 3032,
	ERROR_CAMERA_ACCESS_UNAVAILABLE: 3033,
	ERROR_MICROPHONE_ACCESS_UNAVAILABLE: 3034,
	ERROR_ACTION_PERFORMED_BEFORE_MEETING_JOINED: 3035,
	ERROR_RN_CAMERA_ACCESS_DENIED_OR_DISMISSED: 3036,
	ERROR_RN_CAMERA_NOT_FOUND: 3037,
	ERROR_RN_MIC_ACCESS_DENIED_OR_DISMISSED: 3038,
	ERROR_RN_MIC_NOT_FOUND: 3039,
	ERROR_RN_CAMERA_ACCESS_UNAVAILABLE: 3040,
	ERROR_RN_MIC_ACCESS_UNAVAILABLE: 3041,
	ERROR_RN_CAMERA_TRACK_ENDED: 3042,
	ERROR_RN_MIC_TRACK_ENDED: 3043,
	ERROR_MEETING_MEDIA_CONNECTION_FAILED: 3044,
	ERROR_VIDEO_PRODUCE_CODEC_NOT_SUPPORTED: 3045,
	ERROR_MULTISTREAM_NOT_SUPPORTED: 3046,
	ERROR_UNABLE_TO_JOIN_MEETING: 3047,
	ERROR_MEDIA_NOT_READY: 3048,
	ERROR_WEBCAM_PRODUCE_FAILED: 3049,
	ERROR_MEDIA_DEVICE_NOT_INITIALIZED: 3050,
	ERROR_NO_WEBCAM_DEVICE_FOUND: 3051,
	ERROR_NO_SUPPORTED_VIDEO_CODEC: 3052,
	ERROR_VIDEO_TRACK_CREATION_FAILED: 3053,
	ERROR_ALREADY_IN_REQUESTED_STATE: 3054,
	ERROR_OPERATION_IN_PROGRESS: 3055,
	ERROR_OPERATION_ABORTED: 3056,
	ERROR_END_MEETING_FAILED: 3057,
	ERROR_MICROPHONE_PRODUCE_FAILED: 3058,
	ERROR_NO_MICROPHONE_DEVICE_FOUND: 3059,
	ERROR_AUDIO_TRACK_CREATION_FAILED: 3060,
	ERROR_SCREENSHARE_PRODUCE_FAILED: 3061,
	ERROR_WEBCAM_NOT_ENABLED: 3062,
	ERROR_SET_WEBCAM_QUALITY_FAILED: 3063,
	ERROR_MEDIA_DEVICE_NOT_LOADED: 3064,
	ERROR_MEETING_RECONNECTING: 3065,
	ERROR_ACTION_NOT_SUPPORTED_IN_MODE: 3066,
	ERROR_INVALID_MODE: 3067,
	ERROR_ACTION_NOT_SUPPORTED: 3068,
	ERROR_CAPTURE_IMAGE_FAILED: 3069,
	ERROR_SEND_FAILED: 3070,
	ERROR_INVALID_CUSTOM_TRACK_CONFIG: 3071,
	ERROR_PAYLOAD_TOO_LARGE: 3072,
	ERROR_INVALID_PARAMETER: 3073,
	ERROR_FILE_UPLOAD_FAILED: 3074,
	ERROR_FILE_FETCH_FAILED: 3075,
	ERROR_WEBCAM_CLOSE_PRODUCER_FAILED: 3076,
	ERROR_MICROPHONE_CLOSE_PRODUCER_FAILED: 3077,
	ERROR_OPERATION_TIMED_OUT: 3079,
	INVALID_API_KEY: 4001,
	INVALID_TOKEN: 4002,
	INVALID_MEETING_ID: 4003,
	INVALID_PARTICIPANT_ID: 4004,
	DUPLICATE_PARTICIPANT: 4005,
	ACCOUNT_DEACTIVATED: 4006,
	ACCOUNT_DISCONTINUED: 4007,
	INVALID_PERMISSIONS: 4008,
	MAX_PARTCIPANT_REACHED: 4009,
	MAX_SPEAKER_REACHED: 4010,
	START_RECORDING_FAILED: 4011,
	STOP_RECORDING_FAILED: 4012,
	START_LIVESTREAM_FAILED: 4013,
	STOP_LIVESTREAM_FAILED: 4014,
	INVALID_LIVESTREAM_CONFIG: 4015,
	START_HLS_FAILED: 4016,
	STOP_HLS_FAILED: 4017,
	PREV_RECORDING_PROCESSING: 4018,
	PREV_RTMP_RECORDING_PROCESSING: 4019,
	PREV_HLS_STREAMING_PROCESSING: 4020,
	ADD_ON_SERVICES_DISABLED: 4021,
	UNAUTHORIZED_MEETING_ID: 4022,
	UNAUTHORIZED_PARTCIPANT_ID: 4023,
	UNAUTHORIZED_ROLE: 4024,
	UNAUTHORIZED_REQUEST: 4025,
	MAX_SPEAKER_LIMIT_REACHED_ON_ORGANIZATION: 4026,
	MAX_VIEWER_LIMIT_REACHED_ON_ORGANIZATION: 4027,
	MAX_RECORDING_LIMIT_REACHED_ON_ORGANIZATION: 4028,
	MAX_HLS_LIMIT_REACHED_ON_ORGANIZATION: 4029,
	MAX_LIVESTREAM_LIMIT_REACHED_ON_ORGANIZATION: 4030,
	START_TRANSCRIPTION_FAILED: 4031,
	STOP_TRANSCRIPTION_FAILED: 4032,
	START_PARTICIPANT_RECORDING_FAILED: 4035,
	STOP_PARTICIPANT_RECORDING_FAILED: 4036,
	START_TRACK_RECORDING_FAILED: 4037,
	STOP_TRACK_RECORDING_FAILED: 4038,
	START_COMPOSITE_RECORDING_FAILED: 4039,
	STOP_COMPPOSITE_RECORDING_FAILED: 4040,
	MAX_RECV_ONLY_LIMIT_REACHED_ON_ORGANIZATION: 4041,
	START_TRANSLATION_FAILED: 4042,
	STOP_TRANSLATION_FAILED: 4043,
	CHANGE_TRANSLATION_LANGUAGE_FAILED: 4044,
	FAILED_TO_SET_VALUE: 4045,
	FAILED_TO_GET_VALUE: 4046,
	ADAPTIVE_SUBSCRIPTION_NOT_ENABLED_BY_SDK: 4047,
	ADAPTIVE_SUBSCRIPTION_ENABLE_FAILED: 4048,
	ADAPTIVE_SUBSCRIPTION_DISABLE_FAILED: 4049,
	CREATE_CONSUMER_FAILED: 4050,
	CODEC_NOT_SUPPORTED: 4051,
	MEETING_ID_DISABLED: 4052,
	APIKEY_DEACTIVATED: 4053,
	START_WHITEBOARD_FAILED: 4054,
	STOP_WHITEBOARD_FAILED: 4055,
	WHITEBOARD_OPERATION_IN_PROGRESS: 4056,
	PAUSE_ALL_STREAMS_FAILED: 4057,
	RESUME_ALL_STREAMS_FAILED: 4058,
	RESPOND_ENTRY_FAILED: 4059,
	CHANGE_MODE_FAILED: 4065,
	REMOVE_PARTICIPANT_FAILED: 4066,
	ENABLE_PARTICIPANT_MIC_FAILED: 4067,
	DISABLE_PARTICIPANT_MIC_FAILED: 4068,
	ENABLE_PARTICIPANT_WEBCAM_FAILED: 4069,
	DISABLE_PARTICIPANT_WEBCAM_FAILED: 4070,
	PIN_FAILED: 4071,
	UNPIN_FAILED: 4072,
	SET_QUALITY_FAILED: 4073,
	PAUSE_STREAM_FAILED: 4074,
	RESUME_STREAM_FAILED: 4075,
	SWITCH_MEETING_FAILED: 4076,
	SWITCH_PARTICIPANT_ROOM_FAILED: 4077,
	REQUEST_MEDIA_RELAY_FAILED: 4078,
	STOP_MEDIA_RELAY_FAILED: 4079,
	CONSUME_MIC_STREAMS_FAILED: 4080,
	CONSUME_WEBCAM_STREAMS_FAILED: 4081,
	STOP_CONSUMING_MIC_STREAMS_FAILED: 4082,
	STOP_CONSUMING_WEBCAM_STREAMS_FAILED: 4083,
	RESPOND_MEDIA_RELAY_REQUEST_FAILED: 4084,
	FAILED_TO_OBSERVE_VALUE: 4085,
	FAILED_TO_STOP_OBSERVING_VALUE: 4086,
	PUBSUB_PUBLISH_FAILED: 4087,
	PUBSUB_SUBSCRIBE_FAILED: 4088,
	PUBSUB_UNSUBSCRIBE_FAILED: 4089,
	SOMETHING_WENT_WRONG: 5e3,
	RECORDING_FAILED: 5001,
	LIVESTREAM_FAILED: 5002,
	HLS_FAILED: 5003,
	RECORDING_DURATION_LIMIT_REACHED: 5004,
	LIVESTREAM_DURATION_LIMIT_REACHED: 5005,
	HLS_DURATION_LIMIT_REACHED: 5006,
	TRANSCRIPTION_FAILED: 5007,
	TRANSLATION_FAILED: 5015
};
export { ds as AgentParticipant, Un as AgentState, Vn as BitrateMode, vr as CameraDeviceInfo, Gn as CharacterMode, Wn as CharacterState, Fe as Codes, qn as Constants, j as DeviceInfo, ps as Errors, fs as ExternalE2EEKeyProvider, b as LogLevel, es as Meeting, yr as MicrophoneDeviceInfo, L as Participant, zn as Permission, br as PlaybackDeviceInfo, is as PreCallTestError, ao as PubSub, Kn as RealtimeOverflow, Si as Stream, x as VideoCodec, us as VideoSDK, g as VideoSDKError, n as VideoSDKErrors, f as faults, Fn as hlsEvents, Bn as leaveReason, Pn as livestreamEvents, Rn as modes, Nn as recordingEvents, Hn as reliabilityMode, In as transcriptionEvents, Ln as translationEvents };
