using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using RemoteMcp.Http;

namespace RemoteMcp.Auth.Authentication;

/// <summary>
/// Refuses a request for want of authorization, in the words that clients understand: the challenge of RFC 6750, section 3, with
/// <c>resource_metadata</c> (RFC 9728, section 5.1), and a JSON-RPC error as the body.
/// </summary>
internal sealed class Challenges(IOptions<AuthOptions> options)
{
    private readonly AuthOptions _options = options.Value;

    /// <summary>No token came, or none that is good: 401.</summary>
    /// <param name="context">The request.</param>
    /// <param name="description">What is wrong with the token that came; <see langword="null"/> where none came.</param>
    public Task WriteUnauthorizedAsync(HttpContext context, string? description = null) => description is null
        // "If the request lacks any authentication information ..., the resource server SHOULD NOT include an error code". (RFC 6750, section 3.1)
        ? WriteAsync(context, StatusCodes.Status401Unauthorized, null, "Unauthorized: sign in and send the access token in the Authorization header.", [])
        : WriteAsync(context, StatusCodes.Status401Unauthorized, "invalid_token", description, []);

    /// <summary>The token did not come as it must: 400.</summary>
    public Task WriteInvalidRequestAsync(HttpContext context, string description) =>
        WriteAsync(context, StatusCodes.Status400BadRequest, "invalid_request", description, []);

    /// <summary>The token is good, and not enough for what is asked: 403.</summary>
    /// <param name="context">The request.</param>
    /// <param name="scopes">The scopes that it needs besides the server's own, not qualified.</param>
    /// <param name="description">What is missing, in words.</param>
    public Task WriteInsufficientScopeAsync(HttpContext context, IReadOnlyCollection<string> scopes, string description) =>
        WriteAsync(context, StatusCodes.Status403Forbidden, "insufficient_scope", description, scopes);

    /// <summary>The name by which clients ask Entra for a scope.</summary>
    public string Qualify(string scope) => $"{_options.IdentifierUri}/{scope}";

    private Task WriteAsync(HttpContext context, int status, string? error, string description, IReadOnlyCollection<string> scopes)
    {
        var challenge = new StringBuilder("Bearer ");
        if (error is not null)
        {
            // Descriptions are our own words; none has a quote or a backslash (RFC 6750, section 3).
            challenge.Append("error=\"").Append(error).Append("\", error_description=\"").Append(description).Append("\", ");
        }

        challenge.Append("resource_metadata=\"").Append(ResourceUrl.OfMetadata(context.Request)).Append("\", scope=\"").Append(Qualify(_options.RequiredScope));
        foreach (var scope in scopes.Where(scope => scope != _options.RequiredScope))
        {
            challenge.Append(' ').Append(Qualify(scope));
        }

        context.Response.Headers.WWWAuthenticate = challenge.Append('"').ToString();
        return ProtocolError.WriteAsync(context, status, ProtocolError.Refused, description);
    }
}
