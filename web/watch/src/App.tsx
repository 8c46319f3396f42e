import { CopyButton, Icon, ProblemCard, Support, type Theme, TopBar } from "@klatch/ui";
import type { Signal } from "@preact/signals";
import { CircleCheck, History, Hourglass, OctagonX, Radio, SearchX, Volume2, WifiOff, type IconNode } from "lucide";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { lateness } from "./late";
import { noAddress, problemText, type Problem } from "./problem";
import type { Phase, WatchSession } from "./session";

export function App({ session, theme }: { session: WatchSession | undefined; theme: Signal<Theme> }) {
  return (
    <div class="watch" data-testid="watch-view">
      <TopBar
        theme={theme}
        actions={
          session !== undefined && <CopyButton text={() => location.href} label="Copy link" testid="copy-link" />
        }
      >
        {session !== undefined && <Status session={session} />}
      </TopBar>
      <main class="watch-main">
        <h1 class="offscreen">Watch a meeting</h1>
        {session === undefined ? (
          <Poster>
            <Unplayable problem={noAddress} />
          </Poster>
        ) : (
          <Screen session={session} />
        )}
      </main>
      {session !== undefined && <Controls session={session} />}
    </div>
  );
}

function Status({ session }: { session: WatchSession }) {
  if (session.phase.value !== "playing") return null;
  if (session.complete.value)
    return (
      <span class="mark" data-testid="watch-status">
        REPLAY
      </span>
    );
  return session.live.value ? (
    <span class="mark livestream" data-testid="watch-status">
      <i /> LIVE
    </span>
  ) : (
    <span class="mark" data-testid="watch-status">
      EARLIER
    </span>
  );
}

function Screen({ session }: { session: WatchSession }) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => (video.current === null ? undefined : session.start(video.current)), [session]);
  const phase = session.phase.value;
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
        <Overlay session={session} phase={phase} />
      </div>
    </div>
  );
}

function Overlay({ session, phase }: { session: WatchSession; phase: Phase }) {
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
          title="The stream cannot be reached"
          text="Check your internet connection. This page keeps trying."
          busy
        />
      );
    case "failed":
      return <Poster>{session.problem.value !== null && <Unplayable problem={session.problem.value} />}</Poster>;
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
            onClick={() => void session.play("start")}
          >
            <Icon icon={History} /> Watch from the start
          </button>
        </Poster>
      );
    case "playing":
      if (session.fallback.value !== null && !session.muted.value)
        return (
          <details class="banner" data-testid="watch-fallback">
            <summary>
              <Icon icon={Hourglass} /> Playing some seconds late
            </summary>
            <p>
              {session.fallback.value.title}. {session.fallback.value.detail} {session.fallback.value.remedy}
            </p>
            <Support>
              <p class="fault-facts">{session.fallback.value.technical}</p>
            </Support>
          </details>
        );
      if (session.stalled.value)
        return (
          <p class="banner" data-testid="watch-stalled">
            <Icon icon={Hourglass} /> Nothing new comes in at the moment. Waiting…
          </p>
        );
      return session.muted.value ? (
        <button type="button" class="button primary unmute" data-testid="watch-unmute" onClick={() => session.unmute()}>
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
      <Support>
        <p class="fault-facts">{problem.technical}</p>
        <CopyButton text={() => problemText(problem)} label="Copy all" testid="problem-copy" />
      </Support>
    </ProblemCard>
  );
}

/** Where in the stream one is; the rest is in the browser's own controls. */
function Controls({ session }: { session: WatchSession }) {
  if (session.phase.value !== "playing" || session.complete.value || session.over.value === "whep") return null;
  const live = session.live.value;
  const late = session.late.value;
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
        onClick={() => void session.goLive()}
      >
        <Icon icon={Radio} /> {live ? "Live" : "Go live"}
      </button>
      <button
        type="button"
        class="button"
        aria-pressed={session.from.value === "start"}
        data-testid="watch-start"
        onClick={() => void session.play("start")}
      >
        <Icon icon={History} /> From the start
      </button>
    </footer>
  );
}
