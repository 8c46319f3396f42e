/** Made-up answers in the shapes of the server. */
import { VideoSDKErrors } from "@klatch/sdk";
import type { FaultEntry } from "../src/api/types";
import { drillsOf, incidentsOf, nodes, preCallTests, rules } from "./more";

const now = Date.now();
const ago = (s: number): string => new Date(now - s * 1000).toISOString();

const people = ["Ann Berg", "Bob Ito", "Chidi Okafor", "Dora Nagy", "Emil Larsen", "Fatima Zahra", "Gus", "Hana Kim"];
const browsers = ["Chrome/141", "Firefox/140", "Safari/18", "Chrome/139"];

function fault(i: number, more: Partial<FaultEntry>): FaultEntry {
  const code = more.code ?? 4002;
  const published = VideoSDKErrors[code as keyof typeof VideoSDKErrors] as
    { name: string; message: string } | undefined;
  return {
    name: published?.name ?? "MEDIA_CONNECTION_LOST",
    message: published?.message ?? "The media connection to the server was lost.",
    code,
    reason: "EXPIRED",
    detail: "The token expired 101 s ago; the server allows 60 s of clock difference.",
    remedy: "Mint a new token on your server and join again.",
    details: { expiredForSec: 101, leewaySec: 60 },
    param: "token.exp",
    fatal: false,
    retryable: false,
    retryAfterMs: 0,
    id: `flt_01JDZ9A7Q8M4T2V6W0X${String(i).padStart(4, "0")}`,
    causeId: "",
    at: ago(i * 130),
    docs: `/errors/${code}#${more.reason ?? "EXPIRED"}`,
    consoleUrl: "",
    meetingId: "r8xk-2mvd-90qa",
    sessionId: "ses_live",
    participantId: `p${i % 8}`,
    accountId: "acc_demo",
    sdk: "web/0.3.1",
    browser: browsers[i % 4] ?? "",
    ...more,
  };
}

const kinds: readonly Partial<FaultEntry>[] = [
  { code: 4002, fatal: true },
  {
    code: 3101,
    reason: "UDP_BLOCKED",
    detail: "No UDP packet of this client reached the server at 203.0.113.9:4001 for 8000 ms; TCP works and is used.",
    remedy: "Open UDP port 4001 of the server in the client's firewall; until then pictures may be late.",
    details: { address: "203.0.113.9:4001", forMs: 8000, pairs: 4 },
    lasts: true,
  },
  {
    code: 3011,
    reason: "NO_MEDIA_SENT",
    detail: "The video stream was switched on, but no media of it has left this device for 10000 ms, so it is off now.",
    remedy:
      "Make the source deliver media, or select another camera. The stream is off for everybody until media comes.",
    details: { kind: "video", forMs: 10000, label: "FaceTime HD Camera" },
  },
  {
    code: 5001,
    reason: "ENCODER_DIED",
    detail:
      "The encoder of recording rec_7 ended with signal 9 after 00:12:31; the file up to there is kept and plays.",
    remedy: "Give the server more memory, or lower egress.jobs; the log has the encoder's last words under this id.",
    details: { recordingId: "rec_7", signal: 9 },
    fatal: false,
    participantId: "",
  },
  {
    code: 4009,
    reason: "LIMIT",
    detail: "The meeting has 12 participants; the limit of the account is 12.",
    remedy: "Raise the limit `participants` of the account, or let somebody leave.",
    details: { limit: 12, present: 12 },
    fatal: true,
  },
];

const faults: readonly FaultEntry[] = Array.from({ length: 60 }, (_, i) => fault(i, kinds[i % kinds.length] ?? {}));

function session(i: number, live = false) {
  return {
    id: live ? "ses_live" : `ses_01JDZ9A7Q8M4T2V6W0XY${i}`,
    roomId: i % 2 === 0 ? "r8xk-2mvd-90qa" : "q1zp-77ha-mm3c",
    customRoomId: i % 3 === 0 ? "weekly-standup" : null,
    status: live ? "ongoing" : "ended",
    start: ago(live ? 2700 : 9000 * i),
    end: live ? null : ago(9000 * i - 3000),
    userId: "acc_demo",
    participants: people.map((name, p) => ({
      participantId: `p${p}`,
      name,
      timelog: [{ start: ago(2700), end: live && p !== 3 ? null : ago(300) }],
    })),
  };
}

