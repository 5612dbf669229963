using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using RemoteMcp.Http;

namespace RemoteMcp.Functions;

/// <summary>
/// Keeps <see cref="HttpOptions.MaxRequestTime"/> below the host's <c>functionTimeout</c>. The server must end a request first: when the
/// host does it, the client gets no message, and the worker may be restarted with everything that it runs.
/// </summary>
internal sealed class FunctionTimeout : IPostConfigureOptions<HttpOptions>, IValidateOptions<HttpOptions>
{
    private const string Setting = HttpOptions.Section + ":" + nameof(HttpOptions.MaxRequestTime);

    // An app setting overrides a value of host.json with this prefix; the host's own default is 30 minutes.
    private const string Override = "AzureFunctionsJobHost:functionTimeout";
    private static readonly TimeSpan s_hostDefault = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan s_margin = TimeSpan.FromSeconds(5);

    private readonly TimeSpan? _timeout;
    private readonly bool _isSet;

    /// <summary>Reads the host's timeout.</summary>
    /// <param name="configuration">The app's settings.</param>
    /// <param name="appFolder">The folder with <c>host.json</c>.</param>
    public FunctionTimeout(IConfiguration configuration, string appFolder)
    {
        var hostJson = new ConfigurationBuilder().SetBasePath(appFolder).AddJsonFile("host.json", optional: true).Build();
        var text = configuration[Override] ?? hostJson["functionTimeout"];
        var timeout = text is null || !TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var parsed) ? s_hostDefault : parsed;
        // -1 is one day less than nothing, and means no limit.
        _timeout = timeout > TimeSpan.Zero ? timeout : null;
        _isSet = configuration[Setting] is not null;
    }

    // The longest time that a request may take, with time left to say so to its client.
    private TimeSpan? Longest => _timeout is not { } timeout ? null : timeout > 2 * s_margin ? timeout - s_margin : timeout / 2;

    /// <summary>Lowers the default to what the host's timeout allows.</summary>
    /// <param name="name">The name of the options.</param>
    /// <param name="options">The options to change.</param>
    public void PostConfigure(string? name, HttpOptions options)
    {
        if (!_isSet && Longest is { } longest && options.MaxRequestTime > longest)
        {
            options.MaxRequestTime = longest;
        }
    }

    /// <summary>Refuses a configured time that the host's timeout does not allow.</summary>
    /// <param name="name">The name of the options.</param>
    /// <param name="options">The options to check.</param>
    /// <returns>The problem, with what to set.</returns>
    public ValidateOptionsResult Validate(string? name, HttpOptions options) =>
        Longest is { } longest && options.MaxRequestTime > longest
            ? ValidateOptionsResult.Fail($"{Setting} is {options.MaxRequestTime}, but the Functions host ends a request after {_timeout} "
                + $"(functionTimeout in host.json). Set {Setting} to at most {longest}, or raise functionTimeout.")
            : ValidateOptionsResult.Success;
}
