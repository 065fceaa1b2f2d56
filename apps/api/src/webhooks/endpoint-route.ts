import { uuid } from "@docket/domain";
import Joi from "joi";

/** The path parameters of every route below one endpoint. */
export const endpointParams = Joi.object<{ endpointId: string }>({
  endpointId: uuid().required(),
});

/** An error of every route of webhooks. */
export const WEBHOOK_ERRORS = ["webhooks_not_configured"] as const;
