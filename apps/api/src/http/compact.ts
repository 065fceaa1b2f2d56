export { compact } from "@docket/domain";
