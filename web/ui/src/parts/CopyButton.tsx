import { Check, Copy } from "lucide";
import { useState } from "preact/hooks";
import { copyText } from "./copy";
import { t } from "../text";
import { Icon } from "./Icon";

const shownMs = 2500;

/** Copies a text and says so. */
export function CopyButton({ text, label, testid }: { text: () => string; label: string; testid: string }) {
  const [outcome, setOutcome] = useState<"" | "copied" | "copyForbidden">("");
  const copy = async (): Promise<void> => {
    setOutcome((await copyText(text())) ? "copied" : "copyForbidden");
    setTimeout(() => setOutcome(""), shownMs);
  };
  return (
    <button type="button" class="button small" data-testid={testid} onClick={() => void copy()}>
      <Icon icon={outcome === "copied" ? Check : Copy} size={16} />
      <span aria-live="polite">{outcome === "" ? label : t(outcome)}</span>
    </button>
  );
}
