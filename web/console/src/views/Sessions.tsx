import { Users } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { account, get } from "../api/client";
import { onEvent } from "../api/events";
import { useLoad } from "../api/load";
import type { PageOf, SessionRecord } from "../api/types";
import { Id } from "../parts/Id";
import { Pager, pageOf } from "../parts/Pager";
import { State } from "../parts/State";
import { Table, type Column } from "../parts/Table";
import { Duration, Time } from "../parts/Time";
import { Empty, Loaded, View } from "../parts/View";
import { hrefOf, route, setQuery } from "../route";
import { Choice } from "./Faults";

const statuses = [
  { value: "", name: "All" },
  { value: "ongoing", name: "Live" },
  { value: "ended", name: "Ended" },
];

/** Asks again when somebody comes or goes. */
export function useReloadOnSession(reload: () => void, sessionId?: string): void {
  const [arrived, setArrived] = useState(0);
  useEffect(
    () =>
      onEvent((e) => {
        if (e.name.startsWith("fault")) return;
        if (sessionId === undefined || e.name === "missed" || e.data["sessionId"] === sessionId)
          setArrived((n) => n + 1);
      }),
    [sessionId],
  );
  useEffect(() => {
    if (arrived === 0) return undefined;
    const timer = setTimeout(reload, 250);
    return () => clearTimeout(timer);
  }, [arrived]);
}

/** The sessions of an account, newest first; live ones change by themselves. */
export function Sessions() {
  const query = route.value.query;
  const status = query.get("status") ?? "";
  const roomId = query.get("roomId") ?? "";
  const load = useLoad(`${account.value} ${pageOf()} ${status} ${roomId}`, (signal) =>
    get<PageOf<SessionRecord>>("/v2/sessions", { page: pageOf(), perPage: 25, status, roomId }, signal),
  );
  useReloadOnSession(load.reload);
  return (
    <View
      title="Sessions"
      lead="A session is one live occurrence of a meeting, from the first one in to the last one out."
      testid="sessions-view"
    >
      <div class="filters">
        <RoomFilter key={roomId} roomId={roomId} />
        <Choice
          label="Status"
          testid="sessions-status"
          value={status}
          options={statuses}
          onChange={(v) => setQuery({ status: v, page: undefined })}
        />
      </div>
      <Loaded
        load={load}
        isEmpty={(p) => p.data.length === 0}
        empty={
          <Empty icon={Users} title={roomId === "" && status === "" ? "Nobody has met yet" : "No session matches"}>
            <p>
              A session begins when the first participant joins a meeting. The{" "}
              <a href={hrefOf(["start"])}>first steps</a> lead to a call of your own.
            </p>
          </Empty>
        }
      >
        {(page) => (
          <>
            <SessionTable sessions={page.data} />
            <Pager info={page.pageInfo} />
          </>
        )}
      </Loaded>
    </View>
  );
}

function RoomFilter({ roomId }: { roomId: string }) {
  const [typed, setTyped] = useState(roomId);
  return (
    <form
      class="search"
      role="search"
      onSubmit={(e) => {
        e.preventDefault();
        setQuery({ roomId: typed.trim(), page: undefined }, { push: true });
      }}
    >
      <input
        type="search"
        aria-label="Meeting id"
        placeholder="Meeting id or custom id"
        value={typed}
        data-testid="sessions-room"
        onInput={(e) => setTyped(e.currentTarget.value)}
      />
    </form>
  );
}

const columns: readonly Column<SessionRecord>[] = [
  {
    name: "Meeting",
    kind: "main",
    cell: (s) => (
      <>
        <a class="strong-link" href={hrefOf(["sessions", s.id])} data-testid="session-link">
          {s.customRoomId ?? s.roomId}
        </a>
        {s.customRoomId !== null && <small class="soft">{s.roomId}</small>}
      </>
    ),
  },
  { name: "Status", cell: (s) => <State state={s.status === "ongoing" ? "live" : "ended"} /> },
  { name: "Began", cell: (s) => <Time at={s.start} /> },
  { name: "Lasted", kind: "number", cell: (s) => <Duration from={s.start} to={s.end} /> },
  { name: "People", kind: "number", cell: (s) => <span class="time">{peopleText(s)}</span> },
  { name: "Session", cell: (s) => <Id id={s.id} what="session id" href={hrefOf(["sessions", s.id])} /> },
];

function peopleText(s: SessionRecord): string {
  if (s.status !== "ongoing") return String(s.participants.length);
  const inside = s.participants.filter((p) => p.timelog.some((t) => t.end === null)).length;
  return inside === s.participants.length ? String(inside) : `${inside} of ${s.participants.length}`;
}

export function SessionTable({ sessions }: { sessions: readonly SessionRecord[] }) {
  return (
    <Table
      label="Sessions"
      columns={columns}
      rows={sessions}
      keyOf={(s) => s.id}
      tone={(s) => (s.status === "ongoing" ? "live" : undefined)}
    />
  );
}
