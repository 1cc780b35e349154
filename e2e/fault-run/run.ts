import { setTimeout as sleep } from 'node:timers/promises';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { beside, inParallel, type Background } from './background';
import { Disturber } from './disturb';
import { thaw } from './frozen';
import { kindOf, type Kind } from './kinds';
import { weather } from './weather';
import type { ApiResponse, JobClient } from '../job-client/job-client';
import { Records } from '../support/records';
import { administrator, eventually, type Subject } from '../support/use';

export interface FaultRunOptions {
  readonly jobs: number;
  readonly kinds: readonly Kind[];
  readonly limitSeconds: number;
  /** What else goes on meanwhile. */
  readonly besides?: readonly Background[];
}

export interface FaultRun {
  /** Ids of the accepted jobs; the one at `i` is of the kind at `i`. */
  readonly ids: readonly string[];
  readonly kinds: readonly Kind[];
  /** Messages that were no job, and became records of the system. */
  readonly garbage: number;
  /** Jobs whose retry was accepted. */
  readonly retried: readonly string[];
  readonly submittedSeconds: number;
  readonly seconds: number;
}

const CALLERS = 12;
/** Every so manieth job is submitted twice at the same time: then its message is often on the queue twice. */
const TWICE = 8;
/** Every so manieth job's message comes again, up to half a minute late. */
const AGAIN = 10;
const FORGED = 40;
const GARBAGE = 100;

/** Submits many jobs, lets everything happen to them that can, and waits until nothing is on its way any more. */
export async function faultRun(subject: Subject, options: FaultRunOptions): Promise<FaultRun> {
  const { cloud, deployed: { deployment }, journal } = subject;
  const started = Date.now();
  const client = administrator(subject);
  const records = new Records(cloud, deployment.output('TableName'));
  const disturber = new Disturber(cloud, deployment.output('QueueUrl'));
  const kinds = Array.from({ length: options.jobs }, (_, i) => kindOf(i, options.kinds));
  const ids: string[] = [];
  const retried = new Set<string>();
  let submittedSeconds = 0;

  await beside([weather(cloud, () => submittedSeconds === 0), thaw(journal), ...options.besides ?? []], async () => {
    await inParallel(CALLERS, kinds, async (kind, i) => {
      const id = await submit(client, kind, subject, i);
      ids[i] = id;
      if (kind.cancelled) await patiently(() => client.cancel(id));
      await disturb(disturber, records, id, i);
    });
    submittedSeconds = (Date.now() - started) / 1000;
    await retryAll(client, records, ids.filter((_, i) => kinds[i].retried), retried, started + options.limitSeconds * 1000);
    await calm(subject, records, started + options.limitSeconds * 1000);
  });
  return { ids, kinds, garbage: disturber.garbage, retried: [...retried], submittedSeconds, seconds: (Date.now() - started) / 1000 };
}

/** While services fail, callers are told to come again, and they do, with the same key. */
async function submit(client: JobClient, kind: Kind, { journal }: Subject, i: number): Promise<string> {
  const payload = { plan: kind.plan, journal: journal.file };
  const once = () => patiently(() => client.submit(payload, { idempotencyKey: `run-${i}` }));
  const answers = await Promise.all(i % TWICE === 0 ? [once(), once()] : [once()]);
  const ids = new Set(answers.map(({ status, body }) => {
    if (status !== 202) throw new Error(`job ${i} was answered with ${status}: ${JSON.stringify(body)}`);
    return body.job_id;
  }));
  if (ids.size !== 1) throw new Error(`job ${i} has ${ids.size} ids`);
  return [...ids][0];
}

async function disturb(disturber: Disturber, records: Records, id: string, i: number): Promise<void> {
  if (i % GARBAGE === 0) await disturber.rubbish(i / GARBAGE);
  const record = i % AGAIN === 0 || i % FORGED === 1 ? await records.read(id) : undefined;
  if (!record) return; // its worker will make it
  if (i % AGAIN === 0) await disturber.again(record, i % 30);
  if (i % FORGED === 1) await disturber.forge(record, { owner: 'somebody-else' });
  if (i % (2 * FORGED) === 1) await disturber.forge(record, { payload: '{"plan":["succeed"]}', payload_hash: 'another' });
}

/** Each as soon as it has failed. */
async function retryAll(client: JobClient, records: Records, ids: readonly string[], retried: Set<string>, deadline: number): Promise<void> {
  await inParallel(CALLERS, ids, async (id) => {
    while (Date.now() < deadline) {
      const record = await records.read(id);
      if (record?.status === 'succeeded') return; // cannot be, and the verdict will tell
      if (record?.status === 'failed') {
        const { status } = await patiently(() => client.retry(id));
        if (status === 202) retried.add(id);
        return;
      }
      await sleep(500);
    }
  });
}

/** Until every record is at its end and both queues are empty, or the time is up. */
async function calm({ cloud, deployed: { deployment } }: Subject, records: Records, deadline: number): Promise<void> {
  const sqs = new SQSClient(cloud.clientConfig);
  const waiting = async (name: string): Promise<number> => {
    const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: deployment.output(name), AttributeNames: ['All'] }));
    return Number(Attributes.ApproximateNumberOfMessages) + Number(Attributes.ApproximateNumberOfMessagesNotVisible)
      + Number(Attributes.ApproximateNumberOfMessagesDelayed);
  };
  while (Date.now() < deadline) {
    if (await waiting('QueueUrl') + await waiting('DeadLetterQueueUrl') === 0 && await records.open() === 0) return;
    await sleep(1_000);
  }
}

/** Answers of 5xx and 429 ask to come again. */
export async function patiently<T>(send: () => Promise<ApiResponse<T>>): Promise<ApiResponse<T>> {
  return eventually(() => 'an answer that is no refusal of the moment', 60, async () => {
    const answer = await send();
    return answer.status >= 500 || answer.status === 429 ? undefined : answer;
  }, 200);
}
