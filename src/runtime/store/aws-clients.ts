/** How long a call may take: one that hangs must not use up the time its handler has. */
export interface CallLimits {
  /** The first one included. */
  readonly attempts: number;
  /** Of an attempt, until it is connected. */
  readonly connectMs: number;
  /** Of an attempt, connecting included, until its answer begins. */
  readonly requestMs: number;
}

/** A worker has minutes, and what it gives up costs an attempt. */
export const WORKER_LIMITS: CallLimits = { attempts: 3, connectMs: 1_000, requestMs: 3_000 };

/**
 * Somebody waits for the answer. A submission reads, sends and puts, and its function has 10 seconds: when each of the three
 * calls hangs, it must still have the time to answer 202 after the send.
 */
export const API_LIMITS: CallLimits = { attempts: 2, connectMs: 500, requestMs: 1_000 };

/**
 * What every client is made with; each is made in a file of its own, so that a bundle has only those it uses.
 * Connections are kept alive by the SDK's own default.
 */
export function clientSettings({ attempts, connectMs, requestMs }: CallLimits) {
  return {
    maxAttempts: attempts,
    cacheMiddleware: true, // nobody changes what a call passes through, and to put it together anew each time is a tenth of what a call takes
    requestHandler: {
      connectionTimeout: connectMs,
      requestTimeout: requestMs,
      throwOnRequestTimeout: true, // else the SDK only warns
    },
  };
}
