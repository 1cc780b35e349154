import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { isEnded, type JobClient, type JobStatus } from './job-client/job-client';
import { LOAD } from './pipelines/names';
import { changesOf, type Change } from './support/stream';
import { accepted, administrator, eventually, PIPELINES, useStack } from './support/use';

/** Many jobs at once, some of which throw and some of whose processes are killed: none is lost and none ends twice. */
const JOBS = 500;
const CALLERS = 12;
const LIMIT_SECONDS = 240;
/** Every so manieth job is submitted twice at the same time: then its message is often on the queue twice. */
const TWICE = 8;

interface Kind {
  readonly share: number;
  readonly plan: readonly string[];
  readonly status: JobStatus['status'];
  readonly error?: string;
}

/** Of a hundred jobs so many each. */
const KINDS: readonly Kind[] = [
  { share: 62, plan: ['succeed'], status: 'succeeded' },
  { share: 16, plan: ['throw', 'succeed'], status: 'succeeded' },
  { share: 6, plan: ['throw', 'throw', 'succeed'], status: 'succeeded' },
  { share: 4, plan: ['kill', 'succeed'], status: 'succeeded' },
  { share: 2, plan: ['save-and-kill', 'throw', 'succeed'], status: 'succeeded' },
  { share: 3, plan: ['wait', 'succeed'], status: 'succeeded' },
  { share: 4, plan: ['throw'], status: 'failed', error: 'TypeError' },
  { share: 2, plan: ['give-up'], status: 'failed', error: 'GivenUp' },
  { share: 1, plan: ['kill'], status: 'failed', error: 'WorkerLost' },
];

const subject = useStack({ app: PIPELINES, stack: LOAD.stack });

test(`${JOBS} jobs, some of which throw and some of whose processes are killed, end once each`, async () => {
  const started = Date.now();
  const client = administrator(subject());
  const kinds = Array.from({ length: JOBS }, (_, i) => kindOf(i));
  const ids = await submitAll(client, kinds);
  const submitted = Date.now();
  expect(new Set(ids).size).toBe(JOBS);

  const jobs = await endOfAll(client, ids, started + LIMIT_SECONDS * 1000);
  const seconds = (Date.now() - started) / 1000;

  // what the records say in the end
  const lost = ids.filter((id) => !jobs.has(id));
  expect(await lookAt(client, lost)).toStrictEqual([]);
  const wrong = ids.map((id, i) => ({ kind: kinds[i], job: jobs.get(id)! }))
    .filter(({ kind, job }) => job.status !== kind.status || job.error?.type !== kind.error);
  expect(wrong).toStrictEqual([]);

  // what happened on the way, as the table's stream and the handlers' own journal tell it
  const changes = await changesOf(subject().cloud, subject().deployed.deployment.output('TableName'));
  expect(changes.length).toBeGreaterThan(2 * JOBS);
  const endings = endsById(changes);
  const endedTwice = [...endings].filter(([, count]) => count !== 1);
  expect(endings.size).toBe(JOBS);
  expect(endedTwice).toStrictEqual([]);
  expect(revivals(changes)).toStrictEqual([]);
  expect(successesOf(ids)).toStrictEqual(ids.filter((_, i) => kinds[i].status === 'succeeded').map(() => 1));
  await queuesAreEmpty();

  process.stdout.write(`${JOBS} jobs, ${lost.length} lost, ${endedTwice.length} ended twice`
    + ` (${subject().journal.entries().filter(({ event }) => event === 'kill').length} processes killed;`
    + ` submitted in ${((submitted - started) / 1000).toFixed(1)} s, all ended after ${seconds.toFixed(1)} s)\n`);
}, (LIMIT_SECONDS + 60) * 1000);

/** Spread over the run, so that every kind meets every other. */
function kindOf(i: number): Kind {
  let place = (i * 37) % 100;
  return KINDS.find(({ share }) => (place -= share) < 0)!;
}

