"""Publishes a test picture and a tone with GStreamer's webrtcbin over WHIP: gst_publish.py ENDPOINT TOKEN. It ends, with a
DELETE, when its standard input ends. It says "connected" and "refused STATUS"."""

import sys
import threading
import urllib.error
import urllib.parse
import urllib.request

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstWebRTC", "1.0")
gi.require_version("GstSdp", "1.0")
from gi.repository import GLib, Gst, GstSdp, GstWebRTC  # noqa: E402

endpoint, token = sys.argv[1:3]
Gst.init(None)
pipeline = Gst.parse_launch(
    "webrtcbin name=rtc bundle-policy=max-bundle "
    "videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=240,framerate=15/1 ! videoconvert ! "
    "vp8enc deadline=1 keyframe-max-dist=15 ! rtpvp8pay picture-id-mode=2 ! "
    "application/x-rtp,media=video,encoding-name=VP8,payload=96 ! rtc. "
    "audiotestsrc is-live=true wave=sine freq=500 ! audioconvert ! audioresample ! opusenc ! rtpopuspay ! "
    "application/x-rtp,media=audio,encoding-name=OPUS,payload=97 ! rtc. ")
rtc = pipeline.get_by_name("rtc")
loop = GLib.MainLoop()
session = []
posted = threading.Event()


def request(method, address, body=None):
    headers = {"Authorization": "Bearer " + token, "Content-Type": "application/sdp"}
    return urllib.request.urlopen(urllib.request.Request(address, data=body, method=method, headers=headers), timeout=20)


def post():
    offer = rtc.get_property("local-description").sdp.as_text()
    try:
        answer = request("POST", endpoint, offer.encode())
    except urllib.error.HTTPError as refusal:
        print("refused", refusal.code, refusal.read().decode(), flush=True)
        loop.quit()
        return
    session.append(urllib.parse.urljoin(endpoint, answer.headers["Location"]))
    _, sdp = GstSdp.SDPMessage.new_from_text(answer.read().decode())
    described = GstWebRTC.WebRTCSessionDescription.new(GstWebRTC.WebRTCSDPType.ANSWER, sdp)
    rtc.emit("set-remote-description", described, Gst.Promise.new())


def offered(promise, *_):
    promise.wait()
    reply = promise.get_reply()  # owns the offer
    rtc.emit("set-local-description", reply.get_value("offer"), Gst.Promise.new())


def gathered(*_):
    done = rtc.get_property("ice-gathering-state") == GstWebRTC.WebRTCICEGatheringState.COMPLETE
    if done and not posted.is_set():
        posted.set()
        threading.Thread(target=post, daemon=True).start()


def connected(*_):
    if rtc.get_property("connection-state") == GstWebRTC.WebRTCPeerConnectionState.CONNECTED:
        print("connected", flush=True)


rtc.connect("on-negotiation-needed",
            lambda *_: rtc.emit("create-offer", None, Gst.Promise.new_with_change_func(offered)))
rtc.connect("notify::ice-gathering-state", gathered)
rtc.connect("notify::connection-state", connected)
threading.Thread(target=lambda: (sys.stdin.read(), loop.quit()), daemon=True).start()
pipeline.set_state(Gst.State.PLAYING)
loop.run()
if session:
    request("DELETE", session[0])
pipeline.set_state(Gst.State.NULL)
