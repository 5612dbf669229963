using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;

namespace RemoteMcp.Emulators.Directories;

/// <summary>
/// An app registration together with its service principal: a client, a resource (an API), or both. Set it up before the emulator starts.
/// Consents, assignments, policies, and redirect URIs can change later, so their collections are thread-safe.
/// </summary>
public sealed class Application
{
    private ImmutableList<RedirectUri> _redirectUris = [];

    public required string ClientId { get; init; }

    public required string DisplayName { get; init; }

    /// <summary>The tenant of the registration. Other tenants see the application only if it is <see cref="MultiTenant"/>.</summary>
    public required string HomeTenantId { get; init; }

    public bool MultiTenant { get; init; }

    /// <summary>The <c>oid</c> and <c>sub</c> of the application's app-only tokens.</summary>
    public string ServicePrincipalId { get; init; } = Guid.NewGuid().ToString();

    /// <summary>
    /// The <c>requestedAccessTokenVersion</c> of the manifest: the version of the tokens for this API. Entra's default is 1.
    /// </summary>
    public int AccessTokenVersion { get; set; } = 2;

    /// <summary>
    /// The Application ID URIs. They are the prefixes of scopes, the audiences of v1 tokens, and the valid values of a <c>resource</c>
    /// parameter.
    /// </summary>
    public IList<string> IdentifierUris { get; init; } = [];

    /// <summary>"Expose an API": the delegated permissions of the API.</summary>
    public IList<DelegatedScope> Scopes { get; init; } = [];

    /// <summary>The values of the app roles.</summary>
    public IList<string> AppRoles { get; init; } = [];

    /// <summary>"Authorized client applications": maps a client ID to the scopes that need no consent.</summary>
    public IDictionary<string, IReadOnlySet<string>> PreauthorizedClients { get; init; } = new Dictionary<string, IReadOnlySet<string>>();

    public IReadOnlyList<RedirectUri> RedirectUris
    {
        get => _redirectUris;
        init => _redirectUris = [.. value];
    }

    public IList<string> Secrets { get; init; } = [];

    /// <summary>The certificates whose private keys sign assertions of the application.</summary>
    public IList<X509Certificate2> Certificates { get; init; } = [];

    public IList<FederatedCredential> FederatedCredentials { get; init; } = [];

    /// <summary>
    /// "API permissions", each in the form <c>resource/scope</c>. <c>/.default</c> requests consent to these permissions.
    /// </summary>
    public IList<string> RequiredPermissions { get; init; } = [];

    /// <summary>"Assignment required?": only principals in <see cref="Assignments"/> get a token for this application.</summary>
    public bool AssignmentRequired { get; set; }

    /// <summary>
    /// Maps the object ID of a user, service principal, or managed identity to its app roles in this application, which can be empty.
    /// </summary>
    public IDictionary<string, IReadOnlySet<string>> Assignments { get; init; } =
        new System.Collections.Concurrent.ConcurrentDictionary<string, IReadOnlySet<string>>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the optional claim <c>idtyp</c> is configured. Otherwise, app-only tokens do not contain it.</summary>
    public bool EmitsIdTyp { get; set; }

    /// <summary>Registers a further redirect URI, also while the emulator runs.</summary>
    public void AddRedirectUri(RedirectUri uri) =>
        ImmutableInterlocked.Update(ref _redirectUris, static (uris, added) => uris.Add(added), uri);

    /// <summary>Whether a resource name refers to this application. Entra ignores a slash at the end of the name.</summary>
    public bool IsNamed(string resource) =>
        IsExactly(resource) || (resource.EndsWith('/') && IsExactly(resource[..^1]));

    /// <summary>Whether <paramref name="resource"/> exactly equals the client ID or one of the identifier URIs.</summary>
    public bool IsExactly(string resource) =>
        string.Equals(ClientId, resource, StringComparison.OrdinalIgnoreCase)
        || IdentifierUris.Contains(resource, StringComparer.OrdinalIgnoreCase);
}

/// <summary>A delegated permission that an API exposes.</summary>
/// <param name="Value">The name, such as <c>Files.Read</c>.</param>
/// <param name="AdminConsentRequired">"Who can consent?": only administrators.</param>
public sealed record DelegatedScope(string Value, bool AdminConsentRequired = false);

/// <summary>
/// Trust in the tokens of an external issuer, as a replacement for a secret. For a managed identity, the issuer is the v2.0 issuer of the
/// tenant, and the subject is the principal (object) ID
/// (https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity).
/// </summary>
/// <param name="Issuer">
/// The assertion's <c>iss</c>. The value <c>{tenant}</c> means the v2.0 issuer of the application's home tenant.
/// </param>
/// <param name="Subject">The assertion's <c>sub</c>. The comparison is case-sensitive.</param>
/// <param name="Audience">The assertion's <c>aud</c>.</param>
public sealed record FederatedCredential(string Issuer, string Subject, string Audience = MicrosoftApplications.TokenExchangeAudience)
{
    /// <summary>Means the v2.0 issuer of the home tenant. Its port is unknown until the emulator has started.</summary>
    public const string HomeTenantIssuer = "{tenant}";
}
