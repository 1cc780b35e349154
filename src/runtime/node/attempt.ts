import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from 'aws-lambda';
import { CrashWatch, watchForCrash, WatchedProcess } from './crash-watch';
import { JobFailed } from './errors';
import { countAttempt } from './job-metrics';
import { AttemptFiles, GivenTexts, JobTexts } from './job-texts';
import { answersByCallback, type UserHandler } from './load-handler';
import { describe, HandlerEnd, outcomeOf } from './outcome';
import { RunningJob } from './running-job';
import type { Job } from './types';
import type { WorkerSettings } from './worker-settings';
import { backoffDelay } from '../protocol/backoff';
import type { AttemptEvent } from '../protocol/event';
import type { JobRecord } from '../protocol/record';
import { Performed, Ports, StepFailed } from '../store/perform';
import { cut, LONGEST_MESSAGE } from '../telemetry/error-view';
import type { Log } from '../telemetry/log';
import type { Counting } from '../telemetry/pipeline-metrics';

/** What is returned is the result, and what is thrown ends the attempt, as with a handler. */
export type RunJob = (job: Job, record: JobRecord, context: Context) => Promise<unknown>;

/** What an attempt is run with. */
export interface AttemptParts {
  readonly handler: UserHandler;
  /** Runs jobs in the handler's place; being the library's own, it may know the record. */
  readonly runJob?: RunJob;
  readonly settings: WorkerSettings;
  /** None without a bucket. */
  readonly files?: AttemptFiles;
  readonly metrics: Counting;
  readonly log: Log;
  /** How the job came here, for the line that says that the attempt has begun. */
  readonly delivered?: Readonly<Record<string, unknown>>;
  readonly watched: WatchedProcess;
  /** From 0 to 1, exclusive. */
  readonly random: () => number;
}

/** The user's code has made the process unusable: nothing more may be started in it. */
export class ProcessCrashed extends Error {
  readonly name = 'ProcessCrashed';

  /** @param proceed lets the process end as it would have */
  constructor(readonly proceed: () => void) {
    super('the handler left a rejection unhandled, or threw out of a callback');
  }
}

/** The write that ends an attempt is what everything was done for: it is tried again for a few seconds. */
const FINISH_TRIES = 6;
const FIRST_WAIT_MS = 200;

/** Time left that is not spent on waiting. */
const RESERVE_MS = 500;

const NOTHING: GivenTexts = { payload: undefined, checkpoint: undefined };

/** Such a handler returns while it is at work, and its job would be over. Not refused at the start: its other events may do well. */
const CALLBACK_HANDLER = 'the handler was not called: it has a third parameter, a callback, but a job ends when its handler returns. '
  + 'So make it `async (job, context) => result`, or leave the parameter out if nothing calls it';

/**
 * Runs the user's handler as the attempt that has claimed the record, and reports how it ended.
 * @throws ProcessCrashed when an error was left that nobody caught; the attempt's end is recorded then, too
 */
export async function runAttempt(record: JobRecord, ports: Ports, context: Context, parts: AttemptParts): Promise<Performed> {
  const { log, metrics, settings } = parts;
  const started = ports.now();
  const texts = new JobTexts(record, settings.filesPrefix, parts.files);
  const given = await read(texts);
  const remaining = context.getRemainingTimeInMillis();
  // At least half of the time is the handler's, however short a function's timeout is.
  const running = new RunningJob({
    record, texts, given: 'threw' in given ? NOTHING : given, ports, log, metrics, msUntilShutdown: remaining - Math.min(settings.shutdownMs, remaining / 2),
  });
  const watch = watchForCrash(parts.watched);
  try {
    log.info('attempt started', { ...parts.delivered, run: record.run });
    const end = 'threw' in given ? given : await Promise.race([run(parts, running, context), watch.crashed]);
    const state = {
      record: running.record,
      signal: running.signal,
      backoff: (attempt: number) => backoffDelay(settings.backoff, attempt, parts.random()),
      limit: texts.limit,
      inTransaction: running.inTransaction,
      now: ports.now(),
    };
    const event = await withStoredResult(outcomeOf(end, state), texts, context).catch((error: Error) => {
      log.error('the result could not be stored: the job is run again later, and this attempt is not charged', error);
      return outcomeOf({ threw: texts.postponed('the result could not be stored') }, state);
    });
    const done = await persistently(async () => running.finish(event), isLost, context);
    countAttempt(metrics, event, done);
    logEnd(log, event, done, end, { owner: record.owner, duration_ms: ports.now() - started, memory_mb: Number(context.memoryLimitInMB) });
    endProcessIfCrashed(watch, end, log);
    return done;
  } finally {
    running.close();
    watch.stop();
  }
}

