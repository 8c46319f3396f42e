// A signaling server that does what a test tells it: real sockets, the real protocol, and every trouble on demand.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";

export interface Request {
  readonly id: number;
  readonly method: string;
  readonly params: Record<string, unknown>;
}

export interface Connection {
  readonly socket: WebSocket;
  answer(id: number, result: unknown): void;
  refuse(id: number | null, fault: Record<string, unknown>): void;
  /** Sends a frame as it is. */
  raw(text: string): void;
}

type Handler = (request: Request, connection: Connection) => void;

export const participant = (id: string, streams: readonly unknown[] = []): Record<string, unknown> => ({
  id,
  displayName: id.toUpperCase(),
  mode: "SEND_AND_RECV",
  streams,
  joinedAt: "2026-11-22T07:07:42.120Z",
});

export const welcome = (self: string, others: readonly string[] = []): Record<string, unknown> => ({
  participant: participant(self),
  participants: others.map((id) => participant(id)),
  permissions: ["allow_join"],
  // Go writes null for a nil slice.
  pins: null,
  egress: { recording: { status: "" }, livestream: { status: "" }, hls: { status: "" } },
  entries: null,
  iceServers: null,
  startedAt: "2026-11-22T07:00:00Z",
  serverTime: "2026-11-22T07:07:42Z",
});

export const fault = (
  code: number,
  name: string,
  reason: string,
  more: Record<string, unknown> = {},
): Record<string, unknown> => ({
  code,
  name,
  reason,
  message: "m",
  detail: "d",
  remedy: "r",
  fatal: true,
  retryable: false,
  retryAfterMs: 0,
  id: `flt_TEST${code}${reason}`,
  causeId: "",
  at: "2026-11-22T07:07:42.120Z",
  docs: "",
  consoleUrl: "",
  meetingId: "",
  sessionId: "",
  participantId: "",
  ...more,
});

export class ScriptedServer {
  readonly requests: Request[] = [];
  readonly connections: Connection[] = [];
  /** Sockets are destroyed on arrival while false. */
  up = true;
  /** Overrides what a method does. */
  readonly on = new Map<string, Handler>();
  /** The secret of the one session. Each resume offers a new one, and the old one is good until that is used. */
  #secret = "secret 0";
  #offered = "";
  #secrets = 0;
  /** Events of the one session, kept for resume. */
  #log: string[] = [];
  #healthz: (response: ServerResponse) => void = (response) => response.end('{"service":"klatch","status":"ok"}');
  #upgrade = true;
  /** What a plain request for the signaling address gets. */
  signal: (response: ServerResponse) => void = (response) => response.writeHead(426).end();
  readonly #http: Server;

  private constructor() {
    this.#http = createServer((request, response) => this.#serve(request, response));
    const sockets = new WebSocketServer({ noServer: true });
    this.#http.on("upgrade", (request, socket, head) => {
      if (!this.up) return void socket.destroy();
      if (!this.#upgrade || request.url !== "/v1/signal")
        return void socket.end("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
      sockets.handleUpgrade(request, socket, head, (ws) => this.#accept(ws));
    });
  }

  static async start(): Promise<ScriptedServer> {
    const server = new ScriptedServer();
    await new Promise<void>((resolve) => server.#http.listen(0, "127.0.0.1", resolve));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  get last(): Connection {
    const connection = this.connections.at(-1);
    if (!connection) throw new Error("nobody connected");
    return connection;
  }

  methods(): string[] {
    return this.requests.map(({ method }) => method);
  }

  stripUpgrade(): void {
    this.#upgrade = false;
  }

  health(answer: (response: ServerResponse) => void): void {
    this.#healthz = answer;
  }

  /** An event of the session: sent if a socket is there, kept for a resume. */
  event(name: string, data: unknown): void {
    const frame = JSON.stringify({
      jsonrpc: "2.0",
      method: "event",
      params: { seq: this.#log.length + 1, name, data },
    });
    this.#log.push(frame);
    const connection = this.connections.at(-1);
    if (connection?.socket.readyState === 1) connection.raw(frame);
  }

  /** Keeps an event without sending it, as if it had been lost on the way. */
  lose(name: string, data: unknown): void {
    this.#log.push(
      JSON.stringify({ jsonrpc: "2.0", method: "event", params: { seq: this.#log.length + 1, name, data } }),
    );
  }

  /** Loses the session, as a restart does. */
  forget(): void {
    this.#log = [];
  }

  cut(): void {
    for (const { socket } of this.connections) socket.terminate();
  }

  async close(): Promise<void> {
    this.cut();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    if (!this.up) return void response.destroy();
    response.setHeader("Access-Control-Allow-Origin", "*");
    if (request.url === "/healthz") return this.#healthz(response);
    if (request.url === "/v1/signal") return this.signal(response);
    response.statusCode = 404;
    response.end();
  }

  #accept(socket: WebSocket): void {
    const send = (frame: unknown): void => socket.send(JSON.stringify(frame));
    const connection: Connection = {
      socket,
      answer: (id, result) => send({ jsonrpc: "2.0", id, result }),
      refuse: (id, data) => send({ jsonrpc: "2.0", id, error: { code: data["code"], message: data["message"], data } }),
      raw: (text) => socket.send(text),
    };
    this.connections.push(connection);
    socket.on("message", (data) => {
      const request = JSON.parse(String(data)) as Request;
      this.requests.push(request);
      const scripted = this.on.get(request.method);
      if (scripted) return scripted(request, connection);
      this.#answer(request, connection);
    });
  }

  #answer({ id, method, params }: Request, connection: Connection): void {
    switch (method) {
      case "join": {
        const self = String(params["participantId"] ?? "made");
        return connection.answer(id, {
          state: "joined",
          meetingId: params["meetingId"],
          sessionId: "s1",
          participantId: self,
          secret: this.#secret,
          resumeWindowMs: 3_000,
          pingIntervalMs: 60_000,
          welcome: welcome(self, ["bob"]),
        });
      }
      case "resume": {
        const { secret } = params;
        if (secret === this.#offered) this.#secret = this.#offered;
        if (secret !== this.#secret) return connection.refuse(id, fault(3103, "RECONNECT_FAILED", "SECRET_REUSED"));
        this.#offered = `secret ${++this.#secrets}`;
        connection.answer(id, { seq: this.#log.length, secret: this.#offered });
        for (const frame of this.#log.slice(Number(params["lastSeq"]))) connection.raw(frame);
        return;
      }
      case "pubsub.publish":
        return connection.answer(id, { id: "m", timestamp: "2026-11-22T07:07:42Z" });
      case "pubsub.subscribe":
        return connection.answer(id, { messages: null });
      default:
        return connection.answer(id, {});
    }
  }
}
