import { Icon } from "@klatch/ui";
import { useId } from "preact/hooks";
import { Mic, Video, Volume2, type IconNode } from "lucide";
import { choicesOf, defaultChoice, emptyChoice } from "../device/devices";
import { Speaker } from "../device/speaker";
import { useStore } from "../state/context";
import { t } from "../text";

const faces: readonly {
  readonly kind: MediaDeviceKind;
  readonly label: "camera" | "microphone" | "speaker";
  readonly icon: IconNode;
  readonly testid: string;
}[] = [
  { kind: "videoinput", label: "camera", icon: Video, testid: "camera-select" },
  { kind: "audioinput", label: "microphone", icon: Mic, testid: "mic-select" },
  { kind: "audiooutput", label: "speaker", icon: Volume2, testid: "speaker-select" },
];

/** The three choices: camera, microphone and, where the browser lets a page choose it, the output. */
export function DeviceSelects() {
  return (
    <div class="device-selects">
      {faces
        .filter((f) => f.kind !== "audiooutput" || Speaker.selectable)
        .map((f) => (
          <DeviceSelect key={f.kind} {...f} />
        ))}
    </div>
  );
}

function DeviceSelect({ kind, label, icon, testid }: (typeof faces)[number]) {
  const store = useStore();
  const id = useId();
  const chosen = {
    videoinput: store.prefs.cameraId,
    audioinput: store.prefs.micId,
    audiooutput: store.prefs.speakerId,
  }[kind];
  const choices = choicesOf(store.devices.list.value, kind).filter((c) => c.id !== "default");
  const fault = { videoinput: store.camera.fault, audioinput: store.microphone.fault, audiooutput: undefined }[kind];
  const known = choices.some((c) => c.id === chosen.value);
  return (
    <div class="field">
      <label for={id}>
        <Icon icon={icon} size={16} /> {t(label)}
      </label>
      <select
        id={id}
        data-testid={testid}
        value={known ? chosen.value : ""}
        onChange={(e) => void store.chooseDevice(kind, e.currentTarget.value)}
      >
        <option value="">
          {choices.length === 0
            ? emptyChoice(store.devices.list.value, kind, fault?.value ?? null)
            : defaultChoice(kind)}
        </option>
        {choices.map((c) => (
          <option key={c.id} value={c.id}>
            {c.label}
          </option>
        ))}
      </select>
    </div>
  );
}
