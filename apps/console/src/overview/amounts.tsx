import type { Summary } from "@docket/client";

import { OPEN_STATUSES } from "../transactions/words.ts";
import { formatAmount } from "../ui/format.ts";
import { FigureLink } from "./figure-link.tsx";
import { transactionsLink } from "./links.ts";

/** The money that has no counterpart yet, by currency. */
export function Amounts({ summary }: { readonly summary: Summary }) {
  const { contextId, amounts } = summary;
  if (amounts.length === 0) return null;
  const link = (currency: string, status: readonly string[]) =>
    transactionsLink(contextId, summary, { currency, status });
  return (
    <section className="card" aria-labelledby="amounts">
      <h2 id="amounts">Amounts</h2>
      <div className="overview__scroll">
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">Currency</th>
              <th scope="col">Unmatched</th>
              <th scope="col">Matched</th>
            </tr>
          </thead>
          <tbody>
            {amounts.map(({ currency, unmatched, matched }) => (
              <tr key={currency}>
                <th scope="row">{currency}</th>
                <td>
                  <FigureLink to={link(currency, OPEN_STATUSES)}>
                    {formatAmount(unmatched, currency)}
                  </FigureLink>
                </td>
                <td>
                  <FigureLink to={link(currency, ["MATCHED"])}>
                    {formatAmount(matched, currency)}
                  </FigureLink>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
