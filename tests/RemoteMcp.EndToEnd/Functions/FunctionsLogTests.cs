using RemoteMcp.EndToEnd.Fleet;
using RemoteMcp.EndToEnd.Wire;
using RemoteMcp.Testing.Http;
using Xunit;

namespace RemoteMcp.EndToEnd.Functions;

/// <summary>Tests what the app logs at the default level, and which of its invocations the host counts as failures.</summary>
public sealed class FunctionsLogTests : IDisposable
{
    private readonly CancellationTokenSource _limit =
        CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    public FunctionsLogTests() => _limit.CancelAfter(TimeSpan.FromMinutes(3));

    public void Dispose() => _limit.Dispose();

    [Fact]
    public async Task One_call_writes_one_log_line()
    {
        await using var host = await FunctionsHostProcess.StartAsync([]);
        using var wire = new HttpWire(host.Endpoint);
        wire.Headers["MCP-Protocol-Version"] = Messages.Stateless;
        await CallAsync(wire, 1);
        await host.LoggedAsync(static host => host.Invocations.Count == 1);
        var before = host.WorkerLines.Count;

        await CallAsync(wire, 2);

        await host.LoggedAsync(static host => host.Invocations.Count == 2);
        Assert.Contains("AuditLog", Assert.Single(host.WorkerLines.Skip(before)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task App_setting_enables_the_other_log_lines()
    {
        await using var host = await FunctionsHostProcess.StartAsync([], ("Logging__LogLevel__Microsoft.AspNetCore", "Information"));
        using var wire = new HttpWire(host.Endpoint);
        wire.Headers["MCP-Protocol-Version"] = Messages.Stateless;

        await CallAsync(wire, 1);

        await host.LoggedAsync(
            static host => host.WorkerLines.Any(static line => line.Contains("Request finished", StringComparison.Ordinal)));
    }

    /// <remarks>The host counts the invocation as failed when a client disconnects. The alerts exclude these invocations.</remarks>
    [Fact]
    public async Task Client_that_closes_a_stream_causes_no_error_in_the_log()
    {
        await using var host = await FunctionsHostProcess.StartAsync([]);
        using var client = new FleetClient(host.Endpoint, _limit.Token);
        await client.InitializeAsync();
        using (var stream = await client.GetAsync(null))
        {
            await using var events = client.ReadAsync(stream).GetAsyncEnumerator(_limit.Token);
            Assert.True(await events.MoveNextAsync());
        }

        await host.LoggedAsync(static host => host.Invocations.Count == 3);
        Assert.Contains("ForwarderError: ResponseBodyCanceled", host.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(
            host.WorkerLines,
            static line => line.StartsWith("[Error]", StringComparison.Ordinal) || line.StartsWith("[Warning]", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stream_counts_as_a_success_when_the_client_ends_its_session()
    {
        await using var host = await FunctionsHostProcess.StartAsync([]);
        using var client = new FleetClient(host.Endpoint, _limit.Token);
        await client.InitializeAsync();
        using var stream = await client.GetAsync(null);

        using var deleted = await client.DeleteAsync(null);
        await client.ReadAsync(stream).ToListAsync(_limit.Token);

        await host.LoggedAsync(static host => host.Invocations.Count == 4);
        Assert.All(host.Invocations.Skip(2), static invocation => Assert.True(invocation.Succeeded));
    }

    private static async Task CallAsync(HttpWire wire, int id)
    {
        var call = JsonMessages.Request(
            id,
            "tools/call",
            new() { ["name"] = "echo", ["arguments"] = new System.Text.Json.Nodes.JsonObject { ["text"] = "x" } }).SelfContained();
        Assert.Equal("x", (await wire.AskAsync(call, ("Mcp-Method", "tools/call"), ("Mcp-Name", "echo"))).Text());
    }
}
