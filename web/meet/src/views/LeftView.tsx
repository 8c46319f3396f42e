import { Icon, Page, Support } from "@klatch/ui";
import { LogIn, LogOut, OctagonX } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import { useCountdown } from "../parts/Countdown";
import { FaultCard } from "../parts/FaultCard";
import { useStore } from "../state/context";
import { t } from "../text/inside";
import { comesBack, outcomeOf } from "./outcome";

/** Out: by one's own wish, or because of a fatal fault, which is then shown in full. */
export function LeftView() {
  const store = useStore();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const { left, joinedAt } = store.room.value;
  const { redirectOnLeave, leftScreen } = store.asked.options;
  const action = leftScreen?.actionButton;
  const goes = redirectOnLeave !== undefined && left.fault === null;
  useEffect(() => {
    if (goes) (window.top ?? window).location.assign(redirectOnLeave);
  }, [goes, redirectOnLeave]);
  const { title, text, needsLink } = outcomeOf(left.fault, left.reason, joinedAt > 0);
  return (
    <Page theme={store.prefs.theme} testid={left.fault === null ? "left-view" : "fatal-view"}>
      <main class={`card${left.fault === null ? "" : " fatal"}`}>
        <span class="card-icon">
          <Icon icon={left.fault === null ? LogOut : OctagonX} size={28} directed={left.fault === null} />
        </span>
        <h1 ref={heading} tabIndex={-1} data-testid="left-title">
          {title}
        </h1>
        {text !== "" && <p>{text}</p>}
        {left.fault !== null && <FaultCard fault={left.fault} />}
        {comesBack(left.fault) && <Again />}
        <div class="card-actions">
          {action?.href !== undefined && (
            <a class="button primary wide" data-testid="left-action" href={action.href} target="_top">
              {action.label ?? t("goOn")}
            </a>
          )}
          {needsLink && (
            <button
              type="button"
              class="button primary wide"
              data-testid="other-link-button"
              onClick={() => store.useLink({ ...store.link.value, token: "" })}
            >
              {t("useOtherLink")}
            </button>
          )}
          {store.has("rejoin") && (
            <button
              type="button"
              class={`button wide${needsLink ? "" : " primary"}`}
              data-testid="rejoin-button"
              disabled={store.busy.value.has("join")}
              onClick={() => void store.rejoin()}
            >
              <Icon icon={LogIn} directed /> {t(joinedAt > 0 ? "rejoin" : "tryAgain")}
            </button>
          )}
          <button type="button" class="button wide" data-testid="back-button" onClick={() => void store.cancel()}>
            {t("backToPreview")}
          </button>
        </div>
        {left.fault === null && left.reason !== null && (
          <Support>
            <p class="left-reason" data-testid="left-reason">
              {left.reason.code} {left.reason.name}
            </p>
          </Support>
        )}
      </main>
    </Page>
  );
}

/** Joins again after a while, which grows with each attempt. */
function Again() {
  const store = useStore();
  const [until] = useState(() => Date.now() + store.rejoinDelayMs());
  const seconds = useCountdown(until, () => void store.rejoin());
  return (
    <p role="status" aria-live="off" data-testid="rejoin-countdown">
      {t("tryingAgainIn", { seconds })}
    </p>
  );
}
