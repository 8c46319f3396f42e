import { Icon, IconButton, CopyButton } from "@klatch/ui";
import { CircleStop, X } from "lucide";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { account, get, identity, request, seg } from "../api/client";
import { useLoad } from "../api/load";
import type { TimelineRecord } from "../api/timeline";
import type { FaultDetail } from "../api/types";
import { act } from "../parts/act";
import { now } from "../parts/clock";
import { confirmed } from "../parts/confirm";
import { Id } from "../parts/Id";
import { CodeChip, State } from "../parts/State";
import { Duration, Time } from "../parts/Time";
import { timeOf } from "../parts/time";
import { Loaded, ProblemNote, View } from "../parts/View";
import { hrefOf, navigate, route, setQuery } from "../route";
import { lanesOf, type Lanes } from "../timeline/lanes";
import type { Range } from "../timeline/scale";
import { keyHelp, Timeline } from "../timeline/Timeline";
import { useQuality } from "../timeline/useQuality";
import { faultPath } from "./Fault";
import { FaultBody } from "./FaultBody";
import { useReloadOnFault } from "./Faults";
import { useReloadOnSession } from "./Sessions";

/** One session: who was in it, what they sent, how well, and what went wrong, on one axis of time. */
export function Session() {
  const id = route.value.path[1] ?? "";
  // Everything that the lanes show comes in one answer.
  const load = useLoad(`${account.value} ${id}`, (signal) =>
    get<TimelineRecord>(`/v2/sessions/${seg(id)}/timeline`, {}, signal),
  );
  useReloadOnSession(load.reload, id);
  useReloadOnFault(load.reload, id);
  const live = load.value?.endedAt === null;
  useEffect(() => {
    if (!live) return undefined;
    const timer = setInterval(() => !document.hidden && load.reload(), 5000);
    return () => clearInterval(timer);
  }, [live, id]);
  const session = load.value;
  return (
    <View
      title={session === undefined ? "Session" : (session.customRoomId ?? session.roomId)}
      lead={session && <Lead session={session} />}
      actions={session && <Actions session={session} onEnd={load.reload} />}
      testid="session-view"
    >
      <Loaded load={load}>{(timeline) => <Board timeline={timeline} />}</Loaded>
    </View>
  );
}

function Lead({ session }: { session: TimelineRecord }) {
  return (
    <span class="session-lead">
      <State state={session.endedAt === null ? "live" : "ended"} />
      <span>
        <Time at={session.startedAt} /> · <Duration from={session.startedAt} to={session.endedAt} />
      </span>
      <Id id={session.sessionId} what="session id" />
      <a href={hrefOf(["meetings", session.roomId])}>Meeting</a>
      <a href={hrefOf(["faults"], { q: `session:${session.sessionId}` })}>Faults</a>
    </span>
  );
}

function Actions({ session, onEnd }: { session: TimelineRecord; onEnd: () => void }) {
  const end = async (): Promise<void> => {
    const yes = await confirmed(
      "End this session?",
      <p>Everybody in it is put out and recordings of it end.</p>,
      "End the session",
    );
    if (!yes) return;
    const body = { roomId: session.roomId, sessionId: session.sessionId };
    if (await act(request("POST", "/v2/sessions/end", { body }), "The session ends.")) onEnd();
  };
  return (
    <>
      <CopyButton text={() => location.href} label="Copy link" testid="session-copy" />
      {session.endedAt === null && identity.value?.role !== "support" && (
        <button type="button" class="button small" data-testid="session-end" onClick={() => void end()}>
          <Icon icon={CircleStop} size={15} /> End
        </button>
      )}
    </>
  );
}

const rangeOf = (query: URLSearchParams): Range | undefined => {
  const [from, to] = [timeOf(query.get("from")), timeOf(query.get("to"))];
  return from < to ? { from, to } : undefined;
};

