import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type * as apigatewayv2 from 'aws-cdk-lib/aws-apigatewayv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { CustomerOptions, Customers } from './customers';
import type { IssuedKeys } from './issued-keys';
import type { PipelineFunctions } from './pipeline-functions';
import type { PipelineSettings } from './pipeline-settings';
import type { EnvironmentProfile } from '../environment-profile/environment-profile';
import { HttpJobApi } from '../job-api/http/http-job-api';
import type { JobGateway } from '../job-api/job-gateway';
import { openApi } from '../job-api/open-api';
import type { PayloadSchema } from '../job-api/payload-schema';
import { RestJobApi } from '../job-api/rest-job-api';

/** What the API of a pipeline is made with. */
export interface PipelineApiProps {
  readonly pipelineName: string;
  readonly profile: EnvironmentProfile;
  readonly encryptionKey?: kms.IKey;
  readonly payloadSchema?: PayloadSchema;
  /** Whether there is a bucket. */
  readonly uploads: boolean;
  readonly customers: Customers;
  readonly issuedKeys?: IssuedKeys;
}

/** The API of a pipeline, whatever its kind, or that there is none: what can be asked of it says so. */
export class PipelineApi {
  readonly gateway?: JobGateway;
  readonly restApi?: apigateway.RestApi;
  readonly httpApi?: apigatewayv2.HttpApi;
  private readonly usagePlan?: apigateway.UsagePlan;

  constructor(
    private readonly scope: Construct,
    private readonly settings: PipelineSettings,
    functions: PipelineFunctions,
    private readonly props: PipelineApiProps,
  ) {
    const { rest, http } = settings;
    const { pipelineName, profile, encryptionKey, payloadSchema, issuedKeys } = props;
    const { submit, status, change, uploads } = functions;
    const common = { name: pipelineName, profile, submit, status, change, uploads, encryptionKey };
    if (http) {
      const made = new HttpJobApi(scope, 'Api', { ...common, options: http, authorize: issuedKeys?.authorizeFunction });
      this.gateway = made;
      this.httpApi = made.api;
    } else if (rest) {
      const made = new RestJobApi(scope, 'Api', { ...common, options: rest, payloadSchema });
      this.gateway = made;
      this.restApi = made.api;
      this.usagePlan = made.usagePlan;
    }
  }

  addCustomer(name: string, options: CustomerOptions): apigateway.IApiKey {
    if (this.props.issuedKeys) {
      throw new Error(`${this.scope.node.path}: addCustomer() makes keys of a REST API. Fix: leave it out, and make keys of the HTTP API without a deployment: `
        + `npx cdk-jobworks keys create --pipeline ${this.props.pipelineName} --customer ${name}.`);
    }
    return this.props.customers.add(name, options, this.usagePlan);
  }

  grantExecute(grantee: iam.IGrantable): iam.Grant {
    if (!this.gateway) {
      throw new Error(`${this.scope.node.path}: grantExecute() needs an API. Fix: use grantSubmit() and grantReadJobs(), or remove JobApi.none().`);
    }
    if (!this.gateway.asksForIam) {
      throw new Error(`${this.scope.node.path}: grantExecute() needs an API that asks for IAM: this one does not look at permissions. `
        + 'Fix: use ApiAuthentication.iam(), or leave the grant out.');
    }
    return iam.Grant.addToPrincipal({ grantee, actions: ['execute-api:Invoke'], resourceArns: this.gateway.methodArns });
  }

  toOpenApi(): string {
    const { api, http } = this.settings;
    if (!api) {
      throw new Error(`${this.scope.node.path}: toOpenApi() needs an API. Fix: pass api: JobApi.rest(), or remove JobApi.none().`);
    }
    const { pipelineName, payloadSchema, uploads } = this.props;
    return JSON.stringify(openApi({ title: pipelineName, options: api, http: http !== undefined, payloadSchema, uploads }), null, 2);
  }
}
