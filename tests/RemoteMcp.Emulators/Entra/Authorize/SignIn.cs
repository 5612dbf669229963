using Microsoft.AspNetCore.Http;
using RemoteMcp.Emulators.Directories;

namespace RemoteMcp.Emulators.Entra.Authorize;

/// <summary>Decides who signs in, with a page or without, and what they accept by it.</summary>
internal sealed class SignIn(EmulatorOptions options, EntraDirectory directory, GrantStore grants)
{
    /// <summary>Whether the authorize endpoint shows a page; can be changed while the emulator runs.</summary>
    public SignInMode Mode { get; set; } = options.SignIn;

    /// <summary>Who signs in automatically without a <c>login_hint</c>.</summary>
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

    /// <summary>Signs a person in, who accepts what the client asks for.</summary>
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

    /// <param name="tenant">Where.</param>
    /// <param name="user">Who.</param>
    /// <param name="client">For which client.</param>
    /// <param name="scopes">What it asks for.</param>
    /// <param name="challenged">Whether the client repeated a claims challenge: then the person gives a second factor for it.</param>
    public Session Start(Tenant tenant, User user, Application client, RequestedScopes scopes, bool challenged)
    {
        // Signing in for a resource with a policy asks for the second factor by itself.
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
