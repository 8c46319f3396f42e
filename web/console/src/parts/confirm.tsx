import { Dialog, Icon } from "@klatch/ui";
import { signal } from "@preact/signals";
import { X } from "lucide";
import type { ComponentChildren } from "preact";

interface Question {
  readonly title: string;
  readonly text: ComponentChildren;
  /** The word on the button that does it. */
  readonly action: string;
  readonly answer: (yes: boolean) => void;
}

const asked = signal<Question | undefined>(undefined);

/** Asks before something is destroyed; resolves with the answer. */
export function confirmed(title: string, text: ComponentChildren, action: string): Promise<boolean> {
  return new Promise((resolve) => {
    asked.value = { title, text, action, answer: resolve };
  });
}

/** The dialog of `confirmed`; once in the page. */
export function Confirmation() {
  const question = asked.value;
  if (question === undefined) return null;
  const answer = (yes: boolean): void => {
    asked.value = undefined;
    question.answer(yes);
  };
  return (
    <Dialog title={question.title} testid="confirm-dialog" onClose={() => answer(false)}>
      <div class="confirm">
        <div>{question.text}</div>
        <div class="confirm-actions">
          <button type="button" class="button" data-testid="confirm-no" onClick={() => answer(false)}>
            Cancel
          </button>
          <button type="button" class="button danger" data-testid="confirm-yes" onClick={() => answer(true)}>
            {question.action}
          </button>
        </div>
      </div>
    </Dialog>
  );
}

interface Toast {
  readonly text: string;
  readonly bad: boolean;
  readonly undo?: (() => void) | undefined;
}

const toast = signal<Toast | undefined>(undefined);
let timer: ReturnType<typeof setTimeout> | undefined;

/** Says that something was done; with `undo` it can be taken back for a while. */
export function notify(text: string, { bad = false, undo }: { bad?: boolean; undo?: () => void } = {}): void {
  toast.value = { text, bad, undo };
  clearTimeout(timer);
  timer = setTimeout(() => (toast.value = undefined), bad || undo ? 12_000 : 5000);
}

/** The place of `notify`; once in the page. */
export function Toasts() {
  const shown = toast.value;
  return (
    <div class="toasts" role="status" data-testid="toasts">
      {shown !== undefined && (
        <div class={`toast${shown.bad ? " bad" : ""}`}>
          <span>{shown.text}</span>
          {shown.undo !== undefined && (
            <button
              type="button"
              class="button small"
              data-testid="undo"
              onClick={() => {
                toast.value = undefined;
                shown.undo?.();
              }}
            >
              Undo
            </button>
          )}
          <button type="button" class="icon-button" aria-label="Close" onClick={() => (toast.value = undefined)}>
            <Icon icon={X} size={16} />
          </button>
        </div>
      )}
    </div>
  );
}
