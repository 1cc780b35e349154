// @ts-check
/** More than a record holds. */
const LONG = 70_000;

/**
 * Does nothing, so that there are jobs in every state to ask after.
 *
 * @param {import('cdk-jobworks/runtime').Job<{ ends: string, canary: string }>} job
 */
export async function handler(job) {
  const { ends, canary } = job.payload;
  if (ends === 'badly') {
    throw job.failed('as it was told to', 'ToldTo');
  }
  return { canary, ...(ends === 'with a long result' && { filler: 'r'.repeat(LONG) }) };
}
