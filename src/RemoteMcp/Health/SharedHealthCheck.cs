using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace RemoteMcp.Health;

/// <summary>
/// Checks, for <c>/readyz</c>, whether a dependency of the server responds within 3 seconds. Anyone can request <c>/readyz</c>, so all
/// requests within one second share one result and one request to the dependency. Register the check as a singleton.
/// </summary>
/// <param name="failure">The text for the log if the dependency does not respond.</param>
/// <param name="time">The time provider.</param>
public abstract class SharedHealthCheck(string failure, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_resultLifetime = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private Task<HealthCheckResult>? _lastRun;
    private long _lastRunStarted;

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            if (_lastRun is null || (_lastRun.IsCompleted && time.GetElapsedTime(_lastRunStarted) >= s_resultLifetime))
            {
                _lastRunStarted = time.GetTimestamp();
                _lastRun = RunAsync();
            }

            return _lastRun.WaitAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Sends the smallest request that shows whether the dependency responds. Any exception means that the dependency does not respond.
    /// </summary>
    protected abstract Task AskAsync(CancellationToken cancellationToken);

    private async Task<HealthCheckResult> RunAsync()
    {
        using var timeout = new CancellationTokenSource(s_timeout, time);
        try
        {
            await AskAsync(timeout.Token);
            return HealthCheckResult.Healthy();
        }
        catch (Exception exception)
        {
            return HealthCheckResult.Unhealthy(failure, exception);
        }
    }
}
