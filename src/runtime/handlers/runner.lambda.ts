import { startRunner } from './runner/runner';

/** Calls a function for each job of the queue. */
export const handler = startRunner(process.env);
