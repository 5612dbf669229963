using System.Text.Json;
using Microsoft.AspNetCore.Http;
using RemoteMcp.Emulators.Directories;

namespace RemoteMcp.Emulators.Entra;

/// <summary>Entra's refusals of sign-ins and token requests, with the numbers, OAuth errors, and texts that users see.</summary>
internal static class Refusals
{
    public static Refusal MissingParameter(string name) =>
        new(900144, "invalid_request", $"The request body must contain the following parameter: '{name}'.");

    public static Refusal Malformed() => new(9002313, "invalid_request", "Invalid request. Request is malformed or invalid.");

    public static Refusal UnknownTenant(string tenant) => new(90002, "invalid_request",
        $"Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. "
            + "Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.");

    public static Refusal NoTenant() => new(50059, "invalid_request",
        "No tenant-identifying information found in either the request or implied by any provided credentials.");

    public static Refusal UnknownApplication(string clientId, string tenant) => new(700016, "unauthorized_client",
        $"Application with identifier '{clientId}' was not found in the directory '{tenant}'. "
            + "This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in "
            + "the tenant. You may have sent your authentication request to the wrong tenant.");

    public static Refusal NotMultiTenant(Application client) => new(50194, "invalid_request",
        $"Application '{client.ClientId}'({client.DisplayName}) is not configured as a multi-tenant application. "
            + "Usage of the /common endpoint is not supported for such apps created after '10/15/2018'. "
            + "Use a tenant-specific endpoint or configure the application to be multi-tenant.");

    public static Refusal UnknownResource(string resource, string tenant) => new(500011, "invalid_resource",
        $"The resource principal named {resource} was not found in the tenant named {tenant}. "
            + "This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in "
            + "the tenant. You might have sent your authentication request to the wrong tenant.");

    public static Refusal SeveralResources(string scope) => new(28000, "invalid_request",
        "Provided value for the input parameter scope is not valid because it contains more than one resource. "
            + $"Scope {scope} is not valid.");

    public static Refusal OwnResourceByUri(Application client) => new(90009, "invalid_request",
        $"Application '{client.ClientId}'({client.DisplayName}) is requesting a token for itself. "
            + "This scenario is supported only if resource is specified using the GUID based App Identifier.");

    public static Refusal UnknownPrompt(string prompt) => new(90023, "invalid_request", $"Unsupported 'prompt' value '{prompt}'.");

    public static Refusal UnknownScope(Application client, string scope, Application resource) => new(650053, "invalid_client",
        $"The application '{client.DisplayName}' asked for scope '{scope}' that doesn't exist on the resource '{resource.ClientId}'. "
            + "Contact the app vendor.")
    { RedirectsToClient = true };

    public static Refusal DefaultScopeMixed(string scope) => new(70011, "invalid_scope",
        "The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. "
            + $"The scope {scope} is not valid. .default scope can't be combined with resource-specific scopes.");

    public static Refusal NotDefaultScope(string scope) => new(1002012, "invalid_scope",
        $"The provided value for scope {scope} is not valid. "
            + "Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).");

    public static Refusal ResourceMismatch() =>
        new(9010010, "invalid_target", "The resource parameter provided in the request doesn't match with the requested scopes.");

    public static Refusal RedirectMismatch(string redirectUri, Application client) => new(50011, "invalid_request",
        $"The redirect URI '{redirectUri}' specified in the request does not match the redirect URIs configured for the application "
            + $"'{client.ClientId}'. Make sure the redirect URI sent in the request matches one added to your application in the Azure "
            + "portal. Navigate to https://aka.ms/redirectUriMismatchError to learn more about how to troubleshoot this error.");

    public static Refusal ResponseTypeNotEnabled(string responseType) => new(700054, "unsupported_response_type",
        $"response_type '{responseType}' is not enabled for the application.")
    { RedirectsToClient = true };

    public static Refusal ProofKeyRequired() => new(9002325, "invalid_request",
        "Proof Key for Code Exchange is required for cross-origin authorization code redemption.")
    { RedirectsToClient = true };

    public static Refusal UnknownUser(string user, Tenant tenant) => new(50034, "invalid_grant",
        $"The user account {user} does not exist in the {tenant.Id} directory. "
            + "To sign into this application, the account must be added to the directory.");

    public static Refusal AccountDisabled(string error) => new(50057, error, "The user account is disabled.");

    public static Refusal SessionRevoked(DateTimeOffset issued, DateTimeOffset revoked) => new(50173, "invalid_grant",
        "The provided grant has expired due to it being revoked, a fresh auth token is needed. "
            + "The user might have changed or reset their password. "
            + $"The grant was issued on '{issued:O}' and the TokensValidFrom date (before which tokens are not valid) for this user is "
            + $"'{revoked:O}'.");

