import { Icon, Page, personText } from "@klatch/ui";
import { Mic, MicOff, Video as VideoIcon, VideoOff } from "lucide";
import { useEffect, useId } from "preact/hooks";
import type { Capture } from "../device/capture";
import { Avatar } from "../parts/Avatar";
import { DeviceSelects } from "../parts/DeviceSelect";
import { FaultCard } from "../parts/FaultCard";
import { Meter } from "../parts/Meter";
import { Video } from "../parts/Video";
import { useStore } from "../state/context";

/** How others will see and hear me, under what name; then in. */
export function JoinView() {
  const store = useStore();
  const id = useId();
  const joining = store.room.value.phase === "joining";
  const asks = store.asks.value;
  useEffect(() => {
    if (!joining) void store.preview();
  }, [store, joining]);
  useEffect(() => {
    const undo = store.devices.watch();
    return () => {
      undo();
      store.closePreview();
    };
  }, [store]);
  const { name } = store.prefs;
  const faults = [store.camera.fault.value, store.microphone.fault.value].filter((f) => f !== null);
  // One cause may hit both devices, such as a page that is not secure: it is shown once.
  const causes = faults.filter(
    (f, i) => faults.findIndex((other) => other.code === f.code && other.reason === f.reason) === i,
  );
  const open = store.room.value.faults.filter((f) => store.room.value.openFaults.includes(f.id));
  return (
    <Page theme={store.prefs.theme} testid="join-view">
      <main class="join">
        <Preview joining={joining} />
        <form
          class="join-form"
          onSubmit={(e) => {
            e.preventDefault();
            void store.join();
          }}
        >
          <h1>Ready to join?</h1>
          <p class="join-meeting">
            Meeting <bdi data-testid="meeting-id">{store.link.value.meetingId}</bdi>
          </p>
          {asks && <p class="join-hint">Somebody inside lets you in.</p>}
          <div class="field">
            <label for={`${id}name`}>Your name</label>
            <input
              id={`${id}name`}
              data-testid="name-input"
              value={name.value}
              maxLength={64}
              dir="auto"
              autoComplete="name"
              placeholder="How others see you"
              disabled={joining}
              onInput={(e) => (name.value = e.currentTarget.value)}
            />
          </div>
          <button
            type="submit"
            class="button primary wide big"
            data-testid="join-button"
            disabled={joining}
            aria-busy={joining}
          >
            {joining ? (asks ? "Asking to join…" : "Joining…") : asks ? "Ask to join" : "Join now"}
          </button>
          {joining && (
            <button type="button" class="button wide" data-testid="join-cancel" onClick={() => void store.cancel()}>
              Cancel
            </button>
          )}
          {faults.length > 0 && (
            <p class="join-hint">
              You can join without {missing(store.camera, store.microphone)}. What to do is below; you can also do it
              later, in the meeting.
            </p>
          )}
        </form>
        <div class="join-extra">
          {[...open, ...causes].map((f) => (
            <FaultCard key={f.id} fault={f} />
          ))}
          <DeviceSelects />
        </div>
      </main>
    </Page>
  );
}

function missing(camera: Capture, microphone: Capture): string {
  if (camera.fault.value !== null && microphone.fault.value !== null) return "camera and microphone";
  return camera.fault.value !== null ? "the camera" : "the microphone";
}

function Preview({ joining }: { joining: boolean }) {
  const store = useStore();
  const { camera, microphone, prefs } = store;
  const track = camera.stream.value?.getVideoTracks()[0];
  const sound = microphone.stream.value;
  const name = prefs.name.value.trim();
  return (
    <section class="preview" aria-label="Preview of your camera" data-testid="preview">
      {track === undefined ? (
        <div class="preview-off">
          {name === "" ? null : <Avatar id={name} name={name} />}
          <p>
            {joining
              ? "Joining…"
              : camera.opening.value
                ? "The camera is starting…"
                : camera.fault.value === null
                  ? "Your camera is off"
                  : personText(camera.fault.value).what}
          </p>
        </div>
      ) : (
        <Video track={track} mirrored label="Your camera" />
      )}
      <div class="preview-meter">{sound !== null && <Meter stream={sound} />}</div>
      <div class="preview-tools">
        <Toggle capture={microphone} on={Mic} off={MicOff} noun="microphone" testid="mic-button" disabled={joining} />
        <Toggle capture={camera} on={VideoIcon} off={VideoOff} noun="camera" testid="cam-button" disabled={joining} />
      </div>
    </section>
  );
}

function Toggle({
  capture,
  on,
  off,
  noun,
  testid,
  disabled,
}: {
  capture: Capture;
  on: typeof Mic;
  off: typeof Mic;
  noun: string;
  testid: string;
  disabled: boolean;
}) {
  const works = capture.wanted.value && capture.fault.value === null;
  const label = works ? `Switch the ${noun} off` : `Switch the ${noun} on`;
  return (
    <button
      type="button"
      class={`tool${works ? "" : " off"}`}
      aria-label={label}
      title={label}
      aria-pressed={works}
      aria-busy={capture.opening.value}
      data-testid={testid}
      disabled={disabled}
      onClick={() => void capture.set(!works)}
    >
      <span class="tool-face">
        <Icon icon={works ? on : off} size={22} />
      </span>
    </button>
  );
}
