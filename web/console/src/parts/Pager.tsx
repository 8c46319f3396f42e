import type { PageInfo } from "../api/types";
import { route, setQuery } from "../route";

export const pageOf = (): number => Math.max(1, Number(route.value.query.get("page") ?? 1) || 1);

/** Goes from page to page of a list; nothing where one page is all. */
export function Pager({ info }: { info: PageInfo }) {
  const { currentPage: page, lastPage: last, total, perPage } = info;
  if (last <= 1) return null;
  const go = (to: number): void => setQuery({ page: to > 1 ? to : undefined }, { push: true });
  const from = (page - 1) * perPage + 1;
  return (
    <nav class="pager" aria-label="Pages">
      <button type="button" class="button small" disabled={page <= 1} onClick={() => go(page - 1)}>
        Newer
      </button>
      <span class="soft time">
        {from}–{Math.min(total, from + perPage - 1)} of {total}
      </span>
      <button type="button" class="button small" disabled={page >= last} onClick={() => go(page + 1)}>
        Older
      </button>
    </nav>
  );
}
