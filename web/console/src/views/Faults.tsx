import { Icon } from "@klatch/ui";
import { Search, ShieldCheck } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import { account, get, identity, isOwnFault, type Params } from "../api/client";
import { onEvent } from "../api/events";
import { useLoad } from "../api/load";
import type { FaultEntry, FaultGroup, PageInfo, PageOf } from "../api/types";
import { fieldNames, parseSearch, withField } from "../faults/query";
import { Id } from "../parts/Id";
import { Pager, pageOf } from "../parts/Pager";
import { CodeChip } from "../parts/State";
import { Table, type Column } from "../parts/Table";
import { Time } from "../parts/Time";
import { Trend } from "../parts/Trend";
import { Empty, Loaded, View } from "../parts/View";
import { hrefOf, navigate, route, setQuery } from "../route";
import { faultHref, momentHref } from "./FaultBody";

const spans = [
  { value: "1h", name: "Last hour", ms: 3_600_000 },
  { value: "24h", name: "Last 24 hours", ms: 86_400_000 },
  { value: "7d", name: "Last 7 days", ms: 7 * 86_400_000 },
  { value: "", name: "All kept", ms: 0 },
];

const groups = [
  { value: "", name: "Each fault", column: "Fault" },
  { value: "reason", name: "By reason", column: "Reason" },
  { value: "code", name: "By code", column: "Code" },
  { value: "browser", name: "By browser", column: "Browser" },
  { value: "sdk", name: "By SDK version", column: "SDK" },
  { value: "room", name: "By meeting", column: "Meeting" },
];

/** All faults of an account, or of the server: searched, filtered, grouped. */
export function Faults() {
  const query = route.value.query;
  const text = query.get("q") ?? "";
  const group = groups.find((g) => g.value === query.get("group"))?.value ?? "";
  const span = spans.find((s) => s.value === query.get("since")) ?? spans[3];
  const everybody = identity.value?.role !== "developer" && query.get("of") === "all";
  const { id, ...search } = parseSearch(text);
  useEffect(() => {
    if (id !== undefined) navigate(hrefOf(["faults", id]), { replace: true });
  }, [id]);
  // The beginning is round, so that the same question has the same key.
  const since =
    span === undefined || span.ms === 0
      ? undefined
      : new Date(Math.floor(Date.now() / 60_000) * 60_000 - span.ms).toISOString();
  const base = everybody ? "/admin/v1/faults" : "/v2/faults";
  const filter = { ...search, since };
  const key = JSON.stringify([base, search, span?.value, group, pageOf(), account.value]);
  const list = useLoad<PageOf<FaultEntry>>(`list ${group === "" ? key : ""}`, async (signal) =>
    group === "" && id === undefined ? get(base, { ...filter, page: pageOf(), perPage: 50 }, signal) : nothing,
  );
  const grouped = useLoad<readonly FaultGroup[]>(`groups ${group === "" ? "" : key}`, async (signal) => {
    return group === "" ? [] : faultGroups(base, { ...filter, group }, signal);
  });
  useReloadOnFault(() => (group === "" ? list : grouped).reload());
  const filtered = text !== "" || span?.ms !== 0;
  return (
    <View
      title="Faults"
      lead={
        "Whatever went wrong: refused joins and calls, failed recordings, lost connections, " +
        "and what the SDKs found on their devices."
      }
      testid="faults-view"
    >
      <div class="filters">
        <SearchField text={text} />
        <Choice
          label="Time"
          testid="faults-since"
          value={span?.value ?? ""}
          options={spans}
          onChange={(v) => setQuery({ since: v, page: undefined })}
        />
        <Choice
          label="Group"
          testid="faults-group"
          value={group}
          options={groups}
          onChange={(v) => setQuery({ group: v, page: undefined })}
        />
        {identity.value?.role !== "developer" && (
          <Choice
            label="Of"
            testid="faults-of"
            value={everybody ? "all" : ""}
            options={[
              { value: "", name: "This account" },
              { value: "all", name: "All accounts and the server" },
            ]}
            onChange={(v) => setQuery({ of: v, page: undefined })}
          />
        )}
      </div>
      {group === "" ? (
        <Loaded load={list} isEmpty={(p) => p.data.length === 0} empty={<NoFaults filtered={filtered} />}>
          {(page) => (
            <>
              <FaultTable faults={page.data} everybody={everybody} />
              <Pager info={page.pageInfo} />
            </>
          )}
        </Loaded>
      ) : (
        <Loaded load={grouped} isEmpty={(g) => g.length === 0} empty={<NoFaults filtered={filtered} />}>
          {(rows) => <Groups rows={rows} group={group} text={text} />}
        </Loaded>
      )}
    </View>
  );
}

/** Asks for faults in groups. */
export async function faultGroups(path: string, query: Params, signal: AbortSignal): Promise<readonly FaultGroup[]> {
  return (await get<{ groups?: readonly FaultGroup[] }>(path, query, signal)).groups ?? [];
}

const noInfo: PageInfo = { currentPage: 1, perPage: 1, lastPage: 1, total: 0 };
const nothing: PageOf<FaultEntry> = { pageInfo: noInfo, data: [] };

/** Asks again shortly after a fault came or was over, however many come at once; of one session, or of all. */
export function useReloadOnFault(reload: () => void, sessionId?: string): void {
  const [arrived, setArrived] = useState(0);
  const ids = useRef<string[]>([]);
  useEffect(
    () =>
      onEvent((e) => {
        if (!e.name.startsWith("fault") && e.name !== "missed") return;
        if (sessionId !== undefined && e.name !== "missed" && e.data["sessionId"] !== sessionId) return;
        ids.current.push(e.name === "fault" ? String(e.data["id"]) : "");
        setArrived((n) => n + 1);
      }),
    [sessionId],
  );
  useEffect(() => {
    if (arrived === 0) return undefined;
    const timer = setTimeout(() => {
      const others = ids.current.some((id) => !isOwnFault(id));
      ids.current = [];
      if (others) reload();
    }, 300);
    return () => clearTimeout(timer);
  }, [arrived]);
}

