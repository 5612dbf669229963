using Microsoft.Extensions.Options;
using RemoteMcp.Tests.Tools;
using RemoteMcp.Tools.Azure;
using Xunit;

namespace RemoteMcp.Tests.Azure;

public sealed class AzureSettingsTests
{
    private const string Workspace = "60000000-0000-4000-8000-000000000001";

    [Theory]
    [InlineData("", "")]
    [InlineData("Enabled=true", "get_metrics,list_subscriptions,query_logs,query_resources")]
    [InlineData("Enabled=true;Identity=App", "get_metrics,list_subscriptions,query_resources")]
    [InlineData("Enabled=true;Identity=app;WorkspaceId=" + Workspace, "get_metrics,list_subscriptions,query_logs,query_resources")]
    [InlineData("Enabled=true;Identity=Caller", "get_metrics,list_subscriptions,query_logs,query_resources")]
    [InlineData("WorkspaceId=" + Workspace, "")]
    public async Task Tools_are_offered_only_if_the_settings_allow_them(string settings, string tools)
    {
        string[] family = ["get_metrics", "list_subscriptions", "query_logs", "query_resources"];
        await using var server = await ToolServer.StartAsync([.. Parse(settings)]);

        var listed = await server.Client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(tools, string.Join(',', listed.Select(static tool => tool.Name).Intersect(family).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void Default_settings_are_valid() => Assert.True(Validate(new AzureOptions()).Succeeded);

    [Fact]
    public void Tools_act_on_behalf_of_the_caller_by_default() => Assert.Equal(AzureIdentity.Caller, new AzureOptions().Identity);

    [Fact]
    public void Invalid_setting_is_reported_with_value_and_remedy()
    {
        var failure = Validate(new AzureOptions
        {
            ArmEndpoint = "http://management.azure.com",
            ArmResource = "x",
            LogsEndpoint = "",
            LogsResource = "ftp://x",
            WorkspaceId = $"{Workspace}, shop",
            Identity = (AzureIdentity)7,
            MaxRows = 0,
            MaxTimeSpan = TimeSpan.FromDays(1000),
            QueryTimeout = TimeSpan.Zero,
        }).FailureMessage!;

        string[] problems =
        [
            "ArmEndpoint is 'http://management.azure.com'", "ArmResource is 'x'", "LogsEndpoint is ''", "LogsResource is 'ftp://x'",
            "WorkspaceId has 'shop'", "Identity is '7'", "MaxRows is 0. Set it to a number from 1 to 5000", "MaxTimeSpan is 1000.00:00:00",
            "QueryTimeout is 00:00:00",
        ];
        foreach (var told in problems)
        {
            Assert.Contains("RemoteMcp:Azure:" + told, failure, StringComparison.Ordinal);
        }
    }

    private static ValidateOptionsResult Validate(AzureOptions options) =>
        new AzureOptionsValidator().Validate(Options.DefaultName, options);

    private static IEnumerable<(string, string)> Parse(string settings) =>
        settings.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(static each =>
            each.Split('=') is [var name, var value] ? ("RemoteMcp:Azure:" + name, value) : throw new FormatException(each));
}
