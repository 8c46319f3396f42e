import { Icon } from "@klatch/ui";
import { CircleCheckBig, HeartPulse } from "lucide";
import { account, get, identity } from "../api/client";
import { useLoad } from "../api/load";
import type { FaultEntry, FaultGroup, PageOf, SessionRecord } from "../api/types";
import { CodeChip } from "../parts/State";
import { Duration } from "../parts/Time";
import { Trend } from "../parts/Trend";
import { Loaded, ProblemNote, View } from "../parts/View";
import { hrefOf } from "../route";
import { FaultTable, faultGroups, useReloadOnFault } from "./Faults";
import { faultHref } from "./FaultBody";
import { SessionTable, useReloadOnSession } from "./Sessions";

const dayMs = 86_400_000;

/** What is now: who meets, what lasts, what went wrong today. */
export function Overview() {
  const live = useLoad(`live ${account.value}`, (signal) =>
    get<PageOf<SessionRecord>>("/v2/sessions", { status: "ongoing", perPage: 10 }, signal),
  );
  const any = useLoad(`any ${account.value}`, (signal) =>
    get<PageOf<SessionRecord>>("/v2/sessions", { perPage: 1 }, signal),
  );
  const conditions = useLoad(`conditions ${account.value}`, async (signal) => {
    const path = identity.value?.role === "developer" ? "/v2/conditions" : "/admin/v1/conditions";
    return (await get<{ data: readonly FaultEntry[] }>(path, {}, signal)).data;
  });
  const since = new Date(Math.floor(Date.now() / 60_000) * 60_000 - dayMs).toISOString();
  const reasons = useLoad(`reasons ${account.value}`, (signal) =>
    faultGroups("/v2/faults", { since, group: "reason" }, signal),
  );
  const newest = useLoad(`newest ${account.value}`, (signal) =>
    get<PageOf<FaultEntry>>("/v2/faults", { perPage: 8 }, signal),
  );
  useReloadOnSession(() => (live.reload(), any.reload()));
  useReloadOnFault(() => (conditions.reload(), reasons.reload(), newest.reload()));
  // One thing that keeps every answer away is said once.
  const parts = [conditions, live, reasons, newest];
  const problem = conditions.problem;
  if (problem !== undefined && parts.every((p) => p.value === undefined && p.problem?.message === problem.message))
    return (
      <View title="Overview" testid="overview">
        <ProblemNote problem={problem} onRetry={() => parts.forEach((p) => p.reload())} />
      </View>
    );
  return (
    <View title="Overview" testid="overview">
      {any.value?.pageInfo.total === 0 && (
        <a class="banner-link" href={hrefOf(["start"])} data-testid="to-start">
          <Icon icon={CircleCheckBig} /> Nobody has met yet. The first steps lead to a call of your own.
        </a>
      )}
      <section class="block">
        <h2>Now</h2>
        <Loaded load={conditions} isEmpty={(c) => c.length === 0} empty={<AllWell />}>
          {(list) => (
            <ul class="conditions" data-testid="conditions">
              {list.map((c) => (
                <li key={c.id}>
                  <a href={faultHref(c)}>
                    <CodeChip code={c.code} reason={c.reason} fatal={c.fatal} />
                  </a>{" "}
                  {c.detail}{" "}
                  <span class="soft">
                    since <Duration from={c.at} to={null} />
                  </span>
                </li>
              ))}
            </ul>
          )}
        </Loaded>
        <Loaded load={live} isEmpty={(p) => p.data.length === 0} empty={<p class="soft quiet">No session is live.</p>}>
          {(page) => <SessionTable sessions={page.data} />}
        </Loaded>
      </section>
      <section class="block">
        <h2>Faults of the last 24 hours</h2>
        <Loaded load={reasons} isEmpty={(g) => g.length === 0} empty={<p class="soft quiet">None.</p>}>
          {(groups) => <Reasons groups={groups} />}
        </Loaded>
      </section>
      <section class="block">
        <h2>
          Newest faults <a href={hrefOf(["faults"])}>all</a>
        </h2>
        <Loaded
          load={newest}
          isEmpty={(p) => p.data.length === 0}
          empty={<p class="soft quiet">Nothing went wrong yet.</p>}
        >
          {(page) => <FaultTable faults={page.data} />}
        </Loaded>
      </section>
    </View>
  );
}

function AllWell() {
  return (
    <p class="well" data-testid="all-well">
      <Icon icon={HeartPulse} size={18} /> Nothing is wrong at the moment.
    </p>
  );
}

function Reasons({ groups }: { groups: readonly FaultGroup[] }) {
  return (
    <ul class="reasons">
      {groups.slice(0, 8).map((g) => (
        <li key={g.key}>
          <a href={hrefOf(["faults"], { q: `code:${g.code} reason:${g.reason}`, since: "24h" })}>
            <b class="time">{g.count}</b> {g.reason}
          </a>
          <Trend counts={g.trend} label={`${g.count} times in 24 hours`} />
        </li>
      ))}
    </ul>
  );
}
