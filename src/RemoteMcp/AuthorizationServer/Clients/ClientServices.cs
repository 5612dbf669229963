using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RemoteMcp.DataProtection;
using RemoteMcp.Observability;

namespace RemoteMcp.AuthorizationServer.Clients;

/// <summary>Registers the services that find and register clients.</summary>
internal static class ClientServices
{
    /// <summary>
    /// Adds <see cref="ClientResolver"/>, <see cref="ClientRegistration"/>, and <see cref="RedirectPolicy"/>. They need
    /// <see cref="Storage.IStateStore"/> for the keys of the fleet.
    /// </summary>
    public static IServiceCollection AddClients(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<AuthorizationServerOptions>, AuthorizationServerOptionsValidator>());
        services.AddFleetDataProtection(configuration);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<SignInAudit>().AddCompleteLog<SignInAudit>();
        services.TryAddSingleton<RedirectPolicy>();
        services.TryAddSingleton<SealedRegistrations>();
        services.TryAddSingleton<ClientRegistration>();
        services.TryAddSingleton<ClientResolver>();
        services.TryAddSingleton(static provider => new ClientMetadataDocuments(
            PublicHttpHandler.Create(),
            provider.GetRequiredService<RedirectPolicy>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ClientMetadataDocuments>>()));
        return services;
    }
}
