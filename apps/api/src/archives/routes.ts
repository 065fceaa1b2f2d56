import { disputeParams } from "../disputes/response.ts";
import { attachment } from "@docket/platform/storage";
import { readRoute, type Route } from "../http/route.ts";
import { archiveDispute } from "./service.ts";

const archive = readRoute({
  method: "GET",
  path: "/v1/disputes/:disputeId/archive",
  operationId: "archiveDispute",
  summary: "Download a dispute with its history and its evidence as a ZIP",
  isAudited: true,
  permission: "dispute:read",
  params: disputeParams,
  responses: {
    200: {
      description: "The ZIP, with a manifest at its end",
      mediaType: "application/zip",
      body: { type: "string", format: "binary" },
    },
  },
  errors: ["storage_not_configured"],
  handler: async (context, { params: { disputeId }, principal, by }) => {
    const permit = await context.semaphores.archives.acquire(principal.tenantId);
    try {
      const stream = await archiveDispute(context, disputeId, by, context.now());
      // Until then it may hold a connection to the object storage.
      stream.once("close", permit.release);
      const headers = {
        "Content-Type": "application/zip",
        "Content-Disposition": attachment(`dispute-${disputeId}.zip`),
      };
      return { status: 200, headers, stream };
    } catch (error) {
      permit.release();
      throw error;
    }
  },
});

export const archiveRoutes: readonly Route[] = [archive];
