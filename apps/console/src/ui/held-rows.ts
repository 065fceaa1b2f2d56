import { useState } from "react";

/**
 * Keeps rows that arrive while a list is open behind a button, so that nothing moves under the pointer.
 *
 * @param listKey names the list: another filter or page is another list
 * @param isOwn rows that the person has caused, which show at once
 * @returns the rows to show, how many are held back, and what shows them
 */
export function useHeldRows<T>(
  rows: readonly T[],
  listKey: string,
  rowKey: (row: T) => string,
  isOwn: (row: T) => boolean = () => false,
): { readonly shown: readonly T[]; readonly held: number; readonly show: () => void } {
  const keys = rows.map((row) => rowKey(row));
  const [known, setKnown] = useState({ listKey, keys: new Set(keys) });
  const isOther = known.listKey !== listKey || known.keys.size === 0;
  if (isOther && (known.listKey !== listKey || keys.length > 0)) {
    setKnown({ listKey, keys: new Set(keys) });
  }
  // The rows below the last known one were always there, and have moved up from the next page.
  const last = keys.findLastIndex((key) => known.keys.has(key));
  const isShown = (row: T, index: number): boolean =>
    isOther || known.keys.has(rowKey(row)) || index > last || isOwn(row);
  const shown = rows.filter(isShown);
  return {
    shown,
    held: rows.length - shown.length,
    show: () => setKnown({ listKey, keys: new Set(keys) }),
  };
}
