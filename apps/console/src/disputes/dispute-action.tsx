import type { Dispute } from "@docket/client";
import { useState } from "react";
import { useLocation } from "wouter";

import { useAllowed } from "../session/session-context.tsx";
import { Button } from "../ui/button.tsx";
import { DisputeDialog } from "./actions/dialogs.tsx";
import { nextStep } from "./next-step.ts";

/** The next step of a dispute, in its row. Evidence is added in its details. */
export function DisputeAction({
  dispute,
  href,
}: {
  readonly dispute: Dispute;
  readonly href: string;
}) {
  const canWrite = useAllowed("dispute:write");
  const [isOpen, setOpen] = useState(false);
  const [, navigate] = useLocation();
  const next = nextStep(dispute);
  if (next === undefined || !canWrite) return null;
  const { action, label } = next;
  const isHere = action !== "add-evidence";
  return (
    <>
      <Button size="small" onClick={() => (isHere ? setOpen(true) : navigate(href))}>
        {label}
      </Button>
      <DisputeDialog
        dispute={dispute}
        open={isOpen && isHere ? action : undefined}
        onClose={() => setOpen(false)}
      />
    </>
  );
}
