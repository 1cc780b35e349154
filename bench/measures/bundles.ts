import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Measure } from './measure';
import { NODE_WORKER_HANDLER } from '../../src/runtime/wire/layer';
import { alternate } from '../alternate';
import { ROOT, runChild, SCRATCH } from '../child';
import { nodes, type NodeBinary } from '../nodes';
import { counted, timed, type Row } from '../row';
import type { Sample } from '../stopwatch';
import { functionsOf } from '../templates';

const HANDLERS = join(ROOT, 'assets', 'handlers');
const WORKER = join(ROOT, 'assets', 'layer-node', 'nodejs', 'node_modules', 'cdk-jobworks-worker', 'worker.mjs');
const WORKER_LOAD_MS = 50;
/** Submitting judges payloads by JSON Schema, and signs uploads. */
const BYTES = { submit: 750_000, others: 400_000 };
const UNBUNDLED = 'the SDK clients for DynamoDB and SQS from node_modules';

/** A file that a function starts with. */
interface Entry {
  readonly name: string;
  readonly file: string;
  /** What the construct gives to its function. */
  readonly environment: Readonly<Record<string, string>>;
}

async function entries(): Promise<Entry[]> {
  const assembly = join(SCRATCH, 'cdk.out', 'bundles');
  await runChild('synth', ['pipeline', '1', assembly]);
  const functions = functionsOf(assembly);
  const entry = (name: string, file: string, handler: string): Entry => {
    const environment = functions.get(handler);
    if (!environment) throw new Error(`A default pipeline has no function with the handler ${handler}`);
    return { name, file, environment };
  };
  return [
    entry('worker (layer)', WORKER, NODE_WORKER_HANDLER),
    ...readdirSync(HANDLERS).filter(file => file.endsWith('.js')).sort()
      .map(file => entry(basename(file, '.js'), join(HANDLERS, file), `${basename(file, '.js')}.handler`)),
  ];
}

function sizesOf({ name, file }: Entry): Row[] {
  const code = readFileSync(file);
  const goal = name === 'submit' ? BYTES.submit : BYTES.others;
  return [
    counted({ metric: `bundle of ${name}`, unit: 'bytes', goal }, code.length),
    counted({ metric: `bundle of ${name}, gzipped`, unit: 'bytes' }, gzipSync(code, { level: 9 }).length),
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
    ...Object.fromEntries(all.map(({ name, file, environment }) => [name, loading(file, environment)])),
  }, onRound);
  return all.map(({ name, file }) => timed(
    { metric: `load of ${name}, ${label}`, unit: 'ms', goal: file === WORKER ? WORKER_LOAD_MS : undefined },
    values[name],
    { name: UNBUNDLED, samples: values[UNBUNDLED] },
  ));
}

export const bundles: Measure = {
  title: 'What runs in Lambda',
  how: 'Every file that a function starts with, in assets/. Load: its import in a fresh process on this machine, with the environment '
    + 'that the construct sets, until its clients and settings are ready for the first event; a function of 512 MB has about a third of a core, so it takes longer there. '
    + `Against: ${UNBUNDLED}, imported and constructed.`,
  run: async ({ rounds, progress }) => {
    progress.at('bundles');
    const all = await entries();
    const rows = all.flatMap(sizesOf);
    for (const node of await nodes(progress)) {
      rows.push(...await loadTimes(all, node, rounds, round => progress.at(`load on ${node.label}`, round, rounds)));
    }
    return rows;
  },
};
