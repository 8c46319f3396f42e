/** Tile packing for the grid view: pure maths, in CSS pixels. */

export interface Box {
  readonly width: number;
  readonly height: number;
}

export interface Packing {
  readonly cols: number;
  readonly rows: number;
  readonly tileWidth: number;
  readonly tileHeight: number;
}

export interface PackOptions {
  readonly gap: number;
  /** Narrowest and widest shape of a tile, width / height. Video covers its tile, so shapes between are fine. */
  readonly minAspect: number;
  readonly maxAspect: number;
}

/** Phones show upright tiles, desks show wide ones; of two people nothing is cut off. */
export function aspectRange(stage: Box, count = Infinity): Pick<PackOptions, "minAspect" | "maxAspect"> {
  if (count <= 2 && stage.width >= stage.height) return { minAspect: 16 / 9, maxAspect: 16 / 9 };
  return stage.width < stage.height ? { minAspect: 0.72, maxAspect: 16 / 9 } : { minAspect: 4 / 3, maxAspect: 16 / 9 };
}

/** The largest shape within the aspect range that fits into a cell. */
function fit(cell: Box, { minAspect, maxAspect }: PackOptions): Box {
  const aspect = cell.width / cell.height;
  if (aspect > maxAspect) return { width: cell.height * maxAspect, height: cell.height };
  if (aspect < minAspect) return { width: cell.width, height: cell.width / minAspect };
  return cell;
}

/**
 * Finds the number of columns that gives `count` equal tiles the largest area. Among equals it takes the one
 * with the fewest empty places, so that four tiles make a square and not a row of three and one.
 */
export function pack(count: number, stage: Box, options: PackOptions): Packing {
  let best: Packing = { cols: 1, rows: 1, tileWidth: 0, tileHeight: 0 };
  let bestArea = -1;
  let bestEmpty = Infinity;
  for (let cols = 1; cols <= Math.max(count, 1); cols++) {
    const rows = Math.ceil(Math.max(count, 1) / cols);
    const cell = {
      width: (stage.width - options.gap * (cols - 1)) / cols,
      height: (stage.height - options.gap * (rows - 1)) / rows,
    };
    if (cell.width <= 0 || cell.height <= 0) continue;
    const tile = fit(cell, options);
    const area = tile.width * tile.height;
    const empty = cols * rows - count;
    if (area > bestArea + 0.5 || (area > bestArea - 0.5 && empty < bestEmpty)) {
      best = { cols, rows, tileWidth: Math.floor(tile.width), tileHeight: Math.floor(tile.height) };
      bestArea = area;
      bestEmpty = empty;
    }
  }
  return best;
}

/** Most tiles on a page: as many as fit with at least `minWidth`, never more than `max`. */
export function pageSize(count: number, stage: Box, options: PackOptions, minWidth: number, max: number): number {
  for (let size = Math.min(count, max); size > 1; size--) {
    if (pack(size, stage, options).tileWidth >= minWidth) return size;
  }
  return 1;
}

export function pageCount(count: number, size: number): number {
  return Math.max(1, Math.ceil(count / size));
}

/** The items of a page; a page past the end gives the last one. */
export function pageOf<T>(items: readonly T[], size: number, page: number): readonly T[] {
  const last = pageCount(items.length, size) - 1;
  const at = Math.min(Math.max(page, 0), last) * size;
  return items.slice(at, at + size);
}

/**
 * Brings the speaker onto the first page with the least movement: it changes places with whoever on that page
 * spoke longest ago. `spokeAt` gives the time of somebody's last word, 0 for never; `fixed` ids stay.
 */
export function promote(
  order: readonly string[],
  speaker: string | null,
  size: number,
  spokeAt: (id: string) => number,
  fixed: ReadonlySet<string>,
): readonly string[] {
  const from = speaker === null ? -1 : order.indexOf(speaker);
  if (from < size) return order;
  let to = -1;
  for (let i = size - 1; i >= 0; i--) {
    const id = order[i];
    if (id === undefined || fixed.has(id)) continue;
    const candidate = order[to];
    if (candidate === undefined || spokeAt(id) < spokeAt(candidate)) to = i;
  }
  if (to < 0) return order;
  const next = [...order];
  const out = next[to];
  const into = next[from];
  if (out === undefined || into === undefined) return order;
  next[to] = into;
  next[from] = out;
  return next;
}
