import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { grantKeyUse } from '../../src/internal/key-grants';

test('every action is named', () => {
  const stack = new Stack();
  grantKeyUse(new Key(stack, 'Key'), new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
  const statements = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'))[0].Properties.PolicyDocument.Statement;
  expect(statements).toHaveLength(1);
  expect(statements[0].Action).toEqual(expect.arrayContaining(['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey']));
  expect(JSON.stringify(statements[0].Action)).not.toContain('*');
});

test('without a key there is nothing to grant', () => {
  const stack = new Stack();
  grantKeyUse(undefined, new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', Match.anyValue());
  Template.fromStack(stack).resourceCountIs('AWS::IAM::Policy', 0);
});
