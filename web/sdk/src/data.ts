import type { Calls } from "./calls.js";
import type { Emitter } from "./emitter.js";
import { faults, VideoSDKError } from "./fault.js";
import { checkOptions } from "./options.js";
import type { MeetingEvents } from "./meetingevents.js";
import type { DataMessage, Mode, ReliabilityMode, SendOptions } from "./types.js";

/** The most bytes of a message. */
const MAX_MESSAGE = 15 * 1024;
/** Bytes of messages that may wait in the browser, by channel. */
const MAX_WAITING = { RELIABLE: 1024 * 1024, UNRELIABLE: 64 * 1024 } as const;
/** How long a message waits until its channel is open, in ms. */
const OPEN_TIMEOUT = 10_000;

/** The two channels, as docs/protocol.md has them. */
const channels = {
  RELIABLE: { label: "reliable", id: 0, ordered: true },
  UNRELIABLE: { label: "unreliable", id: 1, ordered: false, maxRetransmits: 0 },
} as const satisfies Record<ReliabilityMode, RTCDataChannelInit & { label: string }>;
const modes: readonly ReliabilityMode[] = ["RELIABLE", "UNRELIABLE"];

export interface DataOwner {
  readonly calls: Calls;
  readonly events: Emitter<MeetingEvents>;
  request(method: string, params: Readonly<Record<string, unknown>>): Promise<unknown>;
  mode(): Mode;
  joined(): boolean;
}

/**
 * DataChannels carries data messages over two data channels of the receiving connection. They are opened when they are
 * needed first: for a message to send, or for those of others where somebody listens.
 */
export class DataChannels {
  readonly #owner: DataOwner;
  readonly #open = new Map<ReliabilityMode, RTCDataChannel>();
  #pc: RTCPeerConnection | undefined;
  /** Somebody in the session has opened data channels. */
  #started = false;
  #asked = false;
  #refused: unknown;
  #waiting: (() => void)[] = [];
  #queue: Promise<unknown> = Promise.resolve();
  /** Counts participations: a message of one is not sent in the next. */
  #stay = 0;

  constructor(owner: DataOwner) {
    this.#owner = owner;
  }

  /** The participation is over. */
  close(): void {
    this.#stay++;
    this.forget();
    this.#started = false;
  }

  /** The server knows nothing of the channels any more. */
  forget(): void {
    this.#asked = false;
    this.#started = false;
    this.detach();
  }

  /** Somebody has opened data channels: what listens here must hear it. */
  start(): void {
    this.#started = true;
    this.changed();
  }

  /** A listener was added, or the mode is another one. */
  changed(): void {
    const receives = this.#owner.mode() !== "SIGNALLING_ONLY";
    if (this.#started && receives && this.#owner.joined() && this.#owner.events.listenerCount("data") > 0) this.#ask();
  }

  /** An offer of the server has a section for data. */
  attach(pc: RTCPeerConnection): void {
    if (this.#pc === pc) return;
    this.detach();
    this.#pc = pc;
    for (const mode of modes) {
      const { label, ...init } = channels[mode];
      const channel = pc.createDataChannel(label, { ...init, negotiated: true });
      channel.binaryType = "arraybuffer";
      channel.onopen = channel.onclose = () => this.#wake();
      channel.onmessage = ({ data }: MessageEvent<unknown>) => this.#receive(mode, data);
      this.#open.set(mode, channel);
    }
  }

  /** The connection is gone; the next one has channels of its own. */
  detach(): void {
    for (const channel of this.#open.values()) {
      channel.onopen = channel.onclose = channel.onmessage = null;
      channel.close();
    }
    this.#open.clear();
    this.#pc = undefined;
    this.#wake();
  }

  send(payload: string | Blob | ArrayBuffer | ArrayBufferView, options?: SendOptions | null): Promise<boolean> {
    const { calls } = this.#owner;
    const method = "send";
    const since = Date.now();
    const stay = this.#stay;
    return calls.run(method, () => {
      const reliability = this.#reliability(method, options);
      const mode = this.#owner.mode();
      if (mode !== "SEND_AND_RECV")
        throw calls.error(faults.actionNotSupportedInModeMode, { method, mode, needs: "SEND_AND_RECV" });
      const reading = read(payload);
      if (!reading) throw calls.error(faults.actionNotSupportedPayloadType, { method, got: nameOf(payload) });
      const bytes = reading.bytes;
      if (bytes > MAX_MESSAGE)
        throw calls.error(faults.actionNotSupportedPayloadTooLarge, { method, bytes, limitBytes: MAX_MESSAGE });
      const sent = this.#queue.then(async () => {
        const data = await reading.data();
        const channel = await this.#channel(reliability, since, stay);
        return this.#hand(channel, reliability, data, bytes);
      });
      this.#queue = sent.catch(() => undefined);
      return sent;
    });
  }

