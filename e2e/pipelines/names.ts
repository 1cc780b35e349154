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
} as const;
