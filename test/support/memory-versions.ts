import { STAGE, type Credentials, type SecretVersions, type Stage } from '../../src/runtime/handlers/rotate/secret-versions';

/** As Secrets Manager: a stage is of one version, and a version that was put once cannot hold anything else. */
export class MemoryVersions implements SecretVersions {
  readonly values: Map<string, Credentials>;
  readonly byStage = new Map<Stage, string>([[STAGE.current, 'v1']]);

  /** @param first what the current version holds */
  constructor(first: Credentials) {
    this.values = new Map([['v1', first]]);
  }

  async stages(): Promise<ReadonlyMap<string, readonly string[]>> {
    return new Map([...this.values.keys()].map(version => [version, [...this.byStage].filter(([, of]) => of === version).map(([stage]) => stage)]));
  }

  async read(stage: Stage, version?: string): Promise<Credentials | undefined> {
    const of = this.byStage.get(stage);
    return of === undefined || (version !== undefined && version !== of) ? undefined : this.values.get(of);
  }

  async put(version: string, value: Credentials): Promise<void> {
    const before = this.values.get(version);
    if (before && before.password !== value.password) throw new Error('ResourceExistsException');
    this.values.set(version, value);
    this.byStage.set(STAGE.pending, version);
  }

  async promote(version: string, from: string): Promise<void> {
    if (this.byStage.get(STAGE.current) !== from) throw new Error('InvalidParameterException');
    this.byStage.set(STAGE.current, version).set(STAGE.previous, from);
  }

  get current(): Credentials {
    return this.values.get(this.byStage.get(STAGE.current)!)!;
  }
}
