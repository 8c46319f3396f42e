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
	3101: !0
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
		id: ae(),
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
	if (typeof t == "string") return g(t, n);
	if (!Array.isArray(t)) return t;
	let r = t.length - ne + 1;
	return (r > 1 ? [...t.slice(0, -r), `… ${r} more`] : t).map((e) => g(String(e), n));
}
function g(e, t) {
	let n = Array.from(e.length > 4 * t ? e.slice(0, 2 * t) + e.slice(-2 * t) : e), r = Math.floor(t / 2);
	return (n.length > t ? [
		...n.slice(0, r),
		"…",
		...n.slice(r + 1 - t)
	] : n).join("").replace(/[\p{Cc}\p{Cs}\p{Bidi_Control}\uFFFD]/gu, "·");
}
var ie = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
function ae() {
	let e = "";
	for (let t = Date.now(), n = 0; n < 10; n++, t = Math.floor(t / 32)) e = ie.charAt(t % 32) + e;
	let t = "";
	for (let e of crypto.getRandomValues(/* @__PURE__ */ new Uint8Array(16))) t += ie.charAt(e & 31);
	return "flt_" + e + t;
}
// src/fault.ts
var oe = class extends Error {
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
		return se(this);
	}
};
function se({ code: e, name: t, reason: n, detail: r, remedy: i, id: a }) {
	return `${e} ${t} (${n}): ${r} ${i} [${a}]`;
}
var _ = class extends oe {
	constructor(e) {
		let t = se(e);
		super(t);
		let { stack: n = "" } = this, r = n.startsWith("Error: ") ? n.slice(n.indexOf(t) + t.length) : `\n${n}`;
		Object.defineProperty(this, "stack", {
			value: `VideoSDKError: ${t}${r}`,
			configurable: !0,
			writable: !0
		}), Object.defineProperty(this, "message", { enumerable: !0 }), Object.assign(this, e);
	}
}, ce = { allows: (e) => document.featurePolicy?.allowsFeature(e) }, v = {
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
}, le = /permissions?[- ]policy|feature[- ]policy/i;
function ue(e, t, n, r, i = ce) {
	let a = v[e], { name: o, message: s, constraint: c } = he(t);
	switch (o) {
		case "NotAllowedError":
		case "PermissionDeniedError":
		case "SecurityError": return o === "SecurityError" || le.test(s) || i.allows(e) === !1 ? a.policyBlocked({
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
function de(e, t, n = ce) {
	let { name: r, message: i } = he(e), a = {
		domName: r,
		domMessage: i
	};
	switch (r) {
		case "InvalidStateError":
		case "InvalidAccessError": return f.startingScreenshareNoUserGesture(a, t);
		case "NotAllowedError": return le.test(i) || n.allows("display-capture") === !1 ? f.startingScreensharePolicyBlocked({
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
function fe(e, t, n) {
	return v[e].lost({ label: t }, n);
}
function pe(e, t, n) {
	let r = {
		...n,
		causeId: t
	};
	return e === "audio" ? v.microphone.publishRefused({ kind: e }, r) : e === "video" ? v.camera.publishRefused({ kind: e }, r) : f.startingScreensharePublishRefused({ kind: e }, r);
}
async function y(e, t, n) {
	let r = b(n);
	try {
		return await r.getUserMedia(e === "camera" ? { video: t } : { audio: t });
	} catch (i) {
		let a = ge(t);
		throw new _(ue(e, i, {
			deviceId: a,
			label: await _e(r, e, a)
		}, n));
	}
}
async function me(e, t) {
	let n = b(t);
	if (!("getDisplayMedia" in n)) throw new _(f.unsupportedEnvironmentNoScreenShare({ userAgent: navigator.userAgent }, t));
	try {
		return await n.getDisplayMedia(e);
	} catch (e) {
		throw new _(de(e, t));
	}
}
function b(e) {
	let t = navigator.mediaDevices;
	if (t) return t;
	throw new _(isSecureContext ? f.unsupportedEnvironmentNoWEBRTC({ userAgent: navigator.userAgent }, e) : f.unsupportedEnvironmentInsecureContext({ origin: location.origin }, e));
}
function he(e) {
	let { name: t, message: n, constraint: r } = typeof e == "object" && e ? e : {};
	return {
		name: typeof t == "string" ? t : "Error",
		message: typeof n == "string" ? n : String(e),
		constraint: typeof r == "string" ? r : ""
	};
}
function ge({ deviceId: e }) {
	let t = typeof e == "object" && !Array.isArray(e) ? e.exact : e;
	return typeof t == "string" ? t : "";
}
async function _e(e, t, n) {
	let r = t === "camera" ? "videoinput" : "audioinput", i = (await e.enumerateDevices().catch(() => [])).filter((e) => e.kind === r);
	return (n ? i.find((e) => e.deviceId === n) : i[0])?.label || n;
}
var x = {
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
}, ve = [
	"bandwidth_optimized",
	"balanced",
	"high_quality"
], ye = 64e3, be = /* @__PURE__ */ new WeakMap(), xe = {
	audio: { maxBitrateBps: 24e3 },
	video: {
		maxBitrateBps: 15e5,
		degradation: "balanced"
	},
	share: {
		maxBitrateBps: 1e6,
		degradation: "maintain-resolution"
	},
	shareAudio: { maxBitrateBps: ye }
};
function Se(e, t) {
	return be.get(e) ?? xe[t];
}
async function Ce(e = {}, t = {}) {
	let { width: n, height: r, frameRate: i, kbps: a } = C(x.camera, e.encoderConfig ?? "h720p_w1280p", "createCameraVideoTrack", t), o = ve.indexOf(e.bitrateMode ?? "balanced"), s = await y("camera", {
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
async function we(e = {}, t = {}) {
	let { kbps: n, channels: r, speech: i } = C(x.audio, e.encoderConfig ?? "speech_standard", "createMicrophoneAudioTrack", t), { noiseSuppression: a = i, echoCancellation: o = i, autoGainControl: s = i } = e.noiseConfig ?? {};
	return S(await y("microphone", {
		noiseSuppression: a,
		echoCancellation: o,
		autoGainControl: s,
		channelCount: { ideal: r },
		...e.microphoneId ? { deviceId: { exact: e.microphoneId } } : {}
	}, t), "audio", i ? "speech" : "music", { maxBitrateBps: n * 1e3 });
}
async function Te(e = {}, t = {}) {
	let { width: n, height: r, frameRate: i, kbps: a } = C(x.share, e.encoderConfig ?? "h720p_15fps", "createScreenShareVideoTrack", t), o = await me({
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
	return S(o, "audio", "music", { maxBitrateBps: ye }), S(o, "video", s, {
		maxBitrateBps: a * 1e3,
		degradation: s === "motion" ? "balanced" : "maintain-resolution"
	});
}
function S(e, t, n, r) {
	for (let i of e.getTracks().filter((e) => e.kind === t)) i.contentHint = n, be.set(i, r);
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
	throw new _(f.invalidParameterNotAllowed(i, r));
}
function w(e, t, n, r) {
	let i = e instanceof MediaStream ? e.getTracks() : [e], a = i.find((e) => e instanceof MediaStreamTrack && e.kind === t && e.readyState === "live");
	if (a) return a;
	let o = i.map((e) => e instanceof MediaStreamTrack ? `${e.readyState} ${e.kind}` : typeof e).join(", ");
	throw new _(f.invalidParameterTrackNotLive({
		method: n,
		kind: t,
		got: o || "an empty stream"
	}, r));
}
// src/argument.ts
function Ee(e, t, n, r) {
	try {
		return JSON.stringify(n);
	} catch (n) {
		let i = n instanceof Error ? n.message.split("\n")[0] ?? "" : String(n);
		throw new _(f.invalidParameterNotJSON({
			method: e,
			parameter: t,
			problem: i
		}, r));
	}
}
function De(e, t, n) {
	if (typeof t == "function") return;
	let r = t === null ? "null" : typeof t;
	throw new _(f.invalidParameterWrongType({
		method: e,
		parameter: "listener",
		got: r,
		want: "a function"
	}, n));
}
// src/eventnames.ts
var Oe = /* @__PURE__ */ new Set([
	"transcription-state-changed",
	"transcription-text",
	"media-relay-request-received",
	"media-relay-request-response",
	"media-relay-started",
	"media-relay-stopped",
	"media-relay-error",
	"paused-all-streams",
	"resumed-all-streams",
	"quality-limitation",
	"audio-input-silence",
	"codec-changed",
	"data",
	"whiteboard-started",
	"whiteboard-stopped",
	"video-quality-changed",
	"stream-paused",
	"stream-resumed",
	"e2ee-state-change",
	"state"
]);
function ke(e, t, n) {
	if (typeof t == "string" && Object.hasOwn(n, t)) return;
	let r = String(t), i = Object.keys(n);
	throw new _(Oe.has(r) ? f.notOfferedEvent({
		method: e,
		event: r,
		allowed: i
	}) : f.invalidParameterUnknownEvent({
		method: e,
		event: r,
		nearest: Ae(r, i),
		allowed: i
	}));
}
function Ae(e, t) {
	let n = e.slice(0, 64);
	return t.reduce((e, t) => je(n, t) < je(n, e) ? t : e, t[0] ?? "none");
}
function je(e, t) {
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
var T = class {
	#e;
	#t;
	#n = Object.create(null);
	constructor(e, t) {
		this.#e = e, this.#t = t;
	}
	on(e, t) {
		return ke(`${this.#e}.on`, e, this.#t), De(`${this.#e}.on`, t), this.#n[e] = [...this.#n[e] ?? [], t], () => this.off(e, t);
	}
	once(e, t) {
		let n = this.on(e, (...e) => {
			n(), t(...e);
		});
		return n;
	}
	off(e, t) {
		ke(`${this.#e}.off`, e, this.#t);
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
	return (await b({}).enumerateDevices()).filter(({ deviceId: e }) => e !== "").map(({ deviceId: e, groupId: t, kind: n, label: r }) => ({
		deviceId: e,
		groupId: t,
		kind: n,
		label: r
	}));
}
async function O(e) {
	return (await D()).filter((t) => t.kind === e);
}
var Me = class extends T {
	constructor() {
		super("VideoSDK", { "device-changed": !0 });
	}
	on(e, t) {
		let n = b({}), r = super.on(e, t);
		return this.listenerCount(e) === 1 && n.addEventListener("devicechange", this.#e), r;
	}
	off(e, t) {
		super.off(e, t), this.listenerCount(e) === 0 && b({}).removeEventListener("devicechange", this.#e);
	}
	#e = () => {
		D().then((e) => this.emit("device-changed", e), E);
	};
}, Ne = (e) => e === "audio_video" ? ["audio", "video"] : [e], Pe = {
	audio: "microphone",
	video: "camera"
};
async function Fe(e) {
	let t = Ne(e).map(async (e) => [e, await Le(e)]);
	return new Map(await Promise.all(t));
}
async function Ie(e) {
	let t = /* @__PURE__ */ new Map();
	for (let n of Ne(e)) try {
		let e = await y(Pe[n], {}, {});
		for (let t of e.getTracks()) t.stop();
		t.set(n, !0);
	} catch (e) {
		if (!(e instanceof _) || e.reason !== "PERMISSION_DENIED") throw e;
		t.set(n, !1);
	}
	return t;
}
async function Le(e) {
	try {
		return (await navigator.permissions.query({ name: Pe[e] })).state === "granted";
	} catch {
		return (await b({}).enumerateDevices()).some(({ kind: t, label: n }) => t === `${e}input` && n !== "");
	}
}
// src/codes.gen.ts
var Re = /* @__PURE__ */ t({
	ACCOUNT_DEACTIVATED: () => ct,
	ACCOUNT_DISCONTINUED: () => lt,
	ADD_ON_SERVICES_DISABLED: () => Ct,
	APIKEY_DEACTIVATED: () => Bt,
	CERTIFICATE_FAILED: () => vn,
	CHANGE_MODE_FAILED: () => Ht,
	CONFIG_INVALID: () => gn,
	CONFLICT: () => on,
	DISABLE_PARTICIPANT_MIC_FAILED: () => Gt,
	DISABLE_PARTICIPANT_WEBCAM_FAILED: () => qt,
	DUPLICATE_PARTICIPANT: () => st,
	ENABLE_PARTICIPANT_MIC_FAILED: () => Wt,
	ENABLE_PARTICIPANT_WEBCAM_FAILED: () => Kt,
	ERROR_ACTION_NOT_SUPPORTED_IN_MODE: () => Je,
	ERROR_ACTION_PERFORMED_BEFORE_MEETING_JOINED: () => He,
	ERROR_ALREADY_IN_REQUESTED_STATE: () => We,
	ERROR_INVALID_MODE: () => Ye,
	ERROR_INVALID_PARAMETER: () => Xe,
	ERROR_MEETING_MEDIA_CONNECTION_FAILED: () => Ue,
	ERROR_MEETING_RECONNECTING: () => qe,
	ERROR_OPERATION_ABORTED: () => Ke,
	ERROR_OPERATION_IN_PROGRESS: () => Ge,
	ERROR_OPERATION_TIMED_OUT: () => Ze,
	ERROR_STARTING_AUDIO: () => Be,
	ERROR_STARTING_SCREENSHARE: () => Ve,
	ERROR_STARTING_VIDEO: () => ze,
	HLS_DURATION_LIMIT_REACHED: () => fn,
	HLS_FAILED: () => ln,
	INVALID_API_KEY: () => rt,
	INVALID_LIVESTREAM_CONFIG: () => _t,
	INVALID_MEETING_ID: () => at,
	INVALID_MESSAGE: () => rn,
	INVALID_PARTICIPANT_ID: () => ot,
	INVALID_PERMISSIONS: () => ut,
	INVALID_TOKEN: () => it,
	LIVESTREAM_DURATION_LIMIT_REACHED: () => dn,
	LIVESTREAM_FAILED: () => cn,
	LOBBY_DENIED: () => Zt,
	LOBBY_TIMEOUT: () => Qt,
	MAX_HLS_LIMIT_REACHED_ON_ORGANIZATION: () => At,
	MAX_LIVESTREAM_LIMIT_REACHED_ON_ORGANIZATION: () => jt,
	MAX_PARTICIPANT_REACHED: () => dt,
	MAX_RECORDING_LIMIT_REACHED_ON_ORGANIZATION: () => kt,
	MAX_RECV_ONLY_LIMIT_REACHED_ON_ORGANIZATION: () => Rt,
	MAX_SPEAKER_LIMIT_REACHED_ON_ORGANIZATION: () => Dt,
	MAX_SPEAKER_REACHED: () => ft,
	MAX_VIEWER_LIMIT_REACHED_ON_ORGANIZATION: () => Ot,
	MEDIA_CONNECTION_LOST: () => Qe,
	MEETING_ENDED: () => en,
	MEETING_ID_DISABLED: () => zt,
	NOT_FOUND: () => an,
	NOT_OFFERED: () => nt,
	NOT_PERMITTED: () => tn,
	PARTICIPANT_REMOVED: () => $t,
	PIN_FAILED: () => Jt,
	PREV_HLS_STREAMING_PROCESSING: () => St,
	PREV_RECORDING_PROCESSING: () => bt,
	PREV_RTMP_RECORDING_PROCESSING: () => xt,
	PUBSUB_PUBLISH_FAILED: () => Xt,
	RATE_LIMITED: () => nn,
	RECONNECT_FAILED: () => et,
	RECORDING_DURATION_LIMIT_REACHED: () => un,
	RECORDING_FAILED: () => sn,
	REMOVE_PARTICIPANT_FAILED: () => Ut,
	RESPOND_ENTRY_FAILED: () => Vt,
	SERVER_SHUTDOWN: () => mn,
	SERVER_UNAVAILABLE: () => pn,
	SIGNALING_UNREACHABLE: () => $e,
	STARTUP_FAILED: () => _n,
	START_COMPOSITE_RECORDING_FAILED: () => It,
	START_HLS_FAILED: () => vt,
	START_LIVESTREAM_FAILED: () => ht,
	START_PARTICIPANT_RECORDING_FAILED: () => Mt,
	START_RECORDING_FAILED: () => pt,
	START_TRACK_RECORDING_FAILED: () => Pt,
	STOP_COMPPOSITE_RECORDING_FAILED: () => Lt,
	STOP_HLS_FAILED: () => yt,
	STOP_LIVESTREAM_FAILED: () => gt,
	STOP_PARTICIPANT_RECORDING_FAILED: () => Nt,
	STOP_RECORDING_FAILED: () => mt,
	STOP_TRACK_RECORDING_FAILED: () => Ft,
	UNAUTHORIZED_MEETING_ID: () => wt,
	UNAUTHORIZED_PARTCIPANT_ID: () => Tt,
	UNAUTHORIZED_ROLE: () => Et,
	UNPIN_FAILED: () => Yt,
	UNSUPPORTED_ENVIRONMENT: () => tt,
	WEBHOOK_DELIVERY_FAILED: () => hn
}), ze = 3011, Be = 3012, Ve = 3013, He = 3035, Ue = 3044, We = 3054, Ge = 3055, Ke = 3056, qe = 3065, Je = 3066, Ye = 3067, Xe = 3073, Ze = 3079, Qe = 3101, $e = 3102, et = 3103, tt = 3104, nt = 3105, rt = 4001, it = 4002, at = 4003, ot = 4004, st = 4005, ct = 4006, lt = 4007, ut = 4008, dt = 4009, ft = 4010, pt = 4011, mt = 4012, ht = 4013, gt = 4014, _t = 4015, vt = 4016, yt = 4017, bt = 4018, xt = 4019, St = 4020, Ct = 4021, wt = 4022, Tt = 4023, Et = 4024, Dt = 4026, Ot = 4027, kt = 4028, At = 4029, jt = 4030, Mt = 4035, Nt = 4036, Pt = 4037, Ft = 4038, It = 4039, Lt = 4040, Rt = 4041, zt = 4052, Bt = 4053, Vt = 4059, Ht = 4065, Ut = 4066, Wt = 4067, Gt = 4068, Kt = 4069, qt = 4070, Jt = 4071, Yt = 4072, Xt = 4087, Zt = 4101, Qt = 4102, $t = 4103, en = 4104, tn = 4105, nn = 4106, rn = 4107, an = 4108, on = 4109, sn = 5001, cn = 5002, ln = 5003, un = 5004, dn = 5005, fn = 5006, pn = 5101, mn = 5102, hn = 5103, gn = 5104, _n = 5105, vn = 5106, yn = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/;
function bn(e, t) {
	let n = (t) => {
		throw new _(f.signalingUnreachableBadURL({
			url: Sn(e),
			problem: t
		}));
	};
	/^[a-z][a-z0-9+.-]*:\/\//i.test(e) || n(e.trim() === "" ? "it is empty" : "it does not begin with http:// or https://");
	let r = xn(e) ?? n("it is not a valid URL"), i = r.protocol === "https:" || r.protocol === "wss:";
	!i && r.protocol !== "http:" && r.protocol !== "ws:" && n(`its scheme is ${r.protocol.slice(0, -1)}`), (r.username !== "" || r.password !== "") && n("it contains a user name or password"), (r.search !== "" || r.hash !== "") && n("it has a query or fragment");
	let a = r.host + r.pathname.replace(/\/+$/, "");
	if (t.protocol === "https:" && !i && !yn.test(r.hostname)) throw new _(f.signalingUnreachableMixedContent({
		url: e,
		page: t.origin
	}));
	return {
		base: `${i ? "https" : "http"}://${a}`,
		signal: `${i ? "wss" : "ws"}://${a}/v1/signal`
	};
}
function xn(e) {
	try {
		return new URL(e);
	} catch {
		return;
	}
}
function Sn(e) {
	return e.replace(/\/\/[^/@]*@/, "//").replace(/[?#].*/s, "");
}
// src/egress.ts
var Cn = 3e4, wn = {
	playbackHlsUrl: null,
	livestreamUrl: null,
	downstreamUrl: null
}, Tn = class {
	recording = "";
	livestream = "";
	hls = "";
	urls = wn;
	#e;
	constructor(e) {
		this.#e = e;
	}
	reset() {
		this.recording = this.livestream = this.hls = "", this.urls = wn;
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
		if (k(e)) throw this.#r(f.invalidParameterMissing, {
			method: n,
			parameter: "outputs"
		});
		this.#n(n, "outputs", e, "array"), e.forEach((e, t) => {
			let r = `outputs[${t}]`;
			if (k(e)) throw this.#r(f.invalidParameterMissing, {
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
		let n = Object.entries(t).filter(([, e]) => !k(e));
		await this.#e.request(e, Object.fromEntries(n), Cn);
	}
	#n(e, t, n, r) {
		let i = Array.isArray(n) ? "array" : typeof n;
		if (!(k(n) || i === r)) throw this.#r(f.invalidParameterWrongType, {
			method: e,
			parameter: t,
			got: i,
			want: r
		});
	}
	#r(e, t) {
		return new _(e(t, this.#e.where()));
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
// src/mediawatch.ts
var A = {
	tick: 1e3,
	silent: 8e3,
	muted: 5e3,
	unheard: 8e3
}, En = {
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
}, Dn = class {
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
		}), this.#r = Date.now(), this.#n ??= setInterval(() => void this.#c(), A.tick);
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
		let e = Date.now(), t = Math.min(e - this.#r, 2 * A.tick);
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
			trackState: On(r),
			packetsSent: i?.packets ?? 0
		};
		if (r.readyState === "ended") return this.#t.delete(e), this.#e.fault(En[e].ended(o, this.#e.where())), this.#e.ended(e, r);
		if (t.mutedMs = r.muted ? t.mutedMs + n : 0, t.mutedMs >= A.muted && (e === "audio" || e === "video") && await kn(r)) {
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
			e !== "shareAudio" && (e !== "video" && e !== "share" || !t.flowed && document.visibilityState !== "hidden") && (t.silentMs += n, t.silentMs < A.silent || t.silent || (t.silent = this.#o(En[e].silent({
				...o,
				forMs: t.silentMs
			}, this.#e.where())), this.#e.silent(e)));
		}
	}
	#u(e, t, { packets: n, reportedAt: r }, i) {
		let a = n > t.packets;
		if (t.packets = n, r === t.reportedAt ? a && (t.unheardMs += i) : (t.reportedAt = r, t.unheardMs = 0, this.#s(t.unheard), t.unheard = void 0), t.unheardMs < A.unheard || [...this.#t.values()].some(({ unheard: e }) => e)) return;
		let o = {
			connection: "publish",
			kind: e,
			packetsSent: n,
			forMs: t.unheardMs
		};
		t.unheard = this.#o(f.mediaConnectionLostMediaNotArriving(o, this.#e.where()));
	}
};
function On({ readyState: e, enabled: t, muted: n }) {
	return [
		e,
		...t ? [] : ["not enabled"],
		...n ? ["muted"] : []
	].join(", ");
}
async function kn(e) {
	let { deviceId: t = "" } = e.getSettings();
	return (await O(e.kind === "audio" ? "audioinput" : "videoinput").catch(() => [])).some((e) => e.deviceId === t);
}
// src/localmedia.ts
var An = {
	audio: "microphone",
	video: "camera"
}, jn = class {
	#e;
	#t;
	#n;
	#r = /* @__PURE__ */ new Map();
	#i = /* @__PURE__ */ new Map();
	#a;
	#o = /* @__PURE__ */ new Set();
	#s = !1;
	constructor(e, t, n) {
		this.#e = e, this.#n = t, this.#t = n, this.#a = new Dn({
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
		let r = this.#r.get(e), i = t !== void 0 || r?.readyState !== "live", a = t ? w(t, e, n, this.#t.where()) : i ? await this.#c(e) : r;
		a !== r && r?.stop(), await this.#l(e, a);
	}
	async startShare(e, t) {
		let n = e instanceof MediaStream ? e : e ? new MediaStream([e]) : await Te({}, this.#t.where()), r = w(n, "video", t, this.#t.where()), [i] = n.getAudioTracks();
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
		let i = typeof t == "string" ? void 0 : w(t, e, r, this.#t.where());
		e === "video" && !i && this.#_(e);
		let a;
		try {
			a = i ?? await this.#c(e, t);
		} catch (t) {
			throw this.#r.has(e) || await this.stop(e), t;
		}
		if (this.#_(e), this.#d(e, a), n) {
			let t = await this.#e.sent(e), n = await this.#e.replace(e, a, Se(a, e));
			this.#t.switched(e, {
				wire: n,
				track: a
			}), this.#s || this.#a.start(e, a, t);
		} else a.enabled = !1;
	}
	close() {
		this.#s = !0, this.#a.close();
		for (let e of this.#r.keys()) this.#_(e);
	}
	async #c(e, t = this.#i.get(e)?.deviceId) {
		let n = this.#t.where();
		return w(e === "audio" ? await we(t ? { microphoneId: t } : {}, n) : await Ce({
			encoderConfig: this.#n,
			...t ? { cameraId: t } : {}
		}, n), e, "capture", n);
	}
	async #l(e, t) {
		if (this.#s) return t.stop();
		t.enabled = !0, this.#o.delete(e), this.#d(e, t);
		try {
			let n = await this.#e.sent(e), r = await this.#e.enable(e, t, Se(t, e));
			this.#t.switched(e, {
				wire: r,
				track: t
			}), this.#s || this.#a.start(e, t, n);
		} catch (t) {
			throw this.#_(e), this.#u(e, t);
		}
	}
	#u(e, t) {
		return !(t instanceof _) || t.code < 4e3 ? t : (this.#t.fault(t.toJSON()), new _(pe(e, t.id, this.#t.where())));
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
			this.#t.fault(fe(An[e], t.label, this.#t.where()));
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
				e instanceof _ && this.#t.fault(e.toJSON());
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
async function Mn(e, t) {
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
function Nn(e, t, n) {
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
			rttMs: Fn(s),
			jitterMs: Fn(a?.jitter),
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
function Pn(e) {
	let t = 0, n = 0, r = 0;
	for (let { type: i, packetsSent: a = 0, framesSent: o, timestamp: s } of e.values()) i === "remote-inbound-rtp" && (r = Math.max(r, s)), i === "outbound-rtp" && (t += a, n += o ?? a);
	return {
		packets: t,
		media: n,
		reportedAt: r
	};
}
function Fn(e) {
	return e === void 0 ? void 0 : Math.round(e * 1e3);
}
// src/stream.ts
var j = class extends T {
	id;
	kind;
	codec;
	#e;
	#t;
	#n = !1;
	constructor(e, t, n) {
		super("stream", {}), this.id = e.id, this.kind = e.kind, this.codec = e.codec, this.#t = t, this.#e = n;
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
}, In = {
	"stream-enabled": !0,
	"stream-disabled": !0,
	"media-status-changed": !0
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
	#c = /* @__PURE__ */ new Map();
	#l;
	#u;
	#d = {
		cam: !1,
		share: !1
	};
	constructor(e, t, n) {
		super("participant", In), this.#o = e.id, this.#s = e.displayName, this.#l = e.mode, this.#u = e.metaData, this.local = t, this.#e = n, this.streams = this.#t;
	}
	get id() {
		return this.#o;
	}
	get displayName() {
		return this.#s;
	}
	get mode() {
		return this.#l;
	}
	get metaData() {
		return this.#u;
	}
	get pinState() {
		return this.#d;
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
		return this.#h("audio", !0, "participant.enableMic");
	}
	disableMic() {
		return this.#h("audio", !1, "participant.disableMic");
	}
	enableWebcam() {
		return this.#h("video", !0, "participant.enableWebcam");
	}
	disableWebcam() {
		return this.#h("video", !1, "participant.disableWebcam");
	}
	remove() {
		return this.#m("participant.remove", "removeParticipant", {});
	}
	pin(e = "SHARE_AND_CAM") {
		return this.#g("participant.pin", e, !0);
	}
	unpin(e = "SHARE_AND_CAM") {
		return this.#g("participant.unpin", e, !1);
	}
	consumeMicStreams() {
		return this.#f("audio", !0, "participant.consumeMicStreams");
	}
	consumeWebcamStreams() {
		return this.#f("video", !0, "participant.consumeWebcamStreams");
	}
	stopConsumingMicStreams() {
		return this.#f("audio", !1, "participant.stopConsumingMicStreams");
	}
	stopConsumingWebcamStreams() {
		return this.#f("video", !1, "participant.stopConsumingWebcamStreams");
	}
	captureImage(e = {}) {
		let t = "participant.captureImage";
		return this.#e.call(t, async () => {
			let n = this.stream("video")?.track;
			if (n) return Mn(n, e);
			throw new _(f.invalidParameterCameraOff({
				method: t,
				participantId: this.id,
				name: this.displayName
			}, this.#e.where()));
		});
	}
	getVideoStats() {
		return this.#_("video");
	}
	getAudioStats() {
		return this.#_("audio");
	}
	getShareStats() {
		return this.#_("share");
	}
	getShareAudioStats() {
		return this.#_("shareAudio");
	}
	#f(e, t, n) {
		return this.#e.call(n, async () => {
			if (this.local) throw new _(f.invalidParameterOwnStream({ method: n }, this.#e.where()));
			let r = this.stream(e), i = r?.paused ?? !1;
			n.startsWith("stream.") && r?.setPaused(!t);
			try {
				await this.#e.request("consume", {
					participantId: this.id,
					kind: e,
					enabled: t
				}), this.#c.set(e, t);
			} catch (e) {
				throw r?.setPaused(i), e;
			}
		});
	}
	async restore() {
		for (let [e, t] of this.#c) await this.#e.request("consume", {
			participantId: this.id,
			kind: e,
			enabled: t
		});
	}
	become({ id: e, displayName: t, mode: n, metaData: r }) {
		this.#o = e, this.#s = t, this.#l = n, this.#u = r;
	}
	reset() {
		for (let e of [
			this.#t,
			this.#n,
			this.#r,
			this.#i,
			this.#a
		]) e.clear();
	}
	setMode(e) {
		this.#l = e;
	}
	setPinState(e) {
		this.#d = e;
	}
	announce(e, t) {
		let n = this.#n.has(e);
		t ? this.#n.set(e, t) : this.#n.delete(e), n !== !!t && this.emit("media-status-changed", {
			kind: e,
			newStatus: !!t
		}), this.#p(e);
	}
	receive(e, t) {
		t ? this.#r.set(e, t) : this.#r.delete(e), this.#p(e);
	}
	#p(e) {
		let t = this.#n.get(e), n = this.#r.get(e), r = this.stream(e);
		if (t && n) {
			if (r?.track === n.track && !this.#a.has(e)) return;
			let i = r ?? new j(t, n.track, (t, n) => this.#f(e, t, n));
			if (i.update(n.track), i.paused) return;
			this.#a.delete(e), this.#t.set(i.id, i), this.emit("stream-enabled", i);
		} else r && t && r.paused ? this.#a.add(e) : r && (this.#a.delete(e), this.#t.delete(r.id), this.#i.delete(e), this.emit("stream-disabled", r));
	}
	#m(e, t, n) {
		return this.#e.call(e, async () => void await this.#e.request(t, {
			participantId: this.id,
			...n
		}));
	}
	#h(e, t, n) {
		return this.local ? this.#e.own(e, t) : this.#m(n, "requestStream", {
			kind: e,
			enabled: t
		});
	}
	#g(e, t, n) {
		let r = M[t];
		if (!r) {
			let n = {
				method: e,
				parameter: "type",
				got: String(t),
				allowed: Object.keys(M)
			};
			return this.#e.call(e, () => Promise.reject(new _(f.invalidParameterNotAllowed(n, this.#e.where()))));
		}
		let { cam: i, share: a } = this.#d;
		return this.#m(e, "pin", { state: {
			cam: r.cam ? n : i,
			share: r.share ? n : a
		} });
	}
	async #_(e) {
		let t = await (this.local ? this.#e.ownStats(e) : this.#r.get(e)?.receiver?.getStats()), n = t && Nn(e, t, this.#i.get(e));
		return n ? (this.#i.set(e, n.sample), [n.stats]) : [];
	}
}, Ln = [
	"audio",
	"video",
	"share",
	"shareAudio"
], Rn = class {
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
			else for (let e of Ln) t.announce(e, n.streams.find((t) => t.kind === e));
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
		if (n?.setMode(t), n?.local && t !== "SEND_AND_RECV") for (let e of Ln) this.#e.switchedOff(e);
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
}, zn = class extends Error {
	name = "WireError";
}, P = (e, t, n) => {
	throw new zn(`${e} is ${n === null ? "null" : Array.isArray(n) ? "an array" : typeof n}, not ${t}`);
}, F = (e, t) => typeof e == "string" ? e : P(t, "a string", e), I = (e, t) => typeof e == "number" ? e : P(t, "a number", e), L = (e, t) => typeof e == "boolean" ? e : P(t, "a boolean", e), Bn = (e) => typeof e == "object" && !!e && !Array.isArray(e), R = (e, t) => Bn(e) ? e : P(t, "an object", e), z = (e) => (t, n) => t == null ? void 0 : e(t, n), B = (e, t) => (n, r) => n == null ? t : e(n, r), V = (e) => (t, n) => t == null ? [] : Array.isArray(t) ? t.map((t, r) => e(t, `${n}[${r}]`)) : P(n, "an array", t), H = (...e) => (t, n) => e.find((e) => e === t) ?? P(n, e.join(" or "), t), U = (e) => (t, n) => {
	if (!Bn(t)) return P(n, "an object", t);
	let r = {};
	for (let [i, a] of Object.entries(e)) r[i] = a(t[i], `${n}.${i}`);
	return r;
}, Vn = H("audio", "video", "share", "shareAudio"), Hn = H("SEND_AND_RECV", "RECV_ONLY", "SIGNALLING_ONLY"), Un = U({
	code: I,
	name: F
}), Wn = U({
	cam: L,
	share: L
}), Gn = U({
	code: I,
	name: F,
	message: F,
	reason: F,
	detail: F,
	remedy: F,
	param: z(F),
	details: z(R),
	fatal: L,
	retryable: L,
	retryAfterMs: B(I, 0),
	id: F,
	causeId: B(F, ""),
	at: F,
	docs: B(F, ""),
	meetingId: B(F, ""),
	sessionId: B(F, ""),
	participantId: B(F, "")
}), W = (e, t) => {
	let { param: n, details: r, ...i } = Gn(e, t);
	return {
		...i,
		...n !== void 0 && { param: n },
		...r && { details: r }
	};
}, G = U({
	id: F,
	kind: Vn,
	codec: F
}), K = U({
	id: F,
	displayName: F,
	mode: Hn,
	metaData: z(R),
	streams: V(G),
	joinedAt: F
}), Kn = U({
	participantId: F,
	state: Wn,
	pinnedBy: F
}), qn = U({
	participantId: F,
	name: F,
	metaData: z(R)
}), Jn = U({ status: H("", "RECORDING_STARTING", "RECORDING_STARTED", "RECORDING_STOPPING", "RECORDING_STOPPED") }), Yn = U({ status: H("", "LIVESTREAM_STARTING", "LIVESTREAM_STARTED", "LIVESTREAM_STOPPING", "LIVESTREAM_STOPPED") }), Xn = U({
	status: H("", "HLS_STARTING", "HLS_STARTED", "HLS_PLAYABLE", "HLS_STOPPING", "HLS_STOPPED"),
	playbackHlsUrl: B(F, ""),
	livestreamUrl: B(F, ""),
	downstreamUrl: B(F, "")
}), Zn = U({
	participant: K,
	participants: V(K),
	permissions: V(F),
	activeSpeakerId: B(F, ""),
	presenterId: B(F, ""),
	pins: V(Kn),
	entries: V(qn),
	startedAt: F,
	serverTime: F,
	egress: U({
		recording: Jn,
		livestream: Yn,
		hls: Xn
	}),
	iceServers: V(U({
		urls: V(F),
		username: z(F),
		credential: z(F)
	}))
}), Qn = U({
	state: H("joined", "waiting"),
	meetingId: F,
	sessionId: F,
	participantId: F,
	secret: F,
	resumeWindowMs: I,
	pingIntervalMs: I,
	welcome: z(Zn)
}), $n = U({
	seq: I,
	secret: F
}), er = U({
	sdp: F,
	streams: V(G)
}), tr = U({
	id: F,
	topic: F,
	message: F,
	senderId: F,
	senderName: F,
	timestamp: F,
	payload: z(R)
}), nr = U({
	id: F,
	timestamp: F
}), rr = U({ messages: V(tr) }), ir = U({
	offerId: I,
	sdp: F,
	streams: V(U({
		mid: F,
		participantId: F,
		kind: Vn,
		streamId: F
	}))
}), q = U({ participantId: F }), ar = {
	"meeting-joined": U({ welcome: Zn }),
	"meeting-left": U({
		reason: Un,
		fault: z(W)
	}),
	"participant-joined": U({ participant: K }),
	"participant-left": U({
		participantId: F,
		reason: Un
	}),
	"participant-mode-changed": U({
		participantId: F,
		mode: Hn
	}),
	"stream-enabled": U({
		participantId: F,
		stream: G
	}),
	"stream-disabled": U({
		participantId: F,
		stream: G,
		by: B(F, "")
	}),
	"speaker-changed": q,
	"presenter-changed": q,
	"entry-requested": qn,
	"entry-responded": U({
		participantId: F,
		decision: H("allowed", "denied"),
		by: F
	}),
	"entry-withdrawn": q,
	"entry-pending": U({
		waitedMs: I,
		hosts: I
	}),
	"mic-requested": q,
	"webcam-requested": q,
	"pin-state-changed": Kn,
	"pubsub-message": tr,
	"subscribe-offer": ir,
	"recording-state-changed": Jn,
	"livestream-state-changed": Yn,
	"hls-state-changed": Xn,
	error: U({ fault: W })
};
function or(e, t) {
	if (Object.hasOwn(ar, e)) return {
		name: e,
		data: ar[e](t, e)
	};
}
var sr = U({
	seq: I,
	name: F
}), cr = U({ data: W });
function lr(e) {
	let t = R(JSON.parse(e), "frame");
	if (t.method !== void 0) {
		let e = R(t.params, "params");
		return {
			type: "event",
			...sr(e, "params"),
			data: e.data
		};
	}
	return t.error === void 0 ? {
		type: "result",
		id: I(t.id, "id"),
		result: t.result
	} : {
		type: "refusal",
		id: z(I)(t.id, "id"),
		fault: cr(t.error, "error").data
	};
}
// src/pubsub.ts
var ur = class {
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
			nr(await this.#e.request("pubsub.publish", o), "pubsub.publish");
		});
	}
	subscribe(e, t, n = {}) {
		return this.#r("pubSub.subscribe", { topic: e }, async () => {
			De("pubSub.subscribe", typeof t == "object" && t ? t.onMessageReceived : t, this.#e.where()), this.#t.set(e, [...this.#t.get(e) ?? [], t]);
			try {
				let { messages: r } = rr(await this.#e.request("pubsub.subscribe", {
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
				throw new _(f.invalidParameterWrongType(t, this.#e.where()));
			}
			return n();
		});
	}
}, dr = 1e3, fr = class {
	#e;
	#t;
	#n = Date.now();
	#r;
	#i = [];
	#a = [];
	constructor(e, t) {
		this.#e = e, this.#t = t, this.#r = setInterval(() => void this.#o().catch(() => void 0), dr);
	}
	close() {
		clearInterval(this.#r);
	}
	async why(e) {
		await this.#o().catch(() => void 0);
		let t = this.#t, n = Date.now() - this.#n, r = this.#i.find(({ answers: e }) => e > 0), i = hr(this.#e);
		if (i && i.state !== "connected" && (r || gr(this.#e) || mr(this.#e.iceConnectionState))) {
			let a = {
				connection: t,
				pair: r?.ends ?? "a pair that is no longer known",
				problem: await _r(this.#e, i, n),
				afterMs: n
			};
			return f.mediaConnectionLostDTLSFailed(a, e);
		}
		let a = this.#i.map(({ ends: e, checks: t, answers: n }) => `${e} (${t} checks, ${n} answers)`), o = vr(this.#e), s = o.map(({ address: e }) => e), c = [...this.#a], l = [...new Set(o.map(({ transport: e, address: t, port: n, type: r }) => `${e} ${t}:${n} ${r}`))], { host: u, hostname: d } = yr(e.server);
		if (s.length > 0 && s.every(xr) && Cr(d)) return f.mediaConnectionLostServerPrivateAddress({
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
			ends: `${t.get(e.localCandidateId)?.protocol ?? "udp"} ${pr(t.get(e.localCandidateId))} > ${pr(t.get(e.remoteCandidateId))}`,
			checks: e.requestsSent ?? 0,
			answers: e.responsesReceived ?? 0
		})).sort((e, t) => t.answers - e.answers || t.checks - e.checks);
		r.length > 0 && (this.#i = r);
	}
};
function pr(e) {
	return e?.address ? `${e.address}:${e.port ?? 0}` : `a ${e?.candidateType ?? "local"} address`;
}
var mr = (e) => e === "connected" || e === "completed";
function hr(e) {
	for (let { sender: t, receiver: n } of e.getTransceivers()) {
		let e = t.transport ?? n.transport;
		if (e) return e;
	}
}
var gr = (e) => hr(e)?.state === "failed";
async function _r(e, t, n) {
	if (t.state !== "failed" && t.state !== "closed") return `it has not finished within ${n} ms, while STUN passes`;
	let [r] = t.getRemoteCertificates?.() ?? [], i = /^a=fingerprint:sha-256 (\S+)/im.exec(e.remoteDescription?.sdp ?? "")?.[1]?.toUpperCase();
	if (r && i && crypto.subtle) {
		let e = new Uint8Array(await crypto.subtle.digest("SHA-256", r));
		return Array.from(e, (e) => e.toString(16).padStart(2, "0").toUpperCase()).join(":") === i ? "the browser ended it with an alert, after it had the right certificate" : "the certificate of the other side does not have the fingerprint that its session description names";
	}
	return "the browser ended it without a reason: a certificate that lacks the fingerprint of the SDP, or a TLS alert";
}
function vr(e) {
	let t = e.remoteDescription?.sdp.matchAll(/^a=candidate:\S+ \d+ (\w+) \d+ (\S+) (\d+) typ (\w+)/gm) ?? [];
	return Array.from(t, ([, e = "", t = "", n = "", r = ""]) => ({
		transport: e,
		address: t,
		port: n,
		type: r
	}));
}
function yr(e) {
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
var br = /^(10\.|127\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:|::1$)/i, xr = (e) => br.test(e), Sr = /^[\d.]+$|:/;
function Cr(e) {
	return Sr.test(e) ? !xr(e) : e.includes(".") && !/\.(local|localhost|internal|lan|home\.arpa)$/i.test(e);
}
// src/path.ts
var wr = 12e3, Tr = 2500, Er = 1e3, Dr = 1e4, Or = 5e3, kr = 3, Ar = class {
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
		this.#n !== e && (this.close(), this.#n = e, this.#l = !1, this.#r = new fr(e, this.#e), e.addEventListener("connectionstatechange", this.#d), this.#m(wr), e.connectionState !== "new" && this.#d());
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
				this.#f(), this.#m(Tr);
				break;
			case "failed": this.#f(), this.#m(this.#o === 0 ? 0 : this.#p());
		}
	};
	#f() {
		this.#i > 0 && (this.#a += Date.now() - this.#i), this.#i = 0;
	}
	#p() {
		return Math.min(Dr, Er * 2 ** this.#o);
	}
	#m(e) {
		clearTimeout(this.#u), this.#u = setTimeout(() => void this.#h(), e);
	}
	async #h() {
		let e = this.#n;
		e && (this.#l ||= gr(e), e.connectionState === "connected" || e.signalingState === "closed" && !this.#l || (this.#m(Math.max(this.#p(), Or)), this.#c ||= (this.#c = !0, await this.#g(), this.#o++, await (this.#l ? this.#t.replace() : this.#t.restart()).catch(() => void 0), !1)));
	}
	async #g() {
		let e = this.#a === 0;
		if (this.#s || !e && this.#o < kr) return;
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
}, jr = 1e3, Mr = [
	"audio",
	"video",
	"share",
	"shareAudio"
], Nr = class {
	#e;
	#t = /* @__PURE__ */ new Map();
	#n = /* @__PURE__ */ new Map();
	#r = /* @__PURE__ */ new Set();
	#i = /* @__PURE__ */ new Map();
	#a;
	#o;
	#s;
	#c = Promise.resolve();
	constructor(e) {
		this.#e = e;
	}
	async enable(e, t, n) {
		return this.#p(async () => {
			let r = this.#a ?? await this.#g(), i = this.#m(e);
			await i.replaceTrack(t), this.#r.add(e);
			try {
				r.remoteDescription ? await this.#e.request("setStream", {
					kind: e,
					enabled: !0
				}) : await this.#v(r, !1);
			} catch (t) {
				throw this.#r.delete(e), await i.replaceTrack(null), t;
			}
			return this.#t.set(e, {
				track: t,
				encoding: n
			}), await J(i, n), this.#h(e);
		});
	}
	async disable(e, t = !0) {
		this.#t.delete(e);
		let n = this.#n.get(e)?.sender.replaceTrack(null);
		await this.#p(async () => {
			await n;
			let r = this.#a;
			if (this.#r.delete(e) && t && r) try {
				await this.#e.request("setStream", {
					kind: e,
					enabled: !1
				});
			} catch (e) {
				if (this.#a === r) throw e;
			}
		});
	}
	async pause(e) {
		await this.#p(async () => {
			this.#r.delete(e) && await this.#e.request("setStream", {
				kind: e,
				enabled: !1
			});
		});
	}
	async resume(e) {
		return this.#p(async () => (this.#t.has(e) && !this.#r.has(e) && (await this.#e.request("setStream", {
			kind: e,
			enabled: !0
		}), this.#r.add(e)), this.#h(e)));
	}
	async replace(e, t, n) {
		return this.#p(async () => (await this.#m(e).replaceTrack(t), this.#t.set(e, {
			track: t,
			encoding: n
		}), await J(this.#m(e), n), this.#h(e)));
	}
	stats(e) {
		return this.#n.get(e)?.sender.getStats();
	}
	async sent(e) {
		let t = this.#n.get(e)?.sender;
		if (t && this.#a?.connectionState === "connected") return Pn(await t.getStats());
	}
	retry() {
		this.#a || this.#t.size === 0 ? this.#o?.retry() : this.#p(() => this.#d());
	}
	forget() {
		this.#o?.close(), this.#o = void 0, this.#l();
	}
	#l() {
		this.#a?.close(), this.#a = void 0, this.#n.clear(), this.#i.clear();
	}
	async #u() {
		if (this.#t.size === 0) return this.forget();
		this.#l(), await this.#d();
	}
	async #d() {
		if (this.#a || this.#t.size === 0) return;
		let e = await this.#g();
		try {
			await this.#v(e, !1);
			for (let [e, { encoding: t }] of this.#t) await J(this.#m(e), t);
		} catch (t) {
			if (this.#a !== e || (this.forget(), !(t instanceof _))) return;
			if (u(t) || l(t) !== "end") return this.#f(t.retryAfterMs);
			this.#e.fault(t.toJSON());
			for (let e of this.#t.keys()) this.#e.dropped(e);
		}
	}
	#f(e) {
		clearTimeout(this.#s), this.#s = setTimeout(() => this.retry(), Math.max(e, jr));
	}
	close() {
		clearTimeout(this.#s), this.#o?.close(), this.#a?.close();
	}
	#p(e) {
		let t = this.#c.then(e);
		return this.#c = t.catch(() => void 0), t;
	}
	#m(e) {
		let t = this.#n.get(e);
		if (!t) throw this.#y(`there is no sender for ${e}`);
		return t.sender;
	}
	#h(e) {
		let t = this.#i.get(e);
		if (!t) throw this.#y(`the answer carries no ${e} stream`);
		return t;
	}
	async #g() {
		let e = new RTCPeerConnection({
			iceServers: [...this.#e.iceServers()],
			bundlePolicy: "max-bundle"
		});
		for (let t of Mr) {
			let n = t === "audio" || t === "shareAudio" ? "audio" : "video";
			this.#n.set(t, e.addTransceiver(n, { direction: "sendonly" }));
		}
		this.#a = e;
		for (let [e, { track: t }] of this.#t) await this.#n.get(e)?.sender.replaceTrack(t);
		return e;
	}
	#_(e) {
		this.#o ??= new Ar("publish", {
			fault: (e) => this.#e.fault(e),
			cleared: (e, t) => this.#e.cleared(e, t),
			where: () => this.#e.where(),
			restart: () => this.#p(async () => this.#a && this.#v(this.#a, !0)),
			replace: () => this.#p(() => this.#u())
		}), this.#o.watch(e);
	}
	async #v(e, t) {
		let n;
		try {
			let r = await e.createOffer({ iceRestart: t });
			await e.setLocalDescription(r), n = r.sdp ?? "";
		} catch (e) {
			throw this.#y(String(e));
		}
		let r = [...this.#n].map(([e, { mid: t }]) => ({
			mid: t ?? "",
			kind: e,
			enabled: this.#r.has(e)
		}));
		try {
			let t = er(await this.#e.request("publish", {
				sdp: n,
				streams: r
			}), "publish");
			for (let e of t.streams) this.#i.set(e.kind, e);
			await e.setRemoteDescription({
				type: "answer",
				sdp: Fr(t.sdp)
			}), this.#a === e && this.#_(e);
		} catch (t) {
			throw e.signalingState === "have-local-offer" && await e.setLocalDescription({ type: "rollback" }), t instanceof _ ? t : this.#y(String(t));
		}
	}
	#y(e) {
		let t = {
			connection: "publish",
			problem: e
		};
		return new _(f.meetingMediaConnectionFailedNegotiationFailed(t, this.#e.where()));
	}
};
async function J(e, { maxBitrateBps: t, degradation: n }) {
	let r = e.getParameters();
	for (let e of r.encodings) e.maxBitrate = t;
	n && (r.degradationPreference = n), await e.setParameters(r).catch(() => void 0);
}
var Pr = "x-google-start-bitrate=1000";
function Fr(e) {
	let t = (e) => e.replace(/^a=rtpmap:(\d+) (?:VP8|VP9|H264|AV1)\/.*\r\n/gm, (t, n) => e.includes(`a=fmtp:${n} `) ? t : `${t}a=fmtp:${n} ${Pr}\r\n`).replace(/^a=fmtp:\d+ (?!apt=|x-google)/gm, `$&${Pr};`);
	return e.split(/(?=^m=)/m).map((e) => e.startsWith("m=video") ? t(e) : e).join("");
}
// src/close.ts
var Ir = {
	1012: mn,
	1013: pn
};
function Lr(e, t) {
	let r = Ir[e] ?? e;
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
		id: o || ae(),
		causeId: "",
		at: (/* @__PURE__ */ new Date()).toISOString(),
		docs: `/errors/${r}#${a}`,
		meetingId: "",
		sessionId: "",
		participantId: ""
	};
}
// src/probe.ts
var Rr = 3e3;
async function zr(e, t, n) {
	let r = AbortSignal.timeout(Rr), i = e.signal, a = await Vr(`${e.base}/v1/signal`, r);
	if (!a) return Br(e, t, n, r);
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
	let c = Hr(a.body);
	if (c && c.code !== 4108) return c;
	if (Ur(o)) return f.signalingUnreachableGatewayDown({
		url: i,
		status: o,
		attempts: n
	}, t);
	if (o === 401 || o === 403 || o === 407) return f.signalingUnreachableForbidden({
		url: i,
		status: o
	}, t);
	let l = await Wr(e.base, r) ? void 0 : await Gr(e.base, r);
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
async function Br(e, t, n, r) {
	let i = e.signal, a = await Gr(e.base, r);
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
async function Vr(e, t) {
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
function Hr(e) {
	try {
		return W(e, "answer");
	} catch {
		return;
	}
}
var Ur = (e) => e >= 502 && e <= 504 || e >= 520 && e <= 527 || e === 530;
async function Wr(e, t) {
	let n = (await Vr(`${e}/healthz`, t))?.body;
	return typeof n == "object" && !!n && n.service === "klatch";
}
async function Gr(e, t) {
	let n = new URL(e), r = [];
	for (let e = n.pathname.replace(/\/+$/, ""); e !== "";) e = e.slice(0, e.lastIndexOf("/")), r.push(n.origin + e);
	n.protocol === "http:" && r.push(...[e, ...r].map((e) => e.replace("http:", "https:")));
	let i = await Promise.all(r.map((e) => Wr(e, t)));
	return r.find((e, t) => i[t]);
}
var Kr = class {
	#e = [];
	#t = (e) => {
		e.disposition === "enforce" && this.#e.push(e);
	};
	constructor() {
		globalThis.document?.addEventListener("securitypolicyviolation", this.#t);
	}
	blocked(e) {
		let { host: t, protocol: n } = new URL(e), r = this.#e.find(({ blockedURI: e }) => {
			let r = qr(e);
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
function qr(e) {
	try {
		return new URL(e);
	} catch {
		return;
	}
}
// src/signal.ts
var Jr = {
	connect: 4e3,
	answer: 15e3,
	pong: 8e3,
	backoff: 300,
	backoffMax: 5e3,
	joinAttempts: 3,
	reach: 7500
}, Y = 262144, X = class extends Error {
	opened;
	constructor(e) {
		super("unreached"), this.opened = e;
	}
}, Yr = class {
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
			...Jr,
			...r
		}, globalThis.addEventListener?.("online", this.#T);
	}
	get awayMs() {
		return this.#a === "cut" ? Date.now() - this.#f : 0;
	}
	async join(e) {
		this.#a = "joining", this.#u = e;
		let t = Date.now(), n = new Kr();
		try {
			for (let e = 1;; e++) try {
				let e = await this.#_();
				return this.#C(), e;
			} catch (r) {
				if (!(r instanceof X) || this.#v()) throw r;
				let i = await this.#g(r, n, e);
				if (e >= this.#n.joinAttempts || Date.now() - t > this.#n.reach || this.#v() || c(i) === "end") throw new _(i);
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
		let r = await zr(this.#e, this.#r(), n), i = t.blocked(this.#e.signal);
		return i ? f.signalingUnreachableCSPBlocked({
			url: this.#e.signal,
			...i
		}, this.#r()) : r;
	}
	async #_() {
		let e = await this.#x("join", {
			protocol: 1,
			...this.#u()
		}, Qn);
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
		return new _(f.operationAbortedLeft({ method: e }, this.#r()));
	}
	#b(e) {
		this.#v() || (this.close(), this.#t.closed(e));
	}
	async #x(e, t, n) {
		let r = await this.#S(), i = new Promise((n, i) => {
			r.onclose = ({ code: e, reason: t }) => {
				let n = Lr(e, t);
				i(n ? new _(n) : new X(!0));
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
				t(new X(!1));
				return;
			}
			this.#o = n, this.#h = () => {
				clearTimeout(r), this.#L(1e3), t(new X(!1));
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
		let n = Lr(e, t);
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
				let a = e instanceof _ ? e.toJSON() : void 0, o = a ? l(a) : "retry";
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
			this.#F(e)?.reject(new _(f.operationTimedOutNoAnswer(r, this.#r())));
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
		}, i = await this.#x("resume", r, $n);
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
			o = Ee(e, "params", {
				jsonrpc: "2.0",
				id: a,
				method: e,
				params: t
			}, this.#r());
		} catch (e) {
			return Promise.reject(e);
		}
		let s = o.length > Y / 3 ? new TextEncoder().encode(o).length : 0;
		return s > Y ? Promise.reject(new _(f.invalidParameterTooLarge({
			method: e,
			bytes: s,
			limit: Y
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
			this.#F(e)?.reject(new _(f.operationTimedOutNoAnswer({
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
			let n = lr(F(e, "frame"));
			if (n.type === "result") return this.#F(n.id)?.resolve(n.result);
			if (n.type === "refusal") {
				let e = n.id ?? this.#d, t = e === void 0 ? void 0 : this.#F(e);
				return t ? t.reject(new _(n.fault)) : this.#t.refused(n.fault);
			}
			if (n.seq <= this.#c) return;
			if (n.seq > this.#c + 1) return this.#E(1006, "");
			this.#c = n.seq, t = or(n.name, n.data);
			let r = t?.name === "meeting-left" ? t.data.fault : void 0;
			if (r && l(r) === "rejoin" && this.#a === "open") {
				this.#L(1e3), this.#D(r);
				return;
			}
		} catch (e) {
			E(e);
			return;
		}
		t && this.#t.event(t);
	}
	#L(e) {
		let t = this.#o;
		this.#o = void 0, t && (t.onclose = t.onmessage = t.onopen = null, t.close(e));
	}
}, Xr = class {
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
		this.#n ??= new Ar("subscribe", {
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
		return t !== void 0 && Zr(t) !== Zr(e) && this.#s(), this.#t ?? this.#a();
	}
	async #u(e) {
		let t = this.#l(e.sdp);
		try {
			await t.setRemoteDescription({
				type: "offer",
				sdp: e.sdp
			});
			let n = await t.createAnswer();
			await t.setLocalDescription(n), this.#e.received(this.#d(t, e)), await this.#e.request("answer", {
				offerId: e.offerId,
				sdp: n.sdp ?? ""
			}), this.#t === t && this.#o(t);
		} catch (e) {
			if (this.#i < 0 || this.#t !== t || e instanceof _ && e.code === 3056) return;
			let n = {
				connection: "subscribe",
				problem: String(e)
			}, r = e instanceof _ ? e.id : "";
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
function Zr(e) {
	return /^o=\S+ (\S+)/m.exec(e)?.[1] ?? "";
}
// src/version.ts
var Qr = "0.1.0";
// src/identity.ts
function $r(e, { meetingId: t, participantId: n }, r) {
	let i = {
		meetingId: t,
		server: r.replace(/[?#].*/s, "").replace(/\/+$/, "")
	};
	if (e === "") return f.invalidTokenEmpty(i);
	let a = ei(e);
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
function ei(e) {
	let [, t = "", n, ...r] = e.split(".");
	if (!(n === void 0 || r.length > 0)) try {
		let e = Uint8Array.from(atob(t.replace(/-/g, "+").replace(/_/g, "/")), (e) => e.charCodeAt(0)), n = JSON.parse(new TextDecoder().decode(e));
		return typeof n == "object" && n && !Array.isArray(n) ? n : void 0;
	} catch {
		return;
	}
}
// src/meeting.ts
var Z = {
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
}, ti = 2e3, ni = {
	CONFERENCE: "SEND_AND_RECV",
	VIEWER: "SIGNALLING_ONLY"
}, ri = {
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
	error: !0,
	"fault-cleared": !0
}, ii = class extends T {
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
	constructor(e) {
		super("meeting", ri);
		let { meetingId: t, participantId: n = "", name: r = "", mode: i = "SEND_AND_RECV", metaData: a } = e.options;
		this.#e = e, this.#p = t;
		let o = {
			call: (e, t) => this.#J(e, t),
			request: (e, t) => this.#q(e, t),
			own: (e, t) => e === "audio" ? t ? this.unmuteMic() : this.muteMic() : t ? this.enableWebcam() : this.disableWebcam(),
			ownStats: (e) => this.#v?.stats(e),
			where: () => this.#ne()
		};
		this.localParticipant = new N({
			id: n,
			displayName: r,
			mode: Q(i),
			metaData: a
		}, !0, o), this.#t = new Rn({
			local: this.localParticipant,
			host: o,
			events: this,
			switchedOff: (e) => this.#z(e)
		}), this.#n = new Tn({
			events: this,
			request: (e, t, n) => this.#q(e, t, n),
			where: () => this.#ne()
		}), this.participants = this.#t.participants, this.pinnedParticipants = this.#t.pins, this.pubSub = new ur(o);
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
		return this.#Z(this.#C(e.signal));
	}
	leave() {
		return this.#Z(this.#O());
	}
	end() {
		return this.#J("end", async () => {
			try {
				await this.#q("end");
			} catch (e) {
				if (!this.#j()) throw e;
			}
		});
	}
	changeMode(e) {
		return this.#J("changeMode", async () => {
			if (Q(e) === this.localParticipant.mode) throw this.#ee("changeMode", this.localParticipant.mode);
			await this.#q("setMode", { mode: e });
		});
	}
	respondEntry(e, t) {
		return this.#J("respondEntry", async () => void await this.#q("respondEntry", {
			participantId: e,
			decision: t
		}));
	}
	unmuteMic(e) {
		return this.#N("unmuteMic", "audio", (t) => t.start("audio", e, "unmuteMic"));
	}
	muteMic() {
		return this.#P("muteMic", "audio");
	}
	enableWebcam(e) {
		return this.#N("enableWebcam", "video", (t) => t.start("video", e, "enableWebcam"));
	}
	disableWebcam() {
		return this.#P("disableWebcam", "video");
	}
	enableScreenShare(e) {
		return this.#N("enableScreenShare", "share", (t) => t.startShare(e, "enableScreenShare"));
	}
	disableScreenShare() {
		return this.#P("disableScreenShare", "share", "shareAudio");
	}
	changeMic(e) {
		return this.#F("changeMic", "audio", e);
	}
	changeWebcam(e) {
		return this.#F("changeWebcam", "video", e);
	}
	replaceWebcamStream(e) {
		return this.#F("replaceWebcamStream", "video", e);
	}
	startRecording(e, t, n) {
		return this.#J("startRecording", () => this.#n.startRecording(e, t, n));
	}
	stopRecording() {
		return this.#J("stopRecording", () => this.#n.stop("stopRecording"));
	}
	startLivestream(e, t) {
		return this.#J("startLivestream", () => this.#n.startLivestream(e, t));
	}
	stopLivestream() {
		return this.#J("stopLivestream", () => this.#n.stop("stopLivestream"));
	}
	startHls(e) {
		return this.#J("startHls", () => this.#n.startHls(e));
	}
	stopHls() {
		return this.#J("stopHls", () => this.#n.stop("stopHls"));
	}
	getMics() {
		return O("audioinput");
	}
	getWebcams() {
		return O("videoinput");
	}
	async #C(e) {
		if (this.#c && await this.#w(this.#c), this.#a === "joined") throw this.#Q(this.#ee("join", "joined"));
		if (this.#a !== "new" && this.#a !== "left") throw this.#Q(this.#$(f.operationInProgressInProgress, { method: "join" }));
		this.#a === "left" && this.#T();
		let t = ++this.#o;
		this.#a = "joining", this.#re("CONNECTING");
		let n = () => {
			t === this.#o && this.#A(Z.manual, this.#$(f.operationAbortedCancelled, { method: "join" }), "DISCONNECTED");
		};
		e?.addEventListener("abort", n);
		try {
			let r = $r(this.#e.token, this.#e.options, this.#e.serverUrl);
			if (e?.aborted) n();
			else if (r) throw new _(r);
			else await this.#E();
			if (this.#j(t)) throw this.#$(f.operationAbortedLeft, { method: "join" });
		} catch (e) {
			if (this.#j(t)) {
				let e = t === this.#o ? this.#x : void 0;
				throw this.#Q(e ?? this.#$(f.operationAbortedLeft, { method: "join" }));
			}
			let n = this.#te(e);
			throw this.#A(Z.joinFailed, n), this.#Q(n);
		} finally {
			e?.removeEventListener("abort", n);
		}
	}
	async #w(e) {
		let t = this.#s;
		if (await e, t !== this.#s) throw this.#Q(this.#$(f.operationAbortedLeft, { method: "join" }));
	}
	#T() {
		let { participantId: e = "", name: t = "", mode: n = "SEND_AND_RECV", metaData: r } = this.#e.options;
		this.#r = /* @__PURE__ */ new Set(), this.#l = !1, this.#u = [], this.#m = "", this.#h = "", this.#g = [], this.#x = void 0, this.#_ = this.#v = this.#y = this.#b = void 0, this.localParticipant.become({
			id: e,
			displayName: t,
			mode: Q(n),
			metaData: r,
			streams: [],
			joinedAt: ""
		}), this.#t.reset(), this.#n.reset(), this.pubSub.reset();
	}
	async #E() {
		let { token: e, serverUrl: t, timing: n, options: r } = this.#e;
		if (typeof RTCPeerConnection > "u" && this.localParticipant.mode !== "SIGNALLING_ONLY") throw this.#$(f.unsupportedEnvironmentNoWEBRTC, { userAgent: navigator.userAgent });
		let i = bn(t, location);
		this.#f = i.base;
		let a = new Yr(i, {
			event: (e) => this.#R(e),
			cut: () => this.#re("RECONNECTING"),
			resumed: () => this.#H(),
			rejoining: (e) => this.#U(e),
			rejoined: (e) => this.#W(e),
			refused: (e) => void this.#Q(new _(e)),
			closed: (e) => this.#k(e)
		}, () => this.#ne(), n);
		this.#_ = a;
		let { meetingId: o, participantId: s, name: c = "", mode: l, metaData: u, autoConsume: d } = r, p = () => this.#m === "" ? {
			participantId: s,
			mode: l
		} : {
			participantId: this.localParticipant.id,
			mode: this.localParticipant.mode
		}, m = {
			sdkType: "js",
			sdkVersion: Qr,
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
		if (this.#_ !== a) throw this.#$(f.operationAbortedLeft, { method: "join" });
		if (this.#p = h.meetingId, this.#m = h.sessionId, this.localParticipant.become({
			id: h.participantId,
			displayName: c,
			mode: this.localParticipant.mode,
			metaData: u,
			streams: [],
			joinedAt: ""
		}), h.welcome) return this.#D(h.welcome);
		this.#a = "lobby", await new Promise((e, t) => {
			this.#S = {
				resolve: e,
				reject: t
			};
		});
	}
	#D(e) {
		if (this.#a = "joined", this.#g = e.permissions, this.#h = e.startedAt, this.#u = e.iceServers.map(({ urls: e, username: t, credential: n }) => ({
			urls: [...e],
			...t !== void 0 && { username: t },
			...n !== void 0 && { credential: n }
		})), this.#l) return this.#G(e);
		this.#l = !0, this.#t.enter(e), this.#n.enter(e.egress), this.#M(), this.#re("CONNECTED"), this.emit("meeting-joined"), this.#t.tell();
		for (let t of e.entries) this.#B(t);
		let { micEnabled: t, webcamEnabled: n, customMicrophoneAudioTrack: r, customCameraVideoTrack: i } = this.#e.options;
		t && this.unmuteMic(r).catch(() => void 0), n && this.enableWebcam(i).catch(() => void 0), this.#S?.resolve();
	}
	async #O() {
		let e = "leave";
		if (this.#s++, this.#c) return this.#c;
		if (this.#a === "new") throw this.#Q(this.#$(f.actionPerformedBeforeMeetingJoinedNotJoined, { method: e }));
		if (this.#a === "left") throw this.#Q(this.#ee(e, "left"));
		let t = this.#_;
		if (t && this.#a !== "joining" && t.awayMs === 0) {
			let e = t.request("leave").catch(() => void 0);
			return this.#c = Promise.race([e, new Promise((e) => setTimeout(e, ti))]).then(() => {
				this.#c = void 0, this.#A(Z.manual, void 0);
			}), this.#c;
		}
		this.#A(Z.manual, void 0);
	}
	#k(e) {
		let t = e.code === 3103 ? Z.exhausted : this.#a === "joined" ? Z.cut : Z.joinFailed;
		this.#A(t, new _(e));
	}
	#A(e, t, n = t ? "FAILED" : "DISCONNECTED") {
		if (this.#j()) return;
		this.#a = "left", this.#x = t, this.#_?.close(), this.#b?.close(), this.#v?.close(), this.#y?.close(), this.localParticipant.reset();
		let r = this.#S;
		this.#S = void 0, t && this.#Q(t), this.#re(n), r?.reject(t ?? this.#$(f.operationAbortedLeft, { method: "join" })), this.emit("meeting-left", e);
	}
	#j(e = this.#o) {
		return this.#a === "left" || e !== this.#o;
	}
	#M() {
		let e = this.#o, t = {
			iceServers: () => this.#u,
			request: (e, t) => this.#q(e, t),
			fault: (e) => void this.#Q(new _(e)),
			cleared: ({ id: t, code: n, reason: r }, i) => {
				this.#j(e) || this.emit("fault-cleared", {
					id: t,
					code: n,
					reason: r,
					forMs: i
				});
			},
			where: () => this.#ne(),
			received: (t) => {
				this.#j(e) || this.#t.receive(t);
			},
			switched: (t, n) => {
				this.#j(e) || (n && this.localParticipant.receive(t, { track: n.track }), this.localParticipant.announce(t, n?.wire), n || this.localParticipant.receive(t, void 0));
			}
		};
		this.#v = new Nr({
			...t,
			dropped: (e) => this.#z(e)
		}), this.#y = new Xr(t), this.#b = new jn(this.#v, this.#e.options.maxResolution === "sd" ? "h360p_w640p" : "h720p_w1280p", t);
	}
	#N(e, t, n) {
		return this.#J(e, async () => {
			let r = this.#o;
			if (this.#L(t)) throw this.#ee(e, "on");
			if (this.localParticipant.mode !== "SEND_AND_RECV" && await this.#q("setStream", {
				kind: t,
				enabled: !0
			}), await n(this.#I()), this.#j(r)) throw this.#$(f.operationAbortedLeft, { method: e });
		}, { lane: t });
	}
	#P(e, t, n) {
		return this.#J(e, async () => {
			let r = this.#I();
			if (r.decided(t), !this.#L(t)) throw this.#ee(e, "off");
			await Promise.all([r.stop(t), n && r.stop(n)]);
		}, {
			lane: t,
			whileAway: !0
		});
	}
	#F(e, t, n) {
		return this.#J(e, () => this.#I().change(t, n, this.#L(t), e), { lane: t });
	}
	#I() {
		return this.#b;
	}
	#L(e) {
		let { micOn: t, webcamOn: n, screenShareOn: r, screenShareAudioOn: i } = this.localParticipant;
		return {
			audio: t,
			video: n,
			share: r,
			shareAudio: i
		}[e];
	}
	#R(e) {
		if (this.#t.event(e) || this.#n.event(e)) return;
		let { name: t, data: n } = e;
		switch (t) {
			case "meeting-joined": return this.#D(n.welcome);
			case "meeting-left": return this.#A(n.reason, n.fault && new _(n.fault));
			case "entry-requested": return this.#B(n);
			case "entry-responded": return this.emit("entry-responded", n.participantId, n.decision);
			case "entry-withdrawn": return this.emit("entry-withdrawn", n.participantId);
			case "entry-pending": return this.emit("entry-pending", n);
			case "mic-requested": return this.emit("mic-requested", this.#V(n.participantId, () => this.unmuteMic()));
			case "webcam-requested": return this.emit("webcam-requested", this.#V(n.participantId, () => this.enableWebcam()));
			case "pubsub-message": return this.pubSub.deliver(n);
			case "subscribe-offer": return this.#y?.offered(n);
			case "error":
				this.#Q(new _(n.fault));
				return;
		}
	}
	#z(e) {
		this.#b?.stop(e, !1);
	}
	#B({ participantId: e, name: t, metaData: n }) {
		let r = {
			participantId: e,
			name: t,
			metaData: n,
			allow: () => this.respondEntry(e, "allowed"),
			deny: () => this.respondEntry(e, "denied")
		};
		this.emit("entry-requested", r);
	}
	#V(e, t) {
		return {
			participantId: e,
			accept: t,
			reject: () => void 0
		};
	}
	#H() {
		this.#re(this.#a === "joined" ? "CONNECTED" : "CONNECTING"), this.#v?.retry(), this.#y?.retry();
	}
	#U(e) {
		this.#v?.forget(), this.#y?.forget(), this.#Q(new _(e));
	}
	#W(e) {
		this.#m = e.sessionId;
		let { displayName: t, mode: n, metaData: r } = this.localParticipant;
		if (this.localParticipant.become({
			id: e.participantId,
			displayName: t,
			mode: n,
			metaData: r,
			streams: [],
			joinedAt: ""
		}), e.welcome) return this.#D(e.welcome);
		this.#a = "lobby", this.#re("CONNECTING");
	}
	#G(e) {
		this.#t.reenter(e), this.#n.reenter(e.egress), this.#v?.retry(), this.#re("CONNECTED");
		for (let t of e.entries) this.#B(t);
		let t = [this.pubSub.restore(), ...[...this.participants.values()].map((e) => e.restore())];
		for (let e of t) e.catch((e) => void this.#K(e));
	}
	#K(e) {
		e instanceof _ && !u(e) && this.#Q(e);
	}
	#q(e, t = {}, n) {
		return this.#_?.request(e, t, n) ?? Promise.reject(this.#$(f.actionPerformedBeforeMeetingJoinedNotJoined, { method: e }));
	}
	#J(e, t, n = {}) {
		return this.#Z(this.#Y(e, t, n));
	}
	async #Y(e, t, { lane: n, whileAway: r }) {
		let i = this.#r, a = n === void 0 || !i.has(n);
		try {
			if (this.#X(e, r ?? !1), !a) throw this.#$(f.operationInProgressInProgress, { method: e });
			return n !== void 0 && i.add(n), await t();
		} catch (e) {
			throw e instanceof _ ? this.#Q(e) : e;
		} finally {
			a && n !== void 0 && i.delete(n);
		}
	}
	#X(e, t) {
		switch (this.#a) {
			case "new":
			case "joining": throw this.#$(f.actionPerformedBeforeMeetingJoinedNotJoined, { method: e });
			case "lobby": throw this.#$(f.actionPerformedBeforeMeetingJoinedInLobby, { method: e });
			case "left": throw this.#$(f.actionPerformedBeforeMeetingJoinedLeft, { method: e });
			case "joined": {
				let n = this.#_?.awayMs ?? 0;
				if (this.#d === "RECONNECTING" && !t) throw this.#$(f.meetingReconnectingReconnecting, {
					method: e,
					awayMs: n
				});
			}
		}
	}
	#Z(e) {
		return this.listenerCount("error") > 0 && e.catch(() => void 0), e;
	}
	#Q(e) {
		return this.#i.has(e.id) || (this.#i.add(e.id), d(e) && this.#a === "joined" && this.#_?.request("report", { fault: e.toJSON() }).catch(() => void 0), this.emit("error", e)), e;
	}
	#$(e, t) {
		return new _(e(t, this.#ne()));
	}
	#ee(e, t) {
		return this.#$(f.alreadyInRequestedStateAlready, {
			method: e,
			state: t
		});
	}
	#te(e) {
		return e instanceof _ ? e : (E(e), this.#$(f.signalingUnreachableNotKlatch, {
			url: this.#f,
			status: 101
		}));
	}
	#ne() {
		return {
			meetingId: this.#p,
			sessionId: this.#m,
			participantId: this.localParticipant.id,
			server: this.#f
		};
	}
	#re(e) {
		e !== this.#d && (this.#d = e, this.emit("meeting-state-changed", { state: e }));
	}
};
function Q(e) {
	return ni[e] ?? e;
}
// src/videosdk.ts
var ai = new Me(), oi = "", si, ci = class {
	static config(e, t = {}) {
		$("config", "token", e, "string"), oi = e, si = t.serverUrl;
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
		e.metaData !== void 0 && ($(t, "metaData", e.metaData, "object"), Ee(t, "metaData", e.metaData));
		let n = e.signalingBaseUrl, r = e.serverUrl ?? (n && (n.includes("://") ? n : `${location.protocol}//${n}`)) ?? si;
		return new ii({
			token: oi,
			serverUrl: r ?? location.origin,
			options: e
		});
	}
	static createCameraVideoTrack(e) {
		return Ce(e);
	}
	static createMicrophoneAudioTrack(e) {
		return we(e);
	}
	static createScreenShareVideoTrack(e) {
		return Te(e);
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
		return ai.on(e, t);
	}
	static off(e, t) {
		ai.off(e, t);
	}
	static checkPermissions(e = "audio_video") {
		return Fe(e);
	}
	static requestPermission(e = "audio_video") {
		return Ie(e);
	}
};
function $(e, t, n, r) {
	if (n == null) throw new _(f.invalidParameterMissing({
		method: e,
		parameter: t
	}));
	let i = Array.isArray(n) ? "array" : typeof n;
	if (i !== r) throw new _(f.invalidParameterWrongType({
		method: e,
		parameter: t,
		got: i,
		want: r
	}));
}
export { Re as Codes, ii as Meeting, N as Participant, ur as PubSub, j as Stream, ci as VideoSDK, _ as VideoSDKError, n as VideoSDKErrors };
