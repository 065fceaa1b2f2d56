import { WordsBadge } from "../ui/words-badge.tsx";
import { statusWords } from "./words.ts";

export const TransactionStatus = ({ status }: { readonly status: string }) => (
  <WordsBadge words={statusWords(status)} />
);
