import { pipelineOf, type Kind } from './kinds';
import { may, Permissions, type Resource, type Statement } from './policies';

const WITH_API: Kind[] = [
  'minimal', 'dev', 'calling a function', 'maximal, IAM', 'maximal, API keys', 'maximal, Cognito', 'maximal, no authentication', 'state machine',
  'state machine that is imported', 'maximal state machine, IAM', 'postgres', 'dev, postgres', 'maximal postgres, IAM',
];
const WITH_HTTP: Kind[] = [
  'HTTP, IAM', 'HTTP, JWT', 'HTTP, keys', 'maximal HTTP, IAM', 'maximal HTTP, JWT', 'maximal HTTP, keys', 'maximal HTTP, no authentication', 'dev HTTP, keys',
  'maximal HTTP state machine, keys', 'postgres, calling a function, IAM', 'maximal HTTP postgres state machine, keys',
];
const ALL: Kind[] = [...WITH_API, ...WITH_HTTP, 'without an API', 'calling an imported function'];
const WORKERS = ['/opt/nodejs/node_modules/cdk-jobworks-worker/worker.handler', 'runner.handler', 'start-execution.handler'];
/** They send a job anew whose execution ended without an end of the job. */
const SETTLING = ['dead-letter.handler', 'execution-ended.handler', 'sweeper.handler'];
const ACCOUNT = 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root';
/** Of the bucket that the app brings: for S3's own access log. A network and a database are judged by themselves. */
const OF_THE_APP = /^(GivenFilesPolicy|GivenNetwork|GivenDatabase|CustomVpcRestrictDefaultSG)/;

const arn = (id: string) => `\${${id}.Arn}`;
const known = new Map<Kind, Permissions>();
/** Made once: nobody changes it. */
function permissions(kind: Kind): Permissions {
  const all = known.get(kind) ?? new Permissions(pipelineOf(kind).stack);
  known.set(kind, all);
  return all;
}
const jobQueue = (all: Permissions): Resource => all.all('SQS::Queue').find(({ properties }) => properties.RedrivePolicy !== undefined)!;
const deadLetters = (all: Permissions): Resource => all.all('SQS::Queue').find(({ properties }) => properties.RedriveAllowPolicy !== undefined)!;

/** Allowed with a wildcard because AWS knows nothing narrower, or because what it stands for is not known before. */
const ACKNOWLEDGED: { readonly actions: RegExp; readonly resources: RegExp; readonly of: RegExp }[] = [
  { of: /Role/, actions: /^xray:Put(TraceSegments|TelemetryRecords)$/, resources: /^\*$/ },
  { of: /^JobWorksApiLoggingRole/, actions: /^logs:(Create|Describe|Filter|Get|Put)\w+$/, resources: /^\*$/ },
  { of: /JobWorksNetwork/, actions: /^ec2:(\w*NetworkInterfaces?|\w+PrivateIpAddresses|DescribeSubnets)$/, resources: /^\*$/ },
  { of: /JobWorksExecutions/, actions: /^states:(Describe|Stop)Execution$/, resources: /:execution:[^*]+:job_\*$/ },
  { of: /^GivenStepsTelemetry/, actions: /^(logs:\w+Log(Delivery|Deliveries|Groups)|logs:(Put|Describe)Resource(Policy|Policies)|xray:\w+)$/, resources: /^\*$/ },
  { of: /JobWorksFiles/, actions: /^s3:(Get|Put)Object$/, resources: /^\$\{\w+\.Arn\}\/Stack-Jobs-[0-9A-F]{8}\/\*\/(jobs|uploads)\/\*$/ },
];

/** What may be encrypted with a key of the account: the key, and by which actions data is decrypted and encrypted. */
const ENCRYPTED: { readonly type: string; readonly keyOf: (resource: Resource) => unknown; readonly reads: RegExp; readonly writes: RegExp }[] = [
  { type: 'SQS::Queue', keyOf: ({ properties }) => properties.KmsMasterKeyId, reads: /^sqs:(Send|Receive)/, writes: /^sqs:Send/ },
  {
    type: 'DynamoDB::Table',
    keyOf: ({ properties }) => (properties.SSESpecification as { readonly KMSMasterKeyId?: string } | undefined)?.KMSMasterKeyId,
    reads: /^dynamodb:/,
    writes: /^dynamodb:(Put|Update)/,
  },
  { type: 'S3::Bucket', keyOf: bucketKey, reads: /^s3:(Get|Put)Object$/, writes: /^s3:Put/ },
];

