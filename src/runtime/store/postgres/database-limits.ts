/** How long a statement may take. */
export interface DatabaseLimits {
  /** Until there is a connection; the pool's own limit. */
  readonly connectMs: number;
  /** From then on, until the answer. */
  readonly answerMs: number;
  /** What is lost within so long is asked again, once. */
  readonly repeatWithinMs: number;
}

/** Of a worker, which has minutes, and what it gives up costs an attempt. */
export const WORKER_DATABASE_LIMITS: DatabaseLimits = { connectMs: 5_000, answerMs: 3_000, repeatWithinMs: 6_000 };

/**
 * Somebody waits for the answer. A submission counts, reads, sends and puts within the 10 seconds of its function: what hangs is given up
 * once, and what is refused at once, as by a connection that has died, is asked again.
 */
export const API_DATABASE_LIMITS: DatabaseLimits = { connectMs: 1_500, answerMs: 800, repeatWithinMs: 300 };
