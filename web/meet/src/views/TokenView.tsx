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
      setProblem("This does not say which meeting it is for. Paste the whole link.");
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
        <h1>This link is not complete</h1>
        <p>
          To join{" "}
          {meetingId === "" ? (
            "a meeting"
          ) : (
            <>
              the meeting <b dir="auto">{meetingId}</b>
            </>
          )}{" "}
          you need the personal link that you were sent. An address copied from somebody's browser does not let you in:
          ask the host for a link of your own.
        </p>
        <form
          onSubmit={(e) => {
            e.preventDefault();
            take();
          }}
        >
          <div class="field">
            <label for={`${id}link`}>Your link</label>
            <input
              id={`${id}link`}
              data-testid="token-input"
              value={text}
              autoComplete="off"
              spellcheck={false}
              placeholder="Paste it here"
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
