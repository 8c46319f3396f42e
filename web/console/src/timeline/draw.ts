import type { QualitySample } from "../api/timeline";
import { clusters, curve, type Cluster, type Lane } from "./lanes";
import { ticks, xOf, type Range } from "./scale";

/** Heights of lanes, in pixels. */
export const laneHeight: Readonly<Record<Lane["kind"], number>> = {
  meeting: 40,
  participant: 52,
  job: 40,
  webhooks: 40,
};

/** Marks nearer than this are drawn as one. */
const markGap = 13;
const markRadius = 6;

/** The colors of the theme: canvases know no custom properties. */
export interface Colors {
  readonly ink: string;
  readonly soft: string;
  readonly line: string;
  readonly surface: string;
  readonly raised: string;
  readonly accent: string;
  readonly warn: string;
  readonly warnWash: string;
  readonly danger: string;
  readonly dangerWash: string;
  readonly camera: string;
  readonly microphone: string;
  readonly screen: string;
}

export function colorsOf(element: Element): Colors {
  const style = getComputedStyle(element);
  const color = (name: string): string => style.getPropertyValue(name).trim();
  return {
    ink: color("--ink"),
    soft: color("--soft"),
    line: color("--line"),
    surface: color("--surface"),
    raised: color("--raised"),
    accent: color("--accent"),
    warn: color("--warn"),
    warnWash: color("--warn-wash"),
    danger: color("--danger"),
    dangerWash: color("--danger-wash"),
    camera: color("--camera"),
    microphone: color("--microphone"),
    screen: color("--screen"),
  };
}

/** Everything that a picture of the lanes is made of. */
export interface Scene {
  readonly lanes: readonly Lane[];
  /** Where each lane begins, from the top of all; one more than there are lanes. */
  readonly tops: readonly number[];
  readonly range: Range;
  readonly width: number;
  readonly height: number;
  /** How far the lanes are scrolled. */
  readonly scrolled: number;
  readonly now: number;
  readonly live: boolean;
  readonly quality: ReadonlyMap<string, readonly QualitySample[]>;
  readonly selected: string | undefined;
  /** The moment under the pointer. */
  readonly pointed: number | undefined;
}

/** Returns where each lane begins. */
export function topsOf(lanes: readonly Lane[]): number[] {
  const tops = [0];
  for (const lane of lanes) tops.push((tops.at(-1) ?? 0) + laneHeight[lane.kind]);
  return tops;
}

/** The first and the last lane of which something is seen. */
export function visible(tops: readonly number[], scrolled: number, height: number): { first: number; last: number } {
  let first = 0;
  while (first < tops.length - 2 && (tops[first + 1] ?? 0) <= scrolled) first++;
  let last = first;
  while (last < tops.length - 2 && (tops[last + 1] ?? 0) < scrolled + height) last++;
  return { first, last };
}

/** The line of a stream of each kind, from the top of its lane. */
const rows = { audio: 21, video: 26, share: 31, shareAudio: 31 } as const;

export function drawLanes(g: CanvasRenderingContext2D, scene: Scene, colors: Colors): void {
  const { range, width, height, lanes, tops, scrolled } = scene;
  g.clearRect(0, 0, width, height);
  g.fillStyle = colors.line;
  for (const tick of ticks(range, width)) g.fillRect(Math.round(xOf(range, width, tick.at)), 0, 1, height);
  if (lanes.length === 0) return;
  const { first, last } = visible(tops, scrolled, height);
  for (let i = first; i <= last; i++) {
    const lane = lanes[i];
    if (lane !== undefined) drawLane(g, lane, (tops[i] ?? 0) - scrolled, scene, colors);
  }
  if (scene.live) line(g, xOf(range, width, scene.now), height, colors.accent, [3, 3]);
  if (scene.pointed !== undefined) line(g, xOf(range, width, scene.pointed), height, colors.soft, []);
}

function line(g: CanvasRenderingContext2D, x: number, height: number, color: string, dash: number[]): void {
  g.save();
  g.strokeStyle = color;
  g.setLineDash(dash);
  g.beginPath();
  g.moveTo(Math.round(x) + 0.5, 0);
  g.lineTo(Math.round(x) + 0.5, height);
  g.stroke();
  g.restore();
}

