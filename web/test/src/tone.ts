/** Plays two notes, softly at both ends so that nothing clicks. Resolves when they are over. */
export async function playTone(): Promise<void> {
  const audio = new AudioContext();
  try {
    await audio.resume();
    const notes = [440, 660];
    const length = 0.5;
    for (const [n, hertz] of notes.entries()) {
      const from = audio.currentTime + n * length;
      const volume = audio.createGain();
      volume.gain.setValueAtTime(0, from);
      volume.gain.linearRampToValueAtTime(0.3, from + 0.05);
      volume.gain.linearRampToValueAtTime(0, from + length - 0.02);
      const tone = new OscillatorNode(audio, { frequency: hertz });
      tone.connect(volume).connect(audio.destination);
      tone.start(from);
      tone.stop(from + length);
    }
    await new Promise((resolve) => setTimeout(resolve, notes.length * length * 1000));
  } finally {
    void audio.close().catch(() => undefined);
  }
}
