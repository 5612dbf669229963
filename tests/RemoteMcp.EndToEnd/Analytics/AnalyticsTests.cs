using System.Globalization;
using System.Text.Json;
using Azure.Data.Tables;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using RemoteMcp.EndToEnd.Azurite;
using RemoteMcp.EndToEnd.Clients;
using RemoteMcp.EndToEnd.Fleet;
using RemoteMcp.EndToEnd.Processes;
using RemoteMcp.EndToEnd.Storage;
using RemoteMcp.Storage;
using RemoteMcp.Storage.Tables;
using Xunit;

namespace RemoteMcp.EndToEnd.Analytics;

/// <summary>
/// Tests that <c>remote-mcp analytics</c> fills Table Storage from separate processes, and that a server reads the results.
/// </summary>
public sealed class AnalyticsTests(SharedAzurite azurite) : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);
    private static readonly DateOnly s_firstDay = new(2026, 1, 1);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("analytics");
    private readonly string _prefix = SharedAzurite.UniqueName();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Killed_import_runs_again_and_counts_each_event_once()
    {
        // 20 metrics of 6 months: 120 batches, sent one at a time.
        const int Metrics = 20, Days = 180;
        var lines = Enumerable.Range(0, Metrics * Days * 2).Select(i => string.Create(
            CultureInfo.InvariantCulture,
            $"{s_firstDay.AddDays(i / 2 % Days):yyyy-MM-dd}T12:00:00Z,metric{i / 2 / Days:00},"
            + $"{i % 2 + 0.25m},{(i % 2 == 0 ? "DE" : "US")}"));
        var file = await WriteAsync("events.csv", "timestamp,metric,value,country", lines);
        var store = await StoreAsync();

        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (var way = await StartProxyForAsync("metric00~2026-01", held))
        {
            await using var killed = Start((await azurite.GetAsync()).ConnectionStringThrough(way.Address), "import", file);
            await held.Task.WaitAsync(s_limit, Cancel);
        }

        Assert.NotEmpty(await store.QueryAsync("Analytics", "metric00~2026-01", default, Cancel).ToListAsync(Cancel));
        Assert.Empty(await store.QueryAsync("Analytics", "imports", default, Cancel).ToListAsync(Cancel));
        await using var server = await ServeAsync();
        await using var client = await PatientClient.ConnectAsync(server.Address, Cancel);
        Assert.Contains("remote-mcp analytics import", Text(await CallAsync(client, "list_metrics", new())), StringComparison.Ordinal);

        var first = await RunAsync(0, "import", file);
        var second = await RunAsync(0, "import", file);

        Assert.Contains("Imported 7,200 events", first, StringComparison.Ordinal);
        Assert.Contains("Nothing to do", second, StringComparison.Ordinal);
        var march = await QueryAsync(client, "metric07", "2026-03-01..2026-03-31");
        var total = march.GetProperty("total");
        Assert.Equal((31 * 1.5m, 62), (total.GetProperty("sum").GetDecimal(), total.GetProperty("events").GetInt32()));
        Assert.Equal([("US", 31 * 1.25m), ("DE", 31 * 0.25m)], Groups(march));

        var id = (await RunAsync(0, "list"))[..12];
        Assert.Contains("Removed 7,200 events", await RunAsync(0, "remove", id), StringComparison.Ordinal);
        Assert.Contains("remote-mcp analytics import", Text(await CallAsync(client, "list_metrics", new())), StringComparison.Ordinal);
        Assert.Empty(await store.QueryAsync("Analytics", "metric07~2026-03", default, Cancel).ToListAsync(Cancel));
    }

    [Fact]
    public async Task Import_of_a_million_events_succeeds_and_one_month_is_summed()
    {
        const int Events = 1_000_000, Days = 90;
        string[] countries = ["DE", "US", "FR", "IN", "JP"];
        var lines = Enumerable.Range(0, Events).Select(i => string.Create(
            CultureInfo.InvariantCulture,
            $"{s_firstDay.AddDays(i % Days):yyyy-MM-dd}T12:00:00Z,revenue,{i % 1000}.25,{countries[i % 5]},plan{i % 7}"));
        var file = await WriteAsync("million.csv", "timestamp,metric,value,country,plan", lines);

        var report = await RunAsync(2, "import", await AppendAsync(file, "2026-01-01,revenue,much,DE,plan0"));

        Assert.Contains("Imported 1,000,000 events of revenue, 2026-01-01 to 2026-03-31", report, StringComparison.Ordinal);
        await using var server = await ServeAsync();
        await using var client = await PatientClient.ConnectAsync(server.Address, Cancel);
        var february = await QueryAsync(client, "revenue", "2026-02-01..2026-02-28");
        var expected = Enumerable.Range(0, Events).Where(i => i % Days is >= 31 and < 59)
            .GroupBy(i => countries[i % 5])
            .Select(group => (group.Key, group.Sum(i => i % 1000 + 0.25m)))
            .OrderByDescending(group => group.Item2)
            .ToArray();
        Assert.Equal(expected, Groups(february));
    }

    private static (string, decimal)[] Groups(JsonElement answer) =>
        [.. answer.GetProperty("groups").EnumerateArray()
            .Select(group => (group.GetProperty("name").GetString()!, group.GetProperty("sum").GetDecimal()))];

    private static async Task<JsonElement> QueryAsync(McpClient client, string metric, string period) =>
        (await CallAsync(client, "query_analytics", new() { ["metric"] = metric, ["period"] = period, ["group_by"] = "country" }))
            .StructuredContent!.Value;

    private static async Task<CallToolResult> CallAsync(McpClient client, string tool, Dictionary<string, object?> arguments)
    {
        var result = await client.CallToolAsync(tool, arguments, cancellationToken: Cancel);
        Assert.False(result.IsError is true, Text(result));
        return result;
    }

    private static string Text(CallToolResult result) =>
        string.Join('\n', result.Content.OfType<TextContentBlock>().Select(block => block.Text));

    private static async Task<string> AppendAsync(string file, string line)
    {
        await File.AppendAllLinesAsync(file, [line], Cancel);
        return file;
    }

    private async Task<string> WriteAsync(string name, string header, IEnumerable<string> lines)
    {
        var path = Path.Combine(_folder.FullName, name);
        await File.WriteAllLinesAsync(path, lines.Prepend(header), Cancel);
        return path;
    }

    // A proxy in front of the tables. It holds back every batch for a different partition, so the sender waits for a response.
    private async Task<ForwardingServer> StartProxyForAsync(string partition, TaskCompletionSource held)
    {
        var tables = new Uri((await azurite.GetAsync()).TableEndpoint, "/");
        return await ForwardingServer.StartAsync(
            async (server, context) =>
            {
                if (context.Request.Path.Value!.EndsWith("/$batch", StringComparison.Ordinal))
                {
                    context.Request.EnableBuffering();
                    var batch = await new StreamReader(context.Request.Body).ReadToEndAsync(context.RequestAborted);
                    if (!batch.Contains(partition, StringComparison.Ordinal))
                    {
                        held.TrySetResult();
                        await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                        return;
                    }

                    context.Request.Body.Position = 0;
                }

                await server.ForwardAsync(context, tables);
            },
            Cancel);
    }

    private string[] Settings(string connectionString) =>
        ["--set", $"RemoteMcp:Storage:ConnectionString={connectionString}", "--set", $"RemoteMcp:Storage:TablePrefix={_prefix}"];

    private async Task<ServerProcess> ServeAsync() =>
        await ServerProcess.StartAsync(
            Programs.RemoteMcp, ["serve", "--root", _folder.FullName, .. Settings((await azurite.GetAsync()).ConnectionString)], Cancel);

    private RunningProcess Start(string connectionString, params string[] command) =>
        RunningProcess.Start(Programs.DotNet(Programs.RemoteMcp, ["analytics", .. command, .. Settings(connectionString)]));

    private async Task<string> RunAsync(int exit, params string[] command)
    {
        await using var process = Start((await azurite.GetAsync()).ConnectionString, command);
        Assert.True(exit == await process.WaitForExitAsync(Cancel), process.Describe());
        return process.Output;
    }

    private async Task<IStateStore> StoreAsync() =>
        new TableStateStore(
            new TableServiceClient((await azurite.GetAsync()).ConnectionString, LongTimeoutTables.Options()),
            _prefix,
            new StorageClock(TimeProvider.System));
}
