import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { synthesise } from '../../e2e/support/synthesise';
import { watchedIn } from '../../preview/body/dashboards';
import type { Template } from '../../preview/body/stand-ins';
import { preview } from '../../preview/preview';
import { dashboardFaultsOf } from '../support/dashboard-body';

const FOLDER = resolve(__dirname, '../../examples/typescript');
const EXAMPLES = readdirSync(FOLDER).filter((name) => existsSync(join(FOLDER, name, 'cdk.json')));
const LIMIT_MS = 150_000;

describe.each(EXAMPLES)('the dashboards of %s', (example) => {
  let assembly: string;

  beforeAll(async () => {
    assembly = await synthesise(join(FOLDER, example), `judged-${example}`);
  }, LIMIT_MS);

  it('are what CloudWatch takes', () => {
    const files = readdirSync(assembly, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.template.json'));
    expect(dashboardFaultsOf(...files.map((file) => JSON.parse(readFileSync(join(assembly, file), 'utf8')) as Template))).toEqual([]);
  });

  it('can be drawn to the last widget, and the picture is small', () => {
    const watched = watchedIn(assembly);
    expect(watched.dashboards).not.toEqual([]);
    for (const dashboard of watched.dashboards.slice(0, 1)) { // those of other environments differ by little
      const { svg, faults } = preview(dashboard, watched, { width: 1400, theme: 'light', state: 'incident' });
      expect(faults).toEqual([]);
      expect(svg.length).toBeLessThan(400_000);
    }
  });
});