/** In the policy of a key `*` is that key; its account governs it, and services by a condition. */
function isOfItsOwnKey(all: Permissions, statement: Statement): boolean {
  const ofAccount = statement.principals.every((principal) => principal === ACCOUNT);
  return all.all('KMS::Key').some(({ id }) => id === statement.of) && (ofAccount || statement.actions.every((action) => !action.includes('*')));
}

describe.each(ALL)('%s', (kind) => {
  test('nothing is allowed by a wildcard, except what has its reason', () => {
    const all = permissions(kind);
    const allowed = all.every().filter(({ effect, of }) => effect === 'Allow' && !OF_THE_APP.test(of));
    expect(allowed.length).toBeGreaterThan(20);
    const wild = allowed.filter((statement) => !isOfItsOwnKey(all, statement))
      .flatMap(({ of, actions, resources }) => actions.flatMap((action) => resources.map((resource) => ({ of, action, resource }))))
      .filter(({ action, resource }) => action.includes('*') || resource.includes('*'))
      .filter(({ of, action, resource }) => !ACKNOWLEDGED.some((one) => one.of.test(of) && one.actions.test(action) && one.resources.test(resource)));
    expect(wild).toEqual([]);
  });

  test('what takes messages may receive, hide, delete and decrypt them before it does', () => {
    const all = permissions(kind);
    const mappings = all.all('Lambda::EventSourceMapping');
    const sources = mappings.map(({ properties }) => all.resource(properties.EventSourceArn).id);
    expect(sources.sort()).toEqual([jobQueue(all).id, deadLetters(all).id].sort());
    for (const { properties, dependsOn } of mappings) {
      const statements = all.ofFunction(all.functionOf(properties.FunctionName));
      const missing = ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes', 'ChangeMessageVisibility']
        .filter((action) => !may(statements, `sqs:${action}`, String(properties.EventSourceArn)));
      expect(missing).toEqual([]);
      const key = all.resource(properties.EventSourceArn).properties.KmsMasterKeyId;
      if (key) expect(may(statements, 'kms:Decrypt', String(key))).toBe(true);
      const receiving = statements.filter(({ actions }) => actions.includes('sqs:ReceiveMessage')).map(({ of }) => of);
      expect(dependsOn).toEqual(expect.arrayContaining(receiving));
    }
  });

  test('only the functions of the pipeline send to the queue, and nobody to the dead-letter queue', () => {
    const all = permissions(kind);
    const queue = arn(jobQueue(all).id);
    const mapping = all.all('Lambda::EventSourceMapping').find(({ properties }) => properties.EventSourceArn === queue)!;
    const worker = all.functionOf(mapping.properties.FunctionName).properties.Handler;
    expect(WORKERS).toContain(worker);
    const expected = [
      ...(kind === 'without an API' ? [] : ['change.handler']), ...(kind.includes('state machine') ? SETTLING : []), 'operate.handler', 'submit.handler', worker,
    ];
    expect(all.whoMay('sqs:SendMessage', queue)).toEqual(expected.sort());
    expect(all.whoMay('sqs:SendMessage', arn(deadLetters(all).id))).toEqual([]);
    const allowing = all.all('SQS::QueuePolicy').flatMap((policy) => all.statementsOf(policy)).filter(({ effect }) => effect !== 'Deny');
    expect(allowing).toEqual([]);
  });

  test('queues refuse what does not come over TLS, and dead letters of others', () => {
    const all = permissions(kind);
    for (const { id } of all.all('SQS::Queue')) {
      const [policy] = all.all('SQS::QueuePolicy').filter(({ properties }) => (properties.Queues as string[]).includes(`\${${id}}`));
      expect(all.statementsOf(policy)).toEqual([{
        of: policy.id, effect: 'Deny', actions: ['sqs:*'], resources: [arn(id)], principals: ['*'], condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }]);
    }
    expect(deadLetters(all).properties.RedriveAllowPolicy).toEqual({
      redrivePermission: 'byQueue', sourceQueueArns: [expect.stringMatching(/^arn:\$\{AWS::Partition\}:sqs:\$\{AWS::Region\}:\$\{AWS::AccountId\}:[^*]+$/)],
    });
    expect(jobQueue(all).properties.RedrivePolicy).toMatchObject({ deadLetterTargetArn: arn(deadLetters(all).id) });
  });

  test('whoever uses what is encrypted may use its key', () => {
    const all = permissions(kind);
    const lacking = ENCRYPTED.flatMap(({ type, keyOf, reads, writes }) => all.all(type).flatMap((resource) => {
      const key = keyOf(resource);
      return key === undefined ? [] : all.all('Lambda::Function').flatMap((fn) => {
        const statements = all.ofFunction(fn);
        const actions = statements.filter(({ resources }) => resources.some((one) => one.startsWith(arn(resource.id)))).flatMap((one) => one.actions);
        return [
          ...(actions.some((action) => reads.test(action)) ? ['kms:Decrypt'] : []),
          ...(actions.some((action) => writes.test(action)) ? ['kms:GenerateDataKey'] : []),
        ].filter((action) => !may(statements, action, String(key))).map((action) => `${fn.id} lacks ${action} on the key of ${resource.id}`);
      });
    }));
    expect(lacking).toEqual([]);
  });

  test('whoever has an encrypted environment may decrypt it', () => {
    const all = permissions(kind);
    const encrypted = all.all('Lambda::Function').filter(({ properties }) => properties.KmsKeyArn !== undefined);
    expect(encrypted.length > 4).toBe(!kind.startsWith('dev'));
    expect(encrypted.filter((fn) => !may(all.ofFunction(fn), 'kms:Decrypt', String(fn.properties.KmsKeyArn))).map(({ id }) => id)).toEqual([]);
  });

  test('a key lets in its account and, for what they do by themselves, services: each by a condition', () => {
    const all = permissions(kind);
    const logged = all.all('Logs::LogGroup').flatMap(({ properties }) => properties.KmsKeyId ?? []);
    expect(logged.length > 4).toBe(!kind.startsWith('dev'));
    for (const key of all.all('KMS::Key').filter(({ id }) => !OF_THE_APP.test(id))) {
      const [account, ...services] = all.statementsOf(key);
      expect(account).toMatchObject({ principals: [ACCOUNT], actions: ['kms:*'], resources: ['*'] });
      const logs = {
        of: key.id,
        effect: 'Allow',
        actions: [
          'kms:Encrypt', 'kms:Decrypt', 'kms:ReEncryptFrom', 'kms:ReEncryptTo', 'kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext', 'kms:DescribeKey',
        ],
        resources: ['*'],
        principals: ['logs.${AWS::Region}.amazonaws.com'],
        condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': 'arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:*' } },
      };
      expect(services).toEqual(logged.includes(arn(key.id)) ? [logs] : []);
    }
  });

  test('roles are assumed by one service each: functions, API Gateway for its logs, and steps', () => {
    const all = permissions(kind);
    for (const { id, properties } of all.all('IAM::Role').filter((role) => !OF_THE_APP.test(role.id))) {
      const service = id.startsWith('JobWorksApiLogging') ? 'apigateway' : id.startsWith('GivenStepsRole') ? 'states' : 'lambda';
      expect(properties.AssumeRolePolicyDocument).toMatchObject({
        Statement: [{ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: `${service}.amazonaws.com` } }],
      });
    }
  });

  test('the schedule may call the sweeper, the ends of executions the function that is told of them, and no other rule anything', () => {
    const all = permissions(kind);
    const rules = all.all('Events::Rule').map(({ id, properties }) => {
      const [{ Arn: target }] = properties.Targets as [{ readonly Arn: string }];
      return { target, source: arn(id), handler: all.resource(target).properties.Handler };
    });
    expect(rules.map(({ handler }) => handler).sort()).toEqual([...(kind.includes('state machine') ? ['execution-ended.handler'] : []), 'sweeper.handler']);
    const allowed = all.all('Lambda::Permission').filter(({ properties }) => properties.Principal === 'events.amazonaws.com');
    expect(allowed.map(({ properties }) => properties)).toEqual(expect.arrayContaining(rules.map(({ target, source }) => ({
      Action: 'lambda:InvokeFunction', FunctionName: target, Principal: 'events.amazonaws.com', SourceArn: source,
    }))));
    expect(allowed).toHaveLength(rules.length);
  });
});

