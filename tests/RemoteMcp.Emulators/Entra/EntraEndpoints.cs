// Why this project implements the endpoints instead of configuring an OAuth server library (OpenIddict 7.8 was evaluated): the emulator
// exists for the special behavior of Entra. Tenants are path segments. The resource of the scopes determines how a request is validated.
// Errors are AADSTS numbers in Entra's JSON. The token version, v1 or v2, differs between APIs. The discovery document lacks members of RFC
// 8414. On-behalf-of and federated assertions follow Microsoft's rules. A library would need an event handler for each of these, which
// would be more code than the endpoints. Microsoft.IdentityModel does all cryptography and handles all JWTs and JWKs.
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
        .AddSingleton<CertificateAssertions>()
        .AddSingleton<FederatedAssertions>()
        .AddSingleton<ClientAuthentication>()
        .AddSingleton<TokenResponses>()
        .AddSingleton<ITokenGrant, AuthorizationCodeGrant>()
        .AddSingleton<ITokenGrant, RefreshTokenGrant>()
        .AddSingleton<ITokenGrant, ClientCredentialsGrant>()
        .AddSingleton<ITokenGrant, OnBehalfOfGrant>()
        .AddSingleton<ITokenGrant, DeviceCodeGrant>()
        .AddSingleton<TokenEndpoint>()
        // Browser clients may read metadata, keys, and tokens, but not the sign-in page.
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
