import { Duration, Token } from 'aws-cdk-lib';
import { HTTP_API_OPTIONS } from './http-api-kinds';
import type { HttpJobApiOptions } from './http-api-options';
import type { PropRules } from '../../internal/prop-rules';
import { AUTHENTICATION } from '../../runtime/wire/environment';
import type { JwtOptions } from '../api-authentication';
import { authenticationOf } from '../authorization';
import { checkCors, checkDomain, checkExactLimit, checkPaths, checkRateAndBurst, checkScopes, checkSizes } from '../job-api-rules';
import { checkRates } from '../rate-rules';
import type { RestJobApiOptions } from '../rest-api-options';

/** Why an HTTP API has no such option, and what to do instead. Types refuse them; JavaScript, and options made for both kinds of API, do not. */
const OF_REST: Readonly<Record<Exclude<keyof RestJobApiOptions, keyof HttpJobApiOptions>, readonly [reason: string, fix: string]>> = {
  keyLimits: ['it has no usage plans', 'use JobApi.rest(), or limit all callers by ratePerSecond, and what each submits by submitLimit'],
  firewall: ['AWS WAF guards no HTTP API', 'use JobApi.rest()'],
  statusCaching: ['it has no cache', 'use JobApi.rest()'],
  stageName: ['it answers at the root of its address', 'begin the paths with a name'],
  accountLoggingRole: ['it writes logs without a role of the account', 'use JobApi.rest()'],
};

/** As API Gateway takes it: no query, no fragment. */
const ISSUER = /^https:\/\/[\w.-]+(:\d{1,5})?(\/[\w.~%!$&'()*+,;=:@-]*)*$/;

/** Everything that the options of an HTTP API can contradict, and what a REST API alone can do. */
export function checkHttpApi(rules: PropRules, options: HttpJobApiOptions | undefined): void {
  if (options === undefined || !rules.kind('api', options, HTTP_API_OPTIONS)) {
    return; // what is of the wrong kind cannot be judged any further
  }
  for (const [name, [reason, fix]] of Object.entries(OF_REST)) {
    rules.absent({ [`api.${name}`]: (options as RestJobApiOptions)[name as keyof RestJobApiOptions] }, `with JobApi.http(): ${reason}`, fix);
  }
  checkPaths(rules, options);
  checkRateAndBurst(rules, options);
  checkAuthentication(rules, options);
  rules.check(options.submitLimit?._usagePlan === undefined, {
    rule: 'api.submitLimit: an HTTP API has no usage plans',
    value: 'SubmitLimit.usagePlan()',
    fix: 'use SubmitLimit.exact(), or JobApi.rest()',
  });
  checkExactLimit(rules, options);
  checkRates(rules, options);
  checkCors(rules, options.cors);
  checkDomain(rules, options.domain);
  checkSizes(rules, options);
}

function checkAuthentication(rules: PropRules, options: HttpJobApiOptions): void {
  const { _kind: kind, _jwt: jwt } = authenticationOf(options);
  rules.check(kind !== AUTHENTICATION.cognito, {
    rule: 'api.authentication: an HTTP API knows users of Cognito by their tokens, as those of any issuer',
    value: 'ApiAuthentication.cognito()',
    fix: 'use ApiAuthentication.jwt({ issuer: userPool.userPoolProviderUrl, audience: [client.userPoolClientId] }), or JobApi.rest()',
  });
  if (jwt) {
    checkJwt(rules, jwt);
  }
  if (kind !== AUTHENTICATION.apiKey) {
    rules.absent({ 'api.keyCaching': options.keyCaching }, 'without API keys: there is nothing to keep', 'use ApiAuthentication.apiKeys()');
  }
  rules.duration('api.keyCaching', options.keyCaching, Duration.seconds(0), Duration.minutes(5), [
    'there is no less', 'a limit of cdk-jobworks: for so long a key that was revoked may be used',
  ]);
}

function checkJwt(rules: PropRules, { issuer, audience, scopes }: JwtOptions): void {
  rules.check(Token.isUnresolved(issuer) || ISSUER.test(issuer), {
    rule: 'api.authentication: issuer must be an address that begins with https://, exactly as the tokens have it in `iss`',
    value: issuer,
    fix: "give one such as 'https://login.example.com/'",
  });
  rules.check(audience.length > 0 && audience.every((one) => one !== ''), {
    rule: 'api.authentication: audience must name whom the tokens are for: otherwise those that were made for others would be taken',
    value: `[${audience.join(', ')}]`,
    fix: 'give what the tokens have in `aud`, or the id of the client in `client_id`',
  });
  checkScopes(rules, scopes, "give scopes such as 'jobs/submit', or leave them out");
}
