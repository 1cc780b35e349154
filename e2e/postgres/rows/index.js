const { openPool } = require('cdk-jobworks/postgres');

const pool = openPool();

/** Leaves a row with its job's end, in one commit; the plan may have it undone. */
exports.handler = async (job) => {
  const { plan } = job.payload;
  const action = plan[Math.min(job.attempt, plan.length) - 1];
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('INSERT INTO effects (job_id, run) VALUES ($1, $2)', [job.id, job.attempt]);
    await job.succeedWithin(client, { attempt: job.attempt });
    await client.query(action === 'undo' ? 'ROLLBACK' : 'COMMIT');
  } finally {
    client.release();
  }
};
