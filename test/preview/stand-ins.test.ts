import { watchedOf } from '../../preview/body/dashboards';
import type { Template } from '../../preview/body/stand-ins';

function page(...parts: readonly unknown[]): Template['Resources'] {
  return { Page: { Type: 'AWS::CloudWatch::Dashboard', Properties: { DashboardBody: { 'Fn::Join': ['', ['{"start":"', ...parts, '","widgets":[]}']] } } } };
}

const shown = (resources: Template['Resources'], ...others: readonly Template[]) => watchedOf([{ Resources: resources }, ...others]).dashboards[0].body.start;

describe('what only a deployment knows', () => {
  it.each<[string, unknown, string]>([
    ['the region', { Ref: 'AWS::Region' }, 'eu-west-1'],
    ['a resource, by its logical id without the hash', { Ref: 'DrawingsQueue1A2B3C4D' }, 'DrawingsQueue'],
    ['a resource, by its place in the app', { 'Fn::GetAtt': ['Placed', 'QueueName'] }, 'Drawings-Worker-Queue'],
    ['a resource, by its own name', { Ref: 'Named' }, 'errors'],
    ['an alarm, by its ARN', { 'Fn::GetAtt': ['Named', 'Arn'] }, 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:errors'],
    ['a function, by a part of its ARN', { 'Fn::Select': [6, { 'Fn::Split': [':', { 'Fn::GetAtt': ['Function', 'Arn'] }] }] }, 'Function'],
    ['a text with places', { 'Fn::Sub': '${AWS::Region}/${Named}' }, 'eu-west-1/errors'],
    ['what another stack exports', { 'Fn::ImportValue': 'Other:Queue' }, 'theirs'],
    ['what nobody here exports', { 'Fn::ImportValue': 'Else:Table' }, 'Table'],
  ])('has a stand-in: %s', (_, value, expected) => {
    const other: Template = {
      Resources: { Q: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'theirs' } } },
      Outputs: { Out: { Value: { 'Fn::GetAtt': ['Q', 'QueueName'] }, Export: { Name: 'Other:Queue' } } },
    };
    expect(shown({
      ...page(value),
      DrawingsQueue1A2B3C4D: { Type: 'AWS::SQS::Queue' },
      Placed: { Type: 'AWS::SQS::Queue', Metadata: { 'aws:cdk:path': 'Stack/Drawings/Worker/Queue/Resource' } },
      Named: { Type: 'AWS::CloudWatch::Alarm', Properties: { AlarmName: 'errors' } },
      Function: { Type: 'AWS::Lambda::Function' },
    }, other)).toBe(expected);
  });

  it('is refused where there is none', () => {
    expect(() => shown(page({ 'Fn::Cidr': [] }))).toThrow('no stand-in for Fn::Cidr');
  });

  it('must leave JSON', () => {
    expect(() => shown(page('"'))).toThrow(/The body of Page is no JSON/);
  });

  it('of a function is its timeout, too: Lambda has one of its own', () => {
    const { timeouts } = watchedOf([{ Resources: { A: { Type: 'AWS::Lambda::Function', Properties: { Timeout: 900 } }, B: { Type: 'AWS::Lambda::Function' } } }]);
    expect([...timeouts]).toEqual([['A', 900], ['B', 3]]);
  });
});
