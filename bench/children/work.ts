/** `work.cjs <worker.mjs> <file>`: gives the records of an event source to a worker, one after the other, as Lambda does. The first are not timed. */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { stopwatch } from '../stopwatch';

type Handler = (event: unknown, context: unknown) => Promise<SQSBatchResponse>;

const [worker, file] = process.argv.slice(2);
const context = { awsRequestId: 'bench', functionName: 'bench', getRemainingTimeInMillis: () => 30_000 };
const { untimed, timed } = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<'untimed' | 'timed', SQSRecord[]>>;

/** What a worker logs is made and counted, and goes nowhere: the answer alone is printed. */
const print = process.stdout.write.bind(process.stdout);
let succeeded = 0;
process.stdout.write = (text: string | Uint8Array) => {
  if (text.toString().includes('"outcome":"succeeded"')) succeeded++;
  return true;
};

async function main(): Promise<void> {
  const { handler } = await import(pathToFileURL(worker).href) as { handler: Handler };
  await handle(handler, untimed);
  const stop = stopwatch();
  await handle(handler, timed);
  const sample = stop();
  if (succeeded !== untimed.length + timed.length) throw new Error(`${succeeded} of ${untimed.length + timed.length} jobs succeeded`);
  print(JSON.stringify(sample));
  process.exit(); // clients may keep the process open
}

async function handle(handler: Handler, records: readonly SQSRecord[]): Promise<void> {
  for (const record of records) await handler({ Records: [record] }, context);
}

void main().catch(error => {
  console.error(error instanceof Error ? error.stack : error);
  process.exit(1);
});
