/** `load.cjs <file>`: what Lambda would wait for a function's code, as its runtime loads it: modules by import, scripts by require. */
import { pathToFileURL } from 'node:url';
import { stopwatch } from '../stopwatch';

async function load(file: string): Promise<unknown> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the file is an argument
  return file.endsWith('.mjs') ? import(pathToFileURL(file).href) : require(file);
}

const [file] = process.argv.slice(2);
const stop = stopwatch();
void load(file).then(() => {
  console.log(JSON.stringify(stop()));
  process.exit(); // clients may keep the process open
});
