import jsii
from aws_cdk import App, Aspects, CfnResource, Duration, IAspect, Size, Stack
from aws_cdk import aws_lambda as lambda_
from aws_cdk.aws_cloudwatch import GraphWidget, Metric
from aws_cdk.aws_cloudwatch_actions import SnsAction
from aws_cdk.aws_cognito import UserPool
from aws_cdk.aws_logs import LogGroup
from aws_cdk.aws_s3 import Bucket
from aws_cdk.aws_sns import Topic
from aws_cdk.aws_sqs import Queue
from cdk_jobworks import (
    AlarmChannel,
    AlarmOptions,
    AlarmSeverity,
    ApiAuthentication,
    ApiFirewall,
    BackupCopy,
    CapacityPlan,
    ConfigParameters,
    CostGuard,
    CostMetric,
    DashboardRow,
    DashboardSection,
    EnvironmentProfile,
    ExpectedLoad,
    FunctionAlarmOptions,
    GivenUpCause,
    GradualDeployment,
    IMonitored,
    JobApi,
    JobApiCors,
    JobFiles,
    JobProcessingPipeline,
    JobProcessingPipelineAlarmOptions,
    JobProcessor,
    JobsTable,
    JobSteps,
    JobStore,
    LogKind,
    LogQuery,
    Monitored,
    MonitoredAlarm,
    MonitoredLogs,
    MonitoredQueueAlarmOptions,
    Monitoring,
    NatGateways,
    NetworkEndpoint,
    ObservabilityDashboard,
    PayloadSchema,
    PostgresEngine,
    PostgresProxy,
    PostgresRole,
    ProxiedPostgres,
    ProxiedPostgresAlarmOptions,
    QueuedLambdaWorkerAlarmOptions,
    RetryPolicy,
    SecureNetwork,
    SmokeTest,
    SqlMigrations,
    StatusCacheSize,
    StatusCaching,
    SubmitLimit,
    TraceSampling,
    VerdictMetrics,
)
from constructs import Construct, IConstruct


@jsii.implements(IAspect)
class QueuesAreOwned:
    """The library calls back into the app's language, once for each construct of the tree."""

    def visit(self, node: IConstruct) -> None:
        if CfnResource.is_cfn_resource(node) and node.cfn_resource_type == "AWS::SQS::Queue":
            node.add_metadata("Team", "drawings")


@jsii.implements(IMonitored)
class Importer(Construct):
    """The library asks it, and gets structs of the app's language, with constructs, metrics and widgets in them."""

    def __init__(self, scope: Construct, id: str, needs: IMonitored) -> None:
        super().__init__(scope, id)
        self._needs = needs
        self._runs = Metric(namespace="Imports", metric_name="Runs", statistic="Sum")
        self._log_group = LogGroup(self, "Logs")
        self._stopped = self._runs.create_alarm(self, "Stopped", threshold=1, evaluation_periods=3)

    def monitor(self) -> Monitoring:
        return Monitoring(
            title="importer",
            alarms=[
                MonitoredAlarm(
                    alarm=self._stopped,
                    severity=AlarmSeverity.PAGE,
                    label="stopped",
                    action="Start it again.",
                    runbook="https://example.com/importer",
                )
            ],
            rows=[
                DashboardRow(
                    section=DashboardSection.WORKERS,
                    widgets=[GraphWidget(title="importer: runs", left=[self._runs], width=24)],
                )
            ],
            verdict=VerdictMetrics(arrived=self._runs),
            logs=[MonitoredLogs(log_group=self._log_group, kind=LogKind.OTHER)],
            queries=[LogQuery(title="Runs", query="fields @message | limit 20")],
            costs=[CostMetric(service="Imports", metric=Metric(namespace="Imports", metric_name="Cost", statistic="Sum"))],
            depends_on=[self._needs],
        )


app = App()
stack = Stack(app, "Polyglot")


def user_function(id: str, scope: Stack = stack) -> lambda_.Function:
    return lambda_.Function(
        scope,
        id,
        code=lambda_.Code.from_asset(app.node.get_context("handler")),
        handler="index.handler",
        runtime=lambda_.Runtime.NODEJS_24_X,
        architecture=lambda_.Architecture.ARM_64,
        timeout=Duration.minutes(2),
    )


JobProcessingPipeline(stack, "Jobs", processor=JobProcessor.in_function(user_function("Function")))

