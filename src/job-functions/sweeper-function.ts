import { Duration } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { pipelineFunction } from './pipeline-function';
import { grantIndexes, grantRecords } from './pipeline-grants';
import type { PipelineResources } from './pipeline-resources';
import { acknowledge } from '../internal/acknowledge';
import { TABLE } from '../runtime/wire/table';

const EVERY_MINUTES = 5;

/** The function that fails what is overdue, every 5 minutes: it may ask the index of deadlines, and read and update records. */
export function sweeperFunction(scope: Construct, id: string, resources: PipelineResources): lambda.Function {
  const fn = pipelineFunction(scope, id, resources, {
    entry: 'sweeper',
    description: `Fails overdue jobs of ${resources.pipelineName}`,
    timeout: Duration.minutes(EVERY_MINUTES - 1),
    losesNothing: 'a call that is lost is made up for by the next, which sweeps whatever is overdue by then',
    environment: {},
  });
  grantIndexes(fn, resources, TABLE.deadlineIndex);
  grantRecords(fn, resources, 1, 'GetItem', 'BatchGetItem', 'UpdateItem');
  const every = Duration.minutes(EVERY_MINUTES);
  fn.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: every });
  const rule = new events.Rule(scope, `${id}Schedule`, {
    description: `Every ${EVERY_MINUTES} minutes: fails overdue jobs of ${resources.pipelineName}`,
    schedule: events.Schedule.rate(every),
    targets: [new LambdaFunction(fn, { retryAttempts: 0, maxEventAge: every })],
  });
  acknowledge(rule, {
    id: 'Serverless-EventBusDLQ',
    reason: 'a call that is lost is made up for by the next, which sweeps whatever is overdue by then',
  });
  return fn;
}
