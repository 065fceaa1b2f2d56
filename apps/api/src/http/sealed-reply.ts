import { DocketError } from "@docket/domain";
import { UnsealError, type Sealer } from "@docket/platform";
import { currentTenant } from "@docket/platform/database";
import type { Reply } from "./reply.ts";

/** The only member of an encrypted body. No response has a member of this name. */
const SEALED = "$sealed";

const purpose = (): string => `idempotent-response ${currentTenant()}`;

/** A reply as it is stored: encrypted if it holds a secret. */
export function sealReply({ isSecret, ...reply }: Reply, sealer: Sealer | undefined): Reply {
  if (isSecret !== true) return reply;
  if (sealer === undefined) throw new Error("a reply with a secret needs a sealer");
  return { ...reply, body: { [SEALED]: sealer.seal(JSON.stringify(reply.body), purpose()) } };
}

/** A stored reply as it was sent. @throws DocketError `webhooks_not_configured` if no key opens it. */
export function openReply(stored: Reply, sealer: Sealer | undefined): Reply {
  const sealed = (stored.body as { [SEALED]?: unknown } | undefined)?.[SEALED];
  if (typeof sealed !== "string") return stored;
  try {
    if (sealer === undefined) throw new UnsealError("there is no key");
    return { ...stored, body: JSON.parse(sealer.open(sealed, purpose())) as unknown };
  } catch (error) {
    if (error instanceof UnsealError) throw webhooksNotConfigured(error);
    throw error;
  }
}

export const webhooksNotConfigured = (cause?: unknown): DocketError =>
  new DocketError(
    "webhooks_not_configured",
    "Webhooks are not configured on this server; its operator must set SECRETS_KEY.",
    { cause },
  );
