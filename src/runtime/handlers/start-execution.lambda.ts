import { startStarter } from './state-machine/start';

/** Starts an execution for each job of the queue. */
export const handler = startStarter(process.env);
