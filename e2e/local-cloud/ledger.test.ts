import { useFixture } from './fixture/fixture';
import { assertLedger, formatLedger, judge, readLedger, type AllowList, type Observation } from './ledger';

const ALLOW: AllowList = {
  executed: ['AWS::SQS::Queue', 'Custom::*'],
  executedWithAuth: { 'AWS::IAM::Role': 'only with auth' },
  recorded: { 'AWS::EC2::VPC': 'no packet is routed' },
  skipped: { 'AWS::CDK::Metadata': 'no effect' },
};

/** One resource of a type, provisioned in a certain way, and the verdict on it. */
function verdict(type: string, provisioner: Observation['resources'][number]['provisioner'], options: { note?: string; auth?: boolean } = {}) {
  const observed: Observation = {
    emulator: 'test',
    auth: options.auth ?? false,
    resources: [{ stack: 'S', logical_id: 'R', type, provisioner, note: options.note ?? null }],
  };
  const { entries, findings } = judge(observed, [{ name: 'S', resources: { R: { Type: type } } }], ALLOW);
  return { state: entries[0].state, because: entries[0].because, findings };
}

describe('the ledger', () => {
  test('calls a resource what the allow-list says, when the emulator can', () => {
    expect(verdict('AWS::SQS::Queue', 'service')).toEqual({ state: 'executed', because: undefined, findings: [] });
    expect(verdict('AWS::SQS::Queue', 'overlay')).toMatchObject({ state: 'executed', findings: [] });
    expect(verdict('Custom::Migration', 'custom')).toMatchObject({ state: 'executed', findings: [] });
    expect(verdict('AWS::EC2::VPC', 'service')).toEqual({ state: 'recorded', because: 'no packet is routed', findings: [] });
    expect(verdict('AWS::EC2::VPC', 'metadata')).toMatchObject({ state: 'recorded', findings: [] });
    expect(verdict('AWS::CDK::Metadata', 'stub')).toMatchObject({ state: 'skipped', because: 'no effect', findings: [] });
  });

  test('counts permissions as executed only where they are enforced', () => {
    expect(verdict('AWS::IAM::Role', 'service')).toMatchObject({ state: 'recorded', because: 'only with auth', findings: [] });
    expect(verdict('AWS::IAM::Role', 'service', { auth: true })).toMatchObject({ state: 'executed', findings: [] });
  });

  test.each([
    ['a type that is not executed any more', 'AWS::SQS::Queue', 'metadata', 'recorded', /AWS::SQS::Queue should be executed, and is recorded/],
    ['a type that became a stub', 'AWS::SQS::Queue', 'stub', 'skipped', /should be executed, and is skipped/],
    ['a recorded type that became a stub', 'AWS::EC2::VPC', 'stub', 'skipped', /should be recorded, and is skipped/],
    ['a skipped type that is done now', 'AWS::CDK::Metadata', 'service', 'executed', /should be skipped, and is executed or recorded/],
    ['a type nobody decided on', 'AWS::New::Thing', 'service', 'executed', /AWS::New::Thing is not on the allow-list/],
  ] as const)('finds %s', (_, type, provisioner, state, finding) => {
    expect(verdict(type, provisioner)).toMatchObject({ state, findings: [expect.stringMatching(finding)] });
  });

  test('finds a resource of an executed type that is not executed itself', () => {
    expect(verdict('AWS::SQS::Queue', 'service', { note: 'stored, not evaluated' }))
      .toEqual({ state: 'recorded', because: 'stored, not evaluated', findings: ['R (AWS::SQS::Queue) should be executed: stored, not evaluated'] });
  });

  test('finds a resource that is not there, unless its condition may have left it out', () => {
    const nothing: Observation = { emulator: 'test', auth: false, resources: [] };
    const resources = { Gone: { Type: 'AWS::SQS::Queue' }, Optional: { Type: 'AWS::SQS::Queue', Condition: 'Never' } };
    const ledger = judge(nothing, [{ name: 'S', resources }], ALLOW);
    expect(ledger.counts).toEqual({ executed: 0, recorded: 0, skipped: 1 });
    expect(ledger.findings).toEqual(['Gone (AWS::SQS::Queue) is in the template and not in the emulator.']);
    expect(() => assertLedger(ledger)).toThrow(/ledger\.allow\.json promises:\n {2}Gone/);
  });

  test('is a table for people', () => {
    const observed: Observation = {
      emulator: 'ministack 1',
      auth: false,
      resources: [
        { stack: 'S', logical_id: 'A', type: 'AWS::SQS::Queue', provisioner: 'service', note: null },
        { stack: 'S', logical_id: 'B', type: 'AWS::SQS::Queue', provisioner: 'service', note: null },
        { stack: 'S', logical_id: 'C', type: 'AWS::EC2::VPC', provisioner: 'metadata', note: null },
      ],
    };
    const resources = { C: { Type: 'AWS::EC2::VPC' }, A: { Type: 'AWS::SQS::Queue' }, B: { Type: 'AWS::SQS::Queue' } };
    expect(formatLedger(judge(observed, [{ name: 'S', resources }], ALLOW))).toBe([
      'executed   2  AWS::SQS::Queue',
      'recorded   1  AWS::EC2::VPC    no packet is routed',
      '2 executed, 1 recorded, 0 skipped (ministack 1)',
    ].join('\n'));
  });
});

describe('the ledger of a deployed stack', () => {
  const fixture = useFixture();

  test('has nothing that differs from the committed allow-list', async () => {
    const { cloud, deployment } = fixture();
    const ledger = await readLedger(cloud, deployment.stacks);
    expect(ledger.findings).toEqual([]);
    expect(ledger.counts.skipped).toBe(0);
    expect(ledger.entries.filter(({ state }) => state === 'recorded').map(({ type }) => type)).toEqual(expect.arrayContaining(['AWS::KMS::Key']));
    expect(ledger.counts.executed).toBeGreaterThan(25);
    assertLedger(ledger);
  });
});