describe.each(WITH_API)('the API of %s', (kind) => {
  test('may call the function of each method, for that method alone, and no other', () => {
    const all = permissions(kind);
    const methods = all.all('ApiGateway::Method').filter(({ properties }) => (properties.Integration as { readonly Type: string }).Type === 'AWS_PROXY');
    const [api] = all.all('ApiGateway::RestApi');
    const [stage] = all.all('ApiGateway::Stage');
    const needed = methods.map(({ properties }) => {
      const { Uri } = properties.Integration as { readonly Uri: string };
      const [, called] = /functions\/(\$\{\w+(?:\.Arn)?\})\/invocations$/.exec(Uri)!;
      const path = pathOf(all, api, String(properties.ResourceId)).replace(/\{\w+\}/g, '*');
      return `${called} arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${${api.id}}/\${${stage.id}}/${String(properties.HttpMethod)}${path}`;
    });
    const given = all.all('Lambda::Permission').filter(({ properties }) => properties.Principal === 'apigateway.amazonaws.com')
      .map(({ properties }) => `${String(properties.FunctionName)} ${String(properties.SourceArn)}`);
    expect(needed.length).toBeGreaterThan(5);
    expect(given.sort()).toEqual(needed.sort());
  });

  test('calls the alias where invocations stand ready, never past it', () => {
    const all = permissions(kind);
    const behind = new Set(all.all('Lambda::Alias').map(({ properties }) => all.functionOf(properties.FunctionName).id));
    expect(behind.size).toBe(kind.startsWith('maximal') ? 2 : 0);
    const called = all.all('ApiGateway::Method').flatMap(({ properties }) => (properties.Integration as { readonly Uri?: string }).Uri ?? []);
    expect(called.filter((uri) => [...behind].some((id) => uri.includes(`\${${id}.Arn}`)))).toEqual([]);
  });
});

