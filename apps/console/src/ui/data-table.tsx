import { useRef } from "react";

import "./data-table.css";
import { DataRow } from "./data-row.tsx";
import { Icon } from "./icon.tsx";
import { useIsWide } from "./is-wide.ts";
import { useTableKeys } from "./table-keys.ts";
import type { Column, TableProps } from "./table-props.ts";

export type { Column } from "./table-props.ts";

/** A list as a table: j and k move, x selects, Enter opens. */
export function DataTable<T>(props: TableProps<T>) {
  const { label, columns, rows, rowKey, selection } = props;
  const wrapper = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const isWide = useIsWide(wrapper);
  useTableKeys(body, selection !== undefined);
  const areAllSelected =
    rows.length > 0 && rows.every((row) => selection?.keys.has(rowKey(row)) ?? false);
  const selectAll = (): void =>
    selection?.onChange(new Set(areAllSelected ? [] : rows.map((row) => rowKey(row))));
  return (
    <div
      ref={wrapper}
      className="data-table"
      data-wide={isWide || undefined}
      role="region"
      aria-label={label}
      tabIndex={0}
    >
      <table>
        <caption className="visually-hidden">{label}</caption>
        <thead>
          <tr>
            {selection !== undefined && (
              <th scope="col" className="data-table__select">
                <input
                  type="checkbox"
                  aria-label="Select all rows"
                  checked={areAllSelected}
                  onChange={selectAll}
                />
              </th>
            )}
            {columns.map((column) => (
              <HeaderCell key={column.id} column={column} {...props} />
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {rows.map((row) => (
            <DataRow key={rowKey(row)} row={row} {...props} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function HeaderCell<T>({
  column: { id, header, align, sort: field, priority, isHeaderHidden },
  sort,
  onSort,
}: { readonly column: Column<T> } & Pick<TableProps<T>, "sort" | "onSort">) {
  const attributes = {
    scope: "col",
    "data-align": align,
    "data-priority": priority,
    "data-column": id,
  } as const;
  if (field === undefined || onSort === undefined) {
    return (
      <th {...attributes}>
        <span className={isHeaderHidden === true ? "visually-hidden" : undefined}>{header}</span>
      </th>
    );
  }
  const isUp = sort === field;
  const isDown = sort === `-${field}`;
  const direction = isUp ? "ascending" : isDown ? "descending" : undefined;
  return (
    <th {...attributes} aria-sort={direction}>
      <button
        type="button"
        className="data-table__sort"
        onClick={() => onSort(isDown ? field : `-${field}`)}
      >
        {header}
        {direction !== undefined && <Icon name={isUp ? "chevron-up" : "chevron-down"} size={12} />}
      </button>
    </th>
  );
}
