using Microsoft.Extensions.Options;

namespace RemoteMcp.Cli.Hosting;

/// <summary>A server without authentication listens on loopback only.</summary>
internal static class ListenerGuard
{
    /// <exception cref="OptionsValidationException">One of the URLs can be reached from other machines.</exception>
    public static void RequireLoopback(IEnumerable<string> urls)
    {
        foreach (var url in urls)
        {
            if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || !uri.IsLoopback)
            {
                throw new OptionsValidationException("urls", typeof(string),
                    [$"--urls is '{url}', which other machines can reach, and this server runs without authentication. Listen on http://127.0.0.1:PORT or http://localhost:PORT."]);
            }
        }
    }
}
