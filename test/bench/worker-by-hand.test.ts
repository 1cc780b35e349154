import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { workerByHand } from '../../bench/worker-by-hand';
import { QueuedLambdaWorker } from '../../src/queued-lambda-worker/queued-lambda-worker';

// Fails when the defaults of the worker change: what it is compared with has to follow, else the comparison of their speed is not fair.
test('what a QueuedLambdaWorker is compared with deploys the same', () => {
  const props = { code: Code.fromInline('exports.handler = async () => ({ batchItemFailures: [] });'), handler: 'index.handler' };
  const [ours, theirs] = [new Stack(new App(), 'Stack'), new Stack(new App(), 'Stack')];
  new QueuedLambdaWorker(ours, 'Worker', props);
  workerByHand(theirs, 'Worker', props);
  expect(Template.fromStack(theirs).toJSON()).toEqual(Template.fromStack(ours).toJSON());
});
