using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace RemoteMcp.Auth.Authentication;

/// <summary>
/// Downloads the issuer's signing keys, which the server needs to validate any token, and reports whether they are available. Until the
/// first successful download, concurrent requests share one attempt with a timeout. After it, the keys are refreshed in the background.
/// </summary>
internal sealed partial class IssuerKeys(IOptionsMonitor<JwtBearerOptions> options, TimeProvider time, ILogger<IssuerKeys> logger)
    : IHealthCheck
{
    /// <summary>The time that clients must wait before they try again when the keys are not available.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);

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
        await AreKnownAsync(cancellationToken)
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("The sign-in service's keys could not be downloaded.");

    private async Task<bool> DownloadAsync()
    {
        await Task.Yield();
        using var bound = new CancellationTokenSource(s_timeout, time);
        try
        {
            await options.Get(JwtBearerDefaults.AuthenticationScheme).ConfigurationManager!.GetConfigurationAsync(bound.Token)
                .WaitAsync(bound.Token);
            return true;
        }
        catch (Exception exception)
        {
            // For every kind of failure, the server cannot validate tokens, and the next attempt can succeed.
            LogUnavailable(logger, exception);
            return false;
        }
        finally
        {
            _ended = time.GetTimestamp();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The keys of the sign-in service could not be downloaded, so no caller can sign in. "
        + "Check RemoteMcp:Auth:Instance, RemoteMcp:Auth:TenantId, and the network.")]
    private static partial void LogUnavailable(ILogger logger, Exception exception);
}
