import { WordsBadge } from "../ui/words-badge.tsx";
import { stateWords } from "./words.ts";

export const DisputeState = ({ state }: { readonly state: string }) => (
  <WordsBadge words={stateWords(state)} />
);
