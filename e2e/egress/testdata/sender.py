"""Publishes with aiortc what sender.js publishes with a browser: a picture and a sound that tell the time. It ends with
its standard input."""

import asyncio
import fractions
import pathlib
import sys
import time

import aioice.ice
import av
import numpy
from aiortc.mediastreams import MediaStreamTrack

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "testdata"))
from aiortcpublisher import publish  # noqa: E402, of the directory above
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


url, token, meeting_id, participant_id, codec = sys.argv[1:6]
asyncio.run(publish(url, token, meeting_id, participant_id, Sound(), Picture(), codec, autoConsume=False))
