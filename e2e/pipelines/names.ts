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

/** The same for a function that is called. */
export const CALLED = {
  stack: 'Called',
  timeoutSeconds: 3,
  maxAttempts: 3,
  maximumConcurrency: 10,
  /** Twice what the runner has. The five minutes of a pipeline's own would be most of a fault run, where calls that hide a message fail. */
  queueVisibilitySeconds: 66,
} as const;

/** Two pipelines with everything that can be switched on. */
export const WHOLE = {
  stack: 'Whole',
  pipelines: { inFunction: 'Whole', called: 'Whole.Called' },
  customers: ['acme', 'globex'],
  timeoutSeconds: 6,
  maxAttempts: 2,
  submitsPerMinute: 300,
  maxUploadKibibytes: 2_048,
} as const;

/** A pipeline whose queue gives messages up soon. */
export const FUSE = {
  stack: 'Fuse',
  timeoutSeconds: 2,
  maxAttempts: 3,
  maxReceiveCount: 2,
} as const;
