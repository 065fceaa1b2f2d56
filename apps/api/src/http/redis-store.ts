import type { ClientRateLimitInfo, Options } from "express-rate-limit";
import { RedisStore } from "rate-limit-redis";

/**
 * A RedisStore that recovers from an outage. The library loads its scripts once, when the limiter is created, and never retries;
 * this one loads them before the first request, and again after an error.
 */
export class RecoveringRedisStore extends RedisStore {
  #options: Options | undefined;
  #loaded: Promise<void> | undefined;

  // oxlint-disable-next-line typescript/require-await -- the signature of the base class
  override async init(options: Options): Promise<void> {
    this.#options = options;
  }

  override async increment(key: string): Promise<ClientRateLimitInfo> {
    try {
      await (this.#loaded ??= super.init(this.#options!));
      return await super.increment(key);
    } catch (error) {
      this.#loaded = undefined;
      throw error;
    }
  }
}
