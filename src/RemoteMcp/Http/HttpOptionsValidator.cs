using Microsoft.Extensions.Options;
using RemoteMcp.Configuration;

namespace RemoteMcp.Http;

internal sealed class HttpOptionsValidator : IValidateOptions<HttpOptions>
{
    private const int MinRequestBytes = 1024;
    private const int MaxRequestBytes = 64 * 1024 * 1024;

    public ValidateOptionsResult Validate(string? name, HttpOptions options)
    {
        var errors = new SettingErrors(HttpOptions.Section);
        errors.RequireRange(nameof(options.MaxRequestBytes), options.MaxRequestBytes, MinRequestBytes, MaxRequestBytes);
        errors.RequireRange(nameof(options.BodyTimeout), options.BodyTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        errors.RequireRange(
            nameof(options.KeepAlive),
            options.KeepAlive,
            TimeSpan.FromSeconds(1),
            TimeSpan.FromSeconds(200),
            "because Azure closes a stream that is silent for 230 s");
        errors.RequireRange(nameof(options.ShutdownGrace), options.ShutdownGrace, TimeSpan.Zero, TimeSpan.FromMinutes(10));
        errors.RequireRange(nameof(options.ShutdownDelay), options.ShutdownDelay, TimeSpan.Zero, TimeSpan.FromMinutes(5));
        errors.RequireRange(nameof(options.MaxRequestTime), options.MaxRequestTime, TimeSpan.FromSeconds(1), TimeSpan.FromHours(24));
        foreach (var host in options.AllowedHosts)
        {
            if (host != "*" && Uri.CheckHostName(host.Trim('[', ']')) == UriHostNameType.Unknown)
            {
                errors.Add(
                    nameof(options.AllowedHosts),
                    $"contains '{host}'. List host names without scheme, port, or path, e.g. tools.contoso.com.");
            }
        }

        foreach (var origin in options.AllowedOrigins)
        {
            if (!IsOrigin(origin))
            {
                errors.Add(
                    nameof(options.AllowedOrigins),
                    $"contains '{origin}'. List origins as browsers send them: scheme, host, and port only, e.g. "
                        + "https://inspector.contoso.com.");
            }
        }

        return errors.ToResult();
    }

    private static bool IsOrigin(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var uri)
        && uri.UserInfo.Length == 0
        && uri.GetLeftPart(UriPartial.Authority) == value.TrimEnd('/');
}
