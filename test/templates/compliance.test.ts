import type { App } from 'aws-cdk-lib';
import { HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks } from 'cdk-nag';
import { GIVEN, pipelineOf } from './kinds';
import { networkOf } from './networks';
import { disagreements, reasons, type Found } from '../../projenrc/tools/compliance';
import { findingsOf } from '../support/findings';

const HEADING = 'HIPAA Security, NIST 800-53 R5, PCI DSS 3.2.1';
const PACKS = { 'HIPAA.Security': 'HIPAA', 'NIST.800.53.R5': 'NIST', 'PCI.DSS.321': 'PCI' };

/** What the packs find on what the library makes, in the words of the page. */
function found({ app }: { readonly app: App }): Found[] {
  const packs = [new HIPAASecurityChecks(app), new NIST80053R5Checks(app), new PCIDSS321Checks(app)];
  return findingsOf(app, packs).filter(({ construct }) => !construct.startsWith(`Stack/${GIVEN}/`)).map(({ rule, construct }) => {
    const pack = Object.entries(PACKS).find(([prefix]) => rule.startsWith(`${prefix}-`))!;
    return { rule: rule.slice(pack[0].length + 1), scope: pack[1], where: construct.replace(/^Stack\/(Jobs\/)?/, '').replace(/\/Resource$/, '') };
  });
}

test('the page lists what the packs find on a default pipeline and a network of production, each with a reason, and nothing else', () => {
  expect(disagreements(HEADING, [...found(pipelineOf('minimal')), ...found(networkOf('network, prod'))])).toEqual([]);
});

test.each<[string, () => Found[]]>([
  ['pipeline', () => found(pipelineOf('maximal, API keys'))],
  ['HTTP API with keys', () => found(pipelineOf('HTTP, keys'))],
  ['HTTP API with everything', () => found(pipelineOf('maximal HTTP, JWT'))],
  ['network', () => found(networkOf('network, maximal'))],
  ['network in a VPC that exists', () => found(networkOf('network, in a VPC that exists'))],
])('whatever is switched on breaks no rule that a default one keeps: %s', (_, all) => {
  const known = new Set(reasons(HEADING).map(({ rule }) => rule));
  expect(all().filter(({ rule }) => !known.has(rule))).toEqual([]);
});
