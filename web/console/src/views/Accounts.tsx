import { CopyButton, Dialog, Icon } from "@klatch/ui";
import { Building2, Link, Plus } from "lucide";
import { useState } from "preact/hooks";
import { accounts, get, request, seg } from "../api/client";
import { useLoad } from "../api/load";
import type { AccountRecord, PageOf } from "../api/types";
import { act } from "../parts/act";
import { confirmed } from "../parts/confirm";
import { Id } from "../parts/Id";
import { Pager, pageOf } from "../parts/Pager";
import { isOperator } from "../parts/rights";
import { State } from "../parts/State";
import { Table, type Column } from "../parts/Table";
import { Time } from "../parts/Time";
import { Empty, Loaded, View } from "../parts/View";
import { hrefOf } from "../route";
import { loadAccounts } from "../signin";

interface CreatedInvite {
  readonly inviteId: string;
  readonly role: string;
  readonly expiresAt: string;
  readonly link: string;
}

/** The accounts of the server, and sign-in links for their developers. */
export function Accounts() {
  const [invite, setInvite] = useState<CreatedInvite | undefined>();
  const [name, setName] = useState("");
  const load = useLoad(`${pageOf()}`, (signal) =>
    get<PageOf<AccountRecord>>("/admin/v1/accounts", { page: pageOf(), perPage: 50 }, signal),
  );
  const reload = (): void => {
    load.reload();
    void loadAccounts();
  };
  const create = async (): Promise<void> => {
    if (!(await act(request("POST", "/admin/v1/accounts", { body: { name: name.trim() } }), "The account is made.")))
      return;
    setName("");
    reload();
  };
  const link = async (a: AccountRecord, role: "developer" | "support"): Promise<void> => {
    let made: CreatedInvite | undefined;
    const path = `/admin/v1/accounts/${seg(a.id)}/invites`;
    const call = request<CreatedInvite>("POST", path, { body: { role } }).then((i) => (made = i));
    if ((await act(call, "The sign-in link is made.")) && made !== undefined) setInvite(made);
  };
  const able = async (a: AccountRecord): Promise<void> => {
    const action = a.state === "active" ? "deactivate" : "activate";
    if (action === "deactivate") {
      const text = <p>Running calls of {a.name || a.id} end, and its tokens are refused until it is active again.</p>;
      if (!(await confirmed("Deactivate this account?", text, "Deactivate"))) return;
    }
    const done = action === "activate" ? "The account is active." : "The account is deactivated.";
    if (await act(request("POST", `/admin/v1/accounts/${seg(a.id)}/${action}`), done)) reload();
  };
  const columns: Column<AccountRecord>[] = [
    {
      name: "Account",
      kind: "main",
      cell: (a) => (
        <a class="strong-link" href={hrefOf([], { account: a.id })}>
          {a.name || a.id}
        </a>
      ),
    },
    { name: "Id", cell: (a) => <Id id={a.id} what="account id" /> },
    {
      name: "State",
      cell: (a) => (
        <span class="where">
          <State state={a.state} />
          {a.stateMessage !== undefined && a.stateMessage !== "" && <small class="soft">{a.stateMessage}</small>}
        </span>
      ),
    },
    { name: "Made", cell: (a) => <Time at={a.createdAt} /> },
    {
      name: "Actions",
      kind: "actions",
      cell: (a) =>
        isOperator() && (
          <span class="row-actions">
            <button
              type="button"
              class="button small"
              aria-label={`Invite developer of ${a.name}`}
              onClick={() => void link(a, "developer")}
            >
              <Icon icon={Link} size={14} /> Invite developer
            </button>
            <button
              type="button"
              class="button small"
              aria-label={`Invite support for ${a.name}`}
              onClick={() => void link(a, "support")}
            >
              Invite support
            </button>
            {a.state !== "discontinued" && (
              <button
                type="button"
                class="button small"
                aria-label={`${a.state === "active" ? "Deactivate" : "Activate"} ${a.name}`}
                onClick={() => void able(a)}
              >
                {a.state === "active" ? "Deactivate" : "Activate"}
              </button>
            )}
          </span>
        ),
    },
  ];
  return (
    <View
      title="Accounts"
      lead="Each account has keys, meetings and limits of its own, and sees nothing of another one."
      testid="accounts-view"
      actions={
        isOperator() && (
          <form
            class="inline-form"
            onSubmit={(e) => {
              e.preventDefault();
              void create();
            }}
          >
            <input
              type="text"
              required
              maxLength={128}
              aria-label="Name of the new account"
              placeholder="Name"
              value={name}
              data-testid="account-name"
              onInput={(e) => setName(e.currentTarget.value)}
            />
            <button type="submit" class="button small primary" data-testid="account-create">
              <Icon icon={Plus} size={15} /> Create
            </button>
          </form>
        )
      }
    >
      <Loaded
        load={load}
        isEmpty={(p) => p.data.length === 0}
        empty={
          <Empty icon={Building2} title="No account yet">
            <p>Make one for each product or customer; its developers sign in with a link.</p>
          </Empty>
        }
      >
        {(page) => (
          <>
            <Table label="Accounts" columns={columns} rows={page.data} keyOf={(a) => a.id} />
            {accounts.value.length > 0 && <Pager info={page.pageInfo} />}
          </>
        )}
      </Loaded>
      {invite !== undefined && (
        <Dialog title="Sign-in link" testid="invite-dialog" onClose={() => setInvite(undefined)}>
          <div class="confirm">
            <p>
              It signs in a{" "}
              {invite.role === "support" ? "supporter, who reads everything" : "developer of this account"}, once, and
              expires <Time at={invite.expiresAt} />. It is shown this once.
            </p>
            <p class="link-box">
              <code data-testid="invite-link">{invite.link}</code>
            </p>
            <div class="confirm-actions">
              <CopyButton text={() => invite.link} label="Copy link" testid="copy-invite" />
            </div>
          </div>
        </Dialog>
      )}
    </View>
  );
}
