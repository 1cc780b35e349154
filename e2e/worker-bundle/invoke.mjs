// Stands in for Lambda: imports the bundled worker as Lambda would, gives it one event, and prints what it answers.
import { readFileSync } from 'node:fs';

const { worker, event, remainingMs } = JSON.parse(readFileSync(0, 'utf8'));
const ends = Date.now() + remainingMs;
try {
  const { handler } = await import(worker);
  const context = { awsRequestId: 'request-1', functionName: 'worker', getRemainingTimeInMillis: () => ends - Date.now() };
  process.stdout.write(`\nANSWER ${JSON.stringify({ answer: await handler(event, context) })}\n`);
} catch (error) {
  process.stdout.write(`\nANSWER ${JSON.stringify({ error: { name: error.name, message: error.message } })}\n`);
}
