import { ApiFirewall, type ManagedFirewallOptions } from './api-firewall';
import type { ApiKeyLimits } from './api-key-limits';
import { JOB_API_OPTIONS } from './job-api-kinds';
import type { RestJobApiOptions } from './rest-api-options';
import { StatusCacheSize, type StatusCaching } from './status-caching';
import { durationKind, enumKind, FLAG, instanceKind, listKind, madeBy, numberKind, structKind, TEXT, type ValueKind } from '../internal/value-kinds';

/** The kind of every option of a REST API, also of what its factories were given: they know no construct to name. */
export const REST_API_OPTIONS: ValueKind = structKind<RestJobApiOptions>("JobApi.rest({ submitPath: '/jobs' })", {
  ...JOB_API_OPTIONS,
  keyLimits: structKind<ApiKeyLimits>('{ statusRatePerSecond: 10 }', {
    statusRatePerSecond: numberKind(10),
    statusBurst: numberKind(50),
    listRatePerSecond: numberKind(2),
    listBurst: numberKind(10),
    changeRatePerSecond: numberKind(2),
    changeBurst: numberKind(20),
    uploadRatePerSecond: numberKind(1),
    uploadBurst: numberKind(10),
  }),
  firewall: madeBy(instanceKind('ApiFirewall', () => ApiFirewall, 'ApiFirewall.managed()'),
    ({ _managed, _webAclArn }: ApiFirewall) => [
      [': managed()', _managed, structKind<ManagedFirewallOptions>('ApiFirewall.managed({ requestsPerFiveMinutes: 10000 })', {
        requestsPerFiveMinutes: numberKind(10_000), countedRules: listKind(TEXT),
      })],
      [': webAcl()', _webAclArn, { ...TEXT, write: 'ApiFirewall.webAcl(webAcl.attrArn)' }],
    ]),
  statusCaching: structKind<StatusCaching>('{ ttl: Duration.seconds(2) }', { ttl: durationKind('Duration.seconds(2)'), size: enumKind('StatusCacheSize', () => StatusCacheSize, 'GB_0_5') }),
  stageName: TEXT,
  accountLoggingRole: FLAG,
}, 'or JobApi.rest()');
