import { Annotations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { authenticationOf } from './authorization';
import type { JobApiOptions } from './job-api-options';
import { EnvironmentProfile } from '../environment-profile/environment-profile';
import { AUTHENTICATION } from '../runtime/wire/environment';

/** Says what may be fine of how the callers of an API are known, whatever its kind, and often is not. */
export function warnOfCallers(scope: IConstruct, options: JobApiOptions, profile: EnvironmentProfile): void {
  const annotations = Annotations.of(scope);
  const kind = authenticationOf(options)._kind;
  if (options.cors && kind === AUTHENTICATION.apiKey) {
    annotations.addWarningV2('cdk-jobworks:api.keysInBrowsers',
      'api.cors lets pages call the API, which asks for API keys: a key in a page is everybody\'s who opens it, and who has it sees, cancels and '
      + 'retries all jobs of that customer. Let users sign in (ApiAuthentication.cognito() or jwt()), or acknowledge this if each page asks its user for a key.');
  }
  if (kind === AUTHENTICATION.none && profile.name === EnvironmentProfile.prod().name) {
    annotations.addWarningV2('cdk-jobworks:api.openInProduction',
      'ApiAuthentication.none() leaves an API of production open: whoever reaches it submits jobs, and sees, cancels and retries those of everybody. '
      + 'Use ApiAuthentication.iam(), cognito(), jwt() or apiKeys(), or acknowledge this if only a network that you trust reaches the API.');
  }
}
