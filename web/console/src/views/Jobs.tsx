import { Dialog, Icon } from "@klatch/ui";
import { CircleStop, Disc, Download, MonitorPlay, Play, Radio, Trash2, type IconNode } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { serverRoot } from "../address";
import { account, get, identity, request, seg } from "../api/client";
import { useLoad } from "../api/load";
import type { FileRecord, JobRecord, PageOf } from "../api/types";
import { act } from "../parts/act";
import { confirmed } from "../parts/confirm";
import { durationText } from "../parts/duration";
import { Id } from "../parts/Id";
import { Pager, pageOf } from "../parts/Pager";
import { CodeChip, State } from "../parts/State";
import { Table, type Column } from "../parts/Table";
import { Duration, Time } from "../parts/Time";
import { Empty, Loaded, View } from "../parts/View";
import { hrefOf, route, setQuery } from "../route";
import { Choice, useReloadOnFault } from "./Faults";
import { useReloadOnSession } from "./Sessions";

interface Kind {
  readonly title: string;
  readonly lead: string;
  readonly icon: IconNode;
  /** Where the list is. */
  readonly path: string;
  /** How one of them is stopped. */
  readonly stop: string;
  readonly stopBody: (job: JobRecord) => Readonly<Record<string, unknown>>;
  readonly empty: string;
  readonly word: string;
}

/** Several of a kind may run in a room: this one is meant. */
const byRoom = (job: JobRecord) => ({ roomId: job.roomId, id: job.id });

const recordingKinds: Readonly<Record<string, Pick<Kind, "path" | "stop" | "stopBody"> & { readonly name: string }>> = {
  "": { name: "Of meetings", path: "/v2/recordings", stop: "/v2/recordings/end", stopBody: byRoom },
  participant: {
    name: "Of participants",
    path: "/v2/recordings/participant",
    stop: "/v2/recordings/participant/stop",
    stopBody: (j) => ({ roomId: j.roomId, participantId: j.participantId }),
  },
  track: {
    name: "Of tracks",
    path: "/v2/recordings/participant/track",
    stop: "/v2/recordings/participant/track/stop",
    stopBody: (j) => ({ roomId: j.roomId, participantId: j.participantId, kind: j.kind }),
  },
  composite: {
    name: "Composite",
    path: "/v2/recordings/composite",
    stop: "/v2/recordings/composite/stop",
    stopBody: (j) => ({ roomId: j.roomId, recordingId: j.id }),
  },
};

export function Recordings() {
  const of = route.value.query.get("of") ?? "";
  const kind = recordingKinds[of] ?? recordingKinds[""];
  if (kind === undefined) return null;
  return (
    <Jobs
      title="Recordings"
      lead="Files of meetings, participants and tracks. Links to files expire; loading the list makes new ones."
      icon={Disc}
      empty="Start a recording in a meeting, with POST /v2/recordings/start, or with autoStartConfig of a meeting."
      word="recording"
      {...kind}
    >
      <Choice
        label="Kind"
        testid="recordings-of"
        value={of}
        options={Object.entries(recordingKinds).map(([value, k]) => ({ value, name: k.name }))}
        onChange={(v) => setQuery({ of: v, page: undefined })}
      />
    </Jobs>
  );
}

export function HLS() {
  return (
    <Jobs
      title="HLS"
      lead="Meetings streamed to any number of viewers, and their replays."
      icon={MonitorPlay}
      path="/v2/hls"
      stop="/v2/hls/end"
      stopBody={byRoom}
      empty="Start HLS in a meeting, or with POST /v2/hls/start; viewers watch at /watch/ID without a token."
      word="HLS stream"
    />
  );
}

export function Livestreams() {
  return (
    <Jobs
      title="Livestreams"
      lead="Meetings sent to RTMP servers, such as YouTube. Each target goes on by itself when another one fails."
      icon={Radio}
      path="/v2/livestreams"
      stop="/v2/livestreams/end"
      stopBody={byRoom}
      empty="Start a livestream in a meeting, or with POST /v2/livestreams/start and the RTMP address of the platform."
      word="livestream"
    />
  );
}

