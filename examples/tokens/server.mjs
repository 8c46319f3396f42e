// A web server that has its users' names and hands out tokens for meetings. Node 18 or newer, no packages.
import { createHmac } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";

const url = process.env.KLATCH_URL ?? "http://127.0.0.1:4000";
const { KLATCH_API_KEY: apikey, KLATCH_SECRET: secret, PORT: port = "8080" } = process.env;
if (!apikey || !secret) {
  console.error("Set KLATCH_API_KEY and KLATCH_SECRET (klatch admin key create --account ACCOUNT prints both).");
  process.exit(2);
}

/** A JSON Web Token signed with HMAC SHA-256 (RFC 7519). The package jsonwebtoken does the same. */
function mint(claims) {
  const encode = (part) => Buffer.from(JSON.stringify(part)).toString("base64url");
  const now = Math.floor(Date.now() / 1000);
  const signed = `${encode({ alg: "HS256", typ: "JWT" })}.${encode({ apikey, version: 2, iat: now, ...claims })}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

const inSeconds = (seconds) => Math.floor(Date.now() / 1000) + seconds;

/** Calls REST with a token that stays on this server. */
async function rest(method, path, body) {
  const token = mint({ permissions: ["allow_join"], roles: ["crawler"], exp: inSeconds(60) });
  const response = await fetch(url + path, {
    method,
    headers: { Authorization: token, "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw Object.assign(new Error(answer.detail), { status: response.status, fault: answer });
  return answer;
}

/** What the page needs to join. The guest's id, the meeting and an hour are all that the token is good for. */
async function join({ name, meetingId }) {
  // Your sign-in belongs here: this example believes everybody's name.
  meetingId ||= (await rest("POST", "/v2/rooms", {})).roomId;
  const participantId = crypto.randomUUID();
  const permissions = ["allow_join"];
  const token = mint({ permissions, roles: ["rtc"], roomId: meetingId, participantId, exp: inSeconds(3600) });
  return { serverUrl: url, meetingId, participantId, name, token };
}

async function readBody(request) {
  let body = "";
  for await (const chunk of request) {
    body += chunk;
    if (body.length > 10_000) throw Object.assign(new Error("more than 10 kB"), { status: 413 });
  }
  try {
    return JSON.parse(body);
  } catch {
    throw Object.assign(new Error("not JSON"), { status: 400 });
  }
}

const page = await readFile(new URL("page.html", import.meta.url));

createServer(async (request, response) => {
  try {
    if (request.method === "POST" && request.url === "/join") {
      const answer = await join(await readBody(request));
      response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(answer));
    } else if (request.method === "GET" && request.url.split("?")[0] === "/") {
      response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" }).end(page);
    } else {
      response.writeHead(404).end();
    }
  } catch (error) {
    // A fault of Klatch goes on to the page as it is: it has code, reason, detail and remedy.
    const fault = error.fault ?? { detail: `${error.message}${error.cause ? `: ${error.cause.message}` : ""}` };
    response.writeHead(error.status ?? 502, { "Content-Type": "application/json" }).end(JSON.stringify(fault));
  }
}).listen(Number(port), "127.0.0.1", () => console.log(`http://127.0.0.1:${port}/`));
