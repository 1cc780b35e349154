// @ts-check
/**
 * Step 3: the row of a job that was done. Called as well when a step has failed for good: a job that is tried anew has no old row then.
 *
 * @typedef {{ job_id: string, correlation_id: string, result: import('./extract.js').Extracted, error?: { Error: string, Cause: string } }} Input
 * @typedef {Pick<import('pg').Pool, 'query'>} Database
 */
const { openPool } = require('cdk-jobworks/postgres');

/** @type {Database | undefined} */
let pool;

/** @param {Input} input */
exports.handler = (input) => complete(input, pool ??= openPool());

/**
 * What it returns is the result of the job.
 *
 * @param {Input} input
 * @param {Database} database
 */
async function complete({ job_id, correlation_id, result, error }, database) {
  if (error) {
    console.error({ event: 'invoice failed', job_id, correlation_id, error: error.Error });
    await database.query('DELETE FROM job_results WHERE job_id = $1', [job_id]);
    return;
  }
  const { extracted_data, confidence_score, tokens_used } = result;
  await database.query(
    `INSERT INTO job_results (job_id, extracted_data, confidence_score, tokens_used) VALUES ($1, $2, $3, $4)
     ON CONFLICT (job_id) DO UPDATE SET (extracted_data, confidence_score, tokens_used, created_at)
       = (EXCLUDED.extracted_data, EXCLUDED.confidence_score, EXCLUDED.tokens_used, now())`,
    [job_id, JSON.stringify(extracted_data), confidence_score, tokens_used],
  );
  console.info({ event: 'invoice extracted', job_id, correlation_id, confidence_score, tokens_used });
  return result;
}
exports.complete = complete;
