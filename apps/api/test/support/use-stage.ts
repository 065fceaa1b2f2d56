import type { StorageTarget } from "@docket/testing";
import type { ApiConfig } from "../../src/index.ts";
import { createStage, type Stage } from "./stage.ts";
import { createTenant, type Tenant } from "./tenant.ts";

/** What the tests of a file share: one stage, and a new tenant for each test. */
export type Suite = { readonly stage: Stage; readonly tenant: Tenant };

/** To be called at the top of a test file or of a `describe`. */
export function useStage(changes?: Partial<ApiConfig>, target?: StorageTarget): Suite {
  let stage: Stage;
  let tenant: Tenant;
  beforeAll(async () => {
    stage = await createStage(changes, target);
  });
  beforeEach(async () => {
    tenant = await createTenant(stage);
  });
  afterAll(() => stage.close());
  return {
    get stage() {
      return stage;
    },
    get tenant() {
      return tenant;
    },
  };
}
