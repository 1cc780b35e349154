package io.github.cdkjobworks.polyglot;

import io.github.cdkjobworks.AlarmChannel;
import io.github.cdkjobworks.AlarmChannelOptions;
import io.github.cdkjobworks.AlarmOptions;
import io.github.cdkjobworks.AlarmSeverity;
import io.github.cdkjobworks.ApiAuthentication;
import io.github.cdkjobworks.ApiFirewall;
import io.github.cdkjobworks.AuroraServerlessV2Options;
import io.github.cdkjobworks.BackupCopy;
import io.github.cdkjobworks.BackupVaultCopyOptions;
import io.github.cdkjobworks.CallFunctionOptions;
import io.github.cdkjobworks.CanaryDeploymentOptions;
import io.github.cdkjobworks.CapacityAssumptions;
import io.github.cdkjobworks.CapacityPlan;
import io.github.cdkjobworks.CognitoOptions;
import io.github.cdkjobworks.ConfigParameters;
import io.github.cdkjobworks.CostGuard;
import io.github.cdkjobworks.CostMetric;
import io.github.cdkjobworks.CostTags;
import io.github.cdkjobworks.DashboardRow;
import io.github.cdkjobworks.DashboardSection;
import io.github.cdkjobworks.DynamoDbJobStoreOptions;
import io.github.cdkjobworks.EnvironmentProfile;
import io.github.cdkjobworks.ExactSubmitLimit;
import io.github.cdkjobworks.ExpectedLoad;
import io.github.cdkjobworks.ExponentialRetryOptions;
import io.github.cdkjobworks.FunctionAlarmOptions;
import io.github.cdkjobworks.GivenUpCause;
import io.github.cdkjobworks.GradualDeployment;
import io.github.cdkjobworks.GrantConnectOptions;
import io.github.cdkjobworks.HttpJobApiOptions;
import io.github.cdkjobworks.IMonitored;
import io.github.cdkjobworks.JobApi;
import io.github.cdkjobworks.JobApiCors;
import io.github.cdkjobworks.JobFiles;
import io.github.cdkjobworks.JobProcessingPipeline;
import io.github.cdkjobworks.JobProcessingPipelineAlarmOptions;
import io.github.cdkjobworks.JobProcessor;
import io.github.cdkjobworks.JobsTable;
import io.github.cdkjobworks.JobSteps;
import io.github.cdkjobworks.JobStore;
import io.github.cdkjobworks.JwtOptions;
import io.github.cdkjobworks.LogKind;
import io.github.cdkjobworks.LogQuery;
import io.github.cdkjobworks.ManagedFirewallOptions;
import io.github.cdkjobworks.Monitored;
import io.github.cdkjobworks.MonitoredAlarm;
import io.github.cdkjobworks.MonitoredLogs;
import io.github.cdkjobworks.MonitoredQueueAlarmOptions;
import io.github.cdkjobworks.MonitoredQueueOptions;
import io.github.cdkjobworks.Monitoring;
import io.github.cdkjobworks.NatGateways;
import io.github.cdkjobworks.NetworkEndpoint;
import io.github.cdkjobworks.ObservabilityDashboard;
import io.github.cdkjobworks.PayloadSchema;
import io.github.cdkjobworks.PostgresEngine;
import io.github.cdkjobworks.PostgresProxy;
import io.github.cdkjobworks.PostgresProxyOptions;
import io.github.cdkjobworks.PostgresRole;
import io.github.cdkjobworks.ProxiedPostgres;
import io.github.cdkjobworks.ProxiedPostgresAlarmOptions;
import io.github.cdkjobworks.QueuedLambdaWorkerAlarmOptions;
import io.github.cdkjobworks.RestJobApiOptions;
import io.github.cdkjobworks.RetryPolicy;
import io.github.cdkjobworks.RunStateMachineOptions;
import io.github.cdkjobworks.SecureNetwork;
import io.github.cdkjobworks.SlackAlarmChannelOptions;
import io.github.cdkjobworks.SmokeTest;
import io.github.cdkjobworks.SmokeTestJobOptions;
import io.github.cdkjobworks.SqlMigrations;
import io.github.cdkjobworks.SqlMigrationsOptions;
import io.github.cdkjobworks.StatusCacheSize;
import io.github.cdkjobworks.StatusCaching;
import io.github.cdkjobworks.SubmitLimit;
import io.github.cdkjobworks.TraceSampling;
import io.github.cdkjobworks.UsagePlanSubmitLimit;
import io.github.cdkjobworks.VerdictMetrics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Aspects;
import software.amazon.awscdk.CfnResource;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.IAspect;
import software.amazon.awscdk.Size;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.cloudwatch.CreateAlarmOptions;
import software.amazon.awscdk.services.cloudwatch.GraphWidget;
import software.amazon.awscdk.services.cloudwatch.IAlarm;
import software.amazon.awscdk.services.cloudwatch.Metric;
import software.amazon.awscdk.services.cloudwatch.MetricOptions;
import software.amazon.awscdk.services.cloudwatch.actions.SnsAction;
import software.amazon.awscdk.services.cognito.UserPool;
import software.amazon.awscdk.services.lambda.Architecture;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.lambda.Runtime;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.s3.Bucket;
import software.amazon.awscdk.services.sns.Topic;
import software.amazon.awscdk.services.sqs.Queue;
import software.constructs.Construct;
import software.constructs.IConstruct;

