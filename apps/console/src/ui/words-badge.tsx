import { Badge } from "./badge.tsx";
import type { Words } from "./words.ts";

/** The words for a state. */
export const WordsBadge = ({ words: { label, tone, icon } }: { readonly words: Words }) => (
  <Badge tone={tone} icon={icon}>
    {label}
  </Badge>
);
