import { holds } from '../../../../src/runtime/protocol/write';
import { everyQuestion, expectEveryAnswer, type Question } from '../../../support/every-question';
import { JobsDatabase } from '../../../support/postgres/jobs-database';
import { PostgresServer } from '../../../support/postgres/server';

/**
 * Attempts, crashes and duplicates of the search. With a crash it takes half a minute, and is among the tests from end to end; `2 1 1` is all that
 * `npm run scheduler` comes to by default, and takes minutes.
 */
const [ATTEMPTS, CRASHES, DUPLICATES] = (process.env.JOBWORKS_SCHEDULER_DEPTH ?? '1 0 1').split(' ').map(Number);

let server: PostgresServer;
let database: JobsDatabase;
let questions: Question[];

beforeAll(async () => {
  server = await PostgresServer.start();
  database = await JobsDatabase.on(server);
  questions = everyQuestion(ATTEMPTS, CRASHES, DUPLICATES);
}, 600_000);

afterAll(async () => {
  database?.close();
  await server?.stop();
});

test('every write of a search through all interleavings does in PostgreSQL what the protocol says', async () => {
  expect(questions.length).toBeGreaterThan(500);
  expect(questions.filter(({ step, stored, now }) => holds(step, stored, now)).length).toBeGreaterThan(100);
  await expectEveryAnswer(database.store('scheduler', database.pool({ maxConnections: 8 })).store, questions);
}, 300_000);
