using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace RemoteMcp.Health;

/// <summary>
/// Whether something that the server depends on answers within 3 seconds, for <c>/readyz</c>. Anybody may ask for readiness, so all who
/// ask within a second share one answer, and one request. Register it as a singleton.
/// </summary>
/// <param name="failure">What the log says when it does not.</param>
/// <param name="time">The clock.</param>
public abstract class SharedHealthCheck(string failure, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private Task<HealthCheckResult>? _latest;
    private long _asked;

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            if (_latest is null || (_latest.IsCompleted && time.GetElapsedTime(_asked) >= Fresh))
            {
                _asked = time.GetTimestamp();
                _latest = AnswerAsync();
            }

            return _latest.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Asks for as little as tells whether it answers. Any exception means that it does not.</summary>
    protected abstract Task AskAsync(CancellationToken cancellationToken);

    private async Task<HealthCheckResult> AnswerAsync()
    {
        using var bound = new CancellationTokenSource(Timeout, time);
        try
        {
            await AskAsync(bound.Token);
            return HealthCheckResult.Healthy();
        }
        catch (Exception exception)
        {
            return HealthCheckResult.Unhealthy(failure, exception);
        }
    }
}
