import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run';

export type Target = 'js' | 'python' | 'java';

/** What a package of each language is found by in `dist/`; Maven's is a whole repository. */
const PACKAGE: Record<Target, RegExp | undefined> = { js: /\.tgz$/, python: /\.whl$/, java: undefined };

/** A mebibyte for jobs, and a quarter for PostgreSQL: its client, and the certificates of every region, which hardly pack. */
const SIZE_GOAL_BYTES = 1280 * 1024;
/** What the npm package may hold, and what it must: everything else (sources, tests, tools) stays at home. */
const ALLOWED = [
  /^(package\.json|README\.md|API\.md|LICENSE|\.jsii|(runtime|postgres|config)\.(js|d\.ts))$/,
  /^assets\//,
  /^lib\/.*\.(js|d\.ts)$/,
];
const REQUIRED = [
  /^\.jsii$/,
  /^lib\/index\.js$/,
  /^lib\/index\.d\.ts$/,
  /^runtime\.js$/,
  /^runtime\.d\.ts$/,
  /^postgres\.js$/,
  /^postgres\.d\.ts$/,
  /^config\.js$/,
  /^config\.d\.ts$/,
  /^assets\/handlers\/.*\.mjs$/,
  /^assets\/layer-node\/.*\.mjs$/,
  /^assets\/handlers\/migrate\.js$/,
  /^assets\/migrations\/jobworks\/.*\.sql$/,
  /^assets\/layer-config\/.*\/config\.js$/,
  /^assets\/layer-postgres\/.*\.pem$/,
  /^assets\/layer-postgres\/.*\/postgres\.js$/,
  /^assets\/layer-postgres\/.*\/store\.js$/,
  /^assets\/THIRD-PARTY-LICENSES\.txt$/,
];
const PROBLEMS_SHOWN = 12;

/** Bundles and compiles, once for all languages, and forgets what was packaged before. */
export async function buildLibrary(root: string): Promise<{ summary: string }> {
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  await run('npx', ['projen', 'bundle'], root);
  await run('npx', ['projen', 'compile'], root);
  return { summary: 'once for all languages' };
}

/** Builds a package with the task that a release uses, and returns its path. */
export async function buildPackage(root: string, target: Target): Promise<string> {
  await run('npx', ['projen', `package:${target}`], root);
  const folder = join(root, 'dist', target);
  const pattern = PACKAGE[target];
  if (!pattern) return folder;
  const files = readdirSync(folder).filter(file => pattern.test(file));
  if (files.length !== 1) throw new Error(`${folder} should hold one package and holds ${files.join(', ') || 'none'}`);
  return join(folder, files[0]);
}

export async function checkTarball(tarball: string): Promise<{ summary: string }> {
  const listing = await run('tar', ['-tzf', tarball], '.');
  const files = listing.split('\n').filter(file => file && !file.endsWith('/')).map(file => file.replace(/^package\//, ''));
  const { size } = statSync(tarball);
  const problems = tarballProblems(files, size);
  const rest = problems.length - PROBLEMS_SHOWN;
  if (problems.length > 0) throw new Error([...problems.slice(0, PROBLEMS_SHOWN), ...(rest > 0 ? [`… and ${rest} more`] : [])].join('\n'));
  return { summary: `${files.length} files, ${kibibytes(size)} packed (goal: under ${kibibytes(SIZE_GOAL_BYTES)})` };
}

/** All that is wrong with what a tarball holds. */
export function tarballProblems(files: string[], packedBytes: number): string[] {
  const unexpected = files.filter(file => !ALLOWED.some(pattern => pattern.test(file)));
  const missing = REQUIRED.filter(pattern => !files.some(file => pattern.test(file)));
  return [
    ...(packedBytes > SIZE_GOAL_BYTES ? [`the package has ${kibibytes(packedBytes)}, over the goal of ${kibibytes(SIZE_GOAL_BYTES)}`] : []),
    ...missing.map(pattern => `nothing in the package matches ${pattern}`),
    ...unexpected.map(file => `${file} does not belong into the package: exclude it in projenrc/package.ts`),
  ];
}

function kibibytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(0)} KiB`;
}
