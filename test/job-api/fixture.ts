import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { EnvironmentProfile } from '../../src/environment-profile/environment-profile';
import type { RestJobApiOptions } from '../../src/job-api/rest-api-options';
import { RestJobApi, type RestJobApiProps } from '../../src/job-api/rest-job-api';
import { userFunction } from '../job-processing-pipeline/fixture';

/** An API with functions behind it, in an app of its own or in the stack given. */
export interface ApiFixture {
  readonly app: App;
  readonly stack: Stack;
  readonly api: RestJobApi;
  /** Made when it is asked for first. */
  readonly template: Template;
}

export interface ApiFixtureProps extends Omit<Partial<RestJobApiProps>, 'options'> {
  readonly stack?: Stack;
  readonly id?: string;
  /** Whether there is a function for uploads. */
  readonly withUploads?: boolean;
}

/** Without a firewall, unless the test is about one: it is not what most are about. */
export function restApi(options: RestJobApiOptions = {}, { stack: given, id = 'Api', withUploads = false, ...props }: ApiFixtureProps = {}): ApiFixture {
  const stack = given ?? new Stack(new App(), 'Stack');
  const functions = new Construct(stack, `${id}Functions`);
  const api = new RestJobApi(stack, id, {
    options,
    name: 'jobs',
    profile: EnvironmentProfile.dev(),
    submit: userFunction(functions, 'Submit'),
    status: userFunction(functions, 'Status'),
    change: userFunction(functions, 'Change'),
    ...(withUploads && { uploads: userFunction(functions, 'Uploads') }),
    ...props,
  });
  let template: Template | undefined;
  return {
    app: stack.node.root as App,
    stack,
    api,
    get template() {
      return template ??= Template.fromStack(stack);
    },
  };
}

/** As in production. */
export function guarded(): Pick<ApiFixtureProps, 'profile'> {
  return { profile: EnvironmentProfile.prod() };
}

export function customerKey(stack: Stack): kms.Key {
  return new kms.Key(stack, 'Key', { enableKeyRotation: true });
}

/** What tests look at of a method. */
export interface MethodProperties {
  readonly AuthorizationType: string;
  readonly ApiKeyRequired?: boolean;
  readonly RequestModels?: Record<string, unknown>;
  readonly RequestParameters?: Record<string, boolean>;
  readonly RequestValidatorId: { readonly Ref: string };
  readonly Integration: {
    readonly CacheKeyParameters?: string[];
    readonly IntegrationResponses: { readonly ResponseParameters: Record<string, string> }[];
  };
}

/** Every method of a template, such as `POST /jobs`, and its properties. */
export function methodsOf(template: Template): Map<string, MethodProperties> {
  const resources = template.findResources('AWS::ApiGateway::Resource');
  const pathOf = (ref: { 'Ref'?: string; 'Fn::GetAtt'?: unknown }): string => {
    const resource = ref.Ref === undefined ? undefined : resources[ref.Ref];
    return resource ? `${pathOf(resource.Properties.ParentId)}/${resource.Properties.PathPart}` : '';
  };
  return new Map(Object.values(template.findResources('AWS::ApiGateway::Method'))
    .map(({ Properties }) => [`${Properties.HttpMethod} ${pathOf(Properties.ResourceId) || '/'}`, Properties as MethodProperties]));
}