const sessions = [session(0, true), ...Array.from({ length: 12 }, (_, i) => session(i + 1))];

function timeline(count: number, lengthS: number, live: boolean) {
  const begin = live ? lengthS : lengthS + 600;
  const end = live ? null : ago(600);
  const participants = [];
  const streams = [];
  for (let i = 0; i < count; i++) {
    const joined = begin - ((i * 37) % (lengthS * 0.4));
    const left = i % 6 === 3 ? ago(joined - lengthS * 0.3) : end;
    const id = `p${i}`;
    participants.push({
      participantId: id,
      name: i < 8 ? people[i] : `Participant ${i + 1}`,
      joinedAt: ago(joined),
      leftAt: left,
      reason: "LEFT",
      sdk: "web/0.3.1",
      browser: browsers[i % 4],
    });
    if (i % 6 === 3 && i < 20)
      participants.push({
        participantId: id,
        name: people[i % 8],
        joinedAt: ago(joined - lengthS * 0.34),
        leftAt: end,
        reason: "LEFT",
      });
    streams.push({ participantId: id, kind: "audio", startedAt: ago(joined - 4), endedAt: left, codec: "opus" });
    if (i % 3 !== 2)
      streams.push({
        participantId: id,
        kind: "video",
        startedAt: ago(joined - 6),
        endedAt: i % 4 === 1 ? ago(joined - lengthS * 0.25) : left,
        codec: i % 2 === 0 ? "VP8" : "H264",
      });
    if (i === 1)
      streams.push({
        participantId: id,
        kind: "share",
        startedAt: ago(lengthS * 0.5),
        endedAt: ago(lengthS * 0.2),
        codec: "VP9",
      });
  }
  return {
    sessionId: count > 100 ? "ses_big" : "ses_live",
    roomId: "r8xk-2mvd-90qa",
    customRoomId: "weekly-standup",
    startedAt: ago(begin),
    endedAt: end,
    truncated: count > 100,
    faults: faults.slice(0, 26),
    participants,
    streams,
    jobs: [
      { id: "rec_7", kind: "recording", status: "FAILED", startedAt: ago(lengthS * 0.8), endedAt: ago(lengthS * 0.3) },
      { id: "hls_2", kind: "hls", status: live ? "PLAYABLE" : "STOPPED", startedAt: ago(lengthS * 0.6), endedAt: end },
    ],
    webhooks: [
      { id: "whd_1", event: "session-started", attempts: [{ at: ago(begin - 1), status: 200, durationMs: 41 }] },
      {
        id: "whd_2",
        event: "participant-joined",
        attempts: [
          { at: ago(begin - 60), status: 500, durationMs: 12 },
          { at: ago(begin - 130), status: null, durationMs: 10_000 },
          { at: ago(begin - 400), status: 200, durationMs: 33 },
        ],
      },
      { id: "whd_3", event: "recording-failed", attempts: [{ at: ago(lengthS * 0.3), status: 200, durationMs: 33 }] },
    ],
  };
}

function stats(count: number, lengthS: number) {
  return {
    step: 10,
    participants: Array.from({ length: count }, (_, i) => ({
      participantId: `p${i}`,
      stats: Array.from({ length: Math.floor(lengthS / 10) }, (_, s) => {
        const bad = Math.max(0, Math.sin(s / 19 + i * 1.7) - 0.72) * 2.6;
        const score = Math.max(0, 9.6 - bad * 9 - ((s * 13 + i) % 5) * 0.1);
        return {
          time: ago(lengthS - s * 10),
          averageAudioRtt: 40 + bad * 300 + ((s * 7 + i) % 9),
          qualityScore: { audio: 9.8, video: score },
        };
      }),
    })),
  };
}

