import { type FormEvent, useState } from "react";

/** What the token server gives to a guest. */
export interface Invitation {
  serverUrl: string;
  meetingId: string;
  participantId: string;
  name: string;
  token: string;
}

/** The way in: a name, and the meeting of the address, or a new one. */
export function Entry({ onInvited, left }: { onInvited: (invitation: Invitation) => void; left: boolean }) {
  const [name, setName] = useState("");
  const [problem, setProblem] = useState("");

  async function enter(event: FormEvent) {
    event.preventDefault();
    setProblem("");
    const meetingId = new URLSearchParams(location.search).get("meeting");
    try {
      const response = await fetch("/join", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ name, meetingId }),
      });
      const answer = await response.json();
      if (!response.ok) throw new Error(answer.detail); // a fault of Klatch, as the token server got it
      history.replaceState(null, "", `?meeting=${answer.meetingId}`); // the address to send to others
      onInvited(answer);
    } catch (error) {
      setProblem(String(error));
    }
  }

  return (
    <form className="entry" onSubmit={(event) => void enter(event)}>
      {left && <p id="left">You have left the meeting.</p>}
      <label>
        Your name <input id="name" value={name} onChange={(event) => setName(event.target.value)} required autoFocus />
      </label>
      <button id="enter">Enter</button>
      {problem && <p role="alert">{problem}</p>}
    </form>
  );
}