function Board({ timeline }: { timeline: TimelineRecord }) {
  const model = useMemo(() => lanesOf(timeline, now.peek()), [timeline]);
  const quality = useQuality(timeline.sessionId, model);
  const selected = route.value.query.get("fault") ?? undefined;
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const remember = (range: Range | undefined): void => {
    clearTimeout(timer.current);
    const iso = (ms: number | undefined): string | undefined =>
      ms === undefined ? undefined : new Date(ms).toISOString();
    timer.current = setTimeout(() => setQuery({ from: iso(range?.from), to: iso(range?.to) }), 400);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  const lists = {
    faults: hrefOf(["faults"], { q: `session:${timeline.sessionId}` }),
    webhooks: hrefOf(["webhooks"], { sessionId: timeline.sessionId }),
  };
  return (
    <div class={`board${selected === undefined ? "" : " with-fault"}`}>
      <div class="board-main">
        <Timeline
          model={model}
          quality={quality.curves}
          selected={selected}
          initial={rangeOf(route.value.query)}
          onSelect={(mark) => setQuery({ fault: mark.id })}
          onView={quality.onView}
          onPoint={quality.onPoint}
          onRange={remember}
          onDelivery={(delivery) => navigate(hrefOf(["webhooks", delivery]))}
        />
        <Legend />
        {timeline.truncated && (
          <p class="soft" data-testid="truncated">
            More happened than is shown. The lists have all: <a href={lists.faults}>faults</a>,{" "}
            <a href={lists.webhooks}>webhooks</a>.
          </p>
        )}
        <Story model={model} onFault={(fault) => setQuery({ fault })} />
      </div>
      {selected !== undefined && <FaultPanel key={selected} id={selected} />}
    </div>
  );
}

function Legend() {
  return (
    <div class="legend soft">
      <span data-of="camera">camera</span>
      <span data-of="microphone">microphone</span>
      <span data-of="screen">screen</span>
      <span data-of="quality">quality</span>
      <span data-of="warn">fault</span>
      <span data-of="danger">ended somebody's session</span>
      <span class="legend-keys">
        {keyHelp.map(([key, what]) => (
          <span key={key}>
            <kbd>{key}</kbd> {what}
          </span>
        ))}
      </span>
    </div>
  );
}

/** The fault that was chosen, beside the lanes. */
function FaultPanel({ id }: { id: string }) {
  const load = useLoad<FaultDetail>(id, (signal) => get(faultPath(id), {}, signal));
  const close = useRef<HTMLDivElement>(null);
  useEffect(() => {
    close.current?.querySelector("button")?.focus();
    // Whoever closes it goes on from where it was opened.
    return () => document.querySelector<HTMLElement>(".timeline-frame")?.focus({ preventScroll: true });
  }, []);
  return (
    <aside
      class="fault-panel"
      aria-label="Fault"
      data-testid="session-fault"
      onKeyDown={(e) => e.key === "Escape" && setQuery({ fault: undefined })}
    >
      <div ref={close} class="fault-panel-close">
        <IconButton
          icon={X}
          label="Close the fault"
          testid="session-fault-close"
          onClick={() => setQuery({ fault: undefined })}
        />
      </div>
      {load.problem !== undefined && <ProblemNote problem={load.problem} onRetry={load.reload} />}
      {load.value !== undefined && <FaultBody fault={load.value} inSession />}
    </aside>
  );
}

interface Happening {
  readonly key: string;
  readonly at: number;
  readonly who: string;
  readonly what: preact.ComponentChildren;
}

function happenings(model: Lanes, onFault: (id: string) => void): Happening[] {
  const found: Happening[] = [];
  for (const lane of model.lanes) {
    const add = (at: number, what: preact.ComponentChildren, kind: string): void => {
      if (Number.isFinite(at)) found.push({ key: `${lane.kind} ${lane.id} ${kind} ${at}`, at, who: lane.name, what });
    };
    if (lane.kind === "participant")
      for (const bar of lane.bars) {
        add(bar.from, "joined", "in");
        add(bar.to, bar.text, "out");
      }
    if (lane.kind === "job")
      for (const bar of lane.bars) {
        add(bar.from, "started", "start");
        add(bar.to, "ended", "end");
      }
    for (const s of lane.streams) {
      add(s.from, `${s.text} on`, `${s.kind} on`);
      add(s.to, `${s.text} off`, `${s.kind} off`);
    }
    for (const a of lane.attempts) add(a.at, a.text, a.text);
    for (const m of lane.marks)
      add(
        m.at,
        <button type="button" class="link" onClick={() => onFault(m.id)}>
          <CodeChip code={m.code} reason={m.reason} fatal={m.fatal} /> {m.detail}
        </button>,
        m.id,
      );
  }
  return found.toSorted((a, b) => a.at - b.at);
}

/** The same as the lanes, in words and in order: for screen readers, for search in the page, and to be read. */
function Story({ model, onFault }: { model: Lanes; onFault: (id: string) => void }) {
  const [open, setOpen] = useState(false);
  const [most, setMost] = useState(200);
  const all = useMemo(() => (open ? happenings(model, onFault) : []), [open, model]);
  return (
    <details class="story" onToggle={(e) => setOpen(e.currentTarget.open)} data-testid="story">
      <summary>Everything in order, as a list</summary>
      {open && (
        <ol>
          {all.slice(0, most).map((h) => (
            <li key={h.key}>
              <Time at={new Date(h.at).toISOString()} millis /> <b>{h.who}</b> <span>{h.what}</span>
            </li>
          ))}
        </ol>
      )}
      {all.length > most && (
        <button type="button" class="button small" onClick={() => setMost(most + 500)}>
          Show more of {all.length}
        </button>
      )}
    </details>
  );
}
