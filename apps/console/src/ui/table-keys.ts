import type { RefObject } from "react";

import { useShortcuts } from "./shortcuts.ts";

const LINK = ".data-table__open";

/** j and k move the focus from row to row; x selects the row that has it. Enter follows its link by itself. */
export function useTableKeys(
  body: RefObject<HTMLTableSectionElement | null>,
  canSelect: boolean,
): void {
  const focused = (): Element | null | undefined => document.activeElement?.closest("tr");
  const move = (step: number): void => {
    const rows = [...(body.current?.rows ?? [])];
    const current = rows.findIndex((row) => row === focused());
    const open = rows.findIndex((row) => row.dataset["open"] !== undefined);
    const from = current >= 0 ? current : open;
    const next = from < 0 ? 0 : Math.min(Math.max(from + step, 0), rows.length - 1);
    const link = rows[next]?.querySelector<HTMLElement>(LINK);
    link?.focus();
    link?.scrollIntoView({ block: "nearest" });
  };
  const select = (): void => {
    const row = focused();
    if (body.current?.contains(row ?? null) !== true) return;
    row?.querySelector<HTMLElement>("input[type=checkbox]")?.click();
  };
  useShortcuts([
    { keys: "j", label: "Next row", run: () => move(1) },
    { keys: "k", label: "Previous row", run: () => move(-1) },
    ...(canSelect ? [{ keys: "x", label: "Select the row", run: select }] : []),
  ]);
}
