import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cancelling, flooding, retrying, twice, uploading, type Intervention, type Send } from './caller';
import { phaseOf, type JobLife, type Phase } from './life';
import { EXAMPLE } from '../support/synthesise';

/** One job that the demo submits, and how it should end. */
export interface Act {
  readonly label: string;
  readonly about: string;
  readonly payload: unknown;
  /** @default - once */
  readonly send?: Send;
  /** What its owner does about the job later. */
  readonly intervention?: Intervention;
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
  /** What is told of its owner. */
  readonly note?: string;
}

/** So long does every stage take longer, so that there is something to watch. */
const PAUSE_MS = 400;
/** Long enough for a cancellation to arrive while it runs. */
const LONG_PAUSE_MS = 1_500;
const BUSY_SECONDS = 4;
const ATTEMPTS = 3;
/** More than the example's key may send at once. */
const FLOOD = 20;

/** The last one leaves nothing of what the key may submit, so it comes last. */
export function scenario(): Act[] {
  const succeeds = { phase: 'succeeded', attempts: 1 } as const;
  const floorPlan = drawing('floor-plan.dxf');
  const [idempotencyKey, repeated] = ['order-4711', drawing('flange.dxf')];
  return [
    { label: 'bracket', about: 'an ordinary job', payload: drawing('bracket.dxf'), expected: succeeds },
    { label: 'flange', about: 'another one', payload: drawing('flange.dxf'), expected: succeeds },
    { label: 'floor plan', about: 'uploaded as a file', payload: without(floorPlan, 'dxf'), send: uploading(floorPlan.dxf), expected: succeeds },
    {
      label: 'killed always',
      about: 'its process is killed in each attempt',
      payload: drawing('gasket.dxf', { crash_attempts: ATTEMPTS }),
      expected: { phase: 'failed', attempts: ATTEMPTS, leastRuns: ATTEMPTS, error: 'WorkerLost' },
    },
    {
      label: 'killed once',
      about: 'its process is killed halfway; goes on at its checkpoint',
      payload: drawing('floor-plan.dxf', { crash_after: 'measure' }),
      expected: { ...succeeds, leastRuns: 2 },
    },
    {
      label: 'fails twice',
      about: 'throws in its first two attempts',
      payload: drawing('gasket.dxf', { fail_attempts: 2 }),
      expected: { phase: 'succeeded', attempts: 3 },
    },
    {
      label: 'provider busy',
      about: `asks to wait for ${BUSY_SECONDS} s`,
      payload: drawing('bracket.dxf', { busy_seconds: BUSY_SECONDS }),
      expected: { ...succeeds, leastRuns: 2 },
    },
    {
      label: 'retried',
      about: 'fails for good; its owner retries it',
      payload: drawing('bracket.dxf', { outage: true }),
      intervention: retrying,
      expected: { ...succeeds, leastRuns: 2, note: retrying.note },
    },
    {
      label: 'cancelled',
      about: 'its owner cancels it while it runs',
      payload: drawing('gasket.dxf', { pause_ms: LONG_PAUSE_MS }),
      intervention: cancelling,
      expected: { phase: 'cancelled', note: cancelling.note },
    },
    {
      label: 'sent twice',
      about: 'with one idempotency key',
      payload: repeated,
      send: twice(idempotencyKey),
      expected: { ...succeeds, note: 'twice, one job' },
    },
    {
      label: 'torn drawing',
      about: 'cannot be read, and is not tried again',
      payload: torn(drawing('flange.dxf')),
      expected: { phase: 'failed', attempts: 1, error: 'UnreadableDrawing' },
    },
    { label: 'invalid', about: 'has no drawing', payload: { name: 'nothing.dxf' }, expected: { phase: 'refused', httpStatus: 400 } },
    {
      label: 'too many',
      about: `the one sent twice, ${FLOOD} times at once`,
      payload: repeated,
      send: flooding(FLOOD, idempotencyKey),
      expected: { phase: 'refused', httpStatus: 429 },
    },
  ];
}

/** What differs from the expectation; empty when nothing does. */
export function differences({ phase, attempts, leastRuns, httpStatus, error, note }: Expectation, life: JobLife, runs = 0): string[] {
  const compared: [what: string, expected: unknown, found: unknown][] = [
    ['state', phase, phaseOf(life)],
    ['attempts', attempts, life.job?.attempt],
    ['runs (at least)', leastRuns, leastRuns && Math.min(leastRuns, runs)],
    ['status code', httpStatus, life.refusal?.status],
    ['error', error, life.job?.error?.type],
    ['note', note, life.note],
  ];
  return compared.filter(([, expected, found]) => expected !== undefined && expected !== found)
    .map(([what, expected, found]) => `${what}: expected ${expected}, found ${found ?? 'none'}`);
}

interface Drawing {
  readonly name: string;
  readonly dxf: string;
  readonly simulate: Readonly<Record<string, unknown>>;
}

function drawing(file: string, simulate: Readonly<Record<string, unknown>> = {}): Drawing {
  return { name: file, dxf: readFileSync(join(EXAMPLE.folder, 'samples', file), 'utf8'), simulate: { pause_ms: PAUSE_MS, ...simulate } };
}

function without(whole: Drawing, name: keyof Drawing): Partial<Drawing> {
  return Object.fromEntries(Object.entries(whole).filter(([key]) => key !== name));
}

function torn({ dxf, ...rest }: Drawing): Drawing {
  return { ...rest, dxf: dxf.slice(0, dxf.lastIndexOf('ENDSEC')) };
}