function drawLane(g: CanvasRenderingContext2D, lane: Lane, y: number, scene: Scene, colors: Colors): void {
  const { range, width } = scene;
  const end = (to: number): number => (Number.isFinite(to) ? to : scene.now);
  const bar = (from: number, to: number, top: number, thick: number, color: string): void => {
    const left = Math.max(-4, xOf(range, width, from));
    const right = Math.min(width + 4, xOf(range, width, end(to)));
    if (right < 0 || left > width) return;
    g.fillStyle = color;
    g.beginPath();
    g.roundRect(left, top, Math.max(2, right - left), thick, Math.min(thick / 2, 3));
    g.fill();
  };
  g.fillStyle = colors.line;
  g.fillRect(0, y + laneHeight[lane.kind] - 1, width, 1);
  for (const mark of lane.marks)
    if (mark.to !== mark.at)
      bar(mark.at, mark.to, y + 4, laneHeight[lane.kind] - 9, mark.fatal ? colors.dangerWash : colors.warnWash);
  const job = lane.kind === "job";
  for (const b of lane.bars) bar(b.from, b.to, y + (job ? 15 : 8), job ? 9 : 6, job ? colors.accent : colors.raised);
  if (lane.kind === "participant") for (const b of lane.bars) bar(b.from, b.to, y + 10, 2, colors.soft);
  for (const c of lane.cuts) bar(c.from, c.to, y + 8, 6, colors.warn);
  for (const s of lane.streams)
    bar(
      s.from,
      s.to,
      y + rows[s.kind],
      3,
      s.kind === "video" ? colors.camera : s.kind === "audio" ? colors.microphone : colors.screen,
    );
  const samples = scene.quality.get(lane.id);
  if (lane.kind === "participant" && samples !== undefined) drawCurve(g, samples, y, scene, colors);
  for (const attempt of lane.attempts) {
    const x = xOf(range, width, attempt.at);
    if (x < -4 || x > width + 4) continue;
    g.fillStyle = attempt.ok ? colors.accent : colors.danger;
    g.fillRect(Math.round(x) - 1, y + (attempt.ok ? 14 : 11), 3, attempt.ok ? 11 : 17);
  }
  for (const cluster of laneClusters(lane, range, width)) drawMark(g, cluster, y, scene, colors);
}

/** The curve of quality fills the lower part of a lane: full where all is well. */
function drawCurve(
  g: CanvasRenderingContext2D,
  samples: readonly QualitySample[],
  y: number,
  scene: Scene,
  colors: Colors,
): void {
  const points = curve(samples, scene.range, scene.width);
  const [top, bottom] = [y + 37, y + 48];
  const yOf = (value: number): number => bottom - value * (bottom - top);
  let before: { x: number; value: number } | undefined;
  g.lineWidth = 1.4;
  g.lineJoin = "round";
  for (const p of points) {
    if (before !== undefined) {
      const worst = Math.min(p.value, before.value);
      g.strokeStyle = worst < 0.4 ? colors.danger : worst < 0.75 ? colors.warn : colors.accent;
      g.beginPath();
      g.moveTo(before.x, yOf(before.value));
      g.lineTo(p.x, yOf(p.value));
      g.stroke();
    }
    before = p;
  }
  g.lineWidth = 1;
}

/** The marks of a lane as they are drawn and hit. */
export function laneClusters(lane: Lane, range: Range, width: number): Cluster[] {
  return clusters(lane.marks, (at) => xOf(range, width, at), markGap).filter(
    (c) => c.x > -markGap && c.x < width + markGap,
  );
}

function drawMark(g: CanvasRenderingContext2D, cluster: Cluster, y: number, scene: Scene, colors: Colors): void {
  const many = cluster.marks.length > 1;
  const radius = many ? markRadius + 2 : markRadius;
  const center = y + 12;
  g.fillStyle = cluster.fatal ? colors.danger : colors.warn;
  g.beginPath();
  if (cluster.fatal && !many) {
    g.moveTo(cluster.x, center - radius);
    g.lineTo(cluster.x + radius, center);
    g.lineTo(cluster.x, center + radius);
    g.lineTo(cluster.x - radius, center);
    g.closePath();
  } else g.arc(cluster.x, center, radius, 0, 2 * Math.PI);
  g.fill();
  g.lineWidth = 1.5;
  g.strokeStyle = colors.surface;
  g.stroke();
  g.lineWidth = 1;
  if (many) {
    g.fillStyle = colors.surface;
    g.font = "700 9.5px system-ui, sans-serif";
    g.textAlign = "center";
    g.textBaseline = "middle";
    g.fillText(cluster.marks.length > 99 ? "99" : String(cluster.marks.length), cluster.x, center + 0.5);
  }
  if (cluster.marks.some((m) => m.id === scene.selected)) {
    g.strokeStyle = colors.ink;
    g.lineWidth = 2;
    g.beginPath();
    g.arc(cluster.x, center, radius + 3, 0, 2 * Math.PI);
    g.stroke();
    g.lineWidth = 1;
  }
}

export function drawAxis(
  g: CanvasRenderingContext2D,
  range: Range,
  width: number,
  height: number,
  colors: Colors,
): void {
  g.clearRect(0, 0, width, height);
  g.textAlign = "center";
  g.textBaseline = "middle";
  g.font = "500 11.5px system-ui, sans-serif";
  for (const tick of ticks(range, width)) {
    const x = Math.round(xOf(range, width, tick.at));
    g.fillStyle = colors.line;
    g.fillRect(x, height - 6, 1, 6);
    g.fillStyle = tick.day ? colors.ink : colors.soft;
    const half = g.measureText(tick.label).width / 2 + 2;
    g.fillText(tick.label, Math.min(Math.max(x, half), width - half), height / 2 - 2);
  }
}
