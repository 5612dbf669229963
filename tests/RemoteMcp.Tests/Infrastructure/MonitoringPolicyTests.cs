using System.Xml;
using RemoteMcp.Testing.Infrastructure;
using Xunit;

namespace RemoteMcp.Tests.Infrastructure;

public sealed class MonitoringPolicyTests
{
    [PredictedTheory]
    [MemberData(nameof(Deployment.All), MemberType = typeof(Deployment))]
    public void Every_serving_or_storing_resource_has_diagnostic_settings(string name)
    {
        var deployment = Deployment.Load(name);
        var workspace = Assert.Single(deployment.Of("Microsoft.OperationalInsights/workspaces"));
        var observed = deployment.Of("Microsoft.Insights/diagnosticSettings").ToDictionary(static settings => settings.Scope);

        string[] types =
        [
            "Microsoft.Web/sites", "Microsoft.Storage/storageAccounts/blobServices", "Microsoft.Storage/storageAccounts/tableServices",
            "Microsoft.Network/trafficmanagerprofiles", "Microsoft.OperationalInsights/workspaces", "Microsoft.KeyVault/vaults",
        ];
        Assert.All(types.SelectMany(deployment.Of), resource =>
        {
            Assert.True(observed.TryGetValue(resource.Id, out var settings), $"{resource} has no diagnostic settings.");
            Assert.Equal(workspace.Id, settings["properties.workspaceId"]);
            Assert.Contains("\"enabled\": true", settings.Json.GetRawText(), StringComparison.Ordinal);
        });
    }

    [PredictedTheory]
    [InlineData(Deployment.Minimal, "1")]
    [InlineData(Deployment.Full, "5")]
    public void The_daily_log_volume_is_limited(string name, string gigabytes)
    {
        var workspace = Assert.Single(Deployment.Load(name).Of("Microsoft.OperationalInsights/workspaces"));

        Assert.Equal(gigabytes, workspace["properties.workspaceCapping.dailyQuotaGb"]);
    }

    [PredictedTheory]
    [MemberData(nameof(Deployment.All), MemberType = typeof(Deployment))]
    public void Alerts_report_errors_slowness_refusals_throttling_and_silence(string name)
    {
        var deployment = Deployment.Load(name);
        var people = Assert.Single(deployment.Of("Microsoft.Insights/actionGroups"));
        var alerts = deployment.Of("Microsoft.Insights/scheduledQueryRules").ToList();

        Assert.Superset(
            new HashSet<string>
            {
                "alert-server-errors", "alert-does-not-start", "alert-slow-calls", "alert-refused-sign-ins",
                "alert-sign-in-keys-unavailable", "alert-silence", "alert-log-limit-reached",
            },
            alerts.Select(static alert => alert.Name).ToHashSet());
        Assert.Equal(
            deployment.Of("Microsoft.Storage/storageAccounts").Select(static account => account.Id).Order(),
            deployment.Of("Microsoft.Insights/metricAlerts")
                .Select(static alert => alert.Json.GetProperty("properties").GetProperty("scopes")[0].GetString())
                .Order());
        Assert.All(alerts.Concat(deployment.Of("Microsoft.Insights/metricAlerts")), alert =>
        {
            Assert.Equal("true", alert["properties.enabled"]);
            Assert.Contains(people.Id, alert["properties.actions"], StringComparison.Ordinal);
        });
    }

    // Azure Monitor accepts only these frequencies. The window is a multiple of the frequency, so that no log entry is missed.
    [PredictedTheory]
    [MemberData(nameof(Deployment.All), MemberType = typeof(Deployment))]
    public void Alert_frequencies_are_valid_and_alert_windows_overlap(string name) => Assert.All(
        Deployment.Load(name).Of("Microsoft.Insights/scheduledQueryRules"),
        static alert =>
        {
            var frequency = XmlConvert.ToTimeSpan(alert["properties.evaluationFrequency"]);
            var window = XmlConvert.ToTimeSpan(alert["properties.windowSize"]);

            Assert.True(frequency.TotalMinutes is 5 or 10 or 15 or 30 or 60, alert.Name);
            Assert.True(window > frequency && window.Ticks % frequency.Ticks == 0, alert.Name);
        });

