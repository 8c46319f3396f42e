import { ScrollText } from "lucide";
import { account, get, identity } from "../api/client";
import { useLoad } from "../api/load";
import type { PageOf } from "../api/types";
import { Id } from "../parts/Id";
import { Pager, pageOf } from "../parts/Pager";
import { Table, type Column } from "../parts/Table";
import { Time } from "../parts/Time";
import { Empty, Loaded, View } from "../parts/View";
import { hrefOf, route, setQuery } from "../route";
import { Choice } from "./Faults";

interface AuditEntry {
  readonly id: number;
  readonly at: string;
  readonly accountId: string;
  readonly actor: string;
  readonly address: string;
  readonly route: string;
  readonly ids: Readonly<Record<string, string>>;
  readonly status: number;
  readonly code: number;
  readonly reason: string;
  readonly faultId: string;
}

const columns: readonly Column<AuditEntry>[] = [
  { name: "When", cell: (e) => <Time at={e.at} /> },
  { name: "Who", cell: (e) => <span>{e.actor.replace("-", " ")}</span> },
  { name: "From", cell: (e) => <code>{e.address}</code> },
  {
    name: "Change",
    kind: "main",
    cell: (e) => (
      <>
        <code class="strong">{e.route}</code>
        <small class="soft">
          {Object.entries(e.ids)
            .map(([name, value]) => `${name} ${value}`)
            .join(", ")}
        </small>
      </>
    ),
  },
  {
    name: "Result",
    cell: (e) =>
      e.code === 0 ? (
        <span class="state" data-tone="good">
          {e.status}
        </span>
      ) : (
        <span class="where">
          <span class="state" data-tone="bad">
            {e.status} {e.reason}
          </span>
          {e.faultId !== "" && <Id id={e.faultId} what="fault id" href={hrefOf(["faults", e.faultId])} />}
        </span>
      ),
  },
];

const actors = ["", "admin-token", "operator", "developer", "support"].map((value) => ({
  value,
  name: value === "" ? "Everybody" : value.replace("-", " "),
}));

/** Every change that was made over the console or with the admin token. */
export function Audit() {
  const query = route.value.query;
  const all = identity.value?.role !== "developer" && query.get("of") === "all";
  const actor = query.get("actor") ?? "";
  const load = useLoad(`${account.value} ${all} ${actor} ${pageOf()}`, (signal) =>
    get<PageOf<AuditEntry>>(all ? "/admin/v1/audit" : "/v2/audit", { page: pageOf(), perPage: 50, actor }, signal),
  );
  return (
    <View title="Audit log" lead="Who changed what, over the console and with the admin token." testid="audit-view">
      <div class="filters">
        <Choice
          label="By"
          testid="audit-actor"
          value={actor}
          options={actors}
          onChange={(v) => setQuery({ actor: v, page: undefined })}
        />
        {identity.value?.role !== "developer" && (
          <Choice
            label="Of"
            testid="audit-of"
            value={all ? "all" : ""}
            options={[
              { value: "", name: "This account" },
              { value: "all", name: "All accounts and the server" },
            ]}
            onChange={(v) => setQuery({ of: v, page: undefined })}
          />
        )}
      </div>
      <Loaded
        load={load}
        isEmpty={(p) => p.data.length === 0}
        empty={
          <Empty icon={ScrollText} title="Nothing was changed yet">
            <p>
              Each change of an account, a key, a meeting or a recording over the console is written here, with its
              result.
            </p>
          </Empty>
        }
      >
        {(page) => (
          <>
            <Table label="Changes" columns={columns} rows={page.data} keyOf={(e) => String(e.id)} />
            <Pager info={page.pageInfo} />
          </>
        )}
      </Loaded>
    </View>
  );
}
