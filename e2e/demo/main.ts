/**
 * `npm run demo`: the drawing-analysis example on the local cloud, from an empty machine to the life of every job.
 * `npm run demo -- invoice-extraction`, `-- full-system`: those, on a PostgreSQL beside it.
 * `npm run demo -- --keep` leaves it running until Ctrl-C, `--help` says what there is.
 */
import { constants } from 'node:os';
import { relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { differences } from './act';
import { choiceOf } from './choice';
import { DRAWINGS } from './drawings/show';
import { prepare, type DemoEnvironment } from './environment';
import { invitation } from './invitation';
import { INVOICE_SHOW } from './invoices/show';
import { ledgerReport } from './ledger-report';
import { phaseOf, type JobLife } from './life';
import { measured, missing } from './measured';
import { measuredReport } from './measured-report';
import type { Show } from './show';
import { STATEMENT_SHOW } from './statements/show';
import { Steps } from './steps';
import { canRedraw, seconds, styleFor } from './style';
import { lifeTable, type LifeRow } from './table';
import { viewFor } from './view';
import { play } from './watch';
import type { LocalCloud } from '../local-cloud/local-cloud';

/** All jobs are over long before; if they are not, something is wrong, and is shown. */
const JOBS_LIMIT_MS = 60_000;

const SHOWS: Readonly<Record<string, { readonly show: Show; readonly about: string }>> = {
  'drawing-analysis': { show: DRAWINGS, about: 'a function that measures drawings, with its jobs in DynamoDB' },
  'invoice-extraction': { show: INVOICE_SHOW, about: 'a state machine that reads invoices, with its jobs and rows in PostgreSQL' },
  'full-system': { show: STATEMENT_SHOW, about: 'an API, jobs in PostgreSQL, a queue of notifications and one dashboard over all of it' },
};

const style = styleFor(process.stdout, process.env);
const interrupted = new AbortController();

async function main(): Promise<number> {
  const choice = choiceOf(process.argv.slice(2), Object.fromEntries(Object.entries(SHOWS).map(([name, { about }]) => [name, about])));
  if ('usage' in choice) {
    (choice.wrong ? process.stderr : process.stdout).write(`${choice.usage}\n`);
    return choice.wrong ? 2 : 0;
  }
  const { show } = SHOWS[choice.show];
  const started = Date.now();
  const view = viewFor(process.stdout, process.env, started, show.example.stages.length);
  let cloud: LocalCloud | undefined;
  try {
    const environment = await prepare(show, new Steps(process.stdout, process.env), (it) => { cloud = it; });
    view.say('');
    const lives = await play(environment.stage, show.summary, view, AbortSignal.any([interrupted.signal, AbortSignal.timeout(JOBS_LIMIT_MS)]));
    if (interrupted.signal.aborted) {
      return 128 + constants.signals.SIGINT;
    }
    const problems = await conclude(show, lives, environment, started);
    if (choice.keep) {
      view.say(invitation(environment, lives[0].jobId!, style));
      await aborted(interrupted.signal);
    }
    return problems === 0 ? 0 : 1;
  } catch (error) {
    if (interrupted.signal.aborted) {
      return 128 + constants.signals.SIGINT; // what fails then, fails because everything is being stopped
    }
    if (cloud) sayWhereToLook(cloud);
    throw error;
  } finally {
    view.end();
    await cloud?.stop();
  }
}

/** Says how every job lived and what was executed. @returns how much is not as it should be */
async function conclude({ measures }: Show, lives: readonly JobLife[], environment: DemoEnvironment, started: number): Promise<number> {
  const { stage, cloud } = environment;
  const rows: LifeRow[] = await Promise.all(lives.map(async (life) => (
    { life, runs: life.jobId === undefined ? undefined : await stage.runsOf(life.jobId) })));
  const wrong = rows.flatMap(({ life, runs }, i) => differences(stage.acts[i].expected, life, runs)
    .map((text) => `${life.label} (${life.jobId ?? 'not accepted'}): ${text}`));
  const width = canRedraw(process.stdout, process.env) ? process.stdout.columns : undefined;
  const epilogue = await stage.epilogue?.(style, width);
  const seen = { lives, others: stage.others?.() };
  const told = await measured(cloud, measures, seen, (ms) => sleep(ms, undefined, { signal: interrupted.signal }));
  const ledger = await environment.ledger();

  say('', lifeTable(rows, style, width), '');
  if (epilogue) {
    say(epilogue.text, '');
  }
  say(measuredReport(told, measures, style, width), '', ledgerReport(ledger, style, width), '');
  const problems = [...wrong, ...epilogue?.problems ?? [], ...missing(told, measures, seen), ...ledger.findings];
  for (const text of problems) {
    say(style.red(`✗ ${text}`));
  }
  if (problems.length > 0) {
    sayWhereToLook(cloud);
  } else {
    const refused = lives.filter((life) => phaseOf(life) === 'refused').length;
    say(style.green(`✓ all ${lives.length} as expected (${lives.length - refused} jobs ended, ${refused} refused) in ${seconds(Date.now() - started)}`));
  }
  return problems.length;
}

/** What the emulator and the handlers wrote is kept for some runs. */
function sayWhereToLook(cloud: LocalCloud): void {
  say(`  log  ${relative(process.cwd(), cloud.logFile)}`);
}

function say(...lines: string[]): void {
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
}

/** Waits for the signal, which alone keeps no process alive. */
function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const alive = setInterval(() => {
      if (signal.aborted) {
        clearInterval(alive);
        done();
      }
    }, 100);
  });
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => interrupted.abort()); // and not once: the local cloud ends the process where nobody else takes care of a signal
}
main().then((code) => {
  process.exitCode = code;
}, (error: unknown) => {
  process.stderr.write(`\n${style.red('✗')} ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
