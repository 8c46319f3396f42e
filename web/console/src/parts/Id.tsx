import { copyText, Icon } from "@klatch/ui";
import { Check, Copy } from "lucide";
import { useState } from "preact/hooks";

/** An id that can be copied; long ones are shortened in the middle where there is no room. */
export function Id({ id, href, what = "id" }: { id: string; href?: string | undefined; what?: string }) {
  const [copied, setCopied] = useState(false);
  if (id === "") return <span class="soft">–</span>;
  const copy = async (): Promise<void> => {
    setCopied(await copyText(id));
    setTimeout(() => setCopied(false), 2000);
  };
  const text = id.length > 22 ? `${id.slice(0, 9)}…${id.slice(-9)}` : id;
  return (
    <span class="id">
      {href === undefined ? (
        <code title={id}>{text}</code>
      ) : (
        <a href={href} title={id}>
          <code>{text}</code>
        </a>
      )}
      <button
        type="button"
        class="id-copy"
        aria-label={`Copy the ${what} ${id}`}
        title="Copy"
        onClick={() => void copy()}
      >
        <Icon icon={copied ? Check : Copy} size={13} />
      </button>
      <span class="offscreen" role="status">
        {copied ? "Copied" : ""}
      </span>
    </span>
  );
}
