using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using RemoteMcp.Auth.Authentication;

namespace RemoteMcp.AuthorizationServer;

/// <summary>
/// Defines the paths of the authorization server. OpenIddict serves its endpoints below the path of the issuer, and they also answer at the
/// other paths where clients look for them.
/// </summary>
internal static class AuthorizationServerPaths
{
    /// <summary>The path of the issuer.</summary>
    public const string Base = ResourceUrl.IssuerPath;

    public const string Authorize = "/authorize";
    public const string Token = "/token";
    public const string Keys = "/jwks";
    public const string Metadata = "/.well-known/oauth-authorization-server";
    public const string Register = "/register";

    /// <summary>The path to which Entra ID redirects the browser.</summary>
    public const string Callback = "/callback";

    /// <summary>The path of the page where people see and revoke their grants.</summary>
    public const string Connections = "/connections";

    /// <summary>The path where a person completes a step that Conditional Access requires for a tool.</summary>
    public const string StepUp = "/step-up";

    private const string OpenIdMetadata = "/.well-known/openid-configuration";

    private static readonly FrozenDictionary<string, string> s_endpoints = new Dictionary<string, string>
    {
        [Base + Authorize] = Authorize,
        [Base + Token] = Token,
        [Base + Keys] = Keys,
        // One large client ignores the metadata and uses these paths.
        [Authorize] = Authorize,
        [Token] = Token,
        // RFC 8414, section 3.1, inserts the well-known path before the path of the issuer. OpenID Connect Discovery, section 4.1, appends
        // it. Clients of MCP 2025-03-26 look at the root.
        [Metadata + Base] = Metadata,
        [OpenIdMetadata + Base] = Metadata,
        [Base + Metadata] = Metadata,
        [Base + OpenIdMetadata] = Metadata,
        [Metadata] = Metadata,
        [OpenIdMetadata] = Metadata,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Returns the URL of an endpoint below the issuer.</summary>
    public static string UrlOf(HttpRequest request, string path) => ResourceUrl.OfIssuer(request) + path;

    /// <summary>Returns the path of an endpoint of OpenIddict, relative to the issuer, or <see langword="null"/> for other paths.</summary>
    public static string? FindEndpoint(PathString path) => path.Value is { } value ? s_endpoints.GetValueOrDefault(value) : null;
}
