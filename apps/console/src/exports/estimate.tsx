import { useEffect, useState } from "react";

import { formatUnit } from "../ui/format.ts";
import { describeError } from "../ui/states.tsx";
import { faultOfDays, toRequest, type Order } from "./order.ts";
import { useEstimate } from "./queries.ts";

const SETTLED_MS = 300;

/** How many rows the file would have, before it is ordered. */
export function Estimate({
  contextId,
  order,
}: {
  readonly contextId: string;
  readonly order: Order;
}) {
  const settled = useSettled(order);
  const isValid = faultOfDays(settled) === undefined;
  const { data, error, isFetching } = useEstimate(contextId, toRequest(settled), isValid);
  return (
    <p className="estimate" role="status">
      {words()}
    </p>
  );

  function words(): string {
    if (faultOfDays(order) !== undefined) return "";
    const isCounting = isFetching || settled !== order;
    if (error !== null && !isCounting) return describeError(error).detail;
    if (data === undefined || isCounting) return "Counting rows …";
    if (data.rows === 0) return "No rows in these days";
    return `${data.exact ? "" : "About "}${formatUnit(data.rows, "row")}`;
  }
}

/** The value, once it has not changed for a moment. */
function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
