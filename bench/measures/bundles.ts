import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Measure } from './measure';
import { NODE_WORKER_HANDLER } from '../../src/runtime/wire/layer';
import { alternate } from '../alternate';
import { ROOT, runChild, SCRATCH } from '../child';
import { loadedFiles } from '../loaded-files';
import { nodes, type NodeBinary } from '../nodes';
import { counted, timed, type Row } from '../row';
import type { Sample } from '../stopwatch';
import { functionsOf } from '../templates';

const HANDLERS = join(ROOT, 'assets', 'handlers');
const SOURCES = join(ROOT, 'src', 'runtime', 'handlers');
const WORKER = join(ROOT, 'assets', 'layer-node', 'nodejs', 'node_modules', 'cdk-jobworks-worker', 'worker.mjs');
/** What a function with a database loads beside that: `pg`, the pool and the store of jobs. */
const DATABASE = join(ROOT, 'assets', 'layer-postgres', 'nodejs', 'node_modules', 'cdk-jobworks', 'store.js');
const LOAD_MS: Readonly<Record<string, number>> = { [WORKER]: 50, [DATABASE]: 45 };
/** Submitting judges payloads by JSON Schema. Uploads are signed with the client of S3, and nothing waits in a queue for that. */
const BYTES: Readonly<Record<string, number>> = { 'submit': 750_000, 'uploads': 450_000, 'database (layer)': 250_000 };
const OTHER_BYTES = 400_000;
const UNBUNDLED = 'the SDK clients for DynamoDB and SQS from node_modules';

/** What a function starts with. */
interface Entry {
  readonly name: string;
  readonly file: string;
  /** What the construct gives to its function; undefined where a default pipeline has none. */
  readonly environment?: Readonly<Record<string, string>>;
}

async function entries(): Promise<Entry[]> {
  const assembly = join(SCRATCH, 'cdk.out', 'bundles');
  await runChild('synth', ['pipeline', '1', assembly]);
  const functions = functionsOf(assembly);
  const environment = (handler: string) => functions.get(handler);
  const handlers = readdirSync(SOURCES).filter(file => file.endsWith('.lambda.ts')).sort().map(file => basename(file, '.lambda.ts'));
  return [
    { name: 'worker (layer)', file: WORKER, environment: environment(NODE_WORKER_HANDLER) },
    { name: 'database (layer)', file: DATABASE, environment: {} },
    ...handlers.map(name => ({ name, file: bundleOf(name), environment: environment(`${name}.handler`) })),
  ];
}

function bundleOf(name: string): string {
  const file = join(HANDLERS, `${name}.js`);
  return existsSync(file) ? file : join(HANDLERS, `${name}.mjs`);
}

function sizesOf({ name, file }: Entry): Row[] {
  const files = loadedFiles(file).map(loaded => readFileSync(loaded));
  const bytes = (sizes: readonly number[]) => sizes.reduce((sum, size) => sum + size, 0);
  const goal = BYTES[name] ?? OTHER_BYTES;
  return [
    counted({ metric: `bundle of ${name}`, unit: 'bytes', goal }, bytes(files.map(({ length }) => length))),
    counted({ metric: `bundle of ${name}, gzipped`, unit: 'bytes' }, bytes(files.map(code => gzipSync(code, { level: 9 }).length))),
  ];
}

/** What Lambda sets, and a user's handler as small as can be for the worker to load. */
function lambdaEnvironment(): Record<string, string> {
  const task = join(SCRATCH, 'task');
  mkdirSync(task, { recursive: true });
  writeFileSync(join(task, 'index.js'), 'exports.handler = async () => {};\n');
  return {
    LAMBDA_TASK_ROOT: task,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}

async function loadTimes(all: readonly Entry[], { label, binary }: NodeBinary, rounds: number, onRound: (round: number) => void): Promise<Row[]> {
  const loading = (file: string, environment: Readonly<Record<string, string>>) => async () =>
    runChild<Sample>('load', [file], { node: binary, env: { ...environment, ...lambdaEnvironment() } });
  const values = await alternate<string, Sample>(rounds, {
    [UNBUNDLED]: loading(join(SCRATCH, 'sdk-unbundled.cjs'), {}),
    ...Object.fromEntries(all.map(({ name, file, environment }) => [name, loading(file, environment!)])),
  }, onRound);
  return all.map(({ name, file }) => timed(
    { metric: `load of ${name}, ${label}`, unit: 'ms', goal: LOAD_MS[file] },
    values[name],
    { name: UNBUNDLED, samples: values[UNBUNDLED] },
  ));
}

export const bundles: Measure = {
  title: 'What runs in Lambda',
  how: 'Everything that a function loads when it starts, in assets/; the client of S3 is loaded when the first file is. '
    + 'The layer of a database is what every function loads beside its own bundle whose pipeline has its jobs in PostgreSQL. Load: its import in a fresh process on this machine, with the environment '
    + 'that the construct sets, until its clients and settings are ready for the first event; a function of 512 MB has about a third of a core, so it takes longer there. '
    + `Against: ${UNBUNDLED}, imported and constructed.`,
  run: async ({ rounds, progress }) => {
    progress.at('bundles');
    const all = await entries();
    const rows = all.flatMap(sizesOf);
    const started = all.filter(({ environment }) => environment !== undefined);
    for (const node of await nodes(progress)) {
      rows.push(...await loadTimes(started, node, rounds, round => progress.at(`load on ${node.label}`, round, rounds)));
    }
    return rows;
  },
};
