import { component, sha256Schema, textSchema } from "./json-schema.ts";

export const downloadLinkFields = {
  downloadUrl: {
    type: "string",
    format: "uri",
    description: "A URL that needs no token. Send a plain GET.",
  },
  fileName: textSchema,
  sha256: { ...sha256Schema, description: "The SHA-256 of the file, in hex." },
  expiresIn: {
    type: "integer",
    minimum: 1,
    description: "The number of seconds for which `downloadUrl` is valid.",
  },
};

/** A presigned link to a stored file. */
export const downloadLinkSchema = component("DownloadLink", downloadLinkFields);
