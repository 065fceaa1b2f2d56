import { useState } from "react";

import { CreateFooter } from "../ui/create-footer.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { InlineProblem } from "../ui/states.tsx";
import { Estimate } from "./estimate.tsx";
import { OrderFields } from "./order-fields.tsx";
import { faultOfDays, newOrder, orderOf, toRequest, type Order } from "./order.ts";
import { useExport, useOrderExport } from "./queries.ts";
import type { Report } from "./words.ts";

export type OrderDialogProps = {
  readonly contextId: string;
  /** `new`, a report, or the ID of an export to order again. */
  readonly start: string;
  /** The days to begin with. */
  readonly period: { readonly dateFrom?: string; readonly dateTo?: string };
  readonly onClose: () => void;
};

/** Orders an export. */
export function OrderDialog({ start, onClose, ...props }: OrderDialogProps) {
  const isAgain = start.includes("-");
  return (
    <Dialog isOpen onClose={onClose} title={isAgain ? "Order again" : "Order export"} size="large">
      {isAgain ? (
        <OrderAgain jobId={start} onClose={onClose} contextId={props.contextId} />
      ) : (
        <OrderForm
          contextId={props.contextId}
          initial={newOrder(start === "new" ? undefined : (start as Report), props.period)}
          onClose={onClose}
        />
      )}
    </Dialog>
  );
}

function OrderAgain({
  jobId,
  ...props
}: { readonly jobId: string } & Pick<OrderDialogProps, "contextId" | "onClose">) {
  const { data: job, error } = useExport(jobId);
  if (error !== null) return <InlineProblem error={error} />;
  return job === undefined ? <Skeleton /> : <OrderForm {...props} initial={orderOf(job)} />;
}

function OrderForm({
  contextId,
  initial,
  onClose,
}: Pick<OrderDialogProps, "contextId" | "onClose"> & { readonly initial: Order }) {
  const [order, setOrder] = useState(initial);
  const ordering = useOrderExport(contextId);
  const fault = faultOfDays(order);
  const submit = (event: React.FormEvent): void => {
    event.preventDefault();
    if (fault === undefined) ordering.submit(toRequest(order), onClose);
  };
  return (
    <form onSubmit={submit} className="order">
      <OrderFields
        contextId={contextId}
        order={order}
        onChange={(changes) => setOrder({ ...order, ...changes })}
        fault={fault}
      />
      <CreateFooter call={ordering} action="Order export" onClose={onClose}>
        <Estimate contextId={contextId} order={order} />
      </CreateFooter>
    </form>
  );
}
