import { Badge } from "../ui/badge.tsx";
import { useNow } from "../ui/clock.ts";
import { deadlineOf } from "./deadline.ts";

/** How long there is until a deadline. */
export function DeadlineBadge({ at }: { readonly at: string }) {
  const { label, tone } = deadlineOf(at, useNow(60_000));
  return (
    <Badge tone={tone} icon="clock">
      {label}
    </Badge>
  );
}
