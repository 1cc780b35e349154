import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fixedCost } from '../../bench/fixed-cost';

const folder = mkdtempSync(join(tmpdir(), 'bench-fixed-cost-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('what is billed by the month is counted in the template', () => {
  const resources = [
    { Type: 'AWS::CloudWatch::Alarm', Properties: { MetricName: 'Errors' } },
    { Type: 'AWS::CloudWatch::Alarm', Properties: { Metrics: [{ Expression: 'a / b' }, { MetricStat: {} }, { MetricStat: {} }] } },
    { Type: 'AWS::KMS::Key' },
    { Type: 'AWS::WAFv2::WebACL', Properties: { Rules: [{}, {}, {}] } },
    { Type: 'AWS::Lambda::EventSourceMapping' },
    { Type: 'AWS::Lambda::EventSourceMapping' },
  ];
  writeFileSync(join(folder, 'Stack.template.json'), JSON.stringify({ Resources: { ...resources } }));
  const { sweeper, queues, watching, firewall } = fixedCost(folder);
  expect(watching).toBeCloseTo(3 * 0.1 + 4 * 0.3 + 1);
  expect(firewall).toBeCloseTo(5 + 3);
  expect(queues).toBeCloseTo(0.52);
  expect(sweeper).toBeCloseTo(8640 * (0.2e-6 + 0.05 * 0.0000133334 + 8 * 0.125e-6));
});
