/** `apply-file.cjs <url> <file>`: applies a file of SQL, as psql does where there is one. */
import { readFileSync } from 'node:fs';
import { Client } from 'pg';

const [connectionString, file] = process.argv.slice(2);

async function main(): Promise<void> {
  const client = new Client({ connectionString });
  await client.connect();
  await client.query(readFileSync(file, 'utf8'));
  await client.end();
}

void main().catch(error => {
  console.error(error instanceof Error ? error.stack : error);
  process.exitCode = 1;
});
