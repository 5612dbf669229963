using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using RemoteMcp.Http;
using RemoteMcp.Testing;
using RemoteMcp.Testing.Http;
using Xunit;

namespace RemoteMcp.Tests.Http;

public sealed class KeepAliveTests : IDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(15);
    private readonly FakeTimeProvider _time = new();
    private readonly MemoryStream _wire = new();
    private readonly DefaultHttpContext _context = new();

    private string Wire => Encoding.UTF8.GetString(_wire.ToArray());

    public void Dispose() => _wire.Dispose();

    [Fact]
    public async Task Silent_stream_gets_a_comment_every_15_seconds()
    {
        await using var stream = Open();

        _time.Advance(s_interval - TimeSpan.FromMilliseconds(1));
        Assert.Equal("", Wire);

        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(":\n\n", Wire);

        _time.Advance(s_interval);
        Assert.Equal(":\n\n:\n\n", Wire);
    }

    [Fact]
    public async Task Active_stream_gets_a_comment_only_after_15_silent_seconds()
    {
        await using var stream = Open();

        _time.Advance(TimeSpan.FromSeconds(10));
        await WriteAsync(stream, "data: 1\n\n");
        _time.Advance(TimeSpan.FromSeconds(14));
        Assert.Equal("data: 1\n\n", Wire);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("data: 1\n\n:\n\n", Wire);
    }

    [Fact]
    public async Task Comment_never_interrupts_an_event_that_is_written_in_parts()
    {
        await using var stream = Open();

        await WriteAsync(stream, "event: message\ndata: {");
        _time.Advance(s_interval * 3);
        await WriteAsync(stream, "}\n");
        _time.Advance(s_interval * 3);
        Assert.Equal("event: message\ndata: {}\n", Wire);

        await WriteAsync(stream, "\n");
        _time.Advance(s_interval);
        Assert.Equal("event: message\ndata: {}\n\n:\n\n", Wire);
    }

    [Fact]
    public async Task Comment_waits_until_a_slow_client_has_received_the_event()
    {
        var wire = new BlockingStream();
        await using var stream = Open(wire);

        var writing = WriteAsync(stream, "data: 1\n\n");
        _time.Advance(s_interval * 2);
        Assert.Equal(["data: 1\n\n"], wire.Begun);

        wire.Unblock();
        await writing;
        _time.Advance(s_interval);
        await Eventually.IsTrueAsync(() => wire.Begun.Count == 2);
        Assert.Equal(["data: 1\n\n", ":\n\n"], wire.Begun);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/html; charset=utf-8")]
    [InlineData(null)]
    public async Task Response_that_is_not_an_event_stream_gets_no_comment(string? contentType)
    {
        await using var stream = Open(contentType: contentType);
        await WriteAsync(stream, "{}\n\n");

        _time.Advance(s_interval * 4);

        Assert.Equal("{}\n\n", Wire);
    }

    [Fact]
    public async Task A_stream_that_has_ended_gets_no_comment()
    {
        var stream = Open();
        await stream.DisposeAsync();

        _time.Advance(s_interval * 4);

        Assert.Equal("", Wire);
    }

    [Fact]
    public async Task Disconnected_client_causes_no_error()
    {
        await using var stream = Open(new BrokenStream());

        _time.Advance(s_interval * 4);
    }

    [Theory]
    [InlineData("session")]
    [InlineData("call")]
    [InlineData("stateless call")]
    [InlineData("HTTP+SSE")]
    public async Task Every_kind_of_event_stream_is_kept_alive(string kind)
    {
        await using var host = await TestServerHost.StartAsync(time: _time);
        using var request = kind switch
        {
            "session" => Messages.Get(await host.Client.InitializeAsync()),
            "call" => Messages.Post(Messages.Call("waits"), await host.Client.InitializeAsync()),
            "stateless call" => Messages.PostStateless(Messages.StatelessCall("waits")),
            _ => new HttpRequestMessage(HttpMethod.Get, "/mcp/sse"),
        };
        var sending = host.Client.SendStreamedAsync(request);
        SseReader? reader = null;
        if (kind == "stateless call")
        {
            await host.Rendezvous.Entered;
        }
        else
        {
            reader = await SseReader.OpenAsync(await sending);
            // An HTTP+SSE stream starts with the endpoint event. A resumable stream starts with the event to resume from.
            Assert.StartsWith("event: ", await reader.ReadBlockAsync());
        }

        var comment = ReadAsync();
        var looks = 0;
        await Eventually.IsTrueAsync(() =>
        {
            // Advances the time repeatedly: if the server was still writing at the last advance, the interval started later.
            _time.Advance(looks++ % 10 == 0 && looks < 500 ? s_interval : TimeSpan.Zero);
            return comment.IsCompleted;
        });

        Assert.Equal(":\n", await comment);

        async Task<string?> ReadAsync()
        {
            using var stream = reader ?? await SseReader.OpenAsync(await sending);
            return await stream.ReadBlockAsync();
        }
    }

    private KeepAliveStream Open(Stream? wire = null, string? contentType = "text/event-stream")
    {
        _context.Response.ContentType = contentType;
        return new KeepAliveStream(wire ?? _wire, _context.Response, _time, s_interval);
    }

    private static async Task WriteAsync(Stream stream, string text)
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text), TestContext.Current.CancellationToken);
        await stream.FlushAsync(TestContext.Current.CancellationToken);
    }

    private sealed class BlockingStream : MemoryStream
    {
        private readonly TaskCompletionSource _unblocked = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<string> Begun { get; } = [];

        public void Unblock() => _unblocked.SetResult();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Begun.Add(Encoding.UTF8.GetString(buffer.Span));
            await _unblocked.Task;
        }
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new IOException("Broken pipe");
    }
}
