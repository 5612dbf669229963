using Microsoft.AspNetCore.Http;

namespace RemoteMcp.Http;

/// <summary>
/// Represents a response body that writes the SSE comment <c>:</c> when an event stream has had no data for the interval
/// (WHATWG HTML, 9.2.7: authors can include a comment line every 15 seconds or so).
/// </summary>
/// <remarks>
/// The stream writes a comment only between events. For this purpose, it serializes all writes and checks whether the last write completed
/// an event. A comment can start the response: for a call of 2026-07-28, the SDK sends the headers only with the first data, and a proxy
/// might not wait that long.
/// </remarks>
internal sealed class KeepAliveStream : WriteOnlyStream
{
    private static readonly byte[] s_comment = ":\n\n"u8.ToArray();

    private readonly Stream _inner;
    private readonly HttpResponse _response;
    private readonly TimeProvider _time;
    private readonly TimeSpan _interval;
    private readonly ITimer _timer;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private long _lastWrite;
    private bool _isAtEndOfLine = true;
    private bool _isAtEndOfEvent = true;
    private bool _closed;
    private Task _tick = Task.CompletedTask;

    public KeepAliveStream(Stream inner, HttpResponse response, TimeProvider time, TimeSpan interval)
    {
        (_inner, _response, _time, _interval) = (inner, response, time, interval);
        _lastWrite = time.GetTimestamp();
        _timer = time.CreateTimer(static state => ((KeepAliveStream)state!).Tick(), this, interval, Timeout.InfiniteTimeSpan);
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            await _inner.WriteAsync(buffer, cancellationToken);
            TrackEndOfEvent(buffer.Span);
            _lastWrite = _time.GetTimestamp();
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
            await _inner.FlushAsync(cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>
    /// Waits for a running write of a comment and stops the timer. The inner stream belongs to the web server and stays open. This method
    /// throws the exception of a failed comment, unless the failure means that the connection is closed.
    /// </summary>
    public override async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync(CancellationToken.None);
        _closed = true;
        await _timer.DisposeAsync();
        _gate.Release();
        await _tick;
        await base.DisposeAsync();
    }

    // An empty line ends an event: two consecutive line breaks, which can arrive in two writes.
    private void TrackEndOfEvent(ReadOnlySpan<byte> written)
    {
        foreach (var character in written.Length > 2 ? written[^2..] : written)
        {
            (_isAtEndOfEvent, _isAtEndOfLine) = (_isAtEndOfLine && character == '\n', character == '\n');
        }
    }

    // The timer is started again only at the end of a tick, so that there is one tick at a time.
    private void Tick() => _tick = TickAsync();

    private async Task TickAsync()
    {
        await _gate.WaitAsync(CancellationToken.None);
        try
        {
            if (_closed)
            {
                return;
            }

            var silent = _time.GetElapsedTime(_lastWrite);
            if (silent >= _interval && _isAtEndOfEvent && _response.ContentType == "text/event-stream")
            {
                await _inner.WriteAsync(s_comment, CancellationToken.None);
                await _inner.FlushAsync(CancellationToken.None);
                _lastWrite = _time.GetTimestamp();
                silent = TimeSpan.Zero;
            }

            _timer.Change(silent < _interval ? _interval - silent : _interval, Timeout.InfiniteTimeSpan);
        }
        catch (Exception exception) when (exception is IOException
            or ObjectDisposedException
            or OperationCanceledException
            or InvalidOperationException)
        {
            // The connection is closed. The request detects this on its next write.
            _closed = true;
        }
        finally
        {
            _gate.Release();
        }
    }
}
