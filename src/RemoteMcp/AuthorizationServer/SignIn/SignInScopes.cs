using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.Auth.Authorization;
using RemoteMcp.AuthorizationServer.Pages;

namespace RemoteMcp.AuthorizationServer.SignIn;

/// <summary>Provides the scopes that clients can request, and describes them for people.</summary>
internal sealed class SignInScopes(IOptions<AuthOptions> auth, IOptions<McpServerOptions> mcp, PermissionTable permissions)
{
    private const int MaxNamedItems = 5;

    private readonly Lazy<IReadOnlyDictionary<string, string>> _descriptions = new(() => Describe(auth.Value, mcp.Value, permissions));

    /// <summary>
    /// Returns the names of the requested scopes that this server has. The scope of every request is always among them. Unknown scopes are
    /// left out, because some clients request everything that they know (RFC 6749, section 3.3, allows it).
    /// </summary>
    /// <param name="requested">The scopes, with or without the identifier URI.</param>
    public IReadOnlyList<string> Select(IEnumerable<string> requested)
    {
        var options = auth.Value;
        return
        [
            options.RequiredScope,
            .. requested.Select(scope => NameOf(scope, options))
                .Where(name => name != options.RequiredScope && _descriptions.Value.ContainsKey(name))
                .Distinct(StringComparer.Ordinal),
        ];
    }

    /// <summary>Returns the permissions for the consent page.</summary>
    public IReadOnlyList<ConsentPermission> DescribeForConsent(IEnumerable<string> scopes) =>
        [.. scopes.Select(scope => new ConsentPermission(scope, _descriptions.Value.GetValueOrDefault(scope, "")))];

    private static string NameOf(string scope, AuthOptions options)
    {
        foreach (var prefix in (ReadOnlySpan<string>)[options.IdentifierUri, options.ClientId!, "api://" + options.ClientId])
        {
            if (scope.Length > prefix.Length + 1
                && scope[prefix.Length] == '/'
                && scope.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                return scope[(prefix.Length + 1)..];
            }
        }

        return scope;
    }

    private static Dictionary<string, string> Describe(AuthOptions auth, McpServerOptions mcp, PermissionTable permissions)
    {
        var descriptions = new Dictionary<string, string>(StringComparer.Ordinal);
        var items = PermissionTable.Primitives(mcp)
            .SelectMany(item => permissions.Of(item).Scopes.Select(scope => (Scope: scope, item.Id)))
            .GroupBy(static each => each.Scope, static each => each.Id, StringComparer.Ordinal);
        foreach (var group in items)
        {
            var names = group.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
            var more = names.Count > MaxNamedItems ? $", and {names.Count - MaxNamedItems} more" : "";
            descriptions[group.Key] = $"Use {string.Join(", ", names.Take(MaxNamedItems))}{more} as you.";
        }

        descriptions[auth.RequiredScope] = "Use the tools of this server as you.";
        return descriptions;
    }
}
