using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RemoteMcp.Configuration;
using RemoteMcp.ManagedIdentity;
using RemoteMcp.Storage;

namespace RemoteMcp.DataProtection;

/// <summary>Registers the keys of the fleet.</summary>
internal static class DataProtectionServices
{
    /// <summary>
    /// Adds ASP.NET Core Data Protection with its key ring in <see cref="IStateStore"/>, and <see cref="FleetSecret"/>. The ring is read
    /// when the host starts, so that no request waits for it. If the section <see cref="KeyProtectionOptions.Section"/> names a key in
    /// Azure Key Vault, the ring is encrypted with it.
    /// </summary>
    public static IServiceCollection AddFleetDataProtection(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddStrictOptions<KeyProtectionOptions>(configuration, KeyProtectionOptions.Section);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<KeyProtectionOptions>, KeyProtectionOptionsValidator>());
        services.AddAppCredential(configuration);
        services.AddHttpClient(KeyVaultClient.HttpClientName)
            .ConfigurePrimaryHttpMessageHandler(static () => new SocketsHttpHandler { AllowAutoRedirect = false });
        services.TryAddSingleton(CreateEnvelopes);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, UnprotectedKeysWarning>());
        services.AddDataProtection().SetApplicationName("RemoteMcp");
        services.TryAddSingleton<StateXmlRepository>();
        services.AddOptions<KeyManagementOptions>().Configure<StateXmlRepository, KeyEnvelopes, TimeProvider>(
            static (keys, repository, envelopes, time) =>
            {
                keys.XmlRepository = repository;
                keys.XmlEncryptor = envelopes.IsEnabled ? new KeyVaultXmlEncryptor(envelopes, time) : null;
            });
        // With every new key, the key manager warns if there is no encryptor. UnprotectedKeysWarning says what to do instead.
        services.Configure<LoggerFilterOptions>(static logging => logging.AddFilter(typeof(XmlKeyManager).FullName, LogLevel.Error));
        services.TryAddSingleton<KeyRing>();
        services.TryAddSingleton<KeyRingHealthCheck>();
        services.TryAddSingleton<FleetSecret>();
        services.TryAddSingleton<SigningKeys>();
        return services.AddStateTable(KeyRows.Table);
    }

    private static KeyEnvelopes CreateEnvelopes(IServiceProvider services)
    {
        var logger = services.GetRequiredService<ILogger<KeyEnvelopes>>();
        return services.GetRequiredService<IOptions<KeyProtectionOptions>>().Value.KeyVaultKey is { } key
            ? new KeyEnvelopes(
                KeyVaultKeyId.TryParse(key),
                new KeyVaultClient(
                    services.GetRequiredService<IHttpClientFactory>(),
                    services.GetRequiredService<AppCredential>(),
                    services.GetRequiredService<TimeProvider>()),
                logger)
            : new KeyEnvelopes(null, null, logger);
    }
}
