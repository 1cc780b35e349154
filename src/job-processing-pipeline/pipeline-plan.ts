import { Annotations, Size } from 'aws-cdk-lib';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { JobProcessingPipelineProps } from './pipeline-props';
import type { PipelineSettings } from './pipeline-settings';
import { workerProps } from './pipeline-worker';
import { CapacityPlan } from '../capacity-plan/capacity-plan';
import { checkPlan } from '../capacity-plan/load-rules';
import { EnvironmentProfile } from '../environment-profile/environment-profile';
import { readFunction } from '../internal/existing-function';
import { known, type PropRules } from '../internal/prop-rules';
import { settle } from '../queued-lambda-worker/worker-settings';

/** What `cdk synth -c cdk-jobworks:plan=true` sets. */
const SHOWN = 'cdk-jobworks:plan';

/** Lambda's own, where nothing is said on the function. */
const DEFAULT_MEMORY = 128;

/** The plan of the load that a pipeline expects, if it does: what it cannot carry is said. */
export function planPipeline(
  rules: PropRules, scope: Construct, props: JobProcessingPipelineProps, settings: PipelineSettings,
): CapacityPlan | undefined {
  const { expectedLoad, processor, api, tracing, retention, bucket } = props;
  if (!expectedLoad) {
    return undefined;
  }
  const { function: fn, called, executions, longest } = processor._kind.planned;
  const existing = fn && readFunction(fn);
  const memory = existing?.defined ? known((existing.unqualified.node.defaultChild as CfnFunction).memorySize ?? DEFAULT_MEMORY) : undefined;
  const plan = CapacityPlan._of(expectedLoad, {
    maximumConcurrency: executions === undefined ? known(settle(workerProps(props, settings)).maximumConcurrency) : undefined,
    maxExecutions: executions,
    calledFunction: called,
    memory: memory === undefined ? undefined : Size.mebibytes(memory),
    architecture: existing?.unqualified.architecture,
    api,
    profile: props.profile ?? EnvironmentProfile.of(scope),
    retention: retention?.isUnresolved() ? undefined : retention,
    tracing,
  }, settings.store.sized);
  checkPlan(rules, plan, { longest, hasBucket: bucket !== undefined, deadline: settings.deadline });
  return plan;
}

/** Shows the plan with what synthesis says, where somebody asked for it. */
export function showPlan(scope: Construct, plan: CapacityPlan | undefined): void {
  const asked: unknown = scope.node.tryGetContext(SHOWN);
  if (asked === true || asked === 'true') {
    Annotations.of(scope).addInfoV2('cdk-jobworks:pipeline.plan', plan?.toString() ?? 'There is no plan. Give the pipeline expectedLoad.');
  }
}
