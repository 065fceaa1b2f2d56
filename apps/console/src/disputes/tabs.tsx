import { Link } from "wouter";

import { TABS, type Tab } from "./filters.ts";
import { stateWords, type State } from "./words.ts";

const isSame = (one: readonly State[], other: readonly State[]): boolean =>
  one.length === other.length && one.every((state) => other.includes(state));

/** The list that is open, if it has none of the tabs: a link may name any states. */
const otherTab = (states: readonly State[]): readonly Tab[] =>
  TABS.some((tab) => isSame(tab.states, states))
    ? []
    : [{ label: states.map((state) => stateWords(state).label).join(", "), states }];

/** The lists by state, as links. */
export function StateTabs({
  states,
  href,
}: {
  readonly states: readonly State[];
  readonly href: (states: readonly State[] | undefined) => string;
}) {
  return (
    <nav aria-label="Disputes by state" className="tabs">
      {[...TABS, ...otherTab(states)].map((tab, index) => (
        <Link
          key={tab.label}
          href={href(index === 0 ? undefined : tab.states)}
          className="tabs__tab"
          aria-current={isSame(tab.states, states) ? "page" : undefined}
        >
          {tab.label}
        </Link>
      ))}
    </nav>
  );
}
