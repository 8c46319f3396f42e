import { useStore } from "../state/context";
import { t, type Text } from "../text/inside";
import { phaseOf, type EgressKind, type EgressPhase } from "../state/egress";

const marks: readonly {
  readonly kind: EgressKind;
  readonly word: Text;
  readonly testid: string;
  readonly says: Readonly<Record<Exclude<EgressPhase, "off">, Text>>;
}[] = [
  {
    kind: "recording",
    word: "markRecording",
    testid: "rec-mark",
    says: {
      starting: "recordingStarting",
      on: "recordingOn",
      playable: "recordingOn",
      stopping: "recordingStopping",
    },
  },
  {
    kind: "livestream",
    word: "markLivestream",
    testid: "live-mark",
    says: {
      starting: "livestreamStarting",
      on: "livestreamOn",
      playable: "livestreamOn",
      stopping: "livestreamStopping",
    },
  },
  {
    kind: "hls",
    word: "markHls",
    testid: "hls-mark",
    says: {
      starting: "hlsStarting",
      on: "hlsStarting",
      playable: "hlsPlayable",
      stopping: "hlsStopping",
    },
  },
];

/** What leaves the meeting, for everybody to see. A click tells more. */
export function EgressMarks() {
  const store = useStore();
  const { egress } = store.room.value;
  return (
    <>
      {marks.map(({ kind, word, testid, says }) => {
        const phase = phaseOf(egress[kind]);
        if (phase === "off") return null;
        const settled = phase === "playable" || (phase === "on" && kind !== "hls");
        return (
          <button
            key={kind}
            type="button"
            class={`mark ${kind}${settled ? "" : " unsettled"}`}
            data-testid={testid}
            data-status={egress[kind]}
            aria-label={t("markSays", { mark: t(word), what: t(says[phase]) })}
            title={t(says[phase])}
            onClick={() => (store.screen.panel.value = "egress")}
          >
            <i /> {t(word)}
            {!settled && "…"}
          </button>
        );
      })}
    </>
  );
}
