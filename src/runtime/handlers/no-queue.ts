import type { JobQueue } from '../store/job-queue';

/** For what ends jobs and never sends one: its function is not allowed to, either. */
export const noQueue: JobQueue = {
  send: async () => {
    throw new Error('this function sends no jobs');
  },
};
