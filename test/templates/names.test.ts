import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { databaseOf, DATABASES } from './databases';
import { KINDS, pipelineOf, type Kind } from './kinds';
import { PostgresRole } from '../../src/proxied-postgres/postgres-role';
import { userFunction } from '../job-processing-pipeline/fixture';

/** Of a security group and of its rules. */
const GROUP_DESCRIPTION = /^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]{1,255}$/;
/** Of a server, a cluster, a proxy and its endpoints; no hyphen after another, nor at the end. */
const DATABASE_IDENTIFIER = /^(?=.{1,63}$)[a-zA-Z](-?[a-zA-Z0-9]+)*$/;

/** What AWS takes: each property that holds a name or a description, with the pattern of its service. */
const LIMITS: Record<string, RegExp> = {
  'ApiGateway::ApiKey.Description': /^.{0,1024}$/,
  'ApiGateway::Authorizer.Name': /^[\w.-]{1,128}$/,
  'ApiGateway::Deployment.Description': /^.{0,1024}$/,
  'ApiGateway::DomainName.DomainName': /^[a-z0-9.-]{1,253}$/,
  'ApiGateway::RestApi.Description': /^.{0,1024}$/,
  'ApiGateway::RestApi.Name': /^.{1,255}$/, // a dimension of metrics besides
  'ApiGateway::Stage.StageName': /^\w{1,128}$/,
  'ApiGateway::UsagePlan.Description': /^.{0,1024}$/,
  'ApiGatewayV2::Api.Description': /^.{0,1024}$/,
  'ApiGatewayV2::Api.Name': /^.{1,128}$/,
  'ApiGatewayV2::ApiMapping.DomainName': /^[a-z0-9.-]{1,253}$/,
  'ApiGatewayV2::Authorizer.Name': /^.{1,128}$/,
  'ApiGatewayV2::DomainName.DomainName': /^[a-z0-9.-]{1,253}$/,
  'ApiGatewayV2::Stage.StageName': /^(\$default|[\w-]{1,128})$/,
  'Backup::BackupPlan.BackupPlan.BackupPlanName': /^[\w.-]{1,50}$/,
  'Backup::BackupPlan.BackupPlan.BackupPlanRule.RuleName': /^[\w.-]{1,50}$/,
  'Backup::BackupSelection.BackupSelection.SelectionName': /^[\w.-]{1,50}$/,
  'Backup::BackupVault.BackupVaultName': /^[\w-]{2,50}$/,
  'CloudWatch::Alarm.AlarmDescription': /^.{0,1024}$/s,
  'CloudWatch::Alarm.AlarmName': /^.{1,255}$/,
  'CloudWatch::Alarm.Dimensions.Name': /^.{1,255}$/,
  'CloudWatch::Alarm.Dimensions.Value': /^.{1,1024}$/,
  'CloudWatch::Alarm.MetricName': /^.{1,255}$/,
  'CloudWatch::Alarm.Metrics.Id': /^[a-z]\w{0,254}$/,
  'CloudWatch::Alarm.Metrics.MetricStat.Metric.Dimensions.Name': /^.{1,255}$/,
  'CloudWatch::Alarm.Metrics.MetricStat.Metric.Dimensions.Value': /^.{1,1024}$/,
  'CloudWatch::Alarm.Metrics.MetricStat.Metric.MetricName': /^.{1,255}$/,
  'CodeDeploy::DeploymentGroup.DeploymentConfigName': /^.{1,100}$/,
  'CodeDeploy::DeploymentGroup.DeploymentGroupName': /^.{1,100}$/,
  'CodeDeploy::DeploymentGroup.TriggerConfigurations.TriggerName': /^.{1,100}$/,
  'DynamoDB::Table.AttributeDefinitions.AttributeName': /^.{1,255}$/,
  'DynamoDB::Table.GlobalSecondaryIndexes.IndexName': /^[\w.-]{3,255}$/,
  'DynamoDB::Table.GlobalSecondaryIndexes.KeySchema.AttributeName': /^.{1,255}$/,
  'DynamoDB::Table.KeySchema.AttributeName': /^.{1,255}$/,
  'DynamoDB::Table.TimeToLiveSpecification.AttributeName': /^.{1,255}$/,
  'EC2::LaunchTemplate.LaunchTemplateName': /^[\w().\-/]{3,128}$/,
  'EC2::SecurityGroup.GroupDescription': GROUP_DESCRIPTION,
  'EC2::SecurityGroup.SecurityGroupEgress.Description': GROUP_DESCRIPTION,
  'EC2::SecurityGroup.SecurityGroupIngress.Description': GROUP_DESCRIPTION,
  'EC2::SecurityGroupEgress.Description': GROUP_DESCRIPTION,
  'EC2::SecurityGroupIngress.Description': GROUP_DESCRIPTION,
  'Events::Rule.Description': /^.{0,512}$/,
  'Events::Rule.Name': /^[\w.-]{1,64}$/,
  'Events::Rule.Targets.Id': /^[\w.-]{1,64}$/,
  'IAM::Policy.PolicyName': /^[\w+=,.@-]{1,128}$/,
  'IAM::Role.Policies.PolicyName': /^[\w+=,.@-]{1,128}$/,
  'IAM::Role.RoleName': /^[\w+=,.@-]{1,64}$/,
  'KMS::Key.Description': /^.{0,8192}$/,
  'Lambda::Alias.Name': /^[\w-]{1,128}$/,
  'Lambda::EventSourceMapping.FunctionName': /^.{1,140}$/,
  'Lambda::Function.Description': /^.{0,256}$/,
  'Lambda::Function.FunctionName': /^[\w-]{1,64}$/,
  'Lambda::LayerVersion.Description': /^.{0,256}$/,
  'Logs::LogGroup.LogGroupName': /^[\w\-./#]{1,512}$/,
  'Logs::MetricFilter.MetricTransformations.MetricName': /^[^:*$]{1,255}$/,
  'RDS::DBCluster.DBClusterIdentifier': DATABASE_IDENTIFIER,
  'RDS::DBCluster.DatabaseName': /^[a-zA-Z]\w{0,62}$/,
  'RDS::DBClusterParameterGroup.Description': /^.{1,255}$/,
  'RDS::DBInstance.DBInstanceIdentifier': DATABASE_IDENTIFIER,
  'RDS::DBInstance.DBName': /^[a-zA-Z]\w{0,62}$/,
  'RDS::DBParameterGroup.Description': /^.{1,255}$/,
  'RDS::DBProxy.DBProxyName': DATABASE_IDENTIFIER,
  'RDS::DBProxyEndpoint.DBProxyEndpointName': DATABASE_IDENTIFIER,
  'RDS::DBSubnetGroup.DBSubnetGroupDescription': /^.{1,255}$/,
  'Route53::RecordSet.Name': /^.{1,255}$/,
  'S3::Bucket.LifecycleConfiguration.Rules.Id': /^.{1,255}$/,
  'SQS::Queue.QueueName': /^[\w-]{1,80}$/,
  'SecretsManager::Secret.Description': /^.{0,2048}$/,
  'SSM::Parameter.Description': /^.{0,1024}$/,
  'SSM::Parameter.Name': /^\/[\w./-]{1,1010}$/,
  'WAFv2::WebACL.Description': /^[\w+=:#@/\-,. ]{1,256}$/,
  'WAFv2::WebACL.Name': /^[\w-]{1,128}$/,
  'WAFv2::WebACL.Rules.Name': /^[\w-]{1,128}$/,
  'WAFv2::WebACL.Rules.VisibilityConfig.MetricName': /^[\w#:./-]{1,128}$/,
  'WAFv2::WebACL.VisibilityConfig.MetricName': /^[\w#:./-]{1,128}$/,
};

/** Names of what AWS, or the app, has named: they do not grow with the ids of constructs. */
const FIXED = [
  /^Cognito::/, /^WAFv2::LoggingConfiguration\.RedactedFields\./, /\.ManagedRuleGroupStatement\./, /^EC2::VPCEndpoint\.ServiceName$/,
  /^EC2::Instance\.BlockDeviceMappings\.DeviceName$/, /^EC2::Instance\.LaunchTemplate\./, /^RDS::DBProxyTargetGroup\.TargetGroupName$/,
  /^RDS::DBInstance\.(CACertificate|SourceDBInstance)Identifier$/, /^Custom::JobWorksMigrations\.Roles\.Name$/,
];

/** A name, a description, or what identifies a part of a resource. */
const NAMING = /(Name|Description|Identifier|\.Id|Dimensions\.Value|\.Tags\.(Key|Value))$/;
/** Tags are the same everywhere. */
const TAG: Record<string, RegExp> = { Key: /^.{1,128}$/, Value: /^.{0,256}$/ };

const ENVIRONMENT_BYTES = 4_096;
/** The longest there is: the URL of a queue. */
const UNKNOWN_VALUE = 'x'.repeat(140);
/** The unique part of the id of a stack: what names are made of that are known only at deployment. */
const UNKNOWN_NAME = 'x'.repeat(36);

interface Named {
  readonly path: string;
  readonly text: string;
}

/** Text as it may be at deployment; nothing where a resource is referred to by a name that CloudFormation gave it. */
function textOf(value: unknown, unknown: string): string | undefined {
  if (typeof value !== 'object' || value === null) {
    return value === undefined ? undefined : String(value);
  }
  const [separator, parts] = (value as { readonly 'Fn::Join'?: [string, unknown[]] })['Fn::Join'] ?? [];
  return parts?.map((part) => textOf(part, unknown) ?? unknown).join(separator);
}

/** Every property of a resource that holds text and is called like a name. */
function named(value: unknown, path: string): Named[] {
  if (Array.isArray(value)) {
    return value.flatMap((item) => named(item, path));
  }
  const text = textOf(value, UNKNOWN_NAME);
  if (text !== undefined) {
    return NAMING.test(path) ? [{ path, text }] : [];
  }
  return Object.entries(value as object).filter(([key]) => !/^(Ref|Fn::)/.test(key)).flatMap(([key, inner]) => named(inner, `${path}.${key}`));
}

function limitOf(path: string): RegExp | undefined {
  const [, part] = /\.Tags\.(Key|Value)$/.exec(path) ?? [];
  return part === undefined ? LIMITS[path] : TAG[part];
}

const [A, B, C, S] = [...'abcS'].map((letter) => letter.repeat(100));
const nested = (kind: Kind) => pipelineOf(kind, { stackId: S, ids: [A, B, C] });
const resourcesOf = (stack: Stack): [string, { readonly Type: string; readonly Properties?: Record<string, unknown> }][] =>
  Object.entries(Template.fromStack(stack).toJSON().Resources);

/** Every kind of thing, under ids that long. */
const EVERYTHING: [string, () => Stack][] = [
  ...KINDS.map((kind): [string, () => Stack] => [kind, () => nested(kind).stack]),
  ...DATABASES.map((kind): [string, () => Stack] => [kind, () => databaseOf(kind, { stackId: S, ids: [A, B, C] }).stack]),
];

describe.each(EVERYTHING)('%s, ids of 100 characters, three deep', (_, make) => {
  const stack = make();

  test('every name is within the limit of its service', () => {
    const names = resourcesOf(stack)
      .flatMap(([, { Type, Properties = {} }]) => named(Properties, Type.replace(/^AWS::/, '')))
      .filter(({ path }) => !FIXED.some((fixed) => fixed.test(path)));
    expect(names.length).toBeGreaterThan(40);
    expect(names.filter(({ path }) => !limitOf(path)).map(({ path }) => `${path}: what is its limit?`)).toEqual([]);
    expect(names.filter(({ path, text }) => !limitOf(path)!.test(text))).toEqual([]);
  });

  test('logical ids have at most 255 characters', () => {
    expect(resourcesOf(stack).map(([id]) => id).filter((id) => !/^[A-Za-z0-9]{1,255}$/.test(id))).toEqual([]);
  });

  test('the environment of every function fits into 4 KB', () => {
    const sizes = resourcesOf(stack).filter(([, { Type }]) => Type === 'AWS::Lambda::Function').map(([id, { Properties }]) => {
      const { Variables = {} } = (Properties!.Environment ?? {}) as { readonly Variables?: Record<string, unknown> };
      const bytes = Object.entries(Variables).map(([name, value]) => Buffer.byteLength(`${name}${textOf(value, UNKNOWN_VALUE) ?? UNKNOWN_VALUE}`));
      return { id, bytes: bytes.reduce((sum, one) => sum + one, 0) };
    });
    expect(Math.max(...sizes.map(({ bytes }) => bytes))).toBeGreaterThan(300);
    expect(sizes.filter(({ bytes }) => bytes > ENVIRONMENT_BYTES)).toEqual([]);
  });
});

describe.each(KINDS)('%s, ids of 100 characters, three deep', (kind) => {
  test('what other stacks are given of it is exported under at most 255 characters', () => {
    const { app, stack, pipeline } = nested(kind);
    const role = new Role(new Stack(app, 'Consumer'.repeat(12)), A, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    pipeline.grantSubmit(role);
    pipeline.grantReadJobs(role);
    pipeline.grantOperate(role);
    if (pipeline.restApi && !/API keys|Cognito|no authentication/.test(kind)) pipeline.grantExecute(role);
    app.synth();
    expectShortExports(stack);
  });
});

describe.each(DATABASES)('%s, ids of 100 characters, three deep', (kind) => {
  test('what a function of another stack is given of it is exported under at most 255 characters', () => {
    const { app, stack, database } = databaseOf(kind, { stackId: S, ids: [A, B, C] });
    const consumer = new Stack(app, 'Consumer'.repeat(12), { env: { account: stack.account, region: stack.region } });
    database.grantConnect(userFunction(consumer, A), { role: PostgresRole.APP, concurrency: 1 });
    app.synth();
    expectShortExports(stack);
  });
});

function expectShortExports(stack: Stack): void {
  const outputs: Record<string, { readonly Export: { readonly Name: string } }> = Template.fromStack(stack).toJSON().Outputs;
  expect(Object.keys(outputs).length).toBeGreaterThan(2);
  expect(Object.entries(outputs).filter(([id, { Export }]) => id.length > 255 || Export.Name.length > 255)).toEqual([]);
}
