import type { ComponentChildren } from "preact";

export interface Column<T> {
  readonly name: string;
  /** "number" stands at the right. */
  readonly kind?: "number" | "actions" | "main";
  readonly cell: (row: T) => ComponentChildren;
}

interface Props<T> {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
  readonly tone?: (row: T) => "live" | "bad" | "warn" | undefined;
}

/** Rows and columns; on a phone each row is a card with the names of the columns in it. */
export function Table<T>({ label, columns, rows, keyOf, tone }: Props<T>) {
  return (
    <div class="table-frame">
      <table class="table" aria-label={label}>
        <thead>
          <tr>
            {columns.map((c) => (
              <th key={c.name} scope="col" class={c.kind}>
                {c.kind === "actions" ? <span class="offscreen">{c.name}</span> : c.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)} data-row={keyOf(row)} data-tone={tone?.(row)}>
              {columns.map((c) => (
                <td key={c.name} class={c.kind} data-label={c.name}>
                  {c.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
