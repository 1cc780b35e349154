import { CliHarness, awsError, Text, Thrown } from './cli-harness';
import { hashOf } from '../../src/runtime/keys/key';

const CREATED = '2027-01-15T08:00:00.000Z';
const KEY = /^jw_[a-z2-7]{8}_[\w-]{43}$/;

let cli: CliHarness;
beforeEach(() => {
  cli = new CliHarness();
  cli.parameter = JSON.stringify({ operate_function: 'drawings-operate', keys_function: 'drawings-keys' });
  cli.answer = ({ customer, key_id }) => ({ key: { key_id, customer, created_at: CREATED } });
});

describe('keys create', () => {
  test('prints the key and nothing else, and sends its hash and its beginning alone', async () => {
    expect(await cli.run('keys create -p drawings --customer acme')).toBe(0);
    const key = cli.stdout.text.trim();
    expect(key).toMatch(KEY);
    expect(cli.invoked).toEqual(['drawings-keys']);
    expect(cli.asked).toEqual([{ action: 'create', customer: 'acme', key_id: key.slice(0, 11), key_hash: hashOf(key) }]);
    expect(cli.stderr.text).toContain('the only time');
    expect(cli.stderr.text).not.toContain(key);
  });

  test('two keys have nothing in common', async () => {
    await cli.run('keys create -p drawings --customer acme');
    await cli.run('keys create -p drawings --customer acme');
    const [one, other] = cli.stdout.text.trim().split('\n');
    expect(one.slice(3, 11)).not.toBe(other.slice(3, 11));
    expect(one.slice(12)).not.toBe(other.slice(12));
  });

  test('as JSON it is one document, and nothing beside it', async () => {
    expect(await cli.run('keys create -p drawings --customer acme --json')).toBe(0);
    expect(cli.json).toEqual({ key: expect.stringMatching(KEY), key_id: expect.stringMatching(/^jw_/), customer: 'acme', created_at: CREATED });
    expect(cli.stderr.text).toBe('');
  });

  test('a key that was refused is not shown', async () => {
    cli.answer = () => new Thrown('ServiceUnavailable', 'the table of keys does not answer: try again');
    expect(await cli.run('keys create -p drawings --customer acme')).toBe(1);
    expect(cli.stdout.text).toBe('');
    expect(cli.stderr.text).toContain('the table of keys does not answer: try again');
  });
});

describe('keys list', () => {
  const KEYS = [
    { key_id: 'jw_bbbbbbbb', customer: 'globex', created_at: CREATED },
    { key_id: 'jw_aaaaaaaa', customer: 'acme', created_at: CREATED, revoked_at: '2027-02-01T00:00:00.000Z' },
  ];

  test('shows every page, by customer, with what was revoked', async () => {
    cli.answer = ({ next_token }) => (next_token === undefined ? { keys: [KEYS[0]], next_token: 'f'.repeat(64) } : { keys: [KEYS[1]] });
    expect(await cli.run('keys list -p drawings')).toBe(0);
    expect(cli.asked).toEqual([{ action: 'list' }, { action: 'list', next_token: 'f'.repeat(64) }]);
    expect(cli.stdout.text).toMatch(/^key +customer +created +state\njw_aaaaaaaa +acme +.*revoked .*\njw_bbbbbbbb +globex .*valid\n$/);
  });

  test('of one customer, as JSON', async () => {
    cli.answer = () => ({ keys: [KEYS[0]] });
    expect(await cli.run('keys list -p drawings --customer globex --json')).toBe(0);
    expect(cli.asked).toEqual([{ action: 'list', customer: 'globex' }]);
    expect(cli.json).toEqual({ keys: [KEYS[0]] });
  });

  test('says that there are none', async () => {
    cli.answer = () => ({ keys: [] });
    await cli.run('keys list -p drawings --customer acme');
    expect(cli.stdout.text).toBe('drawings has no keys of acme\n');
  });

  test('shows nothing that moves the cursor', async () => {
    cli.answer = () => ({ keys: [{ ...KEYS[0], customer: 'a\u001b[2Jb' }] });
    await cli.run('keys list -p drawings');
    expect(cli.stdout.text).not.toContain('\u001b');
  });
});

