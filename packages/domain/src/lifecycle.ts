/** A state machine as data: for each state, the actions it allows and the states they may lead to. */
type LifecycleTable<State extends string, Action extends string> = {
  readonly [S in State]: { readonly [A in Action]?: readonly State[] };
};

type Lifecycle<State extends string, Action extends string> = {
  readonly states: readonly State[];
  /** The states that `action` may lead to from `state`; empty if `state` does not allow it. */
  readonly next: (state: State, action: Action) => readonly State[];
  /** The actions that `state` allows, in table order. */
  readonly allowed: (state: State) => readonly Action[];
  /** The states that allow `action`, in table order. */
  readonly statesAllowing: (action: Action) => readonly State[];
  /** The states that `action` may lead to from any state, in table order. */
  readonly targetsOf: (action: Action) => readonly State[];
  /** True if no action leads from `state` to another state. */
  readonly isFinal: (state: State) => boolean;
};

/** Pure: the table is the whole behavior. */
export function defineLifecycle<State extends string, Action extends string>(
  table: LifecycleTable<State, Action>,
): Lifecycle<State, Action> {
  const states = Object.keys(table) as State[];
  const allowed = (state: State): readonly Action[] => Object.keys(table[state]) as Action[];
  const next = (state: State, action: Action): readonly State[] => table[state][action] ?? [];
  return {
    states,
    next,
    allowed,
    statesAllowing: (action) => states.filter((from) => next(from, action).length > 0),
    targetsOf: (action) =>
      states.filter((to) => states.some((from) => next(from, action).includes(to))),
    isFinal: (state) =>
      allowed(state).every((action) => next(state, action).every((to) => to === state)),
  };
}
