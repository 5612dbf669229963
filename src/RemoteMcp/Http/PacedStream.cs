using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace RemoteMcp.Http;

/// <summary>
/// Reads the body of a request, with a deadline for the whole body and a minimum data rate. Both times begin with the first read. A read
/// that exceeds one of them throws a <see cref="RefusedBodyException"/>.
/// </summary>
/// <param name="body">The body. Kestrel can read the rest of it after a pending read was cancelled, but not after a token was.</param>
/// <param name="timeout">The deadline for the whole body.</param>
/// <param name="time">The clock.</param>
internal sealed class PacedStream(PipeReader body, TimeSpan timeout, TimeProvider time) : ReadOnlyStream
{
    // The values of Kestrel's MinRequestBodyDataRate.
    private const int MinBytesPerSecond = 240;
    private static readonly TimeSpan s_gracePeriod = TimeSpan.FromSeconds(5);

    private ITimer? _timer;
    private long _started;
    private long _length;
    private volatile bool _isTooSlow;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        if (_started == 0)
        {
            _started = time.GetTimestamp();
        }

        while (true)
        {
            var pending = body.ReadAsync(CancellationToken.None);
            // Most bodies have arrived before they are read, so they need no timer.
            var result = pending.IsCompletedSuccessfully ? pending.Result : await WaitAsync(pending, cancellationToken);
            if (result.IsCanceled)
            {
                body.AdvanceTo(result.Buffer.Start);
                cancellationToken.ThrowIfCancellationRequested();
                if (_isTooSlow)
                {
                    throw TooSlow();
                }

                continue;
            }

            var read = result.Buffer.Slice(0, Math.Min(buffer.Length, result.Buffer.Length));
            read.CopyTo(buffer.Span);
            _length += read.Length;
            var length = (int)read.Length;
            body.AdvanceTo(read.End);
            return length;
        }
    }

    /// <summary>Stops the timer, and waits until its callback has ended.</summary>
    public override async ValueTask DisposeAsync()
    {
        if (_timer is not null)
        {
            await _timer.DisposeAsync();
        }

        await base.DisposeAsync();
    }

    private async ValueTask<ReadResult> WaitAsync(ValueTask<ReadResult> pending, CancellationToken cancellationToken)
    {
        using var cancelled = cancellationToken.UnsafeRegister(static state => ((PacedStream)state!).CancelPendingRead(), this);
        var allowed = s_gracePeriod + TimeSpan.FromSeconds((double)_length / MinBytesPerSecond);
        var left = (allowed < timeout ? allowed : timeout) - time.GetElapsedTime(_started);
        _timer ??= time.CreateTimer(
            static state => ((PacedStream)state!).OnTooSlow(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        try
        {
            return await pending;
        }
        finally
        {
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    private void OnTooSlow()
    {
        _isTooSlow = true;
        CancelPendingRead();
    }

    private void CancelPendingRead()
    {
        try
        {
            body.CancelPendingRead();
        }
        catch (Exception)
        {
            // The request was aborted meanwhile, and Kestrel throws the reason, which can be any exception. No read is pending.
        }
    }

    private RefusedBodyException TooSlow() => new(
        string.Create(
            CultureInfo.InvariantCulture,
            $"Request Timeout: the request body must arrive within {timeout.TotalSeconds:0.###} s and with at least "
                + $"{MinBytesPerSecond} bytes per second. Operators set the time in "
                + $"{HttpOptions.Section}:{nameof(HttpOptions.BodyTimeout)}."),
        StatusCodes.Status408RequestTimeout);
}
