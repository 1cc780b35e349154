import { setTimeout as sleep } from 'node:timers/promises';
import type { UpdateStep } from '../../../../src/runtime/protocol/decision';
import type { JobMessage } from '../../../../src/runtime/protocol/message';
import { JobRecord, stampOf } from '../../../../src/runtime/protocol/record';
import type { Delivery } from '../../../../src/runtime/store/job-queue';
import { perform, Ports, StepFailed } from '../../../../src/runtime/store/perform';
import type { PostgresStore } from '../../../../src/runtime/store/postgres/postgres-store';
import { message, NOW, record } from '../../../support/job-fixtures';
import { JobsDatabase } from '../../../support/postgres/jobs-database';
import { PostgresServer } from '../../../support/postgres/server';

let server: PostgresServer;
let database: JobsDatabase;

beforeAll(async () => {
  server = await PostgresServer.start({ maxConnections: 40 });
  database = await JobsDatabase.on(server);
}, 60_000);

afterAll(async () => {
  database?.close();
  await server?.stop();
});

test('of 200 that claim one job at once, one does, and the others are told its run', async () => {
  const { store } = database.store('claims', database.pool({ maxConnections: 20 }));
  const queued = record();
  await store.write({ do: 'create', record: queued, over_fresh: false }, NOW);
  const claim = (worker: number): UpdateStep => ({
    do: 'update', job_id: queued.job_id, expect: stampOf(queued), set: { status: 'processing', run: 1, lease_expires_at: NOW + worker }, remove: [],
  });
  const answers = await Promise.all(Array.from({ length: 200 }, async (_, worker) => store.write(claim(worker), NOW)));
  expect(answers.filter(({ held }) => held)).toHaveLength(1);
  const winner = answers.findIndex(({ held }) => held);
  const told = answers.filter((answer) => !answer.held && answer.stored?.lease_expires_at === NOW + winner);
  expect(told).toHaveLength(199);
});

/** A queue that delivers what was not acknowledged again, once it is no longer hidden. */
class Queue {
  readonly waiting: { readonly message: JobMessage; readonly from: number }[] = [];
  inHand = 0;

  constructor(private readonly now: () => number) {}

  put(sent: JobMessage, from: number) {
    this.waiting.push({ message: sent, from });
  }

  take(): JobMessage | undefined {
    const index = this.waiting.findIndex(({ from }) => from <= this.now());
    return index < 0 ? undefined : this.waiting.splice(index, 1)[0].message;
  }
}

const JOBS = 500;
const WORKERS = 20;
/** Time goes by so much faster, so that nobody waits for a lease. */
const FASTER = 60;

/** As a worker does: claim, work, end, and tell the queue. What cannot be written is left to the next delivery. */
async function work(sent: JobMessage, store: PostgresStore['store'], queue: Queue, now: () => number, ran: Map<string, number>): Promise<void> {
  let acknowledged = false;
  let until = now() + 6_000;
  const delivery: Delivery = { hide: async (time) => { until = time; }, acknowledge: () => { acknowledged = true; } };
  const ports: Ports = { store, queue: { send: async (again, delay_ms) => queue.put(again, now() + delay_ms) }, delivery, now };
  queue.inHand++;
  try {
    const known = await store.read(sent.job_id);
    const claimed = await perform({ type: 'deliver', message: sent, remaining_ms: 2_000 }, known, ports);
    if (claimed.run) {
      ran.set(sent.job_id, (ran.get(sent.job_id) ?? 0) + 1);
      await perform({ type: 'succeed', run: claimed.record!.run, result: JSON.stringify(sent.job_id) }, claimed.record, ports);
    }
  } catch (error) {
    if (!(error instanceof StepFailed) && !/terminat|ECONN|57P0|starting up|shut/.test(String(error))) throw error;
  } finally {
    if (!acknowledged) queue.put(sent, until);
    queue.inHand--;
  }
}

test('the server crashes in the middle of 500 jobs, and none is lost', async () => {
  const started = Date.now();
  const now = () => NOW + (Date.now() - started) * FASTER;
  const { store, index } = database.store('crash', database.pool({ maxConnections: WORKERS }));
  const queue = new Queue(now);
  const ran = new Map<string, number>();
  let crashed: Promise<void> | undefined;

  const submit = async () => {
    for (let job = 0; job < JOBS; job++) {
      const sent = message({ job_id: `job_${String(job).padStart(26, '0')}`, max_attempts: 50, deadline_at: NOW + 1e12 });
      const ports: Ports = { store, queue: { send: async (to) => queue.put(to, now()) }, now };
      await perform({ type: 'submit', message: sent }, undefined, ports).catch((error: StepFailed) => { if (!error.sent) throw error; });
      if (job === JOBS / 2) crashed = server.crash();
    }
  };
  const submitting = submit();
  let over = false;
  const worker = async () => {
    while (!over) {
      const taken = queue.take();
      if (taken) await work(taken, store, queue, now, ran);
      else await sleep(5);
    }
  };
  const workers = Promise.all(Array.from({ length: WORKERS }, worker));
  await submitting;
  await crashed;
  while (queue.waiting.length > 0 || queue.inHand > 0) await sleep(10);
  over = true;
  await workers;

  const entries = await index.ofOwner('customer:acme', JOBS + 1);
  const records: JobRecord[] = await index.records(entries.map(({ job_id }) => job_id));
  expect(records).toHaveLength(JOBS);
  expect(records.filter(({ status, result, job_id }) => status !== 'succeeded' || result !== JSON.stringify(job_id))).toEqual([]);
  expect(ran.size).toBe(JOBS);
}, 120_000);
