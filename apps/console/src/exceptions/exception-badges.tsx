import { WordsBadge } from "../ui/words-badge.tsx";
import { severityWords, statusWords } from "./words.ts";

export const ExceptionStatus = ({ status }: { readonly status: string }) => (
  <WordsBadge words={statusWords(status)} />
);

export const Severity = ({ severity }: { readonly severity: string }) => (
  <WordsBadge words={severityWords(severity)} />
);
