/** What this page reads of a media playlist (RFC 8216): whether there is anything to play, and whether more will come. */
export interface Playlist {
  readonly segments: number;
  readonly ended: boolean;
}

/** Undefined when the text is no playlist. */
export function readPlaylist(text: string): Playlist | undefined {
  const lines = text.split(/\r?\n/);
  if (lines[0]?.trim() !== "#EXTM3U") return undefined;
  return {
    segments: lines.filter((line) => line.startsWith("#EXTINF:")).length,
    ended: lines.some((line) => line.trim() === "#EXT-X-ENDLIST"),
  };
}