async function run({ handler, runJob }: AttemptParts, running: RunningJob, context: Context): Promise<HandlerEnd> {
  if (!runJob && answersByCallback(handler)) {
    return { threw: new JobFailed(CALLBACK_HANDLER, 'HandlerContract') };
  }
  try {
    return { returned: await (runJob ? runJob(running.job, running.record, context) : handler(running.job, context)) };
  } catch (error) {
    return { threw: error };
  }
}

/** What the handler starts with; where that cannot be had, the attempt ends as if the handler had said so. */
async function read(texts: JobTexts): Promise<GivenTexts | { readonly threw: unknown }> {
  try {
    return await texts.read();
  } catch (error) {
    return { threw: error };
  }
}

/** A result that is too long for the record is stored before the write that refers to it. */
async function withStoredResult(event: AttemptEvent, texts: JobTexts, context: Context): Promise<AttemptEvent> {
  if (event.type !== 'succeed' || event.result === undefined) {
    return event;
  }
  const { result } = event;
  return { ...event, result: await persistently(async () => texts.storeResult(result), () => true, context) };
}

function isLost(error: unknown): boolean {
  return error instanceof StepFailed && error.step === 'update';
}

async function persistently<Result>(work: () => Promise<Result>, again: (error: unknown) => boolean, context: Context): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      const wait = FIRST_WAIT_MS * 2 ** (tries - 1);
      if (!again(error) || tries >= FINISH_TRIES || context.getRemainingTimeInMillis() < wait + RESERVE_MS) {
        throw error;
      }
      await sleep(wait);
    }
  }
}

/** @param spent what the attempt cost, and on whose behalf: in this one line, so that queries and rules can add it up by owner */
function logEnd(log: Log, event: AttemptEvent, { outcome, record }: Performed, end: HandlerEnd, spent: Readonly<Record<string, unknown>>): void {
  const fields = { outcome, ...spent, ...(outcome === 'fenced' && { now: record?.status }) };
  const threw = 'threw' in end && end.threw instanceof Error ? { error: end.threw } : {};
  if (event.type !== 'fail' || outcome === 'succeeded') {
    log.info('attempt ended', fields);
    if (outcome === 'succeeded' && 'threw' in end) {
      const { name, message } = describe(end.threw);
      log.warn('the handler threw after the transaction in which its job succeeded', { error_type: name, error_message: message, ...threw });
    }
    return;
  }
  log.warn('attempt ended', { ...fields, error_type: event.error.type, error_message: event.error.message, ...threw });
}

/** Also when the handler had ended by then: an error that is left behind is nobody's to hide. */
function endProcessIfCrashed(watch: CrashWatch, end: HandlerEnd, log: Log): void {
  const crash = watch.heard();
  if (!crash) {
    return;
  }
  if (crash !== end) {
    const error = crash.threw instanceof Error ? crash.threw : { error: cut(String(crash.threw), LONGEST_MESSAGE) };
    log.error('an error was left behind when the handler had ended', error);
  }
  throw new ProcessCrashed(crash.proceed);
}
