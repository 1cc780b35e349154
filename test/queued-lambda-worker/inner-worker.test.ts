import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { JobApi } from '../../src/job-api/job-api';
import { JobProcessingPipeline } from '../../src/job-processing-pipeline/job-processing-pipeline';
import { JobProcessor } from '../../src/job-processor/job-processor';
import type { QueuedLambdaWorkerAlarmOptions } from '../../src/queued-lambda-worker/worker-alarms';
import { fixture } from '../job-processing-pipeline/fixture';

test.each<[string, object]>([
  ['alarms.worker.throttels', { throttels: { enabled: false } }],
  ['alarms.worker.throttles.treshold', { throttles: { treshold: 5 } }],
])('%s is warned of once: by the pipeline, whose prop it is', (name, worker) => {
  const { stack, handler } = fixture();
  new JobProcessingPipeline(stack, 'Jobs', {
    processor: JobProcessor.inFunction(handler),
    maximumConcurrency: 5,
    api: JobApi.none(),
    alarms: { worker: worker as QueuedLambdaWorkerAlarmOptions },
  });
  const warnings = Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ id, entry }) => [id, entry.data]);
  expect(warnings).toEqual([['/Stack/Jobs', expect.stringContaining(`There is no prop ${name}: it has no effect`)]]);
});
