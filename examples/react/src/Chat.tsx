import { usePubSub } from "@klatch/react";
import { type FormEvent, useState } from "react";

/** The chat, which the ready-made page and bots share under this topic. */
export function Chat({ hidden }: { hidden: boolean }) {
  const { messages, publish } = usePubSub("CHAT");
  const [text, setText] = useState("");

  async function send(event: FormEvent) {
    event.preventDefault();
    await publish(text, { persist: true });
    setText(""); // what was refused stays there; onError has said why
  }

  return (
    <aside hidden={hidden} aria-label="Chat">
      <ol id="messages">
        {messages.map(({ id, senderName, message }) => (
          <li key={id}>
            <b>{senderName}</b> {message}
          </li>
        ))}
      </ol>
      <form onSubmit={(event) => void send(event).catch(() => undefined)}>
        <input id="text" value={text} onChange={(event) => setText(event.target.value)} aria-label="Message" required />
        <button id="send">Send</button>
      </form>
    </aside>
  );
}
