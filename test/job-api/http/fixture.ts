import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Construct } from 'constructs';
import { EnvironmentProfile } from '../../../src/environment-profile/environment-profile';
import { ApiAuthentication } from '../../../src/job-api/api-authentication';
import type { HttpJobApiOptions } from '../../../src/job-api/http/http-api-options';
import { settledHttp } from '../../../src/job-api/http/http-environment';
import { HttpJobApi, type HttpJobApiProps } from '../../../src/job-api/http/http-job-api';
import { userFunction } from '../../job-processing-pipeline/fixture';

/** An HTTP API with functions behind it. */
export interface HttpFixture {
  readonly stack: Stack;
  readonly api: HttpJobApi;
  readonly template: Template;
}

export function httpApi(
  options: HttpJobApiOptions = {}, { withUploads = false, ...props }: Partial<HttpJobApiProps> & { withUploads?: boolean } = {},
): HttpFixture {
  const stack = new Stack(new App(), 'Stack');
  const functions = new Construct(stack, 'Functions');
  const api = new HttpJobApi(stack, 'Api', {
    options: settledHttp(options)!,
    name: 'jobs',
    profile: EnvironmentProfile.dev(),
    submit: userFunction(functions, 'Submit'),
    status: userFunction(functions, 'Status'),
    change: userFunction(functions, 'Change'),
    authorize: userFunction(functions, 'Authorize'),
    ...(withUploads && { uploads: userFunction(functions, 'Uploads') }),
    ...props,
  });
  return { stack, api, template: Template.fromStack(stack) };
}

/** Tokens of an issuer. */
export function tokens(scopes?: string[]): ApiAuthentication {
  return ApiAuthentication.jwt({ issuer: 'https://login.example.com/', audience: ['jobs', 'others'], scopes });
}

/** Every route of a template, such as `POST /jobs`, and its properties. */
export function routesOf(template: Template): Map<string, Record<string, unknown>> {
  return new Map(Object.values(template.findResources('AWS::ApiGatewayV2::Route')).map(({ Properties }) => [Properties.RouteKey as string, Properties]));
}
