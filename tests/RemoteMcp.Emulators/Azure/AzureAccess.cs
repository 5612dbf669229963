using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.Emulators.Entra;

namespace RemoteMcp.Emulators.Azure;

/// <summary>Checks the bearer token of a request as Azure's services do, and returns their refusals.</summary>
internal sealed class AzureAccess(EntraDirectory directory, TokenInspector inspector)
{
    /// <returns>The object ID of the principal, or the refusal.</returns>
    public async Task<(string? Principal, IResult? Refusal)> CheckAsync(HttpContext context, string audience, string delegatedScope)
    {
        const string Scheme = "Bearer ";
        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return (null, Unauthorized(audience, "AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing."));
        }
        var token = TokenInspector.Read(header[Scheme.Length..].Trim());
        if (token is null || !await inspector.IsSignedHereAsync(token))
        {
            return (null, Unauthorized(audience, "InvalidAuthenticationToken", "The access token is invalid."));
        }
        if (directory.FindResource(token.Audiences.FirstOrDefault() ?? "", tenant: null)?.ClientId != audience)
        {
            return (null, Unauthorized(audience, "InvalidAuthenticationTokenAudience",
                $"The access token has been obtained for wrong audience or resource '{token.Audiences.FirstOrDefault()}'. "
                    + "It should exactly match with one of the allowed audiences."));
        }
        if (!inspector.IsTimely(token))
        {
            return (null, Unauthorized(audience, "ExpiredAuthenticationToken",
                "The access token expiry UTC time is earlier than current UTC time."));
        }
        return IsApp(token) || (TokenInspector.Claim(token, "scp") ?? "").Split(' ').Contains(delegatedScope)
            ? (TokenInspector.Claim(token, "oid"), null)
            : (null, Unauthorized(audience, "InvalidAuthenticationToken", "The access token has no scope for this service."));
    }

    private static bool IsApp(JsonWebToken token) => TokenInspector.Claim(token, "idtyp") == "app";

    private static IResult Unauthorized(string audience, string code, string message) => audience switch
    {
        MicrosoftApplications.LogAnalyticsId => AzureAnswers.Error(
            StatusCodes.Status401Unauthorized,
            code == "AuthenticationFailed" ? "AuthorizationRequiredError" : "InvalidTokenError",
            code == "AuthenticationFailed"
                ? "Valid authentication was not provided"
                : "The provided authentication is not valid for this resource"),
        MicrosoftApplications.KeyVaultId => KeyVaultAnswers.Unauthorized(code, message),
        _ => AzureAnswers.Error(StatusCodes.Status401Unauthorized, code, message),
    };
}
