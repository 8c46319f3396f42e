import { Check, Copy } from "lucide";
import { useState } from "preact/hooks";
import { copyText } from "./copy";
import { Icon } from "./Icon";

const shownMs = 2500;

/** Copies a text and says so. */
export function CopyButton({ text, label, testid }: { text: () => string; label: string; testid: string }) {
  const [outcome, setOutcome] = useState<"" | "Copied" | "Not allowed here">("");
  const copy = async (): Promise<void> => {
    setOutcome((await copyText(text())) ? "Copied" : "Not allowed here");
    setTimeout(() => setOutcome(""), shownMs);
  };
  return (
    <button type="button" class="button small" data-testid={testid} onClick={() => void copy()}>
      <Icon icon={outcome === "Copied" ? Check : Copy} size={16} />
      <span aria-live="polite">{outcome === "" ? label : outcome}</span>
    </button>
  );
}
