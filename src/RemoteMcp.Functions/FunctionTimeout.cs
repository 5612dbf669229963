using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using RemoteMcp.Http;

namespace RemoteMcp.Functions;

/// <summary>
/// Keeps <see cref="HttpOptions.MaxRequestTime"/> below the host's <c>functionTimeout</c>. The server must end a request before the host
/// does. If the host ends it, the client receives no message, and the host may restart the worker and stop all of its requests.
/// </summary>
internal sealed class FunctionTimeout : IPostConfigureOptions<HttpOptions>, IValidateOptions<HttpOptions>
{
    private const string Setting = HttpOptions.Section + ":" + nameof(HttpOptions.MaxRequestTime);

    // An app setting that begins with AzureFunctionsJobHost overrides the value in host.json. The host's default is 30 minutes.
    private const string OverrideSetting = "AzureFunctionsJobHost:functionTimeout";
    private static readonly TimeSpan s_hostDefault = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan s_margin = TimeSpan.FromSeconds(5);

    private readonly TimeSpan? _timeout;
    private readonly bool _isConfigured;

    /// <summary>Initializes a new instance with the timeout of the host.</summary>
    /// <param name="configuration">The settings of the app.</param>
    /// <param name="appFolder">The folder that contains <c>host.json</c>.</param>
    public FunctionTimeout(IConfiguration configuration, string appFolder)
    {
        var hostJson = new ConfigurationBuilder().SetBasePath(appFolder).AddJsonFile("host.json", optional: true).Build();
        var text = configuration[OverrideSetting] ?? hostJson["functionTimeout"];
        var timeout = text is null || !TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var parsed) ? s_hostDefault : parsed;
        // The value -1 means that there is no limit. TimeSpan parses it as minus one day.
        _timeout = timeout > TimeSpan.Zero ? timeout : null;
        _isConfigured = configuration[Setting] is not null;
    }

    // The maximum duration of a request that leaves time to send an error to the client, or null if the host has no timeout.
    private TimeSpan? MaxAllowed => _timeout is not { } timeout ? null : timeout > 2 * s_margin ? timeout - s_margin : timeout / 2;

    /// <summary>Reduces the default value if it is too long for the host's timeout.</summary>
    /// <param name="name">The name of the options.</param>
    /// <param name="options">The options to configure.</param>
    public void PostConfigure(string? name, HttpOptions options)
    {
        if (!_isConfigured && MaxAllowed is { } maxAllowed && options.MaxRequestTime > maxAllowed)
        {
            options.MaxRequestTime = maxAllowed;
        }
    }

    /// <summary>Validates that the configured time is not too long for the host's timeout.</summary>
    /// <param name="name">The name of the options.</param>
    /// <param name="options">The options to validate.</param>
    /// <returns>The result of the validation. A failure describes the problem and the settings that fix it.</returns>
    public ValidateOptionsResult Validate(string? name, HttpOptions options) =>
        MaxAllowed is { } maxAllowed && options.MaxRequestTime > maxAllowed
            ? ValidateOptionsResult.Fail($"{Setting} is {options.MaxRequestTime}, but the Functions host ends a request after {_timeout} "
                + $"(functionTimeout in host.json). Set {Setting} to at most {maxAllowed}, or raise functionTimeout.")
            : ValidateOptionsResult.Success;
}
