import type { Exception } from "@docket/client";
import { Link } from "wouter";

import { contextPath } from "../app/paths.ts";
import { useAllowed } from "../session/session-context.tsx";
import { Button } from "../ui/button.tsx";
import { sentenceCase, shortened } from "../ui/format.ts";

/** The disputes of an exception, newest last, and the way to another one. */
export function DisputeLinks({
  exception: { contextId, disputes },
  onOpen,
}: {
  readonly exception: Exception;
  readonly onOpen: () => void;
}) {
  const canRead = useAllowed("dispute:read");
  const canWrite = useAllowed("dispute:write");
  return (
    <section aria-labelledby="disputes-title">
      <div className="section-head">
        <h3 id="disputes-title">Disputes</h3>
        {canWrite && (
          <Button size="small" look="quiet" icon="scale" onClick={onOpen}>
            Open a dispute
          </Button>
        )}
      </div>
      {disputes.length === 0 && <p className="secondary">There is none.</p>}
      <ul className="exceptions__disputes">
        {disputes.map(({ id, state }) => (
          <li key={id}>
            {canRead ? (
              <Link href={contextPath(contextId, "disputes", id)}>Dispute {shortened(id)}</Link>
            ) : (
              `Dispute ${shortened(id)}`
            )}{" "}
            <span className="secondary">{sentenceCase(state)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
