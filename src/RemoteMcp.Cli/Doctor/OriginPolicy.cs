using System.Collections.Frozen;

namespace RemoteMcp.Cli.Doctor;

/// <summary>
/// Decides to which origins the checks send requests. A server can name other servers, such as its sign-in service. A hostile server can
/// name any address that this machine can reach. The checks use another origin only if it is a sign-in service of Microsoft, or if the
/// user allowed it. They send the user's token to the origin of the endpoint only.
/// </summary>
/// <param name="endpoint">The endpoint that the user named.</param>
/// <param name="allowed">The further origins that the user allowed on the command line.</param>
/// <param name="ask">The delegate that asks the user a question, or null if nobody can answer.</param>
internal sealed class OriginPolicy(
    Uri endpoint, IEnumerable<Uri>? allowed = null, Func<string, CancellationToken, Task<bool>>? ask = null)
{
    /// <summary>The option of the command that allows an origin.</summary>
    public const string Option = "--allow-origin";

    // The sign-in services of Microsoft's public cloud and of its national clouds.
    private static readonly FrozenSet<string> s_signInServices = FrozenSet.ToFrozenSet(
    [
        "https://login.microsoftonline.com",
        "https://login.microsoftonline.us",
        "https://login.chinacloudapi.cn",
        "https://login.partner.microsoftonline.cn",
    ]);

    private readonly HashSet<string> _allowed = [.. (allowed ?? []).Select(NameOf)];

    /// <summary>Returns whether a URL has the scheme, the host, and the port of the endpoint.</summary>
    public bool IsOwn(Uri url) => url.UserInfo.Length == 0 && NameOf(url) == NameOf(endpoint);

    /// <summary>Returns whether requests to a URL are allowed.</summary>
    public bool IsAllowed(Uri url) => IsOwn(url)
        || (url.UserInfo.Length == 0 && NameOf(url) is var name && (s_signInServices.Contains(name) || _allowed.Contains(name)));

    /// <summary>Returns why requests to a URL are not allowed, with the remedy. Asks the user, if a user can answer.</summary>
    /// <param name="url">The URL that the server named.</param>
    /// <param name="purpose">What the server named the URL for, such as "the sign-in".</param>
    /// <param name="cancellationToken">The token that cancels the question.</param>
    public async Task<(string Problem, string Remedy)?> FindProblemAsync(Uri url, string purpose, CancellationToken cancellationToken)
    {
        if (IsAllowed(url))
        {
            return null;
        }

        var name = Excerpt.Of(NameOf(url));
        if (url.Scheme is not ("http" or "https") || url.UserInfo.Length > 0)
        {
            return (
                $"The server names {Excerpt.Of(url.OriginalString)} for {purpose}. This must be an https URL without a user name.",
                "Do not sign in to this server, unless you know why it does this.");
        }

        if (ask is not null && HasPublicName(url) && await ask(
            $"The server names another server, {name}, for {purpose}. Send requests to it? They contain no token.", cancellationToken))
        {
            _allowed.Add(NameOf(url));
            return null;
        }

        return (
            $"The server names another server, {name}, for {purpose}. Nothing was sent to it.",
            $"If you trust that server, use {Option} {name}. It does not get your token.");
    }

    /// <summary>Gets whether a user can answer questions.</summary>
    public bool CanAsk => ask is not null;

    /// <summary>Asks the user a question. Returns false if nobody can answer.</summary>
    public async Task<bool> ConfirmAsync(string question, CancellationToken cancellationToken) =>
        ask is not null && await ask(question, cancellationToken);

    /// <summary>Returns the scheme, the host in Punycode, and the port of a URL, or the whole URL if it has no host.</summary>
    public static string NameOf(Uri url) => url switch
    {
        { IsAbsoluteUri: false } or { Host.Length: 0 } => url.OriginalString,
        { IsDefaultPort: true } => $"{url.Scheme}://{HostOf(url)}",
        _ => $"{url.Scheme}://{HostOf(url)}:{url.Port}",
    };

    private static string HostOf(Uri url) => url.HostNameType == UriHostNameType.IPv6 ? url.Host : url.IdnHost;

    // A user easily answers a question by mistake. Requests to an address of this machine or its network therefore need the option.
    private static bool HasPublicName(Uri url) =>
        url is { Scheme: "https", HostNameType: UriHostNameType.Dns, IsLoopback: false }
        && url.Host.Contains('.', StringComparison.Ordinal);
}
