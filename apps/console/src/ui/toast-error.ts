import { errorText } from "./states.tsx";
import { toasts } from "./toast.ts";

/** Long enough to copy the ID of the request. */
const ERROR_MS = 30_000;

/** Tells that something which has no place on the screen has failed. */
export const toastError = (title: string, error: unknown): void =>
  toasts.add({ title, description: errorText(error), timeout: ERROR_MS });
