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
}, a = " 3056 3065 3079 ", o = " 5101.NODE_LOST 5102 ", s = " 3011.SOURCE_ABSENT 3011.SOURCE_UNREADABLE 3011.SOURCE_FORMAT 3011.NO_MEDIA_SENT 3011.MUTED_BY_SYSTEM 3011.BLACK_CAMERA 3012 3013 3014 3015 3016 3017 3018 3019 3020 3021 3022 3023 3024 3026 3027 3028 3044 3045 3046 3049 3051 3058 3059 3061 3063 3101.NO_PATH 3101.UDP_BLOCKED 3101.SERVER_PRIVATE_ADDRESS 3101.TURN_AUTH_FAILED 3101.DTLS_FAILED 3101.MEDIA_NOT_ARRIVING 3101.PATH_LOST 3104.NO_STATS 3106 4047 ";
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
	for (let e of l ? l.split(" ") : []) f[e] = ae(e, u[e]);
	let p = ce();
	return {
		code: e,
		name: t,
		message: n,
		reason: r,
		detail: _(o, f),
		remedy: _(s, f),
		...c && ee(c, f),
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
function _(e, t) {
	return e.replace(/\{([A-Za-z]\w*)\}/g, (e, n) => te(t[n]));
}
function ee(e, t) {
	let n = /^\{(\w+)\}$/.exec(e)?.[1];
	return n !== void 0 && t[n] === "" ? {} : { param: _(e, t) };
}
function te(e) {
	return Array.isArray(e) ? e.length ? e.join(", ") : "none" : e === "" ? "\"\"" : String(e);
}
var ne = 200, re = 1e3, ie = 50;
function ae(e, t) {
	let n = e === "problem" || e === "lastWords" ? re : ne;
	if (typeof t == "string") return oe(t, n);
	if (!Array.isArray(t)) return t;
	let r = t.length - ie + 1;
	return (r > 1 ? [...t.slice(0, -r), `… ${r} more`] : t).map((e) => oe(String(e), n));
}
function oe(e, t) {
	let n = Array.from(e.length > 4 * t ? e.slice(0, 2 * t) + e.slice(-2 * t) : e), r = Math.floor(t / 2);
	return (n.length > t ? [
		...n.slice(0, r),
		"…",
		...n.slice(r + 1 - t)
	] : n).join("").replace(/[\p{Cc}\p{Cs}\p{Bidi_Control}\uFFFD]/gu, "·");
}
var se = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
function ce() {
	let e = "";
	for (let t = Date.now(), n = 0; n < 10; n++, t = Math.floor(t / 32)) e = se.charAt(t % 32) + e;
	let t = "";
	for (let e of crypto.getRandomValues(/* @__PURE__ */ new Uint8Array(16))) t += se.charAt(e & 31);
	return "flt_" + e + t;
}
// src/fault.ts
var le = class extends Error {
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
		return ue(this);
	}
};
function ue({ code: e, name: t, reason: n, detail: r, remedy: i, id: a }) {
	return `${e} ${t} (${n}): ${r} ${i} [${a}]`;
}
var v = class extends le {
	constructor(e) {
		let t = ue(e);
		super(t);
		let { stack: n = "" } = this, r = n.startsWith("Error: ") ? n.slice(n.indexOf(t) + t.length) : `\n${n}`;
		Object.defineProperty(this, "stack", {
			value: `VideoSDKError: ${t}${r}`,
			configurable: !0,
			writable: !0
		}), Object.defineProperty(this, "message", { enumerable: !0 }), Object.assign(this, e);
	}
}, de = { allows: (e) => document.featurePolicy?.allowsFeature(e) }, y = {
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
}, fe = /permissions?[- ]policy|feature[- ]policy/i;
function pe(e, t, n, r, i = de) {
	let a = y[e], { name: o, message: s, constraint: c } = ye(t);
	switch (o) {
		case "NotAllowedError":
		case "PermissionDeniedError":
		case "SecurityError": return o === "SecurityError" || fe.test(s) || i.allows(e) === !1 ? a.policyBlocked({
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
function me(e, t, n = de) {
	let { name: r, message: i } = ye(e), a = {
		domName: r,
		domMessage: i
	};
	switch (r) {
		case "InvalidStateError":
		case "InvalidAccessError": return h.startingScreenshareNoUserGesture(a, t);
		case "NotAllowedError": return fe.test(i) || n.allows("display-capture") === !1 ? h.getDisplayMediaPermissionDeniedPolicyBlocked({
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
function he(e, t, n) {
	return y[e].lost({ label: t }, n);
}
function ge(e, t, n) {
	let r = {
		...n,
		causeId: t
	};
	return e === "audio" ? y.microphone.publishRefused({ kind: e }, r) : e === "video" ? y.camera.publishRefused({ kind: e }, r) : h.screenshareProduceFailedPublishRefused({ kind: e }, r);
}
async function _e(e, t, n) {
	let r = b(n, e);
	try {
		return await r.getUserMedia(e === "camera" ? { video: t } : { audio: t });
	} catch (i) {
		let a = be(t);
		throw new v(pe(e, i, {
			deviceId: a,
			label: await xe(r, e, a)
		}, n));
	}
}
async function ve(e, t) {
	let n = b(t);
	if (!("getDisplayMedia" in n)) throw new v(h.startingScreenshareNoScreenShare({ userAgent: navigator.userAgent }, t));
	try {
		return await n.getDisplayMedia(e);
	} catch (e) {
		throw new v(me(e, t));
	}
}
function b(e, t) {
	let n = navigator.mediaDevices;
	if (n) return n;
	throw isSecureContext ? new v(h.unsupportedEnvironmentNoWEBRTC({ userAgent: navigator.userAgent }, e)) : new v((t ? y[t].insecure : h.unsupportedEnvironmentInsecureContext)({ origin: location.origin }, e));
}
function ye(e) {
	let { name: t, message: n, constraint: r } = typeof e == "object" && e ? e : {};
	return {
		name: typeof t == "string" ? t : "Error",
		message: typeof n == "string" ? n : String(e),
		constraint: typeof r == "string" ? r : ""
	};
}
function be({ deviceId: e }) {
	let t = typeof e == "object" && !Array.isArray(e) ? e.exact : e;
	return typeof t == "string" ? t : "";
}
async function xe(e, t, n) {
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
}, Se = [
	"bandwidth_optimized",
	"balanced",
	"high_quality"
], Ce = 64e3, we = [
	"l",
	"m",
	"h"
], Te = [
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
	return e === 1 ? t ? [{ scalabilityMode: t }] : [] : we.slice(0, e).map((t, n) => ({
		rid: e === 2 && n === 1 ? "h" : t,
		scaleResolutionDownBy: 2 ** (e - 1 - n)
	}));
}
function Ae(e, t) {
	let n = (t) => t.mimeType.split("/")[1]?.toUpperCase() === e.toUpperCase();
	return t.some(n) ? [...t.filter(n), ...t.filter((e) => !n(e))] : void 0;
}
var je = [[518400, 3], [129600, 2]];
function Me({ width: e, height: t }, n) {
	return 1e3 * (Pe(Object.values(x.camera), (n) => Math.abs(Math.log(n.width * n.height / (e * t)))).kbps[n] ?? 0);
}
function Ne(e, { maxBitrateBps: t, mode: n = 1 }, r, i) {
	return e === "share" ? t / i : Math.min(t, Me({
		width: r.width / i,
		height: r.height / i
	}, n));
}
function Pe(e, t) {
	return e.reduce((e, n) => t(n) < t(e) ? n : e);
}
function Fe(e, { kind: t, encoding: n, size: r, quality: i, idle: a }) {
	let { encodings: o } = e;
	if (!Ee(t)) {
		for (let e of o) e.maxBitrate = n.maxBitrateBps;
		return;
	}
	let { width: s, height: c } = r ?? x.camera.h720p_w1280p, l = t === "share" ? 3 : je.find(([e]) => s * c >= e)?.[1] ?? 1, u = Math.min(o.length, l), d = 2 ** (Te.length - 1 - Te.indexOf(i));
	o.forEach((e, r) => {
		let i = Math.max(2 ** Math.max(u - 1 - r, 0), r === 0 ? d : 1);
		e.scaleResolutionDownBy = i, e.maxBitrate = i === 1 ? n.maxBitrateBps : Ne(t, n, {
			width: s,
			height: c
		}, i);
		let { scalabilityMode: o = "L1" } = e;
		for (let r = 1; r < Number(o[1]); r++) e.maxBitrate += Ne(t, n, {
			width: s,
			height: c
		}, i * 2 ** r);
		e.active = r < u && (r === 0 || i >= d) && !a.has(e.rid ?? "");
	});
}
// src/errors.gen.ts
var Ie = {
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
}, Le = {
	RECORDING_STARTING: "RECORDING_STARTING",
	RECORDING_STARTED: "RECORDING_STARTED",
	RECORDING_STOPPING: "RECORDING_STOPPING",
	RECORDING_STOPPED: "RECORDING_STOPPED"
}, Re = {
	LIVESTREAM_STARTING: "LIVESTREAM_STARTING",
	LIVESTREAM_STARTED: "LIVESTREAM_STARTED",
	LIVESTREAM_STOPPING: "LIVESTREAM_STOPPING",
	LIVESTREAM_STOPPED: "LIVESTREAM_STOPPED"
}, ze = {
	HLS_STARTING: "HLS_STARTING",
	HLS_STARTED: "HLS_STARTED",
	HLS_PLAYABLE: "HLS_PLAYABLE",
	HLS_STOPPING: "HLS_STOPPING",
	HLS_STOPPED: "HLS_STOPPED"
}, Be = {
	TRANSCRIPTION_STARTING: "TRANSCRIPTION_STARTING",
	TRANSCRIPTION_STARTED: "TRANSCRIPTION_STARTED",
	TRANSCRIPTION_STOPPING: "TRANSCRIPTION_STOPPING",
	TRANSCRIPTION_STOPPED: "TRANSCRIPTION_STOPPED"
}, Ve = {
	TRANSLATION_STARTING: "TRANSLATION_STARTING",
	TRANSLATION_STARTED: "TRANSLATION_STARTED",
	TRANSLATION_STOPPING: "TRANSLATION_STOPPING",
	TRANSLATION_STOPPED: "TRANSLATION_STOPPED"
}, He = {
	CONFERENCE: "CONFERENCE",
	VIEWER: "VIEWER",
	SEND_AND_RECV: "SEND_AND_RECV",
	SIGNALLING_ONLY: "SIGNALLING_ONLY",
	RECV_ONLY: "RECV_ONLY"
}, Ue = {
	AUDIO: "audio",
	VIDEO: "video",
	AUDIO_AND_VIDEO: "audio_video"
}, We = {
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
}, Ge = {
	HIGH_QUALITY: "high_quality",
	BALANCED: "balanced",
	BANDWIDTH_OPTIMIZED: "bandwidth_optimized"
}, Ke = {
	RELIABLE: "RELIABLE",
	UNRELIABLE: "UNRELIABLE"
}, qe = {
	NONE: "NONE",
	ERROR: "ERROR",
	WARN: "WARN",
	INFO: "INFO",
	DEBUG: "DEBUG",
	ALL: "ALL"
}, Je = {
	IDLE: "idle",
	LISTENING: "listening",
	THINKING: "thinking",
	SPEAKING: "speaking"
}, Ye = {
	CHARACTER_SPEAKING: "CHARACTER_SPEAKING",
	CHARACTER_THINKING: "CHARACTER_THINKING",
	CHARACTER_LISTENING: "CHARACTER_LISTENING"
}, Xe = {
	TEXT: "text",
	CO_PILOT: "co_pilot",
	AUTO_PILOT: "auto_pilot",
	VISION_PILOT: "vision_pilot"
}, Ze = {
	DROP: "drop",
	QUEUE: "queue"
}, S = {
	VP8: "VP8",
	VP9: "VP9",
	AV1: "AV1",
	H264: "H264"
}, Qe = {
	errors: Ie,
	recordingEvents: Le,
	livestreamEvents: Re,
	hlsEvents: ze,
	transcriptionEvents: Be,
	translationEvents: Ve,
	modes: He,
	permission: Ue,
	reliabilityMode: Ke,
	leaveReason: We,
	BitrateMode: Ge,
	LogLevel: qe,
	AgentState: Je,
	characterState: Ye,
	characterMode: Xe,
	VideoCodec: S,
	RealtimeOverflow: Ze
};
// src/nearest.ts
function $e(e, t) {
	let n = e.slice(0, 64).toLowerCase();
	return t.reduce((e, t) => et(n, t.toLowerCase()) < et(n, e.toLowerCase()) ? t : e, t[0] ?? "none");
}
function et(e, t) {
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
function C(e, t, n, r, i = "") {
	rt(e, t, i, n, r);
}
function w(e, t, n, r) {
	if (E(n)) return;
	if (typeof r == "function") return r(n, t, e);
	if (typeof r == "object" && "fields" in r) return rt(e, t, t, n, r.fields);
	if (typeof r == "object") {
		if (r.includes(n)) return;
		let i = {
			method: e.method,
			parameter: t,
			got: String(n),
			allowed: r.map(String)
		};
		throw new v((e.method.startsWith("create") ? h.invalidCustomTrackConfigNotAllowed : h.invalidParameterNotAllowed)(i, e.at));
	}
	let i = Array.isArray(n) ? "array" : typeof n;
	if (i !== r) throw new v(h.invalidParameterWrongType({
		method: e.method,
		parameter: t,
		got: i,
		want: r
	}, e.at));
}
function T({ method: e, at: t }, n, r) {
	if (E(r)) throw new v(h.invalidParameterMissing({
		method: e,
		parameter: n
	}, t));
}
function tt(e, t) {
	if (w(e, "token", t, "string"), E(t) || t.trim() === "") throw new v(h.invalidTokenEmpty(e.at));
}
function nt(e, t) {
	if (w(e, "meetingId", t, "string"), E(t)) throw new v(h.invalidMeetingIDEmpty(e.at));
}
function E(e) {
	return e == null;
}
function rt(e, t, n, r, i) {
	if (!E(r)) {
		w(e, t, r, "object");
		for (let [t, a] of Object.entries(r)) {
			let r = n === "" ? t : `${n}.${t}`, o = Object.hasOwn(i, t) ? i[t] : void 0;
			if (o === void 0) {
				if (a === void 0) continue;
				let n = Object.keys(i), o = {
					method: e.method,
					parameter: r,
					nearest: $e(t, n),
					allowed: n
				};
				throw new v(h.invalidParameterUnknownOption(o, e.at));
			}
			w(e, r, a, o);
		}
	}
}
// src/tracks.ts
var it = [
	"motion",
	"text",
	"detail"
], at = {
	cameraId: "string",
	facingMode: [
		"user",
		"front",
		"environment"
	],
	encoderConfig: Object.keys(x.camera),
	optimizationMode: it,
	bitrateMode: Se,
	codec: Object.values(S),
	multiStream: "boolean",
	maxLayer: [2, 3]
}, ot = {
	microphoneId: "string",
	encoderConfig: Object.keys(x.audio),
	noiseConfig: { fields: {
		noiseSuppression: "boolean",
		noiseSuppresion: "boolean",
		echoCancellation: "boolean",
		autoGainControl: "boolean"
	} }
}, st = (e, t, n) => {
	C(e, "videoConfig", t, at, n), yt(t ?? {}, e.method);
}, ct = (e, t, n) => C(e, "audioConfig", t, ot, n), lt = {
	encoderConfig: Object.keys(x.share),
	optimizationMode: it,
	withAudio: ["enable", "disable"],
	codec: Object.values(S),
	multiStream: "boolean"
}, ut = /* @__PURE__ */ new WeakMap(), dt = {
	audio: { maxBitrateBps: 24e3 },
	video: {
		maxBitrateBps: 15e5,
		degradation: "balanced"
	},
	share: {
		maxBitrateBps: 1e6,
		degradation: "maintain-resolution"
	},
	shareAudio: { maxBitrateBps: Ce }
};
function ft(e, t) {
	return ut.get(e) ?? dt[t];
}
async function pt(e, t = {}) {
	let n = e ?? {};
	C({
		method: "createCameraVideoTrack",
		at: t
	}, "options", n, at);
	let r = "createCameraVideoTrack", { width: i, height: a, frameRate: o, kbps: s } = _t(x.camera, n.encoderConfig ?? "h720p_w1280p", r, t), c = yt(n, r, t), l = Se.indexOf(n.bitrateMode ?? "balanced"), u = await _e("camera", {
		width: { ideal: i },
		height: { ideal: a },
		frameRate: { ideal: o },
		...n.cameraId ? { deviceId: { exact: n.cameraId } } : {},
		...n.facingMode ? { facingMode: { ideal: n.facingMode === "environment" ? "environment" : "user" } } : {}
	}, t), d = n.optimizationMode ?? "motion";
	return gt(u, "video", d, {
		maxBitrateBps: (s[l] ?? s[1]) * 1e3,
		degradation: d === "motion" ? "balanced" : "maintain-resolution",
		...l >= 0 && { mode: l },
		...c
	});
}
async function mt(e, t = {}) {
	let n = e ?? {};
	C({
		method: "createMicrophoneAudioTrack",
		at: t
	}, "options", n, ot);
	let { kbps: r, channels: i, speech: a } = _t(x.audio, n.encoderConfig ?? "speech_standard", "createMicrophoneAudioTrack", t), { noiseSuppresion: o, echoCancellation: s, autoGainControl: c } = n.noiseConfig ?? {};
	return gt(await _e("microphone", {
		noiseSuppression: n.noiseConfig?.noiseSuppression ?? o ?? a,
		echoCancellation: s ?? a,
		autoGainControl: c ?? a,
		channelCount: { ideal: i },
		...n.microphoneId ? { deviceId: { exact: n.microphoneId } } : {}
	}, t), "audio", a ? "speech" : "music", { maxBitrateBps: r * 1e3 });
}
async function ht(e, t = {}) {
	let n = e ?? {};
	C({
		method: "createScreenShareVideoTrack",
		at: t
	}, "options", n, lt);
	let r = "createScreenShareVideoTrack", { width: i, height: a, frameRate: o, kbps: s } = _t(x.share, n.encoderConfig ?? "h720p_15fps", r, t), c = yt(n, r, t), l = await ve({
		video: {
			width: { max: i },
			height: { max: a },
			frameRate: { max: o }
		},
		audio: n.withAudio !== "disable" && {
			echoCancellation: !1,
			noiseSuppression: !1,
			autoGainControl: !1
		}
	}, t), u = n.optimizationMode ?? "text";
	return gt(l, "audio", "music", { maxBitrateBps: Ce }), gt(l, "video", u, {
		maxBitrateBps: s * 1e3,
		...c,
		degradation: u === "motion" ? "balanced" : "maintain-resolution"
	});
}
function gt(e, t, n, r) {
	for (let i of e.getTracks().filter((e) => e.kind === t)) i.contentHint = n, ut.set(i, r);
	return e;
}
function _t(e, t, n, r) {
	if (Object.hasOwn(e, t)) return e[t];
	let i = {
		method: n,
		parameter: "encoderConfig",
		got: String(t),
		allowed: Object.keys(e)
	};
	throw new v(h.invalidCustomTrackConfigNotAllowed(i, r));
}
var vt = Object.values(S);
function yt({ codec: e, multiStream: t, maxLayer: n }, r, i) {
	let a = r.startsWith("create"), o = a ? h.invalidCustomTrackConfigNotAllowed : h.invalidParameterNotAllowed, s = (e, t, n) => {
		throw new v(o({
			method: r,
			parameter: e,
			got: String(t),
			allowed: [...n]
		}, i));
	};
	if (!E(e) && !vt.includes(e) && s("codec", e, vt), !E(t) && typeof t != "boolean" && s("multiStream", t, ["true", "false"]), !E(n) && n !== 2 && n !== 3 && s("maxLayer", n, ["2", "3"]), !E(n) && t === !1) {
		let e = {
			method: r,
			parameter: "maxLayer",
			other: "multiStream: false"
		};
		throw new v(a ? h.invalidCustomTrackConfigConflict(e, i) : h.invalidParameterConflict(e, i));
	}
	return {
		...!E(e) && { codec: e },
		...!E(t) && { multiStream: t },
		...!E(n) && { maxLayer: n }
	};
}
var bt = {
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
function D(e, t, n, r) {
	let i = t === "audio" ? "audio" : "video", a = e instanceof MediaStream ? e.getTracks() : [e], o = a.find((e) => e instanceof MediaStreamTrack && e.kind === i && e.readyState === "live");
	if (o) return o;
	let s = a.map((e) => e instanceof MediaStreamTrack ? `${e.readyState} ${e.kind}` : typeof e).join(", "), c = a.some((e) => e instanceof MediaStreamTrack && e.kind === i), l = bt[t][c ? "ended" : "none"];
	throw new v(l({
		method: n,
		kind: i,
		got: s || "an empty stream"
	}, r));
}
// src/argument.ts
function xt(e, t, n, r) {
	try {
		return JSON.stringify(n);
	} catch (n) {
		let i = n instanceof Error ? n.message.split("\n")[0] ?? "" : String(n);
		throw new v(h.invalidParameterNotJSON({
			method: e,
			parameter: t,
			problem: i
		}, r));
	}
}
function St(e, t, n) {
	if (typeof t == "function") return;
	let r = t === null ? "null" : typeof t;
	throw new v(h.invalidParameterWrongType({
		method: e,
		parameter: "listener",
		got: r,
		want: "a function"
	}, n));
}
// src/eventnames.ts
function Ct(e, t, n) {
	if (typeof t == "string" && Object.hasOwn(n, t)) return;
	let r = String(t), i = Object.keys(n);
	throw new v(h.invalidParameterUnknownEvent({
		method: e,
		event: r,
		nearest: $e(r, i),
		allowed: i
	}));
}
// src/log.ts
var wt = Object.values(qe), Tt = {
	ERROR: "error",
	WARN: "warn",
	INFO: "info",
	DEBUG: "debug"
}, Et;
function Dt(e) {
	Et = wt.indexOf(e);
}
var Ot = (e) => wt.indexOf(e) <= (Et ?? wt.indexOf("NONE"));
function kt(...e) {
	(Et === void 0 || Ot("WARN")) && console.warn("[klatch]", ...e);
}
function O(e, ...t) {
	Ot(e) && console[e === "ALL" ? "debug" : Tt[e]]("[klatch]", ...t);
}
// src/emitter.ts
var At = class {
	#e;
	#t;
	#n = Object.create(null);
	constructor(e, t) {
		this.#e = e, this.#t = t;
	}
	on(e, t) {
		return Ct(`${this.#e}.on`, e, this.#t), St(`${this.#e}.on`, t), this.#n[e] = [...this.#n[e] ?? [], t], this.listened(String(e)), () => this.off(e, t);
	}
	listened(e) {}
	once(e, t) {
		let n = this.on(e, (...e) => {
			n(), t(...e);
		});
		return n;
	}
	off(e, t) {
		Ct(`${this.#e}.off`, e, this.#t);
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
			k(e);
		}
	}
};
function k(e) {
	queueMicrotask(() => {
		throw e;
	});
}
// src/deviceinfo.ts
var jt = class {
	deviceId;
	groupId;
	kind;
	label;
	constructor(e, t, n, r) {
		this.deviceId = e, this.groupId = t, this.kind = n, this.label = r;
	}
}, Mt = class extends jt {
	facingMode;
	constructor(e, t, n, r, i) {
		super(e, t, n, r), this.facingMode = i ?? (/\b(back|rear|environment)\b/i.test(r) ? "environment" : "front");
	}
}, Nt = class extends jt {}, Pt = class extends jt {};
function Ft(e) {
	let { deviceId: t, groupId: n, kind: r, label: i } = e;
	if (r === "audioinput") return new Nt(t, n, r, i);
	if (r === "audiooutput") return new Pt(t, n, r, i);
	let { facingMode: a = [] } = "getCapabilities" in e ? e.getCapabilities() : {};
	return new Mt(t, n, r, i, a.includes("environment") ? "environment" : void 0);
}
// src/devices.ts
async function It() {
	return (await b({}).enumerateDevices()).filter(({ deviceId: e }) => e !== "").map(Ft);
}
async function A(e) {
	return (await It()).filter((t) => t.kind === e);
}
var Lt = class extends At {
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
		It().then((e) => this.emit("device-changed", { devices: e }), k);
	};
};
function Rt(e, t) {
	return w({ method: e }, "permissions", t, Object.values(Ue)), t === "audio" || t === "video" ? [t] : ["audio", "video"];
}
var zt = [
	"PERMISSION_DENIED",
	"PERMISSION_DISMISSED",
	"DENIED_BY_SYSTEM"
], Bt = {
	audio: "microphone",
	video: "camera"
};
async function Vt(e) {
	let t = Rt("checkPermissions", e).map(async (e) => [e, await Ut(e)]);
	return new Map(await Promise.all(t));
}
async function Ht(e) {
	let t = /* @__PURE__ */ new Map();
	for (let n of Rt("requestPermission", e)) try {
		let e = await _e(Bt[n], {}, {});
		for (let t of e.getTracks()) t.stop();
		t.set(n, !0);
	} catch (e) {
		if (!(e instanceof v) || !zt.includes(e.reason)) throw e;
		t.set(n, !1);
	}
	return t;
}
async function Ut(e) {
	try {
		return (await navigator.permissions.query({ name: Bt[e] })).state === "granted";
	} catch {
		return (await b({}).enumerateDevices()).some(({ kind: t, label: n }) => t === `${e}input` && n !== "");
	}
}
// src/codes.gen.ts
var Wt = /* @__PURE__ */ t({
	ACCOUNT_DEACTIVATED: () => er,
	ACCOUNT_DISCONTINUED: () => tr,
	ADAPTIVE_SUBSCRIPTION_DISABLE_FAILED: () => Fr,
	ADAPTIVE_SUBSCRIPTION_ENABLE_FAILED: () => Pr,
	ADAPTIVE_SUBSCRIPTION_NOT_ENABLED_BY_SDK: () => Nr,
	ADD_ON_SERVICES_DISABLED: () => hr,
	APIKEY_DEACTIVATED: () => Lr,
	CERTIFICATE_FAILED: () => Ei,
	CHANGE_MODE_FAILED: () => Vr,
	CLIENT_IMPAIRED: () => Jn,
	CONFIG_INVALID: () => wi,
	CONFLICT: () => fi,
	DISABLE_PARTICIPANT_MIC_FAILED: () => Wr,
	DISABLE_PARTICIPANT_WEBCAM_FAILED: () => Kr,
	DUPLICATE_PARTICIPANT: () => $n,
	ENABLE_PARTICIPANT_MIC_FAILED: () => Ur,
	ENABLE_PARTICIPANT_WEBCAM_FAILED: () => Gr,
	ERROR_ACTION_NOT_SUPPORTED: () => Pn,
	ERROR_ACTION_NOT_SUPPORTED_IN_MODE: () => Mn,
	ERROR_ACTION_PERFORMED_BEFORE_MEETING_JOINED: () => hn,
	ERROR_ALREADY_IN_REQUESTED_STATE: () => Sn,
	ERROR_CAMERA_ACCESS_DENIED_OR_DISMISSED: () => Zt,
	ERROR_CAMERA_ACCESS_UNAVAILABLE: () => pn,
	ERROR_CAMERA_IN_USE: () => rn,
	ERROR_CAMERA_NOT_FOUND: () => tn,
	ERROR_CAMERA_PERMISSION_DENIED_BY_OS: () => $t,
	ERROR_CAPTURE_IMAGE_FAILED: () => Fn,
	ERROR_CUSTOM_AUDIO_TRACK_ENDED: () => fn,
	ERROR_CUSTOM_VIDEO_TRACK_ENDED: () => dn,
	ERROR_END_MEETING_FAILED: () => Tn,
	ERROR_FILE_FETCH_FAILED: () => Vn,
	ERROR_FILE_UPLOAD_FAILED: () => Bn,
	ERROR_GET_AUDIO_MEDIA_PERMISSION_DENIED: () => Yt,
	ERROR_GET_DISPLAY_MEDIA_PERMISSION_DENIED: () => Xt,
	ERROR_GET_VIDEO_MEDIA_PERMISSION_DENIED: () => Jt,
	ERROR_INVALID_CUSTOM_AUDIO_TRACK: () => un,
	ERROR_INVALID_CUSTOM_TRACK_CONFIG: () => Ln,
	ERROR_INVALID_CUSTOM_VIDEO_TRACK: () => ln,
	ERROR_INVALID_MODE: () => Nn,
	ERROR_INVALID_PARAMETER: () => zn,
	ERROR_MEDIA_NOT_READY: () => yn,
	ERROR_MEETING_MEDIA_CONNECTION_FAILED: () => gn,
	ERROR_MEETING_RECONNECTING: () => jn,
	ERROR_MICROPHONE_ACCESS_DENIED_OR_DISMISSED: () => Qt,
	ERROR_MICROPHONE_ACCESS_UNAVAILABLE: () => mn,
	ERROR_MICROPHONE_IN_USE: () => an,
	ERROR_MICROPHONE_NOT_FOUND: () => nn,
	ERROR_MICROPHONE_PERMISSION_DENIED_BY_OS: () => en,
	ERROR_MICROPHONE_PRODUCE_FAILED: () => En,
	ERROR_MICROPHONE_TRACK_ENDED: () => cn,
	ERROR_MULTISTREAM_NOT_SUPPORTED: () => vn,
	ERROR_NO_MICROPHONE_DEVICE_FOUND: () => Dn,
	ERROR_NO_WEBCAM_DEVICE_FOUND: () => xn,
	ERROR_OPERATION_ABORTED: () => wn,
	ERROR_OPERATION_IN_PROGRESS: () => Cn,
	ERROR_OPERATION_TIMED_OUT: () => Hn,
	ERROR_PAYLOAD_TOO_LARGE: () => Rn,
	ERROR_SCREENSHARE_PRODUCE_FAILED: () => On,
	ERROR_SEND_FAILED: () => In,
	ERROR_SET_WEBCAM_QUALITY_FAILED: () => An,
	ERROR_STARTING_AUDIO: () => Kt,
	ERROR_STARTING_SCREENSHARE: () => qt,
	ERROR_STARTING_VIDEO: () => Gt,
	ERROR_VIDEO_PRODUCE_CODEC_NOT_SUPPORTED: () => _n,
	ERROR_VIDEO_SOURCE_INITIATION_FAILED: () => on,
	ERROR_WEBCAM_NOT_ENABLED: () => kn,
	ERROR_WEBCAM_PRODUCE_FAILED: () => bn,
	ERROR_WEBCAM_TRACK_ENDED: () => sn,
	FAILED_TO_GET_VALUE: () => Mr,
	FAILED_TO_OBSERVE_VALUE: () => $r,
	FAILED_TO_SET_VALUE: () => jr,
	FAILED_TO_STOP_OBSERVING_VALUE: () => ei,
	HLS_DURATION_LIMIT_REACHED: () => bi,
	HLS_FAILED: () => _i,
	INVALID_API_KEY: () => Yn,
	INVALID_LIVESTREAM_CONFIG: () => lr,
	INVALID_MEETING_ID: () => Zn,
	INVALID_MESSAGE: () => ui,
	INVALID_PARTICIPANT_ID: () => Qn,
	INVALID_PERMISSIONS: () => nr,
	INVALID_TOKEN: () => Xn,
	LIVESTREAM_DURATION_LIMIT_REACHED: () => yi,
	LIVESTREAM_FAILED: () => gi,
	LOBBY_DENIED: () => ii,
	LOBBY_TIMEOUT: () => ai,
	MAX_HLS_LIMIT_REACHED_ON_ORGANIZATION: () => Sr,
	MAX_LIVESTREAM_LIMIT_REACHED_ON_ORGANIZATION: () => Cr,
	MAX_PARTICIPANT_REACHED: () => rr,
	MAX_RECORDING_LIMIT_REACHED_ON_ORGANIZATION: () => xr,
	MAX_RECV_ONLY_LIMIT_REACHED_ON_ORGANIZATION: () => Ar,
	MAX_SPEAKER_LIMIT_REACHED_ON_ORGANIZATION: () => yr,
	MAX_SPEAKER_REACHED: () => ir,
	MAX_VIEWER_LIMIT_REACHED_ON_ORGANIZATION: () => br,
	MEDIA_CONNECTION_LOST: () => Un,
	MEETING_ENDED: () => si,
	MEETING_ID_DISABLED: () => Ir,
	NOT_FOUND: () => di,
	NOT_OFFERED: () => qn,
	NOT_PERMITTED: () => ci,
	PARTICIPANT_REMOVED: () => oi,
	PAUSE_ALL_STREAMS_FAILED: () => Rr,
	PAUSE_STREAM_FAILED: () => Xr,
	PIN_FAILED: () => qr,
	PREV_HLS_STREAMING_PROCESSING: () => mr,
	PREV_RECORDING_PROCESSING: () => fr,
	PREV_RTMP_RECORDING_PROCESSING: () => pr,
	PUBSUB_PUBLISH_FAILED: () => ti,
	PUBSUB_SUBSCRIBE_FAILED: () => ni,
	PUBSUB_UNSUBSCRIBE_FAILED: () => ri,
	RATE_LIMITED: () => li,
	RECONNECT_FAILED: () => Gn,
	RECORDING_DURATION_LIMIT_REACHED: () => vi,
	RECORDING_FAILED: () => hi,
	REMOVE_PARTICIPANT_FAILED: () => Hr,
	REQUEST_NOT_OFFERED: () => pi,
	RESPOND_ENTRY_FAILED: () => Br,
	RESUME_ALL_STREAMS_FAILED: () => zr,
	RESUME_STREAM_FAILED: () => Zr,
	RTMP_INGEST_FAILED: () => Di,
	RTMP_INGEST_REFUSED: () => mi,
	SERVER_CHECK_FAILED: () => Oi,
	SERVER_SHUTDOWN: () => Si,
	SERVER_UNAVAILABLE: () => xi,
	SET_QUALITY_FAILED: () => Yr,
	SIGNALING_UNREACHABLE: () => Wn,
	STARTUP_FAILED: () => Ti,
	START_COMPOSITE_RECORDING_FAILED: () => Or,
	START_HLS_FAILED: () => ur,
	START_LIVESTREAM_FAILED: () => sr,
	START_PARTICIPANT_RECORDING_FAILED: () => wr,
	START_RECORDING_FAILED: () => ar,
	START_TRACK_RECORDING_FAILED: () => Er,
	STOP_COMPPOSITE_RECORDING_FAILED: () => kr,
	STOP_HLS_FAILED: () => dr,
	STOP_LIVESTREAM_FAILED: () => cr,
	STOP_PARTICIPANT_RECORDING_FAILED: () => Tr,
	STOP_RECORDING_FAILED: () => or,
	STOP_TRACK_RECORDING_FAILED: () => Dr,
	SWITCH_MEETING_FAILED: () => Qr,
	UNAUTHORIZED_MEETING_ID: () => gr,
	UNAUTHORIZED_PARTCIPANT_ID: () => _r,
	UNAUTHORIZED_ROLE: () => vr,
	UNPIN_FAILED: () => Jr,
	UNSUPPORTED_ENVIRONMENT: () => Kn,
	WEBHOOK_DELIVERY_FAILED: () => Ci
}), Gt = 3011, Kt = 3012, qt = 3013, Jt = 3014, Yt = 3015, Xt = 3016, Zt = 3017, Qt = 3018, $t = 3019, en = 3020, tn = 3021, nn = 3022, rn = 3023, an = 3024, on = 3026, sn = 3027, cn = 3028, ln = 3029, un = 3030, dn = 3031, fn = 3032, pn = 3033, mn = 3034, hn = 3035, gn = 3044, _n = 3045, vn = 3046, yn = 3048, bn = 3049, xn = 3051, Sn = 3054, Cn = 3055, wn = 3056, Tn = 3057, En = 3058, Dn = 3059, On = 3061, kn = 3062, An = 3063, jn = 3065, Mn = 3066, Nn = 3067, Pn = 3068, Fn = 3069, In = 3070, Ln = 3071, Rn = 3072, zn = 3073, Bn = 3074, Vn = 3075, Hn = 3079, Un = 3101, Wn = 3102, Gn = 3103, Kn = 3104, qn = 3105, Jn = 3106, Yn = 4001, Xn = 4002, Zn = 4003, Qn = 4004, $n = 4005, er = 4006, tr = 4007, nr = 4008, rr = 4009, ir = 4010, ar = 4011, or = 4012, sr = 4013, cr = 4014, lr = 4015, ur = 4016, dr = 4017, fr = 4018, pr = 4019, mr = 4020, hr = 4021, gr = 4022, _r = 4023, vr = 4024, yr = 4026, br = 4027, xr = 4028, Sr = 4029, Cr = 4030, wr = 4035, Tr = 4036, Er = 4037, Dr = 4038, Or = 4039, kr = 4040, Ar = 4041, jr = 4045, Mr = 4046, Nr = 4047, Pr = 4048, Fr = 4049, Ir = 4052, Lr = 4053, Rr = 4057, zr = 4058, Br = 4059, Vr = 4065, Hr = 4066, Ur = 4067, Wr = 4068, Gr = 4069, Kr = 4070, qr = 4071, Jr = 4072, Yr = 4073, Xr = 4074, Zr = 4075, Qr = 4076, $r = 4085, ei = 4086, ti = 4087, ni = 4088, ri = 4089, ii = 4101, ai = 4102, oi = 4103, si = 4104, ci = 4105, li = 4106, ui = 4107, di = 4108, fi = 4109, pi = 4110, mi = 4112, hi = 5001, gi = 5002, _i = 5003, vi = 5004, yi = 5005, bi = 5006, xi = 5101, Si = 5102, Ci = 5103, wi = 5104, Ti = 5105, Ei = 5106, Di = 5107, Oi = 5108, ki = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/;
function j(e, t) {
	let n = (t) => {
		throw new v(h.signalingUnreachableBadURL({
			url: ji(e),
			problem: t
		}));
	};
	/^[a-z][a-z0-9+.-]*:\/\//i.test(e) || n(e.trim() === "" ? "it is empty" : "it does not begin with http:// or https://");
	let r = Ai(e) ?? n("it is not a valid URL"), i = r.protocol === "https:" || r.protocol === "wss:";
	!i && r.protocol !== "http:" && r.protocol !== "ws:" && n(`its scheme is ${r.protocol.slice(0, -1)}`), (r.username !== "" || r.password !== "") && n("it contains a user name or password"), (r.search !== "" || r.hash !== "") && n("it has a query or fragment");
	let a = r.host + r.pathname.replace(/\/+$/, "");
	if (t.protocol === "https:" && !i && !ki.test(r.hostname)) throw new v(h.signalingUnreachableMixedContent({
		url: e,
		page: t.origin
	}));
	return {
		base: `${i ? "https" : "http"}://${a}`,
		signal: `${i ? "wss" : "ws"}://${a}/v1/signal`
	};
}
function Ai(e) {
	try {
		return new URL(e);
	} catch {
		return;
	}
}
function ji(e) {
	return e.replace(/\/\/[^/@]*@/, "//").replace(/[?#].*/s, "");
}
// src/calls.ts
var Mi = class {
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
			throw e instanceof v ? this.tell(e) : e;
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
				if (n !== void 0 && !t) throw new v(h.meetingReconnectingReconnecting({
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
		return this.#n.has(e.id) || (this.#n.add(e.id), O(e.fatal ? "ERROR" : "WARN", String(e)), m(e) && this.#e.report(e), this.#e.events.emit("error", e)), e;
	}
	where() {
		return this.#e.where();
	}
	error(e, t) {
		return new v(e(t, this.#e.where()));
	}
	already(e, t) {
		return this.error(h.alreadyInRequestedStateAlready, {
			method: e,
			state: t
		});
	}
	asFault(e) {
		return e instanceof v ? e : (k(e), this.error(h.signalingUnreachableNotKlatch, {
			url: this.#e.where().server ?? "",
			status: 101
		}));
	}
}, Ni = 5e3, Pi = ({ code: e }) => e === 3101 || e === 3102, Fi = ({ fault: e }) => e.reason !== "MEDIA_NOT_ARRIVING", Ii = class {
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
		if (!Pi(e)) return this.#e.tell(new v(e));
		let n = {
			fault: {
				...e,
				causeId: this.cause
			},
			told: !this.#r
		};
		this.#n.set(e.id, n), this.#t.began(n.fault, t), n.told && (Fi(n) && (this.#r = n), this.#e.tell(new v(n.fault)));
	}
	end(e, t) {
		let n = this.#n.get(e.id);
		this.#n.delete(e.id), this.#t.ended(e), n?.told !== !1 && this.#e.cleared(e, t), n && n === this.#r && this.#a();
	}
	#a() {
		clearTimeout(this.#i);
		let e = [...this.#n.values()].find(Fi);
		this.#r = e, e && !e.told && (this.#i = setTimeout(() => {
			e.told = !0, this.#e.tell(new v(e.fault));
		}, Ni));
	}
}, Li = /* @__PURE__ */ new Set();
function Ri(e) {
	let t = () => void Li.delete(e);
	e.play().then(t, (n) => {
		if (n instanceof DOMException && n.name === "NotAllowedError") {
			Li.add(e);
			for (let n of ["pointerup", "keydown"]) document.addEventListener(n, () => void e.play().then(t, () => void 0), { once: !0 });
		}
	});
}
var zi = class {
	every = 1e3;
	after = 1e3;
	#e;
	constructor(e) {
		this.#e = e;
	}
	async look() {
		let e = [...Li, ...document.querySelectorAll("audio, video")].filter(({ paused: e, muted: t, srcObject: n }) => e && !t && n instanceof MediaStream);
		for (let { participantId: t, kind: n, track: r } of e.length > 0 ? this.#e.sounds() : []) {
			let i = new Set(e.filter(({ srcObject: e }) => e.getAudioTracks().includes(r)));
			if (i.size !== 0) return await Vi() ? () => h.clientImpairedAutoplayBlocked({
				publisherId: t,
				kind: n,
				elements: i.size
			}, this.#e.where()) : void 0;
		}
	}
}, Bi = "data:audio/wav;base64,UklGRiYAAABXQVZFZm10IBAAAAABAAEAgD4AAAB9AAACABAAZGF0YQIAAAAAAA==";
async function Vi() {
	try {
		return await new Audio(Bi).play(), !1;
	} catch (e) {
		return e instanceof DOMException && e.name === "NotAllowedError";
	}
}
// src/blackcamera.ts
var Hi = 24, Ui = 32, Wi = 18, Gi = 2e3, Ki = 4, qi = class {
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
		let t = await Ji(e);
		if (t === void 0 || e !== this.#e.camera()) return "unknown";
		if (t > Hi) this.#n = Ki;
		else return (n) => h.startingVideoBlackCamera({
			label: e.label,
			brightest: t,
			forMs: n
		}, this.#e.where());
	}
};
async function Ji(e) {
	let t = document.createElement("video");
	t.muted = t.playsInline = !0;
	let n = new Promise((e) => {
		t.onloadeddata = () => e(!0), setTimeout(() => e(!1), Gi);
	});
	try {
		if (t.srcObject = new MediaStream([e]), t.play().catch(() => void 0), !await n) return;
		let r = Object.assign(document.createElement("canvas"), {
			width: Ui,
			height: Wi
		}).getContext("2d", { willReadFrequently: !0 });
		return r ? (r.imageSmoothingQuality = "high", r.drawImage(t, 0, 0, Ui, Wi), r.getImageData(0, 0, Ui, Wi).data.reduce((e, t, n) => n % 4 == 3 ? e : Math.max(e, t), 0)) : void 0;
	} finally {
		t.srcObject = null;
	}
}
// src/check.ts
var Yi = class extends Error {
	name = "WireError";
}, M = (e, t, n) => {
	throw new Yi(`${e} is ${n === null ? "null" : Array.isArray(n) ? "an array" : typeof n}, not ${t}`);
}, N = (e, t) => typeof e == "string" ? e : M(t, "a string", e), P = (e, t) => typeof e == "number" ? e : M(t, "a number", e), F = (e, t) => typeof e == "boolean" ? e : M(t, "a boolean", e), Xi = (e) => typeof e == "object" && !!e && !Array.isArray(e), I = (e, t) => Xi(e) ? e : M(t, "an object", e), L = (e) => (t, n) => t == null ? void 0 : e(t, n), R = (e, t) => (n, r) => n == null ? t : e(n, r), z = (e) => (t, n) => t == null ? [] : Array.isArray(t) ? t.map((t, r) => e(t, `${n}[${r}]`)) : M(n, "an array", t), B = (...e) => (t, n) => e.find((e) => e === t) ?? M(n, e.join(" or "), t), V = (e) => (t, n) => {
	if (!Xi(t)) return M(n, "an object", t);
	let r = {};
	for (let [i, a] of Object.entries(e)) r[i] = a(t[i], `${n}.${i}`);
	return r;
}, Zi = 3e3, Qi = V({ serverTime: N }), $i = class {
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
		let [e, t] = [Date.now(), performance.now()], { serverTime: n } = Qi(await this.#e.ping(), "ping"), r = performance.now() - t;
		if (!(r > Zi)) return this.#t = e + r / 2 - Date.parse(n);
	}
}, ea = class {
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
		let [t, ...n] = await A("audioinput");
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
}, ta = 500, na = class {
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
		}, ta);
	}
	close() {
		this.#r = !0, clearInterval(this.#n);
		for (let { diagnosis: e } of this.#t) e.close?.();
	}
	async #i(e) {
		let { every: t, after: n, until: r = 0 } = e.diagnosis, i = Math.abs(Date.now() - e.lookedAt);
		if (e.busy || i < t - ta / 2) return;
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
}, H = (e) => [...e.values()], ra = (e) => e.find(({ type: e, nominated: t, state: n }) => e === "candidate-pair" && t && n !== "failed");
function ia(e) {
	return (e.find(({ id: t }) => t === ra(e)?.localCandidateId)?.networkType ?? navigator.connection?.type ?? "unknown").toUpperCase();
}
var aa = (e) => Math.round((e ?? 0) / 10) / 100;
function oa(e, t, n) {
	let r = H(t);
	return ca(la(r).map((t) => da(e, r, t, n)));
}
function sa(e, t, n, r) {
	let i = H(t);
	return ca(la(i).map((t, a, { length: o }) => {
		let { stats: s, complete: c } = da(e, i, t, n), l = t.type === "outbound-rtp", { frameWidth: u = 0, frameHeight: d = 0, framesPerSecond: f = 0 } = t, p = l ? o - 1 - a : r.current ?? 0, m = l ? ua(t) - 1 : 0;
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
				rid: t.rid,
				freezes: t.freezeCount ?? 0,
				frozenMs: ga(t.totalFreezesDuration) ?? 0,
				framesDropped: t.framesDropped ?? 0
			},
			complete: c
		};
	}));
}
function ca(e) {
	return {
		stats: e.map(({ stats: e }) => e),
		complete: e.every((e) => e.complete)
	};
}
function la(e) {
	let t = ({ frameWidth: e = 0, frameHeight: t = 0 }) => e * t, n = e.filter(({ type: e }) => e === "outbound-rtp" || e === "inbound-rtp").sort((e, n) => t(n) - t(e)), r = n.filter(({ packetsSent: e = 0, packetsReceived: t = 0 }) => e + t > 0);
	return r.length > 0 ? r : n.slice(0, 1);
}
var ua = ({ scalabilityMode: e }) => Number(/T(\d)/.exec(e ?? "")?.[1] ?? 1);
function da(e, t, n, r) {
	let i = n.bytesSent ?? n.bytesReceived ?? 0, a = r.at(`${e} ${n.rid ?? ""}`, {
		atMs: n.timestamp,
		bytes: i
	}), o = n.type === "outbound-rtp" ? t.find(({ type: e, localId: t, ssrc: r }) => e === "remote-inbound-rtp" && (t === void 0 ? r === n.ssrc : t === n.id)) : n, s = ga(o?.roundTripTime ?? ra(t)?.currentRoundTripTime), c = ga(o?.jitter);
	return {
		complete: a !== void 0,
		stats: {
			kind: e,
			bitrate: aa(a),
			rtt: s ?? 0,
			jitter: c ?? 0,
			packetsLost: o?.packetsLost ?? 0,
			totalPackets: n.packetsSent ?? n.packetsReceived ?? 0,
			codec: t.find(({ id: e }) => e === n.codecId)?.mimeType?.split("/")[1] ?? "",
			network: ia(t),
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
function fa(e, t, n) {
	let r = e && pa("send", H(e), n), i = t && pa("receive", H(t), n), a = r?.pair ?? i?.pair;
	if (!a) return;
	let o = [...e ? H(e) : [], ...t ? H(t) : []], s = r?.pair.availableOutgoingBitrate;
	return {
		complete: [r, i].every((e) => e === void 0 || e.rate !== void 0),
		stats: {
			send: {
				outgoingBitrate: r ? aa(r.rate) : null,
				totalSentBytes: r?.bytes ?? null
			},
			receive: {
				incomingBitrate: i ? aa(i.rate) : null,
				totalReceivedBytes: i?.bytes ?? null
			},
			rtt: ga(a.currentRoundTripTime),
			protocol: o.find(({ id: e }) => e === a.localCandidateId)?.protocol,
			availableBitrate: s === void 0 ? void 0 : aa(s)
		}
	};
}
function pa(e, t, n) {
	let r = ra(t);
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
function ma(e) {
	let t = H(e).filter(({ type: e, active: t }) => e === "outbound-rtp" && t !== !1).map(({ qualityLimitationReason: e = "none" }) => e);
	return t.find((e) => e === "cpu") ?? t.find((e) => e === "bandwidth") ?? "none";
}
function ha(e) {
	let t = 0, n = 0, r = 0;
	for (let { type: i, packetsSent: a = 0, framesSent: o, timestamp: s } of e.values()) i === "remote-inbound-rtp" && (r = Math.max(r, s)), i === "outbound-rtp" && (t += a, n += o ?? a);
	return {
		packets: t,
		media: n,
		reportedAt: r
	};
}
function ga(e) {
	return e === void 0 ? void 0 : Math.round(e * 1e5) / 100;
}
// src/limited.ts
var _a = 10, va = class {
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
			let r = [...n.values()], i = ya(r, t);
			if (e === "video" && (i.framesPerSecond = Math.max(i.framesPerSecond, this.#n.get(t) ?? 0), this.#n.set(t, i.framesPerSecond)), ma(n) !== this.#e) continue;
			let a = ba(r, i, this.#t.scale(e));
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
function ya(e, t) {
	let n = e.find(({ type: e }) => e === "media-source"), { width: r = 0, height: i = 0, frameRate: a = 0 } = t.getSettings();
	return {
		width: n?.width ?? r,
		height: n?.height ?? i,
		framesPerSecond: n?.framesPerSecond ?? a
	};
}
function ba(e, t, n) {
	let { frameWidth: r = 0, frameHeight: i = 0, framesPerSecond: a = 0 } = e.filter((e) => e.type === "outbound-rtp" && e.active !== !1 && (e.framesPerSecond ?? 0) > 0).reduce((e, t) => (e?.frameHeight ?? 0) >= (t.frameHeight ?? 0) ? e ?? t : t, void 0) ?? {}, o = 3 * i <= 2 * t.height / n, s = t.framesPerSecond >= _a && 2 * a <= t.framesPerSecond;
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
var xa = 32768, Sa = class {
	#e = new AudioContext();
	#t = this.#e.createAnalyser();
	#n;
	constructor(e, t = xa) {
		this.#t.fftSize = t, this.#n = new Float32Array(t), this.#e.createMediaStreamSource(new MediaStream([e])).connect(this.#t);
	}
	read() {
		let { currentTime: e, sampleRate: t, state: n } = this.#e;
		if (!(n !== "running" || e * t < this.#n.length)) return this.#t.getFloatTimeDomainData(this.#n), 10 * Math.log10(this.#n.reduce((e, t) => e + t * t, 0) / this.#n.length);
	}
	close() {
		this.#e.close().catch(() => void 0);
	}
}, Ca = 100, wa = 2048, Ta = -45, Ea = 15, Da = -80, Oa = .3, ka = 1500, Aa = 1e3, ja = 3e3, Ma = class {
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
		this.#o = this.#o.filter(({ at: e }) => t - e < ja);
		let n = this.#o.reduce((e, { ms: t }) => e + t, 0);
		if (!(n >= Aa && !this.#c)) {
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
		this.#n = e.clone(), this.#n.enabled = !0, this.#r = new Sa(this.#n, wa);
		let t = Date.now(), n = t;
		this.#i = setInterval(() => {
			let e = Date.now(), r = Math.min(e - n, 200);
			n = e;
			let i = this.#r?.read();
			i !== void 0 && (this.#a = Math.max(Da, Math.min(i, this.#a + Oa)), e - t >= ka && i > Ta && i > this.#a + Ea && this.#o.push({
				at: e,
				ms: r,
				db: i
			}));
		}, Ca);
	}
}, Na = 1e3, Pa = 5, Fa = class {
	#e;
	#t;
	#n;
	#r = 0;
	#i = !1;
	constructor(e) {
		this.#e = e, this.#t = setInterval(() => void this.#a().catch(() => void 0), Na);
	}
	close() {
		clearInterval(this.#t);
	}
	async #a() {
		let e = await this.#e.energy(), t = e !== void 0 && e === this.#n;
		this.#n = e, this.#r = t ? this.#r + 1 : 0;
		let n = this.#i ? t : this.#r >= Pa;
		n !== this.#i && (this.#i = n, this.#e.changed(n ? "detected" : "resolved"));
	}
};
function Ia(e) {
	for (let t of e.values()) if (t.type === "media-source") return t.totalAudioEnergy;
}
// src/silentmicrophone.ts
var La = 3e4, Ra = class {
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
		if (this.#o || this.#i && this.#s < La - this.after) return;
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
		let t = await this.#e.stats("audio"), n = t && Ia(t);
		if (n !== void 0) {
			let e = this.#n;
			return this.#n = n, e === void 0 ? void 0 : n === e;
		}
		if (!t || e !== this.#t) return;
		this.#r ??= new Sa(e);
		let r = this.#r.read();
		return r === void 0 ? void 0 : r === -Infinity;
	}
}, za = 1e4, Ba = class {
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
		if (this.#n = e, this.#r = t, this.#i = !1, r < za && i < za) return;
		if (i < za) {
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
function Va(e) {
	let t = new $i(e);
	return new na(e, [
		new Ra(e),
		new Ma(e),
		new qi(e),
		new va("bandwidth", e),
		new va("cpu", e),
		new zi(e),
		new ea(e),
		new Ba(e, t),
		t
	]);
}
// src/data.ts
var Ha = 15360, Ua = {
	RELIABLE: 1048576,
	UNRELIABLE: 65536
}, Wa = 1e4, Ga = {
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
}, Ka = ["RELIABLE", "UNRELIABLE"], qa = class {
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
			for (let t of Ka) {
				let { label: n, ...r } = Ga[t], i = e.createDataChannel(n, {
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
			let c = Qa(e);
			if (!c) throw n.error(h.actionNotSupportedPayloadType, {
				method: r,
				got: $a(e)
			});
			let l = c.bytes;
			if (l > Ha) throw n.error(h.actionNotSupportedPayloadTooLarge, {
				method: r,
				bytes: l,
				limitBytes: Ha
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
		return t == null ? "RELIABLE" : (C({
			method: e,
			at: n.where()
		}, "options", t, { reliability: Ka }), t.reliability ?? "RELIABLE");
	}
	#u(e, t, n, r) {
		let { calls: i } = this.#e, a = e.bufferedAmount, o = Ua[t];
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
			if (a >= Wa) {
				let e = this.#n?.connectionState ?? "not offered yet";
				throw r.error(h.mediaNotReadyDataChannelPending, {
					waitedMs: a,
					state: e
				});
			}
			if (this.#a = void 0, this.#f(), await new Promise((e) => {
				let t = setTimeout(e, Wa - a);
				this.#o.push(() => {
					clearTimeout(t), e();
				});
			}), this.#a instanceof v) throw this.#a;
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
		let n = Za(t, e);
		n && this.#e.events.emit("data", n);
	}
}, Ja = 1, Ya = 2, Xa = 10;
function Za(e, t) {
	if (e.byteLength < Xa) return;
	let n = new DataView(e), r = n.getUint8(0), i = Number(n.getBigUint64(1)), a = Xa + n.getUint8(9);
	if (r !== Ja && r !== Ya || a > e.byteLength) return;
	let o = new TextDecoder(), s = new Uint8Array(e.slice(a));
	return {
		payload: r === Ya ? o.decode(s) : s,
		from: o.decode(new Uint8Array(e, Xa, a - Xa)),
		timestamp: i,
		reliability: t === "RELIABLE" ? "reliable" : "unreliable"
	};
}
function Qa(e) {
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
		let t = e.byteLength <= Ha ? e.slice(0) : e;
		return {
			bytes: t.byteLength,
			data: async () => t
		};
	}
	if (ArrayBuffer.isView(e)) {
		let { buffer: t, byteOffset: n, byteLength: r } = e, i = new Uint8Array(Math.min(r, Ha));
		return i.set(new Uint8Array(t, n, i.length)), {
			bytes: r,
			data: async () => i.buffer
		};
	}
}
function $a(e) {
	return e === null ? "null" : Array.isArray(e) ? "an array" : typeof e == "object" ? e?.constructor?.name ?? "an object" : typeof e;
}
// src/unoffered.ts
function U(e, t) {
	return new v(h.notOfferedNotOffered({
		method: e,
		feature: t
	}));
}
var eo = (e) => (t, n, { method: r }) => {
	throw U(`${r} with ${n}`, e);
};
function to(e, t) {
	if (t?.enabled || t?.summary?.enabled) throw U(`${e} with transcription`, "transcription");
}
var no = class extends At {
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
		return this.refused(U("startTranscription", "transcription"));
	}
	stopTranscription() {
		return this.refused(U("stopTranscription", "transcription"));
	}
	requestMediaRelay(e) {
		return this.refused(U("requestMediaRelay", "media relay between meetings"));
	}
	stopMediaRelay(e) {
		return this.refused(U("stopMediaRelay", "media relay between meetings"));
	}
	startWhiteboard() {
		return this.refused(U("startWhiteboard", "a whiteboard"));
	}
	stopWhiteboard() {
		return this.refused(U("stopWhiteboard", "a whiteboard"));
	}
}, ro = 3e4, io = {}, ao = { fields: {
	enabled: "boolean",
	summary: { fields: {
		enabled: "boolean",
		prompt: "string"
	} },
	language: "string"
} }, oo = { fields: { enabled: "boolean" } }, so = {
	layout: { fields: {
		type: "string",
		priority: "string",
		gridSize: (e, t, n) => {
			ho(e) || w(n, t, e, "number");
		}
	} },
	theme: "string",
	quality: "string",
	orientation: "string",
	transcription: ao
}, co = {
	...so,
	fileFormat: "string",
	mode: "string"
}, lo = {
	...so,
	mode: "string",
	recording: oo
}, uo = {
	...so,
	mode: "string",
	recording: oo
}, fo = {
	url: "string",
	streamKey: "string"
}, po = class {
	recording = "RECORDING_STOPPED";
	livestream = "LIVESTREAM_STOPPED";
	hls = "HLS_STOPPED";
	urls = io;
	#e;
	constructor(e) {
		this.#e = e;
	}
	reset() {
		this.recording = "RECORDING_STOPPED", this.livestream = "LIVESTREAM_STOPPED", this.hls = "HLS_STOPPED", this.urls = io;
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
		w(i, "webhookUrl", e, "string"), w(i, "awsDirPath", t, "string"), go(i, n, co, r), await this.#t(i.method, {
			webhookUrl: e,
			awsDirPath: t,
			config: mo(n)
		});
	}
	async startLivestream(e, t) {
		let n = this.#n("startLivestream");
		T(n, "outputs", e), w(n, "outputs", e, "array"), e.forEach((e, t) => {
			T(n, `outputs[${t}]`, e), w(n, `outputs[${t}]`, e, { fields: fo });
		}), go(n, t, lo, void 0), await this.#t(n.method, {
			outputs: e,
			config: mo(t)
		});
	}
	async startHls(e, t) {
		let n = this.#n("startHls");
		go(n, e, uo, t), await this.#t(n.method, { config: mo(e) });
	}
	async stop(e) {
		await this.#e.request(e);
	}
	async #t(e, t) {
		let n = Object.entries(t).filter(([, e]) => !E(e));
		await this.#e.request(e, Object.fromEntries(n), ro);
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
function mo(e) {
	let t = e?.layout?.gridSize;
	return !e || !ho(t) ? e : {
		...e,
		layout: {
			...e.layout,
			gridSize: Number(t)
		}
	};
}
function ho(e) {
	return typeof e == "string" && /^\d+$/.test(e);
}
function go(e, t, n, r) {
	w(e, "config", t, "object"), w(e, "transcription", r, ao), to(e.method, r), E(t) || (C(e, "config", t, n, "config"), to(e.method, t.transcription));
}
// src/faultreports.ts
var _o = 64, vo = 36e5, yo = class {
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
		!this.#e.reports() || this.#t.has(e.id) || this.#n.length >= _o || (this.#t.add(e.id), this.#i({
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
				if (t instanceof v) {
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
		let r = Math.min(Math.max(0, Date.now() - t), vo);
		return n ? this.#e.request("reportCleared", {
			id: e.id,
			agoMs: r
		}) : this.#e.request("report", {
			fault: e,
			agoMs: r
		});
	}
}, bo = 6e4, xo = {
	base64Data: "string",
	token: "string",
	fileName: "string",
	onProgress: "function",
	signal: (e, t, { method: n, at: r }) => {
		if (e instanceof AbortSignal) return;
		let i = {
			method: n,
			parameter: t,
			got: typeof e,
			want: "AbortSignal"
		};
		throw new v(h.invalidParameterWrongType(i, r));
	}
}, So = {
	url: "string",
	token: "string"
};
async function Co(e, t, n) {
	To(e, n, xo);
	let { base64Data: r, token: i, fileName: a, onProgress: o, signal: s } = n, c = /[^A-Za-z0-9+/]/.exec(r.replace(/={1,2}$/, ""));
	if (c || r.length % 4 != 0) {
		let t = c ? `${JSON.stringify(c[0])} at character ${c.index}` : `${r.length} characters`;
		throw new v(h.invalidParameterOutOfRange({
			method: e.method,
			parameter: "base64Data",
			got: t,
			want: "base64 (RFC 4648, section 4) without line breaks and without the beginning of a data URL"
		}, e.at));
	}
	let l = await Oo(e, Eo, {
		url: `${j(t.serverUrl, location).base}/base64-upload?roomId=${encodeURIComponent(t.meetingId)}`,
		token: i,
		body: JSON.stringify({
			fileName: a,
			base64Data: r
		}),
		onProgress: o ?? void 0,
		signal: s ?? void 0
	}), { url: u } = await jo(e, Eo, l, (e) => e.json());
	if (typeof u != "string") throw Eo.refused(e, l.status, "the answer has no url");
	return u;
}
async function wo(e, t, n) {
	To(e, n, So);
	let r = /\/temporary-files\/[^/?#]+\/[a-z0-9]+$/.exec(n.url)?.[0];
	if (r === void 0) throw new v(h.invalidParameterOutOfRange({
		method: e.method,
		parameter: "url",
		got: "another address",
		want: "an address that uploadBase64File returned"
	}, e.at));
	return Po(await jo(e, Do, await Oo(e, Do, {
		url: j(t.serverUrl, location).base + r,
		token: n.token
	}), (e) => e.blob()));
}
function To(e, t, n) {
	T(e, "options", t), tt(e, t.token), C(e, "options", t, n);
	for (let r of Object.keys(n).filter((e) => n[e] === "string")) T(e, r, t[r] === "" ? void 0 : t[r]);
}
var Eo = {
	code: 3074,
	refused: ({ at: e }, t, n, r) => new v(h.fileUploadFailedRefused({
		status: t,
		problem: n
	}, {
		...e,
		causeId: r
	})),
	unanswered: ({ at: e }, t, n) => new v(h.fileUploadFailedNoAnswer({
		url: t,
		problem: n
	}, e))
}, Do = {
	code: 3075,
	refused: ({ at: e }, t, n, r) => new v(h.fileFetchFailedRefused({
		status: t,
		problem: n
	}, {
		...e,
		causeId: r
	})),
	unanswered: ({ at: e }, t, n) => new v(h.fileFetchFailedNoAnswer({
		url: t,
		problem: n
	}, e))
};
async function Oo(e, t, { url: n, token: r, body: i, onProgress: a, signal: o }) {
	let s, c = {
		Authorization: r,
		...i !== void 0 && { "Content-Type": "application/json" }
	}, l = o ? ko(o, AbortSignal.timeout(bo)) : AbortSignal.timeout(bo);
	try {
		s = a && i !== void 0 ? await Ao(n, c, i, l, a) : await fetch(n, {
			method: i === void 0 ? "GET" : "POST",
			headers: c,
			signal: l,
			...i !== void 0 && { body: i }
		});
	} catch (r) {
		throw o?.aborted ? new v(h.operationAbortedCancelled({ method: e.method }, e.at)) : t.unanswered(e, n.replace(/\?.*/s, ""), String(r));
	}
	if (s.ok) return s;
	let u = await s.json().catch(() => void 0);
	if (!Mo(u)) throw t.refused(e, s.status, "the answer is not one of Klatch");
	if (u.code === t.code) throw new v(No(u));
	let { code: d, name: f, reason: p, detail: m, id: g } = u;
	throw t.refused(e, s.status, `${d} ${f} ${p}: ${m}`, g);
}
function ko(...e) {
	let t = new AbortController();
	for (let n of e) {
		let e = () => t.abort(n.reason);
		n.aborted ? e() : n.addEventListener("abort", e);
	}
	return t.signal;
}
function Ao(e, t, n, r, i) {
	return new Promise((a, o) => {
		let s = new XMLHttpRequest();
		s.open("POST", e);
		for (let [e, n] of Object.entries(t)) s.setRequestHeader(e, n);
		s.upload.onprogress = ({ loaded: e, total: t }) => i(t > 0 ? e / t : 0), s.onload = () => a(new Response(s.responseText, { status: s.status })), s.onerror = () => o(/* @__PURE__ */ TypeError("the connection failed")), s.onabort = () => o(r.reason), r.addEventListener("abort", () => s.abort()), r.aborted ? o(r.reason) : s.send(n);
	});
}
async function jo(e, t, n, r) {
	try {
		return await r(n);
	} catch (r) {
		throw t.unanswered(e, n.url.replace(/\?.*/s, ""), String(r));
	}
}
function Mo(e) {
	let { code: t, reason: n, detail: r, id: i } = e ?? {};
	return typeof t == "number" && [
		n,
		r,
		i
	].every((e) => typeof e == "string");
}
function No(e) {
	let { error: t, errorCode: n, type: r, title: i, status: a, ...o } = e;
	return o;
}
function Po(e) {
	return new Promise((t, n) => {
		let r = new FileReader();
		r.onload = () => t(String(r.result).replace(/^[^,]*,/, "")), r.onerror = () => n(r.error ?? /* @__PURE__ */ Error("the file could not be read")), r.readAsDataURL(e);
	});
}
// src/meetingevents.ts
var Fo = {
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
	"restrictions-changed": !0,
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
}, Io = {
	audio: !1,
	video: !1,
	share: !1,
	chat: !1
}, Lo = [
	"audio",
	"video",
	"share",
	"chat"
], Ro = class {
	#e;
	#t = !1;
	#n = Io;
	#r = /* @__PURE__ */ new Set();
	constructor(e) {
		this.#e = e;
	}
	get locked() {
		return this.#t;
	}
	get restrictions() {
		return this.#n;
	}
	forbids(e) {
		let t = e === "shareAudio" ? "share" : e;
		return this.#n[t] && !this.#e.permissions().includes("allow_mod");
	}
	reset() {
		this.#t = !1, this.#n = Io, this.#r.clear();
	}
	enter({ locked: e, restrictions: t }) {
		this.#t = e, this.#n = t;
	}
	tell({ entries: e }) {
		for (let t of e) this.#i(t);
	}
	reenter({ locked: e, restrictions: t }) {
		this.#o({
			locked: e,
			by: ""
		}), this.#s({
			restrictions: t,
			by: ""
		});
	}
	retell(e) {
		for (let t of this.#r) e.entries.some(({ participantId: e }) => e === t) || this.#a(t);
		this.tell(e);
	}
	event({ name: e, data: t }) {
		switch (e) {
			case "entry-requested": return this.#i(t), !0;
			case "entry-responded": return this.#r.delete(t.participantId), this.#e.events.emit("entry-responded", t.participantId, t.decision), !0;
			case "entry-withdrawn": return this.#a(t.participantId), !0;
			case "lock-changed": return this.#o(t), !0;
			case "restrictions-changed": return this.#s(t), !0;
			default: return !1;
		}
	}
	#i({ participantId: e, name: t, metaData: n }) {
		if (this.#r.has(e)) return;
		this.#r.add(e);
		let r = {
			participantId: e,
			name: t,
			metaData: n,
			allow: () => this.#e.respond(e, "allowed"),
			deny: () => this.#e.respond(e, "denied")
		};
		this.#e.events.emit("entry-requested", r);
	}
	#a(e) {
		this.#r.delete(e), this.#e.events.emit("entry-withdrawn", e);
	}
	#o(e) {
		e.locked !== this.#t && (this.#t = e.locked, this.#e.events.emit("lock-changed", e));
	}
	#s(e) {
		let t = this.#n;
		if (!Lo.every((n) => e.restrictions[n] === t[n])) {
			this.#n = e.restrictions;
			for (let e of [
				"audio",
				"video",
				"share",
				"shareAudio"
			]) this.forbids(e) && this.#e.forbidden(e);
			this.#e.events.emit("restrictions-changed", e);
		}
	}
}, zo = class extends no {
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
}, Bo = class extends zo {
	get locked() {
		return this.moderation.locked;
	}
	get restrictions() {
		return this.moderation.restrictions;
	}
	lock() {
		return this.called("lock", async () => void await this.asked("lock"));
	}
	unlock() {
		return this.called("unlock", async () => void await this.asked("unlock"));
	}
	restrict(e) {
		return this.called("restrict", async () => void await this.asked("restrict", { ...e }));
	}
	respondEntry(e, t) {
		let n = typeof t == "boolean" ? t ? "allowed" : "denied" : t;
		return this.called("respondEntry", async () => void await this.asked("respondEntry", {
			participantId: e,
			decision: n
		}));
	}
}, Vo = 5e3, Ho = class extends Error {
	name = "NoFrameError";
	waitedMs = Vo;
};
async function Uo(e, t, n) {
	let r = document.createElement("video");
	r.muted = !0, r.playsInline = !0, r.srcObject = new MediaStream([e]);
	try {
		await Wo(r);
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
async function Wo(e) {
	let t, n = new Promise((e, n) => {
		t = setTimeout(() => n(new Ho()), Vo);
	});
	try {
		await Promise.race([e.play(), n]);
	} finally {
		clearTimeout(t);
	}
}
// src/rates.ts
var Go = 1e3, Ko = 200, qo = 1e4, Jo = class {
	#e = /* @__PURE__ */ new Map();
	at(e, t) {
		let n = (this.#e.get(e) ?? []).filter(({ atMs: e, bytes: n }) => t.atMs - e <= qo && n <= t.bytes && e < t.atMs), r = n.findLastIndex(({ atMs: e }) => t.atMs - e >= Go), i = n.slice(Math.max(r, 0));
		this.#e.set(e, [...i, t]);
		let [a] = i, o = a ? t.atMs - a.atMs : 0;
		return a && o >= Ko ? Math.round((t.bytes - a.bytes) * 8e3 / o) : void 0;
	}
	forget(e) {
		for (let t of this.#e.keys()) t.startsWith(e) && this.#e.delete(t);
	}
}, Yo = 300, Xo = {
	type: ["video", "share"],
	maxQuality: [
		"auto",
		"high",
		"med",
		"low"
	],
	videostyle: "object",
	containerStyle: "object"
}, Zo = { type: ["audio", "shareAudio"] }, Qo = class {
	#e;
	#t = /* @__PURE__ */ new Map();
	#n = /* @__PURE__ */ new Map();
	constructor(e) {
		this.#e = e;
	}
	video(e = {}) {
		C({
			method: "participant.renderVideo",
			at: this.#e.where()
		}, "options", e, Xo);
		let { videostyle: t, containerStyle: n } = e, r = e.type ?? "video", i = e.maxQuality ?? "auto", a = this.#t.get(r) ?? this.#r(r);
		return Object.assign(a.container.style, n), Object.assign(a.video.style, t), !this.#e.local && i !== a.quality && this.#e.want(r, { quality: i === "auto" ? "high" : i }), a.quality = i, this.update(r), a.container;
	}
	audio(e = {}) {
		C({
			method: "participant.renderAudio",
			at: this.#e.where()
		}, "options", e, Zo);
		let t = e.type ?? "audio", n = this.#n.get(t) ?? this.#a(t);
		return this.update(t), n;
	}
	update(e) {
		let t = this.#e.track(e), n = e === "video" || e === "share" ? this.#t.get(e)?.video : this.#n.get(e);
		if (!n) return;
		let r = n.srcObject instanceof MediaStream ? n.srcObject : void 0, [i] = r?.getTracks() ?? [];
		r && i && t && i !== t ? (r.removeTrack(i), r.addTrack(t)) : i !== t && (n.srcObject = t ? new MediaStream([t]) : null), n instanceof HTMLVideoElement && (n.style.visibility = t ? "" : "hidden"), t && Ri(n);
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
			clearTimeout(n), n = setTimeout(r, Yo);
		}).observe(t.container);
	}
	#a(e) {
		let t = document.createElement("audio");
		return Object.assign(t, {
			autoplay: !0,
			muted: this.#e.local
		}), t.style.display = "none", this.#n.set(e, t), t;
	}
}, W = B("audio", "video", "share", "shareAudio"), $o = B("SEND_AND_RECV", "RECV_ONLY", "SIGNALLING_ONLY"), es = V({
	code: P,
	name: N
}), ts = V({
	cam: F,
	share: F
}), ns = V({
	code: P,
	name: N,
	message: N,
	reason: N,
	detail: N,
	remedy: N,
	param: L(N),
	details: L(I),
	fatal: F,
	retryable: F,
	retryAfterMs: R(P, 0),
	id: N,
	causeId: R(N, ""),
	at: N,
	docs: R(N, ""),
	consoleUrl: R(N, ""),
	meetingId: R(N, ""),
	sessionId: R(N, ""),
	participantId: R(N, "")
}), rs = (e, t) => {
	let { param: n, details: r, ...i } = ns(e, t);
	return {
		...i,
		...n !== void 0 && { param: n },
		...r && { details: r }
	};
}, is = [
	"monitor",
	"window",
	"browser"
], as = (e) => is.find((t) => t === e), os = V({
	id: N,
	kind: W,
	codec: N,
	displaySurface: as
}), ss = B("CONNECTED", "RECONNECTING"), cs = V({
	id: N,
	displayName: N,
	mode: $o,
	metaData: L(I),
	streams: z(os),
	joinedAt: N,
	connectionState: L(ss)
}), ls = V({
	participantId: N,
	state: ts,
	pinnedBy: N
}), us = V({
	participantId: N,
	name: N,
	metaData: L(I)
}), ds = V({
	status: B("", "RECORDING_STARTING", "RECORDING_STARTED", "RECORDING_STOPPING", "RECORDING_STOPPED"),
	fileUrl: L(N)
}), fs = V({ status: B("", "LIVESTREAM_STARTING", "LIVESTREAM_STARTED", "LIVESTREAM_STOPPING", "LIVESTREAM_STOPPED") }), ps = V({
	status: B("", "HLS_STARTING", "HLS_STARTED", "HLS_PLAYABLE", "HLS_STOPPING", "HLS_STOPPED"),
	playbackHlsUrl: R(N, ""),
	livestreamUrl: R(N, ""),
	downstreamUrl: R(N, "")
}), ms = z(V({
	urls: z(N),
	username: L(N),
	credential: L(N)
})), hs = V({
	audio: F,
	video: F,
	share: F,
	chat: F
}), gs = V({
	participant: cs,
	participants: z(cs),
	permissions: z(N),
	activeSpeakerId: R(N, ""),
	presenterId: R(N, ""),
	pins: z(ls),
	entries: z(us),
	startedAt: N,
	serverTime: N,
	egress: V({
		recording: ds,
		livestream: fs,
		hls: ps
	}),
	iceServers: ms,
	dataStarted: R(F, !1),
	locked: R(F, !1),
	restrictions: R(hs, {
		audio: !1,
		video: !1,
		share: !1,
		chat: !1
	})
}), _s = V({
	state: B("joined", "waiting"),
	meetingId: N,
	sessionId: N,
	participantId: N,
	secret: N,
	resumeWindowMs: P,
	pingIntervalMs: P,
	statsIntervalMs: R(P, 0),
	tokenLeewayMs: R(P, 6e4),
	welcome: L(gs)
}), vs = V({
	seq: P,
	secret: N,
	welcome: L(gs)
}), ys = V({
	sdp: N,
	streams: z(os)
}), bs = V({
	id: N,
	topic: N,
	message: N,
	senderId: N,
	senderName: N,
	timestamp: N,
	payload: L(I),
	private: R(F, !1),
	sendOnly: L(z(N)),
	object: R(F, !1)
}), xs = L(N), Ss = V({
	value: xs,
	updatedBy: R(N, "")
}), Cs = V({
	id: N,
	timestamp: N
}), ws = V({ messages: z(bs) }), Ts = V({
	offerId: P,
	sdp: N,
	streams: z(V({
		mid: N,
		participantId: N,
		kind: W,
		streamId: N
	}))
}), Es = B("low", "med", "high"), Ds = V({
	participantId: N,
	kind: W,
	streamId: N,
	state: B("active", "paused"),
	reason: L(B("bandwidth", "requested")),
	quality: L(Es),
	width: R(P, 0),
	height: R(P, 0)
}), G = V({ participantId: N }), Os = {
	"meeting-joined": V({ welcome: gs }),
	"meeting-left": V({
		reason: es,
		fault: L(rs)
	}),
	"participant-joined": V({ participant: cs }),
	"participant-left": V({
		participantId: N,
		reason: es
	}),
	"participant-mode-changed": V({
		participantId: N,
		mode: $o
	}),
	"participant-connection-changed": V({
		participantId: N,
		state: ss,
		lost: L(B("signaling", "media"))
	}),
	"stream-enabled": V({
		participantId: N,
		stream: os
	}),
	"stream-disabled": V({
		participantId: N,
		stream: os,
		by: R(N, "")
	}),
	"speaker-changed": G,
	"presenter-changed": G,
	"entry-requested": us,
	"entry-responded": V({
		participantId: N,
		decision: B("allowed", "denied"),
		by: N
	}),
	"entry-withdrawn": G,
	"entry-pending": V({
		waitedMs: P,
		hosts: P
	}),
	"mic-requested": G,
	"webcam-requested": G,
	"pin-state-changed": ls,
	"lock-changed": V({
		locked: F,
		by: R(N, "")
	}),
	"restrictions-changed": V({
		restrictions: hs,
		by: R(N, "")
	}),
	"pubsub-message": bs,
	"store-value-changed": V({
		key: N,
		value: xs,
		updatedBy: N
	}),
	"data-started": V({}),
	"subscribe-offer": Ts,
	"ice-servers-changed": V({ iceServers: ms }),
	"stream-state": Ds,
	encodings: V({
		kind: W,
		active: z(V({
			rid: N,
			active: F
		}))
	}),
	"codec-not-received": V({
		participantId: N,
		kind: W,
		codec: N,
		taken: z(N)
	}),
	"quality-limitation": V({
		type: B("bandwidth", "congestion"),
		state: B("detected", "resolved"),
		timestamp: N
	}),
	"recording-state-changed": ds,
	"livestream-state-changed": fs,
	"hls-state-changed": ps,
	error: V({ fault: rs }),
	"fault-cleared": V({
		id: N,
		code: P,
		reason: N,
		forMs: P
	})
};
function ks(e, t) {
	if (Object.hasOwn(Os, e)) return {
		name: e,
		data: Os[e](t, e)
	};
}
var As = V({
	seq: P,
	name: N
}), js = V({ data: rs });
function Ms(e) {
	let t = I(JSON.parse(e), "frame");
	if (t.method !== void 0) {
		let e = I(t.params, "params");
		return {
			type: "event",
			...As(e, "params"),
			data: e.data
		};
	}
	return t.error === void 0 ? {
		type: "result",
		id: P(t.id, "id"),
		result: t.result
	} : {
		type: "refusal",
		id: L(P)(t.id, "id"),
		fault: js(t.error, "error").data
	};
}
// src/stream.ts
var Ns = {
	state: !0,
	"stream-state-changed": !0
}, Ps = (e) => as(e.getSettings().displaySurface, "displaySurface"), Fs = class extends At {
	id;
	kind;
	codec;
	#e;
	#t;
	#n;
	constructor(e, t, n) {
		super("stream", Ns), this.id = e.id, this.kind = e.kind, this.codec = e.codec, this.#t = e.displaySurface, this.#n = t, this.#e = n;
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
		return this.kind === "share" ? Ps(this.#n) ?? this.#t : void 0;
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
}, Is = 5e3, Ls = 40, Rs = {
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
}, zs = [
	"low",
	"med",
	"high"
], Bs = {
	low: "LOW",
	med: "MEDIUM",
	high: "HIGH"
}, Vs = 16384, Hs = 500, Us = {
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
}, Ws = class extends At {
	local;
	streams;
	#e;
	#t = /* @__PURE__ */ new Map();
	#n = /* @__PURE__ */ new Map();
	#r = /* @__PURE__ */ new Map();
	#i = new Jo();
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
		super("participant", Rs), this.#d = e.id, this.#f = e.displayName, this.#m = e.mode, this.#h = e.metaData, this.#_ = e.connectionState ?? "CONNECTED", this.local = t, this.#e = n, this.streams = this.#t, this.#a = new Qo({
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
		return this.#M("audio", !0, "participant.enableMic");
	}
	disableMic() {
		return this.#M("audio", !1, "participant.disableMic");
	}
	enableWebcam() {
		return this.#M("video", !0, "participant.enableWebcam");
	}
	disableWebcam() {
		return this.#M("video", !1, "participant.disableWebcam");
	}
	remove() {
		return this.#j("participant.remove", "removeParticipant", {});
	}
	pin(e = "SHARE_AND_CAM") {
		return this.#N("participant.pin", e, !0);
	}
	unpin(e = "SHARE_AND_CAM") {
		return this.#N("participant.unpin", e, !1);
	}
	consumeMicStreams() {
		return this.#E("audio", !0, "participant.consumeMicStreams");
	}
	consumeWebcamStreams() {
		return this.#E("video", !0, "participant.consumeWebcamStreams");
	}
	stopConsumingMicStreams() {
		return this.#E("audio", !1, "participant.stopConsumingMicStreams");
	}
	stopConsumingWebcamStreams() {
		return this.#E("video", !1, "participant.stopConsumingWebcamStreams");
	}
	renderVideo(e) {
		return this.#a.video(e);
	}
	renderAudio(e) {
		return this.#a.audio(e);
	}
	captureImage(e) {
		let t = "participant.captureImage";
		return this.#e.call(t, async () => {
			let n = this.#e.where(), r = (e, n) => this.#v(t, n, e);
			C({
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
				throw new v(h.webcamNotEnabledCameraOff(e, n));
			}
			try {
				return await Uo(i, e?.width ?? void 0, e?.height ?? void 0);
			} catch (e) {
				let r = {
					method: t,
					participantId: this.id,
					name: this.displayName
				};
				if (e instanceof Ho) throw new v(h.captureImageFailedNoFrame({
					...r,
					waitedMs: e.waitedMs
				}, n));
				let { name: i, message: a } = e;
				throw new v(h.captureImageFailedNotDrawn({
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
			if (this.#x(r, n), n !== "video" && n !== "share") {
				let e = {
					method: r,
					parameter: "kind",
					got: String(n),
					allowed: ["video", "share"]
				};
				throw new v(h.invalidParameterNotAllowed(e, this.#e.where()));
			}
			for (let [n, i] of Object.entries({
				width: e,
				height: t
			})) this.#v(r, n, i);
			let i = {
				width: Math.round(e),
				height: Math.round(t)
			};
			await this.#e.preferences.set(this.id, n, i, "quality");
		});
	}
	getVideoStats() {
		return this.#I("video");
	}
	getShareStats() {
		return this.#I("share");
	}
	getAudioStats() {
		return this.#F("audio");
	}
	getShareAudioStats() {
		return this.#F("shareAudio");
	}
	async getTransportStats() {
		return this.local ? await Gs(async () => {
			let [e, t] = await Promise.all([this.#e.transportStats(!0), this.#e.transportStats(!1)]);
			return fa(e, t, this.#i);
		}) ?? null : null;
	}
	connection(e) {
		this.#_ = e.state, this.releaseSoon(), this.emit("connection-changed", e);
	}
	#v(e, t, n) {
		if (typeof n == "number" && n >= 1 && n <= Vs) return;
		let r = {
			method: e,
			parameter: t,
			got: String(n),
			want: `a number from 1 to ${Vs}`
		};
		throw new v(h.invalidParameterOutOfRange(r, this.#e.where()));
	}
	#y(e) {
		let t = this.local ? void 0 : this.#e.preferences.of(this.id, e).quality;
		return this.#s.get(e)?.quality ?? this.#o.get(e) ?? t ?? "high";
	}
	#b(e, t, n) {
		return this.#e.call(e, async () => {
			if (!zs.includes(n)) {
				let t = {
					method: e,
					parameter: "quality",
					got: String(n),
					allowed: [...zs]
				};
				throw new v(h.invalidParameterNotAllowed(t, this.#e.where()));
			}
			this.#x(e, t), await this.#e.preferences.set(this.id, t, { quality: n }, "quality");
		});
	}
	#x(e, t) {
		if (this.local) throw new v(h.actionNotSupportedOwnStream({
			method: e,
			kind: t
		}, this.#e.where()));
	}
	#S(e, t) {
		this.#x(e, t);
		let n = {
			method: e,
			participantId: this.id,
			kind: t
		};
		if (!this.stream(t)) throw new v(h.actionNotSupportedNotReceived(n, this.#e.where()));
	}
	#C(e, t, n) {
		return this.#e.call(n, async () => {
			if (this.#S(n, e), this.#e.preferences.isPaused(this.id, e) === t) {
				let e = {
					method: n,
					state: t ? "paused" : "active"
				};
				throw new v(h.alreadyInRequestedStateAlready(e, this.#e.where()));
			}
			let r = t ? "pause" : "resume";
			await this.#e.preferences.set(this.id, e, { paused: t }, r);
		});
	}
	#w(e) {
		let t = this.#u.get(e);
		return this.#e.preferences.isPaused(this.id, e) || t !== void 0 && t !== "requested";
	}
	forwarded(e) {
		let { kind: t, quality: n } = e, r = this.#s.get(t)?.quality ?? this.#o.get(t) ?? "high";
		this.#s.set(t, e), n && this.#o.set(t, n);
		let i = this.#u.get(t);
		if (e.state === "paused") {
			let n = this.#T(e);
			this.#u.set(t, n), n !== i && this.emit("stream-paused", {
				kind: t,
				reason: n
			});
		} else this.#u.delete(t), i && this.emit("stream-resumed", {
			kind: t,
			reason: i
		}), n && n !== r && this.emit("video-quality-changed", {
			currentQuality: Bs[n],
			prevQuality: Bs[r],
			kind: t
		});
	}
	#T({ kind: e, reason: t = "requested" }) {
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
				stats: () => this.#r.get(t)?.stats?.(),
				tell: (t) => e.tell(t)
			});
		}
	}
	isAnnounced(e) {
		return this.#n.has(e);
	}
	#E(e, t, n) {
		return this.#e.call(n, async () => {
			if (this.local) throw new v(h.invalidParameterOwnStream({ method: n }, this.#e.where()));
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
			for (let e of this.#c.keys()) this.#O(e);
			this.#l = setTimeout(() => {
				for (let e of this.#c.keys()) this.#D(e);
			}, Is);
		}
	}
	left() {
		clearTimeout(this.#l), this.#c.clear();
	}
	#D(e) {
		let t = this.#c.get(e);
		t && (this.#c.delete(e), t.announced || this.announce(e, void 0), this.receive(e, t.media));
	}
	#O(e) {
		let t = this.#c.get(e);
		t?.announced && t.media && this.#_ === "CONNECTED" && (t.media.receiver?.getSynchronizationSources().length === 0 ? setTimeout(() => this.#O(e), Ls) : this.#D(e));
	}
	announce(e, t) {
		let n = this.#c.get(e);
		if (n && (n.announced = !!t), n && !t) return this.#D(e);
		let r = this.#n.get(e), i = r !== void 0;
		t ? this.#n.set(e, t) : this.#n.delete(e), r?.id !== t?.id && (this.#s.delete(e), this.#u.delete(e), this.#o.delete(e)), t && !i && !this.local && this.#e.preferences.changed(), i !== !!t && this.emit("media-status-changed", {
			peerId: this.id,
			kind: e,
			newStatus: !!t
		}), this.#k(e), this.#O(e);
	}
	receive(e, t) {
		let n = this.#c.get(e);
		if (n) return n.media = t, this.#O(e);
		t ? this.#r.set(e, t) : this.#r.delete(e), this.#k(e);
	}
	#k(e) {
		let t = this.#n.get(e), n = this.#r.get(e), r = this.stream(e);
		if (t && n) {
			if (r?.track === n.track) return;
			let i = r ?? new Fs(t, n.track, this.#A(e));
			i.update(n.track), this.#t.set(i.id, i), this.#a.update(e), this.emit("stream-enabled", i);
		} else r && (this.#t.delete(r.id), this.#i.forget(`${e} `), this.#a.update(e), this.emit("stream-disabled", r), this.local || e !== "video" && e !== "share" || r.tell("ended"));
	}
	#A(e) {
		return {
			pause: (t, n) => this.#C(e, t, n),
			isPaused: () => this.#w(e),
			pauseReason: () => this.#u.get(e)
		};
	}
	#j(e, t, n) {
		return this.#e.call(e, async () => void await this.#e.request(t, {
			participantId: this.id,
			...n
		}));
	}
	#M(e, t, n) {
		return this.local ? this.#e.own(e, t) : this.#j(n, "requestStream", {
			kind: e,
			enabled: t
		});
	}
	#N(e, t, n) {
		let r = Us[t];
		if (!r) {
			let n = {
				method: e,
				parameter: "type",
				got: String(t),
				allowed: Object.keys(Us)
			};
			return this.#e.call(e, () => Promise.reject(new v(h.invalidParameterNotAllowed(n, this.#e.where()))));
		}
		let { cam: i, share: a } = this.#g;
		return this.#j(e, "pin", { state: {
			cam: r.cam ? n : i,
			share: r.share ? n : a
		} });
	}
	#P(e) {
		return this.local ? this.#e.ownStats(e) : this.#r.get(e)?.stats?.();
	}
	async #F(e) {
		return await Gs(async () => {
			let t = await this.#P(e);
			return t && oa(e, t, this.#i);
		}) ?? [];
	}
	async #I(e) {
		return await Gs(async () => {
			let t = await this.#P(e), { quality: n } = this.#e.preferences.of(this.id, e), r = {
				current: zs.indexOf(this.#y(e)),
				preferred: n && zs.indexOf(n)
			};
			return t && sa(e, t, this.#i, r);
		}) ?? [];
	}
};
async function Gs(e) {
	let t = await e();
	return !t || t.complete ? t?.stats : (await new Promise((e) => setTimeout(e, Hs)), (await e())?.stats);
}
// src/adaptive.ts
var Ks = 500, qs = 3, Js = 1.5 * Ks, Ys = 32;
function Xs() {
	return ["IntersectionObserver", "ResizeObserver"].filter((e) => !(e in globalThis));
}
var Zs = class {
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
		}, Ks), document.addEventListener("visibilitychange", this.#a), this.#a();
	}
	close() {
		clearInterval(this.#i), this.#n.disconnect(), this.#r.disconnect(), document.removeEventListener("visibilitychange", this.#a);
		for (let { participantId: e, kind: t } of this.#s.values()) this.#e.show(e, t, void 0);
	}
	#u() {
		let e = performance.now(), t = e - this.#l > Js;
		this.#l = e, t && document.visibilityState !== "hidden" && this.#o.clear();
	}
	#d(e) {
		let t = this.#e.pictures(), n = this.#f(t);
		this.#c ||= n.size > 0;
		for (let e of this.#s.keys()) t.has(e) || (this.#s.delete(e), this.#o.delete(e));
		if (this.#c) for (let [r, i] of t) {
			let t = $s((n.get(r) ?? []).filter((e) => this.#p(e))), a = t ? 0 : (this.#o.get(r) ?? 0) + +!!e;
			this.#o.set(r, a), !t && a < qs || (this.#s.set(r, i), this.#e.show(i.participantId, i.kind, t ?? "hidden"));
		}
	}
	#f(e) {
		let t = /* @__PURE__ */ new Map(), n = /* @__PURE__ */ new Set();
		for (let r of [document, Qs()].flatMap((e) => [...e?.querySelectorAll("video") ?? []])) {
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
function Qs() {
	return globalThis.documentPictureInPicture?.window?.document;
}
function $s(e) {
	let t, n = globalThis.devicePixelRatio || 1;
	for (let r of e) {
		let { width: e, height: i } = r.getBoundingClientRect();
		if (e < 1 || i < 1) continue;
		let a = (e) => Math.min(16384, Math.ceil(e * n / Ys) * Ys), o = {
			width: a(e),
			height: a(i)
		};
		(!t || o.width * o.height > t.width * t.height) && (t = o);
	}
	return t;
}
// src/kinds.ts
var K = [
	"audio",
	"video",
	"share",
	"shareAudio"
], ec = 500, tc = {
	video: 1500,
	share: 5e3
}, nc = class {
	#e;
	#t = /* @__PURE__ */ new WeakMap();
	#n;
	constructor(e) {
		this.#e = e, this.#n = setInterval(() => {
			for (let e of this.#e()) this.#r(e).catch(() => void 0);
		}, ec);
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
		let o = e.kind === "share" ? tc.share : tc.video, s = i.state;
		a ? s = s === "freeze-detected" ? "freeze-resolved" : s === "freeze-resolved" ? s : "active" : s && r - i.packetAt >= o ? s = "stuck" : s && r - i.frameAt >= o && (s = "freeze-detected"), s && s !== i.state && (i.state = s, e.tell(s));
	}
}, rc = 100, ic = 1e3, ac = 500, oc = (e, t) => `${t} ${e}`, sc = /* @__PURE__ */ new Set([
	Yr,
	Xr,
	Zr
]), cc = class {
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
		return this.#t.get(oc(e, t)) ?? {};
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
		let i = oc(e, t), a = this.#t.get(i);
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
		let r = oc(e, t), i = { ...this.#t.get(r) };
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
		this.#o(rc);
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
			this.#i = void 0, this.#s().catch(() => this.#o(ic));
		}, e));
	}
	async #s() {
		for (;;) {
			let e = this.#c().filter(([e, t, n]) => this.#d(e, t, n));
			if (e.length === 0) return;
			try {
				await this.#p(e.slice(0, ac));
			} catch (e) {
				if (e instanceof v && sc.has(e.code)) return this.#o(ic);
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
		for (let e of this.#r) for (let t of this.#e.participantIds()) yield oc(t, e);
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
}, lc = /* @__PURE__ */ new WeakMap();
function q(e, t) {
	let n = lc.get(e) ?? /* @__PURE__ */ new Set();
	return lc.set(e, n), new Promise((e, r) => {
		n.add(r);
		let i = () => n.delete(r);
		t.then(e, r).then(i, i);
	});
}
function J(e) {
	if (!e) return;
	e.close();
	let t = new DOMException("the connection was closed", "AbortError");
	for (let n of lc.get(e) ?? []) n(t);
}
async function Y(e, t = e) {
	if (e && t) try {
		return await q(e, t.getStats());
	} catch (t) {
		if (e.signalingState === "closed") return;
		throw t;
	}
}
// src/feedback.ts
var uc = /(?=^m=)/m;
function dc(e, t) {
	let n = t?.split(uc);
	return e.split(uc).map((e, t) => {
		let r = n && (n[t] ?? "");
		return e.startsWith("m=audio") ? fc(e, /^a=rtpmap:(\d+) opus\/.*\r\n/gim, "nack", r) : !e.startsWith("m=video") || !r ? e : fc(e, /^a=rtcp-fb:(\d+) nack\r\n/gm, "rrtr", r);
	}).join("");
}
function fc(e, t, n, r) {
	return r !== void 0 && !RegExp(`^a=rtcp-fb:\\d+ ${n}\\s*$`, "m").test(r) ? e : e.replace(t, (t, r) => {
		let i = `a=rtcp-fb:${r} ${n}\r\n`;
		return e.includes(i) ? t : t + i;
	});
}
async function pc(e, t, n) {
	let r = t.sdp ?? "", i = dc(r, n);
	if (i !== r && mc()) try {
		return await q(e, e.setLocalDescription({
			type: t.type,
			sdp: i
		})), i;
	} catch {}
	return await q(e, e.setLocalDescription(t)), r;
}
var mc = () => !!RTCRtpSender.getCapabilities("audio")?.codecs.some(({ mimeType: e }) => e.toLowerCase() === "audio/red"), hc = [
	401,
	403,
	441
], gc = /* @__PURE__ */ new WeakMap();
function _c(e, t = "all") {
	let n = new RTCPeerConnection({
		iceServers: [...e],
		iceTransportPolicy: t,
		bundlePolicy: "max-bundle"
	});
	return n.addEventListener("icecandidateerror", ({ url: e, errorCode: t, errorText: r }) => {
		hc.includes(t) && gc.set(n, {
			server: e,
			status: t,
			problem: bc(n, e) ?? (r || "without a reason")
		});
	}), n;
}
var vc = (e) => gc.get(e);
function yc(e, t) {
	e && e.signalingState !== "closed" && (gc.delete(e), e.setConfiguration({
		...e.getConfiguration(),
		iceServers: [...t]
	}));
}
function bc(e, t) {
	let n = e.getConfiguration().iceServers?.find(({ urls: e }) => [e].flat().includes(t)), r = Number.parseInt(n?.username?.split(":")[0] ?? "", 10) * 1e3;
	return r <= Date.now() ? `they expired at ${new Date(r).toISOString()}` : void 0;
}
// src/observer.ts
var xc = 1e3, Sc = class {
	#e;
	#t;
	#n = Date.now();
	#r;
	#i = [];
	#a = [];
	constructor(e, t) {
		this.#e = e, this.#t = t, this.#r = setInterval(() => void this.#o().catch(() => void 0), xc);
	}
	close() {
		clearInterval(this.#r);
	}
	async why(e) {
		await this.#o().catch(() => void 0);
		let t = this.#t, n = Date.now() - this.#n, r = this.#i.find(({ answers: e }) => e > 0), i = Tc(this.#e);
		if (i && i.state !== "connected" && (r || Ec(this.#e) || wc(this.#e.iceConnectionState))) {
			let a = {
				connection: t,
				pair: r?.ends ?? "a pair that is no longer known",
				problem: await Dc(this.#e, i, n),
				afterMs: n
			};
			return h.mediaConnectionLostDTLSFailed(a, e);
		}
		let a = this.#i.map(({ ends: e, checks: t, answers: n }) => `${e} (${t} checks, ${n} answers)`), o = vc(this.#e);
		if (o) return h.mediaConnectionLostTurnAuthFailed({
			connection: t,
			...o,
			pairs: a,
			afterMs: n
		}, e);
		let s = Oc(this.#e), c = s.map(({ address: e }) => e), l = [...this.#a], u = [...new Set(s.map(({ transport: e, address: t, port: n, type: r }) => `${e} ${t}:${n} ${r}`))], { host: d, hostname: f } = kc(e.server);
		if (c.length > 0 && c.every(jc) && Nc(f)) return h.mediaConnectionLostServerPrivateAddress({
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
		let e = [...(await Y(this.#e))?.values() ?? []], t = new Map(e.filter(({ type: e }) => e.endsWith("-candidate")).map((e) => [e.id, e])), n = [...t.values()].filter(({ type: e }) => e === "local-candidate");
		n.length > 0 && (this.#a = [...new Set(n.map(({ protocol: e, candidateType: t }) => `${e} ${t}`))]);
		let r = e.filter((e) => e.type === "candidate-pair").map((e) => ({
			ends: `${t.get(e.localCandidateId)?.protocol ?? "udp"} ${Cc(t.get(e.localCandidateId))} > ${Cc(t.get(e.remoteCandidateId))}`,
			checks: e.requestsSent ?? 0,
			answers: e.responsesReceived ?? 0
		})).sort((e, t) => t.answers - e.answers || t.checks - e.checks);
		r.length > 0 && (this.#i = r);
	}
};
function Cc(e) {
	return e?.address ? `${e.address}:${e.port ?? 0}` : `a ${e?.candidateType ?? "local"} address`;
}
var wc = (e) => e === "connected" || e === "completed";
function Tc(e) {
	for (let { sender: t, receiver: n } of e.getTransceivers()) {
		let e = t.transport ?? n.transport;
		if (e) return e;
	}
}
var Ec = (e) => Tc(e)?.state === "failed";
async function Dc(e, t, n) {
	if (t.state !== "failed" && t.state !== "closed") return `it has not finished within ${n} ms, while STUN passes`;
	let [r] = t.getRemoteCertificates?.() ?? [], i = /^a=fingerprint:sha-256 (\S+)/im.exec(e.remoteDescription?.sdp ?? "")?.[1]?.toUpperCase();
	if (r && i && crypto.subtle) {
		let e = new Uint8Array(await crypto.subtle.digest("SHA-256", r));
		return Array.from(e, (e) => e.toString(16).padStart(2, "0").toUpperCase()).join(":") === i ? "the browser ended it with an alert, after it had the right certificate" : "the certificate of the other side does not have the fingerprint that its session description names";
	}
	return "the browser ended it without a reason: a certificate that lacks the fingerprint of the SDP, or a TLS alert";
}
function Oc(e) {
	let t = e.remoteDescription?.sdp.matchAll(/^a=candidate:\S+ \d+ (\w+) \d+ (\S+) (\d+) typ (\w+)/gm) ?? [];
	return Array.from(t, ([, e = "", t = "", n = "", r = ""]) => ({
		transport: e,
		address: t,
		port: n,
		type: r
	}));
}
function kc(e) {
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
var Ac = /^(10\.|127\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:|::1$)/i, jc = (e) => Ac.test(e), Mc = /^[\d.]+$|:/;
function Nc(e) {
	return Mc.test(e) ? !jc(e) : e.includes(".") && !/\.(local|localhost|internal|lan|home\.arpa)$/i.test(e);
}
// src/silence.ts
var Pc = 400, Fc = 1e3, Ic = class {
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
		this.#e = e, this.#t = t, this.#n = n, this.#r = setInterval(() => void this.#l().catch(() => void 0), Pc);
	}
	hears() {
		return Date.now() - this.#o < 1400;
	}
	close() {
		clearInterval(this.#r);
	}
	async #l() {
		let e = /^(dis)?connected$/.test(this.#e.connectionState), t = this.#i, n = e ? await Lc(this.#e) ?? t : void 0;
		this.#i = n, n && t && n.received > t.received && (this.#o = Date.now()), !n || !t || n.received !== t.received ? (this.#a = Date.now(), this.#c = !!n && !!t && n.sent > t.sent, n && t && this.#u(!1)) : this.#t(this.#c) ? Date.now() - this.#a >= Fc && this.#u(!0) : this.#a = Date.now();
	}
	#u(e) {
		this.#s !== e && (this.#s = e, this.#n(e));
	}
};
async function Lc(e) {
	let t = e.getTransceivers().map(({ sender: e, receiver: t }) => e?.track ?? t?.track), n = await q(e, e.getStats(t.find((e) => e) ?? null));
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
var Rc = 12e3, zc = 2500, Bc = 1e3, Vc = 1e4, Hc = 5e3, Uc = 3, Wc = class {
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
		this.#n !== e && (this.close(), this.#n = e, this.#l = !1, this.#r = new Sc(e, this.#e), this.#d = new Ic(e, (e) => this.#t.expects(e), (e) => this.#_(e)), globalThis.addEventListener?.("offline", this.#h), globalThis.addEventListener?.("online", this.#g), e.addEventListener("connectionstatechange", this.#y), this.#S(Rc), e.connectionState !== "new" && this.#y());
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
		return this.#n?.connectionState === "connected" && (this.#u = Date.now() + e, this.#l = !0, J(this.#n), this.#b(), this.#S(0), !0);
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
				this.#b(), this.#t.checkSignaling(), this.#S(zc);
				break;
			case "failed": this.#b(), this.#S(this.#o === 0 ? 0 : this.#x());
		}
	};
	#b() {
		this.#i > 0 && (this.#a += Date.now() - this.#i), this.#i = 0;
	}
	#x() {
		return Math.min(Vc, Bc * 2 ** this.#o);
	}
	#S(e) {
		clearTimeout(this.#m), this.#m = setTimeout(() => void this.#C(), e);
	}
	async #C() {
		let e = this.#n;
		if (!e) return;
		this.#l ||= Ec(e);
		let t = this.#p;
		if (e.connectionState === "connected" && !t || e.signalingState === "closed" && !this.#l || (this.#S(Math.max(this.#x(), Hc)), this.#c)) return;
		this.#c = !0, this.#p = !1, e.connectionState !== "connected" && await this.#w(), this.#o++;
		let n = this.#u - Date.now();
		n > 0 ? this.#S(Math.min(n, Hc)) : await (this.#l ? this.#t.replace() : this.#t.restart()).catch(() => void 0), this.#c = !1;
	}
	async #w() {
		let e = this.#a === 0;
		if (this.#s || !e && this.#o < Uc) return;
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
}, Gc = 1e4, Kc = class {
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
		return Y(this.#t);
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
		yc(this.#t, this.#e.relays());
	}
	close() {
		this.#i = -1, this.#n?.close(), J(this.#t);
	}
	#a() {
		let e = _c(this.#e.relays());
		return this.#t = e, e;
	}
	#o(e) {
		this.#n ??= new Wc("subscribe", {
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
		setTimeout(() => J(e), Gc), this.#t = void 0, this.#s();
	}
	#s() {
		J(this.#t), this.#t = void 0, this.#e.received([]), this.#e.dataLost();
	}
	async #c() {
		await this.#e.request("restartSubscribe", {});
	}
	#l(e) {
		let t = this.#t?.remoteDescription?.sdp;
		return t !== void 0 && qc(t) !== qc(e) && this.#s(), this.#t ?? this.#a();
	}
	async #u(e) {
		let t = this.#l(e.sdp);
		try {
			await q(t, t.setRemoteDescription({
				type: "offer",
				sdp: this.#e.described(e.sdp)
			})), e.sdp.includes("\nm=application ") && this.#e.dataOffered(t);
			let n = await pc(t, await q(t, t.createAnswer()), e.sdp);
			this.#e.received(this.#d(t, e)), await this.#e.request("answer", {
				offerId: e.offerId,
				sdp: n
			}), this.#t === t && this.#o(t);
		} catch (e) {
			if (this.#i < 0 || this.#t !== t || e instanceof v && e.code === 3056) return;
			let n = {
				connection: "subscribe",
				problem: String(e)
			}, r = e instanceof v ? e.id : "";
			this.#e.fault(h.meetingMediaConnectionFailedNegotiationFailed(n, {
				...this.#e.where(),
				causeId: r
			}));
		}
	}
	#d(e, t) {
		let n = new Map(e.getTransceivers().map((e) => [e.mid, e.receiver]));
		return t.streams.flatMap(({ mid: t, participantId: r, kind: i }) => {
			let a = n.get(t);
			return a ? [{
				participantId: r,
				kind: i,
				track: a.track,
				receiver: a,
				stats: () => Y(e, a)
			}] : [];
		});
	}
};
function qc(e) {
	return /^o=\S+ (\S+)/m.exec(e)?.[1] ?? "";
}
// src/receiving.ts
var Jc = class {
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
		this.#n = new Kc({
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
			expects: () => [...this.#e.roster.participants.values()].some((e) => K.some((t) => e.isAnnounced(t)))
		});
		let { participants: t } = this.#e.roster;
		this.#r = new nc(function* () {
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
			if (a !== void 0 && !K.includes(a)) {
				let t = {
					method: e,
					parameter: "kind",
					got: String(a),
					allowed: [...K, "all"]
				};
				throw r.error(h.invalidParameterNotAllowed, t);
			}
			let t = a === void 0 ? K : [a], o = this.#t, s = { kind: a ?? "all" };
			if (n && t.every((e) => o.isKindPaused(e))) throw r.error(h.pauseAllStreamsFailedAlreadyPaused, s);
			if (!n && !t.some((e) => o.isKindPaused(e) || o.hasPaused(e))) throw r.error(h.resumeAllStreamsFailedNotPaused, s);
			await o.setKinds(t, n), i.emit(n ? "paused-all-streams" : "resumed-all-streams", s);
		}, { lane: "pauseAll" });
	}
	enableAdaptive(e) {
		let { calls: t } = this.#e;
		return t.run(e, async () => {
			if (this.#a) throw t.error((e, t) => h.adaptiveSubscriptionEnableFailedAlreadyEnabled(t), {});
			let e = Xs();
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
		this.#i = new Zs({
			pictures: () => this.#e.roster.pictures(),
			show: (e, t, n) => this.#t.show(e, t, n)
		});
	}
	#s() {
		return new cc({
			request: (e, t) => this.#e.request(e, t),
			isOn: (e, t) => this.#e.roster.participants.get(e)?.isAnnounced(t) ?? !1,
			participantIds: () => this.#e.roster.participants.keys()
		});
	}
}, Yc = [
	["virtual", /virtual|obs\b|manycam|snap camera|loopback|blackhole|vb-audio|cable|fake/i],
	["bluetooth", /bluetooth|airpods|\bbuds\b|hands-?free/i],
	["headset", /headset|headphone|earphone/i],
	["phone", /\b(front|back|rear|facing)\b|iphone|ipad|android/i],
	["usb", /\busb\b|webcam|logitech|\([0-9a-f]{4}:[0-9a-f]{4}\)/i],
	["built-in", /built-?in|internal|integrated|facetime|macbook/i]
], Xc = (e) => Yc.find(([, t]) => t.test(e))?.[0] ?? "unknown", Zc = 12e4, Qc = 2, $c = [
	"ethernet",
	"wifi",
	"cellular",
	"bluetooth",
	"vpn",
	"wimax",
	"mixed",
	"other",
	"none"
], el = [
	"none",
	"bandwidth",
	"cpu",
	"other"
], tl = (e) => [...e.values()], nl = (e) => Math.round(e * 1e4) / 10, X = (e) => Math.max(0, Math.round(e)), rl = class {
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
		++this.#a < Qc || !this.#e.isConnected() || (this.close(), this.#e.failed(String(e)));
	}
	#c(e) {
		e instanceof v && (p(e) || e.retryable) || !this.#e.isConnected() || (this.close(), e instanceof v ? this.#e.refused(e) : O("ERROR", "a report of quality failed", e));
	}
	async #l() {
		let e = await Promise.all(K.map(async (e) => [e, await this.#e.sent(e)])), t = await this.#e.received();
		this.#a = 0;
		let n = performance.now(), r = Math.min(Math.round(n - this.#r), Zc);
		this.#r = n;
		let i = this.#n;
		this.#n = /* @__PURE__ */ new Map();
		let a = [];
		for (let [t, n] of e) n && a.push(...this.#d(t, n, i, r));
		t && a.push(...this.#f(t, i, r));
		let o = sl([...e.map(([, e]) => e), t]), { camera: s, microphone: c } = this.#m();
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
		let i = il("send", e), a = -1;
		for (let o of tl(t)) {
			if (o.type !== "outbound-rtp" && o.type !== "remote-inbound-rtp") continue;
			let t = `send ${e} ${o.id}`;
			this.#n.set(t, o);
			let s = (e) => this.#u(n, t, o, e) ?? 0;
			o.type === "remote-inbound-rtp" ? (i.packetsLost += X(s("packetsLost")), al(i, "jitterMs", o.jitter), al(i, "rttMs", o.roundTripTime)) : (i.packets += X(s("packetsSent")), i.bitrateBps += X(s("bytesSent") * 8e3 / r), s("packetsSent") > 0 && (a = ol(i, o, a)));
		}
		if (i.packets === 0) return [];
		if (i.streams = 1, e === "video" || e === "share") {
			let e = ma(t);
			i.limitation = el.includes(e) ? e : "other";
		}
		return [i];
	}
	#f(e, t, n) {
		let r = this.#p(), i = /* @__PURE__ */ new Map(), a = /* @__PURE__ */ new Map(), o = /* @__PURE__ */ new Map();
		for (let s of tl(e)) {
			if (s.type !== "inbound-rtp") continue;
			let e = `recv ${s.id}`;
			this.#n.set(e, s);
			let c = (n) => this.#u(t, e, s, n), l = X(c("packetsReceived") ?? 0), u = X(c("packetsLost") ?? 0);
			if (l === 0 && u === 0) continue;
			let d = r.get(s.trackIdentifier ?? "") ?? (s.kind === "audio" ? "audio" : "video"), f = i.get(d) ?? il("recv", d);
			i.set(d, f), f.streams++, f.packets += l, f.packetsLost += u, f.bitrateBps += X((c("bytesReceived") ?? 0) * 8e3 / n), al(f, "jitterMs", s.jitter), a.set(d, ol(f, s, a.get(d) ?? -1));
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
			return n ? Xc(n.label) : "custom";
		};
		return {
			camera: t("video", e.webcamOn),
			microphone: t("audio", e.micOn)
		};
	}
}, il = (e, t) => ({
	direction: e,
	kind: t,
	streams: 0,
	bitrateBps: 0,
	packets: 0,
	packetsLost: 0
});
function al(e, t, n) {
	n !== void 0 && n >= 0 && (e[t] = Math.max(e[t] ?? 0, nl(n)));
}
function ol(e, t, n) {
	let { frameWidth: r, frameHeight: i, framesPerSecond: a } = t;
	return !r || !i || r * i <= n ? n : (e.width = r, e.height = i, e.framesPerSecond = Math.round((a ?? 0) * 10) / 10, r * i);
}
function sl(e) {
	for (let t of e) {
		let e = t ? tl(t) : [], n = e.find(({ type: e, nominated: t, state: n }) => e === "candidate-pair" && t && n !== "failed");
		if (!n) continue;
		let r = e.find(({ id: e }) => e === n.localCandidateId), i = { network: cl(r) };
		r?.candidateType && (i.candidate = r.candidateType);
		let a = r?.relayProtocol ?? r?.protocol;
		return a && (i.protocol = a), n.currentRoundTripTime !== void 0 && (i.rttMs = nl(n.currentRoundTripTime)), n.availableOutgoingBitrate !== void 0 && (i.availableBps = X(n.availableOutgoingBitrate)), i;
	}
}
function cl(e) {
	let t = e?.networkType ?? navigator.connection?.type ?? "";
	return $c.includes(t) ? t : "unknown";
}
// src/roster.ts
var ll = {
	cam: !1,
	share: !1
}, ul = class {
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
		this.participants.clear(), this.pins.clear(), this.#e.local.setPinState(ll), this.#t = this.#n = this.#r = null, this.#i = [];
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
			state: ll,
			pinnedBy: ""
		});
		for (let t of e.pins) {
			let { cam: e, share: n } = this.pins.get(t.participantId) ?? ll;
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
		let t = new Ws(e, !1, this.#e.host);
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
		if (n?.setMode(t), n?.local && t !== "SEND_AND_RECV") for (let e of K) this.#e.switchedOff(e);
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
}, dl = 500, fl = 1e3, pl = 50, ml = 70, hl = class {
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
		let { newMessageLimit: n, realtimeOverflow: r = "queue", maxQueue: i = ml } = t;
		this.#e = e, this.#t = n, this.#n = r === "drop", this.#r = i * (n ?? pl);
	}
	take(e, t) {
		if (this.#u) return;
		let n = this.#d();
		if (this.#i.length === 0 && n > 0 && t < fl) return this.#f(e);
		this.#n ? this.#o++ : (this.#i.push(e), this.#i.length > this.#r && (this.#i.shift(), this.#o++)), this.#p();
	}
	close() {
		this.#u = !0, clearTimeout(this.#l);
	}
	#d() {
		if (this.#t === void 0) return pl;
		let e = Date.now();
		return e >= this.#c && (this.#c = e + dl, this.#s = 0), this.#t - this.#s;
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
			k(e);
		}
	}
}, gl = 1e3, _l = class {
	isComplete = !1;
	#e = /* @__PURE__ */ new Map();
	#t = -Infinity;
	add({ id: e, timestamp: t }) {
		if (this.#e.has(e)) return !1;
		this.#e.set(e, Date.parse(t));
		for (let [e, t] of this.#e) {
			if (this.#e.size <= gl) break;
			this.#e.delete(e), this.#t = Math.max(this.#t, t);
		}
		return !0;
	}
	missed(e) {
		let t = e.findLastIndex(({ id: e, timestamp: t }) => this.#e.has(e) || Date.parse(t) <= this.#t);
		return e.slice(t + 1);
	}
}, vl = ["queue", "drop"], yl = 200, bl = class {
	#e;
	#t = /* @__PURE__ */ new Map();
	#n = /* @__PURE__ */ new Map();
	#r = /* @__PURE__ */ new Map();
	#i = Infinity;
	constructor(e) {
		this.#e = e;
	}
	reset() {
		for (let e of this.#t.values()) for (let { delivery: t } of e) t.close();
		this.#t.clear(), this.#n.clear(), this.#r.clear(), this.#i = Infinity;
	}
	publish(e, t, n, r) {
		let i = "pubSub.publish";
		return this.#e.call(i, async () => {
			this.#f(i, "topic", e, "string");
			let a = Sl(t);
			a || this.#f(i, "message", t, "string"), r != null && this.#f(i, "payload", r, "object");
			let o = {
				method: i,
				at: this.#e.where()
			};
			C(o, "options", n, {
				persist: "boolean",
				sendOnly: "array"
			});
			let { persist: s, sendOnly: c } = n ?? {};
			if (c && !(Array.isArray(c) && c.every((e) => typeof e == "string"))) throw this.#p(i, "sendOnly", c, "an array of participant ids");
			let l = {
				topic: e,
				message: a ? xt(i, "message", t, o.at) : t,
				...a && { object: a },
				persist: s ?? !1,
				...c?.length && { sendOnly: c },
				...r && { payload: r }
			};
			Cs(await this.#e.request("pubsub.publish", l), "pubsub.publish");
		});
	}
	subscribe(e, t, n) {
		let r = "pubSub.subscribe";
		return this.#e.call(r, async () => {
			this.#f(r, "topic", e, "string"), this.#u(r, t);
			let i = this.#l(r, n ?? {}), a = {
				listener: t,
				delivery: new hl(typeof t == "function" ? { onMessageReceived: t } : t, i)
			};
			this.#t.set(e, [...this.#t.get(e) ?? [], a]);
			let o = this.#n.get(e) ?? new _l();
			this.#n.set(e, o);
			let s = typeof t == "function" || t.onOldMessagesReceived !== void 0 ? i.oldMessageLimit : 0;
			try {
				let n = await this.#o(e, s === 0 ? 1 : s);
				if (!o.isComplete) for (let e of n) o.add(e);
				o.isComplete = !0;
				let r = s === 0 ? [] : n.map(Cl);
				if (typeof t == "function") return r;
				this.#s(t, r);
				return;
			} catch (t) {
				throw this.#c(e, a), t;
			}
		});
	}
	unsubscribe(e, t) {
		let n = "pubSub.unsubscribe";
		return this.#e.call(n, async () => {
			this.#f(n, "topic", e, "string"), t != null && this.#u(n, t);
			let r = this.#t.get(e) ?? [];
			if (t) {
				let n = r.find((e) => e.listener === t);
				n && this.#c(e, n);
			} else for (let t of r) this.#c(e, t);
			this.#t.has(e) || await this.#e.request("pubsub.unsubscribe", { topic: e });
		});
	}
	deliver(e) {
		let t = this.#r.get(e.topic);
		t ? t.push(e) : this.#a(e);
	}
	#a(e) {
		if (this.#n.get(e.topic)?.add(e) === !1) return;
		let t = Date.now() - Date.parse(e.timestamp);
		this.#i = Math.min(this.#i, t);
		for (let { delivery: n } of this.#t.get(e.topic) ?? []) n.take(Cl(e), t - this.#i);
	}
	async restore() {
		for (let e of this.#t.keys()) {
			let t = [];
			this.#r.set(e, t);
			try {
				let t = this.#n.get(e), n = await this.#o(e, t?.isComplete ? void 0 : 0);
				for (let e of t?.missed(n) ?? []) this.#a(e);
			} finally {
				this.#r.get(e) === t && this.#r.delete(e);
				for (let e of t) this.#a(e);
			}
		}
	}
	async #o(e, t) {
		let n = "pubsub.subscribe", r = {
			topic: e,
			...t !== void 0 && { oldMessageLimit: t }
		};
		return ws(await this.#e.request(n, r), n).messages;
	}
	#s({ onOldMessagesReceived: e }, t) {
		try {
			e?.(t, { isLast: !0 });
		} catch (e) {
			k(e);
		}
	}
	#c(e, t) {
		t.delivery.close();
		let n = (this.#t.get(e) ?? []).filter((e) => e !== t);
		n.length > 0 ? this.#t.set(e, n) : (this.#t.delete(e), this.#n.delete(e));
	}
	#l(e, t) {
		C({
			method: e,
			at: this.#e.where()
		}, "options", t, {
			oldMessageLimit: "number",
			realtimeOverflow: vl,
			maxQueue: "number",
			newMessageLimit: "number"
		});
		let n = Object.fromEntries(Object.entries(t).filter(([, e]) => !E(e))), { oldMessageLimit: r, realtimeOverflow: i, maxQueue: a, newMessageLimit: o } = n;
		if (this.#d(e, "oldMessageLimit", r, 0), this.#d(e, "newMessageLimit", o, 1), this.#d(e, "maxQueue", a, 1, yl), a !== void 0 && i === "drop") {
			let t = {
				method: e,
				parameter: "maxQueue",
				other: "realtimeOverflow drop"
			};
			throw new v(h.invalidParameterConflict(t, this.#e.where()));
		}
		return n;
	}
	#u(e, t) {
		if (typeof t != "function") {
			if (typeof t != "object" || !t) throw this.#p(e, "listeners", t, "an object of functions, or a function");
			C({
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
	#d(e, t, n, r, i = 2 ** 53 - 1) {
		if (n == null) return;
		let a = n;
		if (Number.isInteger(a) && a >= r && a <= i) return;
		let o = i === 2 ** 53 - 1 ? `${r} or more` : `of ${r} to ${i}`, s = {
			method: e,
			parameter: t,
			got: String(a),
			want: `an integer ${o}`
		};
		throw new v(h.invalidParameterOutOfRange(s, this.#e.where()));
	}
	#f(e, t, n, r) {
		if (r === "object" ? !Sl(n) : typeof n !== r) throw this.#p(e, t, n, xl[r]);
	}
	#p(e, t, n, r) {
		let i = n === null ? "null" : Array.isArray(n) ? "an array" : typeof n;
		return new v(h.invalidParameterWrongType({
			method: e,
			parameter: t,
			got: i,
			want: r
		}, this.#e.where()));
	}
}, xl = {
	string: "a string",
	number: "a number",
	boolean: "a boolean",
	object: "an object",
	function: "a function"
};
function Sl(e) {
	return typeof e == "object" && !!e && !Array.isArray(e);
}
function Cl({ payload: e, private: t, sendOnly: n, object: r, message: i, ...a }) {
	return {
		...a,
		message: r ? JSON.parse(i) : i,
		...e && { payload: e },
		...t && { private: !0 },
		...n && { sendOnly: n }
	};
}
// src/precallresult.ts
var wl = class extends Error {
	code;
	fault;
	reportId;
	constructor(e, t, n, r = "") {
		super(t), this.name = "PreCallTestError", this.code = e, this.fault = n, this.reportId = r;
	}
}, Tl = [
	"UDP_OVER_TCP",
	"UDP_ONLY",
	"TCP_ONLY"
];
function El(e, t) {
	let n = t === "UDP_ONLY" ? "tcp" : "udp";
	return t === "UDP_OVER_TCP" ? e : e.replace(RegExp(`^a=candidate:\\S+ \\d+ ${n} .*\\r\\n`, "gim"), "");
}
function Dl(e, t) {
	let n = (e) => /^turns:|[?&]transport=tcp\b/i.test(e);
	return t === "UDP_OVER_TCP" ? [...e] : e.map((e) => ({
		...e,
		urls: [e.urls].flat().filter((e) => n(e) === (t === "TCP_ONLY"))
	})).filter(({ urls: e }) => e.length > 0);
}
// src/close.ts
var Ol = {
	1012: Si,
	1013: xi
};
function kl(e, t) {
	let r = Ol[e] ?? e;
	if (r < 3e3 || r >= 6e3) return;
	let [i = "", a = "", o = ""] = t.split(" "), s = n[r];
	if (i === "" && e < 3e3) return;
	let c = o || ce();
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
var Al = 3e3;
async function jl(e, t, n) {
	let r = AbortSignal.timeout(Al), i = e.signal, a = await Nl(`${e.base}/v1/signal`, r);
	if (!a) return Ml(e, t, n, r);
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
	let c = Pl(a.body);
	if (c && c.code !== 4108) return c;
	if (Fl(o)) return h.signalingUnreachableGatewayDown({
		url: i,
		status: o,
		attempts: n
	}, t);
	if (o === 401 || o === 403 || o === 407) return h.signalingUnreachableForbidden({
		url: i,
		status: o
	}, t);
	let l = await Il(e.base, r) ? void 0 : await Ll(e.base, r);
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
async function Ml(e, t, n, r) {
	let i = e.signal, a = await Ll(e.base, r);
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
async function Nl(e, t) {
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
function Pl(e) {
	try {
		return rs(e, "answer");
	} catch {
		return;
	}
}
var Fl = (e) => e >= 502 && e <= 504 || e >= 520 && e <= 527 || e === 530;
async function Il(e, t) {
	let n = (await Nl(`${e}/healthz`, t))?.body;
	return typeof n == "object" && !!n && n.service === "klatch";
}
async function Ll(e, t) {
	let n = new URL(e), r = [];
	for (let e = n.pathname.replace(/\/+$/, ""); e !== "";) e = e.slice(0, e.lastIndexOf("/")), r.push(n.origin + e);
	n.protocol === "http:" && r.push(...[e, ...r].map((e) => e.replace("http:", "https:")));
	let i = await Promise.all(r.map((e) => Il(e, t)));
	return r.find((e, t) => i[t]);
}
var Rl = class {
	#e = [];
	#t = (e) => {
		e.disposition === "enforce" && this.#e.push(e);
	};
	constructor() {
		globalThis.document?.addEventListener("securitypolicyviolation", this.#t);
	}
	blocked(e) {
		let { host: t, protocol: n } = new URL(e), r = this.#e.find(({ blockedURI: e }) => {
			let r = zl(e);
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
function zl(e) {
	try {
		return new URL(e);
	} catch {
		return;
	}
}
// src/signal.ts
var Bl = {
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
}, Vl = 5e3, Hl = 1e3, Ul = /^(consume|setMode|pin|request|pubsub\.[su]|store|end|leave|report)/, Wl = 500, Gl = 5e3, Kl = 262144;
function ql() {
	return globalThis.navigator?.connection;
}
var Z = class extends Error {
	opened;
	constructor(e) {
		super("unreached"), this.opened = e;
	}
}, Jl = class {
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
			...Bl,
			...r
		}, globalThis.addEventListener?.("online", this.#N), globalThis.addEventListener?.("offline", this.#M), globalThis.addEventListener?.("pageshow", this.#j), ql()?.addEventListener("change", this.#j);
	}
	get awayMs() {
		return this.#o === "cut" ? Date.now() - this.#p : 0;
	}
	async join(e) {
		this.#o = "joining", this.#d = e;
		let t = Date.now(), n = new Rl();
		try {
			for (let e = 1;; e++) try {
				let e = await this.#C();
				return this.#k(), e;
			} catch (r) {
				if (this.#w()) throw r;
				let [i, a] = r instanceof Z ? await this.#S(r, n, e).then((e) => [new v(e), u(e) !== "end"]) : [r, r instanceof v && f(r)], o = Date.now() - t, s = r instanceof Z ? e >= this.#n.joinAttempts || o > this.#n.reach : o > Gl;
				if (!a || s || this.#w()) throw i;
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
		let r = await jl(this.#e, this.#r(), n), i = t?.blocked(this.#e.signal);
		return i ? h.signalingUnreachableCSPBlocked({
			url: this.#e.signal,
			...i
		}, this.#r()) : r;
	}
	async #C() {
		let e = await this.#D("join", {
			protocol: 1,
			...this.#d()
		}, _s);
		return this.#u = e, e;
	}
	request(e, t = {}, n = this.#n.answer, r) {
		return this.#w() ? Promise.reject(this.#T(e)) : this.#W(e, t, !0, n, void 0, r);
	}
	close() {
		if (this.#w()) return;
		this.#o = "closed", globalThis.removeEventListener?.("online", this.#N), globalThis.removeEventListener?.("offline", this.#M), globalThis.removeEventListener?.("pageshow", this.#j), ql()?.removeEventListener("change", this.#j), clearInterval(this.#h);
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
		return new v(h.operationAbortedLeft({ method: e }, this.#r()));
	}
	#E(e) {
		this.#w() || (this.close(), this.#t.closed(e));
	}
	async #D(e, t, n) {
		let r = await this.#O(), i = new Promise((n, i) => {
			r.onclose = ({ code: e, reason: t }) => {
				let n = kl(e, t);
				i(n ? new v(n) : new Z(!0));
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
			if (!a && Date.now() - c > Wl) return a = !0, o(e);
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
		let n = kl(e, t);
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
			if (await this.#H(i++, !r && this.awayMs < Vl), this.#w()) return;
			try {
				r ? await this.#B() : await this.#V();
				return;
			} catch (a) {
				if (this.#w()) return;
				if (a instanceof Z) {
					let t = Date.now() > n, r = this.#I(a, e, t);
					if (t && await r, this.#w()) return;
				}
				let o = a instanceof v ? a.toJSON() : void 0, s = o ? d(o) : "retry";
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
	async #I(e, t, n) {
		let r = this.#p;
		if (this.#m || !n && this.awayMs < this.#n.unreachable) return;
		let i = await this.#S(e, void 0, t);
		if (this.#m || this.awayMs === 0 || this.#p !== r) return;
		let a = {
			...i,
			fatal: !1
		};
		this.#m = a, this.#t.unreachable(a, r);
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
		this.#K(e)?.reject(new v(r));
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
		}, i = await this.#D("resume", r, vs);
		if (this.#w()) return;
		this.#u &&= {
			...this.#u,
			secret: i.secret
		}, this.#k();
		let { welcome: a, seq: o } = i;
		(a || o < this.#l) && (this.#l = o, this.#R(Ul));
		for (let [e, t] of [...this.#a].sort(([e], [t]) => e - t)) this.#G(e, t), this.#s?.send(t.frame);
		this.#t.resumed(a);
	}
	async #H(e, t = !1) {
		let { backoff: n, backoffMax: r } = this.#n, i = this.#y;
		if (this.#y = !1, i) return;
		let a = Math.min(t ? Hl : r, n * 2 ** (t ? e - 2 : e)) * (.5 + Math.random() / 2);
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
			s = xt(e, "params", {
				jsonrpc: "2.0",
				id: o,
				method: e,
				params: t,
				traceparent: a
			}, this.#r());
		} catch (e) {
			return Promise.reject(e);
		}
		let c = s.length > Kl / 3 ? new TextEncoder().encode(s).length : 0;
		return c > Kl ? Promise.reject(new v(h.invalidParameterTooLarge({
			method: e,
			bytes: c,
			limit: Kl
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
			let n = Ms(N(e, "frame"));
			if (n.type === "result") return this.#K(n.id)?.resolve(n.result);
			if (n.type === "refusal") {
				let e = n.id ?? this.#f, t = e === void 0 ? void 0 : this.#K(e);
				return t ? t.reject(new v(n.fault)) : this.#t.refused(n.fault);
			}
			if (n.seq <= this.#l) return;
			if (n.seq > this.#l + 1) return this.#P(1006, "");
			this.#l = n.seq, t = ks(n.name, n.data);
			let r = t?.name === "meeting-left" ? t.data.fault : void 0;
			if (r && d(r) === "rejoin" && this.#o === "open") {
				this.#J(1e3), this.#F(r);
				return;
			}
		} catch (e) {
			k(e);
			return;
		}
		t && this.#t.event(t);
	}
	#J(e) {
		let t = this.#s;
		this.#s = void 0, t && (t.onclose = t.onmessage = t.onopen = null, t.close(e));
	}
}, Yl = "0.1.0", Xl = {
	Signal: Jl,
	Observer: Sc,
	VideoSDKError: v,
	PreCallTestError: wl,
	faults: h,
	build: g,
	readAddress: j,
	withProtocol: El,
	relaysFor: Dl,
	newConnection: _c,
	setLocal: pc,
	createCameraVideoTrack: pt,
	createMicrophoneAudioTrack: mt,
	encodingOf: ft,
	trackOf: D,
	checkOptions: C,
	checkCameraOptions: st,
	checkMicrophoneOptions: ct,
	requireArgument: T,
	requireToken: tt,
	log: O,
	version: Yl
}, Zl = "runPreCallTest", Ql, $l = () => Ql?.stop();
function eu(e, t) {
	let n = new AbortController(), r = Ql, i = (async () => {
		if (r) throw nu("ALREADY_RUNNING", h.operationInProgressInProgress({ method: Zl }));
		return (await tu())(Xl, e, t, n.signal);
	})(), a = i.then(() => void 0, () => void 0), o = Object.assign(i, { stop: () => (n.abort(), a) });
	return r || (Ql = o, a.then(() => Ql = void 0)), o;
}
async function tu() {
	try {
		return (await import("./precall.mjs")).run;
	} catch (e) {
		let t = e instanceof Error ? e.message : String(e);
		throw nu("FAILED", h.unsupportedEnvironmentScriptNotLoaded({
			method: Zl,
			script: "precall.mjs",
			problem: t
		}));
	}
}
function nu(e, t) {
	return new wl(`ERROR_PRECALL_TEST_${e}`, t.message, new v(t));
}
// src/store.ts
var ru = 1024, iu = class {
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
			if (r > ru) throw new v(h.payloadTooLargeValue({
				bytes: r,
				limitBytes: ru
			}, this.#e.where()));
			await this.#e.request("store.set", {
				key: e,
				value: t
			});
		});
	}
	getValue(e) {
		let t = "realtimeStore.getValue";
		return this.#e.call(t, async () => (this.#i(t, e), Ss(await this.#e.request("store.get", { key: e }), "store.get").value ?? null));
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
				let { value: t } = Ss(await this.#e.request("store.observe", { key: e }), "store.observe");
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
				throw new v(h.failedToStopObservingValueUnknownObserver(t, this.#e.where()));
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
			k(e);
		}
	}
	async restore() {
		for (let e of new Set([...this.#t.values()].map((e) => e.key))) {
			let { value: t = null, updatedBy: n } = Ss(await this.#e.request("store.observe", { key: e }), "store.observe");
			t !== (this.#n.get(e) ?? null) && this.changed(e, t, n);
		}
	}
	#i(e, t) {
		if (this.#a(e, "key", t), typeof t != "string") throw this.#o(e, "key", t, "a string");
	}
	#a(e, t, n) {
		T({
			method: e,
			at: this.#e.where()
		}, t, n);
	}
	#o(e, t, n, r) {
		let i = Array.isArray(n) ? "an array" : typeof n;
		return new v(h.invalidParameterWrongType({
			method: e,
			parameter: t,
			got: i,
			want: r
		}, this.#e.where()));
	}
}, au = 2e3, ou = 3, su = class {
	#e;
	#t;
	#n;
	#r;
	#i = 0;
	constructor(e) {
		this.#e = e, this.#t = setInterval(() => void this.#a().catch(() => void 0), au);
	}
	close() {
		clearInterval(this.#t);
	}
	async #a() {
		let e = await this.#e.reason() ?? "none";
		if (this.#i = e === this.#r ? this.#i + 1 : 1, this.#r = e, this.#i < ou) return;
		let t = e === "bandwidth" || e === "cpu" ? e : void 0;
		t !== this.#n && (this.#n && this.#e.changed(this.#n, "resolved"), this.#n = t, t && this.#e.changed(t, "detected"));
	}
}, Q = {
	tick: 1e3,
	silent: 8e3,
	muted: 5e3,
	unheard: 8e3
}, cu = {
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
}, lu = class {
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
		this.#t.set(e, r), fu(t).then((e) => r.device = e), this.#r = Date.now(), this.#n ??= setInterval(() => void this.#c(), Q.tick);
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
			trackState: du(r),
			packetsSent: i?.packets ?? 0
		};
		if (r.readyState === "ended") return this.#t.delete(e), this.#e.fault(cu[e].ended(o, this.#e.where())), this.#e.ended(e, r);
		if (t.muted) return r.muted ? void 0 : this.#d(e, t);
		if (t.mutedMs = r.muted ? t.mutedMs + n : 0, t.mutedMs >= Q.muted && !t.silent && uu(e) && t.device) {
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
		e === "shareAudio" || s && document.visibilityState === "hidden" || s && t.flowed && !(e === "video" && t.device && this.#u(t)) || (t.silentMs += n, t.silentMs < Q.silent || t.silent || (t.silent = this.#o(cu[e].silent({
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
}, uu = (e) => e === "audio" || e === "video";
function du({ readyState: e, enabled: t, muted: n }) {
	return [
		e,
		...t ? [] : ["not enabled"],
		...n ? ["muted"] : []
	].join(", ");
}
async function fu(e) {
	let { deviceId: t = "" } = e.getSettings();
	return (await A(e.kind === "audio" ? "audioinput" : "videoinput").catch(() => [])).some((e) => e.deviceId === t);
}
// src/localmedia.ts
function pu(e, t = "", n = "", r = "") {
	return new (e === "audio" ? Nt : Mt)(t, n, `${e}input`, r);
}
var mu = {
	audio: "microphone",
	video: "camera"
}, hu = class {
	#e;
	#t;
	#n;
	#r = /* @__PURE__ */ new Map();
	#i = /* @__PURE__ */ new Map();
	#a = /* @__PURE__ */ new Set();
	#o;
	#s = !1;
	constructor(e, t, n) {
		this.#e = e, this.#n = t, this.#t = n, this.#o = new lu({
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
	async start(e, t, n, r = () => !0) {
		let i = this.#r.get(e), a = t !== void 0 || i?.readyState !== "live", o = t ? D(t, e, n, this.#t.where()) : a ? await this.#c(e) : i;
		if (!r()) return o.stop();
		o !== i && i?.stop(), await this.#l(e, o);
	}
	async startShare(e, t) {
		let n = e instanceof MediaStream ? e : e ? new MediaStream([D(e, "share", t, this.#t.where())]) : await ht({}, this.#t.where()), r = D(n, "share", t, this.#t.where()), [i] = n.getAudioTracks();
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
	closeMicrophone() {
		this.#g("audio");
	}
	async change(e, t, n, r) {
		typeof t == "string" && this.#a.add(e);
		let i = typeof t == "string" ? void 0 : D(t, e, r, this.#t.where());
		e === "video" && !i && this.#g(e);
		let a;
		try {
			a = i ?? await this.#c(e, t);
		} catch (t) {
			throw n && !this.#r.has(e) && await this.stop(e), t;
		}
		if (this.#g(e), !n) return this.#l(e, a);
		this.#d(e, a);
		let o = await this.#e.sent(e), s = await this.#e.replace(e, a, ft(a, e));
		this.#t.switched(e, {
			wire: s,
			track: a
		}), this.#s || this.#o.start(e, a, o);
	}
	async setQuality(e, t) {
		let n = this.#t.where();
		if (this.#e.quality === e) throw new v(h.alreadyInRequestedStateAlready({
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
			throw new v(h.setWebcamQualityFailedEncoderRefused(a, n));
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
		return D(e === "audio" ? await mt(t ? { microphoneId: t } : {}, n) : await pt(t ? {
			encoderConfig: this.#n.encoderConfig ?? "h720p_w1280p",
			cameraId: t
		} : this.#n, n), e, "capture", n);
	}
	async #l(e, t) {
		if (this.#s) return t.stop();
		t.enabled = !0, this.#d(e, t);
		try {
			let n = await this.#e.sent(e), r = await this.#e.enable(e, t, ft(t, e));
			this.#t.switched(e, {
				wire: r,
				track: t
			}), this.#s || this.#o.start(e, t, n);
		} catch (t) {
			throw this.#g(e), this.#u(e, t);
		}
	}
	#u(e, t) {
		return !(t instanceof v) || t.code < 4e3 ? t : (this.#t.fault(t.toJSON()), new v(ge(e, t.id, this.#t.where())));
	}
	#d(e, t) {
		if (this.#r.set(e, t), t.onended = () => this.#f(e, t), e !== "audio" && e !== "video") return;
		let { deviceId: n, groupId: r } = t.getSettings();
		this.#i.set(e, pu(e, n, r, t.label));
	}
	#f(e, t) {
		if (this.#r.get(e) !== t) return;
		let n = t.enabled;
		if (this.#g(e), e === "audio" || e === "video") {
			if (this.#i.delete(e), !n) return;
			this.#t.fault(he(mu[e], t.label, this.#t.where()));
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
		this.#r.delete(e), t && (this.#o.stop(e), t.onended = null, t.stop());
	}
}, gu = 1e3;
function _u(e, t) {
	let n = e === "share" && t ? Ps(t) : void 0;
	return n ? { displaySurface: n } : {};
}
var vu = /* @__PURE__ */ new Set(), yu = class {
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
			let r = this.#y(e, n), i = De(e, r, this.#a), a = this.#o.get(e);
			this.#m && a && !Oe(a, i) && (this.#o.set(e, i), await this.#x()), this.#o.set(e, i);
			let o = this.#m ?? await this.#D();
			await this.#T(e, t), this.#r.add(e);
			try {
				let n = {
					kind: e,
					enabled: !0,
					..._u(e, t)
				};
				o.remoteDescription ? await this.#e.request("setStream", n) : await this.#M(o, !1);
			} catch (t) {
				throw this.#r.delete(e), await this.#T(e, null), t;
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
		let n = this.#l.get(e) ?? vu;
		if (this.#u.has(e)) return n;
		let r = t[0]?.rid;
		return new Set([...n].filter((e) => e !== r));
	}
	async disable(e, t = !0) {
		this.#t.delete(e), this.#u.delete(e), this.#d.delete(e);
		let n = this.#T(e, null);
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
				..._u(e, t.track)
			}), this.#r.add(e)), this.#E(e);
		});
	}
	async replace(e, t, n) {
		return this.#w(async () => {
			let r = this.#y(e, n);
			return await this.#T(e, t), this.#t.set(e, {
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
			}), this.#o.set(e, De(e, r, this.#a)), await this.#x(), {
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
		return Y(this.#m, this.#n.get(e)?.sender);
	}
	scale(e) {
		let t = (this.#n.get(e)?.sender.getParameters().encodings ?? []).filter((e) => e.active);
		return Math.min(...t.map(({ scaleResolutionDownBy: e = 1 }) => e));
	}
	transportStats() {
		return Y(this.#m);
	}
	async sent(e) {
		let t = this.#n.get(e)?.sender;
		if (!t || this.#m?.connectionState !== "connected") return;
		let { encodings: n } = t.getParameters();
		if (this.#l.has(e) && n.every(({ active: e }) => !e)) return;
		let r = await Y(this.#m, t);
		if (!r) return;
		let i = ha(r), a = this.#d.get(e);
		return a ? !this.#u.has(e) && i.media > a.media && i.reportedAt > a.reportedAt && (this.#u.add(e), this.#l.has(e) && this.#w(() => this.#k(e))) : this.#d.set(e, i), i;
	}
	retry() {
		this.#m || this.#t.size === 0 ? this.#h?.retry() : this.#w(() => this.#S());
	}
	forget() {
		this.#h?.close(), this.#h = void 0, this.#b();
	}
	#b() {
		J(this.#m), this.#m = void 0, this.#n.clear(), this.#i.clear(), this.#l.clear(), this.#u.clear(), this.#d.clear(), this.#s.clear();
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
			if (this.#m !== e || (this.forget(), !(t instanceof v))) return;
			if (p(t) || d(t) !== "end") return this.#C(t.retryAfterMs);
			this.#e.fault(t.toJSON());
			for (let e of this.#t.keys()) this.#e.dropped(e);
		}
	}
	#C(e) {
		clearTimeout(this.#g), this.#g = setTimeout(() => this.retry(), Math.max(e, gu));
	}
	hears() {
		return this.#h?.hears() ?? !1;
	}
	lose(e) {
		return this.#h?.lose(e) ?? !1;
	}
	renewServers() {
		yc(this.#m, this.#e.relays());
	}
	close() {
		clearTimeout(this.#g), this.#h?.close(), J(this.#m);
	}
	#w(e) {
		let t = this.#_.then(e);
		return this.#_ = t.catch(() => void 0), t;
	}
	async #T(e, t) {
		let n = this.#m, r = this.#n.get(e)?.sender;
		if (n && r) try {
			await q(n, r.replaceTrack(t));
		} catch (e) {
			if (n.signalingState !== "closed") throw e;
		}
	}
	#E(e) {
		let t = this.#i.get(e);
		if (!t) throw this.#N(`the answer carries no ${e} stream`);
		return t;
	}
	async #D() {
		let e = _c(this.#e.relays());
		for (let t of K) {
			let n = this.#o.get(t) ?? De(t, this.#t.get(t)?.encoding, this.#a);
			this.#o.set(t, n), this.#n.set(t, this.#O(e, t, n));
		}
		this.#m = e;
		for (let [e, { track: t }] of this.#t) await this.#T(e, t);
		return e;
	}
	#O(e, t, n) {
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
	async #k(e, t = !1) {
		let n = this.#t.get(e), r = this.#n.get(e)?.sender;
		if (!n || !r) return;
		let { track: i, encoding: a } = n, o = r.getParameters();
		a.degradation && (o.degradationPreference = a.degradation);
		let { width: s, height: c } = i.getSettings();
		Fe(o, {
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
		if (i !== void 0 && !Ae(i, c)) {
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
		this.#h ??= new Wc("publish", {
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
			n = await pc(e, await q(e, e.createOffer({ iceRestart: t })));
			for (let [t, { sender: n }] of this.#n) e.remoteDescription || this.#c.set(t, n.getParameters().encodings.length);
		} catch (e) {
			throw this.#N(String(e));
		}
		let r = [...this.#n].map(([e, { mid: t, sender: n }]) => ({
			mid: t ?? "",
			kind: e,
			enabled: this.#r.has(e),
			..._u(e, n.track)
		}));
		try {
			let t = ys(await this.#e.request("publish", {
				sdp: n,
				streams: r
			}), "publish");
			for (let e of t.streams) this.#i.set(e.kind, e);
			let i = {
				type: "answer",
				sdp: xu(this.#e.described(t.sdp))
			};
			await q(e, e.setRemoteDescription(i)), this.#m === e && this.#j(e);
		} catch (t) {
			throw e.signalingState === "have-local-offer" && await q(e, e.setLocalDescription({ type: "rollback" })), t instanceof v ? t : this.#N(String(t));
		}
	}
	#N(e) {
		let t = {
			connection: "publish",
			problem: e
		};
		return new v(h.meetingMediaConnectionFailedNegotiationFailed(t, this.#e.where()));
	}
}, bu = "x-google-start-bitrate=1000";
function xu(e) {
	let t = (e) => e.replace(/^a=rtpmap:(\d+) (?:VP8|VP9|H264|AV1)\/.*\r\n/gm, (t, n) => e.includes(`a=fmtp:${n} `) ? t : `${t}a=fmtp:${n} ${bu}\r\n`).replace(/^a=fmtp:\d+ (?!apt=|x-google)/gm, `$&${bu};`);
	return e.split(/(?=^m=)/m).map((e) => e.startsWith("m=video") ? t(e) : e).join("");
}
// src/sending.ts
var Su = (e) => e === "user" || e === "front", Cu = class {
	#e;
	#t;
	#n = /* @__PURE__ */ new Map();
	constructor(e) {
		this.#e = e;
	}
	connect(e) {
		let { events: t, local: n, options: r } = this.#e, i = new yu({
			...e,
			dropped: (e) => this.switchedOff(e)
		}, r), { defaultCamera: a } = r, o = { encoderConfig: r.maxResolution === "sd" ? "h360p_w640p" : "h720p_w1280p" };
		a && (o.facingMode = Su(a) ? "user" : "environment");
		let s = (t, r) => {
			e.isOver() || (r && n.receive(t, { track: r.track }), n.announce(t, r?.wire), r || n.receive(t, void 0));
		}, c = new hu(i, o, {
			...e,
			switched: s
		}), l = new su({
			reason: async () => {
				if (!n.webcamOn || t.listenerCount("quality-limitation") === 0) return;
				let e = await i.stats("video");
				return e && ma(e);
			},
			changed: (e, n) => t.emit("quality-limitation", {
				type: e,
				state: n,
				timestamp: Date.now(),
				direction: "send"
			})
		}), u = new Fa({
			energy: async () => {
				if (!n.micOn || t.listenerCount("audio-input-silence") === 0) return;
				let e = await i.stats("audio");
				return e && Ia(e);
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
		this.#t = void 0, this.#n = /* @__PURE__ */ new Map();
	}
	selected(e) {
		return this.#t?.media.selected(e);
	}
	get inspected() {
		let e = (e) => this.#t?.media.track(e), t = (t) => this.#s(t) ? e(t) : void 0;
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
	open(e, t, n) {
		let r = {
			isWanted: !0,
			isSent: !1,
			done: Promise.resolve()
		}, i = this.#n.set(t, r), a = () => r.isSent = r.isWanted, o = (r) => r.start(t, n, e, a);
		r.done = this.#e.calls.run(e, () => this.#i(e, t, o, () => r.isWanted)).catch(() => void 0).finally(() => i.get(t) === r && i.delete(t));
	}
	modeChanged() {
		this.#e.local.presentMode !== "SEND_AND_RECV" && this.#t?.media.closeMicrophone();
	}
	start(e, t, n) {
		let { calls: r } = this.#e;
		return this.#r(e, t, async () => {
			if (this.#s(t)) throw r.already(e, "on");
			await this.#i(e, t, n);
		});
	}
	#r(e, t, n) {
		let { calls: r } = this.#e;
		return r.run(e, async () => {
			let { connection: i } = this.#o();
			if (await this.#n.get(t)?.done, i.isOver()) throw r.error(h.operationAbortedLeft, { method: e });
			await n();
		}, { lane: t });
	}
	async #i(e, t, n, r = () => !0) {
		let { calls: i, local: a, request: o } = this.#e, { connection: s, media: c } = this.#o();
		if (a.presentMode !== "SEND_AND_RECV" && await o("setStream", {
			kind: t,
			enabled: !0
		}), await this.#a(t), await n(c), r() && (this.#e.forbids(t) && (await Promise.all([c.stop(t), t === "share" && c.stop("shareAudio")]), await this.#a(t)), s.isOver())) throw i.error(h.operationAbortedLeft, { method: e });
	}
	async #a(e) {
		let { forbids: t, request: n } = this.#e;
		if (t(e)) try {
			await n("setStream", {
				kind: e,
				enabled: !0
			});
		} catch (e) {
			if (!(e instanceof v && e.code === 4107)) throw e;
		}
	}
	stop(e, t, n) {
		let { calls: r } = this.#e;
		return r.run(e, async () => {
			let { media: i } = this.#o(), a = this.#n.get(t);
			if (a) {
				if (a.isWanted = !1, this.#n.delete(t), !a.isSent) return;
				await a.done;
			}
			if (i.decided(t), !this.#s(t)) throw r.already(e, "off");
			await Promise.all([i.stop(t), n && i.stop(n)]);
		}, {
			lane: t,
			whileAway: !0
		});
	}
	change(e, t, n) {
		return this.#r(e, t, async () => {
			this.#s(t) ? await this.#o().media.change(t, n, !0, e) : await this.#i(e, t, (r) => r.change(t, n, !1, e));
		});
	}
	setQuality(e, t) {
		let { calls: n, local: r } = this.#e;
		return this.#r(e, "video", async () => {
			if (!Te.includes(t)) {
				let r = {
					method: e,
					parameter: "quality",
					got: String(t),
					allowed: [...Te]
				};
				throw n.error(h.invalidParameterNotAllowed, r);
			}
			let { id: i, displayName: a } = r;
			if (!this.#s("video")) throw n.error(h.webcamNotEnabledCameraOff, {
				method: e,
				participantId: i,
				name: a
			});
			await this.#o().media.setQuality(t, e);
		});
	}
	#o() {
		return this.#t;
	}
	#s(e) {
		let { micOn: t, webcamOn: n, screenShareOn: r, screenShareAudioOn: i } = this.#e.local;
		return {
			audio: t,
			video: n,
			share: r,
			shareAudio: i
		}[e];
	}
}, wu = 2, Tu = 2, Eu = Symbol.for("OpenTelemetry Context Key SPAN"), Du = (e) => ({
	getValue: (t) => e.get(t),
	setValue: (t, n) => Du(new Map(e).set(t, n)),
	deleteValue: (t) => Du(new Map([...e].filter(([e]) => e !== t)))
}), Ou = /^(join|unmuteMic|enable(Webcam|ScreenShare)|start(Recording|Livestream|Hls))$/, ku = {
	audio: "unmuteMic",
	video: "enableWebcam",
	share: "enableScreenShare"
}, Au = (e) => {
	let [, t = "", n = "", r = ""] = e.split("-");
	return { spanContext: () => ({
		traceId: t,
		spanId: n,
		traceFlags: Number.parseInt(r, 16),
		isRemote: !0
	}) };
}, ju = class {
	#e;
	#t;
	#n = /* @__PURE__ */ new Map();
	#r;
	#i;
	constructor(e, t) {
		this.#e = e, this.#t = t;
	}
	run(e, t) {
		let { tracer: n, traceparent: r } = this.#e;
		if (!n || !Ou.test(e)) return t();
		let i = e === "join" ? r ? Au(r) : void 0 : this.#n.get("join") ?? this.#i, a = i && Du(/* @__PURE__ */ new Map([[Eu, i]]));
		return this.#a(e, n.startSpan(e, { kind: wu }, a), t);
	}
	async #a(e, t, n) {
		let r = !this.#n.has(e);
		r && this.#n.set(e, t);
		try {
			this.#r = {
				method: e,
				span: t
			};
			let r = n();
			this.#r = void 0;
			let i = await r;
			return e === "join" && (this.#i = t), i;
		} catch (e) {
			throw e instanceof v && Mu(t, e), e;
		} finally {
			r && this.#n.delete(e);
			let { meetingId: n = "", sessionId: i = "", participantId: a = "" } = this.#t();
			Nu(t, {
				"meeting.id": n,
				"session.id": i,
				"participant.id": a
			}), t.end();
		}
	}
	of(e, t = {}) {
		let n = t.streams ?? [], r = e === "publish" ? n.map(({ kind: e, enabled: t }) => t && ku[e]) : [e];
		for (let e of r) {
			let { traceId: t = "", spanId: n = "", traceFlags: r = 0 } = ((this.#r?.method === e ? this.#r?.span : void 0) ?? this.#n.get(e || ""))?.spanContext() ?? {};
			if (/[^0]/.test(n)) return `00-${t}-${n}-0${r & 1}`;
		}
	}
};
function Mu(e, { id: t, code: n, name: r, reason: i }) {
	Nu(e, {
		"fault.id": t,
		"fault.code": n,
		"fault.name": r,
		"fault.reason": i
	}), e.setStatus({
		code: Tu,
		message: `${r}.${i}`
	});
}
function Nu(e, t) {
	for (let [n, r] of Object.entries(t)) r && e.setAttribute(`klatch.${n}`, r);
}
// src/ending.ts
function Pu(e, t, n) {
	return !(e instanceof v) || e.code < 4e3 || e.code >= 5e3 ? e : (t.tell(e), new v(h.endMeetingFailedEndRefused({
		...n,
		causeId: e.id
	})));
}
// src/identity.ts
function Fu(e, { meetingId: t, participantId: n }, r) {
	let i = {
		meetingId: t,
		server: r.replace(/[?#].*/s, "").replace(/\/+$/, "")
	};
	if (e === "") return h.invalidTokenEmpty(i);
	let a = Ru(e);
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
var Iu = "abcdefghjkmnpqrstuvwxyz23456789";
function Lu(e, { participantId: t }) {
	if (t !== void 0) return t;
	let n = Ru(e)?.participantId;
	if (typeof n == "string" && n !== "") return n;
	let r = crypto.getRandomValues(/* @__PURE__ */ new Uint32Array(8));
	return Array.from(r, (e, t) => Iu[e % (t === 0 ? 23 : 31)]).join("");
}
function Ru(e) {
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
}, zu = {
	SEND_AND_RECV: "SEND_AND_RECV",
	RECV_ONLY: "RECV_ONLY",
	SIGNALLING_ONLY: "SIGNALLING_ONLY",
	CONFERENCE: "SEND_AND_RECV",
	VIEWER: "SIGNALLING_ONLY"
}, Bu = {
	SEND_AND_RECV: "CONFERENCE",
	SIGNALLING_ONLY: "VIEWER"
};
function Vu(e) {
	if (Object.hasOwn(zu, e)) return zu[e];
	throw new v(h.invalidModeUnknownMode({
		mode: e.slice(0, 64),
		allowed: [...new Set(Object.values(zu))]
	}));
}
var Hu = class {
	#e = !1;
	used(e) {
		e === "CONFERENCE" || e === "VIEWER" ? this.#e = !0 : Object.hasOwn(Bu, e) && (this.#e = !1);
	}
	of(e) {
		return this.#e && Bu[e] || e;
	}
}, Uu = [
	"signaling-cut",
	"publish-lost",
	"subscribe-lost",
	"server-gone"
], Wu = 5e3, Gu = 6e4;
function Ku(e, t, n) {
	let r = {
		method: "simulate",
		at: e.where()
	};
	w(r, "scenario", t ?? "", Uu), C(r, "options", n, { forMs: "number" });
	let i = n?.forMs ?? Wu;
	if (!(i >= 0 && i <= Gu)) {
		let e = `between 0 and ${Gu}`, t = {
			method: r.method,
			parameter: "forMs",
			got: String(i),
			want: e
		};
		throw new v(h.invalidParameterOutOfRange(t, r.at));
	}
	switch (t) {
		case "signaling-cut": return e.cut(i, !1);
		case "server-gone": return e.lose("publish", i), e.lose("subscribe", i), e.cut(i, !0);
		default: {
			let n = t === "publish-lost" ? "publish" : "subscribe";
			if (e.lose(n, i)) return;
			throw new v(h.mediaNotReadyNotConnected({
				method: r.method,
				connection: n
			}, r.at));
		}
	}
}
// src/switching.ts
var qu = {
	meetingId: "string",
	token: "string"
}, Ju = class {
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
		if (T(t, "options", e), C(t, "options", e, qu), T(t, "meetingId", e.meetingId), e.meetingId === "") throw new v(h.invalidMeetingIDEmpty(t.at));
		if (e.meetingId === t.at.meetingId) throw new v(h.alreadyInRequestedStateAlready({
			method: t.method,
			state: e.meetingId
		}, t.at));
		let n = Yu(this.#e.local, "audio"), r = Yu(this.#e.local, "video");
		try {
			await this.#n(e, {
				micEnabled: n !== void 0,
				webcamEnabled: r !== void 0,
				...n && { customMicrophoneAudioTrack: n },
				...r && { customCameraVideoTrack: r }
			});
		} catch (t) {
			for (let e of [n, r]) for (let t of e?.getTracks() ?? []) t.stop();
			if (!(t instanceof v)) throw t;
			let { meetingId: i } = e;
			throw new v(h.switchMeetingFailedJoinFailed({ meetingId: i }, {
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
function Yu(e, t) {
	let n = [...e.streams.values()].find((e) => e.kind === t)?.track;
	return n?.readyState === "live" ? new MediaStream([n.clone()]) : void 0;
}
// src/meeting.ts
var Xu = 2e3, Zu = class extends Bo {
	localParticipant;
	participants;
	pinnedParticipants;
	pubSub;
	realtimeStore;
	#e;
	#t;
	#n;
	egress;
	moderation;
	#r;
	#i;
	#a;
	#o;
	#s = new Hu();
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
	#D;
	#O;
	#k;
	constructor(e) {
		super("meeting", Fo);
		let { meetingId: t, name: n = "", mode: r = "SEND_AND_RECV", metaData: i } = e.options, a = Lu(e.token, e.options);
		this.#e = {
			...e,
			options: {
				...e.options,
				participantId: a
			}
		}, this.#C = t, this.#s.used(r), this.#a = new yo({
			reports: () => this.#re(),
			isConnected: () => this.#x === "CONNECTED",
			request: (e, t) => this.#Q(e, t)
		}), this.#o = new Ii({
			tell: (e) => void this.#$(e),
			cleared: ({ id: e, code: t, reason: n }, r) => this.emit("fault-cleared", {
				id: e,
				code: t,
				reason: n,
				forMs: r
			})
		}, this.#a), this.#i = new ju(e.options, () => this.#ie());
		let o = new Mi({
			events: this,
			traced: (e, t) => this.#i.run(e, t),
			phase: () => this.#d,
			cause: () => this.#o.cause,
			awayMs: () => this.#x === "RECONNECTING" ? this.#D?.awayMs ?? 0 : void 0,
			report: (e) => this.#a.began(e.toJSON()),
			where: () => this.#ie()
		});
		this.#r = o;
		let s = (e, t, n) => this.#Q(e, t, n), c = () => this.#l, l = {
			get preferences() {
				return c().preferences;
			},
			transportStats: (e) => e ? this.#c.transportStats() : this.#l.stats(),
			call: (e, t) => o.run(e, t),
			request: s,
			own: (e, t) => e === "audio" ? t ? this.unmuteMic() : this.muteMic() : t ? this.enableWebcam() : this.disableWebcam(),
			ownStats: (e) => this.#c.stats(e),
			modeName: (e) => this.#s.of(e),
			where: () => this.#ie()
		};
		this.localParticipant = new Ws({
			id: a,
			displayName: n,
			mode: Vu(r),
			metaData: i
		}, !0, l), this.#n = new ul({
			local: this.localParticipant,
			host: l,
			events: this,
			switchedOff: (e, t) => this.#c.switchedOff(e, t)
		}), this.moderation = new Ro({
			events: this,
			permissions: () => this.#E,
			respond: (e, t) => this.respondEntry(e, t),
			forbidden: (e) => this.#c.switchedOff(e, this.localParticipant.isAnnounced(e))
		}), this.#c = new Cu({
			calls: o,
			events: this,
			local: this.localParticipant,
			options: e.options,
			request: s,
			forbids: (e) => this.moderation.forbids(e)
		}), this.#u = new qa({
			calls: o,
			events: this,
			request: s,
			mode: () => this.localParticipant.mode,
			joined: () => this.#d === "joined"
		}), this.#l = new Jc({
			calls: o,
			events: this,
			roster: this.#n,
			data: this.#u,
			request: s
		}), this.#t = new Ju({
			local: this.localParticipant,
			where: () => this.#ie(),
			setup: () => this.#e,
			become: (e) => this.#e = e,
			leave: async () => {
				await this.#L({ reason: $.switched.name }), this.#B($.switched, void 0);
			},
			join: async (e) => {
				this.#C = e, await this.#A(void 0), this.emit("switch-meeting", { meetingId: this.#C });
			}
		}), this.egress = new po({
			events: this,
			request: s,
			where: () => this.#ie()
		}), this.participants = this.#n.participants, this.pinnedParticipants = this.#n.pins, this.pubSub = new bl(l), this.realtimeStore = new iu(l);
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
		return this.#r.handled(this.#i.run("join", () => this.#A(e.signal)));
	}
	leave() {
		return this.#r.handled(this.#I());
	}
	switchTo(e) {
		return this.called("switchTo", () => this.#t.to(e));
	}
	reconnectNow() {
		this.#D?.retry();
	}
	end() {
		return this.called("end", async () => {
			try {
				await this.#Q("end");
			} catch (e) {
				if (!this.#H()) throw Pu(e, this.#r, this.#ie());
			}
		});
	}
	changeMode(e) {
		return this.called("changeMode", async () => {
			let t = Vu(e);
			if (this.#s.used(e), t === this.localParticipant.presentMode) throw this.#ne("changeMode", e);
			await this.#Q("setMode", { mode: e });
		});
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
			at: this.#ie()
		};
		return this.called(t.method, () => Co(t, this.#te(), e));
	}
	fetchBase64File(e) {
		let t = {
			method: "fetchBase64File",
			at: this.#ie()
		};
		return this.called(t.method, () => wo(t, this.#te(), e));
	}
	simulate(e, t) {
		return this.called("simulate", async () => Ku({
			cut: (e, t) => this.#D?.cut(e, t),
			lose: (e, t) => (e === "publish" ? this.#c : this.#l).lose(t),
			where: () => this.#ie()
		}, e, t));
	}
	getMics() {
		return A("audioinput");
	}
	getWebcams() {
		return A("videoinput");
	}
	async #A(e) {
		if (this.#m && await this.#j(this.#m), this.#d === "joined") throw this.#$(this.#ne("join", "joined"));
		if (this.#d !== "new" && this.#d !== "left") throw this.#$(this.#ee(h.operationInProgressInProgress, { method: "join" }));
		this.#d === "left" && this.#M();
		let t = ++this.#f;
		this.#d = "joining", globalThis.addEventListener?.("pagehide", this.#V), this.#ae("CONNECTING"), $l();
		let n = () => {
			t === this.#f && this.#B($.manual, this.#ee(h.operationAbortedCancelled, { method: "join" }), "DISCONNECTED");
		};
		e?.addEventListener("abort", n);
		try {
			let r = Fu(this.#e.token, this.#e.options, this.#e.serverUrl);
			if (e?.aborted) n();
			else if (r) throw new v(r);
			else await this.#N();
			if (this.#H(t)) throw this.#ee(h.operationAbortedLeft, { method: "join" });
		} catch (e) {
			if (this.#H(t)) {
				let e = t === this.#f ? this.#O : void 0;
				throw this.#$(e ?? this.#ee(h.operationAbortedLeft, { method: "join" }));
			}
			let n = this.#r.asFault(e);
			throw this.#B(this.#t.active ? $.switchFailed : $.joinFailed, n), this.#$(n);
		} finally {
			e?.removeEventListener("abort", n);
		}
	}
	async #j(e) {
		let t = this.#p;
		if (await e, t !== this.#p) throw this.#$(this.#ee(h.operationAbortedLeft, { method: "join" }));
	}
	#M() {
		let { participantId: e = "", name: t = "", mode: n = "SEND_AND_RECV", metaData: r } = this.#e.options;
		this.#r.reset(), this.#a.reset(), this.#o.reset(), this.#h = !1, this.#g = [], this.#w = "", this.#T = "", this.#E = [], this.moderation.reset(), this.#O = void 0, this.#D = void 0, this.#c.reset(), this.#l.reset(), this.localParticipant.become({
			id: e,
			displayName: t,
			mode: Vu(n),
			metaData: r,
			streams: [],
			joinedAt: ""
		}), this.#n.reset(), this.egress.reset(), this.pubSub.reset(), this.realtimeStore.reset();
	}
	async #N() {
		let { token: e, serverUrl: t, timing: n, options: r } = this.#e;
		if (typeof RTCPeerConnection > "u" && this.localParticipant.presentMode !== "SIGNALLING_ONLY") throw this.#ee(h.unsupportedEnvironmentNoWEBRTC, { userAgent: navigator.userAgent });
		let i = j(t, location);
		this.#S = i.base;
		let a = new Jl(i, {
			event: (e) => this.#W(e),
			cut: () => this.#ae("RECONNECTING"),
			pausing: (e) => this.emit("reconnect-scheduled", e),
			unreachable: (e, t) => this.#o.raise(e, t),
			reached: (e, t) => this.#o.end(e, t),
			resumed: (e) => this.#K(e),
			rejoining: (e) => this.#J(e),
			rejoined: (e) => this.#Y(e),
			refused: (e) => void this.#$(new v(e)),
			closed: (e) => this.#R(e)
		}, () => this.#ie(), n, () => this.#c.hears() || this.#l.hears());
		this.#D = a;
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
				sdkVersion: Yl,
				platform: navigator.platform,
				browserUserAgent: navigator.userAgent
			},
			traceparent: f
		}, g = await a.join(() => ({
			...m,
			...p()
		}));
		if (this.#D !== a) throw this.#ee(h.operationAbortedLeft, { method: "join" });
		if (this.#C = g.meetingId, this.#w = g.sessionId, this.#_ = g.statsIntervalMs, this.#v = g.tokenLeewayMs, this.localParticipant.become({
			id: g.participantId,
			displayName: c,
			mode: this.localParticipant.presentMode,
			metaData: u,
			streams: [],
			joinedAt: ""
		}), g.welcome) return this.#P(g.welcome);
		this.#d = "lobby", await new Promise((e, t) => {
			this.#k = {
				resolve: e,
				reject: t
			};
		});
	}
	#P(e) {
		if (this.#d = "joined", this.#E = e.permissions, this.#T = e.startedAt, this.#g = Qu(e.iceServers), this.#h) return this.#X(e);
		this.#h = !0, this.moderation.enter(e), this.#n.enter(e), this.egress.enter(e.egress), this.#U(), this.#ae("CONNECTED"), this.#k || this.emit("entry-responded", this.localParticipant.id, "allowed"), this.#F(), this.emit("meeting-joined"), this.#n.tell(), e.dataStarted && this.#u.start(), this.moderation.tell(e), this.#k?.resolve();
	}
	#F() {
		let { micEnabled: e, webcamEnabled: t, customMicrophoneAudioTrack: n, customCameraVideoTrack: r } = this.#e.options;
		this.localParticipant.mode === "SEND_AND_RECV" && (e && this.#c.open("unmuteMic", "audio", n), t && this.#c.open("enableWebcam", "video", r));
	}
	async #I() {
		let e = "leave";
		if (this.#p++, this.#m) return this.#m;
		if (this.#d === "new") throw this.#$(this.#ee(h.actionPerformedBeforeMeetingJoinedNotJoined, { method: e }));
		if (this.#d === "left") throw this.#$(this.#ne(e, "left"));
		let t = this.#D;
		if (t && this.#d !== "joining" && t.awayMs === 0) return this.#m = this.#L().then(() => {
			this.#m = void 0, this.#B($.manual, void 0);
		}), this.#m;
		this.#B($.manual, void 0);
	}
	async #L(e = {}) {
		let t = this.#D?.request("leave", e).catch(() => void 0);
		await Promise.race([t, new Promise((e) => setTimeout(e, Xu))]);
	}
	#R(e) {
		let t = e.code === 3103 ? $.exhausted : this.#d === "joined" ? $.cut : $.joinFailed;
		this.#B(t, new v({
			...e,
			causeId: e.causeId || this.#o.cause
		}));
	}
	#z(e, t) {
		this.#B(e, t, t && this.#d !== "joined" ? "FAILED" : "DISCONNECTED");
	}
	#B(e, t, n = t ? "FAILED" : "DISCONNECTED") {
		if (this.#H()) return;
		this.#d = "left", globalThis.removeEventListener?.("pagehide", this.#V), this.#O = t, this.#D?.close(), this.#c.close(), this.#l.close(), this.#u.close(), this.#b?.close(), this.#y?.close(), this.#o.reset(), this.localParticipant.reset();
		let r = this.#k;
		this.#k = void 0, t && this.#$(t), this.#ae(n), r?.reject(t ?? this.#ee(h.operationAbortedLeft, { method: "join" })), this.emit("meeting-left", e);
	}
	#V = (e) => {
		e.persisted || this.#I().catch(() => void 0);
	};
	#H(e = this.#f) {
		return this.#d === "left" || e !== this.#f;
	}
	#U() {
		let e = this.#f, { preferredProtocol: t = "UDP_OVER_TCP" } = this.#e.options, n = {
			relays: () => Dl(this.#g, t),
			described: (e) => El(e, t),
			checkSignaling: () => this.#D?.check(),
			request: (e, t) => this.#Q(e, t),
			fault: (e) => this.#o.raise(e),
			cleared: (t, n) => {
				this.#H(e) || this.#o.end(t, n);
			},
			where: () => this.#ie(),
			isOver: () => this.#H(e)
		};
		this.#c.connect(n), this.#l.connect(n), this.#y = Va({
			...n,
			...this.#c.inspected,
			sounds: () => this.#n.sounds(),
			ping: () => this.#Q("ping"),
			tokenLeewayMs: () => this.#v
		}), this.#b = new rl(this.#_, {
			sent: (e) => this.#c.stats(e),
			received: () => this.#l.stats(),
			participants: () => this.participants.values(),
			device: (e) => this.#c.selected(e),
			local: this.localParticipant,
			isConnected: () => this.#x === "CONNECTED" && !this.#H(e),
			send: (e) => this.#Q("reportStats", e),
			failed: (e) => this.#$(this.#ee(h.unsupportedEnvironmentNoStats, { problem: e })),
			refused: (e) => this.#$(e)
		});
	}
	#W(e) {
		if (O("ALL", "received", e.name, e.data), this.#n.event(e)) {
			e.name === "participant-mode-changed" && (this.#u.changed(), this.#c.modeChanged());
			return;
		}
		if (this.egress.event(e) || this.moderation.event(e)) return;
		let { name: t, data: n } = e;
		switch (t) {
			case "meeting-joined": return this.#P(n.welcome);
			case "meeting-left": return this.#z(n.reason, n.fault && new v(n.fault));
			case "entry-pending": return this.emit("entry-pending", n);
			case "mic-requested": return this.emit("mic-requested", this.#G(n.participantId, () => this.unmuteMic()));
			case "webcam-requested": return this.emit("webcam-requested", this.#G(n.participantId, () => this.enableWebcam()));
			case "pubsub-message": return this.pubSub.deliver(n);
			case "store-value-changed": return this.realtimeStore.changed(n.key, n.value ?? null, n.updatedBy);
			case "data-started": return this.#u.start();
			case "ice-servers-changed": return this.#g = Qu(n.iceServers), this.#c.renewServers(), this.#l.renewServers();
			case "subscribe-offer": return this.#l.offered(n);
			case "encodings": return this.#c.encodings(n.kind, n.active);
			case "codec-not-received": {
				let e = this.participants.get(n.participantId);
				this.#c.codecNotReceived(n.kind, n.codec, n.taken, e).catch(k);
				return;
			}
			case "quality-limitation": return this.emit("quality-limitation", {
				type: n.type,
				state: n.state,
				timestamp: Date.parse(n.timestamp),
				direction: "receive"
			});
			case "error":
				this.#$(new v(n.fault));
				return;
			case "fault-cleared": return this.emit("fault-cleared", n);
		}
	}
	#G(e, t) {
		return {
			participantId: e,
			accept: t,
			reject: () => void 0
		};
	}
	#K(e) {
		if (e) return this.#q(), this.#P(e);
		this.#ae(this.#d === "joined" ? "CONNECTED" : "CONNECTING"), this.#c.retry(), this.#l.resumed();
	}
	#q() {
		this.#n.hold(), this.#c.forget(), this.#l.forget(), this.#u.forget();
	}
	#J(e) {
		this.#q(), this.#$(new v(e));
	}
	#Y(e) {
		this.#w = e.sessionId;
		let { displayName: t, presentMode: n, metaData: r } = this.localParticipant;
		if (this.localParticipant.become({
			id: e.participantId,
			displayName: t,
			mode: n,
			metaData: r,
			streams: [],
			joinedAt: ""
		}), e.welcome) return this.#P(e.welcome);
		this.#d = "lobby", this.#ae("CONNECTING");
	}
	#X(e) {
		this.#c.retry(), this.#n.reenter(e), this.egress.reenter(e.egress), this.moderation.reenter(e), this.#l.preferences.restore(), this.#ae("CONNECTED"), this.moderation.retell(e), e.dataStarted && this.#u.start();
		let t = [
			this.pubSub.restore(),
			this.realtimeStore.restore(),
			...[...this.participants.values()].map((e) => e.restore())
		];
		for (let e of t) e.catch((e) => void this.#Z(e));
	}
	#Z(e) {
		e instanceof v && !p(e) && this.#$(e);
	}
	#Q(e, t = {}, n) {
		return this.#D?.request(e, t, n, this.#i.of(e, t)) ?? Promise.reject(this.#ee(h.actionPerformedBeforeMeetingJoinedNotJoined, { method: e }));
	}
	asked(e, t) {
		return this.#Q(e, t);
	}
	called(e, t) {
		return this.#r.run(e, t);
	}
	refused(e) {
		return this.#r.handled(Promise.reject(this.#$(e)));
	}
	#$(e) {
		return this.#r.tell(e);
	}
	#ee(e, t) {
		return this.#r.error(e, t);
	}
	#te() {
		return {
			serverUrl: this.#e.serverUrl,
			meetingId: this.#C
		};
	}
	#ne(e, t) {
		return this.#r.already(e, t);
	}
	#re() {
		return this.#e.options.debugMode !== !1 && this.#d === "joined";
	}
	#ie() {
		return {
			meetingId: this.#C,
			sessionId: this.#w,
			participantId: this.localParticipant.id,
			server: this.#S,
			told: this.#re()
		};
	}
	#ae(e) {
		e !== this.#x && (this.#x = e, this.#a.retry(), O("INFO", `meeting ${this.#C}`, e), this.emit("meeting-state-changed", { state: e }));
	}
}, Qu = (e) => e.map(({ urls: e, username: t, credential: n }) => ({
	urls: [...e],
	...t !== void 0 && { username: t },
	...n !== void 0 && { credential: n }
})), $u = {
	meetingId: "string",
	participantId: "string",
	name: "string",
	micEnabled: "boolean",
	webcamEnabled: "boolean",
	mode: (e, t, n) => {
		w(n, t, e, "string"), Vu(e);
	},
	metaData: (e, t, n) => {
		w(n, t, e, "object"), xt(n.method, t, e);
	},
	autoConsume: "boolean",
	traceparent: "string",
	tracer: (e, t, n) => {
		w(n, t, e, "object");
		let { startSpan: r } = e;
		T(n, `${t}.startSpan`, r), w(n, `${t}.startSpan`, r, "function");
	},
	customCameraVideoTrack: "object",
	customMicrophoneAudioTrack: "object",
	maxResolution: ["hd", "sd"],
	multiStream: "boolean",
	maxLayer: [2, 3],
	preferredProtocol: Tl,
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
	pubsubWorkerUrl: eo("a PubSub worker, which it does not need")
};
function ed(e) {
	let t = { method: "initMeeting" };
	T(t, "options", e), nt(t, e.meetingId), C(t, "options", e, $u);
	let n = Object.fromEntries(Object.entries(e).filter(([, e]) => e != null));
	return yt(n, t.method), n;
}
// src/throughput.ts
var td = "Not able to get NetworkStats due to no Network", nd = "Not able to get NetworkStats due to timeout", rd = "getNetworkStats", id = 6e4, ad = 2500, od = 12e6, sd = 1e3, cd = 1e4, ld = 16384, ud = 8 << 20, dd = 5e3, fd = 3, pd = 50, md = (e) => new Promise((t) => setTimeout(t, e));
async function hd(e, t) {
	C({ method: rd }, "options", e, { timeoutDuration: "number" });
	let n = e?.timeoutDuration, r = Number.isInteger(n) ? n : id, i = `${j(t, location).base}/v1/throughput`, a = new Rl(), o = new AbortController(), s = setTimeout(() => o.abort(), Math.min(r, 2 ** 31 - 1)), c = Math.min(1, r / cd), l, u = async (e, t, n = 0) => {
		let s = performance.now(), d, f;
		try {
			navigator.onLine !== !1 && (d = await fetch(t ? i : `${i}?bytes=${e}`, {
				credentials: "omit",
				signal: o.signal,
				...t && {
					method: "POST",
					body: (l ??= _d()).slice(0, e)
				}
			}), f = await d.blob());
		} catch {
			if (o.signal.aborted) throw gd(nd, h.operationTimedOutNoAnswer({
				method: rd,
				timeoutMs: r
			}));
		}
		if (!d || !f) {
			if (t && e > 1 && !n) return await u(1, t), u(e, t, 1);
			await md(pd);
			let r = a.blocked(i);
			throw r ? new v(h.signalingUnreachableCSPBlocked({
				url: i,
				...r
			})) : gd(td, h.signalingUnreachableNoConnection({
				url: i,
				attempts: 1
			}));
		}
		let { status: p } = d;
		if (p === 200 && (t || f.size === e)) return performance.now() - s;
		let m = Pl(await new Response(f).json().catch(() => void 0)) ?? (Fl(p) ? h.signalingUnreachableGatewayDown({
			url: i,
			status: p,
			attempts: 1
		}) : h.signalingUnreachableNotKlatch({
			url: i,
			status: p
		})), { code: g, retryAfterMs: _ } = m;
		if (g !== 4106 || n >= fd || _ > dd * c) throw new v(m);
		return await md(_), u(e, t, n + 1);
	}, d = async (e) => {
		let t = performance.now() + ad * c, n = ld, r = 0;
		for (let [i, a] = [0, !1]; !a;) {
			let o = await u(n, e), s = Math.max(o - f, o / 2, .1);
			i += n, a = i >= od || performance.now() >= t;
			let l = n / s, d = Math.min(Math.max(n, Math.round(l * sd * c)), 8 * n, ud);
			r = !a && d > 2 * n ? 0 : Math.max(r, l), n = d;
		}
		return Math.round(r) / 1e3;
	}, f = 0;
	try {
		return await u(1), f = await u(1), {
			downloadSpeed: await d(),
			uploadSpeed: await d(!0)
		};
	} finally {
		clearTimeout(s), a.close();
	}
}
function gd(e, t) {
	return kt(`${e}: ${String(new v(t))}`), e;
}
function _d() {
	let e = crypto.getRandomValues(/* @__PURE__ */ new Uint8Array(65536));
	return new Blob(Array(128).fill(e));
}
// src/videosdk.ts
var vd = new Lt(), yd = "", bd, xd, Sd = class {
	static Constants = Qe;
	static config(e, t) {
		let n = { method: "config" };
		e !== "" && tt(n, e), C(n, "options", t, { serverUrl: "string" }), yd = e, bd = t?.serverUrl;
	}
	static initMeeting(e) {
		let t = ed(e), n = t.signalingBaseUrl, r = t.serverUrl ?? (n && (n.includes("://") ? n : `${location.protocol}//${n}`)) ?? bd;
		return new Zu({
			token: yd,
			serverUrl: r ?? xd ?? location.origin,
			options: t
		});
	}
	static createCameraVideoTrack(e) {
		return pt(e);
	}
	static createMicrophoneAudioTrack(e) {
		return mt(e);
	}
	static createScreenShareVideoTrack(e) {
		return ht(e);
	}
	static getDevices() {
		return It();
	}
	static getCameras() {
		return A("videoinput");
	}
	static getMicrophones() {
		return A("audioinput");
	}
	static getPlaybackDevices() {
		return A("audiooutput");
	}
	static on(e, t) {
		return vd.on(e, t);
	}
	static off(e, t) {
		vd.off(e, t);
	}
	static checkPermissions(e) {
		return Vt(e);
	}
	static requestPermission(e) {
		return Ht(e);
	}
	static setLogLevel(e) {
		w({ method: "setLogLevel" }, "logLevel", e, Object.values(qe)), Dt(e ?? "INFO");
	}
	static setKeyProvider(e) {
		throw U("setKeyProvider", "end-to-end encryption");
	}
	static runPreCallTest(e) {
		return eu(e, bd ?? xd ?? location.origin);
	}
	static getNetworkStats(e) {
		return hd(e, bd ?? xd ?? location.origin);
	}
}, Cd = class extends Ws {
	isAgent = !0;
	agentId = "";
	agentState = "idle";
}, wd = class {
	constructor(e) {}
	setSharedKey(e) {
		return Promise.reject(U("setSharedKey", "end-to-end encryption"));
	}
};
export { Cd as AgentParticipant, Je as AgentState, Ge as BitrateMode, Mt as CameraDeviceInfo, Xe as CharacterMode, Ye as CharacterState, Wt as Codes, Qe as Constants, jt as DeviceInfo, Lt as DeviceWatch, Ie as Errors, wd as ExternalE2EEKeyProvider, qe as LogLevel, Zu as Meeting, Nt as MicrophoneDeviceInfo, Ws as Participant, Ue as Permission, Pt as PlaybackDeviceInfo, wl as PreCallTestError, bl as PubSub, bl as pubSub, Ze as RealtimeOverflow, iu as RealtimeStore, iu as realtimeStore, Fs as Stream, S as VideoCodec, Sd as VideoSDK, v as VideoSDKError, n as VideoSDKErrors, C as checkOptions, pt as createCameraVideoTrack, mt as createMicrophoneAudioTrack, h as faults, It as getDevices, ze as hlsEvents, We as leaveReason, Re as livestreamEvents, He as modes, Le as recordingEvents, eo as refuseOption, Ke as reliabilityMode, Be as transcriptionEvents, Ve as translationEvents };

