import type { MouseEvent } from "react";
import { Link, useLocation } from "wouter";

import type { TableProps } from "./table-props.ts";

/** What in a row has a click of its own. */
const CONTROLS = "a, button, input, label, [role=menu]";

export function DataRow<T>({
  row,
  columns,
  rowKey,
  rowHref,
  openKey,
  selection,
}: { readonly row: T } & TableProps<T>) {
  const [, navigate] = useLocation();
  const key = rowKey(row);
  const isSelected = selection?.keys.has(key) ?? false;
  const toggle = (): void => {
    const keys = new Set(selection?.keys);
    if (!keys.delete(key)) keys.add(key);
    selection?.onChange(keys);
  };
  const open = (event: MouseEvent<HTMLTableRowElement>): void => {
    // React passes the clicks in the dialog of a cell on to the row, although the dialog is not in the row.
    if (!event.currentTarget.contains(event.target as Node)) return;
    const isText = window.getSelection()?.isCollapsed === false;
    if (isText || (event.target as Element).closest(CONTROLS) !== null) return;
    navigate(rowHref(row));
  };
  return (
    // The link in the first cell does the same by keyboard.
    <tr
      data-row={key}
      data-open={key === openKey || undefined}
      data-selected={isSelected || undefined}
      onClick={open}
    >
      {selection !== undefined && (
        <td className="data-table__select">
          <input
            type="checkbox"
            aria-label={`Select ${selection.rowLabel(row)}`}
            checked={isSelected}
            onChange={toggle}
          />
        </td>
      )}
      {columns.map(({ id, align, priority, cell }, index) => (
        <td key={id} data-align={align} data-priority={priority} data-column={id}>
          {index > 0 ? (
            cell(row)
          ) : (
            <Link
              href={rowHref(row)}
              className="data-table__open"
              aria-current={key === openKey ? "true" : undefined}
            >
              {cell(row)}
            </Link>
          )}
        </td>
      ))}
    </tr>
  );
}
