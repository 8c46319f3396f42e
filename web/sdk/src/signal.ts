import type { Address } from "./address.js";
import { string } from "./check.js";
import { asJSON } from "./argument.js";
import { faultOfClose } from "./close.js";
import { uncaught } from "./emitter.js";
import { type Fault, type FaultContext, faults, VideoSDKError } from "./fault.js";
import { onConnect, onResume, passes } from "./faults.gen.js";
import { type Blocked, PolicyWatch, probe } from "./probe.js";
import {
  type JoinResult,
  joinResult,
  PROTOCOL_VERSION,
  readEvent,
  readFrame,
  resumeResult,
  type Welcome,
  type WireEvent,
} from "./wire.js";

/** What a Signal tells its owner. Calls come in order and never after `closed`. */
export interface SignalListener {
  /** Each event of the server once, in order, across cuts. */
  event(event: WireEvent): void;
  /** The socket is gone; restoring begins. */
  cut(): void;
  /** The next attempt to restore it follows after a pause. */
  pausing(attempt: ReconnectAttempt): void;
  /** Why it takes long, once in a cut. */
  unreachable(fault: Fault, since: number): void;
  /** That is over, before `resumed` or `rejoined`. */
  reached(fault: Fault, forMs: number): void;
  /** The session goes on; what was missed follows as events. With `welcome` another node goes on with it, so. */
  resumed(welcome: Welcome | undefined): void;
  /** The server has lost the session, for this reason; a new join follows. */
  rejoining(fault: Fault): void;
  /** It has succeeded. */
  rejoined(result: JoinResult): void;
  /** A fault of the server that no request caused. */
  refused(fault: Fault): void;
  /** The participation is over, and there is no way back. */
  closed(fault: Fault): void;
}

/** The next attempt to restore the session. */
export interface ReconnectAttempt {
  /** From 1 in each outage, and again when joining anew begins. */
  readonly attempt: number;
  readonly inMs: number;
}

/** Times in milliseconds. Tests shorten them. */
export interface Timing {
  connect: number;
  answer: number;
  pong: number;
  /** The same while media arrives: then the network works, and is only slow. */
  pongWithMedia: number;
  /** The same, where something hints that the socket is dead. */
  check: number;
  /** First pause between attempts; doubles up to backoffMax. */
  backoff: number;
  backoffMax: number;
  /** Attempts to reach the server before join gives up. */
  joinAttempts: number;
  /** No attempt of join to reach the server begins later than this. */
  reach: number;
  /** A cut that has lasted for so long is told. */
  unreachable: number;
}

export const defaultTiming: Timing = {
  connect: 4_000,
  answer: 15_000,
  pong: 2_400,
  pongWithMedia: 8_000,
  check: 1_000,
  backoff: 300,
  backoffMax: 5_000,
  joinAttempts: 3,
  reach: 7_500,
  unreachable: 3_000,
};

/** How long after a cut, in ms, the pauses are short: another node goes on with the session of one that is lost. */
const FIND = 5_000;
/** The longest pause in that time. */
const FIND_MAX = 1_000;

/**
 * Requests that are sent again to a node that has not seen them: twice is the same as once. Of the others some would be
 * refused although they were carried out, and some belong to connections for media that are gone.
 */
const twice = /^(consume|setMode|pin|request|pubsub\.[su]|store|end|leave|report)/;

/** A timer that is later than this, in ms, says nothing of the server. */
const LATE = 500;

/** So long, in ms, a join is sent again that is answered by what passes: a server that stops, a moved meeting. */
const PASSES_WITHIN = 5_000;

// The server's limit for one message, 256 KiB: it ends a connection that sends more.
const MAX_FRAME_BYTES = 256 << 10;

type Params = Readonly<Record<string, unknown>>;

interface Pending {
  readonly method: string;
  readonly began: number;
  readonly frame: string;
  /** Sent again after a resume. A ping is not. */
  readonly resend: boolean;
  readonly timeoutMs: number;
  timer: ReturnType<typeof setTimeout> | undefined;
  resolve(result: unknown): void;
  reject(fault: VideoSDKError): void;
}

