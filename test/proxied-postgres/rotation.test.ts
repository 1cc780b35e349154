import { Duration } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { databaseWith, only, templateOf } from './support';
import { EnvironmentProfile } from '../../src/environment-profile/environment-profile';

const SECRET = { Ref: Match.stringLikeRegexp('^DatabaseMasterSecretAttachment') };

test('the master has a name of its own and a password that nobody chose, encrypted with the key', () => {
  const template = templateOf(databaseWith({ databaseName: 'invoices' }));
  expect(only(template, 'AWS::SecretsManager::Secret')).toMatchObject({
    GenerateSecretString: { GenerateStringKey: 'password', SecretStringTemplate: '{"username":"jobworks_master","dbname":"invoices"}' },
    KmsKeyId: { 'Fn::GetAtt': [expect.stringMatching(/^DatabaseKey/), 'Arn'] },
  });
});

test('is rotated by a function that Secrets Manager alone may call, for this secret alone', () => {
  const template = templateOf(databaseWith({ rotationInterval: Duration.days(7) }));
  template.hasResourceProperties('AWS::SecretsManager::RotationSchedule', {
    SecretId: SECRET, RotationRules: { AutomaticallyAfterDays: 7 }, RotateImmediatelyOnUpdate: false, HostedRotationLambda: Match.absent(),
  });
  template.hasResourceProperties('AWS::Lambda::Permission', {
    Principal: 'secretsmanager.amazonaws.com', SourceArn: SECRET, SourceAccount: '123456789012',
  });
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([{
        Effect: 'Allow',
        Action: [
          'secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue', 'secretsmanager:PutSecretValue', 'secretsmanager:UpdateSecretVersionStage',
        ],
        Resource: SECRET,
      }]),
    },
  });
});

test('the function is in the network, comes to the database itself and verifies it', () => {
  const template = templateOf(databaseWith());
  template.hasResourceProperties('AWS::Lambda::Function', {
    Handler: 'rotate.handler',
    VpcConfig: { SubnetIds: Match.arrayWith([{ Ref: Match.stringLikeRegexp('PrivateSubnet1') }]) },
    Layers: [{ Ref: Match.stringLikeRegexp('^JobWorksPostgresLayer') }],
    Environment: {
      Variables: {
        JOBWORKS_DATABASE_HOST: { 'Fn::GetAtt': [Match.stringLikeRegexp('^DatabaseInstance'), 'Endpoint.Address'] },
        JOBWORKS_DATABASE_CA: '/opt/nodejs/node_modules/cdk-jobworks/rds-ca.pem',
      },
    },
  });
});

test('begins when the function can get to the database and to the secret: it is tried at once', () => {
  const fixture = databaseWith();
  const [{ DependsOn }] = Object.values(templateOf(fixture).findResources('AWS::SecretsManager::RotationSchedule')) as Array<{ DependsOn: string[] }>;
  expect(DependsOn).toContainEqual(expect.stringMatching(/^DatabaseRotationSecurityGroup/));
  expect(DependsOn).toContainEqual(expect.stringMatching(/^DatabaseSecurityGroupfromStackDatabaseRotationSecurityGroup/));
});

test('without rotation there is no function', () => {
  const { database, ...fixture } = databaseWith({ profile: EnvironmentProfile.dev(), rotateMasterSecret: false });
  expect(database.rotationFunction).toBeUndefined();
  templateOf(fixture).resourceCountIs('AWS::SecretsManager::RotationSchedule', 0);
});
