using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Identity.Web;
using Microsoft.Identity.Web.TokenCacheProviders;
using Microsoft.Identity.Web.TokenCacheProviders.Distributed;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.ManagedIdentity;
using RemoteMcp.Storage;

namespace RemoteMcp.Auth.OnBehalfOf;

/// <summary>Registers the identities with which tools call cloud services.</summary>
internal static class CloudServices
{
    // A token takes about 10 KB. There is one for each caller and API.
    private const long MaxTokensInMemory = 32 * 1024 * 1024;

    /// <summary>Adds the services that tools can receive: <see cref="CloudIdentity"/> and <see cref="CallerInfo"/>.</summary>
    public static IServiceCollection AddCloudIdentity(this IServiceCollection services)
    {
        services.TryAddScoped<CallerAccessor>();
        services.TryAddScoped(static scope => CallerInfo.From(scope.GetRequiredService<CallerAccessor>().User));
        services.TryAddScoped(static scope =>
        {
            var app = scope.GetRequiredService<AppCredential>();
            return new CloudIdentity(
                app, new CallerCredential(scope.GetRequiredService<CallerAccessor>().User, app, scope.GetService<OnBehalfOfFlow>()));
        });
        return services;
    }

    /// <summary>Adds the on-behalf-of flow, which exchanges the tokens of callers.</summary>
    public static IServiceCollection AddOnBehalfOf(this IServiceCollection services)
    {
        services.AddTokenAcquisition(isTokenAcquisitionSingleton: true);
        services.AddSingleton<ExchangedTokenCache>().AddStateTable(ExchangedTokenCache.Table);
        // Does the same as AddDistributedTokenCaches, but with a separate cache. The application's own IDistributedCache holds no tokens.
        services.AddSingleton<IMsalTokenCacheProvider>(static provider => new MsalDistributedTokenCacheAdapter(
            provider.GetRequiredService<ExchangedTokenCache>(),
            Options.Create(
                new MsalDistributedTokenCacheAdapterOptions { L1CacheOptions = new MemoryCacheOptions { SizeLimit = MaxTokensInMemory } }),
            provider.GetRequiredService<ILogger<MsalDistributedTokenCacheAdapter>>()));
        services.AddSingleton<ExchangeErrors>();
        services.AddSingleton<OnBehalfOfFlow>();
        services.AddSingleton<CallerTokens>();
        services.AddOptions<MicrosoftIdentityOptions>(JwtBearerDefaults.AuthenticationScheme)
            .Configure<IServiceProvider>(static (entra, provider) =>
                entra.ClientCredentials = [provider.GetRequiredService<OnBehalfOfFlow>().Credential]);
        return services;
    }
}
