using System.Xml;
using Xunit;

namespace RemoteMcp.Tests.Infrastructure;

public sealed class MonitoringPolicyTests
{
    [PredictedTheory]
    [MemberData(nameof(Deployment.All), MemberType = typeof(Deployment))]
    public void Whatever_serves_or_stores_has_diagnostics(string name)
    {
        var deployment = Deployment.Load(name);
        var workspace = Assert.Single(deployment.Of("Microsoft.OperationalInsights/workspaces"));
        var observed = deployment.Of("Microsoft.Insights/diagnosticSettings").ToDictionary(static settings => settings.Scope);

        string[] types =
        [
            "Microsoft.Web/sites", "Microsoft.Storage/storageAccounts/blobServices", "Microsoft.Storage/storageAccounts/tableServices",
            "Microsoft.Network/trafficmanagerprofiles", "Microsoft.OperationalInsights/workspaces",
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
    public void What_logs_may_cost_is_limited(string name, string gigabytes) =>
        Assert.Equal(gigabytes, Assert.Single(Deployment.Load(name).Of("Microsoft.OperationalInsights/workspaces"))["properties.workspaceCapping.dailyQuotaGb"]);

    [PredictedTheory]
    [MemberData(nameof(Deployment.All), MemberType = typeof(Deployment))]
    public void Somebody_is_told_of_errors_slowness_refusals_throttling_and_silence(string name)
    {
        var deployment = Deployment.Load(name);
        var people = Assert.Single(deployment.Of("Microsoft.Insights/actionGroups"));
        var alerts = deployment.Of("Microsoft.Insights/scheduledQueryRules").ToList();

        Assert.Superset(
            new HashSet<string> { "alert-server-errors", "alert-does-not-start", "alert-slow-calls", "alert-refused-sign-ins", "alert-nobody-signs-in", "alert-silence", "alert-logs-cut" },
            alerts.Select(static alert => alert.Name).ToHashSet());
        Assert.Equal(
            deployment.Of("Microsoft.Storage/storageAccounts").Select(static account => account.Id).Order(),
            deployment.Of("Microsoft.Insights/metricAlerts").Select(static alert => alert.Json.GetProperty("properties").GetProperty("scopes")[0].GetString()).Order());
        Assert.All(alerts.Concat(deployment.Of("Microsoft.Insights/metricAlerts")), alert =>
        {
            Assert.Equal("true", alert["properties.enabled"]);
            Assert.Contains(people.Id, alert["properties.actions"], StringComparison.Ordinal);
        });
    }

    // What Azure Monitor takes; the window holds a whole number of looks, so that nothing falls between two.
    [PredictedTheory]
    [MemberData(nameof(Deployment.All), MemberType = typeof(Deployment))]
    public void Alerts_look_as_often_as_they_may_and_see_all_that_arrived(string name) => Assert.All(
        Deployment.Load(name).Of("Microsoft.Insights/scheduledQueryRules"),
        static alert =>
        {
            var (frequency, window) = (XmlConvert.ToTimeSpan(alert["properties.evaluationFrequency"]), XmlConvert.ToTimeSpan(alert["properties.windowSize"]));

            Assert.True(frequency.TotalMinutes is 5 or 10 or 15 or 30 or 60, alert.Name);
            Assert.True(window > frequency && window.Ticks % frequency.Ticks == 0, alert.Name);
        });

    // Probes and the server's own spans are in the same table.
    [PredictedTheory]
    [MemberData(nameof(Deployment.All), MemberType = typeof(Deployment))]
    public void Alerts_on_requests_count_calls_alone(string name)
    {
        var queries = Deployment.Load(name).Of("Microsoft.Insights/scheduledQueryRules")
            .Select(static alert => alert.Json.GetProperty("properties").GetProperty("criteria").GetProperty("allOf")[0].GetProperty("query").GetString()!)
            .Where(static query => query.StartsWith("AppRequests", StringComparison.Ordinal)).ToList();

        Assert.Equal(3, queries.Count);
        Assert.All(queries, static query => Assert.StartsWith("AppRequests | where Name startswith \"Mcp\"", query, StringComparison.Ordinal));
    }

    // ForwarderError of YARP, with which the host forwards requests: those where the client's side ended.
    [PredictedTheory]
    [InlineData(Deployment.Minimal)]
    public void A_client_that_leaves_is_no_server_error(string name)
    {
        var query = Deployment.Load(name).Of("Microsoft.Insights/scheduledQueryRules")
            .Single(static alert => alert.Name == "alert-server-errors")["properties.criteria"];
        string[] errors = ["RequestCanceled", "RequestBodyCanceled", "RequestBodyClient", "ResponseBodyCanceled", "ResponseBodyClient"];

        Assert.Contains("where invocation !in ((AppExceptions | where tostring(Details) has_any (", query, StringComparison.Ordinal);
        Assert.All(errors, error => Assert.Contains($"\"{error}", query, StringComparison.Ordinal));
        // The host's word for the invocation, which is false when a client left.
        Assert.DoesNotContain("Success", query, StringComparison.Ordinal);
    }

    // A new subscription takes no budget for two days, and some offers never do: nothing would be deployed.
    [PredictedTheory]
    [InlineData(Deployment.Minimal)]
    [InlineData(Deployment.OwnRegistration)]
    [InlineData(Deployment.TwoRegions)]
    public void Without_being_asked_for_there_is_no_budget(string name) =>
        Assert.Empty(Deployment.Load(name).Of("Microsoft.Consumption/budgets"));

    [PredictedTheory]
    [InlineData(Deployment.Full)]
    public void Each_groups_budget_tells_the_owners_and_whoever_is_named(string name)
    {
        var deployment = Deployment.Load(name);
        var budgets = deployment.Of("Microsoft.Consumption/budgets").ToList();

        Assert.Equal(deployment.Of("Microsoft.Resources/resourceGroups").Select(static group => group.Name).Order(), budgets.Select(static budget => budget.Scope.Split('/')[^1]).Order());
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
    public void Alerts_go_to_whoever_is_named_and_otherwise_to_the_owners(string name, string receiver)
    {
        var properties = Assert.Single(Deployment.Load(name).Of("Microsoft.Insights/actionGroups")).Json.GetProperty("properties");

        Assert.Equal([receiver], properties.GetProperty("emailReceivers").EnumerateArray().Concat(properties.GetProperty("armRoleReceivers").EnumerateArray()).Select(static one => one.GetProperty("name").GetString()));
    }

    [PredictedTheory]
    [InlineData(Deployment.Minimal)]
    public void There_is_a_workbook_to_look_at(string name)
    {
        var workbook = Assert.Single(Deployment.Load(name).Of("Microsoft.Insights/workbooks"));

        using var content = System.Text.Json.JsonDocument.Parse(workbook["properties.serializedData"]);
        Assert.NotEmpty(content.RootElement.GetProperty("items").EnumerateArray());
    }
}
