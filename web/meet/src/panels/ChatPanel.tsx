import { Icon, IconButton, locale } from "@klatch/ui";
import { computed } from "@preact/signals";
import { Lock, MessageSquare, Paperclip, SendHorizontal } from "lucide";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { useStore } from "../state/context";
import { type ChatFile, fileOf } from "../state/files";
import { whyNot } from "../state/rights";
import { bars, type ChatMessage, type RoomState } from "../state/room";
import { t } from "../text/inside";
import { linkify } from "./linkify";
import { PanelHead } from "./PanelHead";

const clock = computed(() => new Intl.DateTimeFormat(locale.value, { hour: "2-digit", minute: "2-digit" }));
/** Messages of one person within this time stand under one name. */
const groupMs = 3 * 60_000;

export function ChatPanel() {
  const store = useStore();
  const { chat } = store.room.value;
  const list = useRef<HTMLOListElement>(null);
  const stuck = useRef(true);
  const top = useRef(0);
  useLayoutEffect(() => {
    const at = list.current;
    if (at === null) return;
    const follow = (): void => {
      // Whoever scrolled up to read is not pulled down.
      if (stuck.current) at.scrollTop = at.scrollHeight;
    };
    follow();
    // Pictures come later, and what is attached takes room away.
    const sizes = new ResizeObserver(follow);
    for (const one of [at, ...at.children]) sizes.observe(one);
    return () => sizes.disconnect();
  }, [chat.length]);
  return (
    <>
      <PanelHead title={t("chat")} close={t("closeChat")} />
      {chat.length === 0 ? (
        <div class="panel-empty">
          <Icon icon={MessageSquare} size={36} />
          <p>{t("noMessages")}</p>
        </div>
      ) : (
        <ol
          class="chat-list"
          ref={list}
          tabIndex={0}
          aria-label={t("messages")}
          data-testid="chat-list"
          onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
            // What comes late moves the end away; only a person scrolls up.
            if (scrollHeight - scrollTop - clientHeight < 40) stuck.current = true;
            else if (scrollTop < top.current) stuck.current = false;
            top.current = scrollTop;
          }}
        >
          {chat.map((m, i) => (
            <Message key={m.id} message={m} own={m.senderId === store.self.value?.id} before={chat[i - 1]} />
          ))}
        </ol>
      )}
      <ChatForm />
    </>
  );
}

/** The names of those to whom a private message went: of those who were seen here, else the one that came with it. */
function recipients({ names }: RoomState, { to, payload }: ChatMessage): string {
  const written = payload?.["to"];
  return to
    .map((id) => names.get(id) ?? (to.length === 1 && typeof written === "string" ? written : t("somebody")))
    .join(", ");
}

function Message({ message, own, before }: { message: ChatMessage; own: boolean; before: ChatMessage | undefined }) {
  const room = useStore().room.value;
  const to = recipients(room, message);
  const follows =
    before?.senderId === message.senderId &&
    message.at - before.at < groupMs &&
    before.private === message.private &&
    recipients(room, before) === to;
  const file = fileOf(message.payload);
  return (
    <li
      class={`message${own ? " own" : ""}${follows ? " follows" : ""}${message.private ? " private" : ""}`}
      data-testid="chat-message"
    >
      {!follows && (
        <p class="message-head">
          <b dir="auto">{own ? t("you") : message.senderName}</b>{" "}
          <time dateTime={new Date(message.at).toISOString()}>{clock.value.format(message.at)}</time>{" "}
          {message.private && (
            <span class="message-private" data-testid="chat-private">
              <Icon icon={Lock} size={14} />
              <bdi>{own && to !== "" ? t("privateTo", { name: to }) : t("privateToYou")}</bdi>
            </span>
          )}
        </p>
      )}
      {message.text !== file?.name && (
        <p class="message-text" dir="auto">
          {linkify(message.text).map((piece, i) =>
            piece.href === undefined ? (
              piece.text
            ) : (
              <a key={i} href={piece.href} target="_blank" rel="noopener noreferrer">
                {piece.text}
              </a>
            ),
          )}
        </p>
      )}
      {file !== undefined && <SentFile file={file} />}
      {message.missed && (
        <p class="message-missed" data-testid="chat-missed">
          {t("notDelivered", { name: to })}
        </p>
      )}
    </li>
  );
}

function SentFile({ file }: { file: ChatFile }) {
  const store = useStore();
  const files = store.files.value;
  useEffect(() => void store.openFiles(), [store]);
  return files === null ? <p dir="auto">{file.name}</p> : <files.Received file={file} />;
}

/** Whether what is dragged or pasted are files. */
function filesIn(data: DataTransfer | null): readonly File[] {
  return [...(data?.files ?? [])];
}