public final class PolyglotApp {
  /** The library calls back into the app's language, once for each construct of the tree. */
  private static final class QueuesAreOwned implements IAspect {
    @Override
    public void visit(final IConstruct node) {
      if (CfnResource.isCfnResource(node) && "AWS::SQS::Queue".equals(((CfnResource) node).getCfnResourceType())) {
        ((CfnResource) node).addMetadata("Team", "drawings");
      }
    }
  }

  /** The library asks it, and gets structs of the app's language, with constructs, metrics and widgets in them. */
  private static final class Importer extends Construct implements IMonitored {
    private final Metric runs = metric("Runs");
    private final IMonitored needs;
    private final LogGroup logGroup;
    private final IAlarm stopped;

    Importer(final Construct scope, final String id, final IMonitored needs) {
      super(scope, id);
      this.needs = needs;
      this.logGroup = new LogGroup(this, "Logs");
      this.stopped = runs.createAlarm(this, "Stopped", CreateAlarmOptions.builder().threshold(1).evaluationPeriods(3).build());
    }

    @Override
    public Monitoring monitor() {
      return Monitoring.builder()
          .title("importer")
          .alarms(List.of(MonitoredAlarm.builder()
              .alarm(stopped)
              .severity(AlarmSeverity.PAGE)
              .label("stopped")
              .action("Start it again.")
              .runbook("https://example.com/importer")
              .build()))
          .rows(List.of(DashboardRow.builder()
              .section(DashboardSection.WORKERS)
              .widgets(List.of(GraphWidget.Builder.create().title("importer: runs").left(List.of(runs)).width(24).build()))
              .build()))
          .verdict(VerdictMetrics.builder().arrived(runs).build())
          .logs(List.of(MonitoredLogs.builder().logGroup(logGroup).kind(LogKind.OTHER).build()))
          .queries(List.of(LogQuery.builder().title("Runs").query("fields @message | limit 20").build()))
          .costs(List.of(CostMetric.builder().service("Imports").metric(metric("Cost")).build()))
          .dependsOn(List.of(needs))
          .build();
    }

    private static Metric metric(final String name) {
      return Metric.Builder.create().namespace("Imports").metricName(name).statistic("Sum").build();
    }
  }

