/** As much of `process` as is watched. */
export type WatchedProcess = Pick<NodeJS.Process, 'on' | 'listeners' | 'removeAllListeners' | 'exit'>;

/** The user's code threw where nobody could catch it. */
export interface Crash {
  readonly threw: unknown;
  /** Lets the process end as it would have. */
  readonly proceed: () => void;
}

type Listener = (...parameters: unknown[]) => void;

const EVENTS = ['unhandledRejection', 'uncaughtException'] as const;

export interface CrashWatch {
  /** Resolves with the first one. */
  readonly crashed: Promise<Crash>;
  /** The first one, if there was one. */
  readonly heard: () => Crash | undefined;
  readonly stop: () => void;
}

/**
 * While an attempt runs, a rejection that nobody handles and an exception out of a callback are first heard here, so that
 * the attempt's end can be recorded. Otherwise the process would be gone without a word, and the job would wait for its
 * lease to end. Then the process ends as it would have: after such an error nobody knows what state it is in.
 */
export function watchForCrash(watched: WatchedProcess): CrashWatch {
  let first: Crash | undefined;
  let tell: (crash: Crash) => void;
  const crashed = new Promise<Crash>((resolve) => { tell = resolve; });
  const hear = (crash: Crash) => tell(first ??= crash);
  const restores = EVENTS.map((event) => {
    const before = watched.listeners(event as 'exit') as Listener[];
    const restore = () => {
      watched.removeAllListeners(event);
      before.forEach((listener) => watched.on(event as 'exit', listener));
    };
    watched.removeAllListeners(event);
    watched.on(event as 'exit', ((error: unknown, ...rest: unknown[]) => hear({
      threw: error,
      proceed: () => {
        restore();
        if (before.length === 0) {
          watched.exit(1);
        }
        before.forEach((listener) => listener(error, ...rest));
      },
    })) as Listener);
    return restore;
  });
  return { crashed, heard: () => first, stop: () => restores.forEach((restore) => restore()) };
}
