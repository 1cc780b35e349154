import { CORRELATION_ID_PATTERN, ERROR_CODE, HEADER } from '../../src/runtime/wire/http';

/** One request and its answer, as they went over the wire. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  /** Names in lower case. */
  readonly requestHeaders: Readonly<Record<string, string | undefined>>;
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

const CORRELATION_ID = new RegExp(CORRELATION_ID_PATTERN);
const CORRELATION_HEADER = HEADER.correlationId.toLowerCase();
const CODES: readonly unknown[] = Object.values(ERROR_CODE);
/** Stands on every answer of a function, and on none that API Gateway gave without asking one. */
const OF_A_FUNCTION = 'x-content-type-options';

/**
 * What is wrong with the form of an answer: every one of 400 and over is `{"error": {"code", "message", "correlation_id"}}` and nothing
 * more; every one of a function names the id in a header, which is the caller's if that is one. (A gateway response has the id in its
 * body alone: the header of such a response can be no variable.)
 *
 * @returns in words; nothing where all is well
 */
export function faultsOf({ method, requestHeaders, status, headers, body }: Exchange): string[] {
  const id = headers[CORRELATION_HEADER];
  const asked = requestHeaders[CORRELATION_HEADER];
  const faults: string[] = [];
  if (id === undefined && (status < 400 || headers[OF_A_FUNCTION] !== undefined)) {
    faults.push(`no ${HEADER.correlationId}`);
  }
  if (id !== undefined && !CORRELATION_ID.test(id)) {
    faults.push(`${HEADER.correlationId} is ${id}`);
  }
  if (id !== undefined && asked !== undefined && CORRELATION_ID.test(asked) !== (id === asked)) {
    faults.push(`${HEADER.correlationId} is ${id} where the caller said ${asked}`);
  }
  if (status >= 400 && method !== 'HEAD') {
    faults.push(...faultsOfError(body, id));
    if (!/^application\/json\b/.test(headers['content-type'] ?? '')) {
      faults.push(`Content-Type is ${headers['content-type']}`);
    }
  }
  return faults;
}

function faultsOfError(body: string, id: string | undefined): string[] {
  const parsed = parse(body);
  const error = hasOnly(parsed, ['error']) ? parsed.error : undefined;
  if (!hasOnly(error, ['code', 'message', 'correlation_id'])) {
    return [`the body is ${body.slice(0, 200)}`];
  }
  const { code, message, correlation_id } = error;
  return [
    ...(CODES.includes(code) ? [] : [`the code is ${String(code)}`]),
    ...(typeof message === 'string' && message !== '' ? [] : ['there is no message']),
    ...(typeof correlation_id === 'string' && correlation_id !== '' && (id === undefined || correlation_id === id) ? [] : ['the id is another']),
  ];
}

function hasOnly<Name extends string>(value: unknown, names: readonly Name[]): value is Record<Name, unknown> {
  return typeof value === 'object' && value !== null && Object.keys(value).sort().join() === [...names].sort().join();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
