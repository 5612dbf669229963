using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using RemoteMcp.EndToEnd.Processes;
using RemoteMcp.EndToEnd.Wire;
using Xunit;

namespace RemoteMcp.EndToEnd.Clients;

/// <summary>A source tree as large teams have it.</summary>
public sealed class LargeFolderTests(ITestOutputHelper output)
{
    private const int Files = 100_000;
    private const long MaxMemory = 300L * 1024 * 1024;
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task A_search_of_100_000_files_reads_each_of_them_tells_its_progress_in_order_and_stays_small()
    {
        using var folder = TeamFolder.Create(archiveFiles: Files);
        await using var server = await ServerProcess.StartAsync(
            Programs.RemoteMcp,
            ["serve", "--root", folder.Path, "--set", "RemoteMcp:Files:TimeLimit=00:05:00"],
            TestContext.Current.CancellationToken);
        using var wire = new HttpWire(server.Endpoint, s_limit);
        wire.Headers["MCP-Protocol-Version"] = Messages.Stateless;
        var search = Messages.Request(1, "tools/call", new JsonObject
        {
            ["name"] = "search_files",
            ["arguments"] = new JsonObject { ["query"] = TeamFolder.Needle, ["path"] = "archive" },
        }).SelfContained();
        search["params"]!["_meta"]!["progressToken"] = "search";

        var started = Stopwatch.GetTimestamp();
        using var response = await wire.PostAsync(search, ("Mcp-Method", "tools/call"), ("Mcp-Name", "search_files"));
        var messages = new List<JsonElement>();
        await foreach (var item in wire.EventsAsync(response))
        {
            messages.Add(JsonElement.Parse(item.Data));
        }

        var elapsed = Stopwatch.GetElapsedTime(started);
        var progress = messages[..^1].ConvertAll(message => message.GetProperty("params").GetProperty("progress").GetInt32());
        using var process = Process.GetProcessById(server.ProcessId);
        output.WriteLine($"searched {Files} files in {elapsed.TotalSeconds:0.0} s, {progress.Count} progress notifications, peak memory {process.PeakWorkingSet64 >> 20} MiB");

        var result = messages[^1].GetProperty("result").GetProperty("structuredContent");
        Assert.Equal(Files, result.GetProperty("files_searched").GetInt32());
        Assert.Equal(Files / TeamFolder.FilesPerPart, result.GetProperty("matches").GetArrayLength());
        Assert.False(result.GetProperty("truncated").GetBoolean());
        Assert.NotEmpty(progress);
        Assert.Equal(progress.Order(), progress);
        Assert.InRange(process.PeakWorkingSet64, 1, MaxMemory);
    }
}