const isChanging = (job: JobRecord): boolean => ["STARTING", "STOPPING"].includes(job.status);

const running = (job: JobRecord): boolean => ["STARTING", "STARTED", "PLAYABLE"].includes(job.status);

function Jobs(kind: Kind & { children?: preact.ComponentChildren }) {
  const roomId = route.value.query.get("roomId") ?? "";
  const [played, setPlayed] = useState<FileRecord | undefined>();
  const [changing, setChanging] = useState(false);
  const load = useLoad(
    `${kind.path} ${account.value} ${pageOf()} ${roomId}`,
    (signal) => get<PageOf<JobRecord>>(kind.path, { page: pageOf(), perPage: 25, roomId }, signal),
    changing ? 1500 : 10_000,
  );
  // What starts or stops is something else a moment later.
  useEffect(() => setChanging(load.value?.data.some((j) => isChanging(j)) === true), [load.value]);
  useReloadOnSession(load.reload);
  useReloadOnFault(load.reload);
  const stop = async (job: JobRecord): Promise<void> => {
    const yes = await confirmed(
      `Stop this ${kind.word}?`,
      <p>What there is so far is kept. It cannot be continued.</p>,
      "Stop",
    );
    if (yes && (await act(request("POST", kind.stop, { body: kind.stopBody(job) }), `The ${kind.word} stops.`)))
      load.reload();
  };
  const remove = async (job: JobRecord): Promise<void> => {
    const text = (
      <p>
        Its record and its files are deleted for good: <code>{job.id}</code>.
      </p>
    );
    const yes = await confirmed(`Delete this ${kind.word}?`, text, "Delete");
    if (yes && (await act(request("DELETE", `${kind.path}/${seg(job.id)}`), `The ${kind.word} is deleted.`)))
      load.reload();
  };
  const columns: Column<JobRecord>[] = [
    {
      name: "Meeting",
      kind: "main",
      cell: (j) => (
        <>
          <a class="strong-link" href={hrefOf(["sessions", j.sessionId])}>
            {j.roomId}
          </a>
          {j.participantId !== undefined && (
            <small class="soft">
              {j.participantId} {j.kind ?? ""}
            </small>
          )}
          {j.outputs?.map((o, i) => (
            <span key={i} class="output">
              <State state={o.state} />{" "}
              <code class="clip" title={o.url}>
                {o.url}
              </code>
            </span>
          ))}
        </>
      ),
    },
    {
      name: "Status",
      cell: (j) => (
        <span class="where">
          <State state={j.status} />
          {j.fault && (
            <a class="fault-link" href={hrefOf(["faults", j.fault.id])} title={j.fault.detail}>
              <CodeChip code={j.fault.code} reason={j.fault.reason} />
            </a>
          )}
        </span>
      ),
    },
    { name: "Began", cell: (j) => <Time at={j.start ?? j.createdAt} /> },
    { name: "Length", kind: "number", cell: (j) => <Duration from={j.start} to={j.end} /> },
    { name: "Size", kind: "number", cell: (j) => <span class="time">{sizeText(filesOf(j))}</span> },
    { name: "Id", cell: (j) => <Id id={j.id} /> },
    {
      name: "Actions",
      kind: "actions",
      cell: (j) => (
        <Actions
          job={j}
          word={kind.word}
          onPlay={setPlayed}
          onStop={identity.value?.role === "support" ? undefined : () => void stop(j)}
          onDelete={identity.value?.role === "support" ? undefined : () => void remove(j)}
        />
      ),
    },
  ];
  return (
    <View title={kind.title} lead={kind.lead} testid="jobs-view">
      {kind.children !== undefined && <div class="filters">{kind.children}</div>}
      <Loaded
        load={load}
        isEmpty={(p) => p.data.length === 0}
        empty={
          <Empty icon={kind.icon} title={`No ${kind.word} yet`}>
            <p>{kind.empty}</p>
          </Empty>
        }
      >
        {(page) => (
          <>
            <Table
              label={kind.title}
              columns={columns}
              rows={page.data}
              keyOf={(j) => j.id}
              tone={(j) => (running(j) ? "live" : j.status === "FAILED" ? "bad" : undefined)}
            />
            <Pager info={page.pageInfo} />
          </>
        )}
      </Loaded>
      {played !== undefined && (
        <Dialog title="Recording" testid="player" onClose={() => setPlayed(undefined)}>
          {/* Recordings have no captions. */}
          {/* oxlint-disable-next-line jsx-a11y/media-has-caption */}
          <video class="player" controls autoplay src={played.fileUrl} />
        </Dialog>
      )}
    </View>
  );
}