  public static void main(final String[] args) {
    final App app = new App();
    final Stack stack = new Stack(app, "Polyglot");

    JobProcessingPipeline.Builder.create(stack, "Jobs")
        .processor(JobProcessor.inFunction(userFunction(stack, "Function")))
        .build();

    final JobProcessingPipeline drawings = JobProcessingPipeline.Builder.create(stack, "Drawings")
        .processor(JobProcessor.inFunction(userFunction(stack, "Analyse")))
        .pipelineName("drawings")
        .profile(EnvironmentProfile.staging())
        .store(JobStore.dynamoDb())
        .api(JobApi.rest(RestJobApiOptions.builder()
            .authentication(ApiAuthentication.apiKeys())
            .submitLimit(SubmitLimit.usagePlan(UsagePlanSubmitLimit.builder().ratePerSecond(2).burst(20).build()))
            .submitPath("/process-drawing")
            .statusPath("/status/{job_id}")
            .build()))
        .payloadSchema(PayloadSchema.fromObject(ordered(
            "type", "object",
            "required", List.of("pages"),
            "properties", ordered(
                "pages", ordered("type", "array", "minItems", 1, "items", Map.of("type", "integer")),
                "ratio", ordered("type", "number", "minimum", 0.5)),
            "additionalProperties", false)))
        .retryPolicy(RetryPolicy.exponential(
            ExponentialRetryOptions.builder().maxAttempts(5).firstDelay(Duration.seconds(30)).jitter(0.25).build()))
        .deadline(Duration.hours(12))
        .maximumConcurrency(4)
        .alarms(JobProcessingPipelineAlarmOptions.builder()
            .failureRate(AlarmOptions.builder().threshold(20).period(Duration.minutes(10)).build())
            .worker(QueuedLambdaWorkerAlarmOptions.builder().throttles(AlarmOptions.builder().enabled(false).build()).build())
            .build())
        .build();
    drawings.addCustomer("acme");

    final Topic operators = new Topic(stack, "Operators");
    drawings.addAlarmAction(new SnsAction(operators));
    drawings.getWorker().getAlarms().getOldestMessageAge().addOkAction(new SnsAction(operators));
    drawings.metricDuration(MetricOptions.builder().period(Duration.minutes(1)).build())
        .createAlarm(stack, "Slow", CreateAlarmOptions.builder().threshold(60_000).evaluationPeriods(3).build());
    drawings.metricDeadLetteredBy(GivenUpCause.FUSE)
        .createAlarm(stack, "CannotStart", CreateAlarmOptions.builder().threshold(1).evaluationPeriods(1).build());

    final JobProcessingPipeline documents = JobProcessingPipeline.Builder.create(stack, "Documents")
        .processor(JobProcessor.inFunction(userFunction(stack, "Read")))
        .store(JobStore.dynamoDb(DynamoDbJobStoreOptions.builder()
            .table(JobsTable.Builder.create(stack, "Records").profile(EnvironmentProfile.dev()).build().getTable())
            .build()))
        .bucket(new Bucket(stack, "Files"))
        .api(JobApi.rest(RestJobApiOptions.builder()
            .authentication(ApiAuthentication.cognito(
                List.of(new UserPool(stack, "Users")), CognitoOptions.builder().scopes(List.of("jobs/submit")).build()))
            .listPath("/mine")
            .uploadPath("/files")
            .maxUploadSize(Size.mebibytes(20))
            .submitLimit(SubmitLimit.exact(ExactSubmitLimit.builder().perMinute(30).build()))
            .cors(JobApiCors.builder()
                .allowOrigins(List.of("https://app.example.com", "https://www.example.com"))
                .maxAge(Duration.minutes(10))
                .build())
            .firewall(ApiFirewall.managed(ManagedFirewallOptions.builder()
                .requestsPerFiveMinutes(500)
                .countedRules(List.of("GenericRFI_BODY"))
                .build()))
            .statusCaching(StatusCaching.builder().ttl(Duration.seconds(2)).size(StatusCacheSize.GB_1_6).build())
            .provisionedConcurrency(2)
            .build()))
        .build();
    stack.addMetadata("OpenApi", documents.toOpenApi());

    final JobProcessingPipeline letters = JobProcessingPipeline.Builder.create(stack, "Letters")
        .processor(JobProcessor.callFunction(
            Function.fromFunctionArn(stack, "Called", "arn:aws:lambda:eu-west-1:123456789012:function:theirs"),
            CallFunctionOptions.builder().timeout(Duration.minutes(5)).build()))
        .profile(EnvironmentProfile.dev())
        .api(JobApi.none())
        .build();
    final Function clerk = userFunction(stack, "Clerk");
    letters.grantSubmit(clerk);
    letters.grantReadJobs(clerk);
    letters.grantOperate(clerk);

    final Stack second = new Stack(app, "PolyglotPostgres");
    final EnvironmentProfile profile = EnvironmentProfile.staging();
    final SecureNetwork network = SecureNetwork.Builder.create(second, "Network")
        .profile(profile)
        .cidr("10.1.0.0/16")
        .natGateways(NatGateways.one())
        .endpoints(List.of(NetworkEndpoint.SQS, NetworkEndpoint.SECRETS_MANAGER))
        .networkAcls(true)
        .build();
    final ProxiedPostgres database = ProxiedPostgres.Builder.create(second, "Database")
        .profile(profile)
        .network(network)
        .engine(PostgresEngine.auroraServerlessV2(
            AuroraServerlessV2Options.builder().minCapacity(0.5).maxCapacity(16).readers(1).build()))
        .proxy(PostgresProxy.pooled(
            PostgresProxyOptions.builder().maxConnectionsPercent(80).borrowTimeout(Duration.seconds(20)).build()))
        .migrations(SqlMigrations.fromDirectory(
            (String) app.getNode().getContext("sql"), SqlMigrationsOptions.builder().extensions(List.of("vector")).build()))
        .parameters(Map.of("log_min_duration_statement", "1000"))
        .backupCopy(BackupCopy.dailyToVault(BackupVaultCopyOptions.builder()
            .vaultArn("arn:aws:backup:eu-central-1:123456789012:backup-vault:theirs")
            .retention(Duration.days(90))
            .build()))
        .alarms(ProxiedPostgresAlarmOptions.builder()
            .cpu(AlarmOptions.builder().threshold(70).build())
            .deadlocks(AlarmOptions.builder().enabled(false).build())
            .build())
        .build();
    database.getAlarms().getConnections().addAlarmAction(new SnsAction(operators));
    second.addMetadata("WayIn", database.allowSessionManagerAccess().getInstanceId());
    final Function reports = userFunction(second, "Reports");
    database.grantConnect(reports, GrantConnectOptions.builder()
        .role(PostgresRole.READONLY)
        .concurrency(2)
        .toReaders(true)
        .services(List.of(NetworkEndpoint.SQS))
        .build());

    final JobSteps steps = JobSteps.Builder.create(second, "Steps")
        .functions(List.of(userFunction(second, "ReadText"), userFunction(second, "Extract"), userFunction(second, "Complete")))
        .onFailure(userFunction(second, "Tell"))
        .timeout(Duration.hours(2))
        .maxAttempts(5)
        .alarms(FunctionAlarmOptions.builder()
            .errors(AlarmOptions.builder().threshold(20).build())
            .duration(AlarmOptions.builder().enabled(false).build())
            .build())
        .build();
    steps.addAlarmAction(new SnsAction(operators));

    final JobProcessingPipeline invoices = JobProcessingPipeline.Builder.create(second, "Invoices")
        .processor(JobProcessor.runStateMachine(
            steps.getStateMachine(), RunStateMachineOptions.builder().maxConcurrency(25).build()))
        .profile(profile)
        .store(JobStore.postgres(database))
        .maximumConcurrency(5)
        .api(JobApi.http(HttpJobApiOptions.builder()
            .authentication(ApiAuthentication.apiKeys())
            .keyCaching(Duration.seconds(30))
            .submitLimit(SubmitLimit.exact(ExactSubmitLimit.builder().perMinute(60).burst(10).build()))
            .cors(JobApiCors.builder().allowOrigins(List.of("https://app.example.com")).build())
            .build()))
        .build();
    second.addMetadata("OpenApi", invoices.toOpenApi());

    JobProcessingPipeline.Builder.create(second, "Tokens")
        .processor(JobProcessor.inFunction(userFunction(second, "Sign")))
        .profile(EnvironmentProfile.dev())
        .api(JobApi.http(HttpJobApiOptions.builder()
            .authentication(ApiAuthentication.jwt(JwtOptions.builder()
                .issuer("https://login.example.com/")
                .audience(List.of("jobs"))
                .scopes(List.of("jobs/submit"))
                .build()))
            .build()))
        .build();

    final Stack third = new Stack(app, "PolyglotOperations");
    EnvironmentProfile.staging().applyTo(third);
    final ObservabilityDashboard operations = ObservabilityDashboard.Builder.create(third, "Operations")
        .title("Everything")
        .defaultRange(Duration.days(1))
        .notify(List.of(
            AlarmChannel.email("team@example.com", severities(AlarmSeverity.TICKET)),
            AlarmChannel.https("https://events.example.com/enqueue", severities(AlarmSeverity.PAGE)),
            AlarmChannel.slack(SlackAlarmChannelOptions.builder().workspaceId("T012ABCDEFG").channelId("C012ABCDEFG").build())))
        .build();
    final ConfigParameters config = ConfigParameters.Builder.create(third, "Config")
        .parameters(Map.of("model", "small"))
        .flags(Map.of("fast-path", false))
        .maxAge(Duration.seconds(30))
        .rollbackAlarms(List.of(drawings.getAlarms().getFailureRate()))
        .build();
    final Function scan = userFunction(third, "Scan");
    config.grantRead(scan);
    final JobFiles files = JobFiles.Builder.create(third, "Scans").expiration(Duration.days(60)).transferAcceleration(true).build();

    final ExpectedLoad load = ExpectedLoad.builder().jobsPerDay(5_000).jobDuration(Duration.seconds(30)).peakFactor(4).build();
    final JobProcessingPipeline scans = JobProcessingPipeline.Builder.create(third, "Scanning")
        .processor(JobProcessor.inFunction(scan))
        .bucket(files.getBucket())
        .maximumConcurrency(20)
        .expectedLoad(load)
        .alarms(JobProcessingPipelineAlarmOptions.builder()
            .failureRate(AlarmOptions.builder().severity(AlarmSeverity.TICKET).build())
            .backlog(AlarmOptions.builder().anomalyBand(2.5).build())
            .build())
        .deployment(GradualDeployment.canary(CanaryDeploymentOptions.builder()
            .percent(20)
            .interval(Duration.minutes(15))
            .smokeTest(SmokeTest.job(SmokeTestJobOptions.builder()
                .payload(ordered("url", "https://example.com/a.pdf", "pages", List.of(1, 2)))
                .expectedResult(Map.of("pages", 2))
                .timeout(Duration.minutes(3))
                .build()))
            .notify(operations.getTicketTopic())
            .build()))
        .build();
    third.addMetadata("Needs", scans.getCapacityPlan().getNeededConcurrency());
    third.addMetadata("Plan", CapacityPlan.of(
        load, CapacityAssumptions.builder().maximumConcurrency(10).memory(Size.gibibytes(1)).build()).toString());
    TraceSampling.Builder.create(third, "Traces").pipelines(List.of(scans)).percent(50).build();

    operations.add(scans, Monitored.fromQueue(new Queue(third, "Mail"), MonitoredQueueOptions.builder()
        .title("mail")
        .alarms(MonitoredQueueAlarmOptions.builder().oldestMessageAge(AlarmOptions.builder().threshold(600).build()).build())
        .build()));
    operations.add(Monitored.fromFunction(userFunction(third, "Report")), new Importer(third, "Importer", scans));
    final CostGuard guard = CostGuard.Builder.create(third, "Costs")
        .system("scans")
        .monthlyBudgetDollars(300)
        .actualPercents(List.of(50, 90))
        .ticketTopic(operations.getTicketTopic())
        .pageTopic(operations.getPageTopic())
        .tagged(List.of(third))
        .build();
    operations.add(guard);
    CostGuard.tag(scans, CostTags.builder().service("scans").build());

    Aspects.of(stack).add(new QueuesAreOwned());

    app.synth();
  }

  private static AlarmChannelOptions severities(final AlarmSeverity severity) {
    return AlarmChannelOptions.builder().severities(List.of(severity)).build();
  }

  private static Function userFunction(final Stack stack, final String id) {
    return Function.Builder.create(stack, id)
        .code(Code.fromAsset((String) stack.getNode().getContext("handler")))
        .handler("index.handler")
        .runtime(Runtime.NODEJS_24_X)
        .architecture(Architecture.ARM_64)
        .timeout(Duration.minutes(2))
        .build();
  }

  /** A map that keeps the order of its entries, as the other languages' do: the order of a schema's keys is in the template. */
  private static Map<String, Object> ordered(final Object... entries) {
    final Map<String, Object> map = new LinkedHashMap<>();
    for (int index = 0; index < entries.length; index += 2) {
      map.put((String) entries[index], entries[index + 1]);
    }
    return map;
  }

  private PolyglotApp() {}
}
