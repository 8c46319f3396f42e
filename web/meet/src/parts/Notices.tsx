import type { FaultFields } from "@klatch/sdk";
import { Notice } from "@klatch/ui";
import { DoorOpen, Film, Mic, MicOff, Video, VideoOff, Volume2 } from "lucide";
import { useEffect } from "preact/hooks";
import { RecordingLink } from "./RecordingLink";
import { useStore } from "../state/context";

/**
 * What wants an answer, over the stage: blocked sound, wishes of moderators, people at the door, files of recordings.
 * Nothing vanishes by itself but what is over: that one speaks while muted.
 */
export function Notices() {
  const store = useStore();
  const { entries, wishes, silenced, mutedSpeech, files } = store.room.value;
  return (
    <div class="notices" data-testid="notices">
      {store.speaker.blocked.value && (
        <Notice icon={Volume2} text="The browser holds the sound back until you click.">
          <button
            type="button"
            class="button primary small"
            data-testid="unblock-button"
            onClick={() => void store.speaker.unblock()}
          >
            Click to hear
          </button>
        </Notice>
      )}
      {wishes.map((w) => (
        <Notice
          key={w.kind}
          icon={w.kind === "audio" ? Mic : Video}
          text={`${w.from} asks you to ${w.kind === "audio" ? "unmute" : "switch your camera on"}.`}
          testid={`wish-${w.kind}`}
        >
          <button
            type="button"
            class="button primary small"
            data-testid="wish-accept"
            onClick={() => void store.answerWish(w.kind, true)}
          >
            {w.kind === "audio" ? "Unmute" : "Camera on"}
          </button>
          <button
            type="button"
            class="button small"
            data-testid="wish-decline"
            onClick={() => void store.answerWish(w.kind, false)}
          >
            Not now
          </button>
        </Notice>
      ))}
      {silenced.map((kind) => (
        <Notice
          key={`off ${kind}`}
          icon={kind === "audio" ? MicOff : VideoOff}
          text={`A moderator switched your ${kind === "audio" ? "microphone" : "camera"} off.`}
          testid={`silenced-${kind}`}
        >
          <button
            type="button"
            class="button small"
            data-testid="silenced-ok"
            onClick={() => store.dispatch({ type: "silenced-read", kind })}
          >
            OK
          </button>
        </Notice>
      ))}
      {mutedSpeech !== null && <MutedSpeech key={mutedSpeech.id} fault={mutedSpeech} />}
      {files
        .filter((f) => !f.read)
        .map(({ url }) => (
          <Notice key={url} icon={Film} text="The recording is ready." testid="recording-ready">
            <RecordingLink url={url} />
            <button
              type="button"
              class="button small"
              data-testid="recording-read"
              onClick={() => store.dispatch({ type: "recorded-read", url })}
            >
              OK
            </button>
          </Notice>
        ))}
      {entries.length > 0 && store.screen.panel.value !== "people" && (
        <Notice
          icon={DoorOpen}
          text={
            entries.length === 1 ? `${entries[0]?.name ?? ""} asks to join.` : `${entries.length} people ask to join.`
          }
          testid="entry-notice"
        >
          {entries.length === 1 ? (
            <>
              <button
                type="button"
                class="button primary small"
                data-testid="entry-allow"
                onClick={() => void store.answerEntry(entries[0]?.id ?? "", "allowed")}
              >
                Let in
              </button>
              <button
                type="button"
                class="button small"
                data-testid="entry-deny"
                onClick={() => void store.answerEntry(entries[0]?.id ?? "", "denied")}
              >
                Deny
              </button>
            </>
          ) : (
            <button type="button" class="button primary small" onClick={() => store.screen.togglePanel("people")}>
              See who
            </button>
          )}
        </Notice>
      )}
    </div>
  );
}

/** For so long one is told that one is muted. */
const mutedSpeechMs = 10_000;

function MutedSpeech({ fault }: { fault: FaultFields }) {
  const store = useStore();
  useEffect(() => {
    const timer = setTimeout(() => store.dispatch({ type: "fault-dismissed", id: fault.id }), mutedSpeechMs);
    return () => clearTimeout(timer);
  }, [store, fault.id]);
  return (
    <Notice icon={MicOff} text="You are muted: nobody hears you." testid="muted-speech">
      {store.has("mic") && (
        <button
          type="button"
          class="button primary small"
          data-testid="muted-speech-unmute"
          onClick={() => void store.toggleMic()}
        >
          Unmute
        </button>
      )}
    </Notice>
  );
}
