/** @jsxRuntime classic */
/** @jsx h */

/** The numbers of a connection, read once a second while they are shown. */
import type { Participant, PictureStats, StreamKind, StreamStats, TransportStats } from "@klatch/sdk";
import type { Connection } from "../state/connection";
import type { ConnectionKit } from "../state/connectionkit";
import type { Counts } from "../state/connectionquality";
import type { Person } from "../state/room";
import { enConnection } from "../text/en.connection";
import styles from "./connection.css?inline";
import { limitOfReceived, limitOfSent, type Limit } from "./limit";

const everyMs = 1_000;
/** Loss and dropped frames are those of so long. */
const windowMs = 10_000;

/** One row: what is measured, and its value of each encoding. */
type Row = readonly [label: string, ...values: string[]];

interface Table {
  readonly kind: StreamKind | "all";
  readonly title: string;
  /** Names of the columns, where there are several. */
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

/** What was read of a stream at one time. */
interface Past extends Counts {
  readonly key: string;
  readonly dropped: number;
}

interface Reading {
  readonly streams: readonly (StreamStats | PictureStats)[];
  readonly transport: TransportStats | null;
  readonly atMs: number;
}

const isPicture = (s: StreamStats | PictureStats): s is PictureStats => s.size !== null;
const keyOf = (s: StreamStats | PictureStats): string => `${s.kind} ${isPicture(s) ? (s.rid ?? "") : ""}`;
const titles = {
  audio: "streamAudio",
  video: "streamVideo",
  share: "streamShare",
  shareAudio: "streamShareAudio",
} as const;
const layers = ["layerLow", "layerMedium", "layerHigh"] as const;
const kinds: readonly StreamKind[] = ["video", "share", "audio", "shareAudio"];

async function read(participant: Participant): Promise<Reading> {
  const [video, share, audio, shareAudio, transport] = await Promise.all([
    participant.getVideoStats(),
    participant.getShareStats(),
    participant.getAudioStats(),
    participant.getShareAudioStats(),
    participant.getTransportStats(),
  ]);
  return { streams: [...video, ...share, ...audio, ...shareAudio], transport, atMs: performance.now() };
}

/** How large a picture is shown, in pixels of the screen; undefined where it is not. */
function shownSize(track: MediaStreamTrack | undefined): { width: number; height: number } | undefined {
  let best: { width: number; height: number } | undefined;
  for (const video of document.querySelectorAll("video")) {
    const stream = video.srcObject as MediaStream | null;
    if (track === undefined || stream?.getVideoTracks().some(({ id }) => id === track.id) !== true) continue;
    const { width, height } = video.getBoundingClientRect();
    if (best === undefined || height > best.height) best = { width, height };
  }
  const ratio = devicePixelRatio;
  return best && { width: Math.round(best.width * ratio), height: Math.round(best.height * ratio) };
}

/** Makes them of what the page has. */
export function makeConnection(kit: ConnectionKit): Connection {
  // oxlint-disable-next-line no-unused-vars -- the elements are made with h
  const { CopyButton, countsOf, h, locale, lossBetween, personName, reader, translated, useEffect, useState } = kit;
  const { t } = reader(enConnection, translated);
  kit.adopt(styles);

  const number = (value: number, digits = 0): string =>
    new Intl.NumberFormat(locale.value, { maximumFractionDigits: digits }).format(value);
  /** Pixels are written without marks between thousands. */
  const plain = (value: number): string => new Intl.NumberFormat(locale.value, { useGrouping: false }).format(value);
  const unit = (value: number, name: string, digits = 0): string =>
    new Intl.NumberFormat(locale.value, { style: "unit", unit: name, maximumFractionDigits: digits }).format(value);
  const percent = (value: number): string =>
    new Intl.NumberFormat(locale.value, { style: "percent", maximumFractionDigits: 1 }).format(value);
  const ms = (value: number | undefined): string => (value === undefined ? "–" : unit(value, "millisecond", 1));
  const rate = (kbps: number | null | undefined): string =>
    kbps === null || kbps === undefined
      ? "–"
      : kbps >= 1000
        ? unit(kbps / 1000, "megabit-per-second", 2)
        : unit(kbps, "kilobit-per-second");
  const pixels = (width: number, height: number): string => `${plain(width)} × ${plain(height)}`;

  function tablesOf(person: Person, reading: Reading, past: Past[][], downlinkLimited: boolean): Table[] {
    const { local, name } = person;
    const first = (s: StreamStats | PictureStats): Past | undefined =>
      past.flat().find((p) => p.key === keyOf(s) && p.packets <= s.totalPackets);
    const limit = (text: Limit): string => t(text, { name });
    const tables: Table[] = [];
    for (const kind of kinds) {
      const streams = reading.streams.filter((s) => s.kind === kind);
      const [one] = streams;
      // A sender stays when its stream is off.
      if (one === undefined || !person.on[kind]) continue;
      const each = (label: string, value: (s: StreamStats | PictureStats) => string): Row => [
        label,
        ...streams.map(value),
      ];
      const loss = each(t("packetLoss"), (s) => {
        const before = first(s);
        return before === undefined ? "–" : percent(lossBetween(before, countsOf(s, reading.atMs), local));
      });
      const common = [
        loss,
        each(t("jitter"), (s) => ms(s.jitterMs)),
        each(t("roundTrip"), (s) => ms(s.rttMs)),
        each(t("codec"), (s) => s.codec || "–"),
      ];
      if (!isPicture(one)) {
        const gaps: Row[] = local ? [] : [each(t("coveredGaps"), (s) => number(s.concealmentEvents))];
        const rows = [each(t("bitrate"), (s) => rate(s.bitrate)), ...common, ...gaps];
        tables.push({ kind, title: t(titles[kind]), columns: [], rows });
        continue;
      }
      const pictures = streams.filter(isPicture);
      const of = (label: string, value: (s: PictureStats) => string): Row => [label, ...pictures.map(value)];
      const rows = [
        of(t("widthAndHeight"), ({ size }) => (size.width > 0 ? pixels(size.width, size.height) : "–")),
        of(t("frameRate"), ({ size }) => number(size.framerate)),
        of(t("bitrate"), (s) => (local && s.bitrate === 0 ? t("notNeeded") : rate(s.bitrate))),
        ...common,
      ];
      if (local) {
        rows.push(of(t("limitedBy"), (s) => limit(limitOfSent(s.limitation.reason))));
        const columns = pictures.length > 1 ? pictures.map((s) => t(layers[s.currentSpatialLayer] ?? "layerHigh")) : [];
        tables.push({ kind, title: t(titles[kind]), columns, rows });
        continue;
      }
      const shown = shownSize(person.tracks[kind]);
      const before = first(one);
      const dropped = one.framesDropped - (before?.dropped ?? one.framesDropped);
      const seconds = before === undefined ? 0 : (reading.atMs - before.atMs) / 1000;
      rows.push(
        of(t("freezes"), (s) =>
          s.freezes === 0
            ? number(0)
            : t("freezesFor", { count: number(s.freezes), time: unit(s.frozenMs / 1000, "second", 1) }),
        ),
        of(t("droppedFrames"), (s) => number(s.framesDropped)),
        of(t("layer"), (s) => t(layers[s.currentSpatialLayer] ?? "layerHigh")),
        [t("shownAt"), shown === undefined ? "–" : pixels(shown.width, shown.height)],
        [
          t("limitedBy"),
          limit(
            limitOfReceived({
              away: person.connectionState === "RECONNECTING",
              pauseReason: person.streams[kind]?.pauseReason,
              downlinkLimited,
              layer: one.currentSpatialLayer,
              height: one.size.height,
              shownHeight: shown?.height ?? 0,
              dropped: dropped / Math.max(1, one.size.framerate * seconds + dropped),
            }),
          ),
        ],
      );
      tables.push({ kind, title: t(titles[kind]), columns: [], rows });
    }
    const { transport } = reading;
    if (transport !== null)
      tables.push({
        kind: "all",
        title: t("streamAll"),
        columns: [],
        rows: [
          [t("sentAll"), rate(transport.send.outgoingBitrate)],
          [t("receivedAll"), rate(transport.receive.incomingBitrate)],
          [t("uploadRoom"), rate(transport.availableBitrate)],
          [t("roundTrip"), ms(transport.rtt)],
          [t("protocol"), transport.protocol?.toUpperCase() ?? "–"],
        ],
      });
    return tables;
  }

  /** What support reads: the tables, and of what they are. */
  function textOf(about: readonly string[], tables: readonly Table[]): string {
    const lines = tables.flatMap(({ title, columns, rows }) => [
      "",
      columns.length === 0 ? title : `${title}: ${columns.join(" | ")}`,
      ...rows.map(([label, ...values]) => `  ${label}: ${values.join(" | ")}`),
    ]);
    return [...about, ...lines].join("\n");
  }

  function Numbers({ id }: { id: string }) {
    const store = kit.useStore();
    const [reading, setReading] = useState<Reading | null>(null);
    const [past, setPast] = useState<Past[][]>([]);
    useEffect(() => {
      let over = false;
      let busy = false;
      const look = async (): Promise<void> => {
        const participant = store.participant(id);
        if (busy || participant === undefined) return;
        busy = true;
        // Of a connection that is being closed nothing can be read; the next look tells more.
        const now = await read(participant).catch(() => null);
        busy = false;
        if (over || now === null) return;
        setReading(now);
        const counts = now.streams.map((s) => ({
          ...countsOf(s, now.atMs),
          key: keyOf(s),
          dropped: isPicture(s) ? s.framesDropped : 0,
        }));
        setPast((before) => [...before.filter(([p]) => p !== undefined && now.atMs - p.atMs <= windowMs), counts]);
      };
      void look();
      const timer = setInterval(() => void look(), everyMs);
      return () => {
        over = true;
        clearInterval(timer);
      };
    }, [store, id]);
    const room = store.room.value;
    const person = room.people.find((p) => p.id === id);
    if (person === undefined || reading === null) return <p role="status">…</p>;
    const tables = tablesOf(person, reading, past, store.downlinkLimited.value);
    const about = [
      `${personName(room, id)} (${id}), ${store.link.value.meetingId}, ${new Date().toISOString()}`,
      navigator.userAgent,
    ];
    const idle = !tables.some(({ kind }) => kind !== "all");
    return (
      <div class="connection" data-testid="connection-numbers">
        {idle && <p>{t(person.local ? "nothingSent" : "nothingReceived", { name: person.name })}</p>}
        {tables.map(({ kind, title, columns, rows }) => (
          <table key={kind} class={columns.length > 0 ? "layers" : ""} data-testid={`numbers-${kind}`}>
            <caption>{title}</caption>
            {columns.length > 0 && (
              <thead>
                <tr>
                  <th scope="col">{t("layer")}</th>
                  {columns.map((column) => (
                    <th key={column} scope="col">
                      {column}
                    </th>
                  ))}
                </tr>
              </thead>
            )}
            <tbody>
              {rows.map(([label, ...values]) => (
                <tr key={label}>
                  <th scope="row">{label}</th>
                  {values.map((value, i) => (
                    <td key={i}>{value}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        ))}
        <CopyButton text={() => textOf(about, tables)} label={t("copyNumbers")} testid="connection-copy" />
      </div>
    );
  }

  return { Numbers };
}
