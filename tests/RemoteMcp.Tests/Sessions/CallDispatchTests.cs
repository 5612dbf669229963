using Microsoft.Extensions.Time.Testing;
using RemoteMcp.Sessions;
using Xunit;

namespace RemoteMcp.Tests.Sessions;

/// <summary>Tests how the end of a request and the dispatch of its message affect each other.</summary>
public sealed class CallDispatchTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly CallDispatch _dispatch = new();
    private readonly MemoryStream _stream = new();

    public void Dispose() => _stream.Dispose();

    [Fact]
    public void Request_without_a_stream_is_cancelled_immediately()
    {
        using var request = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _time);

        _dispatch.CancelRequest(request);

        Assert.True(request.IsCancellationRequested);
    }

    [Fact]
    public void Request_with_a_stream_is_cancelled_at_the_dispatch()
    {
        using var request = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _time);
        _dispatch.OnStreamOpened(_stream);

        _dispatch.CancelRequest(request);
        Assert.False(request.IsCancellationRequested);

        Assert.True(_dispatch.TryDispatch());
        Assert.True(request.IsCancellationRequested);
        Assert.Null(_dispatch.RefuseIfNotDispatched());
    }

    [Fact]
    public void Request_is_cancelled_and_its_message_refused_if_no_dispatch_follows()
    {
        using var request = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _time);
        _dispatch.OnStreamOpened(_stream);
        _dispatch.CancelRequest(request);

        _time.Advance(TimeSpan.FromMilliseconds(500));

        Assert.True(request.IsCancellationRequested);
        Assert.Same(_stream, _dispatch.RefuseIfNotDispatched());
        Assert.True(_dispatch.IsRefused);
        Assert.False(_dispatch.TryDispatch());
    }

    [Fact]
    public void Dispatch_after_the_request_has_ended_causes_no_error()
    {
        var request = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _time);
        _dispatch.OnStreamOpened(_stream);
        _dispatch.CancelRequest(request);
        request.Dispose();

        Assert.True(_dispatch.TryDispatch());
    }
}
