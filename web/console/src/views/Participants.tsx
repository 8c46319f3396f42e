import { Icon } from "@klatch/ui";
import { Search, UserRound } from "lucide";
import { useState } from "preact/hooks";
import { account, get } from "../api/client";
import { useLoad } from "../api/load";
import type { FaultEntry, PageOf, ParticipantRecord, SessionRecord, Span } from "../api/types";
import { durationText } from "../parts/duration";
import { Id } from "../parts/Id";
import { Pager, pageOf } from "../parts/Pager";
import { State } from "../parts/State";
import { Table, type Column } from "../parts/Table";
import { Time } from "../parts/Time";
import { timeOf } from "../parts/time";
import { Empty, Loaded, View } from "../parts/View";
import { hrefOf, navigate, route } from "../route";
import { browserName } from "../timeline/lanes";
import { FaultTable, useReloadOnFault } from "./Faults";
import { useReloadOnSession } from "./Sessions";

/** The address of a participant in the console. */
export const participantHref = (id: string): string => hrefOf(["participants", id]);

/** A participant as the newest of several sessions knows it. */
interface Known {
  readonly participant: ParticipantRecord;
  readonly sessions: readonly SessionRecord[];
}

/** How many sessions the list looks at. */
const looked = 25;

/** Finds a participant by its id, and lists those of the newest sessions. */
export function Participants() {
  const load = useLoad(`${account.value}`, (signal) =>
    get<PageOf<SessionRecord>>("/v2/sessions", { perPage: looked }, signal),
  );
  useReloadOnSession(load.reload);
  return (
    <View
      title="Participants"
      lead={`Who was in the newest ${looked} sessions. Search for anybody else by id.`}
      testid="participants-view"
    >
      <div class="filters">
        <IdSearch />
      </div>
      <Loaded
        load={load}
        isEmpty={(p) => p.data.length === 0}
        empty={
          <Empty icon={UserRound} title="Nobody has met yet">
            <p>
              Your server names participants when it signs their tokens, or the SDK does. The{" "}
              <a href={hrefOf(["start"])}>first steps</a> lead to a call of your own.
            </p>
          </Empty>
        }
      >
        {(page) => <People known={knownOf(page.data)} />}
      </Loaded>
    </View>
  );
}

function IdSearch() {
  const [typed, setTyped] = useState("");
  return (
    <form
      class="search"
      role="search"
      onSubmit={(e) => {
        e.preventDefault();
        if (typed.trim() !== "") navigate(participantHref(typed.trim()));
      }}
    >
      <Icon icon={Search} size={17} />
      <input
        type="search"
        aria-label="Participant id"
        placeholder="Participant id"
        value={typed}
        data-testid="participant-search"
        onInput={(e) => setTyped(e.currentTarget.value)}
      />
    </form>
  );
}

/** Puts the participants of sessions together by their ids; sessions come newest first. */
export function knownOf(sessions: readonly SessionRecord[]): Known[] {
  const known = new Map<string, { participant: ParticipantRecord; sessions: SessionRecord[] }>();
  for (const session of sessions)
    for (const participant of session.participants) {
      const before = known.get(participant.participantId);
      if (before !== undefined) before.sessions.push(session);
      else known.set(participant.participantId, { participant, sessions: [session] });
    }
  return [...known.values()];
}

const isIn = (p: ParticipantRecord): boolean => p.timelog.some((span) => span.end === null);

const clientOf = ({ deviceInfo: d }: ParticipantRecord): string =>
  [[d?.sdkType, d?.sdkVersion].filter(Boolean).join(" "), browserName(d?.browserUserAgent ?? ""), d?.platform ?? ""]
    .filter(Boolean)
    .join(", ");

const peopleColumns: readonly Column<Known>[] = [
  {
    name: "Participant",
    kind: "main",
    cell: ({ participant: p }) => (
      <a class="strong-link" href={participantHref(p.participantId)} data-testid="participant-link">
        {p.name || p.participantId}
      </a>
    ),
  },
  { name: "Id", cell: ({ participant: p }) => <Id id={p.participantId} what="participant id" /> },
  { name: "State", cell: ({ participant: p }) => (isIn(p) ? <State state="live" /> : <State state="gone" />) },
  { name: "Sessions", kind: "number", cell: (k) => <span class="time">{k.sessions.length}</span> },
  {
    name: "Last seen",
    cell: (k) => <Time at={k.participant.timelog.at(-1)?.end ?? k.participant.timelog.at(-1)?.start} />,
  },
  { name: "Client", cell: (k) => <span class="soft">{clientOf(k.participant) || "–"}</span> },
];

