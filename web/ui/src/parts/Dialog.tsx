import { X } from "lucide";
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../text";
import { IconButton } from "./IconButton";

interface Props {
  title: string;
  testid: string;
  onClose: () => void;
  /** False where a control of the content takes the focus. */
  autofocus?: boolean;
  children: ComponentChildren;
}

/** A dialog over the page: the browser keeps the focus inside and closes it with Escape. */
export function Dialog({ title, testid, onClose, autofocus = true, children }: Props) {
  const ref = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    dialog?.querySelector<HTMLElement>("[data-autofocus]")?.focus();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={ref}
      class="dialog"
      aria-label={title}
      data-testid={testid}
      onCancel={(e) => {
        e.preventDefault();
        onClose();
      }}
      onClick={(e) => {
        // A click on the backdrop has the dialog itself as its target; content lies in a child.
        if (e.target === ref.current) onClose();
      }}
    >
      <div class="dialog-inner">
        <header class="dialog-head">
          <h2 tabIndex={-1} {...(autofocus && { "data-autofocus": true })}>
            {title}
          </h2>
          <IconButton icon={X} label={t("close")} testid="dialog-close" onClick={onClose} />
        </header>
        {children}
      </div>
    </dialog>
  );
}
