import type { Exception } from "@docket/client";
import { useState } from "react";

const NOTHING: ReadonlyMap<string, Exception> = new Map();

export type Selection = {
  readonly exceptions: readonly Exception[];
  readonly ids: ReadonlySet<string>;
  /** How many are no longer in the list, such as those that another user has resolved. */
  readonly left: number;
  readonly change: (ids: ReadonlySet<string>) => void;
  readonly clear: () => void;
};

/**
 * The exceptions that are selected for a bulk action. They stay selected when they leave the list, so that what a person has
 * chosen does not change unnoticed. Another list begins with none.
 *
 * @param listKey names the list: another filter or page is another list
 */
export function useSelection(rows: readonly Exception[], listKey: string): Selection {
  const [state, setState] = useState({ listKey, selected: NOTHING });
  const selected = state.listKey === listKey ? state.selected : NOTHING;
  const byId = new Map(rows.map((row) => [row.id, row]));
  const change = (ids: ReadonlySet<string>): void => {
    const chosen = [...ids].map((id) => byId.get(id) ?? selected.get(id));
    const known = chosen.filter((each) => each !== undefined);
    setState({ listKey, selected: new Map(known.map((each) => [each.id, each])) });
  };
  return {
    exceptions: [...selected.values()],
    ids: new Set(selected.keys()),
    left: [...selected.keys()].filter((id) => !byId.has(id)).length,
    change,
    clear: () => setState({ listKey, selected: NOTHING }),
  };
}
