using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using RemoteMcp.Emulators.Directories;

namespace RemoteMcp.Emulators.Entra.Authorize;

/// <summary>
/// <c>/{tenant}/oauth2/v2.0/authorize</c>: the authorization code flow
/// (https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow).
/// </summary>
internal sealed partial class AuthorizeEndpoint(
    EntraDirectory directory, GrantStore grants, SignIn signIn, EmulatorClock clock, RequestLog requests, ILogger<AuthorizeEndpoint> logger)
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapMethods(
        "/{tenant}/oauth2/v2.0/authorize", ["GET", "POST"],
        (string tenant, HttpContext context, AuthorizeEndpoint endpoint) => endpoint.HandleAsync(tenant, context));

    private async Task HandleAsync(string segment, HttpContext context)
    {
        RedirectTarget? target = null;
        var silent = false;
        try
        {
            var parameters = await RequestParameters.ReadAsync(context.Request);
            var tenant = FindTenant(segment);
            var clientId = parameters.Require("client_id");
            var client = directory.FindClient(clientId, tenant)
                ?? throw Refusals.UnknownApplication(clientId, tenant?.DisplayName ?? segment);
            target = RedirectTarget.Resolve(parameters, client);
            silent = parameters["prompt"] == "none";
            await AuthorizeAsync(context, parameters, tenant, client, target);
        }
        catch (Refusal exception)
        {
            LogRefusal(exception.Error, exception.Message);
            var body = exception.ToBody(context, clock);
            // A silent request never shows a page.
            await ((exception.RedirectsToClient || silent) && target is not null
                ? target.WriteAsync(
                    context,
                    ("error", body.Error),
                    ("error_description", body.ErrorDescription),
                    ("error_uri", body.ErrorUri),
                    ("error_subcode", body.Suberror))
                : Page.WriteErrorAsync(context, body, exception.Message));
        }
    }

    private async Task AuthorizeAsync(
        HttpContext context, RequestParameters parameters, Tenant? tenant, Application client, RedirectTarget target)
    {
        if (tenant is null && !client.MultiTenant)
        {
            throw Refusals.NotMultiTenant(client);
        }
        var responseType = parameters.Require("response_type");
        if (responseType != "code")
        {
            throw Refusals.ResponseTypeNotEnabled(responseType);
        }
        CheckPrompt(context.Request, parameters["prompt"]);
        var scopes = RequestedScopes.Parse(parameters.Require("scope"), parameters["resource"], client, tenant, directory);
        var challenge = RequireProofKey(parameters, target.Platform);
        if (HttpMethods.IsPost(context.Request.Method) && parameters["decision"] == "cancel")
        {
            throw Refusals.Declined();
        }
        if (signIn.NeedsPage(context.Request, parameters))
        {
            await Page.WriteSignInAsync(context, client, signIn.Accounts(parameters, tenant), scopes);
            return;
        }
        if (signIn.NeedsSecondFactorPage(context.Request, parameters, tenant, scopes))
        {
            await Page.WriteSecondFactorAsync(context, parameters.Require("user"));
            return;
        }
        var session = signIn.Start(parameters, tenant, client, scopes);
        var grant = new UserGrant(session, client, scopes) { Platform = target.Platform, Nonce = parameters["nonce"] };
        await target.WriteAsync(context, ("code", grants.AddCode(grant, target.Uri, challenge)), ("session_state", session.Id));
    }

    private void CheckPrompt(HttpRequest request, string? prompt)
    {
        if (prompt is null)
        {
            return;
        }
        if (HttpMethods.IsGet(request.Method))
        {
            requests.AddPrompt(prompt);
        }
        if (prompt is not ("none" or "login" or "select_account" or "consent"))
        {
            throw Refusals.UnknownPrompt(prompt);
        }
    }

    /// <summary>
    /// Entra requires a challenge from single-page applications. It allows desktop clients to send none, or "plain". The emulator requires
    /// S256 from both, like MCP, so that tests detect a client without a challenge.
    /// </summary>
    private static string? RequireProofKey(RequestParameters parameters, RedirectPlatform platform)
    {
        var challenge = parameters["code_challenge"];
        var isS256 = challenge is not null && parameters["code_challenge_method"] == "S256";
        return isS256 || (challenge is null && platform == RedirectPlatform.Web) ? challenge : throw Refusals.ProofKeyRequired();
    }

    private Tenant? FindTenant(string segment) =>
        EntraDirectory.IsMultiTenantSegment(segment) ? null
        : directory.TryFindTenant(segment, out var tenant) ? tenant
        : throw Refusals.UnknownTenant(segment);

    [LoggerMessage(Level = LogLevel.Information, Message = "Sign-in refused with {Error}: {Text}")]
    private partial void LogRefusal(string error, string text);
}
