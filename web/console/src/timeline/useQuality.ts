import { useEffect, useRef, useState } from "preact/hooks";
import { get, seg } from "../api/client";
import {
  curveFields,
  detailFields,
  needsDetail,
  overviewStep,
  qualityOf,
  samplesOf,
  type ParticipantStats,
  type SessionStats,
} from "../api/measurements";
import type { QualitySample } from "../api/timeline";
import type { Lane, Lanes } from "./lanes";
import type { Range } from "./scale";

type Curves = ReadonlyMap<string, readonly QualitySample[]>;

/** What is asked for again of a live session, and how soon: measurements are made every 10 s. */
const againMs = 10_000;
const againOfManyMs = 30_000;
const many = 50;

/** How long the view rests before the details of what it shows are asked for. */
const restMs = 150;

/**
 * Loads the curves of a session: those of everybody with few points in one request, and all measurements of a
 * participant when the range that is shown needs them, or the pointer is there.
 */
export function useQuality(
  id: string,
  model: Lanes,
): {
  curves: Curves;
  onView: (lanes: readonly Lane[], range: Range) => void;
  onPoint: (lane: Lane) => void;
} {
  const [curves, setCurves] = useState<Curves>(new Map());
  const details = useRef(new Map<string, { at: number; samples?: readonly QualitySample[] }>());
  const asked = useRef({ at: 0, step: overviewStep(model.bounds.to - model.bounds.from) });
  const view = useRef<{ lanes: readonly Lane[]; range: Range }>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const path = `/v2/sessions/${seg(id)}`;
  const failed = (): void => undefined; // the lanes say what is known without the curves
  const people = model.lanes.filter((lane) => lane.kind === "participant").length;

  useEffect(() => {
    const age = Date.now() - asked.current.at;
    if (asked.current.at > 0 && (!model.live || age < (people > many ? againOfManyMs : againMs))) return;
    const step = overviewStep(model.bounds.to - model.bounds.from);
    asked.current = { at: Date.now(), step };
    if (model.live && view.current !== undefined) onView(view.current.lanes, view.current.range);
    get<SessionStats>(`${path}/stats`, { participants: true, fields: curveFields, step }).then((answer) => {
      const found = qualityOf(answer);
      for (const [who, { samples }] of details.current) if (samples !== undefined) found.set(who, samples);
      setCurves(found);
    }, failed);
  }, [model]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const load = (lanes: readonly Lane[]): void => {
    for (const lane of lanes) {
      if (lane.kind !== "participant") continue;
      const known = details.current.get(lane.id);
      if (known !== undefined && (!model.live || Date.now() - known.at < againMs)) continue;
      details.current.set(lane.id, { ...known, at: Date.now() });
      get<ParticipantStats>(`${path}/participants/${seg(lane.id)}/stats`, { fields: detailFields }).then((answer) => {
        const samples = samplesOf(answer);
        details.current.set(lane.id, { at: Date.now(), samples });
        setCurves((before) => new Map(before).set(lane.id, samples));
      }, failed);
    }
  };
  const soon = (lanes: readonly Lane[]): void => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => load(lanes), restMs);
  };
  const onView = (lanes: readonly Lane[], range: Range): void => {
    view.current = { lanes, range };
    clearTimeout(timer.current);
    if (needsDetail(range.to - range.from, asked.current.step)) soon(lanes);
  };
  return { curves, onView, onPoint: (lane) => soon([lane]) };
}
