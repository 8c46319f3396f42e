import { CopyButton, Icon } from "@klatch/ui";
import { ArrowUpRight, FlameKindling, Square } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { account, get, identity, Problem, request, seg } from "../api/client";
import { onEvent } from "../api/events";
import { useLoad } from "../api/load";
import type { FaultDetail, PageOf } from "../api/types";
import { act } from "../parts/act";
import { confirmed } from "../parts/confirm";
import { durationText } from "../parts/duration";
import { mayChange } from "../parts/rights";
import { CodeChip, State } from "../parts/State";
import { Time } from "../parts/Time";
import { Empty, Loaded, ProblemNote, View } from "../parts/View";
import { faultHref } from "./FaultBody";

interface Kind {
  readonly fault: string;
  readonly code: number;
  readonly name: string;
  readonly does: string;
  readonly place: "meeting" | "account" | "own-account";
  readonly takesMs: number;
}

interface Drill {
  readonly id: string;
  readonly faultKey: string;
  readonly does: string;
  readonly state: "running" | "holding" | "ended" | "failed";
  readonly accountId: string;
  readonly link?: string;
  readonly token?: string;
  readonly snippet?: string;
  readonly fault?: FaultDetail;
  readonly recorded: boolean;
  readonly problem?: FaultDetail;
  readonly startedAt: string;
  readonly endsAt: string;
}

interface List extends PageOf<Drill> {
  readonly kinds: readonly Kind[];
}

/** The bands of codes, in the words of the documentation. */
const bands: readonly (readonly [string, string])[] = [
  ["30", "Devices and calls of the SDK (30xx)"],
  ["31", "Connections of clients (31xx)"],
  ["40", "Joins, meetings and recordings that do not start (40xx)"],
  ["41", "What ends a participation, and calls of REST (41xx)"],
  ["50", "Recordings and streams that fail (50xx)"],
  ["51", "The server and webhooks (51xx)"],
];

const holdSeconds = 300;

/** Faults that can be made to happen, by band, and the drills that were made. */
export function Drills() {
  const developer = identity.value?.role === "developer";
  // "": an account that is there for drills alone, which only the operator can use.
  const [where, setWhere] = useState<"here" | "apart">(developer ? "here" : "apart");
  const [meeting, setMeeting] = useState("");
  const [find, setFind] = useState("");
  const [starting, setStarting] = useState<string | undefined>();
  const path = developer ? "/v2/drills" : "/admin/v1/drills";
  const here = where === "here" && !developer ? account.value : "";
  const load = useLoad(
    `${path} ${here}`,
    (signal) => get<List>(path, { perPage: 10, ...(here !== "" && { accountId: here }) }, signal),
    starting === undefined ? 0 : 1000,
  );
  useEffect(() => onEvent((e) => e.name === "fault" && starting !== undefined && load.reload()), [starting]);
  const [problem, setProblem] = useState<Problem | undefined>();
  const inMeeting = where === "here" ? meeting.trim() : "";

  const start = async (kind: Kind): Promise<void> => {
    const place =
      inMeeting !== "" ? (
        <>
          It comes in the meeting <code>{inMeeting}</code>, to everybody who is in it.
        </>
      ) : where === "here" ? (
        <>It comes in a meeting of its own in this account, and in its faults and webhooks.</>
      ) : (
        <>It comes in an account that is there for drills alone.</>
      );
    const text = (
      <p>
        The drill {kind.does}. {place} The cause lasts for {durationText(holdSeconds * 1000)} or until you end it; then
        everything is as before.
      </p>
    );
    if (!(await confirmed(`Make ${kind.fault} happen?`, text, "Make it happen"))) return;
    setProblem(undefined);
    setStarting(kind.fault);
    const body = {
      fault: kind.fault,
      holdSeconds,
      ...(inMeeting !== "" && { meetingId: inMeeting }),
      ...(here !== "" && { accountId: here }),
    };
    try {
      let drill = await request<Drill>("POST", path, { body });
      while (drill.state === "running") {
        await new Promise((again) => setTimeout(again, 1000));
        drill = await get<Drill>(`${path}/${seg(drill.id)}`);
      }
    } catch (e) {
      if (!(e instanceof Problem)) throw e;
      setProblem(e);
    } finally {
      setStarting(undefined);
      load.reload();
    }
  };
  const end = async (drill: Drill): Promise<void> => {
    if (await act(request("DELETE", `${path}/${seg(drill.id)}`), "The drill has ended; everything is as before."))
      load.reload();
  };
  return (
    <View
      title="Drills"
      lead="Make a fault happen for its real cause, and see what your users, your webhooks and this console tell."
      testid="drills-view"
    >
      {problem !== undefined && <ProblemNote problem={problem} />}
      <Loaded
        load={load}
        isEmpty={(l) => l.kinds.length === 0}
        empty={<Empty icon={FlameKindling} title="No drills" />}
      >
        {(list) => (
          <>
            <Made drills={list.data} starting={starting} onEnd={(d) => void end(d)} />
            <form class="inline-form drill-where" onSubmit={(e) => e.preventDefault()}>
              {!developer && (
                <select
                  aria-label="Where the fault is to occur"
                  data-testid="drill-where"
                  value={where}
                  onChange={(e) => setWhere(e.currentTarget.value === "here" ? "here" : "apart")}
                >
                  <option value="apart">In an account for drills alone</option>
                  <option value="here">In the account that is shown</option>
                </select>
              )}
              {where === "here" && (
                <input
                  type="text"
                  aria-label="Meeting in which the fault is to occur; empty for one of its own"
                  placeholder="Meeting, or empty for one of its own"
                  maxLength={128}
                  value={meeting}
                  data-testid="drill-meeting"
                  onInput={(e) => setMeeting(e.currentTarget.value)}
                />
              )}
              <input
                type="search"
                aria-label="Find a drill"
                placeholder="Find, such as 4009 or encoder"
                maxLength={64}
                value={find}
                data-testid="drill-find"
                onInput={(e) => setFind(e.currentTarget.value)}
              />
            </form>
            {bands.map(([prefix, title]) => {
              const kinds = list.kinds.filter(
                (k) =>
                  k.fault.startsWith(prefix) &&
                  (inMeeting === "" || k.place === "meeting") &&
                  `${k.fault} ${k.name} ${k.does}`.toLowerCase().includes(find.trim().toLowerCase()),
              );
              if (kinds.length === 0) return null;
              return (
                <section class="block" key={prefix}>
                  <h2>{title}</h2>
                  <ul class="drills">
                    {kinds.map((k) => (
                      <li key={k.fault}>
                        <div>
                          <CodeChip code={k.code} reason={k.fault.slice(5)} />
                          <p>The drill {k.does}.</p>
                        </div>
                        {mayChange() && (
                          <button
                            type="button"
                            class="button small"
                            aria-label={`Make it happen: ${k.fault}`}
                            data-testid={`drill-${k.fault}`}
                            disabled={starting !== undefined}
                            onClick={() => void start(k)}
                          >
                            <Icon icon={FlameKindling} size={14} /> Make it happen
                          </button>
                        )}
                      </li>
                    ))}
                  </ul>
                </section>
              );
            })}
          </>
        )}
      </Loaded>
    </View>
  );
}

