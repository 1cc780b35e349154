import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { acknowledge } from '../internal/acknowledge';
import { allowTracing, traceActively } from '../internal/function-role';
import { layerProblem, stackLayer } from '../internal/layer-limit';
import type { BrokenRule } from '../internal/prop-rules';
import { allowOwnQueue } from '../job-functions/runner-function';
import { ENVIRONMENT } from '../runtime/wire/environment';
import { NODE_WORKER_HANDLER } from '../runtime/wire/layer';

const LAYER_ID = 'JobWorksNodeLayer';
/** What the layer is built for. */
const OLDEST_NODE = 22;
const PROP = 'processor: the function';

/**
 * Why a function cannot run the jobs of a pipeline in `stack`; empty when it can.
 *
 * @param added how many layers it would get
 */
export function layerProblems(fn: lambda.Function, stack: Stack, added: number): BrokenRule[] {
  const resource = fn.node.defaultChild as lambda.CfnFunction;
  const runtime = fn.runtime.toString();
  if (fn.runtime.runtimeEquals(lambda.Runtime.FROM_IMAGE)) {
    return [{ rule: `${PROP} cannot be a container image: a layer cannot be added to one`, value: fn.node.path, fix: 'deploy the handler as a Node.js zip, or use JobProcessor.callFunction()' }];
  }
  if (fn.runtime.family !== lambda.RuntimeFamily.NODEJS) {
    return [{ rule: `${PROP} must run on Node.js`, value: runtime, fix: 'use lambda.Runtime.NODEJS_24_X, or JobProcessor.callFunction()' }];
  }
  const problems: BrokenRule[] = [];
  const version = Number(/^nodejs(\d+)\.x$/.exec(runtime)?.[1] ?? OLDEST_NODE);
  if (version < OLDEST_NODE) {
    problems.push({ rule: `${PROP} must run on Node.js ${OLDEST_NODE} or newer`, value: runtime, fix: 'use lambda.Runtime.NODEJS_24_X' });
  }
  const handler: unknown = Stack.of(fn).resolve(resource.handler);
  if (typeof handler !== 'string') {
    problems.push({
      rule: `${PROP} must have a handler that is known at synthesis`,
      value: JSON.stringify(handler),
      fix: "give a plain text, such as 'index.handler'",
    });
  } else if (handler === NODE_WORKER_HANDLER) {
    problems.push({ rule: `${PROP} must be a function that no other pipeline has`, value: fn.node.path, fix: 'give each pipeline a function of its own' });
  }
  const crowded = layerProblem(PROP, fn, added, `the one that runs jobs${added > 1 ? ' and the one that connects to the database' : ''}`);
  if (crowded) {
    problems.push(crowded);
  }
  if (Stack.of(fn) !== stack) {
    problems.push({
      rule: `${PROP} must be in the stack of the pipeline: the two need each other`,
      value: Stack.of(fn).node.path,
      fix: 'create the function in the same stack, or use JobProcessor.callFunction(), which takes one of any stack',
    });
  }
  return problems;
}

/** Puts the layer between the platform and the user's handler. One layer a stack serves every pipeline in it. */
export function installLayer(fn: lambda.Function): void {
  const resource = fn.node.defaultChild as lambda.CfnFunction;
  fn.addEnvironment(ENVIRONMENT.handler, resource.handler!);
  fn.addLayers(nodeLayer(fn));
  resource.handler = NODE_WORKER_HANDLER;
  allowOwnQueue(fn);
  acknowledge(
    fn,
    { id: 'Serverless-LambdaDLQ', reason: 'jobs come from a queue, which has a dead-letter queue of its own' },
    { id: 'Serverless-LambdaAsyncFailureDestination', reason: 'jobs come from a queue, never asynchronously' },
  );
}

/** Switches X-Ray on. In a policy of its own, so that the acknowledged wildcard covers nothing that the user grants. */
export function traceUnlessSaid(fn: lambda.Function): void {
  const resource = fn.node.defaultChild as lambda.CfnFunction;
  if (resource.tracingConfig !== undefined) {
    return;
  }
  traceActively(fn);
  const policy = new iam.Policy(fn, 'JobWorksTracing', { document: allowTracing() });
  fn.role?.attachInlinePolicy(policy);
  acknowledge(
    policy,
    { id: 'AwsSolutions-IAM5[Resource::*]', reason: 'X-Ray knows no resources' },
    { id: 'Serverless-LambdaStarPermissions', reason: 'X-Ray knows no resources' },
  );
}

function nodeLayer(scope: Construct): lambda.LayerVersion {
  return stackLayer(scope, LAYER_ID, 'layer-node', 'Runs a handler as a job: claims, checkpoints, retries (cdk-jobworks)');
}
