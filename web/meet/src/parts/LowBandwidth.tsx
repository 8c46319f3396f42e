import { Icon } from "@klatch/ui";
import { WifiLow } from "lucide";
import { t } from "../text/inside";

/** The mark of a picture that the server does not send, because the connection here is too slow for it. */
export function LowBandwidth({ of }: { of: string }) {
  return (
    <span class="mark slow" title={t("lowBandwidthWhy")} data-testid={`low-bandwidth-${of}`}>
      <Icon icon={WifiLow} size={16} />
      <span class="mark-text">{t("lowBandwidth")}</span>
    </span>
  );
}
