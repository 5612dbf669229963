using RemoteMcp.Emulators.Directories;

namespace RemoteMcp.Emulators.Entra;

/// <summary>
/// The parsed <c>scope</c> parameter: permissions on exactly one resource, and OpenID Connect scopes
/// (https://learn.microsoft.com/entra/identity-platform/scopes-oidc).
/// </summary>
/// <param name="Resource">The API that the access token is for.</param>
/// <param name="ResourceName">The name of the resource as the client sent it. It is the <c>aud</c> of a v1 token.</param>
/// <param name="Names">The permissions without their prefix. Empty for <c>/.default</c>.</param>
/// <param name="OpenIdScopes">The requested scopes among openid, profile, email, and offline_access.</param>
internal sealed record RequestedScopes(
    Application Resource, string ResourceName, IReadOnlySet<string> Names, IReadOnlySet<string> OpenIdScopes)
{
    private const string Default = ".default";

    private static readonly HashSet<string> s_openId =
        new(StringComparer.OrdinalIgnoreCase) { "openid", "profile", "email", "offline_access" };

    /// <summary>Whether the client requested all consented permissions instead of named permissions.</summary>
    public bool IsDefault { get; private init; }

    public bool IsOpenIdOnly => !IsDefault && Names.Count == 0;

    /// <param name="scope">The <c>scope</c> parameter.</param>
    /// <param name="resourceParameter">The <c>resource</c> parameter (RFC 8707), or null.</param>
    /// <param name="client">The client of the request.</param>
    /// <param name="tenant">The tenant, or null if the user who signs in determines the tenant.</param>
    /// <param name="directory">The directory that contains the resources.</param>
    public static RequestedScopes Parse(
        string scope, string? resourceParameter, Application client, Tenant? tenant, EntraDirectory directory)
    {
        var all = scope.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var permissions = all.Where(name => !s_openId.Contains(name)).Select(Split).ToList();
        // A scope without a resource belongs to Graph. A request with only OpenID Connect scopes gets a token for Graph.
        var named = permissions.Select(permission => permission.Resource).DefaultIfEmpty(MicrosoftApplications.GraphId)
            .Select(name => (Name: name, Resource: directory.FindResource(name, tenant)))
            .ToList();
        if (named.DistinctBy(entry => entry.Resource?.ClientId ?? entry.Name, StringComparer.OrdinalIgnoreCase).Skip(1).Any())
        {
            throw Refusals.SeveralResources(scope);
        }
        var resource = named[0].Resource ?? throw Refusals.UnknownResource(named[0].Name, tenant?.DisplayName ?? "common");
        // Entra accepts the URI in some sign-ins and then refuses every refresh. The emulator always refuses it, so that tests notice.
        if (resource == client && named.Exists(entry => !entry.Name.Equals(client.ClientId, StringComparison.OrdinalIgnoreCase)))
        {
            throw Refusals.OwnResourceByUri(client);
        }
        if (resourceParameter is not null && !resource.IsExactly(resourceParameter))
        {
            throw Refusals.ResourceMismatch();
        }
        var names = permissions.Select(permission => permission.Scope).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var isDefault = names.Remove(Default);
        if (isDefault && names.Count > 0)
        {
            throw Refusals.DefaultScopeMixed(scope);
        }
        if (names.FirstOrDefault(name =>
            !resource.Scopes.Any(exposed => exposed.Value.Equals(name, StringComparison.OrdinalIgnoreCase))) is { } unknown)
        {
            throw Refusals.UnknownScope(client, unknown, resource);
        }
        return new RequestedScopes(resource, named[0].Name, names, all.Where(s_openId.Contains).ToHashSet(StringComparer.OrdinalIgnoreCase))
        {
            IsDefault = isDefault,
        };
    }

    public bool Includes(string openIdScope) => OpenIdScopes.Contains(openIdScope);

    // "api://id/Files.Read" and "https://management.azure.com//.default": the resource is the text before the last slash.
    private static (string Resource, string Scope) Split(string scope)
    {
        var slash = scope.LastIndexOf('/');
        return slash < 0 ? (MicrosoftApplications.GraphId, scope) : (scope[..slash], scope[(slash + 1)..]);
    }
}