    public static Refusal Declined() =>
        new(65004, "access_denied", "User declined to consent to access the app.") { RedirectsToClient = true };

    public static Refusal NoSession() => new(50058, "login_required",
        "A silent sign-in request was sent but no user is signed in.")
    { RedirectsToClient = true };

    public static Refusal SilentConsentNeeded(Application client) =>
        new(65001, "interaction_required", ConsentText(client)) { RedirectsToClient = true };

    public static Refusal AdministratorConsentNeeded(Application client) => new(90094, "access_denied",
        $"An administrator of the tenant has set a policy that prevents you from granting {client.DisplayName} the permissions it is "
            + "requesting. Contact an administrator, who can grant permissions to this application on your behalf.");

    public static Refusal ConsentNeeded(Application client) =>
        new(65001, "invalid_grant", ConsentText(client)) { Suberror = "consent_required" };

    public static Refusal NotAssigned(Application application, User user, string error) => new(50105, error,
        $"Your administrator has configured the application {application.DisplayName} ('{application.ClientId}') to block users unless "
            + "they are specifically granted ('assigned') access to the application. "
            + $"The signed in user '{user.PrincipalName}' is blocked because they are not a direct member of a group with access, "
            + "nor had access directly assigned by an administrator. "
            + "Please contact your administrator to assign access to this application.");

    public static Refusal ApplicationNotAssigned(Application client, Application resource) => new(501051, "invalid_grant",
        $"Application '{client.ClientId}'({client.DisplayName}) is not assigned to a role for the application "
            + $"'{resource.ClientId}'({resource.DisplayName}).");

    public static Refusal MultifactorNeeded(Application resource, ConditionalAccessPolicy policy, string error) => new(50076, error,
        "Due to a configuration change made by your administrator, or because you moved to a new location, "
            + $"you must use multi-factor authentication to access '{resource.ClientId}'.")
    { Suberror = "basic_action", Claims = Challenge(policy) };

    public static Refusal BlockedByPolicy(ConditionalAccessPolicy policy, string error) => new(53003, error,
        "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.")
    { Suberror = "message_only", Claims = Challenge(policy) };

    public static Refusal UnsupportedGrant(string grantType) =>
        new(70003, "unsupported_grant_type", $"The app requested an unsupported grant type '{grantType}'.");

    public static Refusal InvalidGrant(string parameter) =>
        new(70000, "invalid_grant",
            $"Provided grant is invalid or malformed. The value of the parameter '{parameter}' is not valid.")
        { Suberror = "bad_token" };

    public static Refusal ScopesNotAuthorized() => new(70000, "invalid_grant",
        "The request was denied because one or more scopes requested are unauthorized or expired. "
            + "The user must first sign in and grant the client application access to the requested scope.");

    public static Refusal CodeRedeemed() => new(54005, "invalid_grant",
        "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.");

    public static Refusal CodeExpired() => new(70008, "invalid_grant",
        "The provided authorization code or refresh token has expired due to inactivity. "
            + "Send a new interactive authorization request for this user and resource.");

    public static Refusal RefreshTokenExpired(DateTimeOffset issued, TimeSpan lifetime) => new(700082, "invalid_grant",
        $"The refresh token has expired due to inactivity. The token was issued on {issued:O} and was inactive for {lifetime}.");

    public static Refusal RedirectChanged(string sent, string authorized) => new(500112, "invalid_client",
        $"The reply address '{sent}' does not match the reply address '{authorized}' provided when requesting Authorization code.")
    { Status = StatusCodes.Status401Unauthorized };

    public static Refusal VerifierMismatch() => new(501481, "invalid_grant",
        "The Code_Verifier does not match the code_challenge supplied in the authorization request.");

    public static Refusal OriginNotAllowed(string origin) => new(9002326, "invalid_request",
        $"Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type. Request origin: '{origin}'.");

    public static Refusal OriginRequired() => new(9002327, "invalid_request",
        "Tokens issued for the 'Single-Page Application' client-type may only be redeemed via cross-origin requests.");

    private static string ConsentText(Application client) =>
        $"The user or administrator has not consented to use the application with ID '{client.ClientId}' named '{client.DisplayName}'. "
            + "Send an interactive authorization request for this user and resource.";

    private static string Challenge(ConditionalAccessPolicy policy) => JsonSerializer.Serialize(new
    {
        access_token = new { capolids = new { essential = true, values = new[] { policy.Id } } },
    });
}
