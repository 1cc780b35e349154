import type { Aws } from './aws';
import { readCommandLine } from './command-line';
import { Command, DONE, FAILED } from './commands/command';
import { cancel } from './commands/each-job';
import { describe, pause, resume } from './commands/flow';
import { runKeys } from './commands/keys';
import { list } from './commands/list';
import { type Migrator, runMigrate } from './commands/migrate';
import { retry } from './commands/retry';
import { show } from './commands/show';
import { Failure, Io, Refusal, UsageError } from './io';
import { PipelineOperator } from './operator';
import { printableLines, styleOf, widthOf, wrapped } from './text';
import { overview, usageOf, type Verb, VERBS } from './usage';

/** How AWS is reached, and which version this is. */
export interface CliParts {
  readonly connect: (place: { readonly region?: string; readonly profile?: string }) => Aws;
  readonly version: () => string;
  /** Loads what knows databases. */
  readonly migrator: () => Promise<Migrator>;
  /** Folder of the library's own migrations. */
  readonly jobTables: string;
}

const WRONG_USAGE = 2;

const COMMANDS: Readonly<Record<Verb, Command>> = { list, show, retry, cancel, pause, resume, describe };

/** Runs the command line. @returns its exit code */
export async function runCli(args: readonly string[], io: Io, { connect, version, migrator, jobTables }: CliParts): Promise<number> {
  try {
    if (args[0] === 'migrate') {
      return await runMigrate(args.slice(1), io, migrator, jobTables);
    }
    if (args[0] === 'keys') {
      return await runKeys(args.slice(1), io, (pipeline, place) => new PipelineOperator(pipeline, connect(place), 'keys'));
    }
    const line = readCommandLine(args);
    if ('version' in line) {
      io.stdout.write(`${version()}\n`);
      return DONE;
    }
    if ('help' in line) {
      const width = widthOf(io.stdout);
      io.stdout.write(`${line.help === 'all' ? overview(width) : usageOf(line.help, width)}\n`);
      return DONE;
    }
    const { verb, pipeline, job_ids, options } = line;
    return await COMMANDS[verb]({ operator: new PipelineOperator(pipeline, connect(options)), options, job_ids, io });
  } catch (error) {
    return told(error, args, io);
  }
}

function told(error: unknown, args: readonly string[], io: Io): number {
  const { red } = styleOf(io.stderr, io.environment);
  if (error instanceof UsageError) {
    const command = args[0] === 'migrate' || args[0] === 'keys' ? ` ${args[0]}` : args[0] === 'jobs' && Object.hasOwn(VERBS, args[1] ?? '') ? ` jobs ${args[1]}` : '';
    const text = wrapped(`error: ${printableLines(error.message)}`, widthOf(io.stderr));
    tellMachines(args, io, { error: { code: 'WrongUsage', message: error.message } });
    io.stderr.write(`${text.replace('error', red)}\n"cdk-jobworks${command} --help" tells more\n`);
    return WRONG_USAGE;
  }
  const message = error instanceof Failure ? error.message : `something unexpected: ${(error as Error).stack ?? String(error)}`;
  const done = error instanceof Failure ? error.done : undefined;
  tellMachines(args, io, { error: { code: error instanceof Refusal ? error.code : 'Failed', message }, ...done });
  const text = error instanceof Failure ? wrapped(`error: ${printableLines(message)}`, widthOf(io.stderr)) : `error: ${printableLines(message)}`;
  io.stderr.write(`${text.replace('error', red)}\n`);
  return FAILED;
}

/** Whoever asked for JSON gets a document whatever becomes of it. */
function tellMachines(args: readonly string[], io: Io, document: object): void {
  if (args.includes('--json')) {
    io.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  }
}