function filesOf(job: JobRecord): readonly FileRecord[] {
  return job.files ?? (job.file ? [job.file] : []);
}

function sizeText(files: readonly FileRecord[]): string {
  const bytes = files.reduce((sum, f) => sum + (f.size ?? 0), 0);
  if (bytes === 0) return "–";
  return bytes < 1e6
    ? `${Math.round(bytes / 1000)} kB`
    : bytes < 1e9
      ? `${(bytes / 1e6).toFixed(1)} MB`
      : `${(bytes / 1e9).toFixed(2)} GB`;
}

/** Reports whether a file comes from this server: the policy of the page plays no other. */
function isOurs(file: FileRecord): boolean {
  return URL.canParse(file.fileUrl, location.href) && new URL(file.fileUrl, location.href).origin === location.origin;
}

function Actions({
  job,
  word,
  onPlay,
  onStop,
  onDelete,
}: {
  job: JobRecord;
  word: string;
  onPlay: (file: FileRecord) => void;
  onStop: (() => void) | undefined;
  onDelete: (() => void) | undefined;
}) {
  const name = `${word} ${job.id}`;
  const files = filesOf(job).filter((f) => f.fileUrl && !f.fileUrl.endsWith(".m3u8"));
  return (
    <span class="row-actions">
      {job.playbackHlsUrl !== undefined && job.status !== "FAILED" && (
        <a
          class="icon-button"
          aria-label={`Watch ${name}`}
          title="Watch"
          href={`${serverRoot}watch/${seg(job.id)}`}
          target="_blank"
          rel="noopener noreferrer"
        >
          <Icon icon={Play} size={17} />
        </a>
      )}
      {files.map((file, i) =>
        isOurs(file) ? (
          <button
            key={file.fileUrl}
            type="button"
            class="icon-button"
            aria-label={`Play ${name}${i > 0 ? ` part ${i + 1}` : ""}`}
            title={lengthText(file)}
            onClick={() => onPlay(file)}
          >
            <Icon icon={Play} size={17} />
          </button>
        ) : null,
      )}
      {files.map((file, i) => (
        <a
          key={`get ${file.fileUrl}`}
          class="icon-button"
          aria-label={`Download ${name}${i > 0 ? ` part ${i + 1}` : ""}`}
          title="Download"
          href={file.fileUrl}
          download
        >
          <Icon icon={Download} size={17} />
        </a>
      ))}
      {running(job)
        ? onStop && (
            <button type="button" class="icon-button" aria-label={`Stop ${name}`} title="Stop" onClick={onStop}>
              <Icon icon={CircleStop} size={19} />
            </button>
          )
        : onDelete &&
          job.status !== "STOPPING" && (
            <button
              type="button"
              class="icon-button danger"
              aria-label={`Delete ${name}`}
              title="Delete"
              onClick={onDelete}
            >
              <Icon icon={Trash2} size={17} />
            </button>
          )}
    </span>
  );
}

function lengthText(file: FileRecord): string {
  return file.meta?.duration === undefined ? "Play" : `Play, ${durationText(file.meta.duration * 1000)}`;
}
