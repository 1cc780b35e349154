// @ts-check
/** The last line of `npm run e2e`: `N jobs, 0 lost, 0 ended twice`, summed over what the fault runs of this run counted. */
const { mkdirSync, readFileSync, readdirSync, rmSync, writeSync } = require('node:fs');
const { join, resolve } = require('node:path');

const FOLDER = resolve(__dirname, '../../.cache/e2e-tally');

module.exports = class {
  onRunStart() {
    rmSync(FOLDER, { recursive: true, force: true });
    mkdirSync(FOLDER, { recursive: true });
  }

  onRunComplete() {
    process.once('exit', print); // jest's own summary comes after every reporter
  }
};

function print() {
  const runs = readdirSync(FOLDER).map((file) => JSON.parse(readFileSync(join(FOLDER, file), 'utf8')));
  if (runs.length === 0) return;
  /** @param {'jobs' | 'lost' | 'endedTwice'} name */
  const sum = (name) => runs.reduce((total, run) => total + run[name], 0);
  writeSync(process.stdout.fd, `${sum('jobs')} jobs, ${sum('lost')} lost, ${sum('endedTwice')} ended twice\n`);
}
