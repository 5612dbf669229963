using System.Collections.Immutable;
using RemoteMcp.Emulators.Directories;

namespace RemoteMcp.Emulators.Entra;

/// <summary>Determines which clients get a token, and with which permissions: consent, assignment, and Conditional Access.</summary>
internal static class Permissions
{
    /// <summary>
    /// Returns the <c>scp</c> of a token. As in Entra, it contains all scopes that were ever consented to for this client and resource. A
    /// step-up therefore adds to the existing permissions.
    /// </summary>
    /// <exception cref="Refusal">65001: a requested scope has no consent.</exception>
    public static IReadOnlyCollection<string> Granted(Tenant tenant, Application client, User user, RequestedScopes requested)
    {
        var granted = tenant.Consented(client, requested.Resource, user);
        if (requested.IsDefault)
        {
            granted = granted.Union(WithoutConsent(client, requested.Resource));
            return granted.Count > 0 || IsOwn(client, requested.Resource) ? granted : throw Refusals.ConsentNeeded(client);
        }
        return Missing(tenant, client, user, requested).Any() ? throw Refusals.ConsentNeeded(client) : granted.Union(requested.Names);
    }

    /// <summary>The permissions that a user still has to accept.</summary>
    public static IReadOnlyList<string> ToAccept(Tenant tenant, Application client, User user, RequestedScopes requested) =>
    [
        .. requested.IsDefault
            ? RequiredOn(client, requested.Resource)
                .Except(tenant.Consented(client, requested.Resource, user), StringComparer.OrdinalIgnoreCase)
            : Missing(tenant, client, user, requested),
    ];

    /// <summary>Records the consent of a user.</summary>
    /// <param name="tenant">The tenant of the user.</param>
    /// <param name="client">The client that requests the consent.</param>
    /// <param name="user">The user who consents.</param>
    /// <param name="requested">The scopes that the client requests.</param>
    /// <param name="again">
    /// Whether the client asks also for what was granted before (<c>prompt=consent</c>). A consent of an administrator then does not help
    /// users who are not allowed to consent.
    /// </param>
    /// <exception cref="Refusal">90094: only an administrator can consent.</exception>
    public static void Accept(Tenant tenant, Application client, User user, RequestedScopes requested, bool again = false)
    {
        if (again && !tenant.UserConsentAllowed)
        {
            throw Refusals.AdministratorConsentNeeded(client);
        }
        var scopes = again && !requested.IsDefault ? [.. requested.Names] : ToAccept(tenant, client, user, requested);
        if (scopes.Count == 0)
        {
            return;
        }
        var needsAdministrator = requested.Resource.Scopes.Any(scope =>
            scope.AdminConsentRequired && scopes.Contains(scope.Value, StringComparer.OrdinalIgnoreCase));
        if (!tenant.UserConsentAllowed || needsAdministrator)
        {
            throw Refusals.AdministratorConsentNeeded(client);
        }
        tenant.Consent(client, requested.Resource, scopes, user);
    }

    /// <summary>Checks that the account may sign in, and that nobody has revoked its sign-in.</summary>
    /// <exception cref="Refusal">50057: the account is disabled. 50173: the sign-in was revoked.</exception>
    public static void CheckAccount(Session session, string error = "invalid_grant")
    {
        if (session.User.Disabled)
        {
            throw Refusals.AccountDisabled(error);
        }
        if (session.RevokedAt is { } revoked)
        {
            throw Refusals.SessionRevoked(session.StartedAt, revoked);
        }
    }

    /// <summary>Checks the rules that apply regardless of consent.</summary>
    /// <param name="session">The sign-in of the user.</param>
    /// <param name="client">The client that requests the token.</param>
    /// <param name="resource">The API that the token is for.</param>
    /// <param name="error">The OAuth error of the response.</param>
    public static void Check(Session session, Application client, Application resource, string error)
    {
        foreach (var application in new[] { client, resource })
        {
            if (application.AssignmentRequired && !application.Assignments.ContainsKey(session.User.ObjectId))
            {
                throw Refusals.NotAssigned(application, session.User, error);
            }
        }
        if (session.Tenant.ConditionalAccess.TryGetValue(resource.ClientId, out var policy))
        {
            if (policy.Decision == ConditionalAccessDecision.Block)
            {
                throw Refusals.BlockedByPolicy(policy, error);
            }
            if (!session.Multifactor)
            {
                throw Refusals.MultifactorNeeded(resource, policy, error);
            }
        }
    }

    private static IEnumerable<string> Missing(Tenant tenant, Application client, User user, RequestedScopes requested) =>
        IsOwn(client, requested.Resource)
            ? []
            : requested.Names
                .Except(tenant.Consented(client, requested.Resource, user), StringComparer.OrdinalIgnoreCase)
                .Except(WithoutConsent(client, requested.Resource), StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<string> WithoutConsent(Application client, Application resource) =>
        resource.PreauthorizedClients.TryGetValue(client.ClientId, out var scopes) ? scopes : ImmutableHashSet<string>.Empty;

    private static IEnumerable<string> RequiredOn(Application client, Application resource) => client.RequiredPermissions
        .Select(permission => (Resource: permission[..permission.LastIndexOf('/')], Scope: permission[(permission.LastIndexOf('/') + 1)..]))
        .Where(permission => resource.IsNamed(permission.Resource))
        .Select(permission => permission.Scope);

    private static bool IsOwn(Application client, Application resource) => client.ClientId == resource.ClientId;
}
