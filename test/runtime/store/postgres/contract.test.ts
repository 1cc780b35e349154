import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Pool } from 'pg';
import type { WriteStep } from '../../../../src/runtime/protocol/decision';
import type { JobRecord } from '../../../../src/runtime/protocol/record';
import { itKeepsTheIndexContract } from '../../../support/index-contract';
import { ended, NOW, processing, record } from '../../../support/job-fixtures';
import { JobsDatabase } from '../../../support/postgres/jobs-database';
import { PostgresServer } from '../../../support/postgres/server';
import { itKeepsTheSlotsContract } from '../../../support/slots-contract';
import { itKeepsTheContract } from '../../../support/store-contract';

let server: PostgresServer;
let database: JobsDatabase;

beforeAll(async () => {
  server = await PostgresServer.start();
  database = await JobsDatabase.on(server);
}, 60_000);

afterAll(async () => {
  database?.close();
  await server?.stop();
});

describe('the PostgreSQL store', () => itKeepsTheContract(async () => database.store('contract').store));

describe('the PostgreSQL index', () => itKeepsTheIndexContract(async () => {
  const another = database.store('zebra').store; // in every index that is asked, had it not its own pipeline
  const changes = { owner: 'customer:acme', created_at: NOW, finished_at: NOW, deadline_at: NOW };
  const records = [ended('failed', { ...changes, job_id: 'job_1' }), processing({ ...changes, job_id: 'job_2' }), record({ ...changes, job_id: 'job_00000000000000000000000001' })];
  for (const other of records) await another.write({ do: 'create', record: other, over_fresh: false }, NOW);
  return database.store('indexed');
}));

describe('the PostgreSQL slots', () => itKeepsTheSlotsContract(async (pipeline) => {
  await database.store('zebra').slots.take('another pipeline\'s', 1);
  return database.store(pipeline, database.pool({ maxConnections: 1 })).slots;
}));

interface Vector {
  readonly name: string;
  readonly write: WriteStep;
  readonly stored: JobRecord | null;
  readonly now: number;
  readonly expect: { readonly held: boolean; readonly record?: JobRecord };
}

function vectors(file: string): Vector[] {
  return JSON.parse(readFileSync(join(__dirname, '../../../../src/runtime/protocol/vectors', `${file}.json`), 'utf8')) as Vector[];
}

describe('the vectors of writes', () => {
  let pool: Pool;
  beforeAll(() => { pool = database.pool(); });

  test.each(vectors('writes').map((vector, index) => ({ ...vector, index })))('$name', async ({ index, write, stored, now, expect: { held, record: after } }) => {
    const { store } = database.store(`vector-${index}`, pool); // a pipeline of its own: the vectors are all of one job
    if (stored) {
      await store.write({ do: 'create', record: stored, over_fresh: false }, now);
    }
    expect(await store.write(write, now)).toEqual(held ? { held } : { held, stored: stored ?? undefined });
    expect(await store.read(write.do === 'create' ? write.record.job_id : write.job_id)).toEqual(after ?? stored ?? undefined);
  });
});
