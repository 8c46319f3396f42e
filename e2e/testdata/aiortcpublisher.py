"""Publishes tracks with aiortc over the signaling protocol of docs/protocol.md, as a client of its own would."""

import asyncio
import json
import sys

import websockets
from aiortc import RTCPeerConnection, RTCRtpSender, RTCSessionDescription


async def publish(url, token, meeting_id, participant_id, audio, video, codec=None, **join):
    """Joins, publishes both tracks until standard input ends, and prints a line when the server has answered.

    codec is the only video codec that is offered, such as "VP8". join is what the request to join has in addition."""
    socket = await websockets.connect(url.replace("http", "ws", 1) + "/v1/signal")
    calls = 0

    async def call(method, **params):
        nonlocal calls
        calls += 1
        await socket.send(json.dumps({"jsonrpc": "2.0", "id": calls, "method": method, "params": params}))
        while True:
            message = json.loads(await socket.recv())
            if message.get("id") == calls:
                if "error" in message:
                    raise RuntimeError(json.dumps(message["error"]))
                return message["result"]

    await call("join", protocol=1, token=token, meetingId=meeting_id, participantId=participant_id, name=participant_id,
               client={"sdkType": "aiortc"}, **join)
    connection = RTCPeerConnection()
    connection.addTransceiver(audio, direction="sendonly")
    transceiver = connection.addTransceiver(video, direction="sendonly")
    if codec:
        transceiver.setCodecPreferences(
            [c for c in RTCRtpSender.getCapabilities("video").codecs if c.mimeType == "video/" + codec])
    await connection.setLocalDescription(await connection.createOffer())
    streams = [{"mid": t.mid, "kind": t.kind, "enabled": True} for t in connection.getTransceivers()]
    answer = await call("publish", sdp=connection.localDescription.sdp, streams=streams)
    await connection.setRemoteDescription(RTCSessionDescription(sdp=answer["sdp"], type="answer"))
    print("published", flush=True)
    await asyncio.get_event_loop().run_in_executor(None, sys.stdin.read)
    await connection.close()
