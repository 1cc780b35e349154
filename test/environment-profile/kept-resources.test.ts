import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { EnvironmentProfile } from '../../src/environment-profile/environment-profile';
import { JobProcessingPipeline } from '../../src/job-processing-pipeline/job-processing-pipeline';
import { JobProcessor } from '../../src/job-processor/job-processor';
import { userFunction } from '../job-processing-pipeline/fixture';

/** What a pipeline leaves behind, by how. */
function keptOf(profile: EnvironmentProfile): Record<string, string[]> {
  const stack = new Stack(new App(), 'Stack');
  profile.applyTo(stack);
  new JobProcessingPipeline(stack, 'Jobs', { processor: JobProcessor.inFunction(userFunction(stack, 'Own')) });

  const kept: Record<string, string[]> = {};
  const { Resources } = Template.fromStack(stack).toJSON();
  for (const [id, { Type, DeletionPolicy }] of Object.entries<{ Type: string; DeletionPolicy?: string }>(Resources)) {
    if (DeletionPolicy?.startsWith('Retain') && !id.startsWith('Own')) { // the user's own are the user's
      kept[DeletionPolicy] = [...new Set([...kept[DeletionPolicy] ?? [], Type])].sort();
    }
  }
  return kept;
}

const LOGGING_OF_THE_ACCOUNT = ['AWS::ApiGateway::Account', 'AWS::IAM::Role'];

test.each([EnvironmentProfile.dev(), EnvironmentProfile.staging()])('in $name, all but the account\'s logging goes with the stack', (profile) => {
  expect(keptOf(profile)).toEqual({ Retain: LOGGING_OF_THE_ACCOUNT });
});

test('in prod what holds data is kept; a first deployment that failed deletes it again, unless it is protected', () => {
  expect(keptOf(EnvironmentProfile.prod())).toEqual({
    Retain: [LOGGING_OF_THE_ACCOUNT[0], 'AWS::DynamoDB::Table', LOGGING_OF_THE_ACCOUNT[1]],
    RetainExceptOnCreate: ['AWS::KMS::Key', 'AWS::Logs::LogGroup', 'AWS::SQS::Queue'],
  });
});
