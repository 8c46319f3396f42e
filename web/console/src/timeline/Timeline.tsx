import { Icon, IconButton } from "@klatch/ui";
import { ChevronLeft, ChevronRight, Maximize2, Radio, ZoomIn, ZoomOut } from "lucide";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { QualitySample } from "../api/timeline";
import { now as clock } from "../parts/clock";
import { durationText } from "../parts/duration";
import { clockText, utcText } from "../parts/time";
import { hrefOf } from "../route";
import { colorsOf, drawAxis, drawLanes, laneClusters, topsOf, visible, type Colors } from "./draw";
import { firstAt, type Lane, type Lanes, type Mark } from "./lanes";
import { clamped, panned, timeAt, xOf, zoomed, type Range } from "./scale";

interface Props {
  model: Lanes;
  quality: ReadonlyMap<string, readonly QualitySample[]>;
  /** The id of the mark that is open. */
  selected: string | undefined;
  onSelect: (mark: Mark) => void;
  /** The lanes and the range that are seen, so that their curves are loaded. */
  onView: (lanes: readonly Lane[], range: Range) => void;
  onPoint: (lane: Lane) => void;
  /** The stretch to begin with; the whole session when undefined. */
  initial: Range | undefined;
  onRange: (range: Range | undefined) => void;
  onDelivery: (id: string) => void;
}

interface Pointed {
  readonly x: number;
  readonly y: number;
  readonly at: number;
  readonly lane: Lane | undefined;
  readonly marks: readonly Mark[];
}

const axisHeight = 26;

/** Keys, as the help below the timeline says them. */
export const keyHelp = [
  ["← →", "earlier, later"],
  ["+ −", "closer, wider"],
  ["0", "the whole session"],
  ["N P", "next and previous fault"],
  ["Enter", "open it"],
] as const;

/**
 * The lanes of a session on one axis of time. Two canvases show what is in sight, however many lanes there are; names
 * are elements beside them. Everything is reachable by keys, and the list below the timeline has the same in words.
 */
