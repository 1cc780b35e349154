import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { phaseOf, type JobLife, type Phase } from './life';
import { EXAMPLE } from '../support/synthesise';

/** One job that the demo submits, and how it should end. */
export interface Act {
  readonly label: string;
  readonly about: string;
  readonly payload: unknown;
  readonly expected: Expectation;
}

/** What is not given is not judged. */
export interface Expectation {
  readonly phase: Phase;
  readonly attempts?: number;
  /** How often a worker started it, at least: on a slow machine an attempt may run into its timeout, and then goes on as after a crash. */
  readonly leastRuns?: number;
  /** Status code of a refusal. */
  readonly httpStatus?: number;
  /** Type of the error in the record. */
  readonly error?: string;
}

/** So long does every stage take longer, so that there is something to watch. */
const PAUSE_MS = 400;
const BUSY_SECONDS = 4;

export function scenario(): Act[] {
  const once = { phase: 'succeeded', attempts: 1 } as const;
  return [
    act('bracket', 'an ordinary job', drawing('bracket.dxf'), once),
    act('flange', 'an ordinary job', drawing('flange.dxf'), once),
    act('floor plan', 'an ordinary job', drawing('floor-plan.dxf'), once),
    act('fails twice', 'throws in its first two attempts', drawing('gasket.dxf', { fail_attempts: 2 }), { phase: 'succeeded', attempts: 3 }),
    act('process killed', 'its process is killed halfway; goes on at its checkpoint', drawing('floor-plan.dxf', { crash_after: 'measure' }),
      { phase: 'succeeded', attempts: 1, leastRuns: 2 }),
    act('provider busy', `asked to come back after ${BUSY_SECONDS} s`, drawing('bracket.dxf', { busy_seconds: BUSY_SECONDS }),
      { phase: 'succeeded', attempts: 1, leastRuns: 2 }),
    act('torn drawing', 'cannot be read, and is not tried again', torn(drawing('flange.dxf')), { phase: 'failed', attempts: 1, error: 'UnreadableDrawing' }),
    act('invalid', 'has no drawing', { name: 'nothing.dxf' }, { phase: 'refused', httpStatus: 400 }),
  ];
}

/** What differs from the expectation; empty when nothing does. */
export function differences({ phase, attempts, leastRuns, httpStatus, error }: Expectation, life: JobLife, runs = 0): string[] {
  const compared: [what: string, expected: unknown, found: unknown][] = [
    ['state', phase, phaseOf(life)],
    ['attempts', attempts, life.job?.attempt],
    ['runs (at least)', leastRuns, leastRuns && Math.min(leastRuns, runs)],
    ['status code', httpStatus, life.refusal?.status],
    ['error', error, life.job?.error?.type],
  ];
  return compared.filter(([, expected, found]) => expected !== undefined && expected !== found)
    .map(([what, expected, found]) => `${what}: expected ${expected}, found ${found ?? 'none'}`);
}

interface Drawing {
  readonly name: string;
  readonly dxf: string;
  readonly simulate: Readonly<Record<string, unknown>>;
}

function act(label: string, about: string, payload: unknown, expected: Expectation): Act {
  return { label, about, payload, expected };
}

function drawing(file: string, simulate: Readonly<Record<string, unknown>> = {}): Drawing {
  return { name: file, dxf: readFileSync(join(EXAMPLE.folder, 'samples', file), 'utf8'), simulate: { pause_ms: PAUSE_MS, ...simulate } };
}

function torn({ dxf, ...rest }: Drawing): Drawing {
  return { ...rest, dxf: dxf.slice(0, dxf.lastIndexOf('ENDSEC')) };
}
