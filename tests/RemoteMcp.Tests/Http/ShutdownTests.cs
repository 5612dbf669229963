using System.Net;
using Microsoft.Extensions.Time.Testing;
using RemoteMcp.Testing;
using RemoteMcp.Testing.Http;
using Xunit;

namespace RemoteMcp.Tests.Http;

public sealed class ShutdownTests
{
    // The maximum duration of a shutdown before a test fails. It is less than the default shutdown timeout of ASP.NET Core, 30 s.
    private static readonly TimeSpan s_bound = TimeSpan.FromSeconds(25);
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Streams_without_a_running_call_end_immediately()
    {
        await using var host = await TestServerHost.StartAsync(time: _time);
        using var session = await host.Client.SendStreamedAsync(Messages.Get(await host.Client.InitializeAsync()));
        using var events = await SseReader.OpenAsync(session);
        Assert.StartsWith("event: prime", await events.ReadBlockAsync());
        using var request = new HttpRequestMessage(HttpMethod.Get, "/mcp/sse");
        using var sse = await host.Client.SendStreamedAsync(request);

        host.RequestStop();

        Assert.Null(await events.ReadBlockAsync());
        Assert.StartsWith("event: endpoint", await sse.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_running_call_may_finish_within_the_grace_time()
    {
        await using var host = await TestServerHost.StartAsync(time: _time);
        using var response = await host.Client.SendStreamedAsync(
            Messages.Post(Messages.Call("waits"), await host.Client.InitializeAsync()));
        await host.Rendezvous.Entered;

        host.RequestStop();
        _time.Advance(TimeSpan.FromMilliseconds(999));
        host.Rendezvous.Release();

        Assert.Equal("released", (string?)(await response.ReadMessageAsync())["result"]!["content"]![0]!["text"]);
    }

    [Fact]
    public async Task Call_that_exceeds_the_grace_time_gets_a_shutdown_error()
    {
        await using var host = await TestServerHost.StartAsync(time: _time);
        using var response = await host.Client.SendStreamedAsync(
            Messages.Post(Messages.Call("waits"), await host.Client.InitializeAsync()));
        await host.Rendezvous.Entered;

        host.RequestStop();
        _time.Advance(TimeSpan.FromSeconds(1));

        var error = await response.ReadMessageAsync();
        Assert.Equal(1, (int?)error["id"]);
        Assert.Equal(-32603, (int?)error["error"]!["code"]);
        Assert.Contains("shutting down", (string?)error["error"]!["message"]);
    }

    [Theory]
    [InlineData("/mcp")]
    [InlineData("/readyz")]
    public async Task New_requests_get_503_during_the_shutdown(string path)
    {
        await using var host = await TestServerHost.StartAsync(time: _time);
        host.RequestStop();

        using var response = await host.Client.SendAsync(
            Messages.Post(Messages.Initialize(), path: path), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("1", response.Headers.RetryAfter?.ToString());
        Assert.Equal(-32603, (int?)(await response.ReadMessageAsync())["error"]!["code"]);
    }

    [Fact]
    public async Task The_host_stops_with_all_kinds_of_streams_open()
    {
        await using var host = await TestServerHost.StartAsync();
        var session = await host.Client.InitializeAsync();
        using var get = await host.Client.SendStreamedAsync(Messages.Get(session));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/mcp/sse");
        using var sse = await host.Client.SendStreamedAsync(request);
        using var call = await host.Client.SendStreamedAsync(Messages.Post(Messages.Call("waits"), session));
        await host.Rendezvous.Entered;

        await host.StopAsync().WaitAsync(s_bound, TestContext.Current.CancellationToken);

        await Eventually.IsTrueAsync(() => host.RunningRequests == 0);
        Assert.Contains("shutting down", (string?)(await call.ReadMessageAsync())["error"]!["message"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_host_stops_although_a_tool_ignores_cancellation(bool stateless)
    {
        await using var host = await TestServerHost.StartAsync();
        var calling = stateless
            ? host.Client.SendStreamedAsync(Messages.PostStateless(Messages.StatelessCall("stubborn")))
            : host.Client.SendStreamedAsync(Messages.Post(Messages.Call("stubborn"), await host.Client.InitializeAsync()));
        await host.Rendezvous.Entered;

        await host.StopAsync().WaitAsync(s_bound, TestContext.Current.CancellationToken);

        Assert.NotNull(await Record.ExceptionAsync(async () => (await (await calling).ReadMessageAsync())["result"]!.ToString()));
    }

    [Fact]
    public async Task Pending_prompt_does_not_delay_the_shutdown()
    {
        await using var host = await TestServerHost.StartAsync();
        var session = await host.Client.InitializeAsync(capabilities: """{"elicitation":{}}""");
        using var call = await host.Client.SendStreamedAsync(Messages.Post(Messages.Call("asks"), session));
        using var reader = await SseReader.OpenAsync(call);
        Assert.Equal("elicitation/create", (string?)(await reader.ReadMessageAsync())["method"]);

        await host.StopAsync().WaitAsync(s_bound, TestContext.Current.CancellationToken);

        Assert.Contains("shutting down", (string?)(await reader.ReadMessageAsync())["error"]!["message"]);
    }
}
