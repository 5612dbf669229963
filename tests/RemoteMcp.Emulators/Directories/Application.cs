namespace RemoteMcp.Emulators.Directories;

/// <summary>
/// An app registration together with its service principal: a client, a resource (an API), or both.
/// Set up before the emulator serves; what changes later (consents, assignments, policies) has thread-safe collections.
/// </summary>
public sealed class Application
{
    public required string ClientId { get; init; }

    public required string DisplayName { get; init; }

    /// <summary>The tenant that registered it; other tenants see it only when it is <see cref="MultiTenant"/>.</summary>
    public required string HomeTenantId { get; init; }

    public bool MultiTenant { get; init; }

    /// <summary>The <c>oid</c> and <c>sub</c> of its app-only tokens.</summary>
    public string ServicePrincipalId { get; init; } = Guid.NewGuid().ToString();

    /// <summary>The manifest's <c>requestedAccessTokenVersion</c>: which tokens this API receives. Entra's default is 1.</summary>
    public int AccessTokenVersion { get; set; } = 2;

    /// <summary>The Application ID URIs: prefixes of scopes, audiences of v1 tokens, and what a <c>resource</c> parameter may be.</summary>
    public IList<string> IdentifierUris { get; init; } = [];

    /// <summary>"Expose an API": the delegated permissions.</summary>
    public IList<DelegatedScope> Scopes { get; init; } = [];

    /// <summary>The values of its app roles.</summary>
    public IList<string> AppRoles { get; init; } = [];

    /// <summary>"Authorized client applications": client id to the scopes that need no consent.</summary>
    public IDictionary<string, IReadOnlySet<string>> PreauthorizedClients { get; init; } = new Dictionary<string, IReadOnlySet<string>>();

    public IList<RedirectUri> RedirectUris { get; init; } = [];

    public IList<string> Secrets { get; init; } = [];

    public IList<FederatedCredential> FederatedCredentials { get; init; } = [];

    /// <summary>"API permissions", each <c>resource/scope</c>: what <c>/.default</c> asks a user to consent to.</summary>
    public IList<string> RequiredPermissions { get; init; } = [];

    /// <summary>"Assignment required?": only who has an entry in <see cref="Assignments"/> gets a token for this application.</summary>
    public bool AssignmentRequired { get; set; }

    /// <summary>Object id of a user, service principal or managed identity, to the app roles it holds here (perhaps none).</summary>
    public IDictionary<string, IReadOnlySet<string>> Assignments { get; init; } =
        new System.Collections.Concurrent.ConcurrentDictionary<string, IReadOnlySet<string>>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the optional claim <c>idtyp</c> is configured; without it an app-only token carries none.</summary>
    public bool EmitsIdTyp { get; set; }

    /// <summary>Whether this application is meant by a resource name; Entra takes it with or without a slash at its end.</summary>
    public bool IsNamed(string resource) =>
        IsExactly(resource) || (resource.EndsWith('/') && IsExactly(resource[..^1]));

    /// <summary>Whether <paramref name="resource"/> is, to the letter, the client id or one of the identifier URIs.</summary>
    public bool IsExactly(string resource) =>
        string.Equals(ClientId, resource, StringComparison.OrdinalIgnoreCase)
        || IdentifierUris.Contains(resource, StringComparer.OrdinalIgnoreCase);
}

/// <summary>A delegated permission that an API exposes.</summary>
/// <param name="Value">Its name, such as <c>Files.Read</c>.</param>
/// <param name="AdminConsentRequired">"Who can consent?": administrators only.</param>
public sealed record DelegatedScope(string Value, bool AdminConsentRequired = false);

/// <summary>
/// A trust in tokens of another issuer in place of a secret. For a managed identity: the issuer is the tenant's v2.0 issuer,
/// the subject is its principal (object) id (https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity).
/// </summary>
/// <param name="Issuer">The assertion's <c>iss</c>; <c>{tenant}</c> alone stands for the v2.0 issuer of the application's home tenant.</param>
/// <param name="Subject">The assertion's <c>sub</c>, compared case-sensitively.</param>
/// <param name="Audience">The assertion's <c>aud</c>.</param>
public sealed record FederatedCredential(string Issuer, string Subject, string Audience = MicrosoftApplications.TokenExchangeAudience)
{
    /// <summary>Stands for the home tenant's v2.0 issuer, whose port is not known before the emulator has started.</summary>
    public const string HomeTenantIssuer = "{tenant}";
}
