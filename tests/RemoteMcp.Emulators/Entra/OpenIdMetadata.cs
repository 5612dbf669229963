using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.IdentityModel.Tokens;
using RemoteMcp.Emulators.Directories;

namespace RemoteMcp.Emulators.Entra;

/// <summary>
/// The documents with which clients and APIs discover Entra. As in Entra, <c>registration_endpoint</c>,
/// <c>code_challenge_methods_supported</c>, and the RFC 8414 document are missing, and the issuer of <c>common</c> contains a literal
/// <c>{tenantid}</c>.
/// </summary>
internal sealed class OpenIdMetadata(EmulatorAddresses addresses, EntraDirectory directory, SigningKeys keys)
{
    private const string CloudName = "microsoftonline.com";
    private const string IssuerTemplate = "{tenantid}";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/{tenant}/v2.0/.well-known/openid-configuration", (string tenant, OpenIdMetadata metadata) =>
            metadata.Version2(tenant));
        routes.MapGet("/{tenant}/.well-known/openid-configuration", (string tenant, OpenIdMetadata metadata) => metadata.Version1(tenant));
        routes.MapGet("/{tenant}/discovery/v2.0/keys", (string tenant, OpenIdMetadata metadata) => metadata.Keys(tenant, withIssuer: true));
        routes.MapGet("/{tenant}/discovery/keys", (string tenant, OpenIdMetadata metadata) => metadata.Keys(tenant, withIssuer: false));
        routes.MapGet("/common/discovery/instance", (OpenIdMetadata metadata) => metadata.Instances());
    }

    private IResult Version2(string segment)
    {
        var id = TenantId(segment);
        var document = Shared(segment);
        document["token_endpoint"] = Url($"{segment}/oauth2/v2.0/token");
        document["jwks_uri"] = Url($"{segment}/discovery/v2.0/keys");
        document["scopes_supported"] = new JsonArray("openid", "profile", "email", "offline_access");
        document["issuer"] = addresses.IssuerV2(id);
        document["request_uri_parameter_supported"] = false;
        document["userinfo_endpoint"] = "https://graph.microsoft.com/oidc/userinfo";
        document["authorization_endpoint"] = Url($"{segment}/oauth2/v2.0/authorize");
        document["device_authorization_endpoint"] = Url($"{segment}/oauth2/v2.0/devicecode");
        document["end_session_endpoint"] = Url($"{segment}/oauth2/v2.0/logout");
        return Results.Json(document);
    }

    private IResult Version1(string segment)
    {
        var document = Shared(segment);
        document["authorization_endpoint"] = Url($"{segment}/oauth2/authorize");
        document["token_endpoint"] = Url($"{segment}/oauth2/token");
        document["jwks_uri"] = Url("common/discovery/keys");
        document["issuer"] = EmulatorAddresses.IssuerV1(TenantId(segment));
        return Results.Json(document);
    }

    private JsonObject Shared(string segment) => new()
    {
        ["token_endpoint_auth_methods_supported"] = new JsonArray("client_secret_post", "private_key_jwt", "client_secret_basic"),
        ["response_modes_supported"] = new JsonArray("query", "fragment", "form_post"),
        ["subject_types_supported"] = new JsonArray("pairwise"),
        ["id_token_signing_alg_values_supported"] = new JsonArray("RS256"),
        ["response_types_supported"] = new JsonArray("code", "id_token", "code id_token", "id_token token"),
        ["http_logout_supported"] = true,
        ["frontchannel_logout_supported"] = true,
        ["claims_supported"] = new JsonArray(
            "sub", "iss", "cloud_instance_name", "cloud_instance_host_name", "cloud_graph_host_name", "msgraph_host", "aud", "exp", "iat",
            "auth_time", "acr", "nonce", "preferred_username", "name", "tid", "ver", "at_hash", "c_hash", "email"),
        ["kerberos_endpoint"] = Url($"{segment}/kerberos"),
        ["tenant_region_scope"] = EntraDirectory.IsMultiTenantSegment(segment) ? null : "EU",
        ["cloud_instance_name"] = CloudName,
        ["cloud_graph_host_name"] = "graph.windows.net",
        ["msgraph_host"] = "graph.microsoft.com",
        ["rbac_url"] = "https://pas.windows.net",
    };

    private IResult Keys(string segment, bool withIssuer)
    {
        var id = TenantId(segment);
        return Results.Json(new JsonObject
        {
            ["keys"] = new JsonArray([.. keys.Published.Select(key => Describe(key, withIssuer ? addresses.IssuerV2(id) : null))]),
        });
    }

    private static JsonObject Describe(X509SecurityKey key, string? issuer)
    {
        var jwk = JsonWebKeyConverter.ConvertFromX509SecurityKey(key, representAsRsaKey: true);
        var described = new JsonObject
        {
            ["kty"] = "RSA",
            ["use"] = "sig",
            ["kid"] = key.KeyId,
            ["x5t"] = key.X5t,
            ["n"] = jwk.N,
            ["e"] = jwk.E,
            ["x5c"] = new JsonArray(Convert.ToBase64String(key.Certificate.RawData)),
        };
        if (issuer is not null)
        {
            described["cloud_instance_name"] = CloudName;
            described["issuer"] = issuer;
        }
        return described;
    }

    // MSAL requests this document before it trusts an authority (api-version 1.1).
    private IResult Instances() => Results.Json(new JsonObject
    {
        ["tenant_discovery_endpoint"] = Url("common/v2.0/.well-known/openid-configuration"),
        ["api-version"] = "1.1",
        ["metadata"] = new JsonArray(new JsonObject
        {
            ["preferred_network"] = addresses.Entra.Host,
            ["preferred_cache"] = addresses.Entra.Host,
            ["aliases"] = new JsonArray(addresses.Entra.Host),
        }),
    });

    private string TenantId(string segment) =>
        EntraDirectory.IsMultiTenantSegment(segment) ? IssuerTemplate
        : directory.TryFindTenant(segment, out var tenant) ? tenant.Id
        : throw Refusals.UnknownTenant(segment);

    private string Url(string path) => new Uri(addresses.Entra, path).ToString();
}
