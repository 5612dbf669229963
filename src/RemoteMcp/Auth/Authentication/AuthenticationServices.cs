using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Microsoft.Identity.Web;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using RemoteMcp.Configuration;

namespace RemoteMcp.Auth.Authentication;

/// <summary>Registers the validation of callers' tokens.</summary>
internal static class AuthenticationServices
{
    // The interval is short so that the server soon stops accepting a withdrawn key. The library's default is 12 hours. For new keys, that
    // would be short enough, because Entra publishes a key days before it signs with it.
    private static readonly TimeSpan s_keyRefreshInterval = TimeSpan.FromHours(1);

    // The minimum time between two downloads, regardless of how many tokens name unknown keys.
    private static readonly TimeSpan s_minKeyRefreshInterval = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan s_downloadTimeout = TimeSpan.FromSeconds(10);

    public static IServiceCollection AddCallerAuthentication(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddStrictOptions<AuthOptions>(configuration, AuthOptions.Section);
        services.AddSingleton<IValidateOptions<AuthOptions>, AuthOptionsValidator>();
        services.AddSingleton<Challenges>();
        services.AddSingleton<TokenRules>();
        services.AddSingleton<IssuerKeys>();
        services.AddSingleton<ServerTokens>();
        services.AddSingleton<BearerAuthentication>();
        services.AddSingleton(provider => new ValidatedTokens(
            new JsonWebTokenHandler { MapInboundClaims = false }, provider.GetRequiredService<TimeProvider>()));
        services.AddOptions<HealthCheckServiceOptions>().Configure<IOptions<AuthOptions>>(static (health, auth) =>
        {
            if (auth.Value.Mode == AuthMode.Entra)
            {
                health.Registrations.Add(
                    new HealthCheckRegistration("identity", static provider => provider.GetRequiredService<IssuerKeys>(), null, null));
            }
        });

        services.AddAuthentication(NoAuthentication.Scheme)
            .AddScheme<AuthenticationSchemeOptions, NoAuthentication>(NoAuthentication.Scheme, null)
            .AddMicrosoftIdentityWebApi(static _ => { }, static _ => { });
        services.AddOptions<MicrosoftIdentityOptions>(JwtBearerDefaults.AuthenticationScheme)
            .Configure<IOptions<AuthOptions>>(static (entra, auth) =>
            {
                entra.Instance = auth.Value.Instance;
                entra.TenantId = auth.Value.TenantId;
                entra.ClientId = auth.Value.ClientId;
                // TokenRules checks scopes and roles instead, because it can state exactly what a token lacks.
                entra.AllowWebApiToBeAuthorizedByACL = true;
            });
        services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme)
            .Configure<IOptions<AuthOptions>, ValidatedTokens>(static (bearer, auth, tokens) =>
            {
                bearer.MapInboundClaims = false;
                bearer.TokenHandlers.Clear();
                bearer.TokenHandlers.Add(tokens);
                bearer.TokenValidationParameters.ValidIssuers = auth.Value.Issuers;
                bearer.TokenValidationParameters.ValidAudiences = [auth.Value.ClientId!, .. auth.Value.Audiences];
                // Entra signs with RS256. The server allows no other algorithm, although other algorithms could use the same RSA keys.
                bearer.TokenValidationParameters.ValidAlgorithms = [SecurityAlgorithms.RsaSha256];
                bearer.TokenValidationParameters.RoleClaimType = "roles";
                bearer.TokenValidationParameters.NameClaimType = "preferred_username";
                bearer.AutomaticRefreshInterval = s_keyRefreshInterval;
                bearer.RefreshInterval = s_minKeyRefreshInterval;
                bearer.BackchannelTimeout = s_downloadTimeout;
            });
        services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme).PostConfigure(static bearer =>
        {
            // With the last known good configuration, the server would accept a withdrawn key for another hour.
            if (bearer.ConfigurationManager is BaseConfigurationManager keys)
            {
                keys.UseLastKnownGoodConfiguration = false;
            }
        });
        return services;
    }
}
