// Why these endpoints are written out instead of configured on an OAuth server library (OpenIddict 7.8 was weighed): the emulator
// exists for what is peculiar to Entra. Tenants are path segments, a request is validated by the resource that its scopes belong to,
// errors are AADSTS numbers in Entra's own JSON, v1 and v2 tokens differ per API, discovery omits what RFC 8414 has, on-behalf-of and
// federated assertions follow Microsoft's rules. With a library each of these is an event handler that replaces a default: more code
// than the endpoints, spread over a pipeline that validates other things first. All cryptography, JWTs and JWKs are Microsoft.IdentityModel's.
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using RemoteMcp.Emulators.Entra.Authorize;
using RemoteMcp.Emulators.Entra.Token;

namespace RemoteMcp.Emulators.Entra;

/// <summary>Entra ID's endpoints.</summary>
internal static class EntraEndpoints
{
    public static IServiceCollection AddEntra(this IServiceCollection services) => services
        .AddSingleton<SigningKeys>()
        .AddSingleton<TokenIssuer>()
        .AddSingleton<TokenInspector>()
        .AddSingleton<GrantStore>()
        .AddSingleton<SignIn>()
        .AddSingleton<OpenIdMetadata>()
        .AddSingleton<AuthorizeEndpoint>()
        .AddSingleton<DeviceEndpoints>()
        .AddSingleton<FederatedAssertions>()
        .AddSingleton<ClientAuthentication>()
        .AddSingleton<TokenResponses>()
        .AddSingleton<ITokenGrant, AuthorizationCodeGrant>()
        .AddSingleton<ITokenGrant, RefreshTokenGrant>()
        .AddSingleton<ITokenGrant, ClientCredentialsGrant>()
        .AddSingleton<ITokenGrant, OnBehalfOfGrant>()
        .AddSingleton<ITokenGrant, DeviceCodeGrant>()
        .AddSingleton<TokenEndpoint>()
        // Metadata, keys and tokens are for browsers too; the sign-in page is not.
        .AddCors(cors => cors.AddDefaultPolicy(policy => policy.AllowAnyOrigin().AllowAnyMethod().AllowAnyHeader()));

    public static void MapEntra(this IEndpointRouteBuilder routes)
    {
        AuthorizeEndpoint.Map(routes);
        var open = routes.MapGroup("").RequireCors();
        OpenIdMetadata.Map(open);
        TokenEndpoint.Map(open);
        DeviceEndpoints.Map(open);
    }
}
