import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { jobFunction, type JobFunctionProps } from './job-function';
import { commonEnvironment, type PipelineResources } from './pipeline-resources';

/** What tells one function of a pipeline from the others. */
export type PipelineFunctionProps = Omit<JobFunctionProps, 'profile' | 'encryptionKey'>;

/** A function that works on the resources of a pipeline: with its profile and its key, and told what all of them are told. */
export function pipelineFunction(scope: Construct, id: string, resources: PipelineResources, props: PipelineFunctionProps): lambda.Function {
  return jobFunction(scope, id, {
    ...props,
    profile: resources.profile,
    encryptionKey: resources.encryptionKey,
    environment: { ...commonEnvironment(resources), ...props.environment },
  });
}
