using System.Text;
using System.Text.Json;
using RemoteMcp.EndToEnd.Clients;
using RemoteMcp.EndToEnd.Fleet;
using RemoteMcp.EndToEnd.Processes;
using RemoteMcp.Testing;
using Xunit;

namespace RemoteMcp.EndToEnd.SignIn;

/// <summary>
/// Real clients sign in with Entra ID and call every tool through a <see cref="KeylessFleet"/>. Each request reaches a different instance.
/// The tests compare the results with the actual data. They fail for a new tool that reaches a service or changes something, until a
/// client calls it. For other new tools, the fast tests are enough.
/// </summary>
[Collection(KeylessFleet.Collection)]
public sealed class EveryToolTests(KeylessFleet keyless)
{
    private const string Draft = "drafts/of the tour.txt";

    private static TourPlan Reading { get; } = new(
        // The user grants these scopes first, so that the server lists all tools from then on.
        ToolCall.Of("list_subscriptions"),
        ToolCall.Of("list_directory", ("recursive", true), ("limit", 3)),
        ToolCall.Of("read_file", ("path", "notes/plan.md"), ("offset", 2), ("limit", 1)),
        ToolCall.Of("search_files", ("query", "needle"), ("limit", 2)),
        ToolCall.Of("list_metrics", ("limit", 1)),
        ToolCall.Of("query_analytics", ("metric", "revenue"), ("period", "2026-03-01..2026-03-31"), ("group_by", "country")),
        ToolCall.Of("whoami"),
        ToolCall.Of("get_my_profile"),
        ToolCall.Of("query_resources", ("query", "Resources | project id, name, type, location, subscriptionId | order by id asc")),
        ToolCall.Of("query_logs", ("query", "AppRequests"), ("timespan", "2026-03-01T00:00Z/P1D")),
        ToolCall.Of(
            "get_metrics",
            ("resource_id", TeamCloud.ResourceId("shop-1")),
            ("metrics", new[] { "Requests" }),
            ("timespan", "2026-03-01T00:00Z/PT4H"),
            ("interval", "PT1H"),
            ("aggregations", new[] { "total" })),
        ToolCall.Of("recommend_deployment", ("needs", new[] { "several-users", "cloud-api" })))
    {
        Resource = "file:///notes/hello.txt",
        Prompt = ToolCall.Of("recommend_deployment", ("needs", "offline")),
    };

    private static TourPlan Changing { get; } = new(
        ToolCall.Of("write_file", ("path", Draft), ("content", "of the tour\n")),
        ToolCall.Of("read_file", ("path", Draft)),
        ToolCall.Of("delete_path", ("path", Draft)));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Tours_call_every_tool_that_reaches_a_service_or_changes_something()
    {
        var snapshots = Directory.EnumerateFiles(Repository.PathOf("tests/RemoteMcp.Tests/Snapshots"), "*.json");
        var tools = snapshots.Select(static file => JsonSerializer.Deserialize<JsonElement>(File.ReadAllBytes(file))).ToList();
        var called = Reading.Tools.Union(Changing.Tools).ToList();

        Assert.Empty(tools.Where(static tool => Hint(tool, "openWorldHint") || !Hint(tool, "readOnlyHint")).Select(Name).Except(called));
        Assert.Empty(called.Except(tools.Select(Name)));

        static string Name(JsonElement tool) => tool.GetProperty("name").GetString()!;

        static bool Hint(JsonElement tool, string hint) => tool.GetProperty("annotations").GetProperty(hint).GetBoolean();
    }

    [Theory]
    [InlineData("2")]
    [InlineData("1")]
    public async Task Client_gets_the_right_result_from_every_reading_tool(string sdk)
    {
        var fleet = keyless.Fleet;
        var callsBefore = fleet.Instances.ToDictionary(static instance => instance, CallsAt);

        var seen = await RunTourAsync(sdk, fleet, Reading);

        // The user signed in, and later consented to the scopes for Azure.
        Assert.Equal(2, seen.Pages);
        Assert.DoesNotContain("list_subscriptions", seen.ToolsAtFirst);
        Assert.Empty(Reading.Tools.Except(seen.Tools));
        VerifyResourcesAndPrompts(seen.Beside!);
        VerifyFiles(seen);
        VerifyAnalytics(seen);
        VerifyAccount(seen);
        VerifyAzure(seen);
        Assert.Equal("remote", Text(seen.AnswerOf("recommend_deployment"), "deployment"));
        Assert.All(fleet.Instances, instance => Assert.True(CallsAt(instance) > callsBefore[instance], fleet.LogOf(instance)));
    }

