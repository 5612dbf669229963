using System.Globalization;
using System.Text.Json;

namespace RemoteMcp.FunctionsHost;

/// <summary>The settings of host.json that this host supports.</summary>
/// <param name="RoutePrefix">The prefix of each function's route.</param>
/// <param name="FunctionTimeout">The maximum duration of one invocation, or null for no limit.</param>
internal sealed record HostJson(string RoutePrefix, TimeSpan? FunctionTimeout)
{
    // On the platform, this app setting overrides functionTimeout of host.json.
    private const string TimeoutSetting = "AzureFunctionsJobHost__functionTimeout";

    private static readonly TimeSpan s_defaultTimeout = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan s_unbounded = TimeSpan.FromDays(-1);

    public static HostJson Load(string appFolder)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(appFolder, "host.json")));
        var root = json.RootElement;
        var prefix = root.TryGetProperty("extensions", out var extensions)
            && extensions.TryGetProperty("http", out var http)
            && http.TryGetProperty("routePrefix", out var configured) ? configured.GetString()! : "api";
        var timeout = Environment.GetEnvironmentVariable(TimeoutSetting)
            ?? (root.TryGetProperty("functionTimeout", out var value) ? value.GetString() : null);
        return new HostJson(prefix, ParseTimeout(timeout));
    }

    private static TimeSpan? ParseTimeout(string? text)
    {
        if (text is null)
        {
            return s_defaultTimeout;
        }

        var timeout = text == "-1" ? s_unbounded : TimeSpan.Parse(text, CultureInfo.InvariantCulture);
        return timeout == s_unbounded ? null : timeout;
    }
}
