export {
  createClient,
  type Client,
  type ExportJob,
  type IngestResult,
  type Named,
} from "./client.ts";
export {
  type Dispute,
  type DisputeEvent,
  type DisputedException,
  type EvidenceFile,
} from "./disputes.ts";
export { ApiError, fetchOrExplain } from "./transport.ts";
