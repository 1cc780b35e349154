import { Duration, Stack, Stage, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { pipelineAlarmDefaults } from './pipeline-alarms';
import { daysKept } from './pipeline-bucket';
import { planPipeline, showPlan } from './pipeline-plan';
import type { JobProcessingPipelineProps } from './pipeline-props';
import type { PipelineSettings } from './pipeline-settings';
import { warnOfConnections, warnOfRetries } from './pipeline-warnings';
import { QUEUE_RETENTION_DAYS, WORKER_PROP_NAMES, workerProps } from './pipeline-worker';
import type { CapacityPlan } from '../capacity-plan/capacity-plan';
import { checkLoad } from '../capacity-plan/expected-load';
import { checkDeployable, checkPipelineDeployment, warnOfDeployment } from '../gradual-deployment/deployment-rules';
import { checkAlarmOptions, checkJudged } from '../internal/alarm-factory';
import { claimantOf } from '../internal/claims';
import { known, PropRules, seconds } from '../internal/prop-rules';
import { warnOfUnknownParts } from '../internal/unknown-props';
import { HTTP_API_OPTIONS } from '../job-api/http/http-api-kinds';
import { checkHttpApi } from '../job-api/http/http-api-rules';
import { REST_API_OPTIONS } from '../job-api/rest-api-kinds';
import { checkRestApi } from '../job-api/rest-api-rules';
import { checkSchema, warnOfFormats } from '../job-api/schema-rules';
import { givenLifetime } from '../job-files/files-lifetime';
import { packed } from '../job-functions/submit-function';
import { checkRetryPolicy, RetryPolicy } from '../queued-lambda-worker/retry-policy';
import { checkInnerWorker } from '../queued-lambda-worker/worker-rules';

/** A function has 4 KB for its environment: so much of it is for the schema, 1 KB for customers, and 1 KB for the names of everything else. */
const PACKED_SCHEMA_LIMIT = 2_048;

/**
 * Everything that a pipeline's props can contradict, said at once, with the rules of the worker inside (concurrency, its alarms); and then what it
 * cannot carry of the load that is expected.
 *
 * @returns the plan of that load, if one is
 */
export function checkPipeline(scope: Construct, props: JobProcessingPipelineProps, settings: PipelineSettings): CapacityPlan | undefined {
  const rules = new PropRules(scope);
  checkProcessor(rules, props);
  if (props.expectedLoad) {
    checkLoad(rules, 'expectedLoad', props.expectedLoad);
  }
  for (const problem of props.processor._kind.problems(Stack.of(scope), settings.store)) {
    rules.check(false, problem);
  }
  checkRetryPolicy(rules, 'retryPolicy', settings.retryPolicy);
  checkAttempts(rules, props, settings);
  rules.duration('retention', props.retention, Duration.days(QUEUE_RETENTION_DAYS), Duration.days(3650), [
    `the queue keeps a message for ${QUEUE_RETENTION_DAYS} days, and none may outlive its record`, 'a limit of cdk-jobworks',
  ]);
  checkDeadline(rules, props, settings);
  checkName(rules, scope, props.pipelineName);
  settings.store.check(rules, scope, props.processor._kind.workerProps.function);
  checkRestApi(rules, settings.rest);
  checkHttpApi(rules, settings.http);
  checkNewVersions(rules, scope, props);
  checkUploads(rules, props, settings);
  checkLifetime(rules, props, settings);
  checkPayloadSchema(rules, props);
  for (const [name, defaults] of Object.entries(pipelineAlarmDefaults())) {
    checkAlarmOptions(rules, `alarms.${name}`, props.alarms?.[name as keyof ReturnType<typeof pipelineAlarmDefaults>], defaults);
  }
  checkAlarmsJudge(rules, props, settings);
  // What was said of the attempts is not to be said of the messages again.
  const judged = rules.fine('processor', 'retryPolicy.maxAttempts') ? settings : { ...settings, retryPolicy: RetryPolicy.none() };
  checkInnerWorker(rules, workerProps(props, judged), WORKER_PROP_NAMES);
  rules.throwIfBroken();
  const plan = planPipeline(rules, scope, props, settings);
  rules.throwIfBroken();
  showPlan(scope, plan);
  if (props.deployment) {
    warnOfDeployment(scope, props.deployment, settings.api?.provisionedConcurrency !== undefined);
  }
  warnOfRetries(scope, props, settings);
  warnOfConnections(scope, settings);
  if (props.payloadSchema) {
    warnOfFormats(scope, props.payloadSchema._schema);
  }
  warnOfUnknownParts(scope, 'cdk-jobworks:pipeline.unknownProps', 'api', props.api?._rest, REST_API_OPTIONS);
  warnOfUnknownParts(scope, 'cdk-jobworks:pipeline.unknownProps', 'api', props.api?._http, HTTP_API_OPTIONS);
  return plan;
}

function checkNewVersions(rules: PropRules, scope: Construct, { deployment, payloadSchema, processor }: JobProcessingPipelineProps): void {
  if (!deployment) {
    return;
  }
  checkPipelineDeployment(rules, deployment, payloadSchema);
  const fn = processor._kind.workerProps.function;
  if (fn && Stack.of(fn) === Stack.of(scope)) { // else that has been said
    checkDeployable(rules, scope, 'processor: the function', fn);
  }
}

/** Alarms that were tuned of parts that this pipeline has not. */
function checkAlarmsJudge(rules: PropRules, { alarms = {}, processor }: JobProcessingPipelineProps, { api }: PipelineSettings): void {
  const reserved = (known(api?.reservedConcurrency) ?? 0) < 2 ? 'reservedConcurrency of 2 or more of the API' : undefined;
  const missing = {
    apiErrors: api ? undefined : 'an API',
    apiErrorRate: api ? undefined : 'an API',
    submitConcurrency: reserved,
    statusConcurrency: reserved,
    executionEndErrors: processor._kind.besides?.stateMachine ? undefined : 'JobProcessor.runStateMachine()',
  };
  for (const [name, what] of Object.entries(missing)) {
    checkJudged(rules, `alarms.${name}`, alarms[name as keyof typeof missing], what);
  }
}

/** What was given to the processor is not what it should be: nothing else can be judged then. */
function checkProcessor(rules: PropRules, { processor }: JobProcessingPipelineProps): void {
  for (const problem of processor._kind.misuse()) {
    rules.check(false, problem);
  }
  rules.throwIfBroken();
}

/** A message that is received as often as it may, and each time hidden for as long, must not expire before. */
function checkAttempts(rules: PropRules, props: JobProcessingPipelineProps, settings: PipelineSettings): void {
  const { maxReceiveCount, visibilityTimeout } = workerProps(props, settings);
  const hidden = visibilityTimeout!.toSeconds();
  const receives = Math.floor(QUEUE_RETENTION_DAYS * 86_400 / hidden);
  rules.check(!rules.fine('processor', 'retryPolicy.maxAttempts') || (known(maxReceiveCount) ?? 0) <= receives, {
    rule: `retryPolicy.maxAttempts must be at most ${Math.floor((receives - 5) / 2)} where an attempt may take ${attemptOf(props)}: `
      + `a message is received twice for each attempt and 5 times more, each time hidden for ${visibilityTimeout?.toHumanString()}, `
      + `and the queue keeps it for ${QUEUE_RETENTION_DAYS} days`,
    value: settings.retryPolicy.maxAttempts,
    fix: 'lower maxAttempts, or the timeout of the function',
  });
}

function checkDeadline(rules: PropRules, props: JobProcessingPipelineProps, { retryPolicy }: PipelineSettings): void {
  const { deadline, processor } = props;
  const given = seconds(deadline);
  if (given === undefined) {
    return;
  }
  rules.check(given >= 60 && Number.isInteger(given), {
    rule: 'deadline must be 1 minute or more, in whole seconds',
    value: deadline,
    fix: given < 60 ? 'give 1 minute or more' : 'give whole seconds',
  });
  const attempt = rules.fine('processor') ? seconds(processor._kind.attemptTimeout) ?? 0 : 0;
  rules.check(!rules.fine('deadline') || given >= attempt, {
    rule: `deadline must leave time for one attempt, which may take ${attemptOf(props)}`,
    value: deadline,
    fix: 'raise deadline or lower the timeout of the function',
  });
  const pause = rules.fine('retryPolicy.firstDelay', 'retryPolicy.maxDelay') ? seconds(retryPolicy.maxDelay) ?? 0 : 0;
  const longest = QUEUE_RETENTION_DAYS * 86_400 - pause - attempt;
  const taken = [
    ...(pause > 0 ? [`the longest pause between attempts (${retryPolicy.maxDelay?.toHumanString()}${props.retryPolicy ? '' : ' unless retryPolicy is given'})`] : []),
    ...(attempt > 0 ? [`one attempt (${attemptOf(props)})`] : []),
  ];
  rules.check(given <= longest, {
    rule: `${['deadline', ...taken].join(' and ')} must fit into the ${QUEUE_RETENTION_DAYS} days for which the queue keeps a message`,
    value: deadline,
    fix: `lower deadline to ${Math.floor(longest / 3600)} hours${props.retryPolicy && pause > 0 ? ', or retryPolicy.maxDelay' : ''}`,
  });
}

/** How long an attempt may take, and what of. */
function attemptOf({ processor }: JobProcessingPipelineProps): string {
  const { attemptTimeout, attemptNote } = processor._kind;
  return `${attemptTimeout.toHumanString()}, ${attemptNote}`;
}

function checkName(rules: PropRules, scope: Construct, name: string | undefined): void {
  rules.check(name === undefined || Token.isUnresolved(name) || /^(?=.*[A-Za-z0-9])[\w.-]{1,128}$/.test(name), {
    rule: 'pipelineName must be 1 to 128 letters, digits, dots, dashes and underscores, one letter or digit among them: '
      + 'it is a dimension of metrics, and the name of a parameter',
    value: name,
    fix: "give a name such as 'drawings'",
  });
  const other = name === undefined ? undefined : claimantOf(scope, nameClaim(scope, name));
  rules.check(other === undefined, {
    rule: `pipelineName must be another than that of ${other?.node.path}, in the same account and region: they would share metrics and operators`,
    value: name,
    fix: 'give each pipeline a name of its own',
  });
}

/** What a pipeline claims of its name. Stacks without an environment are taken to go where the others of their stage go. */
export function nameClaim(scope: Construct, name: string): string {
  const { account, region, environment } = Stack.of(scope);
  const anywhere = Token.isUnresolved(account) || Token.isUnresolved(region);
  return `pipeline ${name} in ${environment}${anywhere ? ` of ${Stage.of(scope)?.node.path ?? ''}` : ''}`;
}

function checkUploads(rules: PropRules, { bucket }: JobProcessingPipelineProps, { api }: PipelineSettings): void {
  if (!bucket) {
    rules.absent(
      { 'api.uploadPath': api?.uploadPath, 'api.maxUploadSize': api?.maxUploadSize }, 'without a bucket: there is nowhere to upload to', 'give bucket',
    );
  }
}

/** A record must not outlive the files that it refers to. */
function checkLifetime(rules: PropRules, { bucket }: JobProcessingPipelineProps, settings: PipelineSettings): void {
  const kept = givenLifetime(bucket);
  if (kept === undefined || !rules.fine('deadline', 'retention')) {
    return;
  }
  const needed = daysKept(settings);
  rules.check(kept >= needed, {
    rule: `bucket must keep files for ${needed} days, as long as records may need them: retention, twice the deadline and a day`,
    value: `${kept} days`,
    fix: `give JobFiles expiration: Duration.days(${needed}) or none, or lower retention or deadline`,
  });
}

function checkPayloadSchema(rules: PropRules, { payloadSchema }: JobProcessingPipelineProps): void {
  if (payloadSchema) {
    checkSchema(rules, payloadSchema._schema);
  }
  const size = payloadSchema ? packed(payloadSchema).length : 0;
  rules.check(size <= PACKED_SCHEMA_LIMIT, {
    rule: `payloadSchema must take at most ${PACKED_SCHEMA_LIMIT} bytes when compressed: it travels in the environment of a function`,
    value: size,
    fix: 'leave out descriptions and examples, or judge the finer points in the handler',
  });
}
