import { CopyButton, FaultCard, Icon, Page, type Theme } from "@klatch/ui";
import type { PreCallCheck, PreCallCheckName } from "@klatch/sdk";
import type { Signal } from "@preact/signals";
import { CircleCheck, CircleDashed, CircleMinus, LoaderCircle, OctagonX, Volume2, type IconNode } from "lucide";
import { useEffect, useRef } from "preact/hooks";
import type { Run } from "./run";
import { outcomeOf, valuesOf } from "./words";

const titles: Readonly<Record<PreCallCheckName, string>> = {
  camera: "Camera",
  microphone: "Microphone",
  speaker: "Loudspeaker",
  signaling: "Connection to the server",
  udp: "Media over UDP",
  tcp: "Media over TCP",
  turn: "Media through a relay (TURN)",
  network: "Quality of the network",
};

export function App({ run, theme }: { run: Run; theme: Signal<Theme> }) {
  return (
    <Page theme={theme} testid="test-view">
      <main class="test">
        <h1>Test before a call</h1>
        {run.phase.value === "asking" ? <Asking run={run} /> : <Running run={run} />}
      </main>
    </Page>
  );
}

function Asking({ run }: { run: Run }) {
  return (
    <>
      <p class="soft">
        Checks your camera, microphone and loudspeaker, and how well your network carries a call. Nobody sees or hears
        you: what you send comes back to this page alone. It takes about half a minute.
      </p>
      <Speaker run={run} />
      <form
        class="panel"
        onSubmit={(event) => {
          event.preventDefault();
          void run.start();
        }}
      >
        <label class="choice">
          <input
            type="checkbox"
            checked={run.withCamera.value}
            onChange={({ currentTarget }) => (run.withCamera.value = currentTarget.checked)}
          />
          Test the camera, too
        </label>
        {run.needsToken && (
          <label class="field">
            Token
            <input
              data-testid="test-token"
              type="password"
              autocomplete="off"
              required
              value={run.token.value}
              onInput={({ currentTarget }) => (run.token.value = currentTarget.value.trim())}
            />
            <span class="soft">
              Links to this page hold one. `klatch dev` prints such a link, and `klatch token` a token.
            </span>
          </label>
        )}
        <button type="submit" class="button big primary" data-testid="test-start">
          Start the test
        </button>
      </form>
    </>
  );
}

function Speaker({ run }: { run: Run }) {
  const speaker = run.speaker.value;
  return (
    <section class="panel" aria-label="Loudspeaker">
      <div class="row">
        <button
          type="button"
          class="button"
          data-testid="test-tone"
          disabled={speaker === "playing"}
          onClick={() => void run.tone()}
        >
          <Icon icon={Volume2} /> Play a tone
        </button>
        {speaker !== "untested" && speaker !== "playing" && (
          <>
            <span>Did you hear it?</span>
            <button
              type="button"
              class="button small"
              data-testid="test-heard"
              aria-pressed={speaker === "heard"}
              onClick={() => (run.speaker.value = "heard")}
            >
              Yes
            </button>
            <button
              type="button"
              class="button small"
              data-testid="test-silent"
              aria-pressed={speaker === "silent"}
              onClick={() => (run.speaker.value = "silent")}
            >
              No
            </button>
          </>
        )}
      </div>
    </section>
  );
}

function Running({ run }: { run: Run }) {
  const done = run.phase.value === "done";
  return (
    <>
      {done ? <Outcome run={run} /> : <Devices run={run} />}
      <ol class="checks" data-testid="test-checks">
        {[...run.checks.value.values()].map((check) => (
          <Check key={check.name} check={check} run={run} done={done} />
        ))}
      </ol>
      {!done && (
        <button type="button" class="button" data-testid="test-stop" onClick={() => run.stop()}>
          Stop
        </button>
      )}
    </>
  );
}

function Devices({ run }: { run: Run }) {
  const video = useRef<HTMLVideoElement>(null);
  const stream = run.preview.value;
  useEffect(() => {
    if (video.current) video.current.srcObject = stream ?? null;
  }, [stream]);
  return (
    <section class="panel devices" aria-label="Camera and microphone">
      {stream !== undefined && <video ref={video} autoplay muted playsInline aria-label="Your camera" />}
      <label class="meter">
        Microphone
        <meter data-testid="test-level" min={0} max={1} value={run.level.value} />
      </label>
    </section>
  );
}

function Outcome({ run }: { run: Run }) {
  const { title, text, ok } = outcomeOf([...run.checks.value.values()], run.aborted.value, run.failure.value);
  const id = run.reportId.value;
  return (
    <section class="panel outcome" data-testid="test-outcome" data-ok={ok}>
      <div role="status">
        <h2>
          <Icon icon={ok ? CircleCheck : OctagonX} /> {title}
        </h2>
        <p>{text}</p>
      </div>
      {id !== "" && (
        <p class="row">
          <span>
            Report <code data-testid="test-report">{id}</code>
          </span>
          <CopyButton text={() => id} label="Copy id" testid="test-copy" />
        </p>
      )}
      <button
        type="button"
        class="button primary"
        data-testid="test-again"
        onClick={() => {
          run.speaker.value = "untested";
          run.phase.value = "asking";
        }}
      >
        Test again
      </button>
    </section>
  );
}

const icons: Readonly<Record<PreCallCheck["status"], IconNode>> = {
  running: LoaderCircle,
  passed: CircleCheck,
  failed: OctagonX,
  skipped: CircleMinus,
  aborted: CircleMinus,
};

function Check({ check, run, done }: { check: PreCallCheck; run: Run; done: boolean }) {
  const { name, status, device, fault } = check;
  const waits = check.durationMs < 0; // of this page's own making, until the test gets there
  const state = waits ? (done ? "not reached" : "waiting") : status === "skipped" ? "not checked" : status;
  const values = name === "network" && status === "running" ? [] : valuesOf(check);
  return (
    <li data-testid={`check-${name}`} data-status={waits ? "waiting" : status}>
      <div class="row">
        <span class={`check-icon ${waits ? "waiting" : status}`}>
          <Icon icon={waits ? CircleDashed : icons[status]} />
        </span>
        <b>{titles[name]}</b>
        <span class="soft">{state}</span>
      </div>
      {name === "network" && status === "running" && !waits && (
        <progress aria-label="Measuring the network" max={1} value={run.progress.value} />
      )}
      {(device || values.length > 0) && (
        <p class="soft values">{[...(device ? [device] : []), ...values].join(" · ")}</p>
      )}
      {fault && <FaultCard fault={fault} base={run.base} />}
    </li>
  );
}
