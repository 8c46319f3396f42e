package testbrowser

// Speech is an expression for the sound of a microphone with words and pauses of half a second.
const Speech = `(() => {
	const context = new AudioContext(), voice = context.createOscillator(), out = context.createMediaStreamDestination();
	const words = context.createOscillator(), depth = context.createGain(), loudness = context.createGain();
	words.type = "square"; // -1 and 1: half of it added to a half is silence and speech
	words.frequency.value = 1;
	depth.gain.value = loudness.gain.value = 0.5;
	words.connect(depth).connect(loudness.gain);
	voice.connect(loudness).connect(out);
	voice.start();
	words.start();
	return out.stream;
})()`
