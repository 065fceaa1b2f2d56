import type { WebhookEndpoint } from "@docket/client";
import { useState } from "react";
import { useLocation } from "wouter";

import { tenantPath } from "../app/paths.ts";
import { Button } from "../ui/button.tsx";
import { Confirm } from "../ui/dialog.tsx";
import {
  useDeleteEndpoint,
  useRotateSecret,
  useTestEndpoint,
  useUpdateEndpoint,
} from "./queries.ts";
import { SecretDialog } from "./secret-dialog.tsx";

/** The previous secret signs, too, for a day. */
const GRACE_SECONDS = 86_400;

/** Test, rotate, enable or disable, delete. */
export function EndpointActions({ endpoint }: { readonly endpoint: WebhookEndpoint }) {
  const { id, enabled } = endpoint;
  const test = useTestEndpoint(id);
  const update = useUpdateEndpoint(id);
  return (
    <div className="webhooks__actions">
      {enabled && (
        <Button size="small" busy={test.isPending} onClick={() => test.submit()}>
          Send test event
        </Button>
      )}
      <Button
        size="small"
        busy={update.isPending}
        onClick={() => update.submit({ enabled: !enabled })}
      >
        {enabled ? "Disable" : "Enable"}
      </Button>
      <RotateButton endpointId={id} />
      <DeleteButton endpoint={endpoint} />
    </div>
  );
}

function RotateButton({ endpointId }: { readonly endpointId: string }) {
  const [isAsking, setAsking] = useState(false);
  const [secret, setSecret] = useState<string>();
  const rotate = useRotateSecret(endpointId);
  const confirm = (): void => rotate.submit(GRACE_SECONDS, (next) => setSecret(next.secret));
  return (
    <>
      <Button size="small" busy={rotate.isPending} onClick={() => setAsking(true)}>
        Rotate secret
      </Button>
      <Confirm
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        onConfirm={confirm}
        title="Rotate the secret?"
        action="Rotate secret"
        look="primary"
      >
        For 24 hours, requests are signed with both secrets. Give your program the new one before.
      </Confirm>
      <SecretDialog secret={secret} onClose={() => setSecret(undefined)} />
    </>
  );
}

function DeleteButton({ endpoint: { id, url } }: { readonly endpoint: WebhookEndpoint }) {
  const [isAsking, setAsking] = useState(false);
  const [, navigate] = useLocation();
  const remove = useDeleteEndpoint(id);
  const confirm = (): void => remove.submit(undefined, () => navigate(tenantPath("webhooks")));
  return (
    <>
      <Button size="small" look="quiet" busy={remove.isPending} onClick={() => setAsking(true)}>
        Delete
      </Button>
      <Confirm
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        onConfirm={confirm}
        title="Delete this endpoint?"
        action="Delete endpoint"
      >
        {url} receives no further events. Its deliveries are deleted, too.
      </Confirm>
    </>
  );
}
