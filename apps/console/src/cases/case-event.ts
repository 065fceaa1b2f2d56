import type { IconName } from "../ui/icon.tsx";

/** What an event of any history has. */
export type CaseEvent = {
  readonly id: string;
  readonly type: string;
  readonly actor: string;
  readonly at: string;
  readonly note?: string;
};

export type EventWords = { readonly label: string; readonly icon: IconName };
