import { Brand, Icon, Page } from "@klatch/ui";
import { LogIn } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { takeInvite } from "../address";
import { Problem } from "../api/client";
import { ProblemNote, Skeleton } from "../parts/View";
import { keepWanted, proofOf, signIn, whoAmI, type Proof } from "../signin";
import { theme } from "../theme";

/** Signs in: with the link of an invitation at once, else with the operator's token. */
export function SignIn() {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | undefined>();
  const [token, setToken] = useState("");
  const enter = async (proof: Proof): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      await signIn(proof);
    } catch (e) {
      setProblem(e instanceof Problem ? e : new Problem(0, String(e), "Reload the page."));
      setBusy(false);
    }
  };
  useEffect(() => {
    document.title = "Sign in · Klatch console";
    const invite = takeInvite();
    if (invite !== undefined) void enter({ invite });
    else keepWanted();
    // A sign-in link is mostly opened in another tab; the cookie holds in this one too.
    const look = (): void => void (!document.hidden && whoAmI().catch(() => undefined));
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, []);
  return (
    <Page theme={theme} testid="sign-in-view">
      <main class="sign-in">
        <div class="card">
          <Brand word={false} />
          <h1>Klatch console</h1>
          {busy && token === "" ? (
            <Skeleton />
          ) : (
            <>
              {problem !== undefined && <ProblemNote problem={problem} />}
              <form
                onSubmit={(e) => {
                  e.preventDefault();
                  void enter(proofOf(token));
                }}
              >
                <div class="field">
                  <label for="admin-token">Admin token, or sign-in link</label>
                  <input
                    id="admin-token"
                    type="password"
                    autocomplete="current-password"
                    required
                    value={token}
                    data-testid="admin-token"
                    onInput={(e) => setToken(e.currentTarget.value)}
                  />
                </div>
                <button type="submit" class="button primary wide" disabled={busy} data-testid="sign-in-button">
                  <Icon icon={LogIn} size={18} /> Sign in
                </button>
              </form>
              <div class="sign-in-help">
                <p>
                  <b>You run the server:</b> the token is in <code>admin-token</code> of the data directory, or in the
                  setting <code>admin.token</code>. <code>klatch dev</code> prints it.
                </p>
                <p>
                  <b>You develop with it:</b> open the sign-in link that the operator made for your account with{" "}
                  <code>klatch admin account invite</code>, or paste it above. A link works once.
                </p>
              </div>
            </>
          )}
        </div>
      </main>
    </Page>
  );
}
