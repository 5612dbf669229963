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

    // An app setting with this prefix overrides a value in host.json. The default of the host is 30 minutes.
    private const string Override = "AzureFunctionsJobHost:functionTimeout";
    private static readonly TimeSpan s_hostDefault = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan s_margin = TimeSpan.FromSeconds(5);

    private readonly TimeSpan? _timeout;
    private readonly bool _isSet;

    /// <summary>Initializes a new instance with the timeout of the host.</summary>
    /// <param name="configuration">The settings of the app.</param>
    /// <param name="appFolder">The folder that contains <c>host.json</c>.</param>
    public FunctionTimeout(IConfiguration configuration, string appFolder)
    {
        var hostJson = new ConfigurationBuilder().SetBasePath(appFolder).AddJsonFile("host.json", optional: true).Build();
        var text = configuration[Override] ?? hostJson["functionTimeout"];
        var timeout = text is null || !TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var parsed) ? s_hostDefault : parsed;
        // The value -1 means that there is no limit. It is parsed as a negative time of one day.
        _timeout = timeout > TimeSpan.Zero ? timeout : null;
        _isSet = configuration[Setting] is not null;
    }

    // The maximum duration of a request. It leaves time to send an error to the client.
    private TimeSpan? Longest => _timeout is not { } timeout ? null : timeout > 2 * s_margin ? timeout - s_margin : timeout / 2;

    /// <summary>Reduces the default value if it is too long for the host's timeout.</summary>
    /// <param name="name">The name of the options.</param>
    /// <param name="options">The options to configure.</param>
    public void PostConfigure(string? name, HttpOptions options)
    {
        if (!_isSet && Longest is { } longest && options.MaxRequestTime > longest)
        {
            options.MaxRequestTime = longest;
        }
    }

    /// <summary>Validates that the configured time is not too long for the host's timeout.</summary>
    /// <param name="name">The name of the options.</param>
    /// <param name="options">The options to validate.</param>
    /// <returns>The result of the validation. A failure describes the problem and the settings that fix it.</returns>
    public ValidateOptionsResult Validate(string? name, HttpOptions options) =>
        Longest is { } longest && options.MaxRequestTime > longest
            ? ValidateOptionsResult.Fail($"{Setting} is {options.MaxRequestTime}, but the Functions host ends a request after {_timeout} "
                + $"(functionTimeout in host.json). Set {Setting} to at most {longest}, or raise functionTimeout.")
            : ValidateOptionsResult.Success;
}