describe.each(WITH_HTTP)('the HTTP API of %s', (kind) => {
  const source = (all: Permissions, rest: string) =>
    `arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${${all.all('ApiGatewayV2::Api')[0].id}}/${rest}`;
  const given = (all: Permissions) => all.all('Lambda::Permission').filter(({ properties }) => properties.Principal === 'apigateway.amazonaws.com')
    .map(({ properties }) => `${String(properties.FunctionName)} ${String(properties.SourceArn)}`).sort();

  test('may call the function of each route, for the path of that route, and no other', () => {
    const all = permissions(kind);
    const routes = all.all('ApiGatewayV2::Route');
    const needed = routes.map(({ properties }) => {
      const integration = all.resource(`\${${/integrations\/\$\{(\w+)\}/.exec(String(properties.Target))![1]}}`);
      const path = String(properties.RouteKey) === '$default' ? '' : String(properties.RouteKey).split(' ')[1];
      return `${String(integration.properties.IntegrationUri)} ${source(all, `*/*${path}`)}`;
    });
    expect(routes.length).toBeGreaterThan(6);
    const authorizers = all.all('ApiGatewayV2::Authorizer').filter(({ properties }) => properties.AuthorizerType === 'REQUEST')
      .map(({ id }) => `${arn(handlerOf(all, 'authorize').id)} ${source(all, `authorizers/\${${id}}`)}`);
    expect(authorizers).toHaveLength(kind.endsWith('keys') ? 1 : 0);
    expect(given(all)).toEqual([...needed, ...authorizers].sort());
  });

  test('asks every route who calls, all else too; and preflights alone nothing', () => {
    const all = permissions(kind);
    const expected = kind.endsWith('IAM') ? 'AWS_IAM' : kind.endsWith('JWT') ? 'JWT' : kind.endsWith('keys') ? 'CUSTOM' : 'NONE';
    const open = all.all('ApiGatewayV2::Route').filter(({ properties }) => properties.AuthorizationType !== expected).map(({ properties }) => properties.RouteKey);
    expect(open).toEqual(kind.startsWith('maximal') && expected !== 'NONE' ? ['OPTIONS /{proxy+}'] : []);
    expect(all.all('ApiGatewayV2::Route').map(({ properties }) => properties.RouteKey)).toContain('$default');
  });

  test('calls the alias where invocations stand ready, never past it', () => {
    const all = permissions(kind);
    const behind = new Set(all.all('Lambda::Alias').map(({ properties }) => all.functionOf(properties.FunctionName).id));
    expect(behind.size).toBe(kind.startsWith('maximal') ? 2 : 0);
    const called = all.all('ApiGatewayV2::Integration').map(({ properties }) => String(properties.IntegrationUri));
    expect(called.filter((uri) => [...behind].some((id) => uri.includes(`\${${id}.Arn}`)))).toEqual([]);
  });
});

test.each(WITH_HTTP.filter((kind) => kind.endsWith('keys')))('keys of %s: who stands at the door looks one up, who manages them reads all and writes', (kind) => {
  const all = permissions(kind);
  const table = all.all('DynamoDB::Table').find(({ properties }) => JSON.stringify(properties.KeySchema).includes('key_hash'))!;
  const actionsOf = (name: string) => all.ofFunction(handlerOf(all, name))
    .filter(({ resources }) => resources.includes(arn(table.id))).flatMap(({ actions }) => actions);
  expect(actionsOf('authorize')).toEqual(['dynamodb:GetItem']);
  expect(actionsOf('keys')).toEqual(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Scan', 'dynamodb:UpdateItem']);
  expect(all.every().filter(({ resources, effect }) => effect === 'Allow' && resources.includes(arn(table.id)))).toHaveLength(2);
  expect(handlerOf(all, 'authorize').properties.VpcConfig).toBeUndefined();
});

function handlerOf(all: Permissions, name: string): Resource {
  return all.all('Lambda::Function').find(({ properties }) => properties.Handler === `${name}.handler`)!;
}

test.each(WITH_API.filter((kind) => !kind.startsWith('dev')))('the firewall of %s logs to a group that AWS WAF may be let into, without credentials', (kind) => {
  const all = permissions(kind);
  const [{ properties }] = all.all('WAFv2::LoggingConfiguration');
  const [destination] = properties.LogDestinationConfigs as [string];
  const group = all.resource(destination.split(':log-group:')[1]);
  expect(destination).toBe(`arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:\${${group.id}}`); // without `:*`, which it refuses
  expect(JSON.stringify(group.properties.LogGroupName)).toMatch(/^"aws-waf-logs-/);
  expect(group.properties.KmsKeyId).toBeDefined();
  expect(properties.ResourceArn).toBe(`\${${all.all('WAFv2::WebACL')[0].id}.Arn}`);
  const headers = ['authorization', 'x-api-key', 'x-amz-security-token', 'cookie'].map((Name) => ({ SingleHeader: { Name } }));
  expect(properties.RedactedFields).toEqual([...headers, { QueryString: {} }]);
  expect(all.all('WAFv2::WebACLAssociation').map((one) => one.properties.ResourceArn)).toEqual([expect.stringMatching(/\/restapis\/.*\/stages\//)]);
  expect(all.all('Logs::ResourcePolicy')).toEqual([]); // AWS WAF adds its own, for this group alone, when logging is switched on
});

function pathOf(all: Permissions, api: Resource, reference: string): string {
  if (reference === `\${${api.id}.RootResourceId}`) {
    return '';
  }
  const { properties } = all.resource(reference);
  return `${pathOf(all, api, String(properties.ParentId))}/${String(properties.PathPart)}`;
}

function bucketKey({ properties }: Resource): unknown {
  const { ServerSideEncryptionConfiguration: rules = [] } = (properties.BucketEncryption ?? {}) as {
    readonly ServerSideEncryptionConfiguration?: readonly { readonly ServerSideEncryptionByDefault: { readonly KMSMasterKeyID?: string } }[];
  };
  return rules[0]?.ServerSideEncryptionByDefault.KMSMasterKeyID;
}
