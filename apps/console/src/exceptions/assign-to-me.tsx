import type { Exception } from "@docket/client";

import { useAllowed, useClaims } from "../session/session-context.tsx";
import { Button } from "../ui/button.tsx";
import { useAssign } from "./queries.ts";
import { isResolved } from "./words.ts";

/** Who has an exception, or the button that takes it. The name shows at once: it can be taken back. */
export function AssignToMe({ exception }: { readonly exception: Exception }) {
  const canWrite = useAllowed("exception:write");
  const { subject } = useClaims();
  const assign = useAssign(exception);
  const { assignedTo } = exception;
  const shown = assign.isPending ? assign.variables : assignedTo;
  if (shown !== undefined) return <span className="cell-person truncate">{shown}</span>;
  if (!canWrite || isResolved(exception)) return "–";
  return (
    <Button size="small" look="quiet" onClick={() => assign.submit(subject)}>
      Assign to me
    </Button>
  );
}
