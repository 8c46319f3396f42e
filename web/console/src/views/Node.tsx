import { Icon } from "@klatch/ui";
import { CircleCheck, CircleX } from "lucide";
import { get, request, seg } from "../api/client";
import { useLoad } from "../api/load";
import type { PageOf } from "../api/types";
import { act } from "../parts/act";
import { confirmed } from "../parts/confirm";
import { Id } from "../parts/Id";
import { isOperator } from "../parts/rights";
import { Table, type Column } from "../parts/Table";
import { Duration, Time } from "../parts/Time";
import { Loaded, View } from "../parts/View";
import { hrefOf } from "../route";
import { NodeList } from "./NodeList";

interface Readiness {
  readonly ready: boolean;
  readonly capabilities: Readonly<Record<string, { readonly ready: boolean; readonly detail?: string }>>;
}

interface Health {
  readonly version: string;
}

interface LiveSession {
  readonly sessionId: string;
  readonly accountId: string;
  readonly meetingId: string;
  readonly participants: number;
  readonly waiting: number;
  readonly startedAt: string;
}

/** The server itself: whether it is ready, the nodes beside it, and what runs on it now. */
export function Node() {
  const ready = useLoad("ready", (signal) => get<Readiness>("/admin/v1/readiness", {}, signal), 5000);
  const health = useLoad("health", (signal) => get<Health>("/healthz", {}, signal));
  const live = useLoad(
    "live",
    (signal) => get<PageOf<LiveSession>>("/admin/v1/sessions", { perPage: 100 }, signal),
    5000,
  );
  const end = async (s: LiveSession): Promise<void> => {
    const yes = await confirmed(
      "End this session?",
      <p>Everybody in it is put out and recordings of it end.</p>,
      "End the session",
    );
    if (yes && (await act(request("POST", `/admin/v1/sessions/${seg(s.sessionId)}/end`), "The session ends.")))
      live.reload();
  };
  const columns: Column<LiveSession>[] = [
    {
      name: "Meeting",
      kind: "main",
      cell: (s) => (
        <a class="strong-link" href={hrefOf(["sessions", s.sessionId], { account: s.accountId })}>
          {s.meetingId}
        </a>
      ),
    },
    { name: "Account", cell: (s) => <Id id={s.accountId} what="account id" /> },
    { name: "Inside", kind: "number", cell: (s) => s.participants },
    { name: "Waiting", kind: "number", cell: (s) => s.waiting },
    { name: "Began", cell: (s) => <Time at={s.startedAt} /> },
    { name: "Lasts", kind: "number", cell: (s) => <Duration from={s.startedAt} to={null} /> },
    {
      name: "Actions",
      kind: "actions",
      cell: (s) =>
        isOperator() && (
          <button
            type="button"
            class="button small"
            aria-label={`End the session of ${s.meetingId}`}
            onClick={() => void end(s)}
          >
            End
          </button>
        ),
    },
  ];
  return (
    <View title="Server" lead={health.value && <>Klatch {health.value.version}</>} testid="node-view">
      <section class="block">
        <h2>Readiness</h2>
        <Loaded load={ready}>
          {(r) => (
            <ul class="capabilities" data-testid="capabilities">
              {Object.entries(r.capabilities).map(([name, c]) => (
                <li key={name} data-ready={c.ready}>
                  <Icon icon={c.ready ? CircleCheck : CircleX} size={18} />
                  <b>{name}</b>
                  <span class={c.ready ? "soft" : ""}>{c.detail || (c.ready ? "ready" : "not ready")}</span>
                </li>
              ))}
            </ul>
          )}
        </Loaded>
      </section>
      <NodeList />
      <section class="block">
        <h2>Sessions on this server</h2>
        <Loaded load={live} isEmpty={(p) => p.data.length === 0} empty={<p class="soft quiet">None.</p>}>
          {(page) => (
            <Table
              label="Sessions on this server"
              columns={columns}
              rows={page.data}
              keyOf={(s) => s.sessionId}
              tone={() => "live"}
            />
          )}
        </Loaded>
      </section>
    </View>
  );
}
