using System.Collections.Immutable;
using RemoteMcp.Emulators.Directories;

namespace RemoteMcp.Emulators.Entra;

/// <summary>Who may have a token, and with which permissions: consent, assignment and Conditional Access.</summary>
internal static class Permissions
{
    /// <summary>
    /// The <c>scp</c> of a token. As in Entra it holds all that was ever consented to for this client and resource,
    /// so a step-up adds to what the client already may.
    /// </summary>
    /// <exception cref="Refusal">65001: something that was asked for is not consented to.</exception>
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

    /// <summary>What a person would have to accept now.</summary>
    public static IReadOnlyList<string> ToAccept(Tenant tenant, Application client, User user, RequestedScopes requested) =>
    [
        .. requested.IsDefault
            ? RequiredOn(client, requested.Resource).Except(tenant.Consented(client, requested.Resource, user), StringComparer.OrdinalIgnoreCase)
            : Missing(tenant, client, user, requested),
    ];

    /// <summary>Records the consent that a person gives.</summary>
    /// <exception cref="Refusal">90094: only an administrator may give it.</exception>
    public static void Accept(Tenant tenant, Application client, User user, RequestedScopes requested)
    {
        var scopes = ToAccept(tenant, client, user, requested);
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

    /// <summary>The rules that hold whatever was consented to.</summary>
    /// <param name="session">How the person signed in.</param>
    /// <param name="client">Who asks.</param>
    /// <param name="resource">For which API.</param>
    /// <param name="error">The OAuth error that the flow answers with.</param>
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