/** Network Information API, where the browser has it. */
function networkInformation(): EventTarget | undefined {
  return (globalThis.navigator as { readonly connection?: EventTarget } | undefined)?.connection;
}

/** The socket did not open, or closed before the answer to join or resume. */
class Unreached extends Error {
  /** Whether the socket had been open. */
  readonly opened: boolean;
  constructor(opened: boolean) {
    super("unreached");
    this.opened = opened;
  }
}

/**
 * Signal is one participant's session with the server over as many sockets as it takes: JSON-RPC 2.0 requests,
 * events with a gapless seq, and resume after a cut. It knows the protocol's envelope; what the calls and events
 * mean is its owner's.
 */
export class Signal {
  readonly #address: Address;
  readonly #listener: SignalListener;
  readonly #timing: Timing;
  readonly #where: () => FaultContext;
  /** Whether media arrives at this moment. */
  readonly #hears: () => boolean;
  readonly #pending = new Map<number, Pending>();

  #state: "new" | "joining" | "open" | "cut" | "closed" = "new";
  #socket: WebSocket | undefined;
  #id = 0;
  #seq = 0;
  #session: JoinResult | undefined;
  #params: () => Params = () => ({});
  /** The first request of a socket, while its answer has not come. */
  #entering: number | undefined;
  #cutAt = 0;
  /** Why the cut lasts, once that is told. */
  #unreachable: Fault | undefined;
  #pinger: ReturnType<typeof setInterval> | undefined;
  #checking = false;
  #wasOffline = false;
  #heldUntil = 0;
  /** The next attempt does not wait. */
  #hurry = false;
  #wake: (() => void) | undefined;
  #giveUp: (() => void) | undefined;

