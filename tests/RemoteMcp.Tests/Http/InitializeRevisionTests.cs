using System.Net;
using System.Text.Json.Nodes;
using RemoteMcp.Testing.Http;
using Xunit;

namespace RemoteMcp.Tests.Http;

/// <summary>Tests the revision that a client gets from initialize, and the revisions in the error to an unknown one.</summary>
public sealed class InitializeRevisionTests
{
    private const string Newest = "2025-11-25";

    [Theory]
    [InlineData("2024-11-05", null, "2024-11-05")]
    [InlineData("2025-11-25", null, Newest)]
    [InlineData("1999-01-01", null, Newest)]
    [InlineData("2026-07-28", null, Newest)]
    [InlineData("2027-03-01", null, Newest)]
    [InlineData("", null, Newest)]
    [InlineData("<script>", null, Newest)]
    [InlineData("2025-06-18", "2025-11-25", "2025-06-18")]
    [InlineData("2025-06-18", "2026-07-28", "2025-06-18")]
    [InlineData("2025-06-18", "2027-03-01", "2025-06-18")]
    [InlineData("2026-07-28", "2026-07-28", Newest)]
    [InlineData("2027-03-01", "2027-03-01", Newest)]
    [InlineData("2027-03-01", "<script>", Newest)]
    public async Task Initialize_is_answered_whatever_revision_it_requests(string requested, string? header, string negotiated)
    {
        await using var host = await TestServerHost.StartAsync();
        using var initialize = Messages.Post(Messages.Initialize(requested));
        if (header is not null)
        {
            initialize.Headers.TryAddWithoutValidation("MCP-Protocol-Version", header);
        }

        using var response = await host.Client.SendAsync(initialize, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(negotiated, (string?)(await response.ReadMessageAsync())["result"]!["protocolVersion"]);
        var session = response.Headers.GetValues("Mcp-Session-Id").Single();
        using var list = Messages.Post(Messages.ListTools, session);
        list.Headers.Add("MCP-Protocol-Version", negotiated);
        using var tools = await host.Client.SendAsync(list, TestContext.Current.CancellationToken);
        Assert.NotNull((await tools.ReadMessageAsync())["result"]!["tools"]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("2026-07-28")]
    public async Task Initialize_with_the_metadata_of_a_later_revision_begins_a_session(string? header)
    {
        await using var host = await TestServerHost.StartAsync();
        using var initialize = Messages.Post(Messages.Initialize(Newest).Replace(
            "\"params\":{",
            "\"params\":{\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"},",
            StringComparison.Ordinal));
        if (header is not null)
        {
            initialize.Headers.Add("MCP-Protocol-Version", header);
        }

        using var response = await host.Client.SendAsync(initialize, TestContext.Current.CancellationToken);

        Assert.Equal(Newest, (string?)(await response.ReadMessageAsync())["result"]!["protocolVersion"]);
        var session = response.Headers.GetValues("Mcp-Session-Id").Single();
        using var tools = await host.Client.SendAsync(
            Messages.Post(Messages.ListTools, session), TestContext.Current.CancellationToken);
        Assert.NotNull((await tools.ReadMessageAsync())["result"]!["tools"]);
    }

    [Fact]
    public async Task HTTP_SSE_session_gets_a_revision_with_sessions()
    {
        await using var host = await TestServerHost.StartAsync();
        using var open = new HttpRequestMessage(HttpMethod.Get, "/mcp/sse");
        using var stream = await host.Client.SendStreamedAsync(open);
        using var reader = await SseReader.OpenAsync(stream);
        var endpoint = await reader.ReadDataAsync();

        using var accepted = await host.Client.SendAsync(
            Messages.Post(Messages.Initialize("2027-03-01"), path: endpoint), TestContext.Current.CancellationToken);

        Assert.Equal(Newest, (string?)(await reader.ReadMessageAsync())["result"]!["protocolVersion"]);
    }

    [Fact]
    public async Task Unknown_revision_in_the_metadata_gets_the_revisions_of_discover()
    {
        await using var host = await TestServerHost.StartAsync();
        using var request = Messages.PostStateless(
            Messages.StatelessListTools.Replace("2026-07-28", "2027-03-01", StringComparison.Ordinal));
        request.Headers.Remove("MCP-Protocol-Version");
        request.Headers.Add("MCP-Protocol-Version", "2027-03-01");

        Assert.Equal(["2026-07-28"], await SupportedAsync(host, request));
    }

    [Fact]
    public async Task Unknown_revision_of_a_session_gets_all_revisions()
    {
        await using var host = await TestServerHost.StartAsync();
        using var request = Messages.Post(Messages.ListTools, await host.Client.InitializeAsync());
        request.Headers.Add("MCP-Protocol-Version", "2027-03-01");

        Assert.Equal(["2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"], await SupportedAsync(host, request));
    }

    private static async Task<string[]> SupportedAsync(TestServerHost host, HttpRequestMessage request)
    {
        using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = (JsonObject)(await response.ReadMessageAsync())["error"]!;
        Assert.Equal(-32022, (int?)error["code"]);
        Assert.Equal("2027-03-01", (string?)error["data"]!["requested"]);
        return [.. error["data"]!["supported"]!.AsArray().Select(static revision => (string)revision!)];
    }
}
