"""Publishes a tone and a picture with aiortc as its documentation has it, until standard input ends."""

import array
import asyncio
import math
import pathlib
import sys

from aiortc.mediastreams import AudioStreamTrack, VideoStreamTrack

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "testdata"))
from aiortcpublisher import publish  # noqa: E402, of the directory above


class Tone(AudioStreamTrack):
    """400 Hz: 8 periods fill a frame of 20 ms, so that frames join without a click."""

    async def recv(self):
        frame = await super().recv()
        samples = [int(8000 * math.sin(2 * math.pi * 400 * n / frame.sample_rate)) for n in range(frame.samples)]
        frame.planes[0].update(array.array("h", samples).tobytes())
        return frame


url, token, meeting_id = sys.argv[1:4]
asyncio.run(publish(url, token, meeting_id, "aiortc", Tone(), VideoStreamTrack()))
