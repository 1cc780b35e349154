// @ts-check
/**
 * Adds up an account's payments of a month. Payments, statement and the end of the job are one commit: neither is ever there without the others.
 *
 * @typedef {{ paid_on: string, cents: number }} Payment
 * @typedef {{ account: string, month: string, payments: Payment[] }} Payload
 * @typedef {import('cdk-jobworks/runtime').Job<Payload>} Job
 */
const { SQSClient, SendMessageCommand } = require('@aws-sdk/client-sqs');
const { openPool } = require('cdk-jobworks/postgres');

const pool = openPool(); // once a process
const queue = new SQSClient({});

/** By then the statement is there. If it is not, the message is tried again. */
const SECONDS_TO_COMMIT = 1;

/** @param {Job} job */
exports.handler = async (job) => {
  const { account, month, payments } = job.payload;
  if (payments.some(({ paid_on }) => !paid_on.startsWith(month))) {
    throw job.failed(`a payment is not of ${month}`, 'WrongMonth'); // it would be no better the next time
  }
  const cents = payments.reduce((sum, payment) => sum + payment.cents, 0);
  await tell(job.id, job.correlationId); // before the commit: whom nobody tells would never know, and a message without a statement finds none
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('INSERT INTO statements (job_id, account, month, payments, cents) VALUES ($1, $2, $3, $4, $5)',
      [job.id, account, `${month}-01`, payments.length, cents]);
    await client.query('INSERT INTO payments (job_id, paid_on, cents) SELECT $1, * FROM json_to_recordset($2) AS p(paid_on date, cents bigint)',
      [job.id, JSON.stringify(payments)]);
    await job.succeedWithin(client, { account, month, cents });
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
};

/** @param {string} job_id @param {string} correlation_id */
const tell = (job_id, correlation_id) => queue.send(new SendMessageCommand({
  QueueUrl: process.env.NOTIFICATIONS_URL,
  MessageBody: JSON.stringify({ job_id, correlation_id }),
  DelaySeconds: SECONDS_TO_COMMIT,
}));