const keys = [
  {
    apiKey: "2f1c7a90-5b1e-4f7c-9a53-1d2e3f4a5b6c",
    accountId: "acc_demo",
    label: "production",
    state: "active",
    stateSince: ago(900_000),
    createdAt: ago(9_000_000),
  },
  {
    apiKey: "77aa10f2-9c1b-4d8e-8f00-a1b2c3d4e5f6",
    accountId: "acc_demo",
    label: "staging",
    state: "deactivated",
    stateSince: ago(5000),
    createdAt: ago(5_000_000),
  },
  {
    apiKey: "00000000-1111-2222-3333-444444444444",
    accountId: "acc_demo",
    label: "old",
    state: "revoked",
    stateSince: ago(70_000),
    createdAt: ago(20_000_000),
  },
];

const jobs = (extra: object) =>
  ["STARTED", "STOPPED", "FAILED", "STOPPED"].map((status, i) => ({
    id: `job_01JDZ9A7Q8M4T2V6W0XY${i}`,
    roomId: "r8xk-2mvd-90qa",
    sessionId: "ses_live",
    status,
    start: ago(4000 * (i + 1)),
    end: status === "STARTED" ? null : ago(4000 * (i + 1) - 2211),
    createdAt: ago(4000 * (i + 1)),
    file:
      status === "STOPPED"
        ? { fileUrl: `${location.origin}/x.mp4?i=${i}`, size: 73_400_000, meta: { duration: 2211 } }
        : null,
    fault: status === "FAILED" ? faults[3] : null,
    ...extra,
  }));

const page = (data: readonly unknown[]) => ({
  data,
  pageInfo: {
    currentPage: 1,
    perPage: 25,
    lastPage: data.length > 10 ? 3 : 1,
    total: data.length > 10 ? 71 : data.length,
  },
});

const trend = (i: number): number[] =>
  Array.from({ length: 24 }, (_, h) => Math.max(0, Math.round(8 * Math.sin(h / 3 + i)) + (h % 3)));

const account = (id: string, name: string, state: string) => ({
  id,
  name,
  state,
  createdAt: ago(9_000_000),
  limits: {
    participants: 100,
    speakers: 50,
    accountSpeakers: 0,
    accountViewers: 0,
    accountReceivers: 0,
    recordings: 5,
    hls: 2,
    livestreams: 2,
  },
  settings: {
    everyoneMayModerate: false,
    everyoneMayEnd: false,
    everyoneMayEgress: true,
    addOnsDisabled: false,
    restRequiresCrawler: true,
  },
});

const accounts = [
  account("acc_demo", "Demo Clinic", "active"),
  account("acc_two", "Harbor School", "active"),
  account("acc_old", "Old Inc", "deactivated"),
];

const delivery = {
  roomId: "r8xk-2mvd-90qa",
  sessionId: "ses_live",
  endpoint: "https://api.example.com",
  nextAttemptAt: null,
  repeats: null,
};
const deliveries = [
  {
    ...delivery,
    id: "1041",
    event: "participant-joined",
    state: "failed",
    madeAt: ago(700),
    attemptCount: 2,
    attempts: [
      { number: 1, at: ago(690), status: 500, durationMs: 41, reason: "STATUS", answer: "Internal Server Error" },
      { number: 2, at: ago(600), status: null, durationMs: 10_000, reason: "TIMEOUT", answer: "" },
    ],
  },
  {
    ...delivery,
    id: "1042",
    event: "recording-failed",
    state: "waiting",
    madeAt: ago(300),
    nextAttemptAt: ago(-60),
    attemptCount: 1,
    attempts: [
      { number: 1, at: ago(200), status: 503, durationMs: 8, reason: "STATUS", answer: '{"error":"maintenance"}' },
    ],
  },
  {
    ...delivery,
    id: "1040",
    event: "session-started",
    state: "delivered",
    madeAt: ago(2700),
    attemptCount: 1,
    attempts: [{ number: 1, at: ago(2699), status: 200, durationMs: 33, reason: "", answer: "ok" }],
  },
];

