import { DynamoDbJobStore } from '../../../src/runtime/store/dynamodb/dynamodb-job-store';
import { WORKER_DATABASE_LIMITS } from '../../../src/runtime/store/postgres/database-limits';
import type { PostgresStore } from '../../../src/runtime/store/postgres/postgres-store';
import { isOnPostgres, recordsOf, withRecords, type Records } from '../../../src/runtime/store/records';

const TABLE = { AWS_REGION: 'eu-central-1', JOBWORKS_TABLE_NAME: 'jobs' };
const DATABASE = { JOBWORKS_PIPELINE: 'drawings', JOBWORKS_DATABASE_HOST: 'proxy' };

const onDynamoDb = (client: ConstructorParameters<typeof DynamoDbJobStore>[0], table: string) => ({ store: new DynamoDbJobStore(client, table) });
const NEVER = async () => Promise.reject(new Error('loaded'));

describe('where the environment names a table', () => {
  test.each([['alone', TABLE], ['and a database, which is the user\'s own affair', { ...TABLE, ...DATABASE }]])('%s, records are there at once, and nothing is loaded', (_, environment) => {
    const records = recordsOf(environment, 'worker', onDynamoDb, NEVER) as Pick<Records, 'store' | 'now'>;
    expect(records.store).toBeInstanceOf(DynamoDbJobStore);
    expect(records.now).toBe(Date.now);
  });

  test('the handler is the one that was made', () => {
    const made = async () => 'answer';
    expect(withRecords(TABLE, 'api', onDynamoDb, () => made, NEVER)).toBe(made);
  });
});

test('where it names neither, the table is missed', () => {
  expect(() => recordsOf({}, 'worker', onDynamoDb, NEVER)).toThrow('environment variable JOBWORKS_TABLE_NAME is missing');
  expect(isOnPostgres({})).toBe(false);
});

describe('where it names a database', () => {
  const parts = { store: {}, index: {}, counter: {}, slots: {}, expiry: {}, now: () => 1 } as unknown as PostgresStore;
  const done: string[] = [];
  const load = async () => {
    done.push('loaded');
    return {
      postgresStore: (...given: unknown[]) => {
        done.push(JSON.stringify(given));
        return { ...parts, warmUp: async () => { done.push('warm'); } };
      },
    };
  };
  const noTable = () => { throw new Error('asked for a table'); };

  beforeEach(() => done.splice(0));

  test('everything is that of the database, with its clock, and connected', async () => {
    const { counter, ...records } = await recordsOf(DATABASE, 'worker', noTable as () => Records, load);
    expect({ ...records, counter: counter() }).toEqual({ ...parts, now: parts.now });
    expect(done).toEqual(['loaded', JSON.stringify([DATABASE, WORKER_DATABASE_LIMITS]), 'warm']);
  });

  test('the connection is opened before there is a call, and a handler is made once', async () => {
    const make = jest.fn(({ now }: Pick<Records, 'now'>) => async (given: string) => `${given} at ${now()}`);
    const handler = withRecords(DATABASE, 'api', noTable as () => { store: Records['store'] }, make, load);
    await new Promise(setImmediate);
    expect(done.at(-1)).toBe('warm');
    expect(await Promise.all([handler('a'), handler('b')])).toEqual(['a at 1', 'b at 1']);
    expect(make).toHaveBeenCalledTimes(1);
  });

  test('without the layer every call says so, and the process lives on', async () => {
    const handler = withRecords(DATABASE, 'api', noTable as () => { store: Records['store'] }, () => async () => 'never', async () => Promise.reject(new Error('no layer')));
    await new Promise(setImmediate);
    await expect(handler()).rejects.toThrow('no layer');
    await expect(handler()).rejects.toThrow('no layer');
  });
});
