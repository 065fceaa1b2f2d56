import type { Tone } from "./badge.tsx";
import { sentenceCase } from "./format.ts";
import type { IconName } from "./icon.tsx";

/** How a state is shown. */
export type Words = { readonly label: string; readonly tone: Tone; readonly icon: IconName };

/** Words for a state, also for one of a later release. */
export const wordsIn = (table: Readonly<Record<string, Words>>, state: string): Words =>
  table[state] ?? { label: sentenceCase(state), tone: "neutral", icon: "info" };

/** Whether a text starts with what was typed, in upper or lower case. */
export const startsWith = (text: string, typed: string): boolean =>
  text.trim().toLowerCase().startsWith(typed.toLowerCase());
