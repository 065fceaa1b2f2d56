import { component, sha256Schema, textSchema } from "./json-schema.ts";

/** A presigned link, to an export's file or to uploaded evidence (contract §2, §4). */
export const downloadLinkSchema = component("DownloadLink", {
  downloadUrl: { type: "string", format: "uri" },
  fileName: textSchema,
  sha256: sha256Schema,
  expiresIn: {
    type: "integer",
    minimum: 1,
    description: "The seconds for which the link is good.",
  },
});
