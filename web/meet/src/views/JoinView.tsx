import { CopyButton, Icon, Page, personText } from "@klatch/ui";
import { Mic, MicOff, Video as VideoIcon, VideoOff } from "lucide";
import { useEffect, useId } from "preact/hooks";
import type { Capture } from "../device/capture";
import { Avatar } from "../parts/Avatar";
import { DeviceSelects } from "../parts/DeviceSelect";
import { FaultCard } from "../parts/FaultCard";
import { Meter } from "../parts/Meter";
import { Video } from "../parts/Video";
import { useStore } from "../state/context";
import { isBackgroundFailed } from "../state/trouble";
import { rich, t } from "../text";

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
  const { joinScreen } = store.asked.options;
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
            if (!joining) void store.join();
          }}
        >
          <h1>{joinScreen?.title ?? t("readyToJoin")}</h1>
          <p class="join-meeting">
            {rich("meetingWithId", { id: <bdi data-testid="meeting-id">{store.link.value.meetingId}</bdi> })}
          </p>
          {joinScreen?.meetingUrl !== undefined && (
            <p class="join-meeting" data-testid="meeting-url">
              <span class="clip">{joinScreen.meetingUrl}</span>{" "}
              <CopyButton label={t("copyLink")} text={() => joinScreen.meetingUrl ?? ""} testid="meeting-url-copy" />
            </p>
          )}
          {asks && <p class="join-hint">{t("lobbyAhead")}</p>}
          <div class="field">
            <label for={`${id}name`}>{t("yourName")}</label>
            <input
              id={`${id}name`}
              data-testid="name-input"
              value={name.value}
              maxLength={64}
              dir="auto"
              autoComplete="name"
              placeholder={t("howOthersSeeYou")}
              readOnly={joining}
              onInput={(e) => (name.value = e.currentTarget.value)}
            />
          </div>
          <button
            type="submit"
            class="button primary wide big"
            data-testid="join-button"
            // Not `disabled`: that would drop the focus.
            aria-disabled={joining}
            aria-busy={joining}
          >
            {joining ? t(asks ? "askingToJoin" : "joining") : t(asks ? "askToJoin" : "joinNow")}
          </button>
          {joining && (
            <button type="button" class="button wide" data-testid="join-cancel" onClick={() => void store.cancel()}>
              {t("cancel")}
            </button>
          )}
          {open.map((f) => (
            <FaultCard key={f.id} fault={f} />
          ))}
        </form>
        <div class="join-extra">
          <DeviceSelects />
          <div class="join-tools">
            {store.inside.value && (
              <>
                <store.inside.value.SpeakerTest />
                <store.inside.value.EffectsSection />
              </>
            )}
          </div>
          {/* What comes by itself comes last: it moves nothing. */}
          {faults.length > 0 && <p class="join-hint">{t(missing(store.camera, store.microphone))}</p>}
          {causes.map((f) => (
            <FaultCard key={f.id} fault={f} />
          ))}
        </div>
      </main>
    </Page>
  );
}

function missing(camera: Capture, microphone: Capture) {
  if (camera.fault.value !== null && microphone.fault.value !== null) return "joinWithoutBoth";
  return camera.fault.value !== null ? "joinWithoutCamera" : "joinWithoutMicrophone";
}

function Preview({ joining }: { joining: boolean }) {
  const store = useStore();
  const { camera, microphone, prefs } = store;
  const track = camera.stream.value?.getVideoTracks()[0];
  const sound = microphone.stream.value;
  const name = prefs.name.value.trim();
  const fault = camera.fault.value;
  const inside = store.inside.value;
  const action = fault !== null && isBackgroundFailed(fault) && inside && !joining && <inside.WithoutBackground />;
  return (
    <section class="preview" aria-label={t("preview")} data-testid="preview">
      {track === undefined ? (
        <div class="preview-off">
          {name === "" || action ? null : <Avatar id={name} name={name} />}
          <p>
            {joining
              ? t("joining")
              : camera.opening.value
                ? t("cameraStarting")
                : camera.fault.value === null
                  ? t("cameraOff")
                  : personText(camera.fault.value).what}
          </p>
          {action}
        </div>
      ) : (
        <Video track={track} mirrored={track.getSettings().facingMode !== "environment"} label={t("yourCamera")} />
      )}
      <div class="preview-meter">{sound !== null && <Meter stream={sound} />}</div>
      <div class="preview-tools">
        {store.has("mic") && (
          <Toggle
            capture={microphone}
            on={Mic}
            off={MicOff}
            words={microphoneWords}
            testid="mic-button"
            disabled={joining}
          />
        )}
        {store.has("cam") && (
          <Toggle
            capture={camera}
            on={VideoIcon}
            off={VideoOff}
            words={cameraWords}
            testid="cam-button"
            disabled={joining}
          />
        )}
        {store.inside.value && store.has("cam") && !joining && <store.inside.value.FlipButton />}
      </div>
    </section>
  );
}

const microphoneWords = { on: "switchMicrophoneOn", off: "switchMicrophoneOff" } as const;
const cameraWords = { on: "switchCameraOn", off: "switchCameraOff" } as const;

function Toggle({
  capture,
  on,
  off,
  words,
  testid,
  disabled,
}: {
  capture: Capture;
  on: typeof Mic;
  off: typeof Mic;
  words: typeof microphoneWords | typeof cameraWords;
  testid: string;
  disabled: boolean;
}) {
  const works = capture.wanted.value && capture.fault.value === null;
  const label = t(words[works ? "off" : "on"]);
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
