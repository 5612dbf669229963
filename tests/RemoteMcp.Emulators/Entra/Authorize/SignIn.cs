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

    public bool NeedsPage(HttpRequest request, RequestParameters parameters) =>
        !IsAnswered(request, parameters) && parameters["prompt"] switch
        {
            "none" => false,
            "login" or "select_account" or "consent" => true,
            _ => Mode == SignInMode.Form,
        };

    /// <summary>Whether the user has selected an account on the page, and the page must now ask for the second factor.</summary>
    public bool NeedsSecondFactorPage(HttpRequest request, RequestParameters parameters, Tenant? tenant, RequestedScopes scopes) =>
        IsAnswered(request, parameters)
        && parameters["factor"] is null
        && NeedsSecondFactor(tenant ?? HomeOf(FindUser(parameters, tenant)), scopes, ClaimsParameter.IsChallenge(parameters["claims"]));

    /// <summary>
    /// The accounts on the page: those of the tenant or of the <c>domain_hint</c>. A <c>login_hint</c> leaves only its account, unless the
    /// client asks to select one.
    /// </summary>
    public IEnumerable<User> Accounts(RequestParameters parameters, Tenant? tenant)
    {
        var users = TenantsFor(parameters, tenant).SelectMany(candidate => candidate.Users).ToList();
        return parameters["prompt"] != "select_account" && users.Find(user => user.HasName(parameters["login_hint"])) is { } hinted
            ? [hinted]
            : users;
    }

    /// <summary>Signs in a user, who accepts the client's request.</summary>
    public Session Start(RequestParameters parameters, Tenant? tenant, Application client, RequestedScopes scopes)
    {
        var user = FindUser(parameters, tenant);
        var home = tenant ?? HomeOf(user);
        var prompt = parameters["prompt"];
        if (prompt == "none" && Mode == SignInMode.Form)
        {
            throw Refusals.NoSession();
        }
        if (prompt == "none" && Permissions.ToAccept(home, client, user, scopes).Count > 0)
        {
            throw Refusals.SilentConsentNeeded(client);
        }
        return Start(home, user, client, scopes, ClaimsParameter.IsChallenge(parameters["claims"]), prompt);
    }

    /// <param name="tenant">The tenant of the sign-in.</param>
    /// <param name="user">The user who signs in.</param>
    /// <param name="client">The client that requests the sign-in.</param>
    /// <param name="scopes">The scopes that the client requests.</param>
    /// <param name="challenged">Whether the client repeated a claims challenge. If so, the user gives the second factor for it.</param>
    /// <param name="prompt">The <c>prompt</c> parameter.</param>
    public Session Start(
        Tenant tenant, User user, Application client, RequestedScopes scopes, bool challenged = false, string? prompt = null)
    {
        // A silent request cannot ask for a second factor.
        var session = grants.StartSession(tenant, user, prompt != "none" && NeedsSecondFactor(tenant, scopes, challenged));
        var error = prompt == "none" ? "interaction_required" : "access_denied";
        Permissions.CheckAccount(session, error);
        Permissions.Check(session, client, scopes.Resource, error);
        Permissions.Accept(tenant, client, user, scopes, again: prompt == "consent");
        return session;
    }

    private static bool IsAnswered(HttpRequest request, RequestParameters parameters) =>
        HttpMethods.IsPost(request.Method) && parameters["user"] is not null;

    // A sign-in for a resource with a policy always includes the second factor.
    private static bool NeedsSecondFactor(Tenant tenant, RequestedScopes scopes, bool challenged) =>
        challenged || tenant.ConditionalAccess.ContainsKey(scopes.Resource.ClientId);

    private Tenant HomeOf(User user) => directory.FindTenantOf(user)!;

    // As in Entra, an unknown domain has no effect.
    private IList<Tenant> TenantsFor(RequestParameters parameters, Tenant? tenant) =>
        tenant is not null ? [tenant]
        : directory.Tenants.FirstOrDefault(candidate =>
            candidate.Domain.Equals(parameters["domain_hint"], StringComparison.OrdinalIgnoreCase)) is { } hinted ? [hinted]
        : directory.Tenants;

    private User FindUser(RequestParameters parameters, Tenant? tenant)
    {
        var tenants = TenantsFor(parameters, tenant);
        var name = parameters["user"] ?? parameters["login_hint"]
            ?? (tenants.Any(candidate => candidate.FindUser(DefaultUser) is not null) ? DefaultUser : tenants[0].Users[0].PrincipalName);
        return tenants.Select(candidate => candidate.FindUser(name)).FirstOrDefault(user => user is not null)
            ?? throw Refusals.UnknownUser(name!, tenants[0]);
    }
}
