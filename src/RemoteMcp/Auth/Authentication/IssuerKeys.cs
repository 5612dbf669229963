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
    private Task<bool>? _lastAttempt;
    private long _lastAttemptEnded;

    /// <summary>
    /// Returns whether the keys are available. If they are not, this method downloads them, unless the last attempt failed less than
    /// <see cref="RetryAfter"/> ago.
    /// </summary>
    public ValueTask<bool> AreAvailableAsync(CancellationToken cancellationToken)
    {
        if (_lastAttempt is { IsCompletedSuccessfully: true, Result: true })
        {
            return new(true);
        }

        lock (_lock)
        {
            if (_lastAttempt is null
                || (_lastAttempt.IsCompleted && !_lastAttempt.Result && time.GetElapsedTime(_lastAttemptEnded) >= RetryAfter))
            {
                _lastAttempt = DownloadAsync();
            }

            return new(_lastAttempt.WaitAsync(cancellationToken));
        }
    }

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await AreAvailableAsync(cancellationToken)
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("The sign-in service's keys could not be downloaded.");

    private async Task<bool> DownloadAsync()
    {
        await Task.Yield();
        using var timeout = new CancellationTokenSource(s_timeout, time);
        try
        {
            await options.Get(JwtBearerDefaults.AuthenticationScheme).ConfigurationManager!.GetConfigurationAsync(timeout.Token)
                .WaitAsync(timeout.Token);
            return true;
        }
        catch (Exception exception)
        {
            // Whatever the exception is, the server cannot validate tokens, and the next attempt can succeed.
            LogUnavailable(logger, exception);
            return false;
        }
        finally
        {
            _lastAttemptEnded = time.GetTimestamp();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The keys of the sign-in service could not be downloaded, so no caller can sign in. "
        + "Check RemoteMcp:Auth:Instance, RemoteMcp:Auth:TenantId, and the network.")]
    private static partial void LogUnavailable(ILogger logger, Exception exception);
}
