using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using RemoteMcp.Configuration;
using RemoteMcp.ManagedIdentity;
using RemoteMcp.Storage.Tables;

namespace RemoteMcp.Storage;

/// <summary>Registers the state store.</summary>
internal static class StorageServices
{
    /// <summary>
    /// Adds <see cref="IStateStore"/> as configured in the section <see cref="StorageOptions.Section"/>, the server's own identity for
    /// access to it, and the deletion of expired rows. Wrong settings stop the host at its start.
    /// </summary>
    public static IServiceCollection AddStorage(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<StorageOptions>, StorageOptionsValidator>());
        services.AddStrictOptions<StorageOptions>(configuration, StorageOptions.Section);
        services.AddAppCredential(configuration);
        services.TryAddSingleton<StorageClock>();
        services.TryAddSingleton<IStateStore>(CreateStore);
        services.AddOptions<HealthCheckServiceOptions>().Configure<IOptions<StorageOptions>>(static (checks, storage) =>
        {
            if (storage.Value.UsesTable)
            {
                checks.Registrations.Add(new(
                    "clock", static provider => ActivatorUtilities.CreateInstance<StorageClockHealthCheck>(provider), null, null));
            }
        });
        services.AddStateTable(StateLease.Table);
        return services.AddHostedService<ExpirySweeper>();
    }

    /// <summary>Registers a table, so that its expired rows are deleted in the background.</summary>
    public static IServiceCollection AddStateTable(this IServiceCollection services, string name)
    {
        StateChecks.Table(name);
        return services.AddSingleton(new StateTable(name));
    }

    private static IStateStore CreateStore(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<StorageOptions>>().Value;
        if (!options.UsesTable)
        {
            return new MemoryStateStore(services.GetRequiredService<TimeProvider>());
        }

        var credential = options.ManagedIdentityClientId is { } clientId
            ? AppCredential.ManagedIdentity(clientId)
            : services.GetRequiredService<AppCredential>();
        var clock = services.GetRequiredService<StorageClock>();
        return new TableStateStore(TableClients.Open(options, credential, clock), options.TablePrefix, clock);
    }
}
