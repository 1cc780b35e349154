import type { awscdk } from 'projen';

/** `npm run preview`: the dashboard of an example as a picture, with sample data. Nothing is deployed, and no browser is needed. */
export function addPreview(project: awscdk.AwsCdkConstructLibrary): void {
  project.addTask('preview', {
    description: 'Draw the dashboard of an example as an SVG, drawing-analysis or another; -- --help says how',
    steps: [
      { spawn: 'bundle' },
      { execArgs: ['tsx', 'preview/main.ts'], receiveArgs: true },
    ],
  });
}
