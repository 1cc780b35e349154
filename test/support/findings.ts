import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { App, Validations, type IPolicyValidationPlugin } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';

/** One rule that one construct breaks. */
export interface Finding {
  readonly rule: string;
  readonly construct: string;
  readonly description: string;
}

interface ValidationReport {
  readonly pluginReports: Array<{
    readonly violations: Array<{
      readonly ruleName: string;
      readonly description: string;
      readonly violatingConstructs: Array<{ readonly constructPath?: string }>;
    }>;
  }>;
}

/**
 * Everything that cdk-nag's AwsSolutions and Serverless packs (or those given) and the CDK's own template rules find in an app and nobody
 * acknowledged, warnings too. Takes a second or two, so one test for each construct and size is enough.
 */
export function findingsOf(app: App, packs?: readonly IPolicyValidationPlugin[]): Finding[] {
  Validations.of(app).addPlugins(...packs ?? [new AwsSolutionsChecks(app), new ServerlessChecks(app)]);
  const { report, failure } = synthValidated(app);
  const findings = report.pluginReports.flatMap(({ violations }) => violations).flatMap(violation => violation.violatingConstructs.map(construct => ({
    rule: violation.ruleName,
    construct: construct.constructPath ?? '?',
    description: violation.description,
  })));
  if (failure && findings.length === 0) throw failure; // not a finding, then: a pack that broke, or an app that does not synthesise
  return findings;
}

export function expectNoFindings(app: App): void {
  expect(findingsOf(app)).toEqual([]);
}

/** A synth with findings throws, but only after it wrote the report, which says more than the error. */
function synthValidated(app: App): { report: ValidationReport; failure?: unknown } {
  const file = join(app.outdir, 'validation-report.json');
  const before = process.env.CDK_VALIDATION;
  const silenced = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  let failure: unknown;
  rmSync(file, { force: true });
  delete process.env.CDK_VALIDATION;
  try {
    app.synth({ force: true });
  } catch (error) {
    failure = error;
  } finally {
    silenced.mockRestore();
    process.env.CDK_VALIDATION = before;
  }
  return { report: readReport(file, failure), failure };
}

function readReport(file: string, failure: unknown): ValidationReport {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw failure ?? error;
  }
}
