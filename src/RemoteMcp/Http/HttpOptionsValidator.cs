using Microsoft.Extensions.Options;

namespace RemoteMcp.Http;

internal sealed class HttpOptionsValidator : IValidateOptions<HttpOptions>
{
    private const int MinRequestBytes = 1024;
    private const int MaxRequestBytes = 64 * 1024 * 1024;
    private static readonly TimeSpan MaxKeepAlive = TimeSpan.FromSeconds(200);
    private static readonly TimeSpan MaxShutdownGrace = TimeSpan.FromMinutes(10);

    public ValidateOptionsResult Validate(string? name, HttpOptions options)
    {
        var problems = new List<string>();
        if (options.MaxRequestBytes is < MinRequestBytes or > MaxRequestBytes)
        {
            problems.Add($"{HttpOptions.Section}:MaxRequestBytes is {options.MaxRequestBytes}. Set it to a number of bytes from {MinRequestBytes} to {MaxRequestBytes}.");
        }

        if (options.KeepAlive < TimeSpan.FromSeconds(1) || options.KeepAlive > MaxKeepAlive)
        {
            problems.Add($"{HttpOptions.Section}:KeepAlive is {options.KeepAlive}. Set it to a time from 00:00:01 to {MaxKeepAlive}, "
                + "because Azure closes a stream that is silent for 230 s.");
        }

        if (options.ShutdownGrace < TimeSpan.Zero || options.ShutdownGrace > MaxShutdownGrace)
        {
            problems.Add($"{HttpOptions.Section}:ShutdownGrace is {options.ShutdownGrace}. Set it to a time from 00:00:00 to {MaxShutdownGrace}.");
        }

        if (options.MaxRequestTime < TimeSpan.FromSeconds(1) || options.MaxRequestTime > TimeSpan.FromHours(24))
        {
            problems.Add($"{HttpOptions.Section}:MaxRequestTime is {options.MaxRequestTime}. Set it to a time from 00:00:01 to 1.00:00:00.");
        }

        foreach (var host in options.AllowedHosts)
        {
            if (host != "*" && Uri.CheckHostName(host.Trim('[', ']')) == UriHostNameType.Unknown)
            {
                problems.Add($"{HttpOptions.Section}:AllowedHosts contains '{host}'. List host names without scheme, port or path, e.g. tools.contoso.com.");
            }
        }

        foreach (var origin in options.AllowedOrigins)
        {
            if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri) || uri.UserInfo.Length > 0 || uri.GetLeftPart(UriPartial.Authority) != origin.TrimEnd('/'))
            {
                problems.Add($"{HttpOptions.Section}:AllowedOrigins contains '{origin}'. List origins as browsers send them: scheme, host and port only, e.g. https://inspector.contoso.com.");
            }
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
