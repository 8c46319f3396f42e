import { useMediaDevice, useMeeting } from "@klatch/react";
import { useCallback, useEffect, useState } from "react";

interface Choice {
  deviceId: string;
  label: string;
}

/** Microphone and camera to choose; the lists follow what is plugged in. */
export function Devices() {
  const { getMics, getWebcams, changeMic, changeWebcam, selectedMicrophoneDevice, selectedCameraDevice } = useMeeting();
  const [mics, setMics] = useState<Choice[]>([]);
  const [cameras, setCameras] = useState<Choice[]>([]);
  const read = useCallback(async () => {
    setMics(await getMics());
    setCameras(await getWebcams());
  }, [getMics, getWebcams]);
  useEffect(() => void read().catch(() => undefined), [read]);
  useMediaDevice({ onDeviceChanged: () => void read().catch(() => undefined) });

  const select = (id: string, choices: Choice[], chosen: string | undefined, change: (id: string) => Promise<void>) => (
    <select id={id} value={chosen ?? ""} onChange={(event) => void change(event.target.value).catch(() => undefined)}>
      {chosen === undefined && <option value="">default</option>}
      {choices.map(({ deviceId, label }) => (
        <option key={deviceId} value={deviceId}>
          {label}
        </option>
      ))}
    </select>
  );
  return (
    <div className="devices">
      <label>Microphone {select("mics", mics, selectedMicrophoneDevice?.deviceId, changeMic)}</label>
      <label>Camera {select("cameras", cameras, selectedCameraDevice?.deviceId, changeWebcam)}</label>
    </div>
  );
}
