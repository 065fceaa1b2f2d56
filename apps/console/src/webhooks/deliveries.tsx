import type { WebhookDelivery } from "@docket/client";
import { useState } from "react";

import { tenantPath } from "../app/paths.ts";
import { useAllowed } from "../session/session-context.tsx";
import { WordsBadge } from "../ui/words-badge.tsx";
import { Button } from "../ui/button.tsx";
import { formatUnit } from "../ui/format.ts";
import { Pager } from "../ui/pager.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import { MultiSelect } from "../ui/select.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { InlineProblem } from "../ui/states.tsx";
import { Link } from "wouter";
import { Attempts } from "./attempts.tsx";
import { useDeliveries, useResend } from "./queries.ts";
import { DELIVERY_STATUSES, deliveryWords } from "./words.ts";

/** The deliveries of an endpoint, newest first, each with its attempts. */
export function Deliveries({ endpointId }: { readonly endpointId: string }) {
  const [status, setStatus] = useState<readonly string[]>([]);
  const [cursor, setCursor] = useState<string>();
  const { data: page, error } = useDeliveries(endpointId, {
    ...(status.length > 0 && { status }),
    ...(cursor !== undefined && { cursor }),
  });
  const filter = (next: readonly string[]): void => {
    setStatus(next);
    setCursor(undefined);
  };
  return (
    <section>
      <div className="webhooks__head">
        <h3>Deliveries</h3>
        <MultiSelect label="Status" options={DELIVERY_STATUSES} value={status} onChange={filter} />
      </div>
      {error !== null && <InlineProblem error={error} />}
      {page === undefined && error === null && <Skeleton lines={3} />}
      {page?.items.length === 0 && (
        <p className="secondary">
          {status.length === 0
            ? "Nothing was sent in the last 30 days. Send a test event to try the endpoint."
            : "No delivery has this status."}
        </p>
      )}
      <ul className="deliveries">
        {page?.items.map((delivery) => (
          <Delivery key={delivery.id} delivery={delivery} />
        ))}
      </ul>
      {page !== undefined && page.items.length > 0 && (
        <Pager
          count={page.items.length}
          unit="delivery"
          units="deliveries"
          cursor={cursor}
          nextCursor={page.nextCursor}
          onChange={setCursor}
        />
      )}
    </section>
  );
}

function Delivery({ delivery }: { readonly delivery: WebhookDelivery }) {
  const { id, seq, type, status, attempts, nextAttemptAt } = delivery;
  const last = attempts.at(-1);
  return (
    <li className="delivery">
      <div className="webhooks__head">
        <span className="text">
          <Link href={tenantPath("events", String(seq))}>{type}</Link>
        </span>
        <WordsBadge words={deliveryWords(delivery)} />
      </div>
      <div className="webhooks__head small secondary">
        <span>
          {formatUnit(attempts.length, "attempt")}
          {last !== undefined && (
            <>
              , the last <RelativeTime at={last.at} />
            </>
          )}
          {status === "PENDING" && nextAttemptAt !== undefined && (
            <>
              , the next <RelativeTime at={nextAttemptAt} />
            </>
          )}
        </span>
        <ResendButton deliveryId={id} />
      </div>
      {attempts.length > 0 && <Attempts attempts={attempts} />}
    </li>
  );
}

function ResendButton({ deliveryId }: { readonly deliveryId: string }) {
  const canWrite = useAllowed("webhook:write");
  const resend = useResend();
  if (!canWrite) return null;
  return (
    <Button
      size="small"
      look="quiet"
      busy={resend.isPending}
      onClick={() => resend.submit(deliveryId)}
    >
      Resend
    </Button>
  );
}
