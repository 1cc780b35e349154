import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { PipelineSettings } from './pipeline-settings';
import { assumeConcurrency } from '../internal/assumed-concurrency';
import { known } from '../internal/prop-rules';
import { apiEnvironment, type ApiEnvironment } from '../job-api/api-environment';
import { httpEnvironment } from '../job-api/http/http-environment';
import type { JobApiOptions } from '../job-api/job-api-options';
import type { PayloadSchema } from '../job-api/payload-schema';
import { changeFunction } from '../job-functions/change-function';
import { deadLetterFunction } from '../job-functions/dead-letter-function';
import { operateFunction } from '../job-functions/operate-function';
import type { PipelineResources } from '../job-functions/pipeline-resources';
import { published } from '../job-functions/published';
import { statusFunction } from '../job-functions/status-function';
import { submitFunction } from '../job-functions/submit-function';
import { sweeperFunction } from '../job-functions/sweeper-function';
import { uploadsFunction } from '../job-functions/uploads-function';
import { AUTHENTICATION, ENVIRONMENT } from '../runtime/wire/environment';

/** The pipeline's own functions. */
export interface PipelineFunctions {
  /** The function, or the alias that stands ready. */
  readonly submit: lambda.IFunction;
  /** The function, or the alias that stands ready. */
  readonly status: lambda.IFunction;
  /** Only with an API. */
  readonly change?: lambda.Function;
  /** Only with an API and a bucket. */
  readonly uploads?: lambda.IFunction;
  readonly deadLetter: lambda.Function;
  readonly sweeper: lambda.Function;
  readonly operate: lambda.Function;
}

/** What the functions are made with beside the resources and the settings. */
export interface PipelineFunctionsProps {
  /** JSON of the customers' API keys; produced when all are known. */
  readonly customers: string;
  readonly payloadSchema?: PayloadSchema;
  readonly worker: lambda.IFunction;
  readonly deadLetterQueue: sqs.IQueue;
  readonly eventSourceMapping: lambda.EventSourceMapping;
  /** Whether new versions take over gradually. */
  readonly isDeployed: boolean;
}

/** What a database reckons with where nobody has said how many calls of a function there are at once. */
export const ASSUMED_CALLS_AT_ONCE = 20;

/** How many processes of the function that submits, and of the one that tells the status, run at once; nothing where nobody said. */
export function concurrencyOf(api: JobApiOptions | undefined): number | undefined {
  return api?.reservedConcurrency;
}

/** The same, as a database reckons: what is provisioned is no limit, since more come where it does not suffice, but there are as many. */
function callsAtOnce(api: JobApiOptions | undefined): number {
  const provisioned = known(api?.maxProvisionedConcurrency) ?? known(api?.provisionedConcurrency) ?? 0;
  return known(concurrencyOf(api)) ?? Math.max(ASSUMED_CALLS_AT_ONCE, provisioned);
}

/** What the functions are told of the API. Without one they are told nothing: a call that looks like one of the API's knows no caller then. */
function environmentOf({ rest, http }: PipelineSettings, { customers }: PipelineFunctionsProps): Omit<ApiEnvironment, 'common'> {
  const environment = http ? httpEnvironment(http) : rest && apiEnvironment(rest);
  if (!environment) {
    return { submit: {}, status: {}, change: {}, uploads: {} };
  }
  const { common, submit, status, change, uploads } = environment;
  const all = { ...common, ...(common[ENVIRONMENT.authentication] === AUTHENTICATION.apiKey && { [ENVIRONMENT.customers]: customers }) };
  return { submit: { ...all, ...submit }, status: { ...all, ...status }, change: { ...all, ...change }, uploads: { ...all, ...uploads } };
}

/** Creates the functions, each with the permissions of what it does and no more. */
export function createPipelineFunctions(
  scope: Construct, resources: PipelineResources, settings: PipelineSettings, props: PipelineFunctionsProps,
): PipelineFunctions {
  const { api } = settings;
  const environment = environmentOf(settings, props);
  const reservedConcurrency = api?.reservedConcurrency;
  const atOnce = callsAtOnce(api);
  const submit = submitFunction(scope, 'Submit', resources, environment.submit, {
    ...settings, payloadSchema: props.payloadSchema, reservedConcurrency, atOnce,
  });
  const status = statusFunction(scope, 'Status', resources, environment.status, atOnce, reservedConcurrency);
  if (api && api.reservedConcurrency === undefined) {
    [submit, status].forEach((fn) => assumeConcurrency(fn, 'api.reservedConcurrency'));
  }
  return {
    submit: published(submit, api, props.isDeployed),
    status: published(status, api, props.isDeployed),
    ...(api && { change: changeFunction(scope, 'Change', resources, environment.change, settings.deadline) }),
    ...(api && resources.bucket && { uploads: uploadsFunction(scope, 'Uploads', resources, environment.uploads) }),
    deadLetter: deadLetterFunction(scope, 'DeadLetter', resources, props.deadLetterQueue),
    sweeper: sweeperFunction(scope, 'Sweeper', resources),
    operate: operateFunction(scope, 'Operate', resources, { ...props, deadline: settings.deadline }),
  };
}
