import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { isReported, onResume, passes } from "../src/faults.gen.js";
import { browser, closeAll, listen, meeting } from "./environment.js";
import rules from "./recovery.gen.json";
import { fault, ScriptedServer } from "./server.js";

// Each fault of the catalogue in each way in which a server can end a participation or refuse its resume. The Go SDK
// has the same test (sdk/recovery_test.go), with the same expectation: the rules of the catalogue.

beforeAll(() => browser());
afterAll(closeAll);

const id = "flt_01KAN2Z3QH8Y7M4V0C9T5W6XRD";
const closeCode = (code: number): number => (code < 5000 ? code : code === 5102 ? 1012 : 1013);
const next = { retry: "resume", rejoin: "join", "": undefined } as const;
type Way = "resume" | "close" | "meeting-left";

async function meets(way: Way, { code, name, reason, onResume: rule }: (typeof rules)[number]): Promise<void> {
  const server = await ScriptedServer.start();
  try {
    const why = fault(code, name, reason, { id });
    const want = ["join"];
    const m = meeting(server);
    const heard = listen(m);
    await m.join();
    let recovery = next[rule as keyof typeof next];
    if (way === "resume") {
      server.on.set("resume", ({ id }, connection) => {
        server.on.delete("resume");
        connection.refuse(id, why);
      });
      server.cut();
      want.push("resume");
    } else if (way === "close") server.last.socket.close(closeCode(code), `${name} ${reason} ${id}`);
    else {
      if (recovery === "resume") recovery = undefined; // who was put out has nothing to resume
      server.event("meeting-left", { reason: { code: 1006, name: "ROOM_CLOSE" }, fault: why });
      server.cut();
    }
    if (recovery) want.push(recovery);
    const entries = (): string[] => server.methods().filter((method) => method === "join" || method === "resume");
    const told = (): unknown[] => heard.filter(([event]) => event === "error").map(([, one]) => one);
    await vi.waitFor(
      () => {
        expect(entries()).toEqual(want);
        const ended = way === "meeting-left" ? "DISCONNECTED" : "FAILED"; // who was put out has not failed
        expect(m.state).toBe(recovery ? "CONNECTED" : ended);
      },
      { timeout: 5_000, interval: 5 },
    );
    if (recovery === "resume") expect(told()).toEqual([]);
    else expect(told()).toMatchObject([{ code, reason, id, ...(recovery && { fatal: false }) }]);
  } finally {
    await server.close();
  }
}

test("the rules are those of the catalogue", () => {
  for (const rule of rules) {
    expect(isReported(rule as never)).toBe(rule.reported);
    expect(onResume(rule as never)).toBe(rule.onResume || "end");
    expect(passes(rule as never)).toBe(rule.passes);
  }
});

// One reason for each code and rule.
const kinds = rules.filter(
  (one, at) =>
    rules.findIndex((r) => r.code === one.code && r.onResume === one.onResume && r.passes === one.passes) === at,
);

async function refusesJoin({ code, name, reason, passes }: (typeof rules)[number]): Promise<void> {
  const server = await ScriptedServer.start();
  try {
    server.on.set("join", ({ id: request }, connection) => {
      server.on.delete("join");
      connection.refuse(request, fault(code, name, reason, { id }));
    });
    const m = meeting(server);
    const joined = m.join();
    if (passes) await joined;
    else await expect(joined).rejects.toMatchObject({ code, reason, id });
    expect(server.methods().filter((method) => method === "join")).toHaveLength(passes ? 2 : 1);
  } finally {
    await server.close();
  }
}

test.concurrent.for(kinds)("$code $reason does the same as in the Go SDK", { timeout: 60_000 }, async (rule) => {
  await meets("resume", rule);
  // The close codes of other 5xxx faults do not tell the code.
  if (rule.code < 5000 || rule.code === 5101 || rule.code === 5102) await meets("close", rule);
  await meets("meeting-left", rule);
  await refusesJoin(rule);
});
