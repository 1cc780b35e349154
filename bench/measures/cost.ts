import type { Measure } from './measure';
import { PRICES } from '../../src/pricing/prices';
import { freshRecord } from '../../src/runtime/protocol/message';
import { payloadHash } from '../../src/runtime/protocol/payload';
import type { JobRecord } from '../../src/runtime/protocol/record';
import { toItem, type Item } from '../../src/runtime/store/dynamodb/item';
import { newMessage } from '../../src/runtime/store/job-messages';
import { DeployedPipeline, withCloud } from '../deployed-pipeline';
import { fixedCost, type FixedCost } from '../fixed-cost';
import { loggedInvocations, type Invocation } from '../invocations';
import { counted, type Row } from '../row';
import { median } from '../statistics';

const MILLION = 1e6;
const WRITE_UNIT_BYTES = 1_024;

/** All in: everything a job costs but API Gateway and the user's own code. */
const ALL_IN_GOAL = 7;
/** Of the job as AsyncJob keeps it: no index by owner, deadline or failure. */
const SAME_FUNCTIONS_GOAL = 5.07;

/** A job as it may well be: what it was asked for and what came of it, in bytes of JSON. */
const PAYLOAD_BYTES = 200;
const RESULT_BYTES = 50;

/** Of the functions; the user's may be larger or smaller. */
const FUNCTION_GB = 0.5;
/** Lambda's own START, END and REPORT of an invocation, with the ids of its trace: the local cloud writes shorter ones. */
const LAMBDA_LOG_BYTES = 350;
const JOBS = 20;

/** Requests of SQS for a job that succeeds: send and hide by us; receive and delete by Lambda, one message at a time. */
const SQS = { send: 1, hide: 1, receive: 1, deleted: 1 };
/** By the owner's index when it is created; into the index of deadlines and out of it again. */
const INDEX_WRITES = { owner: 1, deadlineIn: 1, deadlineOut: 1 };

export const cost: Measure = {
  title: 'Modelled cost',
  how: 'No bill, but arithmetic: the calls counted above times the list price of us-east-1 (`src/pricing/prices.ts`), without free allowances, for a million jobs that succeed at '
    + `once, with a payload of ${PAYLOAD_BYTES} bytes and a result of ${RESULT_BYTES}. A write is billed for each KB of the record, which is built and sized here as it is stored. `
    + 'Bytes of log lines and the time in functions are medians of warm invocations on a local cloud, whose calls are answered by this machine. '
    + 'AsyncJob of AWS Blocks makes 3 puts, 2 reads and 1 send; its record is taken to be as large, and the two functions to be called as often. What the handler itself '
    + 'takes, calls of KMS (one every few minutes, not one a job), traces and storage are left out. A job that succeeds costs nothing on the dead-letter side.',
  run: async ({ progress }) => withCloud('cost', progress, async cloud => {
    const pipeline = await DeployedPipeline.on(cloud, 'cost');
    progress.at('cost: running jobs');
    return [...perMillion(await inFunctions(pipeline)), ...perMonth(fixedCost(pipeline.assembly))];
  }),
};

/** What one job takes of a function: submitting it, or running it. */
async function inFunctions(pipeline: DeployedPipeline): Promise<Record<'submit' | 'worker', Invocation>> {
  const { cloud, deployment } = pipeline.deployed;
  for (let job = 0; job < JOBS; job++) {
    await pipeline.ended(await pipeline.submit('succeed'), 'succeeded');
  }
  const ofLog = async (output: string) => {
    const warm = (await loggedInvocations(cloud, deployment.output(output))).slice(1);
    return { bytes: median(warm.map(({ bytes }) => bytes)), ms: median(warm.map(({ ms }) => ms)) };
  };
  return { submit: await ofLog('SubmitLogs'), worker: await ofLog('WorkerLogs') };
}

function perMillion({ submit, worker }: Record<'submit' | 'worker', Invocation>): Row[] {
  const units = writeUnits();
  const logBytes = submit.bytes + worker.bytes + 2 * LAMBDA_LOG_BYTES;
  const writes = MILLION * units * PRICES.dynamoDbWrite;
  const indexes = MILLION * sum(INDEX_WRITES) * PRICES.dynamoDbWrite;
  const queue = MILLION * sum(SQS) * PRICES.sqsRequest;
  const functions = MILLION * (2 * PRICES.lambdaRequest + (submit.ms + worker.ms) / 1000 * FUNCTION_GB * PRICES.lambdaGbSecond);
  const logs = MILLION * logBytes / 2 ** 30 * PRICES.logsGigabyte;
  const theirs = MILLION * (3 * PRICES.dynamoDbWrite + 2 * 0.5 * PRICES.dynamoDbRead + 3 * PRICES.sqsRequest);
  return [
    dollars('a million jobs: records', writes, `put, claim, finish: ${units} write units a job`),
    dollars('a million jobs: indexes', indexes,
      `by owner when it is created, into the deadlines and out of them: ${sum(INDEX_WRITES)} write units a job, of keys only, less than 1 KB each`),
    dollars('a million jobs: queue', queue, `send, receive, hide, delete: ${sum(SQS)} requests a job`),
    dollars('a million jobs: functions', functions,
      `two requests, and ${submit.ms} ms to submit and ${worker.ms} ms to run a job whose handler does nothing, with 512 MB`),
    dollars('a million jobs: logs', logs,
      `${submit.bytes} bytes of submit, ${worker.bytes} of the worker, metrics among them, and ${LAMBDA_LOG_BYTES} of Lambda's own for each`),
    dollars('a million jobs: all in, without API Gateway', writes + indexes + queue + functions + logs, 'the sum of the above', { goal: ALL_IN_GOAL }),
    dollars('a million jobs: records and queue, as AsyncJob has them', writes + queue,
      'no index; one visibility change more than theirs, by which a crash is made good at the attempt\'s own deadline',
      { goal: SAME_FUNCTIONS_GOAL, against: { name: 'AsyncJob', value: round(theirs) } }),
    dollars('a million requests of the REST API', MILLION * (PRICES.restApiRequest + PRICES.wafRequest),
      'submissions and readings of a status alike; 0.60 of it is the firewall\'s, where there is one'),
  ];
}

function perMonth({ sweeper, queues, watching, firewall }: FixedCost): Row[] {
  return [
    dollars('a month without a job: sweeper', sweeper, 'a call every 5 minutes, which asks 16 shards of the index'),
    dollars('a month without a job: waiting at the queues', queues, 'Lambda asks the queue and the dead-letter queue for messages, with five connections each'),
    dollars('a month without a job: alarms, metrics and key', watching, 'of a default pipeline, profile `prod()`'),
    dollars('a month without a job: firewall', firewall, 'of the API, outside `dev()`'),
  ];
}

function dollars(metric: string, value: number, note: string, more: { goal?: number; against?: { name: string; value: number } } = {}): Row {
  return counted({ metric, unit: '$', note, goal: more.goal }, round(value), more.against);
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

function round(amount: number): number {
  return Math.round(amount * 100) / 100;
}
