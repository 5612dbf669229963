using System.Diagnostics;
using System.Net;
using RemoteMcp.Emulators.Entra;
using RemoteMcp.EndToEnd.Scale;
using RemoteMcp.EndToEnd.SignIn;
using RemoteMcp.Testing.Http;
using Xunit;

namespace RemoteMcp.EndToEnd.Load;

/// <summary>
/// Attacks a real server with a limited number of requests, and measures its memory and the latency of another caller meanwhile. The bounds
/// on memory are those in docs/operate.md. The latency is printed, and has a wide bound.
/// </summary>
[Collection(nameof(NonParallel))]
public sealed class OverloadTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int BodySize = 4 * 1024 * 1024;

    // docs/operate.md: the memory of a server whose callers use all that they may.
    private const long MaxMemory = 768L * 1024 * 1024;

    // Without the limits, another caller waits for 15 s.
    private static readonly TimeSpan s_maxLatency = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 1000 });
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("overload");
    private EntraServer _server = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string Other => _server.Entra.TokenOf(_server.Entra.Sample.Megan);

    public async ValueTask InitializeAsync()
    {
        _server = await EntraServer.StartAsync(_folder.FullName, Cancelled, "RemoteMcp:Files:AllowChanges=true");
        _http.BaseAddress = _server.Endpoint;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData(1, 470)]
    [InlineData(20, 200)]
    public Task Unfinished_bodies_leave_memory_and_time_for_others(int callers, int bodies) => MeasureAsync(async () =>
    {
        var requests = await Task.WhenAll(Enumerable.Range(0, bodies).Select(
            i => StalledRequest.SendAsync(_server.Endpoint, Attacker(i % callers), BodySize, BodySize - 2, Cancelled)));
        return () =>
        {
            foreach (var request in requests)
            {
                request.Dispose();
            }
        };
    });

    [Fact]
    public Task Bodies_with_too_many_values_leave_time_for_others() => MeasureAsync(async () =>
    {
        var members = string.Join(',', Enumerable.Range(0, 400_000).Select(static i => $"\"{i:x}\":1"));
        var body = Messages.StatelessCall("whoami", $"{{{members}}}");
        var responses = await Task.WhenAll(Enumerable.Range(0, 24).Select(async _ =>
        {
            using var response = await SendAsync(Messages.PostStateless(Messages.StatelessCall("whoami")), Attacker(0), body);
            return response.StatusCode;
        }));
        Assert.All(responses, static status => Assert.True(status is HttpStatusCode.BadRequest or HttpStatusCode.TooManyRequests));
        return static () => { };
    });

    [Fact]
    public Task Messages_that_nobody_waits_for_leave_memory_and_time_for_others() => MeasureAsync(async () =>
    {
        using var begun = await SendAsync(Messages.Post(Messages.Initialize("2025-03-26")), Attacker(0));
        var session = begun.Headers.GetValues("Mcp-Session-Id").Single();
        const string Cancellation = """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":77,"reason":"REASON"}}""";
        string[] bodies =
        [
            $"[{string.Join(',', Enumerable.Repeat(Cancellation, 100))}]",
            """{"jsonrpc":"2.0","id":"0000000000000000.00000000.1.AAAAAAAAAAAAAAAA","result":{}}""",
            Cancellation.Replace("REASON", new string('x', 3_000_000), StringComparison.Ordinal),
        ];
        var statuses = new List<HttpStatusCode>();
        // The limit of all messages in a minute is 2,400.
        for (var round = 0; round < 30; round++)
        {
            foreach (var body in bodies)
            {
                using var response = await SendAsync(Messages.Post(body, session), Attacker(0));
                statuses.Add(response.StatusCode);
            }
        }

        Assert.Equal(
            [HttpStatusCode.Accepted, HttpStatusCode.BadRequest, HttpStatusCode.TooManyRequests], statuses.Distinct().Order());
        return static () => { };
    });

    [Theory]
    [InlineData(1, 100_000)]
    [InlineData(6, 900_000)]
    public Task Abandoned_questions_leave_memory_and_time_for_others(int callers, int size) => MeasureAsync(async () =>
    {
        var content = new string('x', size);
        var asked = 0;
        for (var caller = 0; caller < callers; caller++)
        {
            using var begun = await SendAsync(
                Messages.Post(Messages.Initialize("2025-11-25", """{"elicitation":{"form":{} } }""")), Attacker(caller));
            var session = begun.Headers.GetValues("Mcp-Session-Id").Single();
            for (var id = 1; id <= 105; id++)
            {
                var call = Messages.Call("write_file", $$"""{"path":"{{id}}.txt","content":"{{content}}"}""", $"{id}");
                using var response = await SendAsync(Messages.Post(call, session), Attacker(caller));
                asked += response.StatusCode == HttpStatusCode.OK ? 1 : 0;
            }
        }

        // Either the number of calls or the memory for their bodies is limited.
        Assert.InRange(asked, 50, 100);
        return static () => { };
    });

    private string Attacker(int number) => _server.Emulator.Tokens.AccessToken(
        new AccessTokenRequest(_server.Entra.Sample.Contoso, _server.Entra.Sample.DesktopClient, _server.Entra.Sample.Server)
        {
            User = _server.Entra.Sample.Adele,
            Scopes = ["Mcp.Use", "Files.Write"],
            Overrides = new Dictionary<string, object?> { ["oid"] = new Guid(number + 1, 0, 0, new byte[8]).ToString() },
        });

    private async Task MeasureAsync(Func<Task<Action>> attackAsync)
    {
        await CallAsOtherAsync();
        using var ended = new CancellationTokenSource();
        var others = CallUntilAsync(ended.Token);
        var end = await attackAsync();
        // The other caller continues while the attack lasts.
        await CallAsOtherAsync();
        await ended.CancelAsync();
        var (calls, slowest) = await others;
        end();
        var peak = new ServerMeter(_server.ProcessId).PeakMemory;
        output.WriteLine(
            $"peak memory {peak / 1024 / 1024} MiB, {calls} calls of another caller, slowest {slowest.TotalMilliseconds:0} ms");
        Assert.InRange(peak, 1, MaxMemory);
        Assert.InRange(slowest, TimeSpan.Zero, s_maxLatency);
    }

    private async Task<(int Calls, TimeSpan Slowest)> CallUntilAsync(CancellationToken ended)
    {
        var (calls, slowest) = (0, TimeSpan.Zero);
        while (!ended.IsCancellationRequested)
        {
            var started = Stopwatch.GetTimestamp();
            await CallAsOtherAsync();
            calls++;
            slowest = TimeSpan.FromTicks(Math.Max(slowest.Ticks, Stopwatch.GetElapsedTime(started).Ticks));
            await Task.Delay(TimeSpan.FromMilliseconds(100), Cancelled);
        }

        return (calls, slowest);
    }

    private async Task CallAsOtherAsync()
    {
        using var response = await SendAsync(Messages.PostStateless(Messages.StatelessCall("whoami")), Other);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string token, string? body = null)
    {
        request.RequestUri = _server.Endpoint;
        if (body is not null)
        {
            request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        }

        return _http.SendAsync(request.WithToken(token), HttpCompletionOption.ResponseHeadersRead, Cancelled);
    }
}
