export { CapacityPlan } from './capacity-plan/capacity-plan';
export { type CapacityAssumptions } from './capacity-plan/capacity-assumptions';
export { type CapacityLimit } from './capacity-plan/capacity-limits';
export { type ExpectedLoad } from './capacity-plan/expected-load';
export { type MonthlyCost } from './capacity-plan/monthly-costs';
export { ConfigParameters } from './config-parameters/config-parameters';
export { type ConfigParametersProps, type GrantReadConfigOptions } from './config-parameters/config-parameters-props';
export { CostGuard } from './cost-guard/cost-guard';
export { type CostGuardProps } from './cost-guard/cost-guard-props';
export { type CostTags } from './cost-guard/cost-tags';
export { EnvironmentProfile } from './environment-profile/environment-profile';
export { type EnvironmentSizes } from './environment-profile/environment-sizes';
export { type CanaryDeploymentOptions, type GradualDeploymentOptions, type LinearDeploymentOptions } from './gradual-deployment/deployment-options';
export { GradualDeployment } from './gradual-deployment/gradual-deployment';
export { SmokeTest, type SmokeTestCallOptions, type SmokeTestJobOptions } from './gradual-deployment/smoke-test';
export { ApiAuthentication, type CognitoOptions, type JwtOptions } from './job-api/api-authentication';
export { type JobApiDomain } from './job-api/api-domain';
export { ApiFirewall, type ManagedFirewallOptions } from './job-api/api-firewall';
export { type ApiKeyLimits } from './job-api/api-key-limits';
export { type JobApiCors } from './job-api/cors';
export { type HttpJobApiOptions } from './job-api/http/http-api-options';
export { JobApi } from './job-api/job-api';
export { type JobApiOptions } from './job-api/job-api-options';
export { PayloadSchema } from './job-api/payload-schema';
export { type RestJobApiOptions } from './job-api/rest-api-options';
export { StatusCacheSize, type StatusCaching } from './job-api/status-caching';
export { type ExactSubmitLimit, SubmitLimit, type UsagePlanSubmitLimit } from './job-api/submit-limit';
export { JobFiles } from './job-files/job-files';
export { type JobFilesProps } from './job-files/job-files-props';
export { type CustomerOptions } from './job-processing-pipeline/customers';
export { JobProcessingPipeline } from './job-processing-pipeline/job-processing-pipeline';
export { type JobProcessingPipelineAlarmOptions, type JobProcessingPipelineAlarms } from './job-processing-pipeline/pipeline-alarm-options';
export { MeasuredPipeline } from './job-processing-pipeline/measured-pipeline';
export { GivenUpCause } from './job-processing-pipeline/pipeline-metrics';
export { type JobProcessingPipelineProps } from './job-processing-pipeline/pipeline-props';
export { PipelineWorker } from './job-processing-pipeline/pipeline-worker';
export { type CallFunctionOptions, JobProcessor, type RunStateMachineOptions } from './job-processor/job-processor';
export { JobSteps, type JobStepsProps } from './job-processor/state-machine/job-steps';
export { type DynamoDbJobStoreOptions, JobStore } from './job-store/job-store';
export { JobsTable, type JobsTableProps } from './job-store/jobs-table';
export {
  AlarmChannel, type AlarmChannelOptions, type SlackAlarmChannelOptions, type TeamsAlarmChannelOptions,
} from './alarm-routing/alarm-channel';
export { type AlarmOptions } from './alarms/alarm-options';
export { type FunctionAlarmOptions } from './alarms/function-alarm-options';
export { FunctionAlarms, type FunctionAlarmsProps } from './alarms/function-alarms';
export {
  AlarmSeverity, type CostMetric, type DashboardRow, DashboardSection, type IMonitored, LogKind, type LogQuery, type MonitoredAlarm,
  type MonitoredLogs, type Monitoring, type VerdictMetrics,
} from './monitoring/monitored';
export { Monitored } from './monitored/monitored';
export {
  type MonitoredApiAlarmOptions, type MonitoredApiOptions, type MonitoredFunctionOptions, type MonitoredQueueAlarmOptions, type MonitoredQueueOptions,
  type MonitoredStateMachineAlarmOptions, type MonitoredStateMachineOptions, type MonitoredTableAlarmOptions, type MonitoredTableOptions,
} from './monitored/monitored-options';
export { ObservabilityDashboard } from './observability-dashboard/observability-dashboard';
export { type ObservabilityDashboardProps } from './observability-dashboard/observability-dashboard-props';
export { type AuroraServerlessV2Options, PostgresEngine, type PostgresInstanceOptions } from './proxied-postgres/postgres-engine';
export { BackupCopy, type BackupReplicationOptions, type BackupVaultCopyOptions } from './proxied-postgres/backup-copy';
export { type GrantConnectOptions } from './proxied-postgres/grant-connect';
export { PostgresProxy, type PostgresProxyOptions } from './proxied-postgres/postgres-proxy';
export { PostgresRole } from './proxied-postgres/postgres-role';
export { ProxiedPostgres } from './proxied-postgres/proxied-postgres';
export { type ProxiedPostgresAlarmOptions, type ProxiedPostgresAlarms } from './proxied-postgres/postgres-alarms';
export { type ProxiedPostgresProps } from './proxied-postgres/proxied-postgres-props';
export { SqlMigrations, type SqlMigrationsOptions } from './proxied-postgres/sql-migrations';
export { QueuedLambdaWorker } from './queued-lambda-worker/queued-lambda-worker';
export { type QueuedLambdaWorkerProps } from './queued-lambda-worker/queued-lambda-worker-props';
export { type ExponentialRetryOptions, RetryPolicy } from './queued-lambda-worker/retry-policy';
export { type QueuedLambdaWorkerAlarmOptions, type QueuedLambdaWorkerAlarms } from './queued-lambda-worker/worker-alarms';
export { NatGateways } from './secure-network/nat-gateways';
export { type SecureNetworkAlarmOptions, type SecureNetworkAlarms } from './secure-network/network-alarms';
export { type SecureNetworkAcls } from './secure-network/network-acls';
export { NetworkEndpoint } from './secure-network/network-endpoint';
export { SecureNetwork } from './secure-network/secure-network';
export { type SecureNetworkProps } from './secure-network/secure-network-props';
export { TraceSampling } from './trace-sampling/trace-sampling';
export { type TraceSamplingProps } from './trace-sampling/trace-sampling-props';
