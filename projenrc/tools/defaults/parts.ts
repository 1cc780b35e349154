/** The page's parts, in the order in which one meets them. */
export const PARTS: readonly { readonly title: string; readonly structs: readonly string[] }[] = [
  { title: 'A pipeline', structs: ['JobProcessingPipelineProps', 'ExponentialRetryOptions', 'DynamoDbJobStoreOptions', 'JobsTableProps'] },
  { title: 'What runs jobs', structs: ['CallFunctionOptions', 'RunStateMachineOptions', 'JobStepsProps'] },
  {
    title: 'The API',
    structs: [
      'JobApiOptions', 'RestJobApiOptions', 'HttpJobApiOptions', 'UsagePlanSubmitLimit', 'ExactSubmitLimit', 'ApiKeyLimits', 'ManagedFirewallOptions',
      'StatusCaching', 'JobApiCors', 'JobApiDomain',
    ],
  },
  { title: 'A worker', structs: ['QueuedLambdaWorkerProps'] },
  {
    title: 'Alarms',
    structs: [
      'AlarmOptions', 'JobProcessingPipelineAlarmOptions', 'QueuedLambdaWorkerAlarmOptions', 'FunctionAlarmOptions', 'FunctionAlarmsProps',
      'ProxiedPostgresAlarmOptions', 'SecureNetworkAlarmOptions', 'MonitoredApiAlarmOptions', 'MonitoredQueueAlarmOptions',
      'MonitoredStateMachineAlarmOptions', 'MonitoredTableAlarmOptions',
    ],
  },
  {
    title: 'The dashboard',
    structs: [
      'ObservabilityDashboardProps', 'AlarmChannelOptions', 'Monitoring', 'VerdictMetrics', 'LogQuery', 'MonitoredApiOptions', 'MonitoredFunctionOptions',
      'MonitoredQueueOptions', 'MonitoredStateMachineOptions', 'MonitoredTableOptions', 'TraceSamplingProps',
    ],
  },
  {
    title: 'A database',
    structs: [
      'ProxiedPostgresProps', 'PostgresInstanceOptions', 'AuroraServerlessV2Options', 'PostgresProxyOptions', 'GrantConnectOptions',
      'BackupReplicationOptions', 'BackupVaultCopyOptions',
    ],
  },
  { title: 'A network', structs: ['SecureNetworkProps'] },
  { title: 'Costs and capacity', structs: ['CostGuardProps', 'CostTags', 'ExpectedLoad', 'CapacityAssumptions'] },
  {
    title: 'Delivery, files and parameters',
    structs: [
      'GradualDeploymentOptions', 'CanaryDeploymentOptions', 'LinearDeploymentOptions', 'SmokeTestJobOptions', 'SmokeTestCallOptions', 'JobFilesProps',
      'ConfigParametersProps',
    ],
  },
];
