using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
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
        services.TryAddSingleton<IStateStore>(CreateStore);
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
        var time = services.GetRequiredService<TimeProvider>();
        if (!options.UsesTable)
        {
            return new MemoryStateStore(time);
        }

        var credential = options.ManagedIdentityClientId is { } clientId
            ? AppCredential.ManagedIdentity(clientId)
            : services.GetRequiredService<AppCredential>();
        return new TableStateStore(TableClients.Open(options, credential), options.TablePrefix, time);
    }
}
