import { CopyButton, Dialog, Icon } from "@klatch/ui";
import { KeyRound, Plus, RefreshCw } from "lucide";
import { useState } from "preact/hooks";
import { account, get, request, seg } from "../api/client";
import { useLoad } from "../api/load";
import type { KeyRecord, PageOf } from "../api/types";
import { act } from "../parts/act";
import { confirmed } from "../parts/confirm";
import { Id } from "../parts/Id";
import { keyRights } from "../parts/rights";
import { Pager, pageOf } from "../parts/Pager";
import { State } from "../parts/State";
import { Table, type Column } from "../parts/Table";
import { Time } from "../parts/Time";
import { Empty, Loaded, View } from "../parts/View";

export interface CreatedKey extends KeyRecord {
  readonly secret: string;
}

/** The API keys of the account. A secret is shown once, when the key is made. */
export function Keys() {
  const rights = keyRights();
  const [created, setCreated] = useState<{ key: CreatedKey; instead?: KeyRecord } | undefined>();
  const load = useLoad(`${account.value} ${pageOf()}`, (signal) =>
    get<PageOf<KeyRecord>>(rights.path, { ...rights.query, page: pageOf(), perPage: 50 }, signal),
  );
  const create = async (label: string): Promise<void> => {
    let key: CreatedKey | undefined;
    const call = request<CreatedKey>("POST", rights.path, { body: { ...rights.query, label } }).then((k) => (key = k));
    if ((await act(call, "The key is made.")) && key !== undefined) {
      setCreated({ key });
      load.reload();
    }
  };
  const change = async (key: KeyRecord, action: "activate" | "deactivate"): Promise<void> => {
    const call = (what: string) => request("POST", `${rights.path}/${seg(key.apiKey)}/${what}`);
    const back = action === "activate" ? "deactivate" : "activate";
    const undo = (): void => void act(call(back), "Taken back.").then(load.reload);
    if (action === "deactivate") {
      const text = (
        <p>Running calls of tokens of this key end at once, and new ones are refused until it is active again.</p>
      );
      if (!(await confirmed("Deactivate this key?", text, "Deactivate"))) return;
    }
    if (await act(call(action), action === "activate" ? "The key is active." : "The key is deactivated.", undo))
      load.reload();
  };
  const revoke = async (key: KeyRecord): Promise<void> => {
    const text = (
      <p>
        Tokens of <code>{key.apiKey}</code> are refused from now on, and it can never be active again. Running calls go
        on.
      </p>
    );
    if (!(await confirmed("Revoke this key for good?", text, "Revoke"))) return;
    if (await act(request("POST", `${rights.path}/${seg(key.apiKey)}/revoke`), "The key is revoked.")) load.reload();
  };
  const rotate = async (key: KeyRecord): Promise<void> => {
    const text = (
      <p>
        A successor is made now, and its secret is shown once. The old key holds for 24 hours more, so that your server
        can take the new one; then it is revoked.
      </p>
    );
    if (!(await confirmed("Rotate this key?", text, "Make the successor"))) return;
    let made: CreatedKey | undefined;
    const path = `${rights.path}/${seg(key.apiKey)}/rotate`;
    const call = request<CreatedKey>("POST", path, { body: {} }).then((k) => (made = k));
    if (!(await act(call, "The successor is made.")) || made === undefined) return;
    setCreated({ key: made, instead: key });
    load.reload();
  };
  const columns: Column<KeyRecord>[] = [
    { name: "Key", kind: "main", cell: (k) => <Id id={k.apiKey} what="API key" /> },
    { name: "Label", cell: (k) => k.label || <span class="soft">–</span> },
    { name: "State", cell: (k) => <State state={k.state} /> },
    { name: "Since", cell: (k) => <Time at={k.stateSince} /> },
    { name: "Made", cell: (k) => <Time at={k.createdAt} /> },
    {
      name: "Actions",
      kind: "actions",
      cell: (k) =>
        rights.may &&
        k.state !== "revoked" && (
          <span class="row-actions">
            <button type="button" class="button small" aria-label={`Rotate ${k.apiKey}`} onClick={() => void rotate(k)}>
              <Icon icon={RefreshCw} size={14} /> Rotate
            </button>
            {rights.mayPause && (
              <button
                type="button"
                class="button small"
                aria-label={`${k.state === "active" ? "Deactivate" : "Activate"} ${k.apiKey}`}
                onClick={() => void change(k, k.state === "active" ? "deactivate" : "activate")}
              >
                {k.state === "active" ? "Deactivate" : "Activate"}
              </button>
            )}
            <button
              type="button"
              class="button small"
              aria-label={`Revoke ${k.apiKey}`}
              data-testid="key-revoke"
              onClick={() => void revoke(k)}
            >
              Revoke
            </button>
          </span>
        ),
    },
  ];
  return (
    <View
      title="API keys"
      lead="Your server signs the tokens of participants with the secret of a key."
      testid="keys-view"
      actions={rights.may && <NewKey onCreate={(label) => void create(label)} />}
    >
      <Loaded
        load={load}
        isEmpty={(p) => p.data.length === 0}
        empty={
          <Empty icon={KeyRound} title="No key yet">
            <p>Make one: its secret is shown once, and your server signs tokens with it.</p>
          </Empty>
        }
      >
        {(page) => (
          <>
            <Table label="API keys" columns={columns} rows={page.data} keyOf={(k) => k.apiKey} />
            <Pager info={page.pageInfo} />
          </>
        )}
      </Loaded>
      {created !== undefined && (
        <SecretDialog
          created={created.key}
          onClose={() => setCreated(undefined)}
          onRevoke={created.instead && (() => created.instead && void revoke(created.instead))}
        />
      )}
    </View>
  );
}

