import type { ComponentProps } from "react";

import { onPersonChange } from "../session/person.ts";

/** What a toast says. */
export type ToastText = {
  readonly title: string;
  readonly description?: string | undefined;
  /** How long it is shown, in milliseconds. */
  readonly timeout?: number;
  /** Of its button. */
  readonly actionProps?: ComponentProps<"button">;
};

let show: ((toast: ToastText) => void) | undefined;
const waiting: ToastText[] = [];

onPersonChange(() => void waiting.splice(0));

/** `toasts.add({ title, description })` tells the outcome of what goes on in the background. */
export const toasts = {
  add: (toast: ToastText): void => {
    if (show === undefined) waiting.push(toast);
    else show(toast);
  },
};

/** Shows all toasts from now on, and those that have waited. @returns a function that ends it */
export function showToasts(next: (toast: ToastText) => void): () => void {
  show = next;
  for (const toast of waiting.splice(0)) next(toast);
  return () => {
    show = undefined;
  };
}
