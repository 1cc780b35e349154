import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { pipelineByHand } from '../../bench/pipeline-by-hand/pipeline';
import { JobProcessingPipeline } from '../../src/job-processing-pipeline/job-processing-pipeline';
import { JobProcessor } from '../../src/job-processor/job-processor';

function handler(stack: Stack): LambdaFunction {
  return new LambdaFunction(stack, 'Function', { code: Code.fromInline('exports.handler = async () => {};'), handler: 'index.handler', runtime: Runtime.NODEJS_24_X });
}

// Fails when the defaults of the pipeline change: what it is compared with has to follow, else the comparison of their speed is not fair.
test('what a JobProcessingPipeline is compared with deploys the same', () => {
  const [ours, theirs] = [new Stack(new App(), 'Stack'), new Stack(new App(), 'Stack')];
  new JobProcessingPipeline(ours, 'Jobs', { processor: JobProcessor.inFunction(handler(ours)) });
  pipelineByHand(theirs, 'Jobs', handler(theirs));
  expect(Template.fromStack(theirs).toJSON()).toEqual(Template.fromStack(ours).toJSON());
});
