using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using RemoteMcp.Http;

namespace RemoteMcp.Auth.Authentication;

/// <summary>
/// Writes the response to a request that is not authorized. The response has the challenge of RFC 6750, section 3, with
/// <c>resource_metadata</c> (RFC 9728, section 5.1), and a JSON-RPC error as its body.
/// </summary>
internal sealed class Challenges(IOptions<AuthOptions> options)
{
    private readonly AuthOptions _options = options.Value;

    /// <summary>Writes a 401 response: the request has no token, or its token is not valid.</summary>
    /// <param name="context">The request.</param>
    /// <param name="description">The problem with the token, or <see langword="null"/> if the request has no token.</param>
    public Task WriteUnauthorizedAsync(HttpContext context, string? description = null) => description is null
        // "If the request lacks any authentication information ..., the resource server SHOULD NOT include an error code".
        // (RFC 6750, section 3.1)
        ? WriteAsync(
            context,
            StatusCodes.Status401Unauthorized,
            null,
            "Unauthorized: sign in and send the access token in the Authorization header.",
            [])
        : WriteAsync(context, StatusCodes.Status401Unauthorized, "invalid_token", description, []);

    /// <summary>Writes a 400 response: the request sends its token in a way that is not allowed.</summary>
    public Task WriteInvalidRequestAsync(HttpContext context, string description) =>
        WriteAsync(context, StatusCodes.Status400BadRequest, "invalid_request", description, []);

    /// <summary>Writes a 403 response: the token is valid but does not allow the request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="scopes">The scopes that the request needs in addition to the server's own scope, without the identifier URI.</param>
    /// <param name="description">A description of what is missing.</param>
    public Task WriteInsufficientScopeAsync(HttpContext context, IReadOnlyCollection<string> scopes, string description) =>
        WriteAsync(context, StatusCodes.Status403Forbidden, "insufficient_scope", description, scopes);

    /// <summary>Returns the fully qualified name of a scope, which clients send to Entra.</summary>
    public string Qualify(string scope) => $"{_options.IdentifierUri}/{scope}";

    private Task WriteAsync(HttpContext context, int status, string? error, string description, IReadOnlyCollection<string> scopes)
    {
        RefusalReason.Set(context, error is null ? "no token" : string.Join(' ', [error, .. scopes]));
        var challenge = new StringBuilder("Bearer ");
        if (error is not null)
        {
            // The server writes every description itself. None contains a quotation mark or a backslash (RFC 6750, section 3).
            challenge.Append("error=\"").Append(error).Append("\", error_description=\"").Append(description).Append("\", ");
        }

        challenge.Append("resource_metadata=\"").Append(ResourceUrl.OfMetadata(context.Request)).Append("\", scope=\"")
            .Append(Qualify(_options.RequiredScope));
        foreach (var scope in scopes.Where(scope => scope != _options.RequiredScope))
        {
            challenge.Append(' ').Append(Qualify(scope));
        }

        context.Response.Headers.WWWAuthenticate = challenge.Append('"').ToString();
        return ProtocolError.WriteAsync(context, status, ProtocolError.Refused, description);
    }
}