  #reliability(method: string, options: SendOptions | null | undefined): ReliabilityMode {
    const { calls } = this.#owner;
    if (options === undefined || options === null) return "RELIABLE";
    checkOptions<SendOptions>({ method, at: calls.where() }, "options", options, { reliability: modes });
    return options.reliability ?? "RELIABLE";
  }

  #hand(channel: RTCDataChannel, reliability: ReliabilityMode, data: string | ArrayBuffer, bytes: number): boolean {
    const { calls } = this.#owner;
    const waitingBytes = channel.bufferedAmount;
    const limitBytes = MAX_WAITING[reliability];
    if (waitingBytes + bytes > limitBytes) {
      if (reliability === "UNRELIABLE") return false; // as the network might have dropped it
      throw calls.error(faults.sendFailedBufferFull, { waitingBytes, limitBytes });
    }
    try {
      if (typeof data === "string") channel.send(data);
      else channel.send(data);
    } catch (refused) {
      throw calls.error(faults.sendFailedChannelRefused, { problem: String(refused) });
    }
    return true;
  }

  /** The channel, when it is open. */
  async #channel(reliability: ReliabilityMode, since: number, stay: number): Promise<RTCDataChannel> {
    const { calls } = this.#owner;
    for (;;) {
      if (stay !== this.#stay) throw calls.error(faults.operationAbortedLeft, { method: "send" });
      const channel = this.#open.get(reliability);
      if (channel?.readyState === "open") return channel;
      const waitedMs = Date.now() - since;
      if (waitedMs >= OPEN_TIMEOUT) {
        const state = this.#pc?.connectionState ?? "not offered yet";
        throw calls.error(faults.mediaNotReadyDataChannelPending, { waitedMs, state });
      }
      this.#refused = undefined;
      this.#ask();
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, OPEN_TIMEOUT - waitedMs);
        this.#waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
      if (this.#refused instanceof VideoSDKError) throw this.#refused;
    }
  }

  #ask(): void {
    if (this.#asked) return;
    this.#asked = true;
    const stay = this.#stay;
    this.#owner.request("openData", {}).catch((failure: unknown) => {
      if (stay !== this.#stay) return;
      this.#asked = false;
      this.#refused = failure;
      this.#wake();
    });
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  #receive(mode: ReliabilityMode, data: unknown): void {
    if (!(data instanceof ArrayBuffer)) return;
    const message = decodeData(data, mode);
    if (message) this.#owner.events.emit("data", message);
  }
}

/** The forms of a message: a string, or bytes. */
const BINARY = 1;
const TEXT = 2;
const HEADER = 10;

/** Reads a message of the server, as docs/protocol.md has it; undefined for one of a newer server. */
export function decodeData(frame: ArrayBuffer, mode: ReliabilityMode): DataMessage | undefined {
  if (frame.byteLength < HEADER) return undefined;
  const view = new DataView(frame);
  const form = view.getUint8(0);
  const timestamp = Number(view.getBigUint64(1));
  const start = HEADER + view.getUint8(9);
  if ((form !== BINARY && form !== TEXT) || start > frame.byteLength) return undefined;
  const utf8 = new TextDecoder();
  const bytes = new Uint8Array(frame.slice(start));
  return {
    payload: form === TEXT ? utf8.decode(bytes) : bytes,
    from: utf8.decode(new Uint8Array(frame, HEADER, start - HEADER)),
    timestamp,
    reliability: mode === "RELIABLE" ? "reliable" : "unreliable",
  };
}

/** The size of a payload and what to send of it; undefined for what cannot be sent. */
function read(payload: unknown): { bytes: number; data(): Promise<string | ArrayBuffer> } | undefined {
  if (typeof payload === "string") {
    const { length } = new TextEncoder().encode(payload);
    return { bytes: length, data: async () => payload };
  }
  if (payload instanceof Blob) return { bytes: payload.size, data: () => payload.arrayBuffer() };
  if (payload instanceof ArrayBuffer) {
    const copy = payload.byteLength <= MAX_MESSAGE ? payload.slice(0) : payload; // the caller may go on to write there
    return { bytes: copy.byteLength, data: async () => copy };
  }
  if (ArrayBuffer.isView(payload)) {
    const { buffer, byteOffset, byteLength } = payload;
    const copy = new Uint8Array(Math.min(byteLength, MAX_MESSAGE));
    copy.set(new Uint8Array(buffer, byteOffset, copy.length));
    return { bytes: byteLength, data: async () => copy.buffer };
  }
  return undefined;
}

function nameOf(payload: unknown): string {
  if (payload === null) return "null";
  if (Array.isArray(payload)) return "an array";
  return typeof payload === "object" ? (payload?.constructor?.name ?? "an object") : typeof payload;
}
