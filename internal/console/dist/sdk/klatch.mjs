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
	startingVideoNoMediaSent: (e, t) => n([
		3011,
		"ERROR_STARTING_VIDEO",
		"Some error occured during starting the video",
		"NO_MEDIA_SENT",
		!1,
		!1,
		"The {kind} stream is on, but no media of it has left this device for {forMs} ms; packets sent before: {packetsSent}, source: {label} ({trackState}).",
		"Make the source deliver media: call resume() of its AudioContext after a click, draw to its canvas, or return frames from Read of a Go source; else change the device. The stream goes on by itself when media comes.",
		"",
		"kind label trackState packetsSent forMs"
	], e, t),
	startingVideoTrackEnded: (e, t) => n([
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
	startingVideoMutedBySystem: (e, t) => n([
		3011,
		"ERROR_STARTING_VIDEO",
		"Some error occured during starting the video",
		"MUTED_BY_SYSTEM",
		!1,
		!1,
		"The browser, the operating system or a switch of the device has muted {label} ({trackState}) for {forMs} ms, so the {kind} stream is off now; packets sent before: {packetsSent}.",
		"Unmute the device in the system or with its hardware switch, or end the other call that uses it; the stream comes on again by itself then.",
		"",
		"kind label trackState packetsSent forMs"
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
	startingAudioNoMediaSent: (e, t) => n([
		3012,
		"ERROR_STARTING_AUDIO",
		"Some error occured during starting the audio.",
		"NO_MEDIA_SENT",
		!1,
		!1,
		"The {kind} stream is on, but no media of it has left this device for {forMs} ms; packets sent before: {packetsSent}, source: {label} ({trackState}).",
		"Make the source deliver media: call resume() of its AudioContext after a click, draw to its canvas, or return frames from Read of a Go source; else change the device. The stream goes on by itself when media comes.",
		"",
		"kind label trackState packetsSent forMs"
	], e, t),
	startingAudioTrackEnded: (e, t) => n([
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
	startingAudioMutedBySystem: (e, t) => n([
		3012,
		"ERROR_STARTING_AUDIO",
		"Some error occured during starting the audio.",
		"MUTED_BY_SYSTEM",
		!1,
		!1,
		"The browser, the operating system or a switch of the device has muted {label} ({trackState}) for {forMs} ms, so the {kind} stream is off now; packets sent before: {packetsSent}.",
		"Unmute the device in the system or with its hardware switch, or end the other call that uses it; the stream comes on again by itself then.",
		"",
		"kind label trackState packetsSent forMs"
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
	startingScreenshareNoMediaSent: (e, t) => n([
		3013,
		"ERROR_STARTING_SCREENSHARE",
		"Some error occured during starting the screen share.",
		"NO_MEDIA_SENT",
		!1,
		!1,
		"The {kind} stream is on, but no media of it has left this device for {forMs} ms; packets sent before: {packetsSent}, source: {label} ({trackState}).",
		"Make the source deliver media: call resume() of its AudioContext after a click, draw to its canvas, or return frames from Read of a Go source; else change the device. The stream goes on by itself when media comes.",
		"",
		"kind label trackState packetsSent forMs"
	], e, t),
	startingScreenshareTrackEnded: (e, t) => n([
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
		"Call join() to join the meeting again, then call {method}.",
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
	invalidParameterUnknownEvent: (e, t) => n([
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
	mediaConnectionLostNoPath: (e, t) => n([
		3101,
		"MEDIA_CONNECTION_LOST",
		"The media connection to the server is lost.",
		"NO_PATH",
		!1,
		!0,
		"The {connection} connection found no path in {afterMs} ms: none of the pairs {pairs} was answered (local {localCandidates}, server {remoteCandidates}). Signaling works.",
		"See that media.publicIps names an address that this client can reach, and that the firewalls between pass the server's UDP media port (media.udpAddress) or its TCP media port (media.tcpAddress).",
		"",
		"connection localCandidates remoteCandidates pairs afterMs"
	], e, t),
	mediaConnectionLostUDPBlocked: (e, t) => n([
		3101,
		"MEDIA_CONNECTION_LOST",
		"The media connection to the server is lost.",
		"UDP_BLOCKED",
		!1,
		!0,
		"{address} answers signaling, and nothing that was sent to its media ports in {afterMs} ms: the pairs of the {connection} connection are {pairs} (local {localCandidates}, server {remoteCandidates}).",
		"Open the UDP media port (media.udpAddress) or the TCP media port (media.tcpAddress) of that address in the firewalls between, and in the port forwarding of its router or container.",
		"",
		"connection address localCandidates remoteCandidates pairs afterMs"
	], e, t),
	mediaConnectionLostServerPrivateAddress: (e, t) => n([
		3101,
		"MEDIA_CONNECTION_LOST",
		"The media connection to the server is lost.",
		"SERVER_PRIVATE_ADDRESS",
		!1,
		!0,
		"The server offers media only at addresses of private networks ({remoteCandidates}), none of which answered the {connection} connection in {afterMs} ms (pairs {pairs}); this client reaches signaling at {signaling}.",
		"Set media.publicIps to the public address under which clients reach the server. A client inside that private network needs its media ports open instead.",
		"",
		"connection remoteCandidates signaling pairs afterMs"
	], e, t),
	mediaConnectionLostDtlsFailed: (e, t) => n([
		3101,
		"MEDIA_CONNECTION_LOST",
		"The media connection to the server is lost.",
		"DTLS_FAILED",
		!1,
		!0,
		"The {connection} connection has a path ({pair}), and its DTLS handshake failed after {afterMs} ms: {problem}.",
		"Look for what stands in the path and changes or drops DTLS: a proxy that rewrites session descriptions, or a firewall that passes STUN and filters other UDP. TCP (media.tcpAddress) may get through.",
		"",
		"connection pair problem afterMs"
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
	signalingUnreachableGatewayDown: (e, t) => n([
		3102,
		"SIGNALING_UNREACHABLE",
		"The server cannot be reached.",
		"GATEWAY_DOWN",
		!0,
		!0,
		"A proxy answers {url} with status {status}: it does not get through to the server behind it (attempt {attempts}).",
		"Start Klatch, or correct the address that the proxy passes this path on to (proxy_pass, upstream); the proxy's error log has its cause.",
		"",
		"url status attempts"
	], e, t),
	signalingUnreachableRedirected: (e, t) => n([
		3102,
		"SIGNALING_UNREACHABLE",
		"The server cannot be reached.",
		"REDIRECTED",
		!0,
		!1,
		"{url} is redirected to {target}; a WebSocket does not follow redirects.",
		"Use {suggested} as the server's address where that is Klatch; else let the proxy pass /v1/signal on without a redirect: a login in front of it cannot work.",
		"",
		"url target suggested"
	], e, t),
	signalingUnreachableForbidden: (e, t) => n([
		3102,
		"SIGNALING_UNREACHABLE",
		"The server cannot be reached.",
		"FORBIDDEN",
		!0,
		!1,
		"What stands before the server refuses {url} with status {status}; it is not Klatch that refuses.",
		"Let the proxy, firewall or login in front of Klatch pass /v1/signal and /healthz without credentials of its own: the token of the join authorizes.",
		"",
		"url status"
	], e, t),
	signalingUnreachableWrongPath: (e, t) => n([
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
	signalingUnreachablePrefixKept: (e, t) => n([
		3102,
		"SIGNALING_UNREACHABLE",
		"The server cannot be reached.",
		"PREFIX_KEPT",
		!0,
		!1,
		"{url} reaches Klatch, which answers with status {status}: the proxy passes the prefix {prefix} on to it.",
		"Let the proxy take the prefix off the path (nginx: `location {prefix}/ { proxy_pass http://server/; }`, with the slash at the end), or use an address without it.",
		"",
		"url status prefix"
	], e, t),
	signalingUnreachableNotKlatch: (e, t) => n([
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
		"No connection to {url}; the browser does not tell a page why (name, port, certificate, firewall, or where a redirect leads) (attempt {attempts}).",
		"Open the address in a tab of its own: the browser shows the cause there.",
		"",
		"url attempts"
	], e, t),
	signalingUnreachableAnswerHidden: (e, t) => n([
		3102,
		"SIGNALING_UNREACHABLE",
		"The server cannot be reached.",
		"ANSWER_HIDDEN",
		!0,
		!0,
		"Something answers {url} over HTTP, not as Klatch does: without Access-Control-Allow-Origin, so the browser hides its status from the page {page} (attempt {attempts}).",
		"Open {url} in a tab of its own, or with curl -i: 502 to 504 is a proxy that does not reach Klatch, 401 or 403 one that refuses, 301 to 308 a redirect, 404 a wrong path or another web server.",
		"",
		"url page attempts"
	], e, t),
	signalingUnreachableCspBlocked: (e, t) => n([
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
	], e, t),
	notOfferedEvent: (e, t) => n([
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
	invalidAPIKeyKeyMissing: (e, t) => n([
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
	invalidAPIKeyKeyEmpty: (e) => n([
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
	invalidTokenEmpty: (e) => n([
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
	invalidMeetingIDEmpty: (e) => n([
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
	invalidParticipantIDWhitespace: (e, t) => n([
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
function n([e, t, n, i, a, o, s, l, u, f], p, m = {}) {
	let h = {};
	for (let e of f ? f.split(" ") : []) h[e] = c(e, p[e]);
	return {
		code: e,
		name: t,
		message: n,
		reason: i,
		detail: r(s, h),
		remedy: r(l, h),
		...u && { param: r(u, h) },
		...f && { details: h },
		fatal: a,
		retryable: o,
		retryAfterMs: m.retryAfterMs ?? 0,
		id: d(),
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
var a = 200, o = 1e3, s = 50;
function c(e, t) {
	let n = e === "problem" || e === "lastWords" ? o : a;
	if (typeof t == "string") return l(t, n);
	if (!Array.isArray(t)) return t;
	let r = t.length - s + 1;
	return (r > 1 ? [...t.slice(0, -r), `… ${r} more`] : t).map((e) => l(String(e), n));
}
function l(e, t) {
	let n = Array.from(e.length > 4 * t ? e.slice(0, 2 * t) + e.slice(-2 * t) : e), r = Math.floor(t / 2);
	return (n.length > t ? [
		...n.slice(0, r),
		"…",
		...n.slice(r + 1 - t)
	] : n).join("").replace(/[\p{Cc}\p{Cs}\p{Bidi_Control}\uFFFD]/gu, "·");
}
var u = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
function d() {
	let e = "";
	for (let t = Date.now(), n = 0; n < 10; n++, t = Math.floor(t / 32)) e = u.charAt(t % 32) + e;
	let t = "";
	for (let e of crypto.getRandomValues(/* @__PURE__ */ new Uint8Array(16))) t += u.charAt(e & 31);
	return "flt_" + e + t;
}
// src/fault.ts
var f = class extends Error {
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
		return p(this);
	}
};
function p({ code: e, name: t, reason: n, detail: r, remedy: i, id: a }) {
	return `${e} ${t} (${n}): ${r} ${i} [${a}]`;
}
var m = class extends f {
	constructor(e) {
		let t = p(e);
		super(t);
		let { stack: n = "" } = this, r = n.startsWith("Error: ") ? n.slice(n.indexOf(t) + t.length) : `\n${n}`;
		Object.defineProperty(this, "stack", {
			value: `VideoSDKError: ${t}${r}`,
			configurable: !0,
			writable: !0
		}), Object.defineProperty(this, "message", { enumerable: !0 }), Object.assign(this, e);
	}
}, h = { allows: (e) => document.featurePolicy?.allowsFeature(e) }, g = {
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
}, ee = /permissions?[- ]policy|feature[- ]policy/i;
function te(e, t, n, r, i = h) {
	let a = g[e], { name: o, message: s, constraint: c } = oe(t);
	switch (o) {
		case "NotAllowedError":
		case "PermissionDeniedError":
		case "SecurityError": return o === "SecurityError" || ee.test(s) || i.allows(e) === !1 ? a.policyBlocked({
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
function ne(e, n, r = h) {
	let { name: i, message: a } = oe(e), o = {
		domName: i,
		domMessage: a
	};
	switch (i) {
		case "InvalidStateError":
		case "InvalidAccessError": return t.startingScreenshareNoUserGesture(o, n);
		case "NotAllowedError": return ee.test(a) || r.allows("display-capture") === !1 ? t.startingScreensharePolicyBlocked({
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
function re(e, t, n) {
	return g[e].lost({ label: t }, n);
}
function ie(e, n, r) {
	let i = {
		...r,
		causeId: n
	};
	return e === "audio" ? g.microphone.publishRefused({ kind: e }, i) : e === "video" ? g.camera.publishRefused({ kind: e }, i) : t.startingScreensharePublishRefused({ kind: e }, i);
}
async function _(e, t, n) {
	let r = v(n);
	try {
		return await r.getUserMedia(e === "camera" ? { video: t } : { audio: t });
	} catch (i) {
		let a = se(t);
		throw new m(te(e, i, {
			deviceId: a,
			label: await ce(r, e, a)
		}, n));
	}
}
async function ae(e, n) {
	let r = v(n);
	if (!("getDisplayMedia" in r)) throw new m(t.unsupportedEnvironmentNoScreenShare({ userAgent: navigator.userAgent }, n));
	try {
		return await r.getDisplayMedia(e);
	} catch (e) {
		throw new m(ne(e, n));
	}
}
function v(e) {
	let n = navigator.mediaDevices;
	if (n) return n;
	throw new m(isSecureContext ? t.unsupportedEnvironmentNoWEBRTC({ userAgent: navigator.userAgent }, e) : t.unsupportedEnvironmentInsecureContext({ origin: location.origin }, e));
}
function oe(e) {
	let { name: t, message: n, constraint: r } = typeof e == "object" && e ? e : {};
	return {
		name: typeof t == "string" ? t : "Error",
		message: typeof n == "string" ? n : String(e),
		constraint: typeof r == "string" ? r : ""
	};
}
function se({ deviceId: e }) {
	let t = typeof e == "object" && !Array.isArray(e) ? e.exact : e;
	return typeof t == "string" ? t : "";
}
async function ce(e, t, n) {
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
}, le = [
	"bandwidth_optimized",
	"balanced",
	"high_quality"
], ue = 64e3, de = /* @__PURE__ */ new WeakMap(), fe = {
	audio: { maxBitrateBps: 24e3 },
	video: {
		maxBitrateBps: 15e5,
		degradation: "balanced"
	},
	share: {
		maxBitrateBps: 1e6,
		degradation: "maintain-resolution"
	},
	shareAudio: { maxBitrateBps: ue }
};
function pe(e, t) {
	return de.get(e) ?? fe[t];
}
async function me(e = {}, t = {}) {
	let { width: n, height: r, frameRate: i, kbps: a } = x(y.camera, e.encoderConfig ?? "h720p_w1280p", "createCameraVideoTrack", t), o = le.indexOf(e.bitrateMode ?? "balanced"), s = await _("camera", {
		width: { ideal: n },
		height: { ideal: r },
		frameRate: { ideal: i },
		...e.cameraId ? { deviceId: { exact: e.cameraId } } : {},
		...e.facingMode ? { facingMode: { ideal: e.facingMode === "environment" ? "environment" : "user" } } : {}
	}, t), c = e.optimizationMode ?? "motion";
	return b(s, "video", c, {
		maxBitrateBps: (a[o] ?? a[1]) * 1e3,
		degradation: c === "motion" ? "balanced" : "maintain-resolution"
	});
}
async function he(e = {}, t = {}) {
	let { kbps: n, channels: r, speech: i } = x(y.audio, e.encoderConfig ?? "speech_standard", "createMicrophoneAudioTrack", t), { noiseSuppression: a = i, echoCancellation: o = i, autoGainControl: s = i } = e.noiseConfig ?? {};
	return b(await _("microphone", {
		noiseSuppression: a,
		echoCancellation: o,
		autoGainControl: s,
		channelCount: { ideal: r },
		...e.microphoneId ? { deviceId: { exact: e.microphoneId } } : {}
	}, t), "audio", i ? "speech" : "music", { maxBitrateBps: n * 1e3 });
}
async function ge(e = {}, t = {}) {
	let { width: n, height: r, frameRate: i, kbps: a } = x(y.share, e.encoderConfig ?? "h720p_15fps", "createScreenShareVideoTrack", t), o = await ae({
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
	return b(o, "audio", "music", { maxBitrateBps: ue }), b(o, "video", s, {
		maxBitrateBps: a * 1e3,
		degradation: s === "motion" ? "balanced" : "maintain-resolution"
	});
}
function b(e, t, n, r) {
	for (let i of e.getTracks().filter((e) => e.kind === t)) i.contentHint = n, de.set(i, r);
	return e;
}
function x(e, n, r, i) {
	if (Object.hasOwn(e, n)) return e[n];
	let a = {
		method: r,
		parameter: "encoderConfig",
		got: String(n),
		allowed: Object.keys(e)
	};
	throw new m(t.invalidParameterNotAllowed(a, i));
}
function S(e, n, r, i) {
	let a = e instanceof MediaStream ? e.getTracks() : [e], o = a.find((e) => e instanceof MediaStreamTrack && e.kind === n && e.readyState === "live");
	if (o) return o;
	let s = {
		method: r,
		parameter: "track",
		got: a.map((e) => e instanceof MediaStreamTrack ? `${e.readyState} ${e.kind}` : typeof e).join(", ") || "an empty stream",
		want: `a live ${n} track`
	};
	throw new m(t.invalidParameterWrongType(s, i));
}
// src/argument.ts
function _e(e, n, r, i) {
	try {
		return JSON.stringify(r);
	} catch (r) {
		let a = r instanceof Error ? r.message.split("\n")[0] ?? "" : String(r);
		throw new m(t.invalidParameterWrongType({
			method: e,
			parameter: n,
			got: a,
			want: "values that JSON can hold"
		}, i));
	}
}
function ve(e, n, r) {
	if (typeof n == "function") return;
	let i = n === null ? "null" : typeof n;
	throw new m(t.invalidParameterWrongType({
		method: e,
		parameter: "listener",
		got: i,
		want: "a function"
	}, r));
}
// src/eventnames.ts
var ye = /* @__PURE__ */ new Set([
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
function be(e, n, r) {
	if (typeof n == "string" && Object.hasOwn(r, n)) return;
	let i = String(n), a = Object.keys(r);
	throw new m(ye.has(i) ? t.notOfferedEvent({
		method: e,
		event: i,
		allowed: a
	}) : t.invalidParameterUnknownEvent({
		method: e,
		event: i,
		nearest: xe(i, a),
		allowed: a
	}));
}
function xe(e, t) {
	let n = e.slice(0, 64);
	return t.reduce((e, t) => Se(n, t) < Se(n, e) ? t : e, t[0] ?? "none");
}
function Se(e, t) {
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
var C = class {
	#e;
	#t;
	#n = Object.create(null);
	constructor(e, t) {
		this.#e = e, this.#t = t;
	}
	on(e, t) {
		return be(`${this.#e}.on`, e, this.#t), ve(`${this.#e}.on`, t), this.#n[e] = [...this.#n[e] ?? [], t], () => this.off(e, t);
	}
	once(e, t) {
		let n = this.on(e, (...e) => {
			n(), t(...e);
		});
		return n;
	}
	off(e, t) {
		be(`${this.#e}.off`, e, this.#t);
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
			w(e);
		}
	}
};
function w(e) {
	queueMicrotask(() => {
		throw e;
	});
}
// src/devices.ts
async function T() {
	return (await v({}).enumerateDevices()).filter(({ deviceId: e }) => e !== "").map(({ deviceId: e, groupId: t, kind: n, label: r }) => ({
		deviceId: e,
		groupId: t,
		kind: n,
		label: r
	}));
}
async function E(e) {
	return (await T()).filter((t) => t.kind === e);
}
var Ce = class extends C {
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
		T().then((e) => this.emit("device-changed", e), w);
	};
}, we = (e) => e === "audio_video" ? ["audio", "video"] : [e], D = {
	audio: "microphone",
	video: "camera"
};
async function Te(e) {
	let t = we(e).map(async (e) => [e, await De(e)]);
	return new Map(await Promise.all(t));
}
async function Ee(e) {
	let t = /* @__PURE__ */ new Map();
	for (let n of we(e)) try {
		let e = await _(D[n], {}, {});
		for (let t of e.getTracks()) t.stop();
		t.set(n, !0);
	} catch (e) {
		if (!(e instanceof m) || e.reason !== "PERMISSION_DENIED") throw e;
		t.set(n, !1);
	}
	return t;
}
async function De(e) {
	try {
		return (await navigator.permissions.query({ name: D[e] })).state === "granted";
	} catch {
		return (await v({}).enumerateDevices()).some(({ kind: t, label: n }) => t === `${e}input` && n !== "");
	}
}
// src/address.ts
var Oe = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/;
function ke(e, n) {
	let r = (n) => {
		throw new m(t.signalingUnreachableBadUrl({
			url: je(e),
			problem: n
		}));
	};
	/^[a-z][a-z0-9+.-]*:\/\//i.test(e) || r(e.trim() === "" ? "it is empty" : "it does not begin with http:// or https://");
	let i = Ae(e) ?? r("it is not a valid URL"), a = i.protocol === "https:" || i.protocol === "wss:";
	!a && i.protocol !== "http:" && i.protocol !== "ws:" && r(`its scheme is ${i.protocol.slice(0, -1)}`), (i.username !== "" || i.password !== "") && r("it contains a user name or password"), (i.search !== "" || i.hash !== "") && r("it has a query or fragment");
	let o = i.host + i.pathname.replace(/\/+$/, "");
	if (n.protocol === "https:" && !a && !Oe.test(i.hostname)) throw new m(t.signalingUnreachableMixedContent({
		url: e,
		page: n.origin
	}));
	return {
		base: `${a ? "https" : "http"}://${o}`,
		signal: `${a ? "wss" : "ws"}://${o}/v1/signal`
	};
}
function Ae(e) {
	try {
		return new URL(e);
	} catch {
		return;
	}
}
function je(e) {
	return e.replace(/\/\/[^/@]*@/, "//").replace(/[?#].*/s, "");
}
// src/egress.ts
var Me = 3e4, O = {
	playbackHlsUrl: null,
	livestreamUrl: null,
	downstreamUrl: null
}, Ne = class {
	recording = "";
	livestream = "";
	hls = "";
	urls = O;
	#e;
	constructor(e) {
		this.#e = e;
	}
	reset() {
		this.recording = this.livestream = this.hls = "", this.urls = O;
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
		await this.#e.request(e, Object.fromEntries(n), Me);
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
		return new m(e(t, this.#e.where()));
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
	muted: 5e3
}, j = {
	audio: {
		silent: t.startingAudioNoMediaSent,
		ended: t.startingAudioTrackEnded
	},
	video: {
		silent: t.startingVideoNoMediaSent,
		ended: t.startingVideoTrackEnded
	},
	share: {
		silent: t.startingScreenshareNoMediaSent,
		ended: t.startingScreenshareTrackEnded
	},
	shareAudio: {
		silent: t.startingScreenshareNoMediaSent,
		ended: t.startingScreenshareTrackEnded
	}
}, Pe = class {
	#e;
	#t = /* @__PURE__ */ new Map();
	#n;
	#r = 0;
	#i = !1;
	constructor(e) {
		this.#e = e;
	}
	start(e, t, n) {
		this.#t.set(e, {
			track: t,
			media: n?.media ?? 0,
			flowed: !1,
			silentMs: 0,
			mutedMs: 0,
			told: !1
		}), this.#r = Date.now(), this.#n ??= setInterval(() => void this.#a(), A.tick);
	}
	stop(e) {
		this.#t.delete(e), this.#t.size === 0 && this.close();
	}
	close() {
		this.#t.clear(), clearInterval(this.#n), this.#n = void 0;
	}
	async #a() {
		if (this.#i) return;
		this.#i = !0;
		let e = Date.now(), t = Math.min(e - this.#r, 2 * A.tick);
		this.#r = e;
		try {
			for (let [e, n] of this.#t) await this.#o(e, n, t);
		} finally {
			this.#i = !1;
		}
	}
	async #o(e, n, r) {
		let { track: i } = n, a = await this.#e.sent(e).catch(() => void 0), o = () => this.#t.get(e) === n;
		if (!o()) return;
		let s = {
			kind: e,
			label: i.label,
			trackState: Fe(i),
			packetsSent: a?.packets ?? 0
		};
		if (i.readyState === "ended") return this.#t.delete(e), this.#e.fault(j[e].ended(s, this.#e.where())), this.#e.ended(e, i);
		if (n.mutedMs = i.muted ? n.mutedMs + r : 0, n.mutedMs >= A.muted && (e === "audio" || e === "video") && await Ie(i)) {
			if (!o()) return;
			this.#t.delete(e);
			let r = e === "audio" ? t.startingAudioMutedBySystem : t.startingVideoMutedBySystem;
			return this.#e.fault(r({
				...s,
				forMs: n.mutedMs
			}, this.#e.where())), this.#e.muted(e, i);
		}
		a && o() && (a.media === n.media ? e !== "shareAudio" && (e !== "video" && e !== "share" || !n.flowed && document.visibilityState !== "hidden") && (n.silentMs += r, n.silentMs < A.silent || n.told || (n.told = !0, this.#e.fault(j[e].silent({
			...s,
			forMs: n.silentMs
		}, this.#e.where())))) : (n.flowed ||= a.media > n.media, n.media = a.media, n.silentMs = 0));
	}
};
function Fe({ readyState: e, enabled: t, muted: n }) {
	return [
		e,
		...t ? [] : ["not enabled"],
		...n ? ["muted"] : []
	].join(", ");
}
async function Ie(e) {
	let { deviceId: t = "" } = e.getSettings();
	return (await E(e.kind === "audio" ? "audioinput" : "videoinput").catch(() => [])).some((e) => e.deviceId === t);
}
// src/localmedia.ts
var Le = {
	audio: "microphone",
	video: "camera"
}, Re = class {
	#e;
	#t;
	#n;
	#r = /* @__PURE__ */ new Map();
	#i = /* @__PURE__ */ new Map();
	#a;
	#o = /* @__PURE__ */ new Set();
	#s = !1;
	constructor(e, t, n) {
		this.#e = e, this.#n = t, this.#t = n, this.#a = new Pe({
			sent: (t) => e.sent(t),
			fault: (e) => n.fault(e),
			where: () => n.where(),
			ended: (e) => void this.stop(e).catch(() => void 0),
			muted: (e, t) => this.#p(e, t)
		});
	}
	selected(e) {
		return this.#i.get(e);
	}
	async start(e, t, n) {
		let r = this.#r.get(e), i = t !== void 0 || r?.readyState !== "live", a = t ? S(t, e, n, this.#t.where()) : i ? await this.#c(e) : r;
		a !== r && r?.stop(), await this.#l(e, a);
	}
	async startShare(e, t) {
		let n = e instanceof MediaStream ? e : e ? new MediaStream([e]) : await ge({}, this.#t.where()), r = S(n, "video", t, this.#t.where()), [i] = n.getAudioTracks();
		try {
			await this.#l("share", r), i && await this.#l("shareAudio", i);
		} catch (e) {
			await Promise.allSettled([this.stop("share"), this.stop("shareAudio")]);
			for (let e of n.getTracks()) e.stop();
			throw e;
		}
	}
	decided(e) {
		this.#o.delete(e);
	}
	async stop(e, t = !0) {
		this.#a.stop(e), this.#o.delete(e), this.#m(e), this.#t.switched(e, void 0), await this.#e.disable(e, t);
	}
	async change(e, t, n, r) {
		if (typeof t == "string" && !n) {
			this.#h(e), this.#i.set(e, {
				deviceId: t,
				label: ""
			});
			return;
		}
		let i = typeof t == "string" ? void 0 : S(t, e, r, this.#t.where());
		e === "video" && !i && this.#h(e);
		let a;
		try {
			a = i ?? await this.#c(e, t);
		} catch (t) {
			throw this.#r.has(e) || await this.stop(e), t;
		}
		if (this.#h(e), this.#d(e, a), n) {
			let t = await this.#e.sent(e), n = await this.#e.replace(e, a, pe(a, e));
			this.#t.switched(e, {
				wire: n,
				track: a
			}), this.#s || this.#a.start(e, a, t);
		} else a.enabled = !1;
	}
	close() {
		this.#s = !0, this.#a.close();
		for (let e of this.#r.keys()) this.#h(e);
	}
	async #c(e, t = this.#i.get(e)?.deviceId) {
		let n = this.#t.where();
		return S(e === "audio" ? await he(t ? { microphoneId: t } : {}, n) : await me({
			encoderConfig: this.#n,
			...t ? { cameraId: t } : {}
		}, n), e, "capture", n);
	}
	async #l(e, t) {
		if (this.#s) return t.stop();
		t.enabled = !0, this.#o.delete(e), this.#d(e, t);
		try {
			let n = await this.#e.sent(e), r = await this.#e.enable(e, t, pe(t, e));
			this.#t.switched(e, {
				wire: r,
				track: t
			}), this.#s || this.#a.start(e, t, n);
		} catch (t) {
			throw this.#h(e), this.#u(e, t);
		}
	}
	#u(e, t) {
		return !(t instanceof m) || [
			3056,
			3065,
			3066,
			3079
		].includes(t.code) ? t : (this.#t.fault(t.toJSON()), new m(ie(e, t.id, this.#t.where())));
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
		if (this.#h(e), e === "audio" || e === "video") {
			if (this.#i.delete(e), !n) return;
			this.#t.fault(re(Le[e], t.label, this.#t.where()));
		}
		let r = e === "share" ? ["share", "shareAudio"] : [e];
		for (let e of r) this.stop(e).catch(() => void 0);
	}
	#p(e, t) {
		this.#o.add(e), this.#t.switched(e, void 0), this.#e.disable(e).catch(() => void 0), t.onunmute = () => {
			!this.#o.delete(e) || this.#r.get(e) !== t || this.#s || this.#l(e, t).catch((e) => {
				e instanceof m && this.#t.fault(e.toJSON());
			});
		};
	}
	#m(e) {
		let t = this.#r.get(e);
		e === "audio" && t ? t.enabled = !1 : this.#h(e);
	}
	#h(e) {
		let t = this.#r.get(e);
		this.#r.delete(e), t && (t.onended = t.onunmute = null, t.stop());
	}
};
// src/frame.ts
async function ze(e, t) {
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
function Be(e, t, n) {
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
			rttMs: He(s),
			jitterMs: He(a?.jitter),
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
function Ve(e) {
	let t = 0, n = 0;
	for (let { type: r, packetsSent: i = 0, framesSent: a } of e.values()) r === "outbound-rtp" && (t += i, n += a ?? i);
	return {
		packets: t,
		media: n
	};
}
function He(e) {
	return e === void 0 ? void 0 : Math.round(e * 1e3);
}
// src/stream.ts
var Ue = class extends C {
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
}, We = {
	"stream-enabled": !0,
	"stream-disabled": !0,
	"media-status-changed": !0
}, Ge = {
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
}, M = class extends C {
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
		super("participant", We), this.#o = e.id, this.#s = e.displayName, this.#l = e.mode, this.#u = e.metaData, this.local = t, this.#e = n, this.streams = this.#t;
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
		let n = "participant.captureImage";
		return this.#e.call(n, async () => {
			let r = this.stream("video")?.track;
			if (r) return ze(r, e);
			throw new m(t.invalidParameterMissing({
				method: n,
				parameter: "a camera that is on and received"
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
	#f(e, n, r) {
		return this.#e.call(r, async () => {
			if (this.local) {
				let e = {
					method: r,
					parameter: "participant",
					got: "oneself",
					allowed: ["another participant"]
				};
				throw new m(t.invalidParameterNotAllowed(e, this.#e.where()));
			}
			let i = this.stream(e), a = i?.paused ?? !1;
			r.startsWith("stream.") && i?.setPaused(!n);
			try {
				await this.#e.request("consume", {
					participantId: this.id,
					kind: e,
					enabled: n
				}), this.#c.set(e, n);
			} catch (e) {
				throw i?.setPaused(a), e;
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
			let i = r ?? new Ue(t, n.track, (t, n) => this.#f(e, t, n));
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
	#g(e, n, r) {
		let i = Ge[n];
		if (!i) {
			let r = {
				method: e,
				parameter: "type",
				got: String(n),
				allowed: Object.keys(Ge)
			};
			return this.#e.call(e, () => Promise.reject(new m(t.invalidParameterNotAllowed(r, this.#e.where()))));
		}
		let { cam: a, share: o } = this.#d;
		return this.#m(e, "pin", { state: {
			cam: i.cam ? r : a,
			share: i.share ? r : o
		} });
	}
	async #_(e) {
		let t = await (this.local ? this.#e.ownStats(e) : this.#r.get(e)?.receiver?.getStats()), n = t && Be(e, t, this.#i.get(e));
		return n ? (this.#i.set(e, n.sample), [n.stats]) : [];
	}
}, Ke = [
	"audio",
	"video",
	"share",
	"shareAudio"
], qe = class {
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
			else for (let e of Ke) t.announce(e, n.streams.find((t) => t.kind === e));
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
		n && (this.participants.delete(e), this.pins.delete(e), this.#e.events.emit("participant-left", n, t), this.#d());
	}
	#c(e, t) {
		let n = this.#u(e);
		if (n?.setMode(t), n?.local && t !== "SEND_AND_RECV") for (let e of Ke) this.#e.switchedOff(e);
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
}, Je = class extends Error {
	name = "WireError";
}, N = (e, t, n) => {
	throw new Je(`${e} is ${n === null ? "null" : Array.isArray(n) ? "an array" : typeof n}, not ${t}`);
}, P = (e, t) => typeof e == "string" ? e : N(t, "a string", e), F = (e, t) => typeof e == "number" ? e : N(t, "a number", e), I = (e, t) => typeof e == "boolean" ? e : N(t, "a boolean", e), Ye = (e) => typeof e == "object" && !!e && !Array.isArray(e), L = (e, t) => Ye(e) ? e : N(t, "an object", e), R = (e) => (t, n) => t == null ? void 0 : e(t, n), z = (e, t) => (n, r) => n == null ? t : e(n, r), B = (e) => (t, n) => t == null ? [] : Array.isArray(t) ? t.map((t, r) => e(t, `${n}[${r}]`)) : N(n, "an array", t), V = (...e) => (t, n) => e.find((e) => e === t) ?? N(n, e.join(" or "), t), H = (e) => (t, n) => {
	if (!Ye(t)) return N(n, "an object", t);
	let r = {};
	for (let [i, a] of Object.entries(e)) r[i] = a(t[i], `${n}.${i}`);
	return r;
}, Xe = V("audio", "video", "share", "shareAudio"), Ze = V("SEND_AND_RECV", "RECV_ONLY", "SIGNALLING_ONLY"), Qe = H({
	code: F,
	name: P
}), $e = H({
	cam: I,
	share: I
}), et = H({
	code: F,
	name: P,
	message: P,
	reason: P,
	detail: P,
	remedy: P,
	param: R(P),
	details: R(L),
	fatal: I,
	retryable: I,
	retryAfterMs: z(F, 0),
	id: P,
	causeId: z(P, ""),
	at: P,
	docs: z(P, ""),
	meetingId: z(P, ""),
	sessionId: z(P, ""),
	participantId: z(P, "")
}), U = (e, t) => {
	let { param: n, details: r, ...i } = et(e, t);
	return {
		...i,
		...n !== void 0 && { param: n },
		...r && { details: r }
	};
}, W = H({
	id: P,
	kind: Xe,
	codec: P
}), G = H({
	id: P,
	displayName: P,
	mode: Ze,
	metaData: R(L),
	streams: B(W),
	joinedAt: P
}), tt = H({
	participantId: P,
	state: $e,
	pinnedBy: P
}), K = H({
	participantId: P,
	name: P,
	metaData: R(L)
}), nt = H({ status: V("", "RECORDING_STARTING", "RECORDING_STARTED", "RECORDING_STOPPING", "RECORDING_STOPPED") }), rt = H({ status: V("", "LIVESTREAM_STARTING", "LIVESTREAM_STARTED", "LIVESTREAM_STOPPING", "LIVESTREAM_STOPPED") }), it = H({
	status: V("", "HLS_STARTING", "HLS_STARTED", "HLS_PLAYABLE", "HLS_STOPPING", "HLS_STOPPED"),
	playbackHlsUrl: z(P, ""),
	livestreamUrl: z(P, ""),
	downstreamUrl: z(P, "")
}), at = H({
	participant: G,
	participants: B(G),
	permissions: B(P),
	activeSpeakerId: z(P, ""),
	presenterId: z(P, ""),
	pins: B(tt),
	entries: B(K),
	startedAt: P,
	serverTime: P,
	egress: H({
		recording: nt,
		livestream: rt,
		hls: it
	}),
	iceServers: B(H({
		urls: B(P),
		username: R(P),
		credential: R(P)
	}))
}), ot = H({
	state: V("joined", "waiting"),
	meetingId: P,
	sessionId: P,
	participantId: P,
	secret: P,
	resumeWindowMs: F,
	pingIntervalMs: F,
	welcome: R(at)
}), st = H({
	seq: F,
	secret: P
}), ct = H({
	sdp: P,
	streams: B(W)
}), lt = H({
	id: P,
	topic: P,
	message: P,
	senderId: P,
	senderName: P,
	timestamp: P,
	payload: R(L)
}), ut = H({
	id: P,
	timestamp: P
}), dt = H({ messages: B(lt) }), ft = H({
	offerId: F,
	sdp: P,
	streams: B(H({
		mid: P,
		participantId: P,
		kind: Xe,
		streamId: P
	}))
}), q = H({ participantId: P }), pt = {
	"meeting-joined": H({ welcome: at }),
	"meeting-left": H({
		reason: Qe,
		fault: R(U)
	}),
	"participant-joined": H({ participant: G }),
	"participant-left": H({
		participantId: P,
		reason: Qe
	}),
	"participant-mode-changed": H({
		participantId: P,
		mode: Ze
	}),
	"stream-enabled": H({
		participantId: P,
		stream: W
	}),
	"stream-disabled": H({
		participantId: P,
		stream: W,
		by: z(P, "")
	}),
	"speaker-changed": q,
	"presenter-changed": q,
	"entry-requested": K,
	"entry-responded": H({
		participantId: P,
		decision: V("allowed", "denied"),
		by: P
	}),
	"entry-withdrawn": q,
	"entry-pending": H({
		waitedMs: F,
		hosts: F
	}),
	"mic-requested": q,
	"webcam-requested": q,
	"pin-state-changed": tt,
	"pubsub-message": lt,
	"subscribe-offer": ft,
	"recording-state-changed": nt,
	"livestream-state-changed": rt,
	"hls-state-changed": it,
	error: H({ fault: U })
};
function mt(e, t) {
	if (Object.hasOwn(pt, e)) return {
		name: e,
		data: pt[e](t, e)
	};
}
var ht = H({
	seq: F,
	name: P
}), gt = H({ data: U });
function _t(e) {
	let t = L(JSON.parse(e), "frame");
	if (t.method !== void 0) {
		let e = L(t.params, "params");
		return {
			type: "event",
			...ht(e, "params"),
			data: e.data
		};
	}
	return t.error === void 0 ? {
		type: "result",
		id: F(t.id, "id"),
		result: t.result
	} : {
		type: "refusal",
		id: R(F)(t.id, "id"),
		fault: gt(t.error, "error").data
	};
}
// src/pubsub.ts
var vt = class {
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
			ut(await this.#e.request("pubsub.publish", o), "pubsub.publish");
		});
	}
	subscribe(e, t, n = {}) {
		return this.#r("pubSub.subscribe", { topic: e }, async () => {
			ve("pubSub.subscribe", typeof t == "object" && t ? t.onMessageReceived : t, this.#e.where()), this.#t.set(e, [...this.#t.get(e) ?? [], t]);
			try {
				let { messages: r } = dt(await this.#e.request("pubsub.subscribe", {
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
			w(e);
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
				throw new m(t.invalidParameterWrongType(n, this.#e.where()));
			}
			return r();
		});
	}
}, yt = 1e3, bt = class {
	#e;
	#t;
	#n = Date.now();
	#r;
	#i = [];
	#a = [];
	constructor(e, t) {
		this.#e = e, this.#t = t, this.#r = setInterval(() => void this.#o().catch(() => void 0), yt);
	}
	close() {
		clearInterval(this.#r);
	}
	async why(e) {
		await this.#o().catch(() => void 0);
		let n = this.#t, r = Date.now() - this.#n, i = this.#i.find(({ answers: e }) => e > 0), a = Ct(this.#e);
		if (a && a.state !== "connected" && (i || a.state === "failed" || St(this.#e.iceConnectionState))) {
			let o = {
				connection: n,
				pair: i?.ends ?? "a pair that is no longer known",
				problem: await wt(this.#e, a, r),
				afterMs: r
			};
			return t.mediaConnectionLostDtlsFailed(o, e);
		}
		let o = this.#i.map(({ ends: e, checks: t, answers: n }) => `${e} (${t} checks, ${n} answers)`), s = Tt(this.#e), c = s.map(({ address: e }) => e), l = [...this.#a], u = [...new Set(s.map(({ transport: e, address: t, port: n, type: r }) => `${e} ${t}:${n} ${r}`))], { host: d, hostname: f } = Et(e.server);
		if (c.length > 0 && c.every(Ot) && At(f)) return t.mediaConnectionLostServerPrivateAddress({
			connection: n,
			remoteCandidates: u,
			signaling: d,
			pairs: o,
			afterMs: r
		}, e);
		let p = f === "localhost" ? "127.0.0.1" : f;
		return c.includes(p) ? t.mediaConnectionLostUDPBlocked({
			connection: n,
			address: p,
			localCandidates: l,
			remoteCandidates: u,
			pairs: o,
			afterMs: r
		}, e) : t.mediaConnectionLostNoPath({
			connection: n,
			localCandidates: l,
			remoteCandidates: u,
			pairs: o,
			afterMs: r
		}, e);
	}
	async #o() {
		let e = [...(await this.#e.getStats()).values()], t = new Map(e.filter(({ type: e }) => e.endsWith("-candidate")).map((e) => [e.id, e])), n = [...t.values()].filter(({ type: e }) => e === "local-candidate");
		n.length > 0 && (this.#a = [...new Set(n.map(({ protocol: e, candidateType: t }) => `${e} ${t}`))]);
		let r = e.filter((e) => e.type === "candidate-pair").map((e) => ({
			ends: `${t.get(e.localCandidateId)?.protocol ?? "udp"} ${xt(t.get(e.localCandidateId))} > ${xt(t.get(e.remoteCandidateId))}`,
			checks: e.requestsSent ?? 0,
			answers: e.responsesReceived ?? 0
		})).sort((e, t) => t.answers - e.answers || t.checks - e.checks);
		r.length > 0 && (this.#i = r);
	}
};
function xt(e) {
	return e?.address ? `${e.address}:${e.port ?? 0}` : `a ${e?.candidateType ?? "local"} address`;
}
var St = (e) => e === "connected" || e === "completed";
function Ct(e) {
	for (let { sender: t, receiver: n } of e.getTransceivers()) {
		let e = t.transport ?? n.transport;
		if (e) return e;
	}
}
async function wt(e, t, n) {
	if (t.state !== "failed" && t.state !== "closed") return `it has not finished within ${n} ms, while STUN passes`;
	let [r] = t.getRemoteCertificates?.() ?? [], i = /^a=fingerprint:sha-256 (\S+)/im.exec(e.remoteDescription?.sdp ?? "")?.[1]?.toUpperCase();
	if (r && i && crypto.subtle) {
		let e = new Uint8Array(await crypto.subtle.digest("SHA-256", r));
		return Array.from(e, (e) => e.toString(16).padStart(2, "0").toUpperCase()).join(":") === i ? "the browser ended it with an alert, after it had the right certificate" : "the certificate of the other side does not have the fingerprint that its session description names";
	}
	return "the browser ended it and does not say why; a certificate without the fingerprint of the session description, or an alert";
}
function Tt(e) {
	let t = e.remoteDescription?.sdp.matchAll(/^a=candidate:\S+ \d+ (\w+) \d+ (\S+) (\d+) typ (\w+)/gm) ?? [];
	return Array.from(t, ([, e = "", t = "", n = "", r = ""]) => ({
		transport: e,
		address: t,
		port: n,
		type: r
	}));
}
function Et(e) {
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
var Dt = /^(10\.|127\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:|::1$)/i, Ot = (e) => Dt.test(e), kt = /^[\d.]+$|:/;
function At(e) {
	return kt.test(e) ? !Ot(e) : e.includes(".") && !/\.(local|localhost|internal|lan|home\.arpa)$/i.test(e);
}
// src/path.ts
var jt = 12e3, Mt = 2500, Nt = 1e3, Pt = 1e4, Ft = 5e3, It = 3, Lt = class {
	#e;
	#t;
	#n;
	#r;
	#i = 0;
	#a = 0;
	#o = 0;
	#s = !1;
	#c = !1;
	#l;
	constructor(e, t, n) {
		this.#e = e, this.#t = t, this.#n = n, this.#r = new bt(e, t), e.addEventListener("connectionstatechange", this.#u), this.#p(jt), e.connectionState !== "new" && this.#u();
	}
	close() {
		clearTimeout(this.#l), this.#r.close(), this.#e.removeEventListener("connectionstatechange", this.#u);
	}
	retry() {
		this.#e.connectionState !== "connected" && this.#o > 0 && this.#p(0);
	}
	#u = () => {
		switch (this.#e.connectionState) {
			case "connected":
				clearTimeout(this.#l), this.#r.close(), this.#i = Date.now(), this.#o = 0, this.#s = !1;
				break;
			case "disconnected":
				this.#d(), this.#p(Mt);
				break;
			case "failed": this.#d(), this.#p(this.#o === 0 ? 0 : this.#f());
		}
	};
	#d() {
		this.#i > 0 && (this.#a += Date.now() - this.#i), this.#i = 0;
	}
	#f() {
		return Math.min(Pt, Nt * 2 ** this.#o);
	}
	#p(e) {
		clearTimeout(this.#l), this.#l = setTimeout(() => void this.#m(), e);
	}
	async #m() {
		this.#e.connectionState !== "connected" && this.#e.signalingState !== "closed" && (this.#p(Math.max(this.#f(), Ft)), this.#c ||= (this.#c = !0, await this.#h(), this.#o++, await this.#n.restart().catch(() => void 0), !1));
	}
	async #h() {
		let e = this.#a === 0;
		if (this.#s || !e && this.#o < It) return;
		this.#s = !0;
		let n = this.#n.where(), r = {
			connection: this.#t,
			connectedForMs: this.#a,
			attempts: this.#o
		};
		this.#n.fault(e ? await this.#r.why(n) : t.mediaConnectionLostPathLost(r, n));
	}
}, Rt = [
	"audio",
	"video",
	"share",
	"shareAudio"
], zt = class {
	#e;
	#t = /* @__PURE__ */ new Map();
	#n = /* @__PURE__ */ new Map();
	#r = /* @__PURE__ */ new Set();
	#i = /* @__PURE__ */ new Map();
	#a;
	#o;
	#s = Promise.resolve();
	constructor(e) {
		this.#e = e;
	}
	async enable(e, t, n) {
		return this.#l(async () => {
			let r = this.#a ?? await this.#f(), i = this.#u(e);
			await i.replaceTrack(t), this.#r.add(e);
			try {
				r.remoteDescription ? await this.#e.request("setStream", {
					kind: e,
					enabled: !0
				}) : await this.#m(r, !1);
			} catch (t) {
				throw this.#r.delete(e), await i.replaceTrack(null), t;
			}
			return this.#t.set(e, {
				track: t,
				encoding: n
			}), await J(i, n), this.#d(e);
		});
	}
	async disable(e, t = !0) {
		this.#t.delete(e);
		let n = this.#n.get(e)?.sender.replaceTrack(null);
		await this.#l(async () => {
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
	async replace(e, t, n) {
		return this.#l(async () => (await this.#u(e).replaceTrack(t), this.#t.set(e, {
			track: t,
			encoding: n
		}), await J(this.#u(e), n), this.#d(e)));
	}
	stats(e) {
		return this.#n.get(e)?.sender.getStats();
	}
	async sent(e) {
		let t = this.#n.get(e)?.sender;
		if (t && this.#a?.connectionState === "connected") return Ve(await t.getStats());
	}
	retry() {
		this.#a || this.#t.size === 0 ? this.#o?.retry() : this.#l(() => this.#c());
	}
	forget() {
		this.#o?.close(), this.#a?.close(), this.#o = this.#a = void 0, this.#n.clear(), this.#i.clear();
	}
	async #c() {
		if (this.#a || this.#t.size === 0) return;
		let e = await this.#f();
		try {
			await this.#m(e, !1);
			for (let [e, { encoding: t }] of this.#t) await J(this.#u(e), t);
		} catch (t) {
			if (this.#a !== e || (this.forget(), !(t instanceof m) || [
				3056,
				3065,
				3079
			].includes(t.code))) return;
			this.#e.fault(t.toJSON());
			for (let e of this.#t.keys()) this.#e.dropped(e);
		}
	}
	close() {
		this.#o?.close(), this.#a?.close();
	}
	#l(e) {
		let t = this.#s.then(e);
		return this.#s = t.catch(() => void 0), t;
	}
	#u(e) {
		let t = this.#n.get(e);
		if (!t) throw this.#h(`there is no sender for ${e}`);
		return t.sender;
	}
	#d(e) {
		let t = this.#i.get(e);
		if (!t) throw this.#h(`the answer carries no ${e} stream`);
		return t;
	}
	async #f() {
		let e = new RTCPeerConnection({
			iceServers: [...this.#e.iceServers()],
			bundlePolicy: "max-bundle"
		});
		for (let t of Rt) {
			let n = t === "audio" || t === "shareAudio" ? "audio" : "video";
			this.#n.set(t, e.addTransceiver(n, { direction: "sendonly" }));
		}
		this.#a = e;
		for (let [e, { track: t }] of this.#t) await this.#n.get(e)?.sender.replaceTrack(t);
		return e;
	}
	#p(e) {
		this.#o ??= new Lt(e, "publish", {
			fault: (e) => this.#e.fault(e),
			where: () => this.#e.where(),
			restart: () => this.#l(() => this.#a === e ? this.#m(e, !0) : Promise.resolve())
		});
	}
	async #m(e, t) {
		let n;
		try {
			let r = await e.createOffer({ iceRestart: t });
			await e.setLocalDescription(r), n = r.sdp ?? "";
		} catch (e) {
			throw this.#h(String(e));
		}
		let r = [...this.#n].map(([e, { mid: t }]) => ({
			mid: t ?? "",
			kind: e,
			enabled: this.#r.has(e)
		}));
		try {
			let t = ct(await this.#e.request("publish", {
				sdp: n,
				streams: r
			}), "publish");
			for (let e of t.streams) this.#i.set(e.kind, e);
			await e.setRemoteDescription({
				type: "answer",
				sdp: Vt(t.sdp)
			}), this.#a === e && this.#p(e);
		} catch (t) {
			throw e.signalingState === "have-local-offer" && await e.setLocalDescription({ type: "rollback" }), t instanceof m ? t : this.#h(String(t));
		}
	}
	#h(e) {
		let n = {
			connection: "publish",
			problem: e
		};
		return new m(t.meetingMediaConnectionFailedNegotiationFailed(n, this.#e.where()));
	}
};
async function J(e, { maxBitrateBps: t, degradation: n }) {
	let r = e.getParameters();
	for (let e of r.encodings) e.maxBitrate = t;
	n && (r.degradationPreference = n), await e.setParameters(r).catch(() => void 0);
}
var Bt = "x-google-start-bitrate=1000";
function Vt(e) {
	let t = (e) => e.replace(/^a=rtpmap:(\d+) (?:VP8|VP9|H264|AV1)\/.*\r\n/gm, (t, n) => e.includes(`a=fmtp:${n} `) ? t : `${t}a=fmtp:${n} ${Bt}\r\n`).replace(/^a=fmtp:\d+ (?!apt=|x-google)/gm, `$&${Bt};`);
	return e.split(/(?=^m=)/m).map((e) => e.startsWith("m=video") ? t(e) : e).join("");
}
// src/close.ts
var Ht = {
	1012: 5102,
	1013: 5101
};
function Ut(t, n) {
	let r = Ht[t] ?? t;
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
		id: o || d(),
		causeId: "",
		at: (/* @__PURE__ */ new Date()).toISOString(),
		docs: `/errors/${r}#${a}`,
		meetingId: "",
		sessionId: "",
		participantId: ""
	};
}
// src/probe.ts
var Wt = 3e3, Gt = 4108;
async function Kt(e, n, r) {
	let i = AbortSignal.timeout(Wt), a = e.signal, o = await Jt(`${e.base}/v1/signal`, i);
	if (!o) return qt(e, n, r, i);
	let { status: s, redirectedTo: c } = o;
	if (c !== void 0) {
		let e = c.replace(/\/v1\/signal\/?$/, "");
		return t.signalingUnreachableRedirected({
			url: a,
			target: c,
			suggested: e
		}, n);
	}
	if (s === 426) return t.signalingUnreachableUpgradeStripped({
		url: a,
		status: s
	}, n);
	let l = Yt(o.body);
	if (l && l.code !== Gt) return l;
	if (Xt(s)) return t.signalingUnreachableGatewayDown({
		url: a,
		status: s,
		attempts: r
	}, n);
	if (s === 401 || s === 403 || s === 407) return t.signalingUnreachableForbidden({
		url: a,
		status: s
	}, n);
	let u = await Zt(e.base, i) ? void 0 : await Qt(e.base, i);
	return u ? t.signalingUnreachableWrongPath({
		url: a,
		suggested: u
	}, n) : l ? t.signalingUnreachablePrefixKept({
		url: a,
		status: s,
		prefix: new URL(e.base).pathname
	}, n) : t.signalingUnreachableNotKlatch({
		url: a,
		status: s
	}, n);
}
async function qt(e, n, r, i) {
	let a = e.signal, o = await Qt(e.base, i);
	if (o) return t.signalingUnreachableWrongPath({
		url: a,
		suggested: o
	}, n);
	try {
		await fetch(`${e.base}/v1/signal`, {
			mode: "no-cors",
			credentials: "omit",
			cache: "no-store",
			signal: i
		});
	} catch {
		return t.signalingUnreachableNoConnection({
			url: a,
			attempts: r
		}, n);
	}
	return t.signalingUnreachableAnswerHidden({
		url: `${e.base}/v1/signal`,
		page: location.origin,
		attempts: r
	}, n);
}
async function Jt(e, t) {
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
function Yt(e) {
	try {
		return U(e, "answer");
	} catch {
		return;
	}
}
var Xt = (e) => e >= 502 && e <= 504 || e >= 520 && e <= 527 || e === 530;
async function Zt(e, t) {
	let n = (await Jt(`${e}/healthz`, t))?.body;
	return typeof n == "object" && !!n && n.service === "klatch";
}
async function Qt(e, t) {
	let n = new URL(e), r = [];
	for (let e = n.pathname.replace(/\/+$/, ""); e !== "";) e = e.slice(0, e.lastIndexOf("/")), r.push(n.origin + e);
	n.protocol === "http:" && r.push(...[e, ...r].map((e) => e.replace("http:", "https:")));
	let i = await Promise.all(r.map((e) => Zt(e, t)));
	return r.find((e, t) => i[t]);
}
var $t = class {
	#e = [];
	#t = (e) => {
		e.disposition === "enforce" && this.#e.push(e);
	};
	constructor() {
		globalThis.document?.addEventListener("securitypolicyviolation", this.#t);
	}
	blocked(e) {
		let { host: t, protocol: n } = new URL(e), r = this.#e.find(({ blockedURI: e }) => {
			let r = en(e);
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
function en(e) {
	try {
		return new URL(e);
	} catch {
		return;
	}
}
// src/signal.ts
var tn = {
	connect: 4e3,
	answer: 15e3,
	pong: 8e3,
	backoff: 300,
	backoffMax: 5e3,
	joinAttempts: 3,
	reach: 7500
}, Y = 262144, nn = /* @__PURE__ */ new Set([
	"NO_CONNECTION",
	"GATEWAY_DOWN",
	"ANSWER_HIDDEN",
	"UPGRADE_STRIPPED"
]), rn = 5102;
function an({ code: e, reason: t, fatal: n }) {
	return !n || e === 3102 || e === 3079 || e === 4106 || e >= 5e3 || e === 4107 && t === "JOIN_EXPECTED";
}
var X = class extends Error {
	opened;
	constructor(e) {
		super("unreached"), this.opened = e;
	}
}, on = class {
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
			...tn,
			...r
		}, globalThis.addEventListener?.("online", this.#T);
	}
	get awayMs() {
		return this.#a === "cut" ? Date.now() - this.#f : 0;
	}
	async join(e) {
		this.#a = "joining", this.#u = e;
		let t = Date.now(), n = new $t();
		try {
			for (let e = 1;; e++) try {
				let e = await this.#_();
				return this.#C(), e;
			} catch (r) {
				if (!(r instanceof X) || this.#v()) throw r;
				let i = await this.#g(r, n, e);
				if (e >= this.#n.joinAttempts || Date.now() - t > this.#n.reach || this.#v() || !nn.has(i.reason)) throw new m(i);
				await this.#j(e);
			}
		} finally {
			n.close();
		}
	}
	async #g({ opened: e }, n, r) {
		if (e) return t.signalingUnreachableNoConnection({
			url: this.#e.signal,
			attempts: r
		}, this.#r());
		let i = await Kt(this.#e, this.#r(), r), a = n.blocked(this.#e.signal);
		return a ? t.signalingUnreachableCspBlocked({
			url: this.#e.signal,
			...a
		}, this.#r()) : i;
	}
	async #_() {
		let e = await this.#x("join", {
			protocol: 1,
			...this.#u()
		}, ot);
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
		return new m(t.operationAbortedLeft({ method: e }, this.#r()));
	}
	#b(e) {
		this.#v() || (this.close(), this.#t.closed(e));
	}
	async #x(e, t, n) {
		let r = await this.#S(), i = new Promise((n, i) => {
			r.onclose = ({ code: e, reason: t }) => {
				let n = Ut(e, t);
				i(n ? new m(n) : new X(!0));
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
		let n = Ut(e, t);
		if (n?.code === rn) return void this.#D(n);
		if (n && n.code !== 4106 && n.code < 5e3) return this.#b(n);
		if (e === 1e3) return this.#b(void 0);
		this.#D(void 0);
	}
	async #D(e) {
		this.#a = "cut", this.#f = Date.now();
		let n = this.#l?.resumeWindowMs ?? 0, r = this.#f + n;
		clearInterval(this.#p);
		for (let [e, t] of this.#i) clearTimeout(t.timer), t.again || this.#F(e);
		this.#t.cut();
		let i = e;
		i && this.#O(i);
		let a = 0;
		for (let e = 1; !this.#v(); e++) {
			if (await this.#j(a++), this.#v()) return;
			try {
				i ? await this.#k() : await this.#A();
				return;
			} catch (e) {
				if (this.#v()) return;
				let t = e instanceof m ? e.toJSON() : void 0;
				if (t && !i && t.code === 3103 && t.reason === "SESSION_UNKNOWN" && Date.now() < r) {
					i = t, this.#O(t), r = Date.now() + n, a = 0;
					continue;
				}
				if (t && !an(t)) return this.#b({
					...t,
					causeId: t.causeId || (i?.id ?? "")
				});
				t && t.retryAfterMs > 0 && await this.#M(Math.min(t.retryAfterMs, r - Date.now()));
			}
			if (Date.now() > r) {
				let n = {
					attempts: e,
					forMs: this.awayMs
				};
				return this.#b(t.reconnectFailedGaveUp(n, {
					...this.#r(),
					causeId: i?.id ?? ""
				}));
			}
		}
	}
	#O(e) {
		for (let [e, { method: n, began: r }] of this.#i) {
			let i = {
				method: n,
				timeoutMs: Date.now() - r
			};
			this.#F(e)?.reject(new m(t.operationTimedOutNoAnswer(i, this.#r())));
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
		}, i = await this.#x("resume", r, st);
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
	#N(e, n, r, i, a = this.#a === "open" ? this.#o : void 0) {
		let o = ++this.#s, s;
		try {
			s = _e(e, "params", {
				jsonrpc: "2.0",
				id: o,
				method: e,
				params: n
			}, this.#r());
		} catch (e) {
			return Promise.reject(e);
		}
		let c = s.length > Y / 3 ? new TextEncoder().encode(s).length : 0;
		if (c > Y) {
			let n = {
				method: e,
				parameter: "params",
				got: `${c} bytes`,
				allowed: [`at most ${Y} bytes`]
			};
			return Promise.reject(new m(t.invalidParameterNotAllowed(n, this.#r())));
		}
		return new Promise((t, n) => {
			let c = {
				method: e,
				began: Date.now(),
				frame: s,
				again: r,
				timeoutMs: i,
				timer: void 0,
				resolve: t,
				reject: n
			};
			this.#i.set(o, c), a && (this.#P(o, c), a.send(s));
		});
	}
	#P(e, { method: n, timeoutMs: r }) {
		let i = this.#i.get(e);
		i && (i.timer = setTimeout(() => {
			this.#F(e)?.reject(new m(t.operationTimedOutNoAnswer({
				method: n,
				timeoutMs: r
			}, this.#r())));
		}, r));
	}
	#F(e) {
		let t = this.#i.get(e);
		return this.#i.delete(e), clearTimeout(t?.timer), t;
	}
	#I(e) {
		let t;
		try {
			let n = _t(P(e, "frame"));
			if (n.type === "result") return this.#F(n.id)?.resolve(n.result);
			if (n.type === "refusal") {
				let e = n.id ?? this.#d, t = e === void 0 ? void 0 : this.#F(e);
				return t ? t.reject(new m(n.fault)) : this.#t.refused(n.fault);
			}
			if (n.seq <= this.#c) return;
			if (n.seq > this.#c + 1) return this.#E(1006, "");
			if (this.#c = n.seq, t = mt(n.name, n.data), t?.name === "meeting-left" && t.data.fault?.code === rn && this.#a === "open") {
				this.#L(1e3), this.#D(t.data.fault);
				return;
			}
		} catch (e) {
			w(e);
			return;
		}
		t && this.#t.event(t);
	}
	#L(e) {
		let t = this.#o;
		this.#o = void 0, t && (t.onclose = t.onmessage = t.onopen = null, t.close(e));
	}
}, sn = class {
	#e;
	#t;
	#n;
	#r = Promise.resolve();
	#i = 0;
	constructor(e) {
		this.#e = e;
	}
	offered(e) {
		this.#i = e.offerId, this.#r = this.#r.then(() => e.offerId === this.#i ? this.#s(e) : void 0);
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
		this.#n ??= new Lt(e, "subscribe", {
			fault: (e) => this.#e.fault(e),
			where: () => this.#e.where(),
			restart: async () => void await this.#e.request("restartSubscribe", {})
		});
	}
	forget() {
		this.#n?.close(), this.#t?.close(), this.#n = this.#t = void 0, this.#i = 0, this.#e.received([]);
	}
	async #s(e) {
		let n = this.#t ?? this.#a();
		try {
			await n.setRemoteDescription({
				type: "offer",
				sdp: e.sdp
			});
			let t = await n.createAnswer();
			await n.setLocalDescription(t), this.#e.received(this.#c(n, e)), await this.#e.request("answer", {
				offerId: e.offerId,
				sdp: t.sdp ?? ""
			}), this.#t === n && this.#o(n);
		} catch (e) {
			if (this.#i < 0 || this.#t !== n || e instanceof m && e.code === 3056) return;
			let r = {
				connection: "subscribe",
				problem: String(e)
			}, i = e instanceof m ? e.id : "";
			this.#e.fault(t.meetingMediaConnectionFailedNegotiationFailed(r, {
				...this.#e.where(),
				causeId: i
			}));
		}
	}
	#c(e, t) {
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
}, cn = "0.1.0";
// src/identity.ts
function ln(e, { meetingId: n, participantId: r }, i) {
	let a = {
		meetingId: n,
		server: i.replace(/[?#].*/s, "").replace(/\/+$/, "")
	};
	if (e === "") return t.invalidTokenEmpty(a);
	let o = un(e);
	if (o && !("apikey" in o)) return t.invalidAPIKeyKeyMissing({ claims: Object.keys(o).sort() }, a);
	if (o?.apikey === "") return t.invalidAPIKeyKeyEmpty(a);
	if (n === "") return t.invalidMeetingIDEmpty(a);
	let s = Array.from(r ?? "").findIndex((e) => /\s/u.test(e));
	if (s < 0) return;
	let c = Array.from(r ?? "")[s]?.codePointAt(0) ?? 0;
	return t.invalidParticipantIDWhitespace({
		index: s,
		codePoint: `U+${c.toString(16).toUpperCase().padStart(4, "0")}`
	}, a);
}
function un(e) {
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
}, dn = 2e3, fn = {
	CONFERENCE: "SEND_AND_RECV",
	VIEWER: "SIGNALLING_ONLY"
}, pn = /* @__PURE__ */ new Set([
	3011,
	3012,
	3013,
	3044,
	3101,
	3104
]), mn = {
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
	error: !0
}, hn = class extends C {
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
		super("meeting", mn);
		let { meetingId: t, participantId: n = "", name: r = "", mode: i = "SEND_AND_RECV", metaData: a } = e.options;
		this.#e = e, this.#p = t;
		let o = {
			call: (e, t) => this.#J(e, t),
			request: (e, t) => this.#q(e, t),
			own: (e, t) => e === "audio" ? t ? this.unmuteMic() : this.muteMic() : t ? this.enableWebcam() : this.disableWebcam(),
			ownStats: (e) => this.#v?.stats(e),
			where: () => this.#ne()
		};
		this.localParticipant = new M({
			id: n,
			displayName: r,
			mode: Q(i),
			metaData: a
		}, !0, o), this.#t = new qe({
			local: this.localParticipant,
			host: o,
			events: this,
			switchedOff: (e) => this.#z(e)
		}), this.#n = new Ne({
			events: this,
			request: (e, t, n) => this.#q(e, t, n),
			where: () => this.#ne()
		}), this.participants = this.#t.participants, this.pinnedParticipants = this.#t.pins, this.pubSub = new vt(o);
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
		return E("audioinput");
	}
	getWebcams() {
		return E("videoinput");
	}
	async #C(e) {
		if (this.#c && await this.#w(this.#c), this.#a === "joined") throw this.#Q(this.#ee("join", "joined"));
		if (this.#a !== "new" && this.#a !== "left") throw this.#Q(this.#$(t.operationInProgressInProgress, { method: "join" }));
		this.#a === "left" && this.#T();
		let n = ++this.#o;
		this.#a = "joining", this.#re("CONNECTING");
		let r = () => {
			n === this.#o && this.#A(Z.manual, this.#$(t.operationAbortedCancelled, { method: "join" }), "DISCONNECTED");
		};
		e?.addEventListener("abort", r);
		try {
			let i = ln(this.#e.token, this.#e.options, this.#e.serverUrl);
			if (e?.aborted) r();
			else if (i) throw new m(i);
			else await this.#E();
			if (this.#j(n)) throw this.#$(t.operationAbortedLeft, { method: "join" });
		} catch (e) {
			if (this.#j(n)) {
				let e = n === this.#o ? this.#x : void 0;
				throw this.#Q(e ?? this.#$(t.operationAbortedLeft, { method: "join" }));
			}
			let r = this.#te(e);
			throw this.#A(Z.joinFailed, r), this.#Q(r);
		} finally {
			e?.removeEventListener("abort", r);
		}
	}
	async #w(e) {
		let n = this.#s;
		if (await e, n !== this.#s) throw this.#Q(this.#$(t.operationAbortedLeft, { method: "join" }));
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
		let { token: e, serverUrl: n, timing: r, options: i } = this.#e;
		if (typeof RTCPeerConnection > "u" && this.localParticipant.mode !== "SIGNALLING_ONLY") throw this.#$(t.unsupportedEnvironmentNoWEBRTC, { userAgent: navigator.userAgent });
		let a = ke(n, location);
		this.#f = a.base;
		let o = new on(a, {
			event: (e) => this.#R(e),
			cut: () => this.#re("RECONNECTING"),
			resumed: () => this.#H(),
			rejoining: (e) => this.#U(e),
			rejoined: (e) => this.#W(e),
			refused: (e) => void this.#Q(new m(e)),
			closed: (e) => this.#k(e)
		}, () => this.#ne(), r);
		this.#_ = o;
		let { meetingId: s, participantId: c, name: l = "", mode: u, metaData: d, autoConsume: f } = i, p = () => this.#m === "" ? {
			participantId: c,
			mode: u
		} : {
			participantId: this.localParticipant.id,
			mode: this.localParticipant.mode
		}, h = {
			sdkType: "js",
			sdkVersion: cn,
			platform: navigator.platform,
			browserUserAgent: navigator.userAgent
		}, g = await o.join(() => ({
			token: e,
			meetingId: s,
			name: l,
			metaData: d,
			autoConsume: f,
			client: h,
			...p()
		}));
		if (this.#_ !== o) throw this.#$(t.operationAbortedLeft, { method: "join" });
		if (this.#p = g.meetingId, this.#m = g.sessionId, this.localParticipant.become({
			id: g.participantId,
			displayName: l,
			mode: this.localParticipant.mode,
			metaData: d,
			streams: [],
			joinedAt: ""
		}), g.welcome) return this.#D(g.welcome);
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
		if (this.#a === "new") throw this.#Q(this.#$(t.actionPerformedBeforeMeetingJoinedNotJoined, { method: e }));
		if (this.#a === "left") throw this.#Q(this.#ee(e, "left"));
		let n = this.#_;
		if (n && this.#a !== "joining" && n.awayMs === 0) {
			let e = n.request("leave").catch(() => void 0);
			return this.#c = Promise.race([e, new Promise((e) => setTimeout(e, dn))]).then(() => {
				this.#c = void 0, this.#A(Z.manual, void 0);
			}), this.#c;
		}
		this.#A(Z.manual, void 0);
	}
	#k(e) {
		if (!e) return this.#A(Z.cut, void 0);
		let t = e.code === 3103 ? Z.exhausted : this.#a === "joined" ? Z.cut : Z.joinFailed;
		this.#A(t, new m(e));
	}
	#A(e, n, r = n ? "FAILED" : "DISCONNECTED") {
		if (this.#j()) return;
		this.#a = "left", this.#x = n, this.#_?.close(), this.#b?.close(), this.#v?.close(), this.#y?.close(), this.localParticipant.reset();
		let i = this.#S;
		this.#S = void 0, n && this.#Q(n), this.#re(r), i?.reject(n ?? this.#$(t.operationAbortedLeft, { method: "join" })), this.emit("meeting-left", e);
	}
	#j(e = this.#o) {
		return this.#a === "left" || e !== this.#o;
	}
	#M() {
		let e = this.#o, t = {
			iceServers: () => this.#u,
			request: (e, t) => this.#q(e, t),
			fault: (e) => void this.#Q(new m(e)),
			where: () => this.#ne(),
			received: (t) => {
				this.#j(e) || this.#t.receive(t);
			},
			switched: (t, n) => {
				this.#j(e) || (n && this.localParticipant.receive(t, { track: n.track }), this.localParticipant.announce(t, n?.wire), n || this.localParticipant.receive(t, void 0));
			}
		};
		this.#v = new zt({
			...t,
			dropped: (e) => this.#z(e)
		}), this.#y = new sn(t), this.#b = new Re(this.#v, this.#e.options.maxResolution === "sd" ? "h360p_w640p" : "h720p_w1280p", t);
	}
	#N(e, n, r) {
		return this.#J(e, async () => {
			let i = this.#o;
			if (this.#L(n)) throw this.#ee(e, "on");
			if (this.localParticipant.mode !== "SEND_AND_RECV" && await this.#q("setStream", {
				kind: n,
				enabled: !0
			}), await r(this.#I()), this.#j(i)) throw this.#$(t.operationAbortedLeft, { method: e });
		}, { lane: n });
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
			case "meeting-left": return this.#A(n.reason, n.fault && new m(n.fault));
			case "entry-requested": return this.#B(n);
			case "entry-responded": return this.emit("entry-responded", n.participantId, n.decision);
			case "entry-withdrawn": return this.emit("entry-withdrawn", n.participantId);
			case "entry-pending": return this.emit("entry-pending", n);
			case "mic-requested": return this.emit("mic-requested", this.#V(n.participantId, () => this.unmuteMic()));
			case "webcam-requested": return this.emit("webcam-requested", this.#V(n.participantId, () => this.enableWebcam()));
			case "pubsub-message": return this.pubSub.deliver(n);
			case "subscribe-offer": return this.#y?.offered(n);
			case "error":
				this.#Q(new m(n.fault));
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
		this.#v?.forget(), this.#y?.forget(), this.#Q(new m(e));
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
		e instanceof m && ![
			3056,
			3065,
			3079
		].includes(e.code) && this.#Q(e);
	}
	#q(e, n = {}, r) {
		return this.#_?.request(e, n, r) ?? Promise.reject(this.#$(t.actionPerformedBeforeMeetingJoinedNotJoined, { method: e }));
	}
	#J(e, t, n = {}) {
		return this.#Z(this.#Y(e, t, n));
	}
	async #Y(e, n, { lane: r, whileAway: i }) {
		let a = this.#r, o = r === void 0 || !a.has(r);
		try {
			if (this.#X(e, i ?? !1), !o) throw this.#$(t.operationInProgressInProgress, { method: e });
			return r !== void 0 && a.add(r), await n();
		} catch (e) {
			throw e instanceof m ? this.#Q(e) : e;
		} finally {
			o && r !== void 0 && a.delete(r);
		}
	}
	#X(e, n) {
		switch (this.#a) {
			case "new":
			case "joining": throw this.#$(t.actionPerformedBeforeMeetingJoinedNotJoined, { method: e });
			case "lobby": throw this.#$(t.actionPerformedBeforeMeetingJoinedInLobby, { method: e });
			case "left": throw this.#$(t.actionPerformedBeforeMeetingJoinedLeft, { method: e });
			case "joined": {
				let r = this.#_?.awayMs ?? 0;
				if (this.#d === "RECONNECTING" && !n) throw this.#$(t.meetingReconnectingReconnecting, {
					method: e,
					awayMs: r
				});
			}
		}
	}
	#Z(e) {
		return this.listenerCount("error") > 0 && e.catch(() => void 0), e;
	}
	#Q(e) {
		return this.#i.has(e.id) || (this.#i.add(e.id), pn.has(e.code) && this.#a === "joined" && this.#_?.request("report", { fault: e.toJSON() }).catch(() => void 0), this.emit("error", e)), e;
	}
	#$(e, t) {
		return new m(e(t, this.#ne()));
	}
	#ee(e, n) {
		return this.#$(t.alreadyInRequestedStateAlready, {
			method: e,
			state: n
		});
	}
	#te(e) {
		return e instanceof m ? e : (w(e), this.#$(t.signalingUnreachableNotKlatch, {
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
	return fn[e] ?? e;
}
// src/videosdk.ts
var gn = new Ce(), _n = "", vn, yn = class {
	static config(e, t = {}) {
		$("config", "token", e, "string"), _n = e, vn = t.serverUrl;
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
		e.metaData !== void 0 && ($(t, "metaData", e.metaData, "object"), _e(t, "metaData", e.metaData));
		let n = e.signalingBaseUrl, r = e.serverUrl ?? (n && (n.includes("://") ? n : `${location.protocol}//${n}`)) ?? vn;
		return new hn({
			token: _n,
			serverUrl: r ?? location.origin,
			options: e
		});
	}
	static createCameraVideoTrack(e) {
		return me(e);
	}
	static createMicrophoneAudioTrack(e) {
		return he(e);
	}
	static createScreenShareVideoTrack(e) {
		return ge(e);
	}
	static getDevices() {
		return T();
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
		return gn.on(e, t);
	}
	static off(e, t) {
		gn.off(e, t);
	}
	static checkPermissions(e = "audio_video") {
		return Te(e);
	}
	static requestPermission(e = "audio_video") {
		return Ee(e);
	}
};
function $(e, n, r, i) {
	if (r == null) throw new m(t.invalidParameterMissing({
		method: e,
		parameter: n
	}));
	let a = Array.isArray(r) ? "array" : typeof r;
	if (a !== i) throw new m(t.invalidParameterWrongType({
		method: e,
		parameter: n,
		got: a,
		want: i
	}));
}
export { hn as Meeting, M as Participant, vt as PubSub, Ue as Stream, yn as VideoSDK, m as VideoSDKError, e as VideoSDKErrors };