  constructor(
    address: Address,
    listener: SignalListener,
    where: () => FaultContext,
    timing: Partial<Timing> = {},
    hears = (): boolean => false,
  ) {
    this.#hears = hears;
    this.#address = address;
    this.#listener = listener;
    this.#where = where;
    this.#timing = { ...defaultTiming, ...timing };
    globalThis.addEventListener?.("online", this.#online);
    globalThis.addEventListener?.("offline", this.#offline);
    globalThis.addEventListener?.("pageshow", this.#networkChanged); // from the back/forward cache
    networkInformation()?.addEventListener("change", this.#networkChanged);
  }

  /** How long the socket has been gone; 0 while it is there. */
  get awayMs(): number {
    return this.#state === "cut" ? Date.now() - this.#cutAt : 0;
  }

  /**
   * Connects and joins, with what `params` gives; it is asked again where the server loses the session. Throws the
   * server's refusal, or 3102 with the stage at which it failed.
   */
  async join(params: () => Params): Promise<JoinResult> {
    this.#state = "joining";
    this.#params = params;
    const began = Date.now();
    const policy = new PolicyWatch();
    try {
      for (let attempt = 1; ; attempt++) {
        try {
          const result = await this.#join();
          this.#open();
          return result;
        } catch (failure) {
          if (this.#ended()) throw failure;
          const [error, again] =
            failure instanceof Unreached
              ? await this.#why(failure, policy, attempt).then((why) => [
                  new VideoSDKError(why),
                  onConnect(why) !== "end",
                ])
              : [failure, failure instanceof VideoSDKError && passes(failure)];
          const forMs = Date.now() - began;
          const over =
            failure instanceof Unreached
              ? attempt >= this.#timing.joinAttempts || forMs > this.#timing.reach
              : forMs > PASSES_WITHIN;
          if (!again || over || this.#ended()) throw error;
          await this.#pause(attempt);
        }
      }
    } finally {
      policy.close();
    }
  }

  /** Why a socket did not come to an answer. */
  async #why({ opened }: Unreached, policy: PolicyWatch | undefined, attempts: number): Promise<Fault> {
    if (opened) return faults.signalingUnreachableNoConnection({ url: this.#address.signal, attempts }, this.#where());
    const why = await probe(this.#address, this.#where(), attempts);
    const blocked: Blocked | undefined = policy?.blocked(this.#address.signal);
    return blocked
      ? faults.signalingUnreachableCSPBlocked({ url: this.#address.signal, ...blocked }, this.#where())
      : why;
  }

  async #join(): Promise<JoinResult> {
    const result = await this.#enter("join", { protocol: PROTOCOL_VERSION, ...this.#params() }, joinResult);
    this.#session = result;
    return result;
  }

  /**
   * Sends a request and returns its result. During a cut it waits and goes out after the resume: callers that do not
   * want that look at awayMs first. Throws the server's refusal or 3079.
   */
  request(
    method: string,
    params: Readonly<Record<string, unknown>> = {},
    timeoutMs = this.#timing.answer,
    traceparent?: string,
  ): Promise<unknown> {
    if (this.#ended()) return Promise.reject(this.#aborted(method));
    return this.#send(method, params, true, timeoutMs, undefined, traceparent);
  }

  /** Ends it: requests that wait reject with 3056, nothing is told any more. */
  close(): void {
    if (this.#ended()) return;
    this.#state = "closed";
    globalThis.removeEventListener?.("online", this.#online);
    globalThis.removeEventListener?.("offline", this.#offline);
    globalThis.removeEventListener?.("pageshow", this.#networkChanged);
    networkInformation()?.removeEventListener("change", this.#networkChanged);
    clearInterval(this.#pinger);
    // A join that was sent is carried out: without a word the place would be kept for the resume window.
    const socket = this.#socket;
    if (this.#entering !== undefined && socket?.readyState === WebSocket.OPEN) {
      socket.send(JSON.stringify({ jsonrpc: "2.0", id: ++this.#id, method: "leave", params: {} }));
    }
    this.#drop(1000);
    this.#wake?.();
    this.#giveUp?.();
    for (const [id, { method }] of this.#pending) this.#settle(id)?.reject(this.#aborted(method));
  }

  // A method, so that the compiler does not narrow #state across an await.
  #ended(): boolean {
    return this.#state === "closed";
  }

  #aborted(method: string): VideoSDKError {
    return new VideoSDKError(faults.operationAbortedLeft({ method }, this.#where()));
  }

  #finish(fault: Fault): void {
    if (this.#ended()) return;
    this.close();
    this.#listener.closed(fault);
  }

  /** Opens a socket and sends its first request. */
  async #enter<T>(
    method: string,
    params: Readonly<Record<string, unknown>>,
    check: (v: unknown, at: string) => T,
  ): Promise<T> {
    const socket = await this.#connect();
    const answer = new Promise<unknown>((resolve, reject) => {
      socket.onclose = ({ code, reason }) => {
        const fault = faultOfClose(code, reason);
        reject(fault ? new VideoSDKError(fault) : new Unreached(true));
      };
      this.#entering = this.#id + 1;
      this.#send(method, params, false, this.#timing.answer, socket).then(resolve, reject);
    });
    try {
      const result = check(await answer, method);
      socket.onclose = ({ code, reason }) => this.#lost(code, reason);
      return result;
    } catch (failure) {
      if (this.#socket === socket) this.#drop(1000);
      throw failure;
    } finally {
      this.#entering = undefined;
    }
  }

  /** Closes the socket, and opens no other one for so long. `gone`: the server does not know the session then. */
  cut(forMs: number, gone: boolean): void {
    if (this.#state !== "open") return;
    this.#heldUntil = Date.now() + forMs;
    if (gone && this.#session) this.#session = { ...this.#session, secret: "of a server that is gone" };
    this.#lost(1006, "");
  }

  #connect(): Promise<WebSocket> {
    return new Promise((resolve, reject) => {
      if (Date.now() < this.#heldUntil) return reject(new Unreached(false));
      let socket: WebSocket;
      try {
        socket = new WebSocket(this.#address.signal);
      } catch {
        // SecurityError: the page's Content-Security-Policy or mixed content. To the page it looks like no network.
        reject(new Unreached(false));
        return;
      }
      this.#socket = socket;
      this.#giveUp = () => {
        clearTimeout(timer);
        this.#drop(1000);
        reject(new Unreached(false));
      };
      const timer = setTimeout(this.#giveUp, this.#timing.connect);
      socket.onclose = this.#giveUp;
      socket.onopen = () => {
        clearTimeout(timer);
        this.#giveUp = undefined;
        resolve(socket);
      };
      socket.onmessage = ({ data }: MessageEvent<unknown>) => {
        if (this.#socket === socket) this.#receive(data);
      };
    });
  }

  #open(): void {
    this.#state = "open";
    const fault = this.#unreachable;
    this.#unreachable = undefined;
    if (fault) this.#listener.reached(fault, Date.now() - this.#cutAt);
    clearInterval(this.#pinger);
    this.#pinger = setInterval(() => this.#ping(), this.#session?.pingIntervalMs ?? 20_000);
  }

  /**
   * Asks the server whether it is there; a socket that does not answer is dead, whatever it says of itself. It gets
   * more time while media arrives, and anew where this page had no time itself, as one that slept.
   */
  #ping(timeoutMs = this.#timing.pong): Promise<void> {
    const socket = this.#socket;
    const began = Date.now();
    let answered = false;
    const pong = this.#send("ping", {}, false, this.#timing.pongWithMedia).then(
      () => void (answered = true),
      () => undefined,
    );
    let late = false;
    const over = async (waited: number): Promise<void> => {
      const until = Date.now() + waited;
      await Promise.race([pong, new Promise((resolve) => setTimeout(resolve, waited))]);
      if (answered || this.#socket !== socket || this.#state !== "open") return;
      if (!late && Date.now() - until > LATE) {
        late = true;
        return over(timeoutMs);
      }
      const left = began + this.#timing.pongWithMedia - Date.now();
      if (left > 0 && this.#hears()) return over(Math.min(timeoutMs, left));
      this.#lost(1006, "");
    };
    return over(timeoutMs);
  }

  /** Finds out soon whether the socket is dead. */
  check(): void {
    if (this.#state !== "open" || this.#checking) return;
    this.#checking = true;
    this.#hurry = true; // in case that it is: then there is no storm of others who come back
    void this.#ping(this.#timing.check).then(() => {
      this.#checking = this.#hurry = false;
    });
  }

  readonly #networkChanged = (): void => this.check();

  readonly #offline = (): void => {
    this.#wasOffline = true;
    this.check();
  };

  /** A socket, open or not, that was made before the device was offline may wait for a network that is gone. */
  readonly #online = (): void => {
    const was = this.#wasOffline;
    this.#wasOffline = false;
    if (!was) this.check();
    this.#hurry = was || this.#state === "cut";
    if (this.#state === "open" && was) this.#lost(1006, "");
    else if (this.#state === "cut" && was) this.#giveUp?.();
    this.#wake?.();
  };

  #lost(code: number, reason: string): void {
    if (this.#ended()) return;
    this.#drop(1000);
    const fault = faultOfClose(code, reason);
    if (fault && onResume(fault) === "end") return this.#finish(fault);
    void this.#reconnect(fault && onResume(fault) === "rejoin" ? fault : undefined);
  }

  /**
   * Resumes on a new socket. Where the session is lost, as after a restart of the server, it joins anew: at once when
   * `lost` is that fault, else when a resume was refused with one. Each of the two has the time that the server keeps a
   * place.
   */
  async #reconnect(lost: Fault | undefined): Promise<void> {
    this.#state = "cut";
    this.#cutAt = Date.now();
    const windowMs = this.#session?.resumeWindowMs ?? 0;
    let deadline = this.#cutAt + windowMs;
    clearInterval(this.#pinger);
    for (const [id, request] of this.#pending) {
      clearTimeout(request.timer);
      if (!request.resend) this.#settle(id);
    }
    this.#listener.cut();
    let cause = lost;
    if (cause) this.#joinAnew(cause);
    let step = 0;
    for (let attempts = 1; !this.#ended(); attempts++) {
      // The first attempt waits a little too: everybody whom a restart cut off must not come back at once.
      await this.#pause(step++, !cause && this.awayMs < FIND);
      if (this.#ended()) return;
      try {
        if (cause) await this.#rejoin();
        else await this.#resume();
        return;
      } catch (failure) {
        if (this.#ended()) return;
        if (failure instanceof Unreached) {
          const last = Date.now() > deadline;
          const told = this.#tellUnreachable(failure, attempts, last);
          if (last) await told; // in a window that is too short for the rest, nobody knows yet why
          if (this.#ended()) return;
        }
        const fault = failure instanceof VideoSDKError ? failure.toJSON() : undefined;
        const recovery = fault ? onResume(fault) : "retry";
        if (fault && !cause && recovery === "rejoin" && Date.now() < deadline) {
          cause = fault;
          this.#joinAnew(fault);
          deadline = Date.now() + windowMs;
          step = 0;
          continue;
        }
        if (fault && (recovery === "end" || (recovery === "rejoin" && !cause))) {
          return this.#finish({ ...fault, causeId: fault.causeId || (cause?.id ?? "") } as Fault);
        }
        if (fault && fault.retryAfterMs > 0) {
          const inMs = Math.min(fault.retryAfterMs, deadline - Date.now());
          this.#listener.pausing({ attempt: attempts + 1, inMs });
          await this.#sleep(inMs);
        }
      }
      if (Date.now() > deadline) {
        const details = { attempts, forMs: this.awayMs };
        return this.#finish(faults.reconnectFailedGaveUp(details, { ...this.#where(), causeId: cause?.id ?? "" }));
      }
    }
  }

  /** Tells why a cut lasts, while the attempts go on, and before the last. */
  async #tellUnreachable(failure: Unreached, attempts: number, last: boolean): Promise<void> {
    const cutAt = this.#cutAt;
    if (this.#unreachable || (!last && this.awayMs < this.#timing.unreachable)) return;
    const why = await this.#why(failure, undefined, attempts);
    if (this.#unreachable || this.awayMs === 0 || this.#cutAt !== cutAt) return;
    const told = { ...why, fatal: false } as Fault; // the compiler takes seconds to narrow a field of this type
    this.#unreachable = told;
    this.#listener.unreachable(told, cutAt);
  }

  /** Goes over from resuming to joining: the answers to the requests under way are lost with the session. */
  #joinAnew(cause: Fault): void {
    this.#abandon();
    this.#listener.rejoining({ ...cause, fatal: false });
  }

  /** Requests of other methods are answered with 3079. */
  #abandon(kept?: RegExp): void {
    for (const [id, { method, began }] of this.#pending)
      if (!kept?.test(method)) this.#unanswered(id, method, Date.now() - began);
  }

  #unanswered(id: number, method: string, timeoutMs: number): void {
    const fault = faults.operationTimedOutNoAnswer({ method, timeoutMs }, this.#where());
    this.#settle(id)?.reject(new VideoSDKError(fault));
  }

  async #rejoin(): Promise<void> {
    this.#seq = 0;
    const result = await this.#join();
    if (this.#ended()) return;
    this.#open();
    this.#listener.rejoined(result);
  }

  async #resume(): Promise<void> {
    const { sessionId = "", participantId = "", secret = "" } = this.#session ?? {};
    const params = { protocol: PROTOCOL_VERSION, sessionId, participantId, secret, lastSeq: this.#seq };
    const result = await this.#enter("resume", params, resumeResult);
    if (this.#ended()) return;
    if (this.#session) this.#session = { ...this.#session, secret: result.secret };
    this.#open();
    const { welcome, seq } = result;
    if (welcome || seq < this.#seq) {
      this.#seq = seq;
      this.#abandon(twice);
    }
    for (const [id, request] of [...this.#pending].sort(([a], [b]) => a - b)) {
      this.#startTimer(id, request);
      this.#socket?.send(request.frame);
    }
    this.#listener.resumed(welcome);
  }

  /**
   * Waits before the next attempt: doubled each time, and spread, so that many clients do not come in step. With
   * `finds` at most 75, 150, 300, 600 ms and then a second.
   */
  async #pause(attempt: number, finds = false): Promise<void> {
    const { backoff, backoffMax } = this.#timing;
    const hurry = this.#hurry;
    this.#hurry = false;
    if (hurry) return;
    const inMs =
      Math.min(finds ? FIND_MAX : backoffMax, backoff * 2 ** (finds ? attempt - 2 : attempt)) *
      (0.5 + Math.random() / 2);
    if (this.#state === "cut") this.#listener.pausing({ attempt: attempt + 1, inMs });
    await this.#sleep(inMs);
  }

  /** Tries at once to restore the session, where it waits before the next attempt. */
  retry(): void {
    if (this.#state === "cut") this.#wake?.();
  }

  async #sleep(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }

  #send(
    method: string,
    params: Readonly<Record<string, unknown>>,
    resend: boolean,
    timeoutMs: number,
    socket = this.#state === "open" ? this.#socket : undefined,
    traceparent?: string,
  ): Promise<unknown> {
    const id = ++this.#id;
    let frame: string;
    try {
      frame = asJSON(method, "params", { jsonrpc: "2.0", id, method, params, traceparent }, this.#where());
    } catch (failure) {
      return Promise.reject(failure);
    }
    const bytes = frame.length > MAX_FRAME_BYTES / 3 ? new TextEncoder().encode(frame).length : 0;
    if (bytes > MAX_FRAME_BYTES) {
      return Promise.reject(
        new VideoSDKError(faults.invalidParameterTooLarge({ method, bytes, limit: MAX_FRAME_BYTES }, this.#where())),
      );
    }
    return new Promise((resolve, reject) => {
      const request: Pending = {
        method,
        began: Date.now(),
        frame,
        resend,
        timeoutMs,
        timer: undefined,
        resolve,
        reject,
      };
      this.#pending.set(id, request);
      if (!socket) return;
      this.#startTimer(id, request);
      socket.send(frame);
    });
  }

  #startTimer(id: number, { method, timeoutMs }: Pending): void {
    const request = this.#pending.get(id);
    if (!request) return;
    request.timer = setTimeout(() => this.#unanswered(id, method, timeoutMs), timeoutMs);
  }

  #settle(id: number): Pending | undefined {
    const request = this.#pending.get(id);
    this.#pending.delete(id);
    clearTimeout(request?.timer);
    return request;
  }

  #receive(data: unknown): void {
    let event: WireEvent | undefined;
    try {
      const frame = readFrame(string(data, "frame"));
      if (frame.type === "result") return this.#settle(frame.id)?.resolve(frame.result);
      if (frame.type === "refusal") {
        // Before the answer to join or resume a refusal without an id is the socket's: it is about that request.
        const id = frame.id ?? this.#entering;
        const request = id === undefined ? undefined : this.#settle(id);
        return request ? request.reject(new VideoSDKError(frame.fault)) : this.#listener.refused(frame.fault);
      }
      if (frame.seq <= this.#seq) return; // had it before the cut
      if (frame.seq > this.#seq + 1) return this.#lost(1006, ""); // a gap: resume asks for what is missing
      this.#seq = frame.seq;
      event = readEvent(frame.name, frame.data);
      const fault = event?.name === "meeting-left" ? event.data.fault : undefined;
      if (fault && onResume(fault) === "rejoin" && this.#state === "open") {
        this.#drop(1000);
        return void this.#reconnect(fault);
      }
    } catch (broken) {
      // The server broke its own protocol. Nobody's call is at fault, so it goes where bugs go; the session stays.
      uncaught(broken);
      return;
    }
    if (event) this.#listener.event(event);
  }

  /** Forgets the socket, so that nothing it still says is heard. */
  #drop(code: number): void {
    const socket = this.#socket;
    this.#socket = undefined;
    if (!socket) return;
    socket.onclose = socket.onmessage = socket.onopen = null;
    socket.close(code);
  }
}
