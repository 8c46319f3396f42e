import { Icon } from "@klatch/ui";
import { Download } from "lucide";
import { t } from "../text/inside";

/** Downloads the file of a recording. */
export function RecordingLink({ url }: { url: string }) {
  return (
    <a class="button primary small" href={url} target="_blank" rel="noopener noreferrer" data-testid="recording-file">
      <Icon icon={Download} size={16} /> {t("getFile")}
    </a>
  );
}
