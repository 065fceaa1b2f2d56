import type { Dispute } from "@docket/client";

import { Button } from "../../ui/button.tsx";
import { sentenceCase } from "../../ui/format.ts";
import { Icon } from "../../ui/icon.tsx";
import { can } from "../words.ts";
import { checklistCount } from "../next-step.ts";
import { AddFiles } from "./add-files.tsx";
import { EvidenceItem } from "./evidence-item.tsx";
import { UploadList } from "./upload-list.tsx";
import "./evidence.css";

/** What the category asks for, what there is, and what is on its way. */
export function EvidenceSection({
  dispute,
  canWrite,
  onAddLink,
}: {
  readonly dispute: Dispute;
  readonly canWrite: boolean;
  readonly onAddLink: () => void;
}) {
  const canAdd = canWrite && can(dispute, "add-evidence");
  return (
    <section aria-labelledby="evidence-title">
      <div className="section-head">
        <h3 id="evidence-title" tabIndex={-1}>
          Evidence
        </h3>
        {dispute.checklist.length > 0 && (
          <span className="small secondary">Checklist {checklistCount(dispute)}</span>
        )}
        {canAdd && (
          <Button size="small" look="quiet" icon="link" onClick={onAddLink}>
            Add a link
          </Button>
        )}
      </div>
      <Checklist dispute={dispute} />
      {dispute.evidence.length === 0 && !canAdd && <p className="secondary">There is none.</p>}
      {dispute.evidence.length > 0 && (
        <ul className="evidence-list">
          {dispute.evidence.map((each) => (
            <EvidenceItem key={each.id} evidence={each} />
          ))}
        </ul>
      )}
      <UploadList disputeId={dispute.id} />
      {canAdd && <AddFiles dispute={dispute} />}
    </section>
  );
}

function Checklist({ dispute: { checklist } }: { readonly dispute: Dispute }) {
  return (
    <ul className="checklist">
      {checklist.map(({ kind, level, satisfied }) => (
        <li key={kind} data-satisfied={satisfied || undefined}>
          <span className="checklist__mark">{satisfied && <Icon name="check" size={12} />}</span>
          {sentenceCase(kind)}
          <span className="small secondary">
            {satisfied ? "provided" : level === "REQUIRED" ? "required" : "recommended"}
          </span>
        </li>
      ))}
    </ul>
  );
}
