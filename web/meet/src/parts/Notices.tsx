import type { FaultFields } from "@klatch/sdk";
import { Notice } from "@klatch/ui";
import { CircleDot, DoorOpen, Film, Mic, MicOff, ShieldAlert, TriangleAlert, Video, VideoOff, Volume2 } from "lucide";
import { useEffect } from "preact/hooks";
import { RecordingLink } from "./RecordingLink";
import { refusals } from "./tools";
import { useStore } from "../state/context";
import { phaseOf } from "../state/egress";
import { t } from "../text/inside";

/**
 * What wants an answer, over the stage: blocked sound, what the browser refuses, wishes of moderators, people at the
 * door, that the meeting is recorded, files of recordings.
 * Nothing vanishes by itself but what is over: that one speaks while muted.
 */
export function Notices() {
  const store = useStore();
  const { egress, entries, wishes, silenced, rightsNotice, mutedSpeech, files } = store.room.value;
  const refused = store.screen.refused.value;
  return (
    <div class="notices" data-testid="notices">
      {store.speaker.blocked.value && (
        <Notice icon={Volume2} text={t("soundBlocked")}>
          <button
            type="button"
            class="button primary small"
            data-testid="unblock-button"
            onClick={() => void store.speaker.unblock()}
          >
            {t("clickToHear")}
          </button>
        </Notice>
      )}
      {wishes.map((w) => (
        <Notice
          key={w.kind}
          icon={w.kind === "audio" ? Mic : Video}
          text={t(w.kind === "audio" ? "asksYouToUnmute" : "asksYourCamera", { name: w.from })}
          testid={`wish-${w.kind}`}
        >
          <button
            type="button"
            class="button primary small"
            data-testid="wish-accept"
            onClick={() => void store.answerWish(w.kind, true)}
          >
            {t(w.kind === "audio" ? "unmute" : "cameraOn")}
          </button>
          <button
            type="button"
            class="button small"
            data-testid="wish-decline"
            onClick={() => void store.answerWish(w.kind, false)}
          >
            {t("notNow")}
          </button>
        </Notice>
      ))}
      {silenced.map((kind) => (
        <Notice
          key={`off ${kind}`}
          icon={kind === "audio" ? MicOff : VideoOff}
          text={t(kind === "audio" ? "moderatorMutedYou" : "moderatorCameraOff")}
          testid={`silenced-${kind}`}
        >
          <button
            type="button"
            class="button small"
            data-testid="silenced-ok"
            onClick={() => store.dispatch({ type: "silenced-read", kind })}
          >
            {t("ok")}
          </button>
        </Notice>
      ))}
      {rightsNotice !== "" && (
        <Notice icon={ShieldAlert} text={rightsNotice} testid="rights-notice">
          <button
            type="button"
            class="button small"
            data-testid="rights-ok"
            onClick={() => store.dispatch({ type: "rights-notice", text: "" })}
          >
            {t("ok")}
          </button>
        </Notice>
      )}
      {mutedSpeech !== null && <MutedSpeech key={mutedSpeech.id} fault={mutedSpeech} />}
      {refused !== null && (
        <Notice
          icon={TriangleAlert}
          text={t(refusals[refused.what], { problem: refused.problem })}
          testid={`refused-${refused.what}`}
        >
          <button
            type="button"
            class="button small"
            data-testid="refused-ok"
            onClick={() => (store.screen.refused.value = null)}
          >
            {t("ok")}
          </button>
        </Notice>
      )}
      {phaseOf(egress.recording) === "on" && !store.recordingRead.value && (
        <Notice icon={CircleDot} text={t("recordingOn")} testid="recording-notice">
          <button
            type="button"
            class="button primary small"
            data-testid="recording-ok"
            onClick={() => (store.recordingRead.value = true)}
          >
            {t("ok")}
          </button>
          {store.has("leave") && (
            <button type="button" class="button small" data-testid="recording-leave" onClick={() => void store.leave()}>
              {t("leave")}
            </button>
          )}
        </Notice>
      )}
      {files
        .filter((f) => !f.read)
        .map(({ url }) => (
          <Notice key={url} icon={Film} text={t("recordingReady")} testid="recording-ready">
            <RecordingLink url={url} />
            <button
              type="button"
              class="button small"
              data-testid="recording-read"
              onClick={() => store.dispatch({ type: "recorded-read", url })}
            >
              {t("ok")}
            </button>
          </Notice>
        ))}
      {entries.length > 0 && store.screen.panel.value !== "people" && (
        <Notice
          icon={DoorOpen}
          text={
            entries.length === 1
              ? t("asksToJoin", { name: entries[0]?.name ?? "" })
              : t("askToJoinCount", { count: entries.length })
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
                {t("letIn")}
              </button>
              <button
                type="button"
                class="button small"
                data-testid="entry-deny"
                onClick={() => void store.answerEntry(entries[0]?.id ?? "", "denied")}
              >
                {t("deny")}
              </button>
            </>
          ) : (
            <button type="button" class="button primary small" onClick={() => store.screen.togglePanel("people")}>
              {t("seeWho")}
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
    <Notice icon={MicOff} text={t("youAreMuted")} testid="muted-speech">
      {store.has("mic") && (
        <button
          type="button"
          class="button primary small"
          data-testid="muted-speech-unmute"
          onClick={() => void store.toggleMic()}
        >
          {t("unmute")}
        </button>
      )}
    </Notice>
  );
}
