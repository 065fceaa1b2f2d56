import type { FollowStatus } from "@docket/client";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { useDocket } from "../query/docket-context.tsx";
import { useAllowed, useClaims } from "../session/session-context.tsx";
import { createRefresh } from "./refresh.ts";
import { shareStream } from "./shared-stream.ts";

/** Keeps the screens up to date during a session. Undefined if the token may not read events. */
export function useLive(): FollowStatus | "connecting" | undefined {
  const docket = useDocket();
  const queryClient = useQueryClient();
  const { tenantId } = useClaims();
  const isAllowed = useAllowed("event:read");
  const [status, setStatus] = useState<FollowStatus | "connecting">("connecting");
  useEffect(() => {
    if (!isAllowed) return undefined;
    const refresh = createRefresh(queryClient);
    const stop = shareStream({
      docket,
      tenantId,
      onMessage: (message) => {
        if (message.kind === "status") setStatus(message.status);
        if (message.kind === "event") refresh.event(message.type);
        if (message.kind === "progress") refresh.progress(message.progress);
        if (message.kind === "reset") refresh.all();
      },
    });
    return () => {
      stop();
      refresh.stop();
    };
  }, [docket, queryClient, tenantId, isAllowed]);
  return isAllowed ? status : undefined;
}
