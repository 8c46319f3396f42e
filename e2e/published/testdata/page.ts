// What the scripts of the pages share: what the test has given them, and checks. A failed check does not end the
// script.

/** What the test put into the address of the page. */
export const given = Object.fromEntries(new URLSearchParams(location.search)) as {
  server: string;
  meetingId: string;
  token: string;
  browser: string;
} & Record<string, string>;

const result = { done: false, failures: [] as string[], value: "" };
(globalThis as { result?: typeof result }).result = result;

const fail = (text: string): void => void result.failures.push(text);
addEventListener("error", (event) => fail(`exception: ${event.message}`));
addEventListener("unhandledrejection", (event) => fail(`rejection: ${describe(event.reason)}`));

/** Runs the script of a page. What it returns goes to the test as JSON. */
export function run(body: () => Promise<unknown>): void {
  body()
    .then((value) => (result.value = JSON.stringify(value) ?? ""))
    .catch((error: unknown) => fail(`the script stopped: ${describe(error)}`))
    .finally(() => (result.done = true));
}

export function check(what: string, ok: unknown): void {
  if (!ok) fail(what);
}

export function equal(what: string, got: unknown, want: unknown): void {
  const [a, b] = [JSON.stringify(got), JSON.stringify(want)];
  if (a !== b) fail(`${what}: got ${a}, want ${b}`);
}

/** Waits until a condition holds and returns its value; after the time a failed check. */
export async function until<T>(what: string, condition: () => T | Promise<T>, ms = 20_000): Promise<T | undefined> {
  for (const end = Date.now() + ms; Date.now() < end;) {
    const value = await condition();
    if (value) return value;
    await new Promise((wake) => setTimeout(wake, 50));
  }
  fail(`timeout: ${what}`);
  return undefined;
}

/** Checks that a call is refused with these fields of a fault, by a rejection or by throwing, and returns the fault. */
export async function rejects(what: string, call: () => unknown, want: Record<string, unknown>): Promise<unknown> {
  try {
    const got = await call();
    fail(`${what}: was not refused, returned ${JSON.stringify(got)}`);
  } catch (error) {
    for (const [key, value] of Object.entries(want))
      equal(`${what}: ${key}`, (error as Record<string, unknown>)[key], value);
    return error;
  }
  return undefined;
}

/** Resolves with the arguments of the next event, or fails after the time. */
export function next(emitter: { on(event: any, listener: any): unknown }, event: string, ms = 20_000): Promise<any[]> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`timeout: event ${event}`)), ms);
    const listener = (...args: unknown[]): void => {
      clearTimeout(timer);
      resolve(args);
    };
    emitter.on(event, listener);
  });
}

/** Waits until a track shows pictures that change. */
export async function shows(what: string, track: MediaStreamTrack): Promise<void> {
  const video = Object.assign(document.createElement("video"), { autoplay: true, muted: true, playsInline: true });
  video.srcObject = new MediaStream([track]);
  document.body.append(video);
  void video.play().catch(() => undefined); // a stream that has no picture yet
  await until(`${what}: a picture`, () => video.videoWidth > 0 && video.currentTime > 0.2);
  video.remove();
}

/** Waits until a remote track is heard: the energy of what is played grows. */
export async function sounds(what: string, track: MediaStreamTrack): Promise<void> {
  const player = Object.assign(new Audio(), { srcObject: new MediaStream([track]), autoplay: true });
  document.body.append(player);
  void player.play().catch(() => undefined); // the check below finds out
  let before: number | undefined;
  await until(`${what}: sound`, async () => {
    let energy = 0;
    for (const connection of (globalThis as { __connections?: RTCPeerConnection[] }).__connections ?? []) {
      for (const row of (await connection.getStats()).values()) {
        if (row.type === "inbound-rtp" && row.trackIdentifier === track.id) energy = row.totalAudioEnergy ?? 0;
      }
    }
    const grows = before !== undefined && energy > before;
    before = energy;
    return grows;
  });
  player.remove();
}

function describe(error: unknown): string {
  return error instanceof Error ? `${String(error)}\n${error.stack ?? ""}` : JSON.stringify(error);
}
