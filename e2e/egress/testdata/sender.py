"""Publishes with aiortc what sender.js publishes with a browser: a picture and a sound that tell the time. It ends with
its standard input."""

import asyncio
import fractions
import json
import sys
import time

import aioice.ice
import av
import numpy
import websockets
from aiortc import RTCPeerConnection, RTCRtpSender, RTCSessionDescription
from aiortc.mediastreams import MediaStreamTrack

aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: ["127.0.0.1"]  # it leaves loopback out

FPS, RATE, PACKET = 15, 48000, 960
ZERO = time.time() + 0.5


class Picture(MediaStreamTrack):
    kind = "video"
    start, count = 0, -1

    async def recv(self):
        self.count += 1
        if self.count == 0:
            self.start = time.time()
        await asyncio.sleep(max(0, self.start + self.count / FPS - time.time()))
        ms = max(0, round((time.time() - ZERO) * 1000))
        picture = numpy.zeros((360, 640, 3), numpy.uint8)
        for bit in range(16):
            picture[60 * (1 - (ms >> bit & 1)):, 40 * bit:40 * bit + 40][:60] = 255
        picture[120:, :320] = (200, 60, 60)
        picture[120:, 320:] = (60, 60, 200)
        frame = av.VideoFrame.from_ndarray(picture, "rgb24")
        frame.pts, frame.time_base = round((time.time() - self.start) * 90000), fractions.Fraction(1, 90000)
        return frame


class Sound(MediaStreamTrack):
    kind = "audio"
    start, count = 0, -1

    async def recv(self):
        self.count += 1
        if self.count == 0:
            self.start = time.time()
        begin = self.start + self.count * PACKET / RATE
        await asyncio.sleep(max(0, begin + PACKET / RATE - time.time()))
        at = begin - ZERO + numpy.arange(PACKET) / RATE
        samples = 0.2 * numpy.sin(2 * numpy.pi * 400 * at)
        samples += numpy.where((at >= 0) & (at % 1 < 0.1), 0.4 * numpy.sin(2 * numpy.pi * 1600 * at), 0)
        frame = av.AudioFrame.from_ndarray((samples * 32767).astype(numpy.int16).reshape(1, -1), "s16", "mono")
        frame.pts, frame.sample_rate, frame.time_base = self.count * PACKET, RATE, fractions.Fraction(1, RATE)
        return frame


async def main(url, token, meeting_id, participant_id, codec):
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
               autoConsume=False, client={"sdkType": "aiortc"})
    connection = RTCPeerConnection()
    connection.addTransceiver(Sound(), direction="sendonly")
    video = connection.addTransceiver(Picture(), direction="sendonly")
    wanted = [c for c in RTCRtpSender.getCapabilities("video").codecs if c.mimeType == "video/" + codec]
    video.setCodecPreferences(wanted)
    await connection.setLocalDescription(await connection.createOffer())
    streams = [{"mid": t.mid, "kind": t.kind, "enabled": True} for t in connection.getTransceivers()]
    answer = await call("publish", sdp=connection.localDescription.sdp, streams=streams)
    await connection.setRemoteDescription(RTCSessionDescription(sdp=answer["sdp"], type="answer"))
    print("published", flush=True)
    await asyncio.get_event_loop().run_in_executor(None, sys.stdin.read)
    await connection.close()


asyncio.run(main(*sys.argv[1:6]))
