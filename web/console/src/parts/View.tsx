import { FaultCard, Icon, ProblemCard } from "@klatch/ui";
import { WifiOff, type IconNode } from "lucide";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { serverRoot } from "../address";
import { Problem } from "../api/client";
import type { Load } from "../api/load";

interface Props {
  title: string;
  /** Beside the title: what is shown of it. */
  lead?: ComponentChildren;
  actions?: ComponentChildren;
  testid: string;
  children: ComponentChildren;
}

/** One view: its title takes the focus when one comes to it, so that a screen reader says where one is. */
export function View({ title, lead, actions, testid, children }: Props) {
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Klatch console`;
  }, [title]);
  useEffect(() => {
    if (document.activeElement === document.body || document.activeElement?.closest(".nav")) head.current?.focus();
  }, []);
  return (
    <section class="view" data-testid={testid}>
      <header class="view-head">
        <div>
          <h1 ref={head} tabIndex={-1}>
            {title}
          </h1>
          {lead !== undefined && <p class="view-lead">{lead}</p>}
        </div>
        {actions !== undefined && <div class="view-actions">{actions}</div>}
      </header>
      {children}
    </section>
  );
}

/** What kept an answer from coming, with what to do. */
export function ProblemNote({ problem, onRetry }: { problem: Problem; onRetry?: (() => void) | undefined }) {
  return (
    <div class="problem" role="alert" data-testid="view-problem">
      {problem.fault !== undefined ? (
        <FaultCard fault={problem.fault} base={serverRoot.replace(/\/$/, "")} />
      ) : (
        <ProblemCard
          icon={WifiOff}
          fatal={false}
          detail={problem.message}
          remedy={problem.remedy}
          testid="problem-panel"
          actions={null}
        >
          {null}
        </ProblemCard>
      )}
      {onRetry !== undefined && (
        <button type="button" class="button small" data-testid="retry" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}

/** Shows where nothing is, and how something comes to be there. */
export function Empty({ icon, title, children }: { icon: IconNode; title: string; children?: ComponentChildren }) {
  return (
    <div class="empty" data-testid="empty">
      <span class="card-icon">
        <Icon icon={icon} size={26} />
      </span>
      <h2>{title}</h2>
      <div class="empty-text">{children}</div>
    </div>
  );
}

/**
 * The four states of what was asked for: on its way, refused, empty, there. An older answer stays beside a newer
 * problem.
 */
export function Loaded<T>({
  load,
  empty,
  isEmpty,
  children,
}: {
  load: Load<T>;
  empty?: ComponentChildren;
  isEmpty?: (value: T) => boolean;
  children: (value: T) => ComponentChildren;
}) {
  const { value, problem } = load;
  return (
    <>
      {problem !== undefined && <ProblemNote problem={problem} onRetry={load.reload} />}
      {value === undefined
        ? problem === undefined && <Skeleton />
        : isEmpty?.(value) === true
          ? (empty ?? null)
          : children(value)}
    </>
  );
}

/** Stands where an answer will be. */
export function Skeleton() {
  return (
    <div class="skeleton" role="status" data-testid="loading">
      <span class="offscreen">Loading</span>
      {Array.from({ length: 6 }, (_, i) => (
        <span key={i} class="skeleton-row" aria-hidden="true" />
      ))}
    </div>
  );
}
