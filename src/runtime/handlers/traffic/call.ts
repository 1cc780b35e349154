import { invokeOf, lambdaClient, type Invoked } from '../runner/invoke';

/** What a function answered, or refused by. */
export type Called =
  | { readonly answer: unknown }
  | { readonly error: { readonly type: string; readonly message: string } };

/** Calls a function, a version or an alias, and waits for it until `deadline`, epoch milliseconds. */
export type Call = (functionArn: string, event: unknown, deadline: number) => Promise<Called>;

/** What time it is, in epoch milliseconds, and how it passes. */
export interface Clock {
  now(): number;
  sleep(ms: number): Promise<void>;
}

/** What passes by itself: a permission or a version that is seconds old, or no concurrency at the moment. */
const PASSING = [
  'AccessDeniedException', 'CodeArtifactUserPendingException', 'ResourceConflictException', 'ResourceNotFoundException', 'ResourceNotReadyException',
  'ServiceException', 'TooManyRequestsException',
];
/** Such things are over after some seconds; what goes on for longer is something else. */
const PASSES_WITHIN_MS = 60_000;
const PAUSE_MS = 2_000;

/** Lambda's longest timeout: the call itself is given as long as there is. */
const LONGEST_MS = 900_000;

export function callThrough(clock: Clock, client: ReturnType<typeof lambdaClient> = lambdaClient(LONGEST_MS)): Call {
  return async (functionArn, event, deadline) => {
    const invoke = invokeOf(client, functionArn);
    const passed = Math.min(clock.now() + PASSES_WITHIN_MS, deadline);
    for (;;) {
      try {
        return calledOf(await invoke(JSON.stringify(event), Math.max(1, deadline - clock.now())));
      } catch (error) {
        if (!PASSING.includes((error as Error).name) || clock.now() + PAUSE_MS >= passed) {
          throw error;
        }
        await clock.sleep(PAUSE_MS);
      }
    }
  };
}

function calledOf({ payload, failed }: Invoked): Called {
  const answer = payload === '' ? undefined : JSON.parse(payload) as unknown;
  if (!failed) {
    return { answer };
  }
  const { errorType, errorMessage } = (answer ?? {}) as { readonly errorType?: string; readonly errorMessage?: string };
  return { error: { type: errorType ?? 'Unknown', message: errorMessage ?? 'Lambda did not say what went wrong' } };
}
