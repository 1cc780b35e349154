import { JobFailed, RetryLater } from '../../node/errors';

/** An attempt that ended with an error: another follows, as the retry policy has it. */
export class CallError extends Error {
  constructor(readonly name: string, message: string, cause?: unknown) {
    super(message, { cause });
  }
}

/** What `type` callers see of errors that are the call's, and not the function's own. */
export const CALL_ERROR = {
  /** It ran into its timeout, or longer than it was waited for. */
  timedOut: 'FunctionTimedOut',
  /** Not allowed, not there, or not in a state to run. */
  notCallable: 'FunctionNotCallable',
  /** The connection broke, and nobody knows what became of the call. */
  interrupted: 'CallInterrupted',
  resultTooLarge: 'ResultTooLarge',
  payloadTooLarge: 'PayloadTooLarge',
} as const;

/** What Lambda answers to a call of which the function has seen nothing, and which may well be taken the next time. */
const NOT_NOW = new Set([
  'TooManyRequestsException', 'ThrottlingException', 'ServiceException', 'ServiceUnavailableException', 'ResourceNotReadyException', 'ResourceConflictException',
  'SnapStartNotReadyException', 'EC2ThrottledException', 'EC2UnexpectedException', 'ENILimitReachedException', 'ENINotReadyException',
  'SubnetIPAddressLimitReachedException', 'ServiceQuotaExceededException',
]);

/** A connection that was never made. */
const NOT_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

const WHAT_TO_DO: Readonly<Record<string, string>> = {
  AccessDeniedException: 'allow the role of the pipeline\'s runner lambda:InvokeFunction on it; a function of another account must allow it, too',
  ResourceNotFoundException: 'the function, its version or its alias is not there: deploy it, and then the pipeline with its ARN',
  RecursiveInvocationException: 'Lambda takes a job that waits often for a loop: set recursiveLoop: lambda.RecursiveLoop.ALLOW on the function',
};

interface SdkError extends Error {
  readonly code?: string;
  /** Of Node's errors: what was being done. */
  readonly syscall?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** Whether the connection broke after the call may have arrived: the function may still be at work. */
export function isInterrupted(error: unknown): boolean {
  return error instanceof Error && error.name === CALL_ERROR.interrupted;
}

/**
 * How an attempt ends whose call Lambda did not take, or never answered.
 * @param delay seconds until the next one, where the function has seen nothing of it
 */
export function callFailed(error: SdkError, waitedMs: number, delay: number): Error {
  const { name, message, code = '', syscall, $metadata } = error;
  if (NOT_NOW.has(name)) {
    return new RetryLater(delay, `the function could not take the call: ${name}`);
  }
  if (name === 'RequestTooLargeException' || name === 'SerializedRequestEntityTooLargeException') {
    return new JobFailed('payload and checkpoint are more than Lambda takes: pass what is large as an upload, and its id in the payload', CALL_ERROR.payloadTooLarge);
  }
  if ($metadata?.httpStatusCode !== undefined) {
    // Lambda's own words name accounts and roles: they are for the log, and not for the owner of the job.
    return new CallError(CALL_ERROR.notCallable, `the function could not be called (${name})${WHAT_TO_DO[name] ? `: ${WHAT_TO_DO[name]}` : ''}`, error);
  }
  // The SDK calls a broken connection a TimeoutError as well, and its own two time limits are told apart by their words alone.
  if (NOT_CONNECTED.has(code) || syscall === 'connect' || /\b(connect|getaddrinfo) E[A-Z]|did not establish a connection/.test(message)) {
    return new RetryLater(delay, 'Lambda could not be reached');
  }
  if (name === 'TimeoutError' && message.includes('requestTimeout')) {
    return new CallError(CALL_ERROR.timedOut, `the function did not answer within ${Math.round(waitedMs / 1000)} s: `
      + 'is the timeout stated at JobProcessor.callFunction() shorter than the function\'s own?', error);
  }
  return new CallError(CALL_ERROR.interrupted, 'the connection broke before the function had answered', error);
}

/**
 * How an attempt ends whose function was called and did not return.
 * @param payload what Lambda tells of it: `{"errorType", "errorMessage", …}`
 * @param delay seconds until the next one, where the function asks for one and does not say when
 */
export function functionFailed(payload: string, delay: number): Error {
  const { errorType, errorMessage } = parse(payload);
  const message = typeof errorMessage === 'string' ? errorMessage : '';
  const type = typeof errorType === 'string' && errorType !== '' ? errorType : 'FunctionError';
  const timedOut = /Task timed out after [\d.]+ seconds/.exec(message)?.[0];
  if (type === 'Sandbox.Timedout' || (timedOut && type === 'FunctionError')) {
    return new CallError(CALL_ERROR.timedOut, `the function ran into its timeout: ${timedOut ?? message}`);
  }
  if (type === 'Function.ResponseSizeTooLarge') {
    return new JobFailed('what the function returned is more than the 6 MB that Lambda passes on: have it store its result, and return where', CALL_ERROR.resultTooLarge);
  }
  switch (simpleName(type)) {
    case 'JobFailed': return new JobFailed(message);
    case 'RetryLater': return new RetryLater(secondsOf(message) ?? delay);
    default: return new CallError(type, message);
  }
}

/** `JobFailed` of `com.acme.Jobs$JobFailedException` (Java) or `Function<JobFailed>` (Ruby): languages qualify and decorate the names of classes. */
function simpleName(type: string): string {
  return (type.split(/[^A-Za-z0-9_]+/).filter((part) => part !== '').at(-1) ?? '').replace(/(Exception|Error)$/, '');
}

/** An error has no fields of its own that every language would pass on, so the message begins with the seconds. */
function secondsOf(message: string): number | undefined {
  const [seconds] = /^\d+(\.\d+)?(?=\D|$)/.exec(message.trim()) ?? [];
  return seconds === undefined ? undefined : Number(seconds);
}

function parse(payload: string): { readonly errorType?: unknown; readonly errorMessage?: unknown } {
  try {
    return Object(JSON.parse(payload)) as object;
  } catch {
    return {};
  }
}
