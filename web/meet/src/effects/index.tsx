/** @jsxRuntime classic */
/** @jsx h */

/** Another background, and no noise: what the settings show of them. The work is loaded when one is switched on. */
import type { VideoSDKError as Fault } from "@klatch/sdk";
import type { EffectsKit } from "../state/effectskit";
import type { Effects, EffectsOwner } from "../state/effects";
import type { Background } from "../state/prefs";
import styles from "./effects.css?inline";
import { enEffects } from "../text/en.effects";
import { maxSlow, minFps, type Speed } from "./speed";
import { deviceOf } from "./stands";

const backgrounds: readonly { readonly value: Background; readonly label: "asItIs" | "blurred" | "aPicture" }[] = [
  { value: "", label: "asItIs" },
  { value: "blur", label: "blurred" },
  { value: "picture", label: "aPicture" },
];

/** Makes them of what the page has. */
export function makeEffects(kit: EffectsKit): Effects {
  // oxlint-disable-next-line no-unused-vars -- the elements are made with h
  const { adopt, computed, faults, h, locale, reader, signal, translated, useState, useStore, VideoSDKError } = kit;
  const { t } = reader(enEffects, translated);
  adopt(styles);

  /** What one picture takes, in ms; 0: not measured yet. */
  const frameMs = signal(0);
  /** What 10 ms of sound take, in ms; 0: not measured yet. */
  const noiseMs = signal(0);
  /** The picture that was chosen for the background, for as long as this page is open. */
  const ownPicture = signal<ImageBitmap | null>(null);

  function backgroundFailed(problem: string): Fault {
    return new VideoSDKError(faults.startingVideoBackgroundFailed({ problem }));
  }

  async function withBackground(owner: EffectsOwner, camera: MediaStream): Promise<MediaStream> {
    const [track] = camera.getVideoTracks();
    if (track === undefined) return camera;
    frameMs.value = 0;
    try {
      const { changeBackground, defaultPicture } = await import("./background");
      const picture = owner.prefs.background.value === "blur" ? null : (ownPicture.value ?? defaultPicture());
      let slow = 0;
      let over = false;
      const failed = (problem: string): void => {
        if (!over) void owner.backgroundFailed(backgroundFailed(problem));
        over = true;
      };
      const changed = await changeBackground(track, picture, {
        measured: (speed) => {
          frameMs.value = speed.frameMs;
          slow = isTooSlow(speed, track.getSettings().frameRate) ? slow + 1 : 0;
          if (slow === maxSlow)
            failed(
              `this device shows ${Math.round(speed.framesPerSecond)} pictures a second, and ${minFps} are needed`,
            );
        },
        failed,
      });
      changed.contentHint = track.contentHint;
      return new MediaStream([changed]);
    } catch (error) {
      throw backgroundFailed(error instanceof Error ? error.message : String(error));
    }
  }

  /** A camera in the dark gives few pictures by itself. */
  function isTooSlow({ framesPerSecond, frameMs: each }: Speed, given = 30): boolean {
    return framesPerSecond < minFps && given > minFps && each > 1000 / minFps / 2;
  }

  async function withoutNoise(microphone: MediaStream): Promise<MediaStream> {
    const [track] = microphone.getAudioTracks();
    if (track === undefined) return microphone;
    noiseMs.value = 0;
    try {
      const { suppressNoise } = await import("./noise");
      return new MediaStream([await suppressNoise(track, (ms) => (noiseMs.value = ms))]);
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      const script = "meet/assets/effects/rnnoise.wasm";
      throw new VideoSDKError(
        faults.unsupportedEnvironmentScriptNotLoaded({ method: "suppressNoise", script, problem }),
      );
    }
  }

  const milliseconds = computed(() => new Intl.NumberFormat(locale.value, { maximumFractionDigits: 1 }));
  const percents = computed(() => new Intl.NumberFormat(locale.value, { style: "percent", maximumFractionDigits: 1 }));

  /** The choice of what is done with camera and microphone, and what that takes. */
  function EffectsSettings() {
    const store = useStore();
    const { background, noise } = store.prefs;
    const [busy, setBusy] = useState(false);
    const [unread, setUnread] = useState("");
    const during = async (run: () => Promise<void>): Promise<void> => {
      setBusy(true);
      setUnread("");
      await run();
      setBusy(false);
    };
    const choose = async (file: File | undefined): Promise<void> => {
      if (file === undefined) return;
      try {
        ownPicture.value = await createImageBitmap(file);
      } catch {
        return setUnread(file.name);
      }
      await during(() => store.setBackground("picture"));
    };
    const costs = [
      background.value !== "" && frameMs.value > 0
        ? t("frameTakes", { ms: milliseconds.value.format(frameMs.value) })
        : "",
      noise.value && noiseMs.value > 0 ? t("noiseTakes", { percent: percents.value.format(noiseMs.value / 10) }) : "",
    ].filter((cost) => cost !== "");
    return (
      <div class="effects" aria-busy={busy}>
        <fieldset class="choices">
          <legend>{t("background")}</legend>
          {backgrounds.map(({ value, label }) => (
            <label key={value}>
              <input
                type="radio"
                name="background"
                data-testid={`background-${value === "" ? "none" : value}`}
                checked={background.value === value}
                onChange={() => void during(() => store.setBackground(value))}
              />{" "}
              {t(label)}
            </label>
          ))}
        </fieldset>
        {background.value === "picture" && (
          <label class="field">
            <span>{t("ownPicture")}</span>
            <input
              type="file"
              accept="image/*"
              data-testid="background-file"
              onChange={(e) => void choose(e.currentTarget.files?.[0])}
            />
          </label>
        )}
        <label class="check">
          <input
            type="checkbox"
            data-testid="noise-check"
            checked={noise.value}
            onChange={(e) => void during(() => store.setNoise(e.currentTarget.checked))}
          />{" "}
          {t("suppressNoise")}
        </label>
        <p role="status" data-testid="effects-cost">
          {unread !== "" ? t("noImage", { file: unread }) : busy ? t("switching") : costs.join(" ")}
        </p>
      </div>
    );
  }

  return { deviceOf, EffectsSettings, withBackground, withoutNoise };
}
