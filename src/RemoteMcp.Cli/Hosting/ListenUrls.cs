using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using RemoteMcp.Configuration;
using RemoteMcp.ToolCalls;

namespace RemoteMcp.Cli.Hosting;

/// <summary>
/// Parses the URLs that the server listens on. Kestrel would listen on all addresses for a host that it does not know, and ends with a
/// stack trace for many other mistakes.
/// </summary>
internal static partial class ListenUrls
{
    private const string Example = "http://127.0.0.1:7071";
    private const string AnyHost = "any.invalid";

    /// <summary>Returns the URLs in a list that is separated by semicolons.</summary>
    /// <param name="source">The name of the option or setting, for the error.</param>
    /// <param name="list">The list.</param>
    /// <exception cref="OptionsValidationException">
    /// The list is empty, or one of its entries is not an http or https URL with a host and a port only.
    /// </exception>
    public static string[] Parse(string source, string list)
    {
        var urls = list.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (urls.Length == 0)
        {
            throw Refusal($"{source} is empty. Use a URL such as {Example}, or leave {source} out.");
        }

        foreach (var url in urls)
        {
            if (FindProblem(url) is { } problem)
            {
                throw Refusal($"{source} is {SafeText.Quote(url)}, {problem}");
            }
        }

        var repeated = urls.GroupBy(static url => url.TrimEnd('/'), StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault(static same => same.Count() > 1);
        return repeated is null ? urls : throw Refusal($"{source} contains {SafeText.Quote(repeated.Key)} twice. List each URL once.");
    }

    /// <summary>Returns the error of an option or a setting with URLs.</summary>
    public static OptionsValidationException Refusal(string problem) => new("urls", typeof(string), [problem]);

    /// <summary>
    /// Returns a URL as a <see cref="Uri"/>. The hosts <c>*</c> and <c>+</c>, which mean all addresses, get another name.
    /// </summary>
    public static Uri? ToUri(string url) =>
        Uri.TryCreate(WildcardHost().Replace(url, $"${{scheme}}{AnyHost}"), UriKind.Absolute, out var uri) ? uri : null;

    private static string? FindProblem(string url)
    {
        if (url.AsSpan().ContainsAny(',', ' '))
        {
            return $"which is not a URL. Separate several URLs with semicolons, such as {Example};http://[::1]:7071.";
        }

        var end = url.IndexOf("://", StringComparison.Ordinal);
        if (end < 0)
        {
            return ToUri("http://" + url) is { PathAndQuery: "/", UserInfo.Length: 0 } && !url.All(char.IsAsciiDigit)
                ? $"which has no scheme. Use http://{SafeText.Line(url, 200)}."
                : $"which is not a URL. Use a scheme, a host, and a port from 0 to 65535, such as {Example}.";
        }

        if (url[..end].ToUpperInvariant() is not ("HTTP" or "HTTPS"))
        {
            return $"whose scheme is not http or https. Use a URL such as {Example}.";
        }

        if (ToUri(url) is not { } uri)
        {
            return $"which is not a valid URL. Use a scheme, a host, and a port from 0 to 65535, such as {Example}.";
        }

        return uri switch
        {
            { Host: "unix" or "pipe", AbsolutePath: not "/" } =>
                $"which is a socket or a pipe. Use an address and a port, such as {Example}.",
            { UserInfo.Length: > 0 } or { Query.Length: > 0 } or { Fragment.Length: > 0 } =>
                $"which has more than a scheme, a host, and a port. Use a URL such as {Example}.",
            { AbsolutePath: not "/" } =>
                $"which has a path. Use {url[..PathStart(url, end)]}. The path of the endpoint is always {RemoteMcpOptions.McpPath}.",
            // Kestrel listens on two addresses for localhost, which cannot have the same free port.
            { Port: 0, Host: "localhost" } => $"which takes a free port. Use an address: {uri.Scheme}://127.0.0.1:0.",
            _ => null,
        };
    }

    private static int PathStart(string url, int schemeEnd) => url.IndexOf('/', schemeEnd + 3) is >= 0 and var start ? start : url.Length;

    [GeneratedRegex(@"^(?<scheme>https?://)[*+](?=[:/]|$)", RegexOptions.IgnoreCase)]
    private static partial Regex WildcardHost();
}
