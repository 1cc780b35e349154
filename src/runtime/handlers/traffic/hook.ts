import type { Context } from 'aws-lambda';
import type { Log } from '../../telemetry/log';

/** What CodeDeploy tells a function that it calls before or after traffic. */
export interface HookEvent {
  readonly DeploymentId: string;
  readonly LifecycleEventHookExecutionId: string;
}

/** Tells CodeDeploy whether the deployment may go on. */
export type Report = (event: HookEvent, status: 'Succeeded' | 'Failed') => Promise<void>;

export interface HookParts {
  readonly report: Report;
  readonly log: Log;
  readonly now: () => number;
}

/** So long before the function would be stopped it gives up, as CodeDeploy waits for an hour if nobody tells it anything. */
const MARGIN_MS = 10_000;

export type HookHandler = (event: HookEvent, context: Pick<Context, 'getRemainingTimeInMillis'>) => Promise<void>;

/**
 * Makes a hook: whatever becomes of the judgement, CodeDeploy is told. Only where it could not be told the hook throws, and Lambda calls it again.
 *
 * @param judge throws where the deployment should be rolled back; is told until when it must be done, in epoch milliseconds
 */
export function hook(judge: (event: HookEvent, until: number, log: Log) => Promise<void>, { report, log, now }: HookParts): HookHandler {
  return async (event, context) => {
    const about = log.with({ deployment_id: event.DeploymentId });
    try {
      await judge(event, now() + context.getRemainingTimeInMillis() - MARGIN_MS, about);
    } catch (error) {
      about.error('the deployment is rolled back', error as Error);
      await report(event, 'Failed');
      return;
    }
    await report(event, 'Succeeded');
    about.info('the deployment goes on');
  };
}
