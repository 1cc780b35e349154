import { Duration, Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { JobProcessingPipelineProps } from './pipeline-props';
import { WORKER_PROP_NAMES, workerProps } from './pipeline-worker';
import { checkAlarmOptions } from '../internal/alarm-factory';
import { PropRules, seconds } from '../internal/prop-rules';
import { checkRestApi } from '../job-api/rest-api-rules';
import { checkSchema } from '../job-api/schema-rules';
import { packed } from '../job-functions/api-functions';
import { attemptTimeout } from '../job-processor/connect-processor';
import type { JobProcessor } from '../job-processor/job-processor';
import { layerProblems } from '../job-processor/node-layer';
import { checkRetryPolicy, RetryPolicy } from '../queued-lambda-worker/retry-policy';
import { checkInnerWorker } from '../queued-lambda-worker/worker-rules';

/** A function has 4 KB for its environment: so much of it is for the schema, 1 KB for customers, and 1 KB for the names of everything else. */
const PACKED_SCHEMA_LIMIT = 2_048;

/** Days for which the queue keeps a message: no job outlives its message, and no message its job's record. */
const QUEUE_RETENTION_DAYS = 4;

/** Everything that a pipeline's props can contradict, said at once, with the rules of the worker inside (concurrency, its alarms). */
export function checkPipeline(scope: Construct, props: JobProcessingPipelineProps): void {
  const rules = new PropRules(scope);
  checkProcessor(rules, props);
  for (const problem of layerProblems(props.processor._function, Stack.of(scope))) {
    rules.check(false, problem);
  }
  checkRetryPolicy(rules, 'retryPolicy', props.retryPolicy);
  rules.duration('retention', props.retention, Duration.days(QUEUE_RETENTION_DAYS), Duration.days(3650));
  checkDeadline(rules, props);
  checkName(rules, props.pipelineName);
  checkRestApi(rules, props.api?._rest);
  checkPayloadSchema(rules, props);
  checkAlarmOptions(rules, 'alarms.failureRate', props.alarms?.failureRate);
  checkAlarmOptions(rules, 'alarms.firstDeadLettered', props.alarms?.firstDeadLettered);
  checkAlarmOptions(rules, 'alarms.deadLettered', props.alarms?.deadLettered);
  checkAlarmOptions(rules, 'alarms.apiErrors', props.alarms?.apiErrors);
  checkInnerWorker(rules, workerProps(props), WORKER_PROP_NAMES);
  rules.throwIfBroken();
}

/** What the types refuse, and a JavaScript app or one that is run without their check passes all the same: nothing else can be judged then. */
function checkProcessor(rules: PropRules, { processor }: Partial<JobProcessingPipelineProps>): void {
  const fn: Partial<JobProcessor['_function']> | undefined = processor?._function;
  rules.check(fn !== undefined, {
    rule: 'processor must say what runs the jobs',
    fix: 'pass JobProcessor.inFunction(fn)',
  });
  rules.check(fn === undefined || (fn.runtime !== undefined && fn.node?.defaultChild !== undefined), {
    rule: 'processor: the function must be defined in this app, not imported, and be no version or alias: its handler is replaced',
    value: fn?.node?.path,
    fix: 'pass the lambda.Function itself',
  });
  rules.throwIfBroken();
}

function checkDeadline(rules: PropRules, { deadline, processor, retryPolicy }: JobProcessingPipelineProps): void {
  const timeout = attemptTimeout(processor._function).toSeconds();
  const given = seconds(deadline);
  rules.check(given === undefined || (given >= 60 && Number.isInteger(given)), {
    rule: 'deadline must be 1 minute or more, in whole seconds',
    value: deadline,
    fix: 'raise deadline',
  });
  rules.check(given === undefined || given >= timeout, {
    rule: `deadline must leave time for one attempt of the processor's function (timeout ${timeout} s)`,
    value: deadline,
    fix: 'raise deadline or lower the timeout of the function',
  });
  const pause = seconds((retryPolicy ?? RetryPolicy.exponential()).maxDelay) ?? 0;
  const longest = QUEUE_RETENTION_DAYS * 86_400 - pause - timeout;
  rules.check(given === undefined || given <= longest, {
    rule: `deadline, the longest pause between attempts (${pause} s) and the timeout of one (${timeout} s) must fit into the `
      + `${QUEUE_RETENTION_DAYS} days for which the queue keeps a message`,
    value: deadline,
    fix: `lower deadline to ${Math.floor(longest / 3600)} hours, or retryPolicy.maxDelay`,
  });
}

function checkName(rules: PropRules, name: string | undefined): void {
  rules.check(name === undefined || Token.isUnresolved(name) || /^[\w.-]{1,128}$/.test(name), {
    rule: 'pipelineName must be 1 to 128 letters, digits, dots, dashes and underscores: it is a dimension of metrics',
    value: name,
    fix: "give a name such as 'drawings'",
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
