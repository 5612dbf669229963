using Microsoft.Extensions.Options;
using RemoteMcp.ToolCalls;

namespace RemoteMcp.AuthorizationServer.Clients;

/// <summary>Decides which redirect URIs a client may have. An authorization code is sent only to an allowed URI.</summary>
internal sealed class RedirectPolicy
{
    private const string Setting = $"{AuthorizationServerOptions.Section}:{nameof(AuthorizationServerOptions.AllowedRedirects)}";

    // Each entry is followed by the published callback of its client and the place where it is published.
    private static readonly string[] s_defaults =
    [
        "claude.ai", // https://claude.ai/api/mcp/auth_callback: https://claude.ai/oauth/mcp-oauth-client-metadata
        "claude.com", // https://claude.com/api/mcp/auth_callback: the same document, and Claude's help for custom connectors
        "chatgpt.com", // /connector_platform_oauth_redirect and /connector/oauth/ID: https://chatgpt.com/oauth/client.json
        "vscode.dev", // https://vscode.dev/redirect: https://vscode.dev/oauth/client-metadata.json
        "insiders.vscode.dev", // https://insiders.vscode.dev/redirect: the registration of VS Code Insiders
        "vscode:", // the address handlers of extensions in VS Code
        "vscode-insiders:",
        "cursor:", // cursor://anysphere.cursor-mcp/oauth/callback: the registration of Cursor
        "www.cursor.com", // https://www.cursor.com/agents/mcp/oauth/callback: https://cursor.com/docs/mcp
        "global.consent.azure-apim.net", // /redirect/ID of each connector: the documentation of Copilot Studio
    ];

    private readonly HashSet<string> _allowed = new(StringComparer.OrdinalIgnoreCase);

    public RedirectPolicy(IOptions<AuthorizationServerOptions> options)
    {
        var configured = options.Value.AllowedRedirects;
        _allowed.UnionWith(configured.Count > 0 ? configured : s_defaults);
    }

    /// <summary>Returns whether <see cref="AuthorizationServerOptions.AllowedRedirects"/> may contain an entry.</summary>
    public static bool IsEntry(string? entry) =>
        entry is [.. var scheme, ':']
            ? RedirectUri.IsAppScheme(scheme.ToLowerInvariant())
            : entry is not null
                && entry.Contains('.', StringComparison.Ordinal)
                && System.Text.Ascii.IsValid(entry)
                && Uri.CheckHostName(entry) == UriHostNameType.Dns
                && !entry.EndsWith('.');

    /// <summary>Returns whether the browser may be redirected to a URI after a sign-in.</summary>
    public bool IsAllowed(string uri) => FindProblem(uri) is null;

    /// <summary>Returns why a URI is not allowed, as a sentence for the person, or <see langword="null"/> if it is allowed.</summary>
    public string? FindProblem(string uri) =>
        RedirectUri.FindProblem(uri, out var receiver) is { } problem ? Malformed(uri, problem)
        : IsListed(receiver) ? null
        : NotListed(uri, receiver);

    /// <summary>
    /// Returns the redirect URIs that a client gets. Clients register more URIs than they use in one sign-in, for example one for each of
    /// their products. A URI of an app or host that the operator does not allow is left out, and the client can use the others.
    /// </summary>
    /// <exception cref="ClientRefusedException">A URI is malformed, or none is allowed.</exception>
    public IReadOnlyList<string> KeepAllowed(IEnumerable<string> uris)
    {
        var allowed = new List<string>();
        string? notListed = null;
        foreach (var uri in uris)
        {
            if (RedirectUri.FindProblem(uri, out var receiver) is { } problem)
            {
                throw new ClientRefusedException(Malformed(uri, problem), ClientRefusedException.InvalidRedirectUri);
            }

            if (IsListed(receiver))
            {
                allowed.Add(uri);
            }
            else
            {
                notListed ??= NotListed(uri, receiver);
            }
        }

        return allowed.Count > 0
            ? allowed
            : throw new ClientRefusedException(
                notListed ?? "The client has no redirect URI.", ClientRefusedException.InvalidRedirectUri);
    }

    private static string Malformed(string uri, string problem) => $"The redirect URI {SafeText.Quote(uri)} {problem}.";

    private static string NotListed(string uri, string receiver) =>
        $"This server does not redirect to {SafeText.Quote(uri)}. An operator can add {SafeText.Quote(receiver)} to {Setting}.";

    private bool IsListed(string receiver) => receiver.Length == 0 || _allowed.Contains(receiver);
}
