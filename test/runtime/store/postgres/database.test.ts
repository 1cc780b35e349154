import { Database } from '../../../../src/runtime/store/postgres/database';
import { ServerClock } from '../../../../src/runtime/store/postgres/server-clock';

/* What is asked again, by what the server or the network says; on a real server: lost-answers.test.ts. */

const LIMITS = { connectMs: 1_000, answerMs: 1_000, repeatWithinMs: 60_000 };
const STATEMENT = { text: 'SELECT 1 AS one', values: [] };

function failing(code: string, times: number) {
  let left = times;
  const query = jest.fn(async () => {
    if (left-- > 0) throw Object.assign(new Error('refused'), { code });
    return { rows: [{ one: 1 }] };
  });
  return { query, database: new Database({ query } as never, LIMITS, new ServerClock()) };
}

test.each(['40001', '40P01', '25006', '57P01', '08006', 'ECONNRESET', 'EHOSTUNREACH'])('%s: once', async (code) => {
  const { database, query } = failing(code, 1);
  expect(await database.ask(STATEMENT)).toEqual([{ one: 1 }]);
  expect(query).toHaveBeenCalledTimes(2);

  await expect(failing(code, 2).database.ask(STATEMENT)).rejects.toMatchObject({ code });
  await expect(failing(code, 1).database.askOnce(STATEMENT)).rejects.toMatchObject({ code });
});

test.each(['23505', '23514', '42501', '57014', '25P02', '28P01'])('%s: never', async (code) => {
  const { database, query } = failing(code, 1);
  await expect(database.ask(STATEMENT)).rejects.toMatchObject({ code });
  expect(query).toHaveBeenCalledTimes(1);
});
