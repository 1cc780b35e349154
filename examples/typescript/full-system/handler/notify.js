// @ts-check
/**
 * Tells customers of their statements, each of them once. Here that is a row and a line in the log; yours would send an e-mail.
 *
 * @typedef {Pick<import('aws-lambda').SQSRecord, 'messageId' | 'body'>} Message
 * @typedef {{ query(text: string, values: string[]): Promise<{ rows: object[], rowCount: number | null }> }} Database
 */
const { openPool } = require('cdk-jobworks/postgres');

/** @type {Database | undefined} */
let pool;

/** @param {{ Records: Message[] }} event */
exports.handler = ({ Records }) => tellAll(Records, pool ??= openPool());

/** @param {Message[]} messages @param {Database} database */
async function tellAll(messages, database) {
  const batchItemFailures = [];
  for (const { body, messageId } of messages) {
    if (!await tell(JSON.parse(body), database)) {
      batchItemFailures.push({ itemIdentifier: messageId }); // comes again, and ends as a dead letter if it never gets better
    }
  }
  return { batchItemFailures };
}
exports.tellAll = tellAll;

/** @param {{ job_id: string, correlation_id: string }} message @param {Database} database @returns {Promise<boolean>} whether it is dealt with */
async function tell({ job_id, correlation_id }, database) {
  const { rows: [statement] } = await database.query('SELECT account FROM statements WHERE job_id = $1', [job_id]);
  if (!statement) {
    console.warn(JSON.stringify({ level: 'WARN', message: 'no statement yet', job_id, correlation_id }));
    return false;
  }
  const { rowCount } = await database.query('INSERT INTO notifications (job_id) VALUES ($1) ON CONFLICT DO NOTHING', [job_id]);
  console.info(JSON.stringify({ level: 'INFO', message: rowCount ? 'customer told' : 'told before', job_id, correlation_id }));
  return true;
}
