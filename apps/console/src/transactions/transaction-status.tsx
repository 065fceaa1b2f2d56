import { Badge } from "../ui/badge.tsx";
import { statusWords } from "./words.ts";

export function TransactionStatus({ status }: { readonly status: string }) {
  const { label, tone, icon } = statusWords(status);
  return (
    <Badge tone={tone} icon={icon}>
      {label}
    </Badge>
  );
}
