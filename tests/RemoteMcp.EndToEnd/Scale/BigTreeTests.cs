using System.Diagnostics;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using RemoteMcp.EndToEnd.Clients;
using RemoteMcp.EndToEnd.Processes;
using Xunit;

namespace RemoteMcp.EndToEnd.Scale;

/// <summary>Tests <c>remote-mcp serve</c> with a tree of 100,000 files. The output of each test contains the measurements.</summary>
public sealed class BigTreeTests(StartedServers servers, ITestOutputHelper output) : IAsyncLifetime
{
    private const int MaxMilliseconds = 20 * 60 * 1000;
    private const long MaxMemory = 300_000_000;
    private const int ReadingsUntilIdle = 10;

    private static readonly TimeSpan s_readingInterval = TimeSpan.FromMilliseconds(500);

    private ServerProcess _server = null!;
    private ServerMeter _meter = null!;
    private McpClient _client = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        // A separate process, so that the peak memory of other tests does not count.
        _server = await ServerProcess.StartAsync(
            Programs.RemoteMcp, ["serve", "--root", servers.Folder.Path, "--set", "RemoteMcp:Files:TimeLimit=00:10:00"], Cancellation);
        _meter = new ServerMeter(_server.ProcessId);
        _client = await PatientClient.ConnectAsync(_server.Address, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await _client.DisposeAsync();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [Fact(Timeout = MaxMilliseconds)]
    public async Task Search_of_a_big_folder_reports_progress_and_uses_little_memory()
    {
        var progress = new SeenProgress();
        var watch = Stopwatch.StartNew();

        var found = await SearchAsync(TeamFolder.Needle, progress, TestContext.Current.CancellationToken);

        output.WriteLine(
            $"searched all files in {watch.Elapsed.TotalSeconds:0.0} s, {progress.Values.Count} progress reports, "
            + $"peak memory {_meter.PeakMemory / 1e6:0} MB");
        Assert.Equal(TeamFolder.ArchiveFiles + 1, found.GetProperty("files_searched").GetInt32());
        Assert.Equal(TeamFolder.Parts, found.GetProperty("matches").GetArrayLength());
        Assert.False(found.GetProperty("truncated").GetBoolean());
        Assert.True(progress.Values.Count >= 50, $"Progress was reported {progress.Values.Count} times.");
        Assert.InRange(_meter.PeakMemory, 1, MaxMemory);
    }

    [Fact(Timeout = MaxMilliseconds)]
    public async Task Cancelled_search_stops_reading_and_the_server_keeps_answering()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var before = _meter.BytesRead;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SearchAsync("in no file at all", new SynchronousProgress(_ =>
        {
            if (!cancel.IsCancellationRequested)
            {
                cancel.Cancel();
            }
        }), cancel.Token));

        var filesRead = (await BytesReadWhenIdleAsync() - before) / TeamFolder.ArchiveFileLength;
        output.WriteLine($"files read before the search stopped: {filesRead}");
        Assert.True(filesRead < TeamFolder.ArchiveFiles, $"The search read {filesRead} files.");
        var found = await SearchAsync(TeamFolder.Needle, new SeenProgress(), TestContext.Current.CancellationToken);
        Assert.Equal(TeamFolder.Parts, found.GetProperty("matches").GetArrayLength());
    }

    // Between two readings, a running search reads hundreds of files, or at least some on a very busy machine.
    private async Task<long> BytesReadWhenIdleAsync()
    {
        var read = _meter.BytesRead;
        for (var idle = 0; idle < ReadingsUntilIdle;)
        {
            await Task.Delay(s_readingInterval, Cancellation);
            var now = _meter.BytesRead;
            idle = now - read < TeamFolder.ArchiveFileLength ? idle + 1 : 0;
            read = now;
        }

        return read;
    }

    private async Task<JsonElement> SearchAsync(
        string query, IProgress<ProgressNotificationValue> progress, CancellationToken cancellationToken)
    {
        var arguments = new Dictionary<string, object?> { ["query"] = query };
        var result = await _client.CallToolAsync("search_files", arguments, progress, cancellationToken: cancellationToken);
        Assert.False(result.IsError is true, string.Concat(result.Content.OfType<TextContentBlock>().Select(block => block.Text)));
        return result.StructuredContent!.Value;
    }
}
