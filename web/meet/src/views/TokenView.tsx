import { Icon, Page } from "@klatch/ui";
import { Link } from "lucide";
import { useId, useState } from "preact/hooks";
import { meetAddress, readPasted } from "../link";
import { useStore } from "../state/context";

/** Without a token nobody can join: says where links come from and takes one. */
export function TokenView() {
  const store = useStore();
  const id = useId();
  const [text, setText] = useState("");
  const [problem, setProblem] = useState("");
  const { meetingId, base } = store.link.value;
  const take = (): void => {
    const pasted = readPasted(text);
    if (pasted.kind === "neither") {
      setProblem(pasted.why);
    } else if (pasted.kind === "link") {
      location.assign(meetAddress(pasted.link.base, pasted.link.meetingId, pasted.link.token));
    } else if (pasted.meetingId !== "" && meetingId === "") {
      location.assign(meetAddress(base, pasted.meetingId, pasted.token));
    } else if (meetingId === "") {
      setProblem("This token is for any meeting of its account. Paste a whole link, which says which one.");
    } else {
      store.useLink({ ...store.link.value, token: pasted.token });
    }
  };
  return (
    <Page theme={store.prefs.theme} testid="token-view">
      <main class="card">
        <span class="card-icon">
          <Icon icon={Link} size={28} />
        </span>
        <h1>This link is missing its ticket</h1>
        <p>
          To join{" "}
          {meetingId === "" ? (
            "a meeting"
          ) : (
            <>
              the meeting <b>{meetingId}</b>
            </>
          )}{" "}
          you need a personal link. It comes from whoever invited you: in a mail, from the app you use, or from{" "}
          <code>klatch dev</code>. It ends in <code>#token=…</code>; an address copied from somebody's browser has no
          such end.
        </p>
        <form
          onSubmit={(e) => {
            e.preventDefault();
            take();
          }}
        >
          <div class="field">
            <label for={`${id}link`}>Your link or token</label>
            <input
              id={`${id}link`}
              data-testid="token-input"
              value={text}
              autoComplete="off"
              spellcheck={false}
              placeholder="https://…/meet/abcd-efgh-ijkl#token=…"
              aria-invalid={problem !== ""}
              aria-describedby={`${id}problem`}
              onInput={(e) => {
                setText(e.currentTarget.value);
                setProblem("");
              }}
            />
          </div>
          <p class="field-problem" id={`${id}problem`} role="alert" data-testid="token-problem">
            {problem}
          </p>
          <button type="submit" class="button primary wide big" data-testid="token-submit">
            Go on
          </button>
        </form>
      </main>
    </Page>
  );
}
