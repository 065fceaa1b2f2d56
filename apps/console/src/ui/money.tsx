import "./money.css";
import { formatAmount } from "./format.ts";

/** An amount from its decimal string, with its currency beside it. */
export function Money({
  amount,
  currency,
}: {
  readonly amount: string;
  readonly currency: string;
}) {
  return (
    <span className="money">
      {formatAmount(amount, currency)}
      <span className="money__currency"> {currency}</span>
    </span>
  );
}
