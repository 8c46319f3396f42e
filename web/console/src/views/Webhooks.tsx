import { Icon } from "@klatch/ui";
import { RotateCw, Send, Webhook } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import { account, get, request, seg } from "../api/client";
import { useLoad } from "../api/load";
import type { PageOf } from "../api/types";
import { act } from "../parts/act";
import { durationText } from "../parts/duration";
import { Id } from "../parts/Id";
import { Pager, pageOf } from "../parts/Pager";
import { mayChange } from "../parts/rights";
import { CodeChip, State } from "../parts/State";
import { Time } from "../parts/Time";
import { Empty, Loaded, View } from "../parts/View";
import { hrefOf, navigate, route, setQuery } from "../route";
import { Choice, useReloadOnFault } from "./Faults";
import { useReloadOnSession } from "./Sessions";

/** An event on its way to an endpoint. */
interface Delivery {
  readonly id: string;
  readonly roomId: string;
  readonly sessionId: string;
  readonly event: string;
  readonly endpoint: string;
  readonly state: "waiting" | "delivered" | "failed";
  readonly madeAt: string;
  readonly nextAttemptAt: string | null;
  readonly attemptCount: number;
  readonly attempts: readonly DeliveryAttempt[];
  readonly repeats: string | null;
}

interface DeliveryAttempt {
  readonly number: number;
  readonly at: string;
  readonly durationMs: number;
  readonly status: number | null;
  /** Of the fault 5103; "" where the event was taken. */
  readonly reason: string;
  readonly answer: string;
}

const states = ["", "waiting", "delivered", "failed"].map((value) => ({ value, name: value === "" ? "All" : value }));

/** Every event that was sent to the account's endpoints, with each attempt. An id in the path opens that one. */
export function Webhooks() {
  const query = route.value.query;
  const opened = route.value.path[1];
  const state = query.get("state") ?? "";
  const roomId = query.get("roomId") ?? "";
  const sessionId = query.get("sessionId") ?? "";
  const load = useLoad(
    `${account.value} ${opened} ${pageOf()} ${state} ${roomId} ${sessionId}`,
    async (signal) => {
      if (opened !== undefined) {
        const one = await get<Delivery>(`/v2/webhook-deliveries/${seg(opened)}`, {}, signal);
        return { data: [one], pageInfo: { currentPage: 1, perPage: 1, lastPage: 1, total: 1 } };
      }
      return get<PageOf<Delivery>>(
        "/v2/webhook-deliveries",
        { page: pageOf(), perPage: 30, state, roomId, sessionId },
        signal,
      );
    },
    3000,
  );
  useReloadOnSession(load.reload);
  useReloadOnFault(load.reload);
  const again = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(again.current), []);
  /** Asks again a few times: a delivery that was just ordered takes a moment. */
  const soon = (times = 5): void => {
    load.reload();
    if (times > 0) again.current = setTimeout(() => soon(times - 1), 700);
  };
  return (
    <View
      title="Webhooks"
      lead="Each event, each attempt to deliver it, and what the endpoint answered."
      testid="webhooks-view"
      actions={mayChange() && <Test key={roomId} roomId={roomId} onSent={soon} />}
    >
      {opened === undefined ? (
        <div class="filters">
          <Choice
            label="State"
            testid="webhooks-state"
            value={state}
            options={states}
            onChange={(v) => setQuery({ state: v, page: undefined })}
          />
        </div>
      ) : (
        <p>
          <a href={hrefOf(["webhooks"])}>All deliveries</a>
        </p>
      )}
      <Loaded
        load={load}
        isEmpty={(p) => p.data.length === 0}
        empty={
          <Empty icon={Webhook} title={state === "" ? "No event was sent yet" : "No delivery matches"}>
            <p>
              Give a meeting an endpoint: <code>POST /v2/rooms</code> with{" "}
              <code>{'"webhook": {"endPoint": "https://…"}'}</code>. The server signs each event and tries for 72 hours.
            </p>
          </Empty>
        }
      >
        {(page) => (
          <>
            <ul class="deliveries">
              {page.data.map((d) => (
                <DeliveryItem key={d.id} delivery={d} open={opened !== undefined} onRedelivered={soon} />
              ))}
            </ul>
            <Pager info={page.pageInfo} />
          </>
        )}
      </Loaded>
    </View>
  );
}

