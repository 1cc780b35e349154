import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file or folder that a template refers to, and where the template expects it. */
export interface FileAsset {
  readonly path: string;
  readonly zip: boolean;
  readonly bucket: string;
  readonly key: string;
}

/** One stack of a cloud assembly. */
export interface AssemblyStack {
  readonly id: string;
  readonly name: string;
  readonly templateFile: string;
  readonly template: Template;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly assets: readonly FileAsset[];
  readonly dependsOn: readonly string[];
}

/** As much of a template as is read here. */
export interface Template {
  readonly Resources?: Readonly<Record<string, { readonly Type: string; readonly Condition?: string }>>;
  readonly Outputs?: Readonly<Record<string, unknown>>;
}

interface Manifest {
  readonly artifacts?: Readonly<Record<string, Artifact>>;
}

interface Artifact {
  readonly type: string;
  readonly dependencies?: readonly string[];
  readonly displayName?: string;
  readonly properties?: {
    readonly templateFile?: string;
    readonly stackName?: string;
    readonly parameters?: Readonly<Record<string, string>>;
    readonly tags?: Readonly<Record<string, string>>;
    readonly file?: string;
    readonly directoryName?: string;
  };
}

interface AssetManifest {
  readonly files?: Readonly<Record<string, {
    readonly source: { readonly path?: string; readonly packaging?: 'zip' | 'file' };
    readonly destinations: Readonly<Record<string, { readonly bucketName: string; readonly objectKey: string }>>;
  }>>;
  readonly dockerImages?: Readonly<Record<string, unknown>>;
}

const STACK = 'aws:cloudformation:stack';
const ASSETS = 'cdk:asset-manifest';
const NESTED = 'cdk:cloud-assembly';

/**
 * The stacks of a `cdk.out` folder and of the stages in it, each after the stacks it depends on.
 * @throws when it refers to a container image, which cannot be run here
 */
export function readAssembly(directory: string, account: string, region: string): AssemblyStack[] {
  const pseudo = (text: string) => text
    .replaceAll('${AWS::Partition}', 'aws').replaceAll('${AWS::AccountId}', account).replaceAll('${AWS::Region}', region);
  return inOrder(readStacks(directory, pseudo));
}

function readStacks(directory: string, pseudo: (text: string) => string): AssemblyStack[] {
  const artifacts = readJson<Manifest>(join(directory, 'manifest.json')).artifacts ?? {};
  return Object.entries(artifacts).flatMap(([id, artifact]) => {
    if (artifact.type === NESTED) return readStacks(join(directory, artifact.properties!.directoryName!), pseudo);
    if (artifact.type !== STACK) return [];

    const { templateFile, stackName, parameters = {}, tags = {} } = artifact.properties!;
    const dependencies = (artifact.dependencies ?? []).map(name => ({ name, type: artifacts[name]?.type, file: artifacts[name]?.properties?.file }));
    return [{
      id,
      name: stackName ?? id,
      templateFile: join(directory, templateFile!),
      template: readJson<Template>(join(directory, templateFile!)),
      parameters: Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, pseudo(value)])),
      tags,
      assets: dependencies.filter(({ type }) => type === ASSETS).flatMap(({ file }) => readAssets(directory, file!, pseudo)),
      dependsOn: dependencies.filter(({ type }) => type === STACK).map(({ name }) => name),
    }];
  });
}

function readAssets(directory: string, file: string, pseudo: (text: string) => string): FileAsset[] {
  const manifest = readJson<AssetManifest>(join(directory, file));
  const images = Object.keys(manifest.dockerImages ?? {});
  if (images.length > 0) throw new Error(`${file} refers to container images (${images.join(', ')}), which the local cloud does not run.`);

  return Object.values(manifest.files ?? {}).flatMap(({ source, destinations }) => Object.values(destinations).map(destination => ({
    path: join(directory, source.path!),
    zip: source.packaging === 'zip',
    bucket: pseudo(destination.bucketName),
    key: destination.objectKey,
  })));
}

function inOrder(stacks: readonly AssemblyStack[]): AssemblyStack[] {
  const ordered: AssemblyStack[] = [];
  const add = (stack: AssemblyStack) => {
    if (ordered.includes(stack)) return;
    for (const id of stack.dependsOn) stacks.filter(other => other.id === id).forEach(add);
    ordered.push(stack);
  };
  stacks.forEach(add);
  return ordered;
}

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}
