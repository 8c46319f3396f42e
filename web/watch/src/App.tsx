import { CopyButton, Icon, ProblemCard, type Theme, TopBar } from "@klatch/ui";
import type { Signal } from "@preact/signals";
import { CircleCheck, History, Hourglass, OctagonX, Radio, SearchX, Volume2, WifiOff, type IconNode } from "lucide";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { lateness } from "./late";
import { noAddress, problemText, type Problem } from "./problem";
import type { Phase, Theatre } from "./theatre";

export function App({ theatre, theme }: { theatre: Theatre | undefined; theme: Signal<Theme> }) {
  return (
    <div class="watch" data-testid="watch-view">
      <TopBar
        theme={theme}
        actions={
          theatre !== undefined && <CopyButton text={() => location.href} label="Copy link" testid="copy-link" />
        }
      >
        {theatre !== undefined && <Status theatre={theatre} />}
      </TopBar>
      <main class="theatre">
        <h1 class="offscreen">Watch a meeting</h1>
        {theatre === undefined ? (
          <Poster>
            <Unplayable problem={noAddress} />
          </Poster>
        ) : (
          <Screen theatre={theatre} />
        )}
      </main>
      {theatre !== undefined && <Controls theatre={theatre} />}
    </div>
  );
}

function Status({ theatre }: { theatre: Theatre }) {
  if (theatre.phase.value !== "playing") return null;
  if (theatre.complete.value)
    return (
      <span class="mark" data-testid="watch-status">
        REPLAY
      </span>
    );
  return theatre.live.value ? (
    <span class="mark livestream" data-testid="watch-status">
      <i /> LIVE
    </span>
  ) : (
    <span class="mark" data-testid="watch-status">
      EARLIER
    </span>
  );
}

function Screen({ theatre }: { theatre: Theatre }) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => (video.current === null ? undefined : theatre.start(video.current)), [theatre]);
  const phase = theatre.phase.value;
  return (
    <div class="screen" data-testid="watch-screen" data-phase={phase}>
      <video
        ref={video}
        controls
        playsInline
        data-testid="watch-video"
        aria-label="The meeting"
        hidden={phase !== "playing" && phase !== "lost" && phase !== "ended"}
      />
      <div class="overlay" role="status">
        <Overlay theatre={theatre} phase={phase} />
      </div>
    </div>
  );
}

function Overlay({ theatre, phase }: { theatre: Theatre; phase: Phase }) {
  switch (phase) {
    case "waiting":
      return (
        <Poster
          icon={Hourglass}
          title="It begins in a moment"
          text="This page plays the meeting as soon as there is something to see."
          busy
        />
      );
    case "missing":
      return (
        <Poster
          icon={SearchX}
          title="Nothing to see at this address"
          text="The stream has not begun, its recording was deleted, or the link is not right. This page keeps looking."
          busy
        />
      );
    case "unreachable":
      return (
        <Poster
          icon={WifiOff}
          title="The server does not answer"
          text="Check your connection. This page keeps trying."
          busy
        />
      );
    case "failed":
      return <Poster>{theatre.problem.value !== null && <Unplayable problem={theatre.problem.value} />}</Poster>;
    case "lost":
      return (
        <p class="banner" data-testid="watch-lost">
          <Icon icon={WifiOff} /> The connection is lost. Trying again…
        </p>
      );
    case "ended":
      return (
        <Poster icon={CircleCheck} title="That was it" text="The meeting's stream has ended.">
          <button
            type="button"
            class="button primary"
            data-testid="watch-again"
            onClick={() => void theatre.play("start")}
          >
            <Icon icon={History} /> Watch from the start
          </button>
        </Poster>
      );
    case "playing":
      if (theatre.stalled.value)
        return (
          <p class="banner" data-testid="watch-stalled">
            <Icon icon={Hourglass} /> Nothing new comes in at the moment. Waiting…
          </p>
        );
      return theatre.hushed.value ? (
        <button type="button" class="button primary unhush" data-testid="watch-unmute" onClick={() => theatre.unhush()}>
          <Icon icon={Volume2} /> Click to hear
        </button>
      ) : null;
  }
}

function Poster({
  icon,
  title,
  text,
  busy = false,
  children,
}: {
  icon?: IconNode;
  title?: string;
  text?: string;
  busy?: boolean;
  children?: ComponentChildren;
}) {
  return (
    <div class="poster" data-testid="watch-poster">
      {icon !== undefined && (
        <span class={`card-icon${busy ? " busy" : ""}`}>
          <Icon icon={icon} size={28} />
        </span>
      )}
      {title !== undefined && <h2>{title}</h2>}
      {text !== undefined && <p>{text}</p>}
      {children}
    </div>
  );
}

function Unplayable({ problem }: { problem: Problem }) {
  const actions = (
    <>
      <CopyButton text={() => problemText(problem)} label="Copy all" testid="problem-copy" />
      <button type="button" class="button small" data-testid="watch-reload" onClick={() => location.reload()}>
        Reload
      </button>
    </>
  );
  return (
    <ProblemCard
      icon={OctagonX}
      fatal
      title={problem.title}
      detail={problem.detail}
      remedy={problem.remedy}
      testid="watch-problem"
      actions={actions}
    >
      <p class="fault-facts">{problem.technical}</p>
    </ProblemCard>
  );
}

/** Where in the stream one is; the rest is in the browser's own controls. */
function Controls({ theatre }: { theatre: Theatre }) {
  if (theatre.phase.value !== "playing" || theatre.complete.value) return null;
  const live = theatre.live.value;
  const late = theatre.late.value;
  return (
    <footer class="watch-controls" role="group" aria-label="Where to watch from">
      <span class="late" data-testid="watch-late">
        {late === undefined ? "\u00a0" : `${lateness(late.behind)} behind`}
      </span>
      <button
        type="button"
        class="button"
        aria-pressed={live}
        data-testid="watch-live"
        onClick={() => void theatre.goLive()}
      >
        <Icon icon={Radio} /> {live ? "Live" : "Go live"}
      </button>
      <button
        type="button"
        class="button"
        aria-pressed={theatre.from.value === "start"}
        data-testid="watch-start"
        onClick={() => void theatre.play("start")}
      >
        <Icon icon={History} /> From the start
      </button>
    </footer>
  );
}
