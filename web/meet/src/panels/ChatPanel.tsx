import { Icon, locale } from "@klatch/ui";
import { computed } from "@preact/signals";
import { MessageSquare, SendHorizontal } from "lucide";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { useStore } from "../state/context";
import type { ChatMessage } from "../state/room";
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
  useLayoutEffect(() => {
    // Whoever scrolled up to read is not pulled down.
    if (stuck.current && list.current !== null) list.current.scrollTop = list.current.scrollHeight;
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
          onScroll={(e) =>
            (stuck.current =
              e.currentTarget.scrollHeight - e.currentTarget.scrollTop - e.currentTarget.clientHeight < 40)
          }
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

function Message({ message, own, before }: { message: ChatMessage; own: boolean; before: ChatMessage | undefined }) {
  const follows = before?.senderId === message.senderId && message.at - before.at < groupMs;
  return (
    <li class={`message${own ? " own" : ""}${follows ? " follows" : ""}`} data-testid="chat-message">
      {!follows && (
        <p class="message-head">
          <b dir="auto">{own ? t("you") : message.senderName}</b>{" "}
          <time dateTime={new Date(message.at).toISOString()}>{clock.value.format(message.at)}</time>
        </p>
      )}
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
    </li>
  );
}

function ChatForm() {
  const store = useStore();
  const [draft, setDraft] = useState("");
  const send = async (): Promise<void> => {
    const text = draft.trim();
    // A refused message stays in the field, and the fault says why.
    if (text !== "" && (await store.sendChat(text))) setDraft("");
  };
  return (
    <form
      class="chat-form"
      onSubmit={(e) => {
        e.preventDefault();
        void send();
      }}
    >
      <textarea
        value={draft}
        rows={1}
        dir="auto"
        placeholder={t("messageToAll")}
        aria-label={t("messageToAll")}
        data-testid="chat-input"
        data-autofocus
        onInput={(e) => setDraft(e.currentTarget.value)}
        onKeyDown={(e) => {
          if (e.key !== "Enter" || e.shiftKey || e.isComposing) return;
          e.preventDefault();
          void send();
        }}
      />
      <button
        type="submit"
        class="icon-button accent"
        aria-label={t("send")}
        title={t("send")}
        data-testid="chat-send"
        disabled={draft.trim() === "" || store.busy.value.has("chat")}
      >
        <Icon icon={SendHorizontal} directed />
      </button>
    </form>
  );
}