    // Health probes and the server's own spans are in the same table.
    [PredictedTheory]
    [MemberData(nameof(Deployment.All), MemberType = typeof(Deployment))]
    public void Alerts_on_requests_count_only_calls(string name)
    {
        var queries = Deployment.Load(name).Of("Microsoft.Insights/scheduledQueryRules")
            .Select(static alert => alert.Json.GetProperty("properties").GetProperty("criteria").GetProperty("allOf")[0]
                .GetProperty("query").GetString()!)
            .Where(static query => query.StartsWith("AppRequests", StringComparison.Ordinal)).ToList();

        Assert.Equal(3, queries.Count);
        Assert.All(
            queries, static query => Assert.StartsWith("AppRequests | where Name startswith \"Mcp\"", query, StringComparison.Ordinal));
    }

    // The values of ForwarderError that mean that the client disconnected. The host forwards requests with YARP.
    [PredictedTheory]
    [InlineData(Deployment.Minimal)]
    public void A_client_that_disconnects_is_not_a_server_error(string name)
    {
        var query = Deployment.Load(name).Of("Microsoft.Insights/scheduledQueryRules")
            .Single(static alert => alert.Name == "alert-server-errors")["properties.criteria"];
        string[] errors = ["RequestCanceled", "RequestBodyCanceled", "RequestBodyClient", "ResponseBodyCanceled", "ResponseBodyClient"];

        Assert.Contains("where invocation !in ((AppExceptions | where tostring(Details) has_any (", query, StringComparison.Ordinal);
        Assert.All(errors, error => Assert.Contains($"\"{error}", query, StringComparison.Ordinal));
        // Success is the result of the invocation, which is false when the client disconnected.
        Assert.DoesNotContain("Success", query, StringComparison.Ordinal);
    }

    // A new subscription accepts no budget for two days, and some offers never do. The deployment would then fail.
    [PredictedTheory]
    [InlineData(Deployment.Minimal)]
    [InlineData(Deployment.OwnRegistration)]
    [InlineData(Deployment.TwoRegions)]
    public void There_is_no_budget_by_default(string name) =>
        Assert.Empty(Deployment.Load(name).Of("Microsoft.Consumption/budgets"));

    [PredictedTheory]
    [InlineData(Deployment.Full)]
    public void Each_resource_groups_budget_notifies_owners_and_configured_addresses(string name)
    {
        var deployment = Deployment.Load(name);
        var budgets = deployment.Of("Microsoft.Consumption/budgets").ToList();

        Assert.Equal(
            deployment.Of("Microsoft.Resources/resourceGroups").Select(static group => group.Name).Order(),
            budgets.Select(static budget => budget.Scope.Split('/')[^1]).Order());
        Assert.All(budgets, static budget =>
        {
            Assert.Equal("500", budget["properties.amount"]);
            Assert.Equal("2026-11-01", budget["properties.timePeriod.startDate"]);
            Assert.Contains("on-call@contoso.com", budget["properties.notifications"], StringComparison.Ordinal);
            Assert.Contains("Owner", budget["properties.notifications"], StringComparison.Ordinal);
        });
    }

    [PredictedTheory]
    [InlineData(Deployment.Minimal, "owners")]
    [InlineData(Deployment.Full, "email-0")]
    public void Alerts_go_to_configured_addresses_or_else_to_the_owners(string name, string receiver)
    {
        var properties = Assert.Single(Deployment.Load(name).Of("Microsoft.Insights/actionGroups")).Json.GetProperty("properties");

        Assert.Equal(
            [receiver],
            properties.GetProperty("emailReceivers")
                .EnumerateArray()
                .Concat(properties.GetProperty("armRoleReceivers").EnumerateArray())
                .Select(static one => one.GetProperty("name").GetString()));
    }

    [PredictedTheory]
    [InlineData(Deployment.Minimal)]
    public void A_workbook_is_deployed(string name)
    {
        var workbook = Assert.Single(Deployment.Load(name).Of("Microsoft.Insights/workbooks"));

        using var content = System.Text.Json.JsonDocument.Parse(workbook["properties.serializedData"]);
        Assert.NotEmpty(content.RootElement.GetProperty("items").EnumerateArray());
    }
}
