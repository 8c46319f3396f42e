import { Icon } from "@klatch/ui";
import { WifiOff } from "lucide";
import { useStore } from "../state/context";
import { useCountdown } from "./Countdown";

/** What becomes of a lost connection, with a button that does not wait for the next attempt. */
export function Reconnecting() {
  const store = useStore();
  const { reconnectAt, restarting } = store.room.value;
  const seconds = useCountdown(reconnectAt);
  const waits = seconds > 1;
  return (
    <p class="banner" role="status" data-testid="reconnecting-banner">
      <Icon icon={WifiOff} /> {restarting ? "The server is restarting." : "The connection to the server is lost."}{" "}
      {waits ? (
        <span aria-live="off" data-testid="reconnect-countdown">
          Trying again in {seconds} s.
        </span>
      ) : (
        "Reconnecting…"
      )}{" "}
      {waits && (
        <button type="button" class="button small" data-testid="reconnect-now" onClick={() => store.reconnectNow()}>
          Now
        </button>
      )}
    </p>
  );
}
