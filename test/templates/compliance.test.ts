import type { App } from 'aws-cdk-lib';
import { HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks } from 'cdk-nag';
import { databaseOf } from './databases';
import { GIVEN, pipelineOf } from './kinds';
import { networkOf } from './networks';
import { disagreements, reasons, type Found } from '../../projenrc/tools/compliance';
import { findingsOf } from '../support/findings';

const HEADING = 'HIPAA Security, NIST 800-53 R5, PCI DSS 3.2.1';
const PACKS = { 'HIPAA.Security': 'HIPAA', 'NIST.800.53.R5': 'NIST', 'PCI.DSS.321': 'PCI' };

/** What an app brings by itself, but for what is the library's among it. */
const OF_THE_APP = new RegExp(`^Stack/${GIVEN}/(?!Steps/)`);

/** What the packs find on what the library makes, in the words of the page. */
function found({ app }: { readonly app: App }): Found[] {
  const packs = [new HIPAASecurityChecks(app), new NIST80053R5Checks(app), new PCIDSS321Checks(app)];
  return findingsOf(app, packs).filter(({ construct }) => !OF_THE_APP.test(construct)).map(({ rule, construct }) => {
    const pack = Object.entries(PACKS).find(([prefix]) => rule.startsWith(`${prefix}-`))!;
    return { rule: rule.slice(pack[0].length + 1), scope: pack[1], where: construct.replace(/^Stack\/(Jobs\/|Given\/)?/, '').replace(/\/Resource$/, '') };
  });
}

test('the page lists what the packs find on pipelines, a network and databases of production, each with a reason, and nothing else', () => {
  const all = [
    ...found(pipelineOf('minimal')), ...found(pipelineOf('state machine')), ...found(pipelineOf('postgres')), ...found(networkOf('network, prod')),
    ...found(databaseOf('instance, maximal')), ...found(databaseOf('Aurora, prod')),
  ];
  expect(disagreements(HEADING, all)).toEqual([]);
});

test.each<[string, () => Found[]]>([
  ['pipeline', () => found(pipelineOf('maximal, API keys'))],
  ['HTTP API with keys', () => found(pipelineOf('HTTP, keys'))],
  ['HTTP API with everything', () => found(pipelineOf('maximal HTTP, JWT'))],
  ['state machine', () => found(pipelineOf('maximal HTTP state machine, keys'))],
  ['state machine on PostgreSQL', () => found(pipelineOf('maximal HTTP postgres state machine, keys'))],
  ['instance without a proxy', () => found(databaseOf('instance, prod, without a proxy'))],
  ['Aurora cluster', () => found(databaseOf('Aurora, maximal'))],
  ['Aurora cluster without a proxy', () => found(databaseOf('Aurora, prod, without a proxy'))],
  ['network', () => found(networkOf('network, maximal'))],
  ['network in a VPC that exists', () => found(networkOf('network, in a VPC that exists'))],
])('whatever is switched on breaks no rule that a default one keeps: %s', (_, all) => {
  const known = new Set(reasons(HEADING).map(({ rule }) => rule));
  expect(all().filter(({ rule }) => !known.has(rule))).toEqual([]);
});