/** Everybody on one page would be thousands of rows. */
const mostPeople = 200;

function People({ known }: { known: readonly Known[] }) {
  return (
    <>
      <Table
        label="Participants"
        columns={peopleColumns}
        rows={known.slice(0, mostPeople)}
        keyOf={(k) => k.participant.participantId}
        tone={(k) => (isIn(k.participant) ? "live" : undefined)}
      />
      {known.length > mostPeople && (
        <p class="soft">
          {mostPeople} of {known.length} are listed. Search for the others by id.
        </p>
      )}
    </>
  );
}

/** One participant over all sessions: when it was in each, with what, and what went wrong for it. */
export function Participant() {
  const id = route.value.path[1] ?? "";
  const sessions = useLoad(`${account.value} ${id} ${pageOf()}`, (signal) =>
    get<PageOf<SessionRecord>>("/v2/sessions", { participantId: id, page: pageOf(), perPage: 20 }, signal),
  );
  const faults = useLoad(`faults ${account.value} ${id}`, (signal) =>
    get<PageOf<FaultEntry>>("/v2/faults", { participantId: id, perPage: 20 }, signal),
  );
  useReloadOnSession(sessions.reload);
  useReloadOnFault(faults.reload);
  const newest = sessions.value?.data[0]?.participants.find((p) => p.participantId === id);
  return (
    <View
      title={newest?.name || id}
      testid="participant-view"
      lead={
        <span class="session-lead">
          {newest !== undefined && <State state={isIn(newest) ? "live" : "gone"} />}
          <Id id={id} what="participant id" />
          {newest !== undefined && clientOf(newest) !== "" && <span>{clientOf(newest)}</span>}
        </span>
      }
    >
      <section class="block">
        <h2>Sessions</h2>
        <Loaded
          load={sessions}
          isEmpty={(p) => p.data.length === 0}
          empty={
            <Empty icon={UserRound} title="No session has this participant">
              <p>
                Ids are exact: lower and upper case differ. Somebody who was refused never was a participant; the faults
                below may say why.
              </p>
            </Empty>
          }
        >
          {(page) => (
            <>
              <Table
                label="Sessions of the participant"
                columns={sessionColumns(id)}
                rows={page.data}
                keyOf={(s) => s.id}
                tone={(s) => (s.participants.some((p) => p.participantId === id && isIn(p)) ? "live" : undefined)}
              />
              <Pager info={page.pageInfo} />
            </>
          )}
        </Loaded>
      </section>
      <section class="block">
        <h2>
          Faults <a href={hrefOf(["faults"], { q: `participant:${id}` })}>all</a>
        </h2>
        <Loaded
          load={faults}
          isEmpty={(p) => p.data.length === 0}
          empty={<p class="soft quiet">Nothing went wrong for this participant.</p>}
        >
          {(page) => <FaultTable faults={page.data} />}
        </Loaded>
      </section>
    </View>
  );
}

/** How long somebody was in, over all stays. */
export function insideMs(timelog: readonly Span[], now: number): number {
  return timelog.reduce((sum, span) => sum + (span.end === null ? now : timeOf(span.end)) - timeOf(span.start), 0);
}

function sessionColumns(id: string): readonly Column<SessionRecord>[] {
  const of = (s: SessionRecord): ParticipantRecord | undefined => s.participants.find((p) => p.participantId === id);
  return [
    {
      name: "Meeting",
      kind: "main",
      cell: (s) => (
        <a class="strong-link" href={hrefOf(["sessions", s.id])}>
          {s.customRoomId ?? s.roomId}
        </a>
      ),
    },
    { name: "Came", cell: (s) => <Time at={of(s)?.timelog[0]?.start} /> },
    { name: "Left", cell: (s) => <Time at={of(s)?.timelog.at(-1)?.end} /> },
    {
      name: "Inside",
      kind: "number",
      cell: (s) => <span class="time">{durationText(insideMs(of(s)?.timelog ?? [], Date.now()))}</span>,
    },
    { name: "Times", kind: "number", cell: (s) => <span class="time">{of(s)?.timelog.length ?? 0}</span> },
    { name: "Client", cell: (s) => <span class="soft">{clientOf(of(s) ?? nobody) || "–"}</span> },
  ];
}

const nobody: ParticipantRecord = { participantId: "", name: "", timelog: [] };
