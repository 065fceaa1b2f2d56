/** A state machine as data: for each state, the actions it allows and the states they may lead to. */
export type LifecycleTable<State extends string, Action extends string> = {
  readonly [S in State]: { readonly [A in Action]?: readonly State[] };
};

export type Lifecycle<State extends string, Action extends string> = {
  readonly states: readonly State[];
  /** The states that `action` may lead to from `state`; empty when `state` does not allow it. */
  readonly next: (state: State, action: Action) => readonly State[];
  /** The actions that `state` allows, in the order of the table. */
  readonly allowed: (state: State) => readonly Action[];
  /** True when nothing leads out of `state`. */
  readonly isFinal: (state: State) => boolean;
};

/** Reads a table. Pure: the table is the whole behaviour. */
export function lifecycle<State extends string, Action extends string>(
  table: LifecycleTable<State, Action>,
): Lifecycle<State, Action> {
  const allowed = (state: State): readonly Action[] => Object.keys(table[state]) as Action[];
  return {
    states: Object.keys(table) as State[],
    next: (state, action) => table[state][action] ?? [],
    allowed,
    isFinal: (state) =>
      allowed(state).every((action) => table[state][action]?.every((to) => to === state)),
  };
}
