import { Annotations, Duration, Stack, Token } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { TrafficShift } from './deployment-options';
import type { GradualDeployment } from './gradual-deployment';
import { refusedBy } from './payload-judge';
import type { SmokeTest } from './smoke-test';
import { LIVE } from '../internal/live-alias';
import { known, seconds, type PropRules } from '../internal/prop-rules';
import type { PayloadSchema } from '../job-api/payload-schema';

const CODE_DEPLOY = "CodeDeploy's limit";
/** Between the first and the last shift of traffic. */
const LONGEST_MINUTES = 2_880;
/** A group has room for 10, of which one is that of the new version. */
const MOST_ALARMS = 9;
/** A function has 4 KB for its environment: so much of it is for what the smoke test is given and expects. */
const MOST_BYTES = 2_048;
/** Over so many minutes the alarm of a new version judges. */
const ALARM_MINUTES = 5;

/** Everything that can be wrong with the deployment of a pipeline, beside what goes for its function. */
export function checkPipelineDeployment(rules: PropRules, deployment: GradualDeployment, payloadSchema: PayloadSchema | undefined): void {
  checkDeployment(rules, deployment);
  const { smokeTest } = deployment._options;
  rules.check(smokeTest?._call === undefined, {
    rule: 'deployment.smokeTest must be SmokeTest.job() where there are jobs: new versions are called before they get traffic without being told to',
    fix: 'write SmokeTest.job({ payload: { … } })',
  });
  checkJob(rules, smokeTest?._job, payloadSchema);
}

/** The same for a worker that has no pipeline. */
export function checkWorkerDeployment(rules: PropRules, scope: Construct, deployment: GradualDeployment, fn: lambda.IFunction | undefined): void {
  checkDeployment(rules, deployment);
  const { smokeTest, beforeTraffic } = deployment._options;
  rules.check(smokeTest?._job === undefined, {
    rule: 'deployment.smokeTest must be SmokeTest.call() here: messages have no record that would say how they ended',
    fix: 'write SmokeTest.call({ event: { … } }), or use a JobProcessingPipeline',
  });
  rules.check(!smokeTest?._call || !beforeTraffic, {
    rule: 'deployment.beforeTraffic and SmokeTest.call() are alternatives: both are called before traffic',
    fix: 'give one of them, or afterTraffic',
  });
  checkSize(rules, 'event and expectedAnswer', smokeTest?._call);
  if (fn) {
    checkDeployable(rules, scope, 'function', fn);
  }
}

/** Whether a function that is given can have an alias that is deployed. */
export function checkDeployable(rules: PropRules, scope: Construct, prop: string, fn: lambda.IFunction): void {
  const isQualified = fn instanceof lambda.QualifiedFunctionBase;
  rules.check(!isQualified, {
    rule: `${prop} must be the function itself, and no version or alias, beside deployment: that makes an alias, and moves it from version to version`,
    value: fn.node.path,
    fix: 'pass the function, and remove its alias, or remove deployment and deploy the alias yourself',
  });
  const isOwn = fn instanceof lambda.Function;
  rules.check(isQualified || isOwn, {
    rule: `${prop} must be defined in this app beside deployment: nothing here changes an imported function`,
    value: fn.node.path,
    fix: 'set the deployment up where the function is defined, or remove it here',
  });
  if (!isOwn) {
    return;
  }
  rules.check(Stack.of(fn) === Stack.of(scope), {
    rule: `${prop} must be in the same stack beside deployment: its alias and what moves it need each other`,
    value: Stack.of(fn).node.path,
    fix: 'create the function in this stack, or remove deployment',
  });
  const other = aliasOf(fn);
  rules.check(other === undefined, {
    rule: `${prop} must have no alias '${LIVE}' beside deployment, which makes one of that name`,
    value: other?.node.path,
    fix: 'remove it or give it another name',
  });
}

/** What may be fine, and often is not. */
export function warnOfDeployment(scope: Construct, { _shift: shift, _options: options }: GradualDeployment, provisioned = false): void {
  const { rollbackOnAlarms = true } = options;
  const annotations = Annotations.of(scope);
  const minutes = lasts(shift);
  if (rollbackOnAlarms && minutes !== undefined && shift.kind !== 'all-at-once' && minutes < ALARM_MINUTES) {
    annotations.addWarningV2('cdk-jobworks:deployment.shortInterval',
      `The new version has all traffic after ${minutes} minutes, before an alarm that judges ${ALARM_MINUTES} minutes is likely to ring: what goes wrong is seldom `
      + 'seen in time. Give a longer interval.');
  }
  if (provisioned) {
    annotations.addWarningV2('cdk-jobworks:deployment.provisionedConcurrency',
      'The functions that submit jobs and tell their status stand ready (api.provisionedConcurrency), so their traffic is not moved by the deployment: Lambda refuses '
      + 'to prepare instances for an alias whose traffic is divided. It moves each of them when the new version is ready. The worker is deployed as asked for.');
  }
}

