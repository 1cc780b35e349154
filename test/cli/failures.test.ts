import { awsError, CliHarness, Text, Thrown } from './cli-harness';

let cli: CliHarness;
beforeEach(() => {
  cli = new CliHarness();
});

describe('what goes wrong', () => {
  const list = async () => cli.run('jobs list -p drawings');

  test('no such pipeline: where it was looked for, and as whom', async () => {
    cli.parameter = awsError('ParameterNotFound');
    expect(await list()).toBe(1);
    expect(cli.stderr.text).toContain('there is no pipeline "drawings" in eu-central-1 of account 123456789012, asked as arn:aws:iam::123456789012:user/ann');
    expect(cli.stderr.text).toContain('--region and --profile');
  });

  test('… and which there are, with the one that could have been meant', async () => {
    cli.parameter = awsError('ParameterNotFound');
    cli.pipelines = ['invoices', 'drawing', 'reports'];
    expect(await list()).toBe(1);
    expect(cli.parameters).toEqual(['/cdk-jobworks/drawings', '/cdk-jobworks/*']);
    expect(cli.stderr.text).toContain('\nDid you mean "drawing"?\nThere are: drawing, invoices, reports.\nGive its name');
  });

  test('… all pages of them', async () => {
    cli.parameter = awsError('ParameterNotFound');
    cli.pipelines = Array.from({ length: 25 }, (_, number) => `other-${String(number).padStart(2, '0')}`);
    await list();
    expect(cli.parameters).toHaveLength(4);
    expect(cli.stderr.text).toContain('There are: other-00, other-01,');
    expect(cli.stderr.text).toContain('other-24.');
  });

  test('… or who may be told them', async () => {
    cli.parameter = awsError('ParameterNotFound');
    await list();
    expect(cli.stderr.text).toContain('Who may ssm:GetParametersByPath on /cdk-jobworks/ is told here which there are.');
  });

  test('… and only the region, where nobody tells the account', async () => {
    cli.parameter = awsError('ParameterNotFound');
    cli.caller = awsError('AccessDenied');
    await list();
    expect(cli.stderr.text).toContain('in eu-central-1 (no parameter /cdk-jobworks/drawings)');
  });

  test('not allowed to look it up: which permission', async () => {
    cli.parameter = awsError('AccessDeniedException', 'User: ann is not authorized');
    expect(await list()).toBe(1);
    expect(cli.stderr.text).toMatch(/not allowed: ssm:GetParameter on \/cdk-jobworks\/drawings.*User: ann is not authorized[^]*pipeline\.grantOperate/);
  });

  test('not allowed to invoke: which permission', async () => {
    cli.answer = () => awsError('AccessDeniedException', 'User: ann is not authorized');
    expect(await list()).toBe(1);
    expect(cli.stderr.text).toContain('not allowed: lambda:InvokeFunction on drawings-operate');
  });

  test.each([
    ['CredentialsProviderError', 'there are no AWS credentials'],
    ['TokenProviderError', 'aws sso login'],
    ['ExpiredTokenException', 'AWS does not accept the credentials (ExpiredTokenException)'],
    ['UnrecognizedClientException', 'Log in again'],
    ['ResourceGone', 'AWS did not do ssm:GetParameter on /cdk-jobworks/drawings: ResourceGone: as AWS says it'],
  ])('%s', async (name, told) => {
    cli.parameter = awsError(name);
    expect(await list()).toBe(1);
    expect(cli.stderr.text).toContain(told);
  });

  test.each([awsError('CredentialsProviderError', 'Could not load credentials from any providers'), awsError('Error', 'Region is missing')])('no such profile: %s', async (error) => {
    cli.parameter = error;
    cli.unknownProfile = 'nope';
    expect(await list()).toBe(1);
    expect(cli.stderr.text).toMatch(/^error: there is no profile "nope" in the AWS configuration/);
    expect(cli.stderr.text).not.toContain('log in');
  });

  test('no such pipeline has a code of its own', async () => {
    cli.parameter = awsError('ParameterNotFound');
    expect(await cli.run('jobs list -p drawing --json')).toBe(1);
    expect(cli.json).toMatchObject({ error: { code: 'UnknownPipeline', message: expect.stringMatching(/^there is no pipeline "drawing"/) } });
  });

  test('no region', async () => {
    cli.parameter = awsError('Error', 'Region is missing');
    await list();
    expect(cli.stderr.text).toBe('error: no region is set: give --region, or set AWS_REGION or the region of the profile.\n');
  });

  test('a function that is gone', async () => {
    cli.answer = () => awsError('ResourceNotFoundException');
    await list();
    expect(cli.stderr.text).toContain('names the function drawings-operate, which is not in eu-central-1 of account 123456789012');
  });

  test.each(['hello', '{}', '{"operate_function":""}', '{"operate_function":7}', 'null'])('a parameter that is %s', async (value) => {
    cli.parameter = value;
    expect(await list()).toBe(1);
    expect(cli.stderr.text).toContain('does not name the function for operators');
  });

  test('a function that failed', async () => {
    cli.answer = () => new Thrown('Sandbox.Timedout', 'Task timed out after 30.00 seconds');
    expect(await list()).toBe(1);
    expect(cli.stderr.text).toContain('the function drawings-operate failed: Sandbox.Timedout: Task timed out after 30.00 seconds');
  });

  test('a refusal is told as it is, also as JSON', async () => {
    cli.answer = () => new Thrown('BadRequest', 'succeeded jobs are listed by their "owner" only');
    expect(await cli.run('jobs list -p drawings --owner acme --json')).toBe(1);
    expect(cli.json).toEqual({ error: { code: 'BadRequest', message: 'succeeded jobs are listed by their "owner" only' } });
    expect(cli.stderr.text).toBe('error: succeeded jobs are listed by their "owner" only\n');
  });

  test.each<[string, unknown]>([
    ['jobs list -p drawings --failed-since 2h --error-type X', '"error_type" is nothing that "list" takes: failed_since, owner, status, limit, next_token'],
    ['jobs retry -p drawings --failed-since 2h --owner x --yes', '"owner" is nothing that "retry" takes: job_id, failed_since, limit, next_token'],
    ['jobs retry -p drawings --failed-since 2h --dry-run', '"dry_run" is nothing that "retry" takes: job_id, failed_since, limit, next_token'],
  ])('a function that is older than the command line: %s', async (line, refusal) => {
    cli.answer = () => new Thrown('BadRequest', String(refusal));
    expect(await cli.run(line)).toBe(1);
    expect(cli.asked).toHaveLength(1);
    expect(cli.stderr.text).toContain('deployed with an older version of cdk-jobworks than this command line');
    expect(cli.stderr.text).toContain('Nothing was done. Deploy its app');
  });

  test('any other failure has a code, too', async () => {
    cli.parameter = awsError('AccessDeniedException');
    await cli.run('jobs list -p drawings --json');
    expect(cli.json).toMatchObject({ error: { code: 'Failed' } });
  });

  test('what nobody thought of is told with its stack', async () => {
    cli.answer = () => ({ jobs: 7 });
    expect(await list()).toBe(1);
    expect(cli.stderr.text).toMatch(/something unexpected: TypeError[^]*at /);
  });

  test('red on a terminal, unless the reader asked for none', async () => {
    cli.stderr = new Text(true, 80);
    await cli.run('jobs list');
    expect(cli.stderr.text).toContain('\u001b[31merror\u001b[0m');
    cli.stderr = new Text(true, 80);
    cli.environment = { NO_COLOR: '1' };
    await cli.run('jobs list');
    expect(cli.stderr.text).not.toContain('\u001b');
  });
});
