import type { Background } from './background';
import { inject, type Fault } from '../local-cloud/control';
import type { LocalCloud } from '../local-cloud/local-cloud';

interface Phase {
  readonly name: string;
  readonly seconds: number;
  readonly faults: readonly Fault[];
}

const CALM: Phase = { name: 'calm', seconds: 4, faults: [] };

/** What an hour at a busy account may bring, within half a minute. */
const PHASES: readonly Phase[] = [
  CALM,
  { name: 'the table throttles half of all calls', seconds: 4, faults: [{ service: 'dynamodb', share: 0.5, error: 'ProvisionedThroughputExceededException' }] },
  CALM,
  {
    name: 'answers are lost',
    seconds: 4,
    faults: [
      { service: 'dynamodb', operations: ['PutItem', 'UpdateItem'], share: 0.2, error: 'InternalServerError', status: 500, done: true },
      { service: 'sqs', operations: ['SendMessage'], share: 0.2, error: 'InternalFailure', status: 500, done: true },
    ],
  },
  CALM,
  {
    name: 'the queue refuses',
    seconds: 4,
    faults: [
      { service: 'sqs', operations: ['SendMessage'], share: 0.3, error: 'ServiceUnavailable', status: 503 },
      { service: 'sqs', operations: ['ChangeMessageVisibility', 'ChangeMessageVisibilityBatch'], share: 0.5, error: 'ServiceUnavailable', status: 503 },
    ],
  },
  CALM,
  { name: 'the table is slow', seconds: 4, faults: [{ service: 'dynamodb', share: 0.05, hang_seconds: 1.5 }] },
  CALM,
  { name: 'the table throttles every write', seconds: 2, faults: [{ service: 'dynamodb', operations: ['PutItem', 'UpdateItem'], share: 1, error: 'ThrottlingException' }] },
];

const CYCLE_MS = 1000 * PHASES.reduce((sum, { seconds }) => sum + seconds, 0);
const LEAST_CYCLES = 2;

/** Services fail in turns, twice each, and then on as long as it is wanted. */
export function weather(cloud: LocalCloud, wanted: () => boolean): Background {
  let current: Phase | undefined;
  return async (elapsedMs) => {
    const phase = elapsedMs < LEAST_CYCLES * CYCLE_MS || wanted() ? phaseAt(elapsedMs % CYCLE_MS) : CALM;
    if (phase !== current) {
      current = phase;
      await inject(cloud, phase.faults, Math.floor(elapsedMs));
    }
  };
}

function phaseAt(ms: number): Phase {
  let left = ms;
  return PHASES.find(({ seconds }) => (left -= seconds * 1000) < 0)!;
}
