import { isDocketError } from "@docket/client";
import type { QueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { RESOURCES } from "../query/keys.ts";
import { useSubmit } from "../query/submit.ts";
import type { CaseEvent } from "./case-event.ts";

type Versioned = { readonly version: number; readonly updatedAt: string };

/** For the call: what it is based on, and its key. */
export type ChangeOptions = { readonly ifVersion: number; readonly idempotencyKey: string };

/** What others did between the version that a form was opened with and the current one. */
export type Conflict<R> = {
  readonly before: R;
  readonly current: R;
  readonly events: readonly CaseEvent[];
};

export type Change<R, I> = {
  readonly submit: (input: I) => void;
  readonly isPending: boolean;
  readonly error: unknown;
  readonly conflict: Conflict<R> | undefined;
};

/**
 * A change of a resource from a form that was opened with `base`. If another user has changed it since, the
 * call fails and `conflict` describes their changes. The form keeps its entries, and the next submit applies to the current version.
 */
export function useChange<R extends Versioned, I>({
  base,
  load,
  send,
  onDone,
}: {
  readonly base: R;
  /** The current version, and all events of its history. */
  readonly load: () => Promise<{ readonly current: R; readonly history: readonly CaseEvent[] }>;
  readonly send: (input: I, options: ChangeOptions) => Promise<unknown>;
  /** Called on success, unless the form is gone by then. */
  readonly onDone: () => void;
}): Change<R, I> {
  const [before] = useState(base);
  const [conflict, setConflict] = useState<Conflict<R>>();
  const { version } = conflict?.current ?? before;
  const { submit, isPending, error } = useSubmit({
    send: (change: { readonly ifVersion: number; readonly input: I }, { idempotencyKey }) =>
      send(change.input, { ifVersion: change.ifVersion, idempotencyKey }),
    onError: async (failure) => {
      if (!isDocketError(failure, "precondition_failed")) return;
      const { current, history } = await load();
      setConflict({ before, current, events: history.filter(({ at }) => at > before.updatedAt) });
    },
    refresh: refreshCases,
  });
  const isConflict = conflict !== undefined && isDocketError(error, "precondition_failed");
  return {
    submit: (input) => submit({ ifVersion: version, input }, onDone),
    isPending,
    error: isConflict ? null : error,
    conflict,
  };
}

/** A dispute changes its exception, and both change the figures. */
export const refreshCases = async (queryClient: QueryClient): Promise<void> => {
  const resources = [RESOURCES.disputes, RESOURCES.exceptions, RESOURCES.summary];
  await Promise.all(
    resources.map((resource) => queryClient.invalidateQueries({ queryKey: [resource] })),
  );
};
