using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using RemoteMcp.Emulators.Azure;
using Xunit;

namespace RemoteMcp.Tests.Azure;

/// <summary>Tests hostile arguments and data. The server refuses hostile arguments before it sends a request to Azure.</summary>
[Collection(nameof(NonParallel))]
public sealed class AzureAbuseTests : AzureSignIn
{
    [Theory]
    [MemberData(nameof(HostileCalls.Queries), MemberType = typeof(HostileCalls))]
    public async Task Query_beyond_the_allowed_data_is_refused_before_Azure_is_called(string query, string told)
    {
        Assert.Contains(told, (await AskAsync("query_logs", new { query })).Refusal, StringComparison.Ordinal);
        AssertNoRequests();
    }

    [Theory]
    [MemberData(nameof(HostileCalls.Arguments), MemberType = typeof(HostileCalls))]
    public async Task Hostile_argument_is_refused_before_Azure_is_called(string tool, string arguments, string told)
    {
        Assert.Contains(told, (await AskAsync(tool, JsonElement.Parse(arguments))).Refusal, StringComparison.Ordinal);
        AssertNoRequests();
    }

    [Theory]
    [InlineData("AppRequests | where Name == 'workspace(\"x\")' // app('x')")]
    [InlineData("AppRequests | project app, resource, workspace | where resource in ('a') and app has 'b'")]
    [InlineData("AppRequests | extend a = @'it''s \\', b = \"a\\\"b\" | evaluate bag_unpack(a)")]
    [InlineData("AppRequests | union workspace('60000000-0000-4000-8000-000000000001').AppRequests")]
    [InlineData("AppRequests | where Name == ```a\nb's```")]
    public async Task Query_that_only_looks_hostile_is_run(string query) =>
        Assert.False((await AskAsync("query_logs", new { query })).IsError);

    [Fact]
    public async Task Cursor_is_valid_only_for_its_own_query_and_subscriptions()
    {
        for (var i = 3; i < 500; i++)
        {
            Cloud.Resources.Add(Cloud.Resources[0] with { Id = Site[..^1] + i });
        }

        var cursor = (string)(await AskAsync("query_resources", new { query = "Resources" })).Result["structuredContent"]!["next_cursor"]!;

        Assert.Contains(
            "cursor:", (await AskAsync("query_resources", new { query = "Resources | take 9", cursor })).Refusal, StringComparison.Ordinal);
        Assert.Contains(
            "cursor:",
            (await AskAsync("query_resources", new { query = "Resources", cursor, subscriptions = new[] { Production } })).Refusal,
            StringComparison.Ordinal);
        Assert.Contains("cursor:", (await AskAsync("list_subscriptions", new { cursor })).Refusal, StringComparison.Ordinal);
        Assert.False((await AskAsync("query_resources", new { query = "Resources", cursor })).IsError);
    }

    [Fact]
    public async Task Made_up_token_in_a_well_formed_cursor_is_refused_by_Azure()
    {
        var hash = SHA256.HashData("query_resources\0Resources"u8)[..8];
        var cursor = Base64Url.EncodeToString([.. hash, .. "0:made-up"u8]);
        var negative = Base64Url.EncodeToString([.. hash, .. "-1:x"u8]);

        Assert.Contains(
            "cursor:",
            (await AskAsync("query_resources", new { query = "Resources", cursor = negative })).Refusal,
            StringComparison.Ordinal);
        Assert.Contains(
            "skip token does not belong to this query",
            (await AskAsync("query_resources", new { query = "Resources", cursor })).Refusal,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Next_link_to_another_host_is_not_followed()
    {
        Cloud.Fail(AzureFault.Of(200, """{"value":[],"nextLink":"https://evil.example/steal?$skiptoken=0"}"""));
        var cursor = (string)(await AskAsync("list_subscriptions")).Result["structuredContent"]!["next_cursor"]!;

        Assert.False((await AskAsync("list_subscriptions", new { cursor })).IsError);
        Assert.Equal(2, Emulator.Requests.CountOf("/arm/subscriptions"));
    }

    [Fact]
    public async Task Next_link_without_a_known_token_is_reported()
    {
        Cloud.Fail(AzureFault.Of(200, """{"value":[],"nextLink":"https://evil.example/more?page=2"}"""));

        var answer = await AskAsync("list_subscriptions");

        Assert.Null(answer.Result["structuredContent"]!["next_cursor"]);
        Assert.Contains("There are more subscriptions", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_token_that_is_too_long_is_reported()
    {
        var page = """{"totalRecords":9,"data":{"columns":[],"rows":[]},"$skipToken":"TOKEN"}""";
        Cloud.Fail(AzureFault.Of(200, page.Replace("TOKEN", new string('x', 20_000), StringComparison.Ordinal)));

        Assert.Contains(
            "There are more rows", (await AskAsync("query_resources", new { query = "Resources" })).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_of_resources_cannot_break_out_of_the_text()
    {
        Cloud.Resources[0] = Cloud.Resources[0] with { Name = "a\u202eb | c\n| <img src=x> ![x](https://evil.example) =cmd" };

        var answer = await AskAsync("query_resources", new { query = "Resources" });

        Assert.Contains(@"| a\u202Eb \| c\u000A\| \<img src=x> !\[x](https://evil.example) =cmd |", answer.Text, StringComparison.Ordinal);
        Assert.Equal(Cloud.Resources[0].Name, (string)answer.Result["structuredContent"]!["rows"]![0]![1]!);
    }

    [Fact]
    public async Task Hundred_thousand_wide_rows_stay_within_the_size_limit()
    {
        var text = new string('x', 100);
        AddTable(Workspace, "Many", [("a", "string")], [.. Enumerable.Repeat(new object?[] { text }, 100_000)]);

        var answer = await AskAsync("query_logs", new { query = "Many" });

        Assert.Contains("first 200 of 100000 rows", answer.Text, StringComparison.Ordinal);
        Assert.InRange(answer.Message.ToJsonString().Length, 1, 100_000);
    }

    [Fact]
    public async Task Long_rows_are_divided_over_pages_without_loss()
    {
        Cloud.Resources.Clear();
        string[] names = [.. Enumerable.Range(0, 150).Select(static n => $"{n:000}" + new string('x', 1_500))];
        foreach (var name in names)
        {
            Cloud.Resources.Add(new AzureResource(Site, name, "microsoft.web/sites", "westeurope"));
        }

        var read = new List<string>();
        var pages = 0;
        for (var cursor = ""; cursor is not null; pages++)
        {
            var page = (await AskAsync("query_resources", new { query = "Resources", cursor })).Result["structuredContent"]!;
            read.AddRange(page["rows"]!.AsArray().Select(static row => (string)row![1]!));
            cursor = (string?)page["next_cursor"];
        }

        Assert.Equal(names, read);
        Assert.InRange(pages, 2, 10);
    }

    private void AssertNoRequests()
    {
        Assert.Empty(Cloud.Queries);
        Assert.DoesNotContain(
            Emulator.Requests.Counts,
            static each => each.Key.StartsWith("/arm", StringComparison.Ordinal)
                || each.Key.StartsWith("/loganalytics", StringComparison.Ordinal));
    }
}
