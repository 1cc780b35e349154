/** What a user brings: a plain function of a job. */
export const handler = async (job) => ({ pages: job.payload.pages });
