/** Tells which version ran the job, and fails where that is asked for. */
export async function handler(job) {
  if (job.payload.fail) throw new TypeError('as asked for');
  return { got: job.payload, version: process.env.AWS_LAMBDA_FUNCTION_VERSION };
}
