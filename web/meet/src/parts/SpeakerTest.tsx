import { Icon } from "@klatch/ui";
import { Volume2 } from "lucide";
import { useState } from "preact/hooks";
import { Speaker } from "../device/speaker";
import { testSpeaker } from "../device/speakertest";
import { useStore } from "../state/context";
import { t } from "../text/inside";

type Said = "" | "testSpeakerPlays" | "testSpeakerPlayed" | "testSpeakerDefault";

/** Plays a sound on the chosen speaker, and says where the speaker is chosen. */
export function SpeakerTest() {
  const { prefs } = useStore();
  const [said, setSaid] = useState<Said>("");
  const [problem, setProblem] = useState("");
  const [plays, setPlays] = useState(false);
  const test = async (): Promise<void> => {
    setProblem("");
    setPlays(true);
    try {
      const { onChosen, done } = await testSpeaker(prefs.speakerId.value);
      setSaid(onChosen ? "testSpeakerPlays" : "testSpeakerDefault");
      await done;
      if (onChosen) setSaid("testSpeakerPlayed");
    } catch (error) {
      setSaid("");
      setProblem(error instanceof Error ? error.message : String(error));
    } finally {
      setPlays(false);
    }
  };
  return (
    <div class="speaker-test">
      <button
        type="button"
        class="button small"
        data-testid="speaker-test"
        aria-busy={plays}
        onClick={() => void (plays || test())}
      >
        <Icon icon={Volume2} size={16} /> {t("testSpeaker")}
      </button>
      <p role="status" data-testid="speaker-test-said">
        {problem !== "" ? t("testSpeakerFailed", { problem }) : said !== "" && t(said)}
      </p>
      {!Speaker.selectable && <p data-testid="speaker-of-device">{t("speakerOfDevice")}</p>}
    </div>
  );
}
