import { presets } from "./presets.js";
import type { VideoCodec } from "./constants.js";
import type { Quality, StreamKind } from "./types.js";

// In which encodings a picture is sent: simulcast, with one rid for each size, or layers inside one encoding (SVC).

/** Rids of the encodings, smallest first. */
export const rids = ["l", "m", "h"] as const;

export const qualities: readonly Quality[] = ["low", "med", "high"];

/** How a stream is sent. */
export interface Encoding {
  readonly maxBitrateBps: number;
  /** What gives way when bandwidth or processor are short. */
  readonly degradation?: RTCDegradationPreference;
  /** Index of the published bitrate mode, for the smaller sizes; default balanced. */
  readonly mode?: number;
  readonly codec?: VideoCodec;
  readonly multiStream?: boolean;
  readonly maxLayer?: 2 | 3;
}

/** What `initMeeting` says of layers. */
export interface LayerOptions {
  readonly multiStream?: boolean;
  readonly maxLayer?: 2 | 3;
}

/** What cannot change within a peer connection. */
export interface Shape {
  readonly codec: VideoCodec | undefined;
  /** Encodings: 1, or 2 and 3 for simulcast. */
  readonly encodings: number;
  /** Layers inside the one encoding: L1T3 has temporal layers only. */
  readonly scalabilityMode: string | undefined;
  /** The layers that it should have, where they are asked for in vain. */
  readonly lacking: string | undefined;
  /** The application has asked for several streams, so it is told where that is not possible. */
  readonly insisted: boolean;
}

const isPicture = (kind: StreamKind): boolean => kind === "video" || kind === "share";

export function shapeOf(kind: StreamKind, encoding: Encoding | undefined, options: LayerOptions): Shape {
  const multiStream = encoding?.multiStream ?? options.multiStream;
  const maxLayer = encoding?.maxLayer ?? options.maxLayer;
  const codec = encoding?.codec;
  const most = isPicture(kind) && multiStream !== false ? (kind === "share" ? 2 : (maxLayer ?? 3)) : 1;
  const layered = (codec === "VP9" || codec === "AV1") && most > 1;
  // Of a picture with text Chromium encodes no spatial layers in VP9: asked for them it sends VP8, without a word.
  const flat = codec === "VP9" && encoding?.degradation === "maintain-resolution";
  const mode = layered ? `L${most}T3_KEY` : undefined;
  return {
    codec,
    encodings: layered ? 1 : most,
    scalabilityMode: mode && flat ? "L1T3" : mode,
    lacking: flat ? mode : undefined,
    insisted: most > 1 && (layered || multiStream === true || maxLayer !== undefined),
  };
}

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.codec === b.codec && a.encodings === b.encodings && a.scalabilityMode === b.scalabilityMode;

/** The encodings that a media section is made with. */
export function sendEncodings({ encodings, scalabilityMode }: Shape): RTCRtpEncodingParameters[] {
  if (encodings === 1) return scalabilityMode ? [{ scalabilityMode } as RTCRtpEncodingParameters] : [];
  return rids.slice(0, encodings).map((rid, i) => ({
    rid: encodings === 2 && i === 1 ? "h" : rid,
    scaleResolutionDownBy: 2 ** (encodings - 1 - i),
  }));
}

/** Codecs with the asked one first; undefined where the browser does not have it. */
export function preferCodec(codec: string, all: readonly RTCRtpCodec[]): RTCRtpCodec[] | undefined {
  const wanted = (one: RTCRtpCodec): boolean => one.mimeType.split("/")[1]?.toUpperCase() === codec.toUpperCase();
  return all.some(wanted) ? [...all.filter(wanted), ...all.filter((one) => !wanted(one))] : undefined;
}

// How many sizes Chromium makes of a picture, by its pixels; it leaves out the largest ones where there are more
// encodings. libwebrtc, video/config/simulcast.cc.
const limits: readonly (readonly [pixels: number, sizes: number])[] = [
  [960 * 540, 3],
  [480 * 270, 2],
];

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The published rate of a camera picture of that size, in bit/s. */
function rateOf({ width, height }: Size, mode: number): number {
  const far = (one: Size): number => Math.abs(Math.log((one.width * one.height) / (width * height)));
  return 1000 * (nearest(Object.values(presets.camera), far).kbps[mode] ?? 0);
}

/** The rate of a smaller size. That of a screen follows its own: presets differ by frame rate too. */
function smallerRate(kind: StreamKind, { maxBitrateBps, mode = 1 }: Encoding, size: Size, scale: number): number {
  if (kind === "share") return maxBitrateBps / scale;
  return Math.min(maxBitrateBps, rateOf({ width: size.width / scale, height: size.height / scale }, mode));
}

function nearest<T>(all: readonly T[], far: (one: T) => number): T {
  return all.reduce((best, one) => (far(one) < far(best) ? one : best));
}

/** What decides how the encodings of a stream are set. */
export interface Tuning {
  readonly kind: StreamKind;
  readonly encoding: Encoding;
  /** Of the track; undefined where the browser does not know it. */
  readonly size: Size | undefined;
  /** The best quality that is sent. */
  readonly quality: Quality;
  /** Rids that nobody takes. */
  readonly idle: ReadonlySet<string>;
}

/** Sets scale, rate and activity of the encodings that the browser has, which are as many as the server took. */
export function tune(params: RTCRtpSendParameters, { kind, encoding, size, quality, idle }: Tuning): void {
  const { encodings } = params;
  if (!isPicture(kind)) {
    for (const one of encodings) one.maxBitrate = encoding.maxBitrateBps;
    return;
  }
  const { width, height } = size ?? presets.camera.h720p_w1280p;
  const most = kind === "share" ? 3 : (limits.find(([pixels]) => width * height >= pixels)?.[1] ?? 1);
  const sizes = Math.min(encodings.length, most);
  const least = 2 ** (qualities.length - 1 - qualities.indexOf(quality));
  encodings.forEach((one, i) => {
    // The smallest encoding carries the picture where the quality asked is below all that there are.
    const scale = Math.max(2 ** Math.max(sizes - 1 - i, 0), i === 0 ? least : 1);
    one.scaleResolutionDownBy = scale;
    one.maxBitrate = scale === 1 ? encoding.maxBitrateBps : smallerRate(kind, encoding, { width, height }, scale);
    // Layers inside one encoding share its rate: without the room of the smaller ones Chromium leaves the largest out.
    const { scalabilityMode = "L1" } = one as { scalabilityMode?: string };
    for (let layer = 1; layer < Number(scalabilityMode[1]); layer++)
      one.maxBitrate += smallerRate(kind, encoding, { width, height }, scale * 2 ** layer);
    one.active = i < sizes && (i === 0 || scale >= least) && !idle.has(one.rid ?? "");
  });
}
