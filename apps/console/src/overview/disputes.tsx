import type { Summary } from "@docket/client";

import { ACTIVE_STATES, CLOSED_STATES } from "../disputes/words.ts";
import { formatAmount, formatCount, formatShare, sentenceCase } from "../ui/format.ts";
import { FigureLink } from "./figure-link.tsx";
import { disputesLink } from "./links.ts";

/** The disputes by state, and the money in them. */
export function Disputes({ summary: { contextId, disputes } }: { readonly summary: Summary }) {
  const { byState, amounts, wonShare } = disputes;
  return (
    <section className="card" aria-labelledby="disputes">
      <header className="card__header">
        <h2 id="disputes">Disputes</h2>
        {wonShare !== undefined && (
          <span className="small">
            <FigureLink to={disputesLink(contextId, { state: CLOSED_STATES })}>
              {formatShare(wonShare, 1)} won
            </FigureLink>
          </span>
        )}
      </header>
      <ul className="states">
        {byState.map(({ state, count }) => (
          <li key={state}>
            <FigureLink to={disputesLink(contextId, { state: [state] })} className="states__row">
              <span>{sentenceCase(state)}</span>
              <span>{formatCount(count)}</span>
            </FigureLink>
          </li>
        ))}
      </ul>
      {amounts.length > 0 && <DisputedAmounts contextId={contextId} amounts={amounts} />}
    </section>
  );
}

function DisputedAmounts({
  contextId,
  amounts,
}: {
  readonly contextId: string;
  readonly amounts: Summary["disputes"]["amounts"];
}) {
  const cell = (amount: string, currency: string, state: readonly string[]) => (
    <td>
      <FigureLink to={disputesLink(contextId, { state, currency })}>
        {formatAmount(amount, currency)}
      </FigureLink>
    </td>
  );
  return (
    <div className="overview__scroll">
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">Currency</span>
            </th>
            <th scope="col">At stake</th>
            <th scope="col">Recovered</th>
            <th scope="col">Lost</th>
          </tr>
        </thead>
        <tbody>
          {amounts.map(({ currency, disputed, recovered, lost }) => (
            <tr key={currency}>
              <th scope="row">{currency}</th>
              {cell(disputed, currency, ACTIVE_STATES)}
              {cell(recovered, currency, ["WON"])}
              {cell(lost, currency, ["LOST"])}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
