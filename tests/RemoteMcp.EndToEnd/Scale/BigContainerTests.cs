using System.Text;
using Microsoft.AspNetCore.Http;
using RemoteMcp.EndToEnd.Azurite;
using RemoteMcp.EndToEnd.Clients;
using RemoteMcp.EndToEnd.Files;
using RemoteMcp.EndToEnd.Fleet;
using RemoteMcp.EndToEnd.Processes;
using Xunit;
using Yarp.ReverseProxy.Forwarder;

namespace RemoteMcp.EndToEnd.Scale;

/// <summary>Tests a server with a container of 10,000 blobs in a real Azurite. A proxy observes each request of the server.</summary>
public sealed class BigContainerTests(ITestOutputHelper output)
{
    private const int Blobs = 10_000;
    private const int Parallelism = 6;
    private const int MaxMilliseconds = 20 * 60 * 1000;
    private const long MaxMemory = 300_000_000;

    private int _running;
    private int _most;

    [Fact(Timeout = MaxMilliseconds)]
    public async Task Search_of_a_big_container_uses_few_concurrent_downloads_and_little_memory()
    {
        // A separate Azurite. The test does not measure it, and its memory is freed at the end.
        await using var azurite = await AzuriteProcess.StartAsync();
        var container = await AzuriteContainer.CreateAsync(azurite, TestContext.Current.CancellationToken);
        var files = Enumerable.Range(0, Blobs).ToDictionary(
            i => $"archive/{i % 10}/{i:D5}.txt",
            i => Encoding.UTF8.GetBytes($"an old file\n{(i % 100 == 7 ? "the needle" : "hay")} of {i}\n"));
        await container.FillAsync(files, TestContext.Current.CancellationToken);
        await using var proxy = await ForwardingServer.StartAsync(
            (server, context) => CountAsync(server, context, new Uri(azurite.BlobEndpoint, "/")), TestContext.Current.CancellationToken);
        await using var server = await ServerProcess.StartAsync(
            Programs.RemoteMcp,
            [
                "serve",
                "--set", "RemoteMcp:Files:TimeLimit=00:10:00",
                "--set", $"RemoteMcp:Files:Parallelism={Parallelism}",
                .. container.Settings(proxy.Address),
            ],
            TestContext.Current.CancellationToken);
        await using var client = await PatientClient.ConnectAsync(server.Address, TestContext.Current.CancellationToken);

        var result = await client.CallToolAsync(
            "search_files",
            new Dictionary<string, object?> { ["query"] = "needle", ["limit"] = 1000 },
            cancellationToken: TestContext.Current.CancellationToken);

        var found = result.StructuredContent!.Value;
        var memory = new ServerMeter(server.ProcessId).PeakMemory;
        output.WriteLine($"peak memory {memory / 1e6:0} MB, at most {_most} downloads at a time");
        Assert.Equal(Blobs, found.GetProperty("files_searched").GetInt32());
        Assert.Equal(
            Enumerable.Range(0, Blobs).Where(i => i % 100 == 7).Select(i => $"archive/{i % 10}/{i:D5}.txt").Order(StringComparer.Ordinal),
            found.GetProperty("matches").EnumerateArray().Select(match => match.GetProperty("path").GetString()));
        Assert.InRange(_most, 1, Parallelism);
        Assert.InRange(memory, 1, MaxMemory);
    }

    // A download ends when Azurite has sent the complete response, before the server receives any of it. Only then can the server request
    // the next blob.
    private async Task CountAsync(ForwardingServer way, HttpContext context, Uri blobs)
    {
        if (context.Request.Query.ContainsKey("comp"))
        {
            await way.ForwardAsync(context, blobs);
            return;
        }

        var running = Interlocked.Increment(ref _running);
        for (var most = _most; running > most && Interlocked.CompareExchange(ref _most, running, most) != most; most = _most)
        {
        }

        var download = new Download(() => Interlocked.Decrement(ref _running));
        await way.ForwardAsync(context, blobs, download);
        download.End();
    }

    private sealed class Download(Action ended) : HttpTransformer
    {
        private bool _ended;

        public override async ValueTask<bool> TransformResponseAsync(
            HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
        {
            await (proxyResponse?.Content.LoadIntoBufferAsync(cancellationToken) ?? Task.CompletedTask);
            End();
            return await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        }

        public void End()
        {
            if (!_ended)
            {
                _ended = true;
                ended();
            }
        }
    }
}
