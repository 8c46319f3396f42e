import { Icon, IconButton } from "@klatch/ui";
import { useLayoutEffect } from "preact/hooks";
import { ChevronLeft, ChevronRight, UserPlus } from "lucide";
import { Tile } from "../parts/Tile";
import { useStore } from "../state/context";
import { t } from "../text/inside";
import { aspectRange, pack, pageCount, pageOf, pageSize } from "./grid";
import { useSize } from "./useSize";

const minTileWidth = 150;
const maxTiles = 25;

/** Everybody in equal tiles, on pages when there are too many. */
export function GridLayout() {
  const store = useStore();
  const [ref, stage] = useSize<HTMLDivElement>();
  const people = store.shown.value;
  const alone = store.room.value.people.length === 1;
  const options = { gap: stage.width < 600 ? 6 : 10, ...aspectRange(stage, people.length) };
  const size = pageSize(people.length, stage, options, minTileWidth, maxTiles);
  useLayoutEffect(() => void (store.screen.pageSize.value = size), [store, size]);

  const ordered = store.screen.order.value.flatMap((id) => people.find((p) => p.id === id) ?? []);
  const shown = pageOf(ordered, size, store.screen.page.value);
  const pages = pageCount(ordered.length, size);
  const page = Math.min(store.screen.page.value, pages - 1);
  // Every page packs as if it were full, so that tiles keep their size from page to page.
  const { cols, tileWidth, tileHeight } = pack(pages > 1 ? size : shown.length, stage, options);

  return (
    <div class={`grid-layout${alone ? " is-alone" : ""}`} data-testid="grid-layout">
      {alone && (
        <div class="alone" data-testid="alone">
          <b>{t(store.room.value.names.size > 1 ? "othersLeft" : "firstHere")}</b>
          <p>{t("aloneHint")}</p>
          {store.has("invite") && (
            <button
              type="button"
              class="button small"
              data-testid="alone-invite"
              onClick={() => (store.screen.dialog.value = "invite")}
            >
              <Icon icon={UserPlus} size={16} /> {t("invitePeople")}
            </button>
          )}
        </div>
      )}
      <div class="grid-area" ref={ref}>
        <ul
          class="grid"
          aria-label={t("participants")}
          style={{
            "--tile-w": `${tileWidth}px`,
            "--tile-h": `${tileHeight}px`,
            "--gap": `${options.gap}px`,
            "--grid-w": `${cols * tileWidth + (cols - 1) * options.gap}px`,
          }}
        >
          {stage.width > 0 &&
            shown.map((p) => (
              <li key={p.id}>
                <Tile person={p} />
              </li>
            ))}
        </ul>
      </div>
      {pages > 1 && (
        <nav class="pager" aria-label={t("pagesOfParticipants")}>
          <IconButton
            icon={ChevronLeft}
            directed
            label={t("previousPage")}
            testid="page-prev"
            disabled={page === 0}
            onClick={() => (store.screen.page.value = page - 1)}
          />
          <span aria-live="polite">{t("pageOf", { page: page + 1, pages })}</span>
          <IconButton
            icon={ChevronRight}
            directed
            label={t("nextPage")}
            testid="page-next"
            disabled={page === pages - 1}
            onClick={() => (store.screen.page.value = page + 1)}
          />
        </nav>
      )}
    </div>
  );
}
