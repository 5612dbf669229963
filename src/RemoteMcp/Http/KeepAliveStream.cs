using Microsoft.AspNetCore.Http;

namespace RemoteMcp.Http;

/// <summary>
/// Represents a response body that sends the SSE comment <c>:</c> after an event stream had no data for the interval
/// (WHATWG HTML, 9.2.7: authors can include a comment line every 15 seconds or so).
/// </summary>
/// <remarks>
/// The stream writes a comment only between events. It serializes all writes, and the last bytes show whether an event is complete. The
/// comment can be the start of the response: for a call of 2026-07-28, the SDK sends the headers only with the first data, and a proxy
/// does not wait that long.
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
    private bool _endsLine = true;
    private bool _endsEvent = true;
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
            EndWith(buffer.Span);
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
    /// Waits for a running write of a comment and stops the timer. The inner stream belongs to the web server and stays open. If a comment
    /// failed for another reason than a closed connection, this method throws the exception.
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

    // An empty line ends an event. The end is two consecutive line breaks, which can arrive in two writes.
    private void EndWith(ReadOnlySpan<byte> written)
    {
        foreach (var last in written.Length > 2 ? written[^2..] : written)
        {
            (_endsEvent, _endsLine) = (_endsLine && last == '\n', last == '\n');
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
            if (silent >= _interval && _endsEvent && _response.ContentType == "text/event-stream")
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
