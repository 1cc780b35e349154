import { StatementCounter, statementName } from '../../bench/statement-counter';
import { PostgresServer } from '../support/postgres/server';

test.each([
  ['WITH written AS (INSERT INTO jobworks.jobs AS stored (a) VALUES ($1) RETURNING $2) SELECT x FROM jobworks.job_results', 'INSERT jobs'],
  ['WITH written AS (UPDATE jobworks.jobs AS stored SET a = $1), put AS (DELETE FROM jobworks.job_results) SELECT $2', 'UPDATE jobs'],
  ['SELECT extract(epoch FROM clock_timestamp()), extract(epoch FROM stored.at) FROM (VALUES ($1)) LEFT JOIN jobworks.jobs AS stored ON true', 'SELECT jobs'],
  ['LOCK TABLE jobworks.jobs IN ROW EXCLUSIVE MODE', 'LOCK jobs'],
  ['INSERT INTO invoices VALUES ($1)', 'INSERT invoices'],
  ['SELECT extract(epoch FROM clock_timestamp())', 'SELECT'],
  ['begin', 'BEGIN'],
])('%s is called %s', (text, name) => {
  expect(statementName(text)).toBe(name);
});

test('what a database was asked is counted, from when it was last forgotten, and nothing of others', async () => {
  const server = await PostgresServer.start();
  try {
    const counter = await StatementCounter.on(server);
    const [ours, theirs] = [await server.createDatabase(), await server.createDatabase()];
    const ask = async (database: string, ...texts: string[]) => server.asMaster(database, async client => {
      for (const text of texts) await client.query(text);
    });
    await ask(ours, 'CREATE TABLE invoices (pages integer)');
    await counter.forget();
    await ask(ours, 'BEGIN', 'INSERT INTO invoices VALUES (1)', 'INSERT INTO invoices VALUES (2)', 'COMMIT');
    await ask(theirs, 'SELECT 1');
    expect([...await counter.counted(ours)]).toEqual([['BEGIN', 1], ['COMMIT', 1], ['INSERT invoices', 2]]);
  } finally {
    await server.stop();
  }
}, 60_000);
