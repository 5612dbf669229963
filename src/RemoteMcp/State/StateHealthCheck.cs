using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace RemoteMcp.State;

/// <summary>
/// Whether the state storage answers: one bounded read of a row that does not exist. Anybody may ask for readiness, so all who ask
/// within a moment share one answer, and one transaction.
/// </summary>
internal sealed class StateHealthCheck(IStateStore store, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    private static readonly StateKey Absent = new(StateLease.Table, "readiness", "absent");

    private readonly Lock _lock = new();
    private Task<HealthCheckResult>? _latest;
    private long _asked;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            if (_latest is null || (_latest.IsCompleted && time.GetElapsedTime(_asked) >= Fresh))
            {
                _asked = time.GetTimestamp();
                _latest = AskAsync();
            }

            return _latest.WaitAsync(cancellationToken);
        }
    }

    private async Task<HealthCheckResult> AskAsync()
    {
        using var bound = new CancellationTokenSource(Timeout, time);
        try
        {
            await store.FindAsync(Absent, bound.Token);
            return HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (exception is StateUnavailableException or OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy("The state storage does not answer.", exception);
        }
    }
}