drawings = JobProcessingPipeline(
    stack,
    "Drawings",
    processor=JobProcessor.in_function(user_function("Analyse")),
    pipeline_name="drawings",
    profile=EnvironmentProfile.staging(),
    store=JobStore.dynamo_db(),
    api=JobApi.rest(
        authentication=ApiAuthentication.api_keys(),
        submit_limit=SubmitLimit.usage_plan(rate_per_second=2, burst=20),
        submit_path="/process-drawing",
        status_path="/status/{job_id}",
    ),
    payload_schema=PayloadSchema.from_object(
        {
            "type": "object",
            "required": ["pages"],
            "properties": {
                "pages": {"type": "array", "minItems": 1, "items": {"type": "integer"}},
                "ratio": {"type": "number", "minimum": 0.5},
            },
            "additionalProperties": False,
        }
    ),
    retry_policy=RetryPolicy.exponential(max_attempts=5, first_delay=Duration.seconds(30), jitter=0.25),
    deadline=Duration.hours(12),
    maximum_concurrency=4,
    alarms=JobProcessingPipelineAlarmOptions(
        failure_rate=AlarmOptions(threshold=20, period=Duration.minutes(10)),
        worker=QueuedLambdaWorkerAlarmOptions(throttles=AlarmOptions(enabled=False)),
    ),
)
drawings.add_customer("acme")

operators = Topic(stack, "Operators")
drawings.add_alarm_action(SnsAction(operators))
drawings.worker.alarms.oldest_message_age.add_ok_action(SnsAction(operators))
drawings.metric_duration(period=Duration.minutes(1)).create_alarm(stack, "Slow", threshold=60_000, evaluation_periods=3)
drawings.metric_dead_lettered_by(GivenUpCause.FUSE).create_alarm(stack, "CannotStart", threshold=1, evaluation_periods=1)

documents = JobProcessingPipeline(
    stack,
    "Documents",
    processor=JobProcessor.in_function(user_function("Read")),
    store=JobStore.dynamo_db(table=JobsTable(stack, "Records", profile=EnvironmentProfile.dev()).table),
    bucket=Bucket(stack, "Files"),
    api=JobApi.rest(
        authentication=ApiAuthentication.cognito([UserPool(stack, "Users")], scopes=["jobs/submit"]),
        list_path="/mine",
        upload_path="/files",
        max_upload_size=Size.mebibytes(20),
        submit_limit=SubmitLimit.exact(per_minute=30),
        cors=JobApiCors(allow_origins=["https://app.example.com", "https://www.example.com"], max_age=Duration.minutes(10)),
        firewall=ApiFirewall.managed(requests_per_five_minutes=500, counted_rules=["GenericRFI_BODY"]),
        status_caching=StatusCaching(ttl=Duration.seconds(2), size=StatusCacheSize.GB_1_6),
        provisioned_concurrency=2,
    ),
)
stack.add_metadata("OpenApi", documents.to_open_api())

letters = JobProcessingPipeline(
    stack,
    "Letters",
    processor=JobProcessor.call_function(
        lambda_.Function.from_function_arn(stack, "Called", "arn:aws:lambda:eu-west-1:123456789012:function:theirs"),
        timeout=Duration.minutes(5),
    ),
    profile=EnvironmentProfile.dev(),
    api=JobApi.none(),
)
clerk = user_function("Clerk")
letters.grant_submit(clerk)
letters.grant_read_jobs(clerk)
letters.grant_operate(clerk)

second = Stack(app, "PolyglotPostgres")
profile = EnvironmentProfile.staging()
network = SecureNetwork(
    second,
    "Network",
    profile=profile,
    cidr="10.1.0.0/16",
    nat_gateways=NatGateways.one(),
    endpoints=[NetworkEndpoint.SQS, NetworkEndpoint.SECRETS_MANAGER],
    network_acls=True,
)
database = ProxiedPostgres(
    second,
    "Database",
    profile=profile,
    network=network,
    engine=PostgresEngine.aurora_serverless_v2(min_capacity=0.5, max_capacity=16, readers=1),
    proxy=PostgresProxy.pooled(max_connections_percent=80, borrow_timeout=Duration.seconds(20)),
    migrations=SqlMigrations.from_directory(app.node.get_context("sql"), extensions=["vector"]),
    parameters={"log_min_duration_statement": "1000"},
    backup_copy=BackupCopy.daily_to_vault(
        vault_arn="arn:aws:backup:eu-central-1:123456789012:backup-vault:theirs", retention=Duration.days(90)
    ),
    alarms=ProxiedPostgresAlarmOptions(cpu=AlarmOptions(threshold=70), deadlocks=AlarmOptions(enabled=False)),
)
database.alarms.connections.add_alarm_action(SnsAction(operators))
second.add_metadata("WayIn", database.allow_session_manager_access().instance_id)
reports = user_function("Reports", second)
database.grant_connect(reports, role=PostgresRole.READONLY, concurrency=2, to_readers=True, services=[NetworkEndpoint.SQS])

