/** A chord, note by note: Hz. */
const notes = [523, 659, 784];
const noteSeconds = 0.28;
const loudness = 0.25;

export interface SpeakerTest {
  /** Whether the chosen output plays; false: it did not answer, and the default one does. */
  readonly onChosen: boolean;
  readonly done: Promise<void>;
}

/** Plays a short sound on an output. Rejects where the browser plays nothing. */
export async function testSpeaker(sinkId: string): Promise<SpeakerTest> {
  const context = new AudioContext();
  const out = new MediaStreamAudioDestinationNode(context);
  // An element: browsers that choose the output do so for elements, not all of them for a context.
  const element = new Audio();
  element.srcObject = out.stream;
  try {
    const onChosen = sinkId === "" || !("setSinkId" in element) || (await route(element, sinkId));
    await Promise.all([context.resume(), element.play()]);
    return { onChosen, done: play(context, out).finally(() => void context.close()) };
  } catch (error) {
    void context.close();
    throw error;
  }
}

async function route(element: HTMLAudioElement, sinkId: string): Promise<boolean> {
  try {
    await element.setSinkId(sinkId);
    return true;
  } catch {
    return false;
  }
}

function play(context: AudioContext, out: AudioNode): Promise<void> {
  let last: OscillatorNode | undefined;
  for (const [i, frequency] of notes.entries()) {
    const begins = context.currentTime + 0.1 + i * noteSeconds;
    const ends = begins + noteSeconds * (i === notes.length - 1 ? 3 : 1.5);
    const gain = new GainNode(context, { gain: 0 });
    gain.gain.setValueAtTime(0, begins);
    gain.gain.linearRampToValueAtTime(loudness, begins + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.0001, ends);
    last = new OscillatorNode(context, { frequency });
    last.connect(gain).connect(out);
    last.start(begins);
    last.stop(ends);
  }
  return new Promise((done) => last?.addEventListener("ended", () => done()));
}
