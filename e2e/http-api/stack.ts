import { join } from 'node:path';
import { CfnOutput, Duration, Lazy, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import {
  ApiAuthentication, EnvironmentProfile, type HttpJobApiOptions, JobApi, JobProcessingPipeline, JobProcessor, PayloadSchema, SubmitLimit,
} from '../../src/index';

/** What the tests count with. */
export const LIMIT = { perMinute: 60, burst: 5 } as const;
export const AUDIENCE = 'jobs';
export const PIPELINES = { keys: 'Http.Keys', tokens: 'Http.Tokens', iam: 'Http.Iam' } as const;

/** A pipeline for each way of authentication of an HTTP API. */
export class HttpStack extends Stack {
  /** @param issuer address of the issuer of tokens; not https, as it is on this machine, so the rules are not told */
  constructor(scope: Construct, id: string, issuer: string) {
    super(scope, id);
    this.add('Keys', {
      authentication: ApiAuthentication.apiKeys(),
      keyCaching: Duration.seconds(0), // a key that is revoked is refused at once
      submitLimit: SubmitLimit.exact(LIMIT),
    });
    this.add('Tokens', {
      authentication: ApiAuthentication.jwt({ issuer: Lazy.string({ produce: () => issuer }), audience: [AUDIENCE] }),
      cors: { allowOrigins: ['https://app.example.com'] },
    });
    this.add('Iam', {});
  }

  private add(id: 'Keys' | 'Tokens' | 'Iam', api: HttpJobApiOptions): void {
    const handler = new lambda.Function(this, `${id}Handler`, {
      code: lambda.Code.fromAsset(join(__dirname, '../pipelines/handler')),
      handler: 'index.handler',
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      timeout: Duration.seconds(3),
    });
    const pipeline = new JobProcessingPipeline(this, id, {
      pipelineName: `Http.${id}`,
      profile: EnvironmentProfile.dev(),
      processor: JobProcessor.inFunction(handler),
      payloadSchema: PayloadSchema.fromFile(join(__dirname, '../pipelines/payload.schema.json')),
      api: JobApi.http(api),
    });
    new CfnOutput(this, `${id}Url`, { value: pipeline.apiUrl! });
    new CfnOutput(this, `${id}Queue`, { value: pipeline.queue.queueUrl });
    new CfnOutput(this, `${id}Table`, { value: pipeline.table.tableName });
  }
}
