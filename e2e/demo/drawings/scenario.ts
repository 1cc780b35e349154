import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXAMPLE } from '../../support/synthesise';
import type { Act } from '../act';
import { cancelling, flooding, retrying, twice, uploading } from '../caller';

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
