import { type Attempt, CrashWorld, type Fault, FAULTS } from './crash-world';
import { verdictOn } from '../../../../e2e/fault-run/verdict';
import type { JobRecord } from '../../../../src/runtime/protocol/record';
import { storeOn } from '../../../../src/runtime/store/postgres/postgres-store';
import { message, NOW } from '../../../support/job-fixtures';
import { READ_CHANGES, WRITE_DOWN_CHANGES, type WrittenChange } from '../../../support/postgres/changes';
import { JobsDatabase } from '../../../support/postgres/jobs-database';
import { Relay } from '../../../support/postgres/relay';
import { PostgresServer } from '../../../support/postgres/server';

/*
 * Whole lives of jobs on a real server, each once for every call that is made in it and everything that can go wrong there: the process that makes
 * it dies before or after it, its request is lost on the way, or its answer is. The protocol's own search goes through every interleaving; here it
 * is the adapter, its statements, its repetitions and its transactions that are gone through.
 */

const PARALLEL = 4;
const LIMITS = { connectMs: 20_000, answerMs: 20_000, repeatWithinMs: 30_000 };

let server: PostgresServer;
let database: JobsDatabase;
let lives = 0;
const relays: Relay[] = [];

beforeAll(async () => {
  server = await PostgresServer.start();
  database = await JobsDatabase.on(server);
  await database.rows(`${WRITE_DOWN_CHANGES}; CREATE TABLE effects (job_id text, run bigint)`);
}, 60_000);

afterAll(async () => {
  database?.close();
  await server?.stop();
});

afterEach(async () => Promise.all(relays.splice(0).map(async (relay) => relay.stop())));

async function relayed(): Promise<Relay> {
  const relay = await Relay.to(server.port);
  relays.push(relay);
  return relay;
}

interface Life {
  /** What callers and workers do. */
  readonly lived: (world: CrashWorld) => Promise<void>;
  readonly end: Partial<JobRecord>;
  readonly effects: number;
}

const succeed = async (attempt: Attempt): Promise<void> => void await attempt.report({ type: 'succeed', result: '"done"' });
const once = (handler: (attempt: Attempt) => Promise<unknown>) => async (attempt: Attempt): Promise<void> => {
  if (attempt.number === 1 && attempt.world.handlerRuns === 1) await handler(attempt);
  else await succeed(attempt);
};

const LIVES: Readonly<Record<string, Life>> = {
  'succeeds': {
    lived: async (world) => { await world.submit(); await world.work(succeed); },
    end: { status: 'succeeded', result: '"done"', generation: 0 },
    effects: 0,
  },
  'succeeds with its rows, in one commit': {
    lived: async (world) => { await world.submit(); await world.work(async (attempt) => attempt.succeedWithin()); },
    end: { status: 'succeeded', result: '"within"', generation: 0 },
    effects: 1,
  },
  'throws, and is tried again': {
    lived: async (world) => { await world.submit(); await world.work(once(async () => { throw new Error('broken'); })); },
    end: { status: 'succeeded', generation: 0 },
    effects: 0,
  },
  'asks to be called later': {
    lived: async (world) => { await world.submit(); await world.work(once(async (attempt) => attempt.report({ type: 'defer', delay_ms: 5_000 }))); },
    end: { status: 'succeeded', generation: 0 },
    effects: 0,
  },
  'saves its work, and goes on': {
    lived: async (world) => {
      await world.submit();
      await world.work(async (attempt) => {
        await attempt.report({ type: 'checkpoint', checkpoint: '{"page":1}', stage: 'read' });
        await attempt.report({ type: 'progress', progress: 0.5 });
        await succeed(attempt);
      });
    },
    end: { status: 'succeeded', generation: 0, checkpoint: '{"page":1}' },
    effects: 0,
  },
  'gives up, and is retried by an operator': {
    lived: async (world) => {
      const giveUp = async (attempt: Attempt) => attempt.report({
        type: 'fail', retry: false, delay_ms: 0, error: { type: 'NoDrawing', message: 'there is none', attempt: attempt.number },
      });
      await world.submit();
      await world.work(async (attempt) => { await (attempt.generation === 0 ? giveUp(attempt) : succeed(attempt)); });
      await world.retry();
      await world.work(succeed);
    },
    end: { status: 'succeeded', generation: 1 },
    effects: 0,
  },
  'is cancelled while it waits': {
    lived: async (world) => { await world.submit(); await world.cancel(); await world.work(succeed); },
    end: { status: 'cancelled', generation: 0 },
    effects: 0,
  },
  'is cancelled while it is at work': {
    lived: async (world) => {
      await world.submit();
      await world.work(async (attempt) => {
        await world.cancel();
        const { record } = await attempt.report({ type: 'progress', progress: 0.5 });
        await (record?.cancel_requested ? attempt.report({ type: 'stop' }) : succeed(attempt));
      });
    },
    end: { status: 'cancelled', generation: 0 },
    effects: 0,
  },
};

/** @returns how it was lived */
async function live({ lived, end, effects }: Life, relay: Relay, fault?: Fault): Promise<CrashWorld> {
  const pipeline = `life-${lives++}`;
  const pool = database.pool({ port: relay.port, maxConnections: 2 });
  const submitted = message({ job_id: `job_${pipeline.padStart(26, '0')}`, max_attempts: 5, created_at: NOW, deadline_at: NOW + 36_000_000 });
  const world = new CrashWorld(storeOn(pool, pipeline, LIMITS), pool, relay, submitted, fault);
  await lived(world);
  const record = await world.record();
  await pool.end();

  const changes = await database.rows<WrittenChange>(READ_CHANGES, [pipeline]);
  const [{ rows }] = await database.rows<{ rows: number }>('SELECT count(*)::integer AS rows FROM effects WHERE job_id = $1', [submitted.job_id]);
  expect({ fault, record, rows, verdict: verdictOn([submitted.job_id], record ? [record] : [], changes) })
    .toMatchObject({ fault, record: end, rows: effects, verdict: { lost: [], endedTwice: [], untold: [], revived: [] } });
  expect(record!.attempt).toBeLessThanOrEqual(3); // one more than its plan has, at most
  return world;
}

test.each(Object.entries(LIVES))('a job that %s does so whatever happens at any of its calls', async (_, life) => {
  const { calls, handlerRuns } = await live(life, await relayed());
  expect(calls).toBeGreaterThanOrEqual(5);
  const faults = Array.from({ length: calls }, (__, at) => FAULTS.map((kind): Fault => ({ at, kind }))).flat();
  await Promise.all(Array.from({ length: PARALLEL }, async () => {
    const own = await relayed();
    for (let fault = faults.pop(); fault; fault = faults.pop()) {
      const world = await live(life, own, fault);
      // what the adapter sends again does not cost an attempt; a transaction that was lost does
      if (fault.kind.endsWith('lost') && life.effects === 0) expect({ fault, runs: world.handlerRuns }).toEqual({ fault, runs: handlerRuns });
    }
  }));
}, 60_000);
