import { setTimeout as sleep } from 'node:timers/promises';
import type { Measure } from './measure';
import { CountingProxy } from '../counting-proxy';
import { DeployedPipeline, withCloud, type Plan } from '../deployed-pipeline';
import { counted, type Label, type Row } from '../row';

/** Send, put, claim, finish; and hiding the batch, which is one job as long as nobody asks for more. */
const CALLS_OF_A_SUCCESS = 4 + 1;
/** A call for all messages and one for each record; and each job is hidden, claimed and finished. */
const CALLS_OF_TEN = 1 + 10 + 10 * 3;
/** How long nothing must be called until a job counts as over. */
const QUIET_MS = 700;

const FUNCTIONS = ['submit', 'status', 'change', 'worker'] as const;
type Proxies = Readonly<Record<typeof FUNCTIONS[number], CountingProxy>>;

export const calls: Measure = {
  title: 'Calls of AWS for a job',
  how: 'Counted by a proxy between the handlers and a local cloud, on which the templates and bundles of a pipeline are deployed as they are: whatever is sent '
    + 'is counted, repetitions by the SDK too. What Lambda itself does to poll and delete messages comes on top, as with any queue.',
  run: async ({ progress }) => withCloud('calls', progress, async cloud => withProxies(cloud.endpoint, async proxies => {
    const endpoints = Object.fromEntries(FUNCTIONS.map(name => [name, proxies[name].endpoint]));
    const counter = new Counter(await DeployedPipeline.on(cloud, 'calls', endpoints), proxies);
    const rows: Row[] = [];
    for (const [label, act] of acts(counter.pipeline)) {
      progress.at(`calls: ${label.metric}`);
      rows.push(await counter.count(label, act));
    }
    return rows;
  })),
};

/** What is done to jobs, in an order in which one thing leaves the job that the next needs. */
function acts(pipeline: DeployedPipeline): [Omit<Label, 'unit' | 'note'>, () => Promise<unknown>][] {
  let last = '';
  const { client } = pipeline;
  const job = (plan: Plan, end: 'succeeded' | 'failed') => async () => pipeline.ended(last = await pipeline.submit(plan), end);
  return [
    [{ metric: 'a job that succeeds', goal: CALLS_OF_A_SUCCESS }, job('succeed', 'succeeded')],
    [{ metric: 'a job that saves one checkpoint' }, job('checkpoint', 'succeeded')],
    [{ metric: 'ten jobs submitted at once, that succeed', goal: CALLS_OF_TEN }, async () => {
      const { jobs } = await pipeline.answered(202, client.submitBatch(Array(10).fill({ payload: { plan: 'succeed' } })));
      await Promise.all(jobs.map(async ({ job_id }) => pipeline.ended(job_id, 'succeeded')));
    }],
    [{ metric: 'a job that fails once and then succeeds' }, job('fail first', 'succeeded')],
    [{ metric: 'a job whose first process dies' }, job('die first', 'succeeded')],
    [{ metric: 'a job that fails in 3 of 3 attempts' }, job('fail always', 'failed')],
    [{ metric: 'a job that fails for good at once' }, job('give up', 'failed')],
    [{ metric: 'the retry of a failed job by its owner, which fails again' }, async () => {
      await pipeline.answered(202, client.retry(last));
      await pipeline.record(last, ({ generation, status }) => generation === 1 && status === 'failed');
    }],
    [{ metric: 'a job whose handler asks to wait' }, async () => {
      last = await pipeline.submit('wait');
      await pipeline.record(last, ({ status, run }) => status === 'queued' && run === 1);
    }],
    [{ metric: 'the cancellation of a waiting job by its owner' }, async () => pipeline.answered(202, client.cancel(last))],
    [{ metric: 'reading a status' }, async () => pipeline.answered(200, client.status(last))],
    [{ metric: 'listing one\'s jobs' }, async () => pipeline.answered(200, client.list())],
  ];
}

async function withProxies<Result>(target: string, use: (proxies: Proxies) => Promise<Result>): Promise<Result> {
  const all = await Promise.all(FUNCTIONS.map(async name => [name, await CountingProxy.start(target)] as const));
  try {
    return await use(Object.fromEntries(all) as Proxies);
  } finally {
    await Promise.all(all.map(([, proxy]) => proxy.stop()));
  }
}

class Counter {
  constructor(readonly pipeline: DeployedPipeline, private readonly proxies: Proxies) {}

  /** What is called from when it begins until nothing is called any more. */
  async count({ metric, ...label }: Omit<Label, 'unit' | 'note'>, act: () => Promise<unknown>): Promise<Row> {
    for (const { calls: called } of Object.values(this.proxies)) called.length = 0;
    await act();
    for (let before = -1; before !== this.sum();) {
      before = this.sum();
      await sleep(QUIET_MS);
    }
    if (this.sum() === 0) throw this.pipeline.failed(`${metric}: all calls went past the proxies`);
    const note = FUNCTIONS.filter(name => this.proxies[name].calls.length > 0).map(name => `${name}: ${summed(this.proxies[name].calls)}`).join('; ');
    return counted({ ...label, metric: `AWS calls of ${metric}`, unit: 'calls', note }, this.sum());
  }

  private sum(): number {
    return Object.values(this.proxies).reduce((sum, proxy) => sum + proxy.calls.length, 0);
  }
}

/** `SendMessage, UpdateItem ×2` */
function summed(operations: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const operation of operations) counts.set(operation, (counts.get(operation) ?? 0) + 1);
  return [...counts].map(([operation, count]) => count === 1 ? operation : `${operation} ×${count}`).join(', ');
}
