const devices = new WeakMap<MediaStreamTrack, MediaStreamTrack>();

/** Returns the track of the device that a track stands for: itself, where nothing was made of it. */
export function deviceOf(track: MediaStreamTrack): MediaStreamTrack {
  return devices.get(track) ?? track;
}

/**
 * Lets a track that was made stand for the one of the device: it stops with it, is named as it is, and ends when it
 * ends. `stopped` is called once it was stopped.
 */
export function standFor(device: MediaStreamTrack, made: MediaStreamTrack, stopped: () => void): MediaStreamTrack {
  devices.set(made, device);
  const settingsOf = made.getSettings.bind(made);
  const stop = made.stop.bind(made);
  made.stop = () => {
    device.stop();
    stop();
    stopped();
  };
  made.getSettings = () => {
    const { deviceId, groupId, facingMode } = device.getSettings();
    return {
      ...settingsOf(),
      ...(deviceId !== undefined && { deviceId }),
      ...(groupId !== undefined && { groupId }),
      ...(facingMode !== undefined && { facingMode }),
    };
  };
  Object.defineProperty(made, "label", { value: device.label });
  device.addEventListener("ended", () => {
    stop();
    stopped();
    made.dispatchEvent(new Event("ended"));
  });
  return made;
}
