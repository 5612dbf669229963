using Microsoft.Extensions.Logging.Abstractions;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Xunit;

namespace RemoteMcp.Tests.Http;

/// <summary>Tests the SDK's client with the whole pipeline. Every transport and revision provides the same tools.</summary>
public sealed class TransportsTests
{
    public static TheoryData<HttpTransportMode, string> Revisions => new()
    {
        { HttpTransportMode.Sse, "2024-11-05" },
        { HttpTransportMode.StreamableHttp, "2025-03-26" },
        { HttpTransportMode.StreamableHttp, "2025-06-18" },
        { HttpTransportMode.StreamableHttp, "2025-11-25" },
        { HttpTransportMode.StreamableHttp, "2026-07-28" },
    };

    [Theory]
    [MemberData(nameof(Revisions))]
    public async Task Client_lists_tools_calls_them_and_gets_errors(HttpTransportMode mode, string revision)
    {
        await using var host = await TestServerHost.StartAsync();
        await using var client = await ConnectAsync(host, mode, revision);
        Assert.Equal(revision, client.NegotiatedProtocolVersion);

        var tools = await client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Contains(tools, static tool => tool.Name == "echo");

        var text = new string('ä', 100_000);
        var result = await client.CallToolAsync(
            "echo", new Dictionary<string, object?> { ["text"] = text }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(text, Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text);

        Assert.True((await client.CallToolAsync("throws", cancellationToken: TestContext.Current.CancellationToken)).IsError);
        var error = await Assert.ThrowsAsync<McpProtocolException>(
            async () => await client.CallToolAsync("nothing", cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(McpErrorCode.InvalidParams, error.ErrorCode);
    }

    [Theory]
    [MemberData(nameof(Revisions))]
    public async Task Progress_arrives_while_the_call_runs(HttpTransportMode mode, string revision)
    {
        await using var host = await TestServerHost.StartAsync();
        await using var client = await ConnectAsync(host, mode, revision);
        var progress = new Progress();

        var calling = client.CallToolAsync("waits", progress: progress, cancellationToken: TestContext.Current.CancellationToken).AsTask();
        Assert.Equal("half way", (await progress.First.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken)).Message);
        host.Rendezvous.Release();

        Assert.Equal("released", Assert.IsType<TextContentBlock>(Assert.Single((await calling).Content)).Text);
    }

    [Theory]
    [InlineData(HttpTransportMode.Sse, "2024-11-05")]
    [InlineData(HttpTransportMode.StreamableHttp, "2025-06-18")]
    [InlineData(HttpTransportMode.StreamableHttp, "2025-11-25")]
    public async Task A_tool_asks_the_user_through_the_session(HttpTransportMode mode, string revision)
    {
        await using var host = await TestServerHost.StartAsync();
        await using var client = await ConnectAsync(host, mode, revision);

        var result = await client.CallToolAsync("asks", cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("decline", Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text);
    }

    private static Task<McpClient> ConnectAsync(TestServerHost host, HttpTransportMode mode, string revision) => McpClient.CreateAsync(
        new HttpClientTransport(
            new HttpClientTransportOptions
            {
                Endpoint = new Uri(host.Url, mode == HttpTransportMode.Sse ? "/mcp/sse" : "/mcp"),
                TransportMode = mode,
            },
            host.Client,
            NullLoggerFactory.Instance,
            ownsHttpClient: false),
        new McpClientOptions
        {
            ProtocolVersion = revision,
            Handlers = new() { ElicitationHandler = static (_, _) => ValueTask.FromResult(new ElicitResult { Action = "decline" }) },
        },
        cancellationToken: TestContext.Current.CancellationToken);

    private sealed class Progress : IProgress<ProgressNotificationValue>
    {
        private readonly TaskCompletionSource<ProgressNotificationValue> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<ProgressNotificationValue> First => _first.Task;

        public void Report(ProgressNotificationValue value) => _first.TrySetResult(value);
    }
}
