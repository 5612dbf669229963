using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using RemoteMcp.Emulators.Directories;

namespace RemoteMcp.Emulators.Entra.Token;

/// <summary><c>/{tenant}/oauth2/v2.0/token</c>: authenticates the client and calls the grant type.</summary>
internal sealed class TokenEndpoint(EntraDirectory directory, ClientAuthentication authentication, IEnumerable<ITokenGrant> grants)
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost(
        "/{tenant}/oauth2/v2.0/token",
        (string tenant, HttpContext context, TokenEndpoint endpoint) => endpoint.HandleAsync(tenant, context));

    private async Task<IResult> HandleAsync(string segment, HttpContext context)
    {
        Tenant? tenant = null;
        if (!EntraDirectory.IsMultiTenantSegment(segment) && !directory.TryFindTenant(segment, out tenant))
        {
            throw Refusals.UnknownTenant(segment);
        }
        var parameters = await RequestParameters.ReadAsync(context.Request, formOnly: true);
        var grantType = parameters.Require("grant_type");
        var grant = grants.FirstOrDefault(candidate => candidate.GrantTypes.Contains(grantType))
            ?? throw Refusals.UnsupportedGrant(grantType);
        var (client, proof) = await authentication.AuthenticateAsync(context.Request, parameters, tenant, segment);
        var origin = context.Request.Headers.Origin.FirstOrDefault();
        var response = await grant.HandleAsync(new TokenRequest(tenant, client, proof, parameters, origin));
        context.Response.Headers.CacheControl = "no-store, no-cache";
        return Results.Json(response);
    }
}
