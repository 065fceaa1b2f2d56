import type { Dispute } from "@docket/client";
import { useState } from "react";

import { DeadlineBadge } from "../cases/deadline-badge.tsx";
import { Timeline } from "../cases/timeline.tsx";
import { useAllowed } from "../session/session-context.tsx";
import { sentenceCase } from "../ui/format.ts";
import { Money } from "../ui/money.tsx";
import { Facts, Panel } from "../ui/panel.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { InlineProblem } from "../ui/states.tsx";
import { DisputeDialog, type DialogName } from "./actions/dialogs.tsx";
import { disputeFacts } from "./dispute-facts.tsx";
import { DisputeState } from "./dispute-state.tsx";
import { EvidenceSection } from "./evidence/evidence-section.tsx";
import { nextStep } from "./next-step.ts";
import { PanelActions } from "./panel-actions.tsx";
import { useDispute, useDisputeHistory } from "./queries.ts";
import { eventWords, isClosed } from "./words.ts";

/** All about one dispute. */
export function DisputePanel({
  disputeId,
  closeHref,
}: {
  readonly disputeId: string;
  readonly closeHref: string;
}) {
  const { data: dispute, error } = useDispute(disputeId);
  return (
    <Panel
      title={dispute === undefined ? "Dispute" : sentenceCase(dispute.category)}
      closeHref={closeHref}
      backLabel="Disputes"
    >
      {error !== null && <InlineProblem error={error} />}
      {dispute === undefined && error === null && <Skeleton />}
      {dispute !== undefined && <Details dispute={dispute} />}
    </Panel>
  );
}

function Details({ dispute }: { readonly dispute: Dispute }) {
  const canWrite = useAllowed("dispute:write");
  const [dialog, setDialog] = useState<DialogName>();
  const { disputedAmount, currency, state, respondBy, description, resolution } = dispute;
  return (
    <>
      <section className="case-head">
        <div className="case-head__amount">
          <Money amount={disputedAmount} currency={currency} />
        </div>
        <div className="case-head__badges">
          <DisputeState state={state} />
          {respondBy !== undefined && !isClosed(dispute) && <DeadlineBadge at={respondBy} />}
        </div>
        <p className="case-text text">{description}</p>
        {resolution !== undefined && (
          <p className="case-text text">
            <strong>Resolution.</strong> {resolution}
          </p>
        )}
        <PanelActions dispute={dispute} canWrite={canWrite} onDialog={setDialog} />
      </section>
      <EvidenceSection
        dispute={dispute}
        canWrite={canWrite}
        onAddLink={() => setDialog("add-link")}
      />
      <section aria-labelledby="details-title">
        <h3 id="details-title">Details</h3>
        <Facts facts={disputeFacts(dispute)} />
      </section>
      <section aria-labelledby="timeline-title">
        <h3 id="timeline-title">Timeline</h3>
        <History dispute={dispute} />
      </section>
      <DisputeDialog dispute={dispute} open={dialog} onClose={() => setDialog(undefined)} />
    </>
  );
}

function History({ dispute }: { readonly dispute: Dispute }) {
  const { data: events, error } = useDisputeHistory(dispute);
  const next = nextStep(dispute);
  if (events === undefined) {
    return error === null ? <Skeleton lines={3} /> : <InlineProblem error={error} />;
  }
  const files = new Map(
    dispute.evidence.map(({ id, file, fileUrl }) => [id, file?.fileName ?? fileUrl]),
  );
  return (
    <Timeline
      events={events}
      words={eventWords}
      renderDetails={({ evidenceId = "" }) =>
        files.has(evidenceId) && <p className="text">{files.get(evidenceId)}</p>
      }
      next={
        next && (
          <>
            <p className="timeline__title">{next.sentence}</p>
            {dispute.respondBy !== undefined && (
              <p>
                <DeadlineBadge at={dispute.respondBy} />
              </p>
            )}
          </>
        )
      }
    />
  );
}
