import type { Measure } from './measure';
import { freshRecord } from '../../src/runtime/protocol/message';
import { payloadHash } from '../../src/runtime/protocol/payload';
import type { JobRecord } from '../../src/runtime/protocol/record';
import { toItem, type Item } from '../../src/runtime/store/dynamodb/item';
import { newMessage } from '../../src/runtime/store/job-messages';
import { PRICES } from '../prices';
import { counted, type Row } from '../row';

const MILLION = 1e6;
const WRITE_UNIT_BYTES = 1_024;

/** All in: everything a job costs but API Gateway and the user's own code. */
const ALL_IN_GOAL = 7;
/** Of the job as AsyncJob keeps it: no index by owner, deadline or failure. */
const SAME_FUNCTIONS_GOAL = 5.07;

/** A job as it may well be: what it was asked for and what came of it, in bytes of JSON. */
const PAYLOAD_BYTES = 200;
const RESULT_BYTES = 50;

/** What the submit function takes of 512 MB, warm. */
const SUBMIT_SECONDS = 0.02;
/** What the library itself takes of the user's function beside the handler: the calls of hiding, claiming and finishing. */
const WORKER_SECONDS = 0.02;
const WORKER_GB = 0.5;
/** Log lines of submit and worker with their reports, and the metrics in them. */
const LOG_BYTES = 2_600;

/** Requests of SQS for a job that succeeds: send and hide by us; receive and delete by Lambda, one message at a time. */
const SQS = { send: 1, hide: 1, receive: 1, deleted: 1 };
/** By the owner's index when it is created; into the index of deadlines and out of it again. */
const INDEX_WRITES = { owner: 1, deadlineIn: 1, deadlineOut: 1 };

export const cost: Measure = {
  title: 'Modelled cost of a million jobs',
  how: 'No bill, but arithmetic: the calls counted above times the list price of us-east-1 (`bench/prices.ts`), without free allowances, for jobs that succeed at '
    + `once, with a payload of ${PAYLOAD_BYTES} bytes and a result of ${RESULT_BYTES}. A write is billed for each KB of the record, which is built and sized here as it is stored. `
    + 'AsyncJob of AWS Blocks makes 3 puts, 2 reads and 1 send; its record is taken to be as large, and the two functions to be called as often. What the handler itself '
    + 'takes, keys of KMS (a call every few minutes, not one a job), traces and storage are left out.',
  run: async () => rows(),
};

function rows(): Row[] {
  const units = writeUnits();
  const perMillion = (price: number) => MILLION * price;
  const writes = perMillion(units * PRICES.dynamoDbWrite);
  const indexes = perMillion(sum(INDEX_WRITES) * PRICES.dynamoDbWrite);
  const queue = perMillion(sum(SQS) * PRICES.sqsRequest);
  const functions = perMillion(2 * PRICES.lambdaRequest + (SUBMIT_SECONDS * 0.5 + WORKER_SECONDS * WORKER_GB) * PRICES.lambdaGbSecond);
  const logs = perMillion(LOG_BYTES / 2 ** 30 * PRICES.logsGigabyte);
  const theirs = perMillion(3 * PRICES.dynamoDbWrite + 2 * 0.5 * PRICES.dynamoDbRead + 3 * PRICES.sqsRequest);

  const dollars = (metric: string, value: number, note: string, more: { goal?: number; against?: { name: string; value: number } } = {}) =>
    counted({ metric, unit: '$', note, goal: more.goal }, round(value), more.against);
  return [
    dollars('records: put, claim, finish', writes, `${units} write units a job`),
    dollars('indexes: owner, deadline in, deadline out', indexes, `${sum(INDEX_WRITES)} write units a job: keys only, less than 1 KB each`),
    dollars('queue: send, receive, hide, delete', queue, `${sum(SQS)} requests a job`),
    dollars('functions: two requests, and the time of the library in them', functions, `${SUBMIT_SECONDS * 1000} ms of 512 MB each`),
    dollars('logs', logs, `${LOG_BYTES} bytes a job, metrics among them`),
    dollars('all in, without API Gateway', writes + indexes + queue + functions + logs, 'the sum of the above', { goal: ALL_IN_GOAL }),
    dollars('records and queue, as AsyncJob has them', writes + queue,
      'no index; one visibility change more than theirs, by which a crash is made good at the attempt\'s own deadline',
      { goal: SAME_FUNCTIONS_GOAL, against: { name: 'AsyncJob', value: round(theirs) } }),
    dollars('API Gateway, where it is used: one request of REST', perMillion(PRICES.restApiRequest), 'each time the status is read costs as much again'),
  ];
}

/** What the three writes of a job that succeeds are billed: by the size of the record after each. */
function writeUnits(): number {
  const now = Date.UTC(2026, 10, 1);
  const payload = JSON.stringify({ text: 'x'.repeat(PAYLOAD_BYTES - '{"text":""}'.length) });
  const owner = `iam:${'0'.repeat(12)}:AROA${'X'.repeat(17)}`;
  const message = newMessage(
    { owner, payload, payload_hash: payloadHash(JSON.parse(payload)), correlation_id: '00000000-0000-0000-0000-000000000000' },
    { maxAttempts: 3, deadlineSeconds: 259_200, retentionSeconds: 2_592_000 }, now,
  );
  const fresh = freshRecord(message);
  const claimed: JobRecord = { ...fresh, status: 'processing', run: 1, attempt: 1, started_at: now, lease_expires_at: now };
  const finished: JobRecord = { ...claimed, status: 'succeeded', progress: 1, result: 'x'.repeat(RESULT_BYTES), finished_at: now, expires_at: now / 1000 };
  const keys = { deadline_shard: '00', owner_shard: `${owner}#00`, write_id: 'x'.repeat(16) };
  return [fresh, claimed, finished].map(record => Math.ceil((sizeOf(toItem(record)) + bytesOf(keys)) / WRITE_UNIT_BYTES)).reduce((a, b) => a + b);
}

/** Names in UTF-8, texts in UTF-8, numbers about a byte for two digits and one more. @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */
function sizeOf(item: Item): number {
  return Object.entries(item).reduce((bytes, [name, { S, N }]) =>
    bytes + Buffer.byteLength(name) + (S !== undefined ? Buffer.byteLength(S) : N !== undefined ? Math.ceil(N.length / 2) + 1 : 3), 0);
}

function bytesOf(texts: Readonly<Record<string, string>>): number {
  return Object.entries(texts).reduce((bytes, [name, text]) => bytes + name.length + text.length, 0);
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((a, b) => a + b, 0);
}

function round(dollars: number): number {
  return Math.round(dollars * 100) / 100;
}
