using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace RemoteMcp.Http;

/// <summary>
/// Provides the tokens of a graceful shutdown. When the host is asked to stop, the server rejects new requests, so that clients send them
/// to another instance, and ends streams without a running call. Calls that still run after the grace period are cancelled, so that the
/// process does not wait for them.
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

    /// <summary>Gets a token that is cancelled when the host is asked to stop.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>Gets a token that is cancelled when the grace period after <see cref="Stopping"/> is over.</summary>
    public CancellationToken GraceOver => _graceOver.Token;

    public void Dispose()
    {
        _registration.Dispose();
        _graceOver.Dispose();
    }
}
