import { expect, test } from "vitest";
import { closeConnection, during, statsOf } from "../src/connection.js";

/** A connection as far as closing goes. */
class Connection {
  signalingState = "stable";
  close(): void {
    this.signalingState = "closed";
  }
}

const never = (): Promise<RTCStatsReport> => new Promise(() => undefined);

test("a step that the close of its connection cuts off rejects", async () => {
  const pc = new Connection() as unknown as RTCPeerConnection;
  const other = new Connection() as unknown as RTCPeerConnection;
  const step = during(pc, new Promise<void>(() => undefined));
  const kept = during(other, new Promise<string>((resolve) => setTimeout(() => resolve("done"))));
  closeConnection(pc);
  await expect(step).rejects.toMatchObject({ name: "AbortError", message: "the connection was closed" });
  await expect(kept).resolves.toBe("done");
});

test("a step that is over is left alone by the close", async () => {
  const pc = new Connection() as unknown as RTCPeerConnection;
  await expect(during(pc, Promise.resolve(1))).resolves.toBe(1);
  await expect(during(pc, Promise.reject(new Error("no")))).rejects.toThrow("no");
  closeConnection(pc);
  closeConnection(undefined);
});

test("there are no statistics of what is closed, also while they are being read", async () => {
  const pc = new Connection() as unknown as RTCPeerConnection;
  const read = statsOf(pc, { getStats: never });
  closeConnection(pc);
  expect(await read).toBeUndefined();
  expect(await statsOf(pc, { getStats: () => Promise.reject(new Error("InvalidStateError")) })).toBeUndefined();
  expect(await statsOf(undefined)).toBeUndefined();
  const open = new Connection() as unknown as RTCPeerConnection;
  await expect(statsOf(open, { getStats: () => Promise.reject(new Error("not allowed")) })).rejects.toThrow(
    "not allowed",
  );
});
