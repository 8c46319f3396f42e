import { CopyButton, Icon } from "@klatch/ui";
import { CircleDot, ExternalLink, MonitorPlay, Radio, Square, type IconNode } from "lucide";
import type { ComponentChildren } from "preact";
import { watchAddress } from "../link";
import { PictureFields } from "../parts/PictureFields";
import { RecordingLink } from "../parts/RecordingLink";
import { useStore } from "../state/context";
import { isOn, phaseOf, type EgressKind, type EgressPhase } from "../state/egress";
import { may } from "../state/room";
import { PanelHead } from "./PanelHead";

const words: Readonly<Record<EgressKind, Readonly<Record<EgressPhase, string>>>> = {
  recording: {
    off: "A video file on the server.",
    starting: "Starting…",
    on: "Recording.",
    playable: "Recording.",
    stopping: "Stopping; the file is being finished…",
  },
  livestream: {
    off: "To YouTube, Twitch or any other RTMP target.",
    starting: "Connecting to the targets…",
    on: "Live.",
    playable: "Live.",
    stopping: "Stopping…",
  },
  hls: {
    off: "Whoever has the link can watch, in any browser.",
    starting: "Starting…",
    on: "Started; it can be watched in a few seconds…",
    playable: "Can be watched.",
    stopping: "Stopping; what was shown stays at the link…",
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
      <PanelHead title="Record and stream" />
      <div class="egress">
        <Job
          kind="recording"
          title="Recording"
          icon={CircleDot}
          start="Start recording"
          testid="record-button"
          onStart={() => void store.toggleRecording()}
          onStop={() => void store.toggleRecording()}
        >
          {files.length > 0 && (
            <ul class="recorded" data-testid="recorded">
              {files.map(({ url, at }) => (
                <li key={url}>
                  <span>Ready at {new Date(at).toLocaleTimeString([], { timeStyle: "short" })}</span>
                  <RecordingLink url={url} />
                </li>
              ))}
            </ul>
          )}
        </Job>
        <Job
          kind="livestream"
          title="Livestream"
          icon={Radio}
          start="Go live…"
          testid="live-button"
          onStart={() => (store.screen.dialog.value = "live")}
          onStop={() => void store.stopLivestream()}
        />
        <Job
          kind="hls"
          title="Watch page"
          icon={MonitorPlay}
          start="Start the watch page"
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
            <h3 id="picture-title">Picture of the next one</h3>
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
  testid: string;
  onStart: () => void;
  onStop: () => void;
  children?: ComponentChildren;
}

function Job({ kind, title, icon, start, testid, onStart, onStop, children }: JobProps) {
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
        {phase === "off" && !mayEgress ? "Not running." : words[kind][phase]}
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
          {running
            ? `Stop the ${title.toLowerCase()}`
            : busy || phase === "starting"
              ? "Starting…"
              : phase === "stopping"
                ? "Stopping…"
                : start}
        </button>
      )}
    </section>
  );
}

function WatchLink({ address, over }: { address: string; over: boolean }) {
  return (
    <div class="watch-link">
      {over && <p>What the last one showed stays here:</p>}
      <a href={address} target="_blank" rel="noopener" data-testid="watch-link">
        {address}
      </a>
      <div class="watch-link-actions">
        <CopyButton text={() => address} label="Copy link" testid="watch-copy" />
        <a class="button small" href={address} target="_blank" rel="noopener" data-testid="watch-open">
          <Icon icon={ExternalLink} size={16} /> Open
        </a>
      </div>
    </div>
  );
}
