import { CopyButton, Icon, locale } from "@klatch/ui";
import { CircleDot, ExternalLink, MonitorPlay, Radio, Square, type IconNode } from "lucide";
import type { ComponentChildren } from "preact";
import { watchAddress } from "../link";
import { PictureFields } from "../parts/PictureFields";
import { RecordingLink } from "../parts/RecordingLink";
import { useStore } from "../state/context";
import { isOn, phaseOf, type EgressKind, type EgressPhase } from "../state/egress";
import { may } from "../state/room";
import { t, type Text } from "../text/inside";
import { PanelHead } from "./PanelHead";

const words: Readonly<Record<EgressKind, Readonly<Record<EgressPhase, Text>>>> = {
  recording: {
    off: "recordingOffState",
    starting: "starting",
    on: "recordingOnState",
    playable: "recordingOnState",
    stopping: "recordingStoppingState",
  },
  livestream: {
    off: "livestreamOffState",
    starting: "livestreamStartingState",
    on: "livestreamOnState",
    playable: "livestreamOnState",
    stopping: "stopping",
  },
  hls: {
    off: "hlsOffState",
    starting: "starting",
    on: "hlsOnState",
    playable: "hlsPlayableState",
    stopping: "hlsStoppingState",
  },
};

/** What leaves the meeting: states for everybody, switches for those who may. */
export function EgressPanel() {
  const store = useStore();
  const { egress, files } = store.room.value;
  const mayEgress = may(store.room.value, "allow_egress");
  const phase = phaseOf(egress.hls);
  const playlist = phase === "starting" ? undefined : egress.urls.playbackHlsUrl;
  return (
    <>
      <PanelHead title={t("recordAndStream")} close={t("closeEgress")} />
      <div class="egress">
        <Job
          kind="recording"
          title={t("recording")}
          icon={CircleDot}
          start={t("startRecording")}
          stop={t("stopRecording")}
          testid="record-button"
          onStart={() => void store.toggleRecording()}
          onStop={() => void store.toggleRecording()}
        >
          {files.length > 0 && (
            <ul class="recorded" data-testid="recorded">
              {files.map(({ url, at }) => (
                <li key={url}>
                  <span>
                    {t("readyAt", { time: new Date(at).toLocaleTimeString(locale.value, { timeStyle: "short" }) })}
                  </span>
                  <RecordingLink url={url} />
                </li>
              ))}
            </ul>
          )}
        </Job>
        <Job
          kind="livestream"
          title={t("livestream")}
          icon={Radio}
          start={t("startLivestream")}
          stop={t("stopLivestream")}
          testid="live-button"
          onStart={() => (store.screen.dialog.value = "live")}
          onStop={() => void store.stopLivestream()}
        />
        <Job
          kind="hls"
          title={t("watchPage")}
          icon={MonitorPlay}
          start={t("startHls")}
          stop={t("stopHls")}
          testid="hls-button"
          onStart={() => void store.toggleHls()}
          onStop={() => void store.toggleHls()}
        >
          {playlist !== undefined && (
            <WatchLink address={watchAddress(store.link.value.base, playlist)} over={phase === "off"} />
          )}
        </Job>
        {mayEgress && (
          <section class="job" aria-labelledby="picture-title">
            <h3 id="picture-title">{t("nextPicture")}</h3>
            <PictureFields />
          </section>
        )}
      </div>
    </>
  );
}

interface JobProps {
  kind: EgressKind;
  title: string;
  icon: IconNode;
  start: string;
  stop: string;
  testid: string;
  onStart: () => void;
  onStop: () => void;
  children?: ComponentChildren;
}

function Job({ kind, title, icon, start, stop, testid, onStart, onStop, children }: JobProps) {
  const store = useStore();
  const { egress } = store.room.value;
  const mayEgress = may(store.room.value, "allow_egress");
  const phase = phaseOf(egress[kind]);
  const busy = store.busy.value.has(kind);
  const running = isOn(phase);
  // Not `disabled`: that would drop the focus while the button waits.
  const waits = busy || phase === "starting" || phase === "stopping";
  if (!store.has(kind)) return null;
  return (
    <section
      class={`job ${kind}${phase === "off" ? "" : " active"}`}
      aria-labelledby={`${kind}-title`}
      data-testid={`${kind}-job`}
      data-status={egress[kind]}
    >
      <h3 id={`${kind}-title`}>
        <Icon icon={icon} size={18} /> {title}
      </h3>
      <p class="job-state" data-testid={`${kind}-state`}>
        {phase === "off" && !mayEgress ? t("notRunning") : t(words[kind][phase])}
      </p>
      {children}
      {mayEgress && (
        <button
          type="button"
          class={`button wide${running ? " stop" : ""}`}
          data-testid={testid}
          aria-busy={busy}
          aria-disabled={waits}
          onClick={waits ? undefined : running ? onStop : onStart}
        >
          {running && <Icon icon={Square} size={16} />}
          {running ? stop : busy || phase === "starting" ? t("starting") : phase === "stopping" ? t("stopping") : start}
        </button>
      )}
    </section>
  );
}

function WatchLink({ address, over }: { address: string; over: boolean }) {
  return (
    <div class="watch-link">
      {over && <p>{t("lastStays")}</p>}
      <a href={address} target="_blank" rel="noopener" data-testid="watch-link">
        {address}
      </a>
      <div class="watch-link-actions">
        <CopyButton text={() => address} label={t("copyLinkShort")} testid="watch-copy" />
        <a class="button small" href={address} target="_blank" rel="noopener" data-testid="watch-open">
          <Icon icon={ExternalLink} size={16} directed /> {t("open")}
        </a>
      </div>
    </div>
  );
}
