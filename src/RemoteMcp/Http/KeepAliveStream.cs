using Microsoft.AspNetCore.Http;

namespace RemoteMcp.Http;

/// <summary>
/// A response body that sends the SSE comment <c>:</c> whenever an event stream has been silent for the interval
/// (WHATWG HTML, 9.2.7: authors can include a comment line every 15 seconds or so).
/// </summary>
/// <remarks>A comment goes only between events, never into one: writes are serialized, and the last bytes written tell.</remarks>
internal sealed class KeepAliveStream(Stream inner, HttpResponse response, TimeProvider time, TimeSpan interval) : Stream
{
    private static readonly byte[] Comment = ":\n\n"u8.ToArray();

    private readonly SemaphoreSlim _gate = new(1, 1);
    private ITimer? _timer;
    private long _lastWrite;
    private bool _betweenEvents = true;
    private bool _closed;

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            await inner.WriteAsync(buffer, cancellationToken);
            _betweenEvents = buffer.Span.EndsWith("\n\n"u8);
            _lastWrite = time.GetTimestamp();
        }
        finally
        {
            _gate.Release();
        }
    }

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            await inner.FlushAsync(cancellationToken);
            if (_timer is null && !_closed && response.ContentType == "text/event-stream")
            {
                _lastWrite = time.GetTimestamp();
                _timer = time.CreateTimer(static state => _ = ((KeepAliveStream)state!).TickAsync(), this, interval, Timeout.InfiniteTimeSpan);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("The response is written asynchronously.");

    public override void Flush() => throw new NotSupportedException("The response is written asynchronously.");

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Waits for a comment that is being written; none follows. The inner stream is the server's and stays open.</summary>
    public override async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync(CancellationToken.None);
        _closed = true;
        if (_timer is { } timer)
        {
            await timer.DisposeAsync();
        }

        _gate.Release();
        await base.DisposeAsync();
    }

    private async Task TickAsync()
    {
        await _gate.WaitAsync(CancellationToken.None);
        try
        {
            if (_closed)
            {
                return;
            }

            var silent = time.GetElapsedTime(_lastWrite);
            if (silent >= interval && _betweenEvents)
            {
                await inner.WriteAsync(Comment, CancellationToken.None);
                await inner.FlushAsync(CancellationToken.None);
                _lastWrite = time.GetTimestamp();
                silent = TimeSpan.Zero;
            }

            _timer!.Change(silent < interval ? interval - silent : interval, Timeout.InfiniteTimeSpan);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            // The connection is gone; the request itself notices on its next write.
            _closed = true;
        }
        finally
        {
            _gate.Release();
        }
    }
}
