/** What the stack of `app.ts` has; tests calculate with it. */
export const OPERATIONS = {
  stack: 'Operations',
  pipelines: { jobs: 'jobs', late: 'late', steps: 'steps' },
  timeoutSeconds: 4,
  maxAttempts: 2,
  /** Of the worker of `jobs`, and of each function of its API. */
  reservedConcurrency: 5,
  /** How many jobs of `late` are worked on at once. */
  lateConcurrency: 2,
  /** Of messages in `mails` that fail. */
  maxReceiveCount: 2,
} as const;
