// The webhook endpoint of an integrator: each event verified by the vendor's SDK, and each refused once it is tampered
// with.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import http from "node:http";
import { after, before } from "node:test";
import { WebhookVerificationError } from "@videosdk.live/server-sdk";

/** Returns a variable of the environment, which the Go test sets. */
export function env(name) {
  assert.ok(process.env[name], `${name} is not set`);
  return process.env[name];
}

/**
 * Listens while the tests of a file run. events are what came, broken what could not be verified. The names of what
 * came are written for the Go test at the end.
 */
export function listen(vsdk) {
  const events = [];
  const broken = [];
  const port = Number(env("TEST_HOOK_PORT"));
  const server = http.createServer((req, res) => {
    const parts = [];
    req.on("data", (part) => parts.push(part));
    req.on("end", async () => {
      const raw = Buffer.concat(parts);
      const signature = req.headers["videosdk-signature"];
      try {
        events.push({ path: req.url, ...(await vsdk.webhooks.verify(raw, signature)) });
        const tampered = Buffer.from(raw);
        tampered[tampered.length - 2] ^= 1;
        await assert.rejects(vsdk.webhooks.verify(tampered, signature), WebhookVerificationError);
      } catch (error) {
        broken.push(error);
      }
      res.end();
    });
  });
  before(() => new Promise((resolve) => server.listen(port, "127.0.0.1", resolve)));
  after(() => {
    server.close();
    server.closeAllConnections();
    writeFileSync(env("TEST_SENT"), JSON.stringify([...new Set(events.map((e) => e.type))]));
  });

  /** Polls until check returns something. */
  async function until(what, check, seconds = 30) {
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
      const found = await check();
      if (found) return found;
      assert.ok(Date.now() < deadline, `${what} did not come; there are ${JSON.stringify(events.map((e) => e.type))}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  const named = (type, id) => events.find((e) => e.type === type && (!id || e.data.id === id));
  const event = (type, id) => until(`the event ${type}`, () => named(type, id));
  return { events, broken, until, event, url: (path) => `http://127.0.0.1:${port}${path}` };
}