export function Timeline(props: Props) {
  const { model, quality, selected, onSelect, onView, onPoint, initial, onRange, onDelivery } = props;
  const { lanes, live } = model;
  const now = live ? clock.value : 0;
  const bounds: Range = live ? { from: model.bounds.from, to: Math.max(model.bounds.to, now) } : model.bounds;
  const [chosen, setChosen] = useState<Range | undefined>(initial);
  const [pointed, setPointed] = useState<Pointed | undefined>();
  const [scrolled, setScrolled] = useState(0);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const [spoken, setSpoken] = useState("");
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const axis = useRef<HTMLCanvasElement>(null);
  const colors = useRef<Colors | undefined>(undefined);
  const tops = useMemo(() => topsOf(lanes), [lanes]);
  const range = chosen === undefined ? bounds : clamped(chosen, bounds);
  const total = tops.at(-1) ?? 0;

  const show = (next: Range): void => {
    const whole = next.to - next.from >= bounds.to - bounds.from;
    setChosen(whole ? undefined : next);
    onRange(whole ? undefined : next);
  };

  // A live session that is seen up to its end stays so.
  const lastEnd = useRef(bounds.to);
  useEffect(() => {
    const grown = bounds.to - lastEnd.current;
    if (chosen !== undefined && grown > 0 && lastEnd.current - chosen.to < 1500)
      setChosen({ from: chosen.from + grown, to: chosen.to + grown });
    lastEnd.current = bounds.to;
  }, [bounds.to]);

  useLayoutEffect(() => {
    const element = frame.current;
    const surface = canvas.current;
    if (element === null || surface === null) return undefined;
    const measure = (): void =>
      setSize({ width: surface.parentElement?.clientWidth ?? 0, height: element.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    const theme = new MutationObserver(() => {
      colors.current = undefined;
      measure();
      setScrolled((s) => s + 0.001); // draws again
    });
    theme.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    return () => {
      observer.disconnect();
      theme.disconnect();
    };
  }, []);

  useLayoutEffect(() => {
    const g = canvas.current?.getContext("2d");
    const a = axis.current?.getContext("2d");
    if (!g || !a || canvas.current === null || axis.current === null || size.width === 0) return;
    colors.current ??= colorsOf(canvas.current);
    fit(canvas.current, g, size.width, size.height);
    fit(axis.current, a, size.width, axisHeight);
    drawAxis(a, range, size.width, axisHeight, colors.current);
    drawLanes(
      g,
      { lanes, tops, range, ...size, scrolled, now, live, quality, selected, pointed: pointed?.at },
      colors.current,
    );
    marked("lanes-drawn");
    if (quality.size > 0) marked("curves-drawn");
  });

  const { first, last } = visible(tops, scrolled, size.height);
  const shown = lanes.slice(first, last + 1);
  const shownKey = size.height === 0 ? "" : shown.map((lane) => lane.id).join("\n");
  useEffect(() => {
    if (shownKey !== "") onView(shown, range);
  }, [shownKey, chosen]);

  const point = (e: MouseEvent): Pointed | undefined => {
    const box = canvas.current?.getBoundingClientRect();
    if (box === undefined) return undefined;
    const [x, y] = [e.clientX - box.left, e.clientY - box.top];
    const index = tops.findIndex((top, i) => y + scrolled >= top && y + scrolled < (tops[i + 1] ?? 0));
    const lane = lanes[index];
    const near = lane && laneClusters(lane, range, size.width).find((c) => Math.abs(c.x - x) <= 11);
    const within = y + scrolled - (tops[index] ?? 0) < 26 ? near?.marks : undefined;
    return { x, y, at: timeAt(range, size.width, x), lane, marks: within ?? [] };
  };

  const drag = useDrag(range, size.width, (from, dx, scale, anchor) => {
    const ms = (dx / size.width) * (from.to - from.from);
    show(scale === 1 ? panned(from, bounds, -ms) : zoomed(from, bounds, scale, timeAt(from, size.width, anchor)));
  });

  const open = (p: Pointed): void => {
    const [only] = p.marks;
    if (only !== undefined && (p.marks.length === 1 || range.to - range.from <= 4000)) onSelect(only);
    else if (only !== undefined) {
      const end = p.marks.at(-1)?.at ?? only.at;
      const room = Math.max((end - only.at) * 0.3, 1500);
      const next = clamped({ from: only.at - room, to: end + room }, bounds);
      if (next.to - next.from < (range.to - range.from) * 0.9) show(next);
      else onSelect(only);
    } else if (p.lane?.kind === "webhooks") {
      const hit = p.lane.attempts.find((a) => Math.abs(xOf(range, size.width, a.at) - p.x) < 6);
      if (hit?.deliveryId !== undefined) onDelivery(hit.deliveryId);
    }
  };

  const marks = useMemo(
    () =>
      lanes
        .flatMap((lane) => lane.marks.map((mark) => ({ mark, lane })))
        .toSorted((a, b) => a.mark.at - b.mark.at || (a.mark.id < b.mark.id ? -1 : 1)),
    [lanes],
  );
  const cursor = useRef<string | undefined>(selected);
  const step = (by: 1 | -1): void => {
    const at = marks.findIndex((m) => m.mark.id === cursor.current);
    const next = marks[at < 0 ? (by > 0 ? 0 : marks.length - 1) : Math.min(Math.max(at + by, 0), marks.length - 1)];
    if (next === undefined) return setSpoken("No fault in this session");
    cursor.current = next.mark.id;
    setSpoken(`${next.mark.code} ${next.mark.reason}, ${next.lane.name}, ${clockText(next.mark.at)}. Enter opens it.`);
    if (next.mark.at < range.from || next.mark.at > range.to) {
      const half = (range.to - range.from) / 2;
      show(clamped({ from: next.mark.at - half, to: next.mark.at + half }, bounds));
    }
    const top = tops[lanes.indexOf(next.lane)] ?? 0;
    const scroller = frame.current;
    if (scroller !== null && (top < scrolled || top > scrolled + size.height - 60)) scroller.scrollTop = top - 40;
  };

  const middle = (range.from + range.to) / 2;
  const keys = (e: KeyboardEvent): void => {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    const page = (range.to - range.from) * (e.shiftKey ? 0.8 : 0.15);
    const actions: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => show(panned(range, bounds, -page)),
      ArrowRight: () => show(panned(range, bounds, page)),
      "+": () => show(zoomed(range, bounds, 0.6, middle)),
      "=": () => show(zoomed(range, bounds, 0.6, middle)),
      "-": () => show(zoomed(range, bounds, 1 / 0.6, middle)),
      "0": () => show(bounds),
      n: () => step(1),
      p: () => step(-1),
      Enter: () => {
        const found = marks.find((m) => m.mark.id === cursor.current);
        if (found !== undefined) onSelect(found.mark);
      },
    };
    const action = actions[e.key.length === 1 ? e.key.toLowerCase() : e.key];
    if (action === undefined) return;
    e.preventDefault();
    action();
  };

  const wheel = (e: WheelEvent): void => {
    const p = point(e);
    if (p === undefined) return;
    if (e.ctrlKey || e.metaKey) {
      e.preventDefault();
      show(zoomed(range, bounds, Math.exp(Math.max(-60, Math.min(60, e.deltaY)) / 100), p.at));
    } else if (e.shiftKey || Math.abs(e.deltaX) > Math.abs(e.deltaY)) {
      e.preventDefault();
      const px = e.shiftKey && e.deltaX === 0 ? e.deltaY : e.deltaX;
      show(panned(range, bounds, (px / Math.max(1, size.width)) * (range.to - range.from)));
    }
  };
  const latestWheel = useRef(wheel);
  latestWheel.current = wheel;
  useEffect(() => {
    const element = frame.current;
    const listener = (e: WheelEvent): void => latestWheel.current(e);
    element?.addEventListener("wheel", listener, { passive: false });
    return () => element?.removeEventListener("wheel", listener);
  }, []);

  return (
    <div class="timeline" data-testid="timeline" data-lanes={lanes.length} data-marks={marks.length}>
      <div class="timeline-bar">
        <span class="timeline-range time" title={`${utcText(range.from)} to ${utcText(range.to)}`}>
          {clockText(range.from)} – {live && range.to === bounds.to ? "now" : clockText(range.to)}
          <span class="soft"> · {durationText(range.to - range.from)}</span>
        </span>
        <IconButton
          icon={ChevronLeft}
          label="Earlier"
          testid="tl-earlier"
          onClick={() => show(panned(range, bounds, (range.from - range.to) / 2))}
        />
        <IconButton
          icon={ChevronRight}
          label="Later"
          testid="tl-later"
          onClick={() => show(panned(range, bounds, (range.to - range.from) / 2))}
        />
        <IconButton
          icon={ZoomOut}
          label="Wider"
          testid="tl-out"
          onClick={() => show(zoomed(range, bounds, 2, middle))}
        />
        <IconButton
          icon={ZoomIn}
          label="Closer"
          testid="tl-in"
          onClick={() => show(zoomed(range, bounds, 0.5, middle))}
        />
        <IconButton icon={Maximize2} label="The whole session" testid="tl-all" onClick={() => show(bounds)} />
        {live && (
          <button
            type="button"
            class="button small"
            data-testid="tl-live"
            aria-pressed={range.to === bounds.to}
            onClick={() =>
              show(clamped({ from: bounds.to - Math.min(300_000, range.to - range.from), to: bounds.to }, bounds))
            }
          >
            <Icon icon={Radio} size={15} /> Live
          </button>
        )}
      </div>
      <div class="timeline-axis" aria-hidden="true">
        <canvas ref={axis} />
      </div>
      <div
        ref={frame}
        class="timeline-frame"
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        role="application"
        aria-label={
          `Timeline with ${lanes.length} lanes and ${marks.length} faults. ` +
          "Arrow keys move it, plus and minus zoom, N and P go from fault to fault."
        }
        onKeyDown={keys}
        onScroll={(e) => setScrolled(e.currentTarget.scrollTop)}
        style={{ height: `${Math.min(total, 620)}px` }}
      >
        <div class="timeline-names" style={{ height: `${total}px` }}>
          {shown.map((lane, i) => (
            <div
              key={`${lane.kind} ${lane.id}`}
              class="timeline-name"
              data-kind={lane.kind}
              style={{
                top: `${tops[first + i] ?? 0}px`,
                height: `${(tops[first + i + 1] ?? 0) - (tops[first + i] ?? 0)}px`,
              }}
            >
              {lane.kind === "participant" ? (
                <a href={hrefOf(["participants", lane.id])} title={`${lane.name} (${lane.id})`}>
                  {lane.name}
                </a>
              ) : (
                <span title={`${lane.name} (${lane.id})`}>{lane.name}</span>
              )}
              <small title={lane.note}>{lane.note}</small>
            </div>
          ))}
        </div>
        <div class="timeline-canvas">
          <canvas
            ref={canvas}
            data-testid="timeline-canvas"
            class={pointed !== undefined && pointed.marks.length > 0 ? "hits" : ""}
            {...drag}
            onMouseMove={(e) => {
              const at = point(e);
              setPointed(at);
              if (at?.lane !== undefined && at.lane !== pointed?.lane) onPoint(at.lane);
            }}
            onMouseLeave={() => setPointed(undefined)}
            onClick={(e) => {
              const p = point(e);
              if (p !== undefined && !drag.moved()) open(p);
            }}
          />
          {pointed !== undefined && <Tip pointed={pointed} width={size.width} quality={quality} end={now} />}
        </div>
      </div>
      <p class="offscreen" role="status">
        {spoken}
      </p>
    </div>
  );
}

/** Notes in the performance timeline of the page when something was drawn first. */
function marked(name: string): void {
  if (performance.getEntriesByName(name, "mark").length === 0) performance.mark(name);
}

function fit(canvas: HTMLCanvasElement, g: CanvasRenderingContext2D, width: number, height: number): void {
  const ratio = globalThis.devicePixelRatio || 1;
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  g.setTransform(ratio, 0, 0, ratio, 0, 0);
}

/** Dragging moves the range, two fingers zoom it. */
function useDrag(
  range: Range,
  width: number,
  change: (from: Range, dx: number, scale: number, anchor: number) => void,
) {
  const points = useRef(new Map<number, number>());
  const begun = useRef<{ range: Range; xs: number[] } | undefined>(undefined);
  const moved = useRef(false);
  const begin = (): void => void (begun.current = { range, xs: [...points.current.values()] });
  const end = (e: PointerEvent): void => {
    points.current.delete(e.pointerId);
    if (points.current.size > 0) begin();
    else begun.current = undefined;
  };
  return {
    moved: () => moved.current,
    onPointerDown: (e: PointerEvent) => {
      if (points.current.size === 0) moved.current = false;
      points.current.set(e.pointerId, e.offsetX);
      begin();
    },
    onPointerMove: (e: PointerEvent) => {
      if (!points.current.has(e.pointerId) || begun.current === undefined || width === 0) return;
      points.current.set(e.pointerId, e.offsetX);
      const [a = 0, b] = [...points.current.values()];
      const [a0 = 0, b0] = begun.current.xs;
      if (b !== undefined && b0 !== undefined) {
        moved.current = true;
        const scale = Math.max(8, Math.abs(a0 - b0)) / Math.max(8, Math.abs(a - b));
        change(begun.current.range, 0, scale, (a0 + b0) / 2);
      } else if (moved.current || Math.abs(a - a0) > 5) {
        if (!moved.current) (e.currentTarget as Element).setPointerCapture(e.pointerId);
        moved.current = true;
        change(begun.current.range, a - a0, 1, 0);
      }
    },
    onPointerUp: end,
    onPointerCancel: end,
  };
}

/** What is under the pointer, in words. */
function Tip({
  pointed,
  width,
  quality,
  end,
}: {
  pointed: Pointed;
  width: number;
  quality: ReadonlyMap<string, readonly QualitySample[]>;
  end: number;
}) {
  const { lane, at, marks } = pointed;
  const covers = (b: { from: number; to: number }): boolean =>
    b.from <= at && at <= (Number.isFinite(b.to) ? b.to : Math.max(end, at));
  const samples = lane && quality.get(lane.id);
  const sample = samples?.[Math.max(0, firstAt(samples, at) - 1)];
  const bars =
    lane === undefined ? [] : [...lane.cuts, ...lane.streams, ...lane.bars].filter(covers).map((b) => b.text);
  const near = lane?.attempts.filter((a) => Math.abs(a.at - at) < 2000) ?? [];
  const right = pointed.x > width / 2;
  return (
    <div
      class="tip"
      aria-hidden="true"
      style={{
        top: `${pointed.y + 14}px`,
        ...(right ? { right: `${width - pointed.x + 12}px` } : { left: `${pointed.x + 12}px` }),
      }}
    >
      <b class="time">{clockText(at, { millis: true })}</b> {lane?.name}
      {marks.slice(0, 4).map((m) => (
        <p key={m.id}>
          <b>
            {m.code} {m.reason}
          </b>
          {marks.length === 1 && <span> {m.detail}</span>}
        </p>
      ))}
      {marks.length > 4 && <p>and {marks.length - 4} more</p>}
      {marks.length === 0 && bars.map((text) => <p key={text}>{text}</p>)}
      {marks.length === 0 && near.slice(0, 3).map((a) => <p key={`${a.at} ${a.text}`}>{a.text}</p>)}
      {marks.length === 0 && sample !== undefined && Math.abs(sample.at - at) < 60_000 && <p>{sampleText(sample)}</p>}
    </div>
  );
}

/** A measurement in words. */
export function sampleText(s: QualitySample): string {
  return [
    s.score === undefined ? "" : `quality ${s.score.toFixed(1)} of 10`,
    s.rttMs === undefined ? "" : `round trip ${Math.round(s.rttMs)} ms`,
    s.jitterMs === undefined ? "" : `jitter ${Math.round(s.jitterMs)} ms`,
  ]
    .filter(Boolean)
    .join(", ");
}
