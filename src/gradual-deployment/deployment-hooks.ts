import { Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { SmokeTestJobOptions } from './smoke-test';
import type { EnvironmentProfile } from '../environment-profile/environment-profile';
import { checkEnvironmentSize } from '../internal/environment-size';
import { liveArn } from '../internal/live-alias';
import { jobFunction } from '../job-functions/job-function';
import type { SmokeJob, VersionCheck } from '../runtime/wire/deployment';
import { ENVIRONMENT } from '../runtime/wire/environment';

/** What the hooks of a construct are made with. */
export interface HookScope {
  /** In their log lines and descriptions. */
  readonly name: string;
  readonly profile: EnvironmentProfile;
  readonly encryptionKey?: kms.IKey;
}

/** Who submits jobs, and who tells their status. */
export interface JobDoors {
  readonly submit: lambda.Function;
  readonly status: lambda.Function;
}

/** What a smoke test may take unless something else is said. */
export const SMOKE_TEST_MINUTES = 5;
/** Beside the job itself: to submit it and to answer CodeDeploy, and 10 seconds that are left. */
const AROUND_SECONDS = 30;

const NOTHING_TO_LOSE = 'CodeDeploy waits for what the function tells it, and rolls back where it is told nothing: there is no event to lose';

/** The function that calls new versions before they get any traffic: it may call these and no others. */
export function beforeTrafficHook(scope: Construct, given: HookScope, checks: readonly VersionCheck[], longest: Duration): lambda.Function {
  const fn = hookFunction(scope, 'BeforeTraffic', given, {
    entry: 'before-traffic',
    description: `Checks new versions before they get traffic: ${given.name}`,
    timeout: longest,
    environment: { [ENVIRONMENT.versionChecks]: Stack.of(scope).toJsonString(checks) },
  });
  allowCalls(fn, checks.map((check) => check.function));
  return fn;
}

/** The function that submits a job when a new version has all traffic: it may submit and read jobs. */
export function afterTrafficHook(scope: Construct, given: HookScope, job: SmokeTestJobOptions, { submit, status }: JobDoors): lambda.Function {
  const timeout = job.timeout ?? Duration.minutes(SMOKE_TEST_MINUTES);
  const said: SmokeJob = { payload: job.payload, result: job.expectedResult, timeout_seconds: timeout.toSeconds() };
  const doors = [liveArn(submit), liveArn(status)] as const;
  const fn = hookFunction(scope, 'AfterTraffic', given, {
    entry: 'after-traffic',
    description: `Submits a job when a new version has all traffic: ${given.name}`,
    timeout: Duration.seconds(timeout.toSeconds() + AROUND_SECONDS),
    environment: {
      [ENVIRONMENT.smokeJob]: Stack.of(scope).toJsonString(said),
      [ENVIRONMENT.submitFunction]: doors[0],
      [ENVIRONMENT.statusFunction]: doors[1],
    },
  });
  allowCalls(fn, doors);
  return fn;
}

function hookFunction(
  scope: Construct, id: string, { name, profile, encryptionKey }: HookScope,
  one: { readonly entry: string; readonly description: string; readonly timeout: Duration; readonly environment: Record<string, string> },
): lambda.Function {
  const fn = jobFunction(scope, id, {
    ...one, profile, encryptionKey, losesNothing: NOTHING_TO_LOSE, environment: { [ENVIRONMENT.pipeline]: name, ...one.environment },
  });
  checkEnvironmentSize(fn, 'shorten what the smoke test is given and expects');
  encryptionKey?.grantDecrypt(fn); // its environment
  return fn;
}

function allowCalls(fn: lambda.Function, resources: readonly string[]): void {
  fn.addToRolePolicy(new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [...resources] }));
}
