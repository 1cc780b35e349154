/** What the stacks of `app.ts` are called and how they are sized; tests calculate with it. */
export const KEYS = {
  stack: 'Keys',
  customers: ['acme', 'globex'],
  timeoutSeconds: 3,
  maxAttempts: 3,
  submitRate: 5,
  submitBurst: 10,
} as const;

export const LOAD = {
  stack: 'Load',
  timeoutSeconds: 3,
  maxAttempts: 3,
  maximumConcurrency: 10,
  /** Far more than an attempt needs, so that a test can tell who decided when a message comes back. */
  queueVisibilitySeconds: 18,
} as const;
