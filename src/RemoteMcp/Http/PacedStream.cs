using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace RemoteMcp.Http;

/// <summary>
/// Reads the body of a request, with a deadline for the whole body and a minimum data rate. Both times begin with the first read. A read
/// that exceeds one of them throws a <see cref="RefusedBodyException"/>.
/// </summary>
internal sealed class PacedStream(Stream body, TimeSpan timeout, TimeProvider time) : ReadOnlyStream
{
    // The values of Kestrel's MinRequestBodyDataRate.
    private const int MinBytesPerSecond = 240;
    private static readonly TimeSpan s_gracePeriod = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _tooSlow = new(Timeout.InfiniteTimeSpan, time);
    private long _started;
    private long _length;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_started == 0)
        {
            _started = time.GetTimestamp();
        }

        var pending = body.ReadAsync(buffer, _tooSlow.Token);
        // Most bodies have arrived before they are read, so they need no timer.
        var read = pending.IsCompletedSuccessfully ? pending.Result : await WaitAsync(pending, cancellationToken);
        _length += read;
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _tooSlow.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> WaitAsync(ValueTask<int> pending, CancellationToken cancellationToken)
    {
        using var cancelled = cancellationToken.UnsafeRegister(
            static state => ((CancellationTokenSource)state!).Cancel(), _tooSlow);
        var allowed = s_gracePeriod + TimeSpan.FromSeconds((double)_length / MinBytesPerSecond);
        var left = (allowed < timeout ? allowed : timeout) - time.GetElapsedTime(_started);
        _tooSlow.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        try
        {
            return await pending;
        }
        catch (OperationCanceledException) when (_tooSlow.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new RefusedBodyException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Request Timeout: the request body must arrive within {timeout.TotalSeconds:0.###} s and with at least "
                        + $"{MinBytesPerSecond} bytes per second. Operators set the time in "
                        + $"{HttpOptions.Section}:{nameof(HttpOptions.BodyTimeout)}."),
                StatusCodes.Status408RequestTimeout);
        }
        finally
        {
            _tooSlow.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }
}
