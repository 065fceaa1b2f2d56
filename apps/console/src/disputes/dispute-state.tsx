import { Badge } from "../ui/badge.tsx";
import { stateWords } from "./words.ts";

export function DisputeState({ state }: { readonly state: string }) {
  const { label, tone, icon } = stateWords(state);
  return (
    <Badge tone={tone} icon={icon}>
      {label}
    </Badge>
  );
}
