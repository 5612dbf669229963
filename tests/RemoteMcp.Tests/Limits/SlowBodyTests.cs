using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using RemoteMcp.Testing;
using RemoteMcp.Testing.Http;
using RemoteMcp.Tests.Http;
using RemoteMcp.Tests.Observability;
using Xunit;

namespace RemoteMcp.Tests.Limits;

/// <summary>Tests that a body must arrive in time, in every host and at every path.</summary>
public sealed class SlowBodyTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(10, 6)] // below 240 bytes per second after 5 s
    [InlineData(20_000, 31)] // above the data rate, but beyond the deadline of 30 s
    public async Task Body_that_stops_gets_408(int sent, int seconds)
    {
        var time = new FakeTimeProvider();
        var log = new CapturedLog();
        await using var server = await TestServerHost.StartAsync(
            time: time, configure: mcp => mcp.Services.AddSingleton<ILoggerProvider>(log));
        using var request = await StalledRequest.SendAsync(server.Url, null, 30_000, sent, Cancelled);
        await Eventually.IsTrueAsync(() => server.RunningRequests == 1);

        var pending = request.ResponseAsync(Cancelled);
        // The server starts its timer when it has read what has arrived, so a single step could be too early.
        await Eventually.IsTrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(seconds));
            return pending.IsCompleted;
        });

        var response = await pending;
        Assert.StartsWith("HTTP/1.1 408 ", response, StringComparison.Ordinal);
        Assert.Contains("RemoteMcp:Http:BodyTimeout", response, StringComparison.Ordinal);
        Assert.Contains("Connection: close", response, StringComparison.Ordinal);
        await Eventually.IsTrueAsync(() => server.RunningRequests == 0);
        Assert.DoesNotContain(log.Entries, static entry => entry.Level >= LogLevel.Error);
    }

    [Fact]
    public async Task Body_that_arrives_in_parts_in_time_is_processed()
    {
        var time = new FakeTimeProvider();
        await using var server = await TestServerHost.StartAsync(time: time);
        var body = Messages.StatelessCall("echo", $$"""{"text":"{{new string('x', 5000)}}"}""");
        var request = Messages.PostStateless(body);
        request.Content = new PartsContent(body, () => time.Advance(TimeSpan.FromSeconds(4)));

        using var response = await server.Client.SendAsync(request, Cancelled);

        Assert.Contains("xxx", await response.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    private sealed class PartsContent : HttpContent
    {
        private readonly byte[] _body;
        private readonly Action _pause;

        public PartsContent(string body, Action pause)
        {
            (_body, _pause) = (System.Text.Encoding.UTF8.GetBytes(body), pause);
            Headers.ContentType = new("application/json");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            foreach (var part in _body.Chunk(2000))
            {
                await stream.WriteAsync(part, Cancelled);
                await stream.FlushAsync(Cancelled);
                _pause();
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _body.Length;
            return true;
        }
    }
}
