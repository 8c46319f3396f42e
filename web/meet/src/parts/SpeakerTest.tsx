import { Icon } from "@klatch/ui";
import { Volume2 } from "lucide";
import { useState } from "preact/hooks";
import { Speaker } from "../device/speaker";
import { testSpeaker } from "../device/speakertest";
import { useStore } from "../state/context";
import { t } from "../text/inside";

/** Plays a sound on the chosen speaker, and says where the speaker is chosen. */
export function SpeakerTest() {
  const { prefs } = useStore();
  const [said, setSaid] = useState("");
  const [plays, setPlays] = useState(false);
  const test = async (): Promise<void> => {
    setPlays(true);
    try {
      const { onChosen, done } = await testSpeaker(prefs.speakerId.value);
      setSaid(t(onChosen ? "testSpeakerPlays" : "testSpeakerDefault"));
      await done;
      if (onChosen) setSaid(t("testSpeakerPlayed"));
    } catch (error) {
      setSaid(t("testSpeakerFailed", { problem: error instanceof Error ? error.message : String(error) }));
    }
    setPlays(false);
  };
  return (
    <div class="speaker-test">
      <button type="button" class="button small" data-testid="speaker-test" onClick={() => void (plays || test())}>
        <Icon icon={Volume2} size={16} /> {t("testSpeaker")}
      </button>
      <p role="status" data-testid="speaker-test-said">
        {said}
      </p>
      {!Speaker.selectable && <p data-testid="speaker-note">{t("speakerOfDevice")}</p>}
    </div>
  );
}
