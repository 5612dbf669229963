using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace RemoteMcp.Http;

/// <summary>
/// Provides the tokens of a graceful shutdown. When the host is asked to stop, the server rejects new requests, so that clients send them
/// to another instance, and ends streams without a running call. Calls that still run after the grace period are cancelled, so that the
/// process does not wait for them. <see cref="ConnectionDrain"/> keeps the listener and the connections open meanwhile.
/// </summary>
internal sealed class Shutdown : IDisposable
{
    private readonly IHostApplicationLifetime _lifetime;
    private readonly CancellationTokenSource _graceOver;
    private readonly CancellationTokenRegistration _registration;

    public Shutdown(IHostApplicationLifetime lifetime, IOptions<HttpOptions> options, TimeProvider time)
    {
        _lifetime = lifetime;
        _graceOver = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        Stopping = lifetime.ApplicationStopping;
        _registration = Stopping.Register(() => _graceOver.CancelAfter(options.Value.ShutdownGrace));
    }

    /// <summary>Gets a token that is cancelled when the host is asked to stop.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>Gets a token that is cancelled when the grace period after <see cref="Stopping"/> is over.</summary>
    public CancellationToken GraceOver => _graceOver.Token;

    /// <summary>
    /// Cancels <see cref="Stopping"/>. A host that is stopped by a call instead of a signal does that only after the first phase of its
    /// hosted services (<see cref="IHostedLifecycleService.StoppingAsync"/>).
    /// </summary>
    public void Begin() => _lifetime.StopApplication();

    public void Dispose()
    {
        _registration.Dispose();
        _graceOver.Dispose();
    }
}
