import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Taken } from './queue';
import { type Answer, endsWithin, type Said, type Task, type Work } from './wire';
import { openPool } from '../../src/runtime/database/pool';
import type { JobMessage } from '../../src/runtime/protocol/message';
import type { JobRecord } from '../../src/runtime/protocol/record';
import type { Delivery, JobQueue } from '../../src/runtime/store/job-queue';
import { perform, type Performed, type Ports, StepFailed } from '../../src/runtime/store/perform';
import { storeOn } from '../../src/runtime/store/postgres/postgres-store';

/*
 * Many workers in one process, over one pool, as functions do it: the library's own store, pool, protocol and executor. The queue is the
 * process that has started this one.
 */

/** How long an attempt may take: a function would be ended then, whatever it is at. */
const ATTEMPT_MS = 3_000;

const task = JSON.parse(process.env.TASK!) as Task;
const pool = openPool({ ...task, ca: readFileSync(task.caFile, 'utf8'), maxConnections: task.connections, connectTimeoutMs: 20_000 });
const store = storeOn(pool, task.pipeline, { connectMs: 20_000, answerMs: 20_000, repeatWithinMs: 30_000 });

type Asking = Extract<Said, { number: number }>;
const waiting = new Map<number, (answer: Answer) => void>();
process.on('message', (answer: Answer) => {
  waiting.get(answer.number)?.(answer);
  waiting.delete(answer.number);
});
const say = (said: Said): void => void process.send!(said);
let asked = 0;
async function ask(question: Asking extends infer One ? One extends Asking ? Omit<One, 'number'> : never : never): Promise<Work> {
  const number = asked++;
  return new Promise((resolve) => {
    waiting.set(number, (answer) => resolve(answer.work));
    say({ ...question, number } as Said);
  });
}

const queue: JobQueue = { send: async (message, delay_ms) => void await ask({ say: 'send', message, delay_ms }) };

async function submit(message: JobMessage): Promise<void> {
  try {
    await perform({ type: 'submit', message }, undefined, { store: store.store, queue, now: store.now });
  } catch (error) {
    say({ say: 'error', during: 'submit', text: textOf(error) });
    if (!(error instanceof StepFailed && error.sent)) throw error;
  }
  say({ say: 'accepted', job_id: message.job_id });
}

async function work(taken: Taken): Promise<void> {
  const delivery: Delivery = {
    hide: async (until) => void await ask({ say: 'hide', taken, until }),
    acknowledge: () => say({ say: 'delete', taken }),
  };
  const ports: Ports = { store: store.store, queue, delivery, now: store.now };
  const { job_id } = taken.message;
  const end = Date.now() + ATTEMPT_MS;
  let timeout: NodeJS.Timeout | undefined;
  try {
    const claimed = await perform({ type: 'deliver', message: taken.message, remaining_ms: ATTEMPT_MS }, undefined, ports);
    if (!claimed.run || Date.now() >= end) return;
    timeout = setTimeout(() => say({ say: 'journal', job_id, event: 'end', at: end }), end - Date.now());
    say({ say: 'journal', job_id, event: 'start', at: Date.now() });
    await sleep(Math.random() * 5);
    const { outcome } = await (endsWithin(job_id) ? succeedWithin(claimed.record!, ports) : succeed(claimed.record!, ports));
    say({ say: 'journal', job_id, event: outcome === 'succeeded' ? 'succeed' : 'fenced', at: Date.now() });
  } catch (error) {
    say({ say: 'error', during: 'work', text: textOf(error) });
    say({ say: 'journal', job_id, event: 'end', at: Date.now() });
  } finally {
    clearTimeout(timeout);
  }
}

async function succeed(record: JobRecord, ports: Ports): Promise<Performed> {
  return perform({ type: 'succeed', run: record.run, result: JSON.stringify(record.job_id) }, record, ports);
}

/** The job's row of the application and its end are one commit. */
async function succeedWithin(record: JobRecord, ports: Ports): Promise<Performed> {
  const client = await pool.connect();
  let lost: Error | undefined;
  try {
    await client.query('BEGIN');
    await client.query('INSERT INTO effects (job_id, run) VALUES ($1, $2)', [record.job_id, record.run]);
    let acknowledged = false;
    const done = await succeed(record, {
      ...ports,
      store: { read: async (job_id) => ports.store.read(job_id), write: async (step, now) => store.store.writeWithin(client, step, now) },
      delivery: { ...ports.delivery!, acknowledge: () => { acknowledged = true; } },
    });
    await client.query(done.outcome === 'succeeded' ? 'COMMIT' : 'ROLLBACK');
    if (acknowledged) ports.delivery!.acknowledge(); // not before the commit
    return done;
  } catch (error) {
    lost = error as Error;
    throw error;
  } finally {
    client.release(lost);
  }
}

function textOf(error: unknown): string {
  const { cause, code, message } = error as Error & { code?: string };
  return `${code ?? (cause as { code?: string } | undefined)?.code ?? ''} ${message}`.trim();
}

async function main(): Promise<void> {
  await store.warmUp();
  await Promise.all(Array.from({ length: task.workers }, async () => {
    for (let next = await ask({ say: 'next' }); next; next = await ask({ say: 'next' })) {
      await ('submit' in next ? submit(next.submit) : work(next.deliver));
    }
  }));
  await pool.end();
  process.disconnect();
}

void main();