function checkDeployment(rules: PropRules, { _shift: shift, _options: options }: GradualDeployment): void {
  checkShift(rules, shift);
  const { alarms = [], rollbackOnAlarms, smokeTest, afterTraffic } = options;
  rules.check(alarms.length <= MOST_ALARMS, {
    rule: `deployment.alarms must be ${MOST_ALARMS} at most: ${CODE_DEPLOY} is 10, and the new version has one of its own`,
    value: alarms.length,
    fix: 'put several into a CompositeAlarm',
  });
  rules.check(rollbackOnAlarms !== false || alarms.length === 0, {
    rule: 'deployment.alarms cannot be given beside rollbackOnAlarms: false: for them, too, a deployment would be rolled back',
    fix: 'remove one of them',
  });
  rules.check(!smokeTest?._job || !afterTraffic, {
    rule: 'deployment.afterTraffic and SmokeTest.job() are alternatives: both are called when the new version has all traffic',
    fix: 'give one of them, or submit the job in your own function',
  });
}

function checkShift(rules: PropRules, shift: TrafficShift): void {
  if (shift.kind === 'all-at-once') {
    return;
  }
  rules.integer('deployment.percent', shift.percent, 1, 99, ['less is no deployment', 'all of it is GradualDeployment.allAtOnce()']);
  const given = seconds(shift.interval);
  rules.check(given === undefined || (given >= 60 && given % 60 === 0 && given <= LONGEST_MINUTES * 60), {
    rule: 'deployment.interval must be from 1 minute to 2 days, in whole minutes',
    value: shift.interval,
    fix: `give ${given === undefined || given % 60 !== 0 ? 'whole minutes' : given < 60 ? '1 minute or more' : '2 days or less'} (${CODE_DEPLOY})`,
  });
  const minutes = rules.fine('deployment.percent', 'deployment.interval') ? lasts(shift) : undefined;
  rules.check(minutes === undefined || minutes <= LONGEST_MINUTES, {
    rule: `deployment.interval and percent: all steps together must take 2 days at most (${CODE_DEPLOY})`,
    value: minutes === undefined ? undefined : Duration.minutes(minutes),
    fix: 'take larger steps, or shorter ones',
  });
}

/** Minutes from the first shift of traffic to the last; unknown where they are known at deployment alone. */
function lasts({ kind, percent, interval }: TrafficShift): number | undefined {
  const step = seconds(interval);
  const part = known(percent);
  if (step === undefined || part === undefined) {
    return undefined;
  }
  return step / 60 * (kind === 'linear' ? Math.ceil(100 / part) - 1 : 1);
}

function checkJob(rules: PropRules, job: SmokeTest['_job'], payloadSchema: PayloadSchema | undefined): void {
  if (!job) {
    return;
  }
  rules.duration('deployment.smokeTest.timeout', job.timeout, Duration.seconds(10), Duration.minutes(14), [
    'a job has to be taken from its queue first', "what waits for it has Lambda's 15 minutes",
  ]);
  checkSize(rules, 'payload and expectedResult', job);
  const isKnown = !Token.isUnresolved(job.payload) && !JSON.stringify(job.payload).includes('${Token[');
  const refused = payloadSchema && isKnown ? refusedBy(payloadSchema._schema, job.payload) : [];
  rules.check(refused.length === 0, {
    rule: `deployment.smokeTest.payload must be what payloadSchema allows: ${refused.slice(0, 5).join(', ')}`,
    fix: 'give the payload of a job that somebody could submit',
  });
}

function checkSize(rules: PropRules, what: string, given: object | undefined): void {
  const { payload, expectedResult, event, expectedAnswer } = (given ?? {}) as Record<string, unknown>;
  const bytes = Buffer.byteLength(JSON.stringify([payload, expectedResult, event, expectedAnswer].filter((value) => value !== undefined)));
  rules.check(bytes <= MOST_BYTES, {
    rule: `deployment.smokeTest: ${what} must take at most ${MOST_BYTES} bytes as JSON: they travel in the environment of a function`,
    value: bytes,
    fix: 'refer to a file that is there, and compare less',
  });
}

function aliasOf(fn: lambda.Function): lambda.CfnAlias | undefined {
  const stack = Stack.of(fn);
  const name = JSON.stringify(stack.resolve(fn.functionName));
  return stack.node.findAll()
    .filter((child): child is lambda.CfnAlias => child instanceof lambda.CfnAlias)
    .find((alias) => alias.name === LIVE && JSON.stringify(stack.resolve(alias.functionName)) === name);
}