function SearchField({ text }: { text: string }) {
  const [typed, setTyped] = useState(text);
  useEffect(() => setTyped(text), [text]);
  return (
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
        aria-label="Search faults"
        aria-describedby="search-help"
        placeholder="Id, code, reason, or anything"
        value={typed}
        data-testid="faults-search"
        onInput={(e) => {
          setTyped(e.currentTarget.value);
          if (e.currentTarget.value === "" && text !== "") setQuery({ q: undefined, page: undefined });
        }}
      />
      <span id="search-help" class="offscreen">
        Or a field and a value, such as reason:DNS. Fields: {fieldNames.join(", ")}.
      </span>
    </form>
  );
}

export function Choice({
  label,
  value,
  options,
  onChange,
  testid,
}: {
  label: string;
  value: string;
  options: readonly { readonly value: string; readonly name: string }[];
  onChange: (value: string) => void;
  testid: string;
}) {
  return (
    <label class="choice">
      <span>{label}</span>
      <select value={value} data-testid={testid} onChange={(e) => onChange(e.currentTarget.value)}>
        {options.map((o) => (
          <option key={o.value} value={o.value}>
            {o.name}
          </option>
        ))}
      </select>
    </label>
  );
}

function NoFaults({ filtered }: { filtered: boolean }) {
  return filtered ? (
    <Empty icon={Search} title="No fault matches">
      <p>
        Search for an id (<code>flt_…</code>), a code (<code>4009</code>), a code and reason (<code>4009.LIMIT</code>),
        a meeting id, a field (<code>participant:ann</code>, <code>browser:Firefox</code>), or any word of its text.
      </p>
    </Empty>
  ) : (
    <Empty icon={ShieldCheck} title="Nothing went wrong yet">
      <p>
        Every failure comes here as one coded fault that says what broke, why, and what to do. To see one, join a
        meeting with a token that has expired, and search for its id.
      </p>
    </Empty>
  );
}

/** A list of faults, newest first. */
export function FaultTable({ faults, everybody = false }: { faults: readonly FaultEntry[]; everybody?: boolean }) {
  const columns: Column<FaultEntry>[] = [
    { name: "When", cell: (f) => <Time at={f.at} /> },
    {
      name: "Fault",
      kind: "main",
      cell: (f) => (
        <>
          <a class="fault-link" href={faultHref(f)}>
            <CodeChip code={f.code} reason={f.reason} fatal={f.fatal} />
          </a>
          {f.lasts === true && !f.clearedAt && (
            <span class="state" data-tone="bad">
              lasts
            </span>
          )}
          <span class="clip">{f.detail}</span>
        </>
      ),
    },
    {
      name: "Where",
      cell: (f) => (
        <span class="where">
          {f.meetingId === "" ? (
            <span class="soft">–</span>
          ) : (
            <Id id={f.meetingId} what="meeting id" href={momentHref(f) ?? hrefOf(["meetings", f.meetingId])} />
          )}
          {f.participantId !== "" && (
            <a class="soft" href={hrefOf(["participants", f.participantId])}>
              <small>{f.participantId}</small>
            </a>
          )}
        </span>
      ),
    },
    {
      name: everybody ? "Account" : "Client",
      cell: (f) =>
        everybody ? (
          <Id id={f.accountId ?? ""} what="account id" />
        ) : (
          <span class="soft">{[f.sdk, f.browser].filter(Boolean).join(", ") || "–"}</span>
        ),
    },
  ];
  return (
    <Table
      label="Faults"
      columns={columns}
      rows={faults}
      keyOf={(f) => f.id}
      tone={(f) => (f.fatal ? "bad" : "warn")}
    />
  );
}

/** The search that finds what a group has counted. */
function narrowed(text: string, group: string, g: FaultGroup): string {
  if (group !== "reason") return withField(text, group, g.key);
  return withField(withField(text, "code", String(g.code ?? "")), "reason", g.reason ?? "");
}

function Groups({ rows, group, text }: { rows: readonly FaultGroup[]; group: string; text: string }) {
  const columns: Column<FaultGroup>[] = [
    {
      name: groups.find((g) => g.value === group)?.column ?? "Group",
      kind: "main",
      cell: (g) => (
        <a
          href={hrefOf(["faults"], {
            ...Object.fromEntries(route.value.query),
            group: undefined,
            q: narrowed(text, group, g),
          })}
        >
          {g.reason !== undefined && g.code !== undefined ? (
            <CodeChip code={g.code} reason={g.reason} />
          ) : (
            g.key || "not known"
          )}
        </a>
      ),
    },
    { name: "Count", kind: "number", cell: (g) => <b class="time">{g.count}</b> },
    { name: "Trend", cell: (g) => <Trend counts={g.trend} label={`${g.count} faults over the time that is shown`} /> },
    { name: "First", cell: (g) => <Time at={g.first} /> },
    { name: "Last", cell: (g) => <Time at={g.last} /> },
    { name: "Newest", cell: (g) => <Id id={g.lastId} what="fault id" href={hrefOf(["faults", g.lastId])} /> },
  ];
  return <Table label="Groups of faults" columns={columns} rows={rows} keyOf={(g) => g.key} />;
}