    [Theory]
    [InlineData("2")]
    [InlineData("1")]
    public async Task Client_changes_files_after_the_user_confirms(string sdk)
    {
        var seen = await RunTourAsync(sdk, await keyless.FolderFleetAsync(), Changing);

        Assert.Equal(2, seen.Pages);
        Assert.Equal(2, seen.Questions.Count);
        Assert.All(seen.Questions, static question => Assert.Contains(Draft, question, StringComparison.Ordinal));
        Assert.True(seen.AnswerOf("write_file").GetProperty("written").GetBoolean());
        Assert.Equal("of the tour\n", Text(seen.AnswerOf("read_file"), "content"));
        Assert.True(seen.AnswerOf("delete_path").GetProperty("deleted").GetBoolean());
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(keyless.Folder, "drafts")));
    }

    private static void VerifyResourcesAndPrompts(SeenResourcesAndPrompts seen)
    {
        Assert.Equal(
            TeamCloud.Paths.Select(static path => "file:///" + string.Join('/', path.Split('/').Select(Uri.EscapeDataString))),
            seen.Resources);
        Assert.Equal(Encoding.UTF8.GetString(TeamCloud.Files["notes/hello.txt"]), seen.Resource);
        Assert.Equal([Reading.Prompt!.Name], seen.Prompts);
        Assert.Contains("LOCAL: ", seen.Prompt, StringComparison.Ordinal);
    }

    private static void VerifyFiles(TourOutcome seen)
    {
        var listed = seen.PagesOf("list_directory");
        Assert.Equal(2, listed.Count);
        Assert.Equal(TeamCloud.Paths, Rows(listed, "entries").Select(static entry => Text(entry, "path")));
        Assert.Equal("first the needle\n", Text(seen.AnswerOf("read_file"), "content"));
        Assert.Equal(
            [("notes/plan.md", 2), ("src/deep/er.txt", 1), ("src/größe.cs", 1)],
            Rows(seen.PagesOf("search_files"), "matches")
                .Select(static match => (Text(match, "path"), match.GetProperty("line").GetInt32())));
    }

    private static void VerifyAnalytics(TourOutcome seen)
    {
        Assert.Equal(
            TeamEvents.All
                .GroupBy(static each => each.Metric)
                .OrderBy(static metric => metric.Key, StringComparer.Ordinal)
                .Select(static metric => (metric.Key, metric.Count())),
            Rows(seen.PagesOf("list_metrics"), "metrics")
                .Select(static metric => (Text(metric, "name"), metric.GetProperty("events").GetInt32())));

        var answer = seen.AnswerOf("query_analytics");
        var (march, february) = (TeamEvents.Of("revenue", month: 3), TeamEvents.Of("revenue", month: 2));
        Assert.Equal((march.Sum(static each => each.Value), march.Count), Amount(answer.GetProperty("total")));
        // The previous 31 days. Their last three days are in January and have no events.
        Assert.Equal((february.Sum(static each => each.Value), february.Count), Amount(answer.GetProperty("previous_total")));
        Assert.Equal(
            march
                .GroupBy(static each => each.Country)
                .Select(static country => (country.Key, (country.Sum(static each => each.Value), country.Count())))
                .OrderByDescending(static country => country.Item2),
            Rows([answer], "groups").Select(static group => (Text(group, "name"), Amount(group))));
    }

    private void VerifyAccount(TourOutcome seen)
    {
        var adele = keyless.Entra.Sample.Adele;
        Assert.Equal(adele.ObjectId, Text(seen.AnswerOf("whoami"), "object_id"));
        Assert.Equal(
            ["Azure.Read", "Mcp.Use"],
            seen.AnswerOf("whoami").GetProperty("scopes").EnumerateArray().Select(static scope => scope.GetString()).Order());
        Assert.Equal(adele.JobTitle, Text(seen.AnswerOf("get_my_profile"), "job_title"));
    }

    private static void VerifyAzure(TourOutcome seen)
    {
        Assert.Equal(
            [TeamCloud.Subscription], Rows(seen.PagesOf("list_subscriptions"), "subscriptions").Select(static each => Text(each, "name")));
        var resources = seen.PagesOf("query_resources");
        Assert.Equal(2, resources.Count);
        Assert.Equal(TeamCloud.Sites, Rows(resources, "rows").Select(static row => row[1].GetString()));
        Assert.Equal(
            TeamCloud.AppRequests, Rows(seen.PagesOf("query_logs"), "rows").Select(static row => (row[0].GetString()!, row[1].GetInt32())));
        var series = Assert.Single(Rows(seen.PagesOf("get_metrics"), "series"));
        Assert.Equal(
            TeamCloud.Requests.OfType<double>(), Rows([series], "points").Select(static point => point.GetProperty("total").GetDouble()));
    }

    private async Task<TourOutcome> RunTourAsync(string sdk, FleetFixture fleet, TourPlan plan)
    {
        // The consents of a previous tour must not count, so that the client has to request them again.
        var sample = keyless.Entra.Sample;
        sample.Contoso.RevokeConsents(sample.Adele);
        var result = await NodeClient.RunAsync(
            "tour.mjs",
            [sdk, fleet.Endpoint.ToString(), SignedInClientTests.SignInArgument(sendResource: false), plan.ToJson()],
            keyless.Entra.NodeTrust,
            Cancellation);

        Assert.True(result.ExitCode == 0, result.Error + fleet.Log);
        var seen = TourOutcome.Parse(result.Output);
        Assert.All(seen.Answers, static answer => Assert.All(answer.Pages, static page => Assert.False(page.IsError, page.Text)));
        return seen;
    }

    private int CallsAt(int instance) =>
        keyless.Fleet.LogOf(instance).Split("Tool ").Count(static line => line.Contains(" called by ", StringComparison.Ordinal));

    private static IEnumerable<JsonElement> Rows(IEnumerable<JsonElement> pages, string property) =>
        pages.SelectMany(page => page.GetProperty(property).EnumerateArray());

    private static (decimal Sum, int Events) Amount(JsonElement amount) =>
        (amount.GetProperty("sum").GetDecimal(), amount.GetProperty("events").GetInt32());

    private static string Text(JsonElement element, string property) => element.GetProperty(property).GetString()!;
}
