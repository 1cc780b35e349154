/** What the stack of `app.ts` is called and how it is sized; tests calculate with it. */
export const STEPS = { stack: 'Steps', maxConcurrency: 2, maxAttempts: 2 } as const;
