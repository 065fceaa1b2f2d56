import { useCallback, useMemo } from "react";
import { useLocation, useSearch } from "wouter";

import {
  readState,
  writeState,
  type ChangesOf,
  type Schema,
  type StateOf,
} from "./query-string.ts";

/** `replace` leaves no entry in the history, for what changes with every keystroke. */
export type ChangeOptions = { readonly replace?: boolean };

/**
 * State that lives in the query of the URL, so that links, Back and a reload restore it.
 * `schema` must be a constant: the state keeps its identity while the URL is the same.
 */
export function useUrlState<S extends Schema>(
  schema: S,
): readonly [StateOf<S>, (changes: ChangesOf<S>, options?: ChangeOptions) => void] {
  const search = useSearch();
  const [path, navigate] = useLocation();
  const state = useMemo(() => readState(schema, search), [schema, search]);
  const change = useCallback(
    (changes: ChangesOf<S>, options?: ChangeOptions) =>
      navigate(`${path}${writeState(schema, search, changes)}`, options),
    [navigate, path, schema, search],
  );
  return [state, change];
}
