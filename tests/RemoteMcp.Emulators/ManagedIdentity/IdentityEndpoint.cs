using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.Emulators.Entra;
using RemoteMcp.Emulators.Entra.Token;

namespace RemoteMcp.Emulators.ManagedIdentity;

/// <summary>
/// The token endpoint that App Service and Functions provide to an app on loopback
/// (https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference).
/// </summary>
internal sealed class IdentityEndpoint(EntraDirectory directory, TokenIssuer issuer, EmulatorClock time, EmulatorOptions options)
{
    public const string Path = "/msi/token";

    private const string ApiVersion = "2019-08-01";

    // Azure caches the tokens of a managed identity for one day and gives them the same lifetime.
    private static readonly TimeSpan s_lifetime = TimeSpan.FromHours(24);

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet(Path, (HttpContext context, IdentityEndpoint endpoint) => endpoint.Handle(context));

    private IResult Handle(HttpContext context)
    {
        var query = context.Request.Query;
        // The header prevents server-side request forgery (SSRF): an attacker can make an app send a request, but not with this header.
        if (context.Request.Headers["X-IDENTITY-HEADER"] != options.IdentityHeader)
        {
            return Error(StatusCodes.Status401Unauthorized, "The X-IDENTITY-HEADER request header is missing or wrong.");
        }
        if (query["api-version"] != ApiVersion)
        {
            return Error(StatusCodes.Status400BadRequest, $"The api-version '{query["api-version"]}' is not supported.");
        }
        if (query["resource"].FirstOrDefault() is not { Length: > 0 } resource)
        {
            return Error(StatusCodes.Status400BadRequest, "The parameter 'resource' is required.");
        }
        var found = directory.Tenants
            .SelectMany(tenant => tenant.ManagedIdentities, (tenant, identity) => (Tenant: tenant, Identity: identity))
            .FirstOrDefault(entry => IsMeant(entry.Identity, query));
        if (found.Identity is null)
        {
            return Error(StatusCodes.Status400BadRequest,
                "No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.");
        }
        return directory.FindResource(resource, found.Tenant) is { } api
            ? Token(found.Tenant, found.Identity, api, resource)
            : Error(StatusCodes.Status400BadRequest, Refusals.UnknownResource(resource, found.Tenant.DisplayName).Message);
    }

    private IResult Token(Tenant tenant, Directories.AssignedIdentity identity, Application resource, string name)
    {
        var client = new Application
        {
            ClientId = identity.ClientId,
            DisplayName = "Managed identity",
            HomeTenantId = tenant.Id,
            ServicePrincipalId = identity.ObjectId,
        };
        var token = issuer.AccessToken(new AccessTokenRequest(tenant, client, resource)
        {
            Proof = ClientProof.Assertion,
            ResourceName = name,
            Roles = TokenResponses.RolesOf(identity.ObjectId, resource),
            Lifetime = s_lifetime,
            Overrides = new Dictionary<string, object?> { ["xms_mirid"] = identity.ResourceId },
        });
        return Results.Json(new
        {
            access_token = token,
            expires_on = time.GetUtcNow().Add(s_lifetime).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            resource = name,
            token_type = "Bearer",
            client_id = identity.ClientId,
        });
    }

    private static bool IsMeant(Directories.AssignedIdentity identity, IQueryCollection query)
    {
        var clientId = query["client_id"].FirstOrDefault();
        var resourceId = query["mi_res_id"].FirstOrDefault();
        var principalId = query["principal_id"].FirstOrDefault() ?? query["object_id"].FirstOrDefault();
        return (clientId, resourceId, principalId) switch
        {
            (not null, null, null) => Same(identity.ClientId, clientId),
            (null, not null, null) => Same(identity.ResourceId, resourceId),
            (null, null, not null) => Same(identity.ObjectId, principalId),
            (null, null, null) => identity.SystemAssigned,
            _ => false,
        };
    }

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    private static IResult Error(int status, string message) =>
        Results.Json(new { statusCode = status, message, correlationId = Guid.NewGuid() }, statusCode: status);
}
