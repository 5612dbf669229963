using Microsoft.AspNetCore.Http;
using RemoteMcp.Emulators.Directories;

namespace RemoteMcp.Emulators.Entra.Authorize;

/// <summary>Determines which user signs in, with or without a page, and which permissions the user accepts.</summary>
internal sealed class SignIn(EmulatorOptions options, EntraDirectory directory, GrantStore grants)
{
    /// <summary>Whether the authorize endpoint shows a page. It can change while the emulator runs.</summary>
    public SignInMode Mode { get; set; } = options.SignIn;

    /// <summary>The user who signs in automatically without a <c>login_hint</c>.</summary>
    public string? DefaultUser { get; set; } = options.DefaultUser;

    public bool NeedsPage(HttpRequest request, RequestParameters parameters)
    {
        var answered = HttpMethods.IsPost(request.Method) && parameters["user"] is not null;
        return !answered && parameters["prompt"] switch
        {
            "none" => false,
            "login" or "select_account" => true,
            _ => Mode == SignInMode.Form,
        };
    }

    /// <summary>Signs in a user, who accepts the client's request.</summary>
    public Session Start(RequestParameters parameters, Tenant? tenant, Application client, RequestedScopes scopes)
    {
        var user = FindUser(parameters, tenant);
        var home = tenant ?? directory.FindTenantOf(user)!;
        var silent = parameters["prompt"] == "none";
        if (silent && Mode == SignInMode.Form)
        {
            throw Refusals.NoSession();
        }
        if (silent && Permissions.ToAccept(home, client, user, scopes).Count > 0)
        {
            throw Refusals.SilentConsentNeeded(client);
        }
        return Start(home, user, client, scopes, challenged: parameters["claims"] is not null);
    }

    /// <param name="tenant">The tenant of the sign-in.</param>
    /// <param name="user">The user who signs in.</param>
    /// <param name="client">The client that requests the sign-in.</param>
    /// <param name="scopes">The scopes that the client requests.</param>
    /// <param name="challenged">Whether the client repeated a claims challenge. If so, the user gives the second factor for it.</param>
    public Session Start(Tenant tenant, User user, Application client, RequestedScopes scopes, bool challenged)
    {
        // A sign-in for a resource with a policy always includes the second factor.
        var session = grants.StartSession(tenant, user, challenged || tenant.ConditionalAccess.ContainsKey(scopes.Resource.ClientId));
        Permissions.Check(session, client, scopes.Resource, "access_denied");
        Permissions.Accept(tenant, client, user, scopes);
        return session;
    }

    private User FindUser(RequestParameters parameters, Tenant? tenant)
    {
        var tenants = tenant is null ? directory.Tenants : [tenant];
        var name = parameters["user"] ?? parameters["login_hint"]
            ?? (tenants.Any(candidate => candidate.FindUser(DefaultUser) is not null) ? DefaultUser : tenants[0].Users[0].PrincipalName);
        return tenants.Select(candidate => candidate.FindUser(name)).FirstOrDefault(user => user is not null)
            ?? throw Refusals.UnknownUser(name!, tenants[0]);
    }
}