export function answerFor(
  method: string,
  path: string,
  query: URLSearchParams,
  role: string,
  state: string,
): { status: number; body: unknown } {
  const ok = (body: unknown) => ({ status: 200, body });
  const developer = role === "developer";
  if (path === "/console/v1/me") {
    if (role === "nobody") return { status: 401, body: faults[0] };
    return ok({
      role,
      accountId: developer ? "acc_demo" : null,
      accountName: developer ? "Demo Clinic" : null,
      csrf: "x",
      expiresAt: ago(-3600),
    });
  }
  if (path.startsWith("/console/v1/sign-in"))
    return {
      status: 401,
      body: {
        ...faults[0],
        code: 4002,
        reason: "WRONG_ADMIN_TOKEN",
        detail: "The admin token is not the one of this server.",
        remedy: "Use the token in data.dir/admin-token, or that of admin.token.",
        fatal: false,
      },
    };
  if (path === "/admin/v1/accounts")
    return method === "GET" ? ok(page(state === "nothing" ? [] : accounts)) : ok(accounts[0]);
  if (state === "error")
    return {
      status: 503,
      body: {
        ...faults[0],
        code: 5101,
        name: "SERVER_UNAVAILABLE",
        message: "The server cannot serve this request now.",
        reason: "STORE_BUSY",
        detail: "The database did not answer within 2000 ms.",
        remedy: "Try again in a few seconds; if it stays, the operator looks at the disk and at database.url.",
        fatal: false,
      },
    };
  const some = <T>(list: readonly T[]): readonly T[] => (state === "empty" || state === "nothing" ? [] : list);
  const one = path.split("/").at(-1) ?? "";
  if (path.endsWith("invites"))
    return ok({
      inviteId: "inv_1",
      role: "developer",
      expiresAt: ago(-86_400),
      link: "https://meet.example.com/console/#invite=kci_Zx81mQ2nV",
    });
  if (/^\/admin\/v1\/accounts\/\w+$/.test(path) || path === "/v2/account") return ok(accounts[0]);
  if (path.endsWith("keys"))
    return method === "GET" ? ok(page(some(keys))) : ok({ ...keys[0], secret: "kD93hs8dh2lqPz71Xx0aQm5u8yTn4Ww2" });
  if (/\/faults\/flt_/.test(path)) {
    const found = faults.find((f) => f.id === one) ?? faults[1];
    return ok({
      ...found,
      causes: [faults[7]],
      consequences: [faults[12], faults[3]],
      count24h: 14,
      firstSeen: ago(2_000_000),
      firstSdk: "web/0.3.0",
    });
  }
  if (path.endsWith("/faults")) {
    if (query.has("group"))
      return ok({
        ...page([]),
        groups: some(
          kinds.map((k, i) => ({
            key: `${k.code}.${k.reason ?? "EXPIRED"}`,
            code: k.code,
            reason: k.reason ?? "EXPIRED",
            count: 40 - i * 7,
            first: ago(80_000),
            last: ago(200 * i + 3),
            lastId: faults[i]?.id,
            trend: trend(i),
          })),
        ),
      });
    return ok(page(some(path.includes("sessions") ? faults.filter((_, i) => i < 26) : faults).slice(0, 50)));
  }
  if (path.endsWith("conditions"))
    return ok({
      data: some([
        faults[1],
        {
          ...faults[3],
          code: 5103,
          reason: "TIMEOUT",
          detail: "The endpoint api.example.com has not answered for 12 deliveries.",
          lasts: true,
        },
      ]),
    });
  if (path === "/v2/sessions")
    return ok(page(some(query.get("status") === "ongoing" ? sessions.slice(0, 1) : sessions)));
  if (/^\/v2\/sessions\/\w+$/.test(path))
    return ok(one === "ses_big" ? { ...session(1), id: "ses_big", start: ago(7800), end: ago(600) } : session(0, true));
  if (path.endsWith("timeline"))
    return ok(path.includes("ses_big") ? timeline(200, 7200, false) : timeline(8, 2700, true));
  const [, who] = /participants\/(\w+)\/stats$/.exec(path) ?? [];
  if (who !== undefined) return ok(stats(8, 2700).participants.find((p) => p.participantId === who));
  if (path.endsWith("stats")) return ok(path.includes("ses_big") ? stats(200, 7200) : stats(8, 2700));
  if (path === "/admin/v1/sessions")
    return ok(
      page(
        some([
          {
            sessionId: "ses_live",
            accountId: "acc_demo",
            meetingId: "r8xk-2mvd-90qa",
            participants: 7,
            waiting: 1,
            startedAt: ago(2700),
          },
        ]),
      ),
    );
  const room = {
    roomId: "r8xk-2mvd-90qa",
    customRoomId: "weekly-standup",
    disabled: false,
    createdAt: ago(900_000),
    webhook: { endPoint: "https://api.example.com/hooks/klatch", events: [] },
  };
  if (path === "/v2/rooms")
    return method === "GET"
      ? ok(page(some([room, { ...room, roomId: "q1zp-77ha-mm3c", customRoomId: null, webhook: null, disabled: true }])))
      : ok(room);
  if (path.startsWith("/v2/rooms/")) return ok(room);
  if (path.startsWith("/v2/hls")) return ok(page(some(jobs({ playbackHlsUrl: "/hls/x.m3u8" }))));
  if (path.startsWith("/v2/livestreams"))
    return ok(
      page(
        some(
          jobs({
            outputs: [
              { url: "rtmp://live.example.com/app", state: "live" },
              { url: "rtmp://b.example.com/live2", state: "retrying" },
            ],
          }),
        ),
      ),
    );
  if (path.startsWith("/v2/recordings")) return ok(page(some(jobs({}))));
  if (/webhook-deliveries\/\w+$/.test(path)) return ok(deliveries[0]);
  if (/webhook-deliveries/.test(path)) return ok(page(some(deliveries)));
  if (path.endsWith("audit"))
    return ok(
      page(
        some([
          {
            id: 3,
            at: ago(60),
            accountId: "acc_demo",
            actor: "operator",
            consoleSessionId: "x",
            address: "198.51.100.7",
            route: "PATCH /admin/v1/accounts/{accountId}",
            ids: { accountId: "acc_demo" },
            status: 200,
            code: 0,
            reason: "",
            faultId: "",
          },
          {
            id: 2,
            at: ago(6000),
            accountId: "acc_demo",
            actor: "developer",
            consoleSessionId: "x",
            address: "198.51.100.9",
            route: "DELETE /v2/recordings/{recordingId}",
            ids: { recordingId: "rec_7" },
            status: 409,
            code: 4018,
            reason: "STILL_RUNNING",
            faultId: faults[3]?.id ?? "",
          },
          {
            id: 1,
            at: ago(90_000),
            accountId: "",
            actor: "admin-token",
            consoleSessionId: "",
            address: "127.0.0.1",
            route: "POST /admin/v1/keys",
            ids: { apiKey: keys[0]?.apiKey ?? "", accountId: "acc_demo" },
            status: 200,
            code: 0,
            reason: "",
            faultId: "",
          },
        ]),
      ),
    );
  if (path === "/admin/v1/nodes") return ok(page(nodes));
  if (path.endsWith("/drills")) {
    const { kinds, data } = drillsOf(faults.find((f) => f.code === 4009) ?? faults[0]);
    return ok({ ...page(some(data)), kinds });
  }
  if (path === "/v2/alertRules") return ok(page(some(rules)));
  if (path.startsWith("/v2/alertRules/"))
    return ok({ alertRule: rules.find((r) => r.alertRuleId === one) ?? rules[0] });
  const incidents = incidentsOf(faults[1]?.id ?? "");
  if (path === "/v2/incidents") return ok(page(some(incidents)));
  if (path.startsWith("/v2/incidents/")) return ok(incidents.find((i) => i["incidentId"] === one) ?? incidents[0]);
  if (path.endsWith("/pre-call-tests")) return ok(page(some(preCallTests)));
  if (path.includes("/pre-call-tests/")) return ok(preCallTests.find((t) => t.id === one) ?? preCallTests[0]);
  if (path === "/admin/v1/readiness")
    return ok({
      ready: false,
      capabilities: {
        database: { ready: true, detail: "sqlite, 41 ms" },
        encoder: { ready: false, detail: "ffmpeg 4.4 is too old; 5.0 or newer is needed" },
        storage: { ready: true },
        media: { ready: true, detail: "UDP and TCP port 4001" },
      },
    });
  if (path === "/healthz") return ok({ version: "0.9.0" });
  return {
    status: 404,
    body: {
      ...faults[0],
      code: 4040,
      reason: "ROUTE",
      detail: `No ${method} ${path} here.`,
      remedy: "Look at the fixture.",
    },
  };
}
