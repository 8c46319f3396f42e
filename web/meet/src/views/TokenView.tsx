import { Icon, Page } from "@klatch/ui";
import { Link } from "lucide";
import { useId, useState } from "preact/hooks";
import { meetAddress, type PasteProblem, readPasted } from "../link";
import { useStore } from "../state/context";
import { rich, t } from "../text";

/** Without a token nobody can join: says where links come from and takes one. */
export function TokenView() {
  const store = useStore();
  const id = useId();
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<PasteProblem | "">("");
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
      setProblem("pastedNoMeeting");
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
        <h1>{t("linkIncomplete")}</h1>
        <p>
          {meetingId === "" ? t("linkNeeded") : rich("linkNeededFor", { meeting: <b dir="auto">{meetingId}</b> })}{" "}
          {t("linkNotCopied")}
        </p>
        <form
          onSubmit={(e) => {
            e.preventDefault();
            take();
          }}
        >
          <div class="field">
            <label for={`${id}link`}>{t("yourLink")}</label>
            <input
              id={`${id}link`}
              data-testid="token-input"
              value={text}
              autoComplete="off"
              spellcheck={false}
              placeholder={t("pasteHere")}
              aria-invalid={problem !== ""}
              aria-describedby={`${id}problem`}
              onInput={(e) => {
                setText(e.currentTarget.value);
                setProblem("");
              }}
            />
          </div>
          <p class="field-problem" id={`${id}problem`} role="alert" data-testid="token-problem">
            {problem === "" ? "" : t(problem)}
          </p>
          <button type="submit" class="button primary wide big" data-testid="token-submit">
            {t("goOn")}
          </button>
        </form>
      </main>
    </Page>
  );
}
