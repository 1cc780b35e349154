import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import { restApi } from './fixture';
import { ApiAuthentication } from '../../src/job-api/api-authentication';
import { ApiFirewall } from '../../src/job-api/api-firewall';
import type { RestJobApiOptions } from '../../src/job-api/rest-api-options';

const LONG = 'x'.repeat(100);

/** What is only known at deployment is as long as the longest that it stands for: an id of a stack ends with 36 characters. */
const textOf = (value: unknown): string => {
  if (typeof value === 'string') {
    return value;
  }
  const joined = (value as { 'Fn::Join'?: [string, unknown[]] })['Fn::Join'];
  return joined ? joined[1].map(textOf).join(joined[0]) : 'x'.repeat(36);
};

test('names are within their limits where the ids of constructs are long', () => {
  const stack = new Stack(new App(), LONG);
  const authentication = ApiAuthentication.cognito([new cognito.UserPool(stack, LONG)]);
  const options = { authentication, firewall: ApiFirewall.managed(), cors: { allowOrigins: ['*'] } };
  const { template } = restApi(options, { stack, id: `Api${LONG}`, withUploads: true });
  const only = (type: string) => Object.values(template.findResources(type))[0].Properties;

  expect(only('AWS::ApiGateway::Authorizer').Name).toMatch(/^.{1,128}$/);
  for (const name of [only('AWS::WAFv2::WebACL').VisibilityConfig.MetricName, ...only('AWS::WAFv2::WebACL').Rules.map((rule: { Name: string }) => rule.Name)]) {
    expect(name).toMatch(/^[\w-]{1,128}$/);
  }
  for (const { Properties } of Object.values(template.findResources('AWS::Logs::LogGroup')).filter((group) => group.Properties.LogGroupName)) {
    expect(textOf(Properties.LogGroupName)).toMatch(/^[\w\-./#]{1,512}$/);
  }
  // what has no name here is named by CloudFormation, within its limits
  for (const type of ['Model', 'RequestValidator']) {
    Object.values(template.findResources(`AWS::ApiGateway::${type}`)).forEach(({ Properties }) => expect(Properties).not.toHaveProperty('Name'));
  }
});

test('a second API in the stack replaces nothing of the first', () => {
  const options: RestJobApiOptions = { authentication: ApiAuthentication.apiKeys(), firewall: ApiFirewall.managed(), cors: { allowOrigins: ['*'] } };
  const resources = (ids: string[]) => {
    const stack = new Stack(new App(), 'Stack');
    ids.forEach((id) => restApi(options, { stack, id }));
    return Template.fromStack(stack).toJSON().Resources as Record<string, object>;
  };
  const alone = resources(['One']);
  expect(resources(['One', 'Two'])).toMatchObject(alone);
});