function ChatForm() {
  const store = useStore();
  const files = store.files.value;
  const [draft, setDraft] = useState("");
  const barred = bars(store.room.value, "chat");
  const [dragged, setDragged] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  const hint = useId();
  const to = store.chatTo.value;
  const gone = store.chatToGone.value;
  const name = store.room.value.names.get(to) ?? t("somebody");
  const add = async (chosen: readonly File[]): Promise<void> => {
    if (chosen.length > 0 && !barred) (await store.openFiles())?.add(chosen);
  };
  useEffect(() => {
    // Anywhere on the page: a file that is dropped beside the chat would take the page away.
    const over = (e: DragEvent): void => {
      if (e.dataTransfer?.types.includes("Files") !== true) return;
      e.preventDefault();
      setDragged(!barred);
    };
    const out = (e: DragEvent): void => {
      if (e.relatedTarget === null) setDragged(false);
    };
    const drop = (e: DragEvent): void => {
      setDragged(false);
      if (filesIn(e.dataTransfer).length === 0) return;
      e.preventDefault();
      void add(filesIn(e.dataTransfer));
    };
    const events = { dragover: over, dragleave: out, drop };
    for (const [event, listener] of Object.entries(events)) addEventListener(event, listener as EventListener);
    return () => {
      for (const [event, listener] of Object.entries(events)) removeEventListener(event, listener as EventListener);
    };
  });
  const send = async (): Promise<void> => {
    const text = draft.trim();
    if (barred || gone || files?.isSending() === true) return;
    if (files?.isAny() === true) {
      setDraft("");
      const rest = await files.send(text);
      return setDraft((now) => (now === "" ? rest : now));
    }
    // A refused message stays in the field, and the fault says why.
    if (text !== "" && (await store.sendChat(text, to))) setDraft("");
  };
  const label = to === "" ? t("messageToAll") : t("messageTo", { name });
  const sendLabel = to === "" ? t("send") : t("sendPrivately", { name });
  const sending = files?.isSending() === true;
  const nothing = draft.trim() === "" && files?.isAny() !== true;
  return (
    <form
      class={`chat-form${to === "" ? "" : " private"}${dragged ? " dragged" : ""}`}
      onSubmit={(e) => {
        e.preventDefault();
        void send();
      }}
    >
      {barred && (
        <p class="chat-barred" id="chat-barred" data-testid="chat-barred">
          {whyNot("chat")}
        </p>
      )}
      <label class="chat-to">
        <span>{t("chatTo")}</span>
        <select
          value={to}
          disabled={sending || barred}
          data-testid="chat-to"
          onChange={(e) => (store.chatTo.value = e.currentTarget.value)}
        >
          <option value="">{t("everyone")}</option>
          {gone && <option value={to}>{t("personGone", { name })}</option>}
          {store.others.value.map((p) => (
            <option key={p.id} value={p.id}>
              {p.name}
            </option>
          ))}
        </select>
      </label>
      {gone ? (
        <p class="chat-gone" id={hint} role="alert" data-testid="chat-gone">
          {t("goneHint", { name })}
        </p>
      ) : (
        to !== "" && (
          <p class="chat-hint" id={hint} data-testid="chat-hint">
            <Icon icon={Lock} size={14} /> <span>{t("onlyTheySee", { name })}</span>
          </p>
        )
      )}
      {dragged && <p class="chat-hint">{t("dropFile")}</p>}
      {files !== null && <files.Attached />}
      <div class="chat-field">
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          data-testid="chat-files"
          onChange={(e) => {
            void add([...(e.currentTarget.files ?? [])]);
            e.currentTarget.value = "";
          }}
        />
        <IconButton
          icon={Paperclip}
          label={t("attachFile")}
          testid="chat-attach"
          disabled={sending || barred}
          onClick={() => {
            picker.current?.click();
            void store.openFiles().then((loaded) => loaded?.open());
          }}
        />
        <textarea
          value={draft}
          rows={1}
          dir="auto"
          placeholder={label}
          aria-label={label}
          aria-describedby={barred ? "chat-barred" : to === "" ? undefined : hint}
          {...(barred && { readOnly: true, "aria-disabled": true })}
          data-testid="chat-input"
          data-autofocus
          onInput={(e) => setDraft(e.currentTarget.value)}
          onPaste={(e) => {
            if (filesIn(e.clipboardData).length === 0) return;
            e.preventDefault();
            void add(filesIn(e.clipboardData));
          }}
          onKeyDown={(e) => {
            if (e.key !== "Enter" || e.shiftKey || e.isComposing) return;
            e.preventDefault();
            void send();
          }}
        />
        <button
          type="submit"
          class="icon-button accent"
          aria-label={sendLabel}
          title={sendLabel}
          data-testid="chat-send"
          disabled={barred || nothing || gone || sending || store.busy.value.has("chat")}
        >
          <Icon icon={SendHorizontal} directed />
        </button>
      </div>
    </form>
  );
}
