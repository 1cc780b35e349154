import type { awscdk } from 'projen';
import { Component } from 'projen';
import type { Job, JobStep } from 'projen/lib/github/workflows-model';
import { UpgradeDependenciesSchedule } from 'projen/lib/javascript';

/** The checks need Python (cfn-lint, the local cloud) and Java with Maven (the library in three languages). */
export const WORKFLOW_TOOLS: JobStep[] = [
  { name: 'Setup Python', uses: 'actions/setup-python@v7.0.0', with: { 'python-version': '3.12' } },
  { name: 'Setup Java', uses: 'actions/setup-java@v6.0.0', with: { 'distribution': 'corretto', 'java-version': '17' } },
];

/** Dependencies move once a week, not every night. */
export const UPGRADES = { workflowOptions: { schedule: UpgradeDependenciesSchedule.WEEKLY } };

export function configureWorkflows(project: awscdk.AwsCdkConstructLibrary): void {
  project.buildWorkflow!.addPostBuildSteps({ name: 'The library in three languages', run: 'npx projen polyglot' });
  new NoRegistryAddress(project);
}

/**
 * The publisher writes the address of npm's registry, which is its default anyway. Addresses belong to whoever installs, not to us.
 * A component, because publishing jobs only exist once the release itself was prepared.
 */
class NoRegistryAddress extends Component {
  public preSynthesize(): void {
    const release = (this.project as awscdk.AwsCdkConstructLibrary).github!.tryFindWorkflow('release')!;
    const job = release.getJob('release_npm') as Job;
    if (!job.steps.some(step => step.env?.NPM_REGISTRY)) throw new Error('The release workflow names no registry any more: delete this component');
    release.updateJob('release_npm', { ...job, steps: job.steps.map(withoutRegistry) });
  }
}

function withoutRegistry(step: JobStep): JobStep {
  const { NPM_REGISTRY: _, ...env } = step.env ?? {};
  return step.env ? { ...step, env } : step;
}
