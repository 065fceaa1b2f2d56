import { useMutation, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useRef } from "react";

import { useFormDialog } from "../ui/dialog-state.ts";
import { toastError } from "../ui/toast-error.ts";
import { useIdempotencyKey } from "./idempotency.ts";

type Submission<I, R> = {
  readonly send: (input: I, options: { readonly idempotencyKey: string }) => Promise<R>;
  /** Refetches what may have changed, also after a failure: the change may have been made although its response was lost. */
  readonly refresh: (queryClient: QueryClient) => Promise<unknown>;
  /** Called also when the form is gone. */
  readonly onSuccess?: (result: R) => void;
  readonly onError?: (error: unknown) => Promise<void> | void;
};

/**
 * A call that changes something. A second click while it runs does nothing, and a repetition after a failure sends the same key,
 * so that it takes effect at most once. If a person closes the dialog of the form before the call fails, a toast says so.
 */
export function useSubmit<I, R>({ send, refresh, onSuccess, onError }: Submission<I, R>) {
  const queryClient = useQueryClient();
  const dialog = useFormDialog();
  const keyOf = useIdempotencyKey();
  const isRunning = useRef(false);
  // After a success, the same input is another request.
  const successes = useRef(0);
  const { mutateAsync, data, error, isPending, variables } = useMutation<R, Error, I>({
    mutationFn: (input) => send(input, { idempotencyKey: keyOf([successes.current, input]) }),
    onSuccess: (result) => onSuccess?.(result),
    onError: (failure) => onError?.(failure),
    onSettled: () => refresh(queryClient),
  });

  const run = async (input: I, whileShown: (result: R) => void): Promise<void> => {
    const title = dialog?.title();
    try {
      await mutateAsync(input, { onSuccess: whileShown });
      successes.current += 1;
    } catch (failure) {
      // Signing in as another user aborts the calls, which must not be reported to that user.
      const isAborted = failure instanceof DOMException && failure.name === "AbortError";
      if (dialog?.isShown() === false && !isAborted) toastError(`Failed: ${title}`, failure);
    } finally {
      isRunning.current = false;
    }
  };
  /** `whileShown` is called on success, unless the form is gone by then. */
  const submit = (input: I, whileShown: (result: R) => void = () => undefined): void => {
    // A second click comes before the button shows that it is busy.
    if (isRunning.current) return;
    isRunning.current = true;
    void run(input, whileShown);
  };
  return { submit, data, error, isPending, variables };
}
