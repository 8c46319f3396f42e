"""Publishes a tone and a picture with aiortc as its documentation has it, until standard input ends."""

import array
import asyncio
import json
import math
import sys

import websockets
from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack, VideoStreamTrack


class Tone(AudioStreamTrack):
    """400 Hz: 8 periods fill a frame of 20 ms, so that frames join without a click."""

    async def recv(self):
        frame = await super().recv()
        samples = [int(8000 * math.sin(2 * math.pi * 400 * n / frame.sample_rate)) for n in range(frame.samples)]
        frame.planes[0].update(array.array("h", samples).tobytes())
        return frame


async def main(url, token, meeting_id):
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

    await call("join", protocol=1, token=token, meetingId=meeting_id, participantId="aiortc", name="aiortc",
               client={"sdkType": "aiortc"})
    connection = RTCPeerConnection()
    connection.addTransceiver(Tone(), direction="sendonly")
    connection.addTransceiver(VideoStreamTrack(), direction="sendonly")
    await connection.setLocalDescription(await connection.createOffer())
    streams = [{"mid": t.mid, "kind": t.kind, "enabled": True} for t in connection.getTransceivers()]
    answer = await call("publish", sdp=connection.localDescription.sdp, streams=streams)
    await connection.setRemoteDescription(RTCSessionDescription(sdp=answer["sdp"], type="answer"))
    print("published", flush=True)
    await asyncio.get_event_loop().run_in_executor(None, sys.stdin.read)
    await connection.close()


asyncio.run(main(*sys.argv[1:4]))
