using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.Configuration;

namespace RemoteMcp.Cli.Hosting;

/// <summary>Checks the URLs that the server listens on. Without sign-in, only loopback URLs are allowed.</summary>
internal static class ListenerGuard
{
    /// <summary>Checks the URLs against the settings.</summary>
    /// <param name="source">The name of the option or setting that has the URLs.</param>
    /// <param name="urls">The URLs.</param>
    /// <param name="configuration">The settings.</param>
    /// <exception cref="OptionsValidationException">
    /// Other machines can access one of the URLs, and sign-in or the public URL is not configured.
    /// </exception>
    public static void Check(string source, IEnumerable<string> urls, IConfiguration configuration)
    {
        var signsIn = string.Equals(
            configuration[AuthOptions.Section + ":Mode"], nameof(AuthMode.Entra), StringComparison.OrdinalIgnoreCase);
        foreach (var url in urls)
        {
            if (Uri.TryCreate(url, UriKind.Absolute, out var uri) && IsLoopback(url, uri))
            {
                continue;
            }

            if (!signsIn)
            {
                throw ListenUrls.Refusal($"{source} is '{url}', which other machines can reach, and this server runs without "
                    + "authentication. Listen on http://127.0.0.1:PORT or http://localhost:PORT, "
                    + $"or set {AuthOptions.Section}:Mode to Entra.");
            }

            if (string.IsNullOrEmpty(configuration[$"{RemoteMcpOptions.Section}:{nameof(RemoteMcpOptions.PublicUrl)}"]))
            {
                throw ListenUrls.Refusal($"{source} is '{url}', which other machines can reach, and {RemoteMcpOptions.Section}:PublicUrl "
                    + "is empty. Set it to the https URL that clients use, such as https://tools.contoso.com. "
                    + "The server tells clients this URL for the sign-in.");
            }
        }
    }

    // Kestrel listens on all addresses for every other name. Uri also considers the name loopback to be localhost.
    private static bool IsLoopback(string url, Uri uri) =>
        uri.IsLoopback
        && (uri.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6
            || url.StartsWith($"{uri.Scheme}://localhost", StringComparison.OrdinalIgnoreCase));
}
