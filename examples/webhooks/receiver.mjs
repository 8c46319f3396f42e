// Takes webhooks and checks their signature. Node 18 or newer, no packages.
import { verify } from "node:crypto";
import { createServer } from "node:http";

const url = process.env.KLATCH_URL ?? "http://127.0.0.1:4000";
const port = Number(process.env.PORT ?? "8090");

// The key belongs to the server for as long as its data directory. Read it once, or keep it in your configuration.
const { publicKey } = await (await fetch(`${url}/v2/public/rsa-public-key`)).json();

const seen = new Set(); // an event may come twice, with the same id; keep the ids in your database

createServer(async (request, response) => {
  const chunks = [];
  let length = 0;
  for await (const chunk of request) {
    if ((length += chunk.length) > 1_000_000) return response.writeHead(413).end();
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks); // the raw bytes: JSON that was read and written again has another signature
  const signature = Buffer.from(request.headers["videosdk-signature"] ?? "", "base64");
  if (!verify("RSA-SHA256", body, publicKey, signature)) return response.writeHead(401).end("wrong signature");

  response.writeHead(204).end(); // within 10 s; long work comes after the answer
  const event = JSON.parse(body.toString());
  if (seen.has(event.id)) return;
  seen.add(event.id);
  console.log(event.webhookType, JSON.stringify(event.data));
}).listen(port, "127.0.0.1", () => console.log(`listening on http://127.0.0.1:${port}/`));