function NewKey({ onCreate }: { onCreate: (label: string) => void }) {
  const [label, setLabel] = useState("");
  return (
    <form
      class="inline-form"
      onSubmit={(e) => {
        e.preventDefault();
        onCreate(label.trim());
        setLabel("");
      }}
    >
      <input
        type="text"
        aria-label="Label of the new key"
        placeholder="Label, such as production"
        maxLength={64}
        value={label}
        data-testid="key-label"
        onInput={(e) => setLabel(e.currentTarget.value)}
      />
      <button type="submit" class="button small primary" data-testid="key-create">
        <Icon icon={Plus} size={15} /> Create
      </button>
    </form>
  );
}

/** The only moment at which a secret is in the page; it leaves with the dialog. */
export function SecretDialog({
  created,
  onClose,
  onRevoke,
}: {
  created: CreatedKey;
  onClose: () => void;
  onRevoke?: (() => void) | undefined;
}) {
  return (
    <Dialog title="The new key" testid="secret-dialog" onClose={onClose}>
      <div class="confirm">
        <p>
          <b>The secret is shown once.</b> Put it where your server keeps secrets; never into a page or an app.
        </p>
        <dl class="facts">
          <div>
            <dt>API key</dt>
            <dd>
              <code data-testid="new-key">{created.apiKey}</code>
            </dd>
          </div>
          <div>
            <dt>Secret</dt>
            <dd>
              <code data-testid="new-secret">{created.secret}</code>
            </dd>
          </div>
        </dl>
        <div class="confirm-actions">
          <CopyButton text={() => created.apiKey} label="Copy key" testid="copy-key" />
          <CopyButton text={() => created.secret} label="Copy secret" testid="copy-secret" />
          {onRevoke !== undefined && (
            <button type="button" class="button small" onClick={onRevoke}>
              Revoke the old key now
            </button>
          )}
          <button type="button" class="button small primary" data-testid="secret-done" onClick={onClose}>
            I have kept it
          </button>
        </div>
      </div>
    </Dialog>
  );
}
