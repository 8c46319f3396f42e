import { useStore } from "../state/context";
import { phaseOf, type EgressKind, type EgressPhase } from "../state/egress";

const marks: readonly {
  readonly kind: EgressKind;
  readonly word: string;
  readonly testid: string;
  readonly says: Readonly<Record<Exclude<EgressPhase, "off">, string>>;
}[] = [
  {
    kind: "recording",
    word: "REC",
    testid: "rec-mark",
    says: {
      starting: "Recording is starting",
      on: "This meeting is being recorded",
      playable: "This meeting is being recorded",
      stopping: "Recording is stopping",
    },
  },
  {
    kind: "livestream",
    word: "LIVE",
    testid: "live-mark",
    says: {
      starting: "The livestream is starting",
      on: "This meeting is live",
      playable: "This meeting is live",
      stopping: "The livestream is stopping",
    },
  },
  {
    kind: "hls",
    word: "HLS",
    testid: "hls-mark",
    says: {
      starting: "The watch page is starting",
      on: "The watch page is starting",
      playable: "This meeting can be watched on its watch page",
      stopping: "The watch page is stopping",
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
            aria-label={`${word}: ${says[phase]}`}
            title={says[phase]}
            onClick={() => (store.screen.panel.value = "egress")}
          >
            <i /> {word}
            {!settled && "…"}
          </button>
        );
      })}
    </>
  );
}
