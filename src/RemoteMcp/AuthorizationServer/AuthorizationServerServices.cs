using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.Auth.OnBehalfOf;
using RemoteMcp.AuthorizationServer.Clients;
using RemoteMcp.AuthorizationServer.Grants;
using RemoteMcp.AuthorizationServer.Protocol;
using RemoteMcp.AuthorizationServer.SignIn;
using RemoteMcp.AuthorizationServer.Upstream;
using RemoteMcp.Configuration;
using RemoteMcp.Storage;
using static OpenIddict.Server.OpenIddictServerEvents;
using SecurityAlgorithms = Microsoft.IdentityModel.Tokens.SecurityAlgorithms;

namespace RemoteMcp.AuthorizationServer;

/// <summary>Registers the authorization server.</summary>
internal static class AuthorizationServerServices
{
    // RFC 6749, section 4.1.2, recommends at most 10 minutes.
    private static readonly TimeSpan s_codeLifetime = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Adds the authorization server, if the settings enable it: <c>RemoteMcp:Auth:Mode</c> is <c>Entra</c>, and
    /// <c>RemoteMcp:Auth:SignIn</c> is <c>Server</c>.
    /// </summary>
    public static IServiceCollection AddAuthorizationServer(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddStrictOptions<AuthorizationServerOptions>(configuration, AuthorizationServerOptions.Section);
        services.AddClients(configuration);
        if (!IsEnabled(configuration))
        {
            return services;
        }

        services.AddSingleton<GrantStore>().AddStateTable(Grant.Table);
        services.AddSingleton<GrantTokens>();
        services.AddSingleton<GrantSeal>();
        services.AddSingleton<UpstreamCredential>();
        services.AddSingleton<EntraSignIn>();
        services.AddSingleton<IUpstreamTokens, UpstreamTokens>();
        services.AddSingleton<SignInFlow>();
        services.AddSingleton<SignInScopes>();
        services.AddSingleton<SignInPages>();
        services.AddSingleton<ConnectionsSession>();
        services.AddSingleton<CallbackEndpoint>();
        services.AddSingleton<ConnectionsEndpoint>();
        services.AddSingleton<StepUpEndpoint>();
        services.AddSingleton<AuthorizationServerHealthCheck>();
        services.AddHealthChecks().AddCheck<AuthorizationServerHealthCheck>("authorization-server");
        services.AddScoped<ClientRefusal>();
        // OpenIddict writes requests to the log, with the PKCE verifier, the state, and the ticket. The host writes URLs with their query.
        services.PostConfigure<LoggerFilterOptions>(static logging => logging
            .AddFilter("OpenIddict", LogLevel.Warning)
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning));
        services.AddOpenIddict()
            .AddCore(static core => core
                .SetDefaultApplicationEntity<ClientApplication>()
                .ReplaceApplicationStore<ClientApplication, ClientStore>(ServiceLifetime.Scoped)
                .ReplaceApplicationManager<ClientApplication, ClientManager>())
            .AddServer(Configure);
        services.AddOptions<OpenIddictServerOptions>().Configure<TimeProvider, IOptions<AuthorizationServerOptions>>(
            static (server, time, options) =>
            {
                server.TimeProvider = time;
                server.CodeChallengeMethods.Remove(OpenIddictConstants.CodeChallengeMethods.Plain);
                // Clients of MCP use the query. A fragment would stay in the browser, and a form would need a script.
                server.ResponseModes.Remove(OpenIddictConstants.ResponseModes.Fragment);
                server.ResponseModes.Remove(OpenIddictConstants.ResponseModes.FormPost);
                server.AccessTokenLifetime = options.Value.AccessTokenLifetime;
                server.RefreshTokenLifetime = options.Value.RefreshTokenLifetime;
            });
        return services;
    }

    /// <summary>Returns whether the settings enable the authorization server.</summary>
    public static bool IsEnabled(IConfiguration configuration)
    {
        var auth = configuration.GetSection(AuthOptions.Section);
        return Enum.TryParse<AuthMode>(auth[nameof(AuthOptions.Mode)], ignoreCase: true, out var mode)
            && mode == AuthMode.Entra
            && !(Enum.TryParse<SignInMode>(auth[nameof(AuthOptions.SignIn)], ignoreCase: true, out var signIn)
                && signIn == SignInMode.Direct);
    }

    private static void Configure(OpenIddictServerBuilder server)
    {
        // The paths are relative to the issuer. AuthorizationServerMiddleware maps the other paths to them.
        server.SetAuthorizationEndpointUris(Relative(AuthorizationServerPaths.Authorize))
            .SetTokenEndpointUris(Relative(AuthorizationServerPaths.Token))
            .SetJsonWebKeySetEndpointUris(Relative(AuthorizationServerPaths.Keys))
            .SetConfigurationEndpointUris(Relative(AuthorizationServerPaths.Metadata))
            .AllowAuthorizationCodeFlow()
            .AllowRefreshTokenFlow()
            .RequireProofKeyForCodeExchange()
            .SetAuthorizationCodeLifetime(s_codeLifetime)
            .DisableAccessTokenEncryption()
            // The grant's row decides which codes and refresh tokens are valid (docs/decisions/0014-authorization-server.md).
            .DisableTokenStorage()
            .DisableAuthorizationStorage()
            .DisableSlidingRefreshTokenExpiration()
            // SignInScopes leaves out unknown scopes, and ResourceHandler validates resources.
            .DisableScopeValidation()
            .DisableResourceValidation()
            .IgnoreEndpointPermissions()
            .IgnoreGrantTypePermissions()
            .IgnoreResponseTypePermissions()
            .IgnoreScopePermissions()
            .IgnoreResourcePermissions()
            // OpenIddict requires keys at the start. AccessTokenHandler signs with the keys of the fleet, and nothing uses these. Without
            // the algorithms, OpenIddict generates RSA keys, which delays the first request of every instance.
            .AddEphemeralEncryptionKey(SecurityAlgorithms.Aes256KW)
            .AddEphemeralSigningKey(SecurityAlgorithms.EcdsaSha256);
        server.UseDataProtection().PreferDefaultAccessTokenFormat();
        server.UseAspNetCore().DisableTransportSecurityRequirement();
        server.AddEventHandler<HandleAuthorizationRequestContext>(static handler => handler.UseScopedHandler<AuthorizeHandler>());
        server.AddEventHandler<HandleTokenRequestContext>(static handler => handler.UseScopedHandler<TokenHandler>());
        server.AddEventHandler<ApplyTokenResponseContext>(
            static handler => handler.UseScopedHandler<TokenHandler>().SetOrder(int.MinValue + 10_000));
        server.AddEventHandler<ApplyAuthorizationResponseContext>(
            static handler => handler.UseScopedHandler<ErrorPageHandler>().SetOrder(0));
        server.AddEventHandler<HandleConfigurationRequestContext>(
            static handler => handler.UseSingletonHandler<MetadataHandler>().SetOrder(int.MaxValue));
        server.AddEventHandler<HandleJsonWebKeySetRequestContext>(
            static handler => handler.UseSingletonHandler<AccessTokenHandler>().SetOrder(int.MaxValue));
        server.AddEventHandler<GenerateTokenContext>(
            static handler => handler.UseSingletonHandler<AccessTokenHandler>()
                .SetOrder(OpenIddictServerHandlers.Protection.AttachSecurityCredentials.Descriptor.Order + 1));
        server.AddEventHandler<ProcessSignInContext>(
            static handler => handler.UseSingletonHandler<AccessTokenHandler>()
                .SetOrder(OpenIddictServerHandlers.PrepareAccessTokenPrincipal.Descriptor.Order + 1));
        server.AddEventHandler<ValidateAuthorizationRequestContext>(
            static handler => handler.UseSingletonHandler<ParameterHandler>().SetOrder(int.MinValue));
        server.AddEventHandler<ValidateTokenRequestContext>(
            static handler => handler.UseSingletonHandler<ParameterHandler>().SetOrder(int.MinValue));
        // A refreshed token has the scopes of the grant, whatever the client requests. Clients request again what they requested at the
        // sign-in, and the name of a granted scope can differ from that.
        server.RemoveEventHandler(OpenIddictServerHandlers.Exchange.ValidateGrantedScopes.Descriptor);
        // The request is valid then, so that the client gets the error. Before, every error is for the person.
        server.AddEventHandler<HandleAuthorizationRequestContext>(
            static handler => handler.UseSingletonHandler<ResourceHandler>().SetOrder(-1));
        server.AddEventHandler<ValidateTokenRequestContext>(
            static handler => handler.UseSingletonHandler<ResourceHandler>().SetOrder(int.MaxValue));
        server.AddEventHandler<ProcessRequestContext>(
            static handler => handler.UseInlineHandler(AuthorizationServerMiddleware.SetEndpoint)
                .SetOrder(OpenIddictServerAspNetCoreHandlers.ResolveRequestUri.Descriptor.Order + 1));
    }

    private static string Relative(string path) => path[1..];
}
