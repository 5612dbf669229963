using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace RemoteMcp.Http;

/// <summary>
/// A graceful end: from the moment the host is asked to stop, new requests are sent elsewhere and waiting streams end; calls that run
/// have the grace time, then they end too, so that the process does not wait for its clients.
/// </summary>
internal sealed class Shutdown : IDisposable
{
    private readonly CancellationTokenSource _graceOver;
    private readonly CancellationTokenRegistration _registration;

    public Shutdown(IHostApplicationLifetime lifetime, IOptions<HttpOptions> options, TimeProvider time)
    {
        _graceOver = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        Stopping = lifetime.ApplicationStopping;
        _registration = Stopping.Register(() => _graceOver.CancelAfter(options.Value.ShutdownGrace));
    }

    /// <summary>Cancelled when the host was asked to stop.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>Cancelled when the grace time after that is over.</summary>
    public CancellationToken GraceOver => _graceOver.Token;

    public void Dispose()
    {
        _registration.Dispose();
        _graceOver.Dispose();
    }
}
