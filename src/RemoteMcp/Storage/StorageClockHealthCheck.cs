using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace RemoteMcp.Storage;

/// <summary>
/// Checks, for <c>/readyz</c>, whether the clock of this machine agrees with the clock of the state storage. A difference of more than 5
/// seconds is degraded. A difference of more than a minute is unhealthy, because tokens and request states then expire at wrong times.
/// </summary>
internal sealed class StorageClockHealthCheck(StorageClock clock) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var difference = clock.Difference.Duration();
        var description = $"The clock of this machine differs from the clock of the state storage by {difference.TotalSeconds:F0} s.";
        return Task.FromResult(
            difference > StorageClock.Limit ? HealthCheckResult.Unhealthy(description)
            : difference > StorageClock.Tolerance ? HealthCheckResult.Degraded(description)
            : HealthCheckResult.Healthy());
    }
}
