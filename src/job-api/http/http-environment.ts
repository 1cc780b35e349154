import type { HttpJobApiOptions } from './http-api-options';
import { AUTHENTICATION, ENVIRONMENT } from '../../runtime/wire/environment';
import { apiEnvironment, type ApiEnvironment } from '../api-environment';
import { SubmitLimit } from '../submit-limit';

/** The options with what holds where the app says nothing: what is submitted is counted, as there is no usage plan that would. */
export function settledHttp(options: HttpJobApiOptions | undefined): HttpJobApiOptions | undefined {
  return options && { ...options, submitLimit: options.submitLimit ?? SubmitLimit.exact() };
}

/**
 * The options as the functions read them. Of pages they know nothing: API Gateway adds the headers for them, and drops those that a function
 * answers.
 */
export function httpEnvironment(options: HttpJobApiOptions): ApiEnvironment {
  const { common, ...each } = apiEnvironment({ ...options, cors: undefined });
  const hasKeys = common[ENVIRONMENT.authentication] === AUTHENTICATION.apiKey;
  return { ...each, common: hasKeys ? { ...common, [ENVIRONMENT.authentication]: AUTHENTICATION.issuedKey } : common };
}
