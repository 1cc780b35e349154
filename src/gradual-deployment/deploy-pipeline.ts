import { Duration } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { Deployment, type DeployedAlias } from './deployment';
import { afterTrafficHook, beforeTrafficHook, type HookScope, type JobDoors } from './deployment-hooks';
import type { GradualDeployment } from './gradual-deployment';
import { CHECK_EVENT, CHECK_PASSED, CHECKED_JOB, type VersionCheck } from '../runtime/wire/deployment';
import { ERROR_CODE } from '../runtime/wire/http';

/** The aliases of a pipeline that are deployed, and what is behind them. */
export interface DeployedPipeline extends HookScope {
  readonly worker: lambda.Alias;
  /** Not moved where they stand ready: Lambda does it then. */
  readonly api?: { readonly submit: lambda.Alias; readonly status: lambda.Alias };
  /** That of failed jobs, from which a new version fails too often. */
  readonly percent: number;
  readonly doors: JobDoors;
}

/** Some calls at once, which take a second each, unless a permission is seconds old. */
const CHECK_MINUTES = 2;

/**
 * What a version is asked before it gets traffic. The functions of the API are called as `grantSubmit()` and `grantReadJobs()` let others call
 * them: one is given nothing to submit, the other looks for a job that is not there. Both refuse that, by which they have started, know their
 * settings, and have asked the store.
 */
function checksOf({ worker, api }: DeployedPipeline): VersionCheck[] {
  return [
    { name: 'worker', function: worker.version.functionArn, event: { [CHECK_EVENT]: true }, answer: { [CHECK_EVENT]: CHECK_PASSED } },
    ...(api ? [
      { name: 'submit', function: api.submit.version.functionArn, event: {}, refusal: ERROR_CODE.badRequest },
      { name: 'status', function: api.status.version.functionArn, event: { job_id: CHECKED_JOB }, refusal: ERROR_CODE.notFound },
    ] : []),
  ];
}

/** Has CodeDeploy move the traffic of a pipeline's worker, and of the functions that submit jobs and tell their status. */
export function deployPipeline(scope: Construct, given: GradualDeployment, pipeline: DeployedPipeline): Deployment {
  const { name, worker, api, percent, doors } = pipeline;
  const deployment = new Deployment(scope, 'Deployment', given);
  const before = beforeTrafficHook(deployment, pipeline, checksOf(pipeline), Duration.minutes(CHECK_MINUTES));
  const job = given._options.smokeTest?._job;
  const after = job && afterTrafficHook(deployment, pipeline, job, doors);
  const common = { percent, pipelineName: name };
  const aliases: DeployedAlias[] = [
    { ...common, name: 'Worker', label: `${name}, worker`, alias: worker, isWorker: true },
    ...(api ? [
      { ...common, name: 'Submit', label: `${name}, submissions`, alias: api.submit, isWorker: false, refuses: true },
      { ...common, name: 'Status', label: `${name}, status`, alias: api.status, isWorker: false, refuses: true },
    ] : []),
  ];
  deployment.deploy(aliases, { before, after });
  return deployment;
}