describe('keys revoke', () => {
  test('takes the beginning of a key, and says when it is refused', async () => {
    cli.answer = () => ({ key: { key_id: 'jw_aaaaaaaa', customer: 'acme', created_at: CREATED, revoked_at: CREATED } });
    expect(await cli.run('keys revoke jw_aaaaaaaa -p drawings --customer acme')).toBe(0);
    expect(cli.asked).toEqual([{ action: 'revoke', key_id: 'jw_aaaaaaaa', customer: 'acme' }]);
    expect(cli.stdout.text).toMatch(/jw_aaaaaaaa of acme is revoked.*after a minute/);
  });

  test('of a whole key it sends the beginning alone', async () => {
    cli.answer = () => ({ key: { key_id: 'jw_aaaaaaaa', customer: 'acme', created_at: CREATED, revoked_at: CREATED } });
    expect(await cli.run(`keys revoke jw_aaaaaaaa_${'_-'.repeat(21)}x -p drawings`)).toBe(0);
    expect(cli.asked).toEqual([{ action: 'revoke', key_id: 'jw_aaaaaaaa' }]);
  });
});

test.each([
  ['keys create -p drawings', /--customer is missing/],
  ['keys create --customer acme', /--pipeline is missing/],
  ['keys create -p drawings --customer a/b', /--customer is 1 to 64 letters/],
  ['keys create jw_aaaaaaaa -p drawings --customer acme', /takes no arguments/],
  ['keys delete -p drawings', /there is no "keys delete": create, list, revoke/],
  ['keys revoke -p drawings', /takes the beginning of one key/],
  ['keys revoke jw_A -p drawings', /takes the beginning of one key/],
  ['keys revoke jw_aaaaaaaa jw_bbbbbbbb -p drawings', /takes the beginning of one key/],
  ['keys list -p drawings --all', /--all is no option of "keys"/],
])('"%s" is wrong usage', async (line, message) => {
  expect(await cli.run(line)).toBe(2);
  expect(cli.stderr.text.replace(/\s+/g, ' ')).toMatch(message);
  expect(cli.stderr.text).toContain('"cdk-jobworks keys --help" tells more');
  expect(cli.invoked).toEqual([]);
});

test.each(['keys', 'keys --help', 'keys create -h'])('"%s" tells how', async (line) => {
  expect(await cli.run(line)).toBe(0);
  expect(cli.stdout.text).toContain('cdk-jobworks keys revoke KEY');
});

test('the lines of its help fit a wide terminal, and the overview leads there', async () => {
  await cli.run('keys --help');
  expect(cli.stdout.text.split('\n').filter((line) => line.length > 130)).toEqual([]);
  cli.stdout = new Text();
  await cli.run('--help');
  expect(cli.stdout.text).toContain('cdk-jobworks keys --help');
});

describe('a pipeline', () => {
  test('without keys of this kind says which has', async () => {
    cli.parameter = JSON.stringify({ operate_function: 'drawings-operate' });
    expect(await cli.run('keys list -p drawings')).toBe(1);
    expect(cli.stderr.text).toContain('"drawings" issues no API keys: only an HTTP API does');
    expect(cli.invoked).toEqual([]);
  });

  test.each(['{}', 'null', 'nonsense', '[]', '{"keys_function":7}'])('whose parameter is %s was written by something else', async (parameter) => {
    cli.parameter = parameter;
    expect(await cli.run('keys list -p drawings')).toBe(1);
    expect(cli.stderr.text).toContain('something other than the pipeline has written it');
  });

  test('that one may not manage says what grants it', async () => {
    cli.answer = () => awsError('AccessDeniedException');
    expect(await cli.run('keys list -p drawings --region eu-west-1')).toBe(1);
    expect(cli.stderr.text).toContain('pipeline.grantManageKeys(…)');
    expect(cli.places).toEqual([expect.objectContaining({ region: 'eu-west-1' })]);
  });
});
