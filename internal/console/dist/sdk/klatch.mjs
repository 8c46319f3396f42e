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
	3101: !0,
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
}, le = { allows: (e) => document.featurePolicy?.allowsFeature(e) }, _ = {
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
}, ue = /permissions?[- ]policy|feature[- ]policy/i;
function de(e, t, n, r, i = le) {
	let a = _[e], { name: o, message: s, constraint: c } = ge(t);
	switch (o) {
		case "NotAllowedError":
		case "PermissionDeniedError":
		case "SecurityError": return o === "SecurityError" || ue.test(s) || i.allows(e) === !1 ? a.policyBlocked({
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
function fe(e, t, n = le) {
	let { name: r, message: i } = ge(e), a = {
		domName: r,
		domMessage: i
	};
	switch (r) {
		case "InvalidStateError":
		case "InvalidAccessError": return f.startingScreenshareNoUserGesture(a, t);
		case "NotAllowedError": return ue.test(i) || n.allows("display-capture") === !1 ? f.startingScreensharePolicyBlocked({
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
function pe(e, t, n) {
	return _[e].lost({ label: t }, n);
}
function me(e, t, n) {
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
		let a = _e(t);
		throw new g(de(e, i, {
			deviceId: a,
			label: await ve(r, e, a)
		}, n));
	}
}
async function he(e, t) {
	let n = y(t);
	if (!("getDisplayMedia" in n)) throw new g(f.unsupportedEnvironmentNoScreenShare({ userAgent: navigator.userAgent }, t));
	try {
		return await n.getDisplayMedia(e);
	} catch (e) {
		throw new g(fe(e, t));
	}
}
function y(e) {
	let t = navigator.mediaDevices;
	if (t) return t;
	throw new g(isSecureContext ? f.unsupportedEnvironmentNoWEBRTC({ userAgent: navigator.userAgent }, e) : f.unsupportedEnvironmentInsecureContext({ origin: location.origin }, e));
}
function ge(e) {
	let { name: t, message: n, constraint: r } = typeof e == "object" && e ? e : {};
	return {
		name: typeof t == "string" ? t : "Error",
		message: typeof n == "string" ? n : String(e),
		constraint: typeof r == "string" ? r : ""
	};
}
function _e({ deviceId: e }) {
	let t = typeof e == "object" && !Array.isArray(e) ? e.exact : e;
	return typeof t == "string" ? t : "";
}
async function ve(e, t, n) {
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
}, ye = [
	"bandwidth_optimized",
	"balanced",
	"high_quality"
], be = 64e3, xe = [
	"l",
	"m",
	"h"
], x = [
	"low",
	"med",
	"high"
], Se = (e) => e === "video" || e === "share";
function Ce(e, t, n) {
	let r = t?.multiStream ?? n.multiStream, i = t?.maxLayer ?? n.maxLayer, a = t?.codec, o = Se(e) && r !== !1 ? e === "share" ? 2 : i ?? 3 : 1, s = (a === "VP9" || a === "AV1") && o > 1;
	return {
		codec: a,
		encodings: s ? 1 : o,
		scalabilityMode: s ? `L${o}T3_KEY` : void 0,
		insisted: o > 1 && (s || r === !0 || i !== void 0)
	};
}
var we = (e, t) => e.codec === t.codec && e.encodings === t.encodings && e.scalabilityMode === t.scalabilityMode;
function Te({ encodings: e, scalabilityMode: t }) {
	return e === 1 ? t ? [{ scalabilityMode: t }] : [] : xe.slice(0, e).map((t, n) => ({
		rid: e === 2 && n === 1 ? "h" : t,
		scaleResolutionDownBy: 2 ** (e - 1 - n)
	}));
}
function Ee(e, t) {
	let n = (t) => t.mimeType.split("/")[1]?.toUpperCase() === e.toUpperCase();
	return t.some(n) ? [...t.filter(n), ...t.filter((e) => !n(e))] : void 0;
}
var De = [[518400, 3], [129600, 2]];
function Oe(e, { width: t, height: n }, r) {
	let i = (e) => Math.abs(Math.log(e.width * e.height / (t * n)));
	return e === "share" ? 1e3 * ke(Object.values(b.share), i).kbps : 1e3 * (ke(Object.values(b.camera), i).kbps[r] ?? 0);
}
function ke(e, t) {
	return e.reduce((e, n) => t(n) < t(e) ? n : e);
}
function Ae(e, { kind: t, encoding: n, size: r, quality: i, idle: a }) {
	let { encodings: o } = e;
	if (!Se(t)) {
		for (let e of o) e.maxBitrate = n.maxBitrateBps;
		return;
	}
	let { width: s, height: c } = r ?? b.camera.h720p_w1280p, l = t === "share" ? 3 : De.find(([e]) => s * c >= e)?.[1] ?? 1, u = Math.min(o.length, l), d = 2 ** (x.length - 1 - x.indexOf(i));
	o.forEach((e, r) => {
		let i = Math.max(2 ** Math.max(u - 1 - r, 0), r === 0 ? d : 1);
		e.scaleResolutionDownBy = i, e.maxBitrate = i === 1 ? n.maxBitrateBps : Math.min(n.maxBitrateBps, Oe(t, {
			width: s / i,
			height: c / i
		}, n.mode ?? 1)), e.active = r < u && (r === 0 || i >= d) && !a.has(e.rid ?? "");
	});
}
// src/tracks.ts
var je = /* @__PURE__ */ new WeakMap(), Me = {
	audio: { maxBitrateBps: 24e3 },
	video: {
		maxBitrateBps: 15e5,
		degradation: "balanced"
	},
	share: {
		maxBitrateBps: 1e6,
		degradation: "maintain-resolution"
	},
	shareAudio: { maxBitrateBps: be }
};
function Ne(e, t) {
	return je.get(e) ?? Me[t];
}
async function Pe(e = {}, t = {}) {
	let n = "createCameraVideoTrack", { width: r, height: i, frameRate: a, kbps: o } = C(b.camera, e.encoderConfig ?? "h720p_w1280p", n, t), s = w(e, n, t), c = ye.indexOf(e.bitrateMode ?? "balanced"), l = await v("camera", {
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
async function Fe(e = {}, t = {}) {
	let { kbps: n, channels: r, speech: i } = C(b.audio, e.encoderConfig ?? "speech_standard", "createMicrophoneAudioTrack", t), { noiseSuppression: a = i, echoCancellation: o = i, autoGainControl: s = i } = e.noiseConfig ?? {};
	return S(await v("microphone", {
		noiseSuppression: a,
		echoCancellation: o,
		autoGainControl: s,
		channelCount: { ideal: r },
		...e.microphoneId ? { deviceId: { exact: e.microphoneId } } : {}
	}, t), "audio", i ? "speech" : "music", { maxBitrateBps: n * 1e3 });
}
async function Ie(e = {}, t = {}) {
	let n = "createScreenShareVideoTrack", { width: r, height: i, frameRate: a, kbps: o } = C(b.share, e.encoderConfig ?? "h720p_15fps", n, t), s = w(e, n, t), c = await he({
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
	return S(c, "audio", "music", { maxBitrateBps: be }), S(c, "video", l, {
		maxBitrateBps: o * 1e3,
		...s,
		degradation: l === "motion" ? "balanced" : "maintain-resolution"
	});
}
function S(e, t, n, r) {
	for (let i of e.getTracks().filter((e) => e.kind === t)) i.contentHint = n, je.set(i, r);
	return e;
}
function C(e, t, n, r) {
	if (Object.hasOwn(e, t)) return e[t];
	let i = {
		method: n,
		parameter: "encoderConfig",
		got: String(t),
		allowed: Object.keys(e)
	};
	throw new g(f.invalidParameterNotAllowed(i, r));
}
var Le = [
	"VP8",
	"VP9",
	"AV1",
	"H264"
];
function w({ codec: e, multiStream: t, maxLayer: n }, r, i) {
	let a = (e, t, n) => {
		throw new g(f.invalidParameterNotAllowed({
			method: r,
			parameter: e,
			got: String(t),
			allowed: [...n]
		}, i));
	};
	if (e !== void 0 && !Le.includes(e) && a("codec", e, Le), t !== void 0 && typeof t != "boolean" && a("multiStream", t, ["true", "false"]), n !== void 0 && n !== 2 && n !== 3 && a("maxLayer", n, ["2", "3"]), n !== void 0 && t === !1) {
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
function T(e, t, n, r) {
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
function Re(e, t, n, r) {
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
function ze(e, t, n) {
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
var Be = /* @__PURE__ */ new Set([
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
function Ve(e, t, n) {
	if (typeof t == "string" && Object.hasOwn(n, t)) return;
	let r = String(t), i = Object.keys(n);
	throw new g(Be.has(r) ? f.notOfferedEvent({
		method: e,
		event: r,
		allowed: i
	}) : f.invalidParameterUnknownEvent({
		method: e,
		event: r,
		nearest: He(r, i),
		allowed: i
	}));
}
function He(e, t) {
	let n = e.slice(0, 64);
	return t.reduce((e, t) => Ue(n, t) < Ue(n, e) ? t : e, t[0] ?? "none");
}
function Ue(e, t) {
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
var E = class {
	#e;
	#t;
	#n = Object.create(null);
	constructor(e, t) {
		this.#e = e, this.#t = t;
	}
	on(e, t) {
		return Ve(`${this.#e}.on`, e, this.#t), ze(`${this.#e}.on`, t), this.#n[e] = [...this.#n[e] ?? [], t], () => this.off(e, t);
	}
	once(e, t) {
		let n = this.on(e, (...e) => {
			n(), t(...e);
		});
		return n;
	}
	off(e, t) {
		Ve(`${this.#e}.off`, e, this.#t);
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
			D(e);
		}
	}
};
function D(e) {
	queueMicrotask(() => {
		throw e;
	});
}
// src/devices.ts
async function O() {
	return (await y({}).enumerateDevices()).filter(({ deviceId: e }) => e !== "").map(({ deviceId: e, groupId: t, kind: n, label: r }) => ({
		deviceId: e,
		groupId: t,
		kind: n,
		label: r
	}));
}
async function k(e) {
	return (await O()).filter((t) => t.kind === e);
}
var We = class extends E {
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
		O().then((e) => this.emit("device-changed", e), D);
	};
}, Ge = (e) => e === "audio_video" ? ["audio", "video"] : [e], Ke = {
	audio: "microphone",
	video: "camera"
};
async function qe(e) {
	let t = Ge(e).map(async (e) => [e, await Ye(e)]);
	return new Map(await Promise.all(t));
}
async function Je(e) {
	let t = /* @__PURE__ */ new Map();
	for (let n of Ge(e)) try {
		let e = await v(Ke[n], {}, {});
		for (let t of e.getTracks()) t.stop();
		t.set(n, !0);
	} catch (e) {
		if (!(e instanceof g) || e.reason !== "PERMISSION_DENIED") throw e;
		t.set(n, !1);
	}
	return t;
}
async function Ye(e) {
	try {
		return (await navigator.permissions.query({ name: Ke[e] })).state === "granted";
	} catch {
		return (await y({}).enumerateDevices()).some(({ kind: t, label: n }) => t === `${e}input` && n !== "");
	}
}
// src/codes.gen.ts
var Xe = /* @__PURE__ */ t({
	ACCOUNT_DEACTIVATED: () => Tt,
	ACCOUNT_DISCONTINUED: () => Et,
	ADAPTIVE_SUBSCRIPTION_DISABLE_FAILED: () => an,
	ADAPTIVE_SUBSCRIPTION_ENABLE_FAILED: () => rn,
	ADAPTIVE_SUBSCRIPTION_NOT_ENABLED_BY_SDK: () => nn,
	ADD_ON_SERVICES_DISABLED: () => Bt,
	APIKEY_DEACTIVATED: () => sn,
	CERTIFICATE_FAILED: () => Un,
	CHANGE_MODE_FAILED: () => dn,
	CONFIG_INVALID: () => Vn,
	CONFLICT: () => jn,
	DISABLE_PARTICIPANT_MIC_FAILED: () => mn,
	DISABLE_PARTICIPANT_WEBCAM_FAILED: () => gn,
	DUPLICATE_PARTICIPANT: () => wt,
	ENABLE_PARTICIPANT_MIC_FAILED: () => pn,
	ENABLE_PARTICIPANT_WEBCAM_FAILED: () => hn,
	ERROR_ACTION_NOT_SUPPORTED: () => ft,
	ERROR_ACTION_NOT_SUPPORTED_IN_MODE: () => ut,
	ERROR_ACTION_PERFORMED_BEFORE_MEETING_JOINED: () => et,
	ERROR_ALREADY_IN_REQUESTED_STATE: () => it,
	ERROR_INVALID_MODE: () => dt,
	ERROR_INVALID_PARAMETER: () => pt,
	ERROR_MEETING_MEDIA_CONNECTION_FAILED: () => tt,
	ERROR_MEETING_RECONNECTING: () => lt,
	ERROR_MULTISTREAM_NOT_SUPPORTED: () => rt,
	ERROR_OPERATION_ABORTED: () => ot,
	ERROR_OPERATION_IN_PROGRESS: () => at,
	ERROR_OPERATION_TIMED_OUT: () => mt,
	ERROR_SET_WEBCAM_QUALITY_FAILED: () => ct,
	ERROR_STARTING_AUDIO: () => Qe,
	ERROR_STARTING_SCREENSHARE: () => $e,
	ERROR_STARTING_VIDEO: () => Ze,
	ERROR_VIDEO_PRODUCE_CODEC_NOT_SUPPORTED: () => nt,
	ERROR_WEBCAM_NOT_ENABLED: () => st,
	HLS_DURATION_LIMIT_REACHED: () => Ln,
	HLS_FAILED: () => Pn,
	INVALID_API_KEY: () => bt,
	INVALID_LIVESTREAM_CONFIG: () => Pt,
	INVALID_MEETING_ID: () => St,
	INVALID_MESSAGE: () => kn,
	INVALID_PARTICIPANT_ID: () => Ct,
	INVALID_PERMISSIONS: () => Dt,
	INVALID_TOKEN: () => xt,
	LIVESTREAM_DURATION_LIMIT_REACHED: () => In,
	LIVESTREAM_FAILED: () => Nn,
	LOBBY_DENIED: () => Cn,
	LOBBY_TIMEOUT: () => wn,
	MAX_HLS_LIMIT_REACHED_ON_ORGANIZATION: () => qt,
	MAX_LIVESTREAM_LIMIT_REACHED_ON_ORGANIZATION: () => Jt,
	MAX_PARTICIPANT_REACHED: () => Ot,
	MAX_RECORDING_LIMIT_REACHED_ON_ORGANIZATION: () => Kt,
	MAX_RECV_ONLY_LIMIT_REACHED_ON_ORGANIZATION: () => tn,
	MAX_SPEAKER_LIMIT_REACHED_ON_ORGANIZATION: () => Wt,
	MAX_SPEAKER_REACHED: () => kt,
	MAX_VIEWER_LIMIT_REACHED_ON_ORGANIZATION: () => Gt,
	MEDIA_CONNECTION_LOST: () => ht,
	MEETING_ENDED: () => En,
	MEETING_ID_DISABLED: () => on,
	NOT_FOUND: () => An,
	NOT_OFFERED: () => yt,
	NOT_PERMITTED: () => Dn,
	PARTICIPANT_REMOVED: () => Tn,
	PAUSE_ALL_STREAMS_FAILED: () => cn,
	PAUSE_STREAM_FAILED: () => bn,
	PIN_FAILED: () => _n,
	PREV_HLS_STREAMING_PROCESSING: () => zt,
	PREV_RECORDING_PROCESSING: () => Lt,
	PREV_RTMP_RECORDING_PROCESSING: () => Rt,
	PUBSUB_PUBLISH_FAILED: () => Sn,
	RATE_LIMITED: () => On,
	RECONNECT_FAILED: () => _t,
	RECORDING_DURATION_LIMIT_REACHED: () => Fn,
	RECORDING_FAILED: () => Mn,
	REMOVE_PARTICIPANT_FAILED: () => fn,
	RESPOND_ENTRY_FAILED: () => un,
	RESUME_ALL_STREAMS_FAILED: () => ln,
	RESUME_STREAM_FAILED: () => xn,
	SERVER_SHUTDOWN: () => zn,
	SERVER_UNAVAILABLE: () => Rn,
	SET_QUALITY_FAILED: () => yn,
	SIGNALING_UNREACHABLE: () => gt,
	STARTUP_FAILED: () => Hn,
	START_COMPOSITE_RECORDING_FAILED: () => $t,
	START_HLS_FAILED: () => Ft,
	START_LIVESTREAM_FAILED: () => Mt,
	START_PARTICIPANT_RECORDING_FAILED: () => Yt,
	START_RECORDING_FAILED: () => At,
	START_TRACK_RECORDING_FAILED: () => Zt,
	STOP_COMPPOSITE_RECORDING_FAILED: () => en,
	STOP_HLS_FAILED: () => It,
	STOP_LIVESTREAM_FAILED: () => Nt,
	STOP_PARTICIPANT_RECORDING_FAILED: () => Xt,
	STOP_RECORDING_FAILED: () => jt,
	STOP_TRACK_RECORDING_FAILED: () => Qt,
	UNAUTHORIZED_MEETING_ID: () => Vt,
	UNAUTHORIZED_PARTCIPANT_ID: () => Ht,
	UNAUTHORIZED_ROLE: () => Ut,
	UNPIN_FAILED: () => vn,
	UNSUPPORTED_ENVIRONMENT: () => vt,
	WEBHOOK_DELIVERY_FAILED: () => Bn
}), Ze = 3011, Qe = 3012, $e = 3013, et = 3035, tt = 3044, nt = 3045, rt = 3046, it = 3054, at = 3055, ot = 3056, st = 3062, ct = 3063, lt = 3065, ut = 3066, dt = 3067, ft = 3068, pt = 3073, mt = 3079, ht = 3101, gt = 3102, _t = 3103, vt = 3104, yt = 3105, bt = 4001, xt = 4002, St = 4003, Ct = 4004, wt = 4005, Tt = 4006, Et = 4007, Dt = 4008, Ot = 4009, kt = 4010, At = 4011, jt = 4012, Mt = 4013, Nt = 4014, Pt = 4015, Ft = 4016, It = 4017, Lt = 4018, Rt = 4019, zt = 4020, Bt = 4021, Vt = 4022, Ht = 4023, Ut = 4024, Wt = 4026, Gt = 4027, Kt = 4028, qt = 4029, Jt = 4030, Yt = 4035, Xt = 4036, Zt = 4037, Qt = 4038, $t = 4039, en = 4040, tn = 4041, nn = 4047, rn = 4048, an = 4049, on = 4052, sn = 4053, cn = 4057, ln = 4058, un = 4059, dn = 4065, fn = 4066, pn = 4067, mn = 4068, hn = 4069, gn = 4070, _n = 4071, vn = 4072, yn = 4073, bn = 4074, xn = 4075, Sn = 4087, Cn = 4101, wn = 4102, Tn = 4103, En = 4104, Dn = 4105, On = 4106, kn = 4107, An = 4108, jn = 4109, Mn = 5001, Nn = 5002, Pn = 5003, Fn = 5004, In = 5005, Ln = 5006, Rn = 5101, zn = 5102, Bn = 5103, Vn = 5104, Hn = 5105, Un = 5106, Wn = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/;
function Gn(e, t) {
	let n = (t) => {
		throw new g(f.signalingUnreachableBadURL({
			url: qn(e),
			problem: t
		}));
	};
	/^[a-z][a-z0-9+.-]*:\/\//i.test(e) || n(e.trim() === "" ? "it is empty" : "it does not begin with http:// or https://");
	let r = Kn(e) ?? n("it is not a valid URL"), i = r.protocol === "https:" || r.protocol === "wss:";
	!i && r.protocol !== "http:" && r.protocol !== "ws:" && n(`its scheme is ${r.protocol.slice(0, -1)}`), (r.username !== "" || r.password !== "") && n("it contains a user name or password"), (r.search !== "" || r.hash !== "") && n("it has a query or fragment");
	let a = r.host + r.pathname.replace(/\/+$/, "");
	if (t.protocol === "https:" && !i && !Wn.test(r.hostname)) throw new g(f.signalingUnreachableMixedContent({
		url: e,
		page: t.origin
	}));
	return {
		base: `${i ? "https" : "http"}://${a}`,
		signal: `${i ? "wss" : "ws"}://${a}/v1/signal`
	};
}
function Kn(e) {
	try {
		return new URL(e);
	} catch {
		return;
	}
}
function qn(e) {
	return e.replace(/\/\/[^/@]*@/, "//").replace(/[?#].*/s, "");
}
// src/egress.ts
var Jn = 3e4, Yn = {
	playbackHlsUrl: null,
	livestreamUrl: null,
	downstreamUrl: null
}, Xn = class {
	recording = "";
	livestream = "";
	hls = "";
	urls = Yn;
	#e;
	constructor(e) {
		this.#e = e;
	}
	reset() {
		this.recording = this.livestream = this.hls = "", this.urls = Yn;
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
		if (A(e)) throw this.#r(f.invalidParameterMissing, {
			method: n,
			parameter: "outputs"
		});
		this.#n(n, "outputs", e, "array"), e.forEach((e, t) => {
			let r = `outputs[${t}]`;
			if (A(e)) throw this.#r(f.invalidParameterMissing, {
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
		let n = Object.entries(t).filter(([, e]) => !A(e));
		await this.#e.request(e, Object.fromEntries(n), Jn);
	}
	#n(e, t, n, r) {
		let i = Array.isArray(n) ? "array" : typeof n;
		if (!(A(n) || i === r)) throw this.#r(f.invalidParameterWrongType, {
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
function A(e) {
	return e == null;
}
// src/mediawatch.ts
var j = {
	tick: 1e3,
	silent: 8e3,
	muted: 5e3,
	unheard: 8e3
}, Zn = {
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
}, Qn = class {
	#e;
	#t = /* @__PURE__ */ new Map();
	#n;
	#r = 0;
	#i = !1;
	constructor(e) {
		this.#e = e;
	}
	start(e, t, n) {
		this.#a(e), this.#t.set(e, {
			track: t,
			media: n?.media ?? 0,
			packets: n?.packets ?? 0,
			reportedAt: n?.reportedAt ?? 0,
			flowed: !1,
			silentMs: 0,
			mutedMs: 0,
			unheardMs: 0,
			silent: void 0,
			unheard: void 0
		}), this.#r = Date.now(), this.#n ??= setInterval(() => void this.#c(), j.tick);
	}
	stop(e) {
		this.#a(e), this.#t.size === 0 && this.close();
	}
	close() {
		for (let e of this.#t.keys()) this.#a(e);
		clearInterval(this.#n), this.#n = void 0;
	}
	isSilent(e) {
		return this.#t.get(e)?.silent !== void 0;
	}
	#a(e) {
		let t = this.#t.get(e);
		this.#t.delete(e), this.#s(t?.silent), this.#s(t?.unheard);
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
		let e = Date.now(), t = Math.min(e - this.#r, 2 * j.tick);
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
			trackState: $n(r),
			packetsSent: i?.packets ?? 0
		};
		if (r.readyState === "ended") return this.#t.delete(e), this.#e.fault(Zn[e].ended(o, this.#e.where())), this.#e.ended(e, r);
		if (t.mutedMs = r.muted ? t.mutedMs + n : 0, t.mutedMs >= j.muted && (e === "audio" || e === "video") && await er(r)) {
			if (!a()) return;
			this.#t.delete(e);
			let n = e === "audio" ? f.startingAudioMutedBySystem : f.startingVideoMutedBySystem;
			return this.#e.fault(n({
				...o,
				forMs: t.mutedMs
			}, this.#e.where())), this.#e.muted(e, r);
		}
		if (i && a()) {
			if (this.#u(e, t, i, n), i.media !== t.media) {
				let n = i.media > t.media;
				return t.flowed ||= n, t.media = i.media, t.silentMs = 0, !n || !t.silent ? void 0 : (this.#s(t.silent), t.silent = void 0, this.#e.flows(e, r));
			}
			e !== "shareAudio" && (e !== "video" && e !== "share" || !t.flowed && document.visibilityState !== "hidden") && (t.silentMs += n, t.silentMs < j.silent || t.silent || (t.silent = this.#o(Zn[e].silent({
				...o,
				forMs: t.silentMs
			}, this.#e.where())), this.#e.silent(e)));
		}
	}
	#u(e, t, { packets: n, reportedAt: r }, i) {
		let a = n > t.packets;
		if (t.packets = n, r === t.reportedAt ? a && (t.unheardMs += i) : (t.reportedAt = r, t.unheardMs = 0, this.#s(t.unheard), t.unheard = void 0), t.unheardMs < j.unheard || [...this.#t.values()].some(({ unheard: e }) => e)) return;
		let o = {
			connection: "publish",
			kind: e,
			packetsSent: n,
			forMs: t.unheardMs
		};
		t.unheard = this.#o(f.mediaConnectionLostMediaNotArriving(o, this.#e.where()));
	}
};
function $n({ readyState: e, enabled: t, muted: n }) {
	return [
		e,
		...t ? [] : ["not enabled"],
		...n ? ["muted"] : []
	].join(", ");
}
async function er(e) {
	let { deviceId: t = "" } = e.getSettings();
	return (await k(e.kind === "audio" ? "audioinput" : "videoinput").catch(() => [])).some((e) => e.deviceId === t);
}
// src/localmedia.ts
var tr = {
	audio: "microphone",
	video: "camera"
}, nr = class {
	#e;
	#t;
	#n;
	#r = /* @__PURE__ */ new Map();
	#i = /* @__PURE__ */ new Map();
	#a;
	#o = /* @__PURE__ */ new Set();
	#s = !1;
	constructor(e, t, n) {
		this.#e = e, this.#n = t, this.#t = n, this.#a = new Qn({
			sent: (t) => e.sent(t),
			fault: (e) => n.fault(e),
			cleared: (e, t) => n.cleared(e, t),
			where: () => n.where(),
			silent: (e) => this.#p(e),
			flows: (e, t) => void this.#m(e, t).catch(() => void 0),
			ended: (e) => void this.stop(e).catch(() => void 0),
			muted: (e, t) => this.#h(e, t)
		});
	}
	selected(e) {
		return this.#i.get(e);
	}
	async start(e, t, n) {
		let r = this.#r.get(e), i = t !== void 0 || r?.readyState !== "live", a = t ? T(t, e, n, this.#t.where()) : i ? await this.#c(e) : r;
		a !== r && r?.stop(), await this.#l(e, a);
	}
	async startShare(e, t) {
		let n = e instanceof MediaStream ? e : e ? new MediaStream([e]) : await Ie({}, this.#t.where()), r = T(n, "video", t, this.#t.where()), [i] = n.getAudioTracks();
		try {
			await this.#l("share", r), i && await this.#l("shareAudio", i);
		} catch (e) {
			await Promise.allSettled([this.stop("share"), this.stop("shareAudio")]);
			for (let e of n.getTracks()) e.stop();
			throw e;
		}
	}
	decided(e) {
		this.#o.delete(e), this.#a.isSilent(e) && this.stop(e, !1);
	}
	async stop(e, t = !0) {
		this.#a.stop(e), this.#o.delete(e), this.#g(e), this.#t.switched(e, void 0), await this.#e.disable(e, t);
	}
	async change(e, t, n, r) {
		if (typeof t == "string" && !n) {
			this.#_(e), this.#i.set(e, {
				deviceId: t,
				label: ""
			});
			return;
		}
		let i = typeof t == "string" ? void 0 : T(t, e, r, this.#t.where());
		e === "video" && !i && this.#_(e);
		let a;
		try {
			a = i ?? await this.#c(e, t);
		} catch (t) {
			throw this.#r.has(e) || await this.stop(e), t;
		}
		if (this.#_(e), this.#d(e, a), n) {
			let t = await this.#e.sent(e), n = await this.#e.replace(e, a, Ne(a, e));
			this.#t.switched(e, {
				wire: n,
				track: a
			}), this.#s || this.#a.start(e, a, t);
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
		this.#s = !0, this.#a.close();
		for (let e of this.#r.keys()) this.#_(e);
	}
	async #c(e, t = this.#i.get(e)?.deviceId) {
		let n = this.#t.where();
		return T(e === "audio" ? await Fe(t ? { microphoneId: t } : {}, n) : await Pe({
			encoderConfig: this.#n,
			...t ? { cameraId: t } : {}
		}, n), e, "capture", n);
	}
	async #l(e, t) {
		if (this.#s) return t.stop();
		t.enabled = !0, this.#o.delete(e), this.#d(e, t);
		try {
			let n = await this.#e.sent(e), r = await this.#e.enable(e, t, Ne(t, e));
			this.#t.switched(e, {
				wire: r,
				track: t
			}), this.#s || this.#a.start(e, t, n);
		} catch (t) {
			throw this.#_(e), this.#u(e, t);
		}
	}
	#u(e, t) {
		return !(t instanceof g) || t.code < 4e3 ? t : (this.#t.fault(t.toJSON()), new g(me(e, t.id, this.#t.where())));
	}
	#d(e, t) {
		this.#r.set(e, t), t.onended = () => this.#f(e, t), (e === "audio" || e === "video") && this.#i.set(e, {
			deviceId: t.getSettings().deviceId ?? "",
			label: t.label
		});
	}
	#f(e, t) {
		if (this.#r.get(e) !== t) return;
		let n = t.enabled;
		if (this.#_(e), e === "audio" || e === "video") {
			if (this.#i.delete(e), !n) return;
			this.#t.fault(pe(tr[e], t.label, this.#t.where()));
		}
		let r = e === "share" ? ["share", "shareAudio"] : [e];
		for (let e of r) this.stop(e).catch(() => void 0);
	}
	#p(e) {
		this.#t.switched(e, void 0), this.#e.pause(e).catch(() => void 0);
	}
	async #m(e, t) {
		let n = await this.#e.resume(e);
		this.#r.get(e) === t && !this.#s && this.#t.switched(e, {
			wire: n,
			track: t
		});
	}
	#h(e, t) {
		this.#o.add(e), this.#t.switched(e, void 0), this.#e.disable(e).catch(() => void 0), t.onunmute = () => {
			!this.#o.delete(e) || this.#r.get(e) !== t || this.#s || this.#l(e, t).catch((e) => {
				e instanceof g && this.#t.fault(e.toJSON());
			});
		};
	}
	#g(e) {
		let t = this.#r.get(e);
		e === "audio" && t ? t.enabled = !1 : this.#_(e);
	}
	#_(e) {
		let t = this.#r.get(e);
		this.#r.delete(e), t && (t.onended = t.onunmute = null, t.stop());
	}
};
// src/frame.ts
async function rr(e, t) {
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
var M = (e) => [...e.values()], ir = (e) => e.find(({ type: e, nominated: t, state: n }) => e === "candidate-pair" && t && n !== "failed");
function ar(e) {
	return e.find(({ id: t }) => t === ir(e)?.localCandidateId)?.networkType ?? navigator.connection?.type;
}
function or(e, t, n, r) {
	let i = M(t), a = ({ frameWidth: e = 0, frameHeight: t = 0 }) => e * t, o = i.filter(({ type: e }) => e === "outbound-rtp" || e === "inbound-rtp").sort((e, t) => a(t) - a(e)), s = o.filter(({ packetsSent: e = 0, packetsReceived: t = 0 }) => e + t > 0);
	return (s.length > 0 ? s : o.slice(0, 1)).map((t, a, { length: o }) => {
		let s = t.type === "outbound-rtp", c = `${e} ${t.rid ?? ""}`, l = {
			atMs: t.timestamp,
			bytes: t.bytesSent ?? t.bytesReceived ?? 0
		}, u = lr(l, n.get(c));
		n.set(c, l);
		let d = s ? i.find(({ type: e, localId: n, ssrc: r }) => e === "remote-inbound-rtp" && (n === void 0 ? r === t.ssrc : n === t.id)) : t, f = N(d?.roundTripTime ?? ir(i)?.currentRoundTripTime), p = N(d?.jitter), { frameWidth: m, frameHeight: h, framesPerSecond: ee } = t, te = e === "video" || e === "share";
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
			network: ar(i),
			limitation: t.qualityLimitationReason,
			currentSpatialLayer: s && te ? o - 1 - a : r.current,
			preferredSpatialLayer: r.preferred,
			currentTemporalLayer: void 0,
			preferredTemporalLayer: void 0,
			rid: t.rid
		};
	});
}
function sr(e, t) {
	let n = M(e), r = ir(n);
	if (!r) return;
	let i = {
		atMs: r.timestamp,
		bytes: (r.bytesSent ?? 0) + (r.bytesReceived ?? 0)
	}, a = (e) => e === void 0 ? e : Math.round(e / 1e3), o = n.find(({ id: e }) => e === r.localCandidateId), s = 0, c = 0;
	for (let { type: e, packetsSent: t = 0, packetsReceived: r = 0, packetsLost: i = 0 } of n) (e === "outbound-rtp" || e === "inbound-rtp") && (s += t + r), (e === "remote-inbound-rtp" || e === "inbound-rtp") && (c += i);
	return {
		sample: i,
		stats: {
			bitrate: Math.round(lr(i, t) / 1e3),
			rtt: N(r.currentRoundTripTime),
			network: ar(n),
			protocol: o?.protocol,
			availableBitrate: a(r.availableOutgoingBitrate),
			totalPackets: s,
			packetsLost: c
		}
	};
}
function cr(e) {
	let t = M(e).filter(({ type: e, active: t }) => e === "outbound-rtp" && t !== !1).map(({ qualityLimitationReason: e = "none" }) => e);
	return t.find((e) => e === "cpu") ?? t.find((e) => e === "bandwidth") ?? "none";
}
function lr({ atMs: e, bytes: t }, n) {
	let r = n ? e - n.atMs : 0;
	return n && r > 0 && t >= n.bytes ? Math.round((t - n.bytes) * 8e3 / r) : 0;
}
function ur(e) {
	let t = 0, n = 0, r = 0;
	for (let { type: i, packetsSent: a = 0, framesSent: o, timestamp: s } of e.values()) i === "remote-inbound-rtp" && (r = Math.max(r, s)), i === "outbound-rtp" && (t += a, n += o ?? a);
	return {
		packets: t,
		media: n,
		reportedAt: r
	};
}
function N(e) {
	return e === void 0 ? void 0 : Math.round(e * 1e3);
}
// src/stream.ts
var dr = {
	state: !0,
	"stream-state-changed": !0
}, fr = class extends E {
	id;
	kind;
	codec;
	#e;
	#t;
	constructor(e, t, n) {
		super("stream", dr), this.id = e.id, this.kind = e.kind, this.codec = e.codec, this.#t = t, this.#e = n;
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
}, pr = {
	"stream-enabled": !0,
	"stream-disabled": !0,
	"media-status-changed": !0,
	"video-quality-changed": !0,
	"stream-paused": !0,
	"stream-resumed": !0
}, P = [
	"low",
	"med",
	"high"
], mr = {
	low: "LOW",
	med: "MEDIUM",
	high: "HIGH"
}, hr = 16384, gr = {
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
}, F = class extends E {
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
		super("participant", pr), this.#l = e.id, this.#u = e.displayName, this.#f = e.mode, this.#p = e.metaData, this.local = t, this.#e = n, this.streams = this.#t;
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
			if (n) return rr(n, e);
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
				if (typeof a == "number" && a >= 1 && a <= hr) continue;
				let e = `a number from 1 to ${hr}`;
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
		let e = await this.#e.transportStats(this.local), t = e && sr(e, this.#a);
		return this.#a = t?.sample, t?.stats;
	}
	#h(e, t, n) {
		return this.#e.call(e, async () => {
			if (!P.includes(n)) {
				let t = {
					method: e,
					parameter: "quality",
					got: String(n),
					allowed: [...P]
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
			currentQuality: mr[n],
			prevQuality: r && mr[r],
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
			let i = r ?? new fr(t, n.track, this.#S(e));
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
		let r = gr[t];
		if (!r) {
			let n = {
				method: e,
				parameter: "type",
				got: String(t),
				allowed: Object.keys(gr)
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
		return or(e, t, this.#i, {
			current: n && P.indexOf(n),
			preferred: r && P.indexOf(r)
		});
	}
}, _r = 500, vr = 3, yr = 32;
function br() {
	return ["IntersectionObserver", "ResizeObserver"].filter((e) => !(e in globalThis));
}
var xr = class {
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
		}), this.#r = new ResizeObserver(this.#a), this.#i = setInterval(() => this.#l(!0), _r), document.addEventListener("visibilitychange", this.#a), this.#a();
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
			let t = Sr((n.get(r) ?? []).filter((e) => this.#d(e))), a = t ? 0 : (this.#o.get(r) ?? 0) + +!!e;
			this.#o.set(r, a), !t && a < vr || (this.#s.set(r, i), this.#e.show(i.participantId, i.kind, t ?? "hidden"));
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
function Sr(e) {
	let t, n = globalThis.devicePixelRatio || 1;
	for (let r of e) {
		let { width: e, height: i } = r.getBoundingClientRect();
		if (e < 1 || i < 1) continue;
		let a = (e) => Math.min(16384, Math.ceil(e * n / yr) * yr), o = {
			width: a(e),
			height: a(i)
		};
		(!t || o.width * o.height > t.width * t.height) && (t = o);
	}
	return t;
}
// src/limitation.ts
var Cr = 2e3, wr = 3, Tr = class {
	#e;
	#t;
	#n;
	#r;
	#i = 0;
	constructor(e) {
		this.#e = e, this.#t = setInterval(() => void this.#a().catch(() => void 0), Cr);
	}
	close() {
		clearInterval(this.#t);
	}
	async #a() {
		let e = await this.#e.reason() ?? "none";
		if (this.#i = e === this.#r ? this.#i + 1 : 1, this.#r = e, this.#i < wr) return;
		let t = e === "bandwidth" || e === "cpu" ? e : void 0;
		t !== this.#n && (this.#n && this.#e.changed(this.#n, "resolved"), this.#n = t, t && this.#e.changed(t, "detected"));
	}
}, Er = 500, Dr = {
	video: 1500,
	share: 5e3
}, Or = class {
	#e;
	#t = /* @__PURE__ */ new WeakMap();
	#n;
	constructor(e) {
		this.#e = e, this.#n = setInterval(() => {
			for (let e of this.#e()) this.#r(e).catch(() => void 0);
		}, Er);
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
		let o = e.kind === "share" ? Dr.share : Dr.video, s = i.state === "stuck" || i.state === "frozen", c = i.state;
		a ? c = s ? "recovered" : c ?? "active" : c && r - i.packetAt >= o ? c = "stuck" : c && r - i.frameAt >= o && (c = "frozen"), c && c !== i.state && (i.state = c, e.tell(c));
	}
}, kr = 100, Ar = 1e3, jr = 500, I = (e, t) => `${t} ${e}`, Mr = /* @__PURE__ */ new Set([
	yn,
	bn,
	xn
]), Nr = class {
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
		return this.#t.get(I(e, t)) ?? {};
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
		let i = I(e, t), a = this.#t.get(i);
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
		let r = I(e, t), i = { ...this.#t.get(r) };
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
		this.#o(kr);
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
			this.#i = void 0, this.#s().catch(() => this.#o(Ar));
		}, e));
	}
	async #s() {
		for (;;) {
			let e = this.#c().filter(([e, t, n]) => this.#d(e, t, n));
			if (e.length === 0) return;
			try {
				await this.#p(e.slice(0, jr));
			} catch (e) {
				if (e instanceof g && Mr.has(e.code)) return this.#o(Ar);
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
		for (let e of this.#r) for (let t of this.#e.participantIds()) yield I(t, e);
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
}, Pr = [
	"audio",
	"video",
	"share",
	"shareAudio"
], Fr = class {
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
			else for (let e of Pr) t.announce(e, n.streams.find((t) => t.kind === e));
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
			case "stream-disabled": return this.participants.get(t.participantId)?.announce(t.stream.kind, void 0), t.participantId === this.#e.local.id && t.by !== "" && this.#e.switchedOff(t.stream.kind), !0;
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
		let t = new F(e, !1, this.#e.host);
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
		if (n?.setMode(t), n?.local && t !== "SEND_AND_RECV") for (let e of Pr) this.#e.switchedOff(e);
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
}, Ir = class extends Error {
	name = "WireError";
}, L = (e, t, n) => {
	throw new Ir(`${e} is ${n === null ? "null" : Array.isArray(n) ? "an array" : typeof n}, not ${t}`);
}, R = (e, t) => typeof e == "string" ? e : L(t, "a string", e), z = (e, t) => typeof e == "number" ? e : L(t, "a number", e), B = (e, t) => typeof e == "boolean" ? e : L(t, "a boolean", e), Lr = (e) => typeof e == "object" && !!e && !Array.isArray(e), V = (e, t) => Lr(e) ? e : L(t, "an object", e), H = (e) => (t, n) => t == null ? void 0 : e(t, n), U = (e, t) => (n, r) => n == null ? t : e(n, r), W = (e) => (t, n) => t == null ? [] : Array.isArray(t) ? t.map((t, r) => e(t, `${n}[${r}]`)) : L(n, "an array", t), G = (...e) => (t, n) => e.find((e) => e === t) ?? L(n, e.join(" or "), t), K = (e) => (t, n) => {
	if (!Lr(t)) return L(n, "an object", t);
	let r = {};
	for (let [i, a] of Object.entries(e)) r[i] = a(t[i], `${n}.${i}`);
	return r;
}, q = G("audio", "video", "share", "shareAudio"), Rr = G("SEND_AND_RECV", "RECV_ONLY", "SIGNALLING_ONLY"), zr = K({
	code: z,
	name: R
}), Br = K({
	cam: B,
	share: B
}), Vr = K({
	code: z,
	name: R,
	message: R,
	reason: R,
	detail: R,
	remedy: R,
	param: H(R),
	details: H(V),
	fatal: B,
	retryable: B,
	retryAfterMs: U(z, 0),
	id: R,
	causeId: U(R, ""),
	at: R,
	docs: U(R, ""),
	meetingId: U(R, ""),
	sessionId: U(R, ""),
	participantId: U(R, "")
}), J = (e, t) => {
	let { param: n, details: r, ...i } = Vr(e, t);
	return {
		...i,
		...n !== void 0 && { param: n },
		...r && { details: r }
	};
}, Y = K({
	id: R,
	kind: q,
	codec: R
}), Hr = K({
	id: R,
	displayName: R,
	mode: Rr,
	metaData: H(V),
	streams: W(Y),
	joinedAt: R
}), Ur = K({
	participantId: R,
	state: Br,
	pinnedBy: R
}), Wr = K({
	participantId: R,
	name: R,
	metaData: H(V)
}), Gr = K({ status: G("", "RECORDING_STARTING", "RECORDING_STARTED", "RECORDING_STOPPING", "RECORDING_STOPPED") }), Kr = K({ status: G("", "LIVESTREAM_STARTING", "LIVESTREAM_STARTED", "LIVESTREAM_STOPPING", "LIVESTREAM_STOPPED") }), qr = K({
	status: G("", "HLS_STARTING", "HLS_STARTED", "HLS_PLAYABLE", "HLS_STOPPING", "HLS_STOPPED"),
	playbackHlsUrl: U(R, ""),
	livestreamUrl: U(R, ""),
	downstreamUrl: U(R, "")
}), Jr = K({
	participant: Hr,
	participants: W(Hr),
	permissions: W(R),
	activeSpeakerId: U(R, ""),
	presenterId: U(R, ""),
	pins: W(Ur),
	entries: W(Wr),
	startedAt: R,
	serverTime: R,
	egress: K({
		recording: Gr,
		livestream: Kr,
		hls: qr
	}),
	iceServers: W(K({
		urls: W(R),
		username: H(R),
		credential: H(R)
	}))
}), Yr = K({
	state: G("joined", "waiting"),
	meetingId: R,
	sessionId: R,
	participantId: R,
	secret: R,
	resumeWindowMs: z,
	pingIntervalMs: z,
	welcome: H(Jr)
}), Xr = K({
	seq: z,
	secret: R
}), Zr = K({
	sdp: R,
	streams: W(Y)
}), Qr = K({
	id: R,
	topic: R,
	message: R,
	senderId: R,
	senderName: R,
	timestamp: R,
	payload: H(V)
}), $r = K({
	id: R,
	timestamp: R
}), ei = K({ messages: W(Qr) }), ti = K({
	offerId: z,
	sdp: R,
	streams: W(K({
		mid: R,
		participantId: R,
		kind: q,
		streamId: R
	}))
}), ni = G("low", "med", "high"), ri = K({
	participantId: R,
	kind: q,
	streamId: R,
	state: G("active", "paused"),
	reason: H(G("bandwidth", "requested")),
	quality: H(ni),
	width: U(z, 0),
	height: U(z, 0)
}), X = K({ participantId: R }), ii = {
	"meeting-joined": K({ welcome: Jr }),
	"meeting-left": K({
		reason: zr,
		fault: H(J)
	}),
	"participant-joined": K({ participant: Hr }),
	"participant-left": K({
		participantId: R,
		reason: zr
	}),
	"participant-mode-changed": K({
		participantId: R,
		mode: Rr
	}),
	"stream-enabled": K({
		participantId: R,
		stream: Y
	}),
	"stream-disabled": K({
		participantId: R,
		stream: Y,
		by: U(R, "")
	}),
	"speaker-changed": X,
	"presenter-changed": X,
	"entry-requested": Wr,
	"entry-responded": K({
		participantId: R,
		decision: G("allowed", "denied"),
		by: R
	}),
	"entry-withdrawn": X,
	"entry-pending": K({
		waitedMs: z,
		hosts: z
	}),
	"mic-requested": X,
	"webcam-requested": X,
	"pin-state-changed": Ur,
	"pubsub-message": Qr,
	"subscribe-offer": ti,
	"stream-state": ri,
	encodings: K({
		kind: q,
		active: W(K({
			rid: R,
			active: B
		}))
	}),
	"quality-limitation": K({
		type: G("bandwidth", "congestion"),
		state: G("detected", "resolved"),
		timestamp: R
	}),
	"recording-state-changed": Gr,
	"livestream-state-changed": Kr,
	"hls-state-changed": qr,
	error: K({ fault: J })
};
function ai(e, t) {
	if (Object.hasOwn(ii, e)) return {
		name: e,
		data: ii[e](t, e)
	};
}
var oi = K({
	seq: z,
	name: R
}), si = K({ data: J });
function ci(e) {
	let t = V(JSON.parse(e), "frame");
	if (t.method !== void 0) {
		let e = V(t.params, "params");
		return {
			type: "event",
			...oi(e, "params"),
			data: e.data
		};
	}
	return t.error === void 0 ? {
		type: "result",
		id: z(t.id, "id"),
		result: t.result
	} : {
		type: "refusal",
		id: H(z)(t.id, "id"),
		fault: si(t.error, "error").data
	};
}
// src/pubsub.ts
var li = class {
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
			$r(await this.#e.request("pubsub.publish", o), "pubsub.publish");
		});
	}
	subscribe(e, t, n = {}) {
		return this.#r("pubSub.subscribe", { topic: e }, async () => {
			ze("pubSub.subscribe", typeof t == "object" && t ? t.onMessageReceived : t, this.#e.where()), this.#t.set(e, [...this.#t.get(e) ?? [], t]);
			try {
				let { messages: r } = ei(await this.#e.request("pubsub.subscribe", {
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
			D(e);
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
}, ui = /(?=^m=)/m;
function di(e, t) {
	let n = t?.split(ui);
	return e.split(ui).map((e, t) => e.startsWith("m=audio") ? e.replace(/^a=rtpmap:(\d+) opus\/.*\r\n/gim, (r, i) => {
		let a = `a=rtcp-fb:${i} nack\r\n`;
		return e.includes(a) || n && !/^a=rtcp-fb:\d+ nack\s*$/m.test(n[t] ?? "") ? r : r + a;
	}) : e).join("");
}
async function fi(e, t, n) {
	let r = t.sdp ?? "", i = di(r, n);
	if (i !== r && pi()) try {
		return await e.setLocalDescription({
			type: t.type,
			sdp: i
		}), i;
	} catch {}
	return await e.setLocalDescription(t), r;
}
var pi = () => !!RTCRtpSender.getCapabilities("audio")?.codecs.some(({ mimeType: e }) => e.toLowerCase() === "audio/red"), mi = 1e3, hi = class {
	#e;
	#t;
	#n = Date.now();
	#r;
	#i = [];
	#a = [];
	constructor(e, t) {
		this.#e = e, this.#t = t, this.#r = setInterval(() => void this.#o().catch(() => void 0), mi);
	}
	close() {
		clearInterval(this.#r);
	}
	async why(e) {
		await this.#o().catch(() => void 0);
		let t = this.#t, n = Date.now() - this.#n, r = this.#i.find(({ answers: e }) => e > 0), i = vi(this.#e);
		if (i && i.state !== "connected" && (r || yi(this.#e) || _i(this.#e.iceConnectionState))) {
			let a = {
				connection: t,
				pair: r?.ends ?? "a pair that is no longer known",
				problem: await bi(this.#e, i, n),
				afterMs: n
			};
			return f.mediaConnectionLostDTLSFailed(a, e);
		}
		let a = this.#i.map(({ ends: e, checks: t, answers: n }) => `${e} (${t} checks, ${n} answers)`), o = xi(this.#e), s = o.map(({ address: e }) => e), c = [...this.#a], l = [...new Set(o.map(({ transport: e, address: t, port: n, type: r }) => `${e} ${t}:${n} ${r}`))], { host: u, hostname: d } = Si(e.server);
		if (s.length > 0 && s.every(wi) && Ei(d)) return f.mediaConnectionLostServerPrivateAddress({
			connection: t,
			remoteCandidates: l,
			signaling: u,
			pairs: a,
			afterMs: n
		}, e);
		let p = d === "localhost" ? "127.0.0.1" : d;
		return s.includes(p) ? f.mediaConnectionLostUDPBlocked({
			connection: t,
			address: p,
			localCandidates: c,
			remoteCandidates: l,
			pairs: a,
			afterMs: n
		}, e) : f.mediaConnectionLostNoPath({
			connection: t,
			localCandidates: c,
			remoteCandidates: l,
			pairs: a,
			afterMs: n
		}, e);
	}
	async #o() {
		let e = [...(await this.#e.getStats()).values()], t = new Map(e.filter(({ type: e }) => e.endsWith("-candidate")).map((e) => [e.id, e])), n = [...t.values()].filter(({ type: e }) => e === "local-candidate");
		n.length > 0 && (this.#a = [...new Set(n.map(({ protocol: e, candidateType: t }) => `${e} ${t}`))]);
		let r = e.filter((e) => e.type === "candidate-pair").map((e) => ({
			ends: `${t.get(e.localCandidateId)?.protocol ?? "udp"} ${gi(t.get(e.localCandidateId))} > ${gi(t.get(e.remoteCandidateId))}`,
			checks: e.requestsSent ?? 0,
			answers: e.responsesReceived ?? 0
		})).sort((e, t) => t.answers - e.answers || t.checks - e.checks);
		r.length > 0 && (this.#i = r);
	}
};
function gi(e) {
	return e?.address ? `${e.address}:${e.port ?? 0}` : `a ${e?.candidateType ?? "local"} address`;
}
var _i = (e) => e === "connected" || e === "completed";
function vi(e) {
	for (let { sender: t, receiver: n } of e.getTransceivers()) {
		let e = t.transport ?? n.transport;
		if (e) return e;
	}
}
var yi = (e) => vi(e)?.state === "failed";
async function bi(e, t, n) {
	if (t.state !== "failed" && t.state !== "closed") return `it has not finished within ${n} ms, while STUN passes`;
	let [r] = t.getRemoteCertificates?.() ?? [], i = /^a=fingerprint:sha-256 (\S+)/im.exec(e.remoteDescription?.sdp ?? "")?.[1]?.toUpperCase();
	if (r && i && crypto.subtle) {
		let e = new Uint8Array(await crypto.subtle.digest("SHA-256", r));
		return Array.from(e, (e) => e.toString(16).padStart(2, "0").toUpperCase()).join(":") === i ? "the browser ended it with an alert, after it had the right certificate" : "the certificate of the other side does not have the fingerprint that its session description names";
	}
	return "the browser ended it without a reason: a certificate that lacks the fingerprint of the SDP, or a TLS alert";
}
function xi(e) {
	let t = e.remoteDescription?.sdp.matchAll(/^a=candidate:\S+ \d+ (\w+) \d+ (\S+) (\d+) typ (\w+)/gm) ?? [];
	return Array.from(t, ([, e = "", t = "", n = "", r = ""]) => ({
		transport: e,
		address: t,
		port: n,
		type: r
	}));
}
function Si(e) {
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
var Ci = /^(10\.|127\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:|::1$)/i, wi = (e) => Ci.test(e), Ti = /^[\d.]+$|:/;
function Ei(e) {
	return Ti.test(e) ? !wi(e) : e.includes(".") && !/\.(local|localhost|internal|lan|home\.arpa)$/i.test(e);
}
// src/path.ts
var Di = 12e3, Oi = 2500, ki = 1e3, Ai = 1e4, ji = 5e3, Mi = 3, Ni = class {
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
	constructor(e, t) {
		this.#e = e, this.#t = t;
	}
	watch(e) {
		this.#n !== e && (this.close(), this.#n = e, this.#l = !1, this.#r = new hi(e, this.#e), e.addEventListener("connectionstatechange", this.#d), this.#m(Di), e.connectionState !== "new" && this.#d());
	}
	close() {
		clearTimeout(this.#u), this.#r?.close(), this.#n?.removeEventListener("connectionstatechange", this.#d);
	}
	retry() {
		this.#n?.connectionState !== "connected" && this.#o > 0 && this.#m(0);
	}
	#d = () => {
		switch (this.#n?.connectionState) {
			case "connected":
				clearTimeout(this.#u), this.#r?.close(), this.#i = Date.now(), this.#o = 0, this.#s && this.#t.cleared(this.#s.fault, Date.now() - this.#s.since), this.#s = void 0;
				break;
			case "disconnected":
				this.#f(), this.#m(Oi);
				break;
			case "failed": this.#f(), this.#m(this.#o === 0 ? 0 : this.#p());
		}
	};
	#f() {
		this.#i > 0 && (this.#a += Date.now() - this.#i), this.#i = 0;
	}
	#p() {
		return Math.min(Ai, ki * 2 ** this.#o);
	}
	#m(e) {
		clearTimeout(this.#u), this.#u = setTimeout(() => void this.#h(), e);
	}
	async #h() {
		let e = this.#n;
		e && (this.#l ||= yi(e), e.connectionState === "connected" || e.signalingState === "closed" && !this.#l || (this.#m(Math.max(this.#p(), ji)), this.#c ||= (this.#c = !0, await this.#g(), this.#o++, await (this.#l ? this.#t.replace() : this.#t.restart()).catch(() => void 0), !1)));
	}
	async #g() {
		let e = this.#a === 0;
		if (this.#s || !e && this.#o < Mi) return;
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
}, Pi = 1e3, Fi = /* @__PURE__ */ new Set(), Ii = [
	"audio",
	"video",
	"share",
	"shareAudio"
], Li = class {
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
			let r = Ce(e, n, this.#a), i = this.#o.get(e);
			this.#p && i && !we(i, r) && (this.#o.set(e, r), await this.#y()), this.#o.set(e, r);
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
		let t = this.#l.get(e) ?? Fi;
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
		let r = ur(await t.getStats()), i = this.#d.get(e);
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
		clearTimeout(this.#h), this.#h = setTimeout(() => this.retry(), Math.max(e, Pi));
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
		let e = new RTCPeerConnection({
			iceServers: [...this.#e.iceServers()],
			bundlePolicy: "max-bundle"
		});
		for (let t of Ii) {
			let n = this.#o.get(t) ?? Ce(t, this.#t.get(t)?.encoding, this.#a);
			this.#o.set(t, n), this.#n.set(t, this.#E(e, t, n));
		}
		this.#p = e;
		for (let [e, { track: t }] of this.#t) await this.#n.get(e)?.sender.replaceTrack(t);
		return e;
	}
	#E(e, t, n) {
		let r = t === "audio" || t === "shareAudio" ? "audio" : "video", i = {
			direction: "sendonly",
			sendEncodings: Te(n)
		}, a;
		try {
			a = e.addTransceiver(r, i);
		} catch {
			a = e.addTransceiver(r, { direction: "sendonly" });
		}
		let o = n.codec ?? (t === "audio" ? "red" : void 0);
		if (o === void 0) return a;
		let s = Ee(o, RTCRtpSender.getCapabilities(r)?.codecs ?? []);
		return s && a.setCodecPreferences(s), a;
	}
	async #D(e, t = !1) {
		let n = this.#t.get(e), r = this.#n.get(e)?.sender;
		if (!n || !r) return;
		let { track: i, encoding: a } = n, o = r.getParameters();
		a.degradation && (o.degradationPreference = a.degradation);
		let { width: s, height: c } = i.getSettings();
		Ae(o, {
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
		let r = this.#e.where(), { codec: i, encodings: a, scalabilityMode: o } = t, s = i === void 0 ? [] : RTCRtpSender.getCapabilities("video")?.codecs ?? [];
		if (i !== void 0 && !Ee(i, s)) {
			let t = s.map(({ mimeType: e }) => e.split("/")[1] ?? ""), n = [...new Set(t)].filter((e) => !/^(rtx|red|ulpfec|flexfec.*)$/i.test(e));
			return this.#e.fault(f.videoProduceCodecNotSupportedNotEncoded({
				kind: e,
				codec: i,
				encodes: n
			}, r));
		}
		let { encodings: c } = n.getParameters();
		if (o !== void 0 && i !== void 0) return c[0]?.scalabilityMode === o ? void 0 : this.#e.fault(f.multistreamNotSupportedCodec({
			kind: e,
			codec: i,
			scalabilityMode: o
		}, r));
		if (!t.insisted || c.length >= a) return;
		let l = this.#c.get(e) ?? 1;
		this.#e.fault(l < a ? f.multistreamNotSupportedBrowser({
			kind: e,
			layers: a,
			encodings: l
		}, r) : f.multistreamNotSupportedServer({
			kind: e,
			layers: a,
			taken: c.length
		}, r));
	}
	#k(e) {
		this.#m ??= new Ni("publish", {
			fault: (e) => this.#e.fault(e),
			cleared: (e, t) => this.#e.cleared(e, t),
			where: () => this.#e.where(),
			restart: () => this.#S(async () => this.#p && this.#A(this.#p, !0)),
			replace: () => this.#S(() => this.#y())
		}), this.#m.watch(e);
	}
	async #A(e, t) {
		let n;
		try {
			n = await fi(e, await e.createOffer({ iceRestart: t }));
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
			let t = Zr(await this.#e.request("publish", {
				sdp: n,
				streams: r
			}), "publish");
			for (let e of t.streams) this.#i.set(e.kind, e);
			await e.setRemoteDescription({
				type: "answer",
				sdp: zi(t.sdp)
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
}, Ri = "x-google-start-bitrate=1000";
function zi(e) {
	let t = (e) => e.replace(/^a=rtpmap:(\d+) (?:VP8|VP9|H264|AV1)\/.*\r\n/gm, (t, n) => e.includes(`a=fmtp:${n} `) ? t : `${t}a=fmtp:${n} ${Ri}\r\n`).replace(/^a=fmtp:\d+ (?!apt=|x-google)/gm, `$&${Ri};`);
	return e.split(/(?=^m=)/m).map((e) => e.startsWith("m=video") ? t(e) : e).join("");
}
// src/close.ts
var Bi = {
	1012: zn,
	1013: Rn
};
function Vi(e, t) {
	let r = Bi[e] ?? e;
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
var Hi = 3e3;
async function Ui(e, t, n) {
	let r = AbortSignal.timeout(Hi), i = e.signal, a = await Gi(`${e.base}/v1/signal`, r);
	if (!a) return Wi(e, t, n, r);
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
	let c = Ki(a.body);
	if (c && c.code !== 4108) return c;
	if (qi(o)) return f.signalingUnreachableGatewayDown({
		url: i,
		status: o,
		attempts: n
	}, t);
	if (o === 401 || o === 403 || o === 407) return f.signalingUnreachableForbidden({
		url: i,
		status: o
	}, t);
	let l = await Ji(e.base, r) ? void 0 : await Yi(e.base, r);
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
async function Wi(e, t, n, r) {
	let i = e.signal, a = await Yi(e.base, r);
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
async function Gi(e, t) {
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
function Ki(e) {
	try {
		return J(e, "answer");
	} catch {
		return;
	}
}
var qi = (e) => e >= 502 && e <= 504 || e >= 520 && e <= 527 || e === 530;
async function Ji(e, t) {
	let n = (await Gi(`${e}/healthz`, t))?.body;
	return typeof n == "object" && !!n && n.service === "klatch";
}
async function Yi(e, t) {
	let n = new URL(e), r = [];
	for (let e = n.pathname.replace(/\/+$/, ""); e !== "";) e = e.slice(0, e.lastIndexOf("/")), r.push(n.origin + e);
	n.protocol === "http:" && r.push(...[e, ...r].map((e) => e.replace("http:", "https:")));
	let i = await Promise.all(r.map((e) => Ji(e, t)));
	return r.find((e, t) => i[t]);
}
var Xi = class {
	#e = [];
	#t = (e) => {
		e.disposition === "enforce" && this.#e.push(e);
	};
	constructor() {
		globalThis.document?.addEventListener("securitypolicyviolation", this.#t);
	}
	blocked(e) {
		let { host: t, protocol: n } = new URL(e), r = this.#e.find(({ blockedURI: e }) => {
			let r = Zi(e);
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
function Zi(e) {
	try {
		return new URL(e);
	} catch {
		return;
	}
}
// src/signal.ts
var Qi = {
	connect: 4e3,
	answer: 15e3,
	pong: 8e3,
	backoff: 300,
	backoffMax: 5e3,
	joinAttempts: 3,
	reach: 7500
}, $i = 262144, Z = class extends Error {
	opened;
	constructor(e) {
		super("unreached"), this.opened = e;
	}
}, ea = class {
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
	#m;
	#h;
	constructor(e, t, n, r = {}) {
		this.#e = e, this.#t = t, this.#r = n, this.#n = {
			...Qi,
			...r
		}, globalThis.addEventListener?.("online", this.#T);
	}
	get awayMs() {
		return this.#a === "cut" ? Date.now() - this.#f : 0;
	}
	async join(e) {
		this.#a = "joining", this.#u = e;
		let t = Date.now(), n = new Xi();
		try {
			for (let e = 1;; e++) try {
				let e = await this.#_();
				return this.#C(), e;
			} catch (r) {
				if (!(r instanceof Z) || this.#v()) throw r;
				let i = await this.#g(r, n, e);
				if (e >= this.#n.joinAttempts || Date.now() - t > this.#n.reach || this.#v() || c(i) === "end") throw new g(i);
				await this.#j(e);
			}
		} finally {
			n.close();
		}
	}
	async #g({ opened: e }, t, n) {
		if (e) return f.signalingUnreachableNoConnection({
			url: this.#e.signal,
			attempts: n
		}, this.#r());
		let r = await Ui(this.#e, this.#r(), n), i = t.blocked(this.#e.signal);
		return i ? f.signalingUnreachableCSPBlocked({
			url: this.#e.signal,
			...i
		}, this.#r()) : r;
	}
	async #_() {
		let e = await this.#x("join", {
			protocol: 1,
			...this.#u()
		}, Yr);
		return this.#l = e, e;
	}
	request(e, t = {}, n = this.#n.answer) {
		return this.#v() ? Promise.reject(this.#y(e)) : this.#N(e, t, !0, n);
	}
	close() {
		if (this.#v()) return;
		this.#a = "closed", globalThis.removeEventListener?.("online", this.#T), clearInterval(this.#p);
		let e = this.#o;
		this.#d !== void 0 && e?.readyState === WebSocket.OPEN && e.send(JSON.stringify({
			jsonrpc: "2.0",
			id: ++this.#s,
			method: "leave",
			params: {}
		})), this.#L(1e3), this.#m?.(), this.#h?.();
		for (let [e, { method: t }] of this.#i) this.#F(e)?.reject(this.#y(t));
	}
	#v() {
		return this.#a === "closed";
	}
	#y(e) {
		return new g(f.operationAbortedLeft({ method: e }, this.#r()));
	}
	#b(e) {
		this.#v() || (this.close(), this.#t.closed(e));
	}
	async #x(e, t, n) {
		let r = await this.#S(), i = new Promise((n, i) => {
			r.onclose = ({ code: e, reason: t }) => {
				let n = Vi(e, t);
				i(n ? new g(n) : new Z(!0));
			}, this.#d = this.#s + 1, this.#N(e, t, !1, this.#n.answer, r).then(n, i);
		});
		try {
			let t = n(await i, e);
			return r.onclose = ({ code: e, reason: t }) => this.#E(e, t), t;
		} catch (e) {
			throw this.#o === r && this.#L(1e3), e;
		} finally {
			this.#d = void 0;
		}
	}
	#S() {
		return new Promise((e, t) => {
			let n;
			try {
				n = new WebSocket(this.#e.signal);
			} catch {
				t(new Z(!1));
				return;
			}
			this.#o = n, this.#h = () => {
				clearTimeout(r), this.#L(1e3), t(new Z(!1));
			};
			let r = setTimeout(this.#h, this.#n.connect);
			n.onclose = this.#h, n.onopen = () => {
				clearTimeout(r), this.#h = void 0, e(n);
			}, n.onmessage = ({ data: e }) => {
				this.#o === n && this.#I(e);
			};
		});
	}
	#C() {
		this.#a = "open", clearInterval(this.#p), this.#p = setInterval(() => this.#w(), this.#l?.pingIntervalMs ?? 2e4);
	}
	#w() {
		let e = this.#o;
		this.#N("ping", {}, !1, this.#n.pong).catch(() => {
			this.#o === e && this.#a === "open" && this.#E(1006, "");
		});
	}
	#T = () => {
		this.#a === "open" ? this.#w() : this.#m?.();
	};
	#E(e, t) {
		if (this.#v()) return;
		this.#L(1e3);
		let n = Vi(e, t);
		if (n && l(n) === "end") return this.#b(n);
		this.#D(n && l(n) === "rejoin" ? n : void 0);
	}
	async #D(e) {
		this.#a = "cut", this.#f = Date.now();
		let t = this.#l?.resumeWindowMs ?? 0, n = this.#f + t;
		clearInterval(this.#p);
		for (let [e, t] of this.#i) clearTimeout(t.timer), t.resend || this.#F(e);
		this.#t.cut();
		let r = e;
		r && this.#O(r);
		let i = 0;
		for (let e = 1; !this.#v(); e++) {
			if (await this.#j(i++), this.#v()) return;
			try {
				r ? await this.#k() : await this.#A();
				return;
			} catch (e) {
				if (this.#v()) return;
				let a = e instanceof g ? e.toJSON() : void 0, o = a ? l(a) : "retry";
				if (a && !r && o === "rejoin" && Date.now() < n) {
					r = a, this.#O(a), n = Date.now() + t, i = 0;
					continue;
				}
				if (a && (o === "end" || o === "rejoin" && !r)) return this.#b({
					...a,
					causeId: a.causeId || (r?.id ?? "")
				});
				a && a.retryAfterMs > 0 && await this.#M(Math.min(a.retryAfterMs, n - Date.now()));
			}
			if (Date.now() > n) {
				let t = {
					attempts: e,
					forMs: this.awayMs
				};
				return this.#b(f.reconnectFailedGaveUp(t, {
					...this.#r(),
					causeId: r?.id ?? ""
				}));
			}
		}
	}
	#O(e) {
		for (let [e, { method: t, began: n }] of this.#i) {
			let r = {
				method: t,
				timeoutMs: Date.now() - n
			};
			this.#F(e)?.reject(new g(f.operationTimedOutNoAnswer(r, this.#r())));
		}
		this.#t.rejoining({
			...e,
			fatal: !1
		});
	}
	async #k() {
		this.#c = 0;
		let e = await this.#_();
		this.#v() || (this.#C(), this.#t.rejoined(e));
	}
	async #A() {
		let { sessionId: e = "", participantId: t = "", secret: n = "" } = this.#l ?? {}, r = {
			protocol: 1,
			sessionId: e,
			participantId: t,
			secret: n,
			lastSeq: this.#c
		}, i = await this.#x("resume", r, Xr);
		if (!this.#v()) {
			this.#l &&= {
				...this.#l,
				secret: i.secret
			}, this.#C();
			for (let [e, t] of [...this.#i].sort(([e], [t]) => e - t)) this.#P(e, t), this.#o?.send(t.frame);
			this.#t.resumed();
		}
	}
	async #j(e) {
		let { backoff: t, backoffMax: n } = this.#n;
		await this.#M(Math.min(n, t * 2 ** e) * (.5 + Math.random() / 2));
	}
	async #M(e) {
		await new Promise((t) => {
			let n = setTimeout(t, e);
			this.#m = () => {
				clearTimeout(n), t();
			};
		}), this.#m = void 0;
	}
	#N(e, t, n, r, i = this.#a === "open" ? this.#o : void 0) {
		let a = ++this.#s, o;
		try {
			o = Re(e, "params", {
				jsonrpc: "2.0",
				id: a,
				method: e,
				params: t
			}, this.#r());
		} catch (e) {
			return Promise.reject(e);
		}
		let s = o.length > $i / 3 ? new TextEncoder().encode(o).length : 0;
		return s > $i ? Promise.reject(new g(f.invalidParameterTooLarge({
			method: e,
			bytes: s,
			limit: $i
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
			this.#i.set(a, c), i && (this.#P(a, c), i.send(o));
		});
	}
	#P(e, { method: t, timeoutMs: n }) {
		let r = this.#i.get(e);
		r && (r.timer = setTimeout(() => {
			this.#F(e)?.reject(new g(f.operationTimedOutNoAnswer({
				method: t,
				timeoutMs: n
			}, this.#r())));
		}, n));
	}
	#F(e) {
		let t = this.#i.get(e);
		return this.#i.delete(e), clearTimeout(t?.timer), t;
	}
	#I(e) {
		let t;
		try {
			let n = ci(R(e, "frame"));
			if (n.type === "result") return this.#F(n.id)?.resolve(n.result);
			if (n.type === "refusal") {
				let e = n.id ?? this.#d, t = e === void 0 ? void 0 : this.#F(e);
				return t ? t.reject(new g(n.fault)) : this.#t.refused(n.fault);
			}
			if (n.seq <= this.#c) return;
			if (n.seq > this.#c + 1) return this.#E(1006, "");
			this.#c = n.seq, t = ai(n.name, n.data);
			let r = t?.name === "meeting-left" ? t.data.fault : void 0;
			if (r && l(r) === "rejoin" && this.#a === "open") {
				this.#L(1e3), this.#D(r);
				return;
			}
		} catch (e) {
			D(e);
			return;
		}
		t && this.#t.event(t);
	}
	#L(e) {
		let t = this.#o;
		this.#o = void 0, t && (t.onclose = t.onmessage = t.onopen = null, t.close(e));
	}
}, ta = class {
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
	close() {
		this.#i = -1, this.#n?.close(), this.#t?.close();
	}
	#a() {
		let e = new RTCPeerConnection({
			iceServers: [...this.#e.iceServers()],
			bundlePolicy: "max-bundle"
		});
		return this.#t = e, e;
	}
	#o(e) {
		this.#n ??= new Ni("subscribe", {
			fault: (e) => this.#e.fault(e),
			cleared: (e, t) => this.#e.cleared(e, t),
			where: () => this.#e.where(),
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
		return t !== void 0 && na(t) !== na(e) && this.#s(), this.#t ?? this.#a();
	}
	async #u(e) {
		let t = this.#l(e.sdp);
		try {
			await t.setRemoteDescription({
				type: "offer",
				sdp: e.sdp
			});
			let n = await fi(t, await t.createAnswer(), e.sdp);
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
function na(e) {
	return /^o=\S+ (\S+)/m.exec(e)?.[1] ?? "";
}
// src/version.ts
var ra = "0.1.0";
// src/identity.ts
function ia(e, { meetingId: t, participantId: n }, r) {
	let i = {
		meetingId: t,
		server: r.replace(/[?#].*/s, "").replace(/\/+$/, "")
	};
	if (e === "") return f.invalidTokenEmpty(i);
	let a = aa(e);
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
function aa(e) {
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
}, oa = [
	"audio",
	"video",
	"share",
	"shareAudio"
], sa = 2e3, ca = {
	CONFERENCE: "SEND_AND_RECV",
	VIEWER: "SIGNALLING_ONLY"
}, la = {
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
}, ua = class extends E {
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
	#o = 0;
	#s = 0;
	#c;
	#l = !1;
	#u = [];
	#d = "DISCONNECTED";
	#f = "";
	#p;
	#m = "";
	#h = "";
	#g = [];
	#_;
	#v;
	#y;
	#b;
	#x;
	#S;
	#C = !1;
	#w;
	#T;
	#E;
	#D;
	constructor(e) {
		super("meeting", la);
		let { meetingId: t, participantId: n = "", name: r = "", mode: i = "SEND_AND_RECV", metaData: a } = e.options;
		this.#e = e, this.#p = t, this.#x = this.#R();
		let o = () => this.#x, s = {
			get preferences() {
				return o();
			},
			transportStats: (e) => e ? this.#v?.transportStats() : this.#y?.stats(),
			call: (e, t) => this.#ne(e, t),
			request: (e, t) => this.#te(e, t),
			own: (e, t) => e === "audio" ? t ? this.unmuteMic() : this.muteMic() : t ? this.enableWebcam() : this.disableWebcam(),
			ownStats: (e) => this.#v?.stats(e),
			where: () => this.#ue()
		};
		this.localParticipant = new F({
			id: n,
			displayName: r,
			mode: da(i),
			metaData: a
		}, !0, s), this.#t = new Fr({
			local: this.localParticipant,
			host: s,
			events: this,
			switchedOff: (e) => this.#q(e)
		}), this.#n = new Xn({
			events: this,
			request: (e, t, n) => this.#te(e, t, n),
			where: () => this.#ue()
		}), this.participants = this.#t.participants, this.pinnedParticipants = this.#t.pins, this.pubSub = new li(s);
	}
	get id() {
		return this.#p;
	}
	get sessionId() {
		return this.#m;
	}
	get startedAt() {
		return this.#h;
	}
	get state() {
		return this.#d;
	}
	get permissions() {
		return this.#g;
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
		return this.#b?.selected("video");
	}
	get selectedMicrophoneDevice() {
		return this.#b?.selected("audio");
	}
	join(e = {}) {
		return this.#ae(this.#O(e.signal));
	}
	leave() {
		return this.#ae(this.#N());
	}
	end() {
		return this.#ne("end", async () => {
			try {
				await this.#te("end");
			} catch (e) {
				if (!this.#I()) throw e;
			}
		});
	}
	changeMode(e) {
		return this.#ne("changeMode", async () => {
			if (da(e) === this.localParticipant.mode) throw this.#ce("changeMode", this.localParticipant.mode);
			await this.#te("setMode", { mode: e });
		});
	}
	respondEntry(e, t) {
		return this.#ne("respondEntry", async () => void await this.#te("respondEntry", {
			participantId: e,
			decision: t
		}));
	}
	unmuteMic(e) {
		return this.#V("unmuteMic", "audio", (t) => t.start("audio", e, "unmuteMic"));
	}
	muteMic() {
		return this.#H("muteMic", "audio");
	}
	enableWebcam(e) {
		return this.#V("enableWebcam", "video", (t) => t.start("video", e, "enableWebcam"));
	}
	disableWebcam() {
		return this.#H("disableWebcam", "video");
	}
	enableScreenShare(e) {
		return this.#V("enableScreenShare", "share", (t) => t.startShare(e, "enableScreenShare"));
	}
	disableScreenShare() {
		return this.#H("disableScreenShare", "share", "shareAudio");
	}
	changeMic(e) {
		return this.#U("changeMic", "audio", e);
	}
	changeWebcam(e) {
		return this.#U("changeWebcam", "video", e);
	}
	replaceWebcamStream(e) {
		return this.#U("replaceWebcamStream", "video", e);
	}
	startRecording(e, t, n) {
		return this.#ne("startRecording", () => this.#n.startRecording(e, t, n));
	}
	stopRecording() {
		return this.#ne("stopRecording", () => this.#n.stop("stopRecording"));
	}
	startLivestream(e, t) {
		return this.#ne("startLivestream", () => this.#n.startLivestream(e, t));
	}
	stopLivestream() {
		return this.#ne("stopLivestream", () => this.#n.stop("stopLivestream"));
	}
	startHls(e) {
		return this.#ne("startHls", () => this.#n.startHls(e));
	}
	stopHls() {
		return this.#ne("stopHls", () => this.#n.stop("stopHls"));
	}
	setWebcamQuality(e) {
		let t = "setWebcamQuality";
		return this.#ne(t, async () => {
			if (!x.includes(e)) {
				let n = {
					method: t,
					parameter: "quality",
					got: String(e),
					allowed: [...x]
				};
				throw this.#se(f.invalidParameterNotAllowed, n);
			}
			if (!this.#G("video")) throw this.#se(f.webcamNotEnabledCameraOff, { method: t });
			await this.#W().setQuality(e, t);
		}, { lane: "video" });
	}
	pauseAllStreams(e) {
		return this.#B("pauseAllStreams", e, !0);
	}
	resumeAllStreams(e) {
		return this.#B("resumeAllStreams", e, !1);
	}
	enableAdaptiveSubscription() {
		return this.#ne("enableAdaptiveSubscription", async () => {
			if (this.#C) throw this.#se((e, t) => f.adaptiveSubscriptionEnableFailedAlreadyEnabled(t), {});
			let e = br();
			if (e.length > 0) throw this.#se(f.adaptiveSubscriptionNotEnabledBySdkNoObserver, {
				missing: e,
				userAgent: navigator.userAgent
			});
			this.#C = !0, this.#z();
		});
	}
	disableAdaptiveSubscription() {
		return this.#ne("disableAdaptiveSubscription", async () => {
			if (!this.#C) throw this.#se((e, t) => f.adaptiveSubscriptionDisableFailedAlreadyDisabled(t), {});
			this.#C = !1, this.#S?.close(), this.#S = void 0;
		});
	}
	getMics() {
		return k("audioinput");
	}
	getWebcams() {
		return k("videoinput");
	}
	async #O(e) {
		if (this.#c && await this.#k(this.#c), this.#a === "joined") throw this.#oe(this.#ce("join", "joined"));
		if (this.#a !== "new" && this.#a !== "left") throw this.#oe(this.#se(f.operationInProgressInProgress, { method: "join" }));
		this.#a === "left" && this.#A();
		let t = ++this.#o;
		this.#a = "joining", this.#de("CONNECTING");
		let n = () => {
			t === this.#o && this.#F(Q.manual, this.#se(f.operationAbortedCancelled, { method: "join" }), "DISCONNECTED");
		};
		e?.addEventListener("abort", n);
		try {
			let r = ia(this.#e.token, this.#e.options, this.#e.serverUrl);
			if (e?.aborted) n();
			else if (r) throw new g(r);
			else await this.#j();
			if (this.#I(t)) throw this.#se(f.operationAbortedLeft, { method: "join" });
		} catch (e) {
			if (this.#I(t)) {
				let e = t === this.#o ? this.#E : void 0;
				throw this.#oe(e ?? this.#se(f.operationAbortedLeft, { method: "join" }));
			}
			let n = this.#le(e);
			throw this.#F(Q.joinFailed, n), this.#oe(n);
		} finally {
			e?.removeEventListener("abort", n);
		}
	}
	async #k(e) {
		let t = this.#s;
		if (await e, t !== this.#s) throw this.#oe(this.#se(f.operationAbortedLeft, { method: "join" }));
	}
	#A() {
		let { participantId: e = "", name: t = "", mode: n = "SEND_AND_RECV", metaData: r } = this.#e.options;
		this.#r = /* @__PURE__ */ new Set(), this.#l = !1, this.#u = [], this.#m = "", this.#h = "", this.#g = [], this.#E = void 0, this.#_ = this.#v = this.#y = this.#b = void 0, this.#x = this.#R(), this.localParticipant.become({
			id: e,
			displayName: t,
			mode: da(n),
			metaData: r,
			streams: [],
			joinedAt: ""
		}), this.#t.reset(), this.#n.reset(), this.pubSub.reset();
	}
	async #j() {
		let { token: e, serverUrl: t, timing: n, options: r } = this.#e;
		if (typeof RTCPeerConnection > "u" && this.localParticipant.mode !== "SIGNALLING_ONLY") throw this.#se(f.unsupportedEnvironmentNoWEBRTC, { userAgent: navigator.userAgent });
		let i = Gn(t, location);
		this.#f = i.base;
		let a = new ea(i, {
			event: (e) => this.#K(e),
			cut: () => this.#de("RECONNECTING"),
			resumed: () => this.#X(),
			rejoining: (e) => this.#Z(e),
			rejoined: (e) => this.#Q(e),
			refused: (e) => void this.#oe(new g(e)),
			closed: (e) => this.#P(e)
		}, () => this.#ue(), n);
		this.#_ = a;
		let { meetingId: o, participantId: s, name: c = "", mode: l, metaData: u, autoConsume: d } = r, p = () => this.#m === "" ? {
			participantId: s,
			mode: l
		} : {
			participantId: this.localParticipant.id,
			mode: this.localParticipant.mode
		}, m = {
			sdkType: "js",
			sdkVersion: ra,
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
		if (this.#_ !== a) throw this.#se(f.operationAbortedLeft, { method: "join" });
		if (this.#p = h.meetingId, this.#m = h.sessionId, this.localParticipant.become({
			id: h.participantId,
			displayName: c,
			mode: this.localParticipant.mode,
			metaData: u,
			streams: [],
			joinedAt: ""
		}), h.welcome) return this.#M(h.welcome);
		this.#a = "lobby", await new Promise((e, t) => {
			this.#D = {
				resolve: e,
				reject: t
			};
		});
	}
	#M(e) {
		if (this.#a = "joined", this.#g = e.permissions, this.#h = e.startedAt, this.#u = e.iceServers.map(({ urls: e, username: t, credential: n }) => ({
			urls: [...e],
			...t !== void 0 && { username: t },
			...n !== void 0 && { credential: n }
		})), this.#l) return this.#$(e);
		this.#l = !0, this.#t.enter(e), this.#n.enter(e.egress), this.#L(), this.#de("CONNECTED"), this.emit("meeting-joined"), this.#t.tell();
		for (let t of e.entries) this.#J(t);
		let { micEnabled: t, webcamEnabled: n, customMicrophoneAudioTrack: r, customCameraVideoTrack: i } = this.#e.options;
		t && this.unmuteMic(r).catch(() => void 0), n && this.enableWebcam(i).catch(() => void 0), this.#D?.resolve();
	}
	async #N() {
		let e = "leave";
		if (this.#s++, this.#c) return this.#c;
		if (this.#a === "new") throw this.#oe(this.#se(f.actionPerformedBeforeMeetingJoinedNotJoined, { method: e }));
		if (this.#a === "left") throw this.#oe(this.#ce(e, "left"));
		let t = this.#_;
		if (t && this.#a !== "joining" && t.awayMs === 0) {
			let e = t.request("leave").catch(() => void 0);
			return this.#c = Promise.race([e, new Promise((e) => setTimeout(e, sa))]).then(() => {
				this.#c = void 0, this.#F(Q.manual, void 0);
			}), this.#c;
		}
		this.#F(Q.manual, void 0);
	}
	#P(e) {
		let t = e.code === 3103 ? Q.exhausted : this.#a === "joined" ? Q.cut : Q.joinFailed;
		this.#F(t, new g(e));
	}
	#F(e, t, n = t ? "FAILED" : "DISCONNECTED") {
		if (this.#I()) return;
		this.#a = "left", this.#E = t, this.#_?.close(), this.#b?.close(), this.#S?.close(), this.#w?.close(), this.#T?.close(), this.#x.close(), this.#v?.close(), this.#y?.close(), this.localParticipant.reset();
		let r = this.#D;
		this.#D = void 0, t && this.#oe(t), this.#de(n), r?.reject(t ?? this.#se(f.operationAbortedLeft, { method: "join" })), this.emit("meeting-left", e);
	}
	#I(e = this.#o) {
		return this.#a === "left" || e !== this.#o;
	}
	#L() {
		let e = this.#o, t = {
			iceServers: () => this.#u,
			request: (e, t) => this.#te(e, t),
			fault: (e) => void this.#oe(new g(e)),
			cleared: ({ id: t, code: n, reason: r }, i) => {
				this.#I(e) || this.emit("fault-cleared", {
					id: t,
					code: n,
					reason: r,
					forMs: i
				});
			},
			where: () => this.#ue(),
			received: (t) => {
				this.#I(e) || this.#t.receive(t);
			},
			switched: (t, n) => {
				this.#I(e) || (n && this.localParticipant.receive(t, { track: n.track }), this.localParticipant.announce(t, n?.wire), n || this.localParticipant.receive(t, void 0));
			}
		};
		this.#v = new Li({
			...t,
			dropped: (e) => this.#q(e)
		}, this.#e.options), this.#y = new ta(t), this.#b = new nr(this.#v, this.#e.options.maxResolution === "sd" ? "h360p_w640p" : "h720p_w1280p", t), this.#w = new Tr({
			reason: async () => {
				if (!this.localParticipant.webcamOn || this.listenerCount("quality-limitation") === 0) return;
				let e = await this.#v?.stats("video");
				return e && cr(e);
			},
			changed: (e, t) => this.emit("quality-limitation", {
				type: e,
				state: t,
				timestamp: Date.now(),
				direction: "send"
			})
		});
		let { participants: n } = this;
		this.#T = new Or(function* () {
			for (let e of n.values()) yield* e.watched();
		}), this.#C && this.#z();
	}
	#R() {
		return new Nr({
			request: (e, t) => this.#te(e, t),
			isOn: (e, t) => this.participants.get(e)?.isAnnounced(t) ?? !1,
			participantIds: () => this.participants.keys()
		});
	}
	#z() {
		this.#S = new xr({
			pictures: () => this.#t.pictures(),
			show: (e, t, n) => this.#x.show(e, t, n)
		});
	}
	#B(e, t, n) {
		return this.#ne(e, async () => {
			if (t !== void 0 && !oa.includes(t)) {
				let n = {
					method: e,
					parameter: "kind",
					got: String(t),
					allowed: [...oa]
				};
				throw this.#se(f.invalidParameterNotAllowed, n);
			}
			let r = t === void 0 ? oa : [t], i = this.#x, a = { kind: t ?? "all" };
			if (n && r.every((e) => i.isKindPaused(e))) throw this.#se(f.pauseAllStreamsFailedAlreadyPaused, a);
			if (!n && !r.some((e) => i.isKindPaused(e) || i.hasPaused(e))) throw this.#se(f.resumeAllStreamsFailedNotPaused, a);
			await i.setKinds(r, n), this.emit(n ? "paused-all-streams" : "resumed-all-streams", a);
		}, { lane: "pauseAll" });
	}
	#V(e, t, n) {
		return this.#ne(e, async () => {
			let r = this.#o;
			if (this.#G(t)) throw this.#ce(e, "on");
			if (this.localParticipant.mode !== "SEND_AND_RECV" && await this.#te("setStream", {
				kind: t,
				enabled: !0
			}), await n(this.#W()), this.#I(r)) throw this.#se(f.operationAbortedLeft, { method: e });
		}, { lane: t });
	}
	#H(e, t, n) {
		return this.#ne(e, async () => {
			let r = this.#W();
			if (r.decided(t), !this.#G(t)) throw this.#ce(e, "off");
			await Promise.all([r.stop(t), n && r.stop(n)]);
		}, {
			lane: t,
			whileAway: !0
		});
	}
	#U(e, t, n) {
		return this.#ne(e, () => this.#W().change(t, n, this.#G(t), e), { lane: t });
	}
	#W() {
		return this.#b;
	}
	#G(e) {
		let { micOn: t, webcamOn: n, screenShareOn: r, screenShareAudioOn: i } = this.localParticipant;
		return {
			audio: t,
			video: n,
			share: r,
			shareAudio: i
		}[e];
	}
	#K(e) {
		if (this.#t.event(e) || this.#n.event(e)) return;
		let { name: t, data: n } = e;
		switch (t) {
			case "meeting-joined": return this.#M(n.welcome);
			case "meeting-left": return this.#F(n.reason, n.fault && new g(n.fault));
			case "entry-requested": return this.#J(n);
			case "entry-responded": return this.emit("entry-responded", n.participantId, n.decision);
			case "entry-withdrawn": return this.emit("entry-withdrawn", n.participantId);
			case "entry-pending": return this.emit("entry-pending", n);
			case "mic-requested": return this.emit("mic-requested", this.#Y(n.participantId, () => this.unmuteMic()));
			case "webcam-requested": return this.emit("webcam-requested", this.#Y(n.participantId, () => this.enableWebcam()));
			case "pubsub-message": return this.pubSub.deliver(n);
			case "subscribe-offer": return this.#y?.offered(n);
			case "encodings": return this.#v?.encodings(n.kind, n.active);
			case "quality-limitation": return this.emit("quality-limitation", {
				type: n.type,
				state: n.state,
				timestamp: Date.parse(n.timestamp),
				direction: "receive"
			});
			case "error":
				this.#oe(new g(n.fault));
				return;
		}
	}
	#q(e) {
		this.#b?.stop(e, !1);
	}
	#J({ participantId: e, name: t, metaData: n }) {
		let r = {
			participantId: e,
			name: t,
			metaData: n,
			allow: () => this.respondEntry(e, "allowed"),
			deny: () => this.respondEntry(e, "denied")
		};
		this.emit("entry-requested", r);
	}
	#Y(e, t) {
		return {
			participantId: e,
			accept: t,
			reject: () => void 0
		};
	}
	#X() {
		this.#de(this.#a === "joined" ? "CONNECTED" : "CONNECTING"), this.#v?.retry(), this.#y?.retry(), this.#x.changed();
	}
	#Z(e) {
		this.#v?.forget(), this.#y?.forget(), this.#oe(new g(e));
	}
	#Q(e) {
		this.#m = e.sessionId;
		let { displayName: t, mode: n, metaData: r } = this.localParticipant;
		if (this.localParticipant.become({
			id: e.participantId,
			displayName: t,
			mode: n,
			metaData: r,
			streams: [],
			joinedAt: ""
		}), e.welcome) return this.#M(e.welcome);
		this.#a = "lobby", this.#de("CONNECTING");
	}
	#$(e) {
		this.#t.reenter(e), this.#n.reenter(e.egress), this.#x.restore(), this.#v?.retry(), this.#de("CONNECTED");
		for (let t of e.entries) this.#J(t);
		let t = [this.pubSub.restore(), ...[...this.participants.values()].map((e) => e.restore())];
		for (let e of t) e.catch((e) => void this.#ee(e));
	}
	#ee(e) {
		e instanceof g && !u(e) && this.#oe(e);
	}
	#te(e, t = {}, n) {
		return this.#_?.request(e, t, n) ?? Promise.reject(this.#se(f.actionPerformedBeforeMeetingJoinedNotJoined, { method: e }));
	}
	#ne(e, t, n = {}) {
		return this.#ae(this.#re(e, t, n));
	}
	async #re(e, t, { lane: n, whileAway: r }) {
		let i = this.#r, a = n === void 0 || !i.has(n);
		try {
			if (this.#ie(e, r ?? !1), !a) throw this.#se(f.operationInProgressInProgress, { method: e });
			return n !== void 0 && i.add(n), await t();
		} catch (e) {
			throw e instanceof g ? this.#oe(e) : e;
		} finally {
			a && n !== void 0 && i.delete(n);
		}
	}
	#ie(e, t) {
		switch (this.#a) {
			case "new":
			case "joining": throw this.#se(f.actionPerformedBeforeMeetingJoinedNotJoined, { method: e });
			case "lobby": throw this.#se(f.actionPerformedBeforeMeetingJoinedInLobby, { method: e });
			case "left": throw this.#se(f.actionPerformedBeforeMeetingJoinedLeft, { method: e });
			case "joined": {
				let n = this.#_?.awayMs ?? 0;
				if (this.#d === "RECONNECTING" && !t) throw this.#se(f.meetingReconnectingReconnecting, {
					method: e,
					awayMs: n
				});
			}
		}
	}
	#ae(e) {
		return this.listenerCount("error") > 0 && e.catch(() => void 0), e;
	}
	#oe(e) {
		return this.#i.has(e.id) || (this.#i.add(e.id), d(e) && this.#a === "joined" && this.#_?.request("report", { fault: e.toJSON() }).catch(() => void 0), this.emit("error", e)), e;
	}
	#se(e, t) {
		return new g(e(t, this.#ue()));
	}
	#ce(e, t) {
		return this.#se(f.alreadyInRequestedStateAlready, {
			method: e,
			state: t
		});
	}
	#le(e) {
		return e instanceof g ? e : (D(e), this.#se(f.signalingUnreachableNotKlatch, {
			url: this.#f,
			status: 101
		}));
	}
	#ue() {
		return {
			meetingId: this.#p,
			sessionId: this.#m,
			participantId: this.localParticipant.id,
			server: this.#f
		};
	}
	#de(e) {
		e !== this.#d && (this.#d = e, this.emit("meeting-state-changed", { state: e }));
	}
};
function da(e) {
	return ca[e] ?? e;
}
// src/videosdk.ts
var fa = new We(), pa = "", ma, ha = class {
	static config(e, t = {}) {
		$("config", "token", e, "string"), pa = e, ma = t.serverUrl;
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
		w(e, t), e.metaData !== void 0 && ($(t, "metaData", e.metaData, "object"), Re(t, "metaData", e.metaData));
		let n = e.signalingBaseUrl, r = e.serverUrl ?? (n && (n.includes("://") ? n : `${location.protocol}//${n}`)) ?? ma;
		return new ua({
			token: pa,
			serverUrl: r ?? location.origin,
			options: e
		});
	}
	static createCameraVideoTrack(e) {
		return Pe(e);
	}
	static createMicrophoneAudioTrack(e) {
		return Fe(e);
	}
	static createScreenShareVideoTrack(e) {
		return Ie(e);
	}
	static getDevices() {
		return O();
	}
	static getCameras() {
		return k("videoinput");
	}
	static getMicrophones() {
		return k("audioinput");
	}
	static getPlaybackDevices() {
		return k("audiooutput");
	}
	static on(e, t) {
		return fa.on(e, t);
	}
	static off(e, t) {
		fa.off(e, t);
	}
	static checkPermissions(e = "audio_video") {
		return qe(e);
	}
	static requestPermission(e = "audio_video") {
		return Je(e);
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
export { Xe as Codes, ua as Meeting, F as Participant, li as PubSub, fr as Stream, ha as VideoSDK, g as VideoSDKError, n as VideoSDKErrors };