/** The drills that were made, the newest first, with the faults that came. */
function Made({
  drills,
  starting,
  onEnd,
}: {
  drills: readonly Drill[];
  starting: string | undefined;
  onEnd: (drill: Drill) => void;
}) {
  if (drills.length === 0 && starting === undefined) return null;
  return (
    <section class="block" aria-live="polite">
      <h2>Made lately</h2>
      {starting !== undefined && (
        <p role="status" data-testid="drill-running">
          <State state="starting" /> <b>{starting}</b> is being made.
        </p>
      )}
      <ul class="drills" data-testid="drills-made">
        {drills
          .filter((d) => d.state !== "running")
          .map((d) => (
            <Result key={d.id} drill={d} onEnd={() => onEnd(d)} />
          ))}
      </ul>
    </section>
  );
}

function Result({ drill, onEnd }: { drill: Drill; onEnd: () => void }) {
  const came = drill.fault ?? drill.problem;
  const again = drill.link ?? drill.snippet;
  return (
    <li data-drill={drill.faultKey} data-state={drill.state}>
      <div>
        {came !== undefined && <CodeChip code={came.code} reason={came.reason} fatal={came.fatal} />}{" "}
        <State state={drill.state} /> <Time at={drill.startedAt} />
        <p data-testid="drill-detail">{came?.detail}</p>
        {again !== undefined && drill.snippet !== undefined && <pre class="command">{drill.snippet}</pre>}
        <span class="row-actions">
          {drill.fault !== undefined && drill.recorded && (
            <a class="button small" href={drillFaultHref(drill)} data-testid="drill-fault">
              <Icon icon={ArrowUpRight} size={14} /> Open the fault
            </a>
          )}
          {drill.link !== undefined && (
            <a class="button small" href={drill.link} target="_blank" rel="noopener noreferrer">
              <Icon icon={ArrowUpRight} size={14} /> Meet it in a browser
            </a>
          )}
          {again !== undefined && <CopyButton text={() => again} label="Copy" testid="drill-copy" />}
          {drill.state === "holding" && mayChange() && (
            <button
              type="button"
              class="button small"
              aria-label={`End it: the drill ${drill.faultKey}`}
              data-testid="drill-end"
              onClick={onEnd}
            >
              <Icon icon={Square} size={14} /> End it
            </button>
          )}
        </span>
      </div>
    </li>
  );
}

/** The fault in the account of the drill, which may be another one than is shown. */
function drillFaultHref(drill: Drill): string {
  const href = faultHref({ id: drill.fault?.id ?? "" });
  if (identity.value?.role === "developer" || drill.accountId === account.value) return href;
  const address = new URL(href, location.href);
  address.searchParams.set("account", drill.accountId);
  return address.pathname + address.search;
}
