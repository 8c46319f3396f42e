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
	"5102.STOPPED": "rejoin",
	"5102.MOVING": "retry"
}, a = " 3056 3065 3079 ", o = " 5101.NODE_LOST 5102.MOVING ", s = " 3011.SOURCE_ABSENT 3011.SOURCE_UNREADABLE 3011.SOURCE_FORMAT 3011.NO_MEDIA_SENT 3011.MUTED_BY_SYSTEM 3011.BLACK_CAMERA 3012 3013 3014 3015 3016 3017 3018 3019 3020 3021 3022 3023 3024 3026 3027 3028 3044 3045 3046 3049 3051 3058 3059 3061 3063 3101.NO_PATH 3101.UDP_BLOCKED 3101.SERVER_PRIVATE_ADDRESS 3101.TURN_AUTH_FAILED 3101.DTLS_FAILED 3101.MEDIA_NOT_ARRIVING 3101.PATH_LOST 3104.NO_STATS 3106 4047 ";
function c(e, { code: t, reason: n }) {
	return e[`${t}.${n}`] ?? e[t] ?? "end";
}
var l = (e, { code: t, reason: n }) => e.includes(` ${t} `) || e.includes(` ${t}.${n} `), u = (e) => c(r, e), d = (e) => c(i, e), f = (e) => l(o, e), p = (e) => l(a, e), m = (e) => l(s, e), h = {
	startingVideoNoMediaSent: (e, t) => g([
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
	startingVideoMutedBySystem: (e, t) => g([
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
	startingVideoBlackCamera: (e, t) => g([
		3011,
		"ERROR_STARTING_VIDEO",
		"Some error occured during starting the video",
		"BLACK_CAMERA",
		!1,
		!1,
		"The picture of {label} is black: for {forMs} ms no part of it has been brighter than {brightest} of 255.",
		"Open the shutter or the lens cover of the camera, end other programs that use it, or select another camera with changeWebcam. Of a canvas: draw to it.",
		"",
		"label brightest forMs"
	], e, t),
	startingVideoBackgroundFailed: (e, t) => g([
		3011,
		"ERROR_STARTING_VIDEO",
		"Some error occured during starting the video",
		"BACKGROUND_FAILED",
		!1,
		!1,
		"The background of the camera could not be changed, so the camera is off: {problem}.",
		"Serve the files of the page's folder effects beside its scripts, use a browser with WebGL 2 and WebAssembly SIMD on a faster device, or send the camera without another background.",
		"",
		"problem"
	], e, t),
	startingAudioNoMediaSent: (e, t) => g([
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
	startingAudioMutedBySystem: (e, t) => g([
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
	startingAudioSilentMicrophone: (e, t) => g([
		3012,
		"ERROR_STARTING_AUDIO",
		"Some error occured during starting the audio.",
		"SILENT_MICROPHONE",
		!1,
		!1,
		"{label} is on and not muted, but every sample of it has been zero for {forMs} ms; it gave sound before: {soundBefore}.",
		"Unmute the microphone with its own switch or in the settings of the system, raise its input level there, or select another one with changeMic. Of Web Audio: connect a source to the destination whose stream is sent. Of a Go source: send sound, or call MuteMic.",
		"",
		"label soundBefore forMs"
	], e, t),
	startingAudioStartFailed: (e, t) => g([
		3012,
		"ERROR_STARTING_AUDIO",
		"Some error occured during starting the audio.",
		"START_FAILED",
		!1,
		!1,
		"The device {label} is connected, but it could not be started ({domName}: {domMessage}).",
		"Close other programs and tabs that use the device and switch it on again; if it still fails, unplug it and plug it in again.",
		"",
		"domName domMessage label"
	], e, t),
	startingScreenshareNoUserGesture: (e, t) => g([
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
	startingScreenshareCaptureFailed: (e, t) => g([
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
	startingScreenshareNoMediaSent: (e, t) => g([
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
	startingScreenshareTrackEnded: (e, t) => g([
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
	startingScreenshareNoScreenShare: (e, t) => g([
		3013,
		"ERROR_STARTING_SCREENSHARE",
		"Some error occured during starting the screen share.",
		"NO_SCREEN_SHARE",
		!1,
		!1,
		"This browser cannot share a screen ({userAgent}).",
		"Share from a desktop browser; hide the control where navigator.mediaDevices.getDisplayMedia is missing.",
		"",
		"userAgent"
	], e, t),
	getVideoMediaPermissionDeniedPolicyBlocked: (e, t) => g([
		3014,
		"ERROR_GET_VIDEO_MEDIA_PERMISSION_DENIED",
		"The page is not permitted to use the camera.",
		"POLICY_BLOCKED",
		!1,
		!1,
		"A permissions policy of this page or its iframe blocks `{feature}` ({domName}: {domMessage}).",
		"Give the iframe allow=\"camera; microphone; display-capture\", or change the Permissions-Policy header of the page.",
		"",
		"domName domMessage feature startingCode"
	], {
		...e,
		startingCode: 3011
	}, t),
	getAudioMediaPermissionDeniedPolicyBlocked: (e, t) => g([
		3015,
		"ERROR_GET_AUDIO_MEDIA_PERMISSION_DENIED",
		"The page is not permitted to use the microphone.",
		"POLICY_BLOCKED",
		!1,
		!1,
		"A permissions policy of this page or its iframe blocks `{feature}` ({domName}: {domMessage}).",
		"Give the iframe allow=\"camera; microphone; display-capture\", or change the Permissions-Policy header of the page.",
		"",
		"domName domMessage feature startingCode"
	], {
		...e,
		startingCode: 3012
	}, t),
	getDisplayMediaPermissionDeniedUserCancelled: (e, t) => g([
		3016,
		"ERROR_GET_DISPLAY_MEDIA_PERMISSION_DENIED",
		"The screen may not be shared.",
		"USER_CANCELLED",
		!1,
		!1,
		"The picker was closed without choosing a screen ({domName}: {domMessage}).",
		"Start the share again and choose a screen, window or tab.",
		"",
		"domName domMessage startingCode"
	], {
		...e,
		startingCode: 3013
	}, t),
	getDisplayMediaPermissionDeniedPermissionDenied: (e, t) => g([
		3016,
		"ERROR_GET_DISPLAY_MEDIA_PERMISSION_DENIED",
		"The screen may not be shared.",
		"PERMISSION_DENIED",
		!1,
		!1,
		"The operating system denied the browser access to the screen ({domName}: {domMessage}).",
		"Allow screen recording for the browser in the system's privacy settings, restart the browser and share again.",
		"",
		"domName domMessage startingCode"
	], {
		...e,
		startingCode: 3013
	}, t),
	getDisplayMediaPermissionDeniedPolicyBlocked: (e, t) => g([
		3016,
		"ERROR_GET_DISPLAY_MEDIA_PERMISSION_DENIED",
		"The screen may not be shared.",
		"POLICY_BLOCKED",
		!1,
		!1,
		"A permissions policy of this page or its iframe blocks `{feature}` ({domName}: {domMessage}).",
		"Give the iframe allow=\"display-capture\", or change the Permissions-Policy header of the page.",
		"",
		"domName domMessage feature startingCode"
	], {
		...e,
		startingCode: 3013
	}, t),
	cameraAccessDeniedOrDismissedPermissionDenied: (e, t) => g([
		3017,
		"ERROR_CAMERA_ACCESS_DENIED_OR_DISMISSED",
		"Access to the camera was denied or dismissed.",
		"PERMISSION_DENIED",
		!1,
		!1,
		"The browser denied access to the device ({domName}: {domMessage}).",
		"Allow the camera or microphone for this site in the browser's site settings, and for the browser in the system's privacy settings; then call the method again.",
		"",
		"domName domMessage startingCode"
	], {
		...e,
		startingCode: 3011
	}, t),
	cameraAccessDeniedOrDismissedPermissionDismissed: (e, t) => g([
		3017,
		"ERROR_CAMERA_ACCESS_DENIED_OR_DISMISSED",
		"Access to the camera was denied or dismissed.",
		"PERMISSION_DISMISSED",
		!1,
		!1,
		"The browser's question whether this page may use the device was closed without an answer ({domName}: {domMessage}).",
		"Call the method again, from a click, and let the user choose Allow.",
		"",
		"domName domMessage startingCode"
	], {
		...e,
		startingCode: 3011
	}, t),
	microphoneAccessDeniedOrDismissedPermissionDenied: (e, t) => g([
		3018,
		"ERROR_MICROPHONE_ACCESS_DENIED_OR_DISMISSED",
		"Access to the microphone was denied or dismissed.",
		"PERMISSION_DENIED",
		!1,
		!1,
		"The browser denied access to the device ({domName}: {domMessage}).",
		"Allow the camera or microphone for this site in the browser's site settings, and for the browser in the system's privacy settings; then call the method again.",
		"",
		"domName domMessage startingCode"
	], {
		...e,
		startingCode: 3012
	}, t),
	microphoneAccessDeniedOrDismissedPermissionDismissed: (e, t) => g([
		3018,
		"ERROR_MICROPHONE_ACCESS_DENIED_OR_DISMISSED",
		"Access to the microphone was denied or dismissed.",
		"PERMISSION_DISMISSED",
		!1,
		!1,
		"The browser's question whether this page may use the device was closed without an answer ({domName}: {domMessage}).",
		"Call the method again, from a click, and let the user choose Allow.",
		"",
		"domName domMessage startingCode"
	], {
		...e,
		startingCode: 3012
	}, t),
	cameraPermissionDeniedByOsDeniedBySystem: (e, t) => g([
		3019,
		"ERROR_CAMERA_PERMISSION_DENIED_BY_OS",
		"The operating system denied access to the camera.",
		"DENIED_BY_SYSTEM",
		!1,
		!1,
		"The operating system denied the browser access to the device ({domName}: {domMessage}).",
		"Allow the camera or microphone for the browser in the system's privacy settings, restart the browser and call the method again.",
		"",
		"domName domMessage startingCode"
	], {
		...e,
		startingCode: 3011
	}, t),
	microphonePermissionDeniedByOsDeniedBySystem: (e, t) => g([
		3020,
		"ERROR_MICROPHONE_PERMISSION_DENIED_BY_OS",
		"The operating system denied access to the microphone.",
		"DENIED_BY_SYSTEM",
		!1,
		!1,
		"The operating system denied the browser access to the device ({domName}: {domMessage}).",
		"Allow the camera or microphone for the browser in the system's privacy settings, restart the browser and call the method again.",
		"",
		"domName domMessage startingCode"
	], {
		...e,
		startingCode: 3012
	}, t),
	cameraNotFoundNoDevice: (e, t) => g([
		3021,
		"ERROR_CAMERA_NOT_FOUND",
		"No camera was found.",
		"NO_DEVICE",
		!1,
		!1,
		"No device of this kind is connected ({domName}: {domMessage}).",
		"Connect a camera or microphone and call the method again; VideoSDK.getCameras() and VideoSDK.getMicrophones() list what the browser finds.",
		"",
		"domName domMessage startingCode"
	], {
		...e,
		startingCode: 3011
	}, t),
	microphoneNotFoundNoDevice: (e, t) => g([
		3022,
		"ERROR_MICROPHONE_NOT_FOUND",
		"No microphone was found.",
		"NO_DEVICE",
		!1,
		!1,
		"No device of this kind is connected ({domName}: {domMessage}).",
		"Connect a camera or microphone and call the method again; VideoSDK.getCameras() and VideoSDK.getMicrophones() list what the browser finds.",
		"",
		"domName domMessage startingCode"
	], {
		...e,
		startingCode: 3012
	}, t),
	cameraInUseDeviceInUse: (e, t) => g([
		3023,
		"ERROR_CAMERA_IN_USE",
		"The camera is in use.",
		"DEVICE_IN_USE",
		!1,
		!1,
		"Another program uses the device {label} ({domName}: {domMessage}).",
		"Close the other program that uses the device and call the method again.",
		"",
		"domName domMessage label startingCode"
	], {
		...e,
		startingCode: 3011
	}, t),
	microphoneInUseDeviceInUse: (e, t) => g([
		3024,
		"ERROR_MICROPHONE_IN_USE",
		"The microphone is in use.",
		"DEVICE_IN_USE",
		!1,
		!1,
		"Another program uses the device {label} ({domName}: {domMessage}).",
		"Close the other program that uses the device and call the method again.",
		"",
		"domName domMessage label startingCode"
	], {
		...e,
		startingCode: 3012
	}, t),
	videoSourceInitiationFailedStartFailed: (e, t) => g([
		3026,
		"ERROR_VIDEO_SOURCE_INITIATION_FAILED",
		"The video source could not be started.",
		"START_FAILED",
		!1,
		!1,
		"The device {label} is connected, but it could not be started ({domName}: {domMessage}).",
		"Close other programs and tabs that use the device and switch it on again; if it still fails, unplug it and plug it in again.",
		"",
		"domName domMessage label startingCode"
	], {
		...e,
		startingCode: 3011
	}, t),
	webcamTrackEndedDeviceLost: (e, t) => g([
		3027,
		"ERROR_WEBCAM_TRACK_ENDED",
		"The track of the camera ended.",
		"DEVICE_LOST",
		!1,
		!1,
		"The device {label} stopped while it was in use.",
		"Connect the device again, or select another one with changeWebcam() or changeMic(); then switch the stream on again.",
		"",
		"label startingCode"
	], {
		...e,
		startingCode: 3011
	}, t),
	webcamTrackEndedTrackEnded: (e, t) => g([
		3027,
		"ERROR_WEBCAM_TRACK_ENDED",
		"The track of the camera ended.",
		"TRACK_ENDED",
		!1,
		!1,
		"The page stopped the track {label} ({trackState}) of the {kind} stream while it was on (packets sent before: {packetsSent}); the stream is off now.",
		"Switch streams off with muteMic, disableWebcam or disableScreenShare instead of track.stop(); switch the stream on again to get a new track.",
		"",
		"kind label trackState packetsSent startingCode"
	], {
		...e,
		startingCode: 3011
	}, t),
	microphoneTrackEndedDeviceLost: (e, t) => g([
		3028,
		"ERROR_MICROPHONE_TRACK_ENDED",
		"The track of the microphone ended.",
		"DEVICE_LOST",
		!1,
		!1,
		"The device {label} stopped while it was in use.",
		"Connect the device again, or select another one with changeWebcam() or changeMic(); then switch the stream on again.",
		"",
		"label startingCode"
	], {
		...e,
		startingCode: 3012
	}, t),
	microphoneTrackEndedTrackEnded: (e, t) => g([
		3028,
		"ERROR_MICROPHONE_TRACK_ENDED",
		"The track of the microphone ended.",
		"TRACK_ENDED",
		!1,
		!1,
		"The page stopped the track {label} ({trackState}) of the {kind} stream while it was on (packets sent before: {packetsSent}); the stream is off now.",
		"Switch streams off with muteMic, disableWebcam or disableScreenShare instead of track.stop(); switch the stream on again to get a new track.",
		"",
		"kind label trackState packetsSent startingCode"
	], {
		...e,
		startingCode: 3012
	}, t),
	invalidCustomVideoTrackNoTrack: (e, t) => g([
		3029,
		"ERROR_INVALID_CUSTOM_VIDEO_TRACK",
		"The custom video track is not valid.",
		"NO_TRACK",
		!1,
		!1,
		"{method} needs a {kind} track; it was given {got}.",
		"Pass a MediaStream with a track of kind {kind}, or a MediaStreamTrack of that kind.",
		"",
		"method kind got startingCode"
	], {
		...e,
		startingCode: 3011
	}, t),
	invalidCustomAudioTrackNoTrack: (e, t) => g([
		3030,
		"ERROR_INVALID_CUSTOM_AUDIO_TRACK",
		"The custom audio track is not valid.",
		"NO_TRACK",
		!1,
		!1,
		"{method} needs a {kind} track; it was given {got}.",
		"Pass a MediaStream with a track of kind {kind}, or a MediaStreamTrack of that kind.",
		"",
		"method kind got startingCode"
	], {
		...e,
		startingCode: 3012
	}, t),
	customVideoTrackEndedTrackNotLive: (e, t) => g([
		3031,
		"ERROR_CUSTOM_VIDEO_TRACK_ENDED",
		"The custom video track has ended.",
		"TRACK_NOT_LIVE",
		!1,
		!1,
		"{method} needs a live {kind} track; it was given {got}.",
		"Create a new track: one that was stopped, or whose device is gone, does not start again.",
		"",
		"method kind got startingCode"
	], {
		...e,
		startingCode: 3011
	}, t),
	customAudioTrackEndedTrackNotLive: (e, t) => g([
		3032,
		"ERROR_CUSTOM_AUDIO_TRACK_ENDED",
		"The custom audio track has ended.",
		"TRACK_NOT_LIVE",
		!1,
		!1,
		"{method} needs a live {kind} track; it was given {got}.",
		"Create a new track: one that was stopped, or whose device is gone, does not start again.",
		"",
		"method kind got startingCode"
	], {
		...e,
		startingCode: 3012
	}, t),
	cameraAccessUnavailableInsecureContext: (e, t) => g([
		3033,
		"ERROR_CAMERA_ACCESS_UNAVAILABLE",
		"The camera cannot be used here.",
		"INSECURE_CONTEXT",
		!1,
		!1,
		"The page {origin} is not secure, so the browser denies it camera and microphone.",
		"Serve the page over https, or from localhost while developing.",
		"",
		"origin startingCode"
	], {
		...e,
		startingCode: 3011
	}, t),
	microphoneAccessUnavailableInsecureContext: (e, t) => g([
		3034,
		"ERROR_MICROPHONE_ACCESS_UNAVAILABLE",
		"The microphone cannot be used here.",
		"INSECURE_CONTEXT",
		!1,
		!1,
		"The page {origin} is not secure, so the browser denies it camera and microphone.",
		"Serve the page over https, or from localhost while developing.",
		"",
		"origin startingCode"
	], {
		...e,
		startingCode: 3012
	}, t),
	actionPerformedBeforeMeetingJoinedNotJoined: (e, t) => g([
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
	actionPerformedBeforeMeetingJoinedInLobby: (e, t) => g([
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
	actionPerformedBeforeMeetingJoinedLeft: (e, t) => g([
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
	meetingMediaConnectionFailedNegotiationFailed: (e, t) => g([
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
	videoProduceCodecNotSupportedNotEncoded: (e, t) => g([
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
	multistreamNotSupportedCodec: (e, t) => g([
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
	multistreamNotSupportedBrowser: (e, t) => g([
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
	multistreamNotSupportedServer: (e, t) => g([
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
	mediaNotReadyDataChannelPending: (e, t) => g([
		3048,
		"ERROR_MEDIA_NOT_READY",
		"The meeting's media connection is not ready yet. Please try again in a moment.",
		"DATA_CHANNEL_PENDING",
		!1,
		!0,
		"The data channel to the server did not open within {waitedMs} ms; the connection that carries it is {state}.",
		"Call send() again in a moment. Where a fault 3101 reports the subscribe connection, correct what it names first.",
		"",
		"waitedMs state"
	], e, t),
	mediaNotReadyNotConnected: (e, t) => g([
		3048,
		"ERROR_MEDIA_NOT_READY",
		"The meeting's media connection is not ready yet. Please try again in a moment.",
		"NOT_CONNECTED",
		!1,
		!0,
		"{method} needs the {connection} connection to the server, which is not there.",
		"Wait until media of the {connection} connection flows: publish a stream, or receive one. Then call {method} again.",
		"",
		"method connection"
	], e, t),
	webcamProduceFailedPublishRefused: (e, t) => g([
		3049,
		"ERROR_WEBCAM_PRODUCE_FAILED",
		"The camera could not be published.",
		"PUBLISH_REFUSED",
		!1,
		!1,
		"The media was captured, but the server refused the {kind} stream.",
		"Correct what the fault named by causeId reports, then start the {kind} stream again.",
		"",
		"kind startingCode"
	], {
		...e,
		startingCode: 3011
	}, t),
	noWebcamDeviceFoundDeviceUnavailable: (e, t) => g([
		3051,
		"ERROR_NO_WEBCAM_DEVICE_FOUND",
		"The requested camera was not found.",
		"DEVICE_UNAVAILABLE",
		!1,
		!1,
		"No device satisfies `{constraint}` ({domName}); the requested device is {deviceId}.",
		"Pass the id of a device that VideoSDK.getCameras() or VideoSDK.getMicrophones() lists now, or choose a lower resolution: the requested device is disconnected or cannot deliver this format.",
		"",
		"domName constraint deviceId startingCode"
	], {
		...e,
		startingCode: 3011
	}, t),
	alreadyInRequestedStateAlready: (e, t) => g([
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
	operationInProgressInProgress: (e, t) => g([
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
	operationAbortedLeft: (e, t) => g([
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
	operationAbortedCancelled: (e, t) => g([
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
	endMeetingFailedEndRefused: (e) => g([
		3057,
		"ERROR_END_MEETING_FAILED",
		"The meeting could not be ended.",
		"END_REFUSED",
		!1,
		!1,
		"The server did not end the session.",
		"Correct what the fault named by causeId reports, or end the session over REST with POST /v2/sessions/end.",
		"",
		""
	], {}, e),
	microphoneProduceFailedPublishRefused: (e, t) => g([
		3058,
		"ERROR_MICROPHONE_PRODUCE_FAILED",
		"The microphone could not be published.",
		"PUBLISH_REFUSED",
		!1,
		!1,
		"The media was captured, but the server refused the {kind} stream.",
		"Correct what the fault named by causeId reports, then start the {kind} stream again.",
		"",
		"kind startingCode"
	], {
		...e,
		startingCode: 3012
	}, t),
	noMicrophoneDeviceFoundDeviceUnavailable: (e, t) => g([
		3059,
		"ERROR_NO_MICROPHONE_DEVICE_FOUND",
		"The requested microphone was not found.",
		"DEVICE_UNAVAILABLE",
		!1,
		!1,
		"No device satisfies `{constraint}` ({domName}); the requested device is {deviceId}.",
		"Pass the id of a device that VideoSDK.getCameras() or VideoSDK.getMicrophones() lists now, or choose a lower resolution: the requested device is disconnected or cannot deliver this format.",
		"",
		"domName constraint deviceId startingCode"
	], {
		...e,
		startingCode: 3012
	}, t),
	screenshareProduceFailedPublishRefused: (e, t) => g([
		3061,
		"ERROR_SCREENSHARE_PRODUCE_FAILED",
		"The shared screen could not be published.",
		"PUBLISH_REFUSED",
		!1,
		!1,
		"The screen was captured, but the server refused the {kind} stream.",
		"Correct what the fault named by causeId reports, then start the {kind} stream again.",
		"",
		"kind startingCode"
	], {
		...e,
		startingCode: 3013
	}, t),
	webcamNotEnabledCameraOff: (e, t) => g([
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
	setWebcamQualityFailedEncoderRefused: (e, t) => g([
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
	meetingReconnectingReconnecting: (e, t) => g([
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
	actionNotSupportedInModeMode: (e, t) => g([
		3066,
		"ERROR_ACTION_NOT_SUPPORTED_IN_MODE",
		"The action is not supported in the current mode.",
		"MODE",
		!1,
		!1,
		"{method} requires the mode {needs}; the mode of this participant is {mode}.",
		"Call changeMode first, or hide the control for participants in this mode.",
		"",
		"method mode needs"
	], e, t),
	invalidModeUnknownMode: (e, t) => g([
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
	actionNotSupportedOwnStream: (e, t) => g([
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
	actionNotSupportedNotReceived: (e, t) => g([
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
	actionNotSupportedPayloadType: (e, t) => g([
		3068,
		"ERROR_ACTION_NOT_SUPPORTED",
		"The action is not supported.",
		"PAYLOAD_TYPE",
		!1,
		!1,
		"The payload of {method} is {got}; it must be a string, a Blob, an ArrayBuffer or a view of one.",
		"Pass text as a string and other data as an ArrayBuffer; write objects as JSON first: JSON.stringify(object).",
		"",
		"method got"
	], e, t),
	actionNotSupportedPayloadTooLarge: (e, t) => g([
		3068,
		"ERROR_ACTION_NOT_SUPPORTED",
		"The action is not supported.",
		"PAYLOAD_TOO_LARGE",
		!1,
		!1,
		"The payload of {method} has {bytes} bytes; a data message has at most {limitBytes}.",
		"Split the payload into smaller messages, or upload it elsewhere and send its URL.",
		"",
		"method bytes limitBytes"
	], e, t),
	captureImageFailedNoFrame: (e, t) => g([
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
	captureImageFailedNotDrawn: (e, t) => g([
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
	sendFailedBufferFull: (e, t) => g([
		3070,
		"ERROR_SEND_FAILED",
		"Unable to send the message. Please try again.",
		"BUFFER_FULL",
		!1,
		!0,
		"The message was not sent: {waitingBytes} bytes of reliable messages wait for the network or for the limits of the server, and at most {limitBytes} may wait.",
		"Send less often, or with the reliability UNRELIABLE where a lost message does no harm. The operator can raise limit.dataBytesPerSecond and limit.dataMessagesPerSecond.",
		"",
		"waitingBytes limitBytes"
	], e, t),
	sendFailedChannelRefused: (e, t) => g([
		3070,
		"ERROR_SEND_FAILED",
		"Unable to send the message. Please try again.",
		"CHANNEL_REFUSED",
		!1,
		!0,
		"The data channel did not take the message: {problem}.",
		"Call send() again: it waits until the data channel is open.",
		"",
		"problem"
	], e, t),
	invalidCustomTrackConfigNotAllowed: (e, t) => g([
		3071,
		"ERROR_INVALID_CUSTOM_TRACK_CONFIG",
		"The options of a custom track are not valid.",
		"NOT_ALLOWED",
		!1,
		!1,
		"{parameter} of {method} is {got}; it must be one of {allowed}.",
		"Pass one of these values as {parameter}: {allowed}.",
		"{parameter}",
		"method parameter got allowed"
	], e, t),
	invalidCustomTrackConfigConflict: (e, t) => g([
		3071,
		"ERROR_INVALID_CUSTOM_TRACK_CONFIG",
		"The options of a custom track are not valid.",
		"CONFLICT",
		!1,
		!1,
		"{parameter} of {method} has no effect with {other}.",
		"Leave {parameter} out, or change {other}.",
		"{parameter}",
		"method parameter other"
	], e, t),
	payloadTooLargeValue: (e, t) => g([
		3072,
		"ERROR_PAYLOAD_TOO_LARGE",
		"Payload exceeds the maximum allowed size.",
		"VALUE",
		!1,
		!1,
		"The value has {bytes} bytes; the realtime store takes at most {limitBytes} for one key.",
		"Store a shorter value, or upload it elsewhere and store its URL.",
		"value",
		"bytes limitBytes"
	], e, t),
	invalidParameterMissing: (e, t) => g([
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
	invalidParameterWrongType: (e, t) => g([
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
	invalidParameterNotAllowed: (e, t) => g([
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
	invalidParameterOutOfRange: (e, t) => g([
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
	invalidParameterConflict: (e, t) => g([
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
	invalidParameterNotJSON: (e, t) => g([
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
	invalidParameterTooLarge: (e, t) => g([
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
	invalidParameterOwnStream: (e, t) => g([
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
	invalidParameterTrackNotLive: (e, t) => g([
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
	invalidParameterUnknownEvent: (e, t) => g([
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
	invalidParameterUnknownOption: (e, t) => g([
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
	fileUploadFailedRefused: (e, t) => g([
		3074,
		"ERROR_FILE_UPLOAD_FAILED",
		"The file could not be uploaded.",
		"REFUSED",
		!1,
		!1,
		"The server refused the request with HTTP status {status}: {problem}.",
		"Correct what the problem names. Where the answer is not one of Klatch, check the proxy before the server.",
		"",
		"status problem"
	], e, t),
	fileUploadFailedNoAnswer: (e, t) => g([
		3074,
		"ERROR_FILE_UPLOAD_FAILED",
		"The file could not be uploaded.",
		"NO_ANSWER",
		!1,
		!0,
		"No answer of {url} reached the page: {problem}.",
		"Check the network, and whether the Content Security Policy of the page allows this address in connect-src, then call again.",
		"",
		"url problem"
	], e, t),
	fileFetchFailedRefused: (e, t) => g([
		3075,
		"ERROR_FILE_FETCH_FAILED",
		"The file could not be fetched.",
		"REFUSED",
		!1,
		!1,
		"The server refused the request with HTTP status {status}: {problem}.",
		"Correct what the problem names. Where the answer is not one of Klatch, check the proxy before the server.",
		"",
		"status problem"
	], e, t),
	fileFetchFailedNoAnswer: (e, t) => g([
		3075,
		"ERROR_FILE_FETCH_FAILED",
		"The file could not be fetched.",
		"NO_ANSWER",
		!1,
		!0,
		"No answer of {url} reached the page: {problem}.",
		"Check the network, and whether the Content Security Policy of the page allows this address in connect-src, then call again.",
		"",
		"url problem"
	], e, t),
	operationTimedOutNoAnswer: (e, t) => g([
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
	mediaConnectionLostNoPath: (e, t) => g([
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
	mediaConnectionLostUDPBlocked: (e, t) => g([
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
	mediaConnectionLostServerPrivateAddress: (e, t) => g([
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
	mediaConnectionLostTurnAuthFailed: (e, t) => g([
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
	mediaConnectionLostDTLSFailed: (e, t) => g([
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
	mediaConnectionLostMediaNotArriving: (e, t) => g([
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
	mediaConnectionLostPathLost: (e, t) => g([
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
	signalingUnreachableBadURL: (e, t) => g([
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
	signalingUnreachableGatewayDown: (e, t) => g([
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
	signalingUnreachableRedirected: (e, t) => g([
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
	signalingUnreachableForbidden: (e, t) => g([
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
	signalingUnreachableWrongPath: (e, t) => g([
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
	signalingUnreachablePrefixKept: (e, t) => g([
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
	signalingUnreachableNotKlatch: (e, t) => g([
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
	signalingUnreachableUpgradeStripped: (e, t) => g([
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
	signalingUnreachableNoConnection: (e, t) => g([
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
	signalingUnreachableAnswerHidden: (e, t) => g([
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
	signalingUnreachableCSPBlocked: (e, t) => g([
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
	signalingUnreachableMixedContent: (e, t) => g([
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
	reconnectFailedGaveUp: (e, t) => g([
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
	unsupportedEnvironmentInsecureContext: (e, t) => g([
		3104,
		"UNSUPPORTED_ENVIRONMENT",
		"This environment cannot take part in a meeting.",
		"INSECURE_CONTEXT",
		!1,
		!1,
		"The page {origin} is not secure, so the browser denies it the list of devices and the screen.",
		"Serve the page over https, or from localhost while developing.",
		"",
		"origin"
	], e, t),
	unsupportedEnvironmentNoWEBRTC: (e, t) => g([
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
	unsupportedEnvironmentScriptNotLoaded: (e, t) => g([
		3104,
		"UNSUPPORTED_ENVIRONMENT",
		"This environment cannot take part in a meeting.",
		"SCRIPT_NOT_LOADED",
		!1,
		!1,
		"{method} needs the script {script}, which could not be loaded: {problem}.",
		"Serve {script} beside the script of the SDK, of the same version, and allow it in script-src of the page's Content-Security-Policy; then call {method} again.",
		"",
		"method script problem"
	], e, t),
	unsupportedEnvironmentNoStats: (e, t) => g([
		3104,
		"UNSUPPORTED_ENVIRONMENT",
		"This environment cannot take part in a meeting.",
		"NO_STATS",
		!1,
		!1,
		"getStats of RTCPeerConnection failed: {problem}. This participant reports no quality to the server.",
		"Use a current Chrome, Edge, Firefox or Safari, and switch off extensions that change RTCPeerConnection.",
		"",
		"problem"
	], e, t),
	notOfferedNotOffered: (e, t) => g([
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
	clientImpairedSpeakingWhileMuted: (e, t) => g([
		3106,
		"CLIENT_IMPAIRED",
		"A condition of this device impairs the meeting.",
		"SPEAKING_WHILE_MUTED",
		!1,
		!1,
		"{label} is muted and picks up sound as loud as speech: {loudMs} ms of it, at {levelDb} dBFS. Nobody in the meeting hears it.",
		"Tell the person that they are muted, and call unmuteMic when they want to be heard. The sound does not leave the device. It is told once until the microphone is unmuted.",
		"",
		"label loudMs levelDb"
	], e, t),
	clientImpairedUplinkLimited: (e, t) => g([
		3106,
		"CLIENT_IMPAIRED",
		"A condition of this device impairs the meeting.",
		"UPLINK_LIMITED",
		!1,
		!1,
		"The connection to the server has been too slow for the {kind} stream for {forMs} ms: {width}x{height} is sent of {sourceWidth}x{sourceHeight}; frames per second: {framesPerSecond}. The browser estimates {availableBps} bit/s (0: it does not say).",
		"Use a cable or come nearer to the access point, and end uploads, backups and VPNs. To send less, call setWebcamQuality(\"low\") or disableWebcam. The picture grows by itself when the connection is faster.",
		"",
		"kind width height framesPerSecond sourceWidth sourceHeight availableBps forMs"
	], e, t),
	clientImpairedCpuLimited: (e, t) => g([
		3106,
		"CLIENT_IMPAIRED",
		"A condition of this device impairs the meeting.",
		"CPU_LIMITED",
		!1,
		!1,
		"This device has been too slow to encode the {kind} stream for {forMs} ms: {width}x{height} is sent of {sourceWidth}x{sourceHeight}; frames per second: {framesPerSecond}.",
		"Close other programs and tabs, connect the charger or end the power saving mode, and switch background effects off. To encode less, call setWebcamQuality(\"med\").",
		"",
		"kind width height framesPerSecond sourceWidth sourceHeight forMs"
	], e, t),
	clientImpairedAutoplayBlocked: (e, t) => g([
		3106,
		"CLIENT_IMPAIRED",
		"A condition of this device impairs the meeting.",
		"AUTOPLAY_BLOCKED",
		!1,
		!1,
		"The browser does not play the sound of {publisherId} ({kind}) before the person has clicked, tapped or pressed a key in this page; media elements that wait for it: {elements}.",
		"Show a button and call play() of the media elements from its click handler, or call join() from a click.",
		"",
		"publisherId kind elements"
	], e, t),
	clientImpairedDeviceChanged: (e, t) => g([
		3106,
		"CLIENT_IMPAIRED",
		"A condition of this device impairs the meeting.",
		"DEVICE_CHANGED",
		!1,
		!1,
		"The {kind} stream was opened from {label}, which was the default of the system. The default is {defaultLabel} now, and the stream was not opened again.",
		"To use {defaultLabel}, call changeMic with its device id. To keep {label}, do nothing.",
		"",
		"kind label defaultLabel"
	], e, t),
	clientImpairedTabSuspended: (e, t) => g([
		3106,
		"CLIENT_IMPAIRED",
		"A condition of this device impairs the meeting.",
		"TAB_SUSPENDED",
		!1,
		!1,
		"No script of this page ran for {forMs} ms (visibility: {visibility}, freeze event: {frozen}): the device slept, the browser suspended the page, or a long task blocked it. Meanwhile this participant neither answered the server nor noticed what happened.",
		"Keep the device awake with a screen wake lock (navigator.wakeLock) and the page in front during a meeting, except the page from the browser's sleeping tabs, and move long tasks to a Worker.",
		"",
		"visibility frozen forMs"
	], e, t),
	clientImpairedClockWrong: (e, t) => g([
		3106,
		"CLIENT_IMPAIRED",
		"A condition of this device impairs the meeting.",
		"CLOCK_WRONG",
		!1,
		!1,
		"The clock of this device shows {clientTime} while the server has {serverTime}: it is off by {offBySec} s, and the server allows tokens {leewaySec} s.",
		"Set the clock of the device from the network (NTP). Tokens minted with it are refused with 4002 EXPIRED or NOT_YET_VALID. If other devices are off by the same, set the clock of the server.",
		"",
		"clientTime serverTime offBySec leewaySec"
	], e, t),
	invalidAPIKeyKeyMissing: (e, t) => g([
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
	invalidAPIKeyKeyEmpty: (e) => g([
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
	invalidTokenEmpty: (e) => g([
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
	invalidMeetingIDEmpty: (e) => g([
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
	invalidParticipantIDWhitespace: (e, t) => g([
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
	adaptiveSubscriptionNotEnabledBySdkNoObserver: (e, t) => g([
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
	adaptiveSubscriptionEnableFailedAlreadyEnabled: (e) => g([
		4048,
		"ADAPTIVE_SUBSCRIPTION_ENABLE_FAILED",
		"Adaptive subscription could not be enabled.",
		"ALREADY_ENABLED",
		!1,
		!1,
		"Adaptive subscription is already enabled in this meeting.",
		"Remove the second call of enableAdaptiveSubscription(); nothing else has to be done, for it is on.",
		"",
		""
	], {}, e),
	adaptiveSubscriptionDisableFailedAlreadyDisabled: (e) => g([
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
	pauseAllStreamsFailedAlreadyPaused: (e, t) => g([
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
	resumeAllStreamsFailedNotPaused: (e, t) => g([
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
	], e, t),
	switchMeetingFailedJoinFailed: (e, t) => g([
		4076,
		"SWITCH_MEETING_FAILED",
		"The meeting could not be switched.",
		"JOIN_FAILED",
		!1,
		!1,
		"The meeting before was left, and {meetingId} could not be joined.",
		"Correct what the fault named by causeId reports, then call join(), which joins {meetingId}.",
		"meetingId",
		"meetingId"
	], e, t),
	failedToStopObservingValueUnknownObserver: (e, t) => g([
		4086,
		"FAILED_TO_STOP_OBSERVING_VALUE",
		"Failed to stop observing the realtime store value.",
		"UNKNOWN_OBSERVER",
		!1,
		!1,
		"observe() of this participation returned no id {observerId}, or it was stopped already.",
		"Pass the id that observe() resolved with, once. Observers end when the meeting is left.",
		"observerId",
		"observerId"
	], e, t)
};
function g([e, t, n, r, i, a, o, s, c, l], u, d = {}) {
	let f = {};
	for (let e of l ? l.split(" ") : []) f[e] = oe(e, u[e]);
	let p = le();
	return {
		code: e,
		name: t,
		message: n,
		reason: r,
		detail: ee(o, f),
		remedy: ee(s, f),
		...c && te(c, f),
		...l && { details: f },
		fatal: i,
		retryable: a,
		retryAfterMs: d.retryAfterMs ?? 0,
		id: p,
		causeId: d.causeId ?? "",
		at: (/* @__PURE__ */ new Date()).toISOString(),
		docs: `${d.server ?? ""}/errors/${e}#${r}`,
		consoleUrl: d.told && m({
			code: e,
			reason: r
		}) ? `${d.server}/console/faults/${p}` : "",
		meetingId: d.meetingId ?? "",
		sessionId: d.sessionId ?? "",
		participantId: d.participantId ?? ""
	};
}
function ee(e, t) {
	return e.replace(/\{([A-Za-z]\w*)\}/g, (e, n) => ne(t[n]));
}
function te(e, t) {
	let n = /^\{(\w+)\}$/.exec(e)?.[1];
	return n !== void 0 && t[n] === "" ? {} : { param: ee(e, t) };
}
function ne(e) {
	return Array.isArray(e) ? e.length ? e.join(", ") : "none" : e === "" ? "\"\"" : String(e);
}
var re = 200, ie = 1e3, ae = 50;
function oe(e, t) {
	let n = e === "problem" || e === "lastWords" ? ie : re;
	if (typeof t == "string") return se(t, n);
	if (!Array.isArray(t)) return t;
	let r = t.length - ae + 1;
	return (r > 1 ? [...t.slice(0, -r), `… ${r} more`] : t).map((e) => se(String(e), n));
}
function se(e, t) {
	let n = Array.from(e.length > 4 * t ? e.slice(0, 2 * t) + e.slice(-2 * t) : e), r = Math.floor(t / 2);
	return (n.length > t ? [
		...n.slice(0, r),
		"…",
		...n.slice(r + 1 - t)
	] : n).join("").replace(/[\p{Cc}\p{Cs}\p{Bidi_Control}\uFFFD]/gu, "·");
}
var ce = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
function le() {
	let e = "";
	for (let t = Date.now(), n = 0; n < 10; n++, t = Math.floor(t / 32)) e = ce.charAt(t % 32) + e;
	let t = "";
	for (let e of crypto.getRandomValues(/* @__PURE__ */ new Uint8Array(16))) t += ce.charAt(e & 31);
	return "flt_" + e + t;
}
// src/fault.ts
var ue = class extends Error {
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
		return de(this);
	}
};
function de({ code: e, name: t, reason: n, detail: r, remedy: i, id: a }) {
	return `${e} ${t} (${n}): ${r} ${i} [${a}]`;
}
var _ = class extends ue {
	constructor(e) {
		let t = de(e);
		super(t);
		let { stack: n = "" } = this, r = n.startsWith("Error: ") ? n.slice(n.indexOf(t) + t.length) : `\n${n}`;
		Object.defineProperty(this, "stack", {
			value: `VideoSDKError: ${t}${r}`,
			configurable: !0,
			writable: !0
		}), Object.defineProperty(this, "message", { enumerable: !0 }), Object.assign(this, e);
	}
}, fe = { allows: (e) => document.featurePolicy?.allowsFeature(e) }, v = {
	camera: {
		denied: h.cameraAccessDeniedOrDismissedPermissionDenied,
		dismissed: h.cameraAccessDeniedOrDismissedPermissionDismissed,
		deniedBySystem: h.cameraPermissionDeniedByOsDeniedBySystem,
		policyBlocked: h.getVideoMediaPermissionDeniedPolicyBlocked,
		insecure: h.cameraAccessUnavailableInsecureContext,
		inUse: h.cameraInUseDeviceInUse,
		startFailed: h.videoSourceInitiationFailedStartFailed,
		noDevice: h.cameraNotFoundNoDevice,
		unavailable: h.noWebcamDeviceFoundDeviceUnavailable,
		lost: h.webcamTrackEndedDeviceLost,
		publishRefused: h.webcamProduceFailedPublishRefused
	},
	microphone: {
		denied: h.microphoneAccessDeniedOrDismissedPermissionDenied,
		dismissed: h.microphoneAccessDeniedOrDismissedPermissionDismissed,
		deniedBySystem: h.microphonePermissionDeniedByOsDeniedBySystem,
		policyBlocked: h.getAudioMediaPermissionDeniedPolicyBlocked,
		insecure: h.microphoneAccessUnavailableInsecureContext,
		inUse: h.microphoneInUseDeviceInUse,
		startFailed: h.startingAudioStartFailed,
		noDevice: h.microphoneNotFoundNoDevice,
		unavailable: h.noMicrophoneDeviceFoundDeviceUnavailable,
		lost: h.microphoneTrackEndedDeviceLost,
		publishRefused: h.microphoneProduceFailedPublishRefused
	}
}, pe = /permissions?[- ]policy|feature[- ]policy/i;
function me(e, t, n, r, i = fe) {
	let a = v[e], { name: o, message: s, constraint: c } = be(t);
	switch (o) {
		case "NotAllowedError":
		case "PermissionDeniedError":
		case "SecurityError": return o === "SecurityError" || pe.test(s) || i.allows(e) === !1 ? a.policyBlocked({
			domName: o,
			domMessage: s,
			feature: e
		}, r) : /dismissed/i.test(s) ? a.dismissed({
			domName: o,
			domMessage: s
		}, r) : /by system/i.test(s) ? a.deniedBySystem({
			domName: o,
			domMessage: s
		}, r) : a.denied({
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
		default: return (/^device in use$/i.test(s) ? a.inUse : a.startFailed)({
			domName: o,
			domMessage: s,
			label: n.label
		}, r);
	}
}
function he(e, t, n = fe) {
	let { name: r, message: i } = be(e), a = {
		domName: r,
		domMessage: i
	};
	switch (r) {
		case "InvalidStateError":
		case "InvalidAccessError": return h.startingScreenshareNoUserGesture(a, t);
		case "NotAllowedError": return pe.test(i) || n.allows("display-capture") === !1 ? h.getDisplayMediaPermissionDeniedPolicyBlocked({
			...a,
			feature: "display-capture"
		}, t) : /system/i.test(i) ? h.getDisplayMediaPermissionDeniedPermissionDenied(a, t) : h.getDisplayMediaPermissionDeniedUserCancelled(a, t);
		case "SecurityError": return h.getDisplayMediaPermissionDeniedPolicyBlocked({
			...a,
			feature: "display-capture"
		}, t);
		default: return h.startingScreenshareCaptureFailed(a, t);
	}
}
function ge(e, t, n) {
	return v[e].lost({ label: t }, n);
}
function _e(e, t, n) {
	let r = {
		...n,
		causeId: t
	};
	return e === "audio" ? v.microphone.publishRefused({ kind: e }, r) : e === "video" ? v.camera.publishRefused({ kind: e }, r) : h.screenshareProduceFailedPublishRefused({ kind: e }, r);
}
async function ve(e, t, n) {
	let r = y(n, e);
	try {
		return await r.getUserMedia(e === "camera" ? { video: t } : { audio: t });
	} catch (i) {
		let a = xe(t);
		throw new _(me(e, i, {
			deviceId: a,
			label: await Se(r, e, a)
		}, n));
	}
}
async function ye(e, t) {
	let n = y(t);
	if (!("getDisplayMedia" in n)) throw new _(h.startingScreenshareNoScreenShare({ userAgent: navigator.userAgent }, t));
	try {
		return await n.getDisplayMedia(e);
	} catch (e) {
		throw new _(he(e, t));
	}
}
function y(e, t) {
	let n = navigator.mediaDevices;
	if (n) return n;
	throw isSecureContext ? new _(h.unsupportedEnvironmentNoWEBRTC({ userAgent: navigator.userAgent }, e)) : new _((t ? v[t].insecure : h.unsupportedEnvironmentInsecureContext)({ origin: location.origin }, e));
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
}, Ce = [
	"bandwidth_optimized",
	"balanced",
	"high_quality"
], we = 64e3, Te = [
	"l",
	"m",
	"h"
], Ee = [
	"low",
	"med",
	"high"
], De = (e) => e === "video" || e === "share";
function Oe(e, t, n) {
	let r = t?.multiStream ?? n.multiStream, i = t?.maxLayer ?? n.maxLayer, a = t?.codec, o = De(e) && r !== !1 ? e === "share" ? 2 : i ?? 3 : 1, s = (a === "VP9" || a === "AV1") && o > 1, c = a === "VP9" && t?.degradation === "maintain-resolution", l = s ? `L${o}T3_KEY` : void 0;
	return {
		codec: a,
		encodings: s ? 1 : o,
		scalabilityMode: l && c ? "L1T3" : l,
		lacking: c ? l : void 0,
		insisted: o > 1 && (s || r === !0 || i !== void 0)
	};
}
var ke = (e, t) => e.codec === t.codec && e.encodings === t.encodings && e.scalabilityMode === t.scalabilityMode;
function Ae({ encodings: e, scalabilityMode: t }) {
	return e === 1 ? t ? [{ scalabilityMode: t }] : [] : Te.slice(0, e).map((t, n) => ({
		rid: e === 2 && n === 1 ? "h" : t,
		scaleResolutionDownBy: 2 ** (e - 1 - n)
	}));
}
function je(e, t) {
	let n = (t) => t.mimeType.split("/")[1]?.toUpperCase() === e.toUpperCase();
	return t.some(n) ? [...t.filter(n), ...t.filter((e) => !n(e))] : void 0;
}
var Me = [[518400, 3], [129600, 2]];
function Ne({ width: e, height: t }, n) {
	return 1e3 * (Fe(Object.values(b.camera), (n) => Math.abs(Math.log(n.width * n.height / (e * t)))).kbps[n] ?? 0);
}
function Pe(e, { maxBitrateBps: t, mode: n = 1 }, r, i) {
	return e === "share" ? t / i : Math.min(t, Ne({
		width: r.width / i,
		height: r.height / i
	}, n));
}
function Fe(e, t) {
	return e.reduce((e, n) => t(n) < t(e) ? n : e);
}
function Ie(e, { kind: t, encoding: n, size: r, quality: i, idle: a }) {
	let { encodings: o } = e;
	if (!De(t)) {
		for (let e of o) e.maxBitrate = n.maxBitrateBps;
		return;
	}
	let { width: s, height: c } = r ?? b.camera.h720p_w1280p, l = t === "share" ? 3 : Me.find(([e]) => s * c >= e)?.[1] ?? 1, u = Math.min(o.length, l), d = 2 ** (Ee.length - 1 - Ee.indexOf(i));
	o.forEach((e, r) => {
		let i = Math.max(2 ** Math.max(u - 1 - r, 0), r === 0 ? d : 1);
		e.scaleResolutionDownBy = i, e.maxBitrate = i === 1 ? n.maxBitrateBps : Pe(t, n, {
			width: s,
			height: c
		}, i);
		let { scalabilityMode: o = "L1" } = e;
		for (let r = 1; r < Number(o[1]); r++) e.maxBitrate += Pe(t, n, {
			width: s,
			height: c
		}, i * 2 ** r);
		e.active = r < u && (r === 0 || i >= d) && !a.has(e.rid ?? "");
	});
}
// src/errors.gen.ts
var Le = {
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
}, Re = {
	RECORDING_STARTING: "RECORDING_STARTING",
	RECORDING_STARTED: "RECORDING_STARTED",
	RECORDING_STOPPING: "RECORDING_STOPPING",
	RECORDING_STOPPED: "RECORDING_STOPPED"
}, ze = {
	LIVESTREAM_STARTING: "LIVESTREAM_STARTING",
	LIVESTREAM_STARTED: "LIVESTREAM_STARTED",
	LIVESTREAM_STOPPING: "LIVESTREAM_STOPPING",
	LIVESTREAM_STOPPED: "LIVESTREAM_STOPPED"
}, Be = {
	HLS_STARTING: "HLS_STARTING",
	HLS_STARTED: "HLS_STARTED",
	HLS_PLAYABLE: "HLS_PLAYABLE",
	HLS_STOPPING: "HLS_STOPPING",
	HLS_STOPPED: "HLS_STOPPED"
}, Ve = {
	TRANSCRIPTION_STARTING: "TRANSCRIPTION_STARTING",
	TRANSCRIPTION_STARTED: "TRANSCRIPTION_STARTED",
	TRANSCRIPTION_STOPPING: "TRANSCRIPTION_STOPPING",
	TRANSCRIPTION_STOPPED: "TRANSCRIPTION_STOPPED"
}, He = {
	TRANSLATION_STARTING: "TRANSLATION_STARTING",
	TRANSLATION_STARTED: "TRANSLATION_STARTED",
	TRANSLATION_STOPPING: "TRANSLATION_STOPPING",
	TRANSLATION_STOPPED: "TRANSLATION_STOPPED"
}, Ue = {
	CONFERENCE: "CONFERENCE",
	VIEWER: "VIEWER",
	SEND_AND_RECV: "SEND_AND_RECV",
	SIGNALLING_ONLY: "SIGNALLING_ONLY",
	RECV_ONLY: "RECV_ONLY"
}, We = {
	AUDIO: "audio",
	VIDEO: "video",
	AUDIO_AND_VIDEO: "audio_video"
}, Ge = {
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
}, Ke = {
	HIGH_QUALITY: "high_quality",
	BALANCED: "balanced",
	BANDWIDTH_OPTIMIZED: "bandwidth_optimized"
}, qe = {
	RELIABLE: "RELIABLE",
	UNRELIABLE: "UNRELIABLE"
}, Je = {
	NONE: "NONE",
	ERROR: "ERROR",
	WARN: "WARN",
	INFO: "INFO",
	DEBUG: "DEBUG",
	ALL: "ALL"
}, Ye = {
	IDLE: "idle",
	LISTENING: "listening",
	THINKING: "thinking",
	SPEAKING: "speaking"
}, Xe = {
	CHARACTER_SPEAKING: "CHARACTER_SPEAKING",
	CHARACTER_THINKING: "CHARACTER_THINKING",
	CHARACTER_LISTENING: "CHARACTER_LISTENING"
}, Ze = {
	TEXT: "text",
	CO_PILOT: "co_pilot",
	AUTO_PILOT: "auto_pilot",
	VISION_PILOT: "vision_pilot"
}, Qe = {
	DROP: "drop",
	QUEUE: "queue"
}, x = {
	VP8: "VP8",
	VP9: "VP9",
	AV1: "AV1",
	H264: "H264"
}, $e = {
	errors: Le,
	recordingEvents: Re,
	livestreamEvents: ze,
	hlsEvents: Be,
	transcriptionEvents: Ve,
	translationEvents: He,
	modes: Ue,
	permission: We,
	reliabilityMode: qe,
	leaveReason: Ge,
	BitrateMode: Ke,
	LogLevel: Je,
	AgentState: Ye,
	characterState: Xe,
	characterMode: Ze,
	VideoCodec: x,
	RealtimeOverflow: Qe
};
// src/nearest.ts
function et(e, t) {
	let n = e.slice(0, 64).toLowerCase();
	return t.reduce((e, t) => tt(n, t.toLowerCase()) < tt(n, e.toLowerCase()) ? t : e, t[0] ?? "none");
}
function tt(e, t) {
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
	it(e, t, i, n, r);
}
function C(e, t, n, r) {
	if (T(n)) return;
	if (typeof r == "function") return r(n, t, e);
	if (typeof r == "object" && "fields" in r) return it(e, t, t, n, r.fields);
	if (typeof r == "object") {
		if (r.includes(n)) return;
		let i = {
			method: e.method,
			parameter: t,
			got: String(n),
			allowed: r.map(String)
		};
		throw new _((e.method.startsWith("create") ? h.invalidCustomTrackConfigNotAllowed : h.invalidParameterNotAllowed)(i, e.at));
	}
	let i = Array.isArray(n) ? "array" : typeof n;
	if (r !== "any" && i !== r) throw new _(h.invalidParameterWrongType({
		method: e.method,
		parameter: t,
		got: i,
		want: r
	}, e.at));
}
function w({ method: e, at: t }, n, r) {
	if (T(r)) throw new _(h.invalidParameterMissing({
		method: e,
		parameter: n
	}, t));
}
function nt(e, t) {
	if (C(e, "token", t, "string"), T(t) || t.trim() === "") throw new _(h.invalidTokenEmpty(e.at));
}
function rt(e, t) {
	if (C(e, "meetingId", t, "string"), T(t)) throw new _(h.invalidMeetingIDEmpty(e.at));
}
function T(e) {
	return e == null;
}
function it(e, t, n, r, i) {
	if (!T(r)) {
		C(e, t, r, "object");
		for (let [t, a] of Object.entries(r)) {
			let r = n === "" ? t : `${n}.${t}`, o = Object.hasOwn(i, t) ? i[t] : void 0;
			if (o === void 0) {
				if (a === void 0) continue;
				let n = Object.keys(i), o = {
					method: e.method,
					parameter: r,
					nearest: et(t, n),
					allowed: n
				};
				throw new _(h.invalidParameterUnknownOption(o, e.at));
			}
			C(e, r, a, o);
		}
	}
}
// src/tracks.ts
var at = [
	"motion",
	"text",
	"detail"
], ot = {
	cameraId: "string",
	facingMode: [
		"user",
		"front",
		"environment"
	],
	encoderConfig: Object.keys(b.camera),
	optimizationMode: at,
	bitrateMode: Ce,
	codec: Object.values(x),
	multiStream: "boolean",
	maxLayer: [2, 3]
}, st = {
	microphoneId: "string",
	encoderConfig: Object.keys(b.audio),
	noiseConfig: { fields: {
		noiseSuppression: "boolean",
		noiseSuppresion: "boolean",
		echoCancellation: "boolean",
		autoGainControl: "boolean"
	} }
}, ct = (e, t, n) => {
	S(e, "videoConfig", t, ot, n), O(t ?? {}, e.method);
}, lt = (e, t, n) => S(e, "audioConfig", t, st, n), ut = {
	encoderConfig: Object.keys(b.share),
	optimizationMode: at,
	withAudio: ["enable", "disable"],
	codec: Object.values(x),
	multiStream: "boolean"
}, dt = /* @__PURE__ */ new WeakMap(), ft = {
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
function pt(e, t) {
	return dt.get(e) ?? ft[t];
}
async function mt(e = {}, t = {}) {
	S({
		method: "createCameraVideoTrack",
		at: t
	}, "options", e, ot);
	let n = "createCameraVideoTrack", { width: r, height: i, frameRate: a, kbps: o } = gt(b.camera, e.encoderConfig ?? "h720p_w1280p", n, t), s = O(e, n, t), c = Ce.indexOf(e.bitrateMode ?? "balanced"), l = await ve("camera", {
		width: { ideal: r },
		height: { ideal: i },
		frameRate: { ideal: a },
		...e.cameraId ? { deviceId: { exact: e.cameraId } } : {},
		...e.facingMode ? { facingMode: { ideal: e.facingMode === "environment" ? "environment" : "user" } } : {}
	}, t), u = e.optimizationMode ?? "motion";
	return D(l, "video", u, {
		maxBitrateBps: (o[c] ?? o[1]) * 1e3,
		degradation: u === "motion" ? "balanced" : "maintain-resolution",
		...c >= 0 && { mode: c },
		...s
	});
}
async function E(e = {}, t = {}) {
	S({
		method: "createMicrophoneAudioTrack",
		at: t
	}, "options", e, st);
	let { kbps: n, channels: r, speech: i } = gt(b.audio, e.encoderConfig ?? "speech_standard", "createMicrophoneAudioTrack", t), { noiseSuppresion: a, echoCancellation: o, autoGainControl: s } = e.noiseConfig ?? {};
	return D(await ve("microphone", {
		noiseSuppression: e.noiseConfig?.noiseSuppression ?? a ?? i,
		echoCancellation: o ?? i,
		autoGainControl: s ?? i,
		channelCount: { ideal: r },
		...e.microphoneId ? { deviceId: { exact: e.microphoneId } } : {}
	}, t), "audio", i ? "speech" : "music", { maxBitrateBps: n * 1e3 });
}
async function ht(e = {}, t = {}) {
	S({
		method: "createScreenShareVideoTrack",
		at: t
	}, "options", e, ut);
	let n = "createScreenShareVideoTrack", { width: r, height: i, frameRate: a, kbps: o } = gt(b.share, e.encoderConfig ?? "h720p_15fps", n, t), s = O(e, n, t), c = await ye({
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
	return D(c, "audio", "music", { maxBitrateBps: we }), D(c, "video", l, {
		maxBitrateBps: o * 1e3,
		...s,
		degradation: l === "motion" ? "balanced" : "maintain-resolution"
	});
}
function D(e, t, n, r) {
	for (let i of e.getTracks().filter((e) => e.kind === t)) i.contentHint = n, dt.set(i, r);
	return e;
}
function gt(e, t, n, r) {
	if (Object.hasOwn(e, t)) return e[t];
	let i = {
		method: n,
		parameter: "encoderConfig",
		got: String(t),
		allowed: Object.keys(e)
	};
	throw new _(h.invalidCustomTrackConfigNotAllowed(i, r));
}
var _t = Object.values(x);
function O({ codec: e, multiStream: t, maxLayer: n }, r, i) {
	let a = r.startsWith("create"), o = a ? h.invalidCustomTrackConfigNotAllowed : h.invalidParameterNotAllowed, s = (e, t, n) => {
		throw new _(o({
			method: r,
			parameter: e,
			got: String(t),
			allowed: [...n]
		}, i));
	};
	if (e !== void 0 && !_t.includes(e) && s("codec", e, _t), t !== void 0 && typeof t != "boolean" && s("multiStream", t, ["true", "false"]), n !== void 0 && n !== 2 && n !== 3 && s("maxLayer", n, ["2", "3"]), n !== void 0 && t === !1) {
		let e = {
			method: r,
			parameter: "maxLayer",
			other: "multiStream: false"
		};
		throw new _(a ? h.invalidCustomTrackConfigConflict(e, i) : h.invalidParameterConflict(e, i));
	}
	return {
		...e !== void 0 && { codec: e },
		...t !== void 0 && { multiStream: t },
		...n !== void 0 && { maxLayer: n }
	};
}
var vt = {
	audio: {
		none: h.invalidCustomAudioTrackNoTrack,
		ended: h.customAudioTrackEndedTrackNotLive
	},
	video: {
		none: h.invalidCustomVideoTrackNoTrack,
		ended: h.customVideoTrackEndedTrackNotLive
	},
	share: {
		none: h.invalidParameterTrackNotLive,
		ended: h.invalidParameterTrackNotLive
	}
};
function k(e, t, n, r) {
	let i = t === "audio" ? "audio" : "video", a = e instanceof MediaStream ? e.getTracks() : [e], o = a.find((e) => e instanceof MediaStreamTrack && e.kind === i && e.readyState === "live");
	if (o) return o;
	let s = a.map((e) => e instanceof MediaStreamTrack ? `${e.readyState} ${e.kind}` : typeof e).join(", "), c = a.some((e) => e instanceof MediaStreamTrack && e.kind === i), l = vt[t][c ? "ended" : "none"];
	throw new _(l({
		method: n,
		kind: i,
		got: s || "an empty stream"
	}, r));
}
// src/argument.ts
function yt(e, t, n, r) {
	try {
		return JSON.stringify(n);
	} catch (n) {
		let i = n instanceof Error ? n.message.split("\n")[0] ?? "" : String(n);
		throw new _(h.invalidParameterNotJSON({
			method: e,
			parameter: t,
			problem: i
		}, r));
	}
}
function bt(e, t, n) {
	if (typeof t == "function") return;
	let r = t === null ? "null" : typeof t;
	throw new _(h.invalidParameterWrongType({
		method: e,
		parameter: "listener",
		got: r,
		want: "a function"
	}, n));
}
// src/eventnames.ts
function xt(e, t, n) {
	if (typeof t == "string" && Object.hasOwn(n, t)) return;
	let r = String(t), i = Object.keys(n);
	throw new _(h.invalidParameterUnknownEvent({
		method: e,
		event: r,
		nearest: et(r, i),
		allowed: i
	}));
}
// src/log.ts
var St = Object.values(Je), Ct = {
	ERROR: "error",
	WARN: "warn",
	INFO: "info",
	DEBUG: "debug"
}, wt = St.indexOf("NONE");
function Tt(e) {
	wt = St.indexOf(e);
}
var Et = (e) => St.indexOf(e) <= wt;
function A(e, ...t) {
	Et(e) && console[e === "ALL" ? "debug" : Ct[e]]("[klatch]", ...t);
}
// src/emitter.ts
var j = class {
	#e;
	#t;
	#n = Object.create(null);
	constructor(e, t) {
		this.#e = e, this.#t = t;
	}
	on(e, t) {
		return xt(`${this.#e}.on`, e, this.#t), bt(`${this.#e}.on`, t), this.#n[e] = [...this.#n[e] ?? [], t], this.listened(String(e)), () => this.off(e, t);
	}
	listened(e) {}
	once(e, t) {
		let n = this.on(e, (...e) => {
			n(), t(...e);
		});
		return n;
	}
	off(e, t) {
		xt(`${this.#e}.off`, e, this.#t);
		let n = this.#n[e] ?? [], r = t ? n.indexOf(t) : -1;
		this.#n[e] = t ? n.filter((e, t) => t !== r) : [];
	}
	listenerCount(e) {
		return this.#n[e]?.length ?? 0;
	}
	emit(e, ...t) {
		A("DEBUG", this.#e, e, ...t);
		for (let n of this.#n[e] ?? []) try {
			n(...t);
		} catch (e) {
			M(e);
		}
	}
};
function M(e) {
	queueMicrotask(() => {
		throw e;
	});
}
// src/deviceinfo.ts
var Dt = class {
	deviceId;
	groupId;
	kind;
	label;
	constructor(e, t, n, r) {
		this.deviceId = e, this.groupId = t, this.kind = n, this.label = r;
	}
}, Ot = class extends Dt {
	facingMode;
	constructor(e, t, n, r, i) {
		super(e, t, n, r), this.facingMode = i ?? (/\b(back|rear|environment)\b/i.test(r) ? "environment" : "front");
	}
}, kt = class extends Dt {}, At = class extends Dt {};
function jt(e) {
	let { deviceId: t, groupId: n, kind: r, label: i } = e;
	if (r === "audioinput") return new kt(t, n, r, i);
	if (r === "audiooutput") return new At(t, n, r, i);
	let { facingMode: a = [] } = "getCapabilities" in e ? e.getCapabilities() : {};
	return new Ot(t, n, r, i, a.includes("environment") ? "environment" : void 0);
}
// src/devices.ts
async function Mt() {
	return (await y({}).enumerateDevices()).filter(({ deviceId: e }) => e !== "").map(jt);
}
async function N(e) {
	return (await Mt()).filter((t) => t.kind === e);
}
var Nt = class extends j {
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
		Mt().then((e) => this.emit("device-changed", { devices: e }), M);
	};
};
function Pt(e, t) {
	return C({ method: e }, "permissions", t, Object.values(We)), t === "audio" || t === "video" ? [t] : ["audio", "video"];
}
var Ft = [
	"PERMISSION_DENIED",
	"PERMISSION_DISMISSED",
	"DENIED_BY_SYSTEM"
], It = {
	audio: "microphone",
	video: "camera"
};
async function Lt(e) {
	let t = Pt("checkPermissions", e).map(async (e) => [e, await zt(e)]);
	return new Map(await Promise.all(t));
}
async function Rt(e) {
	let t = /* @__PURE__ */ new Map();
	for (let n of Pt("requestPermission", e)) try {
		let e = await ve(It[n], {}, {});
		for (let t of e.getTracks()) t.stop();
		t.set(n, !0);
	} catch (e) {
		if (!(e instanceof _) || !Ft.includes(e.reason)) throw e;
		t.set(n, !1);
	}
	return t;
}
async function zt(e) {
	try {
		return (await navigator.permissions.query({ name: It[e] })).state === "granted";
	} catch {
		return (await y({}).enumerateDevices()).some(({ kind: t, label: n }) => t === `${e}input` && n !== "");
	}
}
// src/codes.gen.ts
var Bt = /* @__PURE__ */ t({
	ACCOUNT_DEACTIVATED: () => Xn,
	ACCOUNT_DISCONTINUED: () => Zn,
	ADAPTIVE_SUBSCRIPTION_DISABLE_FAILED: () => jr,
	ADAPTIVE_SUBSCRIPTION_ENABLE_FAILED: () => Ar,
	ADAPTIVE_SUBSCRIPTION_NOT_ENABLED_BY_SDK: () => kr,
	ADD_ON_SERVICES_DISABLED: () => dr,
	APIKEY_DEACTIVATED: () => Nr,
	CERTIFICATE_FAILED: () => Si,
	CHANGE_MODE_FAILED: () => Lr,
	CLIENT_IMPAIRED: () => Wn,
	CONFIG_INVALID: () => bi,
	CONFLICT: () => ci,
	DISABLE_PARTICIPANT_MIC_FAILED: () => Br,
	DISABLE_PARTICIPANT_WEBCAM_FAILED: () => Hr,
	DUPLICATE_PARTICIPANT: () => Yn,
	ENABLE_PARTICIPANT_MIC_FAILED: () => zr,
	ENABLE_PARTICIPANT_WEBCAM_FAILED: () => Vr,
	ERROR_ACTION_NOT_SUPPORTED: () => An,
	ERROR_ACTION_NOT_SUPPORTED_IN_MODE: () => On,
	ERROR_ACTION_PERFORMED_BEFORE_MEETING_JOINED: () => dn,
	ERROR_ALREADY_IN_REQUESTED_STATE: () => vn,
	ERROR_CAMERA_ACCESS_DENIED_OR_DISMISSED: () => qt,
	ERROR_CAMERA_ACCESS_UNAVAILABLE: () => ln,
	ERROR_CAMERA_IN_USE: () => $t,
	ERROR_CAMERA_NOT_FOUND: () => Zt,
	ERROR_CAMERA_PERMISSION_DENIED_BY_OS: () => Yt,
	ERROR_CAPTURE_IMAGE_FAILED: () => jn,
	ERROR_CUSTOM_AUDIO_TRACK_ENDED: () => cn,
	ERROR_CUSTOM_VIDEO_TRACK_ENDED: () => sn,
	ERROR_END_MEETING_FAILED: () => xn,
	ERROR_FILE_FETCH_FAILED: () => Ln,
	ERROR_FILE_UPLOAD_FAILED: () => In,
	ERROR_GET_AUDIO_MEDIA_PERMISSION_DENIED: () => Gt,
	ERROR_GET_DISPLAY_MEDIA_PERMISSION_DENIED: () => Kt,
	ERROR_GET_VIDEO_MEDIA_PERMISSION_DENIED: () => Wt,
	ERROR_INVALID_CUSTOM_AUDIO_TRACK: () => on,
	ERROR_INVALID_CUSTOM_TRACK_CONFIG: () => Nn,
	ERROR_INVALID_CUSTOM_VIDEO_TRACK: () => an,
	ERROR_INVALID_MODE: () => kn,
	ERROR_INVALID_PARAMETER: () => Fn,
	ERROR_MEDIA_NOT_READY: () => hn,
	ERROR_MEETING_MEDIA_CONNECTION_FAILED: () => fn,
	ERROR_MEETING_RECONNECTING: () => Dn,
	ERROR_MICROPHONE_ACCESS_DENIED_OR_DISMISSED: () => Jt,
	ERROR_MICROPHONE_ACCESS_UNAVAILABLE: () => un,
	ERROR_MICROPHONE_IN_USE: () => en,
	ERROR_MICROPHONE_NOT_FOUND: () => Qt,
	ERROR_MICROPHONE_PERMISSION_DENIED_BY_OS: () => Xt,
	ERROR_MICROPHONE_PRODUCE_FAILED: () => Sn,
	ERROR_MICROPHONE_TRACK_ENDED: () => rn,
	ERROR_MULTISTREAM_NOT_SUPPORTED: () => mn,
	ERROR_NO_MICROPHONE_DEVICE_FOUND: () => Cn,
	ERROR_NO_WEBCAM_DEVICE_FOUND: () => _n,
	ERROR_OPERATION_ABORTED: () => bn,
	ERROR_OPERATION_IN_PROGRESS: () => yn,
	ERROR_OPERATION_TIMED_OUT: () => Rn,
	ERROR_PAYLOAD_TOO_LARGE: () => Pn,
	ERROR_SCREENSHARE_PRODUCE_FAILED: () => wn,
	ERROR_SEND_FAILED: () => Mn,
	ERROR_SET_WEBCAM_QUALITY_FAILED: () => En,
	ERROR_STARTING_AUDIO: () => Ht,
	ERROR_STARTING_SCREENSHARE: () => Ut,
	ERROR_STARTING_VIDEO: () => Vt,
	ERROR_VIDEO_PRODUCE_CODEC_NOT_SUPPORTED: () => pn,
	ERROR_VIDEO_SOURCE_INITIATION_FAILED: () => tn,
	ERROR_WEBCAM_NOT_ENABLED: () => Tn,
	ERROR_WEBCAM_PRODUCE_FAILED: () => gn,
	ERROR_WEBCAM_TRACK_ENDED: () => nn,
	FAILED_TO_GET_VALUE: () => Or,
	FAILED_TO_OBSERVE_VALUE: () => Yr,
	FAILED_TO_SET_VALUE: () => Dr,
	FAILED_TO_STOP_OBSERVING_VALUE: () => Xr,
	HLS_DURATION_LIMIT_REACHED: () => gi,
	HLS_FAILED: () => pi,
	INVALID_API_KEY: () => Gn,
	INVALID_LIVESTREAM_CONFIG: () => ar,
	INVALID_MEETING_ID: () => qn,
	INVALID_MESSAGE: () => oi,
	INVALID_PARTICIPANT_ID: () => Jn,
	INVALID_PERMISSIONS: () => Qn,
	INVALID_TOKEN: () => Kn,
	LIVESTREAM_DURATION_LIMIT_REACHED: () => hi,
	LIVESTREAM_FAILED: () => fi,
	LOBBY_DENIED: () => ei,
	LOBBY_TIMEOUT: () => ti,
	MAX_HLS_LIMIT_REACHED_ON_ORGANIZATION: () => vr,
	MAX_LIVESTREAM_LIMIT_REACHED_ON_ORGANIZATION: () => yr,
	MAX_PARTICIPANT_REACHED: () => $n,
	MAX_RECORDING_LIMIT_REACHED_ON_ORGANIZATION: () => _r,
	MAX_RECV_ONLY_LIMIT_REACHED_ON_ORGANIZATION: () => Er,
	MAX_SPEAKER_LIMIT_REACHED_ON_ORGANIZATION: () => hr,
	MAX_SPEAKER_REACHED: () => er,
	MAX_VIEWER_LIMIT_REACHED_ON_ORGANIZATION: () => gr,
	MEDIA_CONNECTION_LOST: () => zn,
	MEETING_ENDED: () => ri,
	MEETING_ID_DISABLED: () => Mr,
	NOT_FOUND: () => si,
	NOT_OFFERED: () => Un,
	NOT_PERMITTED: () => ii,
	PARTICIPANT_REMOVED: () => ni,
	PAUSE_ALL_STREAMS_FAILED: () => Pr,
	PAUSE_STREAM_FAILED: () => Kr,
	PIN_FAILED: () => Ur,
	PREV_HLS_STREAMING_PROCESSING: () => ur,
	PREV_RECORDING_PROCESSING: () => cr,
	PREV_RTMP_RECORDING_PROCESSING: () => lr,
	PUBSUB_PUBLISH_FAILED: () => Zr,
	PUBSUB_SUBSCRIBE_FAILED: () => Qr,
	PUBSUB_UNSUBSCRIBE_FAILED: () => $r,
	RATE_LIMITED: () => ai,
	RECONNECT_FAILED: () => Vn,
	RECORDING_DURATION_LIMIT_REACHED: () => mi,
	RECORDING_FAILED: () => di,
	REMOVE_PARTICIPANT_FAILED: () => Rr,
	REQUEST_NOT_OFFERED: () => li,
	RESPOND_ENTRY_FAILED: () => Ir,
	RESUME_ALL_STREAMS_FAILED: () => Fr,
	RESUME_STREAM_FAILED: () => qr,
	RTMP_INGEST_FAILED: () => Ci,
	RTMP_INGEST_REFUSED: () => ui,
	SERVER_CHECK_FAILED: () => wi,
	SERVER_SHUTDOWN: () => vi,
	SERVER_UNAVAILABLE: () => _i,
	SET_QUALITY_FAILED: () => Gr,
	SIGNALING_UNREACHABLE: () => Bn,
	STARTUP_FAILED: () => xi,
	START_COMPOSITE_RECORDING_FAILED: () => wr,
	START_HLS_FAILED: () => or,
	START_LIVESTREAM_FAILED: () => rr,
	START_PARTICIPANT_RECORDING_FAILED: () => br,
	START_RECORDING_FAILED: () => tr,
	START_TRACK_RECORDING_FAILED: () => Sr,
	STOP_COMPPOSITE_RECORDING_FAILED: () => Tr,
	STOP_HLS_FAILED: () => sr,
	STOP_LIVESTREAM_FAILED: () => ir,
	STOP_PARTICIPANT_RECORDING_FAILED: () => xr,
	STOP_RECORDING_FAILED: () => nr,
	STOP_TRACK_RECORDING_FAILED: () => Cr,
	SWITCH_MEETING_FAILED: () => Jr,
	UNAUTHORIZED_MEETING_ID: () => fr,
	UNAUTHORIZED_PARTCIPANT_ID: () => pr,
	UNAUTHORIZED_ROLE: () => mr,
	UNPIN_FAILED: () => Wr,
	UNSUPPORTED_ENVIRONMENT: () => Hn,
	WEBHOOK_DELIVERY_FAILED: () => yi
}), Vt = 3011, Ht = 3012, Ut = 3013, Wt = 3014, Gt = 3015, Kt = 3016, qt = 3017, Jt = 3018, Yt = 3019, Xt = 3020, Zt = 3021, Qt = 3022, $t = 3023, en = 3024, tn = 3026, nn = 3027, rn = 3028, an = 3029, on = 3030, sn = 3031, cn = 3032, ln = 3033, un = 3034, dn = 3035, fn = 3044, pn = 3045, mn = 3046, hn = 3048, gn = 3049, _n = 3051, vn = 3054, yn = 3055, bn = 3056, xn = 3057, Sn = 3058, Cn = 3059, wn = 3061, Tn = 3062, En = 3063, Dn = 3065, On = 3066, kn = 3067, An = 3068, jn = 3069, Mn = 3070, Nn = 3071, Pn = 3072, Fn = 3073, In = 3074, Ln = 3075, Rn = 3079, zn = 3101, Bn = 3102, Vn = 3103, Hn = 3104, Un = 3105, Wn = 3106, Gn = 4001, Kn = 4002, qn = 4003, Jn = 4004, Yn = 4005, Xn = 4006, Zn = 4007, Qn = 4008, $n = 4009, er = 4010, tr = 4011, nr = 4012, rr = 4013, ir = 4014, ar = 4015, or = 4016, sr = 4017, cr = 4018, lr = 4019, ur = 4020, dr = 4021, fr = 4022, pr = 4023, mr = 4024, hr = 4026, gr = 4027, _r = 4028, vr = 4029, yr = 4030, br = 4035, xr = 4036, Sr = 4037, Cr = 4038, wr = 4039, Tr = 4040, Er = 4041, Dr = 4045, Or = 4046, kr = 4047, Ar = 4048, jr = 4049, Mr = 4052, Nr = 4053, Pr = 4057, Fr = 4058, Ir = 4059, Lr = 4065, Rr = 4066, zr = 4067, Br = 4068, Vr = 4069, Hr = 4070, Ur = 4071, Wr = 4072, Gr = 4073, Kr = 4074, qr = 4075, Jr = 4076, Yr = 4085, Xr = 4086, Zr = 4087, Qr = 4088, $r = 4089, ei = 4101, ti = 4102, ni = 4103, ri = 4104, ii = 4105, ai = 4106, oi = 4107, si = 4108, ci = 4109, li = 4110, ui = 4112, di = 5001, fi = 5002, pi = 5003, mi = 5004, hi = 5005, gi = 5006, _i = 5101, vi = 5102, yi = 5103, bi = 5104, xi = 5105, Si = 5106, Ci = 5107, wi = 5108, Ti = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/;
function Ei(e, t) {
	let n = (t) => {
		throw new _(h.signalingUnreachableBadURL({
			url: Oi(e),
			problem: t
		}));
	};
	/^[a-z][a-z0-9+.-]*:\/\//i.test(e) || n(e.trim() === "" ? "it is empty" : "it does not begin with http:// or https://");
	let r = Di(e) ?? n("it is not a valid URL"), i = r.protocol === "https:" || r.protocol === "wss:";
	!i && r.protocol !== "http:" && r.protocol !== "ws:" && n(`its scheme is ${r.protocol.slice(0, -1)}`), (r.username !== "" || r.password !== "") && n("it contains a user name or password"), (r.search !== "" || r.hash !== "") && n("it has a query or fragment");
	let a = r.host + r.pathname.replace(/\/+$/, "");
	if (t.protocol === "https:" && !i && !Ti.test(r.hostname)) throw new _(h.signalingUnreachableMixedContent({
		url: e,
		page: t.origin
	}));
	return {
		base: `${i ? "https" : "http"}://${a}`,
		signal: `${i ? "wss" : "ws"}://${a}/v1/signal`
	};
}
function Di(e) {
	try {
		return new URL(e);
	} catch {
		return;
	}
}
function Oi(e) {
	return e.replace(/\/\/[^/@]*@/, "//").replace(/[?#].*/s, "");
}
// src/calls.ts
var ki = class {
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
		return this.handled(this.#e.traced(e, () => this.#r(e, t, n)));
	}
	async #r(e, t, { lane: n, whileAway: r }) {
		let i = this.#t, a = n === void 0 || !i.has(n);
		try {
			if (this.#i(e, r ?? !1), !a) throw this.error(h.operationInProgressInProgress, { method: e });
			return n !== void 0 && i.add(n), await t();
		} catch (e) {
			throw e instanceof _ ? this.tell(e) : e;
		} finally {
			a && n !== void 0 && i.delete(n);
		}
	}
	#i(e, t) {
		switch (this.#e.phase()) {
			case "new":
			case "joining": throw this.error(h.actionPerformedBeforeMeetingJoinedNotJoined, { method: e });
			case "lobby": throw this.error(h.actionPerformedBeforeMeetingJoinedInLobby, { method: e });
			case "left": throw this.error(h.actionPerformedBeforeMeetingJoinedLeft, { method: e });
			case "joined": {
				let n = this.#e.awayMs();
				if (n !== void 0 && !t) throw new _(h.meetingReconnectingReconnecting({
					method: e,
					awayMs: n
				}, {
					...this.where(),
					causeId: this.#e.cause()
				}));
			}
		}
	}
	handled(e) {
		return this.#e.events.listenerCount("error") > 0 && e.catch(() => void 0), e;
	}
	tell(e) {
		return this.#n.has(e.id) || (this.#n.add(e.id), A(e.fatal ? "ERROR" : "WARN", String(e)), m(e) && this.#e.report(e), this.#e.events.emit("error", e)), e;
	}
	where() {
		return this.#e.where();
	}
	error(e, t) {
		return new _(e(t, this.#e.where()));
	}
	already(e, t) {
		return this.error(h.alreadyInRequestedStateAlready, {
			method: e,
			state: t
		});
	}
	asFault(e) {
		return e instanceof _ ? e : (M(e), this.error(h.signalingUnreachableNotKlatch, {
			url: this.#e.where().server ?? "",
			status: 101
		}));
	}
}, Ai = 5e3, ji = ({ code: e }) => e === 3101 || e === 3102, Mi = ({ fault: e }) => e.reason !== "MEDIA_NOT_ARRIVING", Ni = class {
	#e;
	#t;
	#n = /* @__PURE__ */ new Map();
	#r;
	#i;
	constructor(e, t) {
		this.#e = e, this.#t = t;
	}
	get cause() {
		return this.#r?.fault.id ?? "";
	}
	reset() {
		clearTimeout(this.#i), this.#n.clear(), this.#r = void 0;
	}
	raise(e, t = Date.now()) {
		if (!ji(e)) return this.#e.tell(new _(e));
		let n = {
			fault: {
				...e,
				causeId: this.cause
			},
			told: !this.#r
		};
		this.#n.set(e.id, n), this.#t.began(n.fault, t), n.told && (Mi(n) && (this.#r = n), this.#e.tell(new _(n.fault)));
	}
	end(e, t) {
		let n = this.#n.get(e.id);
		this.#n.delete(e.id), this.#t.ended(e), n?.told !== !1 && this.#e.cleared(e, t), n && n === this.#r && this.#a();
	}
	#a() {
		clearTimeout(this.#i);
		let e = [...this.#n.values()].find(Mi);
		this.#r = e, e && !e.told && (this.#i = setTimeout(() => {
			e.told = !0, this.#e.tell(new _(e.fault));
		}, Ai));
	}
}, Pi = /* @__PURE__ */ new Set();
function Fi(e) {
	let t = () => void Pi.delete(e);
	e.play().then(t, (n) => {
		if (n instanceof DOMException && n.name === "NotAllowedError") {
			Pi.add(e);
			for (let n of ["pointerup", "keydown"]) document.addEventListener(n, () => void e.play().then(t, () => void 0), { once: !0 });
		}
	});
}
var Ii = class {
	every = 1e3;
	after = 1e3;
	#e;
	constructor(e) {
		this.#e = e;
	}
	async look() {
		let e = [...Pi, ...document.querySelectorAll("audio, video")].filter(({ paused: e, muted: t, srcObject: n }) => e && !t && n instanceof MediaStream);
		for (let { participantId: t, kind: n, track: r } of e.length > 0 ? this.#e.sounds() : []) {
			let i = new Set(e.filter(({ srcObject: e }) => e.getAudioTracks().includes(r)));
			if (i.size !== 0) return await Ri() ? () => h.clientImpairedAutoplayBlocked({
				publisherId: t,
				kind: n,
				elements: i.size
			}, this.#e.where()) : void 0;
		}
	}
}, Li = "data:audio/wav;base64,UklGRiYAAABXQVZFZm10IBAAAAABAAEAgD4AAAB9AAACABAAZGF0YQIAAAAAAA==";
async function Ri() {
	try {
		return await new Audio(Li).play(), !1;
	} catch (e) {
		return e instanceof DOMException && e.name === "NotAllowedError";
	}
}
// src/blackcamera.ts
var zi = 24, Bi = 32, Vi = 18, Hi = 2e3, Ui = 4, Wi = class {
	every = 2e3;
	after = 8e3;
	#e;
	#t;
	#n = 0;
	constructor(e) {
		this.#e = e;
	}
	async look() {
		let e = this.#e.camera();
		if (e !== this.#t && (this.#n = 0), this.#t = e, !e) return;
		if (e.muted || document.visibilityState === "hidden" || this.#n-- > 0) return "unknown";
		this.#n = 0;
		let t = await Gi(e);
		if (t === void 0 || e !== this.#e.camera()) return "unknown";
		if (t > zi) this.#n = Ui;
		else return (n) => h.startingVideoBlackCamera({
			label: e.label,
			brightest: t,
			forMs: n
		}, this.#e.where());
	}
};
async function Gi(e) {
	let t = document.createElement("video");
	t.muted = t.playsInline = !0;
	let n = new Promise((e) => {
		t.onloadeddata = () => e(!0), setTimeout(() => e(!1), Hi);
	});
	try {
		if (t.srcObject = new MediaStream([e]), t.play().catch(() => void 0), !await n) return;
		let r = Object.assign(document.createElement("canvas"), {
			width: Bi,
			height: Vi
		}).getContext("2d", { willReadFrequently: !0 });
		return r ? (r.imageSmoothingQuality = "high", r.drawImage(t, 0, 0, Bi, Vi), r.getImageData(0, 0, Bi, Vi).data.reduce((e, t, n) => n % 4 == 3 ? e : Math.max(e, t), 0)) : void 0;
	} finally {
		t.srcObject = null;
	}
}
// src/check.ts
var Ki = class extends Error {
	name = "WireError";
}, P = (e, t, n) => {
	throw new Ki(`${e} is ${n === null ? "null" : Array.isArray(n) ? "an array" : typeof n}, not ${t}`);
}, F = (e, t) => typeof e == "string" ? e : P(t, "a string", e), I = (e, t) => typeof e == "number" ? e : P(t, "a number", e), L = (e, t) => typeof e == "boolean" ? e : P(t, "a boolean", e), qi = (e) => typeof e == "object" && !!e && !Array.isArray(e), R = (e, t) => qi(e) ? e : P(t, "an object", e), z = (e) => (t, n) => t == null ? void 0 : e(t, n), B = (e, t) => (n, r) => n == null ? t : e(n, r), V = (e) => (t, n) => t == null ? [] : Array.isArray(t) ? t.map((t, r) => e(t, `${n}[${r}]`)) : P(n, "an array", t), H = (...e) => (t, n) => e.find((e) => e === t) ?? P(n, e.join(" or "), t), U = (e) => (t, n) => {
	if (!qi(t)) return P(n, "an object", t);
	let r = {};
	for (let [i, a] of Object.entries(e)) r[i] = a(t[i], `${n}.${i}`);
	return r;
}, Ji = 3e3, Yi = U({ serverTime: F }), Xi = class {
	after = 0;
	#e;
	#t;
	#n = !1;
	constructor(e) {
		this.#e = e;
	}
	get every() {
		return this.#n || this.#t === void 0 ? 5e3 : 6e4;
	}
	async look() {
		let e = await this.offset();
		if (e === void 0) return "unknown";
		let t = this.#e.tokenLeewayMs();
		if (this.#n = Math.abs(e) > t, !this.#n) return;
		let n = Date.now(), r = {
			clientTime: new Date(n).toISOString(),
			serverTime: new Date(n - e).toISOString(),
			offBySec: Math.round(e / 1e3),
			leewaySec: t / 1e3
		};
		return () => h.clientImpairedClockWrong(r, this.#e.where());
	}
	get last() {
		return this.#t;
	}
	async offset() {
		let [e, t] = [Date.now(), performance.now()], { serverTime: n } = Yi(await this.#e.ping(), "ping"), r = performance.now() - t;
		if (!(r > Ji)) return this.#t = e + r / 2 - Date.parse(n);
	}
}, Zi = class {
	every = 2e3;
	after = 0;
	#e;
	#t;
	#n = "";
	#r = "";
	constructor(e) {
		this.#e = e;
	}
	async look() {
		let e = this.#e.defaultMicrophone();
		if (!e) return;
		let [t, ...n] = await N("audioinput");
		if (!t || e !== this.#e.defaultMicrophone()) return "unknown";
		let { deviceId: r, groupId: i } = t, a = r === "default" ? i : r, o = n.find((e) => r === "default" && e.groupId === i)?.label ?? t.label;
		if (e !== this.#t && (this.#t = e, this.#n = e.getSettings().deviceId === r ? a : "", this.#r = o), this.#n === "" || a === "" || a === this.#n) return;
		let s = {
			kind: "audio",
			label: this.#r,
			defaultLabel: o
		};
		return () => h.clientImpairedDeviceChanged(s, this.#e.where());
	}
}, Qi = 500, $i = class {
	#e;
	#t;
	#n;
	#r = !1;
	constructor(e, t) {
		this.#e = e, this.#t = t.map((e) => ({
			diagnosis: e,
			lookedAt: Date.now(),
			busy: !1,
			foundMs: void 0,
			goneMs: 0,
			told: void 0
		})), this.#n = setInterval(() => {
			for (let e of this.#t) this.#i(e);
		}, Qi);
	}
	close() {
		this.#r = !0, clearInterval(this.#n);
		for (let { diagnosis: e } of this.#t) e.close?.();
	}
	async #i(e) {
		let { every: t, after: n, until: r = 0 } = e.diagnosis, i = Math.abs(Date.now() - e.lookedAt);
		if (e.busy || i < t - Qi / 2) return;
		let a = Math.min(i, 2 * t);
		e.busy = !0, e.lookedAt = Date.now();
		let o = await this.#a(e.diagnosis);
		if (e.busy = !1, this.#r || o === "unknown") return;
		if (o) {
			if (e.goneMs = 0, e.foundMs = e.foundMs === void 0 ? 0 : e.foundMs + a, e.told || e.foundMs < n) return;
			let t = o(e.foundMs);
			return e.told = {
				fault: t,
				since: Date.now()
			}, this.#e.fault(t);
		}
		if (e.goneMs += a, e.goneMs < r || (e.foundMs = void 0, !e.told)) return;
		let { fault: s, since: c } = e.told;
		e.told = void 0, this.#e.cleared(s, Date.now() - c);
	}
	async #a(e) {
		try {
			return await e.look();
		} catch {
			return "unknown";
		}
	}
}, W = (e) => [...e.values()], ea = (e) => e.find(({ type: e, nominated: t, state: n }) => e === "candidate-pair" && t && n !== "failed");
function ta(e) {
	return (e.find(({ id: t }) => t === ea(e)?.localCandidateId)?.networkType ?? navigator.connection?.type ?? "unknown").toUpperCase();
}
var G = (e) => Math.round((e ?? 0) / 10) / 100;
function na(e, t, n) {
	let r = W(t);
	return ia(aa(r).map((t) => sa(e, r, t, n)));
}
function ra(e, t, n, r) {
	let i = W(t);
	return ia(aa(i).map((t, a, { length: o }) => {
		let { stats: s, complete: c } = sa(e, i, t, n), l = t.type === "outbound-rtp", { frameWidth: u = 0, frameHeight: d = 0, framesPerSecond: f = 0 } = t, p = l ? o - 1 - a : r.current ?? 0, m = l ? oa(t) - 1 : 0;
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
function ia(e) {
	return {
		stats: e.map(({ stats: e }) => e),
		complete: e.every((e) => e.complete)
	};
}
function aa(e) {
	let t = ({ frameWidth: e = 0, frameHeight: t = 0 }) => e * t, n = e.filter(({ type: e }) => e === "outbound-rtp" || e === "inbound-rtp").sort((e, n) => t(n) - t(e)), r = n.filter(({ packetsSent: e = 0, packetsReceived: t = 0 }) => e + t > 0);
	return r.length > 0 ? r : n.slice(0, 1);
}
var oa = ({ scalabilityMode: e }) => Number(/T(\d)/.exec(e ?? "")?.[1] ?? 1);
function sa(e, t, n, r) {
	let i = n.bytesSent ?? n.bytesReceived ?? 0, a = r.at(`${e} ${n.rid ?? ""}`, {
		atMs: n.timestamp,
		bytes: i
	}), o = n.type === "outbound-rtp" ? t.find(({ type: e, localId: t, ssrc: r }) => e === "remote-inbound-rtp" && (t === void 0 ? r === n.ssrc : t === n.id)) : n, s = fa(o?.roundTripTime ?? ea(t)?.currentRoundTripTime), c = fa(o?.jitter);
	return {
		complete: a !== void 0,
		stats: {
			kind: e,
			bitrate: G(a),
			rtt: s ?? 0,
			jitter: c ?? 0,
			packetsLost: o?.packetsLost ?? 0,
			totalPackets: n.packetsSent ?? n.packetsReceived ?? 0,
			codec: t.find(({ id: e }) => e === n.codecId)?.mimeType?.split("/")[1] ?? "",
			network: ta(t),
			concealmentEvents: n.concealmentEvents ?? 0,
			insertedSamplesForDecelaration: n.insertedSamplesForDeceleration ?? 0,
			removedSamplesForAccelaration: n.removedSamplesForAcceleration ?? 0,
			size: null,
			limitation: null,
			bitrateBps: a ?? 0,
			rttMs: s,
			jitterMs: c
		}
	};
}
function ca(e, t, n) {
	let r = e && la("send", W(e), n), i = t && la("receive", W(t), n), a = r?.pair ?? i?.pair;
	if (!a) return;
	let o = [...e ? W(e) : [], ...t ? W(t) : []], s = r?.pair.availableOutgoingBitrate;
	return {
		complete: [r, i].every((e) => e === void 0 || e.rate !== void 0),
		stats: {
			send: {
				outgoingBitrate: r ? G(r.rate) : null,
				totalSentBytes: r?.bytes ?? null
			},
			receive: {
				incomingBitrate: i ? G(i.rate) : null,
				totalReceivedBytes: i?.bytes ?? null
			},
			rtt: fa(a.currentRoundTripTime),
			protocol: o.find(({ id: e }) => e === a.localCandidateId)?.protocol,
			availableBitrate: s === void 0 ? void 0 : G(s)
		}
	};
}
function la(e, t, n) {
	let r = ea(t);
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
function ua(e) {
	let t = W(e).filter(({ type: e, active: t }) => e === "outbound-rtp" && t !== !1).map(({ qualityLimitationReason: e = "none" }) => e);
	return t.find((e) => e === "cpu") ?? t.find((e) => e === "bandwidth") ?? "none";
}
function da(e) {
	let t = 0, n = 0, r = 0;
	for (let { type: i, packetsSent: a = 0, framesSent: o, timestamp: s } of e.values()) i === "remote-inbound-rtp" && (r = Math.max(r, s)), i === "outbound-rtp" && (t += a, n += o ?? a);
	return {
		packets: t,
		media: n,
		reportedAt: r
	};
}
function fa(e) {
	return e === void 0 ? void 0 : Math.round(e * 1e5) / 100;
}
// src/limited.ts
var pa = 10, ma = class {
	every = 2e3;
	after = 2e4;
	until = 6e3;
	#e;
	#t;
	#n = /* @__PURE__ */ new WeakMap();
	constructor(e, t) {
		this.#e = e, this.#t = t;
	}
	async look() {
		for (let e of ["video", "share"]) {
			let t = this.#t.picture(e), n = t && await this.#t.stats(e);
			if (!n) continue;
			let r = [...n.values()], i = ha(r, t);
			if (e === "video" && (i.framesPerSecond = Math.max(i.framesPerSecond, this.#n.get(t) ?? 0), this.#n.set(t, i.framesPerSecond)), ua(n) !== this.#e) continue;
			let a = ga(r, i, this.#t.scale(e));
			if (!a) continue;
			let o = Math.round(r.find(({ type: e, availableOutgoingBitrate: t }) => e === "candidate-pair" && t)?.availableOutgoingBitrate ?? 0);
			return (t) => this.#e === "cpu" ? h.clientImpairedCpuLimited({
				kind: e,
				...a,
				forMs: t
			}, this.#t.where()) : h.clientImpairedUplinkLimited({
				kind: e,
				...a,
				availableBps: o,
				forMs: t
			}, this.#t.where());
		}
	}
};
function ha(e, t) {
	let n = e.find(({ type: e }) => e === "media-source"), { width: r = 0, height: i = 0, frameRate: a = 0 } = t.getSettings();
	return {
		width: n?.width ?? r,
		height: n?.height ?? i,
		framesPerSecond: n?.framesPerSecond ?? a
	};
}
function ga(e, t, n) {
	let { frameWidth: r = 0, frameHeight: i = 0, framesPerSecond: a = 0 } = e.filter((e) => e.type === "outbound-rtp" && e.active !== !1 && (e.framesPerSecond ?? 0) > 0).reduce((e, t) => (e?.frameHeight ?? 0) >= (t.frameHeight ?? 0) ? e ?? t : t, void 0) ?? {}, o = 3 * i <= 2 * t.height / n, s = t.framesPerSecond >= pa && 2 * a <= t.framesPerSecond;
	if (!o && !s) return;
	let [c, l] = [t.width, t.height];
	return {
		width: r,
		height: i,
		framesPerSecond: Math.round(a),
		sourceWidth: c,
		sourceHeight: l
	};
}
// src/soundlevel.ts
var _a = 32768, va = class {
	#e = new AudioContext();
	#t = this.#e.createAnalyser();
	#n;
	constructor(e, t = _a) {
		this.#t.fftSize = t, this.#n = new Float32Array(t), this.#e.createMediaStreamSource(new MediaStream([e])).connect(this.#t);
	}
	read() {
		let { currentTime: e, sampleRate: t, state: n } = this.#e;
		if (!(n !== "running" || e * t < this.#n.length)) return this.#t.getFloatTimeDomainData(this.#n), 10 * Math.log10(this.#n.reduce((e, t) => e + t * t, 0) / this.#n.length);
	}
	close() {
		this.#e.close().catch(() => void 0);
	}
}, ya = 100, ba = 2048, xa = -45, Sa = 15, Ca = -80, wa = .3, Ta = 1500, Ea = 1e3, Da = 3e3, Oa = class {
	every = 500;
	after = 0;
	until = 8e3;
	#e;
	#t;
	#n;
	#r;
	#i;
	#a = Infinity;
	#o = [];
	#s = !1;
	#c = !1;
	constructor(e) {
		this.#e = e;
	}
	look() {
		let e = this.#e.mutedMicrophone();
		if (e !== this.#t && this.#l(e), !e) return;
		let t = Date.now();
		this.#o = this.#o.filter(({ at: e }) => t - e < Da);
		let n = this.#o.reduce((e, { ms: t }) => e + t, 0);
		if (!(n >= Ea && !this.#c)) {
			this.#s && n === 0 && (this.#c = !0);
			return;
		}
		let r = Math.round(Math.max(...this.#o.map(({ db: e }) => e)));
		return () => (this.#s = !0, h.clientImpairedSpeakingWhileMuted({
			label: e.label,
			loudMs: n,
			levelDb: r
		}, this.#e.where()));
	}
	close() {
		clearInterval(this.#i), this.#r?.close(), this.#n?.stop(), this.#r = this.#n = void 0;
	}
	#l(e) {
		if (this.close(), this.#t = e, this.#a = Infinity, this.#o = [], this.#s = this.#c = !1, !e) return;
		this.#n = e.clone(), this.#n.enabled = !0, this.#r = new va(this.#n, ba);
		let t = Date.now(), n = t;
		this.#i = setInterval(() => {
			let e = Date.now(), r = Math.min(e - n, 200);
			n = e;
			let i = this.#r?.read();
			i !== void 0 && (this.#a = Math.max(Ca, Math.min(i, this.#a + wa)), e - t >= Ta && i > xa && i > this.#a + Sa && this.#o.push({
				at: e,
				ms: r,
				db: i
			}));
		}, ya);
	}
}, ka = 1e3, Aa = 5, ja = class {
	#e;
	#t;
	#n;
	#r = 0;
	#i = !1;
	constructor(e) {
		this.#e = e, this.#t = setInterval(() => void this.#a().catch(() => void 0), ka);
	}
	close() {
		clearInterval(this.#t);
	}
	async #a() {
		let e = await this.#e.energy(), t = e !== void 0 && e === this.#n;
		this.#n = e, this.#r = t ? this.#r + 1 : 0;
		let n = this.#i ? t : this.#r >= Aa;
		n !== this.#i && (this.#i = n, this.#e.changed(n ? "detected" : "resolved"));
	}
};
function Ma(e) {
	for (let t of e.values()) if (t.type === "media-source") return t.totalAudioEnergy;
}
// src/silentmicrophone.ts
var Na = 3e4, Pa = class {
	every = 500;
	after = 1e4;
	#e;
	#t;
	#n;
	#r;
	#i = !1;
	#a = !1;
	#o = !1;
	#s = 0;
	constructor(e) {
		this.#e = e;
	}
	async look() {
		let e = this.#e.microphone();
		if (e !== this.#t && this.#c(e), !e) return;
		let t = await this.#l(e);
		if (e !== this.#t || t === void 0) return "unknown";
		if (this.#s = t ? this.#s + this.every : 0, !t) {
			this.#o ||= this.#i && this.#a, this.#i = !0, this.#a = !1;
			return;
		}
		if (this.#o || this.#i && this.#s < Na - this.after) return;
		let n = this.#i;
		return () => {
			this.#a = !0;
			let t = {
				label: e.label,
				soundBefore: n,
				forMs: this.#s
			};
			return h.startingAudioSilentMicrophone(t, this.#e.where());
		};
	}
	close() {
		this.#r?.close(), this.#r = void 0;
	}
	#c(e) {
		this.close(), this.#t = e, this.#n = void 0, this.#i = this.#a = this.#o = !1, this.#s = 0;
	}
	async #l(e) {
		let t = await this.#e.stats("audio"), n = t && Ma(t);
		if (n !== void 0) {
			let e = this.#n;
			return this.#n = n, e === void 0 ? void 0 : n === e;
		}
		if (!t || e !== this.#t) return;
		this.#r ??= new va(e);
		let r = this.#r.read();
		return r === void 0 ? void 0 : r === -Infinity;
	}
}, Fa = 1e4, Ia = class {
	every = 500;
	after = 0;
	until = 5e3;
	#e;
	#t;
	#n = Date.now();
	#r = performance.now();
	#i = !1;
	constructor(e, t) {
		this.#e = e, this.#t = t, globalThis.document?.addEventListener("freeze", this.#a);
	}
	async look() {
		let [e, t, n] = [
			Date.now(),
			performance.now(),
			this.#i
		], [r, i] = [e - this.#n, t - this.#r];
		if (this.#n = e, this.#r = t, this.#i = !1, r < Fa && i < Fa) return;
		if (i < Fa) {
			let e = this.#t.last, t = await this.#t.offset();
			if (e === void 0 || t === void 0) return "unknown";
			if (Math.abs(t - e) > r / 2) return;
		}
		let a = {
			visibility: document.visibilityState,
			frozen: n,
			forMs: Math.round(Math.max(r, i))
		};
		return () => h.clientImpairedTabSuspended(a, this.#e.where());
	}
	close() {
		globalThis.document?.removeEventListener("freeze", this.#a);
	}
	#a = () => {
		this.#i = !0;
	};
};
// src/clientdiagnoses.ts
function La(e) {
	let t = new Xi(e);
	return new $i(e, [
		new Pa(e),
		new Oa(e),
		new Wi(e),
		new ma("bandwidth", e),
		new ma("cpu", e),
		new Ii(e),
		new Zi(e),
		new Ia(e, t),
		t
	]);
}
// src/data.ts
var Ra = 15360, za = {
	RELIABLE: 1048576,
	UNRELIABLE: 65536
}, Ba = 1e4, Va = {
	RELIABLE: {
		label: "reliable",
		id: 0,
		ordered: !0
	},
	UNRELIABLE: {
		label: "unreliable",
		id: 1,
		ordered: !1,
		maxRetransmits: 0
	}
}, Ha = ["RELIABLE", "UNRELIABLE"], Ua = class {
	#e;
	#t = /* @__PURE__ */ new Map();
	#n;
	#r = !1;
	#i = !1;
	#a;
	#o = [];
	#s = Promise.resolve();
	#c = 0;
	constructor(e) {
		this.#e = e;
	}
	close() {
		this.#c++, this.forget(), this.#r = !1;
	}
	forget() {
		this.#i = !1, this.#r = !1, this.detach();
	}
	start() {
		this.#r = !0, this.changed();
	}
	changed() {
		let e = this.#e.mode() !== "SIGNALLING_ONLY";
		this.#r && e && this.#e.joined() && this.#e.events.listenerCount("data") > 0 && this.#f();
	}
	attach(e) {
		if (this.#n !== e) {
			this.detach(), this.#n = e;
			for (let t of Ha) {
				let { label: n, ...r } = Va[t], i = e.createDataChannel(n, {
					...r,
					negotiated: !0
				});
				i.binaryType = "arraybuffer", i.onopen = i.onclose = () => this.#p(), i.onmessage = ({ data: e }) => this.#m(t, e), this.#t.set(t, i);
			}
		}
	}
	detach() {
		for (let e of this.#t.values()) e.onopen = e.onclose = e.onmessage = null, e.close();
		this.#t.clear(), this.#n = void 0, this.#p();
	}
	send(e, t) {
		let { calls: n } = this.#e, r = "send", i = Date.now(), a = this.#c;
		return n.run(r, () => {
			let o = this.#l(r, t), s = this.#e.mode();
			if (s !== "SEND_AND_RECV") throw n.error(h.actionNotSupportedInModeMode, {
				method: r,
				mode: s,
				needs: "SEND_AND_RECV"
			});
			let c = Ja(e);
			if (!c) throw n.error(h.actionNotSupportedPayloadType, {
				method: r,
				got: Ya(e)
			});
			let l = c.bytes;
			if (l > Ra) throw n.error(h.actionNotSupportedPayloadTooLarge, {
				method: r,
				bytes: l,
				limitBytes: Ra
			});
			let u = this.#s.then(async () => {
				let e = await c.data(), t = await this.#d(o, i, a);
				return this.#u(t, o, e, l);
			});
			return this.#s = u.catch(() => void 0), u;
		});
	}
	#l(e, t) {
		let { calls: n } = this.#e;
		return t == null ? "RELIABLE" : (S({
			method: e,
			at: n.where()
		}, "options", t, { reliability: Ha }), t.reliability ?? "RELIABLE");
	}
	#u(e, t, n, r) {
		let { calls: i } = this.#e, a = e.bufferedAmount, o = za[t];
		if (a + r > o) {
			if (t === "UNRELIABLE") return !1;
			throw i.error(h.sendFailedBufferFull, {
				waitingBytes: a,
				limitBytes: o
			});
		}
		try {
			e.send(n);
		} catch (e) {
			throw i.error(h.sendFailedChannelRefused, { problem: String(e) });
		}
		return !0;
	}
	async #d(e, t, n) {
		let { calls: r } = this.#e;
		for (;;) {
			if (n !== this.#c) throw r.error(h.operationAbortedLeft, { method: "send" });
			let i = this.#t.get(e);
			if (i?.readyState === "open") return i;
			let a = Date.now() - t;
			if (a >= Ba) {
				let e = this.#n?.connectionState ?? "not offered yet";
				throw r.error(h.mediaNotReadyDataChannelPending, {
					waitedMs: a,
					state: e
				});
			}
			if (this.#a = void 0, this.#f(), await new Promise((e) => {
				let t = setTimeout(e, Ba - a);
				this.#o.push(() => {
					clearTimeout(t), e();
				});
			}), this.#a instanceof _) throw this.#a;
		}
	}
	#f() {
		if (this.#i) return;
		this.#i = !0;
		let e = this.#c;
		this.#e.request("openData", {}).catch((t) => {
			e === this.#c && (this.#i = !1, this.#a = t, this.#p());
		});
	}
	#p() {
		let e = this.#o;
		this.#o = [];
		for (let t of e) t();
	}
	#m(e, t) {
		if (!(t instanceof ArrayBuffer)) return;
		let n = qa(t, e);
		n && this.#e.events.emit("data", n);
	}
}, Wa = 1, Ga = 2, Ka = 10;
function qa(e, t) {
	if (e.byteLength < Ka) return;
	let n = new DataView(e), r = n.getUint8(0), i = Number(n.getBigUint64(1)), a = Ka + n.getUint8(9);
	if (r !== Wa && r !== Ga || a > e.byteLength) return;
	let o = new TextDecoder(), s = new Uint8Array(e.slice(a));
	return {
		payload: r === Ga ? o.decode(s) : s,
		from: o.decode(new Uint8Array(e, Ka, a - Ka)),
		timestamp: i,
		reliability: t === "RELIABLE" ? "reliable" : "unreliable"
	};
}
function Ja(e) {
	if (typeof e == "string") {
		let { length: t } = new TextEncoder().encode(e);
		return {
			bytes: t,
			data: async () => e
		};
	}
	if (e instanceof Blob) return {
		bytes: e.size,
		data: () => e.arrayBuffer()
	};
	if (e instanceof ArrayBuffer) {
		let t = e.byteLength <= Ra ? e.slice(0) : e;
		return {
			bytes: t.byteLength,
			data: async () => t
		};
	}
	if (ArrayBuffer.isView(e)) {
		let { buffer: t, byteOffset: n, byteLength: r } = e, i = new Uint8Array(Math.min(r, Ra));
		return i.set(new Uint8Array(t, n, i.length)), {
			bytes: r,
			data: async () => i.buffer
		};
	}
}
function Ya(e) {
	return e === null ? "null" : Array.isArray(e) ? "an array" : typeof e == "object" ? e?.constructor?.name ?? "an object" : typeof e;
}
// src/unoffered.ts
function K(e, t) {
	return new _(h.notOfferedNotOffered({
		method: e,
		feature: t
	}));
}
var Xa = (e) => (t, n, { method: r }) => {
	throw K(`${r} with ${n}`, e);
};
function Za(e, t) {
	if (t?.enabled || t?.summary?.enabled) throw K(`${e} with transcription`, "transcription");
}
var Qa = class extends j {
	get transcriptionState() {
		return "TRANSCRIPTION_STOPPED";
	}
	get translationState() {
		return "TRANSLATION_STOPPED";
	}
	get isE2EEEnabled() {
		return !1;
	}
	startTranscription(e) {
		return this.refused(K("startTranscription", "transcription"));
	}
	stopTranscription() {
		return this.refused(K("stopTranscription", "transcription"));
	}
	requestMediaRelay(e) {
		return this.refused(K("requestMediaRelay", "media relay between meetings"));
	}
	stopMediaRelay(e) {
		return this.refused(K("stopMediaRelay", "media relay between meetings"));
	}
	startWhiteboard() {
		return this.refused(K("startWhiteboard", "a whiteboard"));
	}
	stopWhiteboard() {
		return this.refused(K("stopWhiteboard", "a whiteboard"));
	}
}, $a = 3e4, eo = {}, to = { fields: {
	enabled: "boolean",
	summary: { fields: {
		enabled: "boolean",
		prompt: "string"
	} },
	language: "string"
} }, no = {
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
}, ro = {
	...no,
	fileFormat: "any",
	mode: "any"
}, io = {
	...no,
	mode: "any",
	recording: "any"
}, ao = {
	...no,
	mode: "any",
	recording: "any"
}, oo = {
	url: "string",
	streamKey: "string"
}, so = class {
	recording = "RECORDING_STOPPED";
	livestream = "LIVESTREAM_STOPPED";
	hls = "HLS_STOPPED";
	urls = eo;
	#e;
	constructor(e) {
		this.#e = e;
	}
	reset() {
		this.recording = "RECORDING_STOPPED", this.livestream = "LIVESTREAM_STOPPED", this.hls = "HLS_STOPPED", this.urls = eo;
	}
	enter({ recording: e, livestream: t, hls: n }) {
		this.recording = e.status || "RECORDING_STOPPED", this.livestream = t.status || "LIVESTREAM_STOPPED", this.#r(n);
	}
	reenter({ recording: e, livestream: t, hls: n }) {
		let r = e.status || "RECORDING_STOPPED";
		r !== this.recording && this.event({
			name: "recording-state-changed",
			data: {
				status: r,
				fileUrl: void 0
			}
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
			case "recording-state-changed": return this.recording = t.status || "RECORDING_STOPPED", n.emit(e, {
				status: this.recording,
				...t.fileUrl !== void 0 && { fileUrl: t.fileUrl }
			}), t.status === "RECORDING_STARTED" && n.emit("recording-started"), t.status === "RECORDING_STOPPED" && n.emit("recording-stopped"), !0;
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
		C(i, "webhookUrl", e, "string"), C(i, "awsDirPath", t, "string"), lo(i, n, ro, r), await this.#t(i.method, {
			webhookUrl: e,
			awsDirPath: t,
			config: co(n)
		});
	}
	async startLivestream(e, t) {
		let n = this.#n("startLivestream");
		w(n, "outputs", e), C(n, "outputs", e, "array"), e.forEach((e, t) => {
			w(n, `outputs[${t}]`, e), C(n, `outputs[${t}]`, e, { fields: oo });
		}), lo(n, t, io, void 0), await this.#t(n.method, {
			outputs: e,
			config: co(t)
		});
	}
	async startHls(e, t) {
		let n = this.#n("startHls");
		lo(n, e, ao, t), await this.#t(n.method, { config: co(e) });
	}
	async stop(e) {
		await this.#e.request(e);
	}
	async #t(e, t) {
		let n = Object.entries(t).filter(([, e]) => !T(e));
		await this.#e.request(e, Object.fromEntries(n), $a);
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
function co(e) {
	let t = e?.layout?.gridSize;
	return !e || typeof t != "string" || !/^\d+$/.test(t) ? e : {
		...e,
		layout: {
			...e.layout,
			gridSize: Number(t)
		}
	};
}
function lo(e, t, n, r) {
	C(e, "config", t, "object"), C(e, "transcription", r, to), Za(e.method, r), T(t) || (S(e, "config", t, n, "config"), Za(e.method, t.transcription));
}
// src/egresscalls.ts
var uo = class extends Qa {
	get recordingState() {
		return this.egress.recording;
	}
	get livestreamState() {
		return this.egress.livestream;
	}
	get hlsState() {
		return this.egress.hls;
	}
	get hlsUrls() {
		return this.egress.urls;
	}
	startRecording(e, t, n, r) {
		return this.called("startRecording", () => this.egress.startRecording(e, t, n, r));
	}
	stopRecording() {
		return this.called("stopRecording", () => this.egress.stop("stopRecording"));
	}
	startLivestream(e, t) {
		return this.called("startLivestream", () => this.egress.startLivestream(e, t));
	}
	stopLivestream() {
		return this.called("stopLivestream", () => this.egress.stop("stopLivestream"));
	}
	startHls(e, t) {
		return this.called("startHls", () => this.egress.startHls(e, t));
	}
	stopHls() {
		return this.called("stopHls", () => this.egress.stop("stopHls"));
	}
}, fo = 64, po = 36e5, mo = class {
	#e;
	#t = /* @__PURE__ */ new Set();
	#n = [];
	#r = !1;
	constructor(e) {
		this.#e = e;
	}
	reset() {
		this.#n = [], this.#t.clear();
	}
	began(e, t = Date.now()) {
		!this.#e.reports() || this.#t.has(e.id) || this.#n.length >= fo || (this.#t.add(e.id), this.#i({
			fault: e,
			at: t,
			over: !1
		}));
	}
	ended(e) {
		this.#t.delete(e.id) && this.#i({
			fault: e,
			at: Date.now(),
			over: !0
		});
	}
	#i(e) {
		this.#n.push(e), this.retry();
	}
	async retry() {
		if (!this.#r) {
			this.#r = !0;
			for (let e; (e = this.#n[0]) && this.#e.isConnected();) {
				let t = await this.#a(e).then(() => void 0, (e) => e);
				if (t instanceof _) {
					if (p(t)) break;
					let e = t.retryAfterMs;
					if (e > 0) {
						await new Promise((t) => setTimeout(t, e));
						continue;
					}
				}
				this.#n[0] === e && this.#n.shift();
			}
			this.#r = !1;
		}
	}
	#a({ fault: e, at: t, over: n }) {
		let r = Math.min(Math.max(0, Date.now() - t), po);
		return n ? this.#e.request("reportCleared", {
			id: e.id,
			agoMs: r
		}) : this.#e.request("report", {
			fault: e,
			agoMs: r
		});
	}
}, ho = 6e4, go = {
	base64Data: "string",
	token: "string",
	fileName: "string"
}, _o = {
	url: "string",
	token: "string"
};
async function vo(e, t, n) {
	bo(e, n, go);
	let { base64Data: r, token: i, fileName: a } = n, o = /[^A-Za-z0-9+/]/.exec(r.replace(/={1,2}$/, ""));
	if (o || r.length % 4 != 0) {
		let t = o ? `${JSON.stringify(o[0])} at character ${o.index}` : `${r.length} characters`;
		throw new _(h.invalidParameterOutOfRange({
			method: e.method,
			parameter: "base64Data",
			got: t,
			want: "base64 (RFC 4648, section 4) without line breaks and without the beginning of a data URL"
		}, e.at));
	}
	let s = await Co(e, xo, {
		url: `${Ei(t.serverUrl, location).base}/base64-upload?roomId=${encodeURIComponent(t.meetingId)}`,
		token: i,
		body: JSON.stringify({
			fileName: a,
			base64Data: r
		})
	}), { url: c } = await wo(e, xo, s, (e) => e.json());
	if (typeof c != "string") throw xo.refused(e, s.status, "the answer has no url");
	return c;
}
async function yo(e, t, n) {
	bo(e, n, _o);
	let r = /\/temporary-files\/[^/?#]+\/[a-z0-9]+$/.exec(n.url)?.[0];
	if (r === void 0) throw new _(h.invalidParameterOutOfRange({
		method: e.method,
		parameter: "url",
		got: "another address",
		want: "an address that uploadBase64File returned"
	}, e.at));
	return Do(await wo(e, So, await Co(e, So, {
		url: Ei(t.serverUrl, location).base + r,
		token: n.token
	}), (e) => e.blob()));
}
function bo(e, t, n) {
	w(e, "options", t), nt(e, t.token), S(e, "options", t, n);
	for (let r of Object.keys(n)) w(e, r, t[r] === "" ? void 0 : t[r]);
}
var xo = {
	code: 3074,
	refused: ({ at: e }, t, n, r) => new _(h.fileUploadFailedRefused({
		status: t,
		problem: n
	}, {
		...e,
		causeId: r
	})),
	unanswered: ({ at: e }, t, n) => new _(h.fileUploadFailedNoAnswer({
		url: t,
		problem: n
	}, e))
}, So = {
	code: 3075,
	refused: ({ at: e }, t, n, r) => new _(h.fileFetchFailedRefused({
		status: t,
		problem: n
	}, {
		...e,
		causeId: r
	})),
	unanswered: ({ at: e }, t, n) => new _(h.fileFetchFailedNoAnswer({
		url: t,
		problem: n
	}, e))
};
async function Co(e, t, { url: n, token: r, body: i }) {
	let a;
	try {
		a = await fetch(n, {
			method: i === void 0 ? "GET" : "POST",
			headers: {
				Authorization: r,
				...i !== void 0 && { "Content-Type": "application/json" }
			},
			signal: AbortSignal.timeout(ho),
			...i !== void 0 && { body: i }
		});
	} catch (r) {
		throw t.unanswered(e, n.replace(/\?.*/s, ""), String(r));
	}
	if (a.ok) return a;
	let o = await a.json().catch(() => void 0);
	if (!To(o)) throw t.refused(e, a.status, "the answer is not one of Klatch");
	if (o.code === t.code) throw new _(Eo(o));
	let { code: s, name: c, reason: l, detail: u, id: d } = o;
	throw t.refused(e, a.status, `${s} ${c} ${l}: ${u}`, d);
}
async function wo(e, t, n, r) {
	try {
		return await r(n);
	} catch (r) {
		throw t.unanswered(e, n.url.replace(/\?.*/s, ""), String(r));
	}
}
function To(e) {
	let { code: t, reason: n, detail: r, id: i } = e ?? {};
	return typeof t == "number" && [
		n,
		r,
		i
	].every((e) => typeof e == "string");
}
function Eo(e) {
	let { error: t, errorCode: n, type: r, title: i, status: a, ...o } = e;
	return o;
}
function Do(e) {
	return new Promise((t, n) => {
		let r = new FileReader();
		r.onload = () => t(String(r.result).replace(/^[^,]*,/, "")), r.onerror = () => n(r.error ?? /* @__PURE__ */ Error("the file could not be read")), r.readAsDataURL(e);
	});
}
// src/meetingevents.ts
var Oo = {
	"meeting-joined": !0,
	"meeting-left": !0,
	"meeting-state-changed": !0,
	"participant-joined": !0,
	"participant-left": !0,
	"participant-mode-changed": !0,
	"reconnect-scheduled": !0,
	"participant-connection-changed": !0,
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
	"lock-changed": !0,
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
	data: !0,
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
	"media-relay-request-received": !0,
	"switch-meeting": !0,
	"participant-mode-change": !0,
	"translation-state-changed": !0,
	"translation-language-changed": !0,
	"translation-text": !0,
	"character-joined": !0,
	"character-left": !0,
	"connection-open": !0,
	"connection-close": !0
}, ko = 5e3, Ao = class extends Error {
	name = "NoFrameError";
	waitedMs = ko;
};
async function jo(e, t, n) {
	let r = document.createElement("video");
	r.muted = !0, r.playsInline = !0, r.srcObject = new MediaStream([e]);
	try {
		await Mo(r);
		let e = document.createElement("canvas"), { videoWidth: i, videoHeight: a } = r, o = t ?? (n ?? a) * i / a;
		e.width = Math.max(1, Math.round(o)), e.height = Math.max(1, Math.round(n ?? o * a / i));
		let s = e.getContext("2d");
		if (!s) throw Error("no 2d context");
		let c = Math.min(e.width / i, e.height / a), [l, u] = [i * c, a * c];
		return s.drawImage(r, (e.width - l) / 2, (e.height - u) / 2, l, u), e.toDataURL("image/jpeg").replace(/^[^,]*,/, "");
	} finally {
		r.srcObject = null;
	}
}
async function Mo(e) {
	let t, n = new Promise((e, n) => {
		t = setTimeout(() => n(new Ao()), ko);
	});
	try {
		await Promise.race([e.play(), n]);
	} finally {
		clearTimeout(t);
	}
}
// src/rates.ts
var No = 1e3, Po = 200, Fo = 1e4, Io = class {
	#e = /* @__PURE__ */ new Map();
	at(e, t) {
		let n = (this.#e.get(e) ?? []).filter(({ atMs: e, bytes: n }) => t.atMs - e <= Fo && n <= t.bytes && e < t.atMs), r = n.findLastIndex(({ atMs: e }) => t.atMs - e >= No), i = n.slice(Math.max(r, 0));
		this.#e.set(e, [...i, t]);
		let [a] = i, o = a ? t.atMs - a.atMs : 0;
		return a && o >= Po ? Math.round((t.bytes - a.bytes) * 8e3 / o) : void 0;
	}
	forget(e) {
		for (let t of this.#e.keys()) t.startsWith(e) && this.#e.delete(t);
	}
}, Lo = 300, Ro = {
	type: ["video", "share"],
	maxQuality: [
		"auto",
		"high",
		"med",
		"low"
	],
	videostyle: "object",
	containerStyle: "object"
}, zo = { type: ["audio", "shareAudio"] }, Bo = class {
	#e;
	#t = /* @__PURE__ */ new Map();
	#n = /* @__PURE__ */ new Map();
	constructor(e) {
		this.#e = e;
	}
	video(e = {}) {
		S({
			method: "participant.renderVideo",
			at: this.#e.where()
		}, "options", e, Ro);
		let { videostyle: t, containerStyle: n } = e, r = e.type ?? "video", i = e.maxQuality ?? "auto", a = this.#t.get(r) ?? this.#r(r);
		return Object.assign(a.container.style, n), Object.assign(a.video.style, t), !this.#e.local && i !== a.quality && this.#e.want(r, { quality: i === "auto" ? "high" : i }), a.quality = i, this.update(r), a.container;
	}
	audio(e = {}) {
		S({
			method: "participant.renderAudio",
			at: this.#e.where()
		}, "options", e, zo);
		let t = e.type ?? "audio", n = this.#n.get(t) ?? this.#a(t);
		return this.update(t), n;
	}
	update(e) {
		let t = this.#e.track(e), n = e === "video" || e === "share" ? this.#t.get(e)?.video : this.#n.get(e);
		if (!n) return;
		let r = n.srcObject instanceof MediaStream ? n.srcObject : void 0, [i] = r?.getTracks() ?? [];
		r && i && t && i !== t ? (r.removeTrack(i), r.addTrack(t)) : i !== t && (n.srcObject = t ? new MediaStream([t]) : null), n instanceof HTMLVideoElement && (n.style.visibility = t ? "" : "hidden"), t && Fi(n);
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
			clearTimeout(n), n = setTimeout(r, Lo);
		}).observe(t.container);
	}
	#a(e) {
		let t = document.createElement("audio");
		return Object.assign(t, {
			autoplay: !0,
			muted: this.#e.local
		}), t.style.display = "none", this.#n.set(e, t), t;
	}
}, q = H("audio", "video", "share", "shareAudio"), Vo = H("SEND_AND_RECV", "RECV_ONLY", "SIGNALLING_ONLY"), Ho = U({
	code: I,
	name: F
}), Uo = U({
	cam: L,
	share: L
}), Wo = U({
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
	consoleUrl: B(F, ""),
	meetingId: B(F, ""),
	sessionId: B(F, ""),
	participantId: B(F, "")
}), Go = (e, t) => {
	let { param: n, details: r, ...i } = Wo(e, t);
	return {
		...i,
		...n !== void 0 && { param: n },
		...r && { details: r }
	};
}, Ko = [
	"monitor",
	"window",
	"browser"
], qo = (e) => Ko.find((t) => t === e), Jo = U({
	id: F,
	kind: q,
	codec: F,
	displaySurface: qo
}), Yo = H("CONNECTED", "RECONNECTING"), Xo = U({
	id: F,
	displayName: F,
	mode: Vo,
	metaData: z(R),
	streams: V(Jo),
	joinedAt: F,
	connectionState: z(Yo)
}), Zo = U({
	participantId: F,
	state: Uo,
	pinnedBy: F
}), Qo = U({
	participantId: F,
	name: F,
	metaData: z(R)
}), $o = U({
	status: H("", "RECORDING_STARTING", "RECORDING_STARTED", "RECORDING_STOPPING", "RECORDING_STOPPED"),
	fileUrl: z(F)
}), es = U({ status: H("", "LIVESTREAM_STARTING", "LIVESTREAM_STARTED", "LIVESTREAM_STOPPING", "LIVESTREAM_STOPPED") }), ts = U({
	status: H("", "HLS_STARTING", "HLS_STARTED", "HLS_PLAYABLE", "HLS_STOPPING", "HLS_STOPPED"),
	playbackHlsUrl: B(F, ""),
	livestreamUrl: B(F, ""),
	downstreamUrl: B(F, "")
}), ns = V(U({
	urls: V(F),
	username: z(F),
	credential: z(F)
})), rs = U({
	participant: Xo,
	participants: V(Xo),
	permissions: V(F),
	activeSpeakerId: B(F, ""),
	presenterId: B(F, ""),
	pins: V(Zo),
	entries: V(Qo),
	startedAt: F,
	serverTime: F,
	egress: U({
		recording: $o,
		livestream: es,
		hls: ts
	}),
	iceServers: ns,
	dataStarted: B(L, !1),
	locked: B(L, !1)
}), is = U({
	state: H("joined", "waiting"),
	meetingId: F,
	sessionId: F,
	participantId: F,
	secret: F,
	resumeWindowMs: I,
	pingIntervalMs: I,
	statsIntervalMs: B(I, 0),
	tokenLeewayMs: B(I, 6e4),
	welcome: z(rs)
}), as = U({
	seq: I,
	secret: F,
	welcome: z(rs)
}), os = U({
	sdp: F,
	streams: V(Jo)
}), ss = U({
	id: F,
	topic: F,
	message: F,
	senderId: F,
	senderName: F,
	timestamp: F,
	payload: z(R)
}), cs = z(F), ls = U({
	value: cs,
	updatedBy: B(F, "")
}), us = U({
	id: F,
	timestamp: F
}), ds = U({ messages: V(ss) }), fs = U({
	offerId: I,
	sdp: F,
	streams: V(U({
		mid: F,
		participantId: F,
		kind: q,
		streamId: F
	}))
}), ps = H("low", "med", "high"), ms = U({
	participantId: F,
	kind: q,
	streamId: F,
	state: H("active", "paused"),
	reason: z(H("bandwidth", "requested")),
	quality: z(ps),
	width: B(I, 0),
	height: B(I, 0)
}), J = U({ participantId: F }), hs = {
	"meeting-joined": U({ welcome: rs }),
	"meeting-left": U({
		reason: Ho,
		fault: z(Go)
	}),
	"participant-joined": U({ participant: Xo }),
	"participant-left": U({
		participantId: F,
		reason: Ho
	}),
	"participant-mode-changed": U({
		participantId: F,
		mode: Vo
	}),
	"participant-connection-changed": U({
		participantId: F,
		state: Yo,
		lost: z(H("signaling", "media"))
	}),
	"stream-enabled": U({
		participantId: F,
		stream: Jo
	}),
	"stream-disabled": U({
		participantId: F,
		stream: Jo,
		by: B(F, "")
	}),
	"speaker-changed": J,
	"presenter-changed": J,
	"entry-requested": Qo,
	"entry-responded": U({
		participantId: F,
		decision: H("allowed", "denied"),
		by: F
	}),
	"entry-withdrawn": J,
	"entry-pending": U({
		waitedMs: I,
		hosts: I
	}),
	"mic-requested": J,
	"webcam-requested": J,
	"pin-state-changed": Zo,
	"lock-changed": U({
		locked: L,
		by: B(F, "")
	}),
	"pubsub-message": ss,
	"store-value-changed": U({
		key: F,
		value: cs,
		updatedBy: F
	}),
	"data-started": U({}),
	"subscribe-offer": fs,
	"ice-servers-changed": U({ iceServers: ns }),
	"stream-state": ms,
	encodings: U({
		kind: q,
		active: V(U({
			rid: F,
			active: L
		}))
	}),
	"codec-not-received": U({
		participantId: F,
		kind: q,
		codec: F,
		taken: V(F)
	}),
	"quality-limitation": U({
		type: H("bandwidth", "congestion"),
		state: H("detected", "resolved"),
		timestamp: F
	}),
	"recording-state-changed": $o,
	"livestream-state-changed": es,
	"hls-state-changed": ts,
	error: U({ fault: Go }),
	"fault-cleared": U({
		id: F,
		code: I,
		reason: F,
		forMs: I
	})
};
function gs(e, t) {
	if (Object.hasOwn(hs, e)) return {
		name: e,
		data: hs[e](t, e)
	};
}
var _s = U({
	seq: I,
	name: F
}), vs = U({ data: Go });
function ys(e) {
	let t = R(JSON.parse(e), "frame");
	if (t.method !== void 0) {
		let e = R(t.params, "params");
		return {
			type: "event",
			..._s(e, "params"),
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
		fault: vs(t.error, "error").data
	};
}
// src/stream.ts
var bs = {
	state: !0,
	"stream-state-changed": !0
}, xs = (e) => qo(e.getSettings().displaySurface, "displaySurface"), Ss = class extends j {
	id;
	kind;
	codec;
	#e;
	#t;
	#n;
	constructor(e, t, n) {
		super("stream", bs), this.id = e.id, this.kind = e.kind, this.codec = e.codec, this.#t = e.displaySurface, this.#n = t, this.#e = n;
	}
	get track() {
		return this.#n;
	}
	get paused() {
		return this.#e.isPaused();
	}
	get pauseReason() {
		return this.#e.pauseReason();
	}
	get displaySurface() {
		return this.kind === "share" ? xs(this.#n) ?? this.#t : void 0;
	}
	async pause() {
		await this.#e.pause(!0, "stream.pause");
	}
	async resume() {
		await this.#e.pause(!1, "stream.resume");
	}
	update(e) {
		this.#n = e;
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
}, Cs = 5e3, ws = 40, Ts = {
	"stream-enabled": !0,
	"stream-disabled": !0,
	"connection-changed": !0,
	"media-status-changed": !0,
	"video-quality-changed": !0,
	"stream-paused": !0,
	"stream-resumed": !0,
	"e2ee-state-change": !0,
	"agent-state-changed": !0,
	"agent-transcription-received": !0,
	"agent-metrics": !0
}, Es = [
	"low",
	"med",
	"high"
], Ds = {
	low: "LOW",
	med: "MEDIUM",
	high: "HIGH"
}, Os = 16384, ks = 500, As = {
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
}, js = class extends j {
	local;
	streams;
	#e;
	#t = /* @__PURE__ */ new Map();
	#n = /* @__PURE__ */ new Map();
	#r = /* @__PURE__ */ new Map();
	#i = new Io();
	#a;
	#o = /* @__PURE__ */ new Map();
	#s = /* @__PURE__ */ new Map();
	#c = /* @__PURE__ */ new Map();
	#l;
	#u = /* @__PURE__ */ new Map();
	#d;
	#f;
	#p = /* @__PURE__ */ new Map();
	#m;
	#h;
	#g = {
		cam: !1,
		share: !1
	};
	#_;
	constructor(e, t, n) {
		super("participant", Ts), this.#d = e.id, this.#f = e.displayName, this.#m = e.mode, this.#h = e.metaData, this.#_ = e.connectionState ?? "CONNECTED", this.local = t, this.#e = n, this.streams = this.#t, this.#a = new Bo({
			className: `participant-video-${e.id}`,
			local: t,
			track: (e) => this.stream(e)?.track,
			want: (e, t) => void n.preferences.set(this.id, e, t, "quality").catch(() => void 0),
			where: () => n.where()
		});
	}
	get id() {
		return this.#d;
	}
	get displayName() {
		return this.#f;
	}
	get mode() {
		return this.#e.modeName(this.#m);
	}
	get presentMode() {
		return this.#m;
	}
	get metaData() {
		return this.#h ?? {};
	}
	get pinState() {
		return this.#g;
	}
	get connectionState() {
		return this.#_;
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
		return this.#y("video");
	}
	get screenShareQuality() {
		return this.#y("share");
	}
	stream(e) {
		return [...this.#t.values()].find((t) => t.kind === e);
	}
	enableMic() {
		return this.#j("audio", !0, "participant.enableMic");
	}
	disableMic() {
		return this.#j("audio", !1, "participant.disableMic");
	}
	enableWebcam() {
		return this.#j("video", !0, "participant.enableWebcam");
	}
	disableWebcam() {
		return this.#j("video", !1, "participant.disableWebcam");
	}
	remove() {
		return this.#A("participant.remove", "removeParticipant", {});
	}
	pin(e = "SHARE_AND_CAM") {
		return this.#M("participant.pin", e, !0);
	}
	unpin(e = "SHARE_AND_CAM") {
		return this.#M("participant.unpin", e, !1);
	}
	consumeMicStreams() {
		return this.#T("audio", !0, "participant.consumeMicStreams");
	}
	consumeWebcamStreams() {
		return this.#T("video", !0, "participant.consumeWebcamStreams");
	}
	stopConsumingMicStreams() {
		return this.#T("audio", !1, "participant.stopConsumingMicStreams");
	}
	stopConsumingWebcamStreams() {
		return this.#T("video", !1, "participant.stopConsumingWebcamStreams");
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
			let n = this.#e.where(), r = (e, n) => this.#v(t, n, e);
			S({
				method: t,
				at: n
			}, "options", e, {
				width: r,
				height: r
			});
			let i = this.stream("video")?.track;
			if (!i) {
				let e = {
					method: t,
					participantId: this.id,
					name: this.displayName
				};
				throw new _(h.webcamNotEnabledCameraOff(e, n));
			}
			try {
				return await jo(i, e.width ?? void 0, e.height ?? void 0);
			} catch (e) {
				let r = {
					method: t,
					participantId: this.id,
					name: this.displayName
				};
				if (e instanceof Ao) throw new _(h.captureImageFailedNoFrame({
					...r,
					waitedMs: e.waitedMs
				}, n));
				let { name: i, message: a } = e;
				throw new _(h.captureImageFailedNotDrawn({
					...r,
					domName: i,
					domMessage: a
				}, n));
			}
		});
	}
	setQuality(e) {
		return this.#b("participant.setQuality", "video", e);
	}
	setScreenShareQuality(e) {
		return this.#b("participant.setScreenShareQuality", "share", e);
	}
	setViewPort(e, t, n = "video") {
		let r = "participant.setViewPort";
		return this.#e.call(r, async () => {
			let i = this.#e.where();
			if (this.local) throw new _(h.actionNotSupportedOwnStream({
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
				throw new _(h.invalidParameterNotAllowed(e, i));
			}
			for (let [n, i] of Object.entries({
				width: e,
				height: t
			})) this.#v(r, n, i);
			let a = {
				width: Math.round(e),
				height: Math.round(t)
			};
			await this.#e.preferences.set(this.id, n, a, "quality");
		});
	}
	getVideoStats() {
		return this.#F("video");
	}
	getShareStats() {
		return this.#F("share");
	}
	getAudioStats() {
		return this.#P("audio");
	}
	getShareAudioStats() {
		return this.#P("shareAudio");
	}
	async getTransportStats() {
		return this.local ? await Ms(async () => {
			let [e, t] = await Promise.all([this.#e.transportStats(!0), this.#e.transportStats(!1)]);
			return ca(e, t, this.#i);
		}) ?? null : null;
	}
	connection(e) {
		this.#_ = e.state, this.releaseSoon(), this.emit("connection-changed", e);
	}
	#v(e, t, n) {
		if (typeof n == "number" && n >= 1 && n <= Os) return;
		let r = {
			method: e,
			parameter: t,
			got: String(n),
			want: `a number from 1 to ${Os}`
		};
		throw new _(h.invalidParameterOutOfRange(r, this.#e.where()));
	}
	#y(e) {
		let t = this.local ? void 0 : this.#e.preferences.of(this.id, e).quality;
		return this.#s.get(e)?.quality ?? this.#o.get(e) ?? t ?? "high";
	}
	#b(e, t, n) {
		return this.#e.call(e, async () => {
			if (!Es.includes(n)) {
				let t = {
					method: e,
					parameter: "quality",
					got: String(n),
					allowed: [...Es]
				};
				throw new _(h.invalidParameterNotAllowed(t, this.#e.where()));
			}
			this.#x(e, t), await this.#e.preferences.set(this.id, t, { quality: n }, "quality");
		});
	}
	#x(e, t) {
		let n = this.#e.where();
		if (this.local) throw new _(h.actionNotSupportedOwnStream({
			method: e,
			kind: t
		}, n));
		if (!this.stream(t)) throw new _(h.actionNotSupportedNotReceived({
			method: e,
			participantId: this.id,
			kind: t
		}, n));
	}
	#S(e, t, n) {
		return this.#e.call(n, async () => {
			if (this.#x(n, e), this.#e.preferences.isPaused(this.id, e) === t) {
				let e = {
					method: n,
					state: t ? "paused" : "active"
				};
				throw new _(h.alreadyInRequestedStateAlready(e, this.#e.where()));
			}
			let r = t ? "pause" : "resume";
			await this.#e.preferences.set(this.id, e, { paused: t }, r);
		});
	}
	#C(e) {
		let t = this.#u.get(e);
		return this.#e.preferences.isPaused(this.id, e) || t !== void 0 && t !== "requested";
	}
	forwarded(e) {
		let { kind: t, quality: n } = e, r = this.#s.get(t)?.quality ?? this.#o.get(t) ?? "high";
		this.#s.set(t, e), n && this.#o.set(t, n);
		let i = this.#u.get(t);
		if (e.state === "paused") {
			let n = this.#w(e);
			this.#u.set(t, n), n !== i && this.emit("stream-paused", {
				kind: t,
				reason: n
			});
		} else this.#u.delete(t), i && this.emit("stream-resumed", {
			kind: t,
			reason: i
		}), n && n !== r && this.emit("video-quality-changed", {
			currentQuality: Ds[n],
			prevQuality: Ds[r],
			kind: t
		});
	}
	#w({ kind: e, reason: t = "requested" }) {
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
	#T(e, t, n) {
		return this.#e.call(n, async () => {
			if (this.local) throw new _(h.invalidParameterOwnStream({ method: n }, this.#e.where()));
			await this.#e.request("consume", {
				participantId: this.id,
				kind: e,
				enabled: t
			}), this.#p.set(e, t);
		});
	}
	async restore() {
		for (let [e, t] of this.#p) await this.#e.request("consume", {
			participantId: this.id,
			kind: e,
			enabled: t
		});
	}
	become({ id: e, displayName: t, mode: n, metaData: r }) {
		this.#d = e, this.#f = t, this.#m = n, this.#h = r;
	}
	reset() {
		let e = [...this.#n.keys(), ...this.#r.keys()];
		for (let e of [
			this.#t,
			this.#n,
			this.#r,
			this.#s,
			this.#u
		]) e.clear();
		this.#i.forget("");
		for (let t of e) this.#a.update(t);
	}
	setMode(e) {
		this.#m = e;
	}
	setPinState(e) {
		this.#g = e;
	}
	hold() {
		for (let e of this.#n.keys()) this.#c.set(e, {});
	}
	releaseSoon() {
		if (clearTimeout(this.#l), this.#_ === "CONNECTED") {
			for (let e of this.#c.keys()) this.#D(e);
			this.#l = setTimeout(() => {
				for (let e of this.#c.keys()) this.#E(e);
			}, Cs);
		}
	}
	left() {
		clearTimeout(this.#l), this.#c.clear();
	}
	#E(e) {
		let t = this.#c.get(e);
		t && (this.#c.delete(e), t.announced || this.announce(e, void 0), this.receive(e, t.media));
	}
	#D(e) {
		let t = this.#c.get(e);
		t?.announced && t.media && this.#_ === "CONNECTED" && (t.media.receiver?.getSynchronizationSources().length === 0 ? setTimeout(() => this.#D(e), ws) : this.#E(e));
	}
	announce(e, t) {
		let n = this.#c.get(e);
		if (n && (n.announced = !!t), n && !t) return this.#E(e);
		let r = this.#n.get(e), i = r !== void 0;
		t ? this.#n.set(e, t) : this.#n.delete(e), r?.id !== t?.id && (this.#s.delete(e), this.#u.delete(e), this.#o.delete(e)), t && !i && !this.local && this.#e.preferences.changed(), i !== !!t && this.emit("media-status-changed", {
			peerId: this.id,
			kind: e,
			newStatus: !!t
		}), this.#O(e), this.#D(e);
	}
	receive(e, t) {
		let n = this.#c.get(e);
		if (n) return n.media = t, this.#D(e);
		t ? this.#r.set(e, t) : this.#r.delete(e), this.#O(e);
	}
	#O(e) {
		let t = this.#n.get(e), n = this.#r.get(e), r = this.stream(e);
		if (t && n) {
			if (r?.track === n.track) return;
			let i = r ?? new Ss(t, n.track, this.#k(e));
			i.update(n.track), this.#t.set(i.id, i), this.#a.update(e), this.emit("stream-enabled", i);
		} else r && (this.#t.delete(r.id), this.#i.forget(`${e} `), this.#a.update(e), this.emit("stream-disabled", r), this.local || e !== "video" && e !== "share" || r.tell("ended"));
	}
	#k(e) {
		return {
			pause: (t, n) => this.#S(e, t, n),
			isPaused: () => this.#C(e),
			pauseReason: () => this.#u.get(e)
		};
	}
	#A(e, t, n) {
		return this.#e.call(e, async () => void await this.#e.request(t, {
			participantId: this.id,
			...n
		}));
	}
	#j(e, t, n) {
		return this.local ? this.#e.own(e, t) : this.#A(n, "requestStream", {
			kind: e,
			enabled: t
		});
	}
	#M(e, t, n) {
		let r = As[t];
		if (!r) {
			let n = {
				method: e,
				parameter: "type",
				got: String(t),
				allowed: Object.keys(As)
			};
			return this.#e.call(e, () => Promise.reject(new _(h.invalidParameterNotAllowed(n, this.#e.where()))));
		}
		let { cam: i, share: a } = this.#g;
		return this.#A(e, "pin", { state: {
			cam: r.cam ? n : i,
			share: r.share ? n : a
		} });
	}
	#N(e) {
		return this.local ? this.#e.ownStats(e) : this.#r.get(e)?.receiver?.getStats();
	}
	async #P(e) {
		return await Ms(async () => {
			let t = await this.#N(e);
			return t && na(e, t, this.#i);
		}) ?? [];
	}
	async #F(e) {
		return await Ms(async () => {
			let t = await this.#N(e), n = this.#s.get(e)?.quality, { quality: r } = this.#e.preferences.of(this.id, e), i = {
				current: n && Es.indexOf(n),
				preferred: r && Es.indexOf(r)
			};
			return t && ra(e, t, this.#i, i);
		}) ?? [];
	}
};
async function Ms(e) {
	let t = await e();
	return !t || t.complete ? t?.stats : (await new Promise((e) => setTimeout(e, ks)), (await e())?.stats);
}
// src/adaptive.ts
var Ns = 500, Ps = 3, Fs = 1.5 * Ns, Is = 32;
function Ls() {
	return ["IntersectionObserver", "ResizeObserver"].filter((e) => !(e in globalThis));
}
var Rs = class {
	#e;
	#t = /* @__PURE__ */ new Map();
	#n;
	#r;
	#i;
	#a = () => this.#d(!1);
	#o = /* @__PURE__ */ new Map();
	#s = /* @__PURE__ */ new Map();
	#c = !1;
	#l = performance.now();
	constructor(e) {
		this.#e = e, this.#n = new IntersectionObserver((e) => {
			for (let { target: t, isIntersecting: n } of e) this.#t.set(t, n);
			this.#a();
		}), this.#r = new ResizeObserver(this.#a), this.#i = setInterval(() => {
			this.#u(), this.#d(!0);
		}, Ns), document.addEventListener("visibilitychange", this.#a), this.#a();
	}
	close() {
		clearInterval(this.#i), this.#n.disconnect(), this.#r.disconnect(), document.removeEventListener("visibilitychange", this.#a);
		for (let { participantId: e, kind: t } of this.#s.values()) this.#e.show(e, t, void 0);
	}
	#u() {
		let e = performance.now(), t = e - this.#l > Fs;
		this.#l = e, t && document.visibilityState !== "hidden" && this.#o.clear();
	}
	#d(e) {
		let t = this.#e.pictures(), n = this.#f(t);
		this.#c ||= n.size > 0;
		for (let e of this.#s.keys()) t.has(e) || (this.#s.delete(e), this.#o.delete(e));
		if (this.#c) for (let [r, i] of t) {
			let t = Bs((n.get(r) ?? []).filter((e) => this.#p(e))), a = t ? 0 : (this.#o.get(r) ?? 0) + +!!e;
			this.#o.set(r, a), !t && a < Ps || (this.#s.set(r, i), this.#e.show(i.participantId, i.kind, t ?? "hidden"));
		}
	}
	#f(e) {
		let t = /* @__PURE__ */ new Map(), n = /* @__PURE__ */ new Set();
		for (let r of [document, zs()].flatMap((e) => [...e?.querySelectorAll("video") ?? []])) {
			let i = (r.srcObject?.getVideoTracks?.() ?? []).flatMap(({ id: t }) => e.has(t) ? [t] : []);
			if (i.length !== 0) {
				n.add(r);
				for (let e of i) t.set(e, [...t.get(e) ?? [], r]);
				this.#t.has(r) || (this.#t.set(r, !0), this.#n.observe(r), this.#r.observe(r));
			}
		}
		for (let e of this.#t.keys()) n.has(e) || (this.#t.delete(e), this.#n.unobserve(e), this.#r.unobserve(e));
		return t;
	}
	#p(e) {
		return document.pictureInPictureElement === e || e.ownerDocument !== document || document.visibilityState !== "hidden" && this.#t.get(e) === !0;
	}
};
function zs() {
	return globalThis.documentPictureInPicture?.window?.document;
}
function Bs(e) {
	let t, n = globalThis.devicePixelRatio || 1;
	for (let r of e) {
		let { width: e, height: i } = r.getBoundingClientRect();
		if (e < 1 || i < 1) continue;
		let a = (e) => Math.min(16384, Math.ceil(e * n / Is) * Is), o = {
			width: a(e),
			height: a(i)
		};
		(!t || o.width * o.height > t.width * t.height) && (t = o);
	}
	return t;
}
// src/kinds.ts
var Y = [
	"audio",
	"video",
	"share",
	"shareAudio"
], Vs = 500, Hs = {
	video: 1500,
	share: 5e3
}, Us = class {
	#e;
	#t = /* @__PURE__ */ new WeakMap();
	#n;
	constructor(e) {
		this.#e = e, this.#n = setInterval(() => {
			for (let e of this.#e()) this.#r(e).catch(() => void 0);
		}, Vs);
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
		let o = e.kind === "share" ? Hs.share : Hs.video, s = i.state;
		a ? s = s === "freeze-detected" ? "freeze-resolved" : s === "freeze-resolved" ? s : "active" : s && r - i.packetAt >= o ? s = "stuck" : s && r - i.frameAt >= o && (s = "freeze-detected"), s && s !== i.state && (i.state = s, e.tell(s));
	}
}, Ws = 100, Gs = 1e3, Ks = 500, qs = (e, t) => `${t} ${e}`, Js = /* @__PURE__ */ new Set([
	Gr,
	Kr,
	qr
]), Ys = class {
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
		return this.#t.get(qs(e, t)) ?? {};
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
		let i = qs(e, t), a = this.#t.get(i);
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
		let r = qs(e, t), i = { ...this.#t.get(r) };
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
		this.#o(Ws);
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
			this.#i = void 0, this.#s().catch(() => this.#o(Gs));
		}, e));
	}
	async #s() {
		for (;;) {
			let e = this.#c().filter(([e, t, n]) => this.#d(e, t, n));
			if (e.length === 0) return;
			try {
				await this.#p(e.slice(0, Ks));
			} catch (e) {
				if (e instanceof _ && Js.has(e.code)) return this.#o(Gs);
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
		for (let e of this.#r) for (let t of this.#e.participantIds()) yield qs(t, e);
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
}, Xs = /(?=^m=)/m;
function Zs(e, t) {
	let n = t?.split(Xs);
	return e.split(Xs).map((e, t) => {
		let r = n && (n[t] ?? "");
		return e.startsWith("m=audio") ? Qs(e, /^a=rtpmap:(\d+) opus\/.*\r\n/gim, "nack", r) : !e.startsWith("m=video") || !r ? e : Qs(e, /^a=rtcp-fb:(\d+) nack\r\n/gm, "rrtr", r);
	}).join("");
}
function Qs(e, t, n, r) {
	return r !== void 0 && !RegExp(`^a=rtcp-fb:\\d+ ${n}\\s*$`, "m").test(r) ? e : e.replace(t, (t, r) => {
		let i = `a=rtcp-fb:${r} ${n}\r\n`;
		return e.includes(i) ? t : t + i;
	});
}
async function $s(e, t, n) {
	let r = t.sdp ?? "", i = Zs(r, n);
	if (i !== r && ec()) try {
		return await e.setLocalDescription({
			type: t.type,
			sdp: i
		}), i;
	} catch {}
	return await e.setLocalDescription(t), r;
}
var ec = () => !!RTCRtpSender.getCapabilities("audio")?.codecs.some(({ mimeType: e }) => e.toLowerCase() === "audio/red"), tc = [
	401,
	403,
	441
], nc = /* @__PURE__ */ new WeakMap();
function rc(e, t = "all") {
	let n = new RTCPeerConnection({
		iceServers: [...e],
		iceTransportPolicy: t,
		bundlePolicy: "max-bundle"
	});
	return n.addEventListener("icecandidateerror", ({ url: e, errorCode: t, errorText: r }) => {
		tc.includes(t) && nc.set(n, {
			server: e,
			status: t,
			problem: oc(n, e) ?? (r || "without a reason")
		});
	}), n;
}
var ic = (e) => nc.get(e);
function ac(e, t) {
	e && e.signalingState !== "closed" && (nc.delete(e), e.setConfiguration({
		...e.getConfiguration(),
		iceServers: [...t]
	}));
}
function oc(e, t) {
	let n = e.getConfiguration().iceServers?.find(({ urls: e }) => [e].flat().includes(t)), r = Number.parseInt(n?.username?.split(":")[0] ?? "", 10) * 1e3;
	return r <= Date.now() ? `they expired at ${new Date(r).toISOString()}` : void 0;
}
// src/observer.ts
var sc = 1e3, cc = class {
	#e;
	#t;
	#n = Date.now();
	#r;
	#i = [];
	#a = [];
	constructor(e, t) {
		this.#e = e, this.#t = t, this.#r = setInterval(() => void this.#o().catch(() => void 0), sc);
	}
	close() {
		clearInterval(this.#r);
	}
	async why(e) {
		await this.#o().catch(() => void 0);
		let t = this.#t, n = Date.now() - this.#n, r = this.#i.find(({ answers: e }) => e > 0), i = dc(this.#e);
		if (i && i.state !== "connected" && (r || fc(this.#e) || uc(this.#e.iceConnectionState))) {
			let a = {
				connection: t,
				pair: r?.ends ?? "a pair that is no longer known",
				problem: await pc(this.#e, i, n),
				afterMs: n
			};
			return h.mediaConnectionLostDTLSFailed(a, e);
		}
		let a = this.#i.map(({ ends: e, checks: t, answers: n }) => `${e} (${t} checks, ${n} answers)`), o = ic(this.#e);
		if (o) return h.mediaConnectionLostTurnAuthFailed({
			connection: t,
			...o,
			pairs: a,
			afterMs: n
		}, e);
		let s = mc(this.#e), c = s.map(({ address: e }) => e), l = [...this.#a], u = [...new Set(s.map(({ transport: e, address: t, port: n, type: r }) => `${e} ${t}:${n} ${r}`))], { host: d, hostname: f } = hc(e.server);
		if (c.length > 0 && c.every(_c) && yc(f)) return h.mediaConnectionLostServerPrivateAddress({
			connection: t,
			remoteCandidates: u,
			signaling: d,
			pairs: a,
			afterMs: n
		}, e);
		let p = f === "localhost" ? "127.0.0.1" : f;
		return c.includes(p) ? h.mediaConnectionLostUDPBlocked({
			connection: t,
			address: p,
			localCandidates: l,
			remoteCandidates: u,
			pairs: a,
			afterMs: n
		}, e) : h.mediaConnectionLostNoPath({
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
			ends: `${t.get(e.localCandidateId)?.protocol ?? "udp"} ${lc(t.get(e.localCandidateId))} > ${lc(t.get(e.remoteCandidateId))}`,
			checks: e.requestsSent ?? 0,
			answers: e.responsesReceived ?? 0
		})).sort((e, t) => t.answers - e.answers || t.checks - e.checks);
		r.length > 0 && (this.#i = r);
	}
};
function lc(e) {
	return e?.address ? `${e.address}:${e.port ?? 0}` : `a ${e?.candidateType ?? "local"} address`;
}
var uc = (e) => e === "connected" || e === "completed";
function dc(e) {
	for (let { sender: t, receiver: n } of e.getTransceivers()) {
		let e = t.transport ?? n.transport;
		if (e) return e;
	}
}
var fc = (e) => dc(e)?.state === "failed";
async function pc(e, t, n) {
	if (t.state !== "failed" && t.state !== "closed") return `it has not finished within ${n} ms, while STUN passes`;
	let [r] = t.getRemoteCertificates?.() ?? [], i = /^a=fingerprint:sha-256 (\S+)/im.exec(e.remoteDescription?.sdp ?? "")?.[1]?.toUpperCase();
	if (r && i && crypto.subtle) {
		let e = new Uint8Array(await crypto.subtle.digest("SHA-256", r));
		return Array.from(e, (e) => e.toString(16).padStart(2, "0").toUpperCase()).join(":") === i ? "the browser ended it with an alert, after it had the right certificate" : "the certificate of the other side does not have the fingerprint that its session description names";
	}
	return "the browser ended it without a reason: a certificate that lacks the fingerprint of the SDP, or a TLS alert";
}
function mc(e) {
	let t = e.remoteDescription?.sdp.matchAll(/^a=candidate:\S+ \d+ (\w+) \d+ (\S+) (\d+) typ (\w+)/gm) ?? [];
	return Array.from(t, ([, e = "", t = "", n = "", r = ""]) => ({
		transport: e,
		address: t,
		port: n,
		type: r
	}));
}
function hc(e) {
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
var gc = /^(10\.|127\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:|::1$)/i, _c = (e) => gc.test(e), vc = /^[\d.]+$|:/;
function yc(e) {
	return vc.test(e) ? !_c(e) : e.includes(".") && !/\.(local|localhost|internal|lan|home\.arpa)$/i.test(e);
}
// src/silence.ts
var bc = 400, xc = 1e3, Sc = class {
	#e;
	#t;
	#n;
	#r;
	#i;
	#a = Date.now();
	#o = 0;
	#s = !1;
	#c = !1;
	constructor(e, t, n) {
		this.#e = e, this.#t = t, this.#n = n, this.#r = setInterval(() => void this.#l().catch(() => void 0), bc);
	}
	hears() {
		return Date.now() - this.#o < 1400;
	}
	close() {
		clearInterval(this.#r);
	}
	async #l() {
		let e = /^(dis)?connected$/.test(this.#e.connectionState), t = this.#i, n = e ? await Cc(this.#e) ?? t : void 0;
		this.#i = n, n && t && n.received > t.received && (this.#o = Date.now()), !n || !t || n.received !== t.received ? (this.#a = Date.now(), this.#c = !!n && !!t && n.sent > t.sent, n && t && this.#u(!1)) : this.#t(this.#c) ? Date.now() - this.#a >= xc && this.#u(!0) : this.#a = Date.now();
	}
	#u(e) {
		this.#s !== e && (this.#s = e, this.#n(e));
	}
};
async function Cc(e) {
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
var wc = 12e3, Tc = 2500, Ec = 1e3, Dc = 1e4, Oc = 5e3, kc = 3, Ac = class {
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
	#u = 0;
	#d;
	#f = !1;
	#p = !1;
	#m;
	constructor(e, t) {
		this.#e = e, this.#t = t;
	}
	watch(e) {
		this.#n !== e && (this.close(), this.#n = e, this.#l = !1, this.#r = new cc(e, this.#e), this.#d = new Sc(e, (e) => this.#t.expects(e), (e) => this.#_(e)), globalThis.addEventListener?.("offline", this.#h), globalThis.addEventListener?.("online", this.#g), e.addEventListener("connectionstatechange", this.#y), this.#S(wc), e.connectionState !== "new" && this.#y());
	}
	close() {
		clearTimeout(this.#m), this.#r?.close(), this.#d?.close(), globalThis.removeEventListener?.("offline", this.#h), globalThis.removeEventListener?.("online", this.#g), this.#n?.removeEventListener("connectionstatechange", this.#y);
	}
	#h = () => {
		this.#f = !0;
	};
	#g = () => {
		this.#f && this.#v(), this.#f = !1;
	};
	#_(e) {
		e ? (this.#t.checkSignaling(), this.#v()) : this.#n?.connectionState === "connected" && (this.#o = 0);
	}
	hears() {
		return this.#d?.hears() ?? !1;
	}
	#v() {
		this.#i + this.#a + this.#o !== 0 && (this.#p = !0, this.#S(0));
	}
	lose(e) {
		return this.#n?.connectionState === "connected" && (this.#u = Date.now() + e, this.#l = !0, this.#n.close(), this.#b(), this.#S(0), !0);
	}
	retry() {
		this.#n?.connectionState !== "connected" && this.#o > 0 && this.#S(0);
	}
	#y = () => {
		switch (this.#n?.connectionState) {
			case "connected":
				clearTimeout(this.#m), this.#r?.close(), this.#i = Date.now(), this.#o = 0, this.#s && this.#t.cleared(this.#s.fault, Date.now() - this.#s.since), this.#s = void 0;
				break;
			case "disconnected":
				this.#b(), this.#t.checkSignaling(), this.#S(Tc);
				break;
			case "failed": this.#b(), this.#S(this.#o === 0 ? 0 : this.#x());
		}
	};
	#b() {
		this.#i > 0 && (this.#a += Date.now() - this.#i), this.#i = 0;
	}
	#x() {
		return Math.min(Dc, Ec * 2 ** this.#o);
	}
	#S(e) {
		clearTimeout(this.#m), this.#m = setTimeout(() => void this.#C(), e);
	}
	async #C() {
		let e = this.#n;
		if (!e) return;
		this.#l ||= fc(e);
		let t = this.#p;
		if (e.connectionState === "connected" && !t || e.signalingState === "closed" && !this.#l || (this.#S(Math.max(this.#x(), Oc)), this.#c)) return;
		this.#c = !0, this.#p = !1, e.connectionState !== "connected" && await this.#w(), this.#o++;
		let n = this.#u - Date.now();
		n > 0 ? this.#S(Math.min(n, Oc)) : await (this.#l ? this.#t.replace() : this.#t.restart()).catch(() => void 0), this.#c = !1;
	}
	async #w() {
		let e = this.#a === 0;
		if (this.#s || !e && this.#o < kc) return;
		let t = this.#t.where(), n = {
			connection: this.#e,
			connectedForMs: this.#a,
			attempts: this.#o
		}, r = e && this.#r ? await this.#r.why(t) : h.mediaConnectionLostPathLost(n, t);
		this.#s = {
			fault: r,
			since: Date.now()
		}, this.#t.fault(r);
	}
}, jc = 1e4, Mc = class {
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
	hears() {
		return this.#n?.hears() ?? !1;
	}
	lose(e) {
		return this.#n?.lose(e) ?? !1;
	}
	renewServers() {
		ac(this.#t, this.#e.relays());
	}
	close() {
		this.#i = -1, this.#n?.close(), this.#t?.close();
	}
	#a() {
		let e = rc(this.#e.relays());
		return this.#t = e, e;
	}
	#o(e) {
		this.#n ??= new Ac("subscribe", {
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
		this.#n?.close(), this.#n = void 0, this.#i = 0;
		let e = this.#t;
		setTimeout(() => e?.close(), jc), this.#t = void 0, this.#s();
	}
	#s() {
		this.#t?.close(), this.#t = void 0, this.#e.received([]), this.#e.dataLost();
	}
	async #c() {
		await this.#e.request("restartSubscribe", {});
	}
	#l(e) {
		let t = this.#t?.remoteDescription?.sdp;
		return t !== void 0 && Nc(t) !== Nc(e) && this.#s(), this.#t ?? this.#a();
	}
	async #u(e) {
		let t = this.#l(e.sdp);
		try {
			await t.setRemoteDescription({
				type: "offer",
				sdp: this.#e.described(e.sdp)
			}), e.sdp.includes("\nm=application ") && this.#e.dataOffered(t);
			let n = await $s(t, await t.createAnswer(), e.sdp);
			this.#e.received(this.#d(t, e)), await this.#e.request("answer", {
				offerId: e.offerId,
				sdp: n
			}), this.#t === t && this.#o(t);
		} catch (e) {
			if (this.#i < 0 || this.#t !== t || e instanceof _ && e.code === 3056) return;
			let n = {
				connection: "subscribe",
				problem: String(e)
			}, r = e instanceof _ ? e.id : "";
			this.#e.fault(h.meetingMediaConnectionFailedNegotiationFailed(n, {
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
function Nc(e) {
	return /^o=\S+ (\S+)/m.exec(e)?.[1] ?? "";
}
// src/receiving.ts
var Pc = class {
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
		this.#n = new Mc({
			...e,
			received: (t) => {
				e.isOver() || this.#e.roster.receive(t);
			},
			dataOffered: (t) => {
				e.isOver() || this.#e.data.attach(t);
			},
			dataLost: () => {
				e.isOver() || this.#e.data.detach();
			},
			expects: () => [...this.#e.roster.participants.values()].some((e) => Y.some((t) => e.isAnnounced(t)))
		});
		let { participants: t } = this.#e.roster;
		this.#r = new Us(function* () {
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
	hears() {
		return this.#n?.hears() ?? !1;
	}
	resumed() {
		this.#n?.retry(), this.#t.changed();
	}
	lose(e) {
		return this.#n?.lose(e) ?? !1;
	}
	renewServers() {
		this.#n?.renewServers();
	}
	forget() {
		this.#n?.forget();
	}
	pauseAll(e, t, n) {
		let { calls: r, events: i } = this.#e, a = t === "all" ? void 0 : t;
		return r.run(e, async () => {
			if (a !== void 0 && !Y.includes(a)) {
				let t = {
					method: e,
					parameter: "kind",
					got: String(a),
					allowed: [...Y, "all"]
				};
				throw r.error(h.invalidParameterNotAllowed, t);
			}
			let t = a === void 0 ? Y : [a], o = this.#t, s = { kind: a ?? "all" };
			if (n && t.every((e) => o.isKindPaused(e))) throw r.error(h.pauseAllStreamsFailedAlreadyPaused, s);
			if (!n && !t.some((e) => o.isKindPaused(e) || o.hasPaused(e))) throw r.error(h.resumeAllStreamsFailedNotPaused, s);
			await o.setKinds(t, n), i.emit(n ? "paused-all-streams" : "resumed-all-streams", s);
		}, { lane: "pauseAll" });
	}
	enableAdaptive(e) {
		let { calls: t } = this.#e;
		return t.run(e, async () => {
			if (this.#a) throw t.error((e, t) => h.adaptiveSubscriptionEnableFailedAlreadyEnabled(t), {});
			let e = Ls();
			if (e.length > 0) throw t.error(h.adaptiveSubscriptionNotEnabledBySdkNoObserver, {
				missing: e,
				userAgent: navigator.userAgent
			});
			this.#a = !0, this.#o();
		});
	}
	disableAdaptive(e) {
		let { calls: t } = this.#e;
		return t.run(e, async () => {
			if (!this.#a) throw t.error((e, t) => h.adaptiveSubscriptionDisableFailedAlreadyDisabled(t), {});
			this.#a = !1, this.#i?.close(), this.#i = void 0;
		});
	}
	#o() {
		this.#i = new Rs({
			pictures: () => this.#e.roster.pictures(),
			show: (e, t, n) => this.#t.show(e, t, n)
		});
	}
	#s() {
		return new Ys({
			request: (e, t) => this.#e.request(e, t),
			isOn: (e, t) => this.#e.roster.participants.get(e)?.isAnnounced(t) ?? !1,
			participantIds: () => this.#e.roster.participants.keys()
		});
	}
}, Fc = [
	["virtual", /virtual|obs\b|manycam|snap camera|loopback|blackhole|vb-audio|cable|fake/i],
	["bluetooth", /bluetooth|airpods|\bbuds\b|hands-?free/i],
	["headset", /headset|headphone|earphone/i],
	["phone", /\b(front|back|rear|facing)\b|iphone|ipad|android/i],
	["usb", /\busb\b|webcam|logitech|\([0-9a-f]{4}:[0-9a-f]{4}\)/i],
	["built-in", /built-?in|internal|integrated|facetime|macbook/i]
], Ic = (e) => Fc.find(([, t]) => t.test(e))?.[0] ?? "unknown", Lc = 12e4, Rc = 2, zc = [
	"ethernet",
	"wifi",
	"cellular",
	"bluetooth",
	"vpn",
	"wimax",
	"mixed",
	"other",
	"none"
], Bc = [
	"none",
	"bandwidth",
	"cpu",
	"other"
], Vc = (e) => [...e.values()], Hc = (e) => Math.round(e * 1e4) / 10, X = (e) => Math.max(0, Math.round(e)), Uc = class {
	#e;
	#t;
	#n = /* @__PURE__ */ new Map();
	#r = performance.now();
	#i = !1;
	#a = 0;
	constructor(e, t) {
		this.#e = t, e > 0 && (this.#t = setInterval(() => void this.#o(), e));
	}
	close() {
		clearInterval(this.#t);
	}
	async #o() {
		if (!(this.#i || !this.#e.isConnected())) {
			this.#i = !0;
			try {
				let e = await this.#l().catch((e) => this.#s(e));
				e && this.#e.isConnected() && await this.#e.send(e);
			} catch (e) {
				this.#c(e);
			} finally {
				this.#i = !1;
			}
		}
	}
	#s(e) {
		++this.#a < Rc || !this.#e.isConnected() || (this.close(), this.#e.failed(String(e)));
	}
	#c(e) {
		e instanceof _ && (p(e) || e.retryable) || !this.#e.isConnected() || (this.close(), e instanceof _ ? this.#e.refused(e) : A("ERROR", "a report of quality failed", e));
	}
	async #l() {
		let e = await Promise.all(Y.map(async (e) => [e, await this.#e.sent(e)])), t = await this.#e.received();
		this.#a = 0;
		let n = performance.now(), r = Math.min(Math.round(n - this.#r), Lc);
		this.#r = n;
		let i = this.#n;
		this.#n = /* @__PURE__ */ new Map();
		let a = [];
		for (let [t, n] of e) n && a.push(...this.#d(t, n, i, r));
		t && a.push(...this.#f(t, i, r));
		let o = qc([...e.map(([, e]) => e), t]), { camera: s, microphone: c } = this.#m();
		if (a.length !== 0 || o) return {
			durationMs: r,
			streams: a,
			...o && { path: o },
			...s && { camera: s },
			...c && { microphone: c }
		};
	}
	#u(e, t, n, r) {
		let i = n[r];
		if (typeof i != "number") return;
		let a = e.get(t)?.[r];
		return typeof a == "number" && a <= i ? i - a : Math.max(0, i);
	}
	#d(e, t, n, r) {
		let i = Wc("send", e), a = -1;
		for (let o of Vc(t)) {
			if (o.type !== "outbound-rtp" && o.type !== "remote-inbound-rtp") continue;
			let t = `send ${e} ${o.id}`;
			this.#n.set(t, o);
			let s = (e) => this.#u(n, t, o, e) ?? 0;
			o.type === "remote-inbound-rtp" ? (i.packetsLost += X(s("packetsLost")), Gc(i, "jitterMs", o.jitter), Gc(i, "rttMs", o.roundTripTime)) : (i.packets += X(s("packetsSent")), i.bitrateBps += X(s("bytesSent") * 8e3 / r), s("packetsSent") > 0 && (a = Kc(i, o, a)));
		}
		if (i.packets === 0) return [];
		if (i.streams = 1, e === "video" || e === "share") {
			let e = ua(t);
			i.limitation = Bc.includes(e) ? e : "other";
		}
		return [i];
	}
	#f(e, t, n) {
		let r = this.#p(), i = /* @__PURE__ */ new Map(), a = /* @__PURE__ */ new Map(), o = /* @__PURE__ */ new Map();
		for (let s of Vc(e)) {
			if (s.type !== "inbound-rtp") continue;
			let e = `recv ${s.id}`;
			this.#n.set(e, s);
			let c = (n) => this.#u(t, e, s, n), l = X(c("packetsReceived") ?? 0), u = X(c("packetsLost") ?? 0);
			if (l === 0 && u === 0) continue;
			let d = r.get(s.trackIdentifier ?? "") ?? (s.kind === "audio" ? "audio" : "video"), f = i.get(d) ?? Wc("recv", d);
			i.set(d, f), f.streams++, f.packets += l, f.packetsLost += u, f.bitrateBps += X((c("bytesReceived") ?? 0) * 8e3 / n), Gc(f, "jitterMs", s.jitter), a.set(d, Kc(f, s, a.get(d) ?? -1));
			let p = c("freezeCount");
			p !== void 0 && (f.freezes = (f.freezes ?? 0) + X(p));
			let m = c("totalFreezesDuration");
			m !== void 0 && (f.frozenMs = (f.frozenMs ?? 0) + X(m * 1e3));
			let h = o.get(d) ?? {
				all: 0,
				concealed: 0
			};
			o.set(d, h), h.all += c("totalSamplesReceived") ?? 0, h.concealed += (c("concealedSamples") ?? 0) - (c("silentConcealedSamples") ?? 0), h.all > 0 && (f.concealed = Math.min(1, Math.max(0, h.concealed / h.all)));
		}
		return [...i.values()];
	}
	#p() {
		let e = /* @__PURE__ */ new Map();
		for (let { streams: t } of this.#e.participants()) for (let { kind: n, track: r } of t.values()) e.set(r.id, n);
		return e;
	}
	#m() {
		let { local: e } = this.#e, t = (e, t) => {
			if (!t) return;
			let n = this.#e.device(e);
			return n ? Ic(n.label) : "custom";
		};
		return {
			camera: t("video", e.webcamOn),
			microphone: t("audio", e.micOn)
		};
	}
}, Wc = (e, t) => ({
	direction: e,
	kind: t,
	streams: 0,
	bitrateBps: 0,
	packets: 0,
	packetsLost: 0
});
function Gc(e, t, n) {
	n !== void 0 && n >= 0 && (e[t] = Math.max(e[t] ?? 0, Hc(n)));
}
function Kc(e, t, n) {
	let { frameWidth: r, frameHeight: i, framesPerSecond: a } = t;
	return !r || !i || r * i <= n ? n : (e.width = r, e.height = i, e.framesPerSecond = Math.round((a ?? 0) * 10) / 10, r * i);
}
function qc(e) {
	for (let t of e) {
		let e = t ? Vc(t) : [], n = e.find(({ type: e, nominated: t, state: n }) => e === "candidate-pair" && t && n !== "failed");
		if (!n) continue;
		let r = e.find(({ id: e }) => e === n.localCandidateId), i = { network: Jc(r) };
		r?.candidateType && (i.candidate = r.candidateType);
		let a = r?.relayProtocol ?? r?.protocol;
		return a && (i.protocol = a), n.currentRoundTripTime !== void 0 && (i.rttMs = Hc(n.currentRoundTripTime)), n.availableOutgoingBitrate !== void 0 && (i.availableBps = X(n.availableOutgoingBitrate)), i;
	}
}
function Jc(e) {
	let t = e?.networkType ?? navigator.connection?.type ?? "";
	return zc.includes(t) ? t : "unknown";
}
// src/roster.ts
var Yc = {
	cam: !1,
	share: !1
}, Xc = class {
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
		this.participants.clear(), this.pins.clear(), this.#e.local.setPinState(Yc), this.#t = this.#n = this.#r = null, this.#i = [];
	}
	enter(e) {
		this.#e.local.become(e.participant);
		for (let t of e.participants) this.#a(t);
		for (let { participantId: t, state: n } of e.pins) this.#m(t, n);
		this.#t = e.activeSpeakerId || null, this.#n = e.presenterId || null;
	}
	hold() {
		for (let e of this.participants.values()) e.hold();
	}
	reenter(e) {
		let { local: t } = this.#e;
		this.#l(t, e.participant), t.become(e.participant);
		let n = new Map(e.participants.map((e) => [e.id, e]));
		for (let [e, t] of this.participants) {
			let r = n.get(e);
			if (!r) this.#s(e, {
				code: 1001,
				name: "WEBSOCKET_DISCONNECTED"
			});
			else {
				let { connectionState: n = "CONNECTED" } = r;
				this.#l(t, r);
				for (let e of r.streams) t.announce(e.kind, e);
				n !== t.connectionState && this.#f(e, { state: n }), t.releaseSoon();
			}
		}
		for (let [e, t] of n) this.participants.has(e) || this.#o(t);
		let r = new Set(e.pins.map(({ participantId: e }) => e));
		for (let e of this.pins.keys()) r.has(e) || this.#p({
			participantId: e,
			state: Yc,
			pinnedBy: ""
		});
		for (let t of e.pins) {
			let { cam: e, share: n } = this.pins.get(t.participantId) ?? Yc;
			(e !== t.state.cam || n !== t.state.share) && this.#p(t);
		}
		this.#u(e.activeSpeakerId);
		let i = this.#n ? this.#h(this.#n) : void 0;
		if (e.presenterId || !i?.screenShareOn) return this.#d(e.presenterId);
		let a = i.on("media-status-changed", () => {
			i.screenShareOn || (a(), this.#n === i.id && this.#d(""));
		});
	}
	tell() {
		let { events: e } = this.#e;
		for (let t of this.participants.values()) e.emit("participant-joined", t);
		this.#t && e.emit("speaker-changed", this.#t), this.#n && e.emit("presenter-changed", this.#n), this.#g();
	}
	event({ name: e, data: t }) {
		switch (e) {
			case "participant-joined": return this.#o(t.participant), !0;
			case "participant-left": return this.#s(t.participantId, t.reason), !0;
			case "participant-mode-changed": return this.#c(t.participantId, t.mode), !0;
			case "participant-connection-changed": return this.#f(t.participantId, {
				state: t.state,
				lost: t.lost
			}), !0;
			case "stream-enabled": return this.participants.get(t.participantId)?.announce(t.stream.kind, t.stream), !0;
			case "stream-disabled": {
				let { participantId: e, stream: n, by: r } = t, { local: i } = this.#e;
				return e === i.id ? r !== "" && this.#e.switchedOff(n.kind, i.isAnnounced(n.kind)) : this.participants.get(e)?.announce(n.kind, void 0), !0;
			}
			case "stream-state": return this.participants.get(t.participantId)?.forwarded(t), !0;
			case "speaker-changed": return this.#u(t.participantId), !0;
			case "presenter-changed": return this.#d(t.participantId), !0;
			case "pin-state-changed": return this.#p(t), !0;
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
	sounds() {
		return this.#i.filter(({ participantId: e, kind: t }) => (t === "audio" || t === "shareAudio") && this.participants.get(e)?.isAnnounced(t));
	}
	receive(e) {
		let t = this.#i;
		this.#i = e;
		for (let { participantId: n, kind: r } of t) e.some((e) => e.participantId === n && e.kind === r) || this.participants.get(n)?.receive(r, void 0);
		for (let { participantId: t, kind: n, ...r } of e) this.participants.get(t)?.receive(n, r);
	}
	#a(e) {
		let t = new js(e, !1, this.#e.host);
		this.participants.set(e.id, t);
		for (let n of e.streams) t.announce(n.kind, n);
		return t;
	}
	#o(e) {
		let t = this.#a(e);
		this.#e.events.emit("participant-joined", t);
		for (let { participantId: n, kind: r, ...i } of this.#i) n === e.id && t.receive(r, i);
		this.#g();
	}
	#s(e, t) {
		let n = this.participants.get(e);
		n && (this.participants.delete(e), n.left(), this.#e.host.preferences.forget(e), this.pins.delete(e), this.#e.events.emit("participant-left", n, t), this.#g());
	}
	#c(e, t) {
		let n = this.#h(e);
		if (n?.setMode(t), n?.local && t !== "SEND_AND_RECV") for (let e of Y) this.#e.switchedOff(e);
		let r = {
			participantId: e,
			mode: this.#e.host.modeName(t)
		};
		this.#e.events.emit("participant-mode-changed", r), this.#e.events.emit("participant-mode-change", r);
	}
	#l({ id: e, presentMode: t }, { mode: n }) {
		n !== t && this.#c(e, n);
	}
	#u(e) {
		(e || null) !== this.#t && (this.#t = e || null, this.#e.events.emit("speaker-changed", this.#t), this.#g());
	}
	#d(e) {
		(e || null) !== this.#n && (this.#n = e || null, this.#e.events.emit("presenter-changed", this.#n), this.#g());
	}
	#f(e, t) {
		let n = this.participants.get(e);
		n && (n.connection(t), this.#e.events.emit("participant-connection-changed", {
			participantId: e,
			...t
		}));
	}
	#p(e) {
		this.#m(e.participantId, e.state), this.#e.events.emit("pin-state-changed", {
			...e,
			peerId: e.participantId
		});
	}
	#m(e, t) {
		this.#h(e)?.setPinState(t), t.cam || t.share ? this.pins.set(e, t) : this.pins.delete(e);
	}
	#h(e) {
		return e === this.#e.local.id ? this.#e.local : this.participants.get(e);
	}
	#g() {
		let e = [
			this.#n,
			this.#t,
			this.#r,
			...this.participants.keys()
		].map((e) => e ? this.#h(e) : void 0).find(Boolean) ?? this.#e.local;
		e.id !== this.#r && (this.#r = e.id, this.#e.events.emit("main-participant-changed", e));
	}
}, Zc = 500, Qc = 1e3, $c = 50, el = 70, tl = class {
	#e;
	#t;
	#n;
	#r;
	#i = [];
	#a = [];
	#o = 0;
	#s = 0;
	#c = 0;
	#l;
	#u = !1;
	constructor(e, t) {
		let { newMessageLimit: n, realtimeOverflow: r = "queue", maxQueue: i = el } = t;
		this.#e = e, this.#t = n, this.#n = r === "drop", this.#r = i * (n ?? $c);
	}
	take(e, t) {
		if (this.#u) return;
		let n = this.#d();
		if (this.#i.length === 0 && n > 0 && t < Qc) return this.#f(e);
		this.#n ? this.#o++ : (this.#i.push(e), this.#i.length > this.#r && (this.#i.shift(), this.#o++)), this.#p();
	}
	close() {
		this.#u = !0, clearTimeout(this.#l);
	}
	#d() {
		if (this.#t === void 0) return $c;
		let e = Date.now();
		return e >= this.#c && (this.#c = e + Zc, this.#s = 0), this.#t - this.#s;
	}
	#f(e) {
		this.#s++, this.#h(this.#e.onMessageReceived, e), this.#e.onBatchReceived && (this.#a.push(e), this.#p());
	}
	#p() {
		if (this.#l !== void 0) return;
		let e = (this.#i.length > 0 || this.#o > 0) && this.#a.length === 0 && this.#t !== void 0 ? Math.max(0, this.#c - Date.now()) : 0;
		this.#l = setTimeout(() => this.#m(), e);
	}
	#m() {
		this.#l = void 0;
		for (let e of this.#i.splice(0, Math.max(0, this.#d()))) {
			if (this.#u) return;
			this.#s++, this.#h(this.#e.onMessageReceived, e), this.#a.push(e);
		}
		let e = this.#a;
		this.#a = [], e.length > 0 && this.#h(this.#e.onBatchReceived, e);
		let t = this.#o;
		this.#o = 0, t > 0 && this.#h(this.#e.onMessageDrop, { droppedCount: t }), this.#i.length > 0 && !this.#u && this.#p();
	}
	#h(e, t) {
		if (!(this.#u || !e)) try {
			e(t);
		} catch (e) {
			M(e);
		}
	}
}, nl = ["queue", "drop"], rl = 200, il = class {
	#e;
	#t = /* @__PURE__ */ new Map();
	#n = Infinity;
	constructor(e) {
		this.#e = e;
	}
	reset() {
		for (let e of this.#t.values()) for (let { delivery: t } of e) t.close();
		this.#t.clear(), this.#n = Infinity;
	}
	publish(e, t, n, r) {
		let i = "pubSub.publish";
		return this.#e.call(i, async () => {
			this.#c(i, "topic", e, "string"), this.#c(i, "message", t, "string"), r != null && this.#c(i, "payload", r, "object"), S({
				method: i,
				at: this.#e.where()
			}, "options", n, {
				persist: "boolean",
				sendOnly: "array"
			});
			let { persist: a, sendOnly: o } = n ?? {};
			if (o && !(Array.isArray(o) && o.every((e) => typeof e == "string"))) throw this.#l(i, "sendOnly", o, "an array of participant ids");
			let s = {
				topic: e,
				message: t,
				persist: a ?? !1,
				sendOnly: o ?? [],
				...r && { payload: r }
			};
			us(await this.#e.request("pubsub.publish", s), "pubsub.publish");
		});
	}
	subscribe(e, t, n) {
		let r = "pubSub.subscribe";
		return this.#e.call(r, async () => {
			this.#c(r, "topic", e, "string"), this.#o(r, t);
			let i = this.#a(r, n ?? {}), a = {
				listener: t,
				delivery: new tl(typeof t == "function" ? { onMessageReceived: t } : t, i)
			};
			this.#t.set(e, [...this.#t.get(e) ?? [], a]);
			let o = typeof t == "function" || t.onOldMessagesReceived !== void 0 ? i.oldMessageLimit : 0;
			try {
				let n = {
					topic: e,
					...o !== void 0 && { oldMessageLimit: o }
				}, r = ds(await this.#e.request("pubsub.subscribe", n), "pubsub.subscribe").messages.map(ol);
				if (typeof t == "function") return r;
				this.#r(t, r);
				return;
			} catch (t) {
				throw this.#i(e, a), t;
			}
		});
	}
	unsubscribe(e, t) {
		let n = "pubSub.unsubscribe";
		return this.#e.call(n, async () => {
			this.#c(n, "topic", e, "string"), t != null && this.#o(n, t);
			let r = this.#t.get(e) ?? [];
			if (t) {
				let n = r.find((e) => e.listener === t);
				n && this.#i(e, n);
			} else for (let t of r) this.#i(e, t);
			this.#t.has(e) || await this.#e.request("pubsub.unsubscribe", { topic: e });
		});
	}
	deliver(e) {
		let t = Date.now() - Date.parse(e.timestamp);
		this.#n = Math.min(this.#n, t);
		for (let { delivery: n } of this.#t.get(e.topic) ?? []) n.take(ol(e), t - this.#n);
	}
	async restore() {
		for (let e of this.#t.keys()) await this.#e.request("pubsub.subscribe", {
			topic: e,
			oldMessageLimit: 0
		});
	}
	#r({ onOldMessagesReceived: e }, t) {
		try {
			e?.(t, { isLast: !0 });
		} catch (e) {
			M(e);
		}
	}
	#i(e, t) {
		t.delivery.close();
		let n = (this.#t.get(e) ?? []).filter((e) => e !== t);
		n.length > 0 ? this.#t.set(e, n) : this.#t.delete(e);
	}
	#a(e, t) {
		S({
			method: e,
			at: this.#e.where()
		}, "options", t, {
			oldMessageLimit: "number",
			realtimeOverflow: nl,
			maxQueue: "number",
			newMessageLimit: "number"
		});
		let { oldMessageLimit: n, realtimeOverflow: r, maxQueue: i, newMessageLimit: a } = t;
		if (this.#s(e, "oldMessageLimit", n, 0), this.#s(e, "newMessageLimit", a, 1), this.#s(e, "maxQueue", i, 1, rl), i !== void 0 && r === "drop") {
			let t = {
				method: e,
				parameter: "maxQueue",
				other: "realtimeOverflow drop"
			};
			throw new _(h.invalidParameterConflict(t, this.#e.where()));
		}
		return t;
	}
	#o(e, t) {
		if (typeof t != "function") {
			if (typeof t != "object" || !t) throw this.#l(e, "listeners", t, "an object of functions, or a function");
			S({
				method: e,
				at: this.#e.where()
			}, "listeners", t, {
				onMessageReceived: "function",
				onBatchReceived: "function",
				onOldMessagesReceived: "function",
				onMessageDrop: "function"
			});
		}
	}
	#s(e, t, n, r, i = 2 ** 53 - 1) {
		if (n == null) return;
		let a = n;
		if (Number.isInteger(a) && a >= r && a <= i) return;
		let o = i === 2 ** 53 - 1 ? `${r} or more` : `of ${r} to ${i}`, s = {
			method: e,
			parameter: t,
			got: String(a),
			want: `an integer ${o}`
		};
		throw new _(h.invalidParameterOutOfRange(s, this.#e.where()));
	}
	#c(e, t, n, r) {
		if ((r !== "object" || typeof n != "object" || !n || Array.isArray(n)) && (r === "object" || typeof n !== r)) throw this.#l(e, t, n, al[r]);
	}
	#l(e, t, n, r) {
		let i = n === null ? "null" : Array.isArray(n) ? "an array" : typeof n;
		return new _(h.invalidParameterWrongType({
			method: e,
			parameter: t,
			got: i,
			want: r
		}, this.#e.where()));
	}
}, al = {
	string: "a string",
	number: "a number",
	boolean: "a boolean",
	object: "an object",
	function: "a function"
};
function ol({ payload: e, ...t }) {
	return {
		...t,
		...e && { payload: e }
	};
}
// src/precallresult.ts
var sl = class extends Error {
	code;
	fault;
	reportId;
	constructor(e, t, n, r = "") {
		super(t), this.name = "PreCallTestError", this.code = e, this.fault = n, this.reportId = r;
	}
}, cl = [
	"UDP_OVER_TCP",
	"UDP_ONLY",
	"TCP_ONLY"
];
function ll(e, t) {
	let n = t === "UDP_ONLY" ? "tcp" : "udp";
	return t === "UDP_OVER_TCP" ? e : e.replace(RegExp(`^a=candidate:\\S+ \\d+ ${n} .*\\r\\n`, "gim"), "");
}
function ul(e, t) {
	let n = (e) => /^turns:|[?&]transport=tcp\b/i.test(e);
	return t === "UDP_OVER_TCP" ? [...e] : e.map((e) => ({
		...e,
		urls: [e.urls].flat().filter((e) => n(e) === (t === "TCP_ONLY"))
	})).filter(({ urls: e }) => e.length > 0);
}
// src/close.ts
var dl = {
	1012: vi,
	1013: _i
};
function fl(e, t) {
	let r = dl[e] ?? e;
	if (r < 3e3 || r >= 6e3) return;
	let [i = "", a = "", o = ""] = t.split(" "), s = n[r];
	if (i === "" && e < 3e3) return;
	let c = o || le();
	return {
		code: r,
		name: i || s?.name || "",
		message: s?.message ?? "The server ended the connection.",
		reason: a,
		detail: `The server closed the connection with ${r} ${i} (${a}); the message with the values did not arrive.`,
		remedy: "Look up this code and reason in docs, or this id in the server's log or console.",
		fatal: !0,
		retryable: r >= 5e3,
		retryAfterMs: 0,
		id: c,
		causeId: "",
		at: (/* @__PURE__ */ new Date()).toISOString(),
		docs: `/errors/${r}#${a}`,
		consoleUrl: `/console/faults/${c}`,
		meetingId: "",
		sessionId: "",
		participantId: ""
	};
}
// src/probe.ts
var pl = 3e3;
async function ml(e, t, n) {
	let r = AbortSignal.timeout(pl), i = e.signal, a = await gl(`${e.base}/v1/signal`, r);
	if (!a) return hl(e, t, n, r);
	let { status: o, redirectedTo: s } = a;
	if (s !== void 0) {
		let e = s.replace(/\/v1\/signal\/?$/, "");
		return h.signalingUnreachableRedirected({
			url: i,
			target: s,
			suggested: e
		}, t);
	}
	if (o === 426) return h.signalingUnreachableUpgradeStripped({
		url: i,
		status: o
	}, t);
	let c = _l(a.body);
	if (c && c.code !== 4108) return c;
	if (vl(o)) return h.signalingUnreachableGatewayDown({
		url: i,
		status: o,
		attempts: n
	}, t);
	if (o === 401 || o === 403 || o === 407) return h.signalingUnreachableForbidden({
		url: i,
		status: o
	}, t);
	let l = await yl(e.base, r) ? void 0 : await bl(e.base, r);
	return l ? h.signalingUnreachableWrongPath({
		url: i,
		suggested: l
	}, t) : c ? h.signalingUnreachablePrefixKept({
		url: i,
		status: o,
		prefix: new URL(e.base).pathname
	}, t) : h.signalingUnreachableNotKlatch({
		url: i,
		status: o
	}, t);
}
async function hl(e, t, n, r) {
	let i = e.signal, a = await bl(e.base, r);
	if (a) return h.signalingUnreachableWrongPath({
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
		return h.signalingUnreachableNoConnection({
			url: i,
			attempts: n
		}, t);
	}
	return h.signalingUnreachableAnswerHidden({
		url: `${e.base}/v1/signal`,
		page: location.origin,
		attempts: n
	}, t);
}
async function gl(e, t) {
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
function _l(e) {
	try {
		return Go(e, "answer");
	} catch {
		return;
	}
}
var vl = (e) => e >= 502 && e <= 504 || e >= 520 && e <= 527 || e === 530;
async function yl(e, t) {
	let n = (await gl(`${e}/healthz`, t))?.body;
	return typeof n == "object" && !!n && n.service === "klatch";
}
async function bl(e, t) {
	let n = new URL(e), r = [];
	for (let e = n.pathname.replace(/\/+$/, ""); e !== "";) e = e.slice(0, e.lastIndexOf("/")), r.push(n.origin + e);
	n.protocol === "http:" && r.push(...[e, ...r].map((e) => e.replace("http:", "https:")));
	let i = await Promise.all(r.map((e) => yl(e, t)));
	return r.find((e, t) => i[t]);
}
var xl = class {
	#e = [];
	#t = (e) => {
		e.disposition === "enforce" && this.#e.push(e);
	};
	constructor() {
		globalThis.document?.addEventListener("securitypolicyviolation", this.#t);
	}
	blocked(e) {
		let { host: t, protocol: n } = new URL(e), r = this.#e.find(({ blockedURI: e }) => {
			let r = Sl(e);
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
function Sl(e) {
	try {
		return new URL(e);
	} catch {
		return;
	}
}
// src/signal.ts
var Cl = {
	connect: 4e3,
	answer: 15e3,
	pong: 2400,
	pongWithMedia: 8e3,
	check: 1e3,
	backoff: 300,
	backoffMax: 5e3,
	joinAttempts: 3,
	reach: 7500,
	unreachable: 3e3
}, wl = 5e3, Tl = 1e3, El = /^(consume|setMode|pin|request|pubsub\.[su]|store|end|leave|report)/, Dl = 500, Ol = 262144;
function kl() {
	return globalThis.navigator?.connection;
}
var Z = class extends Error {
	opened;
	constructor(e) {
		super("unreached"), this.opened = e;
	}
}, Al = class {
	#e;
	#t;
	#n;
	#r;
	#i;
	#a = /* @__PURE__ */ new Map();
	#o = "new";
	#s;
	#c = 0;
	#l = 0;
	#u;
	#d = () => ({});
	#f;
	#p = 0;
	#m;
	#h;
	#g = !1;
	#_ = !1;
	#v = 0;
	#y = !1;
	#b;
	#x;
	constructor(e, t, n, r = {}, i = () => !1) {
		this.#i = i, this.#e = e, this.#t = t, this.#r = n, this.#n = {
			...Cl,
			...r
		}, globalThis.addEventListener?.("online", this.#N), globalThis.addEventListener?.("offline", this.#M), globalThis.addEventListener?.("pageshow", this.#j), kl()?.addEventListener("change", this.#j);
	}
	get awayMs() {
		return this.#o === "cut" ? Date.now() - this.#p : 0;
	}
	async join(e) {
		this.#o = "joining", this.#d = e;
		let t = Date.now(), n = new xl();
		try {
			for (let e = 1;; e++) try {
				let e = await this.#C();
				return this.#k(), e;
			} catch (r) {
				if (this.#w()) throw r;
				let [i, a] = r instanceof Z ? await this.#S(r, n, e).then((e) => [new _(e), u(e) !== "end"]) : [r, r instanceof _ && f(r)], o = e >= this.#n.joinAttempts || Date.now() - t > this.#n.reach;
				if (!a || o || this.#w()) throw i;
				await this.#H(e);
			}
		} finally {
			n.close();
		}
	}
	async #S({ opened: e }, t, n) {
		if (e) return h.signalingUnreachableNoConnection({
			url: this.#e.signal,
			attempts: n
		}, this.#r());
		let r = await ml(this.#e, this.#r(), n), i = t?.blocked(this.#e.signal);
		return i ? h.signalingUnreachableCSPBlocked({
			url: this.#e.signal,
			...i
		}, this.#r()) : r;
	}
	async #C() {
		let e = await this.#D("join", {
			protocol: 1,
			...this.#d()
		}, is);
		return this.#u = e, e;
	}
	request(e, t = {}, n = this.#n.answer, r) {
		return this.#w() ? Promise.reject(this.#T(e)) : this.#W(e, t, !0, n, void 0, r);
	}
	close() {
		if (this.#w()) return;
		this.#o = "closed", globalThis.removeEventListener?.("online", this.#N), globalThis.removeEventListener?.("offline", this.#M), globalThis.removeEventListener?.("pageshow", this.#j), kl()?.removeEventListener("change", this.#j), clearInterval(this.#h);
		let e = this.#s;
		this.#f !== void 0 && e?.readyState === WebSocket.OPEN && e.send(JSON.stringify({
			jsonrpc: "2.0",
			id: ++this.#c,
			method: "leave",
			params: {}
		})), this.#J(1e3), this.#b?.(), this.#x?.();
		for (let [e, { method: t }] of this.#a) this.#K(e)?.reject(this.#T(t));
	}
	#w() {
		return this.#o === "closed";
	}
	#T(e) {
		return new _(h.operationAbortedLeft({ method: e }, this.#r()));
	}
	#E(e) {
		this.#w() || (this.close(), this.#t.closed(e));
	}
	async #D(e, t, n) {
		let r = await this.#O(), i = new Promise((n, i) => {
			r.onclose = ({ code: e, reason: t }) => {
				let n = fl(e, t);
				i(n ? new _(n) : new Z(!0));
			}, this.#f = this.#c + 1, this.#W(e, t, !1, this.#n.answer, r).then(n, i);
		});
		try {
			let t = n(await i, e);
			return r.onclose = ({ code: e, reason: t }) => this.#P(e, t), t;
		} catch (e) {
			throw this.#s === r && this.#J(1e3), e;
		} finally {
			this.#f = void 0;
		}
	}
	cut(e, t) {
		this.#o === "open" && (this.#v = Date.now() + e, t && this.#u && (this.#u = {
			...this.#u,
			secret: "of a server that is gone"
		}), this.#P(1006, ""));
	}
	#O() {
		return new Promise((e, t) => {
			if (Date.now() < this.#v) return t(new Z(!1));
			let n;
			try {
				n = new WebSocket(this.#e.signal);
			} catch {
				t(new Z(!1));
				return;
			}
			this.#s = n, this.#x = () => {
				clearTimeout(r), this.#J(1e3), t(new Z(!1));
			};
			let r = setTimeout(this.#x, this.#n.connect);
			n.onclose = this.#x, n.onopen = () => {
				clearTimeout(r), this.#x = void 0, e(n);
			}, n.onmessage = ({ data: e }) => {
				this.#s === n && this.#q(e);
			};
		});
	}
	#k() {
		this.#o = "open";
		let e = this.#m;
		this.#m = void 0, e && this.#t.reached(e, Date.now() - this.#p), clearInterval(this.#h), this.#h = setInterval(() => this.#A(), this.#u?.pingIntervalMs ?? 2e4);
	}
	#A(e = this.#n.pong) {
		let t = this.#s, n = Date.now(), r = !1, i = this.#W("ping", {}, !1, this.#n.pongWithMedia).then(() => void (r = !0), () => void 0), a = !1, o = async (s) => {
			let c = Date.now() + s;
			if (await Promise.race([i, new Promise((e) => setTimeout(e, s))]), r || this.#s !== t || this.#o !== "open") return;
			if (!a && Date.now() - c > Dl) return a = !0, o(e);
			let l = n + this.#n.pongWithMedia - Date.now();
			if (l > 0 && this.#i()) return o(Math.min(e, l));
			this.#P(1006, "");
		};
		return o(e);
	}
	check() {
		this.#o !== "open" || this.#g || (this.#g = !0, this.#y = !0, this.#A(this.#n.check).then(() => {
			this.#g = this.#y = !1;
		}));
	}
	#j = () => this.check();
	#M = () => {
		this.#_ = !0, this.check();
	};
	#N = () => {
		let e = this.#_;
		this.#_ = !1, e || this.check(), this.#y = e || this.#o === "cut", this.#o === "open" && e ? this.#P(1006, "") : this.#o === "cut" && e && this.#x?.(), this.#b?.();
	};
	#P(e, t) {
		if (this.#w()) return;
		this.#J(1e3);
		let n = fl(e, t);
		if (n && d(n) === "end") return this.#E(n);
		this.#F(n && d(n) === "rejoin" ? n : void 0);
	}
	async #F(e) {
		this.#o = "cut", this.#p = Date.now();
		let t = this.#u?.resumeWindowMs ?? 0, n = this.#p + t;
		clearInterval(this.#h);
		for (let [e, t] of this.#a) clearTimeout(t.timer), t.resend || this.#K(e);
		this.#t.cut();
		let r = e;
		r && this.#L(r);
		let i = 0;
		for (let e = 1; !this.#w(); e++) {
			if (await this.#H(i++, !r && this.awayMs < wl), this.#w()) return;
			try {
				r ? await this.#B() : await this.#V();
				return;
			} catch (a) {
				if (this.#w()) return;
				a instanceof Z && this.#I(a, e);
				let o = a instanceof _ ? a.toJSON() : void 0, s = o ? d(o) : "retry";
				if (o && !r && s === "rejoin" && Date.now() < n) {
					r = o, this.#L(o), n = Date.now() + t, i = 0;
					continue;
				}
				if (o && (s === "end" || s === "rejoin" && !r)) return this.#E({
					...o,
					causeId: o.causeId || (r?.id ?? "")
				});
				if (o && o.retryAfterMs > 0) {
					let t = Math.min(o.retryAfterMs, n - Date.now());
					this.#t.pausing({
						attempt: e + 1,
						inMs: t
					}), await this.#U(t);
				}
			}
			if (Date.now() > n) {
				let t = {
					attempts: e,
					forMs: this.awayMs
				};
				return this.#E(h.reconnectFailedGaveUp(t, {
					...this.#r(),
					causeId: r?.id ?? ""
				}));
			}
		}
	}
	async #I(e, t) {
		let n = this.#p;
		if (this.#m || this.awayMs < this.#n.unreachable) return;
		let r = await this.#S(e, void 0, t);
		if (this.#m || this.awayMs === 0 || this.#p !== n) return;
		let i = {
			...r,
			fatal: !1
		};
		this.#m = i, this.#t.unreachable(i, n);
	}
	#L(e) {
		this.#R(), this.#t.rejoining({
			...e,
			fatal: !1
		});
	}
	#R(e) {
		for (let [t, { method: n, began: r }] of this.#a) e?.test(n) || this.#z(t, n, Date.now() - r);
	}
	#z(e, t, n) {
		let r = h.operationTimedOutNoAnswer({
			method: t,
			timeoutMs: n
		}, this.#r());
		this.#K(e)?.reject(new _(r));
	}
	async #B() {
		this.#l = 0;
		let e = await this.#C();
		this.#w() || (this.#k(), this.#t.rejoined(e));
	}
	async #V() {
		let { sessionId: e = "", participantId: t = "", secret: n = "" } = this.#u ?? {}, r = {
			protocol: 1,
			sessionId: e,
			participantId: t,
			secret: n,
			lastSeq: this.#l
		}, i = await this.#D("resume", r, as);
		if (this.#w()) return;
		this.#u &&= {
			...this.#u,
			secret: i.secret
		}, this.#k();
		let { welcome: a, seq: o } = i;
		(a || o < this.#l) && (this.#l = o, this.#R(El));
		for (let [e, t] of [...this.#a].sort(([e], [t]) => e - t)) this.#G(e, t), this.#s?.send(t.frame);
		this.#t.resumed(a);
	}
	async #H(e, t = !1) {
		let { backoff: n, backoffMax: r } = this.#n, i = this.#y;
		if (this.#y = !1, i) return;
		let a = Math.min(t ? Tl : r, n * 2 ** (t ? e - 2 : e)) * (.5 + Math.random() / 2);
		this.#o === "cut" && this.#t.pausing({
			attempt: e + 1,
			inMs: a
		}), await this.#U(a);
	}
	retry() {
		this.#o === "cut" && this.#b?.();
	}
	async #U(e) {
		await new Promise((t) => {
			let n = setTimeout(t, e);
			this.#b = () => {
				clearTimeout(n), t();
			};
		}), this.#b = void 0;
	}
	#W(e, t, n, r, i = this.#o === "open" ? this.#s : void 0, a) {
		let o = ++this.#c, s;
		try {
			s = yt(e, "params", {
				jsonrpc: "2.0",
				id: o,
				method: e,
				params: t,
				traceparent: a
			}, this.#r());
		} catch (e) {
			return Promise.reject(e);
		}
		let c = s.length > Ol / 3 ? new TextEncoder().encode(s).length : 0;
		return c > Ol ? Promise.reject(new _(h.invalidParameterTooLarge({
			method: e,
			bytes: c,
			limit: Ol
		}, this.#r()))) : new Promise((t, a) => {
			let c = {
				method: e,
				began: Date.now(),
				frame: s,
				resend: n,
				timeoutMs: r,
				timer: void 0,
				resolve: t,
				reject: a
			};
			this.#a.set(o, c), i && (this.#G(o, c), i.send(s));
		});
	}
	#G(e, { method: t, timeoutMs: n }) {
		let r = this.#a.get(e);
		r && (r.timer = setTimeout(() => this.#z(e, t, n), n));
	}
	#K(e) {
		let t = this.#a.get(e);
		return this.#a.delete(e), clearTimeout(t?.timer), t;
	}
	#q(e) {
		let t;
		try {
			let n = ys(F(e, "frame"));
			if (n.type === "result") return this.#K(n.id)?.resolve(n.result);
			if (n.type === "refusal") {
				let e = n.id ?? this.#f, t = e === void 0 ? void 0 : this.#K(e);
				return t ? t.reject(new _(n.fault)) : this.#t.refused(n.fault);
			}
			if (n.seq <= this.#l) return;
			if (n.seq > this.#l + 1) return this.#P(1006, "");
			this.#l = n.seq, t = gs(n.name, n.data);
			let r = t?.name === "meeting-left" ? t.data.fault : void 0;
			if (r && d(r) === "rejoin" && this.#o === "open") {
				this.#J(1e3), this.#F(r);
				return;
			}
		} catch (e) {
			M(e);
			return;
		}
		t && this.#t.event(t);
	}
	#J(e) {
		let t = this.#s;
		this.#s = void 0, t && (t.onclose = t.onmessage = t.onopen = null, t.close(e));
	}
}, jl = "0.1.0", Ml = {
	Signal: Al,
	Observer: cc,
	VideoSDKError: _,
	PreCallTestError: sl,
	faults: h,
	build: g,
	readAddress: Ei,
	withProtocol: ll,
	relaysFor: ul,
	newConnection: rc,
	setLocal: $s,
	createCameraVideoTrack: mt,
	createMicrophoneAudioTrack: E,
	encodingOf: pt,
	trackOf: k,
	checkOptions: S,
	checkCameraOptions: ct,
	checkMicrophoneOptions: lt,
	requireArgument: w,
	requireToken: nt,
	log: A,
	version: jl
}, Nl = "runPreCallTest", Pl, Fl = () => Pl?.stop();
function Il(e, t) {
	let n = new AbortController(), r = Pl, i = (async () => {
		if (r) throw Rl("ALREADY_RUNNING", h.operationInProgressInProgress({ method: Nl }));
		return (await Ll())(Ml, e, t, n.signal);
	})(), a = i.then(() => void 0, () => void 0), o = Object.assign(i, { stop: () => (n.abort(), a) });
	return r || (Pl = o, a.then(() => Pl = void 0)), o;
}
async function Ll() {
	try {
		return (await import("./precall.mjs")).run;
	} catch (e) {
		let t = e instanceof Error ? e.message : String(e);
		throw Rl("FAILED", h.unsupportedEnvironmentScriptNotLoaded({
			method: Nl,
			script: "precall.mjs",
			problem: t
		}));
	}
}
function Rl(e, t) {
	return new sl(`ERROR_PRECALL_TEST_${e}`, t.message, new _(t));
}
// src/store.ts
var zl = 1024, Bl = class {
	#e;
	#t = /* @__PURE__ */ new Map();
	#n = /* @__PURE__ */ new Map();
	#r = 0;
	constructor(e) {
		this.#e = e;
	}
	reset() {
		this.#t.clear(), this.#n.clear();
	}
	setValue(e, t) {
		let n = "realtimeStore.setValue";
		return this.#e.call(n, async () => {
			if (this.#i(n, e), t !== null && typeof t != "string") throw this.#o(n, "value", t, "a string or null");
			let r = t === null ? 0 : new TextEncoder().encode(t).length;
			if (r > zl) throw new _(h.payloadTooLargeValue({
				bytes: r,
				limitBytes: zl
			}, this.#e.where()));
			await this.#e.request("store.set", {
				key: e,
				value: t
			});
		});
	}
	getValue(e) {
		let t = "realtimeStore.getValue";
		return this.#e.call(t, async () => (this.#i(t, e), ls(await this.#e.request("store.get", { key: e }), "store.get").value ?? null));
	}
	observe(e, t) {
		let n = "realtimeStore.observe";
		return this.#e.call(n, async () => {
			if (this.#i(n, e), typeof t != "function") throw this.#o(n, "callback", t, "a function");
			let r = `observer-${++this.#r}`;
			this.#t.set(r, {
				key: e,
				listener: t
			});
			try {
				let { value: t } = ls(await this.#e.request("store.observe", { key: e }), "store.observe");
				this.#n.has(e) || this.#n.set(e, t ?? null);
			} catch (e) {
				throw this.#t.delete(r), e;
			}
			return r;
		});
	}
	stopObserving(e) {
		let t = "realtimeStore.stopObserving";
		return this.#e.call(t, async () => {
			this.#a(t, "observerId", e);
			let n = this.#t.get(e);
			if (!n) {
				let t = { observerId: String(e).slice(0, 64) };
				throw new _(h.failedToStopObservingValueUnknownObserver(t, this.#e.where()));
			}
			this.#t.delete(e);
			let { key: r } = n;
			[...this.#t.values()].some((e) => e.key === r) || (this.#n.delete(r), await this.#e.request("store.unobserve", { key: r }));
		});
	}
	changed(e, t, n) {
		this.#n.set(e, t);
		for (let r of this.#t.values()) if (r.key === e) try {
			r.listener(t, n);
		} catch (e) {
			M(e);
		}
	}
	async restore() {
		for (let e of new Set([...this.#t.values()].map((e) => e.key))) {
			let { value: t = null, updatedBy: n } = ls(await this.#e.request("store.observe", { key: e }), "store.observe");
			t !== (this.#n.get(e) ?? null) && this.changed(e, t, n);
		}
	}
	#i(e, t) {
		if (this.#a(e, "key", t), typeof t != "string") throw this.#o(e, "key", t, "a string");
	}
	#a(e, t, n) {
		w({
			method: e,
			at: this.#e.where()
		}, t, n);
	}
	#o(e, t, n, r) {
		let i = Array.isArray(n) ? "an array" : typeof n;
		return new _(h.invalidParameterWrongType({
			method: e,
			parameter: t,
			got: i,
			want: r
		}, this.#e.where()));
	}
}, Vl = 2e3, Hl = 3, Ul = class {
	#e;
	#t;
	#n;
	#r;
	#i = 0;
	constructor(e) {
		this.#e = e, this.#t = setInterval(() => void this.#a().catch(() => void 0), Vl);
	}
	close() {
		clearInterval(this.#t);
	}
	async #a() {
		let e = await this.#e.reason() ?? "none";
		if (this.#i = e === this.#r ? this.#i + 1 : 1, this.#r = e, this.#i < Hl) return;
		let t = e === "bandwidth" || e === "cpu" ? e : void 0;
		t !== this.#n && (this.#n && this.#e.changed(this.#n, "resolved"), this.#n = t, t && this.#e.changed(t, "detected"));
	}
}, Q = {
	tick: 1e3,
	silent: 8e3,
	muted: 5e3,
	unheard: 8e3
}, Wl = {
	audio: {
		silent: h.startingAudioNoMediaSent,
		ended: h.microphoneTrackEndedTrackEnded
	},
	video: {
		silent: h.startingVideoNoMediaSent,
		ended: h.webcamTrackEndedTrackEnded
	},
	share: {
		silent: h.startingScreenshareNoMediaSent,
		ended: h.startingScreenshareTrackEnded
	},
	shareAudio: {
		silent: h.startingScreenshareNoMediaSent,
		ended: h.startingScreenshareTrackEnded
	}
}, Gl = class {
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
		this.#t.set(e, r), Jl(t).then((e) => r.device = e), this.#r = Date.now(), this.#n ??= setInterval(() => void this.#c(), Q.tick);
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
		let e = Date.now(), t = Math.min(e - this.#r, 2 * Q.tick);
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
			trackState: ql(r),
			packetsSent: i?.packets ?? 0
		};
		if (r.readyState === "ended") return this.#t.delete(e), this.#e.fault(Wl[e].ended(o, this.#e.where())), this.#e.ended(e, r);
		if (t.muted) return r.muted ? void 0 : this.#d(e, t);
		if (t.mutedMs = r.muted ? t.mutedMs + n : 0, t.mutedMs >= Q.muted && !t.silent && Kl(e) && t.device) {
			let n = e === "audio" ? h.startingAudioMutedBySystem : h.startingVideoMutedBySystem;
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
		e === "shareAudio" || s && document.visibilityState === "hidden" || s && t.flowed && !(e === "video" && t.device && this.#u(t)) || (t.silentMs += n, t.silentMs < Q.silent || t.silent || (t.silent = this.#o(Wl[e].silent({
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
		if (t.packets = n, r === t.reportedAt ? a && (t.unheardMs += i) : (t.reportedAt = r, t.unheardMs = 0, this.#s(t.unheard), t.unheard = void 0), t.unheardMs < Q.unheard || [...this.#t.values()].some(({ unheard: e }) => e)) return;
		let o = {
			connection: "publish",
			kind: e,
			packetsSent: n,
			forMs: t.unheardMs
		};
		t.unheard = this.#o(h.mediaConnectionLostMediaNotArriving(o, this.#e.where()));
	}
}, Kl = (e) => e === "audio" || e === "video";
function ql({ readyState: e, enabled: t, muted: n }) {
	return [
		e,
		...t ? [] : ["not enabled"],
		...n ? ["muted"] : []
	].join(", ");
}
async function Jl(e) {
	let { deviceId: t = "" } = e.getSettings();
	return (await N(e.kind === "audio" ? "audioinput" : "videoinput").catch(() => [])).some((e) => e.deviceId === t);
}
// src/localmedia.ts
function Yl(e, t = "", n = "", r = "") {
	return new (e === "audio" ? kt : Ot)(t, n, `${e}input`, r);
}
var Xl = {
	audio: "microphone",
	video: "camera"
}, Zl = class {
	#e;
	#t;
	#n;
	#r = /* @__PURE__ */ new Map();
	#i = /* @__PURE__ */ new Map();
	#a = /* @__PURE__ */ new Set();
	#o;
	#s = !1;
	constructor(e, t, n) {
		this.#e = e, this.#n = t, this.#t = n, this.#o = new Gl({
			sent: (t) => e.sent(t),
			fault: (e) => n.fault(e),
			cleared: (e, t) => n.cleared(e, t),
			where: () => n.where(),
			silent: (e) => this.#p(e),
			flows: (e, t) => void this.#m(e, t).catch(() => void 0),
			ended: (e) => void this.stop(e).catch(() => void 0)
		});
	}
	selected(e) {
		return this.#i.get(e);
	}
	track(e) {
		return this.#r.get(e);
	}
	isChosen(e) {
		return this.#a.has(e);
	}
	async start(e, t, n) {
		let r = this.#r.get(e), i = t !== void 0 || r?.readyState !== "live", a = t ? k(t, e, n, this.#t.where()) : i ? await this.#c(e) : r;
		a !== r && r?.stop(), await this.#l(e, a);
	}
	async startShare(e, t) {
		let n = e instanceof MediaStream ? e : e ? new MediaStream([e]) : await ht({}, this.#t.where()), r = k(n, "share", t, this.#t.where()), [i] = n.getAudioTracks();
		try {
			await this.#l("share", r), i && await this.#l("shareAudio", i);
		} catch (e) {
			await Promise.allSettled([this.stop("share"), this.stop("shareAudio")]);
			for (let e of n.getTracks()) e.stop();
			throw e;
		}
	}
	isSilent(e) {
		return this.#o.isSilent(e);
	}
	decided(e) {
		this.#o.isSilent(e) && this.stop(e, !1);
	}
	async stop(e, t = !0) {
		this.#o.stop(e), this.#h(e), this.#t.switched(e, void 0), await this.#e.disable(e, t);
	}
	async change(e, t, n, r) {
		if (typeof t == "string" && this.#a.add(e), typeof t == "string" && !n) {
			this.#g(e), this.#i.set(e, Yl(e, t));
			let n = (await navigator.mediaDevices.enumerateDevices()).find((n) => n.deviceId === t && n.kind === `${e}input`);
			n && this.#i.get(e)?.deviceId === t && this.#i.set(e, jt(n));
			return;
		}
		let i = typeof t == "string" ? void 0 : k(t, e, r, this.#t.where());
		e === "video" && !i && this.#g(e);
		let a;
		try {
			a = i ?? await this.#c(e, t);
		} catch (t) {
			throw this.#r.has(e) || await this.stop(e), t;
		}
		if (this.#g(e), this.#d(e, a), n) {
			let t = await this.#e.sent(e), n = await this.#e.replace(e, a, pt(a, e));
			this.#t.switched(e, {
				wire: n,
				track: a
			}), this.#s || this.#o.start(e, a, t);
		} else a.enabled = !1;
	}
	async setQuality(e, t) {
		let n = this.#t.where();
		if (this.#e.quality === e) throw new _(h.alreadyInRequestedStateAlready({
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
			throw new _(h.setWebcamQualityFailedEncoderRefused(a, n));
		}
	}
	async fallBack(e) {
		let t = await this.#e.fallBack(e), n = this.#r.get(e);
		if (!(!t || !n || this.#s)) return this.#t.switched(e, {
			wire: t.wire,
			track: n
		}), t.previous;
	}
	close() {
		this.#s = !0, this.#o.close();
		for (let e of this.#r.keys()) this.#g(e);
	}
	async #c(e, t = this.#i.get(e)?.deviceId) {
		let n = this.#t.where();
		return k(e === "audio" ? await E(t ? { microphoneId: t } : {}, n) : await mt(t ? {
			encoderConfig: this.#n.encoderConfig ?? "h720p_w1280p",
			cameraId: t
		} : this.#n, n), e, "capture", n);
	}
	async #l(e, t) {
		if (this.#s) return t.stop();
		t.enabled = !0, this.#d(e, t);
		try {
			let n = await this.#e.sent(e), r = await this.#e.enable(e, t, pt(t, e));
			this.#t.switched(e, {
				wire: r,
				track: t
			}), this.#s || this.#o.start(e, t, n);
		} catch (t) {
			throw this.#g(e), this.#u(e, t);
		}
	}
	#u(e, t) {
		return !(t instanceof _) || t.code < 4e3 ? t : (this.#t.fault(t.toJSON()), new _(_e(e, t.id, this.#t.where())));
	}
	#d(e, t) {
		if (this.#r.set(e, t), t.onended = () => this.#f(e, t), e !== "audio" && e !== "video") return;
		let { deviceId: n, groupId: r } = t.getSettings();
		this.#i.set(e, Yl(e, n, r, t.label));
	}
	#f(e, t) {
		if (this.#r.get(e) !== t) return;
		let n = t.enabled;
		if (this.#g(e), e === "audio" || e === "video") {
			if (this.#i.delete(e), !n) return;
			this.#t.fault(ge(Xl[e], t.label, this.#t.where()));
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
	#h(e) {
		let t = this.#r.get(e);
		e === "audio" && t ? t.enabled = !1 : this.#g(e);
	}
	#g(e) {
		let t = this.#r.get(e);
		this.#r.delete(e), t && (t.onended = null, t.stop());
	}
}, Ql = 1e3;
function $l(e, t) {
	let n = e === "share" && t ? xs(t) : void 0;
	return n ? { displaySurface: n } : {};
}
var eu = /* @__PURE__ */ new Set(), tu = class {
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
	#f = /* @__PURE__ */ new Set();
	#p = "high";
	#m;
	#h;
	#g;
	#_ = Promise.resolve();
	constructor(e, t = {}) {
		this.#e = e, this.#a = t;
	}
	async enable(e, t, n) {
		return this.#w(async () => {
			let r = this.#y(e, n), i = Oe(e, r, this.#a), a = this.#o.get(e);
			this.#m && a && !ke(a, i) && (this.#o.set(e, i), await this.#x()), this.#o.set(e, i);
			let o = this.#m ?? await this.#D(), s = this.#T(e);
			await s.replaceTrack(t), this.#r.add(e);
			try {
				let n = {
					kind: e,
					enabled: !0,
					...$l(e, t)
				};
				o.remoteDescription ? await this.#e.request("setStream", n) : await this.#M(o, !1);
			} catch (t) {
				throw this.#r.delete(e), await s.replaceTrack(null), t;
			}
			return this.#t.set(e, {
				track: t,
				encoding: r
			}), await this.#k(e), this.#A(e), this.#E(e);
		});
	}
	async setQuality(e) {
		await this.#w(async () => {
			let t = this.#p;
			this.#p = e;
			try {
				await this.#k("video", !0);
			} catch (e) {
				throw this.#p = t, e;
			}
		});
	}
	get quality() {
		return this.#p;
	}
	encodings(e, t) {
		this.#l.set(e, new Set(t.filter(({ active: e }) => !e).map(({ rid: e }) => e))), this.#w(() => this.#k(e));
	}
	#v(e, t) {
		let n = this.#l.get(e) ?? eu;
		if (this.#u.has(e)) return n;
		let r = t[0]?.rid;
		return new Set([...n].filter((e) => e !== r));
	}
	async disable(e, t = !0) {
		this.#t.delete(e), this.#u.delete(e), this.#d.delete(e);
		let n = this.#n.get(e)?.sender.replaceTrack(null);
		await this.#w(async () => {
			await n;
			let r = this.#m;
			if (this.#r.delete(e) && t && r) try {
				await this.#e.request("setStream", {
					kind: e,
					enabled: !1
				});
			} catch (e) {
				if (this.#m === r) throw e;
			}
		});
	}
	async pause(e) {
		await this.#w(async () => {
			this.#r.delete(e) && await this.#e.request("setStream", {
				kind: e,
				enabled: !1
			});
		});
	}
	async resume(e) {
		return this.#w(async () => {
			let t = this.#t.get(e);
			return t && !this.#r.has(e) && (await this.#e.request("setStream", {
				kind: e,
				enabled: !0,
				...$l(e, t.track)
			}), this.#r.add(e)), this.#E(e);
		});
	}
	async replace(e, t, n) {
		return this.#w(async () => {
			let r = this.#y(e, n);
			return await this.#T(e).replaceTrack(t), this.#t.set(e, {
				track: t,
				encoding: r
			}), await this.#k(e), this.#E(e);
		});
	}
	async fallBack(e) {
		return this.#w(async () => {
			let t = this.#t.get(e), n = t?.encoding.codec;
			if (!t || n === void 0 || n === "VP8") return;
			this.#f.add(e);
			let r = this.#y(e, t.encoding);
			return this.#t.set(e, {
				track: t.track,
				encoding: r
			}), this.#o.set(e, Oe(e, r, this.#a)), await this.#x(), {
				previous: n,
				wire: this.#E(e)
			};
		});
	}
	#y(e, t) {
		return this.#f.has(e) && t.codec !== void 0 ? {
			...t,
			codec: "VP8"
		} : t;
	}
	stats(e) {
		return this.#n.get(e)?.sender.getStats();
	}
	scale(e) {
		let t = (this.#n.get(e)?.sender.getParameters().encodings ?? []).filter((e) => e.active);
		return Math.min(...t.map(({ scaleResolutionDownBy: e = 1 }) => e));
	}
	transportStats() {
		return this.#m?.getStats();
	}
	async sent(e) {
		let t = this.#n.get(e)?.sender;
		if (!t || this.#m?.connectionState !== "connected") return;
		let { encodings: n } = t.getParameters();
		if (this.#l.has(e) && n.every(({ active: e }) => !e)) return;
		let r = da(await t.getStats()), i = this.#d.get(e);
		return i ? !this.#u.has(e) && r.media > i.media && r.reportedAt > i.reportedAt && (this.#u.add(e), this.#l.has(e) && this.#w(() => this.#k(e))) : this.#d.set(e, r), r;
	}
	retry() {
		this.#m || this.#t.size === 0 ? this.#h?.retry() : this.#w(() => this.#S());
	}
	forget() {
		this.#h?.close(), this.#h = void 0, this.#b();
	}
	#b() {
		this.#m?.close(), this.#m = void 0, this.#n.clear(), this.#i.clear(), this.#l.clear(), this.#u.clear(), this.#d.clear(), this.#s.clear();
	}
	async #x() {
		if (this.#t.size === 0) return this.forget();
		this.#b(), await this.#S();
	}
	async #S() {
		if (this.#m || this.#t.size === 0) return;
		let e = await this.#D();
		try {
			await this.#M(e, !1);
			for (let e of this.#t.keys()) await this.#k(e);
		} catch (t) {
			if (this.#m !== e || (this.forget(), !(t instanceof _))) return;
			if (p(t) || d(t) !== "end") return this.#C(t.retryAfterMs);
			this.#e.fault(t.toJSON());
			for (let e of this.#t.keys()) this.#e.dropped(e);
		}
	}
	#C(e) {
		clearTimeout(this.#g), this.#g = setTimeout(() => this.retry(), Math.max(e, Ql));
	}
	hears() {
		return this.#h?.hears() ?? !1;
	}
	lose(e) {
		return this.#h?.lose(e) ?? !1;
	}
	renewServers() {
		ac(this.#m, this.#e.relays());
	}
	close() {
		clearTimeout(this.#g), this.#h?.close(), this.#m?.close();
	}
	#w(e) {
		let t = this.#_.then(e);
		return this.#_ = t.catch(() => void 0), t;
	}
	#T(e) {
		let t = this.#n.get(e);
		if (!t) throw this.#N(`there is no sender for ${e}`);
		return t.sender;
	}
	#E(e) {
		let t = this.#i.get(e);
		if (!t) throw this.#N(`the answer carries no ${e} stream`);
		return t;
	}
	async #D() {
		let e = rc(this.#e.relays());
		for (let t of Y) {
			let n = this.#o.get(t) ?? Oe(t, this.#t.get(t)?.encoding, this.#a);
			this.#o.set(t, n), this.#n.set(t, this.#O(e, t, n));
		}
		this.#m = e;
		for (let [e, { track: t }] of this.#t) await this.#n.get(e)?.sender.replaceTrack(t);
		return e;
	}
	#O(e, t, n) {
		let r = t === "audio" || t === "shareAudio" ? "audio" : "video", i = {
			direction: "sendonly",
			sendEncodings: Ae(n)
		}, a;
		try {
			a = e.addTransceiver(r, i);
		} catch {
			a = e.addTransceiver(r, { direction: "sendonly" });
		}
		let o = n.codec ?? (t === "audio" ? "red" : void 0);
		if (o === void 0) return a;
		let s = je(o, RTCRtpSender.getCapabilities(r)?.codecs ?? []);
		return s && a.setCodecPreferences(s), a;
	}
	async #k(e, t = !1) {
		let n = this.#t.get(e), r = this.#n.get(e)?.sender;
		if (!n || !r) return;
		let { track: i, encoding: a } = n, o = r.getParameters();
		a.degradation && (o.degradationPreference = a.degradation);
		let { width: s, height: c } = i.getSettings();
		Ie(o, {
			kind: e,
			encoding: a,
			size: s && c ? {
				width: s,
				height: c
			} : void 0,
			quality: e === "video" ? this.#p : "high",
			idle: this.#v(e, o.encodings)
		});
		try {
			await r.setParameters(o);
		} catch (e) {
			if (t) throw e;
		}
	}
	#A(e) {
		let t = this.#o.get(e), n = this.#n.get(e)?.sender;
		if (!t || !n || this.#s.has(e)) return;
		this.#s.add(e);
		let r = this.#e.where(), { codec: i, encodings: a, lacking: o, scalabilityMode: s } = t, c = i === void 0 ? [] : RTCRtpSender.getCapabilities("video")?.codecs ?? [];
		if (i !== void 0 && !je(i, c)) {
			let t = c.map(({ mimeType: e }) => e.split("/")[1] ?? ""), n = [...new Set(t)].filter((e) => !/^(rtx|red|ulpfec|flexfec.*)$/i.test(e));
			return this.#e.fault(h.videoProduceCodecNotSupportedNotEncoded({
				kind: e,
				codec: i,
				encodes: n
			}, r));
		}
		let { encodings: l } = n.getParameters();
		if (s !== void 0 && i !== void 0) {
			if (!o && l[0]?.scalabilityMode === s) return;
			let t = o ?? s;
			return this.#e.fault(h.multistreamNotSupportedCodec({
				kind: e,
				codec: i,
				scalabilityMode: t
			}, r));
		}
		if (!t.insisted || l.length >= a) return;
		let u = this.#c.get(e) ?? 1;
		this.#e.fault(u < a ? h.multistreamNotSupportedBrowser({
			kind: e,
			layers: a,
			encodings: u
		}, r) : h.multistreamNotSupportedServer({
			kind: e,
			layers: a,
			taken: l.length
		}, r));
	}
	#j(e) {
		this.#h ??= new Ac("publish", {
			fault: (e) => this.#e.fault(e),
			cleared: (e, t) => this.#e.cleared(e, t),
			where: () => this.#e.where(),
			checkSignaling: () => this.#e.checkSignaling(),
			expects: (e) => e && this.#t.size > 0,
			restart: () => this.#w(async () => this.#m && this.#M(this.#m, !0)),
			replace: () => this.#w(() => this.#x())
		}), this.#h.watch(e);
	}
	async #M(e, t) {
		let n;
		try {
			n = await $s(e, await e.createOffer({ iceRestart: t }));
			for (let [t, { sender: n }] of this.#n) e.remoteDescription || this.#c.set(t, n.getParameters().encodings.length);
		} catch (e) {
			throw this.#N(String(e));
		}
		let r = [...this.#n].map(([e, { mid: t, sender: n }]) => ({
			mid: t ?? "",
			kind: e,
			enabled: this.#r.has(e),
			...$l(e, n.track)
		}));
		try {
			let t = os(await this.#e.request("publish", {
				sdp: n,
				streams: r
			}), "publish");
			for (let e of t.streams) this.#i.set(e.kind, e);
			await e.setRemoteDescription({
				type: "answer",
				sdp: ru(this.#e.described(t.sdp))
			}), this.#m === e && this.#j(e);
		} catch (t) {
			throw e.signalingState === "have-local-offer" && await e.setLocalDescription({ type: "rollback" }), t instanceof _ ? t : this.#N(String(t));
		}
	}
	#N(e) {
		let t = {
			connection: "publish",
			problem: e
		};
		return new _(h.meetingMediaConnectionFailedNegotiationFailed(t, this.#e.where()));
	}
}, nu = "x-google-start-bitrate=1000";
function ru(e) {
	let t = (e) => e.replace(/^a=rtpmap:(\d+) (?:VP8|VP9|H264|AV1)\/.*\r\n/gm, (t, n) => e.includes(`a=fmtp:${n} `) ? t : `${t}a=fmtp:${n} ${nu}\r\n`).replace(/^a=fmtp:\d+ (?!apt=|x-google)/gm, `$&${nu};`);
	return e.split(/(?=^m=)/m).map((e) => e.startsWith("m=video") ? t(e) : e).join("");
}
// src/sending.ts
var iu = (e) => e === "user" || e === "front", au = class {
	#e;
	#t;
	constructor(e) {
		this.#e = e;
	}
	connect(e) {
		let { events: t, local: n, options: r } = this.#e, i = new tu({
			...e,
			dropped: (e) => this.switchedOff(e)
		}, r), { defaultCamera: a } = r, o = { encoderConfig: r.maxResolution === "sd" ? "h360p_w640p" : "h720p_w1280p" };
		a && (o.facingMode = iu(a) ? "user" : "environment");
		let s = (t, r) => {
			e.isOver() || (r && n.receive(t, { track: r.track }), n.announce(t, r?.wire), r || n.receive(t, void 0));
		}, c = new Zl(i, o, {
			...e,
			switched: s
		}), l = new Ul({
			reason: async () => {
				if (!n.webcamOn || t.listenerCount("quality-limitation") === 0) return;
				let e = await i.stats("video");
				return e && ua(e);
			},
			changed: (e, n) => t.emit("quality-limitation", {
				type: e,
				state: n,
				timestamp: Date.now(),
				direction: "send"
			})
		}), u = new ja({
			energy: async () => {
				if (!n.micOn || t.listenerCount("audio-input-silence") === 0) return;
				let e = await i.stats("audio");
				return e && Ma(e);
			},
			changed: (e) => {
				let n = c.selected("audio")?.label ?? "";
				t.emit("audio-input-silence", {
					deviceLabel: n,
					state: e,
					timestamp: Date.now()
				});
			}
		});
		this.#t = {
			connection: e,
			publisher: i,
			media: c,
			limitation: l,
			silence: u
		};
	}
	close() {
		this.#t?.media.close(), this.#t?.limitation.close(), this.#t?.silence.close(), this.#t?.publisher.close();
	}
	reset() {
		this.#t = void 0;
	}
	selected(e) {
		return this.#t?.media.selected(e);
	}
	get inspected() {
		let e = (e) => this.#t?.media.track(e), t = (t) => this.#r(t) ? e(t) : void 0;
		return {
			microphone: () => t("audio"),
			camera: () => t("video"),
			picture: (e) => t(e),
			mutedMicrophone: () => [e("audio")].find((e) => e?.readyState === "live" && !e.enabled),
			defaultMicrophone: () => this.#t?.media.isChosen("audio") ? void 0 : t("audio"),
			stats: (e) => this.stats(e),
			scale: (e) => this.#t?.publisher.scale(e) ?? 1
		};
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
	async codecNotReceived(e, t, n, r) {
		let { events: i, options: a } = this.#e, o = this.#t?.media;
		if (!o || a.codecSwitchEnabled === !1 || e !== "video" && e !== "share" || !n.some((e) => e.toUpperCase() === "VP8")) return;
		let s = await o.fallBack(e);
		s && i.emit("codec-changed", {
			kind: e,
			previousCodec: s,
			currentCodec: "VP8",
			unsupportedRemoteCodec: t.toUpperCase(),
			...r && { causedBy: r }
		});
	}
	hears() {
		return this.#t?.publisher.hears() ?? !1;
	}
	retry() {
		this.#t?.publisher.retry();
	}
	lose(e) {
		return this.#t?.publisher.lose(e) ?? !1;
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
			}), await n(s), o.isOver()) throw r.error(h.operationAbortedLeft, { method: e });
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
			if (!Ee.includes(t)) {
				let r = {
					method: e,
					parameter: "quality",
					got: String(t),
					allowed: [...Ee]
				};
				throw n.error(h.invalidParameterNotAllowed, r);
			}
			let { id: r, displayName: i } = this.#e.local;
			if (!this.#r("video")) throw n.error(h.webcamNotEnabledCameraOff, {
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
}, ou = 2, su = 2, cu = Symbol.for("OpenTelemetry Context Key SPAN"), lu = (e) => ({
	getValue: (t) => e.get(t),
	setValue: (t, n) => lu(new Map(e).set(t, n)),
	deleteValue: (t) => lu(new Map([...e].filter(([e]) => e !== t)))
}), uu = /^(join|unmuteMic|enable(Webcam|ScreenShare)|start(Recording|Livestream|Hls))$/, du = {
	audio: "unmuteMic",
	video: "enableWebcam",
	share: "enableScreenShare"
}, fu = (e) => {
	let [, t = "", n = "", r = ""] = e.split("-");
	return { spanContext: () => ({
		traceId: t,
		spanId: n,
		traceFlags: Number.parseInt(r, 16),
		isRemote: !0
	}) };
}, pu = class {
	#e;
	#t;
	#n = /* @__PURE__ */ new Map();
	#r;
	constructor(e, t) {
		this.#e = e, this.#t = t;
	}
	run(e, t) {
		let { tracer: n, traceparent: r } = this.#e;
		if (!n || !uu.test(e)) return t();
		let i = e === "join" ? r ? fu(r) : void 0 : this.#n.get("join") ?? this.#r, a = i && lu(/* @__PURE__ */ new Map([[cu, i]]));
		return this.#i(e, n.startSpan(e, { kind: ou }, a), t);
	}
	async #i(e, t, n) {
		let r = !this.#n.has(e);
		r && this.#n.set(e, t);
		try {
			let r = await n();
			return e === "join" && (this.#r = t), r;
		} catch (e) {
			throw e instanceof _ && mu(t, e), e;
		} finally {
			r && this.#n.delete(e);
			let { meetingId: n = "", sessionId: i = "", participantId: a = "" } = this.#t();
			hu(t, {
				"meeting.id": n,
				"session.id": i,
				"participant.id": a
			}), t.end();
		}
	}
	of(e, t = {}) {
		let n = t.streams ?? [], r = e === "publish" ? n.map(({ kind: e, enabled: t }) => t && du[e]) : [e];
		for (let e of r) {
			let { traceId: t = "", spanId: n = "", traceFlags: r = 0 } = this.#n.get(e || "")?.spanContext() ?? {};
			if (/[^0]/.test(n)) return `00-${t}-${n}-0${r & 1}`;
		}
	}
};
function mu(e, { id: t, code: n, name: r, reason: i }) {
	hu(e, {
		"fault.id": t,
		"fault.code": n,
		"fault.name": r,
		"fault.reason": i
	}), e.setStatus({
		code: su,
		message: `${r}.${i}`
	});
}
function hu(e, t) {
	for (let [n, r] of Object.entries(t)) r && e.setAttribute(`klatch.${n}`, r);
}
// src/ending.ts
function gu(e, t, n) {
	return !(e instanceof _) || e.code < 4e3 || e.code >= 5e3 ? e : (t.tell(e), new _(h.endMeetingFailedEndRefused({
		...n,
		causeId: e.id
	})));
}
// src/identity.ts
function _u(e, { meetingId: t, participantId: n }, r) {
	let i = {
		meetingId: t,
		server: r.replace(/[?#].*/s, "").replace(/\/+$/, "")
	};
	if (e === "") return h.invalidTokenEmpty(i);
	let a = bu(e);
	if (a && !("apikey" in a)) return h.invalidAPIKeyKeyMissing({ claims: Object.keys(a).sort() }, i);
	if (a?.apikey === "") return h.invalidAPIKeyKeyEmpty(i);
	if (t === "") return h.invalidMeetingIDEmpty(i);
	let o = Array.from(n ?? "").findIndex((e) => /\s/u.test(e));
	if (o < 0) return;
	let s = Array.from(n ?? "")[o]?.codePointAt(0) ?? 0;
	return h.invalidParticipantIDWhitespace({
		index: o,
		codePoint: `U+${s.toString(16).toUpperCase().padStart(4, "0")}`
	}, i);
}
var vu = "abcdefghjkmnpqrstuvwxyz23456789";
function yu(e, { participantId: t }) {
	if (t !== void 0) return t;
	let n = bu(e)?.participantId;
	if (typeof n == "string" && n !== "") return n;
	let r = crypto.getRandomValues(/* @__PURE__ */ new Uint32Array(8));
	return Array.from(r, (e, t) => vu[e % (t === 0 ? 23 : 31)]).join("");
}
function bu(e) {
	let [, t = "", n, ...r] = e.split(".");
	if (!(n === void 0 || r.length > 0)) try {
		let e = Uint8Array.from(atob(t.replace(/-/g, "+").replace(/_/g, "/")), (e) => e.charCodeAt(0)), n = JSON.parse(new TextDecoder().decode(e));
		return typeof n == "object" && n && !Array.isArray(n) ? n : void 0;
	} catch {
		return;
	}
}
// src/leavereasons.ts
var $ = {
	cut: {
		code: 1001,
		name: "WEBSOCKET_DISCONNECTED"
	},
	switched: {
		code: 1005,
		name: "SWITCH_ROOM"
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
	},
	switchFailed: {
		code: 1104,
		name: "SWITCH_ROOM_FAILED"
	}
}, xu = {
	SEND_AND_RECV: "SEND_AND_RECV",
	RECV_ONLY: "RECV_ONLY",
	SIGNALLING_ONLY: "SIGNALLING_ONLY",
	CONFERENCE: "SEND_AND_RECV",
	VIEWER: "SIGNALLING_ONLY"
}, Su = {
	SEND_AND_RECV: "CONFERENCE",
	SIGNALLING_ONLY: "VIEWER"
};
function Cu(e) {
	if (Object.hasOwn(xu, e)) return xu[e];
	throw new _(h.invalidModeUnknownMode({
		mode: e.slice(0, 64),
		allowed: [...new Set(Object.values(xu))]
	}));
}
var wu = class {
	#e = !1;
	used(e) {
		e === "CONFERENCE" || e === "VIEWER" ? this.#e = !0 : Object.hasOwn(Su, e) && (this.#e = !1);
	}
	of(e) {
		return this.#e && Su[e] || e;
	}
}, Tu = [
	"signaling-cut",
	"publish-lost",
	"subscribe-lost",
	"server-gone"
], Eu = 5e3, Du = 6e4;
function Ou(e, t, n) {
	let r = {
		method: "simulate",
		at: e.where()
	};
	C(r, "scenario", t ?? "", Tu), S(r, "options", n, { forMs: "number" });
	let i = n?.forMs ?? Eu;
	if (!(i >= 0 && i <= Du)) {
		let e = `between 0 and ${Du}`, t = {
			method: r.method,
			parameter: "forMs",
			got: String(i),
			want: e
		};
		throw new _(h.invalidParameterOutOfRange(t, r.at));
	}
	switch (t) {
		case "signaling-cut": return e.cut(i, !1);
		case "server-gone": return e.lose("publish", i), e.lose("subscribe", i), e.cut(i, !0);
		default: {
			let n = t === "publish-lost" ? "publish" : "subscribe";
			if (e.lose(n, i)) return;
			throw new _(h.mediaNotReadyNotConnected({
				method: r.method,
				connection: n
			}, r.at));
		}
	}
}
// src/switching.ts
var ku = {
	meetingId: "string",
	token: "string"
}, Au = class {
	#e;
	#t = !1;
	constructor(e) {
		this.#e = e;
	}
	get active() {
		return this.#t;
	}
	async to(e) {
		let t = {
			method: "switchTo",
			at: this.#e.where()
		};
		if (w(t, "options", e), S(t, "options", e, ku), w(t, "meetingId", e.meetingId), e.meetingId === "") throw new _(h.invalidMeetingIDEmpty(t.at));
		if (e.meetingId === t.at.meetingId) throw new _(h.alreadyInRequestedStateAlready({
			method: t.method,
			state: e.meetingId
		}, t.at));
		let n = ju(this.#e.local, "audio"), r = ju(this.#e.local, "video");
		try {
			await this.#n(e, {
				micEnabled: n !== void 0,
				webcamEnabled: r !== void 0,
				...n && { customMicrophoneAudioTrack: n },
				...r && { customCameraVideoTrack: r }
			});
		} catch (t) {
			for (let e of [n, r]) for (let t of e?.getTracks() ?? []) t.stop();
			if (!(t instanceof _)) throw t;
			let { meetingId: i } = e;
			throw new _(h.switchMeetingFailedJoinFailed({ meetingId: i }, {
				...this.#e.where(),
				causeId: t.id
			}));
		}
	}
	async #n({ meetingId: e, token: t = this.#e.setup().token }, n) {
		let r = this.#e, { id: i, mode: a } = r.local, o = {
			...r.setup().options,
			meetingId: e,
			participantId: i,
			mode: a
		};
		this.#t = !0;
		try {
			await r.leave(), r.become({
				...r.setup(),
				token: t,
				options: {
					...o,
					...n
				}
			}), await r.join(e);
		} finally {
			this.#t = !1, r.become({
				...r.setup(),
				options: o
			});
		}
	}
};
function ju(e, t) {
	let n = [...e.streams.values()].find((e) => e.kind === t)?.track;
	return n?.readyState === "live" ? new MediaStream([n.clone()]) : void 0;
}
// src/meeting.ts
var Mu = 2e3, Nu = class extends uo {
	localParticipant;
	participants;
	pinnedParticipants;
	pubSub;
	realtimeStore;
	#e;
	#t;
	#n;
	egress;
	#r;
	#i;
	#a;
	#o;
	#s = new wu();
	#c;
	#l;
	#u;
	#d = "new";
	#f = 0;
	#p = 0;
	#m;
	#h = !1;
	#g = [];
	#_ = 0;
	#v = 0;
	#y;
	#b;
	#x = "DISCONNECTED";
	#S = "";
	#C;
	#w = "";
	#T = "";
	#E = [];
	#D = !1;
	#O = /* @__PURE__ */ new Set();
	#k;
	#A;
	#j;
	constructor(e) {
		super("meeting", Oo);
		let { meetingId: t, name: n = "", mode: r = "SEND_AND_RECV", metaData: i } = e.options, a = yu(e.token, e.options);
		this.#e = {
			...e,
			options: {
				...e.options,
				participantId: a
			}
		}, this.#C = t, this.#s.used(r), this.#a = new mo({
			reports: () => this.#ce(),
			isConnected: () => this.#x === "CONNECTED",
			request: (e, t) => this.#re(e, t)
		}), this.#o = new Ni({
			tell: (e) => void this.#ie(e),
			cleared: ({ id: e, code: t, reason: n }, r) => this.emit("fault-cleared", {
				id: e,
				code: t,
				reason: n,
				forMs: r
			})
		}, this.#a), this.#i = new pu(e.options, () => this.#le());
		let o = new ki({
			events: this,
			traced: (e, t) => this.#i.run(e, t),
			phase: () => this.#d,
			cause: () => this.#o.cause,
			awayMs: () => this.#x === "RECONNECTING" ? this.#k?.awayMs ?? 0 : void 0,
			report: (e) => this.#a.began(e.toJSON()),
			where: () => this.#le()
		});
		this.#r = o;
		let s = (e, t, n) => this.#re(e, t, n), c = () => this.#l, l = {
			get preferences() {
				return c().preferences;
			},
			transportStats: (e) => e ? this.#c.transportStats() : this.#l.stats(),
			call: (e, t) => o.run(e, t),
			request: s,
			own: (e, t) => e === "audio" ? t ? this.unmuteMic() : this.muteMic() : t ? this.enableWebcam() : this.disableWebcam(),
			ownStats: (e) => this.#c.stats(e),
			modeName: (e) => this.#s.of(e),
			where: () => this.#le()
		};
		this.localParticipant = new js({
			id: a,
			displayName: n,
			mode: Cu(r),
			metaData: i
		}, !0, l), this.#n = new Xc({
			local: this.localParticipant,
			host: l,
			events: this,
			switchedOff: (e, t) => this.#c.switchedOff(e, t)
		}), this.#c = new au({
			calls: o,
			events: this,
			local: this.localParticipant,
			options: e.options,
			request: s
		}), this.#u = new Ua({
			calls: o,
			events: this,
			request: s,
			mode: () => this.localParticipant.mode,
			joined: () => this.#d === "joined"
		}), this.#l = new Pc({
			calls: o,
			events: this,
			roster: this.#n,
			data: this.#u,
			request: s
		}), this.#t = new Au({
			local: this.localParticipant,
			where: () => this.#le(),
			setup: () => this.#e,
			become: (e) => this.#e = e,
			leave: async () => {
				await this.#z({ reason: $.switched.name }), this.#H($.switched, void 0);
			},
			join: async (e) => {
				this.#C = e, await this.#M(void 0), this.emit("switch-meeting", { meetingId: this.#C });
			}
		}), this.egress = new so({
			events: this,
			request: s,
			where: () => this.#le()
		}), this.participants = this.#n.participants, this.pinnedParticipants = this.#n.pins, this.pubSub = new il(l), this.realtimeStore = new Bl(l);
	}
	listened(e) {
		e === "data" && this.#u.changed();
	}
	get id() {
		return this.#C;
	}
	get sessionId() {
		return this.#w;
	}
	get startedAt() {
		return this.#T;
	}
	get state() {
		return this.#x;
	}
	get permissions() {
		return this.#E;
	}
	get locked() {
		return this.#D;
	}
	get activeSpeakerId() {
		return this.#n.speakerId;
	}
	get activePresenterId() {
		return this.#n.presenterId;
	}
	get mainParticipantId() {
		return this.#n.mainId;
	}
	get selectedCameraDevice() {
		return this.#c.selected("video");
	}
	get selectedMicrophoneDevice() {
		return this.#c.selected("audio");
	}
	join(e = {}) {
		return this.#r.handled(this.#i.run("join", () => this.#M(e.signal)));
	}
	leave() {
		return this.#r.handled(this.#R());
	}
	switchTo(e) {
		return this.called("switchTo", () => this.#t.to(e));
	}
	reconnectNow() {
		this.#k?.retry();
	}
	end() {
		return this.called("end", async () => {
			try {
				await this.#re("end");
			} catch (e) {
				if (!this.#W()) throw gu(e, this.#r, this.#le());
			}
		});
	}
	lock() {
		return this.called("lock", async () => void await this.#re("lock"));
	}
	unlock() {
		return this.called("unlock", async () => void await this.#re("unlock"));
	}
	changeMode(e) {
		return this.called("changeMode", async () => {
			let t = Cu(e);
			if (this.#s.used(e), t === this.localParticipant.presentMode) throw this.#se("changeMode", e);
			await this.#re("setMode", { mode: e });
		});
	}
	respondEntry(e, t) {
		let n = typeof t == "boolean" ? t ? "allowed" : "denied" : t;
		return this.called("respondEntry", async () => void await this.#re("respondEntry", {
			participantId: e,
			decision: n
		}));
	}
	unmuteMic(e) {
		return this.#c.start("unmuteMic", "audio", (t) => t.start("audio", e, "unmuteMic"));
	}
	muteMic() {
		return this.#c.stop("muteMic", "audio");
	}
	enableWebcam(e) {
		return this.#c.start("enableWebcam", "video", (t) => t.start("video", e, "enableWebcam"));
	}
	disableWebcam() {
		return this.#c.stop("disableWebcam", "video");
	}
	enableScreenShare(e) {
		return this.#c.start("enableScreenShare", "share", (t) => t.startShare(e, "enableScreenShare"));
	}
	disableScreenShare() {
		return this.#c.stop("disableScreenShare", "share", "shareAudio");
	}
	changeMic(e) {
		return this.#c.change("changeMic", "audio", e);
	}
	changeWebcam(e) {
		return this.#c.change("changeWebcam", "video", e);
	}
	replaceWebcamStream(e) {
		return this.#c.change("replaceWebcamStream", "video", e);
	}
	setWebcamQuality(e) {
		return this.#c.setQuality("setWebcamQuality", e);
	}
	pauseAllStreams(e) {
		return this.#l.pauseAll("pauseAllStreams", e, !0);
	}
	resumeAllStreams(e) {
		return this.#l.pauseAll("resumeAllStreams", e, !1);
	}
	enableAdaptiveSubscription() {
		return this.#l.enableAdaptive("enableAdaptiveSubscription");
	}
	disableAdaptiveSubscription() {
		return this.#l.disableAdaptive("disableAdaptiveSubscription");
	}
	send(e, t) {
		return this.#u.send(e, t);
	}
	uploadBase64File(e) {
		let t = {
			method: "uploadBase64File",
			at: this.#le()
		};
		return this.called(t.method, () => vo(t, this.#oe(), e));
	}
	fetchBase64File(e) {
		let t = {
			method: "fetchBase64File",
			at: this.#le()
		};
		return this.called(t.method, () => yo(t, this.#oe(), e));
	}
	simulate(e, t) {
		return this.called("simulate", async () => Ou({
			cut: (e, t) => this.#k?.cut(e, t),
			lose: (e, t) => (e === "publish" ? this.#c : this.#l).lose(t),
			where: () => this.#le()
		}, e, t));
	}
	getMics() {
		return N("audioinput");
	}
	getWebcams() {
		return N("videoinput");
	}
	async #M(e) {
		if (this.#m && await this.#N(this.#m), this.#d === "joined") throw this.#ie(this.#se("join", "joined"));
		if (this.#d !== "new" && this.#d !== "left") throw this.#ie(this.#ae(h.operationInProgressInProgress, { method: "join" }));
		this.#d === "left" && this.#P();
		let t = ++this.#f;
		this.#d = "joining", globalThis.addEventListener?.("pagehide", this.#U), this.#ue("CONNECTING"), Fl();
		let n = () => {
			t === this.#f && this.#H($.manual, this.#ae(h.operationAbortedCancelled, { method: "join" }), "DISCONNECTED");
		};
		e?.addEventListener("abort", n);
		try {
			let r = _u(this.#e.token, this.#e.options, this.#e.serverUrl);
			if (e?.aborted) n();
			else if (r) throw new _(r);
			else await this.#F();
			if (this.#W(t)) throw this.#ae(h.operationAbortedLeft, { method: "join" });
		} catch (e) {
			if (this.#W(t)) {
				let e = t === this.#f ? this.#A : void 0;
				throw this.#ie(e ?? this.#ae(h.operationAbortedLeft, { method: "join" }));
			}
			let n = this.#r.asFault(e);
			throw this.#H(this.#t.active ? $.switchFailed : $.joinFailed, n), this.#ie(n);
		} finally {
			e?.removeEventListener("abort", n);
		}
	}
	async #N(e) {
		let t = this.#p;
		if (await e, t !== this.#p) throw this.#ie(this.#ae(h.operationAbortedLeft, { method: "join" }));
	}
	#P() {
		let { participantId: e = "", name: t = "", mode: n = "SEND_AND_RECV", metaData: r } = this.#e.options;
		this.#r.reset(), this.#a.reset(), this.#o.reset(), this.#h = !1, this.#g = [], this.#w = "", this.#T = "", this.#E = [], this.#D = !1, this.#O.clear(), this.#A = void 0, this.#k = void 0, this.#c.reset(), this.#l.reset(), this.localParticipant.become({
			id: e,
			displayName: t,
			mode: Cu(n),
			metaData: r,
			streams: [],
			joinedAt: ""
		}), this.#n.reset(), this.egress.reset(), this.pubSub.reset(), this.realtimeStore.reset();
	}
	async #F() {
		let { token: e, serverUrl: t, timing: n, options: r } = this.#e;
		if (typeof RTCPeerConnection > "u" && this.localParticipant.presentMode !== "SIGNALLING_ONLY") throw this.#ae(h.unsupportedEnvironmentNoWEBRTC, { userAgent: navigator.userAgent });
		let i = Ei(t, location);
		this.#S = i.base;
		let a = new Al(i, {
			event: (e) => this.#K(e),
			cut: () => this.#ue("RECONNECTING"),
			pausing: (e) => this.emit("reconnect-scheduled", e),
			unreachable: (e, t) => this.#o.raise(e, t),
			reached: (e, t) => this.#o.end(e, t),
			resumed: (e) => this.#Z(e),
			rejoining: (e) => this.#$(e),
			rejoined: (e) => this.#ee(e),
			refused: (e) => void this.#ie(new _(e)),
			closed: (e) => this.#B(e)
		}, () => this.#le(), n, () => this.#c.hears() || this.#l.hears());
		this.#k = a;
		let { meetingId: o, participantId: s, name: c = "", mode: l, metaData: u, autoConsume: d } = r, f = this.#i.of("join") ?? r.traceparent, p = () => this.#w === "" ? {
			participantId: s,
			mode: l
		} : {
			participantId: this.localParticipant.id,
			mode: this.localParticipant.presentMode
		}, m = {
			token: e,
			meetingId: o,
			name: c,
			metaData: u,
			autoConsume: d,
			client: {
				sdkType: "js",
				sdkVersion: jl,
				platform: navigator.platform,
				browserUserAgent: navigator.userAgent
			},
			traceparent: f
		}, g = await a.join(() => ({
			...m,
			...p()
		}));
		if (this.#k !== a) throw this.#ae(h.operationAbortedLeft, { method: "join" });
		if (this.#C = g.meetingId, this.#w = g.sessionId, this.#_ = g.statsIntervalMs, this.#v = g.tokenLeewayMs, this.localParticipant.become({
			id: g.participantId,
			displayName: c,
			mode: this.localParticipant.presentMode,
			metaData: u,
			streams: [],
			joinedAt: ""
		}), g.welcome) return this.#I(g.welcome);
		this.#d = "lobby", await new Promise((e, t) => {
			this.#j = {
				resolve: e,
				reject: t
			};
		});
	}
	#I(e) {
		if (this.#d = "joined", this.#E = e.permissions, this.#T = e.startedAt, this.#g = Pu(e.iceServers), this.#h) return this.#te(e);
		this.#h = !0, this.#D = e.locked, this.#n.enter(e), this.egress.enter(e.egress), this.#G(), this.#ue("CONNECTED"), this.emit("meeting-joined"), this.#n.tell(), e.dataStarted && this.#u.start();
		for (let t of e.entries) this.#q(t);
		this.#L(), this.#j?.resolve();
	}
	#L() {
		let { micEnabled: e, webcamEnabled: t, customMicrophoneAudioTrack: n, customCameraVideoTrack: r } = this.#e.options;
		this.localParticipant.mode === "SEND_AND_RECV" && (e && this.unmuteMic(n).catch(() => void 0), t && this.enableWebcam(r).catch(() => void 0));
	}
	async #R() {
		let e = "leave";
		if (this.#p++, this.#m) return this.#m;
		if (this.#d === "new") throw this.#ie(this.#ae(h.actionPerformedBeforeMeetingJoinedNotJoined, { method: e }));
		if (this.#d === "left") throw this.#ie(this.#se(e, "left"));
		let t = this.#k;
		if (t && this.#d !== "joining" && t.awayMs === 0) return this.#m = this.#z().then(() => {
			this.#m = void 0, this.#H($.manual, void 0);
		}), this.#m;
		this.#H($.manual, void 0);
	}
	async #z(e = {}) {
		let t = this.#k?.request("leave", e).catch(() => void 0);
		await Promise.race([t, new Promise((e) => setTimeout(e, Mu))]);
	}
	#B(e) {
		let t = e.code === 3103 ? $.exhausted : this.#d === "joined" ? $.cut : $.joinFailed;
		this.#H(t, new _({
			...e,
			causeId: e.causeId || this.#o.cause
		}));
	}
	#V(e, t) {
		this.#H(e, t, t && this.#d !== "joined" ? "FAILED" : "DISCONNECTED");
	}
	#H(e, t, n = t ? "FAILED" : "DISCONNECTED") {
		if (this.#W()) return;
		this.#d = "left", globalThis.removeEventListener?.("pagehide", this.#U), this.#A = t, this.#k?.close(), this.#c.close(), this.#l.close(), this.#u.close(), this.#b?.close(), this.#y?.close(), this.#o.reset(), this.localParticipant.reset();
		let r = this.#j;
		this.#j = void 0, t && this.#ie(t), this.#ue(n), r?.reject(t ?? this.#ae(h.operationAbortedLeft, { method: "join" })), this.emit("meeting-left", e);
	}
	#U = (e) => {
		e.persisted || this.#R().catch(() => void 0);
	};
	#W(e = this.#f) {
		return this.#d === "left" || e !== this.#f;
	}
	#G() {
		let e = this.#f, { preferredProtocol: t = "UDP_OVER_TCP" } = this.#e.options, n = {
			relays: () => ul(this.#g, t),
			described: (e) => ll(e, t),
			checkSignaling: () => this.#k?.check(),
			request: (e, t) => this.#re(e, t),
			fault: (e) => this.#o.raise(e),
			cleared: (t, n) => {
				this.#W(e) || this.#o.end(t, n);
			},
			where: () => this.#le(),
			isOver: () => this.#W(e)
		};
		this.#c.connect(n), this.#l.connect(n), this.#y = La({
			...n,
			...this.#c.inspected,
			sounds: () => this.#n.sounds(),
			ping: () => this.#re("ping"),
			tokenLeewayMs: () => this.#v
		}), this.#b = new Uc(this.#_, {
			sent: (e) => this.#c.stats(e),
			received: () => this.#l.stats(),
			participants: () => this.participants.values(),
			device: (e) => this.#c.selected(e),
			local: this.localParticipant,
			isConnected: () => this.#x === "CONNECTED" && !this.#W(e),
			send: (e) => this.#re("reportStats", e),
			failed: (e) => this.#ie(this.#ae(h.unsupportedEnvironmentNoStats, { problem: e })),
			refused: (e) => this.#ie(e)
		});
	}
	#K(e) {
		if (A("ALL", "received", e.name, e.data), this.#n.event(e)) {
			e.name === "participant-mode-changed" && this.#u.changed();
			return;
		}
		if (this.egress.event(e)) return;
		let { name: t, data: n } = e;
		switch (t) {
			case "meeting-joined": return this.#I(n.welcome);
			case "meeting-left": return this.#V(n.reason, n.fault && new _(n.fault));
			case "entry-requested": return this.#q(n);
			case "entry-responded": return this.#O.delete(n.participantId), this.emit("entry-responded", n.participantId, n.decision);
			case "entry-withdrawn": return this.#Y(n.participantId);
			case "entry-pending": return this.emit("entry-pending", n);
			case "mic-requested": return this.emit("mic-requested", this.#X(n.participantId, () => this.unmuteMic()));
			case "webcam-requested": return this.emit("webcam-requested", this.#X(n.participantId, () => this.enableWebcam()));
			case "lock-changed": return this.#J(n);
			case "pubsub-message": return this.pubSub.deliver(n);
			case "store-value-changed": return this.realtimeStore.changed(n.key, n.value ?? null, n.updatedBy);
			case "data-started": return this.#u.start();
			case "ice-servers-changed": return this.#g = Pu(n.iceServers), this.#c.renewServers(), this.#l.renewServers();
			case "subscribe-offer": return this.#l.offered(n);
			case "encodings": return this.#c.encodings(n.kind, n.active);
			case "codec-not-received": {
				let e = this.participants.get(n.participantId);
				this.#c.codecNotReceived(n.kind, n.codec, n.taken, e).catch(M);
				return;
			}
			case "quality-limitation": return this.emit("quality-limitation", {
				type: n.type,
				state: n.state,
				timestamp: Date.parse(n.timestamp),
				direction: "receive"
			});
			case "error":
				this.#ie(new _(n.fault));
				return;
			case "fault-cleared": return this.emit("fault-cleared", n);
		}
	}
	#q({ participantId: e, name: t, metaData: n }) {
		if (this.#O.has(e)) return;
		this.#O.add(e);
		let r = {
			participantId: e,
			name: t,
			metaData: n,
			allow: () => this.respondEntry(e, "allowed"),
			deny: () => this.respondEntry(e, "denied")
		};
		this.emit("entry-requested", r);
	}
	#J(e) {
		e.locked !== this.#D && (this.#D = e.locked, this.emit("lock-changed", e));
	}
	#Y(e) {
		this.#O.delete(e), this.emit("entry-withdrawn", e);
	}
	#X(e, t) {
		return {
			participantId: e,
			accept: t,
			reject: () => void 0
		};
	}
	#Z(e) {
		if (e) return this.#Q(), this.#I(e);
		this.#ue(this.#d === "joined" ? "CONNECTED" : "CONNECTING"), this.#c.retry(), this.#l.resumed();
	}
	#Q() {
		this.#n.hold(), this.#c.forget(), this.#l.forget(), this.#u.forget();
	}
	#$(e) {
		this.#Q(), this.#ie(new _(e));
	}
	#ee(e) {
		this.#w = e.sessionId;
		let { displayName: t, presentMode: n, metaData: r } = this.localParticipant;
		if (this.localParticipant.become({
			id: e.participantId,
			displayName: t,
			mode: n,
			metaData: r,
			streams: [],
			joinedAt: ""
		}), e.welcome) return this.#I(e.welcome);
		this.#d = "lobby", this.#ue("CONNECTING");
	}
	#te(e) {
		this.#c.retry(), this.#n.reenter(e), this.egress.reenter(e.egress), this.#J({
			locked: e.locked,
			by: ""
		}), this.#l.preferences.restore(), this.#ue("CONNECTED");
		for (let t of this.#O) e.entries.some(({ participantId: e }) => e === t) || this.#Y(t);
		for (let t of e.entries) this.#q(t);
		e.dataStarted && this.#u.start();
		let t = [
			this.pubSub.restore(),
			this.realtimeStore.restore(),
			...[...this.participants.values()].map((e) => e.restore())
		];
		for (let e of t) e.catch((e) => void this.#ne(e));
	}
	#ne(e) {
		e instanceof _ && !p(e) && this.#ie(e);
	}
	#re(e, t = {}, n) {
		return this.#k?.request(e, t, n, this.#i.of(e, t)) ?? Promise.reject(this.#ae(h.actionPerformedBeforeMeetingJoinedNotJoined, { method: e }));
	}
	called(e, t) {
		return this.#r.run(e, t);
	}
	refused(e) {
		return this.#r.handled(Promise.reject(this.#ie(e)));
	}
	#ie(e) {
		return this.#r.tell(e);
	}
	#ae(e, t) {
		return this.#r.error(e, t);
	}
	#oe() {
		return {
			serverUrl: this.#e.serverUrl,
			meetingId: this.#C
		};
	}
	#se(e, t) {
		return this.#r.already(e, t);
	}
	#ce() {
		return this.#e.options.debugMode !== !1 && this.#d === "joined";
	}
	#le() {
		return {
			meetingId: this.#C,
			sessionId: this.#w,
			participantId: this.localParticipant.id,
			server: this.#S,
			told: this.#ce()
		};
	}
	#ue(e) {
		e !== this.#x && (this.#x = e, this.#a.retry(), A("INFO", `meeting ${this.#C}`, e), this.emit("meeting-state-changed", { state: e }));
	}
}, Pu = (e) => e.map(({ urls: e, username: t, credential: n }) => ({
	urls: [...e],
	...t !== void 0 && { username: t },
	...n !== void 0 && { credential: n }
})), Fu = {
	meetingId: "string",
	participantId: "string",
	name: "string",
	micEnabled: "boolean",
	webcamEnabled: "boolean",
	mode: (e, t, n) => {
		C(n, t, e, "string"), Cu(e);
	},
	metaData: (e, t, n) => {
		C(n, t, e, "object"), yt(n.method, t, e);
	},
	autoConsume: "boolean",
	traceparent: "string",
	tracer: (e, t, n) => {
		C(n, t, e, "object");
		let { startSpan: r } = e;
		w(n, `${t}.startSpan`, r), C(n, `${t}.startSpan`, r, "function");
	},
	customCameraVideoTrack: "object",
	customMicrophoneAudioTrack: "object",
	maxResolution: ["hd", "sd"],
	multiStream: "boolean",
	maxLayer: [2, 3],
	preferredProtocol: cl,
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
	pubsubWorkerUrl: Xa("a PubSub worker, which it does not need")
};
function Iu(e) {
	let t = { method: "initMeeting" };
	w(t, "options", e), rt(t, e.meetingId), S(t, "options", e, Fu);
	let n = Object.fromEntries(Object.entries(e).filter(([, e]) => e != null));
	return O(n, t.method), n;
}
// src/videosdk.ts
var Lu = new Nt(), Ru = "", zu, Bu, Vu = class {
	static Constants = $e;
	static config(e, t) {
		let n = { method: "config" };
		e !== "" && nt(n, e), S(n, "options", t, { serverUrl: "string" }), Ru = e, zu = t?.serverUrl;
	}
	static initMeeting(e) {
		let t = Iu(e), n = t.signalingBaseUrl, r = t.serverUrl ?? (n && (n.includes("://") ? n : `${location.protocol}//${n}`)) ?? zu;
		return new Nu({
			token: Ru,
			serverUrl: r ?? Bu ?? location.origin,
			options: t
		});
	}
	static createCameraVideoTrack(e) {
		return mt(e);
	}
	static createMicrophoneAudioTrack(e) {
		return E(e);
	}
	static createScreenShareVideoTrack(e) {
		return ht(e);
	}
	static getDevices() {
		return Mt();
	}
	static getCameras() {
		return N("videoinput");
	}
	static getMicrophones() {
		return N("audioinput");
	}
	static getPlaybackDevices() {
		return N("audiooutput");
	}
	static on(e, t) {
		return Lu.on(e, t);
	}
	static off(e, t) {
		Lu.off(e, t);
	}
	static checkPermissions(e) {
		return Lt(e);
	}
	static requestPermission(e) {
		return Rt(e);
	}
	static setLogLevel(e) {
		C({ method: "setLogLevel" }, "logLevel", e, Object.values(Je)), Tt(e ?? "INFO");
	}
	static setKeyProvider(e) {
		throw K("setKeyProvider", "end-to-end encryption");
	}
	static runPreCallTest(e) {
		return Il(e, zu ?? Bu ?? location.origin);
	}
	static getNetworkStats(e) {
		return Promise.reject(K("getNetworkStats", "a measurement of the network before the call"));
	}
}, Hu = class extends js {
	isAgent = !0;
	agentId = "";
	agentState = "idle";
}, Uu = class {
	constructor(e) {}
	setSharedKey(e) {
		return Promise.reject(K("setSharedKey", "end-to-end encryption"));
	}
};
export { Hu as AgentParticipant, Ye as AgentState, Ke as BitrateMode, Ot as CameraDeviceInfo, Ze as CharacterMode, Xe as CharacterState, Bt as Codes, $e as Constants, Dt as DeviceInfo, Nt as DeviceWatch, Le as Errors, Uu as ExternalE2EEKeyProvider, Je as LogLevel, Nu as Meeting, kt as MicrophoneDeviceInfo, js as Participant, We as Permission, At as PlaybackDeviceInfo, sl as PreCallTestError, il as PubSub, il as pubSub, Qe as RealtimeOverflow, Bl as RealtimeStore, Bl as realtimeStore, Ss as Stream, x as VideoCodec, Vu as VideoSDK, _ as VideoSDKError, n as VideoSDKErrors, S as checkOptions, mt as createCameraVideoTrack, E as createMicrophoneAudioTrack, h as faults, Mt as getDevices, Be as hlsEvents, Ge as leaveReason, ze as livestreamEvents, Ue as modes, Re as recordingEvents, Xa as refuseOption, qe as reliabilityMode, Ve as transcriptionEvents, He as translationEvents };

