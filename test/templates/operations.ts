import { App, Duration, Stack } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { GIVEN } from './kinds';
import { AlarmChannel } from '../../src/alarm-routing/alarm-channel';
import { ConfigParameters } from '../../src/config-parameters/config-parameters';
import { CostGuard } from '../../src/cost-guard/cost-guard';
import { EnvironmentProfile } from '../../src/environment-profile/environment-profile';
import { GradualDeployment } from '../../src/gradual-deployment/gradual-deployment';
import { JobFiles } from '../../src/job-files/job-files';
import { JobProcessingPipeline } from '../../src/job-processing-pipeline/job-processing-pipeline';
import { JobProcessor } from '../../src/job-processor/job-processor';
import { ObservabilityDashboard } from '../../src/observability-dashboard/observability-dashboard';
import { TraceSampling } from '../../src/trace-sampling/trace-sampling';
import { userFunction } from '../job-processing-pipeline/fixture';

/** Every environment in which all that watches, pays and configures is judged. */
export const OPERATIONS = ['operations, dev', 'operations, staging', 'operations, prod'] as const;

/** Everything beside a pipeline: its page and whom it tells, its budget, its files, its configuration, its canary, its traces. */
export function operationsOf(kind: (typeof OPERATIONS)[number]): { readonly app: App; readonly stack: Stack } {
  const app = new App();
  const stack = new Stack(app, 'Stack', { env: { account: '123456789012', region: 'us-east-1' } });
  const profile = EnvironmentProfile.named(kind.replace('operations, ', ''));
  profile.applyTo(stack);
  const given = new Construct(stack, GIVEN);
  const files = new JobFiles(stack, 'Files', { transferAcceleration: true });
  const operations = new ObservabilityDashboard(stack, 'Operations', {
    notify: [
      AlarmChannel.email('on-call@example.com'), AlarmChannel.https('https://events.example.com/alarms'),
      AlarmChannel.slack({ workspaceId: 'T012ABCDEFG', channelId: 'C012ABCDEFG' }),
    ],
  });
  const worker = userFunction(given, 'Worker');
  const pipeline = new JobProcessingPipeline(stack, 'Jobs', {
    processor: JobProcessor.inFunction(worker),
    bucket: files.bucket,
    maximumConcurrency: 20,
    expectedLoad: { jobsPerDay: 1_000, jobDuration: Duration.seconds(1) },
    deployment: GradualDeployment.canary({ notify: operations.ticketTopic }),
  });
  const config = new ConfigParameters(stack, 'Config', {
    parameters: { model: 'small' },
    secrets: { provider: Secret.fromSecretNameV2(given, 'Provider', 'provider') },
    flags: { 'fast-path': false },
    rollbackAlarms: [pipeline.alarms.failureRate!],
  });
  config.grantRead(worker);
  operations.add(pipeline, files);
  new CostGuard(stack, 'Costs', { system: 'drawings', ticketTopic: operations.ticketTopic, pageTopic: operations.pageTopic });
  new TraceSampling(stack, 'Traces', { pipelines: [pipeline] });
  return { app, stack };
}
