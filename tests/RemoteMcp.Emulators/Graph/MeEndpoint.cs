using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.IdentityModel.JsonWebTokens;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.Emulators.Entra;

namespace RemoteMcp.Emulators.Graph;

/// <summary>
/// Emulates <c>/v1.0/me</c> of Microsoft Graph (https://learn.microsoft.com/graph/api/user-get) with its error formats. It is stricter than
/// Graph: a confidential client must have obtained the token, as with on-behalf-of. Tests thus detect a server that forwards a token that
/// its client obtained for Graph.
/// </summary>
internal sealed class MeEndpoint(EntraDirectory directory, TokenInspector inspector, GraphThrottle throttle, EmulatorClock time)
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1.0/me", (HttpContext context, MeEndpoint endpoint) => endpoint.HandleAsync(context));

    private async Task<IResult> HandleAsync(HttpContext context)
    {
        const string Scheme = "Bearer ";
        if (throttle.TryTake(out var retryAfter))
        {
            context.Response.Headers.RetryAfter = ((int)Math.Ceiling(retryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            return Error(context, StatusCodes.Status429TooManyRequests, "TooManyRequests", "Too many requests");
        }
        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return Unauthorized(context, "Access token is empty.");
        }
        var token = TokenInspector.Read(header[Scheme.Length..].Trim());
        if (token is null)
        {
            return Unauthorized(context, "IDX14100: JWT is not well formed, there are no dots (.).");
        }
        if (!await inspector.IsSignedHereAsync(token))
        {
            return Unauthorized(context, "Access token validation failure. Invalid signature.");
        }
        if (directory.FindResource(token.Audiences.FirstOrDefault() ?? "", tenant: null)?.ClientId != MicrosoftApplications.GraphId)
        {
            return Unauthorized(context, "Access token validation failure. Invalid audience.");
        }
        if (!inspector.IsTimely(token))
        {
            return Unauthorized(context, "Lifetime validation failed, the token is expired.");
        }
        return FindCaller(token) is { } user && IsDelegatedToApi(token)
            ? Results.Json(Describe(user))
            : Error(
                context, StatusCodes.Status403Forbidden, "Authorization_RequestDenied",
                "Insufficient privileges to complete the operation.");
    }

    private static bool IsDelegatedToApi(JsonWebToken token) =>
        (TokenInspector.Claim(token, "scp") ?? "").Split(' ').Contains("User.Read")
            && TokenInspector.Claim(token, "appidacr") is "1" or "2";

    private User? FindCaller(JsonWebToken token) =>
        directory.TryFindTenant(TokenInspector.Claim(token, "tid"), out var tenant)
            ? tenant.FindUser(TokenInspector.Claim(token, "oid"))
            : null;

    private static Dictionary<string, object?> Describe(User user) => new()
    {
        ["@odata.context"] = "https://graph.microsoft.com/v1.0/$metadata#users/$entity",
        ["businessPhones"] = Array.Empty<string>(),
        ["displayName"] = user.DisplayName,
        ["givenName"] = user.DisplayName.Split(' ')[0],
        ["jobTitle"] = user.JobTitle,
        ["mail"] = user.Mail,
        ["mobilePhone"] = null,
        ["officeLocation"] = null,
        ["preferredLanguage"] = null,
        ["surname"] = user.DisplayName.Split(' ')[^1],
        ["userPrincipalName"] = user.PrincipalName,
        ["id"] = user.ObjectId,
    };

    private IResult Unauthorized(HttpContext context, string message)
    {
        context.Response.Headers.WWWAuthenticate =
            "Bearer realm=\"\", authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\", client_id=\""
                + MicrosoftApplications.GraphId + "\"";
        return Error(context, StatusCodes.Status401Unauthorized, "InvalidAuthenticationToken", message);
    }

    private IResult Error(HttpContext context, int status, string code, string message) => Results.Json(
        new Dictionary<string, object>
        {
            ["error"] = new Dictionary<string, object>
            {
                ["code"] = code,
                ["message"] = message,
                ["innerError"] = new Dictionary<string, object>
                {
                    ["date"] = time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture),
                    ["request-id"] = context.TraceId(),
                    ["client-request-id"] = context.CorrelationId(),
                },
            },
        },
        statusCode: status);
}