steps = JobSteps(
    second,
    "Steps",
    functions=[user_function("ReadText", second), user_function("Extract", second), user_function("Complete", second)],
    on_failure=user_function("Tell", second),
    timeout=Duration.hours(2),
    max_attempts=5,
    alarms=FunctionAlarmOptions(errors=AlarmOptions(threshold=20), duration=AlarmOptions(enabled=False)),
)
steps.add_alarm_action(SnsAction(operators))

invoices = JobProcessingPipeline(
    second,
    "Invoices",
    processor=JobProcessor.run_state_machine(steps.state_machine, max_concurrency=25),
    profile=profile,
    store=JobStore.postgres(database),
    maximum_concurrency=5,
    api=JobApi.http(
        authentication=ApiAuthentication.api_keys(),
        key_caching=Duration.seconds(30),
        submit_limit=SubmitLimit.exact(per_minute=60, burst=10),
        cors=JobApiCors(allow_origins=["https://app.example.com"]),
    ),
)
second.add_metadata("OpenApi", invoices.to_open_api())

JobProcessingPipeline(
    second,
    "Tokens",
    processor=JobProcessor.in_function(user_function("Sign", second)),
    profile=EnvironmentProfile.dev(),
    api=JobApi.http(
        authentication=ApiAuthentication.jwt(issuer="https://login.example.com/", audience=["jobs"], scopes=["jobs/submit"]),
    ),
)

third = Stack(app, "PolyglotOperations")
EnvironmentProfile.staging().apply_to(third)
operations = ObservabilityDashboard(
    third,
    "Operations",
    title="Everything",
    default_range=Duration.days(1),
    notify=[
        AlarmChannel.email("team@example.com", severities=[AlarmSeverity.TICKET]),
        AlarmChannel.https("https://events.example.com/enqueue", severities=[AlarmSeverity.PAGE]),
        AlarmChannel.slack(workspace_id="T012ABCDEFG", channel_id="C012ABCDEFG"),
    ],
)
config = ConfigParameters(
    third,
    "Config",
    parameters={"model": "small"},
    flags={"fast-path": False},
    max_age=Duration.seconds(30),
    rollback_alarms=[drawings.alarms.failure_rate],
)
scan = user_function("Scan", third)
config.grant_read(scan)
files = JobFiles(third, "Scans", expiration=Duration.days(60), transfer_acceleration=True)

load = ExpectedLoad(jobs_per_day=5_000, job_duration=Duration.seconds(30), peak_factor=4)
scans = JobProcessingPipeline(
    third,
    "Scanning",
    processor=JobProcessor.in_function(scan),
    bucket=files.bucket,
    maximum_concurrency=20,
    expected_load=load,
    alarms=JobProcessingPipelineAlarmOptions(
        failure_rate=AlarmOptions(severity=AlarmSeverity.TICKET), backlog=AlarmOptions(anomaly_band=2.5)
    ),
    deployment=GradualDeployment.canary(
        percent=20,
        interval=Duration.minutes(15),
        smoke_test=SmokeTest.job(
            payload={"url": "https://example.com/a.pdf", "pages": [1, 2]},
            expected_result={"pages": 2},
            timeout=Duration.minutes(3),
        ),
        notify=operations.ticket_topic,
    ),
)
third.add_metadata("Needs", scans.capacity_plan.needed_concurrency)
third.add_metadata("Plan", CapacityPlan.of(load, maximum_concurrency=10, memory=Size.gibibytes(1)).to_string())
TraceSampling(third, "Traces", pipelines=[scans], percent=50)

operations.add(
    scans,
    Monitored.from_queue(
        Queue(third, "Mail"),
        title="mail",
        alarms=MonitoredQueueAlarmOptions(oldest_message_age=AlarmOptions(threshold=600)),
    ),
)
operations.add(Monitored.from_function(user_function("Report", third)), Importer(third, "Importer", scans))
guard = CostGuard(
    third,
    "Costs",
    system="scans",
    monthly_budget_dollars=300,
    actual_percents=[50, 90],
    ticket_topic=operations.ticket_topic,
    page_topic=operations.page_topic,
    tagged=[third],
)
operations.add(guard)
CostGuard.tag(scans, service="scans")

Aspects.of(stack).add(QueuesAreOwned())

app.synth()