function DeliveryItem({
  delivery: d,
  open,
  onRedelivered,
}: {
  delivery: Delivery;
  open: boolean;
  onRedelivered: () => void;
}) {
  const redeliver = async (): Promise<void> => {
    let made: Delivery | undefined;
    const call = request<Delivery>("POST", `/v2/webhook-deliveries/${seg(d.id)}/redeliver`).then(
      (again) => (made = again),
    );
    if (!(await act(call, "The event is sent again."))) return;
    // One that is over is made again, as a delivery of its own.
    if (made !== undefined && made.id !== d.id && open) navigate(hrefOf(["webhooks", made.id]));
    onRedelivered();
  };
  const last = d.attempts.at(-1);
  return (
    <li data-delivery={d.id} data-attempts={d.attempts.length}>
      <details open={open}>
        <summary>
          <State state={d.state} />
          <b>{d.event}</b>
          <code class="clip">{d.endpoint}</code>
          <span class="soft time">
            {d.attemptCount === 1 ? "1 attempt" : `${d.attemptCount} attempts`}
            {last !== undefined && <>, {statusText(last)}</>}
          </span>
          <Time at={d.madeAt} />
        </summary>
        <div class="delivery">
          <dl class="facts">
            <div>
              <dt>Id</dt>
              <dd>
                <Id id={d.id} what="delivery id" href={hrefOf(["webhooks", d.id])} />
              </dd>
            </div>
            {d.sessionId !== "" && (
              <div>
                <dt>Session</dt>
                <dd>
                  <Id id={d.sessionId} what="session id" href={hrefOf(["sessions", d.sessionId])} />
                </dd>
              </div>
            )}
            {d.repeats !== null && (
              <div>
                <dt>Repeats</dt>
                <dd>
                  <Id id={d.repeats} what="delivery id" href={hrefOf(["webhooks", d.repeats])} />
                </dd>
              </div>
            )}
            {d.nextAttemptAt && (
              <div>
                <dt>Next attempt</dt>
                <dd>
                  <Time at={d.nextAttemptAt} />
                </dd>
              </div>
            )}
          </dl>
          <ol class="attempts">
            {d.attempts.map((a) => (
              <li key={a.number} data-ok={isGood(a)}>
                <span class="state" data-tone={isGood(a) ? "good" : "bad"}>
                  {statusText(a)}
                </span>
                <Time at={a.at} millis />
                <span class="soft time">{durationText(a.durationMs)}</span>
                {a.reason !== "" && (
                  <a href={hrefOf(["faults"], { q: `code:5103 reason:${a.reason}` })}>
                    <CodeChip code={5103} reason={a.reason} />
                  </a>
                )}
                {a.answer !== "" && <pre>{a.answer}</pre>}
              </li>
            ))}
            {d.attempts.length === 0 && <li class="soft">No attempt was made yet.</li>}
          </ol>
          {mayChange() && (
            <button type="button" class="button small" data-testid="redeliver" onClick={() => void redeliver()}>
              <Icon icon={RotateCw} size={15} /> Redeliver
            </button>
          )}
        </div>
      </details>
    </li>
  );
}

const isGood = (a: DeliveryAttempt): boolean => a.reason === "";
const statusText = (a: DeliveryAttempt): string => (a.status === null ? "no answer" : `HTTP ${a.status}`);

/** Sends a test event to the endpoint of a meeting. */
function Test({ roomId, onSent }: { roomId: string; onSent: () => void }) {
  const [typed, setTyped] = useState(roomId);
  const send = async (): Promise<void> => {
    if (await act(request("POST", `/v2/webhooks/${seg(typed.trim())}/test`), "A test event is sent.")) onSent();
  };
  return (
    <form
      class="inline-form"
      onSubmit={(e) => {
        e.preventDefault();
        void send();
      }}
    >
      <input
        type="text"
        required
        aria-label="Meeting whose endpoint is tested"
        placeholder="Meeting id"
        value={typed}
        data-testid="test-room"
        onInput={(e) => setTyped(e.currentTarget.value)}
      />
      <button type="submit" class="button small" data-testid="test-send">
        <Icon icon={Send} size={15} /> Send a test event
      </button>
    </form>
  );
}
