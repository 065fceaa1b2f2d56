export {
  ApiError,
  createClient,
  reach,
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
