using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace RemoteMcp.Auth.Authentication;

/// <summary>
/// Whether the issuer's keys are known, without which no token can be judged. Until they were downloaded once, all who ask within a moment
/// share one bounded try; from then on they are renewed in the background.
/// </summary>
internal sealed partial class IssuerKeys(IOptionsMonitor<JwtBearerOptions> options, TimeProvider time, ILogger<IssuerKeys> logger) : IHealthCheck
{
    /// <summary>How long a client is asked to wait where the keys are not to be had.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private Task<bool>? _latest;
    private long _ended;

    public ValueTask<bool> AreKnownAsync(CancellationToken cancellationToken)
    {
        if (_latest is { IsCompletedSuccessfully: true, Result: true })
        {
            return new(true);
        }

        lock (_lock)
        {
            if (_latest is null || (_latest.IsCompleted && !_latest.Result && time.GetElapsedTime(_ended) >= RetryAfter))
            {
                _latest = DownloadAsync();
            }

            return new(_latest.WaitAsync(cancellationToken));
        }
    }

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await AreKnownAsync(cancellationToken) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The sign-in service's keys could not be downloaded.");

    private async Task<bool> DownloadAsync()
    {
        await Task.Yield();
        using var bound = new CancellationTokenSource(Timeout, time);
        try
        {
            await options.Get(JwtBearerDefaults.AuthenticationScheme).ConfigurationManager!.GetConfigurationAsync(bound.Token).WaitAsync(bound.Token);
            return true;
        }
        catch (Exception exception)
        {
            // Whatever the reason, no token can be judged, and the next try may do better.
            LogUnavailable(logger, exception);
            return false;
        }
        finally
        {
            _ended = time.GetTimestamp();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The keys of the sign-in service could not be downloaded: nobody can be signed in. Check RemoteMcp:Auth:Instance and TenantId, and the network.")]
    private static partial void LogUnavailable(ILogger logger, Exception exception);
}
