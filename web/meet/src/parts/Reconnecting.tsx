import { Icon } from "@klatch/ui";
import { WifiOff } from "lucide";
import { useStore } from "../state/context";
import { t } from "../text/inside";
import { useCountdown } from "./Countdown";

/** What becomes of a lost connection, with a button that does not wait for the next attempt. */
export function Reconnecting() {
  const store = useStore();
  const { reconnectAt, restarting } = store.room.value;
  const seconds = useCountdown(reconnectAt);
  const waits = seconds > 1;
  return (
    <p class="banner" role="status" data-testid="reconnecting-banner">
      <Icon icon={WifiOff} /> {t(restarting ? "serverRestarting" : "serverLost")}{" "}
      {waits ? (
        <span aria-live="off" data-testid="reconnect-countdown">
          {t("tryingAgainIn", { seconds })}
        </span>
      ) : (
        t("reconnecting")
      )}{" "}
      {waits && (
        <button type="button" class="button small" data-testid="reconnect-now" onClick={() => store.reconnectNow()}>
          {t("now")}
        </button>
      )}
    </p>
  );
}
