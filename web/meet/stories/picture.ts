/** A track with a drawn head and shoulders, as a stand-in for a camera; or a drawn document, for a screen. */
export function cameraTrack(seed: number): MediaStreamTrack {
  return drawn(640, 360, (g) => {
    const hue = (seed * 67) % 360;
    const back = g.createLinearGradient(0, 0, 640, 360);
    back.addColorStop(0, `hsl(${hue} 35% 72%)`);
    back.addColorStop(1, `hsl(${(hue + 40) % 360} 40% 48%)`);
    g.fillStyle = back;
    g.fillRect(0, 0, 640, 360);
    g.fillStyle = `hsl(${(hue + 180) % 360} 30% 32%)`;
    g.beginPath();
    g.ellipse(320, 380, 150, 130, 0, 0, 7);
    g.fill();
    g.fillStyle = `hsl(28 ${30 + (seed % 3) * 10}% ${45 + (seed % 4) * 10}%)`;
    g.beginPath();
    g.ellipse(320, 175, 68, 86, 0, 0, 7);
    g.fill();
  });
}

export function screenTrack(): MediaStreamTrack {
  return drawn(1280, 720, (g) => {
    g.fillStyle = "#fff";
    g.fillRect(0, 0, 1280, 720);
    g.fillStyle = "#0b6b5d";
    g.fillRect(0, 0, 1280, 84);
    g.fillStyle = "#222";
    g.font = "bold 48px sans-serif";
    g.fillText("Plan for the third quarter", 80, 190);
    g.fillStyle = "#bbb";
    for (let i = 0; i < 8; i++) g.fillRect(80, 250 + i * 50, 500 + ((i * 173) % 500), 18);
  });
}

function drawn(width: number, height: number, draw: (g: CanvasRenderingContext2D) => void): MediaStreamTrack {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const g = canvas.getContext("2d");
  const track = canvas.captureStream(5).getVideoTracks()[0];
  if (g === null || track === undefined) throw new Error("this browser cannot draw a track");
  draw(g);
  // A canvas stream gives a frame only when something is drawn.
  setInterval(() => draw(g), 300);
  return track;
}
