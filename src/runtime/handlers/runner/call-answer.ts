import { JobFailed } from '../../node/errors';

/** A metric that the function counts. */
export interface CalledMetric {
  readonly name: string;
  readonly value: number;
  readonly unit?: string;
}

/** What a function has returned, in its long form; docs/schemas/call-function-response.schema.json says it to those who write one. */
export interface CallAnswer {
  readonly end:
    | { readonly result: unknown }
    | { readonly failed: { readonly type?: string; readonly message: string } }
    | { readonly retry_later_seconds: number; readonly checkpoint?: unknown; readonly stage?: string };
  readonly stages_completed: readonly string[];
  readonly metrics: readonly CalledMetric[];
}

/** The one key of an object that is no result but says more. */
const ENVELOPE = 'jobworks';

const LONGEST_NAME = 128;
const MOST = 100;
const LONGEST_WAIT_SECONDS = 366 * 86_400;

type Fields = Readonly<Record<string, unknown>>;

/** How each field of the envelope is judged: what is wrong with a value, if anything is. */
const RULES: Readonly<Record<string, (value: unknown) => string | undefined>> = {
  result: () => undefined,
  failed: judgeFailed,
  retry_later_seconds: (value) => typeof value === 'number' && value >= 0 && value <= LONGEST_WAIT_SECONDS
    ? undefined : `is a number from 0 to ${LONGEST_WAIT_SECONDS}`,
  checkpoint: () => undefined,
  stage: judgeName,
  stages_completed: (value) => isList(value) && value.every((name) => judgeName(name) === undefined)
    ? undefined : `is a list of up to ${MOST} names of 1 to ${LONGEST_NAME} characters`,
  metrics: (value) => isList(value) && value.every(isMetric)
    ? undefined : `is a list of up to ${MOST} objects {"name", "value", "unit"?}, the value a number`,
};

const ENDS = ['result', 'failed', 'retry_later_seconds'];

/** These say where the next call goes on. */
const ONLY_WAITING = ['checkpoint', 'stage'];

/**
 * What a function has returned is the result, unless it is an object with the single key `jobworks`.
 * @throws JobFailed of type `CallContract` that names all that is wrong with it: the next attempt would return the same kind of thing
 */
export function callAnswer(payload: string): CallAnswer {
  const value = parse(payload);
  if (!isObject(value) || !(ENVELOPE in value) || Object.keys(value).length !== 1) {
    return { end: { result: value }, stages_completed: [], metrics: [] };
  }
  const said = value[ENVELOPE];
  if (!isObject(said)) {
    throw contractError(['"jobworks" is an object']);
  }
  const faults = faultsOf(said);
  if (faults.length > 0) {
    throw contractError(faults);
  }
  const { stages_completed = [], metrics = [], ...end } = said;
  return { end, stages_completed, metrics } as unknown as CallAnswer;
}

/** A function has not kept to the contract. */
export function contractError(faults: readonly string[]): JobFailed {
  return new JobFailed(`what the function returned is not as agreed: ${faults.join('; ')}`, 'CallContract');
}

function faultsOf(said: Fields): string[] {
  const names = Object.keys(said);
  const ends = ENDS.filter((name) => name in said);
  return [
    ...names.filter((name) => !Object.hasOwn(RULES, name)).map((name) => `there is no "${name.slice(0, LONGEST_NAME)}"`),
    ...names.flatMap((name) => {
      const fault = Object.hasOwn(RULES, name) ? RULES[name](said[name]) : undefined;
      return fault === undefined ? [] : [`"${name}" ${fault}`];
    }),
    ...(ends.length === 1 ? [] : [`one of ${ENDS.map((name) => `"${name}"`).join(', ')} is needed, not ${ends.length}`]),
    ...('stage' in said && !('checkpoint' in said) ? ['"stage" goes with "checkpoint" alone: it is saved with it'] : []),
    ...ONLY_WAITING.filter((name) => name in said && !('retry_later_seconds' in said)).map((name) => `"${name}" goes with "retry_later_seconds" alone`),
  ];
}

/** Nothing at all is what some runtimes make of a function without a result. */
function parse(payload: string): unknown {
  if (payload === '') {
    return undefined;
  }
  try {
    return JSON.parse(payload);
  } catch {
    throw contractError(['it is no JSON']); // what the parser says quotes the text
  }
}

function judgeName(value: unknown): string | undefined {
  return typeof value === 'string' && value.length >= 1 && value.length <= LONGEST_NAME ? undefined : `is a text of 1 to ${LONGEST_NAME} characters`;
}

function judgeFailed(value: unknown): string | undefined {
  const fine = isObject(value) && typeof value.message === 'string' && (value.type === undefined || judgeName(value.type) === undefined)
    && hasOnly(value, ['type', 'message']);
  return fine ? undefined : `is an object {"type"?, "message"} of texts, the type of 1 to ${LONGEST_NAME} characters`;
}

function isMetric(value: unknown): boolean {
  return isObject(value) && judgeName(value.name) === undefined && typeof value.value === 'number'
    && (value.unit === undefined || typeof value.unit === 'string') && hasOnly(value, ['name', 'value', 'unit']);
}

function hasOnly(value: Fields, names: readonly string[]): boolean {
  return Object.keys(value).every((name) => names.includes(name));
}

function isList(value: unknown): value is unknown[] {
  return Array.isArray(value) && value.length <= MOST;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