async function submitAll(client: JobClient, kinds: readonly Kind[]): Promise<string[]> {
  const ids: string[] = [];
  await inParallel(kinds, async (kind, i) => {
    ids[i] = await (i % TWICE === 0 ? submitTwice(client, kind, `load-${i}`) : accepted(client, payloadOf(kind)));
  });
  return ids;
}

function payloadOf({ plan }: Kind): unknown {
  return { plan, journal: subject().journal.file };
}

async function submitTwice(client: JobClient, kind: Kind, idempotencyKey: string): Promise<string> {
  const answers = await Promise.all([1, 2].map(() => client.submit(payloadOf(kind), { idempotencyKey })));
  const [first, second] = answers.map(({ status, body }) => {
    expect(status).toBe(202);
    return body.job_id;
  });
  expect(second).toBe(first);
  return first;
}

/**
 * The jobs that ended, by id, when all have or the time is up. The table tells when: asking the API for each again and again would be
 * more work than the jobs.
 */
async function endOfAll(client: JobClient, ids: readonly string[], deadline: number): Promise<Map<string, JobStatus>> {
  while (await endedInTable() < ids.length && Date.now() < deadline) {
    await new Promise((done) => setTimeout(done, 1_000));
  }
  const found = new Map<string, JobStatus>();
  await inParallel(ids, async (id) => {
    const { status, body } = await client.status(id);
    if (status === 200 && isEnded(body)) {
      found.set(id, body);
    }
  });
  return found;
}

async function endedInTable(): Promise<number> {
  const { cloud, deployed: { deployment } } = subject();
  const pages = paginateScan({ client: new DynamoDBClient(cloud.clientConfig) }, {
    TableName: deployment.output('TableName'),
    FilterExpression: 'attribute_exists(finished_at)',
    Select: 'COUNT',
  });
  let count = 0;
  for await (const page of pages) {
    count += page.Count ?? 0;
  }
  return count;
}

async function inParallel<T>(items: readonly T[], work: (item: T, i: number) => Promise<void>): Promise<void> {
  let next = 0;
  await Promise.all(Array.from({ length: CALLERS }, async () => {
    while (next < items.length) {
      const i = next++;
      await work(items[i], i);
    }
  }));
}

/** How jobs stand that should have ended, with what their handlers did: what one wants to know when there are any. */
function lookAt(client: JobClient, ids: readonly string[]): Promise<unknown[]> {
  return Promise.all(ids.map(async (id) => ({
    plan: subject().journal.entries(id).map(({ event, at }) => `${event} ${new Date(at).toISOString()}`),
    now: new Date().toISOString(),
    job: (await client.status(id)).body,
  })));
}

function ends(status: string | undefined): boolean {
  return status !== undefined && isEnded({ status: status as JobStatus['status'] });
}

/** How often each job went from a state that is not an end to one that is. */
function endsById(changes: readonly Change[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { job_id } of changes.filter(({ from, to }) => !ends(from) && ends(to))) {
    counts.set(job_id, (counts.get(job_id) ?? 0) + 1);
  }
  return counts;
}

/** Any change of a record that had ended: nobody asked for one. */
function revivals(changes: readonly Change[]): Change[] {
  return changes.filter(({ from }) => ends(from));
}

/** How often the handler of each job that should succeed got to its end. */
function successesOf(ids: readonly string[]): number[] {
  const successes = new Map<string, number>();
  for (const { job_id } of subject().journal.entries().filter(({ event }) => event === 'succeed')) {
    successes.set(job_id, (successes.get(job_id) ?? 0) + 1);
  }
  return ids.flatMap((id) => successes.get(id) ?? []);
}

/** Nothing is on its way any more, and nothing was given up. */
async function queuesAreEmpty(): Promise<void> {
  const { cloud, deployed: { deployment } } = subject();
  const sqs = new SQSClient(cloud.clientConfig);
  for (const queue of ['QueueUrl', 'DeadLetterQueueUrl']) {
    await eventually(() => `an empty ${queue}`, 20, async () => {
      const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({
        QueueUrl: deployment.output(queue), AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }));
      return Object.values(Attributes).every((number) => Number(number) === 0) ? true : undefined;
    });
  }
}
