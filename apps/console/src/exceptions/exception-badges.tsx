import { Badge } from "../ui/badge.tsx";
import { severityWords, statusWords } from "./words.ts";

export function ExceptionStatus({ status }: { readonly status: string }) {
  const { label, tone, icon } = statusWords(status);
  return (
    <Badge tone={tone} icon={icon}>
      {label}
    </Badge>
  );
}

export function Severity({ severity }: { readonly severity: string }) {
  const { label, tone, icon } = severityWords(severity);
  return (
    <Badge tone={tone} icon={icon}>
      {label}
    </Badge>
  );
}
