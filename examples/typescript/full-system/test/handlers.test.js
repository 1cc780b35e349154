// @ts-check
/** What the handlers do, without AWS: a client of PostgreSQL that notes what it is asked. */
const assert = require('node:assert/strict');
const { test } = require('node:test');
const { tellAll } = require('../handler/notify.js');

const record = (/** @type {string} */ job_id) => ({ messageId: `message-${job_id}`, body: JSON.stringify({ job_id, correlation_id: 'c' }) });

test('a message whose statement is not there yet comes again, and the others do not', async () => {
  /** @type {string[]} */
  const told = [];
  const database = { query: async (/** @type {string} */ text, /** @type {string[]} */ [job_id]) => {
    if (text.startsWith('INSERT')) told.push(job_id);
    return { rows: job_id === 'job_late' ? [] : [{}], rowCount: 1 };
  } };
  const answer = await tellAll([record('job_late'), record('job_there')], database);
  assert.deepEqual(answer, { batchItemFailures: [{ itemIdentifier: 'message-job_late' }] });
  assert.deepEqual(told, ['job_there']);
});
