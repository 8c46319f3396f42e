import { Icon } from "@klatch/ui";
import { MonitorPlay, Plus, Search } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { account, get, identity, request, seg } from "../api/client";
import { useLoad } from "../api/load";
import type { PageOf, RoomRecord, SessionRecord } from "../api/types";
import { act } from "../parts/act";
import { Id } from "../parts/Id";
import { Pager, pageOf } from "../parts/Pager";
import { State } from "../parts/State";
import { Table, type Column } from "../parts/Table";
import { Time } from "../parts/Time";
import { Empty, Loaded, View } from "../parts/View";
import { hrefOf, navigate, route, setQuery } from "../route";
import { SessionTable, useReloadOnSession } from "./Sessions";

const columns: readonly Column<RoomRecord>[] = [
  {
    name: "Meeting",
    kind: "main",
    cell: (r) => (
      <>
        <a class="strong-link" href={hrefOf(["meetings", r.roomId])}>
          {r.customRoomId ?? (r.name || r.roomId)}
        </a>
      </>
    ),
  },
  { name: "Id", cell: (r) => <Id id={r.roomId} what="meeting id" /> },
  { name: "State", cell: (r) => <State state={r.disabled ? "disabled" : "enabled"} /> },
  {
    name: "Webhook",
    cell: (r) => (r.webhook?.endPoint ? <span class="clip">{r.webhook.endPoint}</span> : <span class="soft">–</span>),
  },
  { name: "Created", cell: (r) => <Time at={r.createdAt} /> },
];

/** The meetings of an account, newest first. */
export function Meetings() {
  const query = route.value.query.get("q") ?? "";
  const [typed, setTyped] = useState(query);
  useEffect(() => setTyped(query), [query]);
  const load = useLoad(`${account.value} ${pageOf()} ${query}`, (signal) =>
    get<PageOf<RoomRecord>>("/v2/rooms", { page: pageOf(), perPage: 25, query }, signal),
  );
  const create = async (): Promise<void> => {
    let room: RoomRecord | undefined;
    const made = await act(
      request<RoomRecord>("POST", "/v2/rooms", { body: {} }).then((r) => (room = r)),
      "Meeting created.",
    );
    if (made && room !== undefined) navigate(hrefOf(["meetings", room.roomId]));
  };
  return (
    <View
      title="Meetings"
      lead="A meeting is durable: people meet in it again and again, each time in a session of its own."
      testid="meetings-view"
      actions={
        identity.value?.role !== "support" && (
          <button type="button" class="button small" data-testid="meeting-new" onClick={() => void create()}>
            <Icon icon={Plus} size={15} /> Create
          </button>
        )
      }
    >
      <div class="filters">
        <form
          class="search"
          role="search"
          onSubmit={(e) => {
            e.preventDefault();
            setQuery({ q: typed.trim(), page: undefined }, { push: true });
          }}
        >
          <Icon icon={Search} size={17} />
          <input
            type="search"
            aria-label="Search meetings"
            placeholder="Id or custom id"
            value={typed}
            onInput={(e) => setTyped(e.currentTarget.value)}
          />
        </form>
      </div>
      <Loaded
        load={load}
        isEmpty={(p) => p.data.length === 0}
        empty={
          <Empty icon={MonitorPlay} title={query === "" ? "No meeting yet" : "No meeting matches"}>
            <p>
              Your server makes meetings with <code>POST /v2/rooms</code>; the button above makes one too.
            </p>
          </Empty>
        }
      >
        {(page) => (
          <>
            <Table label="Meetings" columns={columns} rows={page.data} keyOf={(r) => r.roomId} />
            <Pager info={page.pageInfo} />
          </>
        )}
      </Loaded>
    </View>
  );
}

/** One meeting: what is set for it, and its sessions. */
export function Meeting() {
  const id = route.value.path[1] ?? "";
  const room = useLoad(`${account.value} ${id}`, (signal) => get<RoomRecord>(`/v2/rooms/${seg(id)}`, {}, signal));
  const sessions = useLoad(`sessions ${account.value} ${id} ${pageOf()}`, (signal) =>
    get<PageOf<SessionRecord>>("/v2/sessions", { roomId: id, page: pageOf(), perPage: 25 }, signal),
  );
  useReloadOnSession(sessions.reload);
  const r = room.value;
  const able = async (enabled: boolean): Promise<void> => {
    const call = (status: string) => request("POST", `/v2/rooms/${seg(id)}`, { body: { status } });
    const undo = (): void => void act(call(enabled ? "disabled" : "enabled"), "Taken back.").then(room.reload);
    const done = enabled ? "The meeting can be joined again." : "Nobody can join the meeting any more.";
    if (await act(call(enabled ? "enabled" : "disabled"), done, undo)) room.reload();
  };
  return (
    <View
      title={r === undefined ? "Meeting" : (r.customRoomId ?? (r.name || r.roomId))}
      testid="meeting-record"
      lead={
        r && (
          <span class="session-lead">
            <State state={r.disabled ? "disabled" : "enabled"} />
            <Id id={r.roomId} what="meeting id" />
            <span>
              created <Time at={r.createdAt} />
            </span>
            <a href={hrefOf(["faults"], { q: `room:${r.roomId}` })}>Faults</a>
            <a href={hrefOf(["recordings"], { roomId: r.roomId })}>Recordings</a>
          </span>
        )
      }
      actions={
        r &&
        identity.value?.role !== "support" && (
          <button type="button" class="button small" data-testid="meeting-able" onClick={() => void able(r.disabled)}>
            {r.disabled ? "Enable" : "Disable"}
          </button>
        )
      }
    >
      <Loaded load={room}>
        {(found) => (
          <details class="json">
            <summary>All settings (JSON)</summary>
            <pre>{JSON.stringify(found, undefined, 2)}</pre>
          </details>
        )}
      </Loaded>
      <h2>Sessions</h2>
      <Loaded
        load={sessions}
        isEmpty={(p) => p.data.length === 0}
        empty={
          <Empty icon={MonitorPlay} title="Nobody was in it yet">
            <p>A session begins when the first participant joins.</p>
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
